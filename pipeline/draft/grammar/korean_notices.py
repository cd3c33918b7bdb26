"""Notices of Korean authorities (공고, 입법예고): `「…」을 개정함에 있어 … 다음과 같이 입법예고합니다`, signed with day and head."""

from __future__ import annotations

import re

from pipeline.draft.grammar.heads import signed_on, signers
from pipeline.draft.grammar.named import title_in
from pipeline.draft.grammar.titles import document_type
from pipeline.draft.grammar.view import Lead, Placed, View
from pipeline.normalise import find_organisations
from schemas.vocabulary import DocumentType, UnitKind

_HEAD = 8
"""So many units at the head may say what the notice is about."""
_SAYS = re.compile(
    r"(?:다음과|아래와)\s?같이\s?(?:(?:입법|행정|규정변경|재)?예고|공고|고시|공포|개정|제정|의결)(?:합니다|한다|함|하고자|하오니)"
)
# 「…」을 개정함에 있어: what the notice is about, before it says what is done with it.
_CHANGES = re.compile(r"[」』》｣”’'\"]\s?(?:일부|전부)?[을를]?\s?(?:일부|전부)?\s?(?:개정|제정|폐지|변경|수립)")
_LAW = r"(?P<law>법|시행령|조례|규정|규칙|훈령|고시)(?=\s(?:일부|전부)?[을를]\s)"
_SCHEME = r"(?P<scheme>사업|시책)(?=[을를]\s)"
_BARE = re.compile(
    r"(?:^|[,.」]\s?|따라\s|의거(?:하여)?\s)(?P<title>(?:(?!(?:따라|의거(?:하여)?|위해|위하여)\s)[^,.「」]){4,70}?"
    rf"(?:{_LAW}|{_SCHEME}|(?:계획|방안|대책)(?=[을를]\s)))"
)
_NUMBERED = re.compile(r"^\W{0,3}(?P<who>.{2,40}?)\s?(?:공고|고시|훈령|예규|법률|령)\s?제\s?\d{1,4}")


def korean_notice(view: View) -> Lead | None:
    """The notice that the article is, with what it is about, who signs it and when; None where it is none."""
    if view.article.kind != "whole":
        return None
    for u in view.units[:_HEAD]:
        words = view.words(u)
        says = _SAYS.search(words) if u.unit.kind in (UnitKind.SENTENCE, UnitKind.BULLET) else None
        named = _about(words[: says.start()]) if says is not None else None
        if named is not None:
            start, end, kind = named
            lead = Lead(u, title=(u, start, end), document_type=kind, score=3.5)
            lead.issuers = signers(view) or _numbers(view)
            lead.day = signed_on(view)
            return lead
    return None


def _about(words: str) -> tuple[int, int, DocumentType] | None:
    """Title and type of what the notice is about."""
    quoted = title_in(words)
    if quoted is not None and _CHANGES.match(words, quoted[0].end):
        return quoted[0].start, quoted[0].end, quoted[1]
    bare = _BARE.search(words)
    if bare is None:
        return None
    made = DocumentType.LAW_REGULATION if bare["law"] else DocumentType.SUPPORT_MEASURES if bare["scheme"] else None
    kind = made or document_type(bare["title"])
    return None if kind is None else (*bare.span("title"), kind)


def _numbers(view: View) -> list[Placed]:
    """`새솔시 공고 제2024-311호`: whose notice it is."""
    for u in view.units[:_HEAD]:
        head = _NUMBERED.match(view.words(u))
        if head is not None and find_organisations(head["who"]):
            return [(u, *head.span("who"))]
    return []
