"""read_back: exported tables become the records they were made of, for programs that work on an export.

A workbook is made for people; its cells are checked against the records by the tests and not read here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from pydantic import ValidationError

from pipeline.export.columns import Tables
from pipeline.export.rebuild import rebuild
from pipeline.export.write_csv import read_csv
from pipeline.export.write_jsonl import read_jsonl
from pipeline.export.write_parquet import read_parquet
from pipeline.export.write_sqlite import read_sqlite
from schemas.errors import InputError, UsageError
from schemas.records import DocumentRow, Policy

READERS: Mapping[str, Callable[[Path], Tables]] = {
    "csv": read_csv,
    "jsonl": read_jsonl,
    "parquet": read_parquet,
    "sqlite": read_sqlite,
}


def read_back(folder: Path, format: str) -> tuple[tuple[Policy, ...], tuple[DocumentRow, ...]]:
    """The policies and documents of an export.

    Raises `UsageError` for another format, `InputError` for a broken file.
    """
    reader = READERS.get(format)
    if reader is None:
        raise UsageError(f"{format!r} cannot be read back; choose one of {', '.join(READERS)}")
    try:
        return rebuild(reader(folder))
    except OSError as problem:
        raise InputError(
            f"{problem.filename}: cannot be opened ({problem.strerror}); run `pams export` first"
        ) from problem
    except (ValidationError, ValueError, KeyError, TypeError) as problem:
        raise InputError(f"{folder}: not an export of this version of pams; run `pams export` again") from problem
