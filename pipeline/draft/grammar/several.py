"""Several policies announced together: three bills that pass in one sentence, two sets of measures `each published`.

Each becomes an announcement of its own, and where fourteen bills pass of which two are named, each that a later
sentence is about. What follows belongs to the one whose name it says; what names none, to the one whose maker it names,
else to the first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from pipeline.draft.grammar.authorities import is_authority
from pipeline.draft.grammar.issuers import organisations_in
from pipeline.draft.grammar.rules import Rule
from pipeline.draft.grammar.titles import Quoted, document_type, find_quoted, letters_of, title_letters
from pipeline.draft.grammar.view import Lead, View
from pipeline.draft.grammar.years import is_of_before
from schemas.document import ArticleUnit
from schemas.vocabulary import DocumentType

# 「A」, 「B」 등 2개 제정법률안과 「C」, 「A」 및 그 하위 계획인 「B」: what stands between names that are told in one breath.
_BETWEEN = re.compile(
    r"(?:[\s,，、·①-⑳➀-➓△▲]|\(이하[^()]{0,50}\)|,\s[^,.「」『』‘’“”]{2,40}\s위한(?=\s)|및\s[^,.「」『』‘’“”]{2,40}[가-힣]인(?=\s)|등\s?\d{1,2}\s?개\s?[가-힣]{0,10}(?:과|와)?|과|와|및|和|与|以及|and)*"
)
_NEXT_MAKER = re.compile(r"[을를],?\s(?P<who>[^,「『‘“]{2,20}?)(?:은|는)\s(?:[^,「『‘“]{1,16}\s)?")


_BUNDLE = Rule("tells of a number of bills or rules",
    ko=r"\d{1,3}\s?(?:개|건)의?\s?(?:소관\s)?[가-힣]{0,4}?(?:법률안|법\s?개정안|법안|개정안|제정안|법률|법령|시행령|조례안)|(?:법률안|법안|개정안)\s?\d{1,3}\s?(?:개|건)",
    finds="「하천법」 등 14개 환경법안이 통과했다 / 11개의 법률안 / 소관 7개 법안 / 법률 개정안 3건을 18일 공포한다 / 3개 법 개정안 / 2개 제정안 / 33개의 법령 / 5개 소관 법률 / 4개 시행령 / 조례안 2건과 6개 조례안 / 법안 2건 / 법률안 2건 / 9개 법률안 / 8개 개정안",
    spares="법률 개정안을 18일 공포한다 / 3개 지역에 법률 상담소를 연다")  # fmt: skip
# 「A법」 및 「B법」 하위법령 개정안: one draft that changes the rules below several laws.
_ONE_CHANGE = re.compile(r"\s?하위\s?법령\s?(?:일부|전부)?\s?(?:제정|개정)(?:령|규칙)?안")
_FIRST_WORDS = re.compile(
    r"(?:[\W\d]*(?:(?:먼저|우선|또한|아울러|이어|마지막으로|다음으로|이와\s?함께|그\s?밖에|이\s?외에도|이밖에도?|한편|더불어)[,\s]+)?)[△▲\s]*"
)
# 「하천법」은, '하천법' 개정안은, 하천법 개정으로: what the sentence is about. A bare name needs the change behind it.
_SHORT = r"(?:\s?\([^()]{1,40}\))?"
_BILL = r"\s?(?:일부|전부)?\s?(?:개정|제정)?(?:법률)?안?"
_ABOUT = re.compile(rf"{_SHORT}{_BILL}(?:은|는|으로|의\s경우|에서는|에는|을\s통해)[,\s]")
_BARE = re.compile(
    r"(?P<name>[가-힣·ㆍ]+(?:\s[가-힣·ㆍ]+){0,11}?\s?(?:법|법률|시행령|규칙)안?)"
    rf"(?:{_SHORT}\s?(?:일부|전부)?\s?(?:개정|제정)(?:안|법률안)?(?:은|으로|을\s통해)|\s?\(이하[^()]{{2,40}}\)(?:은|는))[,\s]"
)
_ALSO_PASSED = re.compile(
    rf"{_BILL}\s?(?:등\s?(?:\d{{1,3}}\s?(?:개|건)의?\s?[가-힣]{{0,10}}?)?)?(?:이|도|과|와)\s[^.]{{0,60}}(?:통과|의결|공포|시행)"
)
_HEREAFTER = re.compile(r"[(（]이하\s?$")
_SAID_OF_IT = re.compile(r"[가-힣](?:한|는|된)\s$")
_SHORTLY = 60
"""Signs that may say what a rule is for before they name it: 법적 근거를 마련한 「하천법」."""
_OF_RULES = re.compile(r"(?:법|법률|령|규칙|조례|법률?안|개정안|제정안)$")


def acts_beside(view: View, leads: Sequence[Lead]) -> list[Lead]:
    """The announcements, and one for each further rule that a later sentence is about, where a number of rules is told of."""
    told = [lead for lead in leads if _BUNDLE.within(view.words(lead.unit))]
    if not told or told[0].document_type not in (DocumentType.LAW_REGULATION, DocumentType.UNNAMED_ACTION):
        return list(leads)
    first = told[0]
    after = [u for u in view.units if u.unit.start > first.unit.unit.start and view.is_body(u) and not view.is_part(u)]
    taken, found = {title_letters(view, lead) for lead in leads}, []
    for unit in after:
        for start, end in _subjects(view.words(unit)):
            name = letters_of(view.words(unit)[start:end])
            if name not in taken:
                taken.add(name)
                rule = replace(first, unit=unit, title=(unit, start, end), document_type=DocumentType.LAW_REGULATION)
                found.append(rule)
    return sorted([*leads, *found], key=lambda lead: lead.unit.unit.start)


def _subjects(words: str) -> list[tuple[int, int]]:
    """The rules that a sentence is about, or of which it says that they passed too."""
    begin = _FIRST_WORDS.match(words)
    start = begin.end() if begin else 0
    run = next(_in_one_breath(words, [q for q in _names_in(words) if _OF_RULES.search(words[q.start : q.end])]), [])
    ahead = run[0].outer_start - start if run else 0
    if run and (ahead <= 1 or (ahead < _SHORTLY and _SAID_OF_IT.search(words, start, run[0].outer_start))):
        behind = (_ABOUT, _ALSO_PASSED) if ahead <= 1 else (_ALSO_PASSED,)
        return [(q.start, q.end) for q in run] if any(p.match(words, run[-1].outer_end) for p in behind) else []
    bare = _BARE.match(words, start)
    return [bare.span("name")] if bare is not None else []


def each_title(view: View, lead: Lead) -> list[Lead]:
    """The announcement, once for each title that stands beside its own in a list of titles of the same type."""
    if lead.title is None or lead.title[0] is not lead.unit:
        return [lead]
    makers = _each_maker(view, lead)
    if len(makers) > 1:
        return makers
    words = view.words(lead.unit)
    typed = [q for q in _names_in(words) if document_type(words[q.start : q.end]) is lead.document_type]
    quoted = [q for q in typed if not is_of_before(view, lead.unit, q.start, q.end)]
    start = lead.title[1]
    run = next((r for r in _in_one_breath(words, quoted) if any(q.start <= start < q.end for q in r)), [])
    if len(run) > 1 and (one := _ONE_CHANGE.match(words, run[-1].outer_end)):
        return [replace(lead, title=(lead.unit, run[0].outer_start, one.end()))]
    return [replace(lead, title=(lead.unit, q.start, q.end)) for q in run] if len(run) > 1 else [lead]


def _in_one_breath(words: str, quoted: Sequence[Quoted]) -> Iterator[list[Quoted]]:
    """The names in runs of those that stand beside each other in a list."""
    run: list[Quoted] = []
    for q in quoted:
        if run and not _BETWEEN.fullmatch(words, run[-1].outer_end, q.outer_start):
            yield run
            run = []
        run.append(q)
    if run:
        yield run


def _names_in(words: str) -> list[Quoted]:
    """What stands in quotation marks, but for what something is called from there on: 「A법」(이하 「B」)."""
    return [q for q in find_quoted(words) if not _HEREAFTER.search(words, max(0, q.outer_start - 4), q.outer_start)]


def _each_maker(view: View, lead: Lead) -> list[Lead]:
    """`○○도는 7월 초 「A」을, △△도는 「B」을 발표`: an announcement for each maker with its title."""
    words = view.words(lead.unit)
    typed = [(q, kind) for q in find_quoted(words) if (kind := document_type(words[q.start : q.end])) is not None]
    told: list[Lead] = []
    for (before, first), (q, kind) in pairwise(typed):
        maker = _NEXT_MAKER.fullmatch(words, before.outer_end, q.outer_start)
        if maker is None or not is_authority(maker["who"]):
            continue
        told = told or [replace(lead, title=(lead.unit, before.start, before.end), document_type=first)]
        who = organisations_in(view, lead.unit, *maker.span("who"))
        told.append(replace(lead, title=(lead.unit, q.start, q.end), document_type=kind, issuers=who))
    return told


def owner_of(view: View, leads: Sequence[Lead], unit: ArticleUnit) -> int:
    """Which policy a unit belongs to: of those announced last before it, the one that it names, else the first."""
    before = [i for i, lead in enumerate(leads) if lead.unit.unit.start <= unit.unit.start] or [0]
    last = leads[before[-1]].unit
    together = [i for i in before if leads[i].unit is last]
    if len(together) == 1:
        return together[0]
    above = view.parent(unit)
    said = letters_of(view.words(unit)) + (letters_of(view.words(above)) if above is not None else "")
    named = [i for i in together if (title := title_letters(view, leads[i])) and title in said]
    makers = {i: {letters_of(view.said(who)) for who in leads[i].issuers} for i in together}
    shared = set.intersection(*makers.values())
    made = [i for i in together if any(maker in said for maker in makers[i] - shared)]
    return (named or made or together)[0]
