"""What the document's own cover, head and signature say of the plan that it is: its day, who issues it, its repeal."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator

from pipeline.draft.grammar.view import Lead, Placed, View
from pipeline.normalise import find_organisations, level_of
from pipeline.normalise.covers import bodies_in, body_in, day_in, is_joint, is_repeal
from pipeline.normalise.head import read_head
from schemas.answer import Ref
from schemas.document import ArticleUnit

_FIRST = 8
"""So many units at either end of an article may say that it is no longer in force."""
_MONTH_ALONE = re.compile(r"20\d\d\s?[.년]\s?\d{1,2}\s?[.월]?")
"""A cover often names the month alone: `2024. 11.`"""
_LINE = re.compile(r"[^\n]+")
_SPACED = re.compile(r"[가-힣](?:\s[가-힣]){2,14}")


def _is_spaced_body(words: str) -> bool:
    """`해 양 수 산 부`: a name that a cover spaces out."""
    return _SPACED.fullmatch(words) is not None and level_of("".join(words.split())) is not None


def is_the_plan(view: View, lead: Lead) -> bool:
    """Whether the article is the plan itself and no report of it: all of it is one, and a whole unit is the title."""
    if view.article.kind != "whole" or lead.title is None:
        return False
    u, start, end = lead.title
    return start == 0 and end == len(view.words(u))


def head_date(view: View, lead: Lead) -> Ref | None:
    """The day that the head or signature of a plan prints: the document's day of issue, where it stands."""
    issued = view.article.issue_date
    if issued is None or not is_the_plan(view, lead):
        return None
    for u in view.units[:_FIRST]:
        if _MONTH_ALONE.fullmatch(view.words(u)):
            return view.ref(u)
    starts = [u.unit.start for u in view.units]
    for found in read_head(view.text):
        at = bisect.bisect_right(starts, found.start) - 1
        if found.date == issued and at >= 0 and found.end <= view.units[at].unit.end:
            u = view.units[at]
            return view.ref(u, found.start - u.unit.start, found.end - u.unit.start)
    return None


def head_issuers(view: View, lead: Lead) -> list[Placed]:
    """Who issues a plan that names nobody in its announcement: bodies on the cover, else the one its title opens with."""
    if not is_the_plan(view, lead) or lead.title is None:
        return []
    named = [(u, 0, len(view.words(u))) for u in view.units[:_FIRST] if _is_spaced_body(view.words(u))]
    named += signers(view)
    told = [who for who in named if not is_jointly(view, who)]
    if named:
        return told or named
    title = view.words(lead.title[0])
    opens = next((m for m in find_organisations(title) if m.start == 0 and m.level is not None), None)
    return [(lead.title[0], opens.start, opens.end)] if opens is not None else []


def _cover_lines(view: View) -> Iterator[tuple[ArticleUnit, int, str]]:
    """The lines of the cover and the signature, each with its unit and where in it the line begins."""
    for u in view.units:
        for line in _LINE.finditer(view.words(u)) if u.unit.role == "cover" else ():
            yield u, line.start(), line.group()


def signers(view: View) -> list[Placed]:
    """The bodies, or their heads, alone on a line of the cover or the signature."""
    lines = ((u, at, line, body) for u, at, line in _cover_lines(view) if (body := body_in(line)) is not None)
    return [(u, at + start, at + end) for u, at, line, body in lines for start, end in bodies_in(line, *body)]


def signed_on(view: View) -> Placed | None:
    """The day alone, or beside who signs, on a line of the cover or the signature."""
    days = ((u, at, day) for u, at, line in _cover_lines(view) if (day := day_in(line)) is not None)
    return next(((u, at + day[0], at + day[1]) for u, at, day in days), None)


def is_jointly(view: View, issuer: Placed) -> bool:
    """Whether the issuer's name is that of all ministries concerned together."""
    return is_joint(view.said(issuer))


def is_repealed(view: View) -> bool:
    """Whether a line at either end says that the document is no longer in force."""
    ends = (*view.units[:_FIRST], *view.units[-_FIRST:])
    return any(is_repeal(line) for u in ends for line in view.words(u).split("\n"))
