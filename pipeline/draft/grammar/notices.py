"""Notices of Chinese authorities as portals print them: which policy they issue, who signs, and when.

A portal prints the notice's title, then its own fields (发文机构, 发布时间), then the text. What the notice issues is named
in its title (关于印发《…》的通知); the day of the policy is that of the signature, not that of posting; who signs, issues.
"""

from __future__ import annotations

import bisect
import re
from dataclasses import replace
from typing import NamedTuple

from pipeline.draft.grammar.titles import document_type
from pipeline.draft.grammar.view import Lead, Placed, View
from pipeline.normalise import find_organisations
from pipeline.normalise.head import HeadField, glued_title, read_head
from schemas.vocabulary import DocumentType

_Place = tuple[int, int]
_SIGNED = ("signed", "alone")
_ISSUES = re.compile(
    r"(?:印发|下达|下发|发布|公布|颁布|施行|实施|修订|(?:批转|转发)[^《》]{0,60}?)"
    r"(?:《(?P<quoted>[^《》]{4,80}(?:《[^《》]{2,60}》[^《》]{0,40})?)》|(?P<bare>[^《》]{6,80}))"
    r"(?:等[^《》]{0,20})?的(?:通知|公告|通告|决定|函)"
)
_ABOUT = re.compile(r"关于")
_FORWARDS = re.compile(
    r"(?:转发|批转)(?P<of>[^《》]{2,60}?)(?:等[一-龥\d]{0,4}(?:部门|单位))?(?:制订的|制定的|拟订的)?(?P<rest>关于|《)"
)
_OPINION = re.compile(r"关于[^《》]{4,80}意见(?=的通知)")
_PLAIN_NOUN = re.compile(
    r"(?:计划|方案|规划|办法|规定|意见|条例|细则|纲要|要点|标准|指南|规则|目录|指标|政策|制度|措施|提纲)"
    r"(?:[（(][^（()）]{1,12}[)）])?$"
)
# （某省人民政府令第155号）（已废止）: a portal's remarks behind the title.
_REMARK = re.compile(r"(?:\s?[（(][^（()）]*(?:号|公布|废止|失效|修改|修订)[^（()）]*[)）])+\s*$")
# 《…方案》政策解读: about a policy, none itself.
_READING = re.compile(r"解读|答记者问|一图读懂|图解")
_LINE = re.compile(r"\S[^\n]*\S")
_HEAD = 600
"""The lines before a notice's text take no more (characters)."""
_PLACE = re.compile(r"(?<![一-龥])[一-龥]{1,4}$")
_APART = re.compile(r"[;；、，, \u3000\n]*")
_OTHER = re.compile(r"[一-龥]{3,16}(?:联合会|协会|总会|公司|中心|集团|银行|大学)")
"""Who signs beside authorities."""
_SIGNER = re.compile(r"[一-龥（）()]{4,30}(?:部|委|厅|局|院|署|办公室|委员会|政府|领导小组|公司|中心)$")
_WINDOW = 160
"""The names before a signature's day take no more (characters)."""


class Notice(NamedTuple):
    """What a notice says of itself, as places in the text; empty where it does not say."""

    title: _Place | None
    issuers: tuple[_Place, ...]
    day: _Place | None
    by_portal: bool
    """Whether a portal printed its record: then the notice names its policy as the portal does."""


# 某市人民政府关于…的通知（某政发〔2015〕7号）, over whom it is sent to.
_PLAIN_TITLE = re.compile(
    r"(?:(?!号)[^。，；：:《》]){0,60}?(?:关于|印发|转发|批转)[^。；：:]{2,160}的(?:通知|决定|公告|通告|意见|函|批复|复函)(?:[（(][^（()）]{1,40}[)）])?"
)
_FIRST_LINES, _JOINED = 8, 4
"""The title of a notice stands in so many lines at the head, and takes no more than that."""


def _plain_title(text: str) -> tuple[int, int] | None:
    """Where the title of a notice stands that no portal printed: on lines of its own near the head."""
    lines = [(m.start(), m.end()) for m in _LINE.finditer(text, 0, _HEAD)][:_FIRST_LINES]
    for first, (start, _) in enumerate(lines):
        for _, end in lines[first : first + _JOINED]:
            if _PLAIN_TITLE.fullmatch("".join(text[start:end].split())):
                return start, end
    return None


def read_notice(view: View) -> Notice | None:
    """The notice that a whole document is, by the record its portal prints or by its own head; None for other articles."""
    if view.article.kind != "whole":
        return None
    fields = read_head(view.text)
    glued = glued_title(view.text)
    if glued is not None and _READING.search(view.text, *glued):
        return None
    if (head := glued) is not None:
        signed = next((f for f in fields if f.kind in _SIGNED and f.date and f.start > head[1]), None)
        dated = next((f for f in fields if f.kind == "issued"), signed)
        issuers = _signers(view.text, head, fields, signed)
    elif (head := _plain_title(view.text)) is not None:
        below = [f for f in fields if f.kind in (*_SIGNED, "line") and f.date and f.start > head[1]]
        dated = signed = next((f for f in below if f.kind in _SIGNED), next(iter(below), None))
        signing = _before(view.text, signed.start) if signed is not None else []
        issuers = _forwarding(view.text, head) or signing or _opening(view.text, head)
    else:
        return None
    return Notice(_issued(view.text, head), tuple(issuers), dated and (dated.start, dated.end), glued is not None)


def as_told(view: View, leads: list[Lead]) -> list[Lead]:
    """The announcements; where a notice makes one, with what the notice says of itself.

    A notice's title further down than what announces is one that a short brief cites.
    """
    notice = read_notice(view) if len(leads) == 1 else None
    if notice is None or (notice.title is not None and notice.title[0] > leads[0].unit.unit.end):
        return leads
    return [_as_notice(view, leads[0], notice)]


def _as_notice(view: View, lead: Lead, notice: Notice) -> Lead:
    """The announcement with the title, the issuers and the day that the notice itself names."""
    title = _placed(view, notice.title) if notice.title else None
    if title is not None and notice.title is not None and (notice.by_portal or not _names_another(view, lead, notice)):
        kind = document_type(view.text[slice(*notice.title)]) or DocumentType.PLAN
        lead = replace(lead, title=title, document_type=kind)
    issuers = [found for place in notice.issuers if (found := _placed(view, place)) is not None]
    day = _placed(view, notice.day) if notice.day else None
    return replace(lead, issuers=issuers or lead.issuers, day=day or lead.day)


def _names_another(view: View, lead: Lead, notice: Notice) -> bool:
    """Whether the announcement names a document in 《》 that is no part of the notice's own name."""
    if lead.title is None or "《" not in view.words(lead.unit):
        return False
    start = lead.title[0].unit.start + lead.title[1]
    return notice.title is None or not notice.title[0] <= start < notice.title[1]


def _issued(text: str, head: _Place) -> _Place | None:
    """The policy's name in the notice's title: what it issues, else the notice itself."""
    start, end = head
    if remark := _REMARK.search(text, start, end):
        end = remark.start()
    if found := _ISSUES.search(text, start, end):
        if found["quoted"]:
            return found.span("quoted")
        forwarded = _ABOUT.search(text, *found.span("bare"))
        if _PLAIN_NOUN.search(found["bare"]):
            return (forwarded.start() if forwarded else found.start("bare")), found.end("bare")
    if opinion := _OPINION.search(text, start, end):
        return opinion.span()
    return (start, end) if end - start >= 4 else None


def _signers(text: str, head: _Place, fields: tuple[HeadField, ...], signed: HeadField | None) -> list[_Place]:
    start, end = head
    if _FORWARDS.search(text, start, end):
        return _forwarding(text, head)
    if signed is not None and (names := _before(text, signed.start)):
        return names
    named = _opening(text, head)
    field = next((f for f in fields if f.kind == "issuer"), None)
    return named or (_listed(text, field.start, field.end) if field else [])


def _forwarding(text: str, head: _Place) -> list[_Place]:
    """Who forwards, and whose paper it is, where the title says so."""
    forwards = _FORWARDS.search(text, *head)
    own = _bodies(text, head[0], forwards.start()) if forwards is not None else []
    return own + _listed(text, *forwards.span("of")) if forwards is not None and own else []


def _opening(text: str, head: _Place) -> list[_Place]:
    """Who the notice's title opens with: 国务院办公厅关于…."""
    about = _ABOUT.search(text, *head)
    return _placed_whole(text, head[0], _bodies(text, head[0], about.start())) if about is not None else []


def _placed_whole(text: str, low: int, names: list[_Place]) -> list[_Place]:
    """The names, the first with its province where that is one that the table does not know."""
    place = _PLACE.search(text, low, names[0][0]) if names and text[names[0][0]] in "省市区县州" else None
    return [(place.start(), names[0][1]), *names[1:]] if place is not None else names


def _bodies(text: str, start: int, end: int) -> list[_Place]:
    return [(start + m.start, start + m.end) for m in find_organisations(text[start:end]) if not m.is_place]


def _before(text: str, day: int) -> list[_Place]:
    """The bodies that stand one behind the other right before the day of a signature."""
    names: list[_Place] = []
    at = len(text[:day].rstrip(" \u3000\n"))
    low = max(day - _WINDOW, text.rfind("。", 0, at) + 1, text.rfind("\n\n", 0, at) + 1, 0)
    for start, end in reversed(_bodies(text, low, day)):
        if _APART.fullmatch(text, end, at) is None:
            if _OTHER.fullmatch(text, end, at) is None:
                break
            names.insert(0, (end, at))
        names.insert(0, (start, end))
        at = start
    names = _placed_whole(text, low, names)
    line = max(low, text.rfind("\n", 0, at) + 1)
    if not names and (alone := _SIGNER.fullmatch(text, line, at)):
        return [alone.span()]
    return names


def _listed(text: str, start: int, end: int) -> list[_Place]:
    return [(start + m.start(), start + m.end()) for m in re.finditer(r"[^;；、，,\s]{2,40}", text[start:end])]


def _placed(view: View, place: _Place) -> Placed | None:
    """The unit that holds a place, and where in it."""
    starts = [u.unit.start for u in view.units]
    at = bisect.bisect_right(starts, place[0]) - 1
    while at >= 0 and view.units[at].unit.end < place[1]:
        at -= 1
    u = view.units[at]
    return (u, place[0] - u.unit.start, place[1] - u.unit.start) if at >= 0 else None
