"""The measured figures that `eval.trials.capacity` rests on, kept in `capacity.json` by `eval.trials.measure`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

FIGURES = Path(__file__).with_name("capacity.json")


@dataclass(frozen=True)
class Figures:
    """What was measured. Seconds are of one processor, all a document but where it says otherwise."""

    draft: float
    asked: float
    stored: float
    listed: float
    """On the driver: read, hashed and noted."""
    gathered: float
    """On the driver: every record checked, the text copied, in order, in place."""
    lease: float
    """Seconds for a call of the purse, of which there is one for all nodes, with many callers."""
    start: float
    """Seconds of a run of one document on a cluster: connecting, checking the nodes, starting desks."""
    input_tokens: float
    output_tokens: float
    money: float
    """US dollars at the prices of `model`, a provider's prompt cache not counted."""
    store: float
    """Bytes in the store of a machine; so are the following."""
    shared: float
    results: float
    list: float
    """Below `TMPDIR` of the driver."""
    memory_listing: dict[str, int]
    """By the number of documents in a list: the most memory of the driver up to the first shard."""
    memory: dict[str, int]
    """By the number of documents: the most memory of the driver in a whole run, to the last result."""
    model: str
    about: str
    """Where and when this was measured."""


def read_figures(path: Path = FIGURES) -> Figures:
    """The figures as they were measured last."""
    return Figures(**json.loads(path.read_text("utf-8")))
