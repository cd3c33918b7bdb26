"""Tables as Parquet, one file each."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.export.columns import TABLES, Table, Tables

if TYPE_CHECKING:
    import pyarrow as pa


def as_parquet(tables: Tables) -> dict[str, Iterable[bytes]]:
    """File names and their bytes."""
    return {f"{t.name}.parquet": [_file(t, tables[t.name])] for t in TABLES}


def _file(table: Table, rows: list[dict[str, Any]]) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    out = pa.BufferOutputStream()
    columns = {
        c.name: [float(row[c.name]) if c.kind == "number" and row[c.name] is not None else row[c.name] for row in rows]
        for c in table.columns
    }
    pq.write_table(pa.Table.from_pydict(columns, schema=_schema(table)), out)
    return bytes(out.getvalue())


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
