"""Tables as JSON lines: one object a row, keys in the order of the columns."""

from __future__ import annotations

import json
from pathlib import Path

from pipeline.export.columns import TABLES, Row, Table, Tables
from pipeline.harmless import in_json


class JsonlWriter:
    """A file of each table in a folder, line by line."""

    def __init__(self, room: Path) -> None:
        """Raises `OSError`, as all of this does."""
        self._files = {t.name: (room / f"{t.name}.jsonl").open("w", encoding="utf-8", newline="") for t in TABLES}

    def add(self, table: Table, row: Row) -> None:
        """One row."""
        self._files[table.name].write(in_json(json.dumps(row, ensure_ascii=False)) + "\n")

    def close(self) -> None:
        """Ends the files."""
        for file in self._files.values():
            file.close()


def read_jsonl(folder: Path) -> Tables:
    """The tables of an export."""
    return {t.name: _lines(folder / f"{t.name}.jsonl") for t in TABLES}


def _lines(path: Path) -> list[dict[str, str | int | float | None]]:
    # Not splitlines: a cell may hold a line separator of Unicode, which JSON leaves as it is.
    return [json.loads(line) for line in path.read_bytes().split(b"\n") if line]
