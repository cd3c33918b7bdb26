"""Rows and labels become a `Judge`: a logistic regression a head, by scikit-learn (the extra `learn`)."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from itertools import accumulate

import numpy as np
import numpy.typing as npt
from scipy import sparse

from pipeline.learn.grams import BUCKETS, Grams
from pipeline.learn.linear import OF_TRAITS, TRAIT_VALUE, Field, Judge, offsets
from pipeline.learn.sheet import Sheet

UNSURE = -1
"""Label of a row that counts neither way."""
Labels = npt.NDArray[np.int8]


def fit(
    sheet: Sheet,
    fields: Sequence[Field],
    sizes: Sequence[int],
    heads: Sequence[str],
    labels: Labels,
    weigh: npt.NDArray[np.float64] | None = None,
    strength: float = 1.0,
) -> Judge:
    """A judge for `heads`; `labels` is rows × heads of 0, 1 or `UNSURE`, `weigh` what each row counts.

    The same rows give the same weights to the bit.
    """
    values = matrix(sheet, fields, tuple(sizes))
    counts = np.ones(len(sheet)) if weigh is None else weigh
    # Few rows have few of all n-grams: without those that none has the weights are the same, in a fraction of the time.
    columns, seen = columns_used(values)
    found = [_fit_one(seen, labels[:, h], counts, strength) for h in range(len(heads))]
    weights = np.zeros((values.shape[1], len(heads)), dtype=np.float32)
    weights[columns] = np.array([w for w, _ in found], dtype=np.float32).T
    edges = columns_of(fields, tuple(sizes))
    by_field = {f: np.ascontiguousarray(weights[a:b]) for f, a, b in zip(fields, edges, edges[1:], strict=False)}
    return Judge(tuple(heads), tuple(sizes), by_field, np.array([b for _, b in found], dtype=np.float32))


def columns_used(values: sparse.csr_matrix) -> tuple[npt.NDArray[np.intp], sparse.csr_matrix]:
    """The columns in which some row has a value, and the matrix of these alone."""
    columns = np.unique(values.indices).astype(np.intp)
    return columns, values[:, columns].tocsr()


def _fit_one(
    values: sparse.csr_matrix, labels: Labels, weigh: npt.NDArray[np.float64], strength: float
) -> tuple[npt.NDArray[np.float64], float]:
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    used = np.flatnonzero((labels != UNSURE) & (weigh > 0))
    if len(set(labels[used].tolist())) < 2:
        return np.zeros(values.shape[1]), -4.0 if not labels[used].any() else 4.0
    # The dual form with a coarse end is five times as fast here, and a third of that again where it stops after sixty
    # rounds: its log-odds differ by a hundredth.
    model = LogisticRegression(C=strength, solver="liblinear", dual=True, tol=0.01, max_iter=60, random_state=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(values[used], labels[used], weigh[used])
    return model.coef_[0], float(model.intercept_[0])


def columns_of(fields: Sequence[Field], sizes: tuple[int, ...]) -> list[int]:
    """The column of `matrix` where each field begins, and behind them where the last one ends."""
    return [0, *accumulate(_width(f, sizes) for f in fields)]


def _width(field: Field, sizes: tuple[int, ...]) -> int:
    return int(sum(sizes)) if field.source == OF_TRAITS else BUCKETS


def matrix(sheet: Sheet, fields: Sequence[Field], sizes: tuple[int, ...]) -> sparse.csr_matrix:
    """The rows as one sparse matrix, field beside field: what `Judge.log_odds` multiplies with, written out."""
    blocks = []
    for field in fields:
        block = _traits(sheet, sizes) if field.source == OF_TRAITS else _grams(sheet.grams[field.source])
        if field.link:
            nothing = sparse.csr_matrix((1, block.shape[1]), dtype=block.dtype)
            tied = sheet.links[field.link]
            block = sparse.vstack([block, nothing]).tocsr()[np.where(tied < 0, len(sheet), tied)]
        blocks.append(block)
    return sparse.hstack(blocks).tocsr()


def _traits(sheet: Sheet, sizes: tuple[int, ...]) -> sparse.csr_matrix:
    count, width = sheet.traits.shape
    at = (sheet.traits.astype(np.int64) + offsets(sizes)).ravel()
    ends = np.arange(0, count * width + 1, width)
    return sparse.csr_matrix((np.full(count * width, TRAIT_VALUE), at, ends), shape=(count, sum(sizes)))


def _grams(grams: Grams) -> sparse.csr_matrix:
    counts = np.diff(grams.starts)
    values = np.repeat(1 / np.sqrt(np.maximum(counts, 1)), counts)
    block = sparse.csr_matrix(
        (values, (grams.ids % BUCKETS).astype(np.int64), grams.starts), shape=(len(counts), BUCKETS)
    )
    block.sum_duplicates()
    return block
