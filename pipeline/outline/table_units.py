"""Rows of a table become units: header cells, cells that name theirs, bullets in cells, headers said again."""

from __future__ import annotations

import re
from collections.abc import Callable

from pipeline.outline.tables import Row, split_cell
from schemas.vocabulary import UnitKind

_LONGEST_NAME = 24
_FIGURES = re.compile(r"[\d.,\s-]+")


Add = Callable[..., int]
"""Adds a unit (kind, start, end, and what else it has) and returns its index."""


class TableUnits:
    """The tables of one text; the header of the last one is known until a heading or caption ends it."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._headers: list[Row] = []
        self.box: int | None = None
        """The box that the header stands in."""
        self._header_units: tuple[int, ...] = ()
        self._names: dict[int, int] = {}
        """The cells of the row above that name what stands beside them, by column."""

    def end(self) -> None:
        """What comes next is another table."""
        self._headers, self._names = [], {}

    def repeats_header(self, row: Row) -> bool:
        """Whether a row says the header again, as after a page end."""
        return any(self._words(header) == self._words(row) for header in self._headers)

    def goes_on(self, above: Row, row: Row, following: Row | None) -> bool:
        """Whether a row is the second of the header `above`: it names the columns below its merged cells, and nothing else."""
        named_below = following is not None and following.cells and following.cells[0][1] > following.cells[0][0]
        if above not in self._headers or not named_below or len(row.cells) != len(above.cells):
            return False
        over, merged = False, []
        for (a, b), (c, d) in zip(above.cells, (*above.cells[1:], (0, 1)), strict=True):
            over = (b > a and d <= c) or (b <= a and over)
            merged.append(over)
        named = [b > a for a, b in row.cells]
        return sum(named) >= 2 and named == merged and all(b - a <= _LONGEST_NAME for a, b in row.cells)

    def _words(self, row: Row) -> list[str]:
        return [self._text[a:b].replace(" ", "") for a, b in row.cells if b > a]

    def put_header(self, add: Add, row: Row, parent: int | None, box: int | None, *, second: bool = False) -> None:
        """A header row with its cells; `box`: the box that it stands in; `second`: it goes on with the row above."""
        index = add(UnitKind.ROW, row.start, row.end, parent=parent, role="header")
        over = self._over(row) if second else [-1] * len(row.cells)
        below = [
            add(UnitKind.CELL, a, b, parent=index, role="header", header=(above,) if above >= 0 else ())
            if b > a
            else above
            for (a, b), above in zip(row.cells, over, strict=True)
        ]
        self._headers = [*self._headers, row] if second else [row]
        self.box, self._header_units, self._names = box, tuple(below), {}

    def _over(self, row: Row) -> list[int]:
        """The header cells above a second row's cells; a merged one stands above several."""
        over = list(self._header_units)
        for column, (a, b) in enumerate(row.cells):
            if b > a and over[column] < 0:
                over[column] = over[column - 1]
        return over

    def put_row(self, add: Add, row: Row, parent: int | None) -> None:
        """A row with its cells; a cell's bullets become units of their own, the row's name their header.

        Where its first cells are empty, under a header, the name above goes on: one cell is merged over several rows.
        """
        row_index = add(UnitKind.ROW, row.start, row.end, parent=parent)
        filled = next((column for column, (a, b) in enumerate(row.cells) if b > a), 0)
        merged = filled > 0 and bool(self._headers) and len(self._header_units) == len(row.cells)
        self._names = {column: name for column, name in self._names.items() if merged and column < filled}
        name = self._names.get(filled - 1)
        for column, (a, b) in enumerate(row.cells):
            if b <= a:
                continue
            header, before = self._column_header(column, len(row.cells)), name
            for start, end, bulleted in split_cell(self._text, a, b):
                # Lines of one cell (`<br>`) are equals; its bullets stand under the line before them.
                above = tuple(h for h in (header, name if bulleted else before) if h is not None)
                kind = UnitKind.BULLET if bulleted else UnitKind.CELL
                index = add(kind, start, end, parent=row_index, level=1, header=above, marker="•" if bulleted else "")
                short = end - start <= 40 and not _FIGURES.fullmatch(self._text, start, end)
                if not bulleted and short:
                    name = self._names[column] = index

    def _column_header(self, column: int, width: int) -> int | None:
        if not self._headers or len(self._header_units) != width or self._header_units[column] < 0:
            return None
        return self._header_units[column]
