"""Titles: what stands in title quotes, and which nouns make a title that of a policy document."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.draft.grammar.rules import Rule, Words, remembered
from pipeline.draft.grammar.view import Lead, View
from schemas.vocabulary import DocumentType

_PAIRS = {"「": "」", "『": "』", "《": "》", "〈": "〉", "“": "”", "‘": "’", "<": ">", "｢": "｣", "＜": "＞"}
_SINGLE = "'’‘‛ʼ`´＇"
_DOUBLE = '"”“＂'
_LOST = "?？"
_OPENING = re.compile("[" + re.escape("".join(_PAIRS) + _SINGLE + _DOUBLE + _LOST) + "]")
# An apostrophe before two digits of a year is no quote; before `14·5` or `13차` it is one.
_YEAR = re.compile(rf"[{_SINGLE}]\d{{2}}(?![.·]\d?5\b)(?=년|[~∼～\-–—]|\)|말|초|\.\d|\s?까지|도\b|[,\s]|$)")

_TAIL = r"\s*(?:\([^()]*\)|（[^（）]*）|\d{4}\s*[-~–—]\s*\d{4}|안|초안|2\.0|3\.0|제\d+[판호]|\d차)?\s*[）)\s]*$"


def _ending(nouns: str) -> tuple[Words, ...]:
    """Nouns that a title ends in, but for what may stand behind it."""
    return (Words(nouns, behind=_TAIL, shown=""),)


_NOUNS: tuple[tuple[DocumentType, Rule], ...] = (
    (DocumentType.ACTION_PLAN, Rule("title of action_plan",
        ko=_ending(r"행동\s?(?:계획|방안|강령) 실시\s?(?:계획|방안) 업무\s?계획안? 실행\s?(?:계획|방안) 시행\s?계획 추진\s?계획 액션\s?플랜 방안"),
        zh=_ending("行动(?:计划|方案) 工作(?:计划|方案) 要点 方案 行動計画"),
        en=_ending(r"action\splan work\sprogramme implementation\splan"),
        finds="행동계획 / 실시계획 / 업무계획 / 실행계획 / 시행계획 / 추진계획 / 액션플랜 / 行动计划 / 工作计划")),
    (DocumentType.SUPPORT_MEASURES, Rule("title of support_measures",
        ko=_ending(r"(?:지원\s?)?정책(?:\s?패키지)? 지원책 조치 패키지"), zh=_ending("措施 政策"),
        en=_ending(r"measures (?:support\s)?package support\sscheme"),
        finds="정책 / package")),
    (DocumentType.OPINION_GUIDELINE, Rule("title of opinion_guideline",
        ko=_ending("의견 가이드라인 지침 권고안? 가이드 통지"), zh=_ending("意见 指南 指引 导则 通知"),
        en=_ending("guidelines? guidance opinions? recommendation"), finds="권고 / guideline / opinion")),
    (DocumentType.LAW_REGULATION, Rule("title of law_regulation",
        ko=_ending("법 법률 시행령 조례 규정 규칙 고시 훈령 기준 법안 (?:개정|제정|폐지)(?:법률|령|규칙|조례)?안"),
        zh=_ending("条例 规定 法 细则 规则 基准 标准 决定 公告 通告"),
        en=_ending(r"\bAct regulations? directive \bLaw \bBill ordinance"),
        finds="법안(정부 제출) / 개정안 / Act / regulation / Law / Bill")),
    (DocumentType.PLAN, Rule("title of plan",
        ko=_ending(r"계획안? 규획 전략 대책 로드맵 프로그램 업무\s?보고 강요 요강 구상 이니셔티브 비전 청사진 방책 시책 백서 플랜 선언"
        r" [가-힣]\s?(?:정책|추진|투자|운용|기본)\s?방향"),
        zh=_ending("规划 计划 战略 纲要 路线图 政府工作报告"),
        en=_ending("plan strategy roadmap programme program initiative mission scheme compact pledge agenda"
        r" framework blueprint white\spaper"),
        finds="계획 / 업무보고 / 경제정책방향 / 연구개발 투자방향 / 정책 추진 방향", spares="추진방향 / 변화방향")),
)  # fmt: skip
_OF_NAMES: tuple[tuple[DocumentType, Rule], ...] = (
    (DocumentType.SUPPORT_MEASURES, Rule("name of a programme of support",
        ko=_ending("사업 지원금 장학금 직불금 지급금 바우처 펀드 융자 자금 공모 공고"),
        finds="사업 / 지원금", spares="사업자 선정 계획 / 사업 계획")),
    (DocumentType.LAW_REGULATION, Rule("name of a rule that is set anew", ko=_ending("법 령 개정 최저임금"),
        finds="하천법 / 개정 / 최저임금(2026)", spares="개정 계획 / 개정 방향 설명회")),
    (DocumentType.PLAN, Rule("name of a plan to carry something on", ko=_ending(r"추진\s?계획안?"),
        finds="추진계획안 / 추진 계획", spares="시행계획")),
)  # fmt: skip
"""Nouns that end the names of much else too: they tell the type of what is known to be a policy's name. 201 of
205 labelled Korean names that end so are of the type."""
# Subject: …, and the cell beside 제목: what stands before a title and is no part of it.
_LABELLED = re.compile(r"\s*(?:subject|re|title|제\s*목|건\s*명|标\s*题|主\s*题)(?:\s?[:：]\s*|\s*$)", re.IGNORECASE)
# 세계유산 보전 선언(Declaration on Heritage, 이하 '선언'): what it is called from here on is no part of the name.
_SHORT_NAME = re.compile(r"\s?[(（][^()（）]{0,60}(?:이하|以下简称|hereinafter)[^()（）]{0,40}[)）]$")
_INNER = re.compile(r"[《「]([^《》「」]+)[》」]")
_NO_LETTERS = re.compile(r"[\W_]+")
_DIGIT_PAIR = re.compile(r"\d{2}\b")
_NO_POLICY = re.compile(
    r"(?:대회|포럼|회의|좌담회|전시회|박람회|보고서|협약|협정|키워드|대학|센터|플랫폼|연구소|선정|프로젝트|협력\s?계획|(?:할|나갈|될)\s(?:계획|방침|대책))\s*$|^\s*$|중앙경제|건의$"
)


_LOST_QUOTES = re.compile(r"[?？](?=[가-힣A-Za-z0-9])[^?？\n]{3,80}(?<![\s다까요])[?？](?=[가-힣\s,.)·]|$)")
"""`?콘텐츠 평가 기본계획?을`: a portal has lost the marks."""


@dataclass(frozen=True)
class Quoted:
    """A stretch in quotation marks: offsets of the inside and of the outside, in the string searched."""

    start: int
    end: int
    outer_start: int
    outer_end: int


@remembered
def find_quoted(text: str) -> tuple[Quoted, ...]:
    """All quoted stretches, outermost only. Straight and curly single quotes count as one kind, as authors mix them."""
    found: list[Quoted] = []
    opening = _OPENING.search(text)
    years = {m.start() for m in _YEAR.finditer(text)} if opening else set()
    while opening:
        i = opening.start()
        close = _closing(text, i, years)
        if close is not None:
            short = _SHORT_NAME.search(text, i + 1, close)
            found.append(Quoted(i + 1, short.start() if short else close, i, close + 1))
        opening = _OPENING.search(text, i + 1 if close is None else close + 1)
    return tuple(found)


def _closing(text: str, i: int, years: set[int]) -> int | None:
    """Where the quote that opens at `i` closes; None if none opens there."""
    c = text[i]
    if c in _LOST:
        lost = _LOST_QUOTES.match(text, i) if i == 0 or not text[i - 1].isalnum() else None
        return lost.end() - 1 if lost is not None else None
    group = next((g for g in (_SINGLE, _DOUBLE) if c in g), "")
    if not group:
        return _balanced(text, i) if c in _PAIRS else None
    before = text[i - 1] if i else " "
    if i in years or before.isalnum() or i + 1 >= len(text) or text[i + 1].isspace():
        return None
    first, depth = None, 0
    for j in range(i + 1, min(len(text), i + 160)):
        depth += (text[j] in "(（") - (text[j] in ")）")
        if j > i + 1 and text[j] in group and j not in years and _closes(text, j):
            if depth <= 0:
                return j
            first = j if first is None else first
    return first  # in a bracket that the quote opened another quote stands: (이하 '선언')


def _closes(text: str, j: int) -> bool:
    """A closing quote is not followed by a digit pair (a year) and not preceded by a space."""
    return not text[j - 1].isspace() and not _DIGIT_PAIR.match(text[j + 1 : j + 4])


def _balanced(text: str, i: int) -> int | None:
    close, depth = _PAIRS[text[i]], 0
    for j in range(i, min(len(text), i + 200)):
        depth += text[j] == text[i]
        depth -= text[j] == close
        if depth == 0:
            return j
    return None


def letters_of(title: str) -> str:
    """The letters and digits of a title: what tells two apart however they are spaced and quoted."""
    return _NO_LETTERS.sub("", title)


def title_letters(view: View, lead: Lead) -> str:
    """Those of an announcement's title; empty where it has none."""
    return letters_of(view.said(lead.title)) if lead.title is not None else ""


@remembered
def document_type(title: str) -> DocumentType | None:
    """The type by the title's noun as printed; None where the words are no policy document's title."""
    if _NO_POLICY.search(title) or len(title.strip()) < 4:
        return None
    # 'Action plan' contains 'plan', 방안 follows 실시: the most specific nouns are tried first; 통지 about a 방안 is a 방안.
    inner = _INNER.search(title)
    stripped = title.strip()
    for kind, noun in _NOUNS:
        if noun.within(stripped) or (inner and noun.within(inner[1])):
            return kind
    return None


def type_of_name(name: str, known: DocumentType | None) -> DocumentType:
    """The type of what is known to be a policy's name: by its noun, else `known`, else a plan."""
    told = next((kind for kind, noun in _OF_NAMES if noun.within(name.strip())), None)
    return told or known or document_type(name) or DocumentType.PLAN


_ENGLISH_NOUNS = frozenset({
    "Plan", "Strategy", "Roadmap", "Programme", "Program", "Initiative", "Agenda", "Framework", "Blueprint", "Package", "Measures",
    "Scheme", "Mission", "Guideline", "Guidelines", "Guidance", "Recommendation", "Act", "Regulation", "Directive", "Bill", "Law",
    "Policy", "Fund",
})  # fmt: skip
"""What an English policy's name ends with, besides `White Paper`."""
_CAPITAL = r"[A-Z0-9][\w’'&/.-]{0,40}"
_SHORT = r"(?:\s?\([A-Z][A-Za-z&-]{0,10}\))?"
"""`Revolutionizing Transportation (SMART) Grants Program`."""
_LISTED = r"(?:,(?=\s(?:[A-Z][\w-]{0,20},\s){0,3}and\s[A-Z]))?"
"""`Research, Development, and Technology Strategic Plan`."""
_LINKED = rf"{_SHORT}{_LISTED}\s+(?:(?:for|of|and|the|to|on|in|a|towards|with)\s+)*"
_CAPITALISED = re.compile(rf"{_CAPITAL}(?:{_LINKED}{_CAPITAL}){{1,12}}")
_CAPITAL_WORD, _FIRST_LETTERS = re.compile(_CAPITAL), re.compile(r"\w+")
_YEARS = re.compile(r"\s*\(?20\d\d\s?[-–—]\s?20\d\d\)?")
_LEADING = re.compile(r"(?:The|Its|A|An|Our|This|(?:New|Their)(?=\s+\S+\s+\S))\s+")


def find_capitalised(text: str) -> list[tuple[int, int]]:
    """Spans of English titles that stand without quotes: capitalised words that end in a policy noun."""
    spans: list[tuple[int, int]] = []
    at = 0
    while (run := _CAPITALISED.search(text, at)) is not None:
        start, words = run.start(), [m.span() for m in _CAPITAL_WORD.finditer(text, *run.span())]
        end = next((end for i in range(len(words) - 1, 0, -1) if (end := _noun_end(text, words, i))), 0)
        at = end or words[1][0]
        if end:
            years, leading = _YEARS.match(text, end), _LEADING.match(text, start, end)
            spans.append((leading.end() if leading is not None else start, years.end() if years is not None else end))
    return spans


def _noun_end(text: str, words: Sequence[tuple[int, int]], i: int) -> int:
    """Where a policy's noun ends that the word is; 0 where it is none."""
    found = _FIRST_LETTERS.match(text, words[i][0])
    if found is None:
        return 0
    paper = found.group() == "Paper" and i > 1 and text[slice(*words[i - 1])] == "White"
    return found.end() if paper or found.group() in _ENGLISH_NOUNS else 0


def label_end(words: str) -> int:
    """Where a title begins behind what says that it is one (`Subject:`, `제목:`); 0 where nothing does."""
    label = _LABELLED.match(words)
    return label.end() if label is not None and label.end() < len(words) else 0


def is_label(words: str) -> bool:
    """Whether the words say that what stands beside them is a title, and no more."""
    label = _LABELLED.match(words)
    return label is not None and label.end() == len(words)
