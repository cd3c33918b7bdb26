"""A document that is the policy itself: announced by its own head."""

from __future__ import annotations

import re

from pipeline.draft.grammar.authorities import OFFICIAL, is_authority
from pipeline.draft.grammar.issuers import HEAD_SUBJECT, imprint_issuer, organisations_in
from pipeline.draft.grammar.named import title_in
from pipeline.draft.grammar.subjects import ON_GROUNDS
from pipeline.draft.grammar.titles import document_type, is_label, label_end
from pipeline.draft.grammar.view import Lead, View
from pipeline.normalise import find_organisations
from schemas.document import ArticleUnit
from schemas.vocabulary import UnitKind

# ○○부, 청년 정책: a headline that ends so names no plan.
_ANY_POLICY = re.compile(r"(?:정책|조치)\s*$|\s[-–—]\s")
_COVER = 80
"""The lines of a cover under its title take no more (characters)."""
# 各市人民政府：…现将…: a letter's text, no title.
_LETTER = re.compile(r"[:：]\s*\n|现将|现就|如下")
# 기본계획 요약본: what the document is of the plan. … 일부개정령안 (○○부): whose it is.
_SHORTENED = re.compile(r"\s*[\[(（]?(?:요약본?|요약서|개요|전문|본문)[\])）]?$")
_MAKER = re.compile(r"\s?[(（](?P<who>[가-힣]{2,14}(?:부|처|청|위원회))[)）]$")
# … 의무화 지침(9.4 고시): when it was made is no part of the name.
_WHEN = re.compile(r"\s?[(（](?P<day>(?:['’‘]?\d{2,4}\.\s?)?\d{1,2}\.\s?\d{1,2}\.?)(?:\s[가-힣]{2,4})?[)）]$")
# 国务院关于…实施《…条例》有关规定的决定: a name within the name, not what is issued by it.
_NAME_WITHIN = re.compile(
    r"关于(?:(?!印发|发布|公布|颁布|转发|批转|下发)[^《》])*《[^《》]+》(?!等?的)[^《》]*?的?(?:决定|通知|意见|公告|通告|办法|规定|批复|函)$"
)
_PLAIN_HAN = re.compile(
    r"[一-龥（）()、“”·\d]{4,50}(?:意见|办法|规定|方案|规划|细则|条例|措施|计划|纲要|政策|工作报告)(?:[（(][^（()）]{1,12}[)）])?"
)
"""The first line of a document, where it is a policy's name and no more."""


def own_text(view: View) -> Lead | None:
    """The document is the policy itself: a title of its own at the head (关于…的意见, ○○ 기본계획), no news about it."""
    if view.article.kind != "whole":
        return None
    return next((lead for u in view.units[:10] if (lead := own_title(view, u)) is not None), None)


def own_title(view: View, u: ArticleUnit) -> Lead | None:
    words = view.words(u)
    start = _behind_maker(words)
    if start is None:
        return None
    body = words[start:]
    cover = _cover(body)
    body = _SHORTENED.sub("", cover[0] if cover is not None else body)
    allowed = (UnitKind.HEADING, UnitKind.SENTENCE, UnitKind.FURNITURE)
    if (
        not (u.unit.kind in allowed or _in_title_cell(view, u))
        or ON_GROUNDS.match(body)
        or len(body) > 120
        or _LETTER.search(body)
        or body.rstrip("。").endswith(("다.", "다"))
        or ("《" in body and body.endswith("。"))  # a sentence that names a document is no title
    ):
        return None
    quoted = None if _NAME_WITHIN.search(body) else title_in(body)
    kind = quoted[1] if quoted else document_type(_MAKER.sub("", body))
    alone = u is view.units[0] and _PLAIN_HAN.fullmatch(body.strip()) is not None
    if kind is None or not (
        alone
        or re.search(
            r"关于|\d{4}|제\d+차|기본|종합|行动|计划|规划|方案|[가-힣]{2,}\s[가-힣]{2,}|\b(?:Plan|Strategy|Act|Programme|Program|Package)\b",
            body,
        )
    ):
        return None
    lead = Lead(u, document_type=kind, score=2.0)
    about = re.match(r"(.{2,30}?)关于(?:印发)?", body)
    when, maker = _WHEN.search(body), _MAKER.search(body)
    closing = when or maker
    end = closing.start() if closing else len(body.rstrip("。 "))
    inside = (quoted[0].start, quoted[0].end) if quoted else (about.start() if about else 0, end)
    lead.title = (u, start + inside[0], start + inside[1])
    lead.day = (u, start + when.start("day"), start + when.end("day")) if when else None
    if about:
        lead.subject = (u, start + about.start(1), start + about.end(1))
        lead.issuers = organisations_in(view, *lead.subject)
    elif maker:
        lead.issuers = [(u, start + maker.start("who"), start + maker.end("who"))]
    elif cover is not None:
        lead.issuers = [(u, start + cover[1][0], start + cover[1][1])]
    else:
        lead.issuers = imprint_issuer(view)
    return lead


def _in_title_cell(view: View, u: ArticleUnit) -> bool:
    """Whether the unit is a cell beside `제목`: so forms for approval name what is approved."""
    beside = (view.by_index[i] for i in u.unit.header if i in view.by_index)
    return u.unit.kind is UnitKind.CELL and any(is_label(view.words(c)) for c in beside)


def _cover(words: str) -> tuple[str, tuple[int, int]] | None:
    """A cover in one unit: the line that is a plan's name, and the body in the lines under it."""
    name, _, rest = words.partition("\n")
    bodies = find_organisations(rest) if len(rest) <= _COVER else []
    body = next((m for m in bodies if m.level is not None and not m.is_place), None)
    return None if body is None else (name, (len(name) + 1 + body.start, len(name) + 1 + body.end))


def _behind_maker(head: str) -> int | None:
    """Where the name begins in `○○부, △△ 지침`; None for a headline of news (`○○부 차관, △△ 면담 - 후속조치`)."""
    if label := label_end(head):
        return label
    subject = HEAD_SUBJECT.match(head) if re.search(r"[가-힣]", head) else None
    if subject is None:
        return 0
    if OFFICIAL.within(subject["subject"]):
        return None
    if not is_authority(subject["subject"]):
        return 0
    return None if _ANY_POLICY.search(head) else subject.end()
