"""A simulated analyst: corrects some documents of one publisher, and the draft of the next ones is measured.

    python -m eval.trials.analyst                             (ten minutes; the largest group)
    python -m eval.trials.analyst --group NAME --orders 12
    python -m eval.trials.analyst --groups 12                 (half an hour; every large group)
    python -m eval.trials.analyst --language zh               (the large groups of a language that nothing is known of)

The group is hidden from training (with `--groups` a fifth of all groups, with `--language` all documents of it). In
each order its documents are shuffled; the first 5, 10, 15 come back as corrected, the weights are moved towards them as
by `pams learn --from` for documents reviewed to the end, and the last ones are judged, ten at least, with vectors of
sentences (without: `--plain`). Intervals: bootstrap over the judged documents, the same ones before and after.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from eval.learning.from_results import SOURCE
from eval.learning.learn import all_rows, shipped_rows
from eval.learning.marks import NO_MEANING
from eval.learning.move import move
from eval.learning.rows import Row
from eval.learning.told import Choice, choices, choices_of, is_meant, is_named, likeliest_right, shared
from eval.learning.train import Crossed, fit_all, folds_of, judged_by
from pipeline.draft.judged import CARRIES_FROM
from pipeline.draft.seen.sheets import MEASURE
from pipeline.learn.weights import Judges
from schemas.errors import UsageError

CORRECTED = (5, 10, 15)
NEXT = 10
SAMPLES = 2000
SCORES = (
    "measures", "instrument", "policy or none", "goals", "deadlines", "indicators", "titles", "implementers", "issuers",
    "objectives",
)  # fmt: skip
Counts = npt.NDArray[np.float64]
"""For each score twice what is right, and what it is measured by: F1 of measures, goals, deadlines and implementers,
shares of the others."""


@dataclass(frozen=True)
class Gain:
    """One score after so many corrected documents, over all orders."""

    corrected: int
    score: str
    before: float
    after: float
    low: float
    high: float
    """95 % interval of the difference."""


class Judgement(NamedTuple):
    """One document of those judged, by the weights before and after."""

    document: str
    before: Counts
    after: Counts


def large_groups(rows: Sequence[Row]) -> list[str]:
    """Publishers with documents enough, the largest first; documents of the project's own making are no publisher's."""
    size = Counter(d.group for d in {r.document for r in rows} if d.source == "real")
    large = [group for group in size if size[group] >= CORRECTED[0] + NEXT]
    if not large:
        raise UsageError("the rows hold no publisher with documents enough")
    return sorted(large, key=lambda group: (-size[group], group))


def gains(rows: Sequence[Row], bases: Mapping[str, Judges], orders: int, *, plain: bool = False) -> Iterator[Gain]:
    """What each number of corrected documents gains, over all groups of `bases`: judges that saw nothing of the group.

    `plain`: without vectors.
    """
    found: dict[int, list[Judgement]] = defaultdict(list)
    for group, base in bases.items():
        of_group = [r for r in rows if r.document.group == group]
        for corrected, judged in _judged(_plain(of_group) if plain else of_group, base, orders):
            found[corrected] += judged
    for corrected in sorted(found):
        yield from _gains(corrected, found[corrected])


def _plain(rows: Sequence[Row]) -> list[Row]:
    return [replace(r, example=replace(r.example, meaning=NO_MEANING)) for r in rows]


def _judged(rows: Sequence[Row], base: Judges, orders: int) -> Iterator[tuple[int, list[Judgement]]]:
    theirs: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        theirs[row.document.sha256].append(row)
    steps = [n for n in CORRECTED if n + NEXT <= len(theirs)]
    before = {name: counts_of(theirs[name], judged_by(base, theirs[name]).meant) for name in theirs}
    for order in range(orders):
        shuffled = [str(name) for name in np.random.default_rng(order).permutation(sorted(theirs))]
        judged = shuffled[steps[-1] :]
        for n in steps:
            taught = move(base, [_corrected(row) for name in shuffled[:n] for row in theirs[name]]).judges
            after = {name: counts_of(theirs[name], judged_by(taught, theirs[name]).meant) for name in judged}
            yield n, [Judgement(name, before[name], after[name]) for name in judged]


def _corrected(row: Row) -> Row:
    """As `pams learn --from` makes it of a document that its user has reviewed."""
    group = f"{SOURCE}: {row.document.sha256[:16]}"
    return replace(row, document=replace(row.document, source=SOURCE, group=group))


def counts_of(rows: Sequence[Row], crossed: Crossed) -> Counts:
    """A document's part in each score."""
    counts = np.zeros((len(SCORES), 2))
    for i, row in enumerate(rows):
        example = row.example
        if example.reports >= 0:
            counts[2] += (2 * ((crossed.articles[i][0, 0] > 0) == (example.reports == 1)), 2)
        if example.reports != 1:
            continue
        counts[0] += shared(crossed.units[i][:, MEASURE] > 0, example.roles[:, MEASURE])
        right = example.instruments.argmax(axis=1) == crossed.instruments[i].argmax(axis=1)
        counts[1] += (2 * right.sum(), 2 * len(right))
        counts[3] += shared(crossed.numbers[i][:, 0] > 0, example.goals[:, 0])
        counts[4] += shared(crossed.due[i][:, 0] > 0, example.due[:, 0])
        counts[5] += _likeliest(list(choices(example.of, example.named, crossed.named[i])))
        counts[6] += _likeliest([c for c in choices(example.leads, example.titled, crossed.titled[i]) if is_named(c)])
        counts[7] += shared(crossed.carried[i][:, 0] > CARRIES_FROM, example.carries[:, 0])
        counts[8] += _likeliest([c for c in choices_of(example.issuers, crossed.issued[i]) if is_named(c)])
        meant_for = [is_meant(c) for c in choices_of(example.objectives, crossed.meant_for[i])]
        counts[9] += (2 * sum(meant_for), 2 * len(meant_for))
    return counts


def _likeliest(asked: Sequence[Choice]) -> tuple[int, int]:
    """Twice how many things the likeliest phrase names, and how many there are."""
    return 2 * sum(likeliest_right(asked)), 2 * len(asked)


def _gains(corrected: int, judged: Sequence[Judgement]) -> Iterator[Gain]:
    unique, at = np.unique([j.document for j in judged], return_inverse=True)
    draws = np.random.default_rng(0).multinomial(len(unique), np.full(len(unique), 1 / len(unique)), size=SAMPLES)
    weights = draws[:, at].astype(float)
    before, after = np.array([j.before for j in judged]), np.array([j.after for j in judged])
    for k, score in enumerate(SCORES):
        one, other = (ratio_of(np.ones((1, len(judged))), counts[:, k])[0] for counts in (before, after))
        difference = ratio_of(weights, after[:, k]) - ratio_of(weights, before[:, k])
        if np.isfinite(difference).any():
            low, high = np.nanpercentile(difference, [2.5, 97.5])
            yield Gain(corrected, score, float(one), float(other), float(low), float(high))


def ratio_of(weights: Counts, counts: Counts) -> Counts:
    """A score by the counts of documents (documents × 2), for each line of how often each of them counts."""
    sums = weights @ counts
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(sums[:, 0] / sums[:, 1])


def bases_for(rows: Sequence[Row], groups: Sequence[str], language: str | None = None) -> dict[str, Judges]:
    """For each group judges that saw nothing of it, nor of the rest of its language or, of several, of its fold."""
    if language is not None:
        base = fit_all([r for r in rows if r.document.language != language])
        return dict.fromkeys(groups, base)
    if len(groups) == 1:
        return {groups[0]: fit_all([r for r in rows if r.document.group != groups[0]])}
    fold = {r.document.group: f for r, f in zip(rows, folds_of(rows), strict=True)}
    by_fold = {f: fit_all([r for r in rows if fold[r.document.group] != f]) for f in {fold[g] for g in groups}}
    return {group: by_fold[fold[group]] for group in groups}


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the table in Markdown."""
    parser = argparse.ArgumentParser(prog="python -m eval.trials.analyst", description="A simulated analyst.")
    parser.add_argument("--group", help="the publisher; by default the one of most documents")
    parser.add_argument("--groups", type=int, default=1, help="so many of the largest publishers")
    parser.add_argument("--language", help="the large publishers of a language that the weights know nothing of")
    parser.add_argument("--orders", type=int, default=6)
    parser.add_argument("--plain", action="store_true", help="without vectors of sentences")
    chosen = parser.parse_args(arguments)
    rows = all_rows(shipped_rows())
    groups = large_groups(rows)
    speaks = {r.document.group: r.document.language for r in rows}
    if chosen.language:
        groups = [g for g in groups if speaks[g] == chosen.language]
    else:
        groups = [chosen.group] if chosen.group else groups[: chosen.groups]
    for group in groups:
        print(f"{group}: {len({r.document.sha256 for r in rows if r.document.group == group})} documents")
    bases = bases_for(rows, groups, chosen.language)
    print("\n| corrected | score | before | after | gained (95 %) |\n|--:|---|--:|--:|--:|")
    for g in gains(rows, bases, chosen.orders, plain=chosen.plain):
        gained = f"{g.after - g.before:+.3f} ({g.low:+.3f} to {g.high:+.3f})"
        print(f"| {g.corrected} | {g.score} | {g.before:.3f} | {g.after:.3f} | {gained} |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
