"""correct: what people decided is laid over the records of a run, whichever run it was decided on.

A correction is of one text. In it, a record is found by its id; where a later run (another model, other rules) found it
a little differently, it is the free record that overlaps it most; where the run missed it, it is put back. No record
is taken by two corrections. Policies that people said are one become one as in a run (`merge`); records that were
moved to another policy leave the one they were found in.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from pipeline.merge import join
from schemas.corrections import PARTS, Correction, Record, that_hold
from schemas.records import Budget, DocumentRow, Extent, Measure, Policy, Span, Target
from schemas.vocabulary import DeadlineBasis

SAME = 0.5
"""Overlap (common length by joint length) from which two spans are one record found twice."""

Key = tuple[str, str]
"""A record in the results: id of its policy, and its own (of a policy: twice the same)."""
Found = TypeVar("Found", Policy, Measure, Target, Budget)
Linked = TypeVar("Linked", Target, Budget)


@dataclass(frozen=True)
class Corrected:
    """Policies with corrections laid over them."""

    policies: tuple[Policy, ...]
    """By document and offset."""
    decisions: Mapping[Key, Correction] = field(default_factory=dict)
    """The corrections that hold, by the record they were laid over."""
    removed: Mapping[Key, Record] = field(default_factory=dict)
    """What people rejected, as it was."""
    checked: Mapping[str, Correction] = field(default_factory=dict)
    """Documents of which a person says that nothing is missing, by name."""
    waiting: tuple[Correction, ...] = ()
    """Corrections that found no place: their text is not here (any more), or their policy is gone."""


def correct(
    policies: Sequence[Policy], corrections: Iterable[Correction], rows: Mapping[str, DocumentRow]
) -> Corrected:
    """The policies as people want them. `rows`: the documents of the run by name."""
    history = list(corrections)
    added = {(c.policy_id, c.record_id) for c in history if c.action == "add"}
    by_document: dict[str, list[Policy]] = defaultdict(list)
    for policy in policies:
        by_document[policy.document].append(policy)
    here: dict[str, list[Correction]] = defaultdict(list)
    waiting: list[Correction] = []
    checked: dict[str, Correction] = {}
    names = _names(rows)
    for correction in that_hold(history).values():
        name = names(correction)
        if name is None:
            waiting.append(correction)
        elif correction.kind == "document":
            checked[name] = correction
        else:
            here[name].append(correction)
    carried = {(c.policy_id, c.record_id) for of_text in here.values() for c in of_text}
    waiting = [c for c in waiting if (c.policy_id, c.record_id) not in carried]
    decisions: dict[Key, Correction] = {}
    removed: dict[Key, Record] = {}
    for name, of_document in here.items():
        work = _Document(name, by_document[name], added)
        work.run(of_document)
        by_document[name] = work.policies
        decisions |= work.decisions
        removed |= work.removed
        waiting += work.waiting
    return Corrected(
        tuple(p for name in sorted(by_document) for p in by_document[name]), decisions, removed, checked, tuple(waiting)
    )


def _names(rows: Mapping[str, DocumentRow]) -> Callable[[Correction], str | None]:
    """Under which name a correction's text is in these results: of the same file, else of one that reads the same."""
    exact = {(row.sha256, row.text_sha256): name for name, row in rows.items() if row.text_sha256 is not None}
    alike = {row.text_sha256: name for name, row in rows.items() if row.text_sha256 is not None}
    return lambda c: exact.get((c.document_sha256, c.text_sha256)) or alike.get(c.text_sha256)


class _Document:
    """One document's policies, and what is laid over them."""

    def __init__(self, name: str, policies: Sequence[Policy], added: set[Key]) -> None:
        self.policies = list(policies)
        self.decisions: dict[Key, Correction] = {}
        self.removed: dict[Key, Record] = {}
        self.waiting: list[Correction] = []
        self._name = name
        self._added = added
        self._homes: dict[str, str] = {}
        """Ids of policies as corrections know them → as they are in the results now."""
        self._ends: dict[str, int | None] = {}
        """The last year of policies as the run found it, of those that someone decided about."""
        self._holders: dict[str, list[str]] = defaultdict(list)
        """What is in a policy → the policies that a run found them in."""
        self._merged: list[tuple[Correction, Policy | None]] = []

    def run(self, corrections: Sequence[Correction]) -> None:
        """Policies first, then which of them are one, then what is in them."""
        self._policies([c for c in corrections if c.kind == "policy"])
        self._merge()
        for policy in self.policies:
            for part in PARTS:
                for record in getattr(policy, part):
                    self._holders[record.id].append(policy.id)
        of_policy: dict[str, list[Correction]] = defaultdict(list)
        for correction in (c for c in corrections if c.kind != "policy"):
            home = self._home(correction)
            if home is None:
                self.waiting.append(correction)
            else:
                of_policy[home].append(correction)
        for home, of_home in of_policy.items():
            self._take([c for c in of_home if c.into is not None], home)
        self.policies = [self._with_parts(p, of_policy[p.id]) for p in self.policies]
        self.policies.sort(key=lambda p: (p.announcement.start, p.id))

    def _policies(self, corrections: Sequence[Correction]) -> None:
        pairs = _pairs(self.policies, corrections, self._added, lambda p: p.announcement)
        for correction, found in pairs:
            key = (correction.record_id, correction.record_id)
            self.decisions[key] = correction
            if found is not None:
                self.policies = [p for p in self.policies if p is not found]
                self._homes[found.id] = correction.record_id
                self._ends[correction.record_id] = found.period_end
            kept = found or correction.policy
            if correction.action == "merge":
                self._merged.append((correction, kept))
            elif correction.action == "reject":
                if kept is not None:
                    self.removed[key] = kept.model_copy(update={"id": correction.record_id, "document": self._name})
            elif correction.policy is not None:
                parts = {part: getattr(found, part) for part in PARTS} if found is not None else {}
                self.policies.append(correction.policy.model_copy(update={**parts, "document": self._name}))

    def _merge(self) -> None:
        """Policies that are part of another one; where that is not there, they stay as they were found."""
        into = {c.record_id: c.into or "" for c, _ in self._merged}
        for correction, found in self._merged:
            key, root = (correction.record_id, correction.record_id), self._root(correction.into or "", into)
            body = next((p for p in self.policies if p.id == root), None)
            if body is None and (root, root) not in self.removed:
                self.waiting.append(correction)
                del self.decisions[key]
                if found is not None:
                    self.policies.append(found.model_copy(update={"id": correction.record_id}))
                continue
            self._homes[correction.record_id] = root
            if found is None:
                continue
            if body is not None:
                self.policies = [join(body, found) if p is body else p for p in self.policies]
            bare = {"id": correction.record_id, "document": self._name, **dict.fromkeys(PARTS, ())}
            self.removed[key] = found.model_copy(update=bare)

    def _root(self, policy_id: str, into: Mapping[str, str]) -> str:
        """The policy that is none's part; of a circle, none."""
        seen = set()
        at = self._homes.get(policy_id, policy_id)
        while at in into:
            if at in seen:
                return ""
            seen.add(at)
            at = self._homes.get(into[at], into[at])
        return at

    def _home(self, correction: Correction) -> str | None:
        """The policy in which a measure or target belongs; that of a rejected one is not looked for elsewhere."""
        known = [self._homes.get(i, i) for i in (correction.into, correction.policy_id) if i is not None]
        there = {p.id for p in self.policies}
        holders = self._holders.get(correction.record_id, [])
        for home in known:
            if (home, home) in self.removed:
                return home
            if home in there and (not holders or home in holders or correction.into is not None):
                return home
        if holders:  # decided about while its policy was a part of another one
            return holders[0]
        around = (p.id for p in self.policies if p.extent.start <= correction.span.start < p.extent.end)
        return next(around, None)

    def _take(self, moved: Sequence[Correction], home: str) -> None:
        """Records that were moved to `home` leave the policies that they were found in."""
        for part in PARTS:
            wanted = [c for c in moved if f"{c.kind}s" == part]
            for n, policy in enumerate(self.policies):
                if policy.id == home:
                    continue
                own = [c for c in wanted if self._homes.get(c.policy_id, c.policy_id) == policy.id]
                gone = {f.id for _, f in _pairs(getattr(policy, part), own, self._added, place_of) if f is not None}
                kept = tuple(r for r in getattr(policy, part) if r.id not in gone)
                self.policies[n] = policy.model_copy(update={part: kept}) if gone else policy

    def _with_parts(self, policy: Policy, corrections: Sequence[Correction]) -> Policy:
        decided = {c.record_id for c in corrections if c.kind == "target"}
        policy = self._in_period(policy, decided)
        if not corrections:
            return policy
        renamed: dict[str, str] = {}
        measures = self._parts(policy, policy.measures, [c for c in corrections if c.kind == "measure"], renamed)
        targets = self._parts(policy, policy.targets, [c for c in corrections if c.kind == "target"], {})
        budgets = self._parts(policy, policy.budgets, [c for c in corrections if c.kind == "budget"], {})
        there = {m.id for m in measures}
        linked = {"targets": _linked(targets, there, renamed), "budgets": _linked(budgets, there, renamed)}
        return policy.model_copy(update={"measures": tuple(measures), **linked})

    def _in_period(self, policy: Policy, decided: set[str]) -> Policy:
        """Where a person set the policy's period, the targets without a date of their own are due at its end."""
        if policy.id not in self._ends or self._ends[policy.id] == policy.period_end:
            return policy
        due: dict[str, object] = {"deadline": None, "deadline_basis": None}
        if policy.period_end is not None:
            due = {"deadline": str(policy.period_end), "deadline_basis": DeadlineBasis.POLICY_PERIOD}
        targets = tuple(
            t.model_copy(update=due)
            if t.deadline_basis is DeadlineBasis.POLICY_PERIOD or (t.deadline is None and t.id not in decided)
            else t
            for t in policy.targets
        )
        return policy.model_copy(update={"targets": targets})

    def _parts(
        self, policy: Policy, records: Sequence[Found], corrections: Sequence[Correction], renamed: dict[str, str]
    ) -> list[Found]:
        """Measures, targets or budgets of one policy; `renamed` is told which of them are known under another id."""
        kept = list(records)
        for correction, found in _pairs(records, corrections, self._added, place_of):
            key = (policy.id, correction.record_id)
            self.decisions[key] = correction
            after = correction.record
            if found is not None:
                kept = [r for r in kept if r is not found]
                renamed[found.id] = correction.record_id
            if correction.action == "reject":
                gone = found or after
                if gone is not None:
                    self.removed[key] = gone.model_copy(update={"id": correction.record_id})
            elif after is not None:
                kept.append(after)  # type: ignore[arg-type]
        return sorted(kept, key=lambda r: (place_of(r).start, r.id))


def place_of(record: Record) -> Span:
    """Where a record stands: targets and budgets often share their text, so they go by their number."""
    if isinstance(record, Policy):
        return record.announcement
    return record.raw if isinstance(record, Target | Budget) else record.text


def _linked(records: Sequence[Linked], there: Collection[str], renamed: Mapping[str, str]) -> tuple[Linked, ...]:
    """Targets or budgets under the ids that measures have now; those of a measure that is gone are the policy's.

    What does not change stays the same object: who looks for changes need not compare its words.
    """
    homes = [renamed.get(r.measure_id or "", r.measure_id) for r in records]
    kept = [home if home in there else None for home in homes]
    pairs = zip(records, kept, strict=True)
    return tuple(r if home == r.measure_id else r.model_copy(update={"measure_id": home}) for r, home in pairs)


def _pairs(
    records: Sequence[Found], corrections: Sequence[Correction], added: set[Key], place: Callable[[Found], Span]
) -> list[tuple[Correction, Found | None]]:
    """Every correction with the record it is about, None where there is none; ids first, then places."""
    by_id = {r.id: r for r in records}
    found: dict[int, Found] = {n: by_id[c.record_id] for n, c in enumerate(corrections) if c.record_id in by_id}
    taken = {r.id for r in found.values()}
    near = [
        (overlap(place(r), c.span), n, r)
        for n, c in enumerate(corrections)
        if n not in found and (c.policy_id, c.record_id) not in added
        for r in records
        if r.id not in taken and overlap(place(r), c.span) >= SAME
    ]
    for _, n, record in sorted(near, key=lambda entry: (-entry[0], entry[1], entry[2].id)):
        if n not in found and record.id not in taken:
            found[n] = record
            taken.add(record.id)
    return [(c, found.get(n)) for n, c in enumerate(corrections)]


def overlap(one: Span | Extent, other: Span | Extent) -> float:
    """Common length of two places by their joint length."""
    common = min(one.end, other.end) - max(one.start, other.start)
    return common / (max(one.end, other.end) - min(one.start, other.start)) if common > 0 else 0.0
