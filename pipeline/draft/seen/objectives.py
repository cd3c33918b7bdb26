"""What a policy is for: the phrases that may state its objective, and what is seen of each.

An objective is a clause (`…을 줄이기 위해`, `为推动…`, `to make the journey to school safer`) or a line of its own, mostly
beside what announces the policy. A phrase begins where a clause may and ends where one does. Which one it is, is learned.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator, Sequence

from pipeline.draft.grammar.rules import HAN, HANGUL, scripts_of
from pipeline.draft.grammar.view import Lead, Phrase, View, first_end
from pipeline.draft.seen.naming import KINDS, behind_of, led_by, quoted_as
from pipeline.draft.seen.traits import language_of
from schemas.document import ArticleUnit
from schemas.vocabulary import UnitKind

OWN, HEADLINE, ABOVE, BELOW = range(4)
"""Where a phrase stands: in the unit that announces, in the headline, before or behind the former."""
_NEAR_ABOVE, _NEAR_BELOW = 2, 5
"""So many units before what announces, and so many behind it, may say what for."""
_SEEN, _SHORTEST, _LONGEST = 360, 6, 140
"""How many signs of a unit are looked at, and how long a phrase may be."""
_STARTS, _ENDS = 40, 14
"""So many places of a unit at most where a phrase may begin, and behind each so many where it may end."""
_WORD = re.compile(r"\S+")
_OPENING = "「『《〈<“‘\"'｢([（【-–—·ㆍ○□▲*"
_CLOSING = ".,，。;；:：」』》〉>”’\"'｣)]）】*"
_ENDS_WITH = re.compile(
    r"(?:위해|위하여|위해서|위한|도록|고자|려는|려고|하는|[는은인된할될한]|다|[음함임됨여]|기|것|차원|취지|목적|해소|[가-힣]{2}(?:강화|확대|제고|지원|육성|조성|개선))$"
)
"""The last word of one, without a stop."""
_PURPOSE = re.compile(r"위(?:해|하여|한)|목[적표]|차원|취지|일환")
_KINDS = tuple(UnitKind)
_INSIDE = (re.compile(r"\d"), re.compile("[,，]"), re.compile(r"[가-힣)][은는]\s"))
"""What may stand within a phrase: a digit, a comma, a topic."""
_BEHIND_BRACKET = re.compile(r"[)）](은|는|이|가|을|를|에|의|와|과)\s$")
_OBJECT = re.compile(r"(?<=[가-힣)])[을를]$")
_ENGLISH_BEGINS = re.compile(
    r"(?:^|(?<=[.,;:–—(]\s))\S|\b(?:to|so|that|which|who|for|helping|aimed|designed|will|and)\b|\b[a-z]{3,}ing\b"
)
_ENGLISH_ENDS = re.compile(r"(?=[.;:,)](?:\s|$)|\s(?:by|through|with|under|as|from|in)\s|\s[–—]\s|$)")
_CHINESE_BEGINS = re.compile(
    r"(?:^|(?<=[，。；：、\n]))\s*(?=\S)|(?<=为了)|(?<=为)|以便?(?=\S)|(?<=提出)|(?<=旨在)|(?<=目的是)"
)
_CHINESE_ENDS = re.compile(r"(?=[，。；：\n])|$")
_SIZES, _WORDS, _AWAY = (8, 12, 16, 22, 30, 42, 60, 90), (1, 2, 3, 4, 6, 9, 13), (1, 2, 3, 5)
TRAITS = {
    "place": 4, "away": 5, "language": 4, "kind": len(UnitKind), "size": 9, "words": 8, "starts": 2, "start": 5, "led_by": 16,
    "nth": 6, "ends": 2, "behind": 14, "digit": 2, "comma": 2, "topic": 2, "quoted": 6, "purpose": 3, "title": 5,
}  # fmt: skip
"""Name of each trait of a phrase that may be an objective, and how many values it has."""


def objective_phrases(view: View, lead: Lead) -> list[Phrase]:
    """The phrases that may say what for the act is that a lead announces."""
    found: dict[tuple[int, int, int], Phrase] = {}
    for u, place in _units(view, lead):
        words = view.words(u)[:_SEEN]
        for start, end in _stretches(words):
            if _SHORTEST <= end - start <= _LONGEST and _is_whole(words, start, end):
                found.setdefault((u.unit.index, start, end), Phrase(u, start, end, place))
    return list(found.values())


def _is_whole(words: str, start: int, end: int) -> bool:
    """Whether a stretch cuts no bracket in two."""
    return words.count("(", start, end) == words.count(")", start, end)


def _units(view: View, lead: Lead) -> Iterator[tuple[ArticleUnit, int]]:
    yield lead.unit, OWN
    head, at = view.headline, view.position(lead.unit)
    if head is not None and head is not lead.unit:
        yield head, HEADLINE
    above = [u for u in reversed(view.units[:at]) if _able(view, u)][:_NEAR_ABOVE]
    yield from ((u, ABOVE) for u in above if u is not head)
    below = 0
    for u in view.units[at + 1 :]:
        if _able(view, u) and u is not head:
            yield u, BELOW
            below += 1
        if below == _NEAR_BELOW:
            return


def _able(view: View, u: ArticleUnit) -> bool:
    return not view.is_part(u) and u.unit.kind is not UnitKind.ROW and view.is_body(u)


def _stretches(words: str) -> Iterator[tuple[int, int]]:
    scripts = scripts_of(words)
    if scripts & HANGUL:
        yield from _korean(words)
    elif scripts & HAN:
        yield from _between(words, _CHINESE_BEGINS, _CHINESE_ENDS)
    else:
        yield from _between(words, _ENGLISH_BEGINS, _ENGLISH_ENDS)


def _korean(words: str) -> Iterator[tuple[int, int]]:
    tokens = [m.span() for m in _WORD.finditer(words)]
    starts, ends = [], []
    for i, (a, b) in enumerate(tokens):
        starts.append(a + len(words[a:b]) - len(words[a:b].lstrip(_OPENING)))
        end = a + len(words[a:b].rstrip(_CLOSING))
        following = words[tokens[i + 1][0] : tokens[i + 1][1]] if i + 1 < len(tokens) else ""
        if not following or end < b or _PURPOSE.match(following) or _ENDS_WITH.search(words, a, end):
            particle = _OBJECT.search(words, a, end)
            ends.append(particle.start() if particle is not None else end)
    yield from _joined(starts, ends)


def _between(words: str, begins: re.Pattern[str], stops: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    starts = [m.end() if not m.group() or m.group().isspace() else m.start() for m in begins.finditer(words)]
    yield from _joined(starts, [m.start() for m in stops.finditer(words)])


def _joined(starts: Sequence[int], ends: Sequence[int]) -> Iterator[tuple[int, int]]:
    for start in sorted(set(starts))[:_STARTS]:
        first = bisect.bisect_right(ends, start)
        yield from ((start, end) for end in ends[first : first + _ENDS])


def objective_traits(view: View, lead: Lead, phrases: Sequence[Phrase]) -> list[tuple[int, ...]]:
    """What is seen of each of the phrases that may be a lead's objective, as `TRAITS` names it."""
    at = view.position(lead.unit)
    units: dict[int, _Unit] = {}
    rows: list[tuple[int, ...]] = []
    for u, start, end, place in phrases:
        index = u.unit.index
        if index not in units:
            units[index] = _Unit(view.words(u), u, bisect.bisect(_AWAY, abs(view.position(u) - at)))
        rows.append((place, *units[index].traits(start, end), _beside(lead, u, start, end)))
    return rows


class _Unit:
    """A unit with phrases that may be an objective: what several of them share is looked at once."""

    def __init__(self, words: str, u: ArticleUnit, away: int) -> None:
        self.words = words
        self._own = (away, language_of(words), _KINDS.index(u.unit.kind))
        self._starts: dict[int, tuple[tuple[int, ...], list[int]]] = {}
        self._ends: dict[int, tuple[int, ...]] = {}

    def traits(self, start: int, end: int) -> tuple[int, ...]:
        """What is seen of one of its phrases."""
        words = self.words
        if start not in self._starts:
            first = int(not words[:start].strip(_OPENING + " "))
            own = (first, min(start // 50, 4), _led_by(words, start), min(len(self._starts), 5))
            self._starts[start] = own, [first_end(pattern, words, start, 2 * _LONGEST) for pattern in _INSIDE]
        if end not in self._ends:
            self._ends[end] = (int(not words[end:].strip(_CLOSING + " ")), behind_of(words, end))
        here, inside = self._starts[start]
        return (
            *self._own,
            bisect.bisect(_SIZES, end - start),
            bisect.bisect(_WORDS, words.count(" ", start, end)),
            *here,
            *self._ends[end],
            *[int(at <= end) for at in inside],
            quoted_as(words, start, end),
            _purpose(words, start, end),
        )


def _led_by(words: str, start: int) -> int:
    """What the word before a phrase ends with; a particle behind a bracket (`환경부(장관 김하나)는`) is one too."""
    found = _BEHIND_BRACKET.search(words, max(0, start - 4), start)
    return KINDS[found[1]] if found is not None else led_by(words, start)


def _beside(lead: Lead, u: ArticleUnit, start: int, end: int) -> int:
    """How a phrase stands to the title: none in its unit, before it, behind it, around it, within or across."""
    if lead.title is None or lead.title[0] is not u:
        return 0
    _, first, last = lead.title
    return 1 if end <= first else 2 if start >= last else 3 if start <= first and last <= end else 4


def _purpose(words: str, start: int, end: int) -> int:
    """Whether words of purpose end a phrase, or stand right behind it."""
    if _PURPOSE.search(words, max(start, end - 4), end):
        return 1
    return 2 * (_PURPOSE.match(words[end : end + 8].lstrip(" 을를하기")) is not None)
