"""Tables as CSV: UTF-8 with byte-order mark (so that spreadsheets read Korean), RFC 4180, nothing that is executed."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from pipeline.export.columns import TABLES, Cell, Column, Row, Table, Tables
from pipeline.export.neutralise import neutralise, restore
from schemas.errors import InputError

BOM = "\ufeff"
LONGEST = 2**31 - 1
"""Characters of one cell when reading; the library stops at 131,072 unless told."""


class CsvWriter:
    """A file of each table in a folder, line by line."""

    def __init__(self, room: Path) -> None:
        """Raises `OSError`, as all of this does."""
        self._files = {table.name: CsvFile(room / f"{table.name}.csv", table.names) for table in TABLES}

    def add(self, table: Table, row: Row) -> None:
        """One row."""
        self._files[table.name].add([_shown(column, row[column.name]) for column in table.columns])

    def close(self) -> None:
        """Ends the files."""
        for file in self._files.values():
            file.close()


class CsvFile:
    """One CSV file; text must be neutralised already."""

    def __init__(self, path: Path, header: Sequence[str]) -> None:
        """Raises `OSError`."""
        self._file = path.open("w", encoding="utf-8", newline="")
        self._file.write(BOM)
        self._write = csv.writer(self._file, lineterminator="\r\n").writerow
        self._write(header)

    def add(self, row: Sequence[str | int]) -> None:
        """One line."""
        self._write(row)

    def close(self) -> None:
        """Ends the file."""
        self._file.close()


def _shown(column: Column, cell: Cell) -> str:
    if cell is None:
        return ""
    if not isinstance(cell, str):
        return repr(cell)
    return neutralise(cell, required=column.required)


def read_csv(folder: Path) -> Tables:
    """The tables of an export. Raises `InputError` where one is missing or has other columns."""
    limit = csv.field_size_limit(LONGEST)
    try:
        return {t.name: _table(folder / f"{t.name}.csv", t.columns) for t in TABLES}
    finally:
        csv.field_size_limit(limit)


def _table(path: Path, columns: Sequence[Column]) -> list[dict[str, Cell]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    if header != [c.name for c in columns]:
        raise InputError(f"{path}: has other columns than this version of pams writes; export again")
    return [{c.name: _cell(c, cell) for c, cell in zip(columns, row, strict=True)} for row in rows]


def _cell(column: Column, cell: str) -> Cell:
    if column.kind == "text":
        return restore(cell, required=column.required)
    if not cell:
        return None
    return float(cell) if column.kind == "number" and not cell.lstrip("-").isdigit() else int(cell)
