"""The documents of a run: which there are to do, and the row that each ends as: done, failed, or not reached."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from pipeline.harmless import on_terminal
from pipeline.read import SUFFIXES, Portals, Source, fingerprint, reader_of
from schemas.document import Document, Portal
from schemas.errors import PamsError, UsageError
from schemas.records import DocumentRow, Failure, Policy

UNFINISHED = ("budget_reached", "interrupted", "pending")
"""Kinds of failure that the next run takes up by itself."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What an earlier run made of a file: it is kept as a line, a sixth of what the record takes in memory."""

    folder: Path
    line: str
    """The row, as it stands in `documents.jsonl`."""

    @property
    def row(self) -> DocumentRow:
        """The row, read."""
        return DocumentRow.model_validate_json(self.line)


@dataclass(slots=True)
class Job:
    """One document of a run: where it is, which other names hold the same bytes."""

    source: Source
    sha256: str
    size: int
    """In bytes."""
    kept: Kept | None = None
    """Where an earlier run saved this file's text, made by the very same reader."""
    portal: Portal | None = None
    same_as: list[str] = field(default_factory=list)
    ahead: bool = False
    """It is only looked at: what its answers would take is told too."""

    @property
    def name(self) -> str:
        """The document's name in every output."""
        return self.source.name


@dataclass(frozen=True)
class Shard:
    """Machine number `part` (from 1) of `parts`; a document's bytes decide which one does it."""

    part: int
    parts: int

    def __contains__(self, sha256: str) -> bool:
        return int(sha256[:12], 16) % self.parts == self.part - 1


def parse_shard(words: str) -> Shard:
    """`3/16` as a shard. Raises `UsageError`."""
    part, _, parts = words.partition("/")
    if not (part.isdecimal() and parts.isdecimal() and 1 <= int(part) <= int(parts)):
        raise UsageError(f"--shard {words}: give this machine's number and how many there are, like 3/16")
    return Shard(int(part), int(parts))


class Earlier(Protocol):
    """The rows of the run before."""

    def named(self, document: str) -> DocumentRow | None:
        """The row of the document of that name."""

    def with_text(self, sha256: str) -> DocumentRow | None:
        """The row of a file whose text was saved."""


class Book(Protocol):
    """Where the documents of a run are noted, in the order in which they are listed."""

    def add(self, job: Job) -> None:
        """A document to do."""

    def add_name(self, sha256: str, name: str) -> bool:
        """Another name of a document that is to be done; False where none has these bytes."""

    def settle(self, row: DocumentRow) -> None:
        """The row of a document that needs no doing."""


def plan(
    sources: Iterable[Source],
    earlier: Mapping[str, DocumentRow],
    *,
    retry_failed: bool,
    shard: Shard | None = None,
    out: Path | None = None,
    portals: Portals | None = None,
    ocr: bool = False,
) -> tuple[list[Job], list[DocumentRow]]:
    """The documents to do, and the rows of those that need no doing. `earlier`: the rows of the run before in `out`.

    Identical files are done once; failures of an earlier run stay unless tried again.
    """
    book = _Listed()
    note(sources, _Rows(earlier), book, retry_failed=retry_failed, shard=shard, out=out, portals=portals, ocr=ocr)
    return list(book.jobs.values()), book.rows


def note(
    sources: Iterable[Source],
    earlier: Earlier,
    book: Book,
    *,
    retry_failed: bool,
    shard: Shard | None = None,
    out: Path | None = None,
    portals: Portals | None = None,
    ocr: bool = False,
) -> None:
    """Notes in `book` what `plan` gives, going through `sources` once."""
    for source in sources:
        name = source.name
        try:
            sha256, size, refusal = fingerprint(source)
        except PamsError as problem:
            book.settle(failed(name, problem))
            continue
        if shard is not None and sha256 not in shard:
            continue
        if refusal is not None:  # the same bytes may be read under another name
            book.settle(failed(name, refusal, sha256=sha256))
            continue
        if book.add_name(sha256, name):
            continue
        before = earlier.named(name)
        if before is not None and not retry_failed and _stays_failed(before, sha256, ocr=ocr):
            book.settle(before)
            continue
        saved = earlier.with_text(sha256) if out is not None else None
        kept = None
        if out is not None and saved is not None and _still_good(saved, ocr=ocr):
            kept = Kept(out, saved.model_dump_json())
        book.add(Job(source, sha256, size, kept, portals.of(name) if portals is not None else None))


class _Listed:
    """A book in memory."""

    def __init__(self) -> None:
        self.jobs: dict[str, Job] = {}
        self.rows: list[DocumentRow] = []

    def add(self, job: Job) -> None:
        self.jobs[job.sha256] = job

    def add_name(self, sha256: str, name: str) -> bool:
        if sha256 in self.jobs:
            self.jobs[sha256].same_as.append(name)
        return sha256 in self.jobs

    def settle(self, row: DocumentRow) -> None:
        self.rows.append(row)


class _Rows:
    """Earlier rows in memory."""

    def __init__(self, rows: Mapping[str, DocumentRow]) -> None:
        self._rows = rows
        self._with_text = {row.sha256: name for name, row in rows.items() if row.text is not None}

    def named(self, document: str) -> DocumentRow | None:
        return self._rows.get(document)

    def with_text(self, sha256: str) -> DocumentRow | None:
        name = self._with_text.get(sha256)
        return self._rows[name] if name is not None else None


def unreached(sources: Iterable[Source], earlier: Mapping[str, DocumentRow]) -> list[DocumentRow]:
    """Rows of the run before for documents in a folder or zip that cannot be read now: they are not gone."""
    closed = tuple(f"{s.name}/" for s in sources if is_closed(s))
    return [row for row in earlier.values() if row.document.startswith(closed)] if closed else []


def is_closed(source: Source) -> bool:
    """Whether a source may be a folder or zip that cannot be read, with documents of the run before in it."""
    return source.problem is not None and source.member is None and source.row is None


def _real(path: Path) -> Path:
    """Where a path leads; a link to itself leads nowhere else, and does not raise as `Path.resolve` does."""
    return Path(os.path.realpath(path))


def refuse_mixed(paths: Sequence[Path], out: Path) -> None:
    """Raises `UsageError` if results would go among documents, where a later run takes these for results."""
    place = _real(out)
    inside = any(place.is_relative_to(_real(p)) and place != _real(p) for p in paths)
    files = out.iterdir() if inside and out.is_dir() else ()
    held = [f.name for f in files if f.suffix.lower() in SUFFIXES and f.is_file()]
    if held:
        raise UsageError(
            f"{out}: lies in the input and holds documents ({on_terminal(held[0])}); name a folder of its own with "
            "--out"
        )


def _still_good(row: DocumentRow, *, ocr: bool) -> bool:
    """Whether a conversion would make the same text again."""
    if row.text is None or row.format is None or row.reader is None:
        return False
    return row.reader == reader_of(row.format, ocr=ocr)


def _stays_failed(before: DocumentRow, sha256: str, *, ocr: bool) -> bool:
    """Whether the same bytes have failed before for a reason that another try does not mend."""
    same = before.status == "failed" and before.sha256 == sha256
    mends = (*UNFINISHED, "needs_ocr") if ocr else UNFINISHED
    return same and before.error is not None and before.error.kind not in mends


def done(
    job: Job,
    document: Document,
    asked: int,
    policies: Sequence[Policy],
    left_out: int = 0,
    overlooked: float | None = None,
) -> DocumentRow:
    """A document that gave its records; `asked`: how many of its articles were asked about."""
    return DocumentRow(
        document=job.name,
        sha256=document.sha256,
        same_as=tuple(sorted(job.same_as)),
        status="ok",
        error=None,
        encoding=document.encoding,
        characters=len(document.text),
        articles=asked,
        policies=len(policies),
        measures=sum(len(p.measures) for p in policies),
        targets=sum(len(p.targets) for p in policies),
        format=document.format,
        reader=document.reader,
        pages=document.pages,
        hidden=document.hidden,
        text_lost=document.text_lost,
        furniture=document.furniture,
        left_out=left_out,
        overlooked=overlooked,
        portal=document.portal,
        ocr=document.ocr,
    )


def failed(
    name: str,
    problem: PamsError,
    document: Document | None = None,
    same_as: Sequence[str] = (),
    sha256: str | None = None,
) -> DocumentRow:
    """A document that gave nothing, with the reason. `sha256`: of its file, where that could be read."""
    return DocumentRow(
        document=name,
        sha256=document.sha256 if document else sha256,
        same_as=tuple(sorted(same_as)),
        status="failed",
        error=Failure(kind=problem.kind, message=str(problem)),
        encoding=document.encoding if document else None,
        characters=len(document.text) if document else 0,
        articles=0,
        policies=0,
        measures=0,
        targets=0,
        format=document.format if document else None,
        reader=document.reader if document else None,
    )


def unfinished(job: Job, kind: str) -> DocumentRow:
    """A document that was not reached because of `kind`: the next run with the same command takes it up."""
    row = failed(job.name, PamsError("not done before the run stopped; run the same command again"), None, job.same_as)
    return row.model_copy(update={"error": Failure(kind=kind, message=row.error.message if row.error else "")})
