"""The title that a sentence announces: quoted, without quotes before its verb, or capitalised."""

from __future__ import annotations

import re

from pipeline.draft.grammar.rules import HAN, HANGUL, Rule, Words, scripts_of
from pipeline.draft.grammar.saying import ENGLISH_VERB
from pipeline.draft.grammar.titles import Quoted, document_type, find_capitalised, find_quoted
from schemas.vocabulary import DocumentType

_NEAR = 80
"""What stands further from a title (characters) does not say how it is mentioned."""
_FAR = 320
"""The same of the first of several names in a list: what stands before it is said of all."""
# 根据《…法》、市财政局《…办法》（…号）: names and who made them, one behind the other.
_LISTED_BEFORE = re.compile(
    r"(?:《[^《》]{2,80}》(?:[（(〔][^（()）]{1,40}[)）〕])?(?:(?:[、，和及与]|以及)"
    r"(?:(?!制定|制订|印发|出台|发布|公布|颁布|下发|编制|修订|起草|通过|审议|现将|现就)[^《》。；]){0,20})?)+$"
)
_MEANT = Rule(
    "a title that is a ground, followed, repealed or under study (before it)",
    ko=(Words(r"이하 (?:우선|이미|앞서|기존)", behind=r"\s?$"),),
    zh=(
        Words(
            "落实 根据 按照 依据 依照 贯彻 围绕 对照 结合 此前(?:印发|发布) 废止 参照 正在 即将",
            behind=r"[^《。]{0,24}$",
        ),
        Words("以下简称", behind=r"\s?$"),
    ),
    en=(
        Words(
            r"under following based\son through by from of with to",
            before=r"\b",
            behind=r"\s?(?:the|its|our)?\s?$",
        ),
        Words(r"(?:established|authorized|funded)\sby made\spossible\sby", before=r"\b", behind=r"[^.;:]{0,40}$"),
    ),
    finds="방안(이하 / 이미 / 为落实国务院 / 根据 / 按照 / 依据 / 依照 / 贯彻 / 围绕 / 对照 / 结合 / 此前印发的 / 废止 / 参照 / 正在研究制定"
    " / 即将出台 / (以下简称 / published under the / published following the / based on the"
    " / through the / by the / from the / of the / meet with the / according to the"
    " / established by the President's historic / authorized by Congress's / funded by last year's / made possible by the new",
    spares="印发 / 联合发布 / published the / established the / 발표한",
)
_BACKGROUND = Rule(
    "a title that is a ground, a frame or a part of the plan (behind it)",
    ko=(
        Words(
            r"에서 에\s?(?:따라|따른|근거|의거|이어|기초|입각|명시) [을를]\s?(?:바탕|구체화|토대) 의\s?(?:후속|일환|중점|주요)"
            r" 중점임무 기간 에는 에\s?(?:대한|관한) 이행 목표 제\d{1,3}조[^.]{0,40}?에\s?(?:따라|따른|의거|근거)"
            r" [을를]\s(?:발표|수립|마련|시행|추진)한\s이후 [을를]\s[가-힣·]{2,9}한\s데\s이어",
            before=r"^(?:\s?\([^()]{2,16}\))?\s*[‘’'”\"」』》｣]?\s*(?:\([^()]{2,16}\))?\s?",
        ),
    ),
    finds="」에서 제시한 / 」에 따른 후속 / 」을 바탕으로 / 」의 일환으로 / 」중점임무 / 기간 / 」에는 / 」에 대한 / 」 이행을 / 」 목표를"
    " / 」 제14조 및 지침에 의거 / (’17.11월)‘을 발표한 이후, / ｣(3.31)을 수립·시행한 데 이어,",
    spares="」을 발표했다 / 」을 수립하고 / 」 개정안을 / 」 제정",
)
AMENDS = Rule(
    "a rule that is made, changed or repealed (behind its name)",
    ko=(
        Words(
            r"(?:일부|전부)?\s?개정(?:법률|령|규칙|조례|규정|고시)?안? (?:제정|폐지)(?:법률|령|규칙|조례)?안",
            before=r"^[’'”\"」』》｣]?\s?(?:(?:시행령|시행규칙)\s)?(?:및\s시행규칙\s)?",
        ),
    ),
    finds="」 일부개정령안을 / ’ 시행령 및 시행규칙 일부개정안을 / 」 제정안을",
    spares="」을 발표했다 / 」 시행 / 」 추진",
)
_EARLIER = Rule(
    "a plan that was announced before (behind it)",
    ko=(
        Words(
            r"(?:하였|했)(?:으며|고) 한\s바\s있",
            before=r"^[’'”\"」』》｣]?[을를]\s(?:우선|이미|앞서|기)\s?[가-힣·]{2,12}?",
        ),
    ),
    finds="」을 우선 마련·발표하였으며, / 」을 이미 수립한 바 있다",
    spares="」을 발표하였으며, / 」을 우선 추진한다 / 」을 마련했다",
)
_NOUNS = r"계획|방안|전략|로드맵|의견|조례|대책|기본법|지침|훈령|규칙|기준"
_VERBS = r"발표|수립|마련|제정|공포|확정|발행|공개|채택|의결|공표|내놓|내놨|공고|고시"
# ○○부는 관계 부처와 함께 마련한 돌봄안전 강화대책을 3월 4일(화) 국무회의에 보고하고 발표했다: what stands between object and verb.
_OBJECT = re.compile(
    rf"(?:은|는|이|가|[부처청국시도성])\s(?P<title>[^,.，。‘’'「」『』“”\"]{{6,70}}?(?:{_NOUNS}))(?:\([^()]{{2,20}}\))?[을를]\s?"
    rf"[^,.。]{{0,50}}?(?:{_VERBS})"
)
_TOLD = re.compile(r"[가-힣]는\s|거나\s|하고\s|하며\s|(?<![마가고노])을\s|를\s")
"""A description of a plan, not its name."""
_BEFORE_TITLE = re.compile(
    r"^(?:.*(?:마련|수립|준비|작성|내놓|발표|확정)한\s|.*내용(?:의|을\s담은)\s|.*에\s(?:따라|맞춰)\s|(?:최근|이날|공동으로|지난|올해|새로운|이번|후속|\d{1,2}월|\d{1,2}일(?:\([^()]{1,2}\))?"
    r"|\d{4}년|[가-힣\s]{2,10}(?:합동|공동)으로)\s)+"
)
# ‘토양의 힘’ 계획을, ‘60일 동행’ 프로그램을: a name in quotes, and what it is behind them.
_CALLED = re.compile(
    r"\s?(?P<noun>(?:종합|기본|실행|행동)?\s?(?:계획|전략|정책|프로그램|이니셔티브|로드맵|대책|방안))[을를]\s"
)
_ORIGINAL = re.compile(
    r"\s*[(（](?:[^()（）]*[\u4e00-\u9fff]{4}[^()（）]*|[^()（）가-힣\d]*[A-Za-zÀ-ÿ]{2,}(?:\s[^()（）가-힣\d]*){2})[)）]\s*$"
)
"""A title's original behind it: four Han letters in a row, or three words in Latin letters."""


def title_in(words: str) -> tuple[Quoted, DocumentType] | None:
    """The title that is announced: the last quoted one that is not mentioned as background, else a capitalised one."""
    best = None
    scripts = scripts_of(words)
    korean = bool(scripts & HANGUL)
    for quoted in find_quoted(words):
        kind = document_type(words[quoted.start : quoted.end].rstrip("*＊ "))
        called = _CALLED.match(words, quoted.outer_end) if kind is None and korean else None
        kind = document_type(f"‘’ {called['noun']}") if called else kind
        if kind is None or _is_mentioned(words, quoted):
            continue
        law = kind in _RULES and AMENDS.within(words[quoted.end : quoted.end + _NEAR])
        best = (_without_original(words, quoted), DocumentType.LAW_REGULATION if law else kind)
    if best is None and korean:
        return _unquoted(words)
    if best is None and not scripts & HAN:
        return _capitalised(words)
    return best


_RULES = (DocumentType.LAW_REGULATION, DocumentType.OPINION_GUIDELINE)


def tells_of_earlier(words: str) -> bool:
    """Whether the words name a plan that was announced before (`「…」을 우선 발표하였으며`)."""
    return any(_EARLIER.within(words[quoted.end : quoted.end + _NEAR]) for quoted in find_quoted(words))


def _is_mentioned(words: str, quoted: Quoted) -> bool:
    before = _LISTED_BEFORE.sub("", words[max(0, quoted.outer_start - _FAR) : quoted.outer_start])[-_NEAR:]
    behind = words[quoted.end : quoted.end + _NEAR]
    return _MEANT.within(before) or _BACKGROUND.within(behind) or _EARLIER.within(behind)


def _capitalised(words: str) -> tuple[Quoted, DocumentType] | None:
    """An English title behind the verb that announces it."""
    verb = ENGLISH_VERB.search(words)
    for start, end in find_capitalised(words) if verb is not None else ():
        kind = document_type(words[start:end])
        if verb is None or kind is None or start <= verb.start():
            continue
        if not _MEANT.within(words[max(verb.end(), start - _NEAR) : start].rstrip("*_")):
            return Quoted(start, end, start, end), kind
    return None


def _unquoted(words: str) -> tuple[Quoted, DocumentType] | None:
    """`○○시는 고품질 제조업 육성을 위한 3개년 행동계획을 발표`: a title without quotes, from the topic to the object's mark."""
    for found in _OBJECT.finditer(words):
        before = _BEFORE_TITLE.match(found["title"])
        start = found.start("title") + (before.end() if before is not None else 0)
        title = words[start : found.end("title")]
        kind = document_type(title)
        if kind is not None and " " in title and len(title) >= 8 and _TOLD.search(_WITHOUT_AIM.sub("", title)) is None:
            return Quoted(start, found.end("title"), start, found.end("title")), kind
    return None


_WITHOUT_AIM = re.compile(r"[을를]\s(?:\S{2,8}기\s)?위한\s")


def _without_original(words: str, quoted: Quoted) -> Quoted:
    """The title without a footnote's star, and without its original in brackets (`… 방안(…行动方案·2025∼2027년)`)."""
    inside = words[quoted.start : quoted.end]
    original = _ORIGINAL.search(inside) if re.search(r"[가-힣]", inside) else None
    end = quoted.start + (original.start() if original and original.start() >= 4 else len(inside.rstrip("*＊ ")))
    return Quoted(quoted.start, end, quoted.outer_start, quoted.outer_end)
