"""A finished run read back: its records as people corrected them, the texts they refer to, and where a span is found.

Exports, comparisons and the review page read results here and nowhere else, so that all of them show the same.
"""

from __future__ import annotations

import bisect
import functools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from pipeline.correct import Corrected, correct
from pipeline.corrections import read_corrections
from pipeline.folder import check_own, state_of
from pipeline.opened import Opened, open_document
from pipeline.seal import notes_on
from pipeline.spans import verify_spans
from pipeline.switch import mend
from pipeline.write import (
    DOCUMENTS,
    POLICIES,
    check_version,
    has_text,
    read_documents,
    read_policies,
    read_text,
)
from schemas.corrections import Correction
from schemas.document import Document, Unit
from schemas.errors import InputError, InternalError, UsageError
from schemas.records import DocumentRow, Policy, Span
from schemas.vocabulary import UnitKind


@dataclass(frozen=True)
class Citation:
    """Where a span stands, for a person with the file at hand."""

    document: str
    page: int | None
    """From 1; None for formats without pages."""
    heading: Span | None
    """The nearest heading above; None where there is none."""
    line: int
    """From 1, in the text that the run saved."""

    def __str__(self) -> str:
        heading = f"“{' '.join(self.heading.text.split())}”" if self.heading is not None else None
        place = f"p. {self.page}" if self.page is not None else heading
        return ", ".join(part for part in (self.document, place, f"line {self.line}") if part)


class Parts(Protocol):
    """Results that are gone through document by document."""

    @property
    def folder(self) -> Path:
        """The run's folder, to which the names of texts belong."""

    def documents(self) -> Iterator[DocumentRow]:
        """The rows of all documents."""

    def parts(self) -> Iterator[Results]:
        """The results of one document after the other."""


class Results:
    """The output folder of a run."""

    def __init__(self, folder: Path, before: Results | None = None) -> None:
        """Reads rows, records and corrections.

        Raises `UsageError` where the folder holds no results, `InputError` where they are damaged.

        `before`: results read from this folder a while ago; what no run has changed since is taken from them.
        """
        check_folder(folder)
        self.folder = folder
        self._state = [state_of(folder / name) for name in (POLICIES, DOCUMENTS)]  # of the results of one run
        same = before is not None and before.folder == folder and before._state == self._state
        self._sources: dict[str, _Source] = before._sources if before and same else {}
        self.extracted: tuple[Policy, ...] = before.extracted if before and same else tuple(read_policies(folder))
        """The records as the run wrote them."""
        self.rows: dict[str, DocumentRow] = before.rows if before and same else read_documents(folder)
        if not same:
            self._verify()
        self.corrections: tuple[Correction, ...] = read_corrections(folder)
        self.corrected: Corrected = correct(self.extracted, self.corrections, self.rows)

    @classmethod
    def of_document(
        cls,
        folder: Path,
        rows: Sequence[DocumentRow],
        extracted: tuple[Policy, ...],
        corrections: tuple[Correction, ...],
    ) -> Results:
        """The part of a folder's results that is about one document. Raises `InputError` as `Results` do."""
        part = cls.__new__(cls)
        part.folder, part._state, part._sources = folder, [], {}
        part.extracted, part.rows, part.corrections = extracted, {row.document: row for row in rows}, corrections
        part._verify()
        part.corrected = correct(part.extracted, part.corrections, part.rows)
        return part

    def notes(self) -> Iterator[str]:
        """What a person should know before they rely on these results; one sentence each."""
        return notes_on(self.folder, self.rows.values(), Counter(p.document for p in self.extracted))

    def documents(self) -> Iterator[DocumentRow]:
        """The rows of all documents."""
        yield from self.rows.values()

    def parts(self) -> Iterator[Results]:
        """All at once: for who goes through results as through `Stored` ones."""
        yield self

    def _verify(self) -> None:
        """Every record once, every span the words of the saved text: files may have been changed, or mixed."""
        documents: dict[str, list[Policy]] = {}
        for policy in self.extracted:
            documents.setdefault(policy.document, []).append(policy)
        for name, policies in documents.items():
            if len({p.id for p in policies}) < len(policies):
                raise InputError(f"{self.folder}: {name} holds a policy twice; run `pams extract` again")
            row = self.rows.get(name)
            if row is None or not has_text(self.folder, row):
                continue  # results may be passed on without texts; whoever needs one is told
            try:
                verify_spans(read_text(self.folder, row), policies)
            except InternalError as problem:
                raise InputError(
                    f"{self.folder}: was changed since it was written, {str(problem).partition(';')[0]}; run `pams "
                    "extract` again, into this folder"
                ) from problem

    @property
    def policies(self) -> tuple[Policy, ...]:
        """The records as people corrected them, by document and offset."""
        return self.corrected.policies

    def text(self, document: str) -> str:
        """The text that the offsets of a document's records refer to.

        Raises `InputError` if it is not there or not the one that the run saved.
        """
        return self._source(document).document.text

    def source(self, document: str) -> Document:
        """The document as the run read it. Raises `InputError` as `text` does."""
        return self._source(document).document

    def heading(self, document: str, span: Span) -> Span | None:
        """The nearest heading above a span. Raises `InputError` as `text` does."""
        return self._source(document).heading(span.start)

    def line(self, document: str, span: Span) -> int:
        """The line that a span begins on, from 1; it needs no outline. Raises `InputError` as `text` does."""
        return self._source(document).line(span.start)

    def cite(self, document: str, span: Span) -> Citation:
        """Where a span of a document's record stands. Raises `InputError` as `text` does."""
        source = self._source(document)
        return Citation(document, source.document.page(span.start), source.heading(span.start), source.line(span.start))

    def _source(self, document: str) -> _Source:
        if document not in self._sources:
            if len(self._sources) > 50:  # Texts are large, and records are read document by document.
                self._sources.clear()
            self._sources[document] = _Source(self._read(document))
        return self._sources[document]

    def _read(self, name: str) -> Document:
        row = self.rows.get(name)
        if row is None:
            raise InputError(f"{name}: there is no such document in {self.folder}")
        return read_text(self.folder, row)


_OPENED: dict[Document, Opened] = {}
_MOST_OPENED = 8


def opened(document: Document) -> Opened:
    """A document's units and articles, kept for the few documents that people have in hand."""
    seen = _OPENED.pop(document, None) or open_document(document)
    _OPENED[document] = seen  # the last one now
    for oldest in list(_OPENED)[:-_MOST_OPENED]:
        _OPENED.pop(oldest, None)
    return seen


def is_open(document: Document) -> bool:
    """Whether a document's units are known without any work."""
    return document in _OPENED


def placed_units(document: Document) -> list[tuple[Unit, tuple[int, int]]]:
    """The units of a document in text order, each with where it stands in the text as saved."""
    seen = opened(document)
    back = seen.composed.back if seen.composed is not None else lambda start, end: (start, end)
    return [(unit, back(unit.start, unit.end)) for unit in seen.units]


def check_folder(folder: Path) -> None:
    """Whether a folder's results can be read; completes what a killed run began to put in place.

    Raises `UsageError`, `InputError`.
    """
    if not folder.is_dir():
        raise UsageError(f"{folder}: there is no such folder; name the folder that `pams extract --out` wrote")
    check_own(folder)
    mend(folder)
    check_version(folder)


class _Source:
    """A document with what citations need, computed once."""

    def __init__(self, document: Document) -> None:
        self.document = document

    @functools.cached_property
    def _lines(self) -> list[int]:
        return [0, *(found.end() for found in re.finditer("\n", self.document.text))]

    @functools.cached_property
    def _headings(self) -> list[tuple[int, Span]]:
        text = self.document.text
        places = [place for unit, place in placed_units(self.document) if unit.kind is UnitKind.HEADING]
        return [(start, Span(start=start, end=end, text=text[start:end])) for start, end in places]

    def line(self, offset: int) -> int:
        return bisect.bisect_right(self._lines, offset)

    def heading(self, offset: int) -> Span | None:
        above = bisect.bisect_right(self._headings, offset, key=lambda h: h[0])
        return self._headings[above - 1][1] if above else None
