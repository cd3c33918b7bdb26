"""The seam to the pipeline: the only place of `eval` that calls it, lazily, so that scoring needs no model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from schemas.document import Article, Document, Unit
from schemas.errors import UsageError
from schemas.records import Policy, Refusal


class Extraction(Protocol):
    """What the orchestrator says about one document, from its units to its records."""

    @property
    def document(self) -> Document: ...
    @property
    def units(self) -> tuple[Unit, ...]: ...
    @property
    def articles(self) -> tuple[Article, ...]: ...
    @property
    def grounded(self) -> tuple[Policy, ...]: ...
    @property
    def policies(self) -> tuple[Policy, ...]: ...
    @property
    def refusals(self) -> tuple[Refusal, ...]: ...


@dataclass(frozen=True)
class Trace:
    """How far each record came in one document. `grounded` (records before merging) is null for a stored run."""

    units: tuple[Unit, ...]
    articles: tuple[Article, ...]
    refusals: tuple[Refusal, ...]
    grounded: tuple[Policy, ...] | None = None


def run_extraction(docs: Path, *, endpoint: str | None, prompts: str | None, out: Path) -> None:
    """Extracts all documents of `docs` into the run directory `out`; null leaves the choice to the settings."""
    from eval.replay import Recorded, answers_folder, has_cassettes, replay
    from pipeline.run import run
    from pipeline.steps import ENDPOINTS, Settings

    usual = {"article": "files", "stepwise": "embedded"}.get(prompts or "", "draft")
    chosen = next((e for e in ENDPOINTS if e == (endpoint or usual)), None)
    if chosen is None:
        raise UsageError(f"--endpoint {endpoint}: choose one of {', '.join(ENDPOINTS)}")
    if chosen == "embedded" and prompts in (None, "stepwise") and has_cassettes(docs):
        replay(Recorded(docs, docs, "embedded", "stepwise"), out)
    elif chosen == "files" and answers_folder(prompts or "article", docs).is_dir():
        replay(Recorded(docs, docs, "files", prompts or "article"), out)
    else:
        run([docs], out, Settings(endpoint=chosen, prompts=prompts))


def trace_of(extraction: Extraction) -> Trace:
    """The trace of an extraction that was just made."""
    return Trace(extraction.units, extraction.articles, extraction.refusals, extraction.grounded)


def retrace(document: Document, refusals: Sequence[Refusal], policies: Sequence[Policy], endpoint: str) -> Trace:
    """The trace of a stored run: units and articles are computed again, from the code as it is now.

    A run by rule alone is repeated, which is cheap and tells what merging took away; if the rules have changed
    since, so that the records differ, what stood there before merging stays unknown.
    """
    from pipeline.steps import Settings, extract_document, prepare

    if endpoint == "draft":
        again = extract_document(document, Settings(endpoint="draft"))
        if [p.id for p in again.policies] == [p.id for p in policies]:
            return trace_of(again)
    units, articles = prepare(document)
    return Trace(units, articles, tuple(r for r in refusals if r.document == document.name))


def decode(data: bytes, name: str) -> str:
    """The text of a file as offsets count it: the pipeline's own reading. Raises `InputError`."""
    from pipeline.read import document_of

    return document_of(data, name).text
