"""write: records become the files of an output folder, each put in place whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from pydantic import BaseModel, ValidationError

from schemas.errors import InputError, OutputUnwritable
from schemas.records import DocumentRow, Policy, Refusal, RunManifest

POLICIES, DOCUMENTS, REFUSED, RUN = "policies.jsonl", "documents.jsonl", "refused.jsonl", "run.json"


def check_writable(folder: Path) -> None:
    """Raise `OutputUnwritable` if results cannot be put into `folder`; creates it if need be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as problem:
        raise OutputUnwritable(
            f"{folder}: cannot write here ({problem.strerror}); name another folder with --out"
        ) from problem


def write(
    folder: Path,
    policies: Sequence[Policy],
    documents: Sequence[DocumentRow],
    refusals: Sequence[Refusal],
    manifest: RunManifest,
) -> None:
    """Write all result files of a run: sorted, one record a line, keys in the order of the schema."""
    in_order = sorted(policies, key=lambda p: (p.document, p.announcement.start, p.id))
    refused = sorted(refusals, key=lambda r: (r.document, r.article, r.field, r.given))
    by_name = sorted(documents, key=lambda d: d.document)
    put(folder / POLICIES, _lines(in_order))
    put(folder / REFUSED, _lines(refused))
    put(folder / DOCUMENTS, _lines(by_name))
    put(folder / RUN, manifest.model_dump_json(indent=2) + "\n")


def read_documents(folder: Path) -> dict[str, DocumentRow]:
    """The rows of an earlier run by document name; empty where there was none."""
    path = folder / DOCUMENTS
    if not path.exists():
        return {}
    rows = (
        DocumentRow.model_validate_json(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()
    )
    try:
        return {row.document: row for row in rows}
    except ValidationError as problem:
        raise InputError(
            f"{path}: not a file of this version of pams ({problem.error_count()} problems); use another --out"
        ) from problem


def read_policies(path: Path) -> list[Policy]:
    """The policies of a run folder or of one `policies.jsonl`."""
    file = path / POLICIES if path.is_dir() else path
    try:
        return [
            Policy.model_validate_json(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()
        ]
    except OSError as problem:
        raise InputError(f"{file}: no results here ({problem.strerror}); run `pams extract` first") from problem
    except ValidationError as problem:
        raise InputError(f"{file}: not the policies of a run ({problem.error_count()} problems)") from problem


def _lines(records: Iterable[BaseModel]) -> str:
    return "".join(record.model_dump_json() + "\n" for record in records)


def _umask() -> int:
    """The process's umask, so that colleagues can read a shared folder's results as they can other files."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


def put(path: Path, content: str) -> None:
    """Replace a file atomically: a reader, or a crash, sees the old file or the new one."""
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o666 & ~_umask())
        Path(name).replace(path)
    except OSError as problem:
        raise OutputUnwritable(f"{path}: cannot be written ({problem.strerror})") from problem
