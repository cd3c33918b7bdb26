"""Reviewed results become gold files: `pams gold from DIR`, so that reviewing makes gold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from eval.labelled.quotes import ELLIPSIS, Lines, QuoteNotFound, resolve
from pipeline.results import Results
from schemas.errors import InputError, UsageError
from schemas.records import Measure, Policy, Reference, Span, Target


@dataclass(frozen=True)
class MadeGold:
    """One document's gold file, or why there is none."""

    document: str
    text: str
    """YAML."""
    decided: int
    """Records that someone decided about, of `records`."""
    records: int
    problem: str | None = None


def gold_from(folder: Path) -> Iterator[MadeGold]:
    """Gold of every document that someone has decided about.

    Raises `UsageError` where nobody has decided about anything, `InputError` where there are no results.
    """
    results = Results(folder)
    ours = {p.id: p.document for p in results.policies}
    reviewed = sorted({ours[key[0]] for key in results.corrected.decisions if key[0] in ours})
    if not reviewed:
        raise UsageError(f"{folder}: nothing is reviewed yet; type `pams review {folder}` first")
    for name in reviewed:
        policies = [p for p in results.policies if p.document == name]
        keys = [(p.id, r.id) for p in policies for r in (p, *p.measures, *p.targets)]  # type: ignore[attr-defined]
        decided = [key for key in keys if key in results.corrected.decisions]
        who = sorted({results.corrected.decisions[key].who for key in decided})
        try:
            text = _file(results, name, policies, who, len(keys) - len(decided))
        except (UsageError, InputError) as problem:
            yield MadeGold(name, "", len(decided), len(keys), str(problem))
        else:
            yield MadeGold(name, text, len(decided), len(keys))


def _file(results: Results, name: str, policies: list[Policy], who: list[str], unseen: int) -> str:
    write = _Writer(results.text(name), name)
    open_records = f"; {unseen} records were left as extracted" if unseen else ""
    entry = {
        "document": name,
        "sha256": results.rows[name].sha256,
        "policies": [write.policy(f"p{n}", p) for n, p in enumerate(policies, 1)],
        "notes": f"reviewed by {', '.join(who)}{open_records}",
    }
    return yaml.safe_dump(entry, allow_unicode=True, sort_keys=False, width=1_000)


class _Writer:
    """Records of one document as entries of a gold file."""

    def __init__(self, text: str, name: str) -> None:
        self._lines = Lines(text)
        self._name = name

    def quote(self, span: Span) -> str:
        """`LINE: words`, so that reading it gives this span again. Raises `UsageError` where no quote can."""
        first, last = self._lines.line_of(span.start), self._lines.line_of(span.end - 1)
        where = str(first) if first == last else f"{first}-{last}"
        words = " ".join(span.text.split())
        for spec in (f"{where}: {words}", *(f"{where}#{n}: {words}" for n in range(1, 100))):
            try:
                if ELLIPSIS not in words and resolve(spec, self._lines) == span:
                    return spec
            except QuoteNotFound as problem:
                if "there is no #" in str(problem):
                    break
        raise UsageError(f"{self._name}, line {where}: “{words[:60]}” cannot be written as a quote; mend this record")

    def maybe(self, span: Span | None) -> str | None:
        return None if span is None else self.quote(span)

    def policy(self, key: str, policy: Policy) -> dict[str, Any]:
        keys = {m.id: f"m{n}" for n, m in enumerate(policy.measures, 1)}
        last = max(policy.extent.start, policy.extent.end - 1)
        entry = {
            "key": key,
            "extent": [self._lines.line_of(policy.extent.start), self._lines.line_of(last)],
            "announcement": self.quote(policy.announcement),
            "title": self.maybe(policy.title),
            "title_original": self.maybe(policy.title_original),
            "document_type": str(policy.document_type),
            "status": _value(policy.status),
            "issuers": [self.quote(o.name) for o in policy.issuers],
            "government_level": _value(policy.government_level),
            "jurisdiction": policy.jurisdiction,
            "announced_on": self._announced(policy),
            "period": [policy.period_start, policy.period_end] if policy.period_start or policy.period_end else None,
            "objective": self.maybe(policy.objective),
            "technology_fields": [str(f) for f in policy.technology_fields],
            "evidence": [self.quote(s) for s in policy.evidence],
            "measures": [self.measure(keys[m.id], m) for m in policy.measures],
            "targets": [self.target(t, keys) for t in policy.targets],
            "references": [self.reference(r) for r in policy.references],
        }
        return {name: value for name, value in entry.items() if value is not None}

    def _announced(self, policy: Policy) -> dict[str, str | None] | None:
        date = policy.announced_on
        if date is None:
            return None
        known = date.value is not None and re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", date.value)
        return {"raw": self.quote(date.raw), "value": date.value if known else None}

    def measure(self, key: str, measure: Measure) -> dict[str, Any]:
        return {
            "key": key,
            "at": self.quote(measure.text),
            "label": self.maybe(measure.label),
            "pillar": self.maybe(measure.pillar),
            "instrument": str(measure.instrument),
            "target_groups": [str(g) for g in measure.target_groups],
            "technology_fields": [str(f) for f in measure.technology_fields],
            "implementers": [self.quote(o.name) for o in measure.implementers],
            "action_status": str(measure.action_status),
        }

    def target(self, target: Target, keys: dict[str, str]) -> dict[str, Any]:
        return {
            "at": self.quote(target.text),
            "indicator": self.quote(target.indicator),
            "raw": self.quote(target.raw),
            "comparator": str(target.comparator),
            "value": target.value,
            "value_max": target.value_max,
            "unit": target.unit,
            "deadline": target.deadline,
            "deadline_basis": _value(target.deadline_basis),
            "measure": keys.get(target.measure_id or ""),
        }

    def reference(self, reference: Reference) -> dict[str, Any]:
        return {
            "title": self.quote(reference.title),
            "url": self.maybe(reference.url),
            "kind": str(reference.kind),
        }


def _value(term: object) -> str | None:
    return None if term is None else str(term)
