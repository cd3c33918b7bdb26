"""The command's own process: documents are listed here, shards are handed to Ray, and their results are gathered.

At most as many shards are handed out as there are processors, and together they ask no more at once than `--jobs`.
"""

from __future__ import annotations

import contextlib
import dataclasses
import logging
import os
import shutil
import socket
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from pipeline.cluster.allowance import Purse
from pipeline.cluster.shard import Outcome, Shard, absolute, cut, do_shard, introduce
from pipeline.event import Event
from pipeline.gather import gather_into
from pipeline.jobs import plan, refuse_mixed, unfinished, unreached
from pipeline.model import Rates
from pipeline.read import find_sources, listed, read_portals
from pipeline.run import run_jobs
from pipeline.session import program_hash, resolve_endpoint, way_of
from pipeline.settings import Settings
from pipeline.switch import complete, locked
from pipeline.workers import Crew
from pipeline.write import DOCUMENTS, Log, check_version, check_writable, read_documents
from schemas.errors import BudgetReached, CannotStart, InternalError, Interrupted, PamsError, UsageError
from schemas.records import DocumentRow, RunManifest, Usage

SHARDS = ".pams.shards"
SIZE = 250
"""Documents in a shard: few enough to be lost with a node, enough to be worth the start of a run."""
TRIES = 3
"""Times that a shard is begun whose node could not do it."""
OBJECTS = 80_000_000
"""Bytes of Ray's store of objects on a node that we start: shards and outcomes are small."""


def run_on_ray(
    paths: Sequence[Path],
    out: Path,
    settings: Settings,
    *,
    address: str | None = None,
    inputs: Path | None = None,
    on_event: Callable[[Event], None] | None = None,
) -> RunManifest:
    """What `run` does, on the Ray cluster at `address` (`host:port`; None: this machine's processors).

    Documents, results and weights lie where all nodes reach them under the same names. Raises what `run` raises, and
    `CannotStart` where a node cannot take part.
    """
    refuse_mixed(paths, out)
    sources = find_sources(paths, listed(inputs) if inputs is not None else ())
    settings = absolute(resolve_endpoint(settings))
    portals = read_portals(settings.manifest) if settings.manifest is not None else None
    check_writable(out)
    with locked(out), contextlib.closing(Log(out)) as log, _cluster(address) as ray:
        complete(out)
        check_version(out)
        earlier = read_documents(out)
        again, ocr = settings.retry_failed, settings.ocr
        jobs, settled = plan(sources, earlier, retry_failed=again, out=out, portals=portals, ocr=ocr)
        if unreached(sources, earlier):
            raise UsageError("a folder with documents of the run before cannot be read here; see who may read it")
        place = out.absolute() / SHARDS
        shards = cut(jobs, SIZE, place, str(way_of(settings)))
        doing = _Driver(ray, settings, shards, on_event or (lambda event: None), len(jobs) + len(settled), log)
        doing.check_nodes(place)
        doing.all()
        manifest = _put_together(out, settings, shards, settled, doing.stopped)
    if doing.stopped is None:
        shutil.rmtree(place, ignore_errors=True)
        return manifest
    raise KeyboardInterrupt if isinstance(doing.stopped, Interrupted) else doing.stopped


class _Driver:
    """The shards of one run, handed out and taken back."""

    def __init__(
        self, ray: Any, settings: Settings, shards: Sequence[Shard], emit: Callable[[Event], None], total: int, log: Log
    ) -> None:
        self._ray, self._settings, self._emit, self._total, self._log = ray, settings, emit, total, log
        self._done = total - sum(len(s.jobs) for s in shards)
        self._waiting: deque[Shard] = deque()
        for shard in shards:
            if shard.is_done(settings):
                self._done += len(shard.jobs)
            else:
                self._waiting.append(shard)
        self._out: dict[Any, tuple[Shard, int]] = {}
        """What is handed out, and how many requests it may have out at once."""
        self._tries: Counter[Path] = Counter()
        self._usage, self._errors, self._clock = Usage(), Counter[str](), time.monotonic()
        self.stopped: PamsError | None = None
        rates = Rates(settings.requests_per_minute, settings.tokens_per_minute)
        self._limited = (
            settings.budget is not None, settings.max_tokens_total is not None, rates != Rates(),
        )  # fmt: skip
        here = ray.get_runtime_context().get_node_id()
        self._purse = ray.remote(num_cpus=0, scheduling_strategy=self._on(here))(Purse).remote(
            settings.budget, settings.max_tokens_total, rates
        )
        self._task = ray.remote(num_cpus=1, max_retries=TRIES)(do_shard)
        self._each = dataclasses.replace(
            settings, budget=None, max_tokens_total=None, requests_per_minute=None, tokens_per_minute=None
        )

    def check_nodes(self, place: Path) -> None:
        """Raises `CannotStart` naming each node that cannot take part, and why."""
        nodes = [n for n in self._ray.nodes() if n["Alive"]]
        task = self._ray.remote(num_cpus=0, max_retries=0)(introduce)
        asked = [
            task.options(scheduling_strategy=self._on(n["NodeID"])).remote(program_hash(), place, self._each)
            for n in nodes
        ]
        problems = []
        for node, ref in zip(nodes, asked, strict=True):
            at = f"node {node['NodeManagerAddress']} ({node['NodeID'][:8]})"
            try:
                name, why = self._ray.get(ref, timeout=120)
            except self._ray.exceptions.RayError as problem:
                name, why = at, f"pams does not start there ({_short(problem)}); install it there"
            problems += [f"{at}, {name}: {why}"] if why is not None else []
        if problems:
            raise CannotStart("\n".join(problems))

    def all(self) -> None:
        """Until all shards are done, or no more can be. Control-C: what is out ends and is kept."""
        self._tell("started")
        while True:
            try:
                while self._hand_out():
                    pass
                if not self._out:
                    break
                ready, _ = self._ray.wait(list(self._out), num_returns=1, timeout=1.0)
                for ref in ready:
                    self._take_back(ref)
            except KeyboardInterrupt:
                if isinstance(self.stopped, Interrupted):
                    raise
                self._stop(Interrupted("stopped by hand"))
                for ref in self._out:
                    self._ray.cancel(ref)
        self._tell("finished")

    def _hand_out(self) -> bool:
        """One more shard, if a processor and a request are free for it."""
        slots = max(1, int(self._ray.cluster_resources().get("CPU", 1)))
        free = self._settings.jobs - sum(share for _, share in self._out.values())
        share = min(max(1, self._settings.jobs // slots), free)
        if self.stopped is not None or not self._waiting or len(self._out) >= slots or share < 1:
            return False
        shard = self._waiting.popleft()
        self._tries[shard.folder] += 1
        chosen = dataclasses.replace(self._each, jobs=share)
        ref = self._task.remote(shard, chosen, program_hash(), self._limited, self._purse)
        self._out[ref] = (shard, share)
        return True

    def _take_back(self, ref: Any) -> None:
        shard, _ = self._out.pop(ref)
        try:
            outcome: Outcome = self._ray.get(ref)
        except self._ray.exceptions.TaskCancelledError:
            outcome = Outcome("", problem=Interrupted("stopped by hand"))
        except self._ray.exceptions.RayError as problem:
            outcome = Outcome("the node that did it", problem=InternalError(f"was lost ({_short(problem)})"))
        why = outcome.problem
        self._log.add("shard", shard=shard.folder.name, node=outcome.node, why=why.kind if why is not None else None)
        if why is None:
            self._done += len(shard.jobs)
            self._usage = _sum(self._usage, outcome.usage)
            self._errors.update(outcome.errors)
            self._tell("document")
        elif isinstance(why, BudgetReached):
            self._stop(BudgetReached(f"The budget of this run, for all nodes together, is used up. {_KEPT}"))
        elif isinstance(why, Interrupted | UsageError):
            self._stop(why)
        elif self._tries[shard.folder] < TRIES:
            time.sleep(1.0)  # the process of a lost node may hold the folder's lock for a moment
            self._waiting.append(shard)
        else:
            self._stop(CannotStart(f"{outcome.node}: {shard.folder.name}: {why}"))

    def _stop(self, why: PamsError) -> None:
        if self.stopped is None:
            self.stopped = why
            self._tell("stopping")

    def _tell(self, kind: Any) -> None:
        seconds = time.monotonic() - self._clock
        self._emit(Event(kind, self._done, self._total, None, self._usage, seconds, self._errors))
        if kind != "document":
            self._log.add(kind, documents=self._total, done=self._done, why=self.stopped.kind if self.stopped else None)

    def _on(self, node: str) -> Any:
        from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

        return NodeAffinitySchedulingStrategy(node_id=node, soft=False)


_KEPT = "All answers paid for are kept: repeat the same command with a larger --budget to go on from here."


def _put_together(
    out: Path, settings: Settings, shards: Sequence[Shard], settled: Sequence[DocumentRow], stopped: PamsError | None
) -> RunManifest:
    """All results in `out`, those of documents that were not reached as such."""
    there = [s for s in shards if (s.folder / DOCUMENTS).exists()]
    reached = {s.folder for s in there}
    kind = stopped.kind if stopped is not None else "interrupted"
    rows = [*settled, *(unfinished(job, kind) for s in shards if s.folder not in reached for job in s.jobs)]
    rest = out / SHARDS / "rest"
    shutil.rmtree(rest, ignore_errors=True)
    with contextlib.closing(Crew(0, settings)) as crew:
        run_jobs((), rows, rest, settings, crew)
    return gather_into([*(s.folder for s in there), rest], out, stopped=stopped is not None).manifest


@contextlib.contextmanager
def _cluster(address: str | None) -> Iterator[Any]:
    """Ray, connected to the cluster at `address`, or started on this machine and stopped again."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    try:
        import ray
    except ImportError as problem:
        raise CannotStart("--engine ray needs Ray; type `pip install 'policy-measures[ray]'`") from problem
    quiet: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.ERROR, "configure_logging": True}
    alone = quiet | {"_node_ip_address": "127.0.0.1"}
    try:
        if address is None:
            ray.init(address="local", include_dashboard=False, object_store_memory=OBJECTS, **alone)
        else:
            _check_listening(address)
            ray.init(address=address, **quiet)
    except (ConnectionError, RuntimeError, ValueError, OSError) as problem:
        raise CannotStart(
            f"--address {address}: no Ray cluster answers there ({_short(problem)}); type `ray start --head` on one "
            "machine, `ray start --address=HOST:6379` on the others, with the same version of Ray everywhere"
        ) from problem
    try:
        yield ray
    finally:
        ray.shutdown()


def _check_listening(address: str) -> None:
    """Raises `OSError` at once where nobody listens: Ray itself would try for a minute."""
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal():
        raise UsageError(f"--address {address}: give the head's address and port, like 10.0.0.1:6379")
    socket.create_connection((host.strip("[]"), int(port)), timeout=10).close()


def _sum(one: Usage, other: Usage) -> Usage:
    names = ("calls", "cache_hits", "input_tokens", "cached_tokens", "output_tokens", "seconds")
    money = None if one.money is None or other.money is None else one.money + other.money
    return Usage(**{name: getattr(one, name) + getattr(other, name) for name in names}, money=money)


def _short(problem: BaseException) -> str:
    return f"{type(problem).__name__}: {' '.join(str(problem).split())[:200]}"
