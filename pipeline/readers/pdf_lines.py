"""The lines of a PDF's pages with their places and sizes, as pdfium finds them."""

from __future__ import annotations

import ctypes
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw_pdfium

from pipeline.readers.lines import Unreadable
from pipeline.readers.pdf_tables import Box, PdfTable, find_tables

_RULES = 6
"""Drawn paths on a page from which it may hold a table."""
_FEWEST_SIGNS = 30
"""Signs from which a page has a text of its own; a scanned one may bear a number or a stamp."""
_MOSTLY = 0.4
"""Share of a page that a picture of it covers."""
_PARTS = 10
"""Parts of a point in which places are told."""
_FITS = 1.2
"""Widths of a sign from which it would have fitted into what is left of a line."""
_WORD_ENDS, _WORD_BEGINS = re.compile(r"[가-힣A-Za-z0-9,.)%]$"), re.compile(r"[가-힣](?:[가-힣\s]|$)")
_HYPHENS = (0xFFFE, 2)  # pdfium's signs for a hyphen at a line end


@dataclass(eq=False)
class PdfLine:
    """A line as printed. `bottom` is its base line."""

    text: str
    page: int
    left: float
    right: float
    bottom: float
    size: float
    """Of its letters, in points."""
    first_word: float
    """Width of its first word."""
    signs: tuple[int, int] = (0, 0)
    """Numbers of its first and last sign among those of the page."""


class PdfPages:
    """An open PDF. Raises `Unreadable`: damaged, encrypted, too many pages."""

    def __init__(self, raw: bytes, most_pages: int) -> None:
        self._raw = raw
        self._open: tuple[int, Any] | None = None
        self.drops_spaces = False
        """No line of the document ends in a space: its printer dropped those at line ends. Known once it has lines."""
        self._boxed: tuple[int, list[Box]] = (-1, [])
        """A page and the boxes of its signs, once a cell has asked for them."""
        try:
            self._document = pdfium.PdfDocument(raw)
        except pdfium.PdfiumError as problem:
            if "password" in str(problem).lower():
                raise Unreadable("is protected by a password; open it with its password and save it without") from None
            raise Unreadable(f"is damaged ({problem}); open it and save it again") from problem
        if len(self._document) > most_pages:
            raise Unreadable(f"its {len(self._document):,} pages are more than {most_pages:,}; split the document")

    def __len__(self) -> int:
        return len(self._document)

    def lines(self) -> list[list[PdfLine]]:
        """The lines of every page, in the order of pdfium, which follows columns."""
        found = [list(_lines(page, number)) for number, page in enumerate(self._document)]
        self.drops_spaces = not any(line.text.endswith(" ") for page in found for line in page)
        return found

    def pictures(self, lines: Sequence[Sequence[PdfLine]]) -> Iterator[tuple[int, Any]]:
        """The pages that are pictures, with their numbers: hardly a sign is text, and pictures cover most of them."""
        for number, page in enumerate(self._document):
            if sum(len(line.text) for line in lines[number]) < _FEWEST_SIGNS and _covered(page) >= _MOSTLY:
                yield number, page

    def tables(self) -> dict[int, list[PdfTable]]:
        """The ruled tables of two or more columns, by page."""
        ruled = [n for n, page in enumerate(self._document) if _paths(page) >= _RULES]
        if not ruled:
            return {}
        import pdfplumber  # slow to load and to run: only for pages that have rules

        found: dict[int, list[PdfTable]] = {}
        with pdfplumber.open(io.BytesIO(self._raw), pages=[n + 1 for n in ruled]) as document:
            for number, page in zip(ruled, document.pages, strict=True):
                found[number] = find_tables(page)
                page.close()
        return found

    def size(self, page: int) -> tuple[float, float]:
        """Width and height of a page as it is shown."""
        width, height = self._document[page].get_size()
        return float(width), float(height)

    def signs(self, page: int) -> list[tuple[int, str, Box]]:
        """The signs of a page with their numbers and boxes."""
        text = self._textpage(page)
        return [(at, sign, _box(text, at)) for at, sign in _signs(text, 0, text.count_chars())]

    def shown_at(self, page: int, points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
        """Where points of a page are shown, from its upper left corner: pages may be turned, and cut at their edges."""
        opened = self._document[page]
        whole = [round(side * _PARTS) for side in opened.get_size()]
        across, down = ctypes.c_int(), ctypes.c_int()
        shown = []
        for x, y in points:
            raw_pdfium.FPDF_PageToDevice(opened, 0, 0, *whole, 0, x, y, across, down)
            shown.append((across.value / _PARTS, down.value / _PARTS))
        return shown

    def _textpage(self, page: int) -> Any:
        """The text of the page at hand, opened once for all cells of its tables."""
        if self._open is None or self._open[0] != page:
            self._open = (page, self._document[page].get_textpage())
        return self._open[1]

    def words(self, page: int, box: Box | None) -> str:
        """What stands in a box, on one line."""
        if box is None:
            return ""
        text = self._textpage(page).get_text_bounded(*box).replace("\0", "")
        lines = [line for line in re.split(r"[\r\n]+", text) if line]
        spaces = self._dropped(page, box, lines) if self.drops_spaces and len(lines) > 1 else []
        joined = "".join(line + " " * (number in spaces) for number, line in enumerate(lines))
        return joined.replace("\ufffe", "-").replace("\x02", "-").strip()

    def _dropped(self, page: int, box: Box, lines: Sequence[str]) -> list[int]:
        """After which of the lines of a cell a space was dropped."""
        if not any(may_be_apart(a, b) for a, b in pairwise(lines)):
            return []
        if self._boxed[0] != page:
            self._boxed = (page, [at for _, sign, at in self.signs(page) if not sign.isspace()])
        x0, y0, x1, y1 = box
        there = [b for b in self._boxed[1] if x0 <= (b[0] + b[2]) / 2 <= x1 and y0 <= (b[1] + b[3]) / 2 <= y1]
        ends = [(last, first) for last, first in pairwise(there) if first[2] <= last[0]]
        if len(ends) != len(lines) - 1:
            return []
        edge = x1 - max(0.0, min(b[0] for b in there) - x0)
        fits = [edge - last[2] >= _FITS * (first[2] - first[0]) for last, first in ends]
        return [number for number, (a, b) in enumerate(pairwise(lines)) if fits[number] and may_be_apart(a, b)]

    def outside(self, line: PdfLine, boxes: Sequence[Box]) -> str:
        """What of a line stands in none of these boxes, as `words` sees it; words apart stay apart."""
        text = self._textpage(line.page)
        first, last = line.signs
        first -= 0xDC00 <= raw_pdfium.FPDFText_GetUnicode(text, first) < 0xE000  # the second half of a sign
        kept = ""
        for at, sign in _signs(text, first, last + 1):
            left, bottom, right, top = _box(text, at)
            inside = any(b[0] < right and left < b[2] and b[1] < top and bottom < b[3] for b in boxes)
            kept += " " if inside or sign.isspace() else sign
        return " ".join(kept.split())


def may_be_apart(line: str, following: str) -> bool:
    """Whether a space may have stood between two lines: the second begins with Korean letters that may part.

    Some printers drop the spaces at line ends. Where the next line's first letter would have fitted into the line, that
    was wrapped at a word, and a space stood there.
    """
    return _WORD_ENDS.search(line) is not None and _WORD_BEGINS.match(following) is not None


def _covered(page: Any) -> float:
    """The share of a page that its largest picture covers."""
    width, height = page.get_size()
    boxes = (p.get_bounds() for p in page.get_objects(filter=[raw_pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3))
    areas: Iterator[float] = (abs(right - left) * abs(top - bottom) for left, bottom, right, top in boxes)
    return max(areas, default=0.0) / max(1.0, float(width * height))


def _paths(page: Any) -> int:
    return sum(1 for _ in page.get_objects(filter=[raw_pdfium.FPDF_PAGEOBJ_PATH], max_depth=3))


def _lines(page: Any, number: int) -> Iterator[PdfLine]:
    text = page.get_textpage()
    current: list[tuple[int, str]] = []
    for at, sign in _signs(text, 0, text.count_chars()):
        if sign in "\r\n":
            yield from _line(text, current, number)
            current = []
        else:
            current.append((at, sign))
    yield from _line(text, current, number)


def _signs(text: Any, first: int, end: int) -> Iterator[tuple[int, str]]:
    """The characters of a page with their numbers; surrogates joined, signs that mean nothing left out."""
    high = 0
    for at in range(first, end):
        code = raw_pdfium.FPDFText_GetUnicode(text, at)
        if code in _HYPHENS:
            code = ord("-")
        if 0xD800 <= code < 0xDC00:
            high = code
        elif 0xDC00 <= code < 0xE000:
            if high:
                yield at, chr(0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00))
            high = 0
        elif code not in (0, 0xFFFF):
            yield at, chr(code)


def _line(text: Any, signs: Sequence[tuple[int, str]], page: int) -> Iterator[PdfLine]:
    seen = [at for at, sign in signs if not sign.isspace()]
    if not seen:
        return
    first, last = _box(text, seen[0]), _box(text, seen[-1])
    gap = next((k for k, (at, sign) in enumerate(signs) if at > seen[0] and sign.isspace()), len(signs))
    word = _box(text, signs[gap - 1][0])
    sizes = Counter(round(raw_pdfium.FPDFText_GetFontSize(text, at), 1) for at in seen[:: max(1, len(seen) // 8)])
    x, y = ctypes.c_double(), ctypes.c_double()
    raw_pdfium.FPDFText_GetCharOrigin(text, seen[0], x, y)
    words = "".join(sign for _, sign in signs)
    size = sizes.most_common(1)[0][0]
    yield PdfLine(words, page, first[0], last[2], y.value, size, max(0.0, word[2] - first[0]), (seen[0], seen[-1]))


def _box(text: Any, at: int) -> Box:
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    raw_pdfium.FPDFText_GetCharBox(text, at, left, right, bottom, top)
    return left.value, bottom.value, right.value, top.value
