"""Several policies announced in one unit: three bills that pass together, two sets of measures `each published`.

Each becomes an announcement of its own. What follows belongs to the one whose name it says; what names none, to the first.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.draft.lead import Lead
from pipeline.draft.titles import document_type, find_quoted
from pipeline.draft.view import View
from schemas.document import ArticleUnit

# 「A」, 「B」 등 2개 제정법률안과 「C」: what stands between names that are told in one breath.
_BETWEEN = re.compile(r"(?:[\s,，、·]|등\s?\d{1,2}\s?개\s?[가-힣]{0,10}(?:과|와)?|과|와|및|和|与|以及|and)*")
_WORD = re.compile(r"\w+")


def each_title(view: View, lead: Lead) -> list[Lead]:
    """The announcement, once for each title that stands beside its own in a list of titles of the same type."""
    if lead.title is None or lead.title[0] is not lead.unit:
        return [lead]
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


def owner_of(view: View, leads: Sequence[Lead], unit: ArticleUnit) -> int:
    """Which policy a unit belongs to: of those announced last before it, the one that it names, else the first."""
    before = [i for i, lead in enumerate(leads) if lead.unit.unit.start <= unit.unit.start] or [0]
    last = leads[before[-1]].unit
    together = [i for i in before if leads[i].unit is last]
    if len(together) == 1:
        return together[0]
    above = view.parent(unit)
    said = _letters(view.words(unit)) + (_letters(view.words(above)) if above is not None else "")
    named = [i for i in together if (title := leads[i].title) is not None and _name(view, title) in said]
    return (named or together)[0]


def _name(view: View, title: tuple[ArticleUnit, int, int]) -> str:
    u, start, end = title
    return _letters(view.words(u)[start:end])


def _letters(words: str) -> str:
    return "".join(_WORD.findall(words))
