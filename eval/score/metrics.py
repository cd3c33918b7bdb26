"""Scores: one function per metric, each yielding observations that are summed up, resampled and compared.

An observation says for one record whether gold has it, whether the prediction has it, and whether it is right.
Precision is correct/predicted, recall correct/gold, F1 their harmonic mean; a slot's accuracy is correct/paired.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from eval.labelled.labels import KINDS, Item, Kind, MeasureLabel, PolicyLabel, TargetLabel, spans_of
from eval.score.clusters import cluster_of_gold, cluster_of_place
from eval.score.match import THRESHOLD, DocumentMatch, KindMatch, Pair, assign, iou, shared
from eval.score.slots import END_TO_END, SLOTS, Slot
from schemas.records import Span

PLACES = "secondary_places"
VALIDITY = "evidence_validity"
TRAPS = "not_targets"


@dataclass(frozen=True)
class Observation:
    """One record's part in one score. Counts are 0 or 1; `item` is unique within its score and run.

    `cluster` is the article the record stands in: what the bootstrap resamples.
    """

    score: str
    document: str
    item: str
    cluster: str
    gold: int
    predicted: int
    correct: int


@dataclass(frozen=True)
class Counts:
    """Sums of observations. Ratios are null where there was nothing to find and nothing was found."""

    gold: int = 0
    predicted: int = 0
    correct: int = 0

    @property
    def precision(self) -> float | None:
        """Share of the predicted records that are right; 0 where nothing was predicted but something was there."""
        return self._share(self.predicted)

    @property
    def recall(self) -> float | None:
        """Share of the gold records that were found; 0 where there is none but something was predicted."""
        return self._share(self.gold)

    @property
    def f1(self) -> float | None:
        """Harmonic mean of precision and recall; for a slot its accuracy."""
        total = self.gold + self.predicted
        return 2 * self.correct / total if total else None

    def _share(self, whole: int) -> float | None:
        if self.gold + self.predicted == 0:
            return None
        return self.correct / whole if whole else 0.0


def observe(match: DocumentMatch) -> tuple[Observation, ...]:
    """All observations of one document."""
    found: list[Observation] = []
    for kind in KINDS:
        found.extend(found_records(match, kind, strict=False))
        found.extend(found_records(match, kind, strict=True))
    for slot in END_TO_END:
        found.extend(end_to_end(match, slot))
    for slot in SLOTS:
        found.extend(slot_accuracy(match, slot))
    found.extend(secondary_places(match))
    found.extend(evidence_validity(match))
    found.extend(fallen_for(match))
    return tuple(found)


def found_records(match: DocumentMatch, kind: Kind, strict: bool) -> Iterator[Observation]:
    """Was every gold record found, and is every predicted record one of gold's (overlap, or exact boundaries)?"""
    records = (match.strict if strict else match.lenient)[kind]
    score = f"{kind}.strict" if strict else kind
    yield from _unpaired(score, match, records)
    for pair in records.pairs:
        yield _of_pair(score, match, pair, gold=1, predicted=1, correct=1)


def end_to_end(match: DocumentMatch, slot: Slot) -> Iterator[Observation]:
    """A record counts as found only if `slot` is right as well: a wrong value is a miss and a false alarm."""
    records = match.lenient[slot.kind]
    yield from _unpaired(slot.score, match, records)
    links = _links(match)
    for pair in records.pairs:
        yield _of_pair(slot.score, match, pair, gold=1, predicted=1, correct=int(slot.right(pair, links)))


def slot_accuracy(match: DocumentMatch, slot: Slot) -> Iterator[Observation]:
    """Is the slot right, on paired records only?"""
    links = _links(match)
    for pair in match.lenient[slot.kind].pairs:
        yield _of_pair(slot.score, match, pair, gold=1, predicted=1, correct=int(slot.right(pair, links)))


def secondary_places(match: DocumentMatch) -> Iterator[Observation]:
    """Are the other places that state a policy (summary page, lead, box) attached to it, and only those?"""
    policies = match.lenient["policy"]
    for pair in policies.pairs:
        yield from _places(match, pair.gold, pair.predicted)
    for item in policies.missed:
        yield from _places(match, item, None)
    for item in policies.false:
        yield from _places(match, None, item)


def _places(match: DocumentMatch, gold: Item | None, predicted: Item | None) -> Iterator[Observation]:
    ours, theirs = _evidence(gold), _evidence(predicted)
    overlaps = np.array([[iou(a, b) for b in theirs] for a in ours]).reshape(len(ours), len(theirs))
    paired = dict(assign(np.where(overlaps >= THRESHOLD, overlaps, 0.0)))
    for number, place in enumerate(ours):
        name = f"{gold.id if gold else ''}/e{number + 1}"
        cluster = cluster_of_gold(match.gold, gold) if gold else cluster_of_place(match.gold, place.start)
        found = int(number in paired)
        yield Observation(PLACES, match.document, name, cluster, 1, found, found)
    for number, place in enumerate(theirs):
        if number not in paired.values():
            name = f"false:{place.start}-{place.end}"
            yield Observation(PLACES, match.document, name, cluster_of_place(match.gold, place.start), 0, 1, 0)


def _evidence(item: Item | None) -> tuple[Span, ...]:
    return item.record.evidence if item is not None and isinstance(item.record, PolicyLabel) else ()


def evidence_validity(match: DocumentMatch) -> Iterator[Observation]:
    """Does every predicted span equal the source text at its offsets?"""
    text = match.predicted.text
    for owner, span in spans_of(match.predicted):
        valid = 0 <= span.start < span.end and text[span.start : span.end] == span.text
        cluster = cluster_of_place(match.gold, span.start)
        yield Observation(VALIDITY, match.document, f"{owner}@{span.start}-{span.end}", cluster, 1, 1, int(valid))


def fallen_for(match: DocumentMatch) -> Iterator[Observation]:
    """For each number of `not_targets`: was a (false) target predicted from it? `correct` counts the avoided ones."""
    false = [i for i in match.lenient["target"].false if not i.borderline]
    for number, trap in enumerate(match.gold.not_targets, 1):
        fell = any(shared(trap.at, _number_of(item)) for item in false)
        cluster = cluster_of_place(match.gold, trap.at.start)
        yield Observation(TRAPS, match.document, f"not_targets/{number}", cluster, 1, 1, int(not fell))


def total(observations: Iterable[Observation]) -> dict[str, Counts]:
    """Sums by score, in the order in which scores first occur."""
    gold, predicted, correct = Counter[str](), Counter[str](), Counter[str]()
    for o in observations:
        gold[o.score] += o.gold
        predicted[o.score] += o.predicted
        correct[o.score] += o.correct
    return {score: Counts(gold[score], predicted[score], correct[score]) for score in gold}


def instrument_confusion(matches: Sequence[DocumentMatch]) -> dict[tuple[str, str], int]:
    """How often gold's instrument (first) was answered as another (second), over paired measures."""
    table = Counter[tuple[str, str]]()
    for match in matches:
        for pair in match.lenient["measure"].pairs:
            g, p = pair.gold.record, pair.predicted.record
            if isinstance(g, MeasureLabel) and isinstance(p, MeasureLabel):
                table[g.instrument.value, p.instrument.value] += 1
    return dict(table)


def _number_of(item: Item) -> Span:
    record = item.record
    return record.raw if isinstance(record, TargetLabel) else item.span


def _links(match: DocumentMatch) -> dict[str, str]:
    """Predicted measure → the gold measure that it was paired with, both by item id."""
    measures = match.lenient["measure"]
    return {p.predicted.id: p.gold.id for p in measures.pairs + measures.ignored}


def _of_pair(score: str, match: DocumentMatch, pair: Pair, gold: int, predicted: int, correct: int) -> Observation:
    cluster = cluster_of_gold(match.gold, pair.gold)
    return Observation(score, match.document, pair.gold.id, cluster, gold, predicted, correct)


def _unpaired(score: str, match: DocumentMatch, records: KindMatch) -> Iterator[Observation]:
    for item in records.missed:
        yield Observation(score, match.document, item.id, cluster_of_gold(match.gold, item), 1, 0, 0)
    for item in records.false:
        cluster = cluster_of_place(match.gold, item.span.start)
        yield Observation(score, match.document, false_name(item), cluster, 0, 1, 0)


def false_name(item: Item) -> str:
    """Names a false record by its place, so that two runs' false records can be compared."""
    return f"false:{item.span.start}-{item.span.end}"
