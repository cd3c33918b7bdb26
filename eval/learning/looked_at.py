"""Marks of a document that someone has only begun to look through: what nobody looked at counts neither way."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from eval.learning.fit import UNSURE
from eval.learning.marks import Example
from eval.score.match import shared
from pipeline.draft.grammar.view import View
from pipeline.draft.seen.numbers import numbers_of
from schemas.document import Article
from schemas.records import Extent, Span


class Places(NamedTuple):
    """Where someone has looked: stretches that are or are no measure or announcement, and numbers."""

    stated: list[Span]
    numbers: list[Span]


def only(example: Example, text: str, article: Article, places: Places) -> Example:
    """The example with the marks of units and numbers at `places` alone.

    An article without any such place may report a policy or none.
    """
    view = View(text, article)
    units = [Extent(start=u.unit.start, end=u.unit.end) for u in view.units]
    numbers = [
        Extent(start=n.unit.unit.start + n.quantity.start, end=n.unit.unit.start + n.quantity.end)
        for n in numbers_of(view)
    ]
    return dataclasses.replace(
        example,
        reports=example.reports if any(_within(p, article) for p in (*places.stated, *places.numbers)) else UNSURE,
        roles=np.where(_seen(units, places.stated)[:, None], example.roles, UNSURE).astype(np.int8),
        goals=np.where(_seen(numbers, places.numbers)[:, None], example.goals, UNSURE).astype(np.int8),
    )


def _within(place: Span, article: Article) -> bool:
    return article.start <= place.start < article.end


def _seen(parts: Sequence[Extent], places: Sequence[Span]) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which parts have at least half of their signs at one of the places."""
    return np.array([any(2 * shared(part, p) >= part.end - part.start for p in places) for part in parts], dtype=bool)
