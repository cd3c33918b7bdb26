"""What each judge learns from: what it looks at, the labels, and how often each of them counts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from eval.learning.choices import Choices
from eval.learning.fit import UNSURE, Labels
from eval.learning.marks import as_vectors
from eval.learning.rows import Row
from pipeline.draft.seen import sheets as looks
from pipeline.draft.seen.again import article_vector
from pipeline.draft.seen.sheets import judged_article, judged_numbers
from pipeline.learn.linear import Field
from pipeline.learn.sheet import Links, Reals, Sheet, joined, slice_of
from schemas.vocabulary import Instrument

_TITLED = 10.0
"""How often the phrases that name one policy, its issuer or its objective count together."""
_FREELY = 3.0
"""How far the weights of units and articles may go: of 0.3, 1 and 3 the best for Korean units by groups (0.53, 0.60,
0.61), equal else. Instruments too: of 1, 3 and 10 right for Korean releases 0.52,
0.54, 0.54, for newsletters 0.68, 0.72, 0.73."""
_BY_PEOPLE = frozenset({"seeds", "contrast", "layouts"})
_INSTRUMENTS = tuple(str(v) for v in Instrument)
Weigh = npt.NDArray[np.float64]
"""How often each label counts."""


class Lesson(NamedTuple):
    """For a judge of traits and n-grams: what `fit` takes."""

    sheet: Sheet
    fields: Sequence[Field]
    sizes: Sequence[int]
    heads: Sequence[str]
    labels: Labels
    """Lines of the sheet × heads."""
    weigh: Weigh
    freely: float = 1.0


class Meant(NamedTuple):
    """For a judge of vectors: what `fit_dense` takes."""

    vectors: Reals
    labels: Labels
    heads: Sequence[str]
    weigh: Weigh


def units(rows: Sequence[Row]) -> Lesson:
    """What is a measure, from articles that report a policy: whether one does is judged apart."""
    sheet, labels = joined([r.example.sheets.units for r in rows]), np.concatenate([_roles(r) for r in rows])
    return Lesson(sheet, looks.UNIT_FIELDS, looks.UNIT_SIZES, looks.ROLES, labels, weigh_units(rows), _FREELY)


def weigh_units(rows: Sequence[Row]) -> Weigh:
    """Notices of Chinese publishers hold as many units as all other documents together: each of theirs counts half."""
    notice = [r.document.source == "real" and r.document.language == "zh" for r in rows]
    return np.repeat(np.where(notice, 0.5, 1.0), [len(r.example.roles) for r in rows])


def _roles(row: Row) -> Labels:
    roles = row.example.roles
    if row.example.reports != 0:
        return roles
    left = roles.copy()
    left[:, [looks.MEASURE, looks.JOINS]] = UNSURE
    return left


def articles(rows: Sequence[Row], odds: Sequence[Reals]) -> Lesson:
    """Which articles report a policy. `odds`: of the units of each row, by weights that did not see them."""
    sheet = joined([judged_article_of(r, o) for r, o in zip(rows, odds, strict=True)])
    fields, sizes = looks.ARTICLE_FIELDS, looks.ARTICLE_SIZES
    return Lesson(sheet, fields, sizes, ("reports",), _reports(rows), _weigh_articles(rows), _FREELY)


def judged_article_of(row: Row, odds: Reals) -> Sheet:
    """An article as it is looked at when its units are judged."""
    return judged_article(row.example.sheets.article, row.example.sheets.units, odds)


def _reports(rows: Sequence[Row]) -> Labels:
    return np.array([[r.example.reports] for r in rows], dtype=np.int8)


def _weigh_articles(rows: Sequence[Row]) -> Weigh:
    """An article without a policy counts thrice: they are fewer, and a false policy costs more than a missed one.

    What people labelled counts twice.
    """
    silent = np.array([r.example.reports == 0 for r in rows])
    return np.where(silent, 3.0, 1.0) * [1 + (r.document.source in _BY_PEOPLE) for r in rows]


def numbers(rows: Sequence[Row], odds: Sequence[Reals]) -> Lesson:
    """Which numbers are goals, from articles that report a policy: elsewhere none is.

    `odds`: of the units of each row, by weights that did not see them.
    """
    used = [i for i, r in enumerate(rows) if r.example.reports == 1]
    nothing = slice_of(judged_numbers_of(rows[0], odds[0]), 0, 0)  # of one user's documents none may report a policy
    sheet = joined([nothing, *(judged_numbers_of(rows[i], odds[i]) for i in used)])
    labels = np.concatenate([rows[0].example.goals[:0], *(rows[i].example.goals for i in used)])
    return Lesson(sheet, looks.NUMBER_FIELDS, looks.NUMBER_SIZES, ("goal",), labels, _twice(labels))


def _twice(labels: Labels) -> Weigh:
    """What is few counts twice: goals among numbers, bodies among phrases."""
    return np.where(labels[:, 0] == 1, 2.0, 1.0)


def judged_numbers_of(row: Row, odds: Reals) -> Sheet:
    """The numbers of an article as they are looked at when its units are judged."""
    sheets = row.example.sheets
    return judged_numbers(sheets.numbers, sheets.at, sheets.units, odds)


def due(rows: Sequence[Row]) -> Lesson:
    """Which date near a goal is its deadline."""
    sheet, labels = joined([r.example.dates for r in rows]), np.concatenate([r.example.due for r in rows])
    return Lesson(sheet, looks.DUE_FIELDS, looks.DUE_SIZES, ("due",), labels, np.ones(len(labels)))


def indicators(rows: Sequence[Row]) -> Lesson:
    """What says what a goal counts: one phrase of many, so each that does counts ten times."""
    sheet, labels = joined([r.example.phrases for r in rows]), np.concatenate([r.example.named for r in rows])
    weigh = np.where(labels[:, 0] == 1, 10.0, 1.0)
    return Lesson(sheet, looks.PHRASE_FIELDS, looks.PHRASE_SIZES, ("indicator",), labels, weigh, _FREELY)


def titles(rows: Sequence[Row]) -> Lesson:
    """Which phrase names a policy."""
    sheet, labels, weigh = _chosen([Choices(r.example.titles, r.example.titled, r.example.leads) for r in rows])
    return Lesson(sheet, looks.TITLE_FIELDS, looks.TITLE_SIZES, ("title",), labels, weigh)


def issuers(rows: Sequence[Row]) -> Lesson:
    """Which phrase names who issues a policy."""
    sheet, labels, weigh = _chosen([r.example.issuers for r in rows])
    return Lesson(sheet, looks.ISSUER_FIELDS, looks.ISSUER_SIZES, ("issues",), labels, weigh)


def objectives(rows: Sequence[Row]) -> Lesson:
    """Which phrase says what a policy is for."""
    sheet, labels, weigh = _chosen([r.example.objectives for r in rows])
    return Lesson(sheet, looks.OBJECTIVE_FIELDS, looks.OBJECTIVE_SIZES, ("objective",), labels, weigh)


def _chosen(found: Sequence[Choices]) -> tuple[Sheet, Labels, Weigh]:
    marks = np.concatenate([c.marks for c in found])
    return joined([c.sheet for c in found]), marks, np.concatenate([_weigh_named(c.marks, c.groups) for c in found])


def implementers(rows: Sequence[Row]) -> Lesson:
    """Which phrase of a measure names who carries it out."""
    sheet, labels = joined([r.example.bodies for r in rows]), np.concatenate([r.example.carries for r in rows])
    return Lesson(sheet, looks.BODY_FIELDS, looks.BODY_SIZES, ("carries",), labels, _twice(labels))


def _weigh_named(marks: Labels, groups: Links) -> Weigh:
    """Phrases that name the same share alike."""
    names = marks[:, 0] == 1
    shared = np.bincount(groups, weights=names)[groups] if len(groups) else np.ones(0)
    return np.where(names, _TITLED / np.maximum(shared, 1.0), 1.0)


def instruments(rows: Sequence[Row]) -> Lesson:
    """What measures are."""
    sheet, labels = joined([r.example.measures for r in rows]), np.concatenate([r.example.instruments for r in rows])
    return Lesson(sheet, looks.MEASURE_FIELDS, looks.MEASURE_SIZES, _INSTRUMENTS, labels, np.ones(len(labels)), _FREELY)


def articles_by_meaning(rows: Sequence[Row]) -> Meant:
    """Which articles report a policy, by vectors; every row has some."""
    vectors = np.concatenate([article_vector(as_vectors(r.example.meaning.units)) for r in rows])
    return Meant(vectors, _reports(rows), ("reports",), _weigh_articles(rows))


def numbers_by_meaning(rows: Sequence[Row]) -> Meant:
    """Which numbers are goals, by the vectors of their units; every row has some."""
    asked = [(r.example, slice(None) if r.example.reports == 1 else slice(0)) for r in rows]
    vectors = np.concatenate([as_vectors(e.meaning.units)[e.sheets.at[part]] for e, part in asked])
    labels = np.concatenate([e.goals[part] for e, part in asked])
    return Meant(vectors, labels, ("goal",), _twice(labels))


def instruments_by_meaning(rows: Sequence[Row]) -> Meant:
    """What measures are, by vectors; every row has some."""
    vectors = as_vectors(np.concatenate([r.example.meaning.measures for r in rows]))
    labels = np.concatenate([r.example.instruments for r in rows])
    return Meant(vectors, labels, _INSTRUMENTS, np.ones(len(labels)))
