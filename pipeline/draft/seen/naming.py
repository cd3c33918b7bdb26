"""What an announced policy may be called in Korean and English: the phrases that may be its title, and what is seen of each.

The name that grammar finds is one of them. A phrase begins and ends where words do, without the particle behind it, and cuts
no quotation in two; in English it is a line, or words with capitals. Which one it is, is learned. In Chinese grammar's stays.
"""

from __future__ import annotations

import bisect
import re
import sys
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import accumulate, islice

from pipeline.draft.grammar.named import AMENDS
from pipeline.draft.grammar.rules import HAN, HANGUL, LATIN, scripts_of
from pipeline.draft.grammar.saying import verb_after
from pipeline.draft.grammar.titles import Quoted, document_type, find_quoted, letters_of
from pipeline.draft.grammar.view import Lead, Phrase, Placed, View
from pipeline.draft.grammar.years import is_of_before
from schemas.document import ArticleUnit
from schemas.vocabulary import DocumentType, UnitKind

OWN, HEADLINE, SUBTITLE, FIRST, OTHER = range(5)
"""Where a phrase stands: in the unit that announces, in the headline, under it, at the head of the text, elsewhere."""
_WORDS, _LONGEST, _SHORTEST = 8, 90, 4
"""How many words and signs a phrase has at most, and how many signs at least."""
_NOUN = 40
"""So many signs at the end of a phrase say what kind of document it names."""
_SEEN, _SEEN_ELSEWHERE, _SEEN_OF_ALL = 500, 200, 20_000
"""How many signs are looked at of the unit that announces, of the others, and of the article for words that return."""
_ABOVE, _HEAD = 3, 3
"""So many units below the headline, and so many at the head of the text, may name the policy."""
_QUOTES = "「」『』《》〈〉<>“”‘’'\"｢｣`´"
_WORD = re.compile(rf"(?:(?<![가-힣\d])['’‘`](?=\d\d(?:년|\D?[~∼-])))?[^\s{_QUOTES}()（）\[\]【】{{}},，:：;…•○□▲]+")
_PARTICLE = re.compile(
    r"(?<=[가-힣A-Za-z\d])(?:에서|으로|까지|부터|에게|이라는|[을를은는의에와과로])$|(?<=[가-힣])[이가]$"
)
_VERB = re.compile(
    r"(?:[하되]고|하며|하여|해|되어|위해|위한|[한된할될던운]|대해|따라|통해|맞아|있는|하는|되는|[다며])$"
)
_INSIDE_OF = r"[가-힣][을를]\s [가-힣][은는]\s [가-힣]의\s|的 \d [,，] (?:하[고며여]|[가-힣]해|되어|[했됐]으며|다\.)\s"
_INSIDE = tuple(re.compile(each) for each in _INSIDE_OF.split())
_OPENS, _CLOSES = "「『《〈<“‘\"'｢", "」』》〉>”’\"'｣"
_YEAR = re.compile(r"20\d\d|['’‘`]\d\d(?=년|\D?[~∼-])|제\s?\d{1,2}\s?차")
KINDS = {
    "을": 1, "를": 1, "은": 2, "는": 2, "이": 3, "가": 3, "의": 4, "에": 5, "에서": 5, "와": 6, "과": 6, "로": 7, "으로": 7, "도": 8,
    "까지": 9, "부터": 9, "에게": 9, "이라는": 10,
}  # fmt: skip
_LETTERS = re.compile(r"\w{2,}")
_EARLY, _DECIDES = 16, re.compile(r"(?:의결|확정|발표|수립|마련|공고|시행)\s*-?\s*$")
"""So many units at the head may decide on what they name: `사회관계장관회의, 제3차 유아교육발전기본계획 의결`."""
_LINE, _COLON, _BRACKET = re.compile(r"\S[^\n]*\S"), re.compile(r"[:–—]\s+"), re.compile(r"\s*[(（]")
_CAPITALISED = r"(?:[A-Z][\w’'&/.-]*\w|20\d\d(?:[-–]\d+)?|[A-Z])"
_CAPITAL = re.compile(rf"(?<![\w’']){_CAPITALISED}")
_LINKS = r"(?:of|for|the|and|to|in|on|with|by|from|a[nts]?|or|&|into|against|through|its)"
_CAPITALS = re.compile(rf"{_CAPITAL.pattern}(?:,?\s(?:{_LINKS}\s)*{_CAPITALISED})*")
_ABBREVIATION = re.compile(r"\s\([A-Z][\w&-]{1,11}\)")
_LINES, _LONGEST_LINE, _BEGINNINGS, _CAPITALIZED = 3, 260, 4, 14
"""Of an English unit: how many lines are looked at, how long one may be, and at how many words with capitals in a row a name
may begin and end."""
_TYPES = tuple(DocumentType)
_SIZES = (6, 9, 12, 16, 21, 28, 38, 55)
_TIMES, _AWAY, _SHARES = (1, 2, 3, 5), (1, 2, 3, 5, 9), (0.01, 0.35, 0.6, 0.99)
_OF_START = {"led_by": 16, "starts": 2, "deep": 5}
_OF_END = {"behind": 14, "type": len(DocumentType) + 1, "amended": 2, "says": 2, "ends": 2}
TRAITS = {
    "place": 5, "kind": len(UnitKind), "away": 6, **_OF_START, **_OF_END, "grammar": 6, "grammar_has": 2, "quoted": 6,
    "words": 8, "size": 9, "object_inside": 2, "topic_inside": 2, "of_inside": 2, "digit": 2, "comma": 2, "told": 2,
    "year": 3, "again": 5, "again_left": 3, "again_right": 3, "in_headline": 2, "like_headline": 5, "like_head": 5,
}  # fmt: skip
"""Name of each trait of a phrase that may be a title, and how many values it has."""


def is_named_by_weights(view: View) -> bool:
    """Whether an article is Korean or English: in Chinese grammar's title stays."""
    scripts = scripts_of(view.opening)
    return bool(scripts & HANGUL) or (bool(scripts & LATIN) and not scripts & HAN)


def title_phrases(view: View, lead: Lead, *, further: bool = False) -> list[Phrase]:
    """The phrases that may name what a lead announces, each once; the grammar's title, if it has one, comes first.

    `further`: those of further lines at the head that decide on what they name.
    """
    found: dict[tuple[int, int, int], Phrase] = {}
    if lead.title is not None:
        u, start, end = lead.title
        found[u.unit.index, start, end] = Phrase(u, start, end, _place_of(view, lead, u))
    for u in _units(view, lead, further):
        words, place = view.words(u), _place_of(view, lead, u)
        for start, end in _stretches(words, _SEEN if place == OWN else _SEEN_ELSEWHERE):
            if end - start >= _SHORTEST:
                found.setdefault((u.unit.index, start, end), Phrase(u, start, end, place))
    return [n for n in found.values() if not is_of_before(view, *n[:3])]


def _units(view: View, lead: Lead, further: bool) -> Iterator[ArticleUnit]:
    """The units that may name the policy, each once."""
    head = view.headline
    at = view.position(head) + 1 if head is not None else 0
    near = [*([head] if head is not None else []), *view.units[at : at + _ABOVE], *view.units[:_HEAD]]
    if further:
        near = [u for u in view.units[:_EARLY] if _DECIDES.search(view.words(u)) is not None]
    able = [u for u in near if not view.is_part(u) and u.unit.kind is not UnitKind.ROW]
    told = [lead.unit, *([lead.title[0]] if lead.title is not None else []), *able]
    yield from {u.unit.index: u for u in told}.values()


def _place_of(view: View, lead: Lead, u: ArticleUnit) -> int:
    if u is lead.unit:
        return OWN
    if u is view.headline:
        return HEADLINE
    at, head = view.position(u), view.headline
    if at < view.position(lead.unit) and (head is None or at <= view.position(head) + _ABOVE):
        return SUBTITLE
    return FIRST if at < 2 * _HEAD else OTHER


def _stretches(words: str, seen: int) -> Iterator[tuple[int, int]]:
    """Quotations, and stretches of words that end as names do, with the bracket and the quotation marks that they hold."""
    quotations = find_quoted(words)
    for quoted in quotations:
        if quoted.end - quoted.start <= 2 * _LONGEST:
            yield quoted.start, quoted.start + len(words[quoted.start : quoted.end].rstrip("*※ "))
    scripts = scripts_of(words)
    if not scripts & HANGUL:
        yield from _latin_stretches(words, seen) if scripts & LATIN else ()
        return
    tokens = [m.span() for m in _WORD.finditer(words, 0, min(len(words), seen)) if m.group() not in KINDS]
    for i, (begin, stop) in enumerate(tokens):
        end = _closed(words, begin, stop)
        if end is None:
            continue
        for start, _ in tokens[max(0, i - _WORDS + 1) : i + 1]:
            opened = words.count("(", start, end) > words.count(")", start, end)
            last = end + 1 if opened and words[end : end + 1] == ")" else end
            whole = _whole(quotations, start, last)
            if whole is not None and last - start <= _LONGEST and "*" not in words[whole[1] - 2 : whole[1]]:
                yield whole


def _latin_stretches(words: str, seen: int) -> Iterator[tuple[int, int]]:
    """Lines, and what stands behind a colon in one or before a bracket; and words with capitals, with a bracket behind them."""
    for line in islice(_LINE.finditer(words, 0, seen), _LINES):
        starts = [line.start(), *(m.end() for m in _COLON.finditer(words, *line.span()))][:3]
        ends = [line.end(), *(m.start() for m in _BRACKET.finditer(words, *line.span()))][:3]
        yield from ((start, end) for start in starts for end in ends if start < end <= start + _LONGEST_LINE)
    for run in _CAPITALS.finditer(words, 0, seen):
        tokens = [m.span() for m in _CAPITAL.finditer(words, *run.span())]
        for i, (start, _) in enumerate(tokens[:_BEGINNINGS]):
            for _, end in tokens[i : i + _CAPITALIZED]:
                yield start, end
        bracket = _ABBREVIATION.match(words, run.end())
        if bracket is not None:
            yield from ((start, bracket.end()) for start, _ in tokens[:_BEGINNINGS])


def _whole(quotations: Sequence[Quoted], start: int, end: int) -> tuple[int, int] | None:
    """A stretch with the marks of the quotations that it holds; None where it cuts one in two."""
    for q in quotations:
        if end <= q.outer_start or start >= q.outer_end or (start >= q.start and end <= q.end):
            continue
        if start > q.start or end < q.end:
            return None
        start, end = min(start, q.outer_start), max(end, q.outer_end)
    return start, end


def _closed(words: str, begin: int, stop: int) -> int | None:
    """Where a name may end in a word; None where the word is a verb's."""
    end = begin + len(words[begin:stop].rstrip(".·*※-–~"))
    particle = _PARTICLE.search(words, begin, end)
    if particle is not None and particle.start() - begin >= 1 and _joins(words[particle.start() - 1], particle.group()):
        bare = particle.start()
        return None if particle.group() == "는" and words[bare - 1] in "하되있없" else bare
    return None if end <= begin or _VERB.search(words, begin, end) else end


def _joins(before: str, particle: str) -> bool:
    """Whether a particle takes the form it has behind such a syllable: 평가 has none."""
    if not "가" <= before <= "힣" or particle not in "이가은는을를과와로":
        return True
    closed = (ord(before) - ord("가")) % 28
    return closed in (0, 8) if particle == "로" else (closed > 0) == (particle in "이은을과")


class Naming:
    """What is known of an article before its phrases are looked at one by one."""

    def __init__(self, view: View) -> None:
        self.view = view
        self._times: dict[str, int] = {}

    @cached_property
    def _letters(self) -> str:
        whole = (u for u in self.view.units if not self.view.is_part(u) and u.unit.kind is not UnitKind.ROW)
        return letters_of("\n".join(self.view.words(u) for u in whole)[:_SEEN_OF_ALL])

    @cached_property
    def headline(self) -> str:
        """The letters of the article's own title; empty where it has none."""
        return letters_of(self.view.words(self.view.headline)) if self.view.headline is not None else ""

    def times(self, letters: str) -> int:
        """How often some letters stand in the article."""
        if letters not in self._times:
            self._times[letters] = self._letters.count(letters) if letters else 0
        return self._times[letters]


def title_traits(naming: Naming, lead: Lead, names: Sequence[Phrase]) -> list[tuple[int, ...]]:
    """What is seen of each phrase that may be a lead's title, as `TRAITS` names it."""
    head = " ".join(naming.view.words(u) for u in naming.view.units[:_HEAD] if u is not lead.unit)[:_SEEN]
    units: dict[int, _Unit] = {}
    rows = []
    for name in names:
        index = name.unit.unit.index
        if index not in units:
            units[index] = _Unit(naming, lead, head, name.unit)
        rows.append(units[index].traits(lead, name))
    return rows


class _Unit:
    """A unit whose phrases are looked at: what they share is looked at once."""

    def __init__(self, naming: Naming, lead: Lead, head: str, u: ArticleUnit) -> None:
        view = naming.view
        self.naming, self.head, self.words = naming, head, view.words(u)
        away = bisect.bisect(_AWAY, abs(view.position(u) - view.position(lead.unit)))
        self._own = (list(UnitKind).index(u.unit.kind), away)
        self._letters = "".join(filter(str.isalnum, self.words))
        self._before = list(accumulate(map(str.isalnum, self.words), initial=0))
        self._starts: dict[int, tuple[int, ...]] = {}
        self._ends: dict[int, tuple[int, ...]] = {}
        self._marks: dict[int, list[tuple[int, int]]] = {}
        self._told: dict[str, tuple[bool, bool]] = {}

    def traits(self, lead: Lead, name: Phrase) -> tuple[int, ...]:
        """What is seen of one of its phrases."""
        _, start, end, place = name
        if start not in self._starts:
            self._starts[start] = (led_by(self.words, start), int(start <= 1), min(start // 60, 4))
            self._marks[start] = [
                _span_of(p.search(self.words, start, start + 2 * _LONGEST)) for p in (*_INSIDE, _YEAR)
            ]
        if end not in self._ends:
            self._ends[end] = _of_end(self.words, end)
        around = (place, *self._own, *self._starts[start], *self._ends[end])
        return (*around, _relation(lead.title, name), int(lead.title is not None), *self._inside(start, end))

    def _inside(self, start: int, end: int) -> tuple[int, ...]:
        inside = self.words[start:end]
        letters = self._letters[self._before[start] : self._before[end]]
        again = self.naming.times(letters)
        *marks, year = self._marks[start]
        shares = [self._share_of(word) for word in _LETTERS.findall(inside)]
        return (
            quoted_as(self.words, start, end),
            min(len(inside.split()), 7),
            bisect.bisect(_SIZES, end - start),
            *[int(mark[1] <= end) for mark in marks],
            0 if year[1] > end else 1 + (year[0] == start),
            bisect.bisect(_TIMES, again) if again > 1 else 0,
            *(self._grown(letters, again, start, end) if again > 1 else (0, 0)),
            int(letters in self.naming.headline),
            _share([in_headline for in_headline, _ in shares]),
            _share([in_head for _, in_head in shares]),
        )

    def _share_of(self, word: str) -> tuple[bool, bool]:
        """Whether a word, but for its last sign, stands in the headline and in the first units."""
        if word not in self._told:
            stem = word[: max(2, len(word) - 1)]
            self._told[word] = (stem in self.naming.headline, stem in self.head)
        return self._told[word]

    def _grown(self, letters: str, again: int, start: int, end: int) -> tuple[int, int]:
        """Whether a phrase that returns does so with the word on each side: 1 without, 2 with it."""
        left = self.words[max(0, start - _LONGEST) : start].split()
        right = self.words[end : end + _LONGEST].split()
        with_left = bool(left) and self.naming.times(letters_of(left[-1]) + letters) * 2 > again
        with_right = bool(right) and self.naming.times(letters + letters_of(right[0][:2])) * 2 > again
        return 1 + with_left, 1 + with_right


def _span_of(found: re.Match[str] | None) -> tuple[int, int]:
    """Where a match stands; beyond any text where there is none."""
    return found.span() if found is not None else (sys.maxsize, sys.maxsize)


def _of_end(words: str, end: int) -> tuple[int, ...]:
    kind = document_type(words[max(0, end - _NOUN) : end])
    return (
        behind_of(words, end),
        0 if kind is None else 1 + _TYPES.index(kind),
        int(AMENDS.within(words[end : end + 80])),
        int(verb_after(words, end)),
        int(end >= len(words) - 1),
    )


def _relation(title: Placed | None, name: Phrase) -> int:
    """What a phrase is to a title: none, the same, mostly the same, within it, around it, apart."""
    if title is None:
        return 0
    u, start, end = title
    shared = min(end, name.end) - max(start, name.start) if u is name.unit else 0
    if shared <= 0:
        return 5
    if (start, end) == (name.start, name.end):
        return 1
    if shared * 2 >= end - start + name.end - name.start - shared:
        return 2
    return 3 if end - start > name.end - name.start else 4


def quoted_as(words: str, start: int, end: int) -> int:
    """How a phrase stands to title marks: apart, all within, begins with, within, around, ends with."""
    for q in find_quoted(words):
        if end <= q.outer_start or start >= q.outer_end:
            continue
        if start > q.start or end < q.end:
            return 3
        begins, ends = start >= q.outer_start, end <= q.outer_end
        return (1 if ends else 2) if begins else 5 if ends else 4
    return 0


def behind_of(words: str, end: int) -> int:
    """What stands right behind a phrase and its closing mark: a particle, a stop, a bracket, a word, nothing."""
    rest = words[end : end + 6].lstrip(_CLOSES + ")）")
    if not rest.strip():
        return 13
    for size in (3, 2, 1):
        kind = KINDS.get(rest[:size])
        if kind is not None and not "가" <= rest[size : size + 1] <= "힣":
            return kind
    return 12 if rest[0] in "(（" else 11 if rest[0] in ",，.。:：;·-–…" else 0


def led_by(words: str, start: int) -> int:
    """What the word before a phrase and its opening mark ends with."""
    before = words[max(0, start - 12) : start].rstrip(" " + _OPENS + "’")
    if not before:
        return 15
    if before[-1] in ")）]】":
        return 14
    if before[-1] in ",，、":
        return 13
    if before[-1] in ":：.。;；-–":
        return 12
    particle = _PARTICLE.search(before)
    return KINDS.get(particle.group(), 0) if particle is not None else 11 if _VERB.search(before) else 0


def _share(told: Sequence[bool]) -> int:
    """Which part of a phrase's words stands in another text."""
    return bisect.bisect(_SHARES, sum(told) / len(told) if told else 0.0)
