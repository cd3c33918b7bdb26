"""The local service behind the library: one address that only its reader knows; the review of every folder in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Mount, Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from pipeline.library.answer import Answers
from pipeline.library.index import Index
from pipeline.library.page import render
from pipeline.library.selection import Selection, download
from pipeline.library.wish import Wish
from pipeline.review.answering import HEADERS, guarded
from pipeline.review.app import make_app as make_review
from schemas.errors import PamsError, UsageError
from schemas.vocabulary import LANGUAGES

REVIEW = "review"
"""What stands in the addresses of a folder's review in the place of its token: the library's stands before it."""


def make_app(
    index: Index, token: str, who: str, language: str | None = None, sources: Sequence[Path] = ()
) -> Starlette:
    """The service for the folders of `index`; every address begins with `token`. Raises `UsageError`.

    `who`: who corrects. `sources`: where the files are that the results were made of, to show their pages.
    """
    if language not in (*LANGUAGES, None):
        raise UsageError(f"--language {language}: ko or en")
    desk = _Desk(index, language)
    reviews = _Reviews(index, lambda folder: make_review(folder, REVIEW, who, language, sources))
    routes = [
        Route("/", desk.page),
        Route("/state", desk.state),
        Route("/lists", desk.lists),
        Route("/rows", desk.rows),
        Route("/charts", desk.charts),
        Route("/policy", desk.policy),
        Route("/export", desk.export),
        Mount("/folder", app=reviews),
    ]
    hosts = Middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost"])  # no rebinding of other names
    return Starlette(routes=[Mount(f"/{token}", routes=routes)], middleware=[hosts])


class _Desk:
    """Answers the page out of the index."""

    def __init__(self, index: Index, language: str | None) -> None:
        self._index, self._language, self._answers = index, language, Answers(index)

    async def page(self, request: Request) -> Response:
        """The page itself, without any row."""
        return await guarded(lambda: HTMLResponse(render({"review": REVIEW}, self._language), headers=HEADERS))

    async def state(self, request: Request) -> Response:
        """How far the folders are read."""
        return await _told(self._answers.state)

    async def lists(self, request: Request) -> Response:
        """What the filters offer."""
        return await _told(self._answers.lists)

    async def rows(self, request: Request) -> Response:
        """Some rows of what is wished for."""
        query = request.query_params
        start, count = _number(query.get("start", "0")), _number(query.get("count", "100"))
        return await _told(lambda: self._answers.rows(Wish.of(query), start, count))

    async def charts(self, request: Request) -> Response:
        """The charts of what is wished for."""
        return await _told(lambda: self._answers.charts(Wish.of(request.query_params)))

    async def policy(self, request: Request) -> Response:
        """One policy with its source."""
        return await _told(lambda: self._answers.policy(_number(request.query_params.get("n", "0"))))

    async def export(self, request: Request) -> Response:
        """What is wished for, as a file."""
        query = request.query_params

        def made() -> Response:
            selection = Selection(self._index, Wish.of(query))
            content, kind, name = download(selection, query.get("format", "xlsx"), query.get("language", "ko"))
            told = {"Content-Disposition": f'attachment; filename="{name}"'}
            return Response(content, media_type=kind, headers={**HEADERS, **told})

        return await guarded(made)


class _Reviews:
    """The review of each folder by its number, made when it is first opened: it reads all of its folder."""

    def __init__(self, index: Index, make: Callable[[Path], ASGIApp]) -> None:
        self._index, self._make = index, make
        self._router = Router()
        self._there: set[int] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes a request on to the review it names."""
        number = scope["path"].removeprefix(scope.get("root_path", "")).strip("/").partition("/")[0]
        at = _number(number)
        if at not in self._there and str(at) == number and at < len(self._index.folders):
            try:
                app = await run_in_threadpool(self._make, self._index.folders[at].path)
            except PamsError as problem:
                await JSONResponse({"error": str(problem)}, status_code=400, headers=HEADERS)(scope, receive, send)
                return
            if at not in self._there:  # two tabs may have asked at once
                self._there.add(at)
                self._router.routes.append(Mount(f"/{at}", app=app))
        await self._router(scope, receive, send)


async def _told(work: Callable[[], dict[str, Any]]) -> Response:
    return await guarded(lambda: JSONResponse(work(), headers=HEADERS))


def _number(word: str) -> int:
    """A whole number of an address; 0 for what is none."""
    return int(word) if word.isascii() and word.isdecimal() and len(word) < 10 else 0
