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

from pipeline.language import check_language, translated
from pipeline.library.answer import Answers
from pipeline.library.index import Index
from pipeline.library.intake import MOST, Intake
from pipeline.library.page import render
from pipeline.library.selection import Selection, download
from pipeline.library.wish import Wish
from pipeline.review.answering import HEADERS, guarded, told
from pipeline.review.app import make_app as make_review
from schemas.errors import PamsError

REVIEW = "review"
"""What stands in the addresses of a folder's review in the place of its token: the library's stands before it."""


def make_app(
    index: Index,
    token: str,
    who: str,
    language: str | None = None,
    sources: Sequence[Path] = (),
    intake: Intake | None = None,
) -> Starlette:
    """The service for the folders of `index`; every address begins with `token`. Raises `UsageError`.

    `who`: who corrects. `sources`: where the files are that the results were made of, to show their pages. `intake`:
    what takes documents that are dropped on the page; None: none are taken.
    """
    check_language(language)
    desk = _Desk(index, language, intake)

    def review(folder: Path) -> ASGIApp:
        dropped = [intake.documents] if intake is not None and folder == intake.results else []
        return make_review(folder, REVIEW, who, language, [*sources, *dropped])

    routes = [
        Route("/", desk.page),
        Route("/state", desk.state),
        Route("/lists", desk.lists),
        Route("/rows", desk.rows),
        Route("/charts", desk.charts),
        Route("/policy", desk.policy),
        Route("/export", desk.export),
        *([Route("/documents", _Door(intake).take, methods=["POST"])] if intake is not None else []),
        Mount("/folder", app=_Reviews(index, review)),
    ]
    hosts = Middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost"])  # no rebinding of other names
    return Starlette(routes=[Mount(f"/{token}", routes=routes)], middleware=[hosts])


class _Desk:
    """Answers the page out of the index."""

    def __init__(self, index: Index, language: str | None, intake: Intake | None) -> None:
        self._index, self._language, self._intake, self._answers = index, language, intake, Answers(index)

    async def page(self, request: Request) -> Response:
        """The page itself, without any row."""
        data = {"review": REVIEW, "takes": self._intake is not None}
        return await guarded(lambda: HTMLResponse(render(data, self._language), headers=HEADERS))

    async def state(self, request: Request) -> Response:
        """How far the folders are read, and what was dropped."""
        return await _told(request, lambda: self._state(_language(request)))

    async def lists(self, request: Request) -> Response:
        """What the filters offer."""
        return await _told(request, self._answers.lists)

    async def rows(self, request: Request) -> Response:
        """Some rows of what is wished for."""
        query = request.query_params
        start, count = _number(query.get("start", "0")), _number(query.get("count", "100"))
        return await _told(request, lambda: self._answers.rows(Wish.of(query), start, count))

    async def charts(self, request: Request) -> Response:
        """The charts of what is wished for."""
        return await _told(request, lambda: self._answers.charts(Wish.of(request.query_params)))

    async def policy(self, request: Request) -> Response:
        """One policy with its source."""
        return await _told(request, lambda: self._answers.policy(_number(request.query_params.get("n", "0"))))

    async def export(self, request: Request) -> Response:
        """What is wished for, as a file."""
        query = request.query_params

        def made() -> Response:
            selection = Selection(self._index, Wish.of(query))
            content, kind, name = download(selection, query.get("format", "xlsx"), query.get("language", "ko"))
            told = {"Content-Disposition": f'attachment; filename="{name}"'}
            return Response(content, media_type=kind, headers={**HEADERS, **told})

        return await guarded(made, _language(request))

    def _state(self, language: str) -> dict[str, Any]:
        """With the number of the folder that holds what was dropped, once there is one."""
        taking = self._intake.state() if self._intake is not None else None  # first: what it has done is read next
        state = self._answers.state()
        if self._intake is not None and taking is not None:
            own = self._intake.results
            taking["folder"] = next((at for at, f in enumerate(self._index.folders) if f.path == own), None)
            taking["failed"] = {name: translated(why, language) for name, why in taking["failed"].items()}
            taking["problem"] = translated(taking["problem"], language) if taking["problem"] is not None else None
        for folder in state["folders"]:
            folder["problem"] = translated(folder["problem"], language) if folder["problem"] is not None else None
        return {**state, "intake": taking}


class _Door:
    """Takes what is dropped, a file a request; a request without a name is the wish to have all of them extracted."""

    def __init__(self, intake: Intake) -> None:
        self._intake = intake

    async def take(self, request: Request) -> Response:
        """Keeps a file and tells its name, or begins to extract."""
        if request.headers.get("content-type") != "application/octet-stream":  # what a form elsewhere cannot send
            return JSONResponse({"error": "application/octet-stream is needed"}, status_code=415, headers=HEADERS)
        name, raw = request.query_params.get("name"), bytearray()
        async for part in request.stream():
            raw += part
            if len(raw) > MOST:
                return JSONResponse({"error": f"{name}: more than {MOST // 1_000_000} MB"}, 413, headers=HEADERS)
        if name is None:
            return await _told(request, self._begun)
        return await _told(request, lambda: {"name": self._intake.keep(name, bytes(raw))})

    def _begun(self) -> dict[str, Any]:
        self._intake.begin()
        return self._intake.state()


class _Reviews:
    """The review of each folder by its number, made when it is first opened, and anew after a run."""

    def __init__(self, index: Index, make: Callable[[Path], ASGIApp]) -> None:
        self._index, self._make = index, make
        self._apps: dict[int, tuple[object, ASGIApp]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes a request on to the review it names."""
        number = scope["path"].removeprefix(scope.get("root_path", "")).strip("/").partition("/")[0]
        at = _number(number)
        try:
            known = str(at) == number and at < len(self._index.folders)
            mounts = [Mount(f"/{at}", app=await self._review(at))] if known else []
        except PamsError as problem:
            await JSONResponse({"error": str(problem)}, status_code=400, headers=HEADERS)(scope, receive, send)
            return
        await Router(mounts)(scope, receive, send)

    async def _review(self, at: int) -> ASGIApp:
        folder = self._index.folders[at]
        run = folder.state[:2]  # of the results, not of corrections
        if self._apps.get(at, (None,))[0] != run:
            self._apps[at] = (run, await run_in_threadpool(self._make, folder.path))
        return self._apps[at][1]


async def _told(request: Request, work: Callable[[], dict[str, Any]]) -> Response:
    return await told(work, _language(request))


def _language(request: Request) -> str:
    """The language that the page is read in: what went wrong is told in it."""
    return request.query_params.get("language", "en")


def _number(word: str) -> int:
    """A whole number of an address; 0 for what is none."""
    return int(word) if word.isascii() and word.isdecimal() and len(word) < 10 else 0
