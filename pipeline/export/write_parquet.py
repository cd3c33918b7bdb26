"""Tables as Parquet, one file each."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.export.columns import TABLES, Cell, Column, Row, Table, Tables

if TYPE_CHECKING:
    import pyarrow as pa


AT_ONCE = 1_000
"""Rows that are held before they are written, as a row group of their own."""


class ParquetWriter:
    """A file of each table in a folder, some rows at a time."""

    def __init__(self, room: Path) -> None:
        """Raises `OSError`, as all of this does."""
        import pyarrow.parquet as pq

        self._files = {t.name: pq.ParquetWriter(room / f"{t.name}.parquet", _schema(t)) for t in TABLES}
        self._rows: dict[str, list[Row]] = {t.name: [] for t in TABLES}

    def add(self, table: Table, row: Row) -> None:
        """One row."""
        self._rows[table.name].append(row)
        if len(self._rows[table.name]) >= AT_ONCE:
            self._write(table)

    def close(self) -> None:
        """Writes what is held and ends the files."""
        for table in TABLES:
            self._write(table)
            self._files[table.name].close()

    def _write(self, table: Table) -> None:
        import pyarrow as pa

        rows, self._rows[table.name] = self._rows[table.name], []
        columns = {c.name: [_held(c, row[c.name]) for row in rows] for c in table.columns}
        if rows:
            self._files[table.name].write_table(pa.Table.from_pydict(columns, schema=_schema(table)))


def _held(column: Column, cell: Cell) -> Cell:
    return float(cell) if column.kind == "number" and cell is not None else cell


def _schema(table: Table) -> pa.Schema:
    import pyarrow as pa

    kinds = {"text": pa.string(), "integer": pa.int64(), "number": pa.float64()}
    return pa.schema(
        [pa.field(c.name, kinds[c.kind], not c.required, metadata={"meaning": c.meaning}) for c in table.columns]
    )


def read_parquet(folder: Path) -> Tables:
    """The tables of an export."""
    import pyarrow.parquet as pq

    return {t.name: pq.read_table(folder / f"{t.name}.parquet").to_pylist() for t in TABLES}
