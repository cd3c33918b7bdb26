"""Sheets: many things to be judged, each a row of traits and n-grams, as arrays without any text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.learn.grams import Grams

Traits = npt.NDArray[np.uint8]
Links = npt.NDArray[np.int32]
Reals = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Sheet:
    """Rows to be judged. `links[name][i]` is the row that row `i` is tied to (its parent, the next one), or -1."""

    traits: Traits
    """One row of small numbers each."""
    grams: Mapping[str, Grams]
    links: Mapping[str, Links]

    def __len__(self) -> int:
        return len(self.traits)


def joined(sheets: Sequence[Sheet]) -> Sheet:
    """Sheets of the same make as one; links are moved along. At least one is needed."""
    before = np.cumsum([0, *(len(s) for s in sheets)])[:-1]
    links = {
        name: np.concatenate([shifted(s.links[name], int(n)) for s, n in zip(sheets, before, strict=True)])
        for name in sheets[0].links
    }
    return Sheet(
        traits=np.concatenate([s.traits for s in sheets]),
        grams={name: joined_grams([s.grams[name] for s in sheets]) for name in sheets[0].grams},
        links=links,
    )


def shifted(links: Links, by: int) -> Links:
    """Links to rows that stand `by` further down."""
    return np.where(links >= 0, links + np.int32(by), np.int32(-1)).astype(np.int32)


def joined_grams(grams: Sequence[Grams]) -> Grams:
    """The grams of several lists of texts as those of one."""
    counts = np.concatenate([g.counts for g in grams])
    return Grams(np.concatenate([g.ids for g in grams]), np.concatenate(([0], np.cumsum(counts))))


def chosen_grams(grams: Grams, chosen: npt.NDArray[np.integer]) -> Grams:
    """The grams of some of the texts, in the order chosen."""
    counts = grams.counts[chosen]
    ends = np.cumsum(counts)
    total = int(ends[-1]) if len(ends) else 0
    within = np.arange(total) - np.repeat(ends - counts, counts)
    return Grams(grams.ids[np.repeat(grams.starts[chosen], counts) + within], np.concatenate(([0], ends)))


def grams_at(grams: Grams, i: int) -> Grams:
    """The grams of one of the texts."""
    start, end = grams.starts[i], grams.starts[i + 1]
    return Grams(grams.ids[start:end], np.array([0, end - start]))


def slice_of(sheet: Sheet, start: int, end: int) -> Sheet:
    """Rows that stand one after another, with the links among them."""
    chosen = np.arange(start, end)
    links = {
        name: np.where((link[start:end] >= start) & (link[start:end] < end), link[start:end] - start, -1).astype(
            np.int32
        )
        for name, link in sheet.links.items()
    }
    grams = {name: chosen_grams(g, chosen) for name, g in sheet.grams.items()}
    return Sheet(sheet.traits[start:end], grams, links)
