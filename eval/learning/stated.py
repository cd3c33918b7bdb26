"""Labels become marks on phrases that may name who issues a policy, or say what it is for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from eval.labelled.labels import PolicyLabel
from eval.learning.choices import NEARLY, Choices, extent_of, grouped, marked
from eval.learning.fit import UNSURE
from eval.learning.leads import kept_of, lead_of, span_of
from eval.score.match import iou, same_wording
from pipeline.draft.announce import find_leads
from pipeline.draft.issuing import OWN, issuer_phrases
from pipeline.draft.objectives import objective_phrases
from pipeline.draft.sheets import (
    ISSUER_FIELDS,
    ISSUER_SIZES,
    OBJECTIVE_FIELDS,
    OBJECTIVE_SIZES,
    issuer_sheet,
    objective_sheet,
)
from pipeline.draft.view import View
from pipeline.learn.linear import Field
from pipeline.learn.sheet import Sheet
from schemas.records import Span

_OTHERS = 80
"""So many phrases of a policy that are not what is looked for are kept: 150 taught no more."""


def mark_stated(view: View, policies: Sequence[PolicyLabel]) -> dict[str, Any]:
    """The phrases near what announces each of the article's labelled policies, and which of them are labelled.

    `issuers` and `objectives` of an `Example`. A policy that states none has phrases none of which is right.
    """
    known = find_leads(view) if policies else []
    told = [(p, lead_of(view, p, known, alone=len(policies) == 1)) for p in policies]
    of_issuers: list[tuple[Sheet, list[int]]] = []
    of_objectives: list[tuple[Sheet, list[int]]] = []
    for policy, lead in told:
        names = issuer_phrases(view, lead) if lead is not None else []
        if lead is not None and names:
            marks = _of_names(policy, [span_of(view, n[:3]) for n in names])
            kept = kept_of(view, names, marks, [n.place == OWN for n in names], _OTHERS)
            of_issuers.append((issuer_sheet(view, lead, [names[i] for i in kept]), [marks[i] for i in kept]))
        phrases = objective_phrases(view, lead) if lead is not None else []
        if lead is not None and phrases:
            fits = [iou(policy.objective, extent_of(p[:3])) for p in phrases]
            marks = marked(fits, NEARLY)
            kept = kept_of(view, phrases, marks, [fit > 0 for fit in fits], _OTHERS)
            of_objectives.append((objective_sheet(view, lead, [phrases[i] for i in kept]), [marks[i] for i in kept]))
    return {
        "issuers": _together(of_issuers, ISSUER_SIZES, ISSUER_FIELDS),
        "objectives": _together(of_objectives, OBJECTIVE_SIZES, OBJECTIVE_FIELDS),
    }


def _together(found: Sequence[tuple[Sheet, list[int]]], sizes: Sequence[int], fields: Sequence[Field]) -> Choices:
    return grouped([sheet for sheet, _ in found], [mark for _, marks in found for mark in marks], sizes, fields)


def _of_names(policy: PolicyLabel, phrases: Sequence[Span]) -> list[int]:
    """A phrase's mark by the issuer that it fits best; the same name in another place counts neither way."""
    by_name = [
        [
            UNSURE if mark == 0 and same_wording(body.name, phrase) else mark
            for mark, phrase in zip(marked([iou(p, body.name) for p in phrases], NEARLY), phrases, strict=True)
        ]
        for body in policy.issuers
    ]
    each = zip(*by_name, strict=True) if by_name else ((0,) for _ in phrases)
    return [1 if 1 in marks else UNSURE if UNSURE in marks else 0 for marks in each]
