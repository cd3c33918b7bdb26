"""The documents of several runs: where their lines stand, and which of them are the same file.

Kept in a database on disk that vanishes with its connection, so that memory does not grow with the corpus.
"""

from __future__ import annotations

import itertools
import json
import os
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from pipeline.write import DOCUMENTS, POLICIES, REFUSED, SAVED
from schemas.errors import InputError, UsageError

PARTS = (POLICIES, REFUSED, DOCUMENTS)

_TABLES = """
CREATE TABLE documents (
    id INTEGER PRIMARY KEY, run INTEGER, name TEXT, sha256 TEXT, ok INTEGER, same_as TEXT, called TEXT, line BLOB,
    policies_at INTEGER DEFAULT 0, policies_size INTEGER DEFAULT 0,
    refused_at INTEGER DEFAULT 0, refused_size INTEGER DEFAULT 0, row_at INTEGER, row_size INTEGER,
    text TEXT, UNIQUE (run, name)
) STRICT;
CREATE INDEX by_file ON documents (sha256, ok DESC, id);
CREATE TABLE names (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
CREATE TABLE saved (text TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
"""


@dataclass(frozen=True)
class Place:
    """A document that is kept: its run, its name there and in the gathered results, and where its lines stand."""

    id: int
    run: int
    name: str
    called: str
    same_as: tuple[str, ...]
    policies: tuple[int, int]
    """Offset and size in bytes; size 0: none."""
    refused: tuple[int, int]
    row: tuple[int, int]


class Index:
    """The documents of runs, noted one run after the other (`note`), then chosen among (`choose`)."""

    def __init__(self, runs: Sequence[Path]) -> None:
        self._runs = runs
        self._base = sqlite3.connect("")  # a file without a name: it is gone when the connection is
        self._base.executescript(_TABLES)
        self.twice = 0
        """Documents that another run had too, or that have the bytes of another one."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._base.close()

    def note(self, run: int) -> None:
        """Notes where the lines of a run's documents stand. Raises `UsageError`, `InputError`."""
        folder = self._runs[run]
        for name, at, size, row in each_document(folder / DOCUMENTS):
            given = {"run": run, "name": name, "sha256": row["sha256"], "ok": int(row["status"] == "ok")}
            given |= {"same_as": json.dumps(row["same_as"], ensure_ascii=False), "row_at": at, "row_size": size}
            self._base.execute(
                "INSERT OR REPLACE INTO documents (run, name, sha256, ok, same_as, row_at, row_size) "
                "VALUES (:run, :name, :sha256, :ok, :same_as, :row_at, :row_size)",
                given,
            )
        for part, file in (("policies", POLICIES), ("refused", REFUSED)):
            for name, at, size, _ in each_document(folder / file):
                done = self._base.execute(
                    f"UPDATE documents SET {part}_at = ?, {part}_size = ? "  # noqa: S608 - one of two words
                    f"WHERE run = ? AND name = ? AND {part}_size = 0",
                    (at, size, run, name),
                )
                if done.rowcount != 1:
                    raise InputError(
                        f"{folder / file}: {name} has no row in {DOCUMENTS}, or its lines do not stand together; run "
                        "`pams extract` again, into this folder"
                    )

    def choose(self) -> None:
        """Decides which documents are kept and what they are called. Raises `UsageError` for a name taken twice.

        Of equal files the first that was read is kept, and the others' names stand in its `same_as`. A file that no
        run could read is known by its name alone, and gives way to one of that name that was read.
        """
        kept: list[tuple[int, str]] = []
        groups = self._base.execute(
            "SELECT sha256, id, name, same_as FROM documents WHERE sha256 IS NOT NULL ORDER BY sha256, ok DESC, id"
        )
        for _, same in itertools.groupby(groups, key=lambda found: found[0]):
            (_, first, name, others), *more = same
            also = {*json.loads(others), *(n for _, _, n, o in more for n in (n, *json.loads(o)))} - {name}
            self.twice += len(more)
            kept.append((first, json.dumps(sorted(also), ensure_ascii=False)))
            if len(kept) == _AT_ONCE:
                self._keep(kept)
        self._keep(kept)
        for number, run, name, same_as in self._base.execute(
            "SELECT id, run, name, same_as FROM documents WHERE called = '' ORDER BY id"
        ):
            self._call(number, self._free_name(run, name), [self._free_name(run, n) for n in json.loads(same_as)])
        for number, name in self._base.execute("SELECT id, name FROM documents WHERE sha256 IS NULL ORDER BY id"):
            if self._is_taken(name):
                self.twice += 1
            else:
                self._call(number, name, [])

    def kept(self) -> Iterator[Place]:
        """The documents that are kept, in the order of the runs."""
        found = self._base.execute(
            "SELECT id, run, name, called, same_as, policies_at, policies_size, refused_at, refused_size, row_at, "
            "row_size FROM documents WHERE called IS NOT NULL ORDER BY id"
        )
        for number, run, name, called, same_as, *at in found:
            pairs = ((at[0], at[1]), (at[2], at[3]), (at[4], at[5]))
            yield Place(number, run, name, called, tuple(json.loads(same_as)), *pairs)

    def set_line(self, number: int, line: bytes, text: str | None) -> None:
        """The row of a kept document as it is to be written, and its saved text."""
        self._base.execute("UPDATE documents SET line = ?, text = ? WHERE id = ?", (line, text, number))

    def note_saved(self, folder: Path) -> None:
        """Notes the texts that earlier results in a folder saved there. Raises `InputError`."""
        for _, _, _, row in each_document(folder / DOCUMENTS) if (folder / DOCUMENTS).exists() else ():
            text = row.get("text")
            if isinstance(text, str) and SAVED.fullmatch(text):  # nothing else is ever removed
                self._base.execute("INSERT OR IGNORE INTO saved VALUES (?)", (text,))

    def no_longer_used(self) -> Iterator[str]:
        """Of the texts that earlier results saved, those that no kept document has."""
        found = self._base.execute("SELECT text FROM saved EXCEPT SELECT text FROM documents WHERE text IS NOT NULL")
        yield from (text for (text,) in found)

    def in_order(self) -> Iterator[tuple[Place, bytes]]:
        """The kept documents and their rows, by the names that they are called."""
        found = self._base.execute(
            "SELECT id, run, name, called, policies_at, policies_size, refused_at, refused_size, line FROM documents "
            "WHERE called IS NOT NULL ORDER BY called"
        )
        for number, run, name, called, *at, line in found:
            yield Place(number, run, name, called, (), (at[0], at[1]), (at[2], at[3]), (0, 0)), line

    def _keep(self, kept: list[tuple[int, str]]) -> None:
        """Marks documents as kept, their names still to be found."""
        self._base.executemany("UPDATE documents SET called = '', same_as = ?2 WHERE id = ?1", kept)
        kept.clear()

    def _call(self, number: int, called: str, same_as: list[str]) -> None:
        others = json.dumps(sorted(same_as), ensure_ascii=False)
        self._base.execute("UPDATE documents SET called = ?, same_as = ? WHERE id = ?", (called, others, number))

    def _is_taken(self, name: str) -> bool:
        return self._base.execute("SELECT 1 FROM names WHERE name = ?", (name,)).fetchone() is not None

    def _free_name(self, run: int, name: str) -> str:
        """Two runs may hold different documents of one name; the later ones are named with their run's folder."""
        folder = self._runs[run]
        for called in (name, f"{Path(os.path.realpath(folder)).name}/{name}"):
            if not self._is_taken(called):
                self._base.execute("INSERT INTO names VALUES (?)", (called,))
                return called
        raise UsageError(
            f"{folder}: a second document would be called {called!r}; rename this folder, so that its documents can "
            "be told from the others"
        )


_AT_ONCE = 10_000
"""Documents marked in one go."""


def each_document(path: Path) -> Iterator[tuple[str, int, int, Any]]:
    """Name, offset and size of each document's lines in a file of results, with the first of them."""
    at = 0
    before: tuple[str, int, int, Any] | None = None
    try:
        with path.open("rb") as file:
            for line in file:
                found = json.loads(line) if line.strip() else None
                if found is not None and before is not None and found["document"] == before[0]:
                    before = (before[0], before[1], at + len(line) - before[1], before[3])
                elif found is not None:
                    if before is not None:
                        yield before
                    before = (str(found["document"]), at, len(line), found)
                at += len(line)
    except OSError as problem:
        raise UsageError(f"{path}: no results here ({problem.strerror}); run `pams extract` first") from problem
    except (ValueError, KeyError, TypeError, RecursionError) as problem:
        raise InputError(f"{path}: not a file of this version of pams; run `pams extract` again") from problem
    if before is not None:
        yield before
