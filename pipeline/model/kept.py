"""What a store keeps, whichever it is: a completion's body as it came, and who gave it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from pipeline.model.parse import completion_fault, json_in, refusal_in, scores_fault


@dataclass(frozen=True)
class StoreStats:
    """How many answers there are, and their size on disk in bytes."""

    path: Path | str
    """A folder, or an address."""
    answers: int
    size: int


@dataclass(frozen=True)
class Kept:
    """A body as it is kept, and who gave it: an address without its secrets, or what else answered.

    `origin` None: kept before origins were noted.
    """

    body: bytes
    origin: str | None


@dataclass(frozen=True)
class BadRow:
    """A row that `verify` refuses: its number, its key if readable, and why."""

    row: int
    key: str
    reason: str


def answer_fault(raw: bytes) -> str | None:
    """What is wrong with a stored body; None for a completion, or a service's refusal for good."""
    body = json_in(raw)
    if body is None:
        return "not JSON"
    if refusal_in(body) is not None:
        return None
    return completion_fault(body) or scores_fault(cast(dict[str, Any], body))
