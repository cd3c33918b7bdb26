"""The records that come out (schema version 2). Every field is a span, an enum, or computed from a span.

There is no free text: nothing in the output was written by a model. A field that the document does not
state is `null`: not stated, never zero, never "no".
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field

from schemas.document import Format, Frozen, OcrPage, Portal
from schemas.vocabulary import (
    ActionStatus,
    Comparator,
    DeadlineBasis,
    DocumentType,
    Flag,
    GovernmentLevel,
    Instrument,
    InstrumentCategory,
    ReferenceKind,
    Role,
    Status,
    TargetGroup,
    TechnologyField,
)

SCHEMA_VERSION = 2
READABLE = (1, SCHEMA_VERSION)
"""Versions that are read: a version adds fields, and a record written before has their defaults."""
ADDED: dict[int, tuple[str, ...]] = {
    2: ("Policy.confidence", "Measure.confidence", "Measure.instrument_confidence", "Target.confidence",
        "DocumentRow.furniture", "DocumentRow.left_out", "DocumentRow.portal", "Policy.budgets", "Policy.period_basis"),
}  # fmt: skip
"""Fields that each version has added."""
Confidence = Annotated[float, Field(ge=0, le=1)]
"""How likely it is that what is said is right: 0 to 1, two decimals; null where nobody knows."""


def lacking(version: int) -> str:
    """The fields that records of an earlier version have not, by their names."""
    fields = (field for added, names in ADDED.items() if added > version for field in names)
    return ", ".join(dict.fromkeys(field.partition(".")[2] for field in fields))


class Extent(Frozen):
    """A stretch of the source without its text. Offsets in Unicode code points, end exclusive."""

    start: int
    end: int


class Span(Frozen):
    """A verbatim stretch of the source: `document.text[start:end] == text`, always."""

    start: int
    end: int
    text: str


class Organisation(Frozen):
    """An organisation named in the source. `canonical` is null for a mere role such as 정부."""

    id: str
    name: Span
    canonical: str | None
    role: Role


class Reference(Frozen):
    """A document that the policy's article cites."""

    id: str
    title: Span
    url: Span | None
    kind: ReferenceKind


class Announced(Frozen):
    """Date of the announcement: ISO date, or `YYYY-MM`, or null where the year cannot be known; `raw` as printed."""

    value: str | None
    raw: Span


class Measure(Frozen):
    """One act of a policy (UNFCCC/EEA: policy or measure)."""

    id: str
    text: Span
    label: Span | None
    pillar: Span | None
    instrument: Instrument
    instrument_category: InstrumentCategory
    target_groups: tuple[TargetGroup, ...] = Field(max_length=3)
    technology_fields: tuple[TechnologyField, ...] = Field(max_length=2)
    implementers: tuple[Organisation, ...]
    action_status: ActionStatus
    confidence: Confidence | None = None
    """That this is a measure of the policy."""
    instrument_confidence: Confidence | None = None
    """That the instrument is this one."""
    flags: tuple[Flag, ...]


class Target(Frozen):
    """A quantified (or ranked) goal (CPDB impact indicator; Climate Policy Radar target).

    `value` is in base units with 만/억/조 resolved (`1,303억` is 130300000000); `unit` is the source's counter.
    """

    id: str
    measure_id: str | None
    text: Span
    indicator: Span
    raw: Span
    comparator: Comparator
    value: float | int | None
    value_max: float | int | None
    unit: str | None
    deadline: str | None
    deadline_basis: DeadlineBasis | None
    confidence: Confidence | None = None
    """That this is a goal of the policy; its value follows from its words."""
    flags: tuple[Flag, ...]


class Budget(Frozen):
    """An amount set aside for a policy or one of its measures: an input, never a goal.

    `value` is in base units with 만/억/조 resolved; `currency` by ISO 4217, null where several have these words.
    """

    id: str
    measure_id: str | None
    """The measure it is for; null: the whole policy."""
    text: Span
    raw: Span
    comparator: Comparator
    value: float | int | None
    value_max: float | int | None
    unit: str | None
    currency: str | None
    purpose: Span | None
    """What it is for, where words beside it say so."""
    years: Span | None
    """The words that tell the years for which it is set aside."""
    period_start: int | None
    period_end: int | None
    flags: tuple[Flag, ...]


class Provenance(Frozen):
    """What a record rests on; nothing that varies between equal runs (no cost, time, host or path)."""

    document_sha256: str
    prompt_set: str
    prompt_hash: str
    schema_hash: str
    model: str
    request_ids: tuple[str, ...]


class Policy(Frozen):
    """One policy (STIP: policy initiative; Climate Policy Radar: family)."""

    id: str
    document: str
    announcement: Span
    extent: Extent
    title: Span | None
    title_original: Span | None
    document_type: DocumentType
    status: Status | None
    issuers: tuple[Organisation, ...]
    government_level: GovernmentLevel | None
    jurisdiction: str | None
    jurisdiction_basis: Span | None = None
    """What the jurisdiction rests on where no issuer tells it; null where it is the issuers'."""
    announced_on: Announced | None
    period_basis: Span | None = None
    """The words that tell the years; null in results that were made before they were kept."""
    period_start: int | None
    period_end: int | None
    objective: Span | None
    technology_fields: tuple[TechnologyField, ...] = Field(max_length=3)
    measures: tuple[Measure, ...]
    targets: tuple[Target, ...]
    budgets: tuple[Budget, ...] = ()
    """Found by rule, whoever answered; empty in results that were made before there were any."""
    references: tuple[Reference, ...]
    evidence: tuple[Span, ...]
    confidence: Confidence | None = None
    """That the article reports a policy of an authority."""
    flags: tuple[Flag, ...]
    provenance: Provenance


class Refusal(Frozen):
    """What grounding refused, and why. `given` is what was answered, as compact JSON."""

    document: str
    article: int
    field: str
    given: str
    reason: str
    request_id: str | None


class Failure(Frozen):
    """Why a document failed: `kind` for programs, `message` for people."""

    kind: str
    message: str


class DocumentRow(Frozen):
    """One line of `documents.jsonl`."""

    document: str
    sha256: str | None
    same_as: tuple[str, ...]
    status: Literal["ok", "failed"]
    error: Failure | None
    encoding: str | None
    """Of a text file; null where the file was converted."""
    characters: int
    articles: int
    policies: int
    measures: int
    targets: int
    format: Format | None = None
    reader: str | None = None
    """What converted the file: library, its version, and a hash of our reader; null for text."""
    text: str | None = None
    """The text that all offsets refer to: a file below the output folder."""
    text_sha256: str | None = None
    """Of that file's bytes (UTF-8)."""
    pages: tuple[int, ...] = ()
    """Offset at which each page begins; empty for formats without pages."""
    hidden: bool = False
    """The file hides text from its reader, or what it does not show addresses a machine."""
    text_lost: int = 0
    """Signs, white space aside, that the file shows and its text has not; counted for PDF, HWP and HWPX."""
    furniture: tuple[int, ...] = ()
    """Lines of the text, from 1, that a web page says of itself, as its structure tells."""
    left_out: int = 0
    """Records that were found and are less certain than the run's `--min-confidence`."""
    overlooked: Confidence | None = None
    """How likely it reports a policy that was not taken: of the likeliest of its articles in which the draft took none.

    Null where there is no such article, or a model answered about the whole.
    """
    portal: Portal | None = None
    """What the site it came from knew of it, by the list that the run was given; null where nobody said."""
    answers: int = 0
    """Answers of a model that its records rest on, or that its failure came after."""
    input_tokens: int | None = None
    output_tokens: int | None = None
    """Of these answers when they were given, whoever paid; null where one of them does not tell."""
    money: float | None = None
    """What these tokens cost in US dollars, at the prices known to this version; null where no price is known."""
    ocr: tuple[OcrPage, ...] = ()
    """Pages that are pictures and were read as such; empty where none was."""


class Usage(Frozen):
    """What a run cost. `money` is in US dollars, null where no price is known; tokens as the service counts them."""

    calls: int = 0
    cache_hits: int = 0
    input_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0
    money: float | None = 0.0
    seconds: float = 0.0


class RunManifest(Frozen):
    """`run.json`: all that may vary between equal runs stands here and nowhere else."""

    schema_version: int = SCHEMA_VERSION
    version: str
    state: Literal["running", "finished", "stopped"] = "finished"
    """`stopped`: by the budget or by hand; the same command goes on. `running` stays if the run was killed."""
    started: dt.datetime
    finished: dt.datetime | None
    endpoint: str
    model: str
    model_sha256: str | None
    prompt_set: str
    prompt_hash: str
    schema_hash: str
    settings: dict[str, str | int | float | bool | None]
    versions: dict[str, str]
    documents: int
    failed: int
    policies: int
    measures: int
    targets: int
    refused: int
    usage: Usage
    errors: dict[str, int]
    files: dict[str, str] = Field(default_factory=dict)
    """sha256 of the result files that are in place, by name: what tells that one was changed."""
    answered_at: dict[str, int] = Field(default_factory=dict)
    """Answers that this command's documents rest on, by who gave them: an address without its secrets, `embedded`,
    `file`, or `unknown` for what was kept before this was noted."""
    notes: tuple[str, ...] = ()
    """What a person should know of the service, one sentence each."""
