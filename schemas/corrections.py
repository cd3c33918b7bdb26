"""What people decided about extracted records: the lines of `corrections.jsonl`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Literal

from schemas.document import Frozen
from schemas.records import Budget, Extent, Measure, Policy, Target

Record = Policy | Measure | Target | Budget
RecordKind = Literal["policy", "measure", "target", "budget"]
Decided = Literal["policy", "measure", "target", "budget", "document"]
"""What a decision is about. Of a `document`: nothing is missing that stands in it; its ids are empty."""
Action = Literal["accept", "reject", "edit", "add", "merge", "undo", "back"]
"""`accept`: right as it stands. `edit`: right as it stands here. `add`: was missed. `merge`: a policy is a part of
another one. `undo`: no decision any more. `back`: the decision before the last one holds again."""
PARTS = ("measures", "targets", "budgets")
"""Records that are in a policy, and decided about one by one."""
RecordKey = tuple[str, str, str]
"""A record as decisions know it: hash of the text, policy, and the record itself."""


class Correction(Frozen):
    """One decision about one record. The last one about a record holds; none is ever removed from the file."""

    at: dt.datetime
    who: str
    action: Action
    kind: Decided
    record_id: str
    """The record's id when it was first decided about; an edited record keeps it."""
    policy_id: str
    """Of the policy that the record belongs to (or is)."""
    document: str
    document_sha256: str
    text_sha256: str
    """Of the text that the offsets refer to: for another text (file edited, other reader) the correction waits."""
    span: Extent
    """Where the record stood when it was decided about, so that a run with another model finds it again."""
    policy: Policy | None = None
    """The policy as it is to be (of a rejected one: as it was), without what is in it."""
    measure: Measure | None = None
    target: Target | None = None
    budget: Budget | None = None
    into: str | None = None
    """The policy that the record belongs to from now on: of a merged policy the one that it is a part of, of another
    record the one it was moved to. Null: where it was found. While there is no such policy, it stays there."""

    between: tuple[str, ...] = ()
    """The people whose different decisions this one has chosen among; empty where it is its author's own."""

    @property
    def record(self) -> Record | None:
        """The record as it is to be, of a rejected one as it was; None for `undo` and `back`."""
        return self.policy or self.measure or self.target or self.budget

    @property
    def key(self) -> RecordKey:
        """The record that is decided about."""
        return self.text_sha256, self.policy_id, self.record_id


def that_hold(history: Iterable[Correction]) -> dict[RecordKey, Correction]:
    """Of every record the decision that holds, in the order they were made; none where all was taken back."""
    made: dict[RecordKey, list[Correction]] = {}
    for correction in history:
        before = made.pop(correction.key, [])
        if correction.action == "undo":
            before = []
        elif correction.action == "back":
            before = before[:-1]
        else:
            before = [*before, correction]
        if before:
            made[correction.key] = before
    return {key: decisions[-1] for key, decisions in made.items()}
