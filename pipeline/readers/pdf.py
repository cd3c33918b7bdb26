"""PDF: printed lines become paragraphs again by their geometry.

A line that reaches its column's right edge goes on in the next one, if that has no mark and the same size; pdfium
keeps the space at such a line end, so joining them changes no character. Gaps become blank lines, larger letters
become headings, ruled tables become rows, and what is repeated at the head or foot of most pages is left out. What
stands in a table but in none of its cells follows it as lines; signs that are lost all the same are counted.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

from pipeline.readers.lines import GLYPHS, Converted, Unreadable
from pipeline.readers.ocr import Ocr, read_page
from pipeline.readers.pdf_lines import PdfLine, PdfPages
from pipeline.readers.pdf_tables import Box, PdfTable

_MARK = re.compile(
    rf"\s*(?:[{GLYPHS}]\s*\S|[-–—]\s|#{{1,6}}\s|\d{{1,2}}[.)]\s|[①-⑳❶-❿➊-➓\U000f02b1-\U000f02e9]|[ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ][.\s]"
    r"|제\s?\d+[장절조]|[가-하][.)]\s|[(（]\d{1,2}[)）]|[<〈＜《\[【|]|第[一二三四五六七八九十\d]{1,3}[章节条]|[一二三四五六七八九十]{1,3}、)"
)
_BULLET = re.compile(rf"\s*[{GLYPHS}-]")
_ENDED = re.compile(r"[.。!?:：]\s*$")
_NUMBER = re.compile(r"(?<!\d)\d{1,4}(?!\d)")
_PAGE = "\0"
"""Stands where a page begins until its offset is known; no text of a PDF holds it."""
_OPEN_CELL = re.compile(
    r"(?:[,·、，]|[가-힣](?:을|를|와|및|하고|하며|하여|하는|되는|에서|까지|부터|거나)|[가-힣]\s?(?:위한|위해|통해|대한)|\s(?:및|또는))$"
)
"""How a cell ends that goes on behind a page end."""
_ASIDE = 3.0
"""Points by which a column may stand elsewhere on the next page."""
_REPEATED = 0.6
"""Share of the pages on which a head or foot line must stand."""
_LARGER = 1.15
"""Size of a heading's letters by those of the text."""


@dataclass(frozen=True)
class Printed:
    """Words as they went into the text, and which signs of their page they are: those of a line, or of a cell."""

    words: str
    page: int
    """From 0."""
    signs: tuple[int, int] | None = None
    """Numbers of the line's first and last sign."""
    cell: Box | None = None

    def holds(self, at: int, box: Box) -> bool:
        """Whether a sign of the page, by its number and box, may be one of these."""
        if self.signs is not None:
            return self.signs[0] <= at <= self.signs[1]
        x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        return self.cell is not None and self.cell[0] <= x <= self.cell[2] and self.cell[1] <= y <= self.cell[3]


@dataclass(frozen=True)
class _LastRow:
    """The last row of a table that ends a page (from 0): its cells, and the number of the first one in `printed`."""

    page: int
    boxes: tuple[Box | None, ...]
    words: list[str]
    at: int
    cut: bool
    """The page shows that its end cuts it."""

    def goes_on(self, page: int, boxes: tuple[Box | None, ...], words: list[str]) -> int | None:
        """The column of the cell that the first row of the next page carries on: all that stands in that row."""
        filled = [column for column, there in enumerate(words) if there]
        if page != self.page + 1 or len(boxes) != len(self.boxes) or len(filled) != 1:
            return None
        pairs = ((a, b) for a, b in zip(self.boxes, boxes, strict=True) if a is not None and b is not None)
        same = all(abs(a[0] - b[0]) <= _ASIDE and abs(a[2] - b[2]) <= _ASIDE for a, b in pairs)
        (column,) = filled
        cut = self.words[column] and (self.cut or _OPEN_CELL.search(self.words[column]))
        return column if same and cut and not _MARK.match(words[column]) else None


def pdf(raw: bytes, most_pages: int, ocr: Ocr | None = None) -> Converted:
    """The text of a PDF with its pages' offsets; with `ocr` of pages that are pictures too. Raises `Unreadable`.

    No text is left where pages are pictures; what has neither is refused.
    """
    pages = PdfPages(raw, most_pages)
    made = read_pages(pages, ocr)[0]
    if not made.text.strip() and not any(True for _ in pages.pictures([[] for _ in range(len(pages))])):
        raise Unreadable(
            "has no text: its pages are empty, or letters are drawn on them as shapes; save it with its text"
        )
    return made


def read_pages(pages: PdfPages, ocr: Ocr | None) -> tuple[Converted, list[Printed]]:
    """The text of open pages, and what was printed where in the order of the text."""
    lines, tables = pages.lines(), pages.tables()
    if ocr is not None:
        for number, page in pages.pictures(lines):
            lines[number], tables[number] = read_page(page, number, ocr), []
    repeated = _repeated(lines, tables)
    paragraphs = _Paragraphs(pages, _without(lines, repeated), tables) if any(lines) else None
    marked = paragraphs.text() if paragraphs is not None else ""
    offsets, text, lost = [], "", 0
    for number, piece in enumerate(marked.split(_PAGE)[1:]):
        offsets.append(len(text))
        text += piece
        kept = _signs(piece, *(paragraphs.moved.get(number, ()) if paragraphs is not None else ()))
        lost += (_signs(*(m.text for m in lines[number] if id(m) not in repeated)) - kept).total()
    read = tuple((number + 1, sure) for number, sure in ocr.read.items()) if ocr is not None else ()
    printed = paragraphs.printed if paragraphs is not None else []
    return Converted(text, tuple(offsets), lost=lost, ocr=read), printed


def _signs(*texts: str) -> Counter[str]:
    return Counter(sign for text in texts for sign in text if not sign.isspace())


def _repeated(pages: list[list[PdfLine]], tables: dict[int, list[PdfTable]]) -> set[int]:
    """Running heads, feet and page numbers, by `id`: of the two lines at either end, those that most pages share.

    They are alike in every sign, but for one number that counts the pages. What stands in a table is none.
    """
    if len(pages) < 2:
        return set()
    ends = [
        [m for m in dict.fromkeys((*page[:2], *page[-2:])) if not _table_of(tables.get(number, []), m)]
        for number, page in enumerate(pages)
    ]
    seen = Counter(k for page in ends for k in {k for line in page for k in _keys(line)})
    most = max(2, len(pages) * _REPEATED)
    return {id(line) for page in ends for line in page if any(seen[k] >= most for k in _keys(line))}


def _keys(line: PdfLine) -> list[str]:
    """A line without white space as it is, and with each number at its ends told by its distance to the page's."""
    text = re.sub(r"\s+", "", line.text)
    if _MARK.match(line.text) and re.search(r"[^\W\d]{3}", text):
        return [text]  # an item of the text, though its numbers may count
    numbers = [m for m in _NUMBER.finditer(text) if m.end() > len(text) - 6 or m.start() < 4]
    return [text, *(f"{text[: m.start()]}\0{int(m[0]) - line.page}\0{text[m.end() :]}" for m in numbers)]


def _without(pages: list[list[PdfLine]], repeated: set[int]) -> list[list[PdfLine]]:
    return [[line for line in page if id(line) not in repeated] for page in pages]


def _table_of(tables: list[PdfTable], line: PdfLine) -> PdfTable | None:
    """The table that a line stands in."""
    return next((t for t in tables if t.holds(line.left, line.right, line.bottom)), None)


class _Paragraphs:
    """Lines put together again."""

    def __init__(self, pages: PdfPages, lines: list[list[PdfLine]], tables: dict[int, list[PdfTable]]) -> None:
        self._pages, self._lines, self._tables = pages, lines, tables
        flat = [line for page in lines for line in page]
        sizes: Counter[float] = Counter()
        for line in flat:
            sizes[line.size] += len(line.text)
        self._body = sizes.most_common(1)[0][0]
        larger = sorted((s for s in sizes if s >= _LARGER * self._body), reverse=True)
        self._level = {size: min(place, 5) + 1 for place, size in enumerate(larger)}
        self._pitch = self._usual_pitch(flat)
        self._out: list[str] = []
        self.printed: list[Printed] = []
        self._before: PdfLine | None = None
        self._begun = ""
        """The first line of the paragraph at hand."""
        self._last: _LastRow | None = None
        """Where a table ends the text so far."""
        self.moved: dict[int, list[str]] = {}
        """By page, from 0: cells of it that stand behind the next one's beginning."""

    def text(self) -> str:
        for number, page in enumerate(self._lines):
            pending = _PAGE
            held: dict[PdfTable, list[PdfLine]] = {}
            placed = [(line, _table_of(self._tables.get(number, []), line)) for line in page]
            for line, table in placed:
                if table is not None:
                    held.setdefault(table, []).append(line)
            for line, table in placed:
                if table is None:
                    self._add(line, pending)
                elif line is held[table][0]:
                    self._add_table(held[table], table, pending)
                pending = ""
            if pending:  # an empty page
                self._out.append(pending)
        text = "\n".join(line.rstrip(" ") for line in self._out)
        return text.rstrip("\n") + "\n"

    def _usual_pitch(self, flat: list[PdfLine]) -> float:
        """Distance between two lines of one paragraph, in points."""
        steps = Counter(
            round(a.bottom - b.bottom)
            for a, b in pairwise(flat)
            if a.page == b.page and a.size == b.size == self._body and 0 < a.bottom - b.bottom < 4 * self._body
        )
        return steps.most_common(1)[0][0] if steps else 1.4 * self._body

    def _add(self, line: PdfLine, page: str) -> None:
        before, self._last = self._before, None
        self.printed.append(Printed(line.text, line.page, signs=line.signs))
        if before is not None and self._goes_on(before, line):
            self._out[-1] += page + line.text
            self._before = line
            return
        gap = before.bottom - line.bottom if before is not None and before.page == line.page else 0
        if gap > 1.6 * self._pitch:
            self._out += [""] * max(1, min(2, round(gap / self._pitch) - 1))
        if line.size in self._level and not _BULLET.match(line.text):
            self._blank()
            self._out.append(f"{page}{'#' * self._level[line.size]} {line.text.lstrip()}")
        else:
            after_heading = before is not None and before.size in self._level
            apart = not _MARK.match(line.text) and _MARK.match(self._begun)
            if before is not None and (after_heading or apart):
                self._blank()
            self._out.append(page + line.text)
            self._begun = line.text
        self._before = line

    def _goes_on(self, before: PdfLine, line: PdfLine) -> bool:
        """Whether a line is the rest of the paragraph: the one before is full, this one has no mark or indent."""
        gap = before.bottom - line.bottom
        near = line.page != before.page or gap < 0 or gap <= 1.45 * self._pitch * max(1, line.size / self._body)
        if line.size != before.size or not near or _MARK.match(line.text):
            return False
        indented = (
            not _MARK.match(before.text) and line.page == before.page and line.left > before.left + 1.5 * line.size
        )
        if indented or line.text.startswith("\u3000") or (line.page != before.page and line.size in self._level):
            return False
        edge = self._edge(before)
        slack = 1.0 if before.text.endswith(" ") else 0.35  # a line that ends in a space was wrapped at it
        full = before.right + min(line.first_word, 20 * line.size) + slack * line.size >= edge
        short = before.right < edge - 0.6 * before.size
        return full and not (short and _ENDED.search(before.text))

    def _edge(self, line: PdfLine) -> float:
        """The right edge of the column in which a line stands."""
        beside = (
            m.right
            for m in self._lines[line.page]
            if m.size == line.size
            and m.left < line.right
            and m.right > line.left
            and abs(m.left - line.left) < 12 * m.size
        )
        return max(beside, default=line.right)

    def _add_table(self, lines: list[PdfLine], table: PdfTable, page: str) -> None:
        """The rows of a table that holds these lines, and behind them what of the lines stands in no cell."""
        number = lines[0].page
        rows = [(row, [self._pages.words(number, box) for box in row]) for row in table.rows]
        column = self._last.goes_on(number, *rows[0]) if self._last is not None else None
        if self._last is not None and column is not None:
            self._carry_on(self._last, column, page, *rows.pop(0))
            page = ""
        else:
            self._blank()
        for row, words in rows:
            self._last = _LastRow(number, row, words, len(self.printed), table.cut)
            self.printed += (Printed(w, number, cell=box) for w, box in zip(words, row, strict=True))
            self._out.append(f"{page}| " + " | ".join(words) + " |")
            page = ""
        self._out.append("")
        rest = [(left, line) for line in lines if (left := self._pages.outside(line, table.cells))]
        if rest:
            self._last = None
            self.printed += (Printed(left, number, signs=line.signs) for left, line in rest)
            self._out += [*(left for left, _ in rest), ""]
        self._before, self._begun = None, ""

    def _carry_on(self, last: _LastRow, column: int, page: str, row: tuple[Box | None, ...], words: list[str]) -> None:
        """The last row of the page before gets the rest of the cell that its end has cut."""
        whole = [*last.words]
        whole[column] += f" {page}{words[column]}"
        self._out[-2:] = ["| " + " | ".join(whole) + " |"]
        self.printed.insert(last.at + column + 1, Printed(words[column], last.page + 1, cell=row[column]))
        self.moved[last.page] = last.words[column + 1 :]
        self._last = None

    def _blank(self) -> None:
        if self._out and self._out[-1].strip():
            self._out.append("")
