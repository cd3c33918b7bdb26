"""Weights are moved towards what one user has labelled, as far as that helps with theirs that are held out.

What was learned from the rows of pams stays; from there each judge may go towards the user's labels, the further the
more it costs. It goes as far as is usual, and further or less where the user's own documents clearly say so: those that
it was not moved by. So ten documents do not drown among a thousand, nothing is learned anew, and it takes seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.optimize import minimize
from scipy.stats import ttest_1samp

from eval.learning import lessons
from eval.learning.fit import UNSURE, Labels, columns_of, columns_used, matrix
from eval.learning.fit_again import LENGTH
from eval.learning.lessons import Lesson, Meant, Weigh
from eval.learning.marks import as_vectors
from eval.learning.rows import Row
from eval.learning.train import Crosses, folds_of, judged_by_each
from pipeline.draft.seen.again import (
    OF_ARTICLE,
    OF_INSTRUMENTS,
    OF_NUMBERS,
    mix_article,
    mix_instruments,
    mix_numbers,
    second_look,
)
from pipeline.learn.dense import Dense
from pipeline.learn.linear import Judge
from pipeline.learn.sheet import Reals
from pipeline.learn.weights import Judges

STRENGTHS = (0.0, 0.01, 0.1, 1.0)
"""How far a judge may go: not at all to as it likes."""
USUAL = {"instruments": 0.01, "titles": 0.01, "due": 0.01, "indicators": 0.01}
"""How far a judge goes where a user's documents do not say; others not at all. By publishers of fifteen documents and
more that the weights had not seen: of no strength, 0.003 to 1 the ones that were best or harmless."""
_BY_CHANCE = 0.01
"""What clear is: documents that say nothing would say so much less often than that (Student's test)."""
_ROUNDS, _FINE = 50, 1e-5
_Mask = npt.NDArray[np.bool_]
Loss = npt.NDArray[np.float64]
"""What is lost on each row, over all of its lines."""
_Odds = Sequence[Reals]
"""Log-odds by words and, where every row has vectors, by meaning: lines × heads each."""


class Shift(NamedTuple):
    """What is added to a judge's weights; of its columns those alone that stand in the user's documents."""

    columns: npt.NDArray[np.intp]
    weights: npt.NDArray[np.float64]
    """Columns × heads."""
    bias: npt.NDArray[np.float64]


@dataclass(frozen=True)
class Seen:
    """What one judge sees of the rows, and what it says of it before it is moved."""

    name: str
    values: sparse.csr_matrix
    """Lines × columns."""
    columns: npt.NDArray[np.intp]
    before: Reals
    labels: Labels
    weigh: Weigh
    row: npt.NDArray[np.intp]
    """The row of each line."""
    rows: int

    def shift(self, strength: float, used: _Mask) -> Shift:
        """Towards the labels of the lines that are used."""
        found = [self._towards(head, strength, used) for head in range(self.labels.shape[1])]
        return Shift(self.columns, np.array([w for w, _ in found]).T, np.array([b for _, b in found]))

    def said(self, shift: Shift, lines: _Mask) -> Reals:
        """What the moved judge says of some lines."""
        more = self.values[np.flatnonzero(lines)] @ shift.weights + shift.bias
        return np.asarray(self.before[lines] + more, dtype=np.float32)

    def _towards(self, head: int, strength: float, used: _Mask) -> tuple[npt.NDArray[np.float64], float]:
        """A logistic regression that begins from what is said before."""
        lines = np.flatnonzero(used & (self.labels[:, head] != UNSURE))
        width = len(self.columns)
        if not len(lines):
            return np.zeros(width), 0.0
        values, weigh = self.values[lines], self.weigh[lines]
        before, sign = self.before[lines, head].astype(np.float64), np.where(self.labels[lines, head] == 1, 1.0, -1.0)

        def cost(at: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
            odds = sign * (before + values @ at[:width] + at[width])
            slope = -sign * weigh * np.exp(-np.logaddexp(0, odds))
            down = np.concatenate([values.T @ slope, [slope.sum()]])
            return float(weigh @ np.logaddexp(0, -odds) + at @ at / (2 * strength)), down + at / strength

        found = minimize(
            cost, np.zeros(width + 1), jac=True, method="L-BFGS-B", options={"maxiter": _ROUNDS, "ftol": _FINE}
        )
        return found.x[:width], float(found.x[width])


class Part(NamedTuple):
    """One decision of the draft."""

    name: str
    seen: Sequence[Seen]
    """By words, and by meaning if that is looked at."""
    loss: Callable[[_Odds], Loss]
    """How far what is said is from the labels."""


@dataclass(frozen=True)
class Moved:
    """Judges that were moved, and what is known of it."""

    judges: Judges
    strengths: dict[str, float]
    """How far each part went; 0 is not at all."""
    crossed: Crosses | None
    """The rows as judges see them that were moved by the other documents alone, as far; null where there is but one."""


def move(judges: Judges, rows: Sequence[Row]) -> Moved:
    """The judges moved towards the rows."""
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1, user_api="blas"):  # many short sums: several threads take six times as long
        return _move(judges, rows)


def _move(judges: Judges, rows: Sequence[Row]) -> Moved:
    parts, folds = _parts_of(judges, rows), np.array(folds_of(rows))
    several = len(np.unique(folds)) > 1
    documents = np.unique([r.document.sha256 for r in rows], return_inverse=True)[1]
    chosen = {p.name: _best(p, folds, documents) if several else USUAL.get(p.name, 0.0) for p in parts}
    crossed = None
    if several:
        by_fold = {fold: _moved(judges, parts, chosen, folds != fold) for fold in np.unique(folds)}
        crossed = judged_by_each([by_fold[fold] for fold in folds], rows)
    return Moved(_moved(judges, parts, chosen, np.ones(len(rows), dtype=np.bool_)), chosen, crossed)


def _parts_of(judges: Judges, rows: Sequence[Row]) -> list[Part]:
    """All that can be moved."""
    first = [judges.linear["units"].log_odds(r.example.sheets.units) for r in rows]
    meant = bool(judges.dense) and all(r.example.meaning.known for r in rows)
    plain = {
        "due": (lessons.due(rows), [len(r.example.due) for r in rows]),
        "indicators": (lessons.indicators(rows), [len(r.example.named) for r in rows]),
        "titles": (lessons.titles(rows), [len(r.example.titled) for r in rows]),
        "implementers": (lessons.implementers(rows), [len(r.example.carries) for r in rows]),
        "issuers": (lessons.issuers(rows), [len(r.example.issuers.marks) for r in rows]),
        "objectives": (lessons.objectives(rows), [len(r.example.objectives.marks) for r in rows]),
    }
    goals = [len(r.example.goals) * (r.example.reports == 1) for r in rows]
    measures = [len(r.example.instruments) for r in rows]
    units = _by_words(judges, "units", lessons.units(rows), [len(r.example.roles) for r in rows])
    numbers = [_by_words(judges, "numbers", lessons.numbers(rows, first), goals)]
    articles = [_by_words(judges, "article", lessons.articles(rows, first), [1] * len(rows))]
    instruments = [_by_words(judges, "instruments", lessons.instruments(rows), measures)]
    if meant:
        numbers.append(_by_meaning(judges, OF_NUMBERS, lessons.numbers_by_meaning(rows), goals))
        articles.append(_by_meaning(judges, OF_ARTICLE, lessons.articles_by_meaning(rows), [1] * len(rows)))
        instruments.append(_by_meaning(judges, OF_INSTRUMENTS, lessons.instruments_by_meaning(rows), measures))
    others = {name: _by_words(judges, name, lesson, lines) for name, (lesson, lines) in plain.items()}
    return [
        Part("units", [units], partial(_lost_units, judges, rows, units, meant)),
        Part("numbers", numbers, partial(_lost_mixed, numbers[0], mix_numbers)),
        *(Part(name, [seen], partial(_lost_plainly, seen)) for name, seen in others.items()),
        Part("article", articles, partial(_lost_mixed, articles[0], mix_article)),
        Part("instruments", instruments, partial(_lost_instruments, instruments[0])),
    ]


def _by_words(judges: Judges, name: str, lesson: Lesson, lines: Sequence[int]) -> Seen:
    values = matrix(lesson.sheet, lesson.fields, tuple(lesson.sizes))
    before = judges.linear[name].log_odds(lesson.sheet)
    return _seen(name, values, before, lesson.labels, lesson.weigh, lines)


def _by_meaning(judges: Judges, name: str, lesson: Meant, lines: Sequence[int]) -> Seen:
    values = sparse.csr_matrix(LENGTH * lesson.vectors.astype(np.float64))
    return _seen(name, values, judges.dense[name].log_odds(lesson.vectors), lesson.labels, lesson.weigh, lines)


def _seen(
    name: str, values: sparse.csr_matrix, before: Reals, labels: Labels, weigh: Weigh, lines: Sequence[int]
) -> Seen:
    columns, used = columns_used(values)
    row = np.repeat(np.arange(len(lines)), lines)
    return Seen(name, used, columns, before, labels, weigh, row, len(lines))


def _best(part: Part, folds: npt.NDArray[np.intp], documents: npt.NDArray[np.intp]) -> float:
    """The usual strength, or the one that is clearly better for documents of folds that the part was not moved by."""
    lost = {s: np.bincount(documents, part.loss([_held(seen, folds, s) for seen in part.seen])) for s in STRENGTHS}
    usual = USUAL.get(part.name, 0.0)
    best = min(STRENGTHS, key=lambda strength: lost[strength].sum())
    return best if _is_clear((lost[usual] - lost[best]).astype(np.float64)) else usual


def _is_clear(gained: Loss) -> bool:
    """Whether documents gain; those that have nothing to lose are not asked."""
    asked = gained[gained != 0]
    return len(asked) > 1 and float(ttest_1samp(asked, 0, alternative="greater").pvalue) < _BY_CHANCE


def _held(seen: Seen, folds: npt.NDArray[np.intp], strength: float) -> Reals:
    """What is said of each line by a judge that was moved by the other folds."""
    said = seen.before.copy()
    for fold in np.unique(folds) if strength else ():
        out = folds[seen.row] == fold
        if out.any():
            said[out] = seen.said(seen.shift(strength, ~out), out)
    return said


def _moved(judges: Judges, parts: Sequence[Part], chosen: Mapping[str, float], used: _Mask) -> Judges:
    """The judges with each part moved by the rows that are used, as far as was chosen."""
    linear, dense = dict(judges.linear), dict(judges.dense)
    for part in parts:
        for seen in part.seen if chosen[part.name] else ():
            shift = seen.shift(chosen[part.name], used[seen.row])
            if seen.name in dense:
                dense[seen.name] = _moved_dense(dense[seen.name], shift)
            else:
                linear[seen.name] = _moved_judge(linear[seen.name], shift)
    return Judges(linear, judges.trees, dense)


def _moved_judge(judge: Judge, shift: Shift) -> Judge:
    edges = columns_of(list(judge.weights), judge.sizes)
    weights = {}
    for (field, before), (first, last) in zip(judge.weights.items(), pairwise(edges), strict=True):
        here = (shift.columns >= first) & (shift.columns < last)
        weights[field] = before.copy()
        weights[field][shift.columns[here] - first] += shift.weights[here].astype(np.float32)
    return replace(judge, weights=weights, bias=(judge.bias + shift.bias).astype(np.float32))


def _moved_dense(judge: Dense, shift: Shift) -> Dense:
    weights = judge.weights.copy()
    weights[shift.columns] += (LENGTH * shift.weights).astype(np.float32)
    return replace(judge, weights=weights, bias=(judge.bias + shift.bias).astype(np.float32))


def _lost_plainly(seen: Seen, odds: _Odds) -> Loss:
    return _lost(odds[0], seen)


def _lost(odds: Reals, seen: Seen) -> Loss:
    """What is lost by saying such odds of the labels, over all heads."""
    lost = np.logaddexp(0, np.where(seen.labels == 1, -odds, odds))
    each = seen.weigh * np.where(seen.labels == UNSURE, 0.0, lost).sum(axis=1)
    return _by_row(each, seen)


def _lost_units(judges: Judges, rows: Sequence[Row], seen: Seen, meant: bool, odds: _Odds) -> Loss:
    """As units are judged in the end: by a second look."""
    ends = np.cumsum([len(r.example.roles) for r in rows])
    looks = [
        second_look(r.example.sheets.units, own, as_vectors(r.example.meaning.units) if meant else None, judges)
        for r, own in zip(rows, np.split(odds[0], ends[:-1]), strict=True)
    ]
    return _lost(np.concatenate(looks), seen)


def _lost_mixed(seen: Seen, mix: Callable[[Reals, Reals], Reals], odds: _Odds) -> Loss:
    return _lost(mix(*odds) if len(odds) > 1 else odds[0], seen)


def _lost_instruments(seen: Seen, odds: _Odds) -> Loss:
    """Instruments exclude each other: what is lost is the share that the right one does not have."""
    return _by_row(-(mix_instruments(*odds) * (seen.labels == 1)).sum(axis=1), seen)


def _by_row(lost: Loss, seen: Seen) -> Loss:
    return np.bincount(seen.row, lost, minlength=seen.rows).astype(np.float64)
