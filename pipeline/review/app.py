"""The local service behind the page: one results folder, one address that only its reader knows."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Mount, Route

from pipeline.corrections import add_corrections
from pipeline.language import check_language
from pipeline.normalise.name_search import search_names
from pipeline.pages import Pages
from pipeline.results import Results
from pipeline.review.answering import HEADERS, guarded, told
from pipeline.review.candidates import candidates
from pipeline.review.decide import Wish, accepted, decide
from pipeline.review.disputes import ALONE, Others
from pipeline.review.page import render
from pipeline.review.people import people, rest
from pipeline.review.teach import Teacher
from pipeline.review.view import changes_in, document, documents
from schemas.errors import UsageError

_WORDS = ("policy_id", "record_id", "document", "kind", "into", "text", "chosen")
"""Fields of a wish that are a word each."""
_MOST = 1_000_000
"""Bytes of one change."""


def make_app(
    folder: Path,
    token: str,
    who: str,
    language: str | None = None,
    sources: Sequence[Path] = (),
    colleagues: Mapping[str, str] = MappingProxyType({}),
    hosts: Sequence[str] = (),
    others: Others = ALONE,
) -> Starlette:
    """The service for the results in `folder`; every address begins with `token`. Raises `UsageError`, `InputError`.

    `sources`: where the files are that the results were made of, to show their pages. `colleagues`: who else comes in,
    by a token of their own. `hosts`: names by which this machine may be addressed besides its own. `others`: where
    other people reviewed the same documents.
    """
    check_language(language)
    results, pages = Results(folder), Pages(sources)  # a folder without results is told before a browser opens
    mounts = [_mounted(token, _Desk(results, who, language, pages, others, Teacher(folder)))]
    mounts += [_mounted(own, _Desk(results, name, language, pages, others, None)) for own, name in colleagues.items()]
    allowed = ["127.0.0.1", "localhost", *hosts]  # no rebinding of other names
    return Starlette(routes=mounts, middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=allowed)])


def _mounted(token: str, desk: _Desk) -> Mount:
    routes = [
        Route("/", desk.page),
        Route("/document", desk.document),
        Route("/words", desk.words),
        Route("/picture", desk.picture),
        Route("/names", desk.names),
        Route("/candidates", desk.candidates),
        Route("/people", desk.people),
        Route("/rest", desk.rest),
        Route("/correct", desk.correct, methods=["POST"]),
        Route("/accept", desk.accept, methods=["POST"]),
        Route("/lesson", desk.lesson),
        Route("/learn", desk.learn, methods=["POST"]),
    ]
    return Mount(f"/{token}", routes=routes)


class _Desk:
    """Looks at the folder anew for every request: another tab, or a run, may have changed it."""

    def __init__(
        self,
        results: Results,
        who: str,
        language: str | None,
        pages: Pages,
        others: Others,
        teacher: Teacher | None,
    ) -> None:
        """`teacher`: null for colleagues, at whose word nothing is learned on this machine."""
        self._last, self._who, self._language, self._pages = results, who, language, pages
        self._others, self._teacher = others, teacher

    def _results(self) -> Results:
        self._last = Results(self._last.folder, self._last)
        return self._last

    async def page(self, request: Request) -> Response:
        """The page itself, with the list of documents and nothing of their texts."""
        return await guarded(self._page, _spoken(request))

    async def document(self, request: Request) -> Response:
        """One document as JSON; `at_once`: of a long one first what needs no outline."""
        name, at_once = request.query_params.get("name", ""), "at_once" in request.query_params
        return await told(lambda: self._document(name, at_once=at_once), _spoken(request))

    async def words(self, request: Request) -> Response:
        """Where words of a document stand on its pages."""
        name, (start, end) = request.query_params.get("name", ""), _numbers(request, "start", "end")
        return await told(lambda: self._pages.words(self._results(), name, start, end), _spoken(request))

    async def picture(self, request: Request) -> Response:
        """A page of a document as a picture."""
        name, (page,) = request.query_params.get("name", ""), _numbers(request, "page")
        return await guarded(
            lambda: Response(self._pages.picture(self._results(), name, page), media_type="image/png", headers=HEADERS),
            _spoken(request),
        )

    async def names(self, request: Request) -> Response:
        """Organisations of the table whose name, or a spelling of it, has the words asked for."""
        query = request.query_params.get("q", "")[:100]
        return await told(lambda: self._names(query), _spoken(request))

    async def candidates(self, request: Request) -> Response:
        """Words near a record that a field of it may mean."""
        asked, (start,) = request.query_params, _numbers(request, "start")
        name, field = asked.get("name", ""), asked.get("field", "")
        return await told(lambda: {"spans": candidates(self._results(), name, field, start)}, _spoken(request))

    async def people(self, request: Request) -> Response:
        """Who has decided about what in this folder."""
        return await told(lambda: {"people": people(self._results())}, _spoken(request))

    async def rest(self, request: Request) -> Response:
        """What is left in all documents and so certain, and how much of it is wrong."""
        least = request.query_params.get("least", "")
        return await told(lambda: rest(self._results(), _certain(least)), _spoken(request))

    async def correct(self, request: Request) -> Response:
        """One decision; answers with what it changed, or the document where that is all of it."""
        return await self._posted(request, self._correct)

    async def accept(self, request: Request) -> Response:
        """Accepts what is left of a document and certain enough; answers with the document."""
        return await self._posted(request, self._accept)

    async def lesson(self, request: Request) -> Response:
        """How far learning is."""
        return await told(lambda: self._taught().told(), _spoken(request))

    async def learn(self, request: Request) -> Response:
        """Begins to learn from this folder, or puts what was learned to use."""
        return await self._posted(request, self._learn)

    async def _posted(self, request: Request, work: Callable[[bytes], dict[str, Any]]) -> Response:
        if request.headers.get("content-type") != "application/json":  # what a form on another page cannot send
            return JSONResponse({"error": "application/json is needed"}, status_code=415, headers=HEADERS)
        raw = b""
        async for part in request.stream():
            raw += part
            if len(raw) > _MOST:
                return JSONResponse({"error": "too large"}, status_code=413, headers=HEADERS)
        return await told(lambda: work(raw), _spoken(request))

    def _page(self) -> Response:
        data = {
            "documents": documents(self._results(), others=self._others),
            "shown": {},
            "who": self._who,
            "teaches": self._teacher is not None,
        }
        return HTMLResponse(render(data, self._language), headers=HEADERS)

    def _document(self, name: str, *, at_once: bool = False) -> dict[str, Any]:
        results = self._results()
        if name not in results.rows:
            raise UsageError(f"there is no document {name!r} in these results")
        shown = document(results, name, at_once=at_once, others=self._others)
        return {"documents": documents(results, others=self._others), "document": shown}

    def _correct(self, raw: bytes) -> dict[str, Any]:
        results = self._results()
        decided = decide(results, _parsed(raw), self._who, self._others)
        add_corrections(results.folder, decided.made)
        after = self._results()
        changed = changes_in(results, after, decided.document, self._others)
        if changed is None:
            return {**self._document(decided.document), "key": decided.key}
        return {"entry": documents(after, [decided.document], self._others), "change": changed, "key": decided.key}

    def _names(self, query: str) -> dict[str, Any]:
        found = search_names(query)
        return {"names": [{"name": k.entry.canonical, "spellings": k.spellings[:6]} for k in found]}

    def _taught(self) -> Teacher:
        if self._teacher is None:
            raise UsageError("only who began the review can have it learn")
        return self._teacher

    def _learn(self, raw: bytes) -> dict[str, Any]:
        wished = {b'{"do":"begin"}': "begin", b'{"do":"use"}': "use", b'{"do":"leave"}': "leave"}.get(raw)
        if wished is None:
            raise UsageError("the wish is not of the kind that this page sends")
        return self._taught().begin() if wished == "begin" else self._taught().use(wished == "use")

    def _accept(self, raw: bytes) -> dict[str, Any]:
        name, least, everywhere = _least(raw)
        results = self._results()
        if name not in results.rows:
            raise UsageError(f"there is no document {name!r} in these results")
        names = list(results.rows) if everywhere else [name]
        made = [c for each in names for c in accepted(results, each, least, self._who)]
        if not made:
            raise UsageError("nothing that is left is so certain")
        add_corrections(results.folder, made)
        return {**self._document(name), "accepted": len(made)}


def _least(raw: bytes) -> tuple[str, float, bool]:
    """Which document, from which certainty on, and whether in all others too. Raises `UsageError`."""
    try:
        wish = json.loads(raw)
        return str(wish["document"]), _certain(wish["least"]), bool(wish.get("everywhere"))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise UsageError("the wish is not of the kind that this page sends") from None


def _certain(said: Any) -> float:
    """A certainty. Raises `UsageError`."""
    try:
        least = float(said)
    except (ValueError, TypeError):
        least = -1.0
    if not 0 <= least <= 1:
        raise UsageError("certainty is a number from 0 to 1")
    return least


def _spoken(request: Request) -> str:
    """The language that the page shows."""
    return "ko" if request.headers.get("accept-language", "").startswith("ko") else "en"


def _numbers(request: Request, *names: str) -> list[int]:
    """Whole numbers of an address; 0 for what is none."""
    return [int(v) if (v := request.query_params.get(name, "")).isdecimal() and len(v) < 10 else 0 for name in names]


def _parsed(raw: bytes) -> Wish:
    """The wish, with fields of the right kind. Raises `UsageError`."""
    try:
        said = json.loads(raw)
        changes, seen, records = said.get("changes") or {}, said.get("seen"), said.get("records") or []
        if not isinstance(changes, dict) or not isinstance(records, list):
            raise TypeError
        names = {name: str(said.get(name) or "") for name in _WORDS}
        time = dt.datetime.fromisoformat(seen) if seen is not None else None
        return Wish(str(said.get("action")), **names, records=tuple(map(str, records)), changes=changes, seen=time)
    except (ValueError, TypeError, AttributeError, RecursionError):
        raise UsageError("the change is not of the kind that this page sends") from None
