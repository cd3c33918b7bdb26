"""Labels become marks on phrases: which of those in a measure name who carries it out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from eval.labelled.labels import MeasureLabel
from eval.learning.choices import NEARLY, by_any, extent_of, grouped, marked
from eval.score.match import iou
from pipeline.draft.grammar.view import Phrase, View
from pipeline.draft.seen.bodies import bodies_in
from pipeline.draft.seen.sheets import BODY_FIELDS, BODY_SIZES, body_sheet
from pipeline.learn.sheet import Sheet
from schemas.document import ArticleUnit
from schemas.vocabulary import UnitKind

_PARTLY = 0.3
"""From here on a phrase that is not the best counts neither way."""


def mark_bodies(view: View, measures: Sequence[tuple[MeasureLabel, ArticleUnit]]) -> dict[str, Any]:
    """The phrases of the labelled measures that may name a body, and which name who carries it out.

    `measures`: each with the unit, or the first of the clauses, that it is.
    """
    sheets: list[Sheet] = []
    marks: list[int] = []
    for measure, unit in measures:
        whole = view.parent(unit) or unit if unit.unit.kind is UnitKind.CLAUSE else unit
        start = max(0, measure.text.start - whole.unit.start)
        phrases = bodies_in(view, whole, start, min(measure.text.end, whole.unit.end) - whole.unit.start)
        if phrases:
            sheets.append(body_sheet(view, [(start, phrases)]))
            marks += _marks(measure, phrases)
    found = grouped(sheets, marks, BODY_SIZES, BODY_FIELDS)
    return {"bodies": found.sheet, "carries": found.marks}


def _marks(measure: MeasureLabel, phrases: Sequence[Phrase]) -> list[int]:
    """A phrase's mark by the name that it fits best."""
    by_name = [
        marked([iou(extent_of(p[:3]), body.name) for p in phrases], NEARLY, _PARTLY) for body in measure.implementers
    ]
    return by_any(by_name, len(phrases))
