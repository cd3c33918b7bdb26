"""The Batch API: a file of requests is handed in, and its answers are fetched when they are ready, hours later.

What was handed in stands beside the requests file (`requests.jsonl.batches.json`), so that any later command, on any
machine that has the file, can ask and fetch. Answers go the way of the files endpoint: by request id into the store.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from pipeline.model.endpoints import address, key_for
from pipeline.model.files import URL, AnswersRead, read_answers, read_requests
from pipeline.model.ledger import Json, compact
from pipeline.model.store import Store
from schemas.errors import InputError, KeyRefused, ModelError, OutputUnwritable, PamsError, UsageError

if TYPE_CHECKING:
    import openai

MOST_REQUESTS = 50_000
MOST_BYTES = 190_000_000
"""Limits of one batch (the service's own: 50,000 requests and 200 MB)."""
ENDED = frozenset({"completed", "failed", "expired", "cancelled"})


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
    base_url = address(base_url)
    batches: list[Batch] = []
    with _client(base_url) as client:
        for content in _portions(requests, own_dialect=base_url is None):
            file = _call(client.files.create, file=("requests.jsonl", content), purpose="batch")
            made = _call(
                client.batches.create, input_file_id=file.id, endpoint="/v1/chat/completions", completion_window="24h"
            )
            batches.append(_batch(made))
            _write_note(path, [b.id for b in batches])  # after each: what was paid for must not be forgotten
    return batches


def status(path: Path, base_url: str | None = None) -> list[Batch]:
    """How far the batches of a requests file are. Raises `PamsError`."""
    ids = _read_note(path)
    with _client(address(base_url)) as client:
        return [_batch(_call(client.batches.retrieve, i)) for i in ids]


def collect(path: Path, store: Store, base_url: str | None = None) -> tuple[list[Batch], AnswersRead]:
    """Takes the answers that are ready into the store; what is missing is told, and may be collected later.

    Raises `PamsError`.
    """
    requests = read_requests(path)
    batches = status(path, base_url)
    with _client(address(base_url)) as client, tempfile.TemporaryDirectory() as room:
        answers = Path(room) / f"{path.name}.answers"
        with answers.open("wb") as file:
            for name in (n for b in batches for n in (b.output, b.errors) if n is not None):
                content = _call(client.files.content, name)
                file.write(content.read().rstrip(b"\n") + b"\n")
        return batches, read_answers(answers, store, requests)


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


def _client(base_url: str | None) -> openai.OpenAI:
    import openai

    return openai.OpenAI(base_url=base_url, api_key=key_for(base_url), max_retries=3)


def _call(call: Callable[..., Any], *words: Any, **more: Any) -> Any:
    """What the service says, or its failure as one of ours."""
    import openai

    try:
        return call(*words, **more)
    except openai.APIStatusError as error:
        kind: type[PamsError] = KeyRefused if error.status_code in (401, 403) else ModelError
        raise kind(f"The service answered {error.status_code}: {error.message[:300]}; repeat the command") from error
    except openai.APIConnectionError as error:
        raise ModelError(f"The service gave no answer ({error}); check --base-url and repeat the command") from error


def _batch(made: Any) -> Batch:
    """A batch as the service told it. Raises `ModelError` for a body that is none: text, nothing, another object."""
    counts = getattr(made, "request_counts", None)
    if not isinstance(getattr(made, "id", None), str) or not isinstance(getattr(made, "status", None), str):
        raise ModelError("The service answered with what is no batch; check --base-url and repeat the command")
    return Batch(
        id=made.id,
        status=made.status,
        total=counts.total if counts else 0,
        completed=counts.completed if counts else 0,
        failed=counts.failed if counts else 0,
        output=getattr(made, "output_file_id", None),
        errors=getattr(made, "error_file_id", None),
    )


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
        ids = cast("list[str]", note["batches"])
    except (OSError, ValueError, KeyError) as error:
        raise InputError(f"{path}: not handed in yet ({error!r}); type `pams batch submit {path}` first") from error
    if note.get("requests_sha256") != hashlib.sha256(path.read_bytes()).hexdigest():
        raise InputError(
            f"{path} was changed after it was handed in; put the file back, or hand in the new one --again"
        )
    return ids
