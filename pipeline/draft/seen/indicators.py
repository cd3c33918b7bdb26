"""What a goal's number counts: the phrases near it that may be its indicator, and what is seen of each.

A phrase begins and ends where words do (in Chinese, which prints none, at any sign), without the particle behind it. Which
one it is, is learned.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator, Sequence

from pipeline.draft.grammar.rules import HAN, HANGUL, scripts_of
from pipeline.draft.grammar.view import Number, Phrase, View, first_end
from pipeline.draft.seen.numbers import class_of, numbers_between
from schemas.document import ArticleUnit
from schemas.vocabulary import UnitKind

BEFORE, AFTER, CELL, COLUMN, ABOVE, HEADING = range(6)
"""Where a phrase stands: in the number's unit before or behind it, in its row, at the head of its column, in the unit above,
or in the heading above."""
_NEAR, _FAR, _LONGEST = 120, 90, 70
"""How many signs before and behind a number are looked at, and how long a phrase may be."""
_WORDS, _CHINESE_ENDS, _AWAY = 9, 12, 14
"""How many words a phrase has at most; at how many signs before a number a Chinese one may end; how many words off it is."""
_WORD = re.compile(r"\S+")
_PARTICLE = re.compile(r"(?<=[가-힣)\]’”」A-Za-z])(?:에서|으로|까지|부터|에게|[을를은는이가의에와과로도만])$")
_NO_PARTICLE = re.compile(
    r"(?:고속도로|(?<![가-힣])(?:도로|성과)|철도|경로|활주로|항로|선로|진로|[속온농밀강빈습]도|효과|[국물단농평증허인]가)$"
)
"""Nouns that end as if a particle stood there: 고속도로 is no 고속도."""
_OPEN, _CLOSE = "([（【[{,，·:：;；-–—○ㅇ□▲●*", ",，.。;；:：)]）】"
_VERB = re.compile(r"(?:하고|하며|하여|해|되어|되고|으며|이며|[한된할될는인던]|[고며])$")
_DATE = re.compile(r"(?:20\d\d|['’‘ʼ`´]\d\d)|(?:올해|내년|금년|까지|今年|明年)")
_ARROW = re.compile(r"→|⇒|➡|->|[~∼]|에서|from|由|从")
_DIGIT = re.compile(r"\d")
_OBJECT, _TOPIC = re.compile(r"[가-힣)][을를]\s"), re.compile(r"[가-힣)][은는이가]\s")
_INSIDE = (
    _OBJECT, re.compile(r"[가-힣][은는]\s"), re.compile(r"[가-힣]의\s|的"), _DIGIT, re.compile(r"[,，]"),
    re.compile(r"(?:하고|하며|하여|[가-힣]해|되어)\s"), _DATE,
)  # fmt: skip
"""What may stand within a phrase: an object, a topic, 의, a digit, a comma, a verb, a date."""
_STOPS = re.compile(r"[.。;；]\s|[。；]")
_KINDS = {
    "을": 1, "를": 1, "은": 2, "는": 2, "이": 3, "가": 3, "의": 4, "에": 5, "와": 6, "과": 6, "로": 7, "으로": 7, "에서": 8, "도": 9,
    "만": 9, "까지": 10, "부터": 10, "에게": 11,
}  # fmt: skip
_BEHIND = re.compile(
    r"\s?(?:(?P<to>으?로)|(?P<object>[을를])|(?P<subject>[이가은는])|(?P<of>의|짜리|규모)|(?P<at>에)|(?P<until>까지)|(?P<end>[\s.,)]*$)"
    r"|(?P<bracket>[(（])|(?P<stop>[,，、;；.。)）]))"
)
_BEHINDS = tuple(_BEHIND.groupindex)
_SIZES = (1, 3, 5, 8, 12, 17, 24, 35)
TRAITS = {
    "place": 6, "language": 3, "words": 9, "size": 9, "gap": 9, "gap_size": 9, "gap_numbers": 4, "gap_dates": 3, "gap_arrow": 2,
    "gap_comma": 3, "gap_stop": 2, "gap_colon": 2, "gap_object": 2, "particle": 14, "led_by": 16, "object_inside": 2,
    "topic_inside": 2, "of_inside": 2, "digit": 2, "comma": 2, "verb": 2, "date": 2, "bracket": 3, "starts": 2, "ends": 2,
    "order": 8, "longer": 8, "headers": 4, "label": 3, "behind": len(_BEHINDS) + 1, "nth": 4, "word_before": 6,
    "object_behind": 3, "object_before": 2, "topic_before": 2, "unit": 10, "arrow_before": 2,
}  # fmt: skip
"""Name of each trait of a phrase near a number, and how many values it has."""


def phrases_near(view: View, number: Number) -> list[Phrase]:
    """The phrases that may say what a number counts, in its own unit and where a table or a list names it."""
    u, q = number.unit, number.quantity
    words = view.words(u)
    found = [Phrase(u, a, b, BEFORE) for a, b in _before(words, q.start)]
    found += [Phrase(u, a, b, AFTER) for a, b in _behind(words, q.end)]
    row = view.row(u)
    if row is not None:
        cells = [c for c in view.children[row.index] if c.unit.kind is UnitKind.CELL and c.unit.end <= u.unit.start]
        found += [_whole(view, c, CELL) for c in cells[:3]]
        found += [_whole(view, view.by_index[i], COLUMN) for i in u.unit.header if i in view.by_index]
    above = view.parent(u)
    if above is not None and above.unit.kind not in (UnitKind.ROW, UnitKind.BOX):
        found.append(_whole(view, above, ABOVE))
    headings = view.headings(u)
    if headings:
        found.append(_whole(view, headings[-1], HEADING))
    return [p for p in found if p.end > p.start]


def _whole(view: View, u: ArticleUnit, place: int) -> Phrase:
    return Phrase(u, 0, min(len(view.words(u)), 2 * _LONGEST), place)


def _before(words: str, end: int) -> Iterator[tuple[int, int]]:
    first = max(0, end - _NEAR)
    if not scripts_of(words[first:end]) & HANGUL and scripts_of(words[first:end]) & HAN:
        yield from _chinese(words, first, end)
        return
    yield from _spans(words, [m.span() for m in _WORD.finditer(words, first, end)])


def _behind(words: str, start: int) -> Iterator[tuple[int, int]]:
    stop = min(len(words), start + _FAR)
    here = words[start:stop]
    if not scripts_of(here) & HANGUL and scripts_of(here) & HAN:
        cut = re.search(r"[，。；;,、）)]", here)
        limit = start + (cut.start() if cut else len(here))
        yield from ((start, b) for b in range(start + 1, min(limit, start + 24) + 1))
        return
    begin = re.search(r"\s", here)
    if begin is not None:
        yield from _spans(words, [m.span() for m in _WORD.finditer(words, start + begin.end(), stop)][: _WORDS + 3])


def _spans(words: str, tokens: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Stretches of words, without brackets that open, stops that close and the last word's particle."""
    tokens = tokens[-_AWAY - _WORDS :]
    starts = [_opened(words, a, b) for a, b in tokens]
    ends = [_closed(words, a, b) for a, b in tokens]
    for i, end in enumerate(ends):
        for start in starts[max(0, i - _WORDS + 1) : i + 1]:
            if 1 < end - start <= _LONGEST:
                yield start, end


def _opened(words: str, start: int, end: int) -> int:
    while start < end and words[start] in _OPEN:
        start += 1
    return start


def _closed(words: str, start: int, end: int) -> int:
    while (
        end > start and words[end - 1] in _CLOSE and not (words[end - 1] in ")]）】" and _balanced(words, start, end))
    ):
        end -= 1
    particle = _PARTICLE.search(words, start, end) if _NO_PARTICLE.search(words, start, end) is None else None
    return particle.start() if particle is not None and particle.start() - start >= 2 else end


def _balanced(words: str, start: int, end: int) -> bool:
    """Whether a closing bracket at the end belongs to one that opens not far before."""
    before = words[max(0, end - 40) : end - 1]
    return max(before.rfind(x) for x in "([（【") > max(before.rfind(x) for x in ")]）】")


def _chinese(words: str, first: int, end: int) -> Iterator[tuple[int, int]]:
    for stop in range(end, max(first, end - _CHINESE_ENDS), -1):
        for start in range(stop - 2, max(first, stop - 30) - 1, -1):
            if words[start] in "，。；;、,：:！!":
                break
            yield start, stop


def traits_near(view: View, number: Number, phrases: Sequence[Phrase]) -> list[tuple[int, ...]]:
    """What is seen of each of the phrases near a number, as `TRAITS` names it."""
    nearest = {BEFORE: sorted({p.end for p in phrases if p.place == BEFORE}, reverse=True)}
    nearest[AFTER] = sorted({p.start for p in phrases if p.place == AFTER})
    order = {(place, at): i for place, edges in nearest.items() for i, at in enumerate(edges)}
    alike: dict[tuple[int, int], list[int]] = {}
    for p in phrases:
        alike.setdefault((p.place, _edge(p)), []).append(p.end - p.start)
    units = {p.unit.unit.index: p.unit for p in phrases}
    seen = {index: _Unit(view, number, u) for index, u in units.items()}
    rows = []
    for p in phrases:
        longer = sum(size > p.end - p.start for size in alike[p.place, _edge(p)])
        rows.append(seen[p.unit.unit.index].traits(p, order.get((p.place, _edge(p)), 0), longer))
    return rows


def _edge(phrase: Phrase) -> int:
    """The end of a phrase that lies towards the number."""
    return phrase.start if phrase.place == AFTER else phrase.end


class _Unit:
    """A unit with phrases near a number: what several of them share is looked at once."""

    def __init__(self, view: View, number: Number, u: ArticleUnit) -> None:
        self.words, self.number = view.words(u), number
        self._mine = view.words(number.unit)
        self._label = None if u.unit.label is None else u.unit.label[1] - u.unit.start
        self._headers = min(len(u.unit.header), 3)
        self._gaps: dict[tuple[int, int], tuple[int, ...]] = {}
        self._starts: dict[int, tuple[int, list[int]]] = {}
        self._ends: dict[int, int] = {}
        scripts = scripts_of(self._mine)
        self._language = 0 if scripts & HANGUL else 1 if scripts & HAN else 2
        self._of_number = self._around()

    def _around(self) -> tuple[int, ...]:
        """What is seen of the number itself."""
        words, q = self._mine, self.number.quantity
        behind = _BEHIND.match(words, q.end)
        return (
            0 if behind is None or behind.lastgroup is None else 1 + _BEHINDS.index(behind.lastgroup),
            min(self.number.nth, 3),
            _word_before(words, q.start),
            _object_behind(words, q.end),
            int(_OBJECT.search(words, max(0, q.start - 60), q.start) is not None),
            int(_TOPIC.search(words, max(0, q.start - 60), q.start) is not None),
            class_of(q.unit or ""),
            int(_ARROW.search(words[max(0, q.start - 12) : q.start]) is not None),
        )

    def traits(self, phrase: Phrase, order: int, longer: int) -> tuple[int, ...]:
        """`order`: how many edges lie nearer to the number; `longer`: how many phrases with the same edge are longer."""
        _, start, end, place = phrase
        words, q = self.words, self.number.quantity
        inside = words[start:end]
        own = place in (BEFORE, AFTER)
        gap = (0, 0) if not own else (end, q.start) if place == BEFORE else (q.end, start)
        if gap not in self._gaps:
            self._gaps[gap] = _of_gap(words, *gap)
        if end not in self._ends:
            self._ends[end] = _particle(words, end)
        if start not in self._starts:
            firsts = [first_end(pattern, words, start, 2 * _LONGEST) for pattern in _INSIDE]
            self._starts[start] = (_led_by(words, start), firsts)
        led_by, firsts = self._starts[start]
        return (
            place,
            self._language,
            min(inside.count(" "), 8),
            bisect.bisect(_SIZES, len(inside)),
            *self._gaps[gap],
            self._ends[end],
            led_by,
            *[int(first <= end) for first in firsts],
            0 if not own else 1 + (inside.count("(") != inside.count(")")),
            int(start == 0),
            int(end >= len(words)),
            min(order, 7),
            min(longer, 7),
            self._headers,
            0 if self._label is None else 1 + (self._label <= start),
            *self._of_number,
        )


def _of_gap(words: str, start: int, end: int) -> tuple[int, ...]:
    """What stands between a phrase and the number."""
    gap = words[start:end]
    return (
        min(len(gap.split()), 8),
        bisect.bisect(_SIZES, len(gap)),
        min(numbers_between(words, start, end), 3),
        min(len(_DATE.findall(gap)), 2),
        int(_ARROW.search(gap) is not None),
        min(gap.count(",") + gap.count("，"), 2),
        int(_STOPS.search(gap) is not None),
        int(":" in gap or "：" in gap),
        int(_OBJECT.search(gap, 1) is not None),
    )


def _particle(words: str, end: int) -> int:
    """What stands right behind the phrase: a particle, a stop, a bracket, a blank, nothing."""
    if end >= len(words):
        return 13
    for size in (2, 1):
        kind = _KINDS.get(words[end : end + size])
        if kind is not None and (end + size >= len(words) or not "가" <= words[end + size] <= "힣"):
            return kind
    sign = words[end]
    return 12 if sign in _CLOSE or sign in "(（" else 0


def _led_by(words: str, start: int) -> int:
    """What the word before the phrase ends with."""
    before = words[max(0, start - 12) : start].rstrip(" '‘“\"「")
    if not before:
        return 15
    sign = before[-1]
    if sign in ")]）】":
        return 14
    if sign in ",，、·":
        return 13
    if sign in ":：.。;；":
        return 12
    particle = _PARTICLE.search(before)
    if particle is not None:
        return _KINDS[particle.group()]
    return 10 if _DIGIT.search(sign) else 11 if _VERB.search(before) is not None else 0


def _object_behind(words: str, start: int) -> int:
    """Whether an object follows the number before the sentence ends: 1 near, 2 further."""
    cut = re.search(r"[,，.。;]\s|$", words[start : start + 60])
    part = words[start + 1 : start + (cut.start() if cut else 60)]
    found = _OBJECT.search(part)
    return 0 if found is None else 1 if found.start() < 12 else 2


def _word_before(words: str, start: int) -> int:
    """What stands right before the number."""
    before = words[max(0, start - 12) : start].rstrip()
    if not before:
        return 5
    particle = _PARTICLE.search(before)
    if particle is not None:
        kind = _KINDS[particle.group()]
        return 1 if kind == 1 else 2 if kind in (2, 3) else 3
    return 4 if before[-1] in ",，:：)" else 0
