"""Which gold record a predicted record is: optimal one-to-one assignment on character spans, per document.

Policies are paired first (by title, announcement or evidence); the other kinds are paired over the whole document,
with a small bonus inside paired policies, so that a measure that was found under the wrong policy is still found.
A borderline gold record, and what is paired with it, counts neither for nor against.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
import numpy.typing as npt

from eval.labelled.labels import (
    KINDS,
    DocumentLabels,
    Item,
    Kind,
    MeasureLabel,
    OrganisationLabel,
    PolicyLabel,
    ReferenceLabel,
    TargetLabel,
    items,
)
from schemas.records import Extent, Span
from schemas.vocabulary import Role

THRESHOLD = 0.5
"""Least character overlap (intersection over union) at which two spans are the same record's."""
BONUS = 0.05
"""For pairs inside paired policies and for agreeing labels: breaks ties, never outweighs an overlap."""
EARLIER = 1e-9
_NOT_WORDING = re.compile(r"[\W_]+")

Weights = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Pair:
    """A gold record and the predicted record that was taken for it. `exact`: boundaries agree to the character."""

    gold: Item
    predicted: Item
    exact: bool


@dataclass(frozen=True)
class KindMatch:
    """One kind's records in one document: paired, missed, false, and those that do not count."""

    pairs: tuple[Pair, ...] = ()
    missed: tuple[Item, ...] = ()
    false: tuple[Item, ...] = ()
    ignored: tuple[Pair, ...] = ()
    """Pairs with a borderline record on either side."""
    ignored_gold: tuple[Item, ...] = ()
    ignored_predicted: tuple[Item, ...] = ()


@dataclass(frozen=True)
class DocumentMatch:
    """One document's labels side by side."""

    gold: DocumentLabels
    predicted: DocumentLabels
    lenient: dict[Kind, KindMatch]
    strict: dict[Kind, KindMatch]

    @property
    def document(self) -> str:
        """Name of the document."""
        return self.gold.document


def iou(a: Span | Extent | None, b: Span | Extent | None) -> float:
    """Characters in both over characters in either, 0 to 1; two absent spans agree fully."""
    if a is None or b is None:
        return float(a is None and b is None)
    both = shared(a, b)
    either = (a.end - a.start) + (b.end - b.start) - both
    return both / either if either else 0.0


def shared(a: Span | Extent, b: Span | Extent) -> int:
    """Number of characters that stand in both."""
    return max(0, min(a.end, b.end) - max(a.start, b.start))


def overlap(a: Span | Extent | None, b: Span | Extent | None) -> float:
    """Characters in both over the shorter one's length, 0 to 1; an absent span overlaps nothing."""
    if a is None or b is None:
        return 0.0
    shorter = min(a.end - a.start, b.end - b.start)
    return shared(a, b) / shorter if shorter else 0.0


def same_wording(a: Span | None, b: Span | None) -> bool:
    """The same letters and digits, whatever the quotes and spaces between them, in two places of the text."""
    if a is None or b is None:
        return False
    wording = _NOT_WORDING.sub("", a.text)
    return wording != "" and wording == _NOT_WORDING.sub("", b.text)


def same_span(a: Span | None, b: Span | None) -> bool:
    """Equal boundaries (or both absent)."""
    return (a is None and b is None) or (a is not None and b is not None and (a.start, a.end) == (b.start, b.end))


def assign(weights: Weights) -> list[tuple[int, int]]:
    """The one-to-one assignment with the greatest total weight; pairs of weight 0 are no pairs."""
    if 0 in weights.shape:
        return []
    from scipy.optimize import linear_sum_assignment  # slow to load, and most commands never match

    rows, columns = linear_sum_assignment(weights, maximize=True)
    return [(int(r), int(c)) for r, c in zip(rows, columns, strict=True) if weights[r, c] > 0]


def match(gold: DocumentLabels, predicted: DocumentLabels) -> DocumentMatch:
    """Pairs all records of one document, leniently (overlap) and strictly (exact boundaries)."""
    return DocumentMatch(gold, predicted, _match_kinds(gold, predicted, False), _match_kinds(gold, predicted, True))


def _match_kinds(gold: DocumentLabels, predicted: DocumentLabels, strict: bool) -> dict[Kind, KindMatch]:
    policies = _match_kind("policy", gold, predicted, strict, frozenset())
    linked = frozenset((p.gold.policy, p.predicted.policy) for p in policies.pairs + policies.ignored)
    # What is predicted under a borderline policy stands and falls with it, unless it is some gold record.
    doubtful = frozenset(p.predicted.policy for p in policies.ignored)
    result: dict[Kind, KindMatch] = {"policy": policies}
    for kind in KINDS[1:]:
        found = _match_kind(kind, gold, predicted, strict, linked)
        spared = tuple(i for i in found.false if i.policy in doubtful)
        kept = tuple(i for i in found.false if i.policy not in doubtful)
        result[kind] = KindMatch(
            found.pairs, found.missed, kept, found.ignored, found.ignored_gold, found.ignored_predicted + spared
        )
    return result


def _match_kind(
    kind: Kind, gold: DocumentLabels, predicted: DocumentLabels, strict: bool, linked: frozenset[tuple[str, str]]
) -> KindMatch:
    ours, theirs = items(gold, kind), items(predicted, kind)
    weights = np.array([[_weight(g, p, strict, linked) for p in theirs] for g in ours], dtype=np.float64)
    weights = weights.reshape(len(ours), len(theirs))
    # Of two equal predictions the one that comes first is taken: no chance in the result.
    chosen = assign(np.where(weights > 0, weights - EARLIER * np.arange(len(theirs)), 0.0))
    pairs = [Pair(ours[r], theirs[c], _exact(ours[r], theirs[c])) for r, c in chosen]
    lone_gold = _without(ours, {r for r, _ in chosen})
    lone_predicted = _without(theirs, {c for _, c in chosen})
    return KindMatch(
        pairs=tuple(p for p in pairs if not (p.gold.borderline or p.predicted.borderline)),
        missed=tuple(i for i in lone_gold if not i.borderline),
        false=tuple(i for i in lone_predicted if not i.borderline),
        ignored=tuple(p for p in pairs if p.gold.borderline or p.predicted.borderline),
        ignored_gold=tuple(i for i in lone_gold if i.borderline),
        ignored_predicted=tuple(i for i in lone_predicted if i.borderline),
    )


def _without(records: Sequence[Item], taken: set[int]) -> list[Item]:
    return [item for position, item in enumerate(records) if position not in taken]


def _weight(gold: Item, predicted: Item, strict: bool, linked: frozenset[tuple[str, str]]) -> float:
    """0 where the two cannot be the same record; else how well they fit."""
    together = (gold.policy, predicted.policy) in linked
    fit = _FITS[gold.kind](gold, predicted, together)
    if fit == 0 or (strict and not _exact(gold, predicted)):
        return 0.0
    certain = BONUS / 5 * (not gold.borderline) + BONUS / 5 * (not predicted.borderline)
    return fit + BONUS * together + certain


def _fit_policy(gold: Item, predicted: Item, together: bool) -> float:
    g, p = cast(PolicyLabel, gold.record), cast(PolicyLabel, predicted.record)
    extents = iou(g.extent, p.extent)
    title = 1.0 if extents > 0 and same_wording(g.title, p.title) else overlap(g.title, p.title)
    announcement = overlap(g.announcement, p.announcement)
    places = max(overlap(a, b) for a in (g.announcement, *g.evidence) for b in (p.announcement, *p.evidence))
    if max(title, announcement, places) < THRESHOLD:
        return 0.0
    return 2 * title + announcement + places / 2 + extents / 2


def _fit_measure(gold: Item, predicted: Item, together: bool) -> float:
    g, p = cast(MeasureLabel, gold.record), cast(MeasureLabel, predicted.record)
    fit = iou(g.text, p.text)
    return fit + BONUS * iou(g.label, p.label) if fit >= THRESHOLD else 0.0


def _fit_target(gold: Item, predicted: Item, together: bool) -> float:
    """Several targets may share a unit: they must also share the number, and the indicator decides between twins."""
    g, p = cast(TargetLabel, gold.record), cast(TargetLabel, predicted.record)
    fit, number = iou(g.text, p.text), iou(g.raw, p.raw)
    if fit < THRESHOLD or number == 0:
        return 0.0
    return fit + number + iou(g.indicator, p.indicator) / 2


def _fit_organisation(gold: Item, predicted: Item, together: bool) -> float:
    """The same name counts wherever it is printed, as long as it hangs under the same policy."""
    g, p = cast(OrganisationLabel, gold.record), cast(OrganisationLabel, predicted.record)
    if (g.role is Role.IMPLEMENTER) != (p.role is Role.IMPLEMENTER):
        return 0.0
    fit = iou(g.name, p.name)
    if fit >= THRESHOLD:
        return fit + BONUS * (g.role is p.role)
    return THRESHOLD / 2 if together and same_wording(g.name, p.name) else 0.0


def _fit_reference(gold: Item, predicted: Item, together: bool) -> float:
    g, p = cast(ReferenceLabel, gold.record), cast(ReferenceLabel, predicted.record)
    fit = iou(g.title, p.title)
    if fit >= THRESHOLD:
        return fit + BONUS * (g.kind is p.kind)
    return THRESHOLD / 2 if together and same_wording(g.title, p.title) else 0.0


_FITS: dict[Kind, Callable[[Item, Item, bool], float]] = {
    "policy": _fit_policy,
    "measure": _fit_measure,
    "target": _fit_target,
    "organisation": _fit_organisation,
    "reference": _fit_reference,
}


def _exact(gold: Item, predicted: Item) -> bool:
    """Equal boundaries of the main span; for policies the title's wording and for targets the number too."""
    if not same_span(gold.span, predicted.span):
        return False
    g, p = gold.record, predicted.record
    if isinstance(g, PolicyLabel) and isinstance(p, PolicyLabel):
        return same_span(g.title, p.title) or same_wording(g.title, p.title)
    if isinstance(g, TargetLabel) and isinstance(p, TargetLabel):
        return same_span(g.raw, p.raw)
    return True
