"""The documents of a run and of the run before, on disk: the driver's memory does not grow with the corpus.

A database in a file without a name (below `TMPDIR`), which is gone when the process is.
"""

from __future__ import annotations

import hashlib
import json
import pickle
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

from pydantic import ValidationError

from pipeline.gather import each_document
from pipeline.jobs import Job, is_closed
from pipeline.read import Source
from pipeline.write import DOCUMENTS
from schemas.errors import CannotStart, InputError, UsageError
from schemas.records import DocumentRow

_TABLES = """
PRAGMA journal_mode = OFF;
PRAGMA cache_size = -8192;
CREATE TABLE earlier (name BLOB PRIMARY KEY, saved TEXT, at INTEGER, size INTEGER) WITHOUT ROWID;
CREATE INDEX earlier_by_file ON earlier (saved) WHERE saved IS NOT NULL;
CREATE TABLE names (name BLOB PRIMARY KEY, path BLOB, member BLOB) WITHOUT ROWID;
CREATE TABLE jobs (number INTEGER PRIMARY KEY, sha256 TEXT UNIQUE, name BLOB, job BLOB);
CREATE TABLE others (sha256 TEXT, name BLOB);
CREATE INDEX others_by_file ON others (sha256);
CREATE TABLE settled (number INTEGER PRIMARY KEY, line TEXT);
BEGIN;
"""


@dataclass(frozen=True)
class Shard:
    """Documents that are done together, and the folder for their results, which all nodes reach."""

    folder: Path
    first: int
    """Number of its first document in the book."""
    documents: int


class StoredBook:
    """A `jobs.Book` and the `jobs.Earlier` of a results folder."""

    def __init__(self, out: Path) -> None:
        """Notes the rows of the run before in `out`. Raises `InputError`."""
        self._base = sqlite3.connect("", isolation_level=None)
        self._base.executescript(_TABLES)
        self._path = out / DOCUMENTS
        self._file: BinaryIO | None = None
        self.jobs = self.settled = 0
        """How many documents are to be done, and how many need no doing."""
        if self._path.exists():
            self._file = self._path.open("rb")
            for name, at, size, row in each_document(self._path):
                saved = row.get("sha256") if row.get("text") is not None else None
                self._base.execute("INSERT OR REPLACE INTO earlier VALUES (?, ?, ?, ?)", (_raw(name), saved, at, size))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._base.close()
        if self._file is not None:
            self._file.close()
        if isinstance(error, sqlite3.Error):
            raise CannotStart(
                f"The list of documents does not fit into the folder for temporary files ({error}): about a kilobyte a "
                "document. Set TMPDIR to a folder with more room, and repeat the same command."
            ) from error

    def named(self, document: str) -> DocumentRow | None:
        """The earlier row of the document of that name. Raises `InputError`."""
        return self._row(self._one("SELECT at, size FROM earlier WHERE name = ?", _raw(document)))

    def with_text(self, sha256: str) -> DocumentRow | None:
        """The earlier row of a file whose text was saved. Raises `InputError`."""
        return self._row(self._one("SELECT at, size FROM earlier WHERE saved = ?", sha256))

    def reachable(self, sources: Iterable[Source]) -> Iterator[Source]:
        """The sources as they are. Raises `UsageError` where documents of the run before cannot be reached now."""
        for source in sources:
            below = _raw(source.name)
            if is_closed(source) and self._one(
                "SELECT 1 FROM earlier WHERE name > ? AND name < ?", below + b"/", below + b"0"
            ):
                raise UsageError(
                    f"{source.name}: {source.problem}, and there are results of documents in it; see who may read it"
                )
            yield source

    @property
    def names(self) -> _Names:
        """Where the names that documents were given are kept."""
        return _Names(self._base)

    @property
    def size(self) -> int:
        """In bytes."""
        return int(self._one("PRAGMA page_count")[0] * self._one("PRAGMA page_size")[0])

    def add(self, job: Job) -> None:
        """A document to do."""
        row = (self.jobs, job.sha256, _raw(job.name), pickle.dumps(job))
        self._base.execute("INSERT INTO jobs VALUES (?, ?, ?, ?)", row)
        self.jobs += 1

    def add_name(self, sha256: str, name: str) -> bool:
        """Another name of a document that is to be done; False where none has these bytes."""
        known = self._one("SELECT 1 FROM jobs WHERE sha256 = ?", sha256) is not None
        if known:
            self._base.execute("INSERT INTO others VALUES (?, ?)", (sha256, _raw(name)))
        return known

    def settle(self, row: DocumentRow) -> None:
        """The row of a document that needs no doing."""
        self._base.execute("INSERT INTO settled VALUES (?, ?)", (self.settled, row.model_dump_json()))
        self.settled += 1

    def shards(self, size: int, folder: Path, way: str) -> list[Shard]:
        """Shards of at most `size` documents; the name of each folder tells its documents and how they are done."""
        found = []
        for first in range(0, self.jobs, size):
            others = self._others(first, size)
            part = self._base.execute(
                "SELECT name, sha256 FROM jobs WHERE number >= ? AND number < ? ORDER BY number", (first, first + size)
            ).fetchall()
            facts = [way, *((_words(name), sha256, others.get(sha256, [])) for name, sha256 in part)]
            key = hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:16]
            found.append(Shard(folder / f"{first // size:06}-{key}", first, len(part)))
        return found

    def jobs_of(self, shard: Shard) -> list[Job]:
        """The documents of a shard."""
        others = self._others(shard.first, shard.documents)
        found = self._base.execute(
            "SELECT job FROM jobs WHERE number >= ? AND number < ? ORDER BY number",
            (shard.first, shard.first + shard.documents),
        )
        jobs: list[Job] = [pickle.loads(raw) for (raw,) in found]  # noqa: S301 - written here, in a file without a name
        for job in jobs:
            job.same_as += others.get(job.sha256, [])
        return jobs

    def settled_rows(self) -> Iterator[DocumentRow]:
        """The rows of documents that need no doing."""
        for (line,) in self._base.execute("SELECT line FROM settled ORDER BY number"):
            yield DocumentRow.model_validate_json(line)

    def _others(self, first: int, size: int) -> dict[str, list[str]]:
        """The other names of the files of some documents, sorted, by sha256."""
        found: dict[str, list[str]] = {}
        for sha256, name in self._base.execute(
            "SELECT sha256, others.name FROM jobs JOIN others USING (sha256) WHERE number >= ? AND number < ?",
            (first, first + size),
        ):
            found.setdefault(sha256, []).append(_words(name))
        return {sha256: sorted(names) for sha256, names in found.items()}

    def _one(self, query: str, *given: object) -> Any:
        return self._base.execute(query, given).fetchone()

    def _row(self, at: tuple[int, int] | None) -> DocumentRow | None:
        if at is None or self._file is None:
            return None
        self._file.seek(at[0])
        try:
            return DocumentRow.model_validate_json(self._file.read(at[1]))
        except ValidationError as problem:
            problems = f"{problem.error_count()} problems"
            raise InputError(
                f"{self._path}: not a file of this version of pams ({problems}); use another --out"
            ) from problem


class _Names:
    """Names that documents were given, and the file of each (`read.Names`)."""

    def __init__(self, base: sqlite3.Connection) -> None:
        self._base = base

    def get(self, name: str) -> tuple[Path, str | None] | None:
        found = self._base.execute("SELECT path, member FROM names WHERE name = ?", (_raw(name),)).fetchone()
        if found is None:
            return None
        return Path(_words(found[0])), None if found[1] is None else _words(found[1])

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self.get(name) is not None

    def __setitem__(self, name: str, place: tuple[Path, str | None]) -> None:
        path, member = place
        row = (_raw(name), _raw(str(path)), None if member is None else _raw(member))
        self._base.execute("INSERT INTO names VALUES (?, ?, ?)", row)


def _raw(words: str) -> bytes:
    """A name as it is kept: a path's bytes need not be UTF-8, and a zip may say anything."""
    return words.encode("utf-8", "surrogatepass")


def _words(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogatepass")
