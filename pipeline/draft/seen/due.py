"""By when: the dates near a number that may be its deadline, where each stands, and what lies between."""

from __future__ import annotations

import bisect
import datetime as dt
import re
import sys
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pipeline.draft.grammar.goal_tables import heads_of
from pipeline.draft.grammar.rules import HAN, HANGUL, remembered, scripts_of
from pipeline.draft.grammar.targets import sentences_of
from pipeline.draft.grammar.view import Number, View
from pipeline.draft.seen.numbers import numbers_between
from pipeline.normalise import find_dates, find_deadline, find_deadlines, parse_date
from schemas.document import ArticleUnit
from schemas.vocabulary import UnitKind

_YEAR = re.compile(
    r"(?<![\d.,])(?:20\d\d(?:년|年|(?![\d.,]*\d|\s?[가-힣\u4e00-\u9fff%‰])|(?=\s?[까말초상하底末前]))|['’‘ʼ`´]\d\d(?!\d)년?)"
)
"""A year: written out before a word that is none of a date it is a number (`2000批次`)."""
_RELATIVE = re.compile(r"올해|금년|내년|내후년|今年|本年|明年|\b(?:this|next) year\b")
_RELATIVE_END = re.compile(r"\s?(?:상반기|하반기|말|초|중|도|[1-4]분기|底|末|内|上半年|下半年)")
DEADLINE, DATE, YEAR, RELATIVE = range(4)
"""Forms: said to be a deadline, a date, a year alone, a word of distance."""
OWN, ABOVE, FURTHER, COLUMN, HEADING, OUTER, BESIDE, BEFORE, HEADLINE = range(9)
"""Where a date stands: in the number's own unit, the unit above, further up, its column's head, the nearest heading, one
further up, the item before, the sentence before, the headline."""
_EDGES = (0, 2, 5, 10, 20, 40, 80, 160)
_MOST = 24
"""So many dates of a place are looked at."""
_FAR = 400
DUE = {
    "place": 9, "form": 4, "side": 4, "far": len(_EDGES) + 1, "between": 3, "numbers": 4, "nearer": 4, "year": 7, "exact": 3,
    "arrow": 2, "bracket": 2, "until": 2, "after_from": 2, "own": 3, "language": 3, "beside": 5, "latest": 3,
}  # fmt: skip
"""Name of each trait of a date beside a number, and how many values it has."""
_UNTIL = re.compile(r"\s?(?:까지|내에|안에|목표|为止|前|底前|末)|\s?[)）]?\s?(?:까지|목표)")
_FROM = re.compile(r"\s?(?:부터|기준|현재|대비|起|以来|比|年?末?现状)")
# 2023년 3개교 지정에 이어, 올해 3개교를: the year of what went before.
_WENT_BEFORE = re.compile(r"(?:[^,，.。()（）]|[(（][^()（）]*[)）]){0,60}?(?:에|데)\s이어[\s,]")
_COMPARED = re.compile(r"[년年]?말?\s?(?:比|대비|보다)")
"""Behind the year that a goal is compared with."""
_BRACKETED = re.compile(r"(?:\s?[가-힣·ㆍ]{1,4}){0,2}\s?[(（]")
_ARROW = re.compile(r"→|⇒|➡|->|[~∼]")


class Dated(NamedTuple):
    """A date in a unit; `value` as a record would hold it."""

    unit: ArticleUnit
    start: int
    end: int
    value: str
    form: int
    place: int


@remembered
def dates_in(words: str, issue: dt.date | None) -> tuple[tuple[int, int, str, int], ...]:
    """Start, end, value and form of each date in the words, in order, none within another."""
    found = [(start, end, DEADLINE) for _, (start, end) in find_deadlines(words, None, issue)]
    found += [(d.start, d.end, DATE) for d in find_dates(words)]
    found += [(*m.span(), YEAR) for m in _YEAR.finditer(words)]
    for relative in _RELATIVE.finditer(words):
        tail = _RELATIVE_END.match(words, relative.end())
        found.append((relative.start(), tail.end() if tail else relative.end(), RELATIVE))
    kept: list[tuple[int, int, str, int]] = []
    for start, end, form in sorted(found, key=lambda f: (f[0], f[2], -f[1])):
        if len(kept) < _MOST and (not kept or start >= kept[-1][1]) and (value := _value(words[start:end], issue)):
            kept.append((start, end, value, form))
    return tuple(kept)


def _value(words: str, issue: dt.date | None) -> str | None:
    known = find_deadline(words, issue=issue)
    return known[0] if known is not None else parse_date(words, issue, due=True)


def dates_near(view: View, number: Number) -> list[Dated]:
    """The dates that may be a number's deadline: in its unit, above it, before it, in the headline."""
    found, seen = [], set()
    for place, u in _places(view, number.unit):
        if u.unit.index in seen:
            continue
        seen.add(u.unit.index)
        words, at = view.words(u), number.quantity.start
        first = max(0, at - _FAR) if place == OWN else 0
        stop = at + _FAR if place == OWN else _FAR
        for start, end, value, form in dates_in(words[first:stop], view.article.issue_date):
            if place != OWN or not (start + first < number.quantity.end and number.quantity.start < end + first):
                found.append(Dated(u, start + first, end + first, value, form, place))
    return found


def able_dates(view: View, number: Number, dates: Sequence[Dated]) -> list[Dated]:
    """The dates that may be a number's deadline at all.

    Not that of what went before (`2023년 지정에 이어`) or of a comparison (`'18년 대비`), nor one of a later sentence where
    the number's own has a date. One that stands alone in brackets behind the number is its own: `3%(’24)→10%(’26)`.
    """
    words, stop = view.words(number.unit), number.quantity.end
    inside = [d for d in dates if d.place == OWN and words[d.end : d.end + 1] in tuple(")）")]
    beside = [d for d in inside if _BRACKETED.fullmatch(words, stop, d.start)]
    starts, _ = sentences_of(words)
    at = bisect.bisect_right(starts, number.quantity.start)
    begin, end = starts[at - 1], starts[at] if at < len(starts) else sys.maxsize
    own = any(d.place == OWN and begin <= d.start < end for d in dates)
    return [
        d
        for d in beside or dates
        if not any(of.match(view.words(d.unit), d.end) for of in (_WENT_BEFORE, _COMPARED))
        and not (own and d.place == OWN and d.start >= end)
    ]


def _places(view: View, u: ArticleUnit) -> Iterator[tuple[int, ArticleUnit]]:
    yield OWN, u
    above = view.parent(u)
    for place in (ABOVE, FURTHER, FURTHER):
        if above is None:
            break
        if above.unit.kind not in (UnitKind.ROW, UnitKind.HEADING, UnitKind.BOX):
            yield place, above
        above = view.parent(above)
    yield from ((COLUMN, head) for head in heads_of(view, u))
    headings = view.headings(u)
    yield from ((HEADING if i == 0 else OUTER, h) for i, h in enumerate(reversed(headings[-3:])))
    beside = next((v for v in view.siblings(u.unit.parent, u.unit.start) if v.unit.kind is u.unit.kind), None)
    if beside is not None:
        yield BESIDE, beside
    at = view.position(u)
    before = next((v for v in view.units[max(0, at - 6) : at][::-1] if v.unit.kind is UnitKind.SENTENCE), None)
    if before is not None:
        yield BEFORE, before
    if view.headline is not None:
        yield HEADLINE, view.headline


def due_traits(view: View, number: Number, dated: Dated, all_dates: Sequence[Dated]) -> tuple[int, ...]:
    """What is seen of a date beside a number, as `DUE` names it."""
    words, q = view.words(dated.unit), number.quantity
    own = dated.place == OWN
    before = own and dated.end <= q.start
    first, last = (dated.end, q.start) if before else (q.end, dated.start) if own else (0, 0)
    gap = words[first:last]
    beside = [d for d in all_dates if d.unit is dated.unit and d is not dated]
    nearer = (
        sum(_between(dated, other, number) for other in beside) if own else sum(d.start > dated.start for d in beside)
    )
    issue, year = view.article.issue_date, int(dated.value[:4])
    scripts = scripts_of(view.words(number.unit))
    return (
        dated.place,
        dated.form,
        3 if not own else 1 if before else 2,
        _bin(len(gap)) if own else 0,
        0 if not own else 2 if re.search(r"[.。;；]\s", gap) else int(re.search(r"[,，、]", gap) is not None),
        min(numbers_between(words, first, last), 3),
        min(nearer, 3),
        0 if issue is None else 1 + min(max(year - issue.year, -2), 3) + 2,
        0 if len(dated.value) == 4 else 1 if len(dated.value) == 7 else 2,
        int(_ARROW.search(gap) is not None),
        int(words[dated.start - 1 : dated.start] in tuple("(（") and dated.start > 0),
        int(_UNTIL.match(words, dated.end) is not None or "까지" in words[dated.start : dated.end]),
        int(_FROM.match(words, dated.end) is not None),
        min(sum(d.place == OWN for d in all_dates), 2),
        0 if scripts & HANGUL else 1 if scripts & HAN else 2,
        _beside(dated, gap, words, before) if own else 0,
        _latest(dated, all_dates),
    )


def _beside(dated: Dated, gap: str, words: str, before: bool) -> int:
    """0 apart; 1 in brackets right behind the number, 2 behind it, 3 before it, 4 before it at the head of the unit."""
    if not before:
        if _BRACKETED.fullmatch(gap):
            return 1
        return 0 if len(gap) > 2 else 2
    if dated.start <= 2:
        return 4
    return 3 if len(gap) <= 3 else 0


def _latest(dated: Dated, all_dates: Sequence[Dated]) -> int:
    """0 the only year of its unit, 1 the latest, 2 an earlier one."""
    years = {d.value[:4] for d in all_dates if d.unit is dated.unit}
    return 0 if len(years) < 2 else 1 if dated.value[:4] == max(years) else 2


def _between(dated: Dated, other: Dated, number: Number) -> bool:
    """Whether another date of the unit stands between a date and the number."""
    q = number.quantity
    return (dated.end <= other.start and other.end <= q.start) or (q.end <= other.start and other.end <= dated.start)


def _bin(signs: int) -> int:
    return sum(signs > edge for edge in _EDGES)
