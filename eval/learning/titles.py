"""Labels become marks on phrases that may be titles, in Korean and English articles.

In Chinese grammar's title stays: by groups it is right for 46 of 70 policies, what was learned for 43.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from eval.labelled.labels import PolicyLabel
from eval.learning.choices import SAME, extent_of, grouped, marked
from eval.score.match import iou, same_wording
from eval.score.slots import span_agrees
from pipeline.draft.announce import find_leads, lead_at
from pipeline.draft.naming import Naming, is_named_by_weights, title_phrases
from pipeline.draft.notices import as_told
from pipeline.draft.several import each_title
from pipeline.draft.sheets import TITLE_FIELDS, TITLE_SIZES, title_sheet
from pipeline.draft.titles import letters_of
from pipeline.draft.view import Lead, Phrase, Placed, View
from pipeline.learn.sheet import Sheet
from schemas.document import Unit
from schemas.records import Extent, Span
from schemas.vocabulary import UnitKind

_NEARLY, _ALIKE = 0.85, 0.45
"""How well a phrase fits that is as good as the label, and that counts neither way."""
_OTHERS = 150
"""So many phrases of a policy that do not name it are kept."""
_HARD = 0.2
"""How well a phrase fits that is taken for a title most easily."""
_PARTS = frozenset({UnitKind.CLAUSE, UnitKind.ITEM, UnitKind.ROW})


def mark_titles(view: View, policies: Sequence[PolicyLabel]) -> dict[str, Any]:
    """The phrases near what announces each of the article's labelled policies, and which of them name it.

    `titles`, `titled` and `leads` of an `Example`. A policy without a title has phrases none of which names it.
    """
    sheets: list[Sheet] = []
    marks: list[int] = []
    asked = policies if is_named_by_weights(view) else ()
    known = find_leads(view) if asked else []
    naming = Naming(view)
    for policy in asked:
        lead = _lead_of(view, policy, known, alone=len(policies) == 1)
        names = title_phrases(view, lead) if lead is not None else []
        if lead is None or not names:
            continue
        fits = [_fit(policy.title, _span(view, n[:3])) for n in names]
        of_each = marked(fits, _NEARLY, _ALIKE)
        kept = _kept(view, lead, names, fits, of_each)
        sheets.append(title_sheet(naming, lead, [names[i] for i in kept]))
        marks += [of_each[i] for i in kept]
    found = grouped(sheets, marks, TITLE_SIZES, TITLE_FIELDS)
    return {"titles": found.sheet, "titled": found.marks, "leads": found.groups}


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
    return max(each, key=lambda e: span_agrees(policy.title, None if e.title is None else _span(view, e.title)))


def _fit(title: Span | None, phrase: Span) -> float:
    """How well a phrase is the label's title, 0 to 1; the same letters elsewhere, give or take some, are neither."""
    if title is None:
        return 0.0
    fit = 1.0 if same_wording(title, phrase) else iou(title, phrase)
    if fit >= SAME:
        return fit
    ours, theirs = sorted((letters_of(phrase.text), letters_of(title.text)), key=len)
    return _ALIKE if ours and ours in theirs and 2 * len(ours) >= len(theirs) else fit


def _kept(view: View, lead: Lead, names: Sequence[Phrase], fits: Sequence[float], marked: Sequence[int]) -> list[int]:
    """Which phrases are learned from: those marked, and of the others first what is easily taken for the title."""
    others = [i for i, mark in enumerate(marked) if mark == 0]
    easy = {i for i in others if fits[i] > _HARD or names[i][:3] == lead.title}
    chance = {i: hashlib.sha256(view.said(names[i][:3]).encode()).digest() for i in others}
    left_out = sorted(others, key=lambda i: (i not in easy, chance[i], i))[_OTHERS:]
    return sorted(set(range(len(names))) - set(left_out))


def _extent(unit: Unit) -> Extent:
    return Extent(start=unit.start, end=unit.end)


def _span(view: View, part: Placed) -> Span:
    place = extent_of(part)
    return Span(start=place.start, end=place.end, text=view.text[place.start : place.end])
