"""Puts an article's draft together: for each reported act a policy with its header, measures and targets."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import NamedTuple

from pipeline.draft.decode import (
    GOAL_FROM,
    choose_evidence,
    choose_leads,
    choose_measures,
    is_of_others,
    odds_of_lead,
    reports,
)
from pipeline.draft.grammar.authorities import level_by_name
from pipeline.draft.grammar.english_issuers import english_issuer
from pipeline.draft.grammar.fields import fields_of
from pipeline.draft.grammar.heads import head_date, head_issuers, is_jointly, is_repealed
from pipeline.draft.grammar.issuers import may_be_body
from pipeline.draft.grammar.measures import Found, answer_of
from pipeline.draft.grammar.notices import as_told
from pipeline.draft.grammar.references import find_references
from pipeline.draft.grammar.several import acts_beside, each_title, owner_of
from pipeline.draft.grammar.targets import Goal, targets_of
from pipeline.draft.grammar.titles import document_type, label_end, letters_of, title_letters, type_of_name
from pipeline.draft.grammar.view import Lead, Number, Placed, View
from pipeline.draft.grammar.years import period_beside, year_named
from pipeline.draft.judged import ISSUES_FROM, SURELY_ISSUES_FROM, Judged
from pipeline.draft.seen.naming import is_named_by_weights
from pipeline.draft.seen.numbers import is_baseline
from pipeline.draft.seen.sheets import Stated
from pipeline.learn.weights import Weights
from pipeline.normalise import dateline_end, find_dates, find_period
from schemas.answer import Answer, IssuerA, MeasureA, PolicyA, Ref, TargetA
from schemas.document import Article, ArticleUnit
from schemas.vocabulary import DocumentType, GovernmentLevel, Role, Status, TechnologyField, UnitKind

_BRACKET_DATE = re.compile(r"[（(]\s*(\d{1,2}\s?[./]\s?\d{1,2})\.?\s*[)）]\s*$")
_YEAR_TITLE = re.compile(
    r"(?:(?P<year>20\d\d)|['’‘`](?P<short>\d\d))\s?(?:년도?|年度?)(?!\s?(?:까지|대|말|목표|이후|실적))"
)
"""The year of a yearly plan or programme; of 72 labelled names with one year 64 are for that year."""
_DATE_FIELD = re.compile(
    r"(?:원문\s?발표일|원문\s?공표일|发布日期|成文日期|印发日期|Date of publication|Published)\s*[:：]?\s*"
)
_DAY_ALONE = re.compile(
    r"(?<![\d월月.~∼-])(?<!월 )(?<!다음달 )(?P<day>\d{1,2}일)(?=(?:\([월화수목금토일]\))?[,\s)](?!까지|부터|동안|간|이내))(?=[^.]{0,160}(?:밝|발표|공개|공포|공고|마련|수립|확정|의결|시행|출범|내놨|내놓|공표|전했))"
)
_NOTICE_END = re.compile(r"现(?:将|把|印发|予)|印发给你们")
_SIGNATURE_DATE = re.compile(r"(?P<date>20\d\d\s?年\s?\d{1,2}\s?月\s?\d{1,2}\s?日)\s*(?:$|\n)")
_ISSUING = re.compile(
    r"(?:발표|시행|개정|제정|수립|공포|고시|확정|의결|통과|마련|발행|공개|공고|채택|예고|[계기]획|방안|대책|전략|법|령|[」』》’”])$"
)
_OF_AN_EVENT = re.compile(
    r"\s*(?:[(（][월화수목금토일][)）]\s?(?:까지|부터(?!\s?(?:본격\s?|전면\s?)?시행|[^.\n]{0,40}(?:입법|행정)\s?예고))|까지|기준|개막|개최|부터|열린|말\s?기준|년\s?\d|~|∼|(?:에\s)?(?:시행|발효|출범할|개시할|부터))"
)
# 화재(9.26, 8명)와 관련하여, 개정('30.6.30.)한 이후, 로드맵('27.11월)’을 발표한 이후: what went before.
_WENT_BEFORE = re.compile(
    r"[^()（）\n]{0,12}[)）][’'”」』》]?\s?(?:[와과]\s?관련|(?:[을를]\s?[가-힣]{2,4})?[한된]\s?(?:이후|이래|데\s?이어)|이후)"
)
# (11.16일 조선비즈 ｢…｣), 2월 17일자 한국일보: the day on which the press told of it.
_OF_THE_PRESS = re.compile(
    r"자?(?:\([월화수목금토일]\))?[\s,·]{0,2}(?:[가-힣A-Z]{0,6}(?:일보|신문|뉴스|비즈|타임[스즈]|투데이|데일리|헤럴드|한겨레|KBS|MBC|SBS|YTN|JTBC)"
    r"|(?:매일|한국|서울|아시아|머니)경제|(?<=자)\s?(?:보도|기사))"
)
_DRAFTED = re.compile(
    r"초안|의견\s?수렴|의견을\s?(?:구|듣|받)|입법예고|행정예고|征求意见|consultation|\bdraft\b", re.IGNORECASE
)
_PUT_OUT = re.compile(r"向社会公开征求意见|公开征求社会意见|(?:입법|행정)예고(?:합니다|한다)")
_AT_ITS_HEAD = 6
"""So many letters may stand before a title that a unit is about: 금번 ｢…｣은."""
_EARLY = 12
"""So many units at the head of an article may say that what it tells of is put out for comments."""
# 本办法自印发之日起施行: from the day of issue, not from one named day.
_FROM_ITS_DAY = re.compile(r"自(?:公布|印发|发布|下发|颁布|发文|签发)之日起[^。]{0,12}(?:施行|实施|执行|生效)")
_DONE = re.compile(r"구축(?:했|하였|을 완료)|(?:명단|목록)\s?공개|시행\s?(?:중|에 들어)|시행했|발효")


class Odds(NamedTuple):
    """Log-odds of what one policy of an answer says, in its order: the one place where all decisions stand together."""

    policy: float
    measures: tuple[float, ...]
    instruments: tuple[float, ...]
    targets: tuple[float, ...]


class Drafted(NamedTuple):
    """An answer, and how sure the weights are of it: an entry for each of its policies."""

    answer: Answer
    odds: tuple[Odds, ...] = ()
    judged: Judged | None = None
    """What else the weights say of the article, where it reports a policy."""
    reports: float | None = None
    """Log-odds that it does; null for an article that is never asked about."""


def draft(text: str, article: Article, weights: Weights) -> Answer:
    """The answer about one article by learned weights; empty for pages that are never asked about."""
    return drafted(text, article, weights).answer


def drafted(text: str, article: Article, weights: Weights) -> Drafted:
    """The same with its log-odds."""
    if not article.asked or not article.units:
        return Drafted(Answer())
    return draft_from(Judged(View(text, article), weights))


def draft_from(judged: Judged) -> Drafted:
    """The answer that an article's log-odds amount to."""
    if not reports(judged):
        return Drafted(Answer(), reports=judged.reports)
    named = _named(judged, as_told(judged.view, choose_leads(judged)))
    leads = acts_beside(judged.view, named)
    measures: list[list[_Measure]] = [[] for _ in leads]
    for measure in _measures(judged, choose_measures(judged, named)):
        measures[owner_of(judged.view, leads, measure.found.unit)].append(measure)
    numbers: list[list[tuple[Number, float]]] = [[] for _ in leads]
    for n, odds in judged.goals:
        if odds > GOAL_FROM and not is_of_others(judged.view, n.unit) and not is_baseline(judged.view, n):
            numbers[owner_of(judged.view, leads, n.unit)].append((n, odds))
    told = [_learned(judged, leads, i, *own) for i, own in enumerate(zip(measures, numbers, strict=True))]
    answer = Answer(policies=[policy for policy, _ in told])
    return Drafted(answer, tuple(odds for _, odds in told), judged, judged.reports)


def _named(judged: Judged, leads: list[Lead]) -> list[Lead]:
    """The announcements of a Korean or English article by the titles that the weights choose, each with one of its own.

    Titles that one unit lists were told apart by grammar: they stay.
    """
    view = judged.view
    if not is_named_by_weights(view) or not judged.weights.judges.linear["titles"].knows:
        return leads
    listed = Counter(lead.unit.unit.index for lead in leads)
    taken = {title_letters(view, lead) for lead in leads if listed[lead.unit.unit.index] > 1}
    named: list[Lead] = []
    for lead in leads:
        if listed[lead.unit.unit.index] > 1:
            named.append(lead)
            continue
        chosen = _by_name(judged, lead, taken)
        said = letters_of(view.words(lead.unit)) if chosen.title is None else ""
        if any(title and 0 <= said.find(title) <= _AT_ITS_HEAD for title in taken):
            continue  # it tells more of what is announced before
        each = [e for e in each_title(view, chosen) if e.title is None or title_letters(view, e) not in taken]
        named += each or [chosen]
        taken.update(title_letters(view, e) for e in each)
    return named


def _by_name(judged: Judged, lead: Lead, taken: set[str]) -> Lead:
    """The lead by the title that the weights choose, with the type that its words tell: a name without a noun is a plan's."""
    name = judged.title_of(lead, taken)
    if name is None:
        return replace(lead, title=None, document_type=DocumentType.UNNAMED_ACTION)
    said = judged.view.said(name[:3])
    label = label_end(said)
    name, said = name._replace(start=name.start + label), said[label:]
    known = lead.document_type if lead.document_type is not DocumentType.UNNAMED_ACTION else None
    told = known if name[:3] == lead.title else document_type(said) or known
    return replace(lead, title=name[:3], document_type=type_of_name(said, told))


class _Measure(NamedTuple):
    found: Found
    answer: MeasureA
    odds: float
    of_instrument: float


def _measures(judged: Judged, chosen: list[tuple[Found, float]]) -> list[_Measure]:
    """What was chosen as answers, classified."""
    view = judged.view
    bodies = judged.bodies_of([item for item, _ in chosen])
    labelled = [
        (item, label, odds, named)
        for (item, odds), named in zip(chosen, bodies, strict=True)
        for label in (item.label, *item.extra_labels)
    ]
    told = judged.instruments_of([_stated(view, item, label) for item, label, _, _ in labelled])
    return [
        _Measure(item, answer_of(view, item, label, instrument, named), odds, sure)
        for (item, label, odds, named), (instrument, sure) in zip(labelled, told, strict=True)
    ]


def _stated(view: View, item: Found, label: Ref | None) -> Stated:
    named = label.quote if label is not None and label.quote else ""
    pillar = view.words(item.pillar) if item.pillar is not None else ""
    return Stated(item.words, named, pillar, item.unit.unit.kind)


def _learned(
    judged: Judged, leads: list[Lead], number: int, measures: list[_Measure], likely: list[tuple[Number, float]]
) -> tuple[PolicyA, Odds]:
    view, lead = judged.view, leads[number]
    numbers = [n for n, _ in likely]
    near = zip(likely, judged.deadlines_of(numbers), judged.indicators_of(numbers), strict=True)
    goals = [
        Goal(n, odds, *(view.ref(s.unit, s.start, s.end) if s is not None else None for s in (due, indicator)))
        for (n, odds), due, indicator in near
    ]
    stated = [(m.found, m.answer) for m in measures]
    targets = targets_of(view, goals, stated)
    policy = _policy(judged, lead, stated, [t for t, _ in targets], choose_evidence(judged, lead))
    odds = Odds(
        min(judged.reports, odds_of_lead(judged, lead)) if number else judged.reports,
        tuple(m.odds for m in measures),
        tuple(m.of_instrument for m in measures),
        tuple(odds for _, odds in targets),
    )
    return policy, odds


def _policy(
    judged: Judged, lead: Lead, measures: list[tuple[Found, MeasureA]], targets: list[TargetA], evidence: list[Ref]
) -> PolicyA:
    view = judged.view
    lead = replace(lead, issuers=_issuers(judged, lead))
    aim = judged.objective_of(lead)
    references, original = find_references(view, lead)
    title = lead.title
    return PolicyA(
        announcement=Ref(u=lead.unit.id),
        title=view.ref(title[0], title[1], title[2]) if title else None,
        title_original=original,
        document_type=lead.document_type,
        status=_status(view, lead),
        issuers=[
            IssuerA(name=view.ref(*who), role=Role.JOINT_ISSUER if i or is_jointly(view, who) else Role.ISSUER)
            for i, who in enumerate(lead.issuers)
        ],
        government_level=_level(view, lead),
        announced_on=_announced_on(view, lead),
        period=_period(view, lead),
        objective=view.ref(aim.unit, aim.start, aim.end) if aim is not None else None,
        technology_fields=_fields(view, lead, measures),
        measures=[m for _, m in measures],
        targets=targets,
        references=references,
        evidence=evidence,
    )


def _issuers(judged: Judged, lead: Lead) -> list[Placed]:
    """Who issues it: by the weights where they are sure, else by grammar, else by the weights where it is likely.

    What a form tells that tells its day too stays, and what grammar finds in Chinese: by groups it is right for 75 of 100
    policies so, by the weights first for 69. Where both name the same body, grammar tells all that issue with it.
    """
    told = [who for who in lead.issuers if may_be_body(judged.view, lead, who)]
    told = told or head_issuers(judged.view, lead) or english_issuer(judged.view, lead)
    if told and (lead.day is not None or not is_named_by_weights(judged.view)):
        return told
    names, odds = judged.issuers_of(lead)
    names = [who for who in names if may_be_body(judged.view, lead, who)]
    both = {letters_of(judged.view.said(who)) for who in told} & {letters_of(judged.view.said(who)) for who in names}
    if names and odds >= SURELY_ISSUES_FROM and not both:
        return names
    return told or (names if odds >= ISSUES_FROM else [])


def _status(view: View, lead: Lead) -> Status:
    words = view.words(lead.unit)
    if is_repealed(view):
        return Status.EXPIRED
    if _DRAFTED.search(words) or any(_PUT_OUT.search(view.words(u)) for u in view.units[:_EARLY]):
        return Status.PLANNED
    done = lead.title is None and _DONE.search(words) is not None
    return Status.IMPLEMENTED if done or _is_in_force(view, lead) else Status.ADOPTED


def _is_in_force(view: View, lead: Lead) -> bool:
    """Whether a rule's own text says that it applies from the day on which it is issued."""
    rule = lead.document_type is DocumentType.LAW_REGULATION and view.article.kind == "whole"
    return rule and _FROM_ITS_DAY.search(view.text, view.article.start, view.article.end) is not None


def _level(view: View, lead: Lead) -> GovernmentLevel | None:
    """The highest level among the issuers (guideline 8)."""
    levels = [level for who in lead.issuers if (level := level_by_name(view.said(who))) is not None]
    order = list(GovernmentLevel)
    return min(levels, key=order.index) if levels else None


def _lead_lines(view: View, lead: Lead) -> list[ArticleUnit]:
    """Lines between the headline and the announcement that restate the act: the ■ line, a bare first line."""
    lines = []
    for u in view.units[:8]:
        if u is lead.unit and u is not view.headline:
            break
        bare = u.unit.kind is UnitKind.SENTENCE and not view.article.prose
        if u is not lead.unit and (bare or re.search(r"[■◆▣]", u.unit.marker)):
            lines.append(u)
    return lines[:2]


def _announced_on(view: View, lead: Lead) -> Ref | None:
    """The date printed with the announcement: in its sentence, or in brackets at the end of the lead line.

    That of a notice is the day of its signature.
    """
    if lead.day is not None:
        return view.ref(*lead.day)
    for u in (*_lead_lines(view, lead), lead.unit):
        match = _BRACKET_DATE.search(view.words(u))
        if match:
            return view.ref(u, *match.span(1))
    words = view.words(lead.unit)
    begins = dateline_end(words) or 0
    named = lead.title[1] if lead.title is not None and lead.title[0] is lead.unit else 0
    for date in find_dates(words):
        its_own = date.start >= begins and date.month and (date.day or date.year)  # before: the day of the news
        if its_own and not _of_another_thing(words, date.start, date.end, named):
            return view.ref(lead.unit, date.start, date.end)
    return _signed_date(view, lead) or _day_alone(view, lead) or _field_date(view) or head_date(view, lead)


def _in_brackets(words: str, start: int, end: int) -> bool:
    return words[:start].rstrip()[-1:] in "(（" and words[end:].lstrip(" .")[:1] in ")）"


def _of_another_thing(words: str, start: int, end: int, named: int) -> bool:
    """Whether a day is that of an event, of what went before, or of an act that stands before the title (at `named`).

    In brackets it is that of the word before them: `생산중단('23.7)에 대비하여`; 「밀산업법」을 제정(2020.2)하고 「기본계획」을 수립(2020.11).
    """
    after = end + words.startswith("일", end)  # 11.16일까지: the day is 11.16
    if any(of.match(words, after) for of in (_OF_AN_EVENT, _WENT_BEFORE, _OF_THE_PRESS)):
        return True
    if _of_an_act(words, start, end):
        return end <= named
    return _in_brackets(words, start, end) and re.match(r"[가-힣]", words[end:].lstrip(" .)）")) is not None


def _of_an_act(words: str, start: int, end: int) -> bool:
    """Whether a day stands in brackets behind an act of issuing: 제정(2020년 2월)."""
    return _in_brackets(words, start, end) and _ISSUING.search(words[:start].rstrip(" (（'’‘")) is not None


def _day_alone(view: View, lead: Lead) -> Ref | None:
    """`○○부는 21일 … 발표했다`: the day of the news, beside the subject or the verb of saying."""
    day = _DAY_ALONE.search(view.words(lead.unit))
    return view.ref(lead.unit, *day.span("day")) if day is not None else None


def _signed_date(view: View, lead: Lead) -> Ref | None:
    """The date under a notice (现将…印发给你们), where those who issue it sign."""
    if _NOTICE_END.search(view.words(lead.unit)) is None:
        return None
    at = view.position(lead.unit)
    found = ((u, _SIGNATURE_DATE.search(view.words(u))) for u in view.units[at : at + 8])
    return next((view.ref(u, *signed.span("date")) for u, signed in found if signed is not None), None)


def _field_date(view: View) -> Ref | None:
    """The date field of a record about the policy (원문발표일, 成文日期), where the document has one."""
    for u in view.units:
        field_name = _DATE_FIELD.search(view.words(u)) if u.unit.kind in (UnitKind.FURNITURE, UnitKind.BULLET) else None
        dates = find_dates(view.words(u)[field_name.end() :]) if field_name is not None else []
        if field_name is not None and dates:
            return view.ref(u, field_name.end() + dates[0].start, field_name.end() + dates[0].end)
    return None


def _period(view: View, lead: Lead) -> Ref | None:
    """Years of the title: `('22~'35)`, or the one year of a yearly plan, which is no later than the next one."""
    if lead.title is None:
        return None
    (u, start, _), title = lead.title, view.said(lead.title)
    found, year = find_period(title), _YEAR_TITLE.search(title)
    issued = view.article.issue_date
    if year is not None and issued is not None and year_named(year) > issued.year + 1:
        year = None
    span = found[2] if found is not None else year.span() if year is not None else None
    return view.ref(u, start + span[0], start + span[1]) if span is not None else period_beside(view, title)


def _fields(view: View, lead: Lead, measures: list[tuple[Found, MeasureA]]) -> list[TechnologyField]:
    """Fields of the title and lead; where they name none, the most frequent of the measures."""
    words = " ".join(view.words(u) for u in (*_lead_lines(view, lead), lead.unit))
    named = fields_of(words + (view.words(view.headline) if view.headline else ""), 3)
    counts = Counter(field for _, measure in measures for field in measure.technology_fields)
    return named or [field for field, _ in counts.most_common(2)]
