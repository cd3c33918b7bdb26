"""Targets: number phrases in a goal frame (guidelines 21-26)."""

from __future__ import annotations

import bisect
import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import NamedTuple

from pipeline.draft.grammar.goal_tables import is_in_cell, place_of_cell, row_name
from pipeline.draft.grammar.measures import Found
from pipeline.draft.grammar.rules import Rule, Words, either
from pipeline.draft.grammar.saying import is_fact
from pipeline.draft.grammar.titles import document_type, find_quoted
from pipeline.draft.grammar.view import Number, View
from pipeline.normalise import (
    Quantity,
)
from schemas.answer import Ref, TargetA
from schemas.document import ArticleUnit

_GOAL = Rule("says goal, or until, or that something will be", ko=r"목표 달성 도달 까지 예정 될\s?것", zh=r"目标 达到 力争 到\d{4}年",
        en=r"\b(?:target|goal|aim|by\s(?:the\send\sof\s)?20\d\d|reach|at\sleast)\b", finds="될것 / 到1111年 / goal")  # fmt: skip
_GOAL_WORD = Rule("says goal", ko="목표", zh="目标", en=r"\b(?:targets?|goals?|aims?\sto)\b", finds="target")  # fmt: skip
_FRAME = re.compile(
    r"^\W*(?:[가-힣]{1,6}\s?)?(?:목표|비전)(?:\s?및.{0,8})?\W*$|(?:主要|发展|工作|总体|行动)目标|^[^a-z]*(?:our\s)?(?:targets?|goals?|objectives?)\b",
    re.IGNORECASE,
)
_YEAR_FRAME = re.compile(r"[~∼]?\s?['’‘]?\d{2,4}\s?년(?:까지|\s?목표)?")
_OF_OTHERS = re.compile(
    r"[A-Z][\w&.,’' -]{1,60}?\b(?:Inc|Ltd|LLC|Corp|Corporation|Company|Alliance|Association|Group|plc|GmbH)\b"
)
_WANTED = (
    "raise reach reduce cut increase double deliver train create achieve have build connect expand lower halve support"
)
_ENGLISH_WANTED = (
    re.compile(r"\b(?:will|shall|aims?|targets?|goals?|commit\w*|by (?:the end of |end-)?20\d\d|(?:is|are) to)\b"),
    re.compile(rf"\bto (?:{either(_WANTED)})\b|^\s*[A-Z][a-z]+(?:e|ing)?\s"),
)
_PAST = re.compile(
    r"지난해|작년|전년|현재|이미|당시|과거|동기\s?대비|대비\s?[\d.]+\s?(?:%|배)|기준[,\s]|누계|집계|역사상|去年|同比|截至|已有|\b(?:last year|in 20[01]\d|has grown|rose|increased (?:to|by)|so far|currently|to date)\b"
)
FORECAST = Rule("a forecast", ko=r"전망 기대(?:하|한|되|된|를\s) 예상 예측 추산 추정 관측된", zh="预计 预测",
        en=r"expects?\b forecast expected\sto projected estimate", finds="기대한 / expect")  # fmt: skip
LIMIT = Rule("a limit or a condition of support",
        ko=r"한도 (?:과제|건|인|곳|개사|기업|사업)당 이내(?:를|의|로|에서)?\s[^,]{0,16}지원 최대 이내에서 까지\s?(?:허용|지원|지급|보조|감면|공제) 추천"
        r" (?:명|인|팀|개사)[을를]?\s?모집 신청 자격 요건 조건 상한 정원 쿼터 할당 %[를을의]?\s?(?:범위|보조|지원|할인|감면|환급|가산)",
        zh=r"给予\d \d[%％](?:的)?(?:补贴|补助|奖励|给予) 以内 不超过.{0,6}(?:补助|奖励|万元)",
        en=r"up\sto maximum ceiling eligib quota cap\sof", finds="건당 / 이내 지원 / 까지지원 / 인모집 / %보조 / 给予1 / 1%奖励 / 不超过补助")  # fmt: skip
FUND = Rule("money set aside", ko=r"펀드 기금 예산 보조 규모의?\s 지원금", zh="基金 预算", en="fund budget", finds="큰 규모의 투자")  # fmt: skip
_BODIES = "부처 기관 사 국가 성 시 대학 도시 개국 분야 방면 방향 부문 종류 가지 측면"
_ABOUT = r"의?\s?[가-힣·\s]{0,14}(?:을|를)\s?(?:대상|중심|기반|토대|바탕|비롯)|[가-힣]{0,4}(?:로|으로)\s?구성"
AROUND = re.compile(
    rf"^\s*(?:{_ABOUT}|(?:정부\s?)?(?:{either(_BODIES)})(?:가|이|은|는|와|과|의|에|로|을|를|\s|,|$)|[가-힣\s]{{0,6}}급(?=\s|[가-힣]))"
)
_STANDING_FIRST = r"\s?(?:최고|최상위|상위권|선두|선도|선진|일류)(?:\s?(?:수준|지위|대열|권))?"
_ABOVE_MEAN = r"\s?평균\s?(?:보다\s?높은\s?수준|을?\s?초과|\s?이상)"
RANK = Rule(
    "a rank in words",
    ko=(Words("세계 글로벌 국내 전국 아시아 국제", behind=_STANDING_FIRST), Words("전국 도시 국가 세계 EU OECD", behind=_ABOVE_MEAN)),
    zh=(Words("世界 全国 全球 国际 国内 全省 全市", behind=r"(?:一流|领先|先进|前列|前[一二三四五六七八九十])(?:水平|地位|行列)?"),),
    en=r"(?-i:world[-\s](?:leading|class))",
    finds="세계 최고 수준 / 글로벌 선도 / 국내 일류 / 전국 상위권 / 아시아 선두 / 국제 선진 수준 / 전국 평균 이상 / 도시 평균보다 높은 수준 / 국가 평균 초과"
    " / 세계 평균을 초과 / EU 평균 이상 / OECD 평균 이상 / 世界一流 / 全国前列 / 全球领先地位 / 国际先进水平 / 国内领先 / 全省前三 / 全市前列 / world-class",
    spares="세계 시장 / 평균 이상 / 全国范围 / the whole world",
)  # fmt: skip
BEFORE_ARROW = re.compile(r"^\s*[)）]?\s*(?:→|⇒|➡|->|=>|에서\s)")
_REACHES = re.compile(
    r"달성|돌파|투입|확대|유치|수출|매출|투자|규모|시장|초과|수입|생산|거래|부가가치|投资|产值|规模|营收|收入|达到|invest|attract|revenue|export|sales|turnover"
)
_FULL_YEAR = re.compile(r"(20\d\d)(?=\s?[年년]|\b)")
_SENTENCE = re.compile(r"[.。；](?:(?<=[。；])|(?:(?<=[다요음함임a-z)]\.)|(?<=[A-Z][A-Z]\.))\s)")
FAR = 240
"""What stands further from a number (characters) is not said of it."""
_LONGEST_PLACE = 4_000
"""In a longer unit (characters) a goal stands in a stretch of it: its words are written out with each goal."""
_OF_NUMBERS = "0123456789.,"
_HANGUL_OR_HAN = re.compile(r"[가-힣\u4e00-\u9fff]")
_ALREADY = re.compile(r"이미|기준[,\s]|현재(?!\s?\d)")
_YEAR_RIGHT_BEFORE = re.compile(r"(?:(20\d\d)|['’‘](\d\d))년도?\s*(?:에는?\s)?$")
_YEAR_WORD = re.compile(r"(?:(20\d\d)|['’‘](\d\d))년도?\s")
_GOAL_LINE = re.compile(r"\s*[(（]?목표")
_CITED = re.compile(r"[」』》’'”]\s?(?:은|는|에서|에\s?(?:따르면|따라|의하면)|상)")


class Goal(NamedTuple):
    """A number that is a goal, how sure that is, by when, and what it counts."""

    number: Number
    odds: float
    deadline: Ref | None
    indicator: Ref | None


def targets_of(
    view: View, goals: Sequence[Goal], measures: Sequence[tuple[Found, object]]
) -> list[tuple[TargetA, float]]:
    """Goals as targets, each with its log-odds, in text order of their units; of the measure in whose words they stand."""
    spans = [found.span for found, _ in measures]
    answers = []
    for goal in sorted(goals, key=lambda g: view.position(g.number.unit)):
        u, q = goal.number.unit, goal.number.quantity
        answer = TargetA(
            at=_place(view, u, q),
            indicator=goal.indicator or Ref(u=(row_name(view, u) or u).id),
            raw=view.ref(u, q.start, q.end, number=True),
            comparator=q.comparator,
            deadline=goal.deadline,
            measure=_holding(spans, u.unit.start + q.start),
        )
        answers.append((answer, goal.odds))
    return answers


def _holding(spans: Sequence[tuple[int, int]], position: int) -> int | None:
    """The shortest span that holds the position, by its place in the list."""
    holding = [i for i, (start, end) in enumerate(spans) if start <= position < end]
    return min(holding, key=lambda i: spans[i][1] - spans[i][0], default=None)


def framed(view: View, u: ArticleUnit) -> int:
    """Whether the unit stands in a frame of goals, by its label or its parents': 1 in `(목표)`, 主要目标; 2 in `(’25년)`."""
    above: ArticleUnit | None = u
    found = 0
    for _ in range(5):
        if above is None:
            break
        if above.unit.label is not None:
            label = view.label(above)
            if _YEAR_FRAME.fullmatch(label) is not None:
                return 2
            found = found or int(_FRAME.search(label) is not None)
        above = view.parent(above)
    return found


class _Says(NamedTuple):
    """What a sentence says of whichever number stands in it."""

    cited: bool
    """It is about another document."""
    wanted: bool
    """It is no English sentence without a goal's verb, or about a firm."""
    reaches: bool
    """Its money is to be invested, exported, sold."""
    goal_word: bool
    goal: bool
    """It says goal, or until, or that something will be."""
    fact: bool
    past: bool
    """It tells of the past, or reports a fact that is no share."""
    already: int
    """Where its first word of what is so already ends; behind its end if there is none."""
    goal_year: int | None
    """Where the year at the head of a goal's line ends."""


@dataclass(frozen=True)
class _Sentence:
    """What a sentence says, looked for once for all its numbers; positions are within its words."""

    words: str

    @cached_property
    def years(self) -> list[tuple[int, int]]:
        """Where each full year ends, and the year."""
        return [(m.end(1), int(m[1])) for m in _FULL_YEAR.finditer(self.words)]

    @cached_property
    def says(self) -> _Says:
        """The rest."""
        words, fact = self.words, is_fact(self.words)
        english = _HANGUL_OR_HAN.search(words) is None
        already = _ALREADY.search(words)
        year = _YEAR_WORD.search(words) if _GOAL_LINE.match(words) else None
        return _Says(
            cited=_is_cited(words),
            wanted=not english or (_OF_OTHERS.match(words) is None and any(p.search(words) for p in _ENGLISH_WANTED)),
            reaches=_REACHES.search(words) is not None,
            goal_word=_GOAL_WORD.within(words),
            goal=_GOAL.within(words),
            fact=fact,
            past=_PAST.search(words) is not None or (fact and "달함" not in words and "차지" not in words),
            already=already.end() if already is not None else len(words) + 1,
            goal_year=year.end() if year is not None else None,
        )

    def year_before(self, end: int) -> int | None:
        """The last full year that ends before `end`."""
        at = bisect.bisect_right(self.years, end, key=lambda year: year[0])
        return self.years[at - 1][1] if at else None


def of_a_past_year(sentence: _Sentence, at: int, issue: dt.date | None) -> bool:
    """Whether the last year named in the sentence before the number lies before the document's: a fact then."""
    year = sentence.year_before(at)
    return issue is not None and year is not None and year < issue.year


@lru_cache(maxsize=4)
def sentences_of(words: str) -> tuple[list[int], list[_Sentence]]:
    """Where the sentences of a unit start, and what each says."""
    edges = [0, *(m.end() for m in _SENTENCE.finditer(words)), len(words)]
    return edges[:-1], [_Sentence(words[a:b]) for a, b in pairwise(edges)]


def comma_part(words: str, q: Quantity) -> str:
    """The part of the sentence up to the next comma: a forecast in it speaks of this number, one further on may not."""
    far, further = max(0, q.start - FAR), q.end + FAR
    start = max(words.rfind(", ", far, q.start), far)
    stop = words.find(", ", q.end, further)
    return words[start : stop if stop >= 0 else further]


def has_year_before(sentence: _Sentence, q: Quantity) -> bool:
    """Whether a year stands right before the number (`’27년 700개`, `2027년 8개국으로`), or at the head of a goal's line."""
    head = sentence.says.goal_year
    near = _YEAR_RIGHT_BEFORE.search(sentence.words, max(0, q.start - 40), q.start)
    return near is not None or (head is not None and head <= q.start)


def _is_cited(words: str) -> bool:
    """A sentence about another titled document (「…계획」은 …, 「…」에서 제시) states that document's goals."""
    if re.search(r"(?:Plan|Strategy|Act|Agenda|Roadmap)\b[^.;]{0,12}, which|[a-z]'s own\s|\bfollows the\b", words):
        return True
    quoted = [x for x in find_quoted(words) if document_type(words[x.start : x.end]) is not None]
    return any(_CITED.match(words[x.end : x.end + 12]) for x in quoted)


def _place(view: View, u: ArticleUnit, q: Quantity) -> Ref:
    """The unit that states the goal: in a sentence of several clauses or items the one with the number, in a table the
    row up to its cell.
    """
    if is_in_cell(u):
        return place_of_cell(view, u)
    position = u.unit.start + q.start
    above = next((v for v in view.siblings(u.unit.index, position + 1) if view.is_part(v)), None)
    if above is not None and position < above.unit.end:
        return Ref(u=above.id)
    if u.unit.end - u.unit.start <= _LONGEST_PLACE:
        return Ref(u=u.id)
    words, start, end = view.words(u), max(0, q.start - FAR), q.end + FAR
    while start < q.start and (words[start].isspace() or words[start] in _OF_NUMBERS):
        start += 1
    end = min(end, len(words))
    while end > q.end and (words[end - 1].isspace() or words[end - 1] in _OF_NUMBERS):
        end -= 1
    return view.ref(u, start, end)
