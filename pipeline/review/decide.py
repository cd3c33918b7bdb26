"""A wish of the page becomes corrections: one decision, or the several that belong together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from pipeline.correct import place_of
from pipeline.corrections import make_correction
from pipeline.model.ledger import schema_hash
from pipeline.results import Results
from pipeline.review.carry import carry, of_earlier
from pipeline.review.certain import records_of, undecided
from pipeline.review.disputes import ALONE, Others, disputes, settled
from pipeline.review.edit import edit
from pipeline.review.new import new_policy, new_record
from schemas.answer import Answer
from schemas.corrections import Action, Correction, Record, RecordKind
from schemas.errors import UsageError
from schemas.records import DocumentRow, Extent, Policy, Provenance

Seen = dt.datetime | None
_TAKEN_BACK = ("undo", "back")
Made = list[tuple[Correction, Seen]]


@dataclass(frozen=True)
class Wish:
    """What the page asks for."""

    action: str
    policy_id: str = ""
    record_id: str = ""
    document: str = ""
    """For a policy that is added."""
    kind: str = ""
    into: str = ""
    records: tuple[str, ...] = ()
    text: str = ""
    """Hash of the earlier text that a decision was about."""
    chosen: str = ""
    """Which of several people's decisions is to hold."""
    changes: Mapping[str, Any] | None = None
    seen: Seen = None
    """Time of the decision about the record that the page showed."""


@dataclass(frozen=True)
class Decided:
    """The corrections to be kept, and where what they are about is found afterwards."""

    document: str
    key: str
    made: Made


def decide(results: Results, wish: Wish, who: str, others: Others = ALONE) -> Decided:
    """The corrections that a wish amounts to. Raises `UsageError` with what cannot be.

    `others`: where other people decided about the same documents.
    """
    work = _WORK.get(wish.action)
    if work is None:
        raise UsageError(f"{wish.action!r}: one of {', '.join(_WORK)}")
    return work(_Desk(results, who, others), wish)


def accepted(results: Results, document: str, least: float, who: str) -> Made:
    """What accepts all that is left of a document and so certain."""
    desk = _Desk(results, who)
    return [(desk.correction("accept", policy, record), None) for policy, record in undecided(results, document, least)]


def find(results: Results, policy_id: str, record_id: str) -> tuple[Policy, Record]:
    """A policy and its record, rejected ones included. Raises `UsageError`."""
    removed = results.corrected.removed
    gone = removed.get((policy_id, policy_id))
    policies = (*results.policies, gone) if isinstance(gone, Policy) else results.policies
    policy = next((p for p in policies if p.id == policy_id), None)
    if policy is not None:
        record = next((r for r in records_of(policy) if r.id == record_id), None) or removed.get((policy_id, record_id))
        if record is not None:
            return policy, record
    raise UsageError("this record is no longer there; load the document again")


class _Desk:
    """One person's decisions about one folder, all at one time."""

    def __init__(self, results: Results, who: str, others: Others = ALONE) -> None:
        self.results, self.others = results, others
        self.who = who
        self.now = dt.datetime.now(dt.UTC)

    def correction(self, action: Action, policy: Policy, record: Record, into: str | None = None) -> Correction:
        """A correction in the place of the one before it; where its record was moved to stays so."""
        before = self.before(policy, record)
        made = make_correction(
            action,
            policy,
            record,
            at=self.now,
            who=self.who,
            text_sha256=self.results.rows[policy.document].text_sha256,
            span=before.span if before is not None else place_of(record).model_dump(exclude={"text"}),
        )
        if before is None:
            return made.model_copy(update={"into": into})
        # The decision before may stem from a run in which its policy had another id, or from before a move.
        kept = into if into is not None else before.into if action not in _TAKEN_BACK else None
        same = {"policy_id": before.policy_id, "record_id": before.record_id, "into": kept}
        return made.model_copy(update=same)

    def about_document(self, row: DocumentRow, action: Action) -> Correction:
        """A decision about a whole document."""
        return Correction(
            at=self.now, who=self.who, action=action, kind="document", record_id="", policy_id="",
            document=row.document, document_sha256=row.sha256 or "", text_sha256=row.text_sha256 or "",
            span=Extent(start=0, end=row.characters),
        )  # fmt: skip

    def signed(self, correction: Correction) -> Correction:
        """A correction as this person's, of now."""
        return correction.model_copy(update={"who": self.who, "at": self.now})

    def before(self, policy: Policy, record: Record) -> Correction | None:
        """The decision about a record that holds."""
        return self.results.corrected.decisions.get((policy.id, record.id))

    def seen(self, policy: Policy, record: Record) -> Seen:
        """When the decision that holds was made."""
        before = self.before(policy, record)
        return before.at if before is not None else None


def _one(action: Action) -> Callable[[_Desk, Wish], Decided]:
    """A decision about one record as it stands, or as it is changed."""

    def work(desk: _Desk, wish: Wish) -> Decided:
        policy, record = find(desk.results, wish.policy_id, wish.record_id)
        if record is not policy and (policy.id, policy.id) in desk.results.corrected.removed:
            raise UsageError("the policy of this record is rejected, and its records with it; undo that first")
        if action == "edit":
            record = edit(desk.results.source(policy.document), record, wish.changes or {}, policy)
        before = desk.before(policy, record)
        if action in _TAKEN_BACK and before is None:
            raise UsageError("nobody has decided about this record: there is nothing to undo")
        if action not in _TAKEN_BACK and before is not None and before.action == "merge":
            raise UsageError("this policy is a part of another one; undo that first")
        return Decided(
            policy.document, f"{policy.id}/{record.id}", [(desk.correction(action, policy, record), wish.seen)]
        )

    return work


def _add(desk: _Desk, wish: Wish) -> Decided:
    if wish.kind == "policy":
        return _add_policy(desk, wish.document, wish.changes or {})
    policy, _ = find(desk.results, wish.policy_id, wish.policy_id)
    source = desk.results.source(policy.document)
    record = new_record(source, policy, wish.kind, wish.changes or {})
    if any(r.id == record.id for r in records_of(policy)):
        raise UsageError("there is such a record at this place already; edit it")
    made: Made = [(desk.correction("add", policy, record), wish.seen or desk.seen(policy, record))]
    return Decided(policy.document, f"{policy.id}/{record.id}", made)


def _add_policy(desk: _Desk, document: str, changes: Mapping[str, Any]) -> Decided:
    source = desk.results.source(document)
    policy = new_policy(source, _provenance(desk.results, document, source.sha256), changes)
    if any(p.id == policy.id for p in desk.results.policies):
        raise UsageError("there is such a policy at this place already; edit it")
    made: Made = [(desk.correction("add", policy, policy), desk.seen(policy, policy))]
    return Decided(document, f"{policy.id}/{policy.id}", made)


def _provenance(results: Results, document: str, sha256: str) -> Provenance:
    """What a record of a person rests on: the document alone."""
    known = next((p.provenance for p in results.extracted if p.document == document), None)
    if known is not None:
        return known.model_copy(update={"request_ids": ()})
    facts = {"prompt_set": "draft", "prompt_hash": "", "schema_hash": schema_hash(Answer), "model": "draft"}
    return Provenance(document_sha256=sha256, request_ids=(), **facts)


def _merge(desk: _Desk, wish: Wish) -> Decided:
    """The policy becomes a part of the one named."""
    policy, _ = find(desk.results, wish.policy_id, wish.policy_id)
    body = next((p for p in desk.results.policies if p.id == wish.into), None)
    if body is None or body.id == policy.id or body.document != policy.document:
        raise UsageError("name another policy of the same document to be joined with")
    made: Made = [(desk.correction("merge", policy, policy, body.id), wish.seen)]
    return Decided(policy.document, f"{body.id}/{body.id}", made)


def _move(desk: _Desk, wish: Wish) -> Decided:
    """Measures, each with its targets and budgets, or such of the policy itself, go to another one of the document."""
    policy, _ = find(desk.results, wish.policy_id, wish.policy_id)
    if wish.into == policy.id or all(p.id != wish.into or p.document != policy.document for p in desk.results.policies):
        raise UsageError("name another policy of the same document to move records to")
    first = wish.records[0] if wish.records else ""
    return Decided(policy.document, f"{wish.into}/{first}", _moved(desk, policy, wish.records, wish.into))


def _split(desk: _Desk, wish: Wish) -> Decided:
    """A policy of its own for some measures of another one."""
    policy, _ = find(desk.results, wish.policy_id, wish.policy_id)
    added = _add_policy(desk, policy.document, wish.changes or {})
    into = added.made[0][0].policy_id
    return Decided(policy.document, added.key, [*added.made, *_moved(desk, policy, wish.records, into)])


def _moved(desk: _Desk, policy: Policy, records: Sequence[str], into: str) -> Made:
    wanted = set(records)
    parts: list[Record] = [m for m in policy.measures if m.id in wanted]
    parts += [t for t in policy.targets if t.id in wanted or t.measure_id in wanted]
    parts += [b for b in policy.budgets if b.id in wanted or b.measure_id in wanted]
    if not parts or not wanted <= {p.id for p in parts}:
        raise UsageError("choose measures that belong to the other policy; load the document again if they are gone")
    return [(desk.correction("edit", policy, part, into), desk.seen(policy, part)) for part in parts]


def _check(desk: _Desk, wish: Wish) -> Decided:
    """Nothing is missing in a document; said again, it is taken back."""
    row = desk.results.rows.get(wish.document)
    if row is None or row.text_sha256 is None or row.sha256 is None:
        raise UsageError(f"there is no text of {wish.document!r} in these results")
    before = desk.results.corrected.checked.get(wish.document)
    return Decided(wish.document, "", [(desk.about_document(row, "accept" if before is None else "undo"), wish.seen)])


def _carry(desk: _Desk, wish: Wish) -> Decided:
    """What was decided about an earlier text of the document, where its words still stand once."""
    if wish.document not in desk.results.rows:
        raise UsageError(f"there is no document {wish.document!r} in these results")
    made: Made = [(desk.signed(c), None) for c in carry(desk.results, wish.document)]
    return Decided(wish.document, "", made)


def _dismiss(desk: _Desk, wish: Wish) -> Decided:
    """A decision about an earlier text is looked at no more."""
    wanted = (wish.text, wish.policy_id, wish.record_id)
    gone = next((c for c in of_earlier(desk.results, wish.document) if c.key == wanted), None)
    if gone is None:
        raise UsageError("this decision no longer waits; load the document again")
    bare = {"action": "undo", **dict.fromkeys(get_args(RecordKind))}
    return Decided(wish.document, "", [(desk.signed(gone.model_copy(update=bare)), gone.at)])


def _settle(desk: _Desk, wish: Wish) -> Decided:
    """One of several people's decisions about a record holds from now on."""
    policy, record = find(desk.results, wish.policy_id, wish.record_id)
    own = desk.before(policy, record)
    found = disputes(desk.results, desk.others, [policy.document]).get(policy.document, [])
    dispute = next((d for d in found if own is not None and d.own.key == own.key), None)
    if dispute is None:
        raise UsageError("nobody has decided otherwise about this record; load the document again")
    made: Made = [(settled(dispute, wish.chosen, desk.who, desk.now), wish.seen)]
    return Decided(policy.document, f"{policy.id}/{record.id}", made)


_WORK: dict[str, Callable[[_Desk, Wish], Decided]] = {
    "accept": _one("accept"),
    "reject": _one("reject"),
    "edit": _one("edit"),
    "undo": _one("undo"),
    "back": _one("back"),
    "add": _add,
    "merge": _merge,
    "move": _move,
    "split": _split,
    "check": _check,
    "carry": _carry,
    "dismiss": _dismiss,
    "settle": _settle,
}
