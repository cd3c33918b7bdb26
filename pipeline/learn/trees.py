"""Boosted trees over numbers: log-odds by sums of the leaves that a row falls into. Numpy only, arrays only."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from pipeline.learn.sheet import Reals

DEPTH = 4
"""Questions from the root of a tree to a leaf."""
NODES, LEAVES = 2**DEPTH - 1, 2**DEPTH


@dataclass(frozen=True)
class Trees:
    """Whole binary trees of one depth. A row goes right where its number lies above the node's.

    Where a tree ends early, the nodes below ask what every number answers alike (`above` infinite).
    """

    start: float
    """Log-odds before any tree."""
    column: npt.NDArray[np.uint8]
    """Trees × `NODES`: which number is asked for."""
    above: Reals
    """Trees × `NODES`."""
    leaf: Reals
    """Trees × `LEAVES`."""

    @cached_property
    def _columns(self) -> npt.NDArray[np.intp]:
        """`column` as one row of places: taken from much faster than by pairs of indices."""
        return self.column.ravel().astype(np.intp)

    def log_odds(self, numbers: Reals) -> Reals:
        """One for each row of `numbers` (rows × columns)."""
        values, above = numbers.ravel(), self.above.ravel()
        trees, rows = np.arange(len(self.column)), np.arange(len(numbers))[:, None] * numbers.shape[1]
        roots = trees * NODES
        at = (numbers.take(self._columns.take(roots), axis=1) > above.take(roots)) + 1
        for _ in range(DEPTH - 1):
            node = at + roots
            right = values.take(self._columns.take(node) + rows) > above.take(node)
            at += at
            at += right
            at += 1
        leaves = self.leaf.ravel().take(at + (trees * LEAVES - NODES))
        return np.asarray(self.start + leaves.sum(axis=1), dtype=np.float32)
