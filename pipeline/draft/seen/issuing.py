"""Who issues a policy: the phrases that may name a body that does, and what is seen of each.

Bodies stand in what announces, in the headline, at the head and in the signature. Which of them issue is learned.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator, Sequence
from itertools import islice

from pipeline.draft.grammar.authorities import AUTHORITY
from pipeline.draft.grammar.rules import HAN, HANGUL, LATIN, remembered, scripts_of
from pipeline.draft.grammar.titles import letters_of
from pipeline.draft.grammar.view import Lead, Phrase, View
from pipeline.draft.seen.bodies import KNOWN, names_in
from pipeline.draft.seen.naming import behind_of, led_by
from pipeline.draft.seen.traits import language_of
from pipeline.normalise import find_organisations
from schemas.document import ArticleUnit
from schemas.vocabulary import UnitKind

OWN, HEADLINE, ABOVE, BELOW, FIRST, LAST = range(6)
"""Where a phrase stands: in the unit that announces, in the headline, right before or behind the former, at either end."""
_NEAR, _AT_HEAD, _AT_END = 3, 4, 6
"""So many units beside what announces, at the head and at the end may name who issues."""
_SEEN, _SEEN_ELSEWHERE = 400, 120
"""How many signs are looked at of the unit that announces, and of the others."""
_LINE = 60
"""A line that is signed takes no more."""
_MOST, _LONGEST, _WORDS_BEFORE = 120, 70, 2
"""So many phrases of a unit are looked at, so long may one be, and so many words before a name be part of it."""
_WORD, _ABBREVIATION = re.compile(r"[^\s,，、.()（）]+"), re.compile(r"(?<![A-Za-z])[A-Z][A-Za-z&-]{1,}(?![A-Za-z])")
_CLAUSE = re.compile(r"(?:^|(?<=[，。、；：:\s日]))(?=[\u4e00-\u9fff])")
_OFFICE, _HAN_NAME = re.compile(r"(?<=[\u4e00-\u9fff])[部局厅委办会府院署省市县区长理]"), 24
_EDGES = 3
"""At so many of the first words with capitals in a row a name may begin, and end at so many of the last."""
_KINDS = tuple(UnitKind)
_BRACKET = re.compile(r"\s?[（(][^()（）]{1,60}[)）]")
_AND = re.compile(r",?\sand\s(?:the\s)?")
_COMMON = re.compile(r"\b(?:government|ministry|council|cabinet|department|commission)\b")
_CAPITALISED = r"(?:[A-Z][\w’'&.-]*\w|[A-Z])"
_CAPITAL = re.compile(_CAPITALISED)
_CAPITALS = re.compile(
    rf"{_CAPITALISED}(?:(?:,?\s(?:of|for|and|the|on|in|&)){{0,2}},?\s{_CAPITALISED})*(?:\s\([A-Z][\w&-]{{1,11}}\))?"
)
_SIZES, _STARTS, _TIMES = (2, 3, 4, 6, 8, 11, 15, 20, 30, 45), (0, 2, 12, 25, 50, 120), (1, 2, 3, 5)
TRAITS = {
    "place": 6, "language": 4, "kind": len(UnitKind), "known": KNOWN, "authority": 2, "behind": 14, "headed": 2, "led_by": 16,
    "start": 7, "order": 7, "bracketed": 2, "size": 11, "words": 6, "alone": 2, "longer": 2, "before_title": 3, "again": 5,
}  # fmt: skip
"""Name of each trait of a phrase that may name who issues, and how many values it has."""


def issuer_phrases(view: View, lead: Lead) -> list[Phrase]:
    """The phrases that may name who issues what a lead announces, each once."""
    found: list[Phrase] = []
    for u, place in _units(view, lead):
        words = view.words(u)[: _SEEN if place == OWN else _SEEN_ELSEWHERE]
        names = sorted(_names(words))[:_MOST]
        found += [Phrase(u, start, end, place) for start, end in names if 2 <= end - start <= _LONGEST]
    return found


def _names(words: str) -> set[tuple[int, int]]:
    """Where some words may name a body: in Korean with words before it, in English any part of words with capitals."""
    names, scripts = set(names_in(words)), scripts_of(words)
    if not scripts & HANGUL:
        names.update(_chinese(words) if scripts & HAN else _latin(words) if scripts & LATIN else ())
        return names
    names.update(m.span() for m in _ABBREVIATION.finditer(words))
    begins = {b: a for a, b in (m.span() for m in _WORD.finditer(words))}
    for start, end in list(names):
        for _ in range(_WORDS_BEFORE):
            before = begins.get(start - 1)
            if before is None or words[start - 1] != " ":
                break
            start = before
            names.add((start, end))
    return names


def _chinese(words: str) -> Iterator[tuple[int, int]]:
    """From where a clause begins to each sign that bodies and offices end with."""
    for begin in _CLAUSE.finditer(words):
        ends = islice(_OFFICE.finditer(words, begin.end(), begin.end() + _HAN_NAME), _EDGES)
        yield from ((begin.end(), m.end()) for m in ends)


def _latin(words: str) -> Iterator[tuple[int, int]]:
    """Parts of words with capitals in a row: from the first of them, or behind an `and`, to the last, or before an `and`."""
    words = _COMMON.sub(lambda m: m.group().capitalize(), words)
    for run in _CAPITALS.finditer(words):
        tokens = [m.span() for m in _CAPITAL.finditer(words, *run.span())]
        joins = [m.span() for m in _AND.finditer(words, *run.span())]
        starts = {a for a, _ in tokens[:_EDGES]} | {b for _, b in joins}
        ends = {run.end(), *(b for _, b in tokens[-_EDGES:]), *(a for a, _ in joins)}
        ends |= {b - 2 for b in ends if words[b - 2 : b] in ("'s", "’s")}
        yield from ((a, b) for a in starts for b in ends if b > a)


def _units(view: View, lead: Lead) -> Iterator[tuple[ArticleUnit, int]]:
    """The units that may name who issues, each once and by the first of its places."""
    at, head = view.position(lead.unit), view.headline
    named = [(lead.unit, OWN), *([(head, HEADLINE)] if head is not None else [])]
    named += [(u, ABOVE) for u in view.units[max(0, at - _NEAR) : at]]
    named += [(u, BELOW) for u in view.units[at + 1 : at + 1 + _NEAR]]
    named += [(u, FIRST) for u in view.units[:_AT_HEAD]] + [(u, LAST) for u in view.units[-_AT_END:]]
    seen: set[int] = set()
    for u, place in named:
        able = u.unit.kind is not UnitKind.ROW and not view.is_part(u) and (place != LAST or _is_short(view, u))
        if u.unit.index not in seen and (able or place == OWN):
            seen.add(u.unit.index)
            yield u, place


def issuer_traits(view: View, lead: Lead, phrases: Sequence[Phrase]) -> list[tuple[int, ...]]:
    """What is seen of each of the phrases that may name who issues, as `TRAITS` names it."""
    text, times = letters_of(view.opening), dict[str, int]()
    of_units: dict[int, list[Phrase]] = {}
    for p in phrases:
        of_units.setdefault(p.unit.unit.index, []).append(p)
    units = {index: _Unit(view.words(own[0].unit), own) for index, own in of_units.items()}
    rows: list[tuple[int, ...]] = []
    for u, start, end, place in phrases:
        letters = letters_of(view.words(u)[start:end])
        if letters not in times:
            times[letters] = bisect.bisect(_TIMES, text.count(letters)) if letters else 0
        told = (_before_title(lead, u, start), times[letters])
        rows.append((place, *units[u.unit.index].traits(start, end), *told))
    return rows


class _Unit:
    """A unit with phrases that may name who issues: what several of them share is looked at once."""

    def __init__(self, words: str, phrases: Sequence[Phrase]) -> None:
        self.words, self._signs = words, len(words.strip())
        self._own = (language_of(words), _KINDS.index(phrases[0].unit.unit.kind))
        self._known = {
            (m.start, m.end): 3 if m.is_place else 2 if m.level is not None else 1 for m in find_organisations(words)
        }
        self._longest: dict[int, int] = {}
        for p in phrases:
            self._longest[p.start] = max(self._longest.get(p.start, 0), p.end)
        self._order = {start: min(i, 6) for i, start in enumerate(sorted(self._longest))}
        self._starts: dict[int, tuple[int, ...]] = {}
        self._ends: dict[int, tuple[int, int]] = {}

    def traits(self, start: int, end: int) -> tuple[int, ...]:
        """What is seen of one of its phrases."""
        words = self.words
        if start not in self._starts:
            before = words[:start]
            opened = before.count("(") + before.count("（") > before.count(")") + before.count("）")
            at = bisect.bisect_left(_STARTS, start)
            self._starts[start] = (led_by(words, start), at, self._order[start], int(opened))
        if end not in self._ends:
            self._ends[end] = _behind(words, end)
        inside = words[start:end]
        return (
            *self._own,
            self._known.get((start, end), 0),
            _named_as(inside),
            *self._ends[end],
            *self._starts[start],
            bisect.bisect_left(_SIZES, len(inside)),
            min(inside.count(" "), 5),
            int(len(inside) * 10 >= self._signs * 8),
            int(self._longest[start] > end),
        )


@remembered
def _named_as(name: str) -> int:
    """Whether a name ends or begins like that of an authority."""
    return int(AUTHORITY.within(name))


def _is_short(view: View, u: ArticleUnit) -> bool:
    """Whether a unit may be the line of a signature."""
    return u.unit.end - u.unit.start <= _LINE


def _behind(words: str, end: int) -> tuple[int, int]:
    """What stands behind a name and the bracket that says who heads it, and whether there is one."""
    bracket = _BRACKET.match(words, end)
    return behind_of(words, bracket.end() if bracket is not None else end), int(bracket is not None)


def _before_title(lead: Lead, u: ArticleUnit, start: int) -> int:
    """Whether the title stands in another unit or none, behind the phrase, or before it."""
    return 0 if lead.title is None or lead.title[0] is not u else 1 if start < lead.title[1] else 2
