"""What the page shows: documents, and of one document its text, records, decisions and refused references, as JSON."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pipeline.results import Results, placed_units
from pipeline.review.carry import waiting
from pipeline.review.certain import Decidable, certainty
from pipeline.review.fields import FIELDS, Field, as_json
from pipeline.review.refusals import refusals
from schemas.records import DocumentRow, Measure, Policy, Span, Target
from schemas.vocabulary import DocumentType, Flag, InstrumentCategory, Term


def vocabulary() -> dict[str, Any]:
    """Labels of every closed list, and which fields a person may change."""
    lists: dict[str, Iterable[Term]] = {"flags": Flag, "instrument_category": InstrumentCategory}
    for fields in FIELDS.values():
        lists |= _lists(fields)
    labels = {name: {str(t): {"ko": t.ko, "en": t.en} for t in terms} for name, terms in lists.items()}
    return {"labels": labels, "fields": as_json()}


def _lists(fields: Mapping[str, Field]) -> dict[str, Iterable[Term]]:
    """The closed lists of fields and of their parts, by name; each whole."""
    found: dict[str, Iterable[Term]] = {name: type(f.terms[0]) for name, f in fields.items() if f.terms}
    for each in fields.values():
        found |= _lists(each.parts)
    return found


def documents(results: Results, names: Collection[str] | None = None) -> list[dict[str, Any]]:
    """One entry a document: name, state, how many records, how many of them decided about (rejected ones included).

    `least`: how certain the least certain record is that nobody has decided about, 0 where nobody knows, null where
    none is left. `triage`: `none` without a policy, `unnamed` where all of them are acts without a named document.
    `checked`: a person says that nothing is missing. `names`: only of these.
    """
    of: dict[str, _Count] = {name: _Count() for name in results.rows if names is None or name in names}
    decisions, removed = results.corrected.decisions, results.corrected.removed
    gone: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for key in removed:
        gone[key[0]].add(key)
    for policy in (*results.policies, *(r for r in removed.values() if isinstance(r, Policy))):
        count = of.get(policy.document)
        if count is None:
            continue
        every: list[Decidable] = [policy, *policy.measures, *policy.targets]
        keys = {(policy.id, r.id) for r in every} | gone[policy.id]
        count.records += len(keys)
        count.decided += sum(key in decisions for key in keys)
        if (policy.id, policy.id) not in removed:
            count.types.append(policy.document_type)
            count.open += [certainty(r) or 0.0 for r in every if (policy.id, r.id) not in decisions]
    rows = sorted((results.rows[name] for name in of), key=lambda r: r.document)
    return [_listed(row, of[row.document], row.document in results.corrected.checked) for row in rows]


@dataclass
class _Count:
    """What is known of a document's records."""

    records: int = 0
    decided: int = 0
    types: list[DocumentType] = field(default_factory=list)
    open: list[float] = field(default_factory=list)


def _listed(row: DocumentRow, count: _Count, checked: bool) -> dict[str, Any]:
    unnamed = bool(count.types) and set(count.types) == {DocumentType.UNNAMED_ACTION}
    return {
        "name": row.document,
        "status": row.status,
        "error": row.error.message if row.error is not None else None,
        "records": count.records,
        "decided": count.decided,
        "least": min(count.open, default=None),
        "triage": "unnamed" if unnamed else "" if count.types else "none",
        "checked": checked,
    }


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
        "refused": refusals(results, name),
        "waiting": len(results.corrected.waiting),
        "corrections": len(results.corrections),
        "checked": _checked(results, name),
        "earlier": waiting(results, name),
    }


def _checked(results: Results, name: str) -> dict[str, str] | None:
    """Who said that nothing is missing, and when."""
    said = results.corrected.checked.get(name)
    return {"who": said.who, "at": said.at.isoformat()} if said is not None else None


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
        "checked": _checked(after, name),
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
