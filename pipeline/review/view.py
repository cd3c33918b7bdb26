"""What the page shows: documents, and of one document its text, records, decisions and refused references, as JSON."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from pipeline.results import Results, placed_units
from pipeline.review.certain import certainty
from pipeline.review.fields import FIELDS, Field, as_json
from schemas.records import Measure, Policy, Refusal, Span, Target
from schemas.vocabulary import Flag, InstrumentCategory, Term

_SHOWN_REFUSAL = 2_000


def vocabulary() -> dict[str, Any]:
    """Labels of every closed list, and which fields a person may change."""
    lists: dict[str, Iterable[Term]] = {"flags": Flag, "instrument_category": InstrumentCategory}
    for fields in FIELDS.values():
        lists |= _lists(fields)
    labels = {name: {str(t): {"ko": t.ko, "en": t.en} for t in terms} for name, terms in lists.items()}
    return {"labels": labels, "fields": as_json()}


def _lists(fields: Mapping[str, Field]) -> dict[str, Iterable[Term]]:
    """The closed lists of fields and of their parts, by name; each whole."""
    found: dict[str, Iterable[Term]] = {name: type(field.terms[0]) for name, field in fields.items() if field.terms}
    for field in fields.values():
        found |= _lists(field.parts)
    return found


def documents(results: Results, names: Collection[str] | None = None) -> list[dict[str, Any]]:
    """One entry a document: name, state, how many records, how many of them decided about (rejected ones included).

    `names`: only of these.
    """
    counts: dict[str, list[int]] = {name: [0, 0] for name in results.rows if names is None or name in names}
    decisions, removed = results.corrected.decisions, results.corrected.removed
    gone: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for key in removed:
        gone[key[0]].add(key)
    for policy in (*results.policies, *(r for r in removed.values() if isinstance(r, Policy))):
        if policy.document not in counts:
            continue
        count = counts[policy.document]
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
        for row in sorted((results.rows[name] for name in counts), key=lambda r: r.document)
    ]


def document(results: Results, name: str) -> dict[str, Any]:
    """One document with everything about it. Raises `InputError` where its text is not there."""
    source = results.source(name)
    shown = _shown(results, name)
    return {
        "name": name,
        "format": source.format,
        "text": source.text,
        "pages": list(source.pages),
        "units": [[start, end, str(unit.kind), unit.level] for unit, (start, end) in placed_units(source)],
        "portal": source.portal.model_dump(mode="json") if source.portal is not None else None,
        "policies": [_policy(results, p, rejected=rejected) for p, rejected in shown],
        "decisions": _decisions(results, {p.id for p, _ in shown}),
        "refused": [_refusal(line) for line in _refused(results, name)],
        "waiting": len(results.corrected.waiting),
        "corrections": len(results.corrections),
    }


def changes_in(before: Results, after: Results, name: str) -> dict[str, Any] | None:
    """What one decision has changed in a document: whole records, by policy; None where policies came or went.

    A document may hold tens of thousands of records, and a decision changes one or two.
    """
    was, now = ({p.id: (p, rejected) for p, rejected in _shown(results, name)} for results in (before, after))
    if was.keys() != now.keys():
        return None
    policies = [_policy_change(before, after, was[i], now[i]) for i in now]
    old, new = (_decisions(results, set(now)) for results in (before, after))
    return {
        "since": len(before.corrections),
        "corrections": len(after.corrections),
        "policies": [p for p in policies if p is not None],
        "decisions": {key: new.get(key) for key in old.keys() | new.keys() if old.get(key) != new.get(key)},
        "waiting": len(after.corrected.waiting),
    }


def _shown(results: Results, name: str) -> list[tuple[Policy, bool]]:
    """The policies of a document in text order, and whether a person rejected them."""
    removed = (r for r in results.corrected.removed.values() if isinstance(r, Policy) and r.document == name)
    shown = [(p, False) for p in results.policies if p.document == name] + [(p, True) for p in removed]
    return sorted(shown, key=lambda entry: entry[0].announcement.start)


def _decisions(results: Results, policies: Collection[str]) -> dict[str, Any]:
    return {
        "/".join(key): {"action": c.action, "who": c.who, "at": c.at.isoformat()}
        for key, c in results.corrected.decisions.items()
        if key[0] in policies
    }


def _policy_change(
    before: Results, after: Results, was: tuple[Policy, bool], now: tuple[Policy, bool]
) -> dict[str, Any] | None:
    policy, rejected = now
    parts: dict[str, Any] = {}
    gone: dict[str, list[str]] = {}
    for part in ("measures", "targets"):
        old, new = _parts(before, was[0], part), _parts(after, policy, part)
        changed = [new[i] for i in new if not _same(old.get(i), new[i])]
        parts[part] = [_record(after, policy.document, r, rejected=out) for r, out in changed]
        gone[part] = [i for i in old if i not in new]
    own, before_it = _own_fields(after, policy, rejected=rejected), _own_fields(before, was[0], rejected=was[1])
    if own == before_it and not any((*parts.values(), *gone.values())):
        return None
    return {**own, **parts, "gone": gone}


def _own_fields(results: Results, policy: Policy, *, rejected: bool) -> dict[str, Any]:
    """What is said of a policy itself."""
    shown = policy.model_dump(mode="json", exclude={"provenance", "measures", "targets"})
    place = _place(results, policy.document, policy.announcement)
    return {**shown, "place": place, "certain": certainty(policy), "rejected": rejected}


def _parts(results: Results, policy: Policy, part: str) -> dict[str, tuple[Measure | Target, bool]]:
    """The measures or targets of a policy by id, rejected ones too, and whether they are that."""
    kind = Measure if part == "measures" else Target
    removed = [r for key, r in results.corrected.removed.items() if key[0] == policy.id and isinstance(r, kind)]
    return {r.id: (r, False) for r in getattr(policy, part)} | {r.id: (r, True) for r in removed}


def _same(one: tuple[Measure | Target, bool] | None, other: tuple[Measure | Target, bool]) -> bool:
    return one is not None and one[1] == other[1] and (one[0] is other[0] or one[0] == other[0])


def _policy(results: Results, policy: Policy, *, rejected: bool) -> dict[str, Any]:
    """A policy with its records in text order; what a person rejected is shown too, so that it can be taken back."""
    shown = _own_fields(results, policy, rejected=rejected)
    for part in ("measures", "targets"):
        records = sorted(_parts(results, policy, part).values(), key=lambda entry: (entry[0].text.start, entry[0].id))
        shown[part] = [_record(results, policy.document, r, rejected=out) for r, out in records]
    return shown


def _record(results: Results, document: str, record: Measure | Target, *, rejected: bool) -> dict[str, Any]:
    return {
        **record.model_dump(mode="json"),
        "place": _place(results, document, record.text),
        "certain": certainty(record),
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
