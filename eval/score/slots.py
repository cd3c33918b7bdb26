"""Slots: the fields of paired records, each with its own rule for being right.

Spans are right when they overlap (intersection over union of at least one half) or say the same words elsewhere;
enumerations and computed values must be equal; a slot that both leave empty is right.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from eval.labelled.labels import Kind, MeasureLabel, PolicyLabel, ReferenceLabel, TargetLabel
from eval.score.match import THRESHOLD, Pair, iou, same_wording
from schemas.records import Span

Links = Mapping[str, str]
"""Predicted measure id → id of the gold measure it was paired with."""


@dataclass(frozen=True)
class Slot:
    """One field of one kind; `right(pair, links)` compares it on a pair of records."""

    kind: Kind
    name: str
    right: Callable[[Pair, Links], bool]

    @property
    def score(self) -> str:
        """Name in tables: `measure.instrument`."""
        return f"{self.kind}.{self.name}"


def span_agrees(gold: Span | None, predicted: Span | None) -> bool:
    """Both absent, mostly the same stretch, or the same words in another place."""
    return iou(gold, predicted) >= THRESHOLD or same_wording(gold, predicted)


def number_agrees(gold: float | None, predicted: float | None) -> bool:
    """Equal up to rounding in the last binary digits (4.1e12 computed by multiplication)."""
    if gold is None or predicted is None:
        return gold is predicted
    return abs(gold - predicted) <= 1e-9 * max(1.0, abs(gold))


def unit_agrees(gold: str | None, predicted: str | None) -> bool:
    """Equal, full-width and compatibility forms apart (％ and %)."""
    return _folded(gold) == _folded(predicted)


def _folded(unit: str | None) -> str | None:
    return unicodedata.normalize("NFKC", unit).strip() or None if unit else None


def _policy(name: str, right: Callable[[PolicyLabel, PolicyLabel], bool]) -> Slot:
    def compare(pair: Pair, links: Links) -> bool:
        g, p = pair.gold.record, pair.predicted.record
        return isinstance(g, PolicyLabel) and isinstance(p, PolicyLabel) and right(g, p)

    return Slot("policy", name, compare)


def _measure(name: str, right: Callable[[MeasureLabel, MeasureLabel], bool]) -> Slot:
    def compare(pair: Pair, links: Links) -> bool:
        g, p = pair.gold.record, pair.predicted.record
        return isinstance(g, MeasureLabel) and isinstance(p, MeasureLabel) and right(g, p)

    return Slot("measure", name, compare)


def _target(name: str, right: Callable[[TargetLabel, TargetLabel], bool]) -> Slot:
    def compare(pair: Pair, links: Links) -> bool:
        g, p = pair.gold.record, pair.predicted.record
        return isinstance(g, TargetLabel) and isinstance(p, TargetLabel) and right(g, p)

    return Slot("target", name, compare)


def _first_issuer(gold: PolicyLabel, predicted: PolicyLabel) -> bool:
    ours = gold.issuers[0].name if gold.issuers else None
    theirs = predicted.issuers[0].name if predicted.issuers else None
    return span_agrees(ours, theirs)


def _value(gold: TargetLabel, predicted: TargetLabel) -> bool:
    return number_agrees(gold.value, predicted.value) and number_agrees(gold.value_max, predicted.value_max)


def _tuple(gold: TargetLabel, predicted: TargetLabel) -> bool:
    """Comparator, value, unit and deadline all right."""
    return (
        gold.comparator is predicted.comparator
        and _value(gold, predicted)
        and unit_agrees(gold.unit, predicted.unit)
        and gold.deadline == predicted.deadline
    )


def _linked_measure(pair: Pair, links: Links) -> bool:
    """The target hangs under the same measure, or under none in both."""
    g, p = pair.gold.record, pair.predicted.record
    if not (isinstance(g, TargetLabel) and isinstance(p, TargetLabel)):
        return False
    ours = f"{pair.gold.policy}/{g.measure}" if g.measure is not None else None
    theirs = links.get(f"{pair.predicted.policy}/{p.measure}", "") if p.measure is not None else None
    return ours == theirs


def _kind_of_reference(pair: Pair, links: Links) -> bool:
    g, p = pair.gold.record, pair.predicted.record
    return isinstance(g, ReferenceLabel) and isinstance(p, ReferenceLabel) and g.kind is p.kind


_TUPLE = _target("tuple", _tuple)
_INSTRUMENT = _measure("instrument", lambda g, p: g.instrument is p.instrument)

SLOTS: tuple[Slot, ...] = (
    _policy("title", lambda g, p: span_agrees(g.title, p.title)),
    _policy("issuer", _first_issuer),
    _policy("date", lambda g, p: g.announced_value == p.announced_value),
    _policy("level", lambda g, p: g.government_level is p.government_level),
    _policy("type", lambda g, p: g.document_type is p.document_type),
    _policy("status", lambda g, p: g.status is p.status),
    _policy("jurisdiction", lambda g, p: g.jurisdiction == p.jurisdiction),
    _policy("period", lambda g, p: (g.period_start, g.period_end) == (p.period_start, p.period_end)),
    _policy("objective", lambda g, p: span_agrees(g.objective, p.objective)),
    _policy("title_original", lambda g, p: span_agrees(g.title_original, p.title_original)),
    _policy("technology_fields", lambda g, p: g.technology_fields == p.technology_fields),
    _INSTRUMENT,
    _measure("instrument_category", lambda g, p: g.instrument.category is p.instrument.category),
    _measure("action_status", lambda g, p: g.action_status is p.action_status),
    _measure("pillar", lambda g, p: span_agrees(g.pillar, p.pillar)),
    _measure("label", lambda g, p: span_agrees(g.label, p.label)),
    _measure("target_groups", lambda g, p: g.target_groups == p.target_groups),
    _measure("technology_fields", lambda g, p: g.technology_fields == p.technology_fields),
    _target("indicator", lambda g, p: span_agrees(g.indicator, p.indicator)),
    _target("comparator", lambda g, p: g.comparator is p.comparator),
    _target("value", _value),
    _target("unit", lambda g, p: unit_agrees(g.unit, p.unit)),
    _target("deadline", lambda g, p: g.deadline == p.deadline),
    _target("deadline_basis", lambda g, p: g.deadline_basis is p.deadline_basis),
    Slot("target", "measure", _linked_measure),
    _TUPLE,
    Slot("reference", "kind", _kind_of_reference),
)
"""Every slot with its own accuracy on paired records."""

END_TO_END: tuple[Slot, ...] = (
    Slot("measure", "with_instrument", _INSTRUMENT.right),
    Slot("target", "with_tuple", _TUPLE.right),
)
"""Slots that are also scored end to end: finding the record and getting the slot right, as one F1."""
