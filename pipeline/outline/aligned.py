"""Tables whose rows are lines of text: cells set apart by several blanks, or by strokes with a blank on either side."""

from __future__ import annotations

import re
from collections.abc import Sequence

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

    A row of fewer cells than columns stays a row, but nobody knows which columns its cells are of.
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


def _holds_figures(text: str, row: Row) -> bool:
    return any(_FIGURE.match(text, a, b) is not None for a, b in row.cells[1:])
