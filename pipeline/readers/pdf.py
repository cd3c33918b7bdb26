"""PDF: printed lines become paragraphs again by their geometry.

A line that reaches its column's right edge goes on in the next one, if that has no mark and the same size; pdfium
keeps the space at such a line end, so joining them changes no character. Gaps become blank lines, larger letters
become headings, ruled tables become rows, and what is repeated at the head or foot of most pages is left out.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

from pipeline.readers.lines import GLYPHS, Converted
from pipeline.readers.pdf_lines import PdfLine, PdfPages, PdfTable

_MARK = re.compile(
    rf"\s*(?:[{GLYPHS}]\s*\S|[-–—]\s|#{{1,6}}\s|\d{{1,2}}[.)]\s|[①-⑳❶-❿➊-➓]|[ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ][.\s]"
    r"|제\s?\d+[장절조]|[가-하][.)]\s|[(（]\d{1,2}[)）]|[<〈＜《\[【|]|第[一二三四五六七八九十\d]{1,3}[章节条]|[一二三四五六七八九十]{1,3}、)"
)
_BULLET = re.compile(rf"\s*[{GLYPHS}-]")
_ENDED = re.compile(r"[.。!?:：]\s*$")
_PAGE = "\0"
"""Stands where a page begins until its offset is known; no text of a PDF holds it."""
_REPEATED = 0.6
"""Share of the pages on which a head or foot line must stand."""
_LARGER = 1.15
"""Size of a heading's letters by those of the text."""


def pdf(raw: bytes, most_pages: int) -> Converted:
    """The text of a PDF with its pages' offsets. Raises `Unreadable`."""
    pages = PdfPages(raw, most_pages)
    lines = _without_repeated(pages.lines())
    marked = _Paragraphs(pages, lines).text() if any(lines) else ""
    offsets, text = [], ""
    for piece in marked.split(_PAGE)[1:]:
        offsets.append(len(text))
        text += piece
    return Converted(text, tuple(offsets))


def _without_repeated(pages: list[list[PdfLine]]) -> list[list[PdfLine]]:
    """Pages without running heads, feet and page numbers: the two lines at either end that most pages share."""
    if len(pages) < 2:
        return pages
    seen = Counter(k for page in pages for k in {_key(line) for line in page[:2] + page[-2:]})
    repeated = {k for k, count in seen.items() if count >= max(2, len(pages) * _REPEATED)}
    kept = []
    for page in pages:
        first, last = 0, len(page)
        while first < min(2, last) and _key(page[first]) in repeated:
            first += 1
        while last > max(first, len(page) - 2) and _key(page[last - 1]) in repeated:
            last -= 1
        kept.append(page[first:last])
    return kept


def _key(line: PdfLine) -> str:
    """A line without white space, its numbers alike."""
    return re.sub(r"\d+", "0", re.sub(r"\s+", "", line.text))


class _Paragraphs:
    """Lines put together again."""

    def __init__(self, pages: PdfPages, lines: list[list[PdfLine]]) -> None:
        self._pages, self._lines = pages, lines
        self._tables = pages.tables()
        flat = [line for page in lines for line in page]
        sizes: Counter[float] = Counter()
        for line in flat:
            sizes[line.size] += len(line.text)
        self._body = sizes.most_common(1)[0][0]
        larger = sorted((s for s in sizes if s >= _LARGER * self._body), reverse=True)
        self._level = {size: min(place, 5) + 1 for place, size in enumerate(larger)}
        self._pitch = self._usual_pitch(flat)
        self._out: list[str] = []
        self._before: PdfLine | None = None
        self._begun = ""
        """The first line of the paragraph at hand."""

    def text(self) -> str:
        for number, page in enumerate(self._lines):
            pending = _PAGE
            shown: set[int] = set()
            for line in page:
                tables = self._tables.get(number, [])
                inside = next((i for i, table in enumerate(tables) if table.holds(line)), None)
                if inside is None:
                    self._add(line, pending)
                elif inside not in shown:
                    self._add_table(number, tables[inside], pending)
                shown |= {inside} if inside is not None else set()
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
        before = self._before
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
        full = before.right + min(line.first_word, 20 * line.size) + 0.35 * line.size >= edge
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

    def _add_table(self, number: int, table: PdfTable, page: str) -> None:
        self._blank()
        for row in table.rows:
            self._out.append(f"{page}| " + " | ".join(self._pages.words(number, box) for box in row) + " |")
            page = ""
        self._out.append("")
        self._before, self._begun = None, ""

    def _blank(self) -> None:
        if self._out and self._out[-1].strip():
            self._out.append("")
