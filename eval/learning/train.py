"""Training: rows become the judges of the draft, and each row is judged by weights that did not see its group."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import NamedTuple

import numpy as np

from eval.learning import lessons
from eval.learning.fit import fit
from eval.learning.fit_again import Sums, fit_dense, fit_ridge, fit_trees, sums_of
from eval.learning.marks import Meaning, as_vectors
from eval.learning.rows import Row
from pipeline.draft.seen import sheets as looks
from pipeline.draft.seen.again import (
    AGAIN,
    MEANT,
    OF_ARTICLE,
    OF_INSTRUMENTS,
    OF_NUMBERS,
    OF_UNITS,
    around,
    mixed_article,
    mixed_instruments,
    mixed_numbers,
    second_look,
)
from pipeline.learn.dense import Dense
from pipeline.learn.sheet import Reals
from pipeline.learn.trees import Trees
from pipeline.learn.weights import Judges
from schemas.errors import UsageError

FOLDS = 5
Odds = list[Reals]
_Judged = tuple[Reals, ...]
"""Of each part, as `Crossed` names them."""


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
    carried: Odds
    issued: Odds
    meant_for: Odds


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
        judge = fit(*lessons.units([r for r, f in zip(rows, folds, strict=True) if f != fold]))
        found.update({i: judge.log_odds(rows[i].example.sheets.units) for i, f in enumerate(folds) if f == fold})
    odds = [found[i] for i in range(len(rows))]
    linear = {
        "units": fit(*lessons.units(rows)),
        "article": fit(*lessons.articles(rows, odds)),
        "numbers": fit(*lessons.numbers(rows, odds)),
        "due": fit(*lessons.due(rows)),
        "indicators": fit(*lessons.indicators(rows)),
        "titles": fit(*lessons.titles(rows)),
        "implementers": fit(*lessons.implementers(rows)),
        "issuers": fit(*lessons.issuers(rows)),
        "objectives": fit(*lessons.objectives(rows)),
        "instruments": fit(*lessons.instruments(rows)),
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
    dense = {
        OF_UNITS: of_units,
        OF_ARTICLE: fit_dense(*lessons.articles_by_meaning(known)),
        OF_NUMBERS: fit_dense(*lessons.numbers_by_meaning(known)),
        OF_INSTRUMENTS: fit_dense(*lessons.instruments_by_meaning(known)),
    }
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
    return judged_by_each([judges] * len(rows), rows)


def judged_by_each(judges: Sequence[Judges], rows: Sequence[Row]) -> Crosses:
    """Every row judged by weights of its own."""
    return _crosses([_both(own, row) for own, row in zip(judges, rows, strict=True)])


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
    article = judges.linear["article"].log_odds(lessons.judged_article_of(row, first))
    numbers = judges.linear["numbers"].log_odds(lessons.judged_numbers_of(row, first))
    instruments = judges.linear["instruments"].log_odds(row.example.measures)
    of_units = None if meaning is None else as_vectors(meaning.units)
    if meaning is not None and of_units is not None:
        article = mixed_article(article, judges, of_units)
        numbers = mixed_numbers(numbers, judges, of_units[row.example.sheets.at])
        instruments = mixed_instruments(instruments, judges, as_vectors(meaning.measures))
    return (
        second_look(row.example.sheets.units, first, of_units, judges),
        article,
        numbers,
        instruments,
        judges.linear["due"].log_odds(row.example.dates),
        judges.linear["indicators"].log_odds(row.example.phrases),
        judges.linear["titles"].log_odds(row.example.titles),
        judges.linear["implementers"].log_odds(row.example.bodies),
        judges.linear["issuers"].log_odds(row.example.issuers.sheet),
        judges.linear["objectives"].log_odds(row.example.objectives.sheet),
    )


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


def _fit_again(rows: Sequence[Row], seen: Sequence[Reals]) -> Trees:
    """What is a measure by a second look, from articles that report a policy."""
    labels = np.concatenate([r.example.roles[:, looks.MEASURE] for r in rows])
    return fit_trees(np.concatenate(seen), labels, lessons.weigh_units(rows))


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
    vectors = as_vectors(row.example.meaning.units)
    return sums_of(vectors, row.example.roles[:, looks.MEASURE], lessons.weigh_units([row]))
