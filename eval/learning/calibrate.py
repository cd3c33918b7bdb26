"""How certain the draft may be: maps from log-odds to probabilities, learned from rows judged by weights that did not
see their group. They go into the head of the weights.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from eval.learning.fit import UNSURE
from eval.learning.rows import Row
from eval.learning.train import Crossed
from pipeline.draft.decode import GOAL_FROM, MEASURE_FROM, REPORTS_FROM
from pipeline.draft.seen.sheets import MEASURE
from pipeline.learn.scale import Scale

_FEW = 20
"""Records below which nothing but their share of right ones is learned."""
Points = npt.NDArray[np.float64]
"""Rows of log-odds of a record itself and of its article."""
Right = npt.NDArray[np.bool_]


def scales(rows: Sequence[Row], crossed: Crossed) -> dict[str, list[float]]:
    """For each kind of decision its `Scale`, from what the draft would have taken for a record."""
    reports = [float(odds[0, 0]) for odds in crossed.articles]
    policy = _points([np.zeros(1) for _ in rows], reports, [np.array([r.example.reports]) for r in rows], -math.inf)
    measure = _points(
        [odds[:, MEASURE] for odds in crossed.units],
        reports,
        [r.example.roles[:, MEASURE] for r in rows],
        MEASURE_FROM,
    )
    target = _points(
        [odds[:, 0] for odds in crossed.numbers], reports, [r.example.goals[:, 0] for r in rows], GOAL_FROM
    )
    found = {"policy": policy, "measure": measure, "target": target, "instrument": _instruments(rows, crossed)}
    return {name: [round(n, 3) for n in fit_scale(*points)] for name, points in found.items()}


def _points(
    own: Sequence[np.ndarray[tuple[int], np.dtype[np.floating]]],
    reports: Sequence[float],
    marks: Sequence[np.ndarray[tuple[int], np.dtype[np.int8]]],
    least: float,
) -> tuple[Points, Right]:
    """What the draft would take: in an article that it takes for one with a policy, from `least` log-odds on."""
    odds = np.concatenate([np.asarray(o, dtype=np.float64) for o in own])
    article = np.repeat(np.array(reports), [len(o) for o in own])
    mark = np.concatenate(list(marks))
    taken = (article > REPORTS_FROM[0]) & (odds > least) & (mark != UNSURE)
    return np.column_stack([odds, article])[taken], mark[taken] == 1


def _instruments(rows: Sequence[Row], crossed: Crossed) -> tuple[Points, Right]:
    """The likeliest instrument of every labelled measure against all others together."""
    odds = np.concatenate(crossed.instruments).astype(np.float64)
    marks = np.concatenate([r.example.instruments for r in rows])
    chosen = odds.argmax(axis=1)
    rest = np.where(np.arange(odds.shape[1]) == chosen[:, None], -np.inf, odds)
    own = odds.max(axis=1) - np.logaddexp.reduce(rest, axis=1)
    return np.column_stack([own, np.zeros(len(own))]), marks.argmax(axis=1) == chosen


def fit_scale(points: Points, right: Right) -> Scale:
    """The likeliest scale; a weight that would fall below zero is left out.

    Where few records are known, or all are right or wrong, only the share of right ones, one more of each counted.
    """
    used = [k for k in (0, 1) if len(points) and points[:, k].std() > 0]
    wrong = int((~right).sum())
    while used and min(wrong, len(right) - wrong) > 0 and len(right) >= _FEW:
        weights, bias = _logistic(points[:, used], right)
        if min(weights) >= 0:
            own, article = (weights[used.index(k)] if k in used else 0.0 for k in (0, 1))
            return Scale(own, article, bias)
        used.pop(weights.index(min(weights)))
    return Scale(0.0, 0.0, math.log((len(right) - wrong + 1) / (wrong + 1)))


def _logistic(points: Points, right: Right) -> tuple[list[float], float]:
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=100.0, tol=1e-6, max_iter=500).fit(points, right)
    return [float(w) for w in model.coef_[0]], float(model.intercept_[0])
