"""Phrases of which one is to be chosen, as an `Example` holds them: a group for each thing that one of them names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from eval.learning.fit import UNSURE, Labels
from pipeline.draft.grammar.view import Placed
from pipeline.learn.grams import Grams
from pipeline.learn.linear import OF_TRAITS, Field
from pipeline.learn.sheet import Links, Sheet, joined
from schemas.records import Extent

NEARLY = 0.8
"""Overlap from which a phrase is as good as the one that a label names."""
SAME = 0.5
"""How well a phrase fits a label that may be the best there is."""


class Choices(NamedTuple):
    """All phrases of an article in one sheet, their marks, and the group that each belongs to."""

    sheet: Sheet
    marks: Labels
    groups: Links


def marked(fits: Sequence[float], nearly: float, alike: float = SAME) -> list[int]:
    """A mark for each phrase: the one most like the label and all from `nearly` on; from `alike` on neither way."""
    best = max(fits)
    return [1 if f >= nearly or f == best >= SAME else UNSURE if f >= alike else 0 for f in fits]


def by_any(of_each: Sequence[Sequence[int]], count: int) -> list[int]:
    """Marks of so many phrases by the name that each fits best, where each name has marks of its own."""
    each = zip(*of_each, strict=True) if of_each else ((0,) for _ in range(count))
    return [1 if 1 in marks else UNSURE if UNSURE in marks else 0 for marks in each]


def grouped(sheets: Sequence[Sheet], marks: Sequence[int], sizes: Sequence[int], fields: Sequence[Field]) -> Choices:
    """The groups of an article, a sheet each; `sizes` and `fields`: what is looked at, for an article without any."""
    of_each = [len(s) for s in sheets]
    return Choices(
        joined(sheets) if sheets else _empty(sizes, fields),
        np.array(marks, dtype=np.int8).reshape(len(marks), 1),
        np.repeat(np.arange(len(sheets), dtype=np.int32), of_each),
    )


def _empty(sizes: Sequence[int], fields: Sequence[Field]) -> Sheet:
    none = Grams(np.zeros(0, np.uint16), np.zeros(1, np.int64))
    return Sheet(np.zeros((0, len(sizes)), np.uint8), {f.source: none for f in fields if f.source != OF_TRAITS}, {})


def extent_of(part: Placed) -> Extent:
    """Where a part of a unit stands in the text."""
    unit, start, end = part
    return Extent(start=unit.unit.start + start, end=unit.unit.start + end)
