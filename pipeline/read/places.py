"""Where words of a PDF's text stand on its pages, and pages as pictures: asked of the file while it is at hand."""

from __future__ import annotations

import base64
import bisect
from collections.abc import Iterator, Sequence

from pipeline.read.convert import LIMITS, ask
from schemas.document import Document, PageBox
from schemas.errors import InputError

Stretch = tuple[int, int, list[list[float] | None]]
"""Where it begins in the text, its page, the boxes of its signs."""


class Places:
    """The boxes of a document's words."""

    def __init__(self, sizes: Sequence[tuple[float, float]], stretches: Sequence[Stretch]) -> None:
        self.sizes = tuple(sizes)
        """Width and height of each page as it is shown, in points."""
        self._stretches = sorted(stretches, key=lambda stretch: stretch[0])

    def boxes(self, start: int, end: int) -> tuple[PageBox, ...]:
        """The boxes of the words from `start` to `end` of the text: one for each line that they stand on."""
        first = max(0, bisect.bisect_right(self._stretches, start, key=lambda stretch: stretch[0]) - 1)
        found: list[PageBox] = []
        for at, page, boxes in self._stretches[first:]:
            if at >= end:
                break
            found += _lines(page, (b for b in boxes[max(0, start - at) : end - at] if b is not None))
        return tuple(found)


def _lines(page: int, boxes: Iterator[list[float]]) -> Iterator[PageBox]:
    """The boxes of signs joined by line: those beside it, or on a turned page below the sign before, go on with it."""
    whole = last = None
    for box in boxes:
        if whole is None or last is None:
            whole = box
        elif _beside(whole, box) or _beside(_turned(last), _turned(box)):
            whole = [*map(min, whole[:2], box[:2]), *map(max, whole[2:], box[2:])]
        else:
            yield _page_box(page, whole)
            whole = box
        last = box
    if whole is not None:
        yield _page_box(page, whole)


def _beside(before: list[float], box: list[float]) -> bool:
    """Whether two boxes share most of their height."""
    shared = min(before[3], box[3]) - max(before[1], box[1])
    return shared > 0 and 2 * shared >= min(before[3] - before[1], box[3] - box[1])


def _turned(box: list[float]) -> list[float]:
    return [box[1], box[0], box[3], box[2]]


def _page_box(page: int, box: list[float]) -> PageBox:
    return PageBox(page=page, x0=box[0], y0=box[1], x1=box[2], y1=box[3])


def places_of(raw: bytes, document: Document) -> Places:
    """Where the words of a PDF stand. Raises `InputError` where its text is not read from the file so."""
    if document.format != "pdf":
        raise InputError(f"{document.name}: only PDF files have pages with places on them")
    said = ask(raw, document.name, {"format": "pdf-places"}, LIMITS)
    if said["text"] != document.text:
        how = "its pages were read as pictures" if document.ocr else "run `pams extract` again, into the same folder"
        raise InputError(f"{document.name}: its text was not read from the file as it is read now; {how}")
    return Places(said["sizes"], [(s["start"], s["page"], s["boxes"]) for s in said["stretches"]])


def picture_of(raw: bytes, name: str, page: int, dots: int = 144) -> bytes:
    """A page of a PDF, from 1, as a PNG picture of so many dots an inch. Raises `InputError`."""
    wanted = {"format": "pdf-picture", "page": page, "dots": dots}
    return base64.b64decode(ask(raw, name, wanted, LIMITS)["picture"])
