"""Reads a run directory (`policies.jsonl`, `documents.jsonl`, `refused.jsonl`, `run.json`) into records."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from pipeline.read import document_of
from pipeline.results import Results
from schemas.document import Document
from schemas.errors import UsageError
from schemas.records import DocumentRow, Policy, Refusal, RunManifest

Row = TypeVar("Row", bound=BaseModel)


@dataclass(frozen=True)
class RunFiles:
    """What a run wrote, and the texts of its documents by name."""

    folder: Path
    manifest: RunManifest | None
    policies: tuple[Policy, ...]
    documents: tuple[DocumentRow, ...]
    refusals: tuple[Refusal, ...]
    texts: dict[str, str]

    @property
    def name(self) -> str:
        """How tables call the run: prompt set and model, else the folder."""
        return f"{self.manifest.prompt_set} · {self.manifest.model}" if self.manifest else self.folder.name

    def policies_of(self, document: str) -> tuple[Policy, ...]:
        """The records of one document; of its twin where identical files were read once."""
        twin = next((row.document for row in self.documents if document in row.same_as), document)
        return tuple(p for p in self.policies if p.document in (document, twin))

    def source(self, document: str) -> Document | None:
        """The document as the run saw it, to recompute its units and articles; None if it failed."""
        row = next((r for r in self.documents if r.document == document), None)
        if row is None or row.sha256 is None or document not in self.texts:
            return None
        return Document(name=document, text=self.texts[document], sha256=row.sha256, encoding=row.encoding or "utf-8")


def read_run(folder: Path, docs: Path, *, corrected: bool = False) -> RunFiles:
    """Reads a run and the texts of its documents from `docs`. Raises `UsageError` where it is no run or they differ.

    `corrected`: its records as people corrected them.
    """
    policies = _rows(folder / "policies.jsonl", Policy)
    if corrected:
        policies = list(Results(folder).policies)
    documents = _rows(folder / "documents.jsonl", DocumentRow)
    refused = folder / "refused.jsonl"
    manifest = folder / "run.json"
    return RunFiles(
        folder=folder,
        manifest=_manifest(manifest) if manifest.is_file() else None,
        policies=tuple(policies),
        documents=tuple(documents),
        refusals=tuple(_rows(refused, Refusal)) if refused.is_file() else (),
        texts=_texts(documents, docs),
    )


def _manifest(path: Path) -> RunManifest:
    try:
        return RunManifest.model_validate_json(path.read_bytes())
    except ValidationError as error:
        raise UsageError(f"{path} is not of this version: {_first(error)}; run the extraction again") from error


def _rows(path: Path, row: type[Row]) -> list[Row]:
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except OSError as error:
        raise UsageError(f"{path.parent} is no run directory: cannot read {path.name} ({error.strerror})") from error
    rows = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            rows.append(row.model_validate_json(line))
        except ValidationError as error:
            raise UsageError(f"{path}, line {number}: {_first(error)}; run the extraction again") from error
    return rows


def _first(error: ValidationError) -> str:
    detail = error.errors()[0]
    return f"{'.'.join(map(str, detail['loc']))}: {detail['msg']}"


def _texts(documents: Sequence[DocumentRow], docs: Path) -> dict[str, str]:
    texts = {}
    for row in documents:
        path = docs / row.document
        if not path.is_file() or row.status == "failed":
            continue
        data = path.read_bytes()
        if hashlib.sha256(data).hexdigest() != row.sha256:
            raise UsageError(f"{path} is not the file that was read in this run: name the right folder with --docs")
        texts[row.document] = document_of(data, row.document).text
    return texts
