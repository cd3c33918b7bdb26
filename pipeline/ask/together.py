"""Short articles of one document asked about at once: which go together, and their units numbered through."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from schemas.document import Article, ArticleUnit


def group(articles: Sequence[Article], most: int) -> list[list[Article]]:
    """The articles in their order, as many together as have no more than `most` characters; a longer one is alone."""
    groups: list[list[Article]] = []
    size = 0
    for article in articles:
        own = article.end - article.start
        if not groups or size + own > most:
            groups.append([])
            size = 0
        groups[-1].append(article)
        size += own
    return groups


def number_through(articles: Sequence[Article]) -> list[Article]:
    """The articles with unit ids that go on from one to the next: an id says in which article a unit stands."""
    numbered, before = list(articles[:1]), 0
    for last, article in pairwise(articles):
        before += max((int(u.id.partition(".")[0]) for u in last.units), default=0)
        units = tuple(ArticleUnit(id=_moved(u.id, before), unit=u.unit) for u in article.units)
        numbered.append(article.model_copy(update={"units": units}))
    return numbered


def article_of(articles: Sequence[Article], unit_id: str) -> int:
    """Position of the article that has a unit of this id; the first one's where none has."""
    return next((i for i, a in enumerate(articles) if any(u.id == unit_id for u in a.units)), 0)


def _moved(unit_id: str, by: int) -> str:
    number, dot, part = unit_id.partition(".")
    return f"{int(number) + by}{dot}{part}"
