"""Several policies announced in one unit: three bills that pass together, two sets of measures `each published`.

Each becomes an announcement of its own. What follows belongs to the one whose name it says; what names none, to the one
whose maker it names, else to the first.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from pipeline.draft.authorities import is_authority
from pipeline.draft.issuers import organisations_in
from pipeline.draft.titles import document_type, find_quoted, letters_of, title_letters
from pipeline.draft.view import Lead, View
from schemas.document import ArticleUnit

# 「A」, 「B」 등 2개 제정법률안과 「C」: what stands between names that are told in one breath.
_BETWEEN = re.compile(r"(?:[\s,，、·①-⑳➀-➓]|등\s?\d{1,2}\s?개\s?[가-힣]{0,10}(?:과|와)?|과|와|및|和|与|以及|and)*")
_NEXT_MAKER = re.compile(r"[을를],?\s(?P<who>[^,「『‘“]{2,20}?)(?:은|는)\s(?:[^,「『‘“]{1,16}\s)?")


def each_title(view: View, lead: Lead) -> list[Lead]:
    """The announcement, once for each title that stands beside its own in a list of titles of the same type."""
    if lead.title is None or lead.title[0] is not lead.unit:
        return [lead]
    makers = _each_maker(view, lead)
    if len(makers) > 1:
        return makers
    words = view.words(lead.unit)
    quoted = [q for q in find_quoted(words) if document_type(words[q.start : q.end]) is lead.document_type]
    run: list[list[int]] = []
    for q in quoted:
        if run and _BETWEEN.fullmatch(words, run[-1][3], q.outer_start):
            run.append([q.start, q.end, q.outer_start, q.outer_end])
        elif any(part[0] <= lead.title[1] < part[1] for part in run):
            break
        else:
            run = [[q.start, q.end, q.outer_start, q.outer_end]]
    if len(run) < 2 or not any(part[0] <= lead.title[1] < part[1] for part in run):
        return [lead]
    return [replace(lead, title=(lead.unit, start, end)) for start, end, _, _ in run]


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
