"""Who carries a measure out: the phrases of its words that may name a body, and what is seen of each.

A body may stand anywhere in a measure (`지자체는 …`, `농협과 함께`, `NHS England will …`). Which phrases name who
carries it out is learned; here is what they are chosen from: known bodies, Korean words without their particle,
English words with capitals.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator, Sequence

from pipeline.draft.grammar.rules import HANGUL, remembered, scripts_of
from pipeline.draft.grammar.view import Phrase, View
from pipeline.draft.seen.traits import language_of
from pipeline.normalise import find_organisations
from schemas.document import ArticleUnit

_MOST = 60
"""So many phrases of a measure are looked at."""
_LONGEST = 60
_WORD = re.compile(r"[가-힣A-Za-z0-9&]+(?:\([^()]{1,20}\))?")
_PARTICLES = [
    "은",
    "는",
    "이",
    "가",
    "에서",
    "에서는",
    "와",
    "과",
    "의",
    "에",
    "에게",
    "을",
    "를",
    "도",
    "로",
    "으로",
    "까지",
    "부터",
    "이나",
]
_KINDS = {p: i + 1 for i, p in enumerate(_PARTICLES)}
_PARTICLE = re.compile(rf"(?:{'|'.join(sorted(_PARTICLES, key=len, reverse=True))})$")
_OTHER = {",": 1, "，": 1, "、": 1, "·": 2, "/": 2, "(": 3, "（": 3, ")": 4, "）": 4, " ": 5}
_CAPITALS = re.compile(
    r"(?:[A-Z][\w’'&.-]*(?: (?:of|for|and|the|on|&) (?=[A-Z])| )?)+"
    r"|\b(?:governments?|local authorities|authorities|agencies|ministries|municipalities|states)\b"
)
_THE = "The "
_POSSESSIVE = re.compile(r"(?:[’']s)?[ .,’']*$")
_SIZES = (2, 3, 4, 6, 8, 11, 15, 20, 30)
_STARTS = (0, 2, 12, 25, 50)
KNOWN = 4
"""How many things `known_as` tells apart."""
_STOPS = len(_PARTICLES) + 1
_BEHIND = _STOPS + max(_OTHER.values()) + 2
TRAITS = {
    "language": 4, "known": KNOWN, "behind": _BEHIND, "known behind": KNOWN * _BEHIND, "order": 7,
    "start": len(_STARTS) + 1, "size": len(_SIZES) + 1, "bracketed": 2, "words": 4,
}  # fmt: skip
"""Name of each trait of a phrase, and how many values it has."""


def bodies_in(view: View, u: ArticleUnit, start: int, end: int) -> list[Phrase]:
    """The phrases that may name a body in a measure, which is a part of a unit's words."""
    spans = sorted(set(names_in(view.words(u)[start:end])))
    return [Phrase(u, start + a, start + b, 0) for a, b in spans[:_MOST] if 2 <= b - a <= _LONGEST]


def names_in(words: str) -> Iterator[tuple[int, int]]:
    """Where phrases stand in some words that may name a body."""
    yield from ((m.start, m.end) for m in find_organisations(words))
    if not scripts_of(words) & HANGUL:
        for found in _CAPITALS.finditer(words):
            begin = found.start() + (len(_THE) if found.group().startswith(_THE) else 0)
            yield begin, found.start() + len(_POSSESSIVE.sub("", found.group()))
        return
    for found in _WORD.finditer(words):
        begin, end = found.span()
        if not scripts_of(found.group()) & HANGUL:
            continue
        particle = _PARTICLE.search(found.group())
        yield begin, end - (len(particle.group()) if particle and end - begin - len(particle.group()) >= 2 else 0)
        bracket = words.find("(", begin, end)
        if bracket > begin:
            yield begin, bracket


def body_traits(words: str, start: int, phrases: Sequence[Phrase]) -> list[tuple[int, ...]]:
    """What is seen of each of the phrases of a measure that begins at `start` of its unit's words, as `TRAITS` names it."""
    language = language_of(words)
    rows: list[tuple[int, ...]] = []
    for order, phrase in enumerate(phrases):
        inside = words[phrase.start : phrase.end]
        behind, known = _behind(words, phrase.end), known_as(inside)
        before = words[start : phrase.start]
        rows.append(
            (
                language,
                known,
                behind,
                known * _BEHIND + behind,
                min(order, 6),
                bisect.bisect_left(_STARTS, phrase.start - start),
                bisect.bisect_left(_SIZES, len(inside)),
                int(before.count("(") + before.count("（") > before.count(")") + before.count("）")),
                min(inside.count(" "), 3),
            )
        )
    return rows


def _behind(words: str, end: int) -> int:
    """What stands right behind a phrase: a particle, a stop, a bracket, a blank, anything else, or nothing."""
    found = _WORD.match(words, end)
    if found is not None:
        return _KINDS.get(found.group(), 0)
    return _BEHIND - 1 if end >= len(words) else _STOPS + _OTHER.get(words[end], 0)


@remembered
def known_as(name: str) -> int:
    """1 a body that is known, 2 an authority, 3 the name of a place that may be one; 0 none of these."""
    whole = next((m for m in find_organisations(name) if (m.start, m.end) == (0, len(name))), None)
    return 0 if whole is None else 3 if whole.is_place else 2 if whole.level is not None else 1
