"""A simulated analyst: corrects some documents of one publisher, and the draft of the next ones is measured.

    python -m eval.trials.analyst                   (some minutes; the largest group)
    python -m eval.trials.analyst --group NAME --orders 8

The group is hidden from training. In each order its documents are shuffled; the first 5, 10, 15 come back as corrected,
with their labels as `pams learn --from` makes them of a document reviewed to the end, and the last 10 are judged.
Intervals: bootstrap over the judged documents, the same ones before and after.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from eval.learning.from_results import SOURCE
from eval.learning.learn import all_rows, shipped_rows
from eval.learning.marks import NO_MEANING
from eval.learning.rows import Row
from eval.learning.train import Crossed, fit_all, judged_by
from pipeline.draft.sheets import MEASURE
from schemas.errors import UsageError

CORRECTED = (5, 10, 15)
NEXT = 10
SAMPLES = 2000
SCORES = ("measures", "instrument", "policy or none", "goals")
Counts = npt.NDArray[np.float64]
"""For each score twice what is right, and what it is measured by: F1 of measures and goals, shares of the others."""


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


def largest_group(rows: Sequence[Row]) -> str:
    """The group of most documents of others; documents of the project's own making are no publisher's."""
    size = Counter(d.group for d in {r.document for r in rows} if d.source == "real")
    if not size:
        raise UsageError("the rows hold no documents of publishers")
    return min(size, key=lambda group: (-size[group], group))


def gains(rows: Sequence[Row], group: str, orders: int) -> Iterator[Gain]:
    """What each number of corrected documents gains. Raises `UsageError` where the group is too small."""
    # What is judged is judged without vectors, so none are learned from.
    rows = [replace(r, example=replace(r.example, meaning=NO_MEANING)) for r in rows]
    theirs: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row.document.group == group:
            theirs[row.document.sha256].append(row)
    rest = [r for r in rows if r.document.group != group]
    steps = [n for n in CORRECTED if n + NEXT <= len(theirs)]
    if not steps:
        raise UsageError(f"{group} has {len(theirs)} documents; at least {CORRECTED[0] + NEXT} are needed")
    plain = fit_all(rest)
    before: list[tuple[str, Counts]] = []
    after: dict[int, list[Counts]] = {n: [] for n in steps}
    for order in range(orders):
        shuffled = [str(name) for name in np.random.default_rng(order).permutation(sorted(theirs))]
        judged = shuffled[-NEXT:]
        before += [(name, _counts(theirs[name], judged_by(plain, theirs[name]).plain)) for name in judged]
        for n in steps:
            taught = fit_all([*rest, *(_corrected(row) for name in shuffled[:n] for row in theirs[name])])
            after[n] += [_counts(theirs[name], judged_by(taught, theirs[name]).plain) for name in judged]
    names = [name for name, _ in before]
    for n in steps:
        yield from _gains(n, names, np.array([c for _, c in before]), np.array(after[n]))


def _corrected(row: Row) -> Row:
    """As `pams learn --from` makes it of a document that its user has reviewed."""
    return replace(row, document=replace(row.document, source=SOURCE))


def _counts(rows: Sequence[Row], crossed: Crossed) -> Counts:
    """A document's part in each score."""
    counts = np.zeros((len(SCORES), 2))
    for row, units, article, instruments, numbers in zip(
        rows, crossed.units, crossed.articles, crossed.instruments, crossed.numbers, strict=True
    ):
        example = row.example
        if example.reports == 1:
            marks, says = example.roles[:, MEASURE], units[:, MEASURE] > 0
            counts[0] += _shared(says, marks)
            counts[3] += _shared(numbers[:, 0] > 0, example.goals[:, 0])
            right = example.instruments.argmax(axis=1) == instruments.argmax(axis=1)
            counts[1] += (2 * right.sum(), 2 * len(right))
        if example.reports >= 0:
            counts[2] += (2 * ((article[0, 0] > 0) == (example.reports == 1)), 2)
    return counts


def _shared(says: npt.NDArray[np.bool_], marks: npt.NDArray[np.int8]) -> tuple[int, int]:
    """Twice what is found of what is labelled, and both counts together."""
    return 2 * int((says & (marks == 1)).sum()), int((says & (marks >= 0)).sum() + (marks == 1).sum())


def _gains(corrected: int, names: Sequence[str], before: Counts, after: Counts) -> Iterator[Gain]:
    unique = sorted(set(names))
    at = np.array([unique.index(name) for name in names])
    draws = np.random.default_rng(0).multinomial(len(unique), np.full(len(unique), 1 / len(unique)), size=SAMPLES)
    weights = draws[:, at].astype(float)
    for k, score in enumerate(SCORES):
        one, other = (_ratio(np.ones((1, len(names))), counts[:, k])[0] for counts in (before, after))
        difference = _ratio(weights, after[:, k]) - _ratio(weights, before[:, k])
        low, high = np.nanpercentile(difference, [2.5, 97.5])
        yield Gain(corrected, score, float(one), float(other), float(low), float(high))


def _ratio(weights: Counts, counts: Counts) -> Counts:
    sums = weights @ counts
    with np.errstate(invalid="ignore"):
        return np.asarray(sums[:, 0] / sums[:, 1])


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the table in Markdown."""
    parser = argparse.ArgumentParser(prog="python -m eval.trials.analyst", description="A simulated analyst.")
    parser.add_argument("--group", help="the publisher; by default the one of most documents")
    parser.add_argument("--orders", type=int, default=6)
    chosen = parser.parse_args(arguments)
    rows = all_rows(shipped_rows())
    group = chosen.group or largest_group(rows)
    print(f"{group}: {len({r.document.sha256 for r in rows if r.document.group == group})} documents\n")
    print("| corrected | score | before | after | gained (95 %) |\n|--:|---|--:|--:|--:|")
    for g in gains(rows, group, chosen.orders):
        gained = f"{g.after - g.before:+.3f} ({g.low:+.3f} to {g.high:+.3f})"
        print(f"| {g.corrected} | {g.score} | {g.before:.3f} | {g.after:.3f} | {gained} |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
