"""Tables as one SQLite database with primary and foreign keys, and indexes on what is asked most."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from pipeline.export.columns import TABLES, Row, Table, Tables
from schemas.errors import InputError, OutputUnwritable

FILE = "pams.sqlite"
_TYPES = {"text": "TEXT", "integer": "INTEGER", "number": "NUMERIC"}
_INDEXED = {
    "policies": ("document", "jurisdiction", "announced_on", "status", "document_type"),
    "measures": ("instrument",),
    "targets": ("measure_id", "deadline"),
    "budgets": ("measure_id",),
    "organisations": ("canonical",),
}


AT_ONCE = 500
"""Rows of a table that are held before they are inserted."""


class SqliteWriter:
    """One database in a folder. Raises `InputError` where records contradict each other (an id twice)."""

    def __init__(self, room: Path) -> None:
        """Raises `OutputUnwritable`, as all of this does."""
        self._path = room / FILE
        self._rows: dict[str, list[Row]] = {t.name: [] for t in TABLES}
        with self._told():
            self._database = sqlite3.connect(self._path, isolation_level=None)
            # Until it is whole nobody sees it, and what is half written is thrown away.
            self._database.execute("PRAGMA journal_mode = OFF")
            self._database.execute("PRAGMA synchronous = OFF")
            for table in TABLES:
                self._database.execute(_create(table))

    def add(self, table: Table, row: Row) -> None:
        """One row."""
        self._rows[table.name].append(row)
        if len(self._rows[table.name]) >= AT_ONCE:
            self._fill(table)

    def close(self) -> None:
        """Inserts what is held, makes the indexes, checks the keys and ends the file."""
        with closing(self._database), self._told():
            for table in TABLES:
                self._fill(table)
                for column in _INDEXED.get(table.name, ()):
                    self._database.execute(f'CREATE INDEX "{table.name}_{column}" ON "{table.name}" ("{column}")')
            lost = self._database.execute("PRAGMA foreign_key_check").fetchone()
        if lost is not None:
            raise InputError(f"{lost[0]}: a row names a row of {lost[2]} that is not there; run `pams extract` again")

    def _fill(self, table: Table) -> None:
        rows, self._rows[table.name] = self._rows[table.name], []
        places = ", ".join("?" * len(table.columns))
        with self._told():
            self._database.execute("BEGIN")
            try:
                self._database.executemany(
                    f'INSERT INTO "{table.name}" VALUES ({places})',  # noqa: S608
                    ([row[name] for name in table.names] for row in rows),
                )
            except sqlite3.IntegrityError as problem:
                raise InputError(
                    f"{table.name}: two rows have one key ({problem}); run `pams extract` again, "
                    "or export csv, which has no keys"
                ) from problem
            self._database.execute("COMMIT")

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.OperationalError as problem:
            raise OutputUnwritable(f"{self._path}: cannot be written ({problem}); free some space") from problem


def _create(table: Table) -> str:
    """The statement that makes a table; names are ours and need no escaping beyond quotes (`references` is a word)."""
    lines = [f'"{c.name}" {_TYPES[c.kind]}{" NOT NULL" if c.required else ""}' for c in table.columns]
    lines.append(f"PRIMARY KEY ({_names(table.key)})")
    lines += [
        f'FOREIGN KEY ({_names(key.columns)}) REFERENCES "{key.table}" ({_names(key.of)})' for key in table.foreign
    ]
    return f'CREATE TABLE "{table.name}" ({", ".join(lines)})'


def _names(columns: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in columns)


def read_sqlite(folder: Path) -> Tables:
    """The tables of an export."""
    path = folder / FILE
    if not path.exists():
        raise FileNotFoundError(2, "there is no such file", str(path))
    with closing(sqlite3.connect(path)) as database:
        database.row_factory = sqlite3.Row
        return {t.name: [dict(row) for row in database.execute(f'SELECT * FROM "{t.name}"')] for t in TABLES}  # noqa: S608
