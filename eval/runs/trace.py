"""How far each record came in a document: units and articles, records before merging, refusals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from schemas.document import Article, Document, Unit
from schemas.records import Policy, Refusal

if TYPE_CHECKING:
    from pipeline.steps import Extraction


@dataclass(frozen=True)
class Trace:
    """How far each record came in one document. `grounded` (records before merging) is null for a stored run."""

    units: tuple[Unit, ...]
    articles: tuple[Article, ...]
    refusals: tuple[Refusal, ...]
    grounded: tuple[Policy, ...] | None = None


def trace_of(extraction: Extraction) -> Trace:
    """The trace of an extraction that was just made."""
    return Trace(extraction.units, extraction.articles, extraction.refusals, extraction.grounded)


def retrace(document: Document, refusals: Sequence[Refusal], policies: Sequence[Policy]) -> Trace:
    """The trace of a stored run: units and articles are computed again, from the code as it is now.

    A run of the draft alone is repeated, which is cheap and tells what merging took away; if the draft has changed
    since, so that the records differ, what stood there before merging stays unknown.
    """
    from eval.runs.held_out import weights_named
    from pipeline.opened import units_and_articles
    from pipeline.settings import Endpoint, Settings
    from pipeline.steps import extract_document

    drafted = policies[0].provenance.model.removeprefix("draft ") if policies else ""
    if policies and drafted != policies[0].provenance.model:
        name, _, vectors = drafted.partition(" with ")
        tier: Endpoint = "embedded" if vectors else "draft"
        again = extract_document(document, Settings(endpoint=tier, weights=weights_named(name)))
        if [p.id for p in again.policies] == [p.id for p in policies]:
            return trace_of(again)
    units, articles = units_and_articles(document)
    return Trace(units, articles, tuple(r for r in refusals if r.document == document.name))
