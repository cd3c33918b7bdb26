"""diff: what is new, gone or changed from one run to the next, policy by policy.

Compared is what records say. Where they stand, their ids and who answered may differ between runs without a word.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel

from pipeline.link import same_policy, title_form
from pipeline.results import Results
from schemas.corrections import RecordKind
from schemas.document import Frozen
from schemas.records import Announced, Measure, Organisation, Policy, Reference, Span, Target

SIMILAR = 0.6
"""Share of common characters (difflib) from which a measure or target is the same one, reworded."""
_SILENT = {
    "id", "policy_id", "measure_id", "extent", "provenance", "measures", "targets", "confidence",
    "instrument_confidence",
}  # fmt: skip
Part = Measure | Target
Record = TypeVar("Record", Policy, Measure, Target)
Pairs = list[tuple[Record, Record]]


class Change(Frozen):
    """A field that says something else now; null for a field that is not stated. Lists are joined by `; `."""

    field: str
    old: str | None
    new: str | None


class Item(Frozen):
    """A measure or target that is new or gone."""

    kind: RecordKind
    id: str
    text: str


class ChangedItem(Frozen):
    """A measure or target that is there in both runs and differs. `text` is the new one."""

    kind: RecordKind
    old_id: str
    new_id: str
    text: str
    changes: tuple[Change, ...]


class PolicyDifference(Frozen):
    """A policy that is new (`old_id` null), gone (`new_id` null) or changed, with its measures and targets."""

    old_id: str | None
    new_id: str | None
    document: str
    title: str
    """As printed; the announcement for an act without a named document."""
    changes: tuple[Change, ...] = ()
    new: tuple[Item, ...] = ()
    gone: tuple[Item, ...] = ()
    changed: tuple[ChangedItem, ...] = ()


class FailedNow(Frozen):
    """A document that was read in the old run and failed in the new one: its policies are not counted as gone."""

    document: str
    message: str
    policies: int


class Difference(Frozen):
    """What differs between two runs."""

    new: tuple[PolicyDifference, ...]
    gone: tuple[PolicyDifference, ...]
    changed: tuple[PolicyDifference, ...]
    same: int
    """Policies without a difference."""
    failed: tuple[FailedNow, ...]
    new_documents: tuple[str, ...]
    gone_documents: tuple[str, ...]


def diff(old: Results, new: Results) -> Difference:
    """Compares two runs, with people's corrections applied in both."""
    failed = _failed(old, new)
    aside = {f.document for f in failed}  # their policies are not looked for in other documents
    pairs, gone, added = _match_policies([p for p in old.policies if p.document not in aside], new.policies)
    compared = [_compare(one, other) for one, other in pairs]
    changed = tuple(d for d in compared if d.changes or d.new or d.gone or d.changed)
    return Difference(
        new=tuple(_whole(p, is_new=True) for p in added),
        gone=tuple(_whole(p, is_new=False) for p in gone),
        changed=changed,
        same=len(compared) - len(changed),
        failed=failed,
        new_documents=tuple(sorted(new.rows.keys() - old.rows.keys())),
        gone_documents=tuple(sorted(old.rows.keys() - new.rows.keys())),
    )


def _failed(old: Results, new: Results) -> tuple[FailedNow, ...]:
    return tuple(
        FailedNow(document=name, message=row.error.message, policies=sum(p.document == name for p in old.policies))
        for name, row in new.rows.items()
        if row.error is not None and name in old.rows and old.rows[name].status == "ok"
    )


def _match_policies(old: Sequence[Policy], new: Sequence[Policy]) -> tuple[Pairs[Policy], list[Policy], list[Policy]]:
    """Policies of both runs, and those of one alone: by id, then by title within a document, then as `pams link`."""
    pairs: Pairs[Policy] = []
    left = list(old), list(new)
    for key in (lambda p: p.id, lambda p: (p.document, _name(p)), lambda p: (p.document, _folded(p.announcement.text))):
        left = _take_equal(*left, key, pairs)
    old_left, new_left = left
    for one in list(old_left):
        same = next((other for other in new_left if same_policy(one, other)), None)
        if same is not None:
            pairs.append((one, same))
            old_left.remove(one)
            new_left.remove(same)
    order = {p.id: at for at, p in enumerate(new)}
    return sorted(pairs, key=lambda pair: order[pair[1].id]), old_left, new_left


def _name(policy: Policy) -> str:
    """A title's normal form; an act without a title has none that another could share."""
    return title_form(policy.title.text) if policy.title is not None else f"|{policy.id}"


def _take_equal(
    old: list[Record], new: list[Record], key: Callable[[Record], Any], pairs: Pairs[Record]
) -> tuple[list[Record], list[Record]]:
    """Moves records with equal keys into `pairs`, in order where several are equal; gives what is left."""
    waiting: dict[Any, list[Record]] = {}
    for record in new:
        waiting.setdefault(key(record), []).append(record)
    left, taken = [], set()
    for record in old:
        equal = waiting.get(key(record))
        if equal:
            pairs.append((record, equal.pop(0)))
            taken.add(id(pairs[-1][1]))
        else:
            left.append(record)
    return left, [record for record in new if id(record) not in taken]


def _match_parts(old: Sequence[Record], new: Sequence[Record]) -> tuple[Pairs[Record], list[Record], list[Record]]:
    """Measures or targets of one policy: by id, then by their words, then by likeness, best first."""
    pairs: Pairs[Record] = []
    left = list(old), list(new)
    for key in (lambda r: r.id, _words):
        left = _take_equal(*left, key, pairs)
    old_left, new_left = left
    for _, one, other in sorted(_alike(old_left, new_left), key=lambda found: -found[0]):
        if one in old_left and other in new_left:
            pairs.append((one, other))
            old_left.remove(one)
            new_left.remove(other)
    return pairs, old_left, new_left


def _alike(old: Sequence[Record], new: Sequence[Record]) -> Iterable[tuple[float, Record, Record]]:
    for other in new:
        matcher = difflib.SequenceMatcher(b=_words(other), autojunk=False)
        for one in old:
            matcher.set_seq1(_words(one))
            # The quick ones are upper bounds and spare most of the work.
            if matcher.real_quick_ratio() >= SIMILAR and matcher.quick_ratio() >= SIMILAR:
                ratio = matcher.ratio()
                if ratio >= SIMILAR:
                    yield ratio, one, other


def _words(record: Policy | Measure | Target) -> str:
    """What a record says in the source's words."""
    if isinstance(record, Target):
        return _folded(f"{record.text.text} {record.indicator.text} {record.raw.text}")
    if isinstance(record, Measure):
        return _folded(record.text.text)
    return _folded((record.title or record.announcement).text)


def _folded(text: str) -> str:
    return " ".join(text.split())


def _compare(old: Policy, new: Policy) -> PolicyDifference:
    measures, targets = _match_parts(old.measures, new.measures), _match_parts(old.targets, new.targets)
    gone: list[Part] = [*measures[1], *targets[1]]
    added: list[Part] = [*measures[2], *targets[2]]
    pairs: list[tuple[Part, Part]] = [*measures[0], *targets[0]]
    return PolicyDifference(
        old_id=old.id,
        new_id=new.id,
        document=new.document,
        title=_words(new),
        changes=_changes(old, new),
        gone=tuple(_item(r) for r in gone),
        new=tuple(_item(r) for r in added),
        changed=tuple(_changed(one, other, changes) for one, other in pairs if (changes := _changes(one, other))),
    )


def _whole(policy: Policy, *, is_new: bool) -> PolicyDifference:
    records: list[Part] = [*policy.measures, *policy.targets]
    items = tuple(_item(record) for record in records)
    return PolicyDifference(
        old_id=None if is_new else policy.id,
        new_id=policy.id if is_new else None,
        document=policy.document,
        title=_words(policy),
        new=items if is_new else (),
        gone=() if is_new else items,
    )


def _item(record: Part) -> Item:
    return Item(kind=_kind(record), id=record.id, text=_shown_words(record))


def _changed(old: Part, new: Part, changes: tuple[Change, ...]) -> ChangedItem:
    return ChangedItem(kind=_kind(new), old_id=old.id, new_id=new.id, text=_shown_words(new), changes=changes)


def _kind(record: Part) -> RecordKind:
    return "target" if isinstance(record, Target) else "measure"


def _shown_words(record: Part) -> str:
    if isinstance(record, Target):
        return _folded(f"{record.indicator.text}: {record.raw.text}")
    return _folded(record.text.text)


def _changes(old: BaseModel, new: BaseModel) -> tuple[Change, ...]:
    """The fields of a record that say something else."""
    fields = [name for name in type(new).model_fields if name not in _SILENT]
    said = [(name, _said(getattr(old, name)), _said(getattr(new, name))) for name in fields]
    return tuple(Change(field=name, old=one, new=other) for name, one, other in said if one != other)


def _said(value: Any) -> str | None:
    """What a field says, without its place."""
    match value:
        case None:
            return None
        case Span():
            return _folded(value.text)
        case Announced():
            return value.value or _folded(value.raw.text)
        case Organisation():
            return _folded(value.name.text)
        case Reference():
            return _folded(" ".join(s.text for s in (value.title, value.url) if s is not None))
        case tuple():
            return "; ".join(str(_said(part)) for part in value) or None
        case float() if value.is_integer():
            return str(int(value))
        case _:
            return str(value)
