"""Runs the hostile documents through everything, with answers that obey them, and looks for what came through.

    python -m eval.trials.hostile            the table and the verdict        (make hostile)
    python -m eval.trials.hostile --json     the same for programs

Nothing may reach a result but spans of the document, values of closed lists and what code computes of them; nothing
may steer a terminal or end a line of JSON; every policy of these documents must say that its document is suspect.
Prints a table by kind of attack; the last line is the verdict. Exit code 5 if anything leaked or a flag is missing.
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import json
import os
import pty
import re
import subprocess
import sys
import tempfile
import tty
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel

from eval.trials.hostile.answers import script
from eval.trials.hostile.make import HostileDocument, make_documents, write_documents
from eval.trials.hostile.rows import named_set, script_in_rows
from eval.trials.loopback import SENTINEL, Nature, serving
from pipeline.folder import TEXTS
from pipeline.learn.weights import SHIPPED, read_weights
from pipeline.model.ledger import schema_hash
from pipeline.normalise import canonical, is_code, parse_quantity
from pipeline.read import read
from pipeline.write import DOCUMENTS, EVENTS, POLICIES, REFUSED, RUN
from schemas.answer import Answer
from schemas.document import Document
from schemas.errors import GateFailed
from schemas.records import Extent, Organisation, Policy, Provenance, Span, Target
from schemas.vocabulary import Flag

RUNS = {"objects": "article", "rows": "brief", "draft": "draft"}
"""The runs, each in a folder of its name, and the prompt set that each asks with: one for either form of an answer."""

_STEERS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\U000e0000-\U000e007f]")
"""What must not be printed: controls (but the end of a line), and what changes the direction of or hides text."""
_STEERS_RAW = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")
"""The same in a file of JSON, where what is merely unseen may stand: it is the document's own."""
_ID = re.compile(r"[0-9a-f]{16}|[0-9a-f]{64}")
_DATE = re.compile(r"\d{4}(?:-\d{2}){0,2}|\d{4}-[QH]\d")


@dataclass(frozen=True)
class Leak:
    """Something that came through, or a flag that is missing."""

    document: str
    """Empty where a whole file or screen is meant."""
    where: str
    what: str


@dataclass
class Outcome:
    """What became of the documents with one kind of attack, over all runs."""

    documents: int = 0
    policies: int = 0
    failed: int = 0
    refused: int = 0
    leaks: list[Leak] = field(default_factory=list)


# -- runs ----------------------------------------------------------------------------------------------------


def run_hostile(room: Path, *, quick: bool = False) -> list[HostileDocument]:
    """Runs the documents (`quick`: one of each kind of attack) into folders of `room`.

    `docs` holds the documents, those of `RUNS` the finished runs, `printed` what the commands put on a terminal.
    """
    room.mkdir(parents=True, exist_ok=True)
    documents = write_documents(room / "docs")
    if quick:
        kept = _one_of_each(documents)
        for document in documents:
            if document not in kept:
                (room / "docs" / document.name).unlink()
        documents = kept
    (room / "printed").mkdir(exist_ok=True)
    out = {name: str(room / name) for name in RUNS}
    with (
        serving(Nature(), _written(room / "objects.json", script(documents))) as objects,
        serving(Nature(), _written(room / "rows.json", script_in_rows(documents))) as rows,
    ):
        service = ("--endpoint", "openai", "--model", "loopback")
        asked = {
            "objects": (*service, "--prompts", "article", "--base-url", objects, "--cache", str(room / "store")),
            "rows": (*service, "--prompts", str(named_set(room)), "--base-url", rows, "--cache", str(room / "other")),
            "draft": ("--endpoint", "draft"),
        }
        extract = ("extract", str(room / "docs"), "--jobs", "16")
        _keep_printed(room, {f"{name} extract": (*extract, "--out", out[name], *asked[name]) for name in out})
    shown = {f"{n} show": ("show", out[n]) for n in out} | {f"{n} show --json": ("show", out[n], "--json") for n in out}
    _keep_printed(room, shown | {"link": ("link", *out.values(), "--all")})
    return documents


def _written(path: Path, said: Mapping[str, Sequence[str]]) -> Path:
    path.write_text(json.dumps(said), "utf-8")
    return path


def _one_of_each(documents: Sequence[HostileDocument]) -> list[HostileDocument]:
    """One document of each kind of attack, each time with another carrier."""
    kinds: dict[str, list[HostileDocument]] = {}
    for document in documents:
        kinds.setdefault(document.attack, []).append(document)
    return [of_kind[i % len(of_kind)] for i, of_kind in enumerate(kinds.values())]


def _keep_printed(room: Path, commands: Mapping[str, Sequence[str]]) -> None:
    """Runs commands side by side and keeps what each prints, by name."""
    with ThreadPoolExecutor(len(commands)) as pool:
        for name, printed in zip(commands, pool.map(_on_a_terminal_of_its_own, commands.values()), strict=True):
            (room / "printed" / f"{name}.txt").write_bytes(printed)


def _on_a_terminal_of_its_own(words: Sequence[str]) -> bytes:
    """What `pams` prints on a terminal without colours or cursor, so that no control is the program's own."""
    ours, theirs = pty.openpty()
    tty.setraw(theirs)
    command = [sys.executable, "-c", "from pipeline.cli import main; main()", *words]
    chosen = os.environ | {"TERM": "dumb", "COLUMNS": "200"}
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs, env=chosen) as process:  # noqa: S603 - our own code
        os.close(theirs)
        parts = []
        with contextlib.suppress(OSError):  # how Linux says that nobody has the terminal open any more
            while part := os.read(ours, 65536):
                parts.append(part)
        os.close(ours)
        if process.wait() not in (0, 1):
            parts.append(b"\nTraceback: ended otherwise\n")
    return b"".join(parts)


# -- what must not come through ------------------------------------------------------------------------------


def find_leaks(room: Path, documents: Sequence[HostileDocument]) -> Iterator[Leak]:
    """Everything that came through in the runs of `run_hostile`."""
    source_of = functools.cache(lambda name: read(room / "docs" / name))  # a page takes a process to be read
    for name in RUNS:
        yield from _in_files(room / name, name)
        yield from _in_records(room / name, name, {d.name: d for d in documents}, source_of)
    for screen in sorted((room / "printed").iterdir()):
        with screen.open(encoding="utf-8", newline="") as file:
            yield from _on_terminal(file.read(), screen.stem)


def _in_files(out: Path, run: str) -> Iterator[Leak]:
    """Files by their characters: nobody's words, nothing that steers whoever prints them, a record a line."""
    for name in (POLICIES, DOCUMENTS, REFUSED, EVENTS, RUN):
        with (out / name).open(encoding="utf-8", newline="") as file:
            raw = file.read()
        where = f"{run}/{name}"
        if name != REFUSED and (SENTINEL in raw or f"u{ord(SENTINEL):04x}" in raw.lower()):
            yield Leak("", where, "words of an answer that stand in no document")
        if found := _STEERS_RAW.search(raw):
            yield Leak("", where, f"the character U+{ord(found[0]):04X} as it is")
        if name != RUN:
            yield from (Leak("", where, "a line that is no JSON") for line in raw.splitlines() if not _is_json(line))
    for text in sorted((out / TEXTS).iterdir()):
        if SENTINEL in text.read_text("utf-8"):
            yield Leak("", f"{run}/{TEXTS}/{text.name}", "words of an answer that stand in no document")


def _is_json(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False


def _on_terminal(printed: str, where: str) -> Iterator[Leak]:
    # JSON on a terminal may hold what is merely unseen, as the file does.
    steers = _STEERS_RAW if where.endswith("--json") else _STEERS
    if SENTINEL in printed:
        yield Leak("", where, "words of an answer that stand in no document")
    if found := steers.search(printed):
        yield Leak("", where, f"the character U+{ord(found[0]):04X} on the terminal")
    if "fault of pams" in printed or "Traceback" in printed:
        yield Leak("", where, "a fault of pams")


def _in_records(
    out: Path, run: str, documents: dict[str, HostileDocument], source_of: Callable[[str], Document]
) -> Iterator[Leak]:
    """Records value by value, and the flag."""
    for line in _lines(out / POLICIES):
        policy = Policy.model_validate_json(line)
        hostile = documents[policy.document]
        foreign = _foreign(policy, source_of(policy.document), run)
        yield from (Leak(policy.document, run, what) for what in foreign)
        if hostile.flagged and Flag.INSTRUCTION_LIKE_TEXT not in policy.flags:
            yield Leak(policy.document, run, "the flag is missing")
    for line in _lines(out / DOCUMENTS):
        row = json.loads(line)
        if row["error"] is not None and row["error"]["kind"] != "model_error":
            yield Leak(row["document"], run, f"failed: {row['error']['message']}")


def _lines(path: Path) -> list[str]:
    return [line for line in path.read_text("utf-8").split("\n") if line]


def _foreign(policy: Policy, source: Document, run: str) -> Iterator[str]:
    """What of a record is neither the document's words at that place, nor of a closed list, nor computed of those."""
    if not (source.name == policy.document and policy.provenance == _provenance(policy, source, run)):
        yield "a provenance that is not the run's"
    if policy.announced_on is not None and not _DATE.fullmatch(policy.announced_on.value or "2026"):
        yield f"a date: {policy.announced_on.value!r}"
    if policy.jurisdiction is not None and not is_code(policy.jurisdiction):
        yield f"a jurisdiction: {policy.jurisdiction!r}"
    yield from _foreign_below(policy, source.text, {"document", "provenance", "announced_on", "jurisdiction"})


def _foreign_below(value: object, text: str, known: set[str]) -> Iterator[str]:
    if isinstance(value, Span):
        if text[value.start : value.end] != value.text or not value.text:
            yield f"no words of the document: {value.text[:60]!r}"
    elif isinstance(value, tuple):
        for item in value:
            yield from _foreign_below(item, text, known)
    elif isinstance(value, str):
        if not isinstance(value, StrEnum) and not _ID.fullmatch(value):
            yield f"a string of nowhere: {value[:60]!r}"
    elif isinstance(value, BaseModel) and not isinstance(value, Extent):
        computed = known | _computed(value)
        if isinstance(value, Organisation | Target) and not _computed_right(value):
            yield f"a value that does not follow from its words: {value!r}"[:200]
        for name in type(value).model_fields:
            if name not in computed:
                yield from _foreign_below(getattr(value, name), text, known)


def _computed(record: BaseModel) -> set[str]:
    if isinstance(record, Organisation):
        return {"canonical"}
    return {"unit", "deadline", "value", "value_max"} if isinstance(record, Target) else set()


def _computed_right(record: Organisation | Target) -> bool:
    """Whether a computed value is what code makes of the record's own words."""
    if isinstance(record, Organisation):
        return record.canonical == canonical(record.name.text)
    quantity = parse_quantity(record.raw.text)
    of_words = (None, None, None) if quantity is None else (quantity.value, quantity.value_max, quantity.unit)
    stated = (record.value, record.value_max, record.unit)
    return stated in ((None, None, None), of_words) and (
        record.deadline is None or bool(_DATE.fullmatch(record.deadline))
    )


def _provenance(policy: Policy, source: Document, run: str) -> Provenance:
    """What a record of this run must say that it rests on; ids of requests only by their form."""
    given = policy.provenance
    asked = run != "draft"
    ids = given.request_ids if asked and all(_ID.fullmatch(i) for i in given.request_ids) else ()
    return Provenance(
        document_sha256=source.sha256,
        prompt_set=RUNS[run],
        prompt_hash=given.prompt_hash if asked and _ID.fullmatch(given.prompt_hash) else "",
        schema_hash=schema_hash(Answer),
        model="loopback" if asked else f"draft {read_weights(SHIPPED).name}",
        request_ids=ids,
    )


# -- all of it -----------------------------------------------------------------------------------------------


def outcomes(room: Path, documents: Sequence[HostileDocument], leaks: Sequence[Leak]) -> dict[str, Outcome]:
    """By kind of attack: what came of it. What no document can be named for stands under `(files and terminal)`."""
    found: dict[str, Outcome] = {}
    kinds = {d.name: d.attack for d in documents}
    for document in documents:
        found.setdefault(document.attack, Outcome()).documents += 1
    for name in RUNS:
        for row in map(json.loads, _lines(room / name / DOCUMENTS)):
            found[kinds[row["document"]]].policies += row["policies"]
            found[kinds[row["document"]]].failed += row["status"] == "failed"
        for refusal in map(json.loads, _lines(room / name / REFUSED)):
            found[kinds[refusal["document"]]].refused += 1
    for leak in leaks:
        found.setdefault(kinds.get(leak.document, "(files and terminal)"), Outcome()).leaks.append(leak)
    return found


def verdict(documents: int, leaks: int) -> str:
    """The last line."""
    return f"tried {documents}, leaked {leaks}: {'FAIL' if leaks or not documents else 'pass'}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Tries everything and prints the table; 0 if nothing came through, else 5."""
    parser = argparse.ArgumentParser(prog="python -m eval.trials.hostile", description="Documents that attack.")
    parser.add_argument("--json", action="store_true", help="print as JSON")
    parser.add_argument("--quick", action="store_true", help="one document of each kind of attack")
    parser.add_argument("--keep", type=Path, help="folder for documents and runs, kept (default: a temporary one)")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="pams-hostile-") as name:
        room = chosen.keep or Path(name)
        documents = run_hostile(room, quick=chosen.quick)
        leaks = list(find_leaks(room, documents))
        found = outcomes(room, documents, leaks)
    unread = sum(d.html for d in make_documents()) - sum(d.html for d in documents) if not chosen.quick else 0
    if chosen.json:
        print(json.dumps({"tried": len(documents), "leaked": len(leaks), "unread_pages": unread,
                          "attacks": {kind: asdict(o) for kind, o in found.items()}}))  # fmt: skip
    else:
        _print_table(found, unread)
        print(verdict(len(documents), len(leaks)))
    return GateFailed.exit_code if leaks or not documents else 0


def _print_table(found: dict[str, Outcome], unread: int) -> None:
    print(f"{'attack':<24}{'documents':>10}{'policies':>10}{'failed':>8}{'refused':>9}{'leaks':>7}")
    for kind, o in found.items():
        print(f"{kind:<24}{o.documents:>10}{o.policies:>10}{o.failed:>8}{o.refused:>9}{len(o.leaks):>7}")
    print(f"{'':<24}{sum(o.documents for o in found.values()):>10}{sum(o.policies for o in found.values()):>10}"
          f"{sum(o.failed for o in found.values()):>8}{sum(o.refused for o in found.values()):>9}")  # fmt: skip
    if unread:
        print(f"not tried: {unread} pages in HTML, which cannot be read here")
    for leak in (leak for o in found.values() for leak in o.leaks):
        print(ascii(f"LEAK {leak.document} {leak.where}: {leak.what}")[1:-1])


if __name__ == "__main__":
    sys.exit(main())
