"""Labels become marks on phrases that may name who issues a policy, or say what it is for."""

from __future__ import annotations

from collections.abc import Sequence

from eval.labelled.labels import PolicyLabel
from eval.learning.choices import NEARLY, Choices, by_any, extent_of, grouped, marked
from eval.learning.fit import UNSURE
from eval.learning.leads import kept_of, span_of
from eval.score.match import iou, same_wording
from pipeline.draft.grammar.view import Lead, View
from pipeline.draft.seen.issuing import OWN, issuer_phrases
from pipeline.draft.seen.objectives import objective_phrases
from pipeline.draft.seen.sheets import (
    ISSUER_FIELDS,
    ISSUER_SIZES,
    OBJECTIVE_FIELDS,
    OBJECTIVE_SIZES,
    issuer_sheet,
    objective_sheet,
)
from pipeline.learn.sheet import Sheet
from schemas.records import Span

_OTHERS = 80
"""So many phrases of a policy that are not what is looked for are kept: 150 taught no more."""


def mark_issuers(view: View, leads: Sequence[tuple[PolicyLabel, Lead]]) -> Choices:
    """The phrases that may name who issues the labelled policies of an article (`leads_of`), and which of them do."""
    sheets: list[Sheet] = []
    marks: list[int] = []
    for policy, lead in leads:
        names = issuer_phrases(view, lead)
        of_each = _of_names(policy, [span_of(view, n[:3]) for n in names])
        kept = kept_of(view, names, of_each, [n.place == OWN for n in names], _OTHERS)
        if kept:
            sheets.append(issuer_sheet(view, lead, [names[i] for i in kept]))
            marks += [of_each[i] for i in kept]
    return grouped(sheets, marks, ISSUER_SIZES, ISSUER_FIELDS)


def mark_objectives(view: View, leads: Sequence[tuple[PolicyLabel, Lead]]) -> Choices:
    """The same of phrases that may say what for; a policy that states no objective has phrases none of which does."""
    sheets: list[Sheet] = []
    marks: list[int] = []
    for policy, lead in leads:
        phrases = objective_phrases(view, lead)
        fits = [iou(policy.objective, extent_of(p[:3])) for p in phrases]
        of_each = marked(fits, NEARLY) if fits else []
        kept = kept_of(view, phrases, of_each, [fit > 0 for fit in fits], _OTHERS)
        if kept:
            sheets.append(objective_sheet(view, lead, [phrases[i] for i in kept]))
            marks += [of_each[i] for i in kept]
    return grouped(sheets, marks, OBJECTIVE_SIZES, OBJECTIVE_FIELDS)


def _of_names(policy: PolicyLabel, phrases: Sequence[Span]) -> list[int]:
    """A phrase's mark by the issuer that it fits best; the same name in another place counts neither way."""
    by_name = [
        [
            UNSURE if mark == 0 and same_wording(body.name, phrase) else mark
            for mark, phrase in zip(marked([iou(p, body.name) for p in phrases], NEARLY), phrases, strict=True)
        ]
        for body in policy.issuers
    ]
    return by_any(by_name, len(phrases))
