"""From log-odds to an answer: which units announce, which are measures, which numbers are goals.

A measure is a unit or what stands under it, never both; the clauses of a sentence are taken one by one, and one that
goes on with a measure is joined to it. Issuers and labels are spans by grammar.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.draft.grammar.actors import others_speak
from pipeline.draft.grammar.announce import lead_at
from pipeline.draft.grammar.measures import Found, found_clauses, found_unit, names_responsible
from pipeline.draft.grammar.rules import Rule
from pipeline.draft.grammar.several import each_title
from pipeline.draft.grammar.titles import title_letters
from pipeline.draft.grammar.view import Lead, View
from pipeline.draft.judged import Judged
from pipeline.draft.seen.counted import is_goal_row
from pipeline.draft.seen.sheets import ANNOUNCEMENT, EVIDENCE, JOINS, MEASURE
from pipeline.learn.sheet import Reals
from schemas.answer import Ref
from schemas.document import ArticleUnit
from schemas.vocabulary import UnitKind

REPORTS_FROM = (0.6, 0.6, -0.5)
"""Log-odds from which an article is taken to report a policy: where the grammar finds no announcement, one without a
title, one with a title. A false policy costs more than a missed one: of 1,243 real articles by groups, with vectors, 89 % of
those without a policy are kept empty, and 83 % of the others found."""
ITEMS_REPORT_FROM = (1.0, -2.0, -2.0)
"""The same for an item of a digest: what is announced there is what the item is about. By groups 63 of 64 labelled items
with an announcement report a policy, and 8 of 75 without one."""
NEARLY = 2.5
"""Log-odds by which a unit may be less likely than the likeliest one."""
ALSO_FROM = 0.0
"""Log-odds from which a further unit announces a policy of its own."""
ITEM_FROM = -1.5
"""The same where it stands under a heading of its own beside that of the others."""
MEASURE_FROM = -0.6
"""Log-odds from which a unit is a measure: of -1 to 0 the best by groups, in each language and with and without vectors."""
ALONE_FROM = -2.0
"""The same where an act without a title would have no measure at all."""
GOAL_FROM = -0.4
"""Log-odds from which a number is a goal: from -0.75 to 0 about as much is right in sum by groups, with vectors most here."""
JOINS_FROM = -1.0
"""Log-odds from which a clause goes on with the measure before it: behind one more than half of them do."""
EVIDENCE_FROM = 0.0
_TAKES_EFFECT = Rule("says no more than from when it holds",
    ko=r"^[^,]{0,45}부터\s(?:본격\s|전면\s)?(?:시행|적용|발효)(?:[한된]다|됩니다|합니다|[할될]\s예정이다|할\s계획이다|에\s들어간다|[하되][며고])(?:고\s(?:밝혔|발표했|전했)다)?[^가-힣]*$",
    zh=r"^.{0,30}自.{1,20}起(?:施行|实施|执行|生效)[。．；;]?$",
    en=r"^.{0,60}\b(?:(?:enters?|comes?)\sinto\s(?:force|effect)|takes?\seffect)\b.{0,60}$",
    finds="10월 1일부터 시행한다고 밝혔다. / 본규정은 4월부터 전면 적용된다. / 本决定自2025年7月1日起施行。 / This Regulation shall enter into force on 1 May 2031. / It takes effect in June.",
    spares="10월 1일부터 카페인 표시를 시행한다는 계획을 세웠다, 4월부터 시행한다 / 自2025年7月1日起施行的办法要求各地建立台账。")  # fmt: skip
"""Of 63 such units in articles that report a policy (21 Korean, 39 Chinese, 3 English) none is labelled a measure."""
_ASKS_OPINIONS = Rule("asks the public what it thinks of a draft",
    ko=r"의견서?[을를]?\s?제출(?:하면\s된다|할\s수\s있다|해야\s한다|하시기\s바랍니다)[^가-힣]*$",
    zh=r"(?:现|社会|公开)征求意见[。．]?$",
    finds="이 개정안에 의견이 있는 단체는 5월 3일까지 의견을 제출하면 된다. / 의견서를 제출할 수 있다. / 의견을 제출해야 한다 / 의견을 제출하시기 바랍니다. / 现向社会公开征求意见。",
    spares="의견을 제출한 단체에 비용을 지원한다. / 建立公开征求意见制度。")  # fmt: skip
"""Of 9 such units none is labelled a measure."""
_NO_MEASURES = (_TAKES_EFFECT, _ASKS_OPINIONS)
_NEVER = -9.0
_PARTS = frozenset({UnitKind.CLAUSE, UnitKind.ITEM, UnitKind.ROW})
_Picked = tuple[float, list[list[int]]]


def reports(judged: Judged) -> bool:
    """Whether the article reports a policy: what the weights say of it, and what the grammar finds."""
    found = max((2 if lead.title is not None else 1 for lead in judged.leads), default=0)
    bounds = REPORTS_FROM if judged.view.article.kind == "whole" else ITEMS_REPORT_FROM
    return judged.reports >= bounds[found]


def choose_leads(judged: Judged) -> list[Lead]:
    """What is announced: what the grammar found, where it is nearly as likely as the likeliest unit, else by that unit.

    And by each further likely one: with a title of its own, or under a heading of its own, unless the document is one policy
    with its title at the head.
    """
    view, odds = judged.view, judged.roles[:, ANNOUNCEMENT]
    able = [i for i, u in enumerate(view.units) if u.unit.kind not in _PARTS]
    ranked = sorted(able, key=lambda i: -odds[i])
    known = [lead for lead in judged.leads if odds[view.position(lead.unit)] > odds[ranked[0]] - NEARLY]
    leads = known or [lead_at(view, view.units[ranked[0]], judged.leads)]
    titles = {title_letters(view, lead) for lead in leads}
    one = any(_is_its_title(view, lead) for lead in leads)
    for i in ranked:
        if odds[i] < ITEM_FROM:
            break
        lead = lead_at(view, view.units[i], judged.leads)
        title = title_letters(view, lead)
        another = bool(title) and title not in titles and odds[i] >= ALSO_FROM and not known
        if another or (not one and all(_are_items(view, lead.unit, other.unit) for other in leads)):
            leads.append(lead)
            titles.add(title)
    return sorted((each for lead in leads for each in each_title(view, lead)), key=lambda lead: lead.unit.unit.start)


def _is_its_title(view: View, lead: Lead) -> bool:
    """Whether what announces is a title and no more: the document is the policy, and its chapters are no policies."""
    return (
        lead.title is not None and lead.title[0] is lead.unit and view.said(lead.title) == view.words(lead.unit).strip()
    )


def _are_items(view: View, one: ArticleUnit, other: ArticleUnit) -> bool:
    """Whether two units stand under different headings of one rank: items of a digest, each with news of its own."""
    pairs = zip(_headings(view, one), _headings(view, other), strict=False)
    apart = next(((a, b) for a, b in pairs if a is not b), None)
    return apart is not None and apart[0].unit.family == apart[1].unit.family != ""


def _headings(view: View, u: ArticleUnit) -> list[ArticleUnit]:
    return [*view.headings(u), *([u] if u.unit.kind is UnitKind.HEADING else [])]


def odds_of_lead(judged: Judged, lead: Lead) -> float:
    """That the unit announces a policy of its own."""
    return float(judged.roles[judged.view.position(lead.unit), ANNOUNCEMENT])


def choose_measures(judged: Judged, leads: Sequence[Lead]) -> list[tuple[Found, float]]:
    """The measures of an article in text order, none within another, each with its log-odds."""
    view, roles = judged.view, _able(judged, leads)
    groups = _Tree(view, roles).best()
    if not groups and all(lead.title is None for lead in leads):
        likeliest = max(range(len(view.units)), key=lambda i: roles[i, MEASURE])
        groups = [[likeliest]] if roles[likeliest, MEASURE] > ALONE_FROM else []
    return [
        (found, float(judged.roles[group[0], MEASURE]))
        for group in sorted(groups)
        if (found := _found(view, [view.units[i] for i in group])) is not None
    ]


def _able(judged: Judged, leads: Sequence[Lead]) -> Reals:
    """The roles without what others do, what announces by a title, what leads on to others, what only says from when it
    holds or asks for opinions, who is responsible, and what is no part of the text.

    What ends with a colon leads on to others: of 2,454 labelled measures three end so; of 71 cells in a column of who is
    responsible none is one. Of 180 units that announce, beside other measures, in documents of publishers and those that
    people labelled, 6 are measures themselves.
    """
    view, roles = judged.view, judged.roles.copy()
    announce = {id(u) for lead in leads if lead.title is not None for u in (lead.unit, lead.title[0])}
    titles = [lead.title[0].unit.start + lead.title[1] for lead in leads if lead.title is not None]
    named = {id(row) for lead in leads if lead.title is not None and (row := view.row(lead.title[0])) is not None}
    for i, u in enumerate(view.units):
        leads_on = view.words(u).rstrip().endswith((":", "："))
        none = leads_on or names_responsible(view, u) or any(r.within(view.words(u)) for r in _NO_MEASURES)
        none = none or is_goal_row(view.words(u))
        title = id(u) in announce or id(view.row(u)) in named or any(_holds(u, start) for start in titles)
        if title or none or not view.is_body(u) or (roles[i, MEASURE] > MEASURE_FROM and is_of_others(view, u)):
            roles[i, MEASURE] = _NEVER
    return roles


def _holds(u: ArticleUnit, start: int) -> bool:
    """Whether a unit is the clause that a title begins in: by groups 8 of 12 such clauses that were taken are no measures."""
    return u.unit.kind is UnitKind.CLAUSE and u.unit.start <= start < u.unit.end


def is_of_others(view: View, u: ArticleUnit) -> bool:
    """Whether the sentence that the unit is, or is a part of, is about a firm or a laboratory: no act of an authority."""
    above = view.parent(u) if view.is_part(u) else u
    return above is not None and above.unit.kind is UnitKind.SENTENCE and others_speak(view.words(above))


def _found(view: View, group: list[ArticleUnit]) -> Found | None:
    return found_clauses(view, group) if group[0].unit.kind is UnitKind.CLAUSE else found_unit(view, group[0])


class _Tree:
    """The best choice of measures in the tree of units: by the sum of their log-odds above the threshold."""

    def __init__(self, view: View, roles: Reals) -> None:
        self.view, self.roles = view, roles

    def best(self) -> list[list[int]]:
        """Each measure as the positions of its units: one, or several clauses."""
        tops = [i for i, u in enumerate(self.view.units) if u.unit.parent not in self.view.places]
        return [group for i in tops for group in self._of(i)[1]]

    def _of(self, i: int) -> _Picked:
        unit = self.view.units[i].unit
        below = [self.view.places[c.unit.index] for c in self.view.children.get(unit.index, ())]
        clauses = [j for j in below if self.view.units[j].unit.kind is UnitKind.CLAUSE]
        gain, groups = self._clauses(clauses)
        for j in below:
            if self.view.units[j].unit.kind is not UnitKind.CLAUSE:
                more, further = self._of(j)
                gain, groups = gain + more, groups + further
        own = float(self.roles[i, MEASURE]) - MEASURE_FROM
        if clauses or unit.kind is UnitKind.ROW or own <= 0 or (unit.kind is UnitKind.HEADING and groups):
            return gain, groups
        return (own, [[i]]) if own > gain else (gain, groups)

    def _clauses(self, clauses: Sequence[int]) -> _Picked:
        groups: list[list[int]] = []
        gain, open_group = 0.0, False
        for j in clauses:
            begins, joins = float(self.roles[j, MEASURE]) - MEASURE_FROM, float(self.roles[j, JOINS])
            if open_group and joins > max(begins, JOINS_FROM):
                groups[-1].append(j)
            else:
                open_group = begins > 0
                gain += max(begins, 0.0)
                groups += [[j]] if open_group else []
        return gain, groups


def choose_evidence(judged: Judged, lead: Lead) -> list[Ref]:
    """Secondary places that state the policy."""
    units = judged.view.units
    likely = [i for i, u in enumerate(units) if judged.roles[i, EVIDENCE] > EVIDENCE_FROM and u.unit.kind not in _PARTS]
    return [Ref(u=units[i].id) for i in likely if units[i] is not lead.unit][:3]
