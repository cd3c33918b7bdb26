"""Boosted trees over numbers: log-odds by sums of the leaves that a row falls into. Numpy only, arrays only."""

from __future__ import annotations

from dataclasses import dataclass

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

    def log_odds(self, numbers: Reals) -> Reals:
        """One for each row of `numbers` (rows × columns)."""
        trees = np.arange(len(self.column))[None, :]
        at = np.zeros((len(numbers), len(self.column)), dtype=np.intp)
        rows = np.arange(len(numbers))[:, None]
        for _ in range(DEPTH):
            right = numbers[rows, self.column[trees, at]] > self.above[trees, at]
            at = 2 * at + 1 + right
        return np.asarray(self.start + self.leaf[trees, at - NODES].sum(axis=1), dtype=np.float32)
