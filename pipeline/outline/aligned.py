"""Tables whose rows are lines of text: cells set apart by several blanks, or by strokes with a blank on either side."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from pipeline.outline.lines import Line
from pipeline.outline.tables import LONGEST_HEAD, Row, names_columns

_APART = (re.compile("[ \u00a0\u3000]{2,}"), re.compile(" +[/／] +"))
"""What stands between two cells; the same in all rows of a table."""
_FIGURE = re.compile(r"[≥≤<>약△▲~∼+-]?\s?\d|[-–]$")
_KINDS = frozenset({"text", "boxed", "number"})
_LOOKED_AT = 30
"""By so many rows it is judged whether they are a table's."""
_FEWEST = 3
"""A table of fewer columns is a list of words and what is said of them."""


def read_aligned(text: str, lines: Sequence[Line], i: int) -> tuple[list[Row], int] | None:
    """The rows of the table that starts at line `i` with the one that names its columns, and the index behind it.

    Where all whole rows are padded to stand under the heads, a head that nothing stands under has an empty cell. Else a
    row of fewer cells than columns stays a row, but nobody knows which columns its cells are of.
    """
    for apart in _APART:
        header = _cells(text, lines[i], apart)
        if header is None or any(b - a > LONGEST_HEAD for a, b in header.cells):
            continue
        if not names_columns([text[a:b] for a, b in header.cells]):
            continue
        first = _rows(text, lines[i + 1 : i + 1 + _LOOKED_AT], apart, header)
        whole = [row for row in first if len(row.cells) == len(header.cells)]
        if len(whole) >= 2 and sum(_holds_figures(text, row) for row in whole) * 2 >= len(whole):
            rows = first if len(first) < _LOOKED_AT else _rows(text, lines[i + 1 :], apart, header)
            if any(_is_padded(text, row) for row in whole):
                rows = _placed(text, header, rows)
            return [header, *rows], i + 1 + len(rows)
    return None


def _rows(text: str, lines: Sequence[Line], apart: re.Pattern[str], header: Row) -> list[Row]:
    """The rows up to the first line that is none."""
    rows = []
    for line in lines:
        row = _cells(text, line, apart) if line.kind in _KINDS else None
        if row is None or len(row.cells) > len(header.cells):
            break
        rows.append(row)
    return rows


def _cells(text: str, line: Line, apart: re.Pattern[str]) -> Row | None:
    """The line as a row; None where it has too few cells."""
    words = text[line.start : line.end]
    start, end = len(words) - len(words.lstrip()), len(words.rstrip())
    marks = [m.span() for m in apart.finditer(words, start, end)]
    if len(marks) < _FEWEST - 1:
        return None
    edges = zip([start, *(b for _, b in marks)], [*(a for a, _ in marks), end], strict=True)
    cells = tuple((line.start + a, line.start + b) for a, b in edges)
    return Row(cells[0][0], cells[-1][1], cells)


def _is_padded(text: str, row: Row) -> bool:
    """Whether more than two blanks stand between some cells."""
    return any(text[a:b].isspace() and _width(text[a:b]) > 2 for (_, a), (b, _) in pairwise(row.cells))


def _placed(text: str, header: Row, rows: list[Row]) -> list[Row]:
    """The rows with an empty cell under each head that nothing stands under; as they are where a whole row does not line up.

    The first cell names the row, however long it is. A row of which two cells stand under one head stays as it is.
    """
    heads = _columns(text, header)
    own = list(range(len(heads)))
    under = [[0, *(_nearest(heads, cell) for cell in _columns(text, row)[1:])] for row in rows]
    if any(len(at) == len(own) and at != own for at in under[:_LOOKED_AT]):
        return rows
    return [_spread(row, at, own) for row, at in zip(rows, under, strict=True)]


def _spread(row: Row, under: list[int], columns: list[int]) -> Row:
    if any(a >= b for a, b in pairwise(under)):
        return row
    placed = dict(zip(under, row.cells, strict=True))
    return replace(row, cells=tuple(placed.get(column, (row.end, row.end)) for column in columns))


def _columns(text: str, row: Row) -> list[tuple[int, int]]:
    """Where each cell stands on its line, in columns of a terminal."""
    start = text.rfind("\n", 0, row.start) + 1
    return [(_width(text[start:a]), _width(text[start:b])) for a, b in row.cells]


def _nearest(heads: Sequence[tuple[int, int]], cell: tuple[int, int]) -> int:
    """The head that the cell stands under, or nearest to."""
    (start, end), middle = cell, sum(cell) / 2
    gaps = [(max(0, a - end, start - b), abs((a + b) / 2 - middle)) for a, b in heads]
    return gaps.index(min(gaps))


def _width(words: str) -> int:
    """Columns that a terminal takes for the words: two for a sign of Hangul or Han."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in words)


def _holds_figures(text: str, row: Row) -> bool:
    return any(_FIGURE.match(text, a, b) is not None for a, b in row.cells[1:])
