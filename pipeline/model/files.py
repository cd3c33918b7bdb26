"""The files endpoint: requests written as OpenAI Batch JSONL, answers read back in the same format.

One interface for a batch service, for `vllm run-batch`, and for a network without a way out.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.model.budget import Price
from pipeline.model.client import Model
from pipeline.model.dialect import Dialect, dialect_for
from pipeline.model.ledger import Json, compact, request_id_of_body
from pipeline.model.parse import completion_fault, has_scores, json_in, refusal, refusal_in
from pipeline.model.store import Store
from schemas.errors import InputError, ModelError, OutputUnwritable, Pending

URL = "/v1/chat/completions"
FROM_FILE = "file"
"""The origin of answers that somebody brought in a file."""
_FOR_GOOD = (400, 413, 422)
"""Statuses of a request that the same service will refuse again; those of keys, limits and faults are not."""


class Collector:
    """A transport that sends nothing: it notes each request once and says that it is pending."""

    def __init__(self) -> None:
        self.requests: dict[str, Json] = {}

    @property
    def notes(self) -> tuple[str, ...]:
        """Nothing."""
        return ()

    async def send(self, request_id: str, body: Json) -> bytes:
        """Always raises Pending."""
        self.requests.setdefault(request_id, body)
        raise Pending(request_id)

    async def close(self) -> None:
        """Nothing is open."""


class FilesModel(Model):
    """A model whose answers come from files: what is in the store is answered, the rest is collected.

    `complete` and `score` raise Pending for what is not in the store; the caller goes on to the next article.
    """

    def __init__(
        self,
        name: str,
        store: Store,
        *,
        sha256: str | None = None,
        dialect: Dialect | None = None,
        asks_anew: bool = False,
        heeds_refusals: bool = False,
        price: Price | None = None,
    ) -> None:
        """`name`: the model that will answer. `sha256`: of its weights, where the ids shall name those.

        `dialect`: the parameters that the service will take, where its model's name does not tell.
        `heeds_refusals`: what a service has refused for good, in a file of answers, is not asked again.
        `price`: of what the answers took when they were given; free where nobody says.
        """
        collector = Collector()
        super().__init__(
            name,
            collector,
            store,
            price or Price(name, free=True),
            sha256=sha256,
            dialect=dialect or dialect_for(name),
            asks_anew=asks_anew,
        )
        self._collector = collector
        self._heeds_refusals = heeds_refusals

    async def pay(self, request_id: str, body: Json, *, anew: bool = False) -> bytes | None:
        """Raises Pending, or ModelError where the service has refused this very request for good."""
        why = refused_for_good(self._store, request_id) if self._heeds_refusals else None
        if why is not None:
            raise ModelError(
                f"the service refused the request for good ({why}); if that is mended, `pams requests --retry-failed` "
                "writes it again"
            )
        return await self._collector.send(request_id, body)

    @property
    def requests(self) -> dict[str, Json]:
        """The requests collected so far: bodies by request id, in the order asked."""
        return dict(self._collector.requests)

    def take_requests(self) -> dict[str, Json]:
        """The requests collected since the last time this was called."""
        taken, self._collector.requests = self._collector.requests, {}
        return taken

    def close_store(self) -> None:
        """Closes the store's connection, where the model is used without its context manager."""
        self._store.close()


@dataclass(frozen=True)
class RefusedAnswer:
    """A line of an answers file that was not taken, and why. Lines count from 1."""

    line: int
    custom_id: str | None
    reason: str


@dataclass(frozen=True)
class AnswersRead:
    """What became of an answers file."""

    accepted: tuple[str, ...]
    """Request ids whose answers are in the store now."""
    refused: tuple[RefusedAnswer, ...]
    missing: tuple[str, ...]
    """Request ids still without an answer in the store, in the order of the requests."""


def write_requests(path: Path, requests: Mapping[str, Json]) -> int:
    """Writes one line per request; returns how many. Raises OutputUnwritable."""
    lines = [
        compact({"custom_id": request_id, "method": "POST", "url": URL, "body": body}) + "\n"
        for request_id, body in requests.items()
    ]
    partial = path.with_name(f"{path.name}.{os.getpid()}.partial")
    try:
        partial.write_text("".join(lines), "utf-8")
        partial.replace(path)
    except OSError as error:
        raise OutputUnwritable(f"The requests cannot be written to {path} ({error}). Name another file.") from error
    return len(lines)


def read_requests(path: Path, identity: str | None = None) -> dict[str, Json]:
    """Reads a requests file back. `identity`: the weights' sha256 where the ids were made with one.

    Raises InputError if a line is broken or its id is not the one that its body has.
    """
    requests: dict[str, Json] = {}
    for number, line in _lines(path):
        try:
            row = json.loads(line)
            request_id, body = row["custom_id"], row["body"]
            true_id = request_id_of_body(body, identity)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise InputError(
                f"{path}, line {number}: not a request of pams ({error!r}). Write the file again."
            ) from error
        if request_id != true_id:
            raise InputError(
                f"{path}, line {number}: the request was changed after it was written, its id is not that of its "
                "body. Write the file again with `pams requests`."
            )
        requests[request_id] = body
    return requests


def read_answers(
    path: Path, store: Store, requests: Mapping[str, Json], hide: Callable[[str], str] = str, origin: str = FROM_FILE
) -> AnswersRead:
    """Takes the answers to `requests` into the store; order does not matter, and some may be missing.

    Refused, with the reason: broken lines, ids that were not asked, failed requests, bodies that are no
    completion, several answers to one request, and answers that contradict one already kept. What the service itself
    refused for good is noted in the store: it is not missing, since the same request would be refused again.
    `hide`: takes out of a line what must not be kept. `origin`: who answered. Raises InputError if the file cannot be
    read.
    """
    read = [_read_line(number, hide(line)) for number, line in _lines(path)]
    times = Counter(row.custom_id for row in read)
    accepted: dict[str, bytes] = {}
    hopeless: dict[str, bytes] = {}
    refused: list[RefusedAnswer] = []
    for row in read:
        reason = row.fault or _refusal(row, requests, times, store)
        if reason is None and row.custom_id is not None:
            accepted[row.custom_id] = compact(row.body).encode()
            continue
        refused.append(RefusedAnswer(row.line, row.custom_id, reason or "no custom_id"))
        if row.refusal is not None and row.custom_id is not None and times[row.custom_id] == 1:
            hopeless[row.custom_id] = compact(row.refusal).encode()
    news = {key: body for key, body in (hopeless | accepted).items() if key in requests}
    store.put_many(((key, body) for key, body in news.items() if _kept(store, key) is None), origin)
    missing = tuple(key for key in requests if _kept(store, key) is None and refused_for_good(store, key) is None)
    return AnswersRead(tuple(accepted), tuple(refused), missing)


@dataclass(frozen=True)
class _Row:
    line: int
    custom_id: str | None = None
    body: Any = None
    fault: str | None = None
    refusal: Json | None = None
    """Where the service refused the request for good: what is noted of it."""


def _read_line(number: int, line: str) -> _Row:
    try:
        row = json.loads(line, parse_constant=_no_constant)
        compact(row).encode()  # What cannot be written again cannot be kept: half a character, a number too long.
    except RecursionError:
        return _Row(number, fault="the line is nested too deeply")
    except UnicodeEncodeError:
        return _Row(number, fault="the line holds half a character")
    except ValueError:
        return _Row(number, fault="the line is not JSON")
    custom_id = row.get("custom_id") if isinstance(row, dict) else None
    if not isinstance(custom_id, str):
        return _Row(number, fault="the line has no custom_id")
    if row.get("error"):
        return _Row(number, custom_id, fault=f"the request failed: {compact(row['error'])[:200]}")
    response = row.get("response")
    if not isinstance(response, dict):
        return _Row(number, custom_id, fault="the line has no response")
    body = response.get("body")
    if (status := response.get("status_code", 200)) != 200:
        words = _words(body)
        failed = f"the request failed with status {status}{words and f': {words}'}"
        return _Row(number, custom_id, None, failed, refusal(status, words) if status in _FOR_GOOD else None)
    if fault := completion_fault(body):
        return _Row(number, custom_id, fault=f"the response is {fault}")
    return _Row(number, custom_id, body)


def _words(body: object) -> str:
    """What a service says of its refusal."""
    told = body.get("error", body) if isinstance(body, dict) else body
    words = told.get("message", told) if isinstance(told, dict) else told
    return " ".join((words if isinstance(words, str) else compact(words) if words else "").split())[:300]


def _no_constant(word: str) -> None:
    raise ValueError(f"{word} is no JSON")


def _refusal(row: _Row, requests: Mapping[str, Json], times: Counter[str | None], store: Store) -> str | None:
    request = requests.get(row.custom_id or "")
    if request is None or row.custom_id is None:
        return "the custom_id is not among the requests"
    if times[row.custom_id] > 1:
        return f"{times[row.custom_id]} answers to one request: none is taken"  # No way to tell which one is true.
    if request.get("logprobs") and not has_scores(row.body):
        return "the request asks for log-probabilities and the answer has none"
    kept = _kept(store, row.custom_id)
    if kept is not None and kept != row.body:
        return "another answer to this request is already kept"
    return None


def refused_for_good(store: Store, request_id: str) -> str | None:
    """Why a service has refused the request for good, in a file of answers; None where it has not."""
    row = store.get(request_id)
    return refusal_in(json_in(row)) if row is not None else None


def _kept(store: Store, request_id: str) -> object:
    """The answer in the store; None where there is none, or none that is a completion."""
    row = store.get(request_id)
    body = json_in(row) if row is not None else None
    return None if completion_fault(body) else body


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        with path.open(encoding="utf-8-sig") as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    yield number, line
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read ({error}). It should be JSON lines in UTF-8.") from error
