"""Where a missed record was lost, and which rule a false record breaks, where that can be told."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from eval.labelled.labels import Item, Kind, TargetLabel, from_policies, items
from eval.runs.trace import Trace
from eval.score.match import THRESHOLD, DocumentMatch, iou, match, overlap, shared
from schemas.document import Article, Unit
from schemas.records import Extent, Refusal, Span
from schemas.vocabulary import UnitKind

Stage = Literal["not_in_any_unit", "not_in_article", "not_answered", "refused", "merged_away"]


@dataclass(frozen=True)
class Miss:
    """A gold record that is not in the output. `stage` is null where the run cannot be traced."""

    kind: Kind
    item: str
    span: Span
    stage: Stage | None
    detail: str


@dataclass(frozen=True)
class FalseAlarm:
    """A record that gold does not have. `reason` is a word for tables, `rule` the guideline it breaks, if known."""

    kind: Kind
    item: str
    span: Span
    reason: str
    rule: str | None
    detail: str


def misses(match: DocumentMatch, trace: Trace | None) -> tuple[Miss, ...]:
    """Every missed record of one document with the step that lost it."""
    survivors = _before_merge(match, trace)
    return tuple(_miss(item, match, trace, survivors) for found in match.lenient.values() for item in found.missed)


def _before_merge(match_: DocumentMatch, trace: Trace | None) -> set[tuple[Kind, str]]:
    """Gold records that were there before merging."""
    if trace is None or trace.grounded is None:
        return set()
    earlier = match(match_.gold, from_policies(match_.document, match_.gold.text, trace.grounded))
    return {(kind, pair.gold.id) for kind, found in earlier.lenient.items() for pair in found.pairs}


def _miss(item: Item, match: DocumentMatch, trace: Trace | None, survivors: set[tuple[Kind, str]]) -> Miss:
    near = _nearest(item, match)
    if trace is None:
        return Miss(item.kind, item.id, item.span, None, near)
    if not _covered(item.span, [u for u in trace.units if u.kind is not UnitKind.FURNITURE]):
        return Miss(item.kind, item.id, item.span, "not_in_any_unit", "less than half of it stands in units")
    asked = [a for a in trace.articles if a.asked]
    if not _covered(item.span, [u.unit for a in asked for u in a.units]):
        kinds = sorted({a.kind for a in trace.articles if shared(item.span, Extent(start=a.start, end=a.end))})
        return Miss(item.kind, item.id, item.span, "not_in_article", f"stands in {', '.join(kinds) or 'no article'}")
    if (item.kind, item.id) in survivors or _in_evidence(item, match):
        return Miss(item.kind, item.id, item.span, "merged_away", "was there before records were merged")
    refusal = next((r for r in trace.refusals if _refuses(r, item, asked)), None)
    if refusal is not None:
        detail = f"{refusal.field}: {refusal.reason}"
        return Miss(item.kind, item.id, item.span, "refused", detail)
    return Miss(item.kind, item.id, item.span, "not_answered", near or _best_unit(item.span, trace.units))


def _covered(span: Span, units: Sequence[Unit]) -> bool:
    """At least half of the span's characters stand in units."""
    marked = bytearray(span.end - span.start)
    for unit in units:
        low, high = max(unit.start, span.start), min(unit.end, span.end)
        if low < high:
            marked[low - span.start : high - span.start] = b"\x01" * (high - low)
    return sum(marked) * 2 >= len(marked)


def _in_evidence(item: Item, match: DocumentMatch) -> bool:
    """A policy whose announcement became a secondary place of another one."""
    if item.kind != "policy":
        return False
    return any(overlap(item.span, e) >= THRESHOLD for p in match.predicted.policies for e in p.evidence)


def _nearest(item: Item, match: DocumentMatch) -> str:
    """The predicted record of the same kind that overlaps it most, in words; empty if none does."""
    best = max(items(match.predicted, item.kind), key=lambda p: iou(item.span, p.span), default=None)
    if best is None or not shared(item.span, best.span):
        return ""
    return f"overlaps the reported {best.id} by {iou(item.span, best.span):.2f}"


def _best_unit(span: Span, units: Sequence[Unit]) -> str:
    """Says so when no unit has the record's boundaries: then no bare unit id could have named it."""
    best = max((iou(span, Extent(start=u.start, end=u.end)) for u in units), default=0.0)
    return "" if best >= THRESHOLD else f"no unit has its boundaries (best overlap {best:.2f})"


_FIELD: dict[Kind, str] = {
    "policy": r"^(?!.*(measures|targets|references|issuers|implementers)).*$",
    "measure": r"measure(?!.*implementer)",
    "target": r"target(?!_groups)",
    "organisation": r"issuer|implementer",
    "reference": r"reference",
}


def _refuses(refusal: Refusal, item: Item, articles: Sequence[Article]) -> bool:
    """The refused answer is about this kind of record and points at a unit in which the record stands."""
    article = next((a for a in articles if a.number == refusal.article), None)
    if article is None or not re.search(_FIELD[item.kind], refusal.field):
        return False
    units = [article.unit(u) for u in _named_units(refusal.given)]
    return any(u is not None and shared(item.span, Extent(start=u.start, end=u.end)) for u in units)


def _named_units(given: str) -> Iterator[str]:
    """Unit ids in the refused answer, which is compact JSON."""
    try:
        parts: list[object] = [json.loads(given)]
    except ValueError:
        return
    while parts:
        part = parts.pop()
        if isinstance(part, dict):
            yield from (str(part[key]) for key in ("u", "to_u") if part.get(key) is not None)
            parts.extend(part.values())
        elif isinstance(part, list):
            parts.extend(part)


def false_alarms(match: DocumentMatch) -> tuple[FalseAlarm, ...]:
    """Every false record of one document, with the rule that it breaks where that can be told."""
    return tuple(_false(item, match) for found in match.lenient.values() for item in found.false)


def _false(item: Item, match: DocumentMatch) -> FalseAlarm:
    for judge in (_trapped, _repeated, _cut_wrong, _heading, _secondary, _cited, _wanted_value, _no_policy_here):
        verdict = judge(item, match)
        if verdict is not None:
            return FalseAlarm(item.kind, item.id, item.span, *verdict)
    return FalseAlarm(item.kind, item.id, item.span, "unknown", None, "")


Verdict = tuple[str, str | None, str]
"""Reason, rule, detail."""


def _trapped(item: Item, match: DocumentMatch) -> Verdict | None:
    place = item.record.raw if isinstance(item.record, TargetLabel) else None
    trap = next((t for t in match.gold.not_targets if place is not None and shared(t.at, place)), None)
    return ("not_a_target", trap.rule, trap.at.text) if trap else None


def _repeated(item: Item, match: DocumentMatch) -> Verdict | None:
    rule = {"policy": "5", "measure": "11", "target": "25"}.get(item.kind)
    for pair in match.lenient[item.kind].pairs:
        same_number = not isinstance(item.record, TargetLabel) or _shares_number(item, pair.gold)
        if iou(item.span, pair.gold.span) >= THRESHOLD and same_number:
            return "duplicate", rule, f"says the same as {pair.predicted.id}"
    return None


def _shares_number(a: Item, b: Item) -> bool:
    if not isinstance(a.record, TargetLabel) or not isinstance(b.record, TargetLabel):
        return False
    return shared(a.record.raw, b.record.raw) > 0


def _cut_wrong(item: Item, match: DocumentMatch) -> Verdict | None:
    rule = "11, 13" if item.kind == "measure" else None
    near = max(items(match.gold, item.kind), key=lambda g: overlap(item.span, g.span), default=None)
    if near is None or overlap(item.span, near.span) < THRESHOLD:
        return None
    return "boundary", rule, f"overlaps gold {near.id} by {iou(item.span, near.span):.2f}"


def _heading(item: Item, match: DocumentMatch) -> Verdict | None:
    if item.kind != "measure":
        return None
    pillars = (m.pillar for p in match.gold.policies for m in p.measures)
    found = next((s for s in pillars if iou(item.span, s) >= THRESHOLD and s is not None), None)
    return ("heading", "12", "a heading with measures below it") if found else None


def _secondary(item: Item, match: DocumentMatch) -> Verdict | None:
    rule = "5" if item.kind == "policy" else "16"
    places = [(p.key, e) for p in match.gold.policies for e in p.evidence]
    found = next((key for key, place in places if overlap(item.span, place) >= THRESHOLD), None)
    return ("in_summary", rule, f"a secondary place of {found}") if found else None


def _cited(item: Item, match: DocumentMatch) -> Verdict | None:
    places = [r.title for p in match.gold.policies for r in p.references]
    if item.kind == "reference" or not any(overlap(item.span, s) >= THRESHOLD for s in places):
        return None
    return "cited_only", "3", "stands in a cited document's title"


def _wanted_value(item: Item, match: DocumentMatch) -> Verdict | None:
    if item.kind != "measure":
        return None
    targets = [t for p in match.gold.policies for t in p.targets]
    found = next((t for t in targets if iou(item.span, t.text) >= THRESHOLD), None)
    return ("target_only", "18", f"states a wanted value: gold target {found.key}") if found else None


def _no_policy_here(item: Item, match: DocumentMatch) -> Verdict | None:
    if any(shared(item.span, p.extent) for p in match.gold.policies):
        return None
    return "no_policy_here", "1", "outside every article that holds a policy"


def tally(records: Sequence[Miss] | Sequence[FalseAlarm]) -> dict[Kind, dict[str, int]]:
    """Counts by kind and by stage (misses) or reason (false records)."""
    table: dict[Kind, Counter[str]] = {}
    for record in records:
        word = (record.stage or "untraced") if isinstance(record, Miss) else record.reason
        table.setdefault(record.kind, Counter())[word] += 1
    return {kind: dict(counter.most_common()) for kind, counter in table.items()}
