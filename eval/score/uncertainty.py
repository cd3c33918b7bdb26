"""How far a score can be trusted: bootstrap over articles, 95 % intervals, fixed seed; and whether two runs differ.

Articles are resampled, not records: records of one article are read, and misread, together. An article is the
extent of a gold policy (overlapping extents are one); whatever a run reports outside all of them is one more
cluster per document. Over documents only from 30 documents on: fewer are too few to resample. With some twenty
articles the intervals are a little too narrow (see the simulation in the tests): read them as "at least". Where
every article is perfect, resampling shows no spread, and the exact binomial bounds over records stand in.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from eval.score.metrics import VALIDITY, Observation

SEED = 20240229
SAMPLES = 2000
LEVEL = 0.95
DOCUMENTS_NEEDED = 30
"""From this many documents on, documents are resampled instead of articles."""

Numbers = npt.NDArray[np.float64]
CountTable = dict[str, dict[str, tuple[int, int, int]]]
"""Score → cluster → (gold, predicted, correct)."""


@dataclass(frozen=True)
class Interval:
    """Bounds of a 95 % interval."""

    low: float
    high: float


@dataclass(frozen=True)
class Comparison:
    """Two runs on the same gold, one score, item by item.

    `gained`: right in the second run only; `lost`: right in the first only. `p` is McNemar's exact (sign) test
    on them. `difference` is second minus first F1, with its paired bootstrap interval; null where undefined.
    """

    score: str
    first: float | None
    second: float | None
    difference: float | None
    interval: Interval | None
    gained: tuple[str, ...]
    lost: tuple[str, ...]
    new_false: tuple[str, ...]
    gone_false: tuple[str, ...]
    p: float

    @property
    def differ(self) -> bool:
        """Only when the interval excludes zero and the sign test does not speak against it."""
        outside = self.interval is not None and not self.interval.low <= 0 <= self.interval.high
        decided = bool(self.gained or self.lost)
        return outside and (self.p < 1 - LEVEL or not decided)

    def in_words(self) -> str:
        """One sentence for people."""
        counts = f"{len(self.gained)} gained, {len(self.lost)} lost, p = {self.p:.2g}"
        if self.difference is None or self.interval is None:
            return f"{self.score}: nothing to compare ({counts})."
        size = f"{self.difference:+.3f} (95 % interval {self.interval.low:+.3f} to {self.interval.high:+.3f}; {counts})"
        if not self.differ:
            return f"{self.score}: the two runs cannot be told apart; difference {size}."
        return f"{self.score}: the second run is {'better' if self.difference > 0 else 'worse'} by {size}."


def clusters_are(observations: Iterable[Observation]) -> str:
    """What is resampled: `articles`, or `documents` from 30 documents on."""
    documents = {o.document for o in observations}
    return "documents" if len(documents) >= DOCUMENTS_NEEDED else "articles"


def intervals(observations: Sequence[Observation], samples: int = SAMPLES, seed: int = SEED) -> dict[str, Interval]:
    """95 % interval of F1 (accuracy for slots) for every score that has at least two clusters."""
    counts, _ = _tables(observations, ())
    result = {}
    for score, by_cluster in counts.items():
        counts_by_cluster = _matrix(by_cluster, sorted(by_cluster))
        bounds = _bounds(_resampled(counts_by_cluster, samples, seed))
        if bounds is not None and bounds.low == bounds.high:
            bounds = _exact_bounds(counts_by_cluster.sum(axis=0))
        if bounds is not None:
            result[score] = bounds
    return result


def compare(
    first: Sequence[Observation], second: Sequence[Observation], samples: int = SAMPLES, seed: int = SEED
) -> tuple[Comparison, ...]:
    """Paired comparison of two runs for every score that both have, in the first run's order.

    Evidence validity is left out: its items are a run's own spans, so there is nothing to pair.
    """
    one, two = _tables([o for o in first if o.score != VALIDITY], [o for o in second if o.score != VALIDITY])
    return tuple(_compare(score, first, second, one[score], two[score], samples, seed) for score in one if score in two)


def _compare(
    score: str,
    first: Sequence[Observation],
    second: Sequence[Observation],
    one: dict[str, tuple[int, int, int]],
    two: dict[str, tuple[int, int, int]],
    samples: int,
    seed: int,
) -> Comparison:
    right_one, false_one = _outcomes(score, first)
    right_two, false_two = _outcomes(score, second)
    names = sorted(set(one) | set(two))
    a, b = _matrix(one, names), _matrix(two, names)
    # The same seed draws the same articles for both runs: that is what makes the comparison paired.
    spread = _resampled(b, samples, seed) - _resampled(a, samples, seed)
    f_one, f_two = _f1(a.sum(axis=0)), _f1(b.sum(axis=0))
    gained, lost = right_two - right_one, right_one - right_two
    return Comparison(
        score=score,
        first=f_one,
        second=f_two,
        difference=None if f_one is None or f_two is None else f_two - f_one,
        interval=_bounds(spread),
        gained=tuple(sorted(gained)),
        lost=tuple(sorted(lost)),
        new_false=tuple(sorted(false_two - false_one)),
        gone_false=tuple(sorted(false_one - false_two)),
        p=sign_test(len(gained), len(lost)),
    )


def sign_test(gained: int, lost: int) -> float:
    """McNemar's exact test, two-sided: how likely so lopsided a split is if both runs are equally good."""
    from scipy.stats import binomtest  # slow to load: only where a test is made

    return float(binomtest(gained, gained + lost).pvalue) if gained + lost else 1.0


def _outcomes(score: str, observations: Sequence[Observation]) -> tuple[set[str], set[str]]:
    """Names of the gold items that are right, and of the false records."""
    mine = [o for o in observations if o.score == score]
    right = {f"{o.document}: {o.item}" for o in mine if o.gold and o.correct}
    false = {f"{o.document}: {o.item}" for o in mine if o.predicted and not o.gold}
    return right, false


def _tables(first: Sequence[Observation], second: Sequence[Observation]) -> tuple[CountTable, CountTable]:
    by_document = clusters_are((*first, *second)) == "documents"
    return _table(first, by_document), _table(second, by_document)


def _table(observations: Sequence[Observation], by_document: bool) -> CountTable:
    table: CountTable = {}
    for o in observations:
        cluster = o.document if by_document else o.cluster
        by_cluster = table.setdefault(o.score, {})
        gold, predicted, correct = by_cluster.get(cluster, (0, 0, 0))
        by_cluster[cluster] = (gold + o.gold, predicted + o.predicted, correct + o.correct)
    return table


def _matrix(by_cluster: dict[str, tuple[int, int, int]], names: Sequence[str]) -> Numbers:
    return np.array([by_cluster.get(name, (0, 0, 0)) for name in names], dtype=np.float64).reshape(len(names), 3)


def _resampled(counts: Numbers, samples: int, seed: int) -> Numbers:
    """F1 of `samples` draws of as many clusters, with replacement; NaN where a draw holds nothing."""
    clusters = len(counts)
    if clusters < 2:
        return np.full(samples, np.nan)
    draws = np.random.default_rng(seed).multinomial(clusters, np.full(clusters, 1 / clusters), size=samples)
    sums = draws @ counts
    whole = sums[:, 0] + sums[:, 1]
    result: Numbers = np.full(samples, np.nan)
    np.divide(2 * sums[:, 2], whole, out=result, where=whole > 0)
    return result


def _bounds(values: Numbers) -> Interval | None:
    known = values[~np.isnan(values)]
    if known.size == 0:
        return None
    tail = 100 * (1 - LEVEL) / 2
    low, high = np.percentile(known, [tail, 100 - tail])
    return Interval(float(low), float(high))


def _exact_bounds(sums: Numbers) -> Interval:
    """Where every article is perfect (or empty-handed) resampling shows no spread: exact binomial bounds."""
    from scipy.stats import binomtest

    records = int(max(sums[0], sums[1]))
    exact = binomtest(int(sums[2]), max(records, int(sums[2]), 1)).proportion_ci(LEVEL, method="exact")
    return Interval(float(exact.low), float(exact.high))


def _f1(sums: Numbers) -> float | None:
    whole = float(sums[0] + sums[1])
    return float(2 * sums[2]) / whole if whole else None
