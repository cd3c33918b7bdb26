"""The results of a folder, document by document: no more than one of them is in memory.

For what goes through all records once. Everything else reads `Results`, which hold all of them.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from pipeline.corrections import read_corrections
from pipeline.results import Results, check_folder
from pipeline.seal import notes_on
from pipeline.write import DOCUMENTS, POLICIES
from schemas.corrections import Correction
from schemas.errors import InputError, UsageError
from schemas.records import DocumentRow, Policy

Record = TypeVar("Record", bound=BaseModel)
Places = dict[str, list[tuple[int, int]]]
"""By document: where its lines stand in a file, and how long they are."""


class Stored:
    """A folder of results that is read as often as it is gone through."""

    def __init__(self, folder: Path) -> None:
        """Raises what `Results` raises; what a single document has wrong only when it is reached."""
        check_folder(folder)
        self.folder = folder
        self._rows = _places(folder / DOCUMENTS)
        self._policies = _places(folder / POLICIES, needed=True)
        self._corrections = self._by_document(read_corrections(folder))
        self.counts: Counter[str] = Counter()
        """Policies, measures and targets that were gone through so far."""

    def notes(self) -> Iterator[str]:
        """What a person should know before they rely on these results; one sentence each."""
        return notes_on(self.folder, self.documents(), {name: len(at) for name, at in self._policies.items()})

    def documents(self) -> Iterator[DocumentRow]:
        """The rows of all documents by name."""
        for name in sorted(self._rows):
            yield from self._read(DOCUMENTS, DocumentRow, self._rows[name][-1:])

    def parts(self) -> Iterator[Results]:
        """The results of one document after the other, by name, as people corrected them. Raises `InputError`."""
        for name in self.names:
            part = self.part(name)
            for policy in part.policies:
                self.counts.update(policies=1, measures=len(policy.measures), targets=len(policy.targets))
            yield part

    @property
    def names(self) -> list[str]:
        """The documents by name."""
        return sorted({*self._rows, *self._policies})

    def part(self, name: str) -> Results:
        """The results of one document, as people corrected them. Raises `InputError`."""
        rows = self._read(DOCUMENTS, DocumentRow, self._rows.get(name, [])[-1:])
        extracted = self._read(POLICIES, Policy, self._policies.get(name, []))
        return Results.of_document(self.folder, rows, tuple(extracted), self._corrections.get(name, ()))

    def _by_document(self, corrections: tuple[Correction, ...]) -> Mapping[str, tuple[Correction, ...]]:
        """Every correction with the document that it is about: of the same file, else of one that reads the same."""
        wanted = {c.text_sha256 for c in corrections}
        known: dict[tuple[str | None, str], str] = {}
        for row in self.documents() if wanted else ():
            if row.text_sha256 in wanted:
                known[row.sha256, row.text_sha256] = known[None, row.text_sha256] = row.document
        found: dict[str, list[Correction]] = defaultdict(list)
        for correction in corrections:
            alike = known.get((None, correction.text_sha256))
            name = known.get((correction.document_sha256, correction.text_sha256), alike)
            if name is not None:
                found[name].append(correction)
        return {name: tuple(of) for name, of in found.items()}

    def _read(self, name: str, form: type[Record], places: list[tuple[int, int]]) -> list[Record]:
        with (self.folder / name).open("rb") as file:
            found = []
            for start, size in places:
                file.seek(start)
                try:
                    found.append(form.model_validate_json(file.read(size)))
                except ValidationError as problem:
                    raise InputError(
                        f"{self.folder / name}: not a file of this version of pams ({problem.error_count()} problems)"
                    ) from problem
        return found


def _places(path: Path, *, needed: bool = False) -> Places:
    """Where each document's lines stand. Raises `UsageError`, `InputError`."""
    found: Places = {}
    at = 0
    try:
        with path.open("rb") as file:
            for line in file:
                if line.strip():
                    found.setdefault(json.loads(line)["document"], []).append((at, len(line)))
                at += len(line)
    except FileNotFoundError:
        if needed:
            raise UsageError(f"{path}: no results here; run `pams extract` first") from None
    except OSError as problem:
        raise UsageError(f"{path}: no results here ({problem.strerror}); run `pams extract` first") from problem
    except (ValueError, KeyError, TypeError, RecursionError) as problem:
        raise InputError(f"{path}: not a file of this version of pams; run `pams extract` again") from problem
    return found
