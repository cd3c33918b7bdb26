"""Corrections by people, kept in `corrections.jsonl` beside the results; the file is only ever appended to."""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Sequence
from pathlib import Path

import filelock
from pydantic import ValidationError

from pipeline.folder import open_to_append
from pipeline.harmless import in_json
from schemas.corrections import PARTS, Action, Correction, Record, that_hold
from schemas.errors import Conflict, InputError, OutputUnwritable
from schemas.records import Policy

CORRECTIONS = "corrections.jsonl"
_CUT_OFF = "\t(cut off)"
"""Set behind half a line of a power cut, which was never confirmed to anyone. No correction ends like this."""


def read_corrections(folder: Path) -> tuple[Correction, ...]:
    """All corrections of a folder in the order they were made. A last line without its end counts if it is whole.

    Raises `InputError` with the line that is broken.
    """
    path = folder / CORRECTIONS
    if not path.exists():
        return ()
    found = []
    *ended, rest = path.read_text(encoding="utf-8", errors="replace").split("\n")
    for number, line in enumerate([*ended, rest] if _is_whole(rest) else ended, 1):
        if not line.strip() or line.endswith(_CUT_OFF):
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
    add_corrections(folder, [(correction, seen)])


def add_corrections(folder: Path, made: Sequence[tuple[Correction, dt.datetime | None]]) -> None:
    """Appends several corrections of different records, all or none; each with what its author had seen.

    Raises as `add_correction` does.
    """
    try:
        with filelock.FileLock(folder / ".corrections.lock"):
            history = read_corrections(folder)
            last, holding = {c.key: c for c in history}, that_hold(history)
            after = [_in_turn(c, last.get(c.key), holding.get(c.key), seen) for c, seen in made]
            shown = (json.dumps(correction.model_dump(mode="json"), ensure_ascii=False) for correction in after)
            lines = "".join(in_json(line) + "\n" for line in shown)
            with open_to_append(folder / CORRECTIONS) as file:
                file.seek(0)
                rest = file.read().rpartition(b"\n")[2].decode(errors="replace")
                end = "" if not rest else "\n" if _is_whole(rest) else _CUT_OFF + "\n"
                file.write((end + lines).encode())
                file.flush()
                os.fsync(file.fileno())
    except OSError as problem:
        raise OutputUnwritable(f"{folder / CORRECTIONS}: cannot be written ({problem.strerror})") from problem


def _in_turn(
    correction: Correction, last: Correction | None, holding: Correction | None, seen: dt.datetime | None
) -> Correction:
    """The correction behind the last one about its record. Raises `Conflict` if its author has not seen what holds."""
    if last is not None and (holding.at if holding is not None else None) != seen:
        raise Conflict(f"{last.who} has decided about this record at {last.at:%Y-%m-%d %H:%M}; look again")
    if last is not None and correction.at <= last.at:  # a decision is known by its time: no two have one
        return correction.model_copy(update={"at": last.at + dt.timedelta(microseconds=1)})
    return correction


def _is_whole(line: str) -> bool:
    """Whether a line that lacks its end (an editor, git, a copy) is a correction nevertheless."""
    try:
        json.loads(line)
    except ValueError:
        return False
    return True


def make_correction(action: Action, policy: Policy, record: Record, **facts: object) -> Correction:
    """A correction of `record` in `policy`, as the record is to be. `facts`: at, who, text_sha256, span.

    What is rejected is kept as it was, so that it can be shown and taken back.
    """
    kind = type(record).__name__.lower()
    bare = record.model_copy(update=dict.fromkeys(PARTS, ())) if isinstance(record, Policy) else record
    return Correction.model_validate(
        {
            "action": action,
            "kind": kind,
            "record_id": record.id,
            "policy_id": policy.id,
            "document": policy.document,
            "document_sha256": policy.provenance.document_sha256,
            kind: bare if action not in ("undo", "back") else None,
            **facts,
        }
    )
