"""An article as the rules look at it: units with their words, children, boxes and sections, and references to them."""

from __future__ import annotations

import bisect
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from pipeline.normalise import Quantity, simplify
from pipeline.normalise.edges import cuts_number
from schemas.answer import Ref
from schemas.document import Article, ArticleUnit, Unit
from schemas.vocabulary import DocumentType, UnitKind

Placed = tuple[ArticleUnit, int, int]
"""A part of a unit: where it begins and ends in the unit's words."""
_NUMBERED = frozenset({
    "roman", "chapter", "section", "han", "han_bracket", "dot_number", "han_number", "bracket_number", "round_number",
    "letter", "letter_bracket", "circled", "boxed_number",
})  # fmt: skip
"""Families of marks that number what stands inside an article; the others number articles."""
_BREAK = re.compile(r"\n(?=(\s*?(?:\n|[\d（(一二三四五六七八九十●•·-])))")
_HANGUL, _HAN = re.compile(r"[가-힣]"), re.compile(r"[\u4e00-\u9fff]")
_NO_ROLE = frozenset({"header", "cover", "furniture"})
_OPENING = 4_000
_NO_BODY = frozenset({UnitKind.FURNITURE, UnitKind.LINK, UnitKind.ROW, UnitKind.BOX})


class View:
    """Read-only look at one article."""

    def __init__(self, text: str, article: Article) -> None:
        self.text = text
        self.article = article
        self.units = article.units
        self.by_index = {u.unit.index: u for u in self.units}
        self.places = {u.unit.index: i for i, u in enumerate(self.units)}
        """Where each unit stands in the article's list of units, by its index."""
        # A Chinese text in traditional characters or half-width punctuation is read as if it were not.
        own = text[article.start : article.end]
        read = text if _HANGUL.search(own) or own.isascii() or not _HAN.search(own) else simplify(text)
        self._words = {u.unit.index: read[u.unit.start : u.unit.end] for u in self.units}
        self.children: dict[int | None, list[ArticleUnit]] = defaultdict(list)
        for u in self.units:
            self.children[u.unit.parent].append(u)
        # By the headings that units stand under: most stand under the same ones as the unit before.
        self._headings: dict[tuple[int, ...], list[ArticleUnit]] = {}
        self._boxes: dict[tuple[int, ...], ArticleUnit | None] = {}
        self._sections: dict[tuple[int, ...], ArticleUnit | None] = {}
        self._child_starts: dict[int | None, list[int]] = {}
        self._quoted: dict[tuple[int, str, bool], list[int]] = {}

    @cached_property
    def opening(self) -> str:
        """The article's first 4,000 signs, as printed: they tell its language."""
        begin = self.article.start
        return self.text[begin : min(self.article.end, begin + _OPENING)]

    def position(self, u: ArticleUnit) -> int:
        """Where the unit stands in the article's list of units."""
        return self.places[u.unit.index]

    def words(self, u: ArticleUnit) -> str:
        """The unit's text, Chinese in simplified characters; offsets are those of the source."""
        return self._words[u.unit.index]

    def said(self, part: Placed) -> str:
        """The words of a part of a unit."""
        return self._words[part[0].unit.index][part[1] : part[2]]

    def label(self, u: ArticleUnit) -> str:
        """The words of the bracket label that the unit opens with; empty where it has none."""
        at = u.unit.label
        return "" if at is None else self._words[u.unit.index][at[0] - u.unit.start : at[1] - u.unit.start]

    def after_label(self, u: ArticleUnit) -> int:
        """Where in the unit's words its bracket label, with its bracket, ends; 0 where it has none."""
        if u.unit.label is None:
            return 0
        words, end = self.words(u), u.unit.label[1] - u.unit.start
        end += len(words[end:]) - len(words[end:].lstrip()) + 1
        return end + 2 * words.startswith("**", end)

    def ref(self, u: ArticleUnit, start: int | None = None, end: int | None = None, *, number: bool = False) -> Ref:
        """A reference to the unit, or to the part `start:end` (offsets within the unit's words).

        `number`: the part is a number phrase; as `ground` does, places that cut a number in two are not counted.
        """
        words = self.text[u.unit.start : u.unit.end]
        if start is None or end is None or (start, end) == (0, len(words)):
            return Ref(u=u.id)
        quote = words[start:end]
        key = (u.unit.index, quote, number)
        places = self._quoted.get(key)
        if places is None:
            first = words.find(quote)
            twice = words.find(quote, first + len(quote)) >= 0
            places = self._whole_places(u, quote, number) if twice else [first]
            self._quoted[key] = places
        if len(places) < 2:
            return Ref(u=u.id, quote=quote)
        return Ref(u=u.id, quote=quote, nth=max(1, bisect.bisect_right(places, start)))

    def _whole_places(self, u: ArticleUnit, quote: str, number: bool) -> list[int]:
        """Where a quote stands in a unit without cutting a number."""
        words, origin = self.text[u.unit.start : u.unit.end], u.unit.start
        found = (m.span() for m in re.finditer(re.escape(quote), words))
        return [a for a, b in found if not cuts_number(self.text, origin + a, origin + b, number)]

    @cached_property
    def _breaks(self) -> tuple[list[int], list[int]]:
        """Where lines end a paragraph: before an empty line, a number or a bullet; starts and ends, in order."""
        found = list(_BREAK.finditer(self.text, self.article.start, self.article.end))
        return [m.start() for m in found], [m.end(1) for m in found]

    def breaks_between(self, start: int, end: int) -> bool:
        """Whether a paragraph ends between two places of the text."""
        starts, ends = self._breaks
        first = bisect.bisect_left(starts, start)
        return first < len(ends) and ends[first] <= end

    def parent(self, u: ArticleUnit) -> ArticleUnit | None:
        """The unit it hangs under, if that stands in the same article."""
        return None if u.unit.parent is None else self.by_index.get(u.unit.parent)

    def headings(self, u: ArticleUnit) -> list[ArticleUnit]:
        """The headings and boxes above, outermost first, within the article."""
        under = u.unit.headings
        if under not in self._headings:
            self._headings[under] = [self.by_index[i] for i in under if i in self.by_index]
        return self._headings[under]

    def box(self, u: ArticleUnit) -> ArticleUnit | None:
        """The box (〈…〉) in which the unit stands."""
        under = u.unit.headings
        if under not in self._boxes:
            self._boxes[under] = next((h for h in self.headings(u) if h.unit.kind is UnitKind.BOX), None)
        return self._boxes[under]

    def in_references(self, u: ArticleUnit) -> bool:
        """Whether the unit belongs to the list of sources."""
        return u.unit.role == "references" or u.unit.kind is UnitKind.LINK

    def is_reference_heading(self, u: ArticleUnit) -> bool:
        """Whether the unit is the heading of a list of sources."""
        return u.unit.role == "references" and u.unit.kind is UnitKind.HEADING

    @cached_property
    def headline(self) -> ArticleUnit | None:
        """The article's own title: the last of the headings it opens with (or a first line set off as one)."""
        first = self.units[0]
        if self.article.kind in ("item", "short_news") and first.unit.kind in (UnitKind.BULLET, UnitKind.SENTENCE):
            return first
        opening = [u for u in self.units[:12] if u.unit.kind is UnitKind.HEADING and not self.is_section(u)]
        return opening[-1] if len(opening) == 1 else self._longest(opening) if opening else None

    def _longest(self, opening: list[ArticleUnit]) -> ArticleUnit:
        return max(opening, key=lambda u: (u.unit.end - u.unit.start, u.unit.start))

    def is_section(self, u: ArticleUnit) -> bool:
        """Whether the unit is a numbered heading inside the article (`1)`, `①`, `가.`), hence a pillar."""
        return u.unit.index in self.section_indices

    @cached_property
    def sections(self) -> list[ArticleUnit]:
        """The numbered headings inside the article, those with something below them."""
        headings = (u for u in self.units[1:] if u.unit.kind is UnitKind.HEADING)
        return [u for u in headings if u.unit.family in _NUMBERED]

    @cached_property
    def section_indices(self) -> frozenset[int]:
        """The indices of the numbered headings."""
        return frozenset(u.unit.index for u in self.sections)

    def section_of(self, u: ArticleUnit) -> ArticleUnit | None:
        """The nearest numbered heading above."""
        under = u.unit.headings
        if under not in self._sections:
            self._sections[under] = next((h for h in reversed(self.headings(u)) if self.is_section(h)), None)
        return self._sections[under]

    def is_body(self, u: ArticleUnit) -> bool:
        """Whether the unit can state something of the item's own: no furniture, cover, sources, headers, links."""
        return u.unit.kind not in _NO_BODY and u.unit.role not in _NO_ROLE and not self.in_references(u)

    def is_part(self, u: ArticleUnit) -> bool:
        """Whether the unit is a clause or a marked item of another unit."""
        return u.unit.kind in (UnitKind.CLAUSE, UnitKind.ITEM)

    def siblings(self, parent: int | None, start: int) -> Iterator[ArticleUnit]:
        """The units below `parent` that start before the place `start`, nearest first."""
        if parent not in self._child_starts:
            self._child_starts[parent] = [u.unit.start for u in self.children.get(parent, [])]
        for i in range(bisect.bisect_left(self._child_starts[parent], start) - 1, -1, -1):
            yield self.children[parent][i]

    def row(self, u: ArticleUnit) -> Unit | None:
        """The table row in which the unit stands."""
        above = self.parent(u)
        return above.unit if above is not None and above.unit.kind is UnitKind.ROW else None

    @cached_property
    def headed(self) -> frozenset[int]:
        """The indices of all headings and boxes that something stands under."""
        return frozenset(index for u in self.units for index in u.unit.headings)

    @cached_property
    def header_rows(self) -> dict[int | None, list[ArticleUnit]]:
        """The header rows of tables by what they hang under."""
        rows: dict[int | None, list[ArticleUnit]] = defaultdict(list)
        for u in self.units:
            if u.unit.kind is UnitKind.ROW and u.unit.role == "header":
                rows[u.unit.parent].append(u)
        return rows

    @cached_property
    def cells(self) -> dict[tuple[int, ...], list[ArticleUnit]]:
        """All table cells by the headings above them."""
        cells: dict[tuple[int, ...], list[ArticleUnit]] = defaultdict(list)
        for u in self.units:
            if u.unit.kind is UnitKind.CELL:
                cells[u.unit.headings].append(u)
        return cells


class Phrase(NamedTuple):
    """A stretch of a unit's words that may be what is looked for, and in what kind of place it stands."""

    unit: ArticleUnit
    start: int
    end: int
    place: int


def first_end(pattern: re.Pattern[str], words: str, start: int, reach: int) -> int:
    """Where the first match within so many signs behind a place ends; beyond any text where there is none."""
    found = pattern.search(words, start, start + reach)
    return found.end() if found is not None else sys.maxsize


@dataclass
class Lead:
    """A unit that reports an act. Offsets are within the unit's words."""

    unit: ArticleUnit
    title: Placed | None = None
    document_type: DocumentType = DocumentType.UNNAMED_ACTION
    subject: Placed | None = None
    issuers: list[Placed] = field(default_factory=list)
    day: Placed | None = None
    """The day on which it is signed, where it is told apart from the announcement."""
    score: float = 0.0


@dataclass(frozen=True)
class Number:
    """A number phrase (or a rank in words) and the unit it stands in; positions within the unit's words."""

    unit: ArticleUnit
    quantity: Quantity
    nth: int = 0
    """How many stand before it in the unit."""
    rank: bool = False
    bare: bool = False
    """Without a counter, alone in the cell of a table."""
