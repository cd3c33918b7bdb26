"""Judging vectors of sentences: log-odds of every head as one sum over a vector's numbers. Numpy only."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipeline.learn.sheet import Reals


@dataclass(frozen=True)
class Dense:
    """Learned weights of several heads over the numbers of a vector."""

    heads: tuple[str, ...]
    weights: Reals
    """Numbers × heads."""
    bias: Reals

    def log_odds(self, vectors: Reals) -> Reals:
        """Rows × heads."""
        return np.asarray(vectors @ self.weights + self.bias, dtype=np.float32)
