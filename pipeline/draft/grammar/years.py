"""A year printed in words: which it is, how it lies to the document's own, and that of a unit that frames goals."""

from __future__ import annotations

import re

from pipeline.draft.grammar.view import View
from pipeline.normalise import find_deadline, find_period
from schemas.answer import Ref
from schemas.document import ArticleUnit

_MONTH_BEHIND = re.compile(
    r"[(（]\s?(?:(?P<year>20\d\d)|['’‘ʼ`´](?P<short>\d\d))\s?[.년-]\s?(?P<month>\d{1,2})(?!\d)[^()（）~∼～]{0,12}[)）]"
)
_BEHIND, _EARLIER = 20, 2
"""So many signs behind a title may tell its month; so many months before the document's it is another's."""
_BRACKET = re.compile(r"[*※]?\s?[(（][^()（）]{4,24}[)）]")
YEAR = re.compile(r"(?:(?P<year>20\d\d)|['’‘ʼ`´](?P<short>\d\d))(?:\s?[年년])?")


def year_named(found: re.Match[str]) -> int:
    """The year of a match with `YEAR`, or with a pattern of the same groups."""
    return int(found["year"] or f"20{found['short']}")


def year_trait(view: View, year: re.Match[str] | None) -> int:
    """0 no year, 1 the document's is not known, 2 an earlier year, 3 the document's, 4 a later one."""
    if year is None:
        return 0
    if (issued := view.article.issue_date) is None:
        return 1
    named = year_named(year)
    return 3 if named == issued.year else 2 if named < issued.year else 4


def is_of_before(view: View, u: ArticleUnit, start: int, end: int) -> bool:
    """Whether a title has the month of an earlier announcement in brackets: ｢제3차 기본계획(’19.6월)｣ in a release of 2022."""
    issued, found = view.article.issue_date, _MONTH_BEHIND.search(view.words(u), start, end + _BEHIND)
    if issued is None or found is None or found.start() > end + 1:
        return False
    return (issued.year - year_named(found)) * 12 + issued.month - int(found["month"]) >= _EARLIER


def period_beside(view: View, title: str) -> Ref | None:
    """The years in brackets right behind a title where another unit names it: 「제4차 정비계획(2031~2040)」."""
    bare = title.rstrip("*※ ")
    for u in view.units:
        words = view.words(u)
        at = words.find(bare) + len(bare)
        if (
            at >= len(bare)
            and (bracket := _BRACKET.match(words, at)) is not None
            and (found := find_period(bracket[0]))
        ):
            return view.ref(u, at + found[2][0], at + found[2][1])
    return None


def year_of(view: View, u: ArticleUnit) -> Ref | None:
    """The deadline in a unit that frames a goal: a column's header, a heading; or the year in it."""
    words = view.words(u)
    found, year = find_deadline(words, issue=view.article.issue_date), YEAR.search(words)
    span = found[1] if found is not None else year.span() if year is not None else None
    return view.ref(u, *span) if span is not None else None
