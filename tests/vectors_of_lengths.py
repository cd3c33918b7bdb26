"""Vectors whose meaning a test knows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipeline.learn.sheet import Reals
from pipeline.learn.vectors import WIDTH


class Lengths:
    """By length and first sign."""

    name = "lengths"

    def of(self, texts: Sequence[str]) -> Reals:
        """A row for each text."""
        found = np.zeros((len(texts), WIDTH), dtype=np.float32)
        for i, text in enumerate(texts):
            if text:
                found[i, ord(text[0]) % WIDTH], found[i, len(text) % WIDTH] = 0.1, 0.2
        return found
