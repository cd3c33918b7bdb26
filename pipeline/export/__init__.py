"""export: results as flat tables for spreadsheets, databases and other programs.

columns.py     the tables, their keys, what each column means
tables.py      results → rows                    rebuild.py     rows → records
write_*.py     rows → files, and files → rows    read_back.py   files → records
stip.py        the layout of the STIP Compass    link_texts.py  from a workbook to the saved texts
neutralise.py  no cell is a formula
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from pipeline.export.columns import Tables
from pipeline.export.link_texts import link_texts
from pipeline.export.read_back import read_back
from pipeline.export.stip import as_stip
from pipeline.export.tables import flatten
from pipeline.export.write_csv import as_csv
from pipeline.export.write_jsonl import as_jsonl
from pipeline.export.write_parquet import as_parquet
from pipeline.export.write_sqlite import as_sqlite
from pipeline.export.write_xlsx import as_xlsx
from pipeline.results import Results
from pipeline.switch import put_all
from pipeline.write import check_writable
from schemas.errors import UsageError
from schemas.vocabulary import LANGUAGES

__all__ = ["FORMATS", "LANGUAGES", "export", "flatten", "read_back"]

FORMATS = ("csv", "xlsx", "parquet", "sqlite", "jsonl", "stip")
_WRITERS: Mapping[str, Callable[[Tables], Mapping[str, Iterable[bytes]]]] = {
    "csv": as_csv,
    "parquet": as_parquet,
    "sqlite": as_sqlite,
    "jsonl": as_jsonl,
}


def export(results: Results, folder: Path, format: str = "csv", language: str = "ko") -> list[Path]:
    """Writes the tables of a run into `folder`, each file whole or not at all; returns the files.

    `language` chooses the labels of `xlsx` and `stip`. Raises `UsageError`, `OutputUnwritable`, `InputError` where
    records cannot be held by the format.
    """
    if format not in FORMATS:
        raise UsageError(f"there is no format {format!r}; choose one of {', '.join(FORMATS)}")
    if language not in LANGUAGES:
        raise UsageError(f"there are no labels in {language!r}; choose one of {', '.join(LANGUAGES)}")
    files = _files(results, folder, format, language)
    check_writable(folder)
    put_all({folder / name: content for name, content in files.items()})
    return [folder / name for name in files]


def _files(results: Results, folder: Path, format: str, language: str) -> Mapping[str, Iterable[bytes]]:
    if format == "stip":
        return as_stip(results.policies, language)
    tables = flatten(results)
    if format == "xlsx":
        return as_xlsx(tables, language, link_texts(results, folder))
    return _WRITERS[format](tables)
