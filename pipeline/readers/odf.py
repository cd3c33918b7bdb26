"""OpenDocument spreadsheets (`.ods`) and presentations (`.odp`): sheets as tables as they print, slides as pages.

Vocabulary: OpenDocument 1.3, part 3.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from pipeline.readers.lines import MOST_CELLS, Converted, Unreadable
from pipeline.readers.odt import OdfReader, attribute, open_odf, rows_of
from pipeline.readers.packed import local, whole

_UNNAMED = re.compile(r"(?:Sheet|시트|工作表|表)\s?\d*")
"""What a program calls a sheet that nobody named."""
_NOT_SHOWN = ("notes", "animations", "forms")
_WIDEST = 1_000
"""Columns of a sheet that are read; what claims more is formatting."""


def ods(raw: bytes) -> Converted:
    """The text of a spreadsheet: each sheet its name and its rows, cells as they are shown. Raises `Unreadable`."""
    body, reader = open_odf(raw, "spreadsheet")
    concealed = _hidden_styles(reader)
    hidden: list[str] = []
    for sheet in (e for e in body if local(e) == "table"):
        grid = _grid(sheet, reader)
        if attribute(sheet, "style-name") in concealed:
            hidden += [" ".join(row) for row in grid]
            continue
        name = attribute(sheet, "name")
        if name and not _UNNAMED.fullmatch(name) and any(map(any, grid)):
            reader.lines.heading(1, name)
        for filled, rows in groupby(grid, key=any):
            if filled:
                _put(list(rows), reader)
    return Converted(reader.lines.text(), hidden="\n".join(hidden))


def odp(raw: bytes) -> Converted:
    """The text of a presentation, a slide a page; its notes are not shown and not read. Raises `Unreadable`."""
    body, reader = open_odf(raw, "presentation")
    begun = []
    for slide in (e for e in body if local(e) == "page"):
        reader.lines.blank()
        begun.append(len(reader.lines.lines))
        for shape in _shapes(slide):
            if attribute(shape, "class") == "title":
                title = " ".join(reader.inside(shape).split())
                if title:
                    reader.lines.heading(1, title)
            else:
                reader.walk(shape)
            reader.lines.blank()
    return Converted(reader.lines.text(), pages=tuple(reader.lines.offset(place) for place in begun))


def _hidden_styles(reader: OdfReader) -> set[str]:
    styles = (e for root in reader.roots for e in root.iter() if local(e) == "style")
    return {attribute(s, "name") for s in styles if any(attribute(p, "display") == "false" for p in s)}


def _grid(sheet: Any, reader: OdfReader) -> list[list[str]]:
    """The shown cells of a sheet, row by row, without the empty ones at the right; repeated empty rows are one."""
    grid: list[list[str]] = []
    cells = 0
    for row in rows_of(sheet):
        if attribute(row, "visibility") in ("collapse", "filter"):
            continue
        words: list[str] = []
        for cell in (c for c in row if local(c) in ("table-cell", "covered-table-cell")):
            text = " ".join(reader.inside(cell).split()) if local(cell) == "table-cell" else ""
            words += [text] * min(whole(attribute(cell, "number-columns-repeated"), 1), max(0, _WIDEST - len(words)))
        while words and not words[-1]:
            words.pop()
        again = whole(attribute(row, "number-rows-repeated"), 1) if words else 1
        cells += len(words) * again
        if cells > MOST_CELLS:
            raise Unreadable("a sheet in it has too many cells; save what is to be read as a file of its own")
        grid += [words] * again
    return grid


def _put(rows: Sequence[Sequence[str]], reader: OdfReader) -> None:
    """Rows between two empty ones: a table, and above and below it rows of one cell, which are lines."""
    alone = [sum(map(bool, row)) == 1 for row in rows]
    if all(alone):
        for row in rows:
            reader.lines.line("".join(row))
        return
    first, last = alone.index(False), len(alone) - alone[::-1].index(False)
    first_column = min(next(n for n, cell in enumerate(row) if cell) for row in rows[first:last] if any(row))
    for row in rows[:first]:
        reader.lines.line("".join(row))
    reader.lines.table([row[first_column:] for row in rows[first:last]])
    for row in rows[last:]:
        reader.lines.line("".join(row))


def _shapes(parent: Any) -> Iterator[Any]:
    """The shapes of a slide that hold words, groups opened."""
    for shape in parent:
        if local(shape) == "g":
            yield from _shapes(shape)
        elif local(shape) and local(shape) not in _NOT_SHOWN:
            yield shape
