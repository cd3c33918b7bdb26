"""Labels become marks on what the learner looks at: which unit is a measure, which number a goal.

A unit is a measure's if the two share at least half of what either covers. Where a measure is cut from a sentence of
clauses, its first clause is marked `measure` and the others `joins`. What is borderline counts neither way.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from eval.labelled.labels import DocumentLabels, MeasureLabel, PolicyLabel, TargetLabel
from eval.learning.bodies import mark_bodies
from eval.learning.choices import NEARLY, Choices, extent_of, grouped, marked
from eval.learning.fit import UNSURE, Labels
from eval.learning.leads import leads_of
from eval.learning.stated import mark_issuers, mark_objectives
from eval.learning.titles import mark_titles
from eval.score.match import iou, overlap, shared
from pipeline.draft.grammar.view import Number, View
from pipeline.draft.seen.again import stated_vectors
from pipeline.draft.seen.due import DUE, dates_near
from pipeline.draft.seen.indicators import phrases_near
from pipeline.draft.seen.numbers import numbers_of
from pipeline.draft.seen.sheets import (
    ANNOUNCEMENT,
    EVIDENCE,
    JOINS,
    MEASURE,
    PHRASE_FIELDS,
    PHRASE_SIZES,
    ROLES,
    TARGET,
    Sheets,
    Stated,
    due_sheet,
    measure_sheet,
    phrase_sheet,
    sheets_of,
)
from pipeline.learn.sheet import Links, Reals, Sheet, joined
from pipeline.learn.vectors import WIDTH
from pipeline.learn.weights import Vectors
from schemas.document import Article, ArticleUnit, Unit
from schemas.records import Extent, Span
from schemas.vocabulary import DeadlineBasis, Instrument, UnitKind

_SAME = 0.5
"""Least overlap at which a unit is what a label names."""
_SAME_NUMBER = 0.3


Bytes = npt.NDArray[np.int8]
_STEPS = 400.0
"""Steps between 0 and 1 that vectors are rounded to: their numbers are below 0.3."""


class Meaning(NamedTuple):
    """What units and measures mean, in bytes; no rows where nobody made vectors."""

    units: Bytes
    """Units × `WIDTH`."""
    measures: Bytes
    """Measures × twice `WIDTH`: the words with their label, the heading."""

    @property
    def known(self) -> bool:
        """Whether vectors were made: every article has units."""
        return len(self.units) > 0


NO_MEANING = Meaning(np.zeros((0, WIDTH), np.int8), np.zeros((0, 2 * WIDTH), np.int8))


def as_vectors(rounded: Bytes) -> Reals:
    """The vectors that bytes stand for."""
    return rounded.astype(np.float32) / np.float32(_STEPS)


@dataclass(frozen=True)
class Example:
    """One article with its marks. Marks are 0, 1 or `UNSURE`."""

    sheets: Sheets
    roles: Labels
    """Units × `ROLES`."""
    reports: int
    """Whether the article reports a policy."""
    goals: Labels
    """Which numbers are targets."""
    measures: Sheet
    """The labelled measures, as they are printed."""
    instruments: Labels
    """Measures × instruments, one 1 in each row."""
    dates: Sheet
    """The dates near the numbers that are targets."""
    due: Labels
    """Which of them are the target's deadline."""
    phrases: Sheet
    """The phrases near the numbers that are targets."""
    named: Labels
    """Which of them say what is counted."""
    of: Links
    """The target that each phrase is near, by its place among those of the article."""
    titles: Sheet
    """The phrases that may name the labelled policies; none in articles that are not Korean."""
    titled: Labels
    """Which of them do."""
    leads: Links
    """The policy that each may name, by its place among those of the article."""
    bodies: Sheet
    """The phrases of the labelled measures that may name a body."""
    carries: Labels
    """Which of them name who carries the measure out."""
    issuers: Choices
    """The phrases that may name who issues the labelled policies."""
    objectives: Choices
    """Those that may say what for."""
    meaning: Meaning
    lost: int = 0
    """Labelled measures that no unit or clauses stand for."""


def examples_of(
    labels: DocumentLabels, articles: Sequence[Article], vectors: Vectors | None = None
) -> Iterator[Example]:
    """An example for each article that would be asked about."""
    for article in articles:
        if article.asked and article.units:
            yield _example(labels, article, vectors)


def _example(labels: DocumentLabels, article: Article, vectors: Vectors | None) -> Example:
    view = View(labels.text, article)
    numbers = numbers_of(view)
    units = [u.unit for u in article.units]
    roles = np.zeros((len(units), len(ROLES)), dtype=np.int8)
    stated: list[Stated] = []
    measured: list[tuple[MeasureLabel, ArticleUnit]] = []
    lost = 0
    for policy in labels.policies:
        if _within(policy.announcement, article):
            _mark_places(roles, units, policy)
        for measure in policy.measures:
            if not _within(measure.text, article):
                continue
            marked = _mark_measure(roles, units, measure, UNSURE if measure.borderline or policy.borderline else 1)
            lost += not marked
            if marked and not measure.borderline:
                stated.append(_stated(measure, units[marked[0]]))
                measured.append((measure, view.units[marked[0]]))
    reported = [p for p in labels.policies if _within(p.announcement, article)]
    announced = leads_of(view, [p for p in reported if not p.borderline])
    return Example(
        sheets=sheets_of(view, numbers),
        roles=roles,
        reports=int(bool(reported)) if any(not p.borderline for p in reported) or not reported else UNSURE,
        goals=_mark_goals(roles, view, numbers, labels),
        measures=measure_sheet(stated),
        instruments=_one_of([m.instrument for m, _ in measured], list(Instrument)),
        **_dates(view, numbers, labels),
        **_phrases(view, numbers, labels),
        **mark_titles(view, announced),
        **mark_bodies(view, measured),
        issuers=mark_issuers(view, announced),
        objectives=mark_objectives(view, announced),
        meaning=NO_MEANING if vectors is None else _meaning(view, stated, vectors),
        lost=lost,
    )


def _meaning(view: View, stated: Sequence[Stated], vectors: Vectors) -> Meaning:
    units = vectors.of([view.words(u) for u in view.units])
    measures = stated_vectors(stated, vectors.of)
    return Meaning(*(np.rint(np.clip(v * _STEPS, -127, 127)).astype(np.int8) for v in (units, measures)))


def _within(span: Span, article: Article) -> bool:
    return article.start <= span.start < article.end


def _extent(units: Sequence[Unit]) -> Extent:
    return Extent(start=units[0].start, end=units[-1].end)


def _mark_measure(roles: Labels, units: Sequence[Unit], measure: MeasureLabel, mark: int) -> list[int]:
    """Marks the unit, or the clauses, that a measure is; returns their positions."""
    clauses = [
        i
        for i, u in enumerate(units)
        if u.kind is UnitKind.CLAUSE and shared(_extent([u]), measure.text) * 2 > u.end - u.start
    ]
    holders = {u.parent for u in units if u.kind is UnitKind.CLAUSE}
    best, fit = _best(units, measure.text, lambda u: u.index not in holders)
    if (
        clauses
        and (together := iou(_extent([units[i] for i in clauses]), measure.text))
        and (together >= fit or together >= _SAME)
    ):
        roles[clauses[0], MEASURE] = mark
        roles[clauses[1:], JOINS] = mark
        return clauses
    if fit < _SAME and not _inside(units[best], measure.text):
        return []
    roles[best, MEASURE] = mark
    return [best]


def _inside(unit: Unit, span: Span) -> bool:
    """Whether a printed item holds the span: an item is not cut, whatever a label says (guideline 11)."""
    printed = unit.kind in (UnitKind.BULLET, UnitKind.CELL, UnitKind.NOTE, UnitKind.ITEM)
    return printed and unit.start <= span.start and span.end <= unit.end


def _best(units: Sequence[Unit], span: Span, able: Callable[[Unit], bool]) -> tuple[int, float]:
    """The unit that covers most of what a span covers, and how much."""
    fits = [
        (iou(_extent([u]), span) if u.kind is not UnitKind.ROW and able(u) else 0.0, -i) for i, u in enumerate(units)
    ]
    fit, at = max(fits)
    return -at, fit


def _mark_places(roles: Labels, units: Sequence[Unit], policy: PolicyLabel) -> None:
    """Marks the announcement of a policy and its secondary places."""
    best, fit = _best(units, policy.announcement, _is_whole)
    if fit < _SAME:
        around = [i for i, u in enumerate(units) if _is_whole(u) and u.start <= policy.announcement.start < u.end]
        best = around[-1] if around else best
    roles[best, ANNOUNCEMENT] = UNSURE if policy.borderline else 1
    for place in policy.evidence:
        best, fit = _best(units, place, _is_whole)
        if fit > _SAME - 0.1:
            roles[best, EVIDENCE] = 1


def _is_whole(unit: Unit) -> bool:
    return unit.kind not in (UnitKind.CLAUSE, UnitKind.ITEM)


def _mark_goals(roles: Labels, view: View, numbers: Sequence[Number], labels: DocumentLabels) -> Labels:
    """Which numbers are targets; the units that hold one are marked too."""
    goals = np.zeros((len(numbers), 1), dtype=np.int8)
    for policy in labels.policies:
        for target in policy.targets:
            mark = UNSURE if target.borderline or policy.borderline else 1
            for i, u in enumerate(view.units):
                if (
                    u.unit.start <= target.raw.start
                    and target.raw.end <= u.unit.end
                    and u.unit.kind is not UnitKind.ROW
                ):
                    roles[i, TARGET] = mark
            for i, number in enumerate(numbers):
                start = number.unit.unit.start
                place = Extent(start=start + number.quantity.start, end=start + number.quantity.end)
                if iou(place, target.raw) > _SAME_NUMBER:
                    goals[i, 0] = mark
    return goals


def _target_of(number: Number, labels: DocumentLabels) -> TargetLabel | None:
    """The target that a number is, if it counts."""
    start = number.unit.unit.start
    place = Extent(start=start + number.quantity.start, end=start + number.quantity.end)
    targets = (t for p in labels.policies if not p.borderline for t in p.targets if not t.borderline)
    return next((t for t in targets if iou(place, t.raw) > _SAME_NUMBER), None)


def _dates(view: View, numbers: Sequence[Number], labels: DocumentLabels) -> dict[str, Any]:
    """The dates near targets, and which are their deadlines; one that the policy's period implies is none of them."""
    sheets, due = [Sheet(np.zeros((0, len(DUE)), np.uint8), {}, {})], []
    for number in numbers:
        target = _target_of(number, labels)
        if target is not None:
            dates = dates_near(view, number)
            sheets.append(due_sheet(view, number, dates))
            stated = target.deadline if target.deadline_basis is not DeadlineBasis.POLICY_PERIOD else None
            due += [[int(d.value == stated)] for d in dates]
    return {"dates": joined(sheets), "due": np.array(due, dtype=np.int8).reshape(len(due), 1)}


def _stated(measure: MeasureLabel, unit: Unit) -> Stated:
    words = measure.text.text
    label = measure.label.text if measure.label is not None else ""
    pillar = measure.pillar.text if measure.pillar is not None else ""
    return Stated(
        words.split(")", 1)[-1].strip() if label and overlap(measure.label, measure.text) else words,
        label,
        pillar,
        unit.kind,
    )


def _one_of(values: Sequence[Any], all_values: Sequence[Any]) -> Labels:
    return _some_of([[v] for v in values], all_values)


def _some_of(values: Sequence[Collection[Any]], all_values: Sequence[Any]) -> Labels:
    rows = [[int(v in chosen) for v in all_values] for chosen in values]
    return np.array(rows, dtype=np.int8).reshape(len(rows), len(all_values))


def _phrases(view: View, numbers: Sequence[Number], labels: DocumentLabels) -> dict[str, Any]:
    """The phrases near targets, and which say what is counted."""
    sheets: list[Sheet] = []
    marks: list[int] = []
    for number in numbers:
        target = _target_of(number, labels)
        phrases = phrases_near(view, number) if target is not None and target.indicator is not None else []
        if target is None or target.indicator is None or not phrases:
            continue
        sheets.append(phrase_sheet(view, number, phrases))
        marks += marked([iou(extent_of(p[:3]), target.indicator) for p in phrases], NEARLY)
    found = grouped(sheets, marks, PHRASE_SIZES, PHRASE_FIELDS)
    return {"phrases": found.sheet, "named": found.marks, "of": found.groups}
