"""Results folders read into a database that can be searched and sorted: in the background, and anew when they change.

The database is a file of its own that goes with the service. Nothing in it is shown as evidence: words and places of a
record are read from its folder.
"""

from __future__ import annotations

import contextlib
import queue
import re
import sqlite3
import tempfile
import threading
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.corrections import CORRECTIONS
from pipeline.folder import State, state_of
from pipeline.normalise import fold
from pipeline.results import Results, check_folder
from pipeline.stored import Stored
from pipeline.write import DOCUMENTS, POLICIES
from schemas.errors import PamsError, UsageError
from schemas.records import Policy, Target

_TABLES = """
CREATE TABLE policies (
    n INTEGER PRIMARY KEY AUTOINCREMENT, folder INTEGER NOT NULL, document TEXT NOT NULL, id TEXT NOT NULL,
    title TEXT NOT NULL, named INTEGER NOT NULL, issuers TEXT NOT NULL, announced TEXT, year INTEGER,
    country TEXT, jurisdiction TEXT, document_type TEXT NOT NULL, status TEXT, level TEXT, measures INTEGER NOT NULL,
    targets INTEGER NOT NULL, confidence REAL, flags TEXT NOT NULL, decided INTEGER NOT NULL
);
CREATE TABLE words (n INTEGER PRIMARY KEY, text TEXT NOT NULL);
CREATE TABLE instruments (n INTEGER NOT NULL, instrument TEXT NOT NULL, count INTEGER NOT NULL);
CREATE TABLE fields (n INTEGER NOT NULL, field TEXT NOT NULL);
CREATE TABLE goals (n INTEGER NOT NULL, number INTEGER NOT NULL, due INTEGER);
CREATE INDEX of_folder ON policies (folder);
CREATE INDEX of_instruments ON instruments (n);
CREATE INDEX of_fields ON fields (n);
CREATE INDEX of_goals ON goals (n);
"""
_PARTS = ("words", "instruments", "fields", "goals", "policies")
_AT_ONCE = 200
"""Documents after which those who look see them."""
_YEAR = re.compile(r"\d{4}")
_State = tuple[State, ...]


@dataclass
class Folder:
    """A results folder of the library."""

    path: Path
    label: str
    """Its name, alone in the library."""
    done: int = 0
    """Documents that were read."""
    total: int | None = None
    """Documents that there are; None: nobody has looked yet."""
    problem: str | None = None
    """Why it cannot be read, or the first document that cannot."""
    state: _State = ()
    """What its files were when all of it was last read into the database."""
    at_hand: tuple[_State, Stored] | None = field(default=None, repr=False)
    """Its documents one by one, and what its files were then."""


class Index:
    """The database of several folders. One thread writes it, and any number read it."""

    def __init__(self, folders: Sequence[Path] = ()) -> None:
        """Raises `UsageError`, `InputError` where a folder holds no results."""
        self.folders: list[Folder] = []
        self._room = tempfile.TemporaryDirectory(prefix="pams-library-")
        self._path = Path(self._room.name) / "library.sqlite"
        self._waiting: queue.Queue[int | None] = queue.Queue()
        self._queued: set[int] = set()
        self._lock = threading.Lock()
        self.version = 0
        """Grows whenever there is more, or other, to be seen."""
        with contextlib.closing(sqlite3.connect(self._path)) as database:
            database.execute("PRAGMA journal_mode = WAL")
            database.executescript(_TABLES)
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()
        try:
            for folder in folders:
                self.add(folder)
        except PamsError:
            self.close()
            raise

    def add(self, path: Path) -> Folder:
        """Takes a folder in and begins to read it; one that is there already is read again if it has changed."""
        known = next((f for f in self.folders if f.path.resolve() == path.resolve()), None)
        if known is not None:
            self.refresh()
            return known
        check_folder(path)
        if not (path / POLICIES).exists():
            raise UsageError(f"{path / POLICIES}: no results here; run `pams extract` first")
        made = Folder(path, self._label(path))
        with self._lock:
            self.folders.append(made)
        self._queue(len(self.folders) - 1)
        return made

    def refresh(self) -> None:
        """Reads again what a run or a person has changed since it was read."""
        for at, folder in enumerate(self.folders):
            if folder.state and folder.state != _state(folder.path):
                self._queue(at)

    @property
    def reading(self) -> bool:
        """Whether there is something that is not read yet."""
        return bool(self._queued)

    @contextlib.contextmanager
    def database(self) -> Iterator[sqlite3.Connection]:
        """The database, to read from in this thread."""
        with contextlib.closing(sqlite3.connect(f"file:{self._path}?mode=ro", uri=True)) as database:
            database.row_factory = sqlite3.Row
            yield database

    def part(self, folder: int, document: str) -> Results:
        """The results of one document as they are now. Raises `UsageError`, `InputError`."""
        of, now = self.folders[folder], _state(self.folders[folder].path)
        if of.at_hand is None or of.at_hand[0] != now:
            of.at_hand = (now, Stored(of.path))
        return of.at_hand[1].part(document)

    def close(self) -> None:
        """Ends the reading and removes the database."""
        self._waiting.put(None)
        self._thread.join(5)
        self._room.cleanup()

    def _label(self, path: Path) -> str:
        name = path.resolve().name or str(path)
        taken = {f.label for f in self.folders}
        return next(label for label in (name, *(f"{name} ({n})" for n in range(2, 10_000))) if label not in taken)

    def _queue(self, at: int) -> None:
        with self._lock:
            if at in self._queued:
                return
            self._queued.add(at)
        self._waiting.put(at)

    def _work(self) -> None:
        while (at := self._waiting.get()) is not None:
            folder = self.folders[at]
            try:
                self._read(at, folder)
            except (PamsError, OSError, sqlite3.Error) as problem:
                folder.problem, folder.state = str(problem), _state(folder.path)  # read again once that has changed
            self.version += 1  # first: who sees that nothing is being read must see this too
            with self._lock:
                self._queued.discard(at)

    def _read(self, at: int, folder: Folder) -> None:
        """Reads a folder. What was read of it before stays to be seen until all is there."""
        state = _state(folder.path)
        stored = Stored(folder.path)
        folder.at_hand, folder.problem, folder.done = (state, stored), None, 0
        names = stored.names
        folder.total = len(names)
        with contextlib.closing(sqlite3.connect(self._path)) as database:
            for part in _PARTS:
                database.execute(f"DELETE FROM {part} WHERE n IN (SELECT n FROM policies WHERE folder = ?)", (at,))  # noqa: S608
            anew = database.total_changes > 0
            for name in names:
                try:
                    self._put(database, at, stored.part(name))
                except PamsError as problem:
                    folder.problem = folder.problem or str(problem)
                folder.done += 1
                if not anew and folder.done % _AT_ONCE == 0:
                    database.commit()
                    self.version += 1
                if not self._waiting.empty() and self._waiting.queue[0] is None:
                    return
            database.commit()
        folder.state = state

    def _put(self, database: sqlite3.Connection, folder: int, part: Results) -> None:
        for policy in part.policies:
            cells = (folder, *_cells(policy), (policy.id, policy.id) in part.corrected.decisions)
            row = database.execute(f"INSERT INTO policies VALUES (NULL{', ?' * len(cells)})", cells)  # noqa: S608
            n = row.lastrowid
            database.execute("INSERT INTO words VALUES (?, ?)", (n, searched(_words(policy))))
            counts = Counter(str(m.instrument) for m in policy.measures)
            database.executemany("INSERT INTO instruments VALUES (?, ?, ?)", ((n, i, c) for i, c in counts.items()))
            fields = {str(f) for of in (policy, *policy.measures) for f in of.technology_fields}  # type: ignore[attr-defined]
            database.executemany("INSERT INTO fields VALUES (?, ?)", ((n, f) for f in sorted(fields)))
            goals = ((n, t.value is not None, _due(t)) for t in policy.targets)
            database.executemany("INSERT INTO goals VALUES (?, ?, ?)", goals)


def searched(text: str) -> str:
    """A text as it is searched: one width, one case, one form of Chinese signs, one blank between words."""
    return fold(" ".join(unicodedata.normalize("NFKC", text).casefold().split()))


def _cells(policy: Policy) -> tuple[str | int | float | None, ...]:
    """The row of a policy from `document` to `flags`."""
    day = policy.announced_on.value if policy.announced_on is not None else None
    place = policy.jurisdiction
    return (
        policy.document,
        policy.id,
        _line((policy.title or policy.announcement).text),
        policy.title is not None,
        ", ".join(dict.fromkeys(_line(o.name.text) for o in policy.issuers)),
        day,
        int(day[:4]) if day is not None else None,
        place.partition("-")[0] if place is not None else None,
        place,
        policy.document_type.value,
        policy.status.value if policy.status is not None else None,
        policy.government_level.value if policy.government_level is not None else None,
        len(policy.measures),
        len(policy.targets),
        policy.confidence,
        ";".join(flag.value for flag in policy.flags),
    )


def _words(policy: Policy) -> str:
    """All that a search goes through."""
    spans = [policy.title, policy.title_original, policy.announcement, policy.objective]
    spans += [s for m in policy.measures for s in (m.label, m.pillar, m.text)]
    spans += [s for t in policy.targets for s in (t.indicator, t.text)]
    names = [part for o in policy.issuers for part in (o.name.text, o.canonical or "")]
    found = [policy.document, *names, *(s.text for s in spans if s is not None)]
    return "\n".join(dict.fromkeys(found))


def _line(text: str) -> str:
    return " ".join(text.split())


def _due(target: Target) -> int | None:
    """The year by which a target is to be reached."""
    found = _YEAR.match(target.deadline or "")
    return int(found[0]) if found is not None else None


def _state(folder: Path) -> _State:
    """What tells that a run, or a person, has changed a folder's records."""
    return tuple(state_of(folder / name) for name in (POLICIES, DOCUMENTS, CORRECTIONS))
