"""The gold YAML as it is written by hand: fields, vocabularies and consistency, before any quote is looked up.

A quote stays a string here (`"LINE: quote"`); `gold` turns it into a span. Unknown fields are refused, so that
a misspelt field cannot silently mean "not stated".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from schemas.vocabulary import (
    ActionStatus,
    Comparator,
    DeadlineBasis,
    DocumentType,
    GovernmentLevel,
    Instrument,
    ReferenceKind,
    Status,
    TargetGroup,
    TechnologyField,
)

_DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")
_JURISDICTION = re.compile(r"EU|[A-Z]{2}(-[A-Z0-9]{1,3})?")
WITHOUT_NUMBER = (Comparator.ELIMINATE, Comparator.REFERENCE)


def _text(value: object) -> object:
    """YAML reads a bare 2025 as a number and 2025-01-02 as a date: both are strings here."""
    return value if value is None or isinstance(value, str) else str(value)


def _many(value: object) -> object:
    return [] if value is None else value


Text = Annotated[str, BeforeValidator(_text)]


class Entry(BaseModel):
    """Base of everything written in a gold file."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Doubtful(Entry):
    """A record on which careful readers may differ carries `borderline: true` and counts neither for nor against."""

    borderline: bool = False
    note: str | None = None


class AnnouncedEntry(Entry):
    """Date of the announcement: `raw` as printed, `value` ISO (year, month or day) or null."""

    raw: str
    value: Annotated[str | None, BeforeValidator(_text)] = None

    @model_validator(mode="after")
    def _iso(self) -> Self:
        _check(self.value is None or _DATE.fullmatch(self.value), f"{self.value!r} is no YYYY, YYYY-MM or YYYY-MM-DD")
        return self


class MeasureEntry(Doubtful):
    """A measure; `at` is the whole printed unit."""

    key: Text
    at: str
    label: str | None = None
    pillar: str | None = None
    instrument: Instrument
    target_groups: Annotated[list[TargetGroup], BeforeValidator(_many), Field(max_length=3)] = []
    technology_fields: Annotated[list[TechnologyField], BeforeValidator(_many), Field(max_length=2)] = []
    implementers: Annotated[list[str], BeforeValidator(_many)] = []
    action_status: ActionStatus


class TargetEntry(Doubtful):
    """A target; `measure` names the key of the measure it belongs to."""

    at: str
    indicator: str
    raw: str
    comparator: Comparator
    value: float | int | None = None
    value_max: float | int | None = None
    unit: Annotated[str | None, BeforeValidator(_text)] = None
    deadline: Annotated[str | None, BeforeValidator(_text)] = None
    deadline_basis: DeadlineBasis | None = None
    measure: Annotated[str | None, BeforeValidator(_text)] = None

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.comparator in WITHOUT_NUMBER:
            _check(self.value is None, f"value must be null for {self.comparator}")
        else:
            _check(self.value is not None, f"value must be a number for {self.comparator}")
        is_range = self.comparator is Comparator.RANGE
        _check((self.value_max is not None) == is_range, "value_max stands exactly with comparator range")
        both = (self.deadline is None) == (self.deadline_basis is None)
        _check(both, "deadline and deadline_basis go together")
        _check(self.deadline is None or _DATE.fullmatch(self.deadline), f"deadline {self.deadline!r} is no date")
        return self


class ReferenceEntry(Doubtful):
    """A cited document."""

    title: str
    url: str | None = None
    kind: ReferenceKind


class PolicyEntry(Doubtful):
    """A policy; `extent` holds the first and last line of the article it was read from."""

    key: Text
    extent: tuple[int, int]
    announcement: str
    title: str | None = None
    title_original: str | None = None
    document_type: DocumentType
    status: Status | None = None
    issuers: Annotated[list[str], BeforeValidator(_many)] = []
    government_level: GovernmentLevel | None = None
    jurisdiction: str | None = None
    announced_on: AnnouncedEntry | None = None
    period: tuple[int | None, int | None] | None = None
    objective: str | None = None
    technology_fields: Annotated[list[TechnologyField], BeforeValidator(_many), Field(max_length=3)] = []
    evidence: Annotated[list[str], BeforeValidator(_many)] = []
    measures: Annotated[list[MeasureEntry], BeforeValidator(_many)] = []
    targets: Annotated[list[TargetEntry], BeforeValidator(_many)] = []
    references: Annotated[list[ReferenceEntry], BeforeValidator(_many)] = []

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        unnamed = self.document_type is DocumentType.UNNAMED_ACTION
        _check((self.title is None) == unnamed, "title is null exactly for unnamed_action")
        code = self.jurisdiction
        _check(code is None or _JURISDICTION.fullmatch(code), f"jurisdiction {code!r}: EU, KR, CN-BJ …")
        keys = [m.key for m in self.measures]
        _check(not repeated(keys), f"measure keys used twice: {', '.join(repeated(keys))}")
        lost = sorted({t.measure for t in self.targets if t.measure is not None} - set(keys))
        _check(not lost, f"targets name measures that are not there: {', '.join(lost)}")
        return self


class NotTargetEntry(Entry):
    """A background number that would trap an extractor; `rule` is the guideline that excludes it."""

    at: str
    rule: Text
    note: str | None = None


class GoldFile(Entry):
    """One document's gold."""

    document: str
    sha256: str
    prose: bool | None = None
    """Hardly any layout; left out, it is told from the measures' lines."""
    policies: Annotated[list[PolicyEntry], BeforeValidator(_many)] = []
    not_targets: Annotated[list[NotTargetEntry], BeforeValidator(_many)] = []
    notes: str | list[str] | None = None

    @model_validator(mode="after")
    def _unique(self) -> Self:
        keys = repeated([p.key for p in self.policies])
        _check(not keys, f"policy keys used twice: {', '.join(keys)}")
        return self


def repeated(keys: Sequence[str]) -> list[str]:
    """The keys that occur more than once, sorted."""
    return sorted({key for key in keys if keys.count(key) > 1})


def _check(holds: object, message: str) -> None:
    if not holds:
        raise ValueError(message)
