"""Weights that did not see the documents they are to be scored on."""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path

from pipeline.learn.weights import read_weights

_FOLDER = Path(__file__).resolve().parents[1] / "weights"


def weights_for(docs: Path) -> Path | None:
    """Weights learned without any text file of a folder that pams learned from; null where it learned from none."""
    found = {_short(path) for path in docs.glob("*.txt")}
    return next((path for path, left_out in _left_out().items() if found & left_out), None)


def weights_named(name: str) -> Path | None:
    """The weights of that name among those that left documents out; null for any others, as those that pams brings."""
    return next((path for path in sorted(_FOLDER.glob("*.weights")) if read_weights(path).name == name), None)


@functools.cache
def _left_out() -> dict[Path, frozenset[str]]:
    return {path: frozenset(read_weights(path).head["left_out"]) for path in sorted(_FOLDER.glob("*.weights"))}


def _short(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]
