"""The Batch API: a file of requests is handed in, and its answers are fetched when they are ready, hours later.

What was handed in stands beside the requests file (`requests.jsonl.batches.json`), so that any later command, on any
machine that has the file, can ask and fetch. Answers go the way of the files endpoint: by request id into the store.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import tempfile
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from pipeline.model.addresses import Secrets
from pipeline.model.endpoints import address, key_for
from pipeline.model.files import URL, AnswersRead, read_answers, read_requests
from pipeline.model.ledger import Json, compact
from pipeline.model.send import chain_of, place_of, said_by, sent_on
from pipeline.model.store import Store
from pipeline.model.wire import TooMuch, bounded_client
from schemas.errors import InputError, KeyRefused, ModelError, OutputUnwritable, PamsError, UsageError

T = TypeVar("T")

MOST_REQUESTS = 50_000
MOST_BYTES = 190_000_000
"""Limits of one batch (the service's own: 50,000 requests and 200 MB)."""
MOST_ANSWERS = 2_000_000_000
"""Bytes of one file of answers."""
MOST_SECONDS = 3600.0
"""For one step (a file handed in, a batch looked at, a file fetched), however slowly the service drips."""
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
        return batches, read_answers(answers, store, requests, secrets.hide)


def _portions(requests: Mapping[str, Json], *, own_dialect: bool) -> Iterator[bytes]:
    """The requests as files small enough for one batch each."""
    lines: list[bytes] = []
    size = 0
    for request_id, body in requests.items():
        shown = dict(body)
        if own_dialect and "max_tokens" in shown:  # The id is the same for both names of the limit.
            shown["max_completion_tokens"] = shown.pop("max_tokens")
        line = compact({"custom_id": request_id, "method": "POST", "url": URL, "body": shown}).encode() + b"\n"
        if lines and (len(lines) >= MOST_REQUESTS or size + len(line) > MOST_BYTES):
            yield b"".join(lines)
            lines, size = [], 0
        lines.append(line)
        size += len(line)
    yield b"".join(lines)


class _Service:
    """The service of files and batches at an address, as bounded as the one that answers (`wire`, `send`)."""

    def __init__(self, base_url: str | None) -> None:
        import openai

        self.base_url = address(base_url)
        key = key_for(self.base_url)
        self.secrets = Secrets(self.base_url, key)
        self._place = place_of(self.base_url, self.secrets)
        self._client = openai.AsyncOpenAI(
            base_url=self.base_url, api_key=key, max_retries=3, http_client=bounded_client(self.base_url)
        )
        self._files = self._client.copy(http_client=bounded_client(self.base_url, MOST_ANSWERS))

    async def close(self) -> None:
        """Closes the connections."""
        await self._client.close()
        await self._files.close()

    async def hand_in(self, content: bytes) -> Batch:
        """One batch of these requests."""
        with self._told():
            async with asyncio.timeout(MOST_SECONDS):
                file = await self._client.files.create(file=("requests.jsonl", content), purpose="batch")
                if not isinstance(getattr(file, "id", None), str):
                    raise ModelError(f"{self._place} answered with what is no file; {_AGAIN}")
                # Once: a service that took the batch and did not say so in time would work, and charge, twice.
                made = await self._client.with_options(max_retries=0).batches.create(
                    input_file_id=file.id, endpoint="/v1/chat/completions", completion_window="24h"
                )
        return self._batch(made)

    async def look(self, ids: Sequence[str]) -> list[Batch]:
        """How far batches are."""
        found = []
        for name in ids:
            with self._told():
                async with asyncio.timeout(MOST_SECONDS):
                    found.append(self._batch(await self._client.batches.retrieve(name)))
        return found

    async def fetch(self, name: str, file: BinaryIO) -> None:
        """Appends a file of the service, piece by piece."""
        with self._told():
            async with asyncio.timeout(MOST_SECONDS), self._files.files.with_streaming_response.content(name) as answer:
                async for piece in answer.iter_bytes():
                    file.write(piece)
        file.write(b"\n")

    def _batch(self, made: Any) -> Batch:
        """A batch as the service told it. Raises `ModelError` for what is none: text, nothing, another object."""
        if not isinstance(getattr(made, "id", None), str) or not isinstance(getattr(made, "status", None), str):
            raise ModelError(f"{self._place} answered with what is no batch; {_AGAIN}")
        counts = getattr(made, "request_counts", None)
        total, completed, failed = (getattr(counts, name, 0) for name in ("total", "completed", "failed"))
        output, errors = (getattr(made, name, None) for name in ("output_file_id", "error_file_id"))
        return Batch(
            id=made.id,
            status=made.status,
            total=total if isinstance(total, int) else 0,
            completed=completed if isinstance(completed, int) else 0,
            failed=failed if isinstance(failed, int) else 0,
            output=output if isinstance(output, str) else None,
            errors=errors if isinstance(errors, str) else None,
        )

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        """A failure of the service as one of ours, without its secrets."""
        import openai

        try:
            yield
        except TimeoutError as error:
            raise ModelError(f"{self._place} gave no whole answer within {MOST_SECONDS:g} s; {_AGAIN}") from error
        except openai.APIStatusError as error:
            if 300 <= error.status_code < 400:
                raise sent_on(self._place, error, self.secrets) from error
            kind: type[PamsError] = KeyRefused if error.status_code in (401, 403) else ModelError
            said = self.secrets.hide(said_by(error))
            raise kind(f"{self._place} answered {error.status_code}: {said}; {_AGAIN}") from error
        except openai.OpenAIError as error:
            chain = chain_of(error)
            much = next((str(link) for link in chain if isinstance(link, TooMuch)), None)
            why = f"answered with {much}" if much else f"gave no answer ({self.secrets.hide(str(chain[-1]))[:300]})"
            raise ModelError(f"{self._place} {why}; {_AGAIN}") from error


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
