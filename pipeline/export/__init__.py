"""export: results as flat tables for spreadsheets, databases and other programs.

codes.py       an institute's own codes beside the groups of instruments
columns.py     the tables, their keys, what each column means
tables.py      results → rows                    rebuild.py     rows → records
write_*.py     rows → files, and files → rows    read_back.py   files → records
stip.py        the layout of the STIP Compass    link_texts.py  from a workbook to the saved texts
overview.py    a policy as the workbook's first sheet prints it
report_hwpx.py a report to edit further
neutralise.py  no cell is a formula
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Protocol

from pipeline.export.codes import NO_CODES, Codes, read_codes
from pipeline.export.columns import Row, Table
from pipeline.export.link_texts import link_texts
from pipeline.export.read_back import read_back
from pipeline.export.stip import write_stip
from pipeline.export.tables import rows_of
from pipeline.export.write_csv import CsvWriter
from pipeline.export.write_jsonl import JsonlWriter
from pipeline.export.write_parquet import ParquetWriter
from pipeline.export.write_sqlite import SqliteWriter
from pipeline.export.write_xlsx import XlsxWriter
from pipeline.pages import Pages
from pipeline.results import Parts
from pipeline.switch import put_made, unwritable
from pipeline.write import check_writable
from schemas.errors import UsageError
from schemas.vocabulary import LANGUAGES

__all__ = ["FORMATS", "LANGUAGES", "export", "read_back", "read_codes"]

FORMATS = ("csv", "xlsx", "parquet", "sqlite", "jsonl", "stip", "hwpx")


class _Writer(Protocol):
    """Writes the rows of tables into files of a folder."""

    def add(self, table: Table, row: Row) -> None: ...

    def close(self) -> None: ...


_WRITERS: Mapping[str, Callable[[Path], _Writer]] = {
    "csv": CsvWriter,
    "parquet": ParquetWriter,
    "sqlite": SqliteWriter,
    "jsonl": JsonlWriter,
}


def export(
    results: Parts,
    folder: Path,
    format: str = "csv",
    language: str = "ko",
    pages: Pages | None = None,
    codes: Codes = NO_CODES,
) -> list[Path]:
    """Writes the tables of a run into `folder`, each file whole or not at all; returns the files.

    Of `Stored` results no more than one document is in memory (`hwpx` apart). `language` chooses the labels of `xlsx`,
    `stip` and `hwpx`. `pages`: of the files at hand, where boxes of words are wanted. `codes`: an institute's
    own, as `read_codes` gives them, for the tables of measures.
    Raises `UsageError`, `OutputUnwritable`, `InputError` where records cannot be held by the format.
    """
    if format not in FORMATS:
        raise UsageError(f"there is no format {format!r}; choose one of {', '.join(FORMATS)}")
    if language not in LANGUAGES:
        raise UsageError(f"there are no labels in {language!r}; choose one of {', '.join(LANGUAGES)}")
    check_writable(folder)
    try:
        with tempfile.TemporaryDirectory(prefix=".pams-export-", dir=folder) as name:
            rows = rows_of(results.parts(), pages or Pages(), codes)
            _write(results, rows, Path(name), folder, format, language)
            return put_made(Path(name), folder)
    except OSError as problem:
        raise unwritable(folder, problem) from problem


def _write(
    results: Parts, rows: Iterator[tuple[Table, Row]], room: Path, folder: Path, format: str, language: str
) -> None:
    if format == "stip":
        write_stip((policy for part in results.parts() for policy in part.policies), room, language)
        return
    if format == "hwpx":
        from pipeline.export.report_hwpx import write_hwpx  # what it needs is slow to load

        write_hwpx(results.parts(), room, language)
        return
    texts = link_texts(results, folder) if format == "xlsx" else {}
    with closing(XlsxWriter(room, language, texts) if format == "xlsx" else _WRITERS[format](room)) as writer:
        for table, row in rows:
            writer.add(table, row)
