"""Tables as CSV: UTF-8 with byte-order mark (so that spreadsheets read Korean), RFC 4180, nothing that is executed."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from pipeline.export.columns import TABLES, Cell, Column, Row, Table, Tables
from pipeline.export.neutralise import neutralise, restore
from schemas.errors import InputError

BOM = "\ufeff"
LONGEST = 2**31 - 1
"""Characters of one cell when reading; the library stops at 131,072 unless told."""


def as_csv(tables: Tables) -> dict[str, Iterable[bytes]]:
    """File names and their bytes."""
    return {f"{table.name}.csv": _file(table, tables[table.name]) for table in TABLES}


def _file(table: Table, rows: Iterable[Row]) -> Iterator[bytes]:
    return csv_lines(table.names, ([_shown(c, row[c.name]) for c in table.columns] for row in rows))


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[str | int]]) -> Iterator[bytes]:
    """A CSV file, line by line; text must be neutralised already."""
    yield BOM.encode()
    for row in ([*header], *rows):
        line = io.StringIO()
        csv.writer(line, lineterminator="\r\n").writerow(row)
        yield line.getvalue().encode()


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
