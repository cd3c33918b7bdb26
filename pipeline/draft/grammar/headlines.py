"""Headlines: those that name authority, title and act, and those that report no act."""

from __future__ import annotations

import re

from pipeline.draft.grammar.authorities import authority_score
from pipeline.draft.grammar.issuers import HEAD_SUBJECT, issuers_of
from pipeline.draft.grammar.rules import Rule, Words
from pipeline.draft.grammar.saying import ANNOUNCES, NO_NEWS
from pipeline.draft.grammar.titles import document_type, find_quoted
from pipeline.draft.grammar.view import Lead, View
from schemas.vocabulary import UnitKind

_LINE = 80
"""A head that says what a document is takes no more (characters)."""
_SUBTITLES = 5
"""So many units at the head may be a headline's subtitle."""
CEREMONY = Rule(
    "a document of ceremony or staff: speeches, honours, appointments",
    ko=(Words("축사 기념사 연설문? 담화문? 추도사 신년사 개회사 환영사 부고", behind=r"\s*$"), Words("표창 포상 훈장", behind=r"\s?(?:수여|대상자|명단)"), Words(r"인사\s?발령")),
    zh=(Words("讲话 致辞 讲话稿 贺信 悼词 演讲", behind=r"(?:[（(][^（()）]{1,20}[)）])?\s*$"), Words("表彰 嘉奖 授予[^。]{2,30}称号 任免", before=r"关于[^。]{0,12}")),
    en=(Words(r"speech\sby remarks\sby address\sby", before=r"^\W*"),),
    finds="제10주년 기념식 축사 / 광복절 기념사 / 대통령 연설 / 국무총리 담화 / 추도사 / 신년사 / 개회사 / 환영사 / 부고 / 모범 공무원 표창 수여"
    " / 유공자 포상 대상자 / 훈장 명단 / 인사 발령 / 在大会上的讲话 / 开幕致辞 / 讲话稿 / 贺信 / 悼词 / 就职演讲 / 关于表彰先进的决定 / 关于嘉奖三名民警的决定"
    " / 关于授予李某“先进工作者”称号的决定 / 关于王某等任免的通知 / Speech by the minister / Remarks by the president / Address by the mayor",
    spares="표창 제도 개선방안 / 关于做好讲话精神学习的通知 / Speech recognition plan",
)  # fmt: skip
_ESSAY = Rule(
    "a heading of an essay",
    ko=(Words("서론 본론 결론 머리말 맺음말 들어가며 나가며", before=r"^\s*", behind=r"\s*$"),),
    zh=(Words("引言 绪论 结语", before=r"^\s*", behind=r"\s*$"),),
    en=(Words("introduction conclusions? abstract", before=r"^\s*", behind=r"\s*$"),),
    finds="서론 / 본론 / 결론 / 머리말 / 맺음말 / 들어가며 / 나가며 / 引言 / 绪论 / 结语 / Introduction / Conclusion / Abstract",
    spares="서론적 고찰 / Introduction of a levy",
)
_ANNOUNCED = r"(?:발표|수립|확정|마련|공개|시행|추진|의결|제정|印发|发布|出台|公布)?"


def is_ceremony(view: View) -> bool:
    """Whether the document's own head says that it is a speech, an honour or an appointment."""
    heads = (view.headline, *view.units[:2]) if view.article.kind == "whole" else (view.headline,)
    return any(u is not None and len(view.words(u)) < _LINE and CEREMONY.within(view.words(u)) for u in heads)


def is_essay(view: View) -> bool:
    """Whether the article is divided as essays are."""
    return any(u.unit.kind is UnitKind.HEADING and _ESSAY.within(view.words(u)) for u in view.units)


def subtitle_lead(view: View) -> Lead | None:
    """`- 「○○ 기본계획」 발표` under a headline: the plan's name, with what happened to it or alone."""
    head = view.headline or (view.units[0] if view.article.kind == "whole" else None)
    if head is None:
        return None
    at = view.position(head)
    for u in view.units[at + 1 : at + 1 + _SUBTITLES]:
        words = view.words(u)
        quoted = next(iter(find_quoted(words)), None) if u.unit.kind is not UnitKind.HEADING else None
        if quoted is None or quoted.outer_start > 2:
            continue
        kind = document_type(words[quoted.start : quoted.end])
        if kind is not None and re.fullmatch(rf"\s?{_ANNOUNCED}[\s\-–—―.]*", words[quoted.outer_end :]):
            return Lead(u, title=(u, quoted.start, quoted.end), document_type=kind, score=3.0)
    return None


def headline_lead(view: View) -> Lead | None:
    """`베이징, '로봇산업 … 행동계획' 수립`: the headline names authority, title and act."""
    head = view.headline
    if head is None:
        return None
    words = view.words(head)
    verbs = ANNOUNCES.starts(words)
    subject = HEAD_SUBJECT.match(words)
    if not verbs or subject is None:
        return None
    lead = Lead(head, subject=(head, *subject.span("subject")))
    lead.score = authority_score(words, *subject.span("subject"))
    start = subject.end()
    end = start + len(words[start : verbs[-1]].rstrip())
    whole = find_quoted(words[start:end])
    if len(whole) == 1 and whole[0].outer_start == 0 and whole[0].outer_end == end - start:
        start, end = start + 1, end - 1
    kind = document_type(words[start:end])
    if kind is None or NO_NEWS.within(words):
        return None
    lead.title, lead.document_type, lead.score = (head, start, end), kind, lead.score + 1
    lead.issuers = issuers_of(view, lead)
    return lead


def reports_no_act(view: View) -> bool:
    """Headlines that report a comparison, an event, statistics or a product are no policy's."""
    return view.headline is not None and NO_NEWS.within(view.words(view.headline))
