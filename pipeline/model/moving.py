"""Answers moved between stores, directly or as a file of JSON lines; what is there already always stays."""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.model.kept import Kept, answer_fault
from pipeline.model.shared import SharedStore, is_address, is_request_id
from pipeline.model.store import Store
from schemas.errors import InputError, OutputUnwritable, UsageError

_AT_ONCE = 1_000
"""Answers that are kept with one flush to disk."""


@dataclass(frozen=True)
class Moved:
    """What became of answers that were to be taken."""

    taken: int = 0
    there: int = 0
    """The very same answer was there before."""
    other: int = 0
    """Another answer to the same question was there before, and stays."""
    refused: tuple[str, ...] = ()
    """What was not taken, and why."""

    def __add__(self, more: Moved) -> Moved:
        return Moved(
            self.taken + more.taken, self.there + more.there, self.other + more.other, self.refused + more.refused
        )


def open_answers(place: str | None = None, *, made: bool = False) -> Store | SharedStore:
    """The store at an address, in a folder, or the user's own.

    `made`: it must be there already. Raises `UsageError` if not, `CannotStart`.
    """
    if place is not None and is_address(place):
        return SharedStore(place)
    if made and place is not None and not (Path(place) / "cache.db").is_file():
        raise UsageError(f"{place}: there is no store of answers; name its folder or address")
    return Store(Path(place) if place is not None else None)


def move_answers(answers: Iterable[tuple[str, Kept]], into: Store | SharedStore) -> Moved:
    """Takes answers into a store, unless there is one to the same question. Raises `OutputUnwritable`."""
    taken = there = other = 0
    found = iter(answers)
    while part := list(itertools.islice(found, _AT_ONCE)):
        new: dict[str | None, list[tuple[str, bytes]]] = {}
        for request_id, kept in part:
            before = into.find(request_id)
            if before is None:
                new.setdefault(kept.origin, []).append((request_id, kept.body))
            elif before.body == kept.body:
                there += 1
            else:
                other += 1
        for origin, bodies in new.items():
            into.put_many(bodies, origin)
            taken += len(bodies)
    return Moved(taken, there, other)


def export_answers(store: Store | SharedStore, path: Path) -> int:
    """Writes all answers that hold, one a line; returns how many. Raises `OutputUnwritable`."""
    partial = path.with_name(f"{path.name}.partial")
    count = 0
    try:
        with partial.open("w", encoding="utf-8") as file:
            for request_id, kept in store.each():
                sha256 = hashlib.sha256(kept.body).hexdigest()
                row = {"request_id": request_id, "origin": kept.origin, "sha256": sha256, "body": kept.body.decode()}
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
                count += 1
        partial.replace(path)
    except OSError as problem:
        raise OutputUnwritable(f"{path}: cannot be written ({problem.strerror}); name another file") from problem
    return count


def import_answers(path: Path, into: Store | SharedStore) -> Moved:
    """Takes what `export_answers` wrote. Broken lines are refused with the reason. Raises `InputError` for no file."""
    refused: list[str] = []

    def answers() -> Iterator[tuple[str, Kept]]:
        with path.open("rb") as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    found = _answer(line)
                    if isinstance(found, str):
                        refused.append(f"{path}, line {number}: {found}")
                    else:
                        yield found

    try:
        moved = move_answers(answers(), into)
    except OSError as problem:
        raise InputError(f"{path}: cannot be read ({problem.strerror}); check the path") from problem
    return moved + Moved(refused=tuple(refused))


def _answer(line: bytes) -> tuple[str, Kept] | str:
    """The answer in a line, or why it holds none."""
    try:
        row = json.loads(line)
        request_id, origin, sha256, body = row["request_id"], row["origin"], row["sha256"], row["body"].encode()
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return "not a line that `pams cache export` writes"
    if not is_request_id(request_id) or not (origin is None or isinstance(origin, str)):
        return "its request id or origin is none"
    if hashlib.sha256(body).hexdigest() != sha256:
        return "was changed since it was written"
    fault = answer_fault(body)
    return f"the answer is {fault}" if fault else (request_id, Kept(body, origin))
