"""What the page shows: documents, and of one document its text, records, decisions and refused references, as JSON."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from pipeline.results import Results
from pipeline.review.edit import ENUMS, MANY, REQUIRED, SPANS
from schemas.records import Measure, Policy, Refusal, Span, Target
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
    """One entry a document: name, state, how many records, how many of them decided about (rejected ones included)."""
    counts: dict[str, list[int]] = {name: [0, 0] for name in results.rows}
    decisions, removed = results.corrected.decisions, results.corrected.removed
    gone: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for key in removed:
        gone[key[0]].add(key)
    for policy in (*results.policies, *(r for r in removed.values() if isinstance(r, Policy))):
        count = counts.setdefault(policy.document, [0, 0])
        keys = {(policy.id, r.id) for r in (policy, *policy.measures, *policy.targets)} | gone[policy.id]  # type: ignore[attr-defined]
        count[0] += len(keys)
        count[1] += sum(key in decisions for key in keys)
    return [
        {
            "name": row.document,
            "status": row.status,
            "error": row.error.message if row.error is not None else None,
            "records": counts[row.document][0],
            "decided": counts[row.document][1],
        }
        for row in sorted(results.rows.values(), key=lambda r: r.document)
    ]


def document(results: Results, name: str) -> dict[str, Any]:
    """One document with everything about it. Raises `InputError` where its text is not there."""
    source = results.source(name)
    removed = (r for r in results.corrected.removed.values() if isinstance(r, Policy) and r.document == name)
    shown = [(p, False) for p in results.policies if p.document == name] + [(p, True) for p in removed]
    shown.sort(key=lambda entry: entry[0].announcement.start)
    ids = {p.id for p, _ in shown}
    return {
        "name": name,
        "format": source.format,
        "text": source.text,
        "pages": list(source.pages),
        "policies": [_policy(results, p, rejected=rejected) for p, rejected in shown],
        "decisions": {
            "/".join(key): {"action": c.action, "who": c.who, "at": c.at.isoformat()}
            for key, c in results.corrected.decisions.items()
            if key[0] in ids
        },
        "refused": [_refusal(line) for line in _refused(results, name)],
        "waiting": len(results.corrected.waiting),
    }


def _policy(results: Results, policy: Policy, *, rejected: bool) -> dict[str, Any]:
    """A policy with its records in text order; what a person rejected is shown too, so that it can be taken back."""
    shown = policy.model_dump(mode="json", exclude={"provenance"})
    shown |= {"place": _place(results, policy.document, policy.announcement), "rejected": rejected}
    gone = [r for key, r in results.corrected.removed.items() if key[0] == policy.id and not isinstance(r, Policy)]
    for part, kind in (("measures", Measure), ("targets", Target)):
        removed = [r for r in gone if isinstance(r, kind)]
        records = sorted([*getattr(policy, part), *removed], key=lambda r: (r.text.start, r.id))
        shown[part] = [_record(results, policy.document, r, rejected=r in removed) for r in records]
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


def _refused(results: Results, name: str) -> Iterator[dict[str, Any]]:
    """What was refused in a document; of a line that cannot be read, that it cannot."""
    path = results.folder / "refused.jsonl"
    if not path.exists():
        return
    damaged = 0
    with path.open(encoding="utf-8", errors="replace") as file:
        for line in filter(str.strip, file):
            try:
                refusal = Refusal.model_validate_json(line)
            except ValidationError:
                damaged += 1
                continue
            if refusal.document == name:
                yield refusal.model_dump(mode="json")
    if damaged:
        reason = f"{damaged} lines of {path.name} cannot be read; run `pams extract` again to write the file anew"
        yield {"article": 0, "field": path.name, "given": "", "reason": reason}


def _refusal(entry: dict[str, Any]) -> dict[str, Any]:
    return {
        k: entry[k] if k == "article" else str(entry[k])[:_SHOWN_REFUSAL]
        for k in ("article", "field", "given", "reason")
    }
