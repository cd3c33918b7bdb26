"""Training: rows become the judges of the draft, and each row is judged by weights that did not see its group."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from eval.learning.fit import UNSURE, Labels, fit
from eval.learning.fit_again import Sums, fit_dense, fit_ridge, fit_trees, sums_of
from eval.learning.marks import Meaning, as_vectors
from eval.learning.rows import Row
from pipeline.draft import sheets as looks
from pipeline.draft.again import (
    AGAIN,
    MEANT,
    OF_ARTICLE,
    OF_INSTRUMENTS,
    OF_UNITS,
    around,
    article_vector,
    mixed_article,
    mixed_instruments,
    second_look,
)
from pipeline.draft.sheets import judged_article, judged_numbers
from pipeline.learn.dense import Dense
from pipeline.learn.linear import Judge
from pipeline.learn.sheet import Reals, Sheet, joined
from pipeline.learn.trees import Trees
from pipeline.learn.weights import Judges
from schemas.errors import UsageError
from schemas.vocabulary import Instrument

FOLDS = 5
_TITLED = 10.0
"""How often the phrases that name one policy count together."""
_FREELY = 3.0
"""How far the weights of units and articles may go: of 0.3, 1 and 3 the best for Korean units by groups (0.53, 0.60,
0.61), equal else. Instruments too: of 1, 3 and 10 right for Korean releases 0.52,
0.54, 0.54, for newsletters 0.68, 0.72, 0.73."""
_BY_PEOPLE = frozenset({"seeds", "contrast", "layouts"})
_OURS = _BY_PEOPLE | {"real", "written"}
_THEIRS = 5.0
"""How often a user's own document counts: of 1, 5 and 15 after fifteen corrected documents of one publisher measures
0.867, 0.870, 0.868 and instruments 0.531, 0.538, 0.542 (0.856 and 0.514 without them). Whether an article reports a
policy gains nothing by it: there they count as others do."""
Odds = list[Reals]
_Judged = tuple[Reals, Reals, Reals, Reals, Reals, Reals, Reals]
"""Of units, article, numbers, instruments, dates, phrases near numbers, phrases that may be titles."""


def folds_of(rows: Sequence[Row], folds: int = FOLDS) -> list[int]:
    """The fold of each row: a group stands in one, the largest first into the emptiest."""
    size = Counter[str]()
    for row in rows:
        size[row.document.group] += len(row.example.roles)
    load, fold = [0] * folds, {}
    for group in sorted(size, key=lambda g: (-size[g], g)):
        fold[group] = load.index(min(load))
        load[fold[group]] += size[group]
    return [fold[row.document.group] for row in rows]


@dataclass(frozen=True)
class Crossed:
    """What each row was judged to be by weights that did not see its group, neither in the first step nor later."""

    units: Odds
    articles: Odds
    numbers: Odds
    instruments: Odds
    due: Odds
    named: Odds
    titled: Odds


class Crosses(NamedTuple):
    """The same without and with vectors of sentences; equal where a row has none."""

    plain: Crossed
    meant: Crossed


def fit_all(rows: Sequence[Row]) -> Judges:
    """All judges; those by meaning only where rows have vectors.

    What looks at what units are taken for is learned with what weights say that did not see them, as it will be when
    they are judged.
    """
    folds = folds_of(rows)
    found: dict[int, Reals] = {}
    for fold in sorted(set(folds)):
        judge = _fit_units([r for r, f in zip(rows, folds, strict=True) if f != fold])
        found.update({i: judge.log_odds(rows[i].example.sheets.units) for i, f in enumerate(folds) if f == fold})
    odds = [found[i] for i in range(len(rows))]
    linear = {
        "units": _fit_units(rows),
        "article": _fit_articles(rows, [_article(r, o) for r, o in zip(rows, odds, strict=True)]),
        "numbers": _fit_numbers(rows, [_numbers(r, o) for r, o in zip(rows, odds, strict=True)]),
        "due": _fit_due(rows),
        "indicators": _fit_indicators(rows),
        "titles": _fit_titles(rows),
        "instruments": _fit_instruments(rows),
    }
    teach = [i for i, r in enumerate(rows) if r.example.reports == 1]
    seen = {i: around(rows[i].example.sheets.units, odds[i]) for i in teach}
    trees = {AGAIN: _fit_again([rows[i] for i in teach], [seen[i] for i in teach])}
    if all(not r.example.meaning.known for r in rows):
        return Judges(linear, trees, {})
    meant = [i for i in teach if rows[i].example.meaning.known]
    judged, of_units = _fit_meaning([rows[i] for i in meant], [folds[i] for i in meant])
    both = [np.concatenate([seen[i], judged[k]], axis=1) for k, i in enumerate(meant)]
    trees[MEANT] = _fit_again([rows[i] for i in meant], both)
    known = [r for r in rows if r.example.meaning.known]
    dense = {OF_UNITS: of_units, OF_ARTICLE: _meant_articles(known), OF_INSTRUMENTS: _meant_instruments(known)}
    return Judges(linear, trees, dense)


def cross_validate(rows: Sequence[Row], share: float = 1.0) -> Crosses:
    """Every row judged by what was learned from the other folds, or from a `share` of their groups (at least five)."""
    folds = folds_of(rows)
    found: dict[int, tuple[_Judged, _Judged]] = {}
    for fold in sorted(set(folds)):
        judges = fit_all(share_of([r for r, f in zip(rows, folds, strict=True) if f != fold], share))
        found.update({i: _both(judges, rows[i]) for i, f in enumerate(folds) if f == fold})
    return _crosses([found[i] for i in range(len(rows))])


def judged_by(judges: Judges, rows: Sequence[Row]) -> Crosses:
    """Every row judged by weights that are there; they should not have seen its group."""
    return _crosses([_both(judges, row) for row in rows])


def _crosses(found: Sequence[tuple[_Judged, _Judged]]) -> Crosses:
    return Crosses(
        *(Crossed(*([row[way][part] for row in found] for part in range(len(fields(Crossed))))) for way in (0, 1))
    )


def share_of(rows: Sequence[Row], share: float) -> list[Row]:
    """The rows of so large a share of the groups, always the same ones; those of a smaller share are among them."""
    groups = sorted({r.document.group for r in rows}, key=lambda g: hashlib.sha256(g.encode()).digest())
    kept = set(groups[: max(FOLDS, round(share * len(groups)))])
    return [r for r in rows if r.document.group in kept]


def _both(judges: Judges, row: Row) -> tuple[_Judged, _Judged]:
    plain = _judge(judges, row, None)
    known = row.example.meaning.known and judges.dense
    return plain, _judge(judges, row, row.example.meaning) if known else plain


def _judge(judges: Judges, row: Row, meaning: Meaning | None) -> _Judged:
    first = judges.linear["units"].log_odds(row.example.sheets.units)
    article = judges.linear["article"].log_odds(_article(row, first))
    instruments = judges.linear["instruments"].log_odds(row.example.measures)
    of_units = None if meaning is None else as_vectors(meaning.units)
    if meaning is not None and of_units is not None:
        article = mixed_article(article, judges, of_units)
        instruments = mixed_instruments(instruments, judges, as_vectors(meaning.measures))
    return (
        second_look(row.example.sheets.units, first, of_units, judges),
        article,
        judges.linear["numbers"].log_odds(_numbers(row, first)),
        instruments,
        judges.linear["due"].log_odds(row.example.dates),
        judges.linear["indicators"].log_odds(row.example.phrases),
        judges.linear["titles"].log_odds(row.example.titles),
    )


def _article(row: Row, odds: Reals) -> Sheet:
    return judged_article(row.example.sheets.article, row.example.sheets.units, odds)


def _numbers(row: Row, odds: Reals) -> Sheet:
    sheets = row.example.sheets
    return judged_numbers(sheets.numbers, sheets.at, sheets.units, odds)


def check_rows(rows: Sequence[Row]) -> None:
    """Raises `UsageError` where rows cannot teach: no policy, no article without one, too few groups."""
    reports = Counter(r.example.reports for r in rows)
    groups = {r.document.group for r in rows}
    if not reports[1] or not any((r.example.roles == 1).any() for r in rows):
        raise UsageError("no labels to learn from: the rows hold no policy")
    if not reports[0]:
        raise UsageError("the rows hold no article without a policy, so what is none cannot be learned")
    if len(groups) < FOLDS:
        raise UsageError(f"the rows are of {len(groups)} groups; at least {FOLDS} are needed to judge what was learned")


def _fit_units(rows: Sequence[Row]) -> Judge:
    """What is a measure, from articles that report a policy: whether one does is judged apart.

    Notices of Chinese publishers hold as many units as all other documents together: each of theirs counts half.
    """
    labels = np.concatenate([_roles(r) for r in rows])
    weigh = _each(rows, lambda r: len(r.example.roles), notices=0.5)
    sheet = joined([r.example.sheets.units for r in rows])
    return fit(sheet, looks.UNIT_FIELDS, looks.UNIT_SIZES, looks.ROLES, labels, weigh, _FREELY)


def _each(rows: Sequence[Row], count: Callable[[Row], int], *, notices: float = 1.0) -> npt.NDArray[np.float64]:
    """For each label of the rows how often it counts, by whose document it is; `notices`: of Chinese publishers."""
    return np.repeat([_times(r, notices) for r in rows], [count(r) for r in rows])


def _times(row: Row, notices: float) -> float:
    document = row.document
    if document.source not in _OURS:
        return _THEIRS
    return notices if document.source == "real" and document.language == "zh" else 1.0


def _roles(row: Row) -> Labels:
    roles = row.example.roles
    if row.example.reports != 0:
        return roles
    left = roles.copy()
    left[:, [looks.MEASURE, looks.JOINS]] = UNSURE
    return left


def _fit_articles(rows: Sequence[Row], articles: Sequence[Sheet]) -> Judge:
    """An article without a policy counts thrice: they are fewer, and a false policy costs more than a missed one.

    What people labelled counts twice.
    """
    labels = np.array([[r.example.reports] for r in rows], dtype=np.int8)
    sheet, weigh = joined(articles), _weigh_articles(rows)
    return fit(sheet, looks.ARTICLE_FIELDS, looks.ARTICLE_SIZES, ("reports",), labels, weigh, _FREELY)


def _weigh_articles(rows: Sequence[Row]) -> npt.NDArray[np.float64]:
    silent = np.array([r.example.reports == 0 for r in rows])
    return np.where(silent, 3.0, 1.0) * [1 + (r.document.source in _BY_PEOPLE) for r in rows]


def _fit_numbers(rows: Sequence[Row], numbers: Sequence[Sheet]) -> Judge:
    """From articles that report a policy: elsewhere no number is a goal. Goals are one in six and count twice."""
    used = [i for i, r in enumerate(rows) if r.example.reports == 1]
    labels = np.concatenate([rows[i].example.goals for i in used])
    weigh = np.where(labels[:, 0] == 1, 2.0, 1.0) * _each([rows[i] for i in used], lambda r: len(r.example.goals))
    return fit(joined([numbers[i] for i in used]), looks.NUMBER_FIELDS, looks.NUMBER_SIZES, ("goal",), labels, weigh)


def _fit_due(rows: Sequence[Row]) -> Judge:
    labels = np.concatenate([r.example.due for r in rows])
    weigh = _each(rows, lambda r: len(r.example.due))
    return fit(joined([r.example.dates for r in rows]), looks.DUE_FIELDS, looks.DUE_SIZES, ("due",), labels, weigh)


def _fit_indicators(rows: Sequence[Row]) -> Judge:
    """What says what a goal counts: one phrase of many, so each that does counts ten times."""
    labels = np.concatenate([r.example.named for r in rows])
    weigh = np.where(labels[:, 0] == 1, 10.0, 1.0) * _each(rows, lambda r: len(r.example.named))
    sheet = joined([r.example.phrases for r in rows])
    return fit(sheet, looks.PHRASE_FIELDS, looks.PHRASE_SIZES, ("indicator",), labels, weigh, _FREELY)


def _fit_titles(rows: Sequence[Row]) -> Judge:
    labels = np.concatenate([r.example.titled for r in rows])
    weigh = np.concatenate([_weigh_titles(r) for r in rows]) * _each(rows, lambda r: len(r.example.titled))
    sheet = joined([r.example.titles for r in rows])
    return fit(sheet, looks.TITLE_FIELDS, looks.TITLE_SIZES, ("title",), labels, weigh)


def _weigh_titles(row: Row) -> npt.NDArray[np.float64]:
    """How often each phrase counts: those that name the same policy share alike."""
    names, leads = row.example.titled[:, 0] == 1, row.example.leads
    shared = np.bincount(leads, weights=names)[leads] if len(leads) else np.ones(0)
    return np.where(names, _TITLED / np.maximum(shared, 1.0), 1.0)


def _fit_instruments(rows: Sequence[Row]) -> Judge:
    labels = np.concatenate([r.example.instruments for r in rows])
    sheet = joined([r.example.measures for r in rows])
    weigh = _each(rows, lambda r: len(r.example.instruments))
    return fit(sheet, looks.MEASURE_FIELDS, looks.MEASURE_SIZES, [str(v) for v in Instrument], labels, weigh, _FREELY)


def _fit_again(rows: Sequence[Row], seen: Sequence[Reals]) -> Trees:
    """What is a measure by a second look, from articles that report a policy."""
    labels = np.concatenate([r.example.roles[:, looks.MEASURE] for r in rows])
    return fit_trees(np.concatenate(seen), labels, _each(rows, lambda r: len(r.example.roles), notices=0.5))


def _fit_meaning(rows: Sequence[Row], folds: Sequence[int]) -> tuple[list[Reals], Dense]:
    """What units mean as measures: of each row by those of the other folds, and by all."""
    lots = [_sums(r) for r in rows]
    found: dict[int, Reals] = {}
    for fold in sorted(set(folds)):
        others = [lot for lot, f in zip(lots, folds, strict=True) if f != fold]
        judge = fit_ridge(others or lots, "measure")
        found.update(
            {i: judge.log_odds(as_vectors(rows[i].example.meaning.units)) for i, f in enumerate(folds) if f == fold}
        )
    return [found[i] for i in range(len(rows))], fit_ridge(lots, "measure")


def _sums(row: Row) -> Sums:
    weigh = _each([row], lambda r: len(r.example.roles), notices=0.5)
    return sums_of(as_vectors(row.example.meaning.units), row.example.roles[:, looks.MEASURE], weigh)


def _meant_articles(rows: Sequence[Row]) -> Dense:
    vectors = np.concatenate([article_vector(as_vectors(r.example.meaning.units)) for r in rows])
    labels = np.array([[r.example.reports] for r in rows], dtype=np.int8)
    return fit_dense(vectors, labels, ("reports",), _weigh_articles(rows))


def _meant_instruments(rows: Sequence[Row]) -> Dense:
    vectors = as_vectors(np.concatenate([r.example.meaning.measures for r in rows]))
    labels = np.concatenate([r.example.instruments for r in rows])
    return fit_dense(vectors, labels, [str(v) for v in Instrument], _each(rows, lambda r: len(r.example.instruments)))
