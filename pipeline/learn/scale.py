"""From log-odds to a probability that can be relied on: a monotone map with three numbers, learned on held-out rows."""

from __future__ import annotations

import math
from typing import NamedTuple

LEAST, MOST = 0.01, 0.99
"""Nothing is impossible, and nothing certain."""


class Scale(NamedTuple):
    """Log-odds are weighed and shifted; no weight is below zero, so that what is more likely is never less certain."""

    own: float
    """Weight of the log-odds of the unit, number or value itself."""
    article: float
    """Weight of the log-odds that the article reports a policy."""
    bias: float

    def probability(self, own: float, article: float) -> float:
        """0 to 1, two decimals."""
        odds = self.own * own + self.article * article + self.bias
        even = 1 / (1 + math.exp(-max(-30.0, min(30.0, odds))))
        return round(max(LEAST, min(MOST, even)), 2)
