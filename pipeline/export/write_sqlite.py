"""Tables as one SQLite database with primary and foreign keys, and indexes on what is asked most."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from pipeline.export.columns import TABLES, Cell, Table, Tables
from schemas.errors import InputError

FILE = "pams.sqlite"
_TYPES = {"text": "TEXT", "integer": "INTEGER", "number": "NUMERIC"}
_INDEXED = {
    "policies": ("document", "jurisdiction", "announced_on", "status", "document_type"),
    "measures": ("instrument",),
    "targets": ("measure_id", "deadline"),
    "organisations": ("canonical",),
}


def as_sqlite(tables: Tables) -> dict[str, Iterable[bytes]]:
    """File name and its bytes. Raises `InputError` where records contradict each other (an id twice)."""
    with closing(sqlite3.connect(":memory:")) as database:
        for table in TABLES:
            database.execute(_create(table))
        for table in TABLES:
            _fill(database, table, tables[table.name])
            for column in _INDEXED.get(table.name, ()):
                database.execute(f'CREATE INDEX "{table.name}_{column}" ON "{table.name}" ("{column}")')
        lost = database.execute("PRAGMA foreign_key_check").fetchone()
        if lost is not None:
            raise InputError(f"{lost[0]}: a row names a row of {lost[2]} that is not there; run `pams extract` again")
        database.commit()
        return {FILE: [database.serialize()]}


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


def _fill(database: sqlite3.Connection, table: Table, rows: list[dict[str, Cell]]) -> None:
    places = ", ".join("?" * len(table.columns))
    try:
        database.executemany(
            f'INSERT INTO "{table.name}" VALUES ({places})',  # noqa: S608
            ([row[name] for name in table.names] for row in rows),
        )
    except sqlite3.IntegrityError as problem:
        raise InputError(
            f"{table.name}: two rows have one key ({problem}); run `pams extract` again, "
            "or export csv, which has no keys"
        ) from problem


def read_sqlite(folder: Path) -> Tables:
    """The tables of an export."""
    path = folder / FILE
    if not path.exists():
        raise FileNotFoundError(2, "there is no such file", str(path))
    with closing(sqlite3.connect(path)) as database:
        database.row_factory = sqlite3.Row
        return {t.name: [dict(row) for row in database.execute(f'SELECT * FROM "{t.name}"')] for t in TABLES}  # noqa: S608
