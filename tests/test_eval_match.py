"""Assignment agrees with brute force; overlap is what it says."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.score.match import assign, iou, overlap, same_wording
from schemas.records import Span

weights = st.one_of(st.just(0.0), st.floats(0.5, 2.0))
matrices = st.tuples(st.integers(1, 5), st.integers(1, 5)).flatmap(
    lambda shape: st.lists(
        st.lists(weights, min_size=shape[1], max_size=shape[1]), min_size=shape[0], max_size=shape[0]
    )
)


def brute_force(matrix: list[list[float]]) -> float:
    """Greatest total weight of all one-to-one assignments."""
    if len(matrix) > len(matrix[0]):
        matrix = [list(column) for column in zip(*matrix, strict=True)]
    columns = range(len(matrix[0]))
    return max(
        sum(row[c] for row, c in zip(matrix, p, strict=True)) for p in itertools.permutations(columns, len(matrix))
    )


@given(matrices)
@settings(max_examples=150, deadline=None)
def test_assignment_agrees_with_brute_force(matrix: list[list[float]]) -> None:
    pairs = assign(np.array(matrix))
    assert len({r for r, _ in pairs}) == len({c for _, c in pairs}) == len(pairs)
    assert all(matrix[r][c] > 0 for r, c in pairs)
    assert abs(sum(matrix[r][c] for r, c in pairs) - brute_force(matrix)) < 1e-9


def test_assignment_of_nothing() -> None:
    assert assign(np.zeros((0, 3))) == []
    assert assign(np.zeros((2, 2))) == []


def span(start: int, end: int, text: str = "") -> Span:
    return Span(start=start, end=end, text=text or "x" * (end - start))


def test_overlap() -> None:
    assert iou(span(0, 10), span(0, 10)) == 1
    assert iou(span(0, 10), span(5, 15)) == 5 / 15
    assert iou(span(0, 10), span(10, 20)) == 0
    assert iou(None, None) == 1
    assert iou(span(0, 1), None) == 0
    assert overlap(span(0, 100), span(10, 20)) == 1
    assert overlap(None, None) == 0


def test_wording() -> None:
    assert same_wording(span(0, 1, "‘난사 과학성’ 계획"), span(5, 6, "난사과학성 '계획'"))
    assert not same_wording(span(0, 1, "…"), span(5, 6, "——"))
    assert not same_wording(None, None)
