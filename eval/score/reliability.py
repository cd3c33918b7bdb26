"""Whether records are as often right as their confidence says, and how many of the most certain ones are right.

A policy, measure or target is right if it is one of gold's, an instrument if the paired measure has it in gold. What
counts neither way, and what has no confidence, is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Literal

from eval.labelled.labels import MeasureLabel
from eval.score.match import DocumentMatch, KindMatch
from schemas.records import Policy

Certain = Literal["policy", "measure", "target", "instrument"]
CERTAIN: tuple[Certain, ...] = ("policy", "measure", "target", "instrument")
EDGES = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 1.0)
"""Between bins of confidence; a bin holds its lower edge."""
SHARES = (0.5, 0.8, 0.9, 1.0)
"""Of the records, the most certain first."""


@dataclass(frozen=True)
class Judgement:
    """How certain one record was said to be, and whether it is right."""

    kind: Certain
    confidence: float
    right: bool


@dataclass(frozen=True)
class Bin:
    """Records whose confidence lies between two edges: how many, what was said of them on average, what is true."""

    low: float
    high: float
    count: int
    said: float
    right: float


@dataclass(frozen=True)
class Reliability:
    """One kind of decision. `at`: for each of `SHARES` how many of so many, the most certain ones, are right."""

    kind: Certain
    count: int
    said: float
    right: float
    bins: tuple[Bin, ...]
    at: tuple[float, ...]


def judgements(match: DocumentMatch, policies: Sequence[Policy]) -> tuple[Judgement, ...]:
    """Every record of a document whose confidence is known; `policies` in the order of the predicted labels."""
    known = dict(_known(policies))
    return tuple(_judgements(match, known))


def _known(policies: Sequence[Policy]) -> Iterator[tuple[tuple[Certain, str], float | None]]:
    """Confidence by kind and by the id that labels give a record."""
    for p, policy in enumerate(policies, 1):
        yield ("policy", f"p{p}"), policy.confidence
        for m, measure in enumerate(policy.measures, 1):
            yield ("measure", f"p{p}/m{m}"), measure.confidence
            yield ("instrument", f"p{p}/m{m}"), measure.instrument_confidence
        for t, target in enumerate(policy.targets, 1):
            yield ("target", f"p{p}/t{t}"), target.confidence


def _judgements(match: DocumentMatch, known: dict[tuple[Certain, str], float | None]) -> Iterator[Judgement]:
    kinds: tuple[Literal["policy", "measure", "target"], ...] = ("policy", "measure", "target")
    for kind in kinds:
        for name, right in _found(match.lenient[kind]):
            if (said := known.get((kind, name))) is not None:
                yield Judgement(kind, said, right)
    for pair in match.lenient["measure"].pairs:
        said, gold, ours = known.get(("instrument", pair.predicted.id)), pair.gold.record, pair.predicted.record
        if said is not None and isinstance(gold, MeasureLabel) and isinstance(ours, MeasureLabel):
            yield Judgement("instrument", said, gold.instrument is ours.instrument)


def _found(records: KindMatch) -> Iterator[tuple[str, bool]]:
    yield from ((pair.predicted.id, True) for pair in records.pairs)
    yield from ((item.id, False) for item in records.false)


def reliability(found: Iterable[Judgement]) -> tuple[Reliability, ...]:
    """A line for each kind of which anything is known."""
    by_kind: dict[Certain, list[Judgement]] = {kind: [] for kind in CERTAIN}
    for judgement in found:
        by_kind[judgement.kind].append(judgement)
    return tuple(_of_kind(kind, known) for kind, known in by_kind.items() if known)


def _of_kind(kind: Certain, known: Sequence[Judgement]) -> Reliability:
    bins = []
    for low, high in pairwise(EDGES):
        inside = [j for j in known if low <= j.confidence < high or (high == 1.0 and j.confidence == 1.0)]
        if inside:
            bins.append(Bin(low, high, len(inside), _said(inside), _right(inside)))
    at = tuple(precision_at(known, share) for share in SHARES)
    return Reliability(kind, len(known), _said(known), _right(known), tuple(bins), at)


def precision_at(known: Sequence[Judgement], share: float) -> float:
    """How many of the most certain `share` of records are right, 0 to 1.

    Of records of equal confidence at the edge so many are taken as are wanted, and as often right as all of them.
    """
    wanted = share * len(known)
    taken = right = 0.0
    ranked = sorted(known, key=lambda j: -j.confidence)
    for _, equal in groupby(ranked, key=lambda j: j.confidence):
        group = list(equal)
        part = min(len(group), wanted - taken)
        if part <= 0:
            break
        taken += part
        right += part * _right(group)
    return right / taken


def _said(known: Sequence[Judgement]) -> float:
    return sum(j.confidence for j in known) / len(known)


def _right(known: Sequence[Judgement]) -> float:
    return sum(j.right for j in known) / len(known)
