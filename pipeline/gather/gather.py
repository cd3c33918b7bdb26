"""Several runs' results in one folder. Nothing there is touched before all of them have been read and checked."""

from __future__ import annotations

import contextlib
import functools
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from pydantic import ValidationError

from pipeline.corrections import CORRECTIONS, read_corrections
from pipeline.gather.index import PARTS, Index, Place
from pipeline.gather.way import counted, manifest_of
from pipeline.harmless import in_json
from pipeline.results import Results, check_folder
from pipeline.seal import file_sha256, seal, sealed
from pipeline.switch import complete, locked, put, put_results, sweep
from pipeline.write import (
    DOCUMENTS,
    POLICIES,
    REFUSED,
    RUN,
    Log,
    as_lines,
    check_version,
    check_writable,
    has_text,
    manifest_lines,
    read_text,
    save_text,
)
from schemas.errors import InputError, UsageError
from schemas.records import DocumentRow, Policy, Refusal, RunManifest

OPEN = 64
"""Files of runs that are open at once."""


@dataclass(frozen=True)
class Gathered:
    """What came of it: the manifest as written, and how many documents stood in more than one place."""

    manifest: RunManifest
    twice: int


def gather(runs: Sequence[Path], out: Path) -> Gathered:
    """Joins the results of `runs` in the folder `out`, whose earlier results they replace.

    The same documents extracted in one run would give the same files, byte for byte. Every record is read, and every
    span compared with its text. Raises `UsageError` for runs that do not go together, `InputError` for results that
    were changed since they were written, `OutputUnwritable`.
    """
    check_writable(out)
    with locked(out):
        return gather_into(runs, out)


def gather_into(runs: Sequence[Path], out: Path, *, stopped: bool = False, notes: Sequence[str] = ()) -> Gathered:
    """As `gather`, for who holds the lock of `out`. `stopped`: there is more to be done, whatever the runs say.

    `notes`: what a person should know besides.
    """
    if any(os.path.realpath(run) == os.path.realpath(out) for run in runs):
        raise UsageError(f"{out}: is one of the runs; name another folder with --out")
    for run in runs:
        check_folder(run)
    manifest = manifest_of(runs)
    manifest = manifest.model_copy(update={"notes": (*manifest.notes, *notes)})
    if stopped:
        manifest = manifest.model_copy(update={"state": "stopped"})
    with Index(runs) as index, contextlib.closing(Log(out)) as log:
        complete(out)
        check_version(out)
        sweep(out)
        index.note_saved(out)
        for number, run in enumerate(runs):
            _check_seal(run)
            index.note(number)
        index.choose()
        manifest = _Gathering(runs, out, index).put(manifest)
        for old in index.no_longer_used():
            (out / old).unlink(missing_ok=True)
        _gather_corrections(runs, out)
        log.add("merged", runs=len(runs), documents=manifest.documents, twice=index.twice)
    return Gathered(manifest, index.twice)


def _check_seal(run: Path) -> None:
    """Raises `InputError` for files that were changed since their run: new results would hide it."""
    for name, sha256 in sealed(run).items():
        if file_sha256(run / name) != sha256:
            raise InputError(
                f"{run / name}: was changed since the run wrote it; run `pams extract` again, into this folder"
            )


class _Gathering:
    """One folder being made."""

    def __init__(self, runs: Sequence[Path], out: Path, index: Index) -> None:
        self._runs, self._out, self._index = runs, out, index
        self._counts: Counter[str] = Counter()
        self._errors: Counter[str] = Counter()
        # What is read lies mostly beside what was read last.
        self._open_file = functools.lru_cache(OPEN)(_open)

    def put(self, manifest: RunManifest) -> RunManifest:
        """Checks all, saves the texts, and puts the results in place. Returns the manifest as written."""
        for place in self._index.kept():
            row = self._check(place)
            self._index.set_line(place.id, as_lines([row]).encode(), row.text)
        files: dict[str, str] = {}
        manifest = counted(manifest, self._errors, self._counts).model_copy(update={"files": files})
        contents = {name: seal(self._part(name), name, files) for name in PARTS}
        contents[RUN] = manifest_lines(manifest)  # last, when the hashes of the others are known
        put_results(self._out, contents)
        return manifest

    def _check(self, place: Place) -> DocumentRow:
        """The row of a document that holds: every record once, every span the words of its text, which is saved."""
        run = self._runs[place.run]
        row, policies = self._row(place), tuple(self._policies(place))
        found = (len(policies), sum(len(p.measures) for p in policies), sum(len(p.targets) for p in policies))
        if found != (row.policies, row.measures, row.targets):
            raise InputError(f"{run}: {row.document} has other records than its run found; run `pams extract` again")
        if row.status == "ok" and not has_text(run, row):
            raise InputError(
                f"{run}: the text of {row.document} is not there, so its spans cannot be checked; bring the whole "
                "folder, `texts` included"
            )
        Results.of_document(run, [row], policies, ())
        self._counts.update(documents=1, policies=found[0], measures=found[1], targets=found[2])
        self._counts["refused"] += self._read(place.run, REFUSED, place.refused).count(b"\n")
        if row.error is not None:
            self._errors[row.error.kind] += 1
        called = row.model_copy(update={"document": place.called, "same_as": place.same_as})
        if row.text is not None:
            called = save_text(self._out, called, read_text(run, row).text.encode())
        return called

    def _row(self, place: Place) -> DocumentRow:
        try:
            return DocumentRow.model_validate_json(self._read(place.run, DOCUMENTS, place.row))
        except ValidationError as problem:
            raise self._foreign(place, DOCUMENTS, problem) from problem

    def _policies(self, place: Place) -> Iterator[Policy]:
        try:
            for line in self._read(place.run, POLICIES, place.policies).split(b"\n"):
                if line.strip():
                    yield Policy.model_validate_json(line)
        except ValidationError as problem:
            raise self._foreign(place, POLICIES, problem) from problem

    def _foreign(self, place: Place, file: str, problem: ValidationError) -> InputError:
        path = self._runs[place.run] / file
        return InputError(f"{path}: not a file of this version of pams ({problem.error_count()} problems)")

    def _part(self, name: str) -> Iterator[bytes]:
        """A file of the results, document by document."""
        for place, line in self._index.in_order():
            if name == DOCUMENTS:
                yield line
                continue
            raw = self._read(place.run, name, place.policies if name == POLICIES else place.refused)
            yield raw if place.called == place.name else self._renamed(place, name, raw)

    def _renamed(self, place: Place, name: str, raw: bytes) -> bytes:
        form = Policy if name == POLICIES else Refusal
        try:
            records = [form.model_validate_json(line) for line in raw.split(b"\n") if line.strip()]
        except ValidationError as problem:
            raise self._foreign(place, name, problem) from problem
        return as_lines(r.model_copy(update={"document": place.called}) for r in records).encode()

    def _read(self, run: int, name: str, at: tuple[int, int]) -> bytes:
        if not at[1]:
            return b""
        file = self._open_file(self._runs[run] / name)
        file.seek(at[0])
        return file.read(at[1])


def _open(path: Path) -> BinaryIO:
    return path.open("rb")


def _gather_corrections(runs: Sequence[Path], out: Path) -> None:
    """What people decided about the runs' records, in the order of time, beside what was decided here."""
    found = {c.model_dump_json(): c for folder in (out, *runs) for c in read_corrections(folder)}
    if found:
        in_time = sorted(found.values(), key=lambda c: c.at)
        put(out / CORRECTIONS, (in_json(c.model_dump_json()).encode() + b"\n" for c in in_time))
