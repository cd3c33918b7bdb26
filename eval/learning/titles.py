"""Labels become marks on phrases that may be titles, in Korean articles alone.

In other languages grammar's title stays: by groups it is right for 46 of 70 Chinese policies, what was learned for 43,
and in English more are wrong than before.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import numpy as np

from eval.labelled.labels import PolicyLabel
from eval.learning.fit import UNSURE
from eval.score.match import iou, same_wording
from eval.score.slots import span_agrees
from pipeline.draft.announce import find_leads, lead_at
from pipeline.draft.naming import TRAITS, Name, Naming, is_korean, title_phrases
from pipeline.draft.notices import as_told
from pipeline.draft.several import each_title
from pipeline.draft.sheets import TITLE_FIELDS, title_sheet
from pipeline.draft.titles import letters_of
from pipeline.draft.view import Lead, Placed, View
from pipeline.learn.grams import Grams
from pipeline.learn.linear import OF_TRAITS
from pipeline.learn.sheet import Sheet, joined
from schemas.document import Unit
from schemas.records import Extent, Span
from schemas.vocabulary import UnitKind

_NEARLY, _SAME, _ALIKE = 0.85, 0.5, 0.45
"""How well a phrase fits that is as good as the label, that may be the best there is, that counts neither way."""
_OTHERS = 150
"""So many phrases of a policy that do not name it are kept."""
_HARD = 0.2
"""How well a phrase fits that is taken for a title most easily."""
_NO_GRAMS = Grams(np.zeros(0, np.uint16), np.zeros(1, np.int64))
_NONE = Sheet(
    np.zeros((0, len(TRAITS)), np.uint8), {f.source: _NO_GRAMS for f in TITLE_FIELDS if f.source != OF_TRAITS}, {}
)
_PARTS = frozenset({UnitKind.CLAUSE, UnitKind.ITEM, UnitKind.ROW})


def mark_titles(view: View, policies: Sequence[PolicyLabel]) -> dict[str, Any]:
    """The phrases near what announces each of the article's labelled policies, and which of them name it.

    `titles`, `titled` and `leads` of an `Example`. A policy without a title has phrases none of which names it.
    """
    sheets: list[Sheet] = []
    marks: list[int] = []
    known = find_leads(view) if policies and is_korean(view) else []
    naming = Naming(view)
    for policy in policies if is_korean(view) else ():
        lead = _lead_of(view, policy, known, alone=len(policies) == 1)
        names = title_phrases(view, lead) if lead is not None else []
        if lead is None or not names:
            continue
        fits = [_fit(policy.title, _span(view, n[:3])) for n in names]
        best = max(fits)
        marked = [1 if f >= _NEARLY or f == best >= _SAME else UNSURE if f >= _ALIKE else 0 for f in fits]
        kept = _kept(view, lead, names, fits, marked)
        sheets.append(title_sheet(naming, lead, [names[i] for i in kept]))
        marks += [marked[i] for i in kept]
    return {
        "titles": joined(sheets) if sheets else _NONE,
        "titled": np.array(marks, dtype=np.int8).reshape(len(marks), 1),
        "leads": np.repeat(np.arange(len(sheets), dtype=np.int32), [len(s) for s in sheets]),
    }


def _lead_of(view: View, policy: PolicyLabel, known: list[Lead], *, alone: bool) -> Lead | None:
    """The announcement that the grammar finds where the label's stands; of several titles in one, the label's."""
    near = [lead for lead in known if iou(_extent(lead.unit.unit), policy.announcement) > 0]
    near = near or (known[:1] if alone else [])
    if not near:
        units = [u for u in view.units if u.unit.kind not in _PARTS]
        if not units:
            return None
        best = max(units, key=lambda u: iou(_extent(u.unit), policy.announcement))
        if iou(_extent(best.unit), policy.announcement) < _SAME:
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
    if fit >= _SAME:
        return fit
    ours, theirs = sorted((letters_of(phrase.text), letters_of(title.text)), key=len)
    return _ALIKE if ours and ours in theirs and 2 * len(ours) >= len(theirs) else fit


def _kept(view: View, lead: Lead, names: Sequence[Name], fits: Sequence[float], marked: Sequence[int]) -> list[int]:
    """Which phrases are learned from: those marked, and of the others first what is easily taken for the title."""
    others = [i for i, mark in enumerate(marked) if mark == 0]
    easy = {i for i in others if fits[i] > _HARD or names[i][:3] == lead.title}
    chance = {i: hashlib.sha256(view.said(names[i][:3]).encode()).digest() for i in others}
    left_out = sorted(others, key=lambda i: (i not in easy, chance[i], i))[_OTHERS:]
    return sorted(set(range(len(names))) - set(left_out))


def _extent(unit: Unit) -> Extent:
    return Extent(start=unit.start, end=unit.end)


def _span(view: View, placed: Placed) -> Span:
    start, end = placed[0].unit.start + placed[1], placed[0].unit.start + placed[2]
    return Span(start=start, end=end, text=view.text[start:end])
