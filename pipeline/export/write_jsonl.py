"""Tables as JSON lines: one object a row, keys in the order of the columns."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from pipeline.export.columns import TABLES, Tables
from pipeline.harmless import in_json


def as_jsonl(tables: Tables) -> dict[str, Iterable[bytes]]:
    """File names and their bytes."""
    return {
        f"{t.name}.jsonl": (in_json(json.dumps(row, ensure_ascii=False)).encode() + b"\n" for row in tables[t.name])
        for t in TABLES
    }


def read_jsonl(folder: Path) -> Tables:
    """The tables of an export."""
    return {t.name: _lines(folder / f"{t.name}.jsonl") for t in TABLES}


def _lines(path: Path) -> list[dict[str, str | int | float | None]]:
    # Not splitlines: a cell may hold a line separator of Unicode, which JSON leaves as it is.
    return [json.loads(line) for line in path.read_bytes().split(b"\n") if line]
