"""What people decided about extracted records: the lines of `corrections.jsonl`."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from schemas.document import Frozen
from schemas.records import Extent, Measure, Policy, Target

RecordKind = Literal["policy", "measure", "target"]
Action = Literal["accept", "reject", "edit", "add", "undo"]
"""`accept`: right as it stands. `edit`: right as it stands here. `add`: was missed. `undo`: no decision any more."""


class Correction(Frozen):
    """One decision about one record. The last one about a record holds; none is ever removed from the file."""

    at: dt.datetime
    who: str
    action: Action
    kind: RecordKind
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
    """The policy as it is to be (of a rejected one: as it was), without measures and targets."""
    measure: Measure | None = None
    target: Target | None = None

    @property
    def record(self) -> Policy | Measure | Target | None:
        """The record as it is to be, of a rejected one as it was; None for `undo`."""
        return self.policy or self.measure or self.target
