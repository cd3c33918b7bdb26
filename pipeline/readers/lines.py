"""The lines that every reader makes, and what documents of all formats have in common: tables, automatic numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

MOST_CELLS = 200_000
"""Cells of one table; more is no table that anybody reads."""

GLYPHS = "□■◇◆▣○ㅇ◦●◯◎•·∙▪▸‣※☞*▶▷►➢✓✔☑"
"""Bullets as they are printed, but for the hyphen, which is more than a bullet."""
MARKED = re.compile(
    rf"\s*(?:[{GLYPHS}-]\s|\d{{1,2}}(?:[.)]|(?:\.\d{{1,2}}){{1,3}}\.?)\s|[가-하][.)]\s|[①-⑳❶-❿➊-➓\U000f02b1-\U000f02e9]|[ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ][.\s])"
)
"""A line that begins with a bullet or number as printed."""


_ISSUER = re.compile(
    r"[가-힣·\s]{1,18}(?:부|처|청|원|위원회|특별시|광역시|특별자치[시도]|시청|도청|군청|구청|공사|공단|진흥원)"
    r"|[\u4e00-\u9fff]{2,24}(?:人民政府|委员会|办公厅|办公室|厅|局|部|院)(?:文件)?"
)


def names_issuer(words: str) -> bool:
    """Whether the words of a page header are the name of a body and nothing else: a letterhead."""
    return _ISSUER.fullmatch(words.strip()) is not None


class Unreadable(Exception):
    """The file cannot be read; the message says why and what to do, for its owner."""


@dataclass
class Converted:
    """What a reader made of a file."""

    text: str
    pages: tuple[int, ...] = ()
    """Offset of each page's beginning in `text`."""
    hidden: str = ""
    """Text that a reader of the file does not see; it is not in `text`."""
    concealed: bool = False
    """Text was hidden in a way that has no other purpose: in the paper's colour, of no size, outside the page."""
    lost: int = 0
    """Signs, white space aside, that the file shows and `text` has not; where a reader can count them."""
    furniture: tuple[int, ...] = ()
    """Lines of `text`, from 1, that the page says of itself: menus, feet, lists of links."""
    ocr: tuple[tuple[int, float | None], ...] = ()
    """Pages, from 1, that are pictures and were read as such, with the mean confidence; None: not read in time."""


class Lines:
    """Lines in the order of the document."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def line(self, text: str) -> None:
        """A paragraph. One without a mark behind one with a mark is set apart: it does not go on with that item."""
        before = self.lines[-1] if self.lines else ""
        if text.strip() and MARKED.match(before) and not MARKED.match(text):
            self.lines.append("")
        self.lines.append(text)

    def blank(self) -> None:
        """An empty line, unless there is one."""
        if self.lines and self.lines[-1].strip():
            self.lines.append("")

    def heading(self, level: int, text: str) -> None:
        """A heading of level 1 to 6."""
        self.blank()
        self.lines.append(f"{'#' * min(level, 6)} {text}")
        self.blank()

    def table(self, rows: Sequence[Sequence[str]]) -> None:
        """Rows of cells; a table of one column is a box around lines."""
        self.blank()
        width = max((len(row) for row in rows), default=0)
        for row in rows:
            self.line(row[0] if width == 1 else "| " + " | ".join([*row, *[""] * (width - len(row))]) + " |")
        self.blank()

    def notes(self, notes: Sequence[str]) -> None:
        """Footnotes, numbered as `note_mark` numbers them in the text."""
        if notes:
            self.blank()
        for number, note in enumerate(notes, 1):
            self.line(f"{note_mark(number)} {note}")

    def text(self) -> str:
        """The whole text; ends with a line end."""
        return "\n".join(self.lines).strip("\n") + "\n"

    def offset(self, place: int) -> int:
        """Where, in `text`, the line at a place here begins."""
        before = "\n".join([*self.lines[:place], ""])
        return len(before.lstrip("\n"))

    def numbered(self, places: Iterable[int]) -> Iterator[int]:
        """The numbers, from 1, that lines have in `text`, by their places here; a line with line ends has several."""
        wanted, number, begun = set(places), 0, False
        for place, line in enumerate(self.lines):
            begun = begun or bool(line.strip("\n"))
            if begun:
                parts = len(line.split("\n"))
                yield from range(number + 1, number + parts + 1) if place in wanted else ()
                number += parts


def note_mark(number: int) -> str:
    """How a footnote's number stands in the text and before the note."""
    return f"{number})"


@dataclass(frozen=True)
class Cell:
    """A table cell with the rows and columns that it covers."""

    text: str
    rows: int = 1
    columns: int = 1


def unmerge(table: Sequence[Sequence[Cell]]) -> list[list[str]]:
    """Rows of equal columns: a merged cell's text stands in its first cell, the others are empty.

    Raises `Unreadable` for a table that claims more cells than anybody reads.
    """
    taken: dict[tuple[int, int], str] = {}
    for r, row in enumerate(table):
        c = 0
        for cell in row:
            while (r, c) in taken:
                c += 1
            down, across = max(1, min(cell.rows, len(table) - r)), max(1, min(cell.columns, 1_000))
            if len(taken) + down * across > MOST_CELLS:
                raise Unreadable("a table in it has too many cells; save the document without that table")
            for i in range(down):
                for j in range(across):
                    taken[r + i, c + j] = cell.text if i == j == 0 else ""
            c += across
    width = max((c for _, c in taken), default=-1) + 1
    return [[taken.get((r, c), "") for c in range(width)] for r in range(len(table))]


_HANGUL = "가나다라마바사아자차카타파하"
_ROMAN = ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


def number(form: str, value: int) -> str:
    """An automatic number as the word processor prints it. `form`: its name in WordprocessingML or OWPML."""
    plain = form.replace("_", "").lower()
    if plain in ("lowerletter", "latinsmall", "upperletter", "latincapital"):
        letter = chr(ord("a") + (value - 1) % 26)
        return letter if plain in ("lowerletter", "latinsmall") else letter.upper()
    if plain in ("lowerroman", "romansmall", "upperroman", "romancapital"):
        roman = _roman(value)
        return roman if plain in ("lowerroman", "romansmall") else roman.upper()
    if plain in ("ganada", "hangulsyllable"):
        return _HANGUL[(value - 1) % len(_HANGUL)]
    if plain in ("decimalenclosedcircle", "decimalenclosedcirclechinese", "circleddigit") and 1 <= value <= 20:
        return chr(ord("①") + value - 1)
    return str(value)


def _roman(value: int) -> str:
    text = ""
    for size, sign in _ROMAN:
        while value >= size and len(text) < 20:
            text, value = text + sign, value - size
    return text


def bullet(character: str) -> str:
    """A bullet's sign; symbol fonts print theirs from the private area, which says nothing outside that font."""
    return "•" if not character or "\ue000" <= character[0] <= "\uf8ff" else character
