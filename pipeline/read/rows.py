"""Rows that hold a document each: files of JSON lines, and Parquet, with the columns `id` and `text`."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from schemas.errors import InputError, UsageError

JSON_LINES = (".jsonl", ".ndjson")
PARQUET = ".parquet"
_WANTED = "give each row an `id` (words or a number) and a `text`"


@dataclass(frozen=True)
class Row:
    """A row's place: offset and size of its line in bytes, or row group and number in it."""

    at: tuple[int, int]
    number: int
    """Of the row in its file, from 1."""
    id: str
    problem: str | None = None
    """Why it holds no document."""


def holds_rows(path: Path) -> bool:
    """Whether a list is a file of rows, by its suffix."""
    return path.suffix.lower() in (*JSON_LINES, PARQUET)


def each_row(path: Path) -> Iterator[Row]:
    """The rows of a file, one at a time. Raises `UsageError` if it cannot be read as what its suffix says."""
    try:
        yield from _in_parquet(path) if path.suffix.lower() == PARQUET else _in_lines(path)
    except OSError as problem:
        raise UsageError(f"{path}: cannot be read ({problem.strerror or problem}); check the path") from problem


def text_of(path: Path, row: Row) -> bytes:
    """The text of a row, in UTF-8. Raises `InputError` if the file was changed meanwhile, `OSError`."""
    try:
        if path.suffix.lower() == PARQUET:
            text = _texts(path, path.stat().st_mtime_ns, row.at[0])[row.at[1]].as_py()
        else:
            with path.open("rb") as file:
                file.seek(row.at[0])
                text = json.loads(file.read(row.at[1]))["text"]
        if not isinstance(text, str):
            raise InputError(f"{row.id}: row {row.number} of {path.name} has no text; {_WANTED}")
        return text.encode("utf-8", "replace")
    except (ValueError, KeyError, TypeError, IndexError, RecursionError) as problem:
        raise InputError(f"{path}: was changed since its rows were listed; give the same command again") from problem


def _in_lines(path: Path) -> Iterator[Row]:
    at = 0
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            if line.strip():
                yield _row((at, len(line)), number, _parsed(line))
            at += len(line)


def _parsed(line: bytes) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def _row(at: tuple[int, int], number: int, found: Any) -> Row:
    """A row as it is; one without id or text is told as a document that failed."""
    known = found if isinstance(found, dict) else {}
    name = known.get("id")
    named = (isinstance(name, str) and name.strip() != "") or type(name) is int
    if not named or not isinstance(known.get("text"), str):
        return Row(at, number, str(name) if named else f"row {number}", f"row {number} is not right; {_WANTED}")
    return Row(at, number, str(name))


def _in_parquet(path: Path) -> Iterator[Row]:
    import pyarrow
    import pyarrow.parquet

    try:
        with pyarrow.parquet.ParquetFile(path) as file:
            missing = {"id", "text"} - set(file.schema_arrow.names)
            if missing:
                raise UsageError(f"{path}: has no column {' and '.join(sorted(missing))}; {_WANTED}")
            number = 0
            for group in range(file.num_row_groups):
                ids = file.read_row_group(group, columns=["id"]).column("id")
                for place, name in enumerate(ids):
                    number += 1
                    # The text is looked at when it is read: a list of a million texts is not read twice.
                    yield _row((group, place), number, {"id": name.as_py(), "text": ""})
    except pyarrow.ArrowInvalid as problem:
        raise UsageError(f"{path}: is no Parquet file ({problem}); {_WANTED}") from problem


@functools.lru_cache(maxsize=2)
def _texts(path: Path, changed: int, group: int) -> Any:
    """The texts of one row group: rows are mostly read one after the other."""
    import pyarrow.parquet

    with pyarrow.parquet.ParquetFile(path) as file:
        return file.read_row_group(group, columns=["text"]).column("text")
