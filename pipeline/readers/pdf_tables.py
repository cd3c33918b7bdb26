"""Tables drawn with rules on a PDF's page, found by pdfplumber; those that are open at an edge are closed first.

Hancom prints most tables of Korean ministries without their outermost verticals: the horizontals run free at both ends.
Where a page end cuts a row, browsers print no rule there: the verticals run free.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Box = tuple[float, float, float, float]
"""Left, bottom, right, top in points; the origin is the page's lower left corner."""
_Edge = dict[str, Any]
"""A rule as pdfplumber has it; `top` and `bottom` are counted from the page's upper edge."""

_NEAR = 3.0
"""Points by which rules that meet may miss each other."""
_NARROWEST = 12.0
"""Width in points from which what stands beside the outermost vertical is a column."""
_LOWEST = 8.0
"""Height in points from which what stands behind the outermost horizontal is a row."""
_MOST_RULES = 3_000
"""A page with more is a drawing."""


@dataclass(frozen=True)
class PdfTable:
    """A ruled table: where it stands, and the boxes of its cells (None: covered by a merged one)."""

    box: Box
    rows: tuple[tuple[Box | None, ...], ...]
    cut: bool = False
    """Its last row has no rule below: the page's end cuts it."""

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
    cuts: list[_Edge] = []
    if len(finder.edges) <= _MOST_RULES:
        cuts = [cut for net in _nets(finder.edges) for cut in _missing_ends(net)]
        sides = [side for net in _nets([*finder.edges, *cuts]) for side in _missing_sides(net)]
        if cuts or sides:
            finder = TableFinder(page, {"explicit_vertical_lines": sides, "explicit_horizontal_lines": cuts})
    height = float(page.height)
    tables = []
    for table in finder.tables:
        left, top, right, bottom = table.bbox
        rows = tuple(
            tuple(None if c is None else (c[0], height - c[3], c[2], height - c[1]) for c in row.cells)
            for row in table.rows
        )
        if rows and max(map(len, rows)) >= 2:
            cut = any(abs(end["top"] - bottom) <= _NEAR for end in cuts)
            tables.append(PdfTable((left, height - bottom, right, height - top), rows, cut))
    return tables


def _missing_ends(net: list[_Edge]) -> list[_Edge]:
    """The horizontals that would close a net of rules above and below, where two verticals or more all end free."""
    across = [e for e in net if e["orientation"] == "h"]
    down = [e for e in net if e["orientation"] == "v"]
    if len(across) < 2:
        return []
    left, right = min(e["x0"] for e in across), max(e["x1"] for e in across)
    first, last = min(e["top"] for e in across), max(e["top"] for e in across)
    above = [e["top"] for e in down if e["top"] <= first + _NEAR <= e["bottom"]]
    below = [e["bottom"] for e in down if e["top"] <= last - _NEAR <= e["bottom"]]
    found = []
    for ends, outermost in ((above, first), (below, last)):
        free = len(ends) >= 2 and min(abs(end - outermost) for end in ends) >= _LOWEST
        if free and max(ends) - min(ends) <= _NEAR:
            found.append({"object_type": "line", "x0": left, "x1": right, "top": ends[0], "bottom": ends[0]})
    return [end | {"orientation": "h", "width": right - left, "height": 0} for end in found]


def _missing_sides(net: list[_Edge]) -> list[_Edge]:
    """The verticals that would close a net of rules at its sides, where its first and last horizontals end free."""
    sides: list[_Edge] = []
    across = [e for e in net if e["orientation"] == "h"]
    down = [e for e in net if e["orientation"] == "v"]
    if len(across) < 2 or not down:
        return sides
    top, bottom = min(e["top"] for e in across), max(e["top"] for e in across)
    for x in (min(e["x0"] for e in across), max(e["x1"] for e in across)):
        ends = [e["top"] for e in across if min(abs(e["x0"] - x), abs(e["x1"] - x)) <= _NEAR]
        closed = sum(e["bottom"] - e["top"] for e in down if abs(e["x0"] - x) <= _NEAR)
        free = min(ends) <= top + _NEAR and max(ends) >= bottom - _NEAR
        apart = all(abs(e["x0"] - x) > _NARROWEST for e in down if abs(e["x0"] - x) > _NEAR)
        if free and apart and closed < bottom - top - _NEAR:
            sides.append({"object_type": "line", "x0": x, "x1": x, "top": top, "bottom": bottom})
    return [side | {"width": 0, "height": side["bottom"] - side["top"]} for side in sides]


def _nets(edges: list[_Edge]) -> list[list[_Edge]]:
    """Rules that meet each other, directly or through others."""
    across = sorted((e for e in edges if e["orientation"] == "h"), key=lambda e: e["top"])
    nets: list[list[_Edge]] = []
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
