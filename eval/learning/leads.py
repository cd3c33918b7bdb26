"""The announcements of labelled policies: where the draft would look for what is said of each, and what is kept."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from eval.labelled.labels import PolicyLabel
from eval.learning.choices import SAME, extent_of
from eval.score.match import iou
from eval.score.slots import span_agrees
from pipeline.draft.grammar.announce import find_leads, lead_at
from pipeline.draft.grammar.notices import as_told
from pipeline.draft.grammar.several import each_title
from pipeline.draft.grammar.view import Lead, Phrase, Placed, View
from schemas.document import Unit
from schemas.records import Extent, Span
from schemas.vocabulary import UnitKind

_PARTS = frozenset({UnitKind.CLAUSE, UnitKind.ITEM, UnitKind.ROW})


def leads_of(view: View, policies: Sequence[PolicyLabel]) -> list[tuple[PolicyLabel, Lead]]:
    """The article's labelled policies with the announcement of each, as far as there is one."""
    known = find_leads(view) if policies else []
    found = [(p, _lead_of(view, p, known, alone=len(policies) == 1)) for p in policies]
    return [(policy, lead) for policy, lead in found if lead is not None]


def _lead_of(view: View, policy: PolicyLabel, known: list[Lead], *, alone: bool) -> Lead | None:
    """The announcement that the grammar finds where the label's stands; of several titles in one, the label's."""
    near = [lead for lead in known if iou(_extent(lead.unit.unit), policy.announcement) > 0]
    near = near or (known[:1] if alone else [])
    if not near:
        units = [u for u in view.units if u.unit.kind not in _PARTS]
        if not units:
            return None
        best = max(units, key=lambda u: iou(_extent(u.unit), policy.announcement))
        if iou(_extent(best.unit), policy.announcement) < SAME:
            holds = [u for u in units if u.unit.start <= policy.announcement.start < u.unit.end]
            best = holds[-1] if holds else best
        near = [lead_at(view, best, known)]
    each = [e for lead in as_told(view, near) for e in each_title(view, lead)] if len(near) == 1 else near
    return max(each, key=lambda e: span_agrees(policy.title, None if e.title is None else span_of(view, e.title)))


def kept_of(view: View, phrases: Sequence[Phrase], marks: Sequence[int], easy: Sequence[bool], most: int) -> list[int]:
    """Which phrases are learned from: those marked, and `most` others, first what is `easy` to take for one of them."""
    others = [i for i, mark in enumerate(marks) if mark == 0]
    chance = {i: hashlib.sha256(view.said(phrases[i][:3]).encode()).digest() for i in others}
    left_out = sorted(others, key=lambda i: (not easy[i], chance[i], i))[most:]
    return sorted(set(range(len(phrases))) - set(left_out))


def span_of(view: View, part: Placed) -> Span:
    """A part of a unit as a span of the text."""
    place = extent_of(part)
    return Span(start=place.start, end=place.end, text=view.text[place.start : place.end])


def _extent(unit: Unit) -> Extent:
    return Extent(start=unit.start, end=unit.end)
