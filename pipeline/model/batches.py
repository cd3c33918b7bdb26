"""The Batch API: a file of requests is handed in, and its answers are fetched when they are ready, hours later.

What was handed in stands beside the requests file (`requests.jsonl.batches.json`), so that any later command, on any
machine that has the file, can ask and fetch. Answers go the way of the files endpoint: by request id into the store.
"""

from __future__ import annotations

import asyncio
import dataclasses
import functools
import hashlib
import json
import tempfile
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar

from pipeline.model.addresses import Secrets
from pipeline.model.dialect import dialect_for
from pipeline.model.endpoints import address, key_for, origin_of
from pipeline.model.files import URL, AnswersRead, read_answers, read_requests
from pipeline.model.ledger import Json, compact
from pipeline.model.send import Patience, Service, persist
from pipeline.model.store import Store
from schemas.errors import InputError, ModelError, OutputUnwritable, UsageError

if TYPE_CHECKING:
    import openai

T = TypeVar("T")

MOST_REQUESTS = 50_000
MOST_BYTES = 190_000_000
"""Limits of one batch (the service's own: 50,000 requests and 200 MB)."""
MOST_ANSWERS = 2_000_000_000
"""Bytes of one file of answers."""
PATIENCE = Patience(attempts=4, timeout=3600.0)
"""For one step (a file handed in, a batch looked at, a file fetched), however slowly the service drips."""
ONCE = dataclasses.replace(PATIENCE, attempts=1)
"""For making a batch: a service that took it and did not say so in time would work, and charge, twice."""
ENDED = frozenset({"completed", "failed", "expired", "cancelled"})


_AGAIN = "check --base-url and repeat the command"


@dataclass(frozen=True)
class Batch:
    """One batch as the service sees it."""

    id: str
    status: str
    """`validating`, `in_progress`, `finalizing`, `completed`, `failed`, `expired`, `cancelling`, `cancelled`."""
    total: int = 0
    completed: int = 0
    failed: int = 0
    output: str | None = None
    errors: str | None = None
    """Ids of the files with answers and with failed requests; None where there is none (yet)."""

    @property
    def ended(self) -> bool:
        """Whether nothing more will come."""
        return self.status in ENDED


def submit(path: Path, base_url: str | None = None, *, again: bool = False) -> list[Batch]:
    """Hands the requests of a file in, in as many batches as their number needs. Raises `PamsError`.

    A file that was handed in before is refused unless `again`: its requests would be paid for twice.
    """
    requests = read_requests(path)
    if not requests:
        raise UsageError(f"{path}: no request in this file; there is nothing to hand in")
    if _note(path).exists() and not again:
        raise UsageError(f"{path} was handed in already ({_note(path)}); ask `pams batch status`, or use --again")
    batches: list[Batch] = []

    async def hand_in(service: _Service) -> None:
        for content in _portions(requests, own_dialect=service.base_url is None):
            batches.append(await service.hand_in(content))
            _write_note(path, [b.id for b in batches])  # after each: what was paid for must not be forgotten

    asyncio.run(_with_service(base_url, hand_in))
    return batches


def status(path: Path, base_url: str | None = None) -> list[Batch]:
    """How far the batches of a requests file are. Raises `PamsError`."""
    ids = _read_note(path)
    return asyncio.run(_with_service(base_url, lambda service: service.look(ids)))


def collect(path: Path, store: Store, base_url: str | None = None) -> tuple[list[Batch], AnswersRead]:
    """Takes the answers that are ready into the store; what is missing is told, and may be collected later.

    Raises `PamsError`.
    """
    requests, ids = read_requests(path), _read_note(path)
    with tempfile.TemporaryDirectory() as room:
        answers = Path(room) / f"{path.name}.answers"

        async def fetch(service: _Service) -> tuple[list[Batch], Secrets]:
            batches = await service.look(ids)
            with answers.open("wb") as file:
                for name in (n for b in batches for n in (b.output, b.errors) if n is not None):
                    await service.fetch(name, file)
            return batches, service.secrets

        batches, secrets = asyncio.run(_with_service(base_url, fetch))
        return batches, read_answers(answers, store, requests, secrets.hide, origin_of(address(base_url)))


def _portions(requests: Mapping[str, Json], *, own_dialect: bool) -> Iterator[bytes]:
    """The requests as files small enough for one batch each."""
    lines: list[bytes] = []
    size = 0
    for request_id, body in requests.items():
        # The id is the same for both names of the limit. What was written for a model that thinks stays so.
        thinks = own_dialect or "max_completion_tokens" in body
        shown = dialect_for(str(body["model"]), own=thinks).spoken(body)
        line = compact({"custom_id": request_id, "method": "POST", "url": URL, "body": shown}).encode() + b"\n"
        if lines and (len(lines) >= MOST_REQUESTS or size + len(line) > MOST_BYTES):
            yield b"".join(lines)
            lines, size = [], 0
        lines.append(line)
        size += len(line)
    yield b"".join(lines)


class _Service:
    """The service of files and batches at an address, as bounded as the one that answers."""

    def __init__(self, base_url: str | None) -> None:
        self.base_url = address(base_url)
        key = key_for(self.base_url)
        self._service = Service(self.base_url, key, PATIENCE.timeout)
        self._files = Service(self.base_url, key, PATIENCE.timeout, most=MOST_ANSWERS)
        self.secrets = self._service.secrets

    async def close(self) -> None:
        """Closes the connections."""
        await self._service.close()
        await self._files.close()

    async def hand_in(self, content: bytes) -> Batch:
        """One batch of these requests."""
        file = await persist(
            lambda: self._service.attempt(
                lambda client: client.files.create(file=("requests.jsonl", content), purpose="batch")
            ),
            PATIENCE,
        )
        name = getattr(file, "id", None)
        if not isinstance(name, str):
            raise ModelError(f"{self._service.place} answered with what is no file; {_AGAIN}")
        made = await persist(
            lambda: self._service.attempt(
                lambda client: client.batches.create(
                    input_file_id=name, endpoint="/v1/chat/completions", completion_window="24h"
                )
            ),
            ONCE,
        )
        return self._batch(made)

    async def look(self, ids: Sequence[str]) -> list[Batch]:
        """How far batches are."""
        return [self._batch(await persist(functools.partial(self._retrieve, name), PATIENCE)) for name in ids]

    async def _retrieve(self, name: str) -> Any:
        return await self._service.attempt(lambda client: client.batches.retrieve(name))

    async def fetch(self, name: str, file: BinaryIO) -> None:
        """Appends a file of the service, piece by piece."""
        start = file.tell()

        async def read(client: openai.AsyncOpenAI) -> None:
            file.seek(start)
            file.truncate()
            async with client.files.with_streaming_response.content(name) as answer:
                async for piece in answer.iter_bytes():
                    file.write(piece)
            file.write(b"\n")

        await persist(lambda: self._files.attempt(read), PATIENCE)

    def _batch(self, made: Any) -> Batch:
        """A batch as the service told it. Raises `ModelError` for what is none: text, nothing, another object."""
        if not isinstance(getattr(made, "id", None), str) or not isinstance(getattr(made, "status", None), str):
            raise ModelError(f"{self._service.place} answered with what is no batch; {_AGAIN}")
        counts = getattr(made, "request_counts", None)
        total, completed, failed = (_number(getattr(counts, name, 0)) for name in ("total", "completed", "failed"))
        output, errors = (_name(getattr(made, name, None)) for name in ("output_file_id", "error_file_id"))
        return Batch(made.id, made.status, total, completed, failed, output, errors)


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


def _name(value: object) -> str | None:
    return value if isinstance(value, str) else None


async def _with_service(base_url: str | None, work: Callable[[_Service], Awaitable[T]]) -> T:
    service = _Service(base_url)
    try:
        return await work(service)
    finally:
        await service.close()


def _note(path: Path) -> Path:
    return path.with_name(f"{path.name}.batches.json")


def _write_note(path: Path, ids: list[str]) -> None:
    note = {"requests_sha256": hashlib.sha256(path.read_bytes()).hexdigest(), "batches": ids}
    try:
        _note(path).write_text(json.dumps(note, indent=1) + "\n", "utf-8")
    except OSError as error:
        raise OutputUnwritable(
            f"{_note(path)} cannot be written ({error}); the batches are {', '.join(ids)}"
        ) from error


def _read_note(path: Path) -> list[str]:
    try:
        note = json.loads(_note(path).read_text("utf-8"))
        ids = [str(name) for name in note["batches"]]
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise InputError(f"{path}: not handed in yet ({error!r}); type `pams batch submit {path}` first") from error
    if note.get("requests_sha256") != hashlib.sha256(path.read_bytes()).hexdigest():
        raise InputError(
            f"{path} was changed after it was handed in; put the file back, or hand in the new one --again"
        )
    return ids
