"""Corrections by people: kept in `corrections.jsonl` beside the results, laid over every extraction of the same text.

The file is only ever appended to. A correction names its record by id; where a later run (another model, other
rules) found the record a little differently, it is the one that overlaps it most, and where the run missed it, it
is put back.
"""

from __future__ import annotations

import datetime as dt
import json
import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import filelock
from pydantic import ValidationError

from schemas.corrections import Action, Correction
from schemas.errors import InputError, OutputUnwritable, PamsError
from schemas.records import Extent, Measure, Policy, Span, Target

CORRECTIONS = "corrections.jsonl"
SAME = 0.5
"""Overlap (common length by joint length) from which two spans are one record found twice."""

Record = TypeVar("Record", Measure, Target)


class Conflict(PamsError):
    """Someone else has decided about this record in the meantime."""


@dataclass(frozen=True)
class Corrected:
    """Policies with corrections laid over them."""

    policies: tuple[Policy, ...]
    decisions: Mapping[str, Correction] = field(default_factory=dict)
    """By record id: the correction that holds."""
    waiting: tuple[Correction, ...] = ()
    """Corrections that found no place: their document's text has changed, or its policy is gone."""


def read_corrections(folder: Path) -> tuple[Correction, ...]:
    """All corrections of a folder in the order they were made; half a line at the end was never saved.

    Raises `InputError` with the line that is broken.
    """
    path = folder / CORRECTIONS
    if not path.exists():
        return ()
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").split("\n")[:-1], 1):
        if not line.strip():
            continue
        try:
            found.append(Correction.model_validate_json(line))
        except ValidationError as problem:
            raise InputError(
                f"{path}, line {number}: not a correction ({problem.error_count()} problems); mend or remove this line"
            ) from problem
    return tuple(found)


def add_correction(folder: Path, correction: Correction, *, seen: dt.datetime | None) -> None:
    """Appends one correction and has it on disk before it returns.

    `seen`: time of the decision about this record that its author knew, None for none. Raises `Conflict` if there
    is a later one, `OutputUnwritable`.
    """
    try:
        with filelock.FileLock(folder / ".corrections.lock"):
            last = next((c for c in reversed(read_corrections(folder)) if c.record_id == correction.record_id), None)
            holds = last.at if last is not None and last.action != "undo" else None
            if last is not None and holds != seen:
                raise Conflict(f"{last.who} has decided about this record at {last.at:%Y-%m-%d %H:%M}; look again")
            line = json.dumps(correction.model_dump(mode="json"), ensure_ascii=False) + "\n"
            with (folder / CORRECTIONS).open("ab+") as file:
                file.seek(0)
                file.truncate(file.read().rfind(b"\n") + 1)  # half a line of a power cut, never confirmed to anyone
                file.write(line.encode())
                file.flush()
                os.fsync(file.fileno())
    except OSError as problem:
        raise OutputUnwritable(f"{folder / CORRECTIONS}: cannot be written ({problem.strerror})") from problem


def apply_corrections(
    policies: Sequence[Policy], corrections: Iterable[Correction], texts: Mapping[str, str | None]
) -> Corrected:
    """The policies as people want them. `texts`: sha256 of each document's text by document name."""
    decisions = _that_hold(corrections)
    by_document: dict[str, list[Policy]] = defaultdict(list)
    for policy in policies:
        by_document[policy.document].append(policy)
    waiting = [c for c in decisions.values() if texts.get(c.document) != c.text_sha256]
    for document in {c.document for c in decisions.values()}:
        here = [c for c in decisions.values() if c.document == document and c not in waiting]
        by_document[document], lost = _document(by_document[document], here)
        waiting += lost
    placed = {i: c for i, c in decisions.items() if c not in waiting}
    return Corrected(tuple(p for name in sorted(by_document) for p in by_document[name]), placed, tuple(waiting))


def _that_hold(corrections: Iterable[Correction]) -> dict[str, Correction]:
    decisions: dict[str, Correction] = {}
    for correction in corrections:
        decisions.pop(correction.record_id, None)
        if correction.action != "undo":
            decisions[correction.record_id] = correction
    return decisions


def _document(policies: list[Policy], corrections: Sequence[Correction]) -> tuple[list[Policy], list[Correction]]:
    """One document's policies with its corrections, and those that found no place."""
    homes: dict[str, str] = {}
    rejected: set[str] = set()
    for correction in (c for c in corrections if c.kind == "policy"):
        found = _find(policies, correction, lambda p: p.announcement)
        homes[correction.record_id] = correction.record_id
        if found is not None:
            policies = [p for p in policies if p is not found]
            homes[found.id] = correction.record_id
        if correction.policy is not None:
            parts = {"measures": found.measures, "targets": found.targets} if found is not None else {}
            policies.append(correction.policy.model_copy(update=parts))
        else:
            rejected.add(correction.record_id)
    lost = []
    for correction in (c for c in corrections if c.kind != "policy"):
        home = homes.get(correction.policy_id, correction.policy_id)
        if home in rejected:
            continue
        place = next((p for p in policies if p.id == home), None) or _around(policies, correction.span)
        if place is None:
            lost.append(correction)
            continue
        policies[policies.index(place)] = _in_policy(place, correction)
    return sorted(map(_linked, policies), key=lambda p: (p.announcement.start, p.id)), lost


def _linked(policy: Policy) -> Policy:
    """Targets of a measure that people rejected become targets of the policy."""
    there = {m.id for m in policy.measures} | {None}
    if all(t.measure_id in there for t in policy.targets):
        return policy
    targets = (t if t.measure_id in there else t.model_copy(update={"measure_id": None}) for t in policy.targets)
    return policy.model_copy(update={"targets": tuple(targets)})


def _in_policy(policy: Policy, correction: Correction) -> Policy:
    if correction.kind == "measure":
        return policy.model_copy(update={"measures": _replaced(policy.measures, correction, correction.measure)})
    return policy.model_copy(update={"targets": _replaced(policy.targets, correction, correction.target)})


def _replaced(records: Sequence[Record], correction: Correction, after: Record | None) -> tuple[Record, ...]:
    found = _find(records, correction, lambda r: r.raw if isinstance(r, Target) else r.text)
    kept = [r for r in records if r is not found]
    if after is not None:
        kept.append(after)
    return tuple(sorted(kept, key=lambda r: (r.text.start, r.id)))


Found = TypeVar("Found", Policy, Measure, Target)


def _find(records: Sequence[Found], correction: Correction, place: Callable[[Found], Span]) -> Found | None:
    """The record that a correction is about: by its id, else the one that lies where it lay."""
    known = next((r for r in records if r.id == correction.record_id), None)
    if known is not None or correction.action == "add":
        return known
    near = max(records, key=lambda r: _overlap(place(r), correction.span), default=None)
    return near if near is not None and _overlap(place(near), correction.span) >= SAME else None


def _around(policies: Sequence[Policy], span: Extent) -> Policy | None:
    return next((p for p in policies if p.extent.start <= span.start and span.end <= p.extent.end), None)


def _overlap(one: Span | Extent, other: Span | Extent) -> float:
    common = min(one.end, other.end) - max(one.start, other.start)
    return common / (max(one.end, other.end) - min(one.start, other.start)) if common > 0 else 0.0


def make_correction(action: Action, policy: Policy, record: Policy | Measure | Target, **facts: object) -> Correction:
    """A correction of `record` in `policy`; `record` as it is to be. `facts`: at, who, text_sha256, span."""
    kept = action not in ("reject", "undo")
    return Correction.model_validate(
        {
            "action": action,
            "kind": "policy" if isinstance(record, Policy) else "measure" if isinstance(record, Measure) else "target",
            "record_id": record.id,
            "policy_id": policy.id,
            "document": policy.document,
            "document_sha256": policy.provenance.document_sha256,
            "policy": record.model_copy(update={"measures": (), "targets": ()})
            if kept and isinstance(record, Policy)
            else None,
            "measure": record if kept and isinstance(record, Measure) else None,
            "target": record if kept and isinstance(record, Target) else None,
            **facts,
        }
    )
