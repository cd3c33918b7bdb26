"""Spans below records: whether they hold the words at their place, and where they stand in decomposed Hangul."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from pydantic import BaseModel

from pipeline.normalise import Composed
from schemas.document import Document
from schemas.errors import InternalError
from schemas.records import Policy, Span
from schemas.vocabulary import Flag

Records = TypeVar("Records", bound=tuple[BaseModel, ...])


def verify_spans(document: Document, records: Iterable[object]) -> None:
    """Raises `InternalError` unless every span below `records` holds the very words at its place."""
    parts = (BaseModel, tuple)
    waiting: list[object] = list(records)
    while waiting:
        record = waiting.pop()
        if isinstance(record, tuple):
            waiting.extend([value for value in record if isinstance(value, parts)])
        elif not isinstance(record, Span):
            waiting.extend([value for value in vars(record).values() if isinstance(value, parts)])
        elif record.start < 0 or document.text[record.start : record.end] != record.text:
            raise InternalError(
                f"{document.name}: a record's words are not those at {record.start}-{record.end}; please report it"
            )


def mark_read_pictures(document: Document, policy: Policy) -> Policy:
    """The policy, its measures and targets, with the flag `ocr` where its words were read from a picture.

    A misread digit looks like any other: a target from a picture has its words, and neither value nor deadline.
    """
    read = {page.page for page in document.ocr}

    def is_read(at: Span) -> bool:
        pages = range(document.page(at.start) or 0, (document.page(max(at.start, at.end - 1)) or 0) + 1)
        return not read.isdisjoint(pages)

    def marked(record: Any, at: Span, **unread: Any) -> Any:
        return record.model_copy(update={"flags": (*record.flags, Flag.OCR), **unread}) if is_read(at) else record

    none = {"value": None, "value_max": None, "deadline": None, "deadline_basis": None}
    measures = tuple(marked(measure, measure.text) for measure in policy.measures)
    targets = tuple(marked(target, target.text, **none) for target in policy.targets)
    unread = {"value": None, "value_max": None, "period_start": None, "period_end": None}
    budgets = tuple(marked(budget, budget.text, **unread) for budget in policy.budgets)
    whole: Policy = marked(policy, policy.announcement)
    return whole.model_copy(update={"measures": measures, "targets": targets, "budgets": budgets})


def relocate(records: Records, document: Document, composed: Composed) -> Records:
    """The records with all offsets and words as they stand in the source, whose Hangul is decomposed."""

    def back(value: Any) -> Any:
        if isinstance(value, BaseModel):
            names = type(value).model_fields
            moved = {name: back(getattr(value, name)) for name in names}
            if "start" in names and "end" in names:
                moved["start"], moved["end"] = composed.back(value.start, value.end)  # type: ignore[attr-defined]
            if isinstance(value, Span):
                moved["text"] = document.text[moved["start"] : moved["end"]]
            return value.model_copy(update=moved)
        return tuple(back(v) for v in value) if isinstance(value, tuple) else value

    moved: Records = back(records)
    return moved
