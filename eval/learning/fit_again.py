"""The judges of the second look: trees over numbers, and sums over vectors of sentences. By scikit-learn and numpy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from eval.learning.fit import UNSURE, Labels
from pipeline.learn.dense import Dense
from pipeline.learn.sheet import Reals
from pipeline.learn.trees import DEPTH, LEAVES, NODES, Trees

Weigh = npt.NDArray[np.float64]
_TREES, _RATE, _LEAST, _SHARE, _SAMPLE = 150, 0.08, 40, 0.3, 0.7
"""How many trees, what each counts, how many rows a leaf has, what share of numbers and rows each sees: of depths 3 to
5 and rates 0.03 to 0.08 none was better by groups than by chance."""
_RIDGE = 0.3
_FREELY = 3.0
LENGTH = 3.0
"""How long vectors are taken: with length one the weights would have to grow further than they may."""


def fit_trees(numbers: Reals, labels: npt.NDArray[np.int8], weigh: Weigh) -> Trees:
    """Trees for labels of 0, 1 or `UNSURE`; the same rows give the same trees."""
    from sklearn.ensemble import GradientBoostingClassifier

    used = (labels != UNSURE) & (weigh > 0)
    share = float(np.average(labels[used] == 1, weights=weigh[used])) if used.any() else 0.0
    if not 0 < share < 1:
        return _grown(-4.0 if share == 0 else 4.0, [])
    model = GradientBoostingClassifier(
        n_estimators=_TREES, learning_rate=_RATE, max_depth=DEPTH, min_samples_leaf=_LEAST, max_features=_SHARE,
        subsample=_SAMPLE, random_state=0,
    )  # fmt: skip
    model.fit(numbers[used], labels[used], weigh[used])
    return _grown(float(np.log(share / (1 - share))), [tree.tree_ for tree in model.estimators_[:, 0]])


def _grown(start: float, trees: Sequence[Any]) -> Trees:
    column = np.zeros((len(trees), NODES), dtype=np.uint8)
    above = np.full((len(trees), NODES), np.inf, dtype=np.float32)
    leaf = np.zeros((len(trees), LEAVES), dtype=np.float32)
    for t, tree in enumerate(trees):
        _copy(tree, 0, 0, column[t], above[t], leaf[t])
    return Trees(start, column, above, leaf)


def _copy(tree: Any, node: int, at: int, column: npt.NDArray[np.uint8], above: Reals, leaf: Reals) -> None:
    """Copies what is below a node to a place of the whole tree; a leaf that comes early is copied to all below it."""
    ends = tree.children_left[node] < 0
    if at >= NODES:
        leaf[at - NODES] = np.float32(_RATE * tree.value[node, 0, 0])
        return
    if not ends:
        column[at], above[at] = tree.feature[node], _below(float(tree.threshold[node]))
    below = (node, node) if ends else (tree.children_left[node], tree.children_right[node])
    for side, child in enumerate(below):
        _copy(tree, child, 2 * at + 1 + side, column, above, leaf)


def _below(threshold: float) -> np.float32:
    """The largest short number that is not above a long one: short numbers stand on the same side of both."""
    short = np.float32(threshold)
    return np.nextafter(short, np.float32(-np.inf)) if float(short) > threshold else short


class Sums(NamedTuple):
    """What a ridge regression needs of its rows; those of several lots add up."""

    squares: npt.NDArray[np.float64]
    products: npt.NDArray[np.float64]


def sums_of(vectors: Reals, labels: npt.NDArray[np.int8], weigh: Weigh) -> Sums:
    """The sums of some rows; a further number that is always 1 stands for the bias."""
    used = labels != UNSURE
    rows = np.column_stack([vectors[used], np.ones(int(used.sum()))]).astype(np.float64)
    weighed = rows * weigh[used, None]
    return Sums(weighed.T @ rows, weighed.T @ labels[used].astype(np.float64))


def fit_ridge(sums: Sequence[Sums], head: str) -> Dense:
    """Least squares towards 0 and 1: no log-odds, but as high as they are where nothing but their order counts."""
    squares = np.sum([s.squares for s in sums], axis=0)
    found = np.linalg.solve(squares + _RIDGE * np.eye(len(squares)), np.sum([s.products for s in sums], axis=0))
    return Dense((head,), found[:-1, None].astype(np.float32), found[-1:].astype(np.float32))


def fit_dense(vectors: Reals, labels: Labels, heads: Sequence[str], weigh: Weigh) -> Dense:
    """Logistic regression. `labels`: rows × heads; several heads exclude each other, one never seen is unlikely."""
    from sklearn.linear_model import LogisticRegression

    used = (labels != UNSURE).all(axis=1) & (weigh > 0)
    marks = labels[used].argmax(axis=1) if len(heads) > 1 else labels[used, 0]
    weights = np.zeros((vectors.shape[1], len(heads)), dtype=np.float32)
    bias = np.full(len(heads), -9.0, dtype=np.float32)
    seen = sorted(set(marks.tolist()))
    if len(seen) < 2:
        return Dense(tuple(heads), weights, bias)
    model = LogisticRegression(C=_FREELY, max_iter=300, tol=1e-3)
    model.fit(LENGTH * vectors[used].astype(np.float64), marks, weigh[used])
    columns = [0] if len(heads) == 1 else seen
    if len(heads) > 1 and len(seen) == 2:  # one row of weights: the second against the first
        columns, bias[seen[0]] = seen[1:], 0
    weights[:, columns], bias[columns] = LENGTH * model.coef_.T, model.intercept_
    return Dense(tuple(heads), weights, bias)
