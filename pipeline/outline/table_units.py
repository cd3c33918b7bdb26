"""Rows of a table become units: header cells, cells that name theirs, bullets in cells, headers said again."""

from __future__ import annotations

import re
from collections.abc import Callable

from pipeline.outline.tables import Row, split_cell
from schemas.vocabulary import UnitKind

_FIGURES = re.compile(r"[\d.,\s-]+")


Add = Callable[..., int]
"""Adds a unit (kind, start, end, and what else it has) and returns its index."""


class TableUnits:
    """The tables of one text; the header of the last one is known until a heading or caption ends it."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._header: Row | None = None
        self.box: int | None = None
        """The box that the header stands in."""
        self._header_units: tuple[int, ...] = ()

    def end(self) -> None:
        """What comes next is another table."""
        self._header = None

    def repeats_header(self, row: Row) -> bool:
        """Whether a row says the header again, as after a page end."""
        return self._header is not None and self._words(self._header) == self._words(row)

    def _words(self, row: Row) -> list[str]:
        return [self._text[a:b].replace(" ", "") for a, b in row.cells if b > a]

    def put_header(self, add: Add, row: Row, parent: int | None, box: int | None) -> None:
        """A header row with its cells; `box`: the box that it stands in."""
        index = add(UnitKind.ROW, row.start, row.end, parent=parent, role="header")
        self._header, self.box = row, box
        self._header_units = tuple(
            add(UnitKind.CELL, a, b, parent=index, role="header") if b > a else -1 for a, b in row.cells
        )

    def put_row(self, add: Add, row: Row, parent: int | None) -> None:
        """A row with its cells; a cell's bullets become units of their own, the row's name their header."""
        row_index = add(UnitKind.ROW, row.start, row.end, parent=parent)
        name: int | None = None
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
                    name = index

    def _column_header(self, column: int, width: int) -> int | None:
        if self._header is None or len(self._header_units) != width or self._header_units[column] < 0:
            return None
        return self._header_units[column]
