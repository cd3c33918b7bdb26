"""The answer: what the rule baseline and a model produce alike, in unit ids, closed enums and short quotes.

Nothing here is a value: dates, numbers, units and ids are computed by `ground` from the spans that the
references resolve to. A reference names a unit (`u`), or a part of it by a short verbatim quote, or a
stretch by its first and last words.

The order of fields is the order in which a model writes them, required ones first: a server that holds a model to the
schema by a grammar (llama.cpp) lets it write in no other. Prompt and example have the same order; a test says so.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.json_schema import SkipJsonSchema

from schemas.vocabulary import (
    ActionStatus,
    Comparator,
    DocumentType,
    Flag,
    GovernmentLevel,
    Instrument,
    ReferenceKind,
    Role,
    Status,
    TargetGroup,
    TechnologyField,
)


class Wire(BaseModel):
    """Base of answer parts: unknown fields refused, field names on the wire as here, `from` by alias."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)


def _as_text(value: object) -> object:
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


class Ref(Wire):
    """A place in the article. A bare `u` means the whole unit."""

    u: Annotated[str, BeforeValidator(_as_text)]
    """Unit id as numbered in the article, e.g. `"12"` or `"5.1"`."""
    quote: str | None = None
    """A short verbatim substring of the unit."""
    from_: str | None = Field(default=None, alias="from")
    """First words of a stretch, verbatim."""
    to: str | None = None
    """Last words of the stretch: the first occurrence after `from`."""
    to_u: Annotated[str | None, BeforeValidator(_as_text)] = None
    """Unit in which `to` stands, where the stretch ends in a later unit."""
    nth: int | None = None
    """Which occurrence of `quote` or `from` in the unit, from 1."""


def _as_ref(value: object) -> object:
    """A bare id (`"12"`, `12`) is a reference to the whole unit."""
    return {"u": value} if isinstance(value, str | int | float) and not isinstance(value, bool) else value


Place = Annotated[Ref, BeforeValidator(_as_ref, json_schema_input_type=str | Ref)]


class IssuerA(Wire):
    """An organisation that performs the act; the first one named is the issuer, the others joint issuers."""

    name: Place
    role: Role = Role.ISSUER


class MeasureA(Wire):
    """One measure of a policy."""

    at: Place
    """The whole printed unit (guidelines 11-13)."""
    instrument: Instrument
    label: Place | None = None
    pillar: Place | None = None
    target_groups: list[TargetGroup] = []
    technology_fields: list[TechnologyField] = []
    implementers: list[Place] = []
    action_status: ActionStatus = ActionStatus.PLANNED
    flags: SkipJsonSchema[list[Flag]] = []
    """Set by rules, never asked of a model."""


class TargetA(Wire):
    """One target of a policy or of one of its measures."""

    at: Place
    indicator: Place
    raw: Place
    """The number phrase with its unit and comparator word."""
    comparator: Comparator
    deadline: Place | None = None
    measure: int | None = None
    """Position (from 0) in `measures` of the measure it belongs to; null for the policy itself."""
    flags: SkipJsonSchema[list[Flag]] = []


class ReferenceA(Wire):
    """A document that the article cites."""

    title: Place
    kind: ReferenceKind
    url: Place | None = None


class PolicyA(Wire):
    """One policy of the article."""

    announcement: Place
    document_type: DocumentType
    title: Place | None = None
    title_original: Place | None = None
    status: Status | None = None
    issuers: list[IssuerA] = []
    government_level: GovernmentLevel | None = None
    announced_on: Place | None = None
    period: Place | None = None
    objective: Place | None = None
    technology_fields: list[TechnologyField] = []
    evidence: list[Place] = []
    """Secondary places in the same article that state the policy: a lead, a headline, a box."""
    measures: list[MeasureA] = []
    targets: list[TargetA] = []
    references: list[ReferenceA] = []
    flags: SkipJsonSchema[list[Flag]] = []


class Answer(Wire):
    """Everything said about one article: its policies, possibly none."""

    policies: list[PolicyA] = []
