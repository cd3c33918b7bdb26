"""Where the words of a PDF's text stand on its pages, and pages as pictures: for people who check them.

The reader notes what it prints in the order of its text; each printed stretch is found again there, and its signs among
those of the page. Boxes are in points from the upper left corner of the page as it is shown.
"""

from __future__ import annotations

import base64
import io
from typing import Any

import pypdfium2 as pdfium

from pipeline.readers.lines import Unreadable
from pipeline.readers.pdf import Printed, read_pages
from pipeline.readers.pdf_lines import PdfPages
from pipeline.readers.pdf_tables import Box

_MOST_DOTS = 2_400
"""Along the longer side of a picture."""
_MISSED = 8
"""Signs of the page that may stand between two of a stretch without being its."""


def pdf_places(raw: bytes, most_pages: int) -> dict[str, Any]:
    """The text, the pages' sizes, and stretches of the text with the boxes of their signs (None: white space).

    Raises `Unreadable` as `pdf` does.
    """
    pages = PdfPages(raw, most_pages)
    made, printed = read_pages(pages, None)
    text = made.text
    signs = _Signs(pages)
    stretches, cursor = [], 0
    for part in printed:
        words = part.words.strip()
        at = text.find(words, cursor) if words else -1
        if at >= 0:
            stretches.append({"start": at, "page": part.page + 1, "boxes": signs.boxes(part, words)})
            cursor = at + len(words)
    return {"text": text, "sizes": [pages.size(n) for n in range(len(pages))], "stretches": stretches}


def pdf_picture(raw: bytes, number: int, dots: int) -> str:
    """A page, from 1, as a PNG picture in base64, of so many dots an inch. Raises `Unreadable`."""
    try:
        page = pdfium.PdfDocument(raw)[number - 1]
    except (pdfium.PdfiumError, IndexError) as problem:
        raise Unreadable(f"its page {number} cannot be shown ({problem})") from problem
    picture = io.BytesIO()
    page.render(scale=min(dots / 72, _MOST_DOTS / max(*page.get_size(), 1))).to_pil().save(picture, "PNG")
    return base64.b64encode(picture.getvalue()).decode()


class _Signs:
    """The signs of the page at hand with their boxes, as pdfium has them and as the page is shown."""

    def __init__(self, pages: PdfPages) -> None:
        self._pages = pages
        self._page = -1
        self._signs: list[tuple[int, str, Box]] = []
        self._shown: list[list[float]] = []

    def boxes(self, part: Printed, words: str) -> list[list[float] | None]:
        """The box of each sign of `words`, which were printed there."""
        if part.page != self._page:
            self._page, self._signs = part.page, self._of_page(part.page)
        there = [(sign, n) for n, (at, sign, box) in enumerate(self._signs) if part.holds(at, box)]
        found: list[list[float] | None] = []
        at = 0
        for sign in words:
            here = next((n for n in range(at, min(at + _MISSED, len(there))) if there[n][0] == sign), None)
            found.append(self._shown[there[here][1]] if here is not None else None)
            at = here + 1 if here is not None else at
        return found

    def _of_page(self, page: int) -> list[tuple[int, str, Box]]:
        signs = [sign for sign in self._pages.signs(page) if not sign[1].isspace()]
        corners = [corner for _, _, (left, low, right, high) in signs for corner in ((left, high), (right, low))]
        shown = self._pages.shown_at(page, corners)
        self._shown = [_box(one, other) for one, other in zip(shown[::2], shown[1::2], strict=True)]
        return signs


def _box(one: tuple[float, float], other: tuple[float, float]) -> list[float]:
    (x0, y0), (x1, y1) = one, other
    return [min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)]
