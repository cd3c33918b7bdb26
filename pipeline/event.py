"""What a run tells while it goes, for a progress display."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Literal

from schemas.records import DocumentRow, Usage

EventKind = Literal["started", "document", "stopping", "finished"]


@dataclass(frozen=True)
class Event:
    """Something that happened in a run, for a progress display."""

    kind: EventKind
    done: int
    total: int
    row: DocumentRow | None = None
    usage: Usage = field(default_factory=Usage)
    seconds: float = 0.0
    """Since the run began."""
    errors: Counter[str] = field(default_factory=Counter)
    """Documents that failed so far, by kind."""
    notes: tuple[str, ...] = ()
    """What a person should know of the service: each is said at every event from its first on."""
