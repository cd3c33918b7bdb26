"""Quotes: where the words of a reference stand, exactly, or not at all."""

from __future__ import annotations

import re
from functools import lru_cache

from pipeline.normalise import APOSTROPHE
from pipeline.normalise.edges import cuts_number
from pipeline.normalise.unseen import UNSEEN, visible

_SHORT_YEAR = re.compile(rf"{APOSTROPHE}[0-9０-９]{{2}}(?![0-9０-９])")


class RefusedReference(Exception):
    """A reference does not hold; the message is the reason, worded so that a model can mend it."""


def find_quote(
    text: str, quote: str, start: int, end: int, *, nth: int | None, place: str, number: bool
) -> tuple[int, int]:
    """Offsets of a quote in `text[start:end]`: exact, or exact but for white space.

    `nth` counts its occurrences there from 1, without those that cut a number in two (or with them, if there are fewer
    without); without it a number phrase (`number`) that stands twice is refused, any other quote means the first. Raises `RefusedReference`; `place` names the unit in its message.
    """
    if not quote.strip():
        raise RefusedReference("the quote is empty")
    wanted = quote.strip()
    places, whole = _places(text, wanted, start, end, number)
    if not places:
        raise RefusedReference(
            f"“{wanted[:60]}” does not stand in {place}; quote it exactly as printed, or give another unit"
        )
    if not whole:
        raise RefusedReference(f"“{wanted[:60]}” cuts a number in two in {place}; quote the whole number")
    if nth is not None and len(whole) < nth <= len(places) and places[nth - 1] in whole:
        return places[nth - 1]  # counted with those that cut a number
    if nth is not None and not 1 <= nth <= len(whole):
        raise RefusedReference(f"“{wanted[:60]}” stands {len(whole)} times in {place}, not {nth} times")
    if nth is None and number and len(whole) > 1:
        raise RefusedReference(f"“{wanted[:60]}” stands {len(whole)} times in {place}; say which with nth")
    return whole[(nth or 1) - 1]


def apostrophe_before(text: str, start: int, first: int) -> int:
    """Where a date's span starts if the apostrophe of its year stands before it: `22년` of `‘22년` begins one sign late.

    `first`: the least offset it may have.
    """
    return start - 1 if start > first and _SHORT_YEAR.match(text, start - 1) else start


@lru_cache(maxsize=32)
def _places(
    text: str, wanted: str, start: int, end: int, number: bool
) -> tuple[tuple[tuple[int, int], ...], tuple[tuple[int, int], ...]]:
    """Where the words stand in the unit, and where they do without cutting a number; once for a whole row of `nth`."""
    unit = text[start:end]
    hits = tuple((start + a, start + b) for a, b in _find_all(wanted, unit) or _find_squeezed(wanted, unit))
    return hits, tuple((a, b) for a, b in hits if not cuts_number(text, a, b, number))


def _find_all(quote: str, text: str) -> list[tuple[int, int]]:
    """Where the quote stands in the text, each time after the last."""
    hits, at = [], text.find(quote)
    while at >= 0:
        hits.append((at, at + len(quote)))
        at = text.find(quote, at + len(quote))
    return hits


def _find_squeezed(quote: str, text: str) -> list[tuple[int, int]]:
    """Places where the quote stands if white space and signs without width are left out of both, as offsets in `text`."""
    wanted = "".join(visible(quote).split())
    positions = [i for i, c in enumerate(text) if not c.isspace() and c not in UNSEEN]
    squeezed = "".join(text[i] for i in positions)
    hits, at = [], squeezed.find(wanted)
    while at >= 0:
        start, end = positions[at], positions[at + len(wanted) - 1] + 1
        if not _joins_digits(quote, text[start:end]):
            hits.append((start, end))
        at = squeezed.find(wanted, at + 1)
    return hits


def _joins_digits(quote: str, printed: str) -> bool:
    """White space between digits is part of the number: `1 2` is not `12`."""
    return re.findall(r"\d+", visible(quote)) != re.findall(r"\d+", visible(printed))
