"""Numbers that may be goals: where they stand in an article, and what the grammar sees around each."""

from __future__ import annotations

import bisect
import re
from dataclasses import replace
from typing import NamedTuple

from pipeline.draft.grammar import targets as around
from pipeline.draft.grammar.goal_tables import CELL_TRAITS, bare_number, cell_traits, heads_of, row_name
from pipeline.draft.grammar.rules import remembered
from pipeline.draft.grammar.view import Number, View
from pipeline.draft.grammar.years import YEAR, year_named, year_trait
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
_ROSE = re.compile(
    r"[^\s\d()（）→,]{0,3}(?:\s[^\s\d()（）→,]{1,6})?\s?[(（]\s?(?:(?P<year>20\d\d)|['’‘ʼ`´]?(?P<short>\d\d))\s?[년年]?\s?[)）]"
    r"\s*(?:→|⇒|➔|⟶|➡|->|=>)"
)
_RISES = re.compile(r"(?:(?P<arrow>→|⇒|➔|➡|->)|에서|보다|\bfrom\b.{1,20}\bto|由.{1,16}到)\s*$")
_DATED = re.compile(
    rf"{YEAR.pattern}(?:도|말|초|까지|에는?|까지는|의|底|末|前|\s|[,:：)）])*(?:총|약|누적|연|매년|연간|到|达到|增至|to|at least|of)?\s*$"
)
_DATED_BEHIND = re.compile(rf"[^\s\d(（]{{0,6}}\s?[(（]\s?[~∼]?\s?{YEAR.pattern}")
_CLOSE_BY = 32
_OF_WHICH = re.compile(r"\s?(?:중|가운데)(?:에서)?\s[^\d,.()]{0,10}\d")
# 모델 20개 발굴(’20년 4개), 7대 강국(현재 10위권): what was before, in brackets behind what is to be.
_BEFORE_NOW = re.compile(
    r"\d[^()（）]{0,14}[(（]\s?(?:(?P<now>현재|기존|당초|종전|작년|전년|지난해|目前|现有|currently)"
    rf"|(?P<when>{YEAR.pattern})\s?말?)\s?(?:기준|약|총)?\s?$"
)
OWN = {
    "comparator": len(_COMPARATORS), "unit": len(_UNIT_CLASSES) + 2, "structure": 2, "around": 2, "forecast": 2,
    "limit": 2, "points": 2, "from": 2, "arrow": 2, "cited": 2, "wanted": 2, "deadline": 3, "fund": 2, "framed": 3,
    "goal_word": 2, "goal": 2, "fact": 2, "past": 2, "already": 2, "past_year": 2, "rank": 2, "reaches": 2, "nth": 4,
    "rises": 3, "bracketed": 3, "year": 5, **CELL_TRAITS,
}  # fmt: skip
"""Name of each trait of a number, and how many values it has."""


def numbers_of(view: View) -> list[Number]:
    """The number phrases and ranks of an article's units and the bare numbers of its tables, in text order of the units."""
    found: list[Number] = []
    for u in view.units:
        if u.unit.kind in _NONE or u.unit.role == "header" or view.in_references(u):
            continue
        words = view.words(u)
        phrases = find_quantities(words)
        found += (Number(u, q, i) for i, q in enumerate(phrases))
        if not phrases and (bare := bare_number(view, u)) is not None:
            found.append(Number(u, bare, bare=True))
        found += (Number(u, _in_words(rank), i, rank=True) for i, rank in enumerate(around.RANK.spans(words)))
    return found


def is_baseline(view: View, number: Number) -> bool:
    """Whether a number says of how many another is a part (`30곳 중 11곳`), or what was before.

    That is in brackets behind another one, now or in a year of the past, or with its own year before an arrow (`40개(’21) ⇒
    60개(’22)`), where that is not to come.

    Where nobody knows when the document was issued, a year that is earlier than another one before the bracket.
    """
    words, issued = view.words(number.unit), view.article.issue_date
    if _OF_WHICH.match(words, number.quantity.end):
        return True
    rose = _ROSE.match(words, number.quantity.end)
    words = words[: number.quantity.start]
    if rose is not None:
        return year_named(rose) <= issued.year if issued is not None else _RISES.search(words) is None
    found = _BEFORE_NOW.search(words, max(0, len(words) - 2 * _CLOSE_BY))
    if found is None or found["now"]:
        return found is not None
    year = year_named(found)
    others = (year_named(other) for other in YEAR.finditer(words, 0, found.start("when")))
    return year < issued.year if issued is not None else any(year < other for other in others)


def _in_words(rank: tuple[int, int]) -> Quantity:
    start, end = rank
    return Quantity(start=start, end=end, value=None, value_max=None, unit=None, comparator=Comparator.REFERENCE)


class Around(NamedTuple):
    """The words beside a number: at most 60 signs of its unit on each side, its sentence, what stands above it.

    Before the number of a cell stands what names its row.
    """

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
    headings, name = view.headings(u), row_name(view, u) if u.unit.kind is UnitKind.CELL else None
    before = view.words(name)[-_BESIDE:] if name is not None else words[max(0, q.start - _BESIDE) : q.start]
    return Around(
        words[q.start : q.end],
        words[q.end : q.end + _BESIDE],
        before,
        sentences[bisect.bisect_right(starts, q.start) - 1].words[-_BESIDE:],
        view.words(headings[-1])[:_BESIDE] if headings else "",
        " ".join(view.words(h)[:_BESIDE] for h in heads_of(view, u)),
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
        *_beside(view, words, near),
        *cell_traits(view, u, bare=number.bare),
    )


def _beside(view: View, sentence: str, q: Quantity) -> tuple[int, int, int]:
    """What a number rises from (1 before an arrow, 2 in words), whether it stands in brackets (1 behind a number, 2 behind
    something else), and the year beside it.
    """
    before, after = sentence[max(0, q.start - _CLOSE_BY) : q.start], sentence[q.end : q.end + _CLOSE_BY]
    dated = _DATED.search(before)
    rises = _RISES.search(before[: dated.start()].rstrip(" (（~∼") if dated is not None else before)
    opened = max(before.rfind("("), before.rfind("（"))
    inside = opened >= 0 and not any(sign in before[opened:] for sign in ")）")
    behind_number = inside and re.search(r"\d\D{0,3}$", before[:opened]) is not None
    return (
        0 if rises is None else 1 if rises["arrow"] else 2,
        0 if not inside else 1 if behind_number else 2,
        year_trait(view, dated or _DATED_BEHIND.match(after)),
    )


def numbers_between(words: str, start: int, end: int) -> int:
    """How many number phrases stand whole between two places of a unit's words."""
    starts, ends = edges_of(words)
    return max(0, bisect.bisect_right(ends, end) - bisect.bisect_left(starts, start))


@remembered
def edges_of(words: str) -> tuple[list[int], list[int]]:
    """Where the number phrases of a unit's words begin, and where they end."""
    found = find_quantities(words)
    return [q.start for q in found], [q.end for q in found]


@remembered
def _names_deadline(sentence: str) -> bool:
    return find_deadline(sentence) is not None


def class_of(unit: str) -> int:
    """Class of a number's unit: 0 no unit, then the classes in order, then any other."""
    if not unit:
        return 0
    return next((i + 1 for i, p in enumerate(_UNIT_CLASSES) if p.search(unit)), len(_UNIT_CLASSES) + 1)
