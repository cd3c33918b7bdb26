"""What the page shows: documents, and of one document its text, records, decisions and refused references, as JSON."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pipeline.correct import place_of
from pipeline.results import Results, is_open, placed_units
from pipeline.review.carry import waiting
from pipeline.review.certain import certainty, records_of
from pipeline.review.disputes import ALONE, Others, disputes
from pipeline.review.disputes import as_json as as_dispute
from pipeline.review.fields import FIELDS, RECORDS, Field, as_json
from pipeline.review.refusals import refusals
from schemas.corrections import PARTS, Record
from schemas.document import Document
from schemas.records import DocumentRow, Policy, Span
from schemas.vocabulary import DocumentType, Flag, InstrumentCategory, Term

SHORT = 200_000
"""Signs of a text whose outline nobody has to wait for."""


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


def documents(results: Results, names: Collection[str] | None = None, others: Others = ALONE) -> list[dict[str, Any]]:
    """One entry a document: name, state, how many records, how many of them decided about (rejected ones included).

    `least`: how certain the least certain record is that nobody has decided about, 0 where nobody knows, null where
    none is left. `overlooked`: how likely it reports a policy that was not taken. `triage`: `none` without a policy,
    `unnamed` where all of them are acts without a named document. `checked`: a person says that nothing is missing.
    `disputed`: records that people decided differently about, and nobody has chosen yet. `names`: only of these.
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
        every = records_of(policy) if (policy.id, policy.id) not in removed else (policy,)  # with all that is in it
        keys = {(policy.id, r.id) for r in every} | gone[policy.id]
        count.records += len(keys)
        count.decided += sum(key in decisions for key in keys)
        if (policy.id, policy.id) not in removed:
            count.types.append(policy.document_type)
            count.open += [certainty(r) or 0.0 for r in every if (policy.id, r.id) not in decisions]
    for name, found in disputes(results, others, of).items():
        of[name].disputed = sum(not d.settled for d in found)
    rows = sorted((results.rows[name] for name in of), key=lambda r: r.document)
    return [_listed(row, of[row.document], row.document in results.corrected.checked) for row in rows]


@dataclass
class _Count:
    """What is known of a document's records."""

    records: int = 0
    decided: int = 0
    disputed: int = 0
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
        "overlooked": row.overlooked,
        "triage": "unnamed" if unnamed else "" if count.types else "none",
        "checked": checked,
        "disputed": count.disputed,
    }


def document(results: Results, name: str, *, at_once: bool = False, others: Others = ALONE) -> dict[str, Any]:
    """One document with everything about it. Raises `InputError` where its text is not there.

    `at_once`: a long text whose outline is not known yet comes without what rests on it, and says so (`outlined`).
    """
    source, shown = results.source(name), _shown(results, name)
    outlined = not at_once or _has_outline(source)
    told = _of_outline(results, name) if outlined else {"units": [], "refused": [], "earlier": []}
    return {
        "name": name,
        "format": source.format,
        "text": source.text,
        "pages": list(source.pages),
        "portal": source.portal.model_dump(mode="json") if source.portal is not None else None,
        "policies": [_policy(results, p, rejected=rejected) for p, rejected in shown],
        "decisions": _decisions(results, {p.id for p, _ in shown}),
        "waiting": len(results.corrected.waiting),
        "corrections": len(results.corrections),
        "checked": _checked(results, name),
        "disputes": _disputes(results, name, others),
        "outlined": outlined,
        **told,
    }


def _has_outline(source: Document) -> bool:
    """Whether nobody has to wait for a document's outline."""
    return len(source.text) <= SHORT or is_open(source)


def _of_outline(results: Results, name: str) -> dict[str, Any]:
    """What is known of a document once its units are."""
    units = placed_units(results.source(name))
    return {
        "units": [[start, end, str(unit.kind), unit.level] for unit, (start, end) in units],
        "refused": refusals(results, name),
        "earlier": waiting(results, name),
    }


def _checked(results: Results, name: str) -> dict[str, str] | None:
    """Who said that nothing is missing, and when."""
    said = results.corrected.checked.get(name)
    return {"who": said.who, "at": said.at.isoformat()} if said is not None else None


def _disputes(results: Results, name: str, others: Others) -> dict[str, Any]:
    """By key of the record, what people decided differently."""
    found = {d.own.key: as_dispute(d) for d in disputes(results, others, [name]).get(name, ())}
    decisions = results.corrected.decisions.items() if found else ()
    return {"/".join(key): found[c.key] for key, c in decisions if c.key in found}


def changes_in(before: Results, after: Results, name: str, others: Others = ALONE) -> dict[str, Any] | None:
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
        "disputes": _disputes(after, name, others),
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
    for part in PARTS:
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
    shown = policy.model_dump(mode="json", exclude={"provenance", *PARTS})
    place = _place(results, policy.document, policy.announcement)
    return {**shown, "place": place, "certain": certainty(policy), "rejected": rejected}


def _parts(results: Results, policy: Policy, part: str) -> dict[str, tuple[Record, bool]]:
    """The measures, targets or budgets of a policy by id, rejected ones too, and whether they are that."""
    kind = RECORDS[part.removesuffix("s")]
    removed = [r for key, r in results.corrected.removed.items() if key[0] == policy.id and isinstance(r, kind)]
    return {r.id: (r, False) for r in getattr(policy, part)} | {r.id: (r, True) for r in removed}


def _same(one: tuple[Record, bool] | None, other: tuple[Record, bool]) -> bool:
    return one is not None and one[1] == other[1] and (one[0] is other[0] or one[0] == other[0])


def _policy(results: Results, policy: Policy, *, rejected: bool) -> dict[str, Any]:
    """A policy with its records in text order; what a person rejected is shown too, so that it can be taken back."""
    shown = _own_fields(results, policy, rejected=rejected)
    for part in PARTS:
        records = sorted(
            _parts(results, policy, part).values(), key=lambda entry: (place_of(entry[0]).start, entry[0].id)
        )
        shown[part] = [_record(results, policy.document, r, rejected=out) for r, out in records]
    return shown


def _record(results: Results, document: str, record: Record, *, rejected: bool) -> dict[str, Any]:
    return {
        **record.model_dump(mode="json"),
        "place": _place(results, document, place_of(record)),
        "certain": certainty(record),
        "rejected": rejected,
    }


def _place(results: Results, document: str, span: Span) -> dict[str, Any]:
    """Where a person finds it: page or heading, and line; the heading once the outline is known."""
    source = results.source(document)
    above = results.heading(document, span) if _has_outline(source) else None
    heading = " ".join(above.text.split()) if above is not None else None
    return {"page": source.page(span.start), "heading": heading, "line": results.line(document, span)}
