"""Batch runs against a service that fails, processes that are killed, a disk that is full: what must survive does.

    python -m eval.trials.chaos            10,000 requests with 30 % faults, 50 kills        (make chaos)
    python -m eval.trials.chaos --quick    300 requests, 4 kills                             (in the tests)
    python -m eval.trials.chaos --long     100,000 documents, 20 kills of any process        (make chaos-long)

Prints a table; the last line is the verdict. Exit code 5 if anything falls short.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from eval.trials.corpus import store_briefs
from eval.trials.findings import Finding, in_child, results_of, rows_of, settings, settled
from eval.trials.loopback import Nature, serving, stats
from eval.trials.siege import siege
from pipeline.run import run
from pipeline.settings import Settings
from pipeline.write import POLICIES
from schemas.errors import BudgetReached, CannotStart, GateFailed

FAULTS = 0.36


# -- faults --------------------------------------------------------------------------------------------------


def faults(docs: Path, room: Path, count: int) -> Iterator[Finding]:
    """A run over `count` documents while three in ten requests meet a fault."""
    with serving(Nature(seed=7, faults=FAULTS, latency=0.02)) as url:
        started = time.monotonic()
        manifest = run([docs], room / "out", settings(url, room / "store"))
        seen = settled(url)
    met = sum(seen["faults"].values())
    yield Finding(
        "requests", f"{seen['requests']} in {time.monotonic() - started:.0f} s, {met} met a fault "
        f"({met / seen['requests']:.0%}): {seen['faults']}", seen["requests"] >= count
    )  # fmt: skip
    rows = rows_of(room / "out")
    names = [row["document"] for row in rows]
    whole = len(names) == count == len(set(names))
    yield Finding(
        "documents", f"{len(names)} rows, {len(set(names))} names, {count} files: none lost, none twice", whole
    )
    reasons = [row for row in rows if row["status"] == "failed" and not (row["error"] or {}).get("message")]
    said = f"{manifest.documents - manifest.failed} ok, {manifest.failed} failed with a reason {manifest.errors}"
    yield Finding("endings", said, not reasons and manifest.state == "finished")
    yield from results_of(docs, room / "out")
    twice = seen["answered_twice"]
    yield Finding("paid twice", f"{twice} of {seen['answered']} answers (hangs and cut bodies aside)", twice == 0)
    yield Finding("connections left open", str(seen["connections"] - 1), seen["connections"] <= 1)


# -- budget --------------------------------------------------------------------------------------------------


def budget(docs: Path, room: Path) -> Iterator[Finding]:
    """A run that its budget stops, and goes on with a larger one."""
    limit = 300_000
    with serving(Nature(seed=9, faults=FAULTS, latency=0.01)) as url:
        chosen = settings(url, room / "store", jobs=8, max_tokens_total=limit)
        try:
            run([docs], room / "out", chosen)
            ended = "was not stopped"
        except BudgetReached:
            ended = "stopped"
        billed = stats(url)["tokens"]
        done = sum(row["status"] == "ok" for row in rows_of(room / "out"))
        yield Finding(
            "budget", f"{ended}: {billed} of {limit} tokens, {done} documents kept",
            billed <= limit and ended == "stopped" and done > 0,
        )  # fmt: skip
        manifest = run([docs], room / "out", settings(url, room / "store"))
        twice = stats(url)["answered_twice"]
        yield Finding("goes on", f"{manifest.failed} failed, {twice} answers paid again", twice == 0)


# -- kills ---------------------------------------------------------------------------------------------------


def kills(docs: Path, room: Path, count: int) -> Iterator[Finding]:
    """Runs killed at random points and begun again, against one that was left alone."""
    nature = Nature(seed=11, faults=FAULTS, latency=0.03)
    with serving(nature) as url:
        started = time.monotonic()
        run([docs], room / "whole", settings(url, room / "whole-store", jobs=8))
        took = time.monotonic() - started
    expected = (room / "whole" / POLICIES).read_bytes()
    same = begun = twice = 0
    chance = random.Random(13)  # noqa: S311 - when to kill, nothing secret
    for number in range(count):
        place = room / f"kill-{number}"
        with serving(nature) as url:
            chosen = settings(url, place / "store", jobs=8)
            begun += _killed(docs, place / "out", chosen, chance.uniform(0.05, 0.95) * took)
            run([docs], place / "out", chosen)
            twice = max(twice, stats(url)["answered_twice"])
        same += (place / "out" / POLICIES).read_bytes() == expected
    yield Finding(
        "kills", f"{count} runs, {begun} killed before their end, {same} resumed byte-identical", same == count
    )
    yield Finding("paid twice after a kill", f"at most {twice} answers in one run, 8 in flight", twice <= 8)


def _killed(docs: Path, out: Path, chosen: Settings, after: float) -> bool:
    """Begins a run in a process of its own and kills it `after` seconds; whether it was still running."""
    child = os.fork()
    if child == 0:
        in_child(docs, out, chosen)
    time.sleep(after)
    os.kill(child, signal.SIGKILL)
    return os.waitpid(child, 0)[1] == signal.SIGKILL


# -- disk ----------------------------------------------------------------------------------------------------


def disk(docs: Path, room: Path) -> Iterator[Finding]:
    """A disk that takes no more, and a store that cannot be written: a clear end, and nothing corrupted."""
    with serving(Nature(seed=15)) as url:
        chosen = settings(url, room / "store", jobs=8)
        run([docs], room / "out", settings(url, room / "other-store", jobs=8))
        before = {p.name: p.read_bytes() for p in (room / "out").glob("*.jsonl") if p.name != "events.jsonl"}
        child = os.fork()
        if child == 0:
            sys.stderr = (room / "said").open("w", encoding="utf-8")
            resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            in_child(docs, room / "out", chosen)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        said = (room / "said").read_text("utf-8").strip()
        after = {name: (room / "out" / name).read_bytes() for name in before}
        clear = (code == CannotStart.exit_code and "repeat the same command" in said) or "same command again" in said
        yield Finding("disk full", f"exit {code}: {said[:70]}…; results of before intact", clear and after == before)
        run([docs], room / "out", chosen)
        again = {name: (room / "out" / name).read_bytes() for name in before}
        yield Finding("space again", "the same command goes on to the same result", again == before)
        (room / "file").write_text("no folder")
        try:
            run([docs], room / "third", settings(url, room / "file", jobs=8))
            ended = "no error"
        except CannotStart as problem:
            ended = str(problem)
        yield Finding("store unwritable", f"{ended[:70]}…", "cannot be opened" in ended)


# -- all of it -----------------------------------------------------------------------------------------------


def findings(count: int, killed: int) -> Iterator[Finding]:
    """Everything, one finding after another."""
    with tempfile.TemporaryDirectory(prefix="pams-chaos-") as name:
        room = Path(name)
        docs = store_briefs(room / "docs", count)
        few = store_briefs(room / "few", min(count, 60))
        yield from faults(docs, room / "faults", count)
        yield from budget(few, room / "budget")
        yield from kills(few, room / "kills", killed)
        yield from disk(few, room / "disk")


def _chosen(chosen: argparse.Namespace) -> Iterator[Finding]:
    if chosen.long is None:
        return findings(300, 4) if chosen.quick else findings(10_000, 50)
    return _long(chosen.long, 20)


def _long(count: int, killed: int) -> Iterator[Finding]:
    with tempfile.TemporaryDirectory(prefix="pams-siege-") as name:
        yield from siege(Path(name), count, killed)


def main(arguments: Sequence[str] | None = None) -> int:
    """Tries everything and prints the table; 0 if all is as promised, else 5."""
    parser = argparse.ArgumentParser(prog="python -m eval.trials.chaos", description="Faults, kills, full disks.")
    parser.add_argument("--quick", action="store_true", help="300 requests and 4 kills instead of 10,000 and 50")
    parser.add_argument("--long", nargs="?", type=int, const=100_000, metavar="N", help="N documents, 20 kills")
    chosen = parser.parse_args(arguments)
    short: list[str] = []
    for finding in _chosen(chosen):
        print(f"{'ok  ' if finding.ok else 'FAIL'} {finding.name:<26} {finding.shown}", flush=True)
        short += [] if finding.ok else [finding.name]
    print(
        "FAIL: " + ", ".join(short)
        if short
        else "pass: nothing lost, nothing doubled, nothing accepted that is not there"
    )
    return GateFailed.exit_code if short else 0


if __name__ == "__main__":
    sys.exit(main())
