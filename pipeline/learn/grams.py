"""Character n-grams of many short texts at once, hashed: no loop over signs, no word list, no text kept.

A text gives the n-grams of its first and of its last signs, each with a mark where the text begins and ends. A gram is
a polynomial over code points, folded to `BUCKETS`; which text it came from cannot be told from a bucket.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

ORDERS = (1, 2, 3)
"""Lengths of the n-grams, in signs."""
HEAD, TAIL = 25, 18
"""Signs at the beginning and at the end of a text that are looked at."""
BUCKETS = 1 << 15
"""Buckets of one end of a text."""

Ids = npt.NDArray[np.uint16]
_BASE, _MIX = np.uint32(0x9E3779B1), np.uint32(0x85EBCA6B)
_OPEN, _CLOSE = "\x02", "\x03"


class Grams(NamedTuple):
    """Buckets of the n-grams of texts: those of text `i` are `ids[starts[i]:starts[i + 1]]`."""

    ids: Ids
    starts: npt.NDArray[np.int64]


def grams_of(texts: Sequence[str], *, tail: bool = False, signs: int = 0) -> Grams:
    """The grams at the beginning of each text, or with `tail` at its end, of so many `signs`."""
    codes, begins, ends = _codes(texts)
    size = signs or (TAIL if tail else HEAD)
    if tail:
        begins = np.maximum(begins, ends - size - 1)
    else:
        ends = np.minimum(ends, begins + size + 1)
    found, counts = [], []
    for order in ORDERS:
        hashed = _hashed(codes, order)
        number = np.maximum(ends - begins - (order - 1), 0)
        found.append((hashed, begins, number))
        counts.append(number)
    total = np.sum(counts, axis=0)
    starts = np.concatenate(([0], np.cumsum(total)))
    ids = np.empty(int(starts[-1]), dtype=np.uint16)
    at = starts[:-1].copy()
    for hashed, first, number in found:
        within = _ranges(number)
        ids[np.repeat(at, number) + within] = hashed[np.repeat(first, number) + within]
        at += number
    return Grams(ids, starts)


def _ranges(counts: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """0, 1, … up to each count, one after another."""
    ends = np.cumsum(counts)
    return np.arange(int(ends[-1]) if len(ends) else 0) - np.repeat(ends - counts, counts)


def _codes(texts: Sequence[str]) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """All texts as one row of code points, digits as 0, Latin small; where each begins and ends."""
    joined = "".join(f"{_OPEN}{t}{_CLOSE}" for t in texts)
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).copy()
    codes[(codes >= 0x30) & (codes <= 0x39)] = 0x30
    codes[(codes >= 0x41) & (codes <= 0x5A)] += 0x20
    codes[(codes == 0x0A) | (codes == 0x3000) | (codes == 0xA0) | (codes == 9)] = 0x20
    lengths = np.fromiter((len(t) + 2 for t in texts), dtype=np.int64, count=len(texts))
    ends = np.cumsum(lengths)
    return codes, ends - lengths, ends


def _hashed(codes: npt.NDArray[np.uint32], order: int) -> npt.NDArray[np.uint16]:
    """The bucket of the gram that begins at each sign."""
    if len(codes) < order:
        return np.zeros(0, dtype=np.uint16)
    span = len(codes) - order + 1
    value = np.full(span, order, dtype=np.uint32)
    for k in range(order):
        value = value * _BASE + codes[k : k + span]
    value ^= value >> np.uint32(15)
    value *= _MIX
    value ^= value >> np.uint32(13)
    return (value & np.uint32(BUCKETS - 1)).astype(np.uint16)
