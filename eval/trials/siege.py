"""One long run whose processes are killed at random, the main one and its workers, until every document is done.

    python -m eval.trials.chaos --long              100,000 documents, 33 % faults, 20 kills
    python -m eval.trials.chaos --long 5000         fewer of them

A kill comes when the service has answered a random share of what there is to ask, so it meets any speed of machine.
Linux only: a process's children are read from `/proc`.
"""

from __future__ import annotations

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from eval.trials.corpus import store_briefs
from eval.trials.findings import JOBS, Finding, in_child, results_of, rows_of, settings, settled
from eval.trials.loopback import Nature, serving, stats
from schemas.errors import BudgetReached

FAULTS = 0.33
CHARACTERS = 800
"""Of one document: the shorter, the more of them are done while something is killed."""
PARTS = 3
"""Commands that the budget of tokens stops before all is done, about."""
TOKENS = 4_500
"""Of one document, about: a question, what is asked again, and failed attempts, which count at their worst."""
ROOM = 1_000_000
"""Tokens that hold the largest question: at the worst two re-asks repeat 60,000 characters of three bytes each."""
ENDS_WITHIN = 15.0
"""Seconds that workers may outlive the main process: half a second where the machine is free."""


def siege(room: Path, count: int, killed: int) -> Iterator[Finding]:
    """`count` documents, `killed` processes killed on the way; the same command is given until it ends by itself."""
    docs = store_briefs(room / "docs", count, CHARACTERS)
    chance = random.Random(17)  # noqa: S311 - whom to kill when, nothing secret
    due = sorted(chance.uniform(0.02, 0.95) * count for _ in range(killed))
    with serving(Nature(seed=17, faults=FAULTS, latency=0.005)) as url:
        started = time.monotonic()
        fate = _Fate(docs, room / "out", url, room / "store", count, chance, due)
        while fate.begin() != 0:
            if fate.begun > killed + 10 * PARTS:
                yield Finding("siege", f"not done after {fate.begun} commands", False)
                return
        seen = settled(url)
    met = sum(seen["faults"].values())
    took = time.monotonic() - started
    yield Finding(
        "siege", f"{count} documents in {took:.0f} s, {fate.begun} commands, {seen['requests']} requests, "
        f"{met / seen['requests']:.0%} met a fault", seen["requests"] >= count
    )  # fmt: skip
    yield Finding("killed", f"{fate.killed.total()} of {killed}: {dict(fate.killed)}", fate.killed.total() == killed)
    yield Finding("left running", f"{fate.left} workers outlived their main process", fate.left == 0)
    names = [row["document"] for row in rows_of(room / "out")]
    whole = len(names) == len(set(names)) == count
    yield Finding("all documents", f"{len(names)} rows, {len(set(names))} names, {count} files", whole)
    silent = [r for r in rows_of(room / "out") if r["status"] == "failed" and not (r["error"] or {}).get("message")]
    errors = Counter(r["error"]["kind"] for r in rows_of(room / "out") if r["error"])
    yield Finding("all endings", f"{count - errors.total()} ok, failed with a reason: {dict(errors)}", not silent)
    yield from results_of(docs, room / "out")
    bound = JOBS * fate.killed["main"]
    twice = seen["answered_twice"]
    yield Finding("paid again", f"{twice} answers, at most {bound} were in flight when killed", twice <= bound)
    yield Finding("overspent", f"at most {fate.most} of {fate.limit} tokens in one command", fate.most <= fate.limit)


class _Fate:
    """What happens to one command after the other."""

    def __init__(
        self, docs: Path, out: Path, url: str, store: Path, count: int, chance: random.Random, due: list[float]
    ) -> None:
        self._docs, self._out, self._url, self._chance, self._due = docs, out, url, chance, due
        self.limit = ROOM + TOKENS * count // PARTS
        self._settings = settings(url, store, max_tokens_total=self.limit)
        self.killed: Counter[str] = Counter()
        self.begun = self.left = self.most = 0

    def begin(self) -> int:
        """One command, until it ends or is killed; its exit code, below 0 where it was killed."""
        self.begun += 1
        before = settled(self._url)["tokens"]
        child = os.fork()
        if child == 0:
            in_child(self._docs, self._out, self._settings)
        workers: set[int] = set()
        while (ended := os.waitpid(child, os.WNOHANG))[0] == 0:
            workers |= set(_children(child))
            if self._due and stats(self._url)["distinct"] >= self._due[0]:
                self._kill(child)
            time.sleep(0.02)
        code = os.waitstatus_to_exitcode(ended[1])
        deadline = time.monotonic() + ENDS_WITHIN
        while (left := sum(_runs(worker) for worker in workers)) and time.monotonic() < deadline:
            time.sleep(0.05)
        self.left += left
        self.most = max(self.most, settled(self._url)["tokens"] - before)
        if code not in (0, 1, -signal.SIGKILL, BudgetReached.exit_code):
            raise RuntimeError(f"the command ended with {code}")
        return 0 if code == 1 else code

    def _kill(self, main: int) -> None:
        """The main process or one of its workers."""
        workers = _children(main)
        victim = self._chance.choice([main, *workers])
        if not workers and victim == main and not self._out.exists():
            return  # it has hardly begun
        self._due.pop(0)
        self.killed["main" if victim == main else "worker"] += 1
        os.kill(victim, signal.SIGKILL)
        time.sleep(0.1)


def _children(process: int) -> list[int]:
    try:
        return [int(p) for p in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
    except OSError:
        return []


def _runs(process: int) -> bool:
    """Whether it is there and no zombie."""
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return bool(state != "Z")
