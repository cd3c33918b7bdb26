"""Results as they come, in one file of their own until all are there and can be put in order.

A run that is killed, or stopped before all is done, leaves its spool. The next one takes up what is whole in it and
was made in the very same way, so that this costs neither money nor work.
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from pydantic import ValidationError

from pipeline.folder import open_new, open_to_append
from pipeline.seal import seal
from pipeline.switch import put_results, sweep, unwritable
from pipeline.write import DOCUMENTS, POLICIES, REFUSED, RUN, SAVED, as_lines, has_text, manifest_lines, save_text
from schemas.errors import UsageError
from schemas.records import DocumentRow, RunManifest

SPOOL = ".pams.spool"
_LONGEST_HEAD = 100_000
"""Bytes of the line before a document's results."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a document's results stand in the spool: policies, refusals and row, one after the other."""

    start: int
    sizes: tuple[int, int, int]

    def part(self, number: int) -> tuple[int, int]:
        """Start and size of one of the three."""
        return self.start + sum(self.sizes[:number]), self.sizes[number]


class Spool:
    """Results of a run in the order in which they come.

    Memory grows by a few numbers a document, and what an earlier run wrote stays whole until `finish`.
    """

    def __init__(self, folder: Path, saved: Iterable[str] = (), way: str | None = None) -> None:
        """Opens the spool in `folder`. Raises `OutputUnwritable`.

        `saved`: texts that an earlier run saved here, as its rows name them; those no longer in use are removed.
        `way`: names how results are made; those of a killed run that were made in this way can be taken up. None: none.
        """
        self._folder = folder
        self._path = folder / SPOOL
        self._at: dict[str, _Place] = {}
        self._left: dict[tuple[str, str], _Place] = {}
        """What a killed run left, by name and sha256 of the document."""
        self._before = {text for text in saved if SAVED.fullmatch(text)}  # nothing else is ever removed
        self._texts: set[str] = set()
        self._needed = way is not None
        """Whether a later run could take up what is here."""
        try:
            sweep(folder)
            self._file = self._open(json.dumps({"way": way}).encode() + b"\n")
        except OSError as problem:
            raise unwritable(self._path, problem) from problem

    def __contains__(self, document: str) -> bool:
        return document in self._at

    def __len__(self) -> int:
        return len(self._at)

    def add(self, row: DocumentRow, policies: str = "", refusals: str = "", text: str | None = None) -> None:
        """One document's row, its records as lines of JSON in order (`lines`), its text. Raises `OutputUnwritable`."""
        if text is not None:
            row = save_text(self._folder, row, text.encode())
        if row.text is not None:
            self._texts.add(row.text)
        parts = [part.encode() for part in (policies, refusals, as_lines([row]))]
        whole, sizes = b"".join(parts), (len(parts[0]), len(parts[1]), len(parts[2]))
        facts = {"document": row.document, "sha256": row.sha256, "text": row.text}
        line = json.dumps({**facts, "sizes": sizes, "crc": zlib.crc32(whole)}).encode() + b"\n"
        try:
            start = self._file.seek(0, os.SEEK_END)
            self._file.write(line + whole)
            self._file.flush()  # what a killed process held back would be lost
        except OSError as problem:
            raise unwritable(self._path, problem) from problem
        self._at[row.document] = _Place(start + len(line), sizes)

    def take_up(self, document: str, sha256: str, same_as: tuple[str, ...]) -> tuple[DocumentRow, int] | None:
        """What a killed run made of the very same file: its row and the number of its refusals, kept from now on."""
        place = self._left.pop((document, sha256), None)
        if place is None:
            return None
        try:
            row = DocumentRow.model_validate_json(self._read(place, 2))
        except ValidationError:
            return None
        if row.status != "ok" or row.same_as != same_as or row.text is None or not has_text(self._folder, row):
            return None
        self._texts.add(row.text)
        self._at[document] = place
        return row, self._read(place, 1).count(b"\n")

    def finish(self, manifest: RunManifest) -> RunManifest:
        """Puts the result files in place: documents by name, records in order. Raises `OutputUnwritable`.

        Returns the manifest as it is written, with the hashes of these files.
        """
        files: dict[str, str] = {}
        manifest = manifest.model_copy(update={"files": files})
        contents = {n: seal(self._parts(part), n, files) for part, n in enumerate((POLICIES, REFUSED, DOCUMENTS))}
        # Written last, when the others have gone by and their hashes are known.
        contents[RUN] = manifest_lines(manifest)
        put_results(self._folder, contents)
        self._needed = self._needed and manifest.state == "stopped"
        for old in self._before - self._texts:
            (self._folder / old).unlink(missing_ok=True)
        return manifest

    def close(self) -> None:
        """Removes the spool, unless there is something in it for a run that goes on."""
        self._file.close()
        if not (self._needed and self._at):
            self._path.unlink(missing_ok=True)

    def _open(self, first: bytes) -> BinaryIO:
        """The file, with what a killed run left in it if that was made in the same way."""
        if self._needed and self._path.exists():
            try:
                file = open_to_append(self._path)
            except UsageError:  # one file under two names: not ours alone
                return self._anew(first)
            if file.seek(0) == 0 and file.readline(_LONGEST_HEAD) == first:
                file.truncate(self._find_left(file))  # half a document that a kill left
                return file
            file.close()
        return self._anew(first)

    def _anew(self, first: bytes) -> BinaryIO:
        file = open_new(self._path)
        file.write(first)
        return file

    def _find_left(self, file: BinaryIO) -> int:
        """Notes what is whole in a spool, from the file's place on; where that ends."""
        size = os.fstat(file.fileno()).st_size
        while True:
            end = file.tell()
            try:
                head = json.loads(file.readline(_LONGEST_HEAD))
                sizes = tuple(int(size) for size in head["sizes"])
                name, sha256, text, crc = str(head["document"]), head["sha256"], head["text"], head["crc"]
            except (ValueError, KeyError, TypeError, RecursionError):
                return end
            start = file.tell()
            if len(sizes) != 3 or min(sizes) < 0 or sum(sizes) > size or zlib.crc32(file.read(sum(sizes))) != crc:
                return end
            if isinstance(text, str) and SAVED.fullmatch(text):
                self._before.add(text)
            self._left[name, str(sha256)] = _Place(start, sizes)

    def _read(self, place: _Place, number: int) -> bytes:
        start, size = place.part(number)
        self._file.seek(start)
        return self._file.read(size)

    def _parts(self, part: int) -> Iterator[bytes]:
        for name in sorted(self._at):
            if self._at[name].sizes[part]:
                yield self._read(self._at[name], part)
