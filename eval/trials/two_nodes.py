"""A cluster of two nodes, and two parts merged, against one machine: the same bytes, what it costs, what kills lose.

    python -m eval.trials.two_nodes            10,000 documents      --quick: 600      --documents N

Both nodes are real (`ray start`, one processor each, a store of answers each, a shared one behind), and end with the
trial. Prints a table; the last line is the verdict. Exit code 5 if anything falls short.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from eval.trials.corpus import store_briefs
from eval.trials.findings import Finding, rows_of
from eval.trials.loopback import Nature, serving, stats
from pipeline.write import DOCUMENTS
from schemas.errors import BudgetReached, GateFailed

VARIES = ("run.json", "events.jsonl")
"""Files of a results folder that tell when and how a run went; all others are the same whoever made them."""
COUNTED = ("state", "documents", "failed", "policies", "measures", "targets", "refused", "errors", "files")
"""What `run.json` says alike."""
JOBS = 16
OVERHEAD = 1.25
"""Times the wall of a local run."""
JUDGED = 5_000
"""Documents from which the overhead is judged: below, the start of Ray and of its processes is most of it."""
_WATCHED = """
import os, signal, subprocess, sys, time
parent, child = os.getppid(), subprocess.Popen(sys.argv[1:])
while child.poll() is None and os.getppid() == parent:
    time.sleep(0.5)
os.killpg(0, signal.SIGKILL)
"""
"""Runs a command, and ends it and all that it started once its own parent is gone, however that ended."""
_PAMS = [sys.executable, "-c", "from pipeline.cli import main; main()"]


class Nodes:
    """A Ray cluster on loopback, node by node."""

    def __init__(self, room: Path) -> None:
        self._room = room
        self.address = f"127.0.0.1:{_free_port()}"
        self._started: list[subprocess.Popen[bytes]] = []

    def start(self, more: Mapping[str, str] | None = None, *, seconds: float = 90) -> int:
        """One more node, of one processor; the first is the head. Returns its number when the cluster counts it.

        `more`: what its environment has besides ours.
        """
        number = len(self._started)
        first = 20_000 + 400 * (os.getpid() % 50) + 100 * (number % 4)
        port = self.address.rpartition(":")[2]
        # Sockets of Ray lie below this folder, and their paths must be short.
        head = ["--head", f"--port={port}", f"--temp-dir={self._room}", "--include-dashboard=false"]
        which = head if number == 0 else [f"--address={self.address}"]
        command = [str(Path(sys.executable).with_name("ray")), "start", "--block", *which, "--num-cpus=1",
                   "--node-ip-address=127.0.0.1", "--disable-usage-stats", "--object-store-memory=80000000",
                   f"--min-worker-port={first}", f"--max-worker-port={first + 99}"]  # fmt: skip
        environment = {**os.environ, "PAMS_CACHE": str(self._room / f"store-{number}"), "RAY_USAGE_STATS_ENABLED": "0"}
        environment |= more or {}
        watched = [sys.executable, "-c", _WATCHED, *command]
        with (self._room / f"node-{number}.log").open("wb") as log:
            self._started.append(
                subprocess.Popen(watched, env=environment, stdout=log, stderr=log, start_new_session=True)  # noqa: S603
            )
        deadline = time.monotonic() + seconds
        while (number == 0 and not _listens(self.address)) or "block forever" not in self._log(number):
            if time.monotonic() > deadline or self._started[-1].poll() is not None:
                raise GateFailed(f"node {number} did not start: {self._log(number)[-500:]}")
            time.sleep(0.2)
        return number

    def kill(self, number: int) -> None:
        """Ends a node at once, with all that runs on it."""
        node = self._started[number]
        try:
            os.killpg(node.pid, signal.SIGKILL)
        except ProcessLookupError:
            return
        node.wait(30)

    def close(self) -> None:
        """Ends all nodes."""
        for number in reversed(range(len(self._started))):
            self.kill(number)

    def _log(self, number: int) -> str:
        return (self._room / f"node-{number}.log").read_text("utf-8", "replace")


@contextmanager
def two_nodes() -> Iterator[Nodes]:
    """A cluster of two nodes, ended with the block. It has a token of its own, which only children of this process get.

    Without one it would depend on whether Ray has made one for the user before.
    """
    before = {name: os.environ.get(name) for name in ("RAY_AUTH_MODE", "RAY_AUTH_TOKEN_PATH")}
    with tempfile.TemporaryDirectory(prefix="pn-", ignore_cleanup_errors=True) as name:
        (Path(name) / "token").write_text(secrets.token_hex(32), "utf-8")
        os.environ |= {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN_PATH": f"{name}/token"}
        nodes = Nodes(Path(name))
        try:
            nodes.start()
            nodes.start()
            yield nodes
        finally:
            nodes.close()
            for variable, value in before.items():
                os.environ.pop(variable)
                os.environ |= {variable: value} if value is not None else {}


def extract(docs: Path, out: Path, url: str, *more: str) -> list[str]:
    """The command that extracts `docs` with the service at `url`."""
    named = ["--endpoint", "openai", "--base-url", url, "--model", "loopback", "--jobs", str(JOBS), "--json"]
    return [*_PAMS, "extract", str(docs), "--out", str(out), *named, *more]


def on_ray(nodes: Nodes, shared: Path) -> list[str]:
    """What a command adds to run on the cluster, with a shared store of answers."""
    return ["--engine", "ray", "--address", nodes.address, "--cache", f"file://{shared}"]


def timed(command: Sequence[str], store: Path) -> tuple[float, int]:
    """Wall time and exit code of a command."""
    begin = time.perf_counter()
    done = subprocess.run(command, env=_with(store), stdout=subprocess.DEVNULL, check=False)  # noqa: S603 - our own code
    return time.perf_counter() - begin, done.returncode


def same(one: Path, other: Path) -> bool:
    """Whether two results folders are alike: the same files byte for byte, texts included, and the same counts."""
    return (other / "run.json").exists() and _content(one) == _content(other)


def _content(out: Path) -> tuple[dict[str, bytes], dict[str, object]]:
    found = (p for p in out.rglob("*") if p.is_file() and p.name not in VARIES)
    noted = json.loads((out / "run.json").read_text("utf-8"))
    return {str(p.relative_to(out)): p.read_bytes() for p in found}, {name: noted[name] for name in COUNTED}


def findings(count: int) -> Iterator[Finding]:
    """Everything, one finding after another. Raises `GateFailed` where nothing can be compared."""
    with tempfile.TemporaryDirectory(prefix="pams-two-") as name:
        room = Path(name)
        docs = store_briefs(room / "docs", count)
        with serving(Nature()) as url:
            local, code = timed(extract(docs, room / "local", url), room / "store")
            asked = stats(url)
        if code != 0:
            raise GateFailed(f"the run on one machine ended with code {code}; nothing can be compared with it")
        size = sum(p.stat().st_size for p in (room / "store").glob("cache.db"))
        yield Finding(
            "one machine", f"{count} documents in {local:.0f} s, {count / local:.1f} a second; a document: "
            f"{size / count:.0f} bytes of store, {asked['tokens'] / count:.0f} tokens", asked["requests"] == count,
        )  # fmt: skip
        yield _parts(room, docs)
        with two_nodes() as nodes:
            with serving(Nature()) as url:
                took, code = timed(extract(docs, room / "two", url, *on_ray(nodes, room / "shared")), room / "driver")
                requests = stats(url)["requests"]
            alike = code == 0 and requests == count and same(room / "local", room / "two")
            yield Finding("two nodes, the same bytes", f"exit {code}, {requests} requests", alike)
            judged = f"at most {OVERHEAD} x" if count >= JUDGED else f"not judged below {JUDGED} documents"
            kept = took <= OVERHEAD * local or count < JUDGED
            yield Finding("overhead", f"{took:.0f} s, {took / local:.2f} x ({judged})", kept)
        with two_nodes() as nodes:  # whose stores hold nothing yet
            yield from _budget(room, docs, nodes, asked["tokens"] // 4)
        with two_nodes() as nodes:
            yield from _kills(room, docs, nodes)


def _parts(room: Path, docs: Path) -> Finding:
    """Two parts by hand, from the store of the local run, and `pams merge`."""
    parts = [room / "part-1", room / "part-2"]
    codes = []
    with serving(Nature()) as url:
        for number, part in enumerate(parts, 1):
            codes.append(timed(extract(docs, part, url, "--shard", f"{number}/2"), room / "store")[1])
        asked = stats(url)["requests"]
    begin = time.perf_counter()
    codes.append(timed([*_PAMS, "merge", *map(str, parts), "--out", str(room / "merged")], room / "store")[1])
    took = time.perf_counter() - begin
    alike = codes == [0, 0, 0] and asked == 0 and same(room / "local", room / "merged")
    return Finding("two parts merged, the same bytes", f"merged in {took:.0f} s, {asked} requests", alike)


def _budget(room: Path, docs: Path, nodes: Nodes, limit: int) -> Iterator[Finding]:
    more = [*on_ray(nodes, room / "shared-budget"), "--max-tokens-total", str(limit)]
    with serving(Nature()) as url:
        _, code = timed(extract(docs, room / "budget", url, *more), room / "driver-b")
        billed = stats(url)["tokens"]
    shutil.rmtree(room / "budget")
    yield Finding(
        "budget of both nodes",
        f"exit {code}: {billed} of {limit} tokens",
        billed <= limit and code == BudgetReached.exit_code,
    )


def _kills(room: Path, docs: Path, nodes: Nodes) -> Iterator[Finding]:
    """The driver is killed once, and a node in the run that goes on."""
    out = room / "killed"
    with serving(Nature(latency=0.05)) as url:
        command = extract(docs, out, url, *on_ray(nodes, room / "shared-kills"))
        killed = _at_work(command, room, url, lambda driver: driver.kill())
        before = stats(url)["answered"]
        code = _at_work(command, room, url, lambda driver: nodes.kill(1))
        seen = stats(url)
    rows = [row["document"] for row in rows_of(out)] if (out / DOCUMENTS).exists() else []
    said = f"driver killed after {before} answers, then a node; exit {code}, {len(rows)} rows, {len(set(rows))} names"
    whole = (killed, code) == (-signal.SIGKILL, 0) and same(room / "local", out)
    yield Finding("a driver and a node killed", said, whole)
    twice = seen["answered_twice"]
    yield Finding("paid twice", f"{twice} answers, {2 * JOBS} were in flight at two kills", twice <= 2 * JOBS)


def _at_work(
    command: Sequence[str], room: Path, url: str, kill: Callable[[subprocess.Popen[bytes]], None]
) -> int | None:
    """Runs a command, and kills something once it has got a tenth of its answers more; its exit code.

    None: it had ended before anything could be killed.
    """
    goal = stats(url)["answered"] + len(list((room / "docs").iterdir())) // 10
    with (room / "driver.log").open("ab") as log:
        driver = subprocess.Popen(command, env=_with(room / "driver-k"), stdout=log, stderr=log)  # noqa: S603 - our own
        while stats(url)["answered"] < goal and driver.poll() is None:
            time.sleep(0.1)
        if driver.poll() is not None:
            return None
        kill(driver)
        return driver.wait()


def _with(store: Path) -> Mapping[str, str]:
    return {**os.environ, "PAMS_CACHE": str(store)}


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _listens(address: str) -> bool:
    host, _, port = address.rpartition(":")
    with socket.socket() as tried:
        return tried.connect_ex((host, int(port))) == 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Tries everything and prints the table; 0 if all is as promised, else 5."""
    parser = argparse.ArgumentParser(prog="python -m eval.trials.two_nodes", description="A cluster of two nodes.")
    parser.add_argument("--quick", action="store_true", help="600 documents instead of 10,000")
    parser.add_argument("--documents", type=int, default=None, metavar="N")
    chosen = parser.parse_args(arguments)
    short: list[str] = []
    try:
        for finding in findings(chosen.documents or (600 if chosen.quick else 10_000)):
            print(f"{'ok  ' if finding.ok else 'FAIL'} {finding.name:<32} {finding.shown}", flush=True)
            short += [] if finding.ok else [finding.name]
    except GateFailed as problem:
        short.append(str(problem))
    print("FAIL: " + ", ".join(short) if short else "pass: two nodes and two parts merged give what one machine gives")
    return GateFailed.exit_code if short else 0


if __name__ == "__main__":
    sys.exit(main())
