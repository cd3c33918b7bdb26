"""The title that a sentence announces: quoted, without quotes before its verb, or capitalised."""

from __future__ import annotations

import re

from pipeline.draft.saying import ENGLISH_VERB
from pipeline.draft.titles import Quoted, document_type, find_capitalised, find_quoted
from schemas.vocabulary import DocumentType

_MEANT = re.compile(r"(?:落实|根据|按照|依据|依照|贯彻|围绕|对照|结合|此前(?:印发|发布)的?|废止|参照)[^《。]{0,24}$")
_NEAR = 80
"""What stands further from a title (characters) does not say how it is mentioned."""
_MENTIONED = re.compile(
    r"\b(?:under|following|pursuant to|in line with|based on|as part of|in accordance with|through|by|from|of|with|to)\s(?:the\s|its\s|our\s)?$"
)
_UNQUOTED = re.compile(
    r"(?:은|는|이|가|[부처청국시도성])\s(?P<title>[^,.，。‘’'「」『』“”\"]{8,60}?(?:계획|방안|전략|로드맵|의견|조례|종합대책|기본법))(?:\([^()]{2,20}\))?(?:을|를)\s?"
    r"(?:공동\s?|정식\s?|공식\s?)?(?:발표|수립|마련|제정|공포|확정|발행|공개|채택|의결)"
)
_NOT_TITLE = re.compile(
    r"(?:최근|이날|공동으로|관계부처\s합동으로|지난|올해|\d{1,2}월|\d{1,2}일|\d{4}년|이\s같은\s내용(?:의|을\s담은)|이런\s내용(?:의|을\s담은)|새로운)[\s]+(?:(?:\d{1,2}월|\d{1,2}일)\s+)*"
)
_BACKGROUND = re.compile(
    r"^\s*[’'”\"」』》]?\s*(?:에서|에\s?(?:따라|따른|근거|의거|이어|기초|입각|명시)|을\s?(?:바탕|구체화|토대)|를\s?(?:바탕|구체화|토대)|의\s?(?:후속|일환|중점|주요)"
    r"|중점임무|기간|에는|에\s?(?:대한|관한)|이행|목표)"
)


def title_in(words: str) -> tuple[Quoted, DocumentType] | None:
    """The title that is announced: the last quoted one that is not mentioned as background, else a capitalised one."""
    best = None
    for quoted in find_quoted(words):
        if re.search(r"이하\s?$|以下简称\s?$", words[max(0, quoted.outer_start - _NEAR) : quoted.outer_start]):
            continue  # its short name
        kind = document_type(words[quoted.start : quoted.end].rstrip("*＊ "))
        if (
            kind is not None
            and not _BACKGROUND.match(words[quoted.end + 1 : quoted.end + 1 + _NEAR])
            and not _MEANT.search(words[max(0, quoted.outer_start - _NEAR) : quoted.outer_start])
        ):
            best = (_without_original(words, quoted), kind)
    if best is None and re.search(r"[가-힣]", words) is not None:
        return _unquoted(words)
    if best is None and re.search(r"[가-힣\u4e00-\u9fff]", words) is None:
        verb = ENGLISH_VERB.search(words)
        for start, end in find_capitalised(words):
            kind = document_type(words[start:end])
            if (
                kind is not None
                and verb is not None
                and start > verb.start()
                and not _MENTIONED.search(words[max(verb.end(), start - _NEAR) : start])
            ):
                return Quoted(start, end, start, end), kind
    return best


def _unquoted(words: str) -> tuple[Quoted, DocumentType] | None:
    """`○○시는 고품질 제조업 육성을 위한 3개년 행동계획을 발표`: a title without quotes, from the topic to the object's mark."""
    for found in _UNQUOTED.finditer(words):
        before = _NOT_TITLE.match(found["title"])
        start = found.start("title") + (before.end() if before is not None else 0)
        title = words[start : found.end("title")]
        kind = document_type(title)
        told = re.search(r"[가-힣]는\s|거나\s|하고\s|하며\s", title)  # a description of one, not its name
        if kind is not None and title.count(" ") >= 2 and len(title) >= 10 and told is None:
            return Quoted(start, found.end("title"), start, found.end("title")), kind
    return None


def _without_original(words: str, quoted: Quoted) -> Quoted:
    """The title without a footnote's star, and without its original in brackets (`… 방안(…行动方案·2025∼2027년)`)."""
    inside = words[quoted.start : quoted.end]
    original = (
        re.search(r"\s*[(（][^()（）]*[\u4e00-\u9fff]{4}[^()（）]*[)）]\s*$", inside)
        if re.search(r"[가-힣]", inside)
        else None
    )
    end = quoted.start + (original.start() if original and original.start() >= 4 else len(inside.rstrip("*＊ ")))
    return Quoted(quoted.start, end, quoted.outer_start, quoted.outer_end)
