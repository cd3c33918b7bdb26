"""Numbers that may be goals: where they stand in an article, and what the grammar sees around each."""

from __future__ import annotations

import bisect
import re
from dataclasses import replace
from typing import NamedTuple

from pipeline.draft import targets as around
from pipeline.draft.rules import remembered
from pipeline.draft.view import Number, View
from pipeline.normalise import Quantity, find_deadline, find_quantities, is_structure_count
from schemas.vocabulary import Comparator, UnitKind

_NONE = frozenset({UnitKind.CLAUSE, UnitKind.ITEM, UnitKind.ROW, UnitKind.LINK, UnitKind.FURNITURE})
_COMPARATORS = tuple(Comparator)
_UNIT_CLASSES = (
    re.compile(r"%|％|퍼센트|百分"),
    re.compile(r"위안|원|달러|유로|엔|元|€|\$|£|¥|\b(?:USD|EUR|euros?|dollars?|yuan|won|yen)\b"),
    re.compile(
        r"^(?:년|개년|개월|월|일|주|시간|초|분|年|月|天|日|小时|years?|months?|days?|hours?|세|岁|회|次|차|단계|급|도)$"
    ),
    re.compile(r"^(?:kV|kW|MW|GW|GWh|MWh|TWh|kWh|㎾|㎿|km|㎞|千瓦|万千瓦|m|mm|cm|㎡|平方米|公里|吨|톤|ha|亩)$"),
    re.compile(r"명|人|名|people|jobs"),
    re.compile(r"개|곳|건|대|기|종|호|동|사|家|个|座|台|项|套|件"),
    re.compile(r"배|倍|times"),
    re.compile(r"위|位"),
)
_BESIDE = 60
_FROM = re.compile(r"(?:up|down)\s+from\s*$|\bfrom\s*$|(?:현재|기존|종전)\s*$")
OWN = {
    "comparator": len(_COMPARATORS), "unit": len(_UNIT_CLASSES) + 2, "structure": 2, "around": 2, "forecast": 2,
    "limit": 2, "points": 2, "from": 2, "arrow": 2, "cited": 2, "wanted": 2, "deadline": 3, "fund": 2, "framed": 3,
    "goal_word": 2, "goal": 2, "fact": 2, "past": 2, "already": 2, "past_year": 2, "rank": 2, "reaches": 2, "nth": 4,
}  # fmt: skip
"""Name of each trait of a number, and how many values it has."""


def numbers_of(view: View) -> list[Number]:
    """The number phrases and ranks of an article's units, in text order of the units."""
    found: list[Number] = []
    for u in view.units:
        if u.unit.kind in _NONE or u.unit.role == "header" or view.in_references(u):
            continue
        words = view.words(u)
        found += (Number(u, q, i) for i, q in enumerate(find_quantities(words)))
        found += (Number(u, _in_words(rank), i, rank=True) for i, rank in enumerate(around.RANK.finditer(words)))
    return found


def _in_words(rank: re.Match[str]) -> Quantity:
    start, end = rank.span()
    return Quantity(start=start, end=end, value=None, value_max=None, unit=None, comparator=Comparator.REFERENCE)


class Around(NamedTuple):
    """The words beside a number: at most 60 signs of its unit on each side, its sentence, what stands above it."""

    number: str
    after: str
    before: str
    sentence: str
    heading: str
    column: str
    """The heads of its column, where it stands in a table."""


def around_number(view: View, number: Number) -> Around:
    """The words that tell what a number is."""
    u, q = number.unit, number.quantity
    words = view.words(u)
    starts, sentences = around.sentences_of(words)
    headings = view.headings(u)
    return Around(
        words[q.start : q.end],
        words[q.end : q.end + _BESIDE],
        words[max(0, q.start - _BESIDE) : q.start],
        sentences[bisect.bisect_right(starts, q.start) - 1].words[-_BESIDE:],
        view.words(headings[-1])[:_BESIDE] if headings else "",
        " ".join(view.words(view.by_index[i])[:_BESIDE] for i in u.unit.header if i in view.by_index),
    )


def number_traits(view: View, number: Number) -> tuple[int, ...]:
    """What stands around a number, as `OWN` names it."""
    u, q = number.unit, number.quantity
    starts, sentences = around.sentences_of(view.words(u))
    at = bisect.bisect_right(starts, q.start) - 1
    sentence, near = sentences[at], replace(q, start=q.start - starts[at], end=q.end - starts[at])
    says, words, far = sentence.says, sentence.words, max(0, near.start - around.FAR)
    after, unit = words[near.end : near.end + 40], q.unit or ""
    begin = max(words.rfind(",", far, near.start), words.rfind("고 ", far, near.start), far)
    clause = words[begin : near.end + 40]
    return (
        _COMPARATORS.index(q.comparator),
        class_of(unit),
        int(is_structure_count(unit, after)),
        int(around.AROUND.match(after) is not None),
        int(around.FORECAST.within(around.comma_part(words, near))),
        int(around.LIMIT.within(clause)),
        int("p" in unit),
        int(_FROM.search(words[far : near.start]) is not None),
        int(around.BEFORE_ARROW.match(after) is not None),
        int(says.cited),
        int(says.wanted),
        2 if around.has_year_before(sentence, near) else int(_names_deadline(words)),
        int(around.FUND.within(clause)),
        around.framed(view, u),
        int(says.goal_word),
        int(says.goal),
        int(says.fact),
        int(says.past),
        int(says.already <= near.start),
        int(around.of_a_past_year(sentence, near.start, view.article.issue_date)),
        int(number.rank),
        int(says.reaches),
        min(number.nth, 3),
    )


@remembered
def _names_deadline(sentence: str) -> bool:
    return find_deadline(sentence) is not None


def class_of(unit: str) -> int:
    """Class of a number's unit: 0 no unit, then the classes in order, then any other."""
    if not unit:
        return 0
    return next((i + 1 for i, p in enumerate(_UNIT_CLASSES) if p.search(unit)), len(_UNIT_CLASSES) + 1)
