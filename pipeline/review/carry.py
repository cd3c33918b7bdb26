"""Decisions about an earlier text of a document, carried over where their words still stand once, told where not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pydantic import BaseModel

from pipeline.correct import place_of
from pipeline.ground.values import record_id
from pipeline.results import Results
from pipeline.review.compute import article_around
from schemas.corrections import Correction
from schemas.document import Document
from schemas.errors import UsageError
from schemas.records import Budget, DocumentRow, Extent, Measure, Organisation, Policy, Reference, Span, Target


class _NotThere(Exception):
    """Words do not stand once in the new text; the message says which, and how often they stand."""


def waiting(results: Results, name: str) -> list[dict[str, Any]]:
    """The decisions about an earlier text of a document: whose, of what, and why one cannot be carried over.

    `reason` is null for those that can.
    """
    told = []
    for correction in of_earlier(results, name):
        record = correction.record
        words = place_of(record).text if record is not None else ""
        told.append(
            {
                "action": correction.action,
                "kind": correction.kind,
                "who": correction.who,
                "at": correction.at.isoformat(),
                "words": " ".join(words.split())[:200],
                "policy_id": correction.policy_id,
                "record_id": correction.record_id,
                "text": correction.text_sha256,
                "reason": _problem(results, name, correction),
            }
        )
    return told


def of_earlier(results: Results, name: str) -> list[Correction]:
    """The decisions that wait because the text of this document was another one."""
    row = results.rows.get(name)
    here = row.text_sha256 if row is not None else None
    return [c for c in results.corrected.waiting if c.document == name and here is not None and c.text_sha256 != here]


def _problem(results: Results, name: str, correction: Correction) -> str | None:
    try:
        carried(results, results.rows[name], correction)
    except _NotThere as problem:
        return str(problem)
    return None


def carry(results: Results, name: str) -> list[Correction]:
    """The decisions about an earlier text that hold of this one, as they are of it.

    Raises `UsageError` where there is none, `InputError` where the text is not there.
    """
    made = []
    for correction in of_earlier(results, name):
        try:
            made.append(carried(results, results.rows[name], correction))
        except _NotThere:
            continue
    if not made:
        raise UsageError("no decision about an earlier text can be carried over: their words do not stand there once")
    return made


def carried(results: Results, row: DocumentRow, correction: Correction) -> Correction:
    """A decision as one about another text. Raises `_NotThere`."""
    document, record = results.source(row.document), correction.record
    if record is None:
        raise _NotThere("it was about the document as a whole: look at it again")
    main = place_of(record)
    start = _only(document.text, main)
    moved = _moved(record, lambda span: _placed(document.text, span, start - main.start), document)
    if isinstance(moved, Policy):
        provenance = moved.provenance.model_copy(update={"document_sha256": document.sha256})
        extent = article_around(document, moved.announcement.start)
        moved = moved.model_copy(update={"provenance": provenance, "extent": extent})
    parts = {kind: moved if isinstance(moved, of) else None for kind, of in _KINDS.items()}
    facts = {"text_sha256": row.text_sha256, "document_sha256": row.sha256, "document": row.document}
    span = Extent(start=start, end=start + len(main.text))
    return correction.model_copy(update={**facts, **parts, "span": span})


_KINDS: dict[str, type[BaseModel]] = {"policy": Policy, "measure": Measure, "target": Target, "budget": Budget}


def _only(text: str, span: Span) -> int:
    """Where the words stand, if they do once."""
    first = text.find(span.text)
    if first < 0 or text.find(span.text, first + 1) >= 0:
        raise _NotThere(f"“{span.text[:60]}” stands {text.count(span.text)} times in the text as it is now")
    return first


def _placed(text: str, span: Span, shift: int) -> Span:
    """The same words: moved along with the record's own, or else where they stand once."""
    start = span.start + shift
    if start < 0 or text[start : start + len(span.text)] != span.text:
        start = _only(text, span)
    return Span(start=start, end=start + len(span.text), text=span.text)


def _moved(value: Any, move: Callable[[Span], Span], document: Document) -> Any:
    """A record with all its spans moved, and the ids that follow from them."""
    if isinstance(value, Span):
        return move(value)
    if isinstance(value, tuple):
        return tuple(_moved(v, move, document) for v in value)
    if not isinstance(value, BaseModel) or isinstance(value, Extent):
        return value
    made = value.model_copy(update={n: _moved(getattr(value, n), move, document) for n in type(value).model_fields})
    if isinstance(made, Organisation):
        return made.model_copy(update={"id": record_id(document.sha256, f"organisation:{made.role}", made.name)})
    if isinstance(made, Reference):
        return made.model_copy(update={"id": record_id(document.sha256, "reference", made.title)})
    return made
