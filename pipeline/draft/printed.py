"""What the layout tells of a place that someone else chose: labels, the heading above, the deadline of a number."""

from __future__ import annotations

import bisect
import re
from collections.abc import Collection

from pipeline.draft.grammar.measures import found_unit
from pipeline.draft.grammar.targets import sentences_of
from pipeline.draft.grammar.titles import find_quoted
from pipeline.draft.grammar.view import View
from pipeline.draft.grammar.years import year_of
from pipeline.normalise import find_deadlines, find_period, plan_period
from schemas.answer import Ref
from schemas.document import Article, ArticleUnit
from schemas.vocabulary import UnitKind

_PART = (UnitKind.CLAUSE, UnitKind.ITEM)
_GOALS = re.compile(r"목\s?표|目标|指标|지표|\b(?:target|goal|objective|aim)s?\b|까지|\bby 20", re.IGNORECASE)
_LONGEST_LIST = 60
"""Units that are looked back over for what stands above a list."""
_ADDRESS = re.compile(r"https?://[^\s\"'<>()（）]{1,2000}")
_ONE_YEAR = re.compile(r"20\d\d\s?[年년]")


class Printed:
    """The layout of one article. Unit ids that the article has not tell nothing."""

    def __init__(self, text: str, article: Article) -> None:
        self._view = View(text, article)
        self._units = {u.id: u for u in article.units}

    def labels(self, unit_id: str) -> list[Ref]:
        """The bracket labels that the unit opens with, in their order."""
        u = self._units.get(unit_id)
        if u is None:
            return []
        found = found_unit(self._view, u)
        return [label for label in (found.label, *found.extra_labels) if label is not None]

    def pillar(self, unit_id: str, own: Collection[str]) -> Ref | None:
        """The row's name, numbered heading or, where there is neither, parent bullet above a unit.

        `own`: the units that announce the policy; they and what they hang under are no pillars of it.
        """
        u = self._units.get(unit_id)
        if u is None:
            return None
        found = found_unit(self._view, u).pillar or self._bullet_above(u) or self._row_before(u)
        announcing = {id_ for unit in own for id_ in self._upwards(unit)}
        return Ref(u=found.id) if found is not None and found.id not in announcing else None

    def quoted(self, unit_id: str) -> Ref | None:
        """What stands between the quotes of the unit, of whichever kind; None where it has no pair, or several."""
        u = self._units.get(unit_id)
        found = find_quoted(self._view.words(u)) if u is not None else ()
        return self._view.ref(u, found[0].start, found[0].end) if u is not None and len(found) == 1 else None

    def deadline(self, unit_id: str, before: str = "") -> Ref | None:
        """The deadline printed in the unit, or in the sentence or bullet that it is a part of.

        Of several the last one that stands before the words `before`. Where there is none, that of the goal's frame:
        the column's header, or what the unit hangs under, if it speaks of goals.
        """
        u = self._units.get(unit_id)
        whole = u
        while u is not None:
            words = self._view.words(u)
            at = words.find(before) if before else -1
            found = [span for _, span in find_deadlines(words, issue=self._view.article.issue_date)]
            if found:
                return self._view.ref(u, *([s for s in found if s[0] < at] or found[:1])[-1])
            whole, u = u, self._view.parent(u) if u.unit.kind in _PART else None
        return self._framing(whole) if whole is not None else None

    def _framing(self, u: ArticleUnit) -> Ref | None:
        """The year of a goal's frame: of its column, or of what it hangs under or is listed below."""
        above = [*(self._units[id_] for id_ in self._upwards(u.id)[1:]), *reversed(self._view.headings(u))]
        framing = [*self._columns(u), *filter(self._speaks_of_goals, [*above, *self._above_the_list(u)])]
        return next((found for v in framing if (found := year_of(self._view, v)) is not None), None)

    def _columns(self, u: ArticleUnit) -> list[ArticleUnit]:
        """The headers of a cell's column; where columns do not line up, the one header that speaks of a goal's year."""
        over = [self._view.by_index[i] for i in u.unit.header if i in self._view.by_index]  # a row's name among them
        own = [c for c in over if c.unit.role == "header"]
        if own or u.unit.kind is not UnitKind.CELL:
            return own
        headers = (c for c in self._view.cells[u.unit.headings] if c.unit.role == "header")
        goals = [c for c in headers if self._speaks_of_goals(c) and year_of(self._view, c) is not None]
        return goals if len(goals) == 1 else []

    def _above_the_list(self, u: ArticleUnit) -> list[ArticleUnit]:
        """The box or heading right above the first of the like units that the unit stands among."""
        at = self._view.position(u)
        for before in reversed(self._view.units[max(0, at - _LONGEST_LIST) : at]):
            like = (before.unit.kind, before.unit.family) == (u.unit.kind, u.unit.family)
            if not like and not self._view.is_part(before):
                return [before] if before.unit.kind in (UnitKind.BOX, UnitKind.HEADING) else []
        return []

    def _speaks_of_goals(self, u: ArticleUnit) -> bool:
        return _GOALS.search(self._view.words(u)) is not None

    def _upwards(self, unit_id: str) -> list[str]:
        """The unit and all that it hangs under, nearest first."""
        chain, u = [], self._units.get(unit_id)
        while u is not None:
            chain.append(u.id)
            u = self._view.parent(u)
        return chain

    def sentence(self, unit_id: str, words: str) -> Ref | None:
        """The sentence of a unit that holds the words; None where the unit is one sentence."""
        u = self._units.get(unit_id)
        if u is None or (at := self._view.words(u).find(words)) < 0:
            return None
        starts, sentences = sentences_of(self._view.words(u))
        i = bisect.bisect_right(starts, at) - 1
        end = starts[i] + len(sentences[i].words.rstrip())
        start = starts[i] + len(sentences[i].words) - len(sentences[i].words.lstrip())
        return self._view.ref(u, start, end) if len(starts) > 1 and start <= at else None

    def year(self, unit_id: str) -> Ref | None:
        """The deadline in a unit that frames a goal: a column's header, a heading; or the year in it."""
        u = self._units.get(unit_id)
        return year_of(self._view, u) if u is not None else None

    def period(self, title: Ref, words: str) -> Ref | None:
        """The years in a title, whose words are given."""
        if find_period(words) or plan_period(words):
            return title
        u, year = self._units.get(title.u), _ONE_YEAR.search(words)
        return Ref(u=u.id, quote=year.group()) if u is not None and year else None

    def address(self, unit_id: str) -> Ref | None:
        """The address in an entry of the list of sources, or printed right below it."""
        u = self._units.get(unit_id)
        if u is None:
            return None
        if own := _ADDRESS.search(self._view.words(u)):
            return self._view.ref(u, *own.span())
        after = self._view.position(u) + 1
        following = self._view.units[after : after + 1]
        return Ref(u=following[0].id) if following and following[0].unit.kind is UnitKind.LINK else None

    def _bullet_above(self, u: ArticleUnit) -> ArticleUnit | None:
        if u.unit.kind in _PART:
            whole = self._view.parent(u)
            u = whole if whole is not None else u
        above = self._view.parent(u)
        return above if above is not None and above.unit.kind is UnitKind.BULLET else None

    def _row_before(self, u: ArticleUnit) -> ArticleUnit | None:
        """The name of the table row that a bullet goes on with, where a line or page broke the row before it."""
        for before in reversed(self._view.units[: self._view.position(u)]):
            if before.unit.kind is not UnitKind.BULLET or before.unit.marker != u.unit.marker:
                break
            if self._view.row(before) is not None:
                return found_unit(self._view, before).pillar
        return None
