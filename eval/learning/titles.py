"""Labels become marks on phrases that may be titles, in Korean and English articles.

In Chinese grammar's title stays: by groups it is right for 46 of 70 policies, what was learned for 43.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from eval.labelled.labels import PolicyLabel
from eval.learning.choices import SAME, grouped, marked
from eval.learning.leads import kept_of, span_of
from eval.score.match import iou, same_wording
from pipeline.draft.grammar.titles import letters_of
from pipeline.draft.grammar.view import Lead, View
from pipeline.draft.seen.naming import Naming, is_named_by_weights, title_phrases
from pipeline.draft.seen.sheets import TITLE_FIELDS, TITLE_SIZES, title_sheet
from pipeline.learn.sheet import Sheet
from schemas.records import Span

_NEARLY, _ALIKE = 0.85, 0.45
"""How well a phrase fits that is as good as the label, and that counts neither way."""
_OTHERS = 150
"""So many phrases of a policy that do not name it are kept."""
_HARD = 0.2
"""How well a phrase fits that is taken for a title most easily."""


def mark_titles(view: View, leads: Sequence[tuple[PolicyLabel, Lead]]) -> dict[str, Any]:
    """The phrases near what announces each of the article's labelled policies (`leads_of`), and which of them name it.

    `titles`, `titled` and `leads` of an `Example`. A policy without a title has phrases none of which names it.
    """
    sheets: list[Sheet] = []
    marks: list[int] = []
    naming = Naming(view)
    for policy, lead in leads if is_named_by_weights(view) else ():
        names = title_phrases(view, lead)
        if not names:
            continue
        fits = [_fit(policy.title, span_of(view, n[:3])) for n in names]
        of_each = marked(fits, _NEARLY, _ALIKE)
        easy = [fit > _HARD or name[:3] == lead.title for fit, name in zip(fits, names, strict=True)]
        kept = kept_of(view, names, of_each, easy, _OTHERS)
        sheets.append(title_sheet(naming, lead, [names[i] for i in kept]))
        marks += [of_each[i] for i in kept]
    found = grouped(sheets, marks, TITLE_SIZES, TITLE_FIELDS)
    return {"titles": found.sheet, "titled": found.marks, "leads": found.groups}


def _fit(title: Span | None, phrase: Span) -> float:
    """How well a phrase is the label's title, 0 to 1; the same letters elsewhere, give or take some, are neither."""
    if title is None:
        return 0.0
    fit = 1.0 if same_wording(title, phrase) else iou(title, phrase)
    if fit >= SAME:
        return fit
    ours, theirs = sorted((letters_of(phrase.text), letters_of(title.text)), key=len)
    return _ALIKE if ours and ours in theirs and 2 * len(ours) >= len(theirs) else fit
