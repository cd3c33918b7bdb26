"""What is left to do in a folder, and who has done what; computed from the folder, and told to nobody else."""

from __future__ import annotations

import datetime as dt
import itertools
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from pipeline.results import Results
from pipeline.review.certain import certainty, undecided
from schemas.corrections import Correction

_PAUSE = dt.timedelta(minutes=5)
"""Time between two decisions that is not counted as work."""


def people(results: Results) -> list[dict[str, Any]]:
    """By name: decisions by their kind, documents, and minutes at work; the busiest first."""
    of: dict[str, list[Correction]] = defaultdict(list)
    for correction in results.corrections:
        of[correction.who].append(correction)
    told = [
        {
            "who": who,
            "decisions": len(made),
            "actions": dict(Counter(c.action for c in made)),
            "documents": len({c.document for c in made}),
            "minutes": round(_work(made) / 60, 1),
            "last": max(c.at for c in made).isoformat(),
        }
        for who, made in of.items()
    ]
    return sorted(told, key=lambda t: (-t["decisions"], t["who"]))


def _work(made: Sequence[Correction]) -> float:
    """Seconds between decisions, pauses left out."""
    times = sorted(c.at for c in made)
    gaps = (after - before for before, after in itertools.pairwise(times))
    return sum(gap.total_seconds() for gap in gaps if gap <= _PAUSE)


def rest(results: Results, least: float) -> dict[str, Any]:
    """How many undecided records of all documents are so certain, and how many of these are wrong by calibration."""
    sure = [certainty(record) or 0.0 for name in results.rows for _, record in undecided(results, name, least)]
    return {"records": len(sure), "wrong": round(sum(1 - c for c in sure), 2)}
