"""Fuzzing of zips, and of what is written: names and texts out of a zip through a whole run, its files and exports.

A run may refuse a zip or a document; what it writes is read back as it was, whatever the names and the words.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import io
import random
import tempfile
import warnings
import zipfile
from collections.abc import Iterator
from pathlib import Path

from pipeline.desk import Desk, Finished
from pipeline.export import export, read_back
from pipeline.folder import TEXTS
from pipeline.jobs import Job, plan
from pipeline.read import find_sources
from pipeline.results import Results
from pipeline.settings import Settings
from pipeline.spool import Spool
from pipeline.stored import Stored
from schemas.errors import UsageError
from schemas.records import DocumentRow, Policy, RunManifest, Usage

NAMES = (
    "a.txt", "a.txt", "A.TXT", "b/a.txt", "b\\a.txt", "../a.txt", "/a.txt", "C:/a.txt", "./a.txt", "b/../a.txt",
    ".hidden.txt", "__MACOSX/a.txt", "~$a.txt", "a.md", "a.text", "가나다.txt", "똠방각하.txt", "=1+1.txt", "'a.txt",
    "a\x1b[31m.txt", "a\u202e.txt", "a\u2028b.txt", "a\n.txt", "a;b.txt", '"a",b.txt', "x" * 200 + ".txt",
    "..txt", "con.txt", "a .txt", "a.txt ", "texts/a.txt", "run.json", "policies.jsonl", "a.zip", "a.pdf", "a.html",
    "b/", "가" * 90 + ".txt", "😀.txt",
)  # fmt: skip
"""Names of members: twice the same, out of the zip, of other systems, of files of a run, with signs that steer."""
_NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def make_zip(chance: random.Random, texts: Iterator[str]) -> bytes:
    """A zip of a few texts under odd names."""
    made = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(made, "w") as archive:
        warnings.simplefilter("ignore")  # two members of one name
        for _ in range(chance.randrange(1, 6)):
            member = zipfile.ZipInfo(chance.choice(NAMES))
            packed = chance.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA))
            archive.writestr(member, next(texts), packed)
    return made.getvalue()


def try_zip(raw: bytes) -> str | None:
    """What is wrong with how a run takes a zip, and what it writes of it; None if nothing is."""
    with tempfile.TemporaryDirectory(prefix="pams-fuzz-") as name:
        room = Path(name)
        (room / "a.zip").write_bytes(raw)
        try:
            sources = find_sources([room / "a.zip"])
        except UsageError:
            return None
        jobs, settled = plan(sources, {}, retry_failed=False)
        out = room / "out"
        out.mkdir()
        done = [_do(job) for job in jobs] + [Finished(row) for row in settled]
        written = {row.document: row for row in _write(out, done)}
        fault = next((r.error.message for r in written.values() if r.error and r.error.kind == "internal_error"), None)
        return fault or _fault_in(out, written, "".join(d.policies for d in sorted(done, key=lambda d: d.row.document)))


def _do(job: Job) -> Finished:
    with contextlib.closing(Desk(Settings())) as desk:
        done = asyncio.run(desk.do(job))
    if not isinstance(done, Finished):
        raise TypeError(f"{job.name}: asks though it is drafted by rule")
    return done


def _write(out: Path, done: list[Finished]) -> list[DocumentRow]:
    """Puts the results in place, as a run does."""
    with contextlib.closing(Spool(out)) as spool:
        for one in done:
            spool.add(one.row, one.policies, one.refusals, one.text)
        spool.finish(
            RunManifest(
                version="", started=_NOW, finished=_NOW, endpoint="draft", model="draft", model_sha256=None,
                prompt_set="draft", prompt_hash="", schema_hash="", settings={}, versions={}, documents=len(done),
                failed=0, policies=0, measures=0, targets=0, refused=0, usage=Usage(), errors={},
            )
        )  # fmt: skip
    return [one.row for one in done]


def _fault_in(out: Path, written: dict[str, DocumentRow], policies: str) -> str | None:
    """What is not as it was written, or stands where it should not."""
    results = Results(out)  # compares every span with its text
    stray = [p for p in out.rglob("*") if p.is_symlink() or p.parent not in (out, out / TEXTS)]
    if stray or any((out.parent / name).exists() for name in ("a.txt", "texts")):
        return f"wrote outside its place: {stray}"
    if set(results.rows) != set(written):
        return f"documents differ: {sorted(set(results.rows) ^ set(written))[:3]}"
    if [Policy.model_validate_json(line) for line in policies.split("\n") if line] != list(results.extracted):
        return "policies differ from what was found"
    if list(results.notes()) or [p for part in Stored(out).parts() for p in part.policies] != list(results.policies):
        return "read document by document they are others, or something is told of them"
    for format in ("csv", "jsonl"):
        export(Stored(out), out.parent / format, format)
        if read_back(out.parent / format, format)[0] != results.policies:
            return f"policies come back changed from {format}"
    return None
