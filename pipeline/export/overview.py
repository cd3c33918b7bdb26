"""One sheet to print and send: a policy with its issuers, day, measures and targets, and where it stands.

A spreadsheet shows no more than so many lines of a row. So a policy with many measures takes several rows, of which the
first alone has its name; nothing is left out.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil

from pipeline.export.columns import Row, Table
from schemas.vocabulary import Instrument, Role

NAMES = {"ko": "한눈에", "en": "Overview"}
HEADINGS = {
    "ko": ("정책명", "발표기관", "발표일", "주요 시책", "목표", "원문"),
    "en": ("Policy", "Issued by", "Announced", "Measures", "Targets", "Source"),
}
WIDTHS = (24, 15, 11, 54, 30, 28)
"""Of the columns, in digits."""
MOST_LINES = 24
"""Of a row, so that a spreadsheet shows it whole (409 points) and a page holds it."""
_LINE_POINTS = 13.5
_WIDER = 0.75
"""By so much a Korean or Chinese sign is wider than a digit, in the fonts that offices have."""
_MEASURES, _TARGETS = 3, 4
_ISSUERS = (Role.ISSUER.value, Role.JOINT_ISSUER.value)
_INSTRUMENTS: Mapping[str, Instrument] = {term.value: term for term in Instrument}


@dataclass
class Entry:
    """A policy as it is to be printed."""

    policy: Row
    language: str
    issuers: list[str] = field(default_factory=list)
    measures: list[str] = field(default_factory=list)
    targets: list[str] = field(default_factory=list)

    def add(self, table: Table, row: Row) -> None:
        """Takes up what belongs to the policy; rows of other tables are left."""
        if table.name == "organisations" and row["role"] in _ISSUERS and row["name"] not in self.issuers:
            self.issuers.append(str(row["name"]))
        elif table.name == "measures":
            instrument = _INSTRUMENTS[str(row["instrument"])].label(self.language)
            self.measures.append(f"· {one_line(row['text'])} [{instrument}]")
        elif table.name == "targets":
            deadline = f" ({row['deadline']})" if row["deadline"] else ""
            self.targets.append(f"· {one_line(row['indicator'])}: {one_line(row['raw'])}{deadline}")

    def rows(self) -> list[tuple[str, ...]]:
        """Name, issuers, day, measures, targets: the cells of each printed row."""
        measures, targets = _fill(self.measures, WIDTHS[_MEASURES]), _fill(self.targets, WIDTHS[_TARGETS])
        name = one_line(self.policy["title"] or self.policy["announcement"])
        first = (name, ", ".join(self.issuers), str(self.policy["announced_on"] or ""))
        count = max(1, len(measures), len(targets))
        return [
            (*(first if at == 0 else ("", "", "")), *("".join(cells[at : at + 1]) for cells in (measures, targets)))
            for at in range(count)
        ]


def height(cells: Sequence[tuple[str, int]]) -> float:
    """Points that a row needs: of each cell its text and the width of its column. Not all programs work this out."""
    lines = max((sum(_lines(line, width) for line in text.split("\n")) for text, width in cells), default=1)
    return _LINE_POINTS * min(max(lines, 1), MOST_LINES + 2) + 3


def one_line(words: object) -> str:
    """Words on one line, as they are printed: no line ends of the source, no Markdown's mark of bold type."""
    shown = str(words or "").replace("**", "")
    return " ".join("".join(sign if sign.isprintable() else " " for sign in shown).split())


def _fill(items: Sequence[str], width: int) -> list[str]:
    """The items, one below the other, in as few cells of at most `MOST_LINES` lines as hold them."""
    cells: list[list[str]] = []
    room = 0
    for item in (piece for whole in items for piece in _pieces(whole, width)):
        lines = _lines(item, width)
        if lines > room:
            cells.append([])
            room = MOST_LINES
        cells[-1].append(item)
        room -= lines
    return ["\n".join(cell) for cell in cells]


def _pieces(item: str, width: int) -> list[str]:
    """An item in pieces that a cell can show; nearly all are one."""
    most = width * MOST_LINES // 2 - width
    return [item[at : at + most] for at in range(0, len(item), most)] if _lines(item, width) > MOST_LINES else [item]


def _lines(text: str, width: int) -> int:
    """The lines that a text takes in a column, a little more than fewer."""
    wide = sum(unicodedata.east_asian_width(sign) in "WF" for sign in text)
    return max(1, ceil((len(text) + _WIDER * wide) / (width - 3)))
