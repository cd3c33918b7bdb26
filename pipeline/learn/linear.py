"""Judging: log-odds of every head for every row of a sheet, by sums over learned weights. Numpy only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline.learn.grams import Grams
from pipeline.learn.sheet import Links, Reals, Sheet, Traits

OF_TRAITS = "traits"
TRAIT_VALUE = 0.5
"""What a trait counts beside the n-grams of one field, which together have length one or a little more."""


class Field(NamedTuple):
    """What is looked at: traits or one kind of n-grams, of the row itself or of the one it is tied to."""

    source: str
    link: str = ""

    @property
    def name(self) -> str:
        """For files: `head`, `head of parent`."""
        return f"{self.source} of {self.link}" if self.link else self.source


@dataclass(frozen=True)
class Judge:
    """Learned weights of several heads (yes-or-no questions about a row) over the same fields."""

    heads: tuple[str, ...]
    sizes: tuple[int, ...]
    """How many values each trait has."""
    weights: Mapping[Field, Reals]
    """By field an array of (trait values or buckets) × heads."""
    bias: Reals

    @cached_property
    def knows(self) -> bool:
        """Whether anything was learned: rows without labels of both kinds teach nothing."""
        return any(bool(weights.any()) for weights in self.weights.values())

    @cached_property
    def _by_source(self) -> dict[str, tuple[list[str], Reals]]:
        """For each source the links it is looked at through, and their weights side by side: summed up in one go."""
        found: dict[str, list[Field]] = {}
        for field in self.weights:
            found.setdefault(field.source, []).append(field)
        return {
            source: ([f.link for f in fields], np.concatenate([self.weights[f] for f in fields], axis=1))
            for source, fields in found.items()
        }

    def log_odds(self, sheet: Sheet) -> Reals:
        """Rows × heads."""
        total = np.repeat(self.bias[None, :], len(sheet), axis=0)
        wide = len(self.heads)
        for source, (links, weights) in self._by_source.items() if len(sheet) else ():
            if source == OF_TRAITS:
                sums = traits_sum(sheet.traits, self.sizes, weights)
            else:
                sums = grams_sum(sheet.grams[source], weights)
            for i, link in enumerate(links):
                own = sums[:, i * wide : (i + 1) * wide]
                total += _tied(own, sheet.links[link]) if link else own
        return total


def _tied(sums: Reals, tied: Links) -> Reals:
    """The sums of the rows that rows are tied to; 0 where there is none."""
    return np.where((tied >= 0)[:, None], sums[tied], np.float32(0))


@lru_cache(maxsize=16)
def offsets(sizes: tuple[int, ...]) -> npt.NDArray[np.int64]:
    """Where each trait's values begin in a row of all of them."""
    return np.concatenate(([0], np.cumsum(sizes)[:-1])).astype(np.int64)


def traits_sum(traits: Traits, sizes: tuple[int, ...], weights: Reals) -> Reals:
    """Sum of the weights of each row's traits."""
    at = traits.astype(np.int64) + offsets(sizes)
    return np.asarray(weights.take(at, axis=0).sum(axis=1) * np.float32(TRAIT_VALUE), dtype=np.float32)


def grams_sum(grams: Grams, weights: Reals) -> Reals:
    """Sum of the weights of each row's n-grams, over the root of their number; every text has some."""
    counts = grams.counts
    sums = np.add.reduceat(weights.take(grams.ids, axis=0), grams.starts[:-1], axis=0)
    return np.asarray(sums / np.sqrt(counts)[:, None], dtype=np.float32)


def probability(log_odds: Reals) -> Reals:
    """From log-odds to 0 … 1."""
    return np.asarray(1 / (1 + np.exp(-log_odds)), dtype=np.float32)
