"""budgets: the amounts that a policy, or one of its measures, sets aside; by rule, whoever answered.

They are inputs and stand apart from targets: a number that is to be reached is a target and no budget, a ceiling of a
grant, a price, a fine or a turnover is neither. An amount that no cue calls set aside is left out; so is one of which
two policies of an article might be meant.
"""

from __future__ import annotations

import bisect
import dataclasses
import re
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

from pipeline.ground.values import record_id
from pipeline.normalise import Quantity, find_period, find_place, find_quantities
from pipeline.normalise.chains import STEP
from schemas.document import Article, Document, Unit
from schemas.records import Budget, Policy, Span
from schemas.vocabulary import Comparator, UnitKind

CURRENCIES = {
    "KRW": ("원", "₩", "KRW", "won"),
    "CNY": ("위안", "위안화", "인민폐", "元", "元人民币", "人民币", "RMB", "CNY", "yuan"),
    "USD": ("달러", "미국 달러", "미국달러", "불", "美元", "美圆", "美圓", "US$", "USD"),
    "EUR": ("유로", "유로화", "欧元", "€", "EUR", "euros", "euro"),
    "JPY": ("엔", "엔화", "日元", "JPY", "yen"),
    "GBP": ("파운드", "£", "GBP", "pounds"),
    "HKD": ("홍콩 달러", "홍콩달러", "港元", "HK$", "HKD"),
    "CAD": ("캐나다 달러", "캐나다달러", "C$", "CAD"),
    "AUD": ("호주 달러", "호주달러", "A$", "AUD"),
    "SGD": ("싱가포르 달러", "S$", "SGD"),
    "CHF": ("스위스 프랑", "瑞士法郎", "CHF"),
}
"""By code of ISO 4217, the words of one currency alone."""
SHARED = ("$", "¥", "dollars", "루피", "페소", "크로나")
"""Words of money that several currencies have: the code is null."""
CODES: dict[str, str | None] = {word: code for code, words in CURRENCIES.items() for word in words}
CODES |= dict.fromkeys(SHARED)
"""By word of money its currency; null of one that several have."""

_BEFORE = re.compile(
    r"(?:예산|사업비|투자금|투자액|재원|국비|도비|시비|지방비|국고|민자|지원금|보조금|장려금|기금|펀드|출자금|출연금|융자금|자금"
    r"|연구비|개발비|(?:지원|투자|예산)[ ]?규모|투자)(?:은|는|이|가|을|를|로|으로)?[ ]?(?:총|연간|매년|각각|추가로)?[ ]?[(（:：]?[ ]?$"
    r"|(?:投入|安排|拨付|撥付|下达|预算|預算|资金|資金|补助|補助|资助|总投资|總投資|出资|基金|经费|經費|规模|統籌|统筹)(?:达|為|为|约|共计|共|总额)?[（(:：]?$"
    r"|\b(?:invest(?:s|ing|ment of)?|allocat(?:e|es|ed|ing)|commit(?:s|ted|ting)?|earmark(?:s|ed|ing)?|set aside|spend(?:s|ing)?"
    r"|budget of|fund(?:ing)? of|grants? of|package of|provid(?:e|es|ed|ing))[ ](?:an additional|a further|a total of|some|another)?[ ]?$",
    re.IGNORECASE,
)
"""What calls the amount behind it set aside."""
_BEHIND = re.compile(
    r"^\*{0,2}(?:을|를|이|가|의|도|으로)?[ ]?(?:규모(?:의|로)?[ ]?)?(?:을|를|이|가)?[ ]?(?:추가로|추가|우선|집중|신규|직접|전액)?[ ]?"
    r"(?:투입|배정|편성|공급|지원(?!자)|투자(?!자|[ ]?유치)|출연|출자|책정|조성|융자|보조|들여|들이|할당|배분|예산|펀드|기금|보조금|자금|사업비|연구비|(?:국회[ ])?의결|확정)"
    r"|^(?:的)?(?:专项|專項|财政|財政)?(?:资金|資金|补助|補助|基金|预算|預算|经费|經費)"
    r"|^[ ]?(?:of|in|worth of)?[ ]?(?:new|additional|public|federal|government|grant|further)?[ ]?"
    r"(?:funding|investment|budget|fund\b|grants?\b|package|programme|program\b)",
    re.IGNORECASE,
)
"""The same before it."""
_OPENS_BRACKET, _ENDS_UNIT = re.compile(r"[(（][ ]?(?:총|약)?[ ]?$"), re.compile(r"[ ]?[)）][.。*\s]*$")
"""An amount alone in brackets at the end of a measure: `…기술을 개발한다.(223.9억원)`."""
_NO_SUM = re.compile(r"한도|수당|단가|우대|상향|과태료|벌금|요금|보험료|임금|월세|가격")
_OTHER = re.compile(
    r"매출|수출|수입|생산액|생산[ ]?규모|산업[ ]?규모|거래|부가가치|시장|GDP|총생산|소득|임금|벌금|과태료|과징금|가격|요금|적자|흑자|부채"
    r"|유치|절감|효과|달성|달[하함해했]|돌파|초과|유도|지난해|작년|전년|그간|이미|기준|기록|집계"
    r"|(?:기업|가구|건|개소|인|명|업체|사업|과제|팀|농가|학생)당|每[个個家户戶项項人亩畝年月]|最高|不超过|不超過|产值|產值|营收|營收|收入|出口|市场|增加值|罚款|超过|突破|达到|去年|追回|扣回|收回|追缴"
    r"|\b(?:revenues?|markets?|exports?|sales|turnover|fines?|penalt(?:y|ies)|tariffs?|sav(?:e|es|ing|ings)|last year|attract\w{0,4})\b",
    re.IGNORECASE,
)
"""In the same clause: the amount is something else, or of the past."""
_EACH = re.compile(
    r"(?:(?<![0-9])매?월|평균|당|마다|每[一-龥]{1,3}|최고|最高|each|per [a-z]{3,15})[ ]?(?:연|월|약)?[ ]?$",
    re.IGNORECASE,
)
_ROSE_FROM = re.compile(rf"[0-9][0-9,.]*[ ]?[가-힣]{{0,2}}[ ]?[가-힣]{{0,2}}?(?:{STEP.pattern}|에서[ ])$")
_WAS_BEFORE = re.compile(
    rf"[ ]?[)）]?(?:보다|대비|에[ ]?비해|에서(?=[ ]?[0-9]))|[ ]?[,，][^()（）\n]{{1,30}}?{STEP.pattern}[^()（）\n]{{1,20}}[)）]"
)
"""Behind what an amount was before: 보다, or in brackets a list, an arrow and the list of what it shall be."""
_EACH_BEHIND = re.compile(r"^[ ]?(?:까지|씩|/|per\b|a (?:head|year|month)\b|each\b)", re.IGNORECASE)
"""An amount for one of many, or at most: how much it is in all nobody says."""
_FOR = re.compile(
    r"(?P<what>[^\s,.;:()（）][^,.;:()（）\n]{1,38}?)(?:에|[을를][ ]위해|[을를][ ]위한)[ ](?:총|연간|매년|향후|추가로)?[ ]?(?:[0-9]{1,2}년간)?[ ]?$"
)
_FOR_BEHIND = re.compile(
    r"^(?:[^,.;，。；]{0,12}用于(?P<han>[^，。；,;]{2,30})"
    r"|[a-z ]{0,30}?\b(?:for|to support|towards?|into)[ ](?P<latin>[^,.;()]{3,60}))", re.IGNORECASE
)  # fmt: skip
"""What it is for, in words that stand beside it."""
_YEAR = re.compile(
    r"(?<![0-9])(?P<year>20[0-9]{2})[ ]?(?:년도?|年度?|회계연도)(?=[ ]?(?:예산|사업비|에만|에는|에[ ]|안에|중[ ]|预算|安排|投入|财政))"
)
_TITLED = re.compile(
    r"[(（\[]?(?:(?:20[0-9]{2}|['’‘][0-9]{2})년도?[ ])?(?:총[ ]?)?(?:예산|사업비|소요[ ]?(?:예산|재원)|투입[ ]?규모|재원|지원[ ]?규모|투자[ ]?규모|资金安排|资金规模|预算|budget|funding)"
    r"[ ]?[)）\]:：]", re.IGNORECASE,
)  # fmt: skip
"""How a line opens that tells the budget of the policy it stands under."""
_IN_BRACKETS = re.compile(r"[*※]?\s?[(（][^()（）]{4,24}[)）]$")
_CLAUSE = re.compile(r"[.;,，。；]")
_LONGEST = 40
"""Signs on either side of an amount that are looked at."""


class _Found(NamedTuple):
    unit: Unit
    quantity: Quantity
    """With offsets of the document's text."""


def set_aside(document: Document, articles: Sequence[Article], policies: Sequence[Policy]) -> tuple[Policy, ...]:
    """The policies with their budgets."""
    return tuple(_with_budgets(document, articles, policy, policies) for policy in policies)


def _with_budgets(
    document: Document, articles: Sequence[Article], policy: Policy, policies: Sequence[Policy]
) -> Policy:
    taken = {(t.raw.start, t.raw.end) for p in policies for t in p.targets}
    made: dict[tuple[int, int], Budget] = {}
    for unit in _units(document.text, articles, policy, policies):
        for found in _amounts(document.text, unit):
            start, end = found.quantity.start, found.quantity.end
            if not any(start < stop and begin < end for begin, stop in taken):
                made.setdefault((start, end), _budget(document, policy, found))
    return policy.model_copy(update={"budgets": tuple(made[at] for at in sorted(made))}) if made else policy


def _units(text: str, articles: Sequence[Article], policy: Policy, policies: Sequence[Policy]) -> Iterator[Unit]:
    """Where amounts of a policy may stand: its announcement, its measures, and a line that says it tells its budget.

    The rest of an article tells of others too: firms, earlier plans, other countries.
    """
    alone = sum(p.extent == policy.extent for p in policies) == 1
    own = sorted((s.start, s.end) for s in (policy.announcement, *(m.text for m in policy.measures)))
    starts, reach = [start for start, _ in own], list(accumulate((end for _, end in own), max))
    for article in articles:
        if not article.asked or not (article.start <= policy.announcement.start < article.end):
            continue
        parents = {u.unit.parent for u in article.units}
        sentences = {u.unit.index: u.unit for u in article.units if u.unit.kind is UnitKind.SENTENCE}
        for unit in (u.unit for u in article.units):
            if unit.role in ("furniture", "references", "header") or unit.kind is UnitKind.HEADING:
                continue
            if unit.index in parents and unit.kind in (UnitKind.SENTENCE, UnitKind.ROW):
                continue  # its parts are units of their own
            inside = policy.extent.start <= unit.start and unit.end <= policy.extent.end
            titled = alone and inside and _TITLED.match(text, unit.start, min(unit.end, unit.start + _LONGEST))
            before = bisect.bisect_left(starts, unit.end)
            sentence = sentences.get(unit.index, sentences.get(-1 if unit.parent is None else unit.parent))
            named = sentence is not None and _is_named(text, sentence, policy, policies)
            if titled or named or (before and reach[before - 1] > unit.start):
                yield unit


def _is_named(text: str, sentence: Unit, policy: Policy, policies: Sequence[Policy]) -> bool:
    """Whether a sentence is about the policy: it names it, and no other of the policies behind it."""
    places = [
        (text.rfind(_bare(p), sentence.start, sentence.end), p is policy) for p in policies if p.title is not None
    ]
    return max(places, default=(-1, False)) > (-1, True) and max(places)[1]


def _bare(policy: Policy) -> str:
    """The title without the years in brackets behind it."""
    return _IN_BRACKETS.sub("", policy.title.text) if policy.title is not None else ""


def _amounts(text: str, unit: Unit) -> Iterator[_Found]:
    """The amounts of money in a unit that are called set aside."""
    words = text[unit.start : unit.end]
    for quantity in find_quantities(words):
        if quantity.unit not in CODES or quantity.value is None:
            continue
        if quantity.comparator in (Comparator.LE, Comparator.LT):  # a ceiling
            continue
        if STEP.match(words, quantity.end) or _WAS_BEFORE.match(words, quantity.end):
            continue
        before = words[max(0, quantity.start - _LONGEST) : quantity.start]
        while rose := _ROSE_FROM.search(before):
            before = before[: rose.start()]
        behind = words[quantity.end : quantity.end + _LONGEST]
        clause = _CLAUSE.split(before)[-1] + words[quantity.start : quantity.end] + _CLAUSE.split(behind)[0]
        if _EACH.search(before) or _EACH_BEHIND.match(behind) or _OTHER.search(clause):
            continue
        closed = _OPENS_BRACKET.search(before) and _ENDS_UNIT.match(words, quantity.end)
        alone = closed and quantity.value_max is None and _NO_SUM.search(before) is None
        if alone or _BEFORE.search(before) or _BEHIND.match(behind):
            start, end = unit.start + quantity.start, unit.start + quantity.end
            yield _Found(unit, dataclasses.replace(quantity, start=start, end=end))


def _budget(document: Document, policy: Policy, found: _Found) -> Budget:
    text, unit, quantity = document.text, found.unit, found.quantity
    raw = _span(text, quantity.start, quantity.end)
    purpose = _purpose(text, unit, quantity)
    first, last, years = _years(text, unit)
    home = (m for m in policy.measures if m.text.start <= raw.start and raw.end <= m.text.end)
    measure = min(home, key=lambda m: m.text.end - m.text.start, default=None)
    return Budget(
        id=record_id(document.sha256, "budget", raw),
        measure_id=measure.id if measure is not None else None,
        text=_span(text, unit.start, unit.end),
        raw=raw,
        comparator=quantity.comparator,
        value=quantity.value,
        value_max=quantity.value_max,
        unit=quantity.unit,
        currency=CODES[quantity.unit or ""],
        purpose=_span(text, *purpose) if purpose is not None else None,
        years=_span(text, *years) if years is not None else None,
        period_start=first,
        period_end=last,
        flags=(),
    )


def _span(text: str, start: int, end: int) -> Span:
    return Span(start=start, end=end, text=text[start:end])


def _purpose(text: str, unit: Unit, quantity: Quantity) -> tuple[int, int] | None:
    """Where the words stand that say what an amount is for."""
    floor = max(unit.start, quantity.start - _LONGEST)
    found = _FOR.search(text[floor : quantity.start])
    if found is not None:
        start, end = floor + found.start("what"), floor + found.end("what")
        cut = start == floor > unit.start and not text[floor - 1].isspace()
        return None if cut or find_place(text[start:end]) is not None else (start, end)  # `전북에` tells where
    behind = _FOR_BEHIND.match(text[quantity.end : min(unit.end, quantity.end + 2 * _LONGEST)])
    if behind is None:
        return None
    group = behind.lastgroup or 0
    words = behind[group].rstrip()
    return quantity.end + behind.start(group), quantity.end + behind.start(group) + len(words)


def _years(text: str, unit: Unit) -> tuple[int | None, int | None, tuple[int, int] | None]:
    """First and last year for which an amount is set aside, and the words that say so."""
    words = text[unit.start : unit.end]
    period = find_period(words)
    if period is not None:
        first, last, (start, end) = period
        return first, last, (unit.start + start, unit.start + end)
    years = list(_YEAR.finditer(words))
    if len(years) != 1:
        return None, None, None
    year = int(years[0]["year"])
    return year, year, (unit.start + years[0].start(), unit.start + years[0].end())
