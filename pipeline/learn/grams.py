"""Character n-grams of many short texts at once, hashed: no loop over signs, no word list, no text kept.

A text gives the n-grams of its first or of its last signs, with a mark where the text begins and ends. A gram is a
polynomial over code points, folded to `BUCKETS`; which text it came from cannot be told from a bucket.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate
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
_Codes = npt.NDArray[np.uint32]
_Places = npt.NDArray[np.int64]
_BASE, _MIX = np.uint32(0x9E3779B1), np.uint32(0x85EBCA6B)
_LEADS = tuple(np.uint32(order * int(_BASE) ** order % (1 << 32)) for order in ORDERS)
"""What the number of signs adds to a gram's value."""
_OPEN, _CLOSE = "\x02", "\x03"
_SHORTER = np.array(ORDERS) - 1
"""How many signs at the end of a window begin no gram of each order."""
_READ = np.arange(0x110000, dtype=np.uint32)
"""As what each code point is read: digits as 0, Latin small, blanks alike."""
_READ[0x30:0x3A] = 0x30
_READ[0x41:0x5B] += 0x20
_READ[[0x09, 0x0A, 0xA0, 0x3000]] = 0x20


class Look(NamedTuple):
    """What is looked at of texts: the first signs of each, or with `tail` the last ones; how many."""

    texts: Sequence[str]
    tail: bool = False
    signs: int = 0
    """0: `HEAD` or `TAIL`."""


class Grams(NamedTuple):
    """Buckets of the n-grams of texts: those of text `i` are `ids[starts[i]:starts[i + 1]]`."""

    ids: Ids
    starts: npt.NDArray[np.int64]

    @property
    def counts(self) -> npt.NDArray[np.int64]:
        """How many n-grams each text has."""
        return self.starts[1:] - self.starts[:-1]


def grams_of(looks: Mapping[str, Look]) -> dict[str, Grams]:
    """The grams of each look, all hashed in one go; several looks at the same list hash it once."""
    lists = {id(look.texts): look.texts for look in looks.values()}
    codes, edges = _codes([text for texts in lists.values() for text in texts])
    first = dict(zip(lists, accumulate(map(len, lists.values()), initial=0), strict=False))
    windows = [_window(edges[first[id(look.texts)] :][: len(look.texts) + 1], look) for look in looks.values()]
    begins, lengths = (np.concatenate(side) for side in zip(*windows, strict=True))
    ids, ends = _gathered(_hashed(codes), begins, lengths)
    found, at = {}, 0
    for name, look in looks.items():
        starts = ends[at : (at := at + len(look.texts)) + 1]
        found[name] = Grams(ids[starts[0] : starts[-1]], starts - starts[0])
    return found


def _window(edges: _Places, look: Look) -> tuple[_Places, _Places]:
    """Where in all codes the signs begin that are looked at of each text, and how many they are, with the mark."""
    begins, ends = edges[:-1], edges[1:]
    lengths = np.minimum(ends - begins, (look.signs or (TAIL if look.tail else HEAD)) + 1)
    return (ends - lengths if look.tail else begins), lengths


def _gathered(hashed: npt.NDArray[np.uint16], begins: _Places, lengths: _Places) -> tuple[Ids, _Places]:
    """The grams of all windows, order by order in each, and where those of each end, with 0 before."""
    counts = np.maximum(lengths[:, None] - _SHORTER, 0).ravel()
    firsts = (begins[:, None] + np.arange(len(ORDERS)) * hashed.shape[1]).ravel()
    edges = _edges(counts)
    places = np.arange(edges[-1])
    places += (firsts - edges[:-1]).repeat(counts)
    return hashed.ravel().take(places), edges[:: len(ORDERS)]


def _codes(texts: Sequence[str]) -> tuple[_Codes, _Places]:
    """All texts as one row of code points, each between its marks, and where each begins, with the end of the last."""
    joined = _OPEN + (_CLOSE + _OPEN).join(texts) + _CLOSE if texts else ""
    codes = _READ.take(np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32))
    return codes, _edges(np.fromiter(map(len, texts), dtype=np.int64, count=len(texts)) + 2)


def _edges(lengths: _Places) -> _Places:
    """Where stretches of these lengths begin that stand one behind the other, with the end of the last."""
    edges = np.zeros(len(lengths) + 1, dtype=np.int64)
    lengths.cumsum(out=edges[1:])
    return edges


def _hashed(codes: _Codes) -> npt.NDArray[np.uint16]:
    """For each order the bucket of the gram that begins at each sign; the last ones of an order are none.

    A gram of n signs a, b, c is ((n·B + a)·B + b)·B + c: what the signs alone give is the same for every order, and
    the longer ones go on from the shorter.
    """
    value = np.zeros((len(ORDERS), len(codes)), dtype=np.uint32)
    signs = codes
    for row, order, lead in zip(value, ORDERS, _LEADS, strict=True):
        if order > 1:
            signs = signs[:-1] * _BASE
            signs += codes[order - 1 :]
        np.add(signs, lead, out=row[: len(signs)])
    value ^= value >> np.uint32(15)
    value *= _MIX
    value ^= value >> np.uint32(13)
    value &= np.uint32(BUCKETS - 1)
    return value.astype(np.uint16)
