"""What a person changes in a record: spans selected in the source, values from the closed lists; the rest is computed.

As with a model's answer, nothing is typed: a correction cannot hold words or numbers that the document does not.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from pydantic import ValidationError

from pipeline.normalise import (
    comparator_in,
    find_deadline,
    find_issue_date,
    find_issue_year,
    parse_date,
    parse_quantity,
    plan_period,
)
from pipeline.normalise.edges import cuts_number
from schemas.document import Document, Frozen
from schemas.errors import UsageError
from schemas.records import Announced, Measure, Policy, Span, Target
from schemas.vocabulary import (
    ActionStatus,
    Comparator,
    DeadlineBasis,
    DocumentType,
    GovernmentLevel,
    Instrument,
    Status,
    TargetGroup,
    TechnologyField,
    Term,
)

Record = TypeVar("Record", bound=Frozen)

ENUMS: dict[str, dict[str, type[Term]]] = {
    "policy": {"document_type": DocumentType, "status": Status, "government_level": GovernmentLevel,
               "technology_fields": TechnologyField},
    "measure": {"instrument": Instrument, "action_status": ActionStatus, "target_groups": TargetGroup,
                "technology_fields": TechnologyField},
    "target": {"comparator": Comparator},
}  # fmt: skip
"""Fields with a closed list, by kind of record."""
SPANS: dict[str, tuple[str, ...]] = {
    "policy": ("announcement", "title", "title_original", "announced_on", "objective"),
    "measure": ("text", "label", "pillar"),
    "target": ("text", "indicator", "raw", "deadline"),
}
"""Fields that a stretch of the source may be selected for."""
REQUIRED = frozenset(
    {"announcement", "text", "indicator", "raw", "document_type", "instrument", "action_status", "comparator"}
)
MANY = {"technology_fields": {"policy": 3, "measure": 2}, "target_groups": {"measure": 3}}
_CERTAIN = frozenset({"confidence", "instrument_confidence"})
"""What the machine thought of a record; of one that a person has changed nothing is left to think."""
_GLYPHS = re.compile(r"[^\w(（\[【「『《〈<‘’“”'\"]*")
"""Bullets and white space before a line's words."""
_NO_VALUE = (Comparator.ELIMINATE, Comparator.REFERENCE)


def kind_of(record: Frozen) -> str:
    """`policy`, `measure` or `target`."""
    return type(record).__name__.lower()


def edit(document: Document, record: Record, changes: Mapping[str, Any]) -> Record:
    """The record with `changes`: field → `{"start", "end"}`, a value, a list of values, or None.

    Raises `UsageError` with what cannot be: a field that is computed, a value of no list, a span that is not there.
    """
    kind = kind_of(record)
    made: dict[str, Any] = {}
    for field, value in changes.items():
        if field in SPANS[kind]:
            made[field] = None if value is None else _span(document, value)
        elif field in ENUMS[kind]:
            made[field] = _enum(kind, field, value)
        else:
            raise UsageError(f"{field} of a {kind} is computed, or is no field: it cannot be set")
        if made[field] is None and field in REQUIRED:
            raise UsageError(f"a {kind} cannot be without {field}")
    after = _COMPUTE[kind](document, record, made) | dict.fromkeys(_CERTAIN & type(record).model_fields.keys())
    try:
        made_anew: Record = type(record).model_validate({**record.model_dump(), **after})
    except ValidationError as problem:
        raise UsageError(f"this is no {kind}: {problem.errors()[0]['msg']}") from problem
    return made_anew


def _span(document: Document, value: object) -> Span:
    """A stretch of the text, without white space around it."""
    start, end = (value.get("start"), value.get("end")) if isinstance(value, Mapping) else (None, None)
    if not (isinstance(start, int) and isinstance(end, int) and 0 <= start < end <= len(document.text)):
        raise UsageError("the selection lies outside the document")
    text = document.text[start:end]
    start, end = start + len(text) - len(text.lstrip()), end - (len(text) - len(text.rstrip()))
    if start >= end:
        raise UsageError("the selection holds nothing but white space")
    return Span(start=start, end=end, text=document.text[start:end])


def _enum(kind: str, field: str, value: object) -> object:
    known: Any = ENUMS[kind][field]
    most = MANY.get(field, {}).get(kind)
    try:
        if most is None:
            return None if value is None else known(str(value))
        values = tuple(dict.fromkeys(known(str(v)) for v in (value if isinstance(value, list) else [])))
    except ValueError:
        raise UsageError(f"{field}: {value!r} is not in its list") from None
    if len(values) > most:
        raise UsageError(f"{field} of a {kind} takes at most {most} values")
    return values


def _policy(document: Document, policy: Any, made: dict[str, Any]) -> dict[str, Any]:
    if "announced_on" in made and made["announced_on"] is not None:
        raw = made["announced_on"]
        made["announced_on"] = Announced(value=_date(document, raw), raw=raw)
    unnamed = made.get("document_type", policy.document_type) is DocumentType.UNNAMED_ACTION
    untitled = made.get("title", policy.title) is None
    if unnamed and not untitled:
        if made.get("title") is not None:
            raise UsageError("an act without a named document has no title; choose the document's type too")
        made["title"] = made["title_original"] = None
    if untitled and not unnamed:
        if "title" not in made:
            raise UsageError("select the title too: only an act without a named document has none")
        made["document_type"] = DocumentType.UNNAMED_ACTION
    return made


def _measure(document: Document, measure: Any, made: dict[str, Any]) -> dict[str, Any]:
    if "instrument" in made:
        made["instrument_category"] = made["instrument"].category
    return made


def _target(document: Document, target: Any, made: dict[str, Any]) -> dict[str, Any]:
    """Value and unit from the number phrase; a comparator word in it decides unless one was chosen."""
    if "deadline" in made:
        made |= _deadline(document, made["deadline"])
    if "raw" not in made and "comparator" not in made:
        return made
    raw = made.get("raw", target.raw)
    if cuts_number(document.text, raw.start, raw.end, number=True):
        raise UsageError("the selection cuts a number in two; select the whole number")
    quantity = parse_quantity(_read(raw))
    printed = comparator_in(_read(raw)) if "raw" in made else None
    comparator = made.setdefault("comparator", printed or target.comparator)
    bare = comparator in _NO_VALUE
    if not bare and (quantity is None or quantity.value is None):
        raise UsageError(f"no number can be read from “{raw.text[:60]}”; select the number as printed")
    made["value"] = None if bare or quantity is None else quantity.value
    made["value_max"] = None if bare or quantity is None else quantity.value_max
    made["unit"] = None if bare or quantity is None else quantity.unit
    return made


def _deadline(document: Document, span: Span | None) -> dict[str, Any]:
    if span is None:
        return {"deadline": None, "deadline_basis": None}
    issued, words = _issued(document), _read(span)
    found = find_deadline(words, issue=issued)
    plan = plan_period(words)
    value = found[0] if found is not None else parse_date(words, issued) or (str(plan[1]) if plan else None)
    if value is None:
        raise UsageError(f"no date can be read from “{span.text[:60]}”; select the year as printed")
    return {"deadline": value, "deadline_basis": DeadlineBasis.STATED}


def _read(span: Span) -> str:
    """A span's words as values are computed from them: decomposed Hangul composed."""
    return unicodedata.normalize("NFC", span.text)


def _date(document: Document, raw: Span) -> str | None:
    year = find_issue_year(unicodedata.normalize("NFC", document.text))
    return parse_date(_read(raw), _issued(document), year)


def _issued(document: Document) -> dt.date | None:
    return find_issue_date(unicodedata.normalize("NFC", document.text))


_COMPUTE: dict[str, Callable[[Document, Any, dict[str, Any]], dict[str, Any]]] = {
    "policy": _policy,
    "measure": _measure,
    "target": _target,
}


def new_record(document: Document, policy: Policy, kind: str, changes: Mapping[str, Any]) -> Measure | Target:
    """A measure or target that was missed, from what a person selected. Raises `UsageError`."""
    if kind == "measure":
        text = _span(document, changes.get("text"))
        blank: Measure | Target = Measure(
            id=_id(document, "measure", text), text=text, label=None, pillar=None, instrument=Instrument.OTHER,
            instrument_category=Instrument.OTHER.category, target_groups=(), technology_fields=(), implementers=(),
            action_status=ActionStatus.PLANNED, flags=(),
        )  # fmt: skip
    elif kind == "target":
        raw = _span(document, changes.get("raw"))
        home = next((m for m in policy.measures if m.text.start <= raw.start and raw.end <= m.text.end), None)
        around = home.text if home is not None else _line_of(document, raw)
        text = _span(document, changes["text"]) if changes.get("text") else around
        indicator = _span(document, changes["indicator"]) if changes.get("indicator") else text
        blank = Target(
            id=_id(document, "target", text, raw, indicator), measure_id=home.id if home is not None else None,
            text=text, indicator=indicator, raw=raw, comparator=Comparator.EQ, value=None, value_max=None, unit=None,
            deadline=None, deadline_basis=None, flags=(),
        )  # fmt: skip
    else:
        raise UsageError(f"{kind}: only measures and targets can be added")
    return edit(document, blank, changes)


def _line_of(document: Document, span: Span) -> Span:
    """The line that a span stands on, without its mark."""
    start = document.text.rfind("\n", 0, span.start) + 1
    end = document.text.find("\n", span.end)
    mark = _GLYPHS.match(document.text, start, span.start)
    return _span(
        document, {"start": mark.end() if mark is not None else start, "end": end if end >= 0 else len(document.text)}
    )


def _id(document: Document, kind: str, *spans: Span) -> str:
    """As `ground` makes them: a record that a later run finds at the same place is the same."""
    places = [f"{s.start}-{s.end}" for s in spans] + ([""] if kind == "measure" else [])
    return hashlib.sha256("|".join((document.sha256, kind, *places)).encode()).hexdigest()[:16]
