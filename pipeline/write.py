"""write: records become the files of an output folder, each put in place whole or not at all."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import json
import re
import tempfile
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from pydantic import BaseModel, ValidationError

from pipeline.folder import TEXTS, check_own, open_new, open_to_append
from pipeline.harmless import in_json
from pipeline.switch import put, unwritable
from schemas.document import Document
from schemas.errors import InputError, OutputUnwritable, UsageError
from schemas.records import READABLE, DocumentRow, Policy, Refusal, RunManifest

POLICIES, DOCUMENTS, REFUSED, RUN = "policies.jsonl", "documents.jsonl", "refused.jsonl", "run.json"
SAVED = re.compile(r"texts/[^/\\]+\.[0-9a-f]{12}\.txt")
"""How a saved text is called, below the results' folder."""
EVENTS = "events.jsonl"
_DEVICE = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?: *\.|\Z)", re.IGNORECASE)
"""Names of devices of Windows: with any suffix, they are no names of files there."""


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
    check_own(folder)


class Log:
    """The events of runs into a folder, one JSON object a line as they happen; never a document's text."""

    def __init__(self, folder: Path) -> None:
        """Goes on where an earlier run stopped. Raises `OutputUnwritable`."""
        self._path = folder / EVENTS
        try:
            self._file = open_to_append(self._path)
        except OSError as problem:
            raise unwritable(self._path, problem) from problem

    def add(self, event: str, **facts: object) -> None:
        """One event with its time. A log that can no longer be written stops no run."""
        line = {"at": dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds"), "event": event, **facts}
        with contextlib.suppress(OSError):
            self._file.write((in_json(json.dumps(line, ensure_ascii=False)) + "\n").encode())
            self._file.flush()

    def close(self) -> None:
        """Ends the log."""
        with contextlib.suppress(OSError):
            self._file.close()


def file_name(document: str) -> str:
    """A document's name as the name of one file on any system, short enough to carry a hash."""
    plain = re.sub(r"[^\w.()\- ]+", "_", document).strip(". ")
    return portable(plain.encode()[:120].decode(errors="ignore"))


def portable(name: str) -> str:
    """A name of a file that Windows would take for a device (`con.txt`, `NUL`) with a sign before it; never empty."""
    return f"_{name}" if _DEVICE.match(name) else name or "document"


def save_text(folder: Path, row: DocumentRow, raw: bytes) -> DocumentRow:
    """Saves a document's text (UTF-8) under a name of its own: results in place keep the text they refer to.

    Returns the row with the name and hash of the text. Raises `OutputUnwritable`.
    """
    sha256 = hashlib.sha256(raw).hexdigest()
    name = f"{TEXTS}/{file_name(row.document)}.{sha256[:12]}.txt"
    path = folder / name
    try:
        if not path.exists() or path.read_bytes() != raw:
            path.parent.mkdir(exist_ok=True)
            partial = path.with_suffix(".partial")
            with open_new(partial) as file:
                file.write(raw)
            partial.replace(path)
    except OSError as problem:
        raise unwritable(path, problem) from problem
    return row.model_copy(update={"text": name, "text_sha256": sha256})


def lines(policies: Sequence[Policy], refusals: Sequence[Refusal]) -> tuple[str, str]:
    """The records of one document as lines of JSON, sorted, keys in the order of the schema."""
    in_order = sorted(policies, key=lambda p: (p.announcement.start, p.id))
    refused = sorted(refusals, key=lambda r: (r.article, r.field, r.given))
    return as_lines(in_order), as_lines(refused)


def write_manifest(folder: Path, manifest: RunManifest) -> None:
    """`run.json` alone: how far a run has come. Raises `OutputUnwritable`."""
    put(folder / RUN, manifest_lines(manifest))


def manifest_lines(manifest: RunManifest) -> Iterator[bytes]:
    """The bytes of `run.json`, as the manifest is when they are asked for."""
    yield in_json(manifest.model_dump_json(indent=2)).encode() + b"\n"


def read_manifest(folder: Path) -> RunManifest | None:
    """What `run.json` says of an earlier run in the folder; null where there is none, or none of this version."""
    try:
        return RunManifest.model_validate_json((folder / RUN).read_bytes())
    except (OSError, ValidationError):
        return None


def read_documents(folder: Path) -> dict[str, DocumentRow]:
    """The rows of an earlier run by document name; empty where there was none."""
    path = folder / DOCUMENTS
    if not path.exists():
        return {}
    rows = (DocumentRow.model_validate_json(line) for line in _split(path))
    try:
        return {row.document: row for row in rows}
    except ValidationError as problem:
        raise _foreign(path, problem) from problem


class Rows(Mapping[str, DocumentRow]):
    """The rows of an earlier run by document name, each read from its line when it is asked for.

    A run goes through them once, and ten thousand of them as records are forty megabytes.
    """

    def __init__(self, folder: Path) -> None:
        """Raises `InputError` where the file is not one of this version; there need be none."""
        there = (folder / DOCUMENTS).exists()
        self._lines = {row.document: row.model_dump_json() for row in each_row(folder)} if there else {}

    def __getitem__(self, document: str) -> DocumentRow:
        return DocumentRow.model_validate_json(self._lines[document])

    def __iter__(self) -> Iterator[str]:
        return iter(self._lines)

    def __len__(self) -> int:
        return len(self._lines)


def each_row(folder: Path) -> Iterator[DocumentRow]:
    """The rows of a run by document name, one after the other. Raises what `read_documents` raises."""
    path = folder / DOCUMENTS
    try:
        with path.open("rb") as file:
            for line in file:
                yield DocumentRow.model_validate_json(line)
    except ValidationError as problem:
        raise _foreign(path, problem) from problem


def _foreign(path: Path, problem: ValidationError) -> InputError:
    return InputError(
        f"{path}: not a file of this version of pams ({problem.error_count()} problems); use another --out"
    )


def read_lines(folder: Path, documents: Collection[str]) -> dict[str, tuple[str, str]]:
    """The lines of policies and refusals of some documents of an earlier run, as they are."""
    found = dict.fromkeys(documents, ("", ""))
    for part, file in enumerate((POLICIES, REFUSED)):
        for line in _split(folder / file) if found and (folder / file).exists() else ():
            name = json.loads(line).get("document")
            if name in found:
                pair = list(found[name])
                pair[part] += line.decode() + "\n"
                found[name] = (pair[0], pair[1])
    return found


def has_text(folder: Path, row: DocumentRow) -> bool:
    """Whether the text that a run saved for a document is there; results may be passed on without."""
    return row.text is not None and SAVED.fullmatch(row.text) is not None and (folder / row.text).exists()


def check_version(folder: Path) -> None:
    """Raises `InputError` if the results in `folder` are of another version of the records, or of another program."""
    try:
        noted = json.loads((folder / RUN).read_bytes())
    except FileNotFoundError:
        return
    except OSError as problem:
        raise InputError(f"{folder / RUN}: cannot be read ({problem.strerror}); check who may read it") from problem
    except (ValueError, RecursionError) as problem:
        raise InputError(f"{folder / RUN}: is damaged; run `pams extract` into a new folder") from problem
    version = noted.get("schema_version") if isinstance(noted, dict) else None
    if version not in READABLE:
        known = " and ".join(map(str, READABLE))
        raise InputError(
            f"{folder}: holds records of version {version}, this pams reads versions {known}; run `pams "
            f"extract` into a new folder (answers that were paid for are kept) and copy corrections.jsonl there"
        )


def read_text(folder: Path, row: DocumentRow) -> Document:
    """The document of a row as the run read it, from the text it saved.

    Raises `InputError` where that text is not there, or is another one.
    """
    if row.text is None or row.sha256 is None or not SAVED.fullmatch(row.text):
        raise InputError(f"{row.document}: its text is not in {folder}; run `pams extract` again, into this folder")
    path = folder / row.text
    try:
        raw = path.read_bytes()
    except OSError as problem:
        raise InputError(f"{path}: cannot be opened ({problem.strerror}); run `pams extract` again") from problem
    if hashlib.sha256(raw).hexdigest() != row.text_sha256:
        raise InputError(f"{path}: is not the text that was extracted from; run `pams extract` again")
    return Document(
        name=row.document,
        text=raw.decode(),
        sha256=row.sha256,
        encoding=row.encoding,
        format=row.format or "text",
        reader=row.reader,
        pages=row.pages,
        hidden=row.hidden,
        text_lost=row.text_lost,
        furniture=row.furniture,
        portal=row.portal,
        ocr=row.ocr,
    )


def read_policies(path: Path) -> list[Policy]:
    """The policies of a run folder or of one `policies.jsonl`.

    Raises `UsageError` where there is none, `InputError` where it is no such file.
    """
    file = path / POLICIES if path.is_dir() else path
    try:
        return [Policy.model_validate_json(line) for line in _split(file)]
    except OSError as problem:
        raise UsageError(f"{file}: no results here ({problem.strerror}); run `pams extract` first") from problem
    except ValidationError as problem:
        raise InputError(f"{file}: not the policies of a run ({problem.error_count()} problems)") from problem


def _split(path: Path) -> list[bytes]:
    """The lines of a file of JSON lines. Text may hold other line separators of Unicode, which end none."""
    return [line for line in path.read_bytes().split(b"\n") if line.strip()]


def as_lines(records: Iterable[BaseModel]) -> str:
    """Records as lines of JSON, keys in the order of the schema."""
    return in_json("".join(record.model_dump_json() + "\n" for record in records))
