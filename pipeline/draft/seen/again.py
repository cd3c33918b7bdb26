"""A second look at an article: at what its units' neighbours were taken for, and at what they mean.

Items of one list are mostly of one kind, an overview repeats the part that follows it, and the last of two items looks
like a signature only as long as nobody looks at the first. That much is seen from a sheet, without the text. Where
vectors of sentences are at hand, what a unit means is one number more, and article, goals and instruments are judged
twice: by n-grams and by meaning, and what both say is mixed.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence

import numpy as np
import numpy.typing as npt

from pipeline.draft.seen.sheets import ANNOUNCEMENT, EVIDENCE, JOINS, MEASURE, TARGET, TRAIT_AT, Stated
from pipeline.learn.sheet import Links, Reals, Sheet
from pipeline.learn.vectors import WIDTH
from pipeline.learn.weights import Judges

AGAIN, MEANT = "measures", "measures by meaning"
"""The judges of the second look: without and with vectors of sentences."""
OF_UNITS, OF_ARTICLE = "units by meaning", "article by meaning"
OF_NUMBERS, OF_INSTRUMENTS = "numbers by meaning", "instruments by meaning"
MEANT_JUDGES = {OF_UNITS: WIDTH, OF_ARTICLE: 2 * WIDTH, OF_NUMBERS: WIDTH, OF_INSTRUMENTS: 2 * WIDTH}
"""The judges by meaning, each with how many numbers it looks at."""
_ARTICLE_BY_MEANING, _INSTRUMENTS_BY_MEANING = 0.4, 0.5
"""How much of what is said is the meaning's: of 0.3 to 0.7 the best by groups."""
_NUMBERS_BY_MEANING = 0.3
"""The same of numbers as goals: of 0.15, 0.3 and 0.45 the best by groups (F1 0.71 without, 0.72 with it; of real
documents 0.51 and 0.53). Vectors of parents and headings beside that of the unit gain nothing."""
_LEAD, _LEAD_COUNTS = 3, 0.4
"""So many units are an article's first, and how long their mean is beside that of all: of 0.3 to 0.8 the best for
Korean releases by groups (area under the curve 0.88 without, 0.90 with it), where notices lose least."""
_NONE = -9.0
"""Log-odds where there is no neighbour."""
_LIKELIEST = 5
_Row = npt.NDArray[np.float64]
_Groups = npt.NDArray[np.intp]


def second_look(units: Sheet, odds: Reals, meaning: Reals | None, judges: Judges) -> Reals:
    """The log-odds of a first sight with those of `MEASURE` replaced."""
    seen = around(units, odds)
    if meaning is not None:
        seen = np.concatenate([seen, judges.dense[OF_UNITS].log_odds(meaning)], axis=1)
    again = odds.copy()
    again[:, MEASURE] = judges.trees[AGAIN if meaning is None else MEANT].log_odds(seen)
    return again


def article_vector(meaning: Reals) -> Reals:
    """What an article means: one row, the mean of its units beside that of the first ones, where its news stands."""
    whole, lead = meaning.mean(axis=0), meaning[:_LEAD].mean(axis=0)
    return np.concatenate([whole, np.float32(_LEAD_COUNTS) * lead])[None].astype(np.float32)


def mixed_article(odds: Reals, judges: Judges, meaning: Reals) -> Reals:
    """That an article reports a policy, by n-grams and by meaning; one row."""
    return mix_article(odds, judges.dense[OF_ARTICLE].log_odds(article_vector(meaning)))


def mix_article(odds: Reals, meant: Reals) -> Reals:
    """What n-grams and what meaning says, as one."""
    return _mixed(odds, meant, _ARTICLE_BY_MEANING)


def mixed_numbers(odds: Reals, judges: Judges, meaning: Reals) -> Reals:
    """That numbers are goals, by n-grams and by what the unit of each means (`meaning`: a row for each number)."""
    return mix_numbers(odds, judges.dense[OF_NUMBERS].log_odds(meaning))


def mix_numbers(odds: Reals, meant: Reals) -> Reals:
    """What n-grams and what meaning says, as one."""
    return _mixed(odds, meant, _NUMBERS_BY_MEANING)


def stated_vectors(measures: Sequence[Stated], of: Callable[[Sequence[str]], Reals]) -> Reals:
    """A row for each measure: what it means with its label, and half of what its heading means."""
    words = of([f"{m.label} {m.words}" if m.label else m.words for m in measures])
    return np.concatenate([words, np.float32(0.5) * of([m.pillar for m in measures])], axis=1)


def mixed_instruments(odds: Reals, judges: Judges, stated: Reals) -> Reals:
    """Measures × instruments, by n-grams and by meaning, each as shares of one."""
    return mix_instruments(odds, judges.dense[OF_INSTRUMENTS].log_odds(stated))


def mix_instruments(odds: Reals, meant: Reals | None = None) -> Reals:
    """The same of what both say; of n-grams alone where meaning says nothing."""
    by_words = _shares(odds)
    return by_words if meant is None else _mixed(by_words, _shares(meant), _INSTRUMENTS_BY_MEANING)


def _mixed(odds: Reals, meant: Reals, share: float) -> Reals:
    """What words say and what meaning says, of which it has a share."""
    return odds + np.float32(share) * (meant - odds)


def _shares(odds: Reals) -> Reals:
    """Logarithms of shares that add up to one in each row."""
    return np.asarray(odds - np.logaddexp.reduce(odds, axis=1, keepdims=True), dtype=np.float32)


def around(units: Sheet, odds: Reals) -> Reals:
    """Units × numbers. `odds`: units × `ROLES`, as they were judged at first sight."""
    own = odds[:, MEASURE].astype(np.float64)
    likely = (own > 0).astype(np.float64)
    count, at = len(own), np.arange(len(own))
    parent, heading = units.links["parent"], units.links["heading"]
    lists, under, column = _lists(units), _numbered(heading.tolist()), _columns(units)
    above, below = _beside(own, lists)
    place, size = _places(lists)
    children, chosen, best = _children(parent, own, likely)
    before, ranked = np.cumsum(likely) - likely, np.sort(own)[::-1]
    columns = [
        *(odds[:, role] for role in (MEASURE, JOINS, ANNOUNCEMENT, EVIDENCE, TARGET)),
        *(units.traits[:, TRAIT_AT[name]] for name in ("size", "kind", "language")),
        # its list: the item above and below, the likeliest, least likely and usual one of the others
        above, below, _most(own, lists), _usual(own, lists, _NONE), -_most(-own, lists, -_NONE), _usual(likely, lists, -1.0),
        size, place, size - place,
        # what it stands under, and what stands under it
        _tied(own, parent), _tied(own, heading), best, children, chosen,
        np.where(children > 0, chosen / np.maximum(children, 1), _NONE),
        _usual(own, under, _NONE), _most(own, under),
        # its column: the usual and the likeliest one of its other cells
        _usual(own, column, _NONE), _most(own, column),
        # the article, and where in it
        at / count, count - at, before, likely.sum() - before - likely, own - ranked[0],
        np.concatenate([[_NONE], np.maximum.accumulate(own)[:-1]]),
        np.concatenate([np.maximum.accumulate(own[::-1])[::-1][1:], [_NONE]]),
        *(np.full(count, v) for v in (count, ranked[0], ranked[:_LIKELIEST].mean(), likely.sum(), likely.mean())),
    ]  # fmt: skip
    return np.stack(columns, axis=1).astype(np.float32)


def _lists(units: Sheet) -> _Groups:
    """The number of the list that each unit is an item of: of one kind, mark and level, under one parent and heading."""
    form = (units.traits[:, TRAIT_AT[name]].tolist() for name in ("kind", "mark", "level"))
    return _numbered(zip(*form, units.links["parent"].tolist(), units.links["heading"].tolist(), strict=True))


def _columns(units: Sheet) -> _Groups:
    """The number of the column that each cell stands in; a unit without one is alone."""
    heads = units.links["column"].tolist()
    return _numbered(head if head >= 0 else (head, i) for i, head in enumerate(heads))


def _numbered(keys: Iterable[Hashable]) -> _Groups:
    """The number of the group that each one belongs to: of those with the same key."""
    known: dict[Hashable, int] = {}
    return np.array([known.setdefault(key, len(known)) for key in keys], dtype=np.intp)


def _beside(own: _Row, lists: _Groups) -> tuple[_Row, _Row]:
    """The log-odds of the items above and below in the same list."""
    order = np.argsort(lists, kind="stable")
    same = lists[order][1:] == lists[order][:-1]
    above, below = np.full(len(own), _NONE), np.full(len(own), _NONE)
    above[order[1:]] = np.where(same, own[order[:-1]], _NONE)
    below[order[:-1]] = np.where(same, own[order[1:]], _NONE)
    return above, below


def _places(lists: _Groups) -> tuple[_Row, _Row]:
    """The place of each item in its list, from 0, and how many the list has."""
    order, sizes = np.argsort(lists, kind="stable"), np.bincount(lists)
    place = np.empty(len(lists))
    place[order] = np.arange(len(lists)) - (np.cumsum(sizes) - sizes)[lists[order]]
    return place, sizes[lists].astype(np.float64)


def _usual(values: _Row, groups: _Groups, nothing: float) -> _Row:
    """The mean of the others in each one's group."""
    others = np.bincount(groups)[groups] - 1
    sums = np.bincount(groups, weights=values)[groups] - values
    return np.where(others > 0, sums / np.maximum(others, 1), nothing)


def _most(values: _Row, groups: _Groups, nothing: float = _NONE) -> _Row:
    """The most of the others in each one's group."""
    order = np.lexsort((-values, groups))
    sizes = np.bincount(groups)
    first = np.cumsum(sizes) - sizes
    most = order[first]
    second = np.where(sizes < 2, nothing, values[order[np.minimum(first + 1, len(order) - 1)]])
    found: _Row = values[most][groups]
    found[most] = second
    return found


def _children(parent: Links, own: _Row, likely: _Row) -> tuple[_Row, _Row, _Row]:
    """For each unit how many stand under it, how many of them are likely, and the likeliest of them."""
    under = parent >= 0
    count, chosen, best = np.zeros(len(own)), np.zeros(len(own)), np.full(len(own), _NONE)
    np.add.at(count, parent[under], 1)
    np.add.at(chosen, parent[under], likely[under])
    np.maximum.at(best, parent[under], own[under])
    return count, chosen, best


def _tied(values: _Row, link: Links) -> _Row:
    return np.where(link >= 0, values[link], _NONE)
