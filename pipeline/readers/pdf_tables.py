"""Tables drawn with rules on a PDF's page, found by pdfplumber; those without outer side lines are closed first.

Hancom prints most tables of Korean ministries without their outermost verticals: the horizontals run free at both ends.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Box = tuple[float, float, float, float]
"""Left, bottom, right, top in points; the origin is the page's lower left corner."""

_NEAR = 3.0
"""Points by which rules that meet may miss each other."""
_NARROWEST = 12.0
"""Width in points from which what stands beside the outermost vertical is a column."""
_MOST_RULES = 3_000
"""A page with more is a drawing."""


@dataclass(frozen=True)
class PdfTable:
    """A ruled table: where it stands, and the boxes of its cells (None: covered by a merged one)."""

    box: Box
    rows: tuple[tuple[Box | None, ...], ...]

    @property
    def cells(self) -> list[Box]:
        """The boxes of all cells."""
        return [cell for row in self.rows for cell in row if cell is not None]

    def holds(self, left: float, right: float, bottom: float) -> bool:
        """Whether a line from `left` to `right`, its base line at `bottom`, stands inside the table."""
        low, high = self.box[1] - 1, self.box[3] + 1
        return low <= bottom <= high and self.box[0] - 3 <= left and right <= self.box[2] + 3


def find_tables(page: Any) -> list[PdfTable]:
    """The ruled tables of two or more columns on a page of pdfplumber's."""
    from pdfplumber.table import TableFinder  # slow to load

    finder = TableFinder(page)
    sides = _missing_sides(finder.edges) if len(finder.edges) <= _MOST_RULES else []
    if sides:
        finder = TableFinder(page, {"explicit_vertical_lines": sides})
    height = float(page.height)
    tables = []
    for table in finder.tables:
        left, top, right, bottom = table.bbox
        rows = tuple(
            tuple(None if c is None else (c[0], height - c[3], c[2], height - c[1]) for c in row.cells)
            for row in table.rows
        )
        if rows and max(map(len, rows)) >= 2:
            tables.append(PdfTable((left, height - bottom, right, height - top), rows))
    return tables


def _missing_sides(edges: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The verticals that would close nets of rules at their sides, where their first and last horizontals end free."""
    sides = []
    for net in _nets(edges):
        across = [e for e in net if e["orientation"] == "h"]
        down = [e for e in net if e["orientation"] == "v"]
        if len(across) < 2 or not down:
            continue
        top, bottom = min(e["top"] for e in across), max(e["top"] for e in across)
        for x in (min(e["x0"] for e in across), max(e["x1"] for e in across)):
            ends = [e["top"] for e in across if min(abs(e["x0"] - x), abs(e["x1"] - x)) <= _NEAR]
            closed = sum(e["bottom"] - e["top"] for e in down if abs(e["x0"] - x) <= _NEAR)
            free = min(ends) <= top + _NEAR and max(ends) >= bottom - _NEAR
            apart = all(abs(e["x0"] - x) > _NARROWEST for e in down if abs(e["x0"] - x) > _NEAR)
            if free and apart and closed < bottom - top - _NEAR:
                sides.append({"object_type": "line", "x0": x, "x1": x, "top": top, "bottom": bottom})
    return [side | {"width": 0, "height": side["bottom"] - side["top"]} for side in sides]


def _nets(edges: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Rules that meet each other, directly or through others."""
    across = sorted((e for e in edges if e["orientation"] == "h"), key=lambda e: e["top"])
    nets: list[list[dict[str, Any]]] = []
    for edge in (e for e in edges if e["orientation"] == "v"):
        met = [
            e
            for e in across
            if edge["top"] - _NEAR <= e["top"] <= edge["bottom"] + _NEAR
            and e["x0"] - _NEAR <= edge["x0"] <= e["x1"] + _NEAR
        ]
        ids = {id(e) for e in met}
        joined = [net for net in nets if any(id(e) in ids for e in net)]
        nets = [net for net in nets if not any(net is j for j in joined)]
        known = {id(e): e for net in joined for e in net} | {id(e): e for e in met}
        nets.append([*known.values(), edge])
    return nets
