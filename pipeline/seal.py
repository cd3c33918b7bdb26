"""Whether a folder of results is what one run wrote: its files by their hashes, its texts, its end.

What is told here is no reason to read nothing; spans that do not hold are (`results`).
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import filelock

from pipeline.switch import LOCK
from pipeline.write import RUN, has_text
from schemas.records import SCHEMA_VERSION, DocumentRow, lacking


def sealed(folder: Path) -> dict[str, str]:
    """The sha256 of the files that a run put in place, by name; empty where none did, or an older pams."""
    files = _noted(folder).get("files")
    return {str(name): str(sha256) for name, sha256 in files.items()} if isinstance(files, dict) else {}


def seal(parts: Iterable[bytes], name: str, digests: dict[str, str]) -> Iterator[bytes]:
    """The parts of a file as they are; once they have gone by, `digests` holds their sha256."""
    whole = hashlib.sha256()
    for part in parts:
        whole.update(part)
        yield part
    digests[name] = whole.hexdigest()


def notes_on(folder: Path, rows: Iterable[DocumentRow], policies: Mapping[str, int]) -> Iterator[str]:
    """What a person should know before they rely on these results; one sentence each.

    `policies`: how many were found in the folder, by document.
    """
    run = _noted(folder)
    version = run.get("schema_version")
    if isinstance(version, int) and version < SCHEMA_VERSION:
        yield f"records of version {version}, without {lacking(version)}: `pams extract` writes them anew"
    if run.get("state") == "running":
        yield _unfinished(folder, str(run.get("started", ""))[:16].replace("T", " "))
    for name, sha256 in sealed(folder).items():
        if file_sha256(folder / name) != sha256:
            yield f"{name} was changed since the run wrote it: values may not be those that the text gives"
    texts = other = 0
    for row in rows:
        texts += row.text is not None and not has_text(folder, row)
        other += row.policies != policies.get(row.document, 0)
    if texts:
        yield f"the texts of {texts} documents are gone: whether their words are the source's cannot be checked"
    if other:
        yield f"{other} documents have another number of policies than the run found in them"


def _unfinished(folder: Path, started: str) -> str:
    lock = filelock.FileLock(folder / LOCK)
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout:
        return "a run is at work in this folder: these are the results of the run before it"
    except OSError:
        pass
    else:
        lock.release()
    return (
        f"the run of {started} was ended before its end, and these are the results of the run before it; "
        "give the same `pams extract` again to go on"
    )


def _noted(folder: Path) -> Mapping[str, object]:
    with contextlib.suppress(OSError, ValueError, RecursionError):
        noted = json.loads((folder / RUN).read_bytes())
        if isinstance(noted, dict):
            return noted
    return {}


def file_sha256(path: Path) -> str | None:
    """The sha256 of a file; None where it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None
