"""What the page shows: documents, and of one document its text, records, decisions and refused references, as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from pipeline.results import Results
from pipeline.review.edit import ENUMS, MANY, REQUIRED, SPANS
from schemas.records import Measure, Policy, Span, Target
from schemas.vocabulary import Flag, InstrumentCategory, ReferenceKind, Term

_SHOWN_REFUSAL = 2_000


def vocabulary() -> dict[str, Any]:
    """Labels of every closed list, and which fields a person may change."""
    lists: dict[str, type[Term]] = {f: e for enums in ENUMS.values() for f, e in enums.items()}
    lists |= {"flags": Flag, "instrument_category": InstrumentCategory, "kind": ReferenceKind}
    labels = {name: {str(t): {"ko": t.ko, "en": t.en} for t in terms} for name, terms in lists.items()}
    return {
        "labels": labels,
        "enums": {kind: list(enums) for kind, enums in ENUMS.items()},
        "spans": {kind: list(spans) for kind, spans in SPANS.items()},
        "required": sorted(REQUIRED),
        "many": MANY,
    }


def documents(results: Results) -> list[dict[str, Any]]:
    """One entry a document: name, state, how many records, how many of them decided about."""
    counts: dict[str, list[int]] = {}
    for document, record in _records(results):
        count = counts.setdefault(document, [0, 0])
        count[0] += 1
        count[1] += record.id in results.corrected.decisions
    return [
        {
            "name": row.document,
            "status": row.status,
            "error": row.error.message if row.error is not None else None,
            "records": counts.get(row.document, [0, 0])[0],
            "decided": counts.get(row.document, [0, 0])[1],
        }
        for row in sorted(results.rows.values(), key=lambda r: r.document)
    ]


def document(results: Results, name: str) -> dict[str, Any]:
    """One document with everything about it. Raises `InputError` where its text is not there."""
    source = results.source(name)
    policies = [p for p in results.policies if p.document == name]
    decisions = {i: c for i, c in results.corrected.decisions.items() if c.document == name}
    return {
        "name": name,
        "format": source.format,
        "text": source.text,
        "pages": list(source.pages),
        "policies": [_policy(results, p, decisions) for p in policies] + _rejected_policies(results, name, decisions),
        "decisions": {
            i: {"action": c.action, "who": c.who, "at": c.at.isoformat()} for i, c in decisions.items()
        },
        "refused": [_refusal(line) for line in _refused(results, name)],
        "waiting": sum(c.document == name for c in results.corrected.waiting),
    }  # fmt: skip


def _records(results: Results) -> Iterator[tuple[str, Policy | Measure | Target]]:
    for policy in results.policies:
        yield policy.document, policy
        yield from ((policy.document, m) for m in policy.measures)
        yield from ((policy.document, t) for t in policy.targets)


def _policy(results: Results, policy: Policy, decisions: dict[str, Any]) -> dict[str, Any]:
    """A policy with its records in text order; what a person rejected is shown too, so that it can be taken back."""
    shown = policy.model_dump(mode="json", exclude={"provenance"})
    shown["place"] = _place(results, policy.document, policy.announcement)
    shown["model"] = policy.provenance.model
    before = next((p for p in results.extracted if p.id == policy.id), None)
    for part, mark in (("measures", "text"), ("targets", "raw")):
        now = list(getattr(policy, part))
        known = {r.id for r in now}
        gone = [r for r in getattr(before, part, ()) if r.id not in known and r.id in decisions]
        shown[part] = [
            _record(results, policy.document, r, rejected=r in gone)
            for r in sorted([*now, *gone], key=lambda r: (getattr(r, mark).start, r.id))
        ]
    return shown


def _record(results: Results, document: str, record: Measure | Target, *, rejected: bool) -> dict[str, Any]:
    return {
        **record.model_dump(mode="json"),
        "place": _place(results, document, record.text),
        "rejected": rejected,
    }


def _place(results: Results, document: str, span: Span) -> dict[str, Any]:
    """Where a person finds it: page or heading, and line."""
    cited = results.cite(document, span)
    heading = " ".join(cited.heading.text.split()) if cited.heading is not None else None
    return {"page": cited.page, "heading": heading, "line": cited.line}


def _rejected_policies(results: Results, name: str, decisions: dict[str, Any]) -> list[dict[str, Any]]:
    kept = {p.id for p in results.policies}
    gone = [p for p in results.extracted if p.document == name and p.id not in kept and p.id in decisions]
    return [{**_policy(results, p, decisions), "rejected": True} for p in gone]


def _refused(results: Results, name: str) -> Iterator[dict[str, Any]]:
    path = results.folder / "refused.jsonl"
    if not path.exists():
        return
    with path.open(encoding="utf-8") as file:
        for line in file:
            if line.strip() and (entry := json.loads(line))["document"] == name:
                yield entry


def _refusal(entry: dict[str, Any]) -> dict[str, Any]:
    return {
        k: entry[k] if k == "article" else str(entry[k])[:_SHOWN_REFUSAL]
        for k in ("article", "field", "given", "reason")
    }
