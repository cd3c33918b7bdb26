"""The command's own process: documents are listed here, shards are handed to Ray, and their results are gathered.

At most as many shards are handed out as there are processors, and together they ask no more at once than `--jobs`.
"""

from __future__ import annotations

import contextlib
import dataclasses
import heapq
import itertools
import shutil
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from pipeline.cluster.allowance import Purse
from pipeline.cluster.book import Shard, StoredBook
from pipeline.cluster.nodes import Nodes, check_listening, cluster
from pipeline.cluster.shard import Terms, absolute, do_shard, from_root, is_done, way_here
from pipeline.event import Event
from pipeline.gather import gather_into, joined_usage
from pipeline.interrupts import terminated_as_interrupted
from pipeline.jobs import note, refuse_mixed, unfinished
from pipeline.model import Rates
from pipeline.read import each_source, listed, read_portals
from pipeline.run import run_jobs
from pipeline.session import resolve_endpoint, way_of
from pipeline.settings import Settings
from pipeline.switch import complete, locked
from pipeline.workers import Crew
from pipeline.write import DOCUMENTS, Log, check_version, check_writable
from schemas.errors import BudgetReached, CannotStart, Interrupted, PamsError, UsageError
from schemas.records import RunManifest, Usage

SHARDS = ".pams.shards"
SIZE = 250
"""Documents in a shard: few enough to be lost with a node, enough to be worth the start of a run."""
TRIES = 3
"""Times that a shard is begun which could not be done."""
AGAIN_AFTER = 2.0
"""Seconds before a shard is begun again, doubled each time."""
ALONE = 60.0
"""Seconds without any processor after which the run is stopped: the cluster may be growing."""
ASKED_A_SECOND = 500
"""Times that all shards together ask whether to stop."""
AT_ONCE = 5_000
"""Rows of documents not done that are written together."""


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
    `CannotStart` where no node can take part, or something was left that none could do.
    """
    refuse_mixed(paths, out)
    settings = absolute(resolve_endpoint(settings))
    if address is not None:
        check_listening(address)  # before a million documents are listed
    check_writable(out)
    place = out.absolute() / SHARDS
    with locked(out), contextlib.closing(Log(out)) as log:
        complete(out)
        check_version(out)
        with StoredBook(out) as book:
            _list(book, paths, inputs, settings, out)
            shards = book.shards(SIZE, place, str(way_of(settings)))
            check_writable(place)
            with cluster(address) as ray:
                doing = _Driver(ray, settings, book, shards, on_event or (lambda event: None), log)
                doing.nodes.check(place, settings)
                doing.all()
                notes = doing.notes
            manifest = _put_together(out, settings, book, shards, doing.stopped, notes)
    if doing.stopped is None:
        shutil.rmtree(place, ignore_errors=True)
        return manifest
    raise KeyboardInterrupt if isinstance(doing.stopped, Interrupted) else doing.stopped


def _list(book: StoredBook, paths: Sequence[Path], inputs: Path | None, settings: Settings, out: Path) -> None:
    """Notes all documents in the book."""
    portals = read_portals(settings.manifest) if settings.manifest is not None else None
    sources = each_source(paths, listed(inputs) if inputs is not None else (), book.names)
    again, ocr = settings.retry_failed, settings.ocr
    note(book.reachable(sources), book, book, retry_failed=again, out=out, portals=portals, ocr=ocr)


class _Driver:
    """The shards of one run, handed out and taken back."""

    def __init__(
        self,
        ray: Any,
        settings: Settings,
        book: StoredBook,
        shards: Sequence[Shard],
        emit: Callable[[Event], None],
        log: Log,
    ) -> None:
        self._ray, self._settings, self._book, self._emit, self._log = ray, settings, book, emit, log
        self.nodes = Nodes(ray)
        self._total, self._done = book.jobs + book.settled, book.settled
        self._waiting: list[tuple[float, int, Shard]] = []
        """A heap: when a shard may be begun, its number."""
        for number, shard in enumerate(shards):
            if is_done(shard.folder, settings):
                self._done += shard.documents
            else:
                self._waiting.append((0.0, number, shard))
        self._out: dict[Any, tuple[Shard, int, int]] = {}
        """What is handed out: its number, and how many requests it may have out at once."""
        self._tries: Counter[int] = Counter()
        self._not_done: list[str] = []
        """Of shards that could not be done: why."""
        self._usage, self._errors, self._clock = Usage(), Counter[str](), time.monotonic()
        self._processors, self._counted_at, self._alone_since = 0, -1.0, self._clock
        self._few_jobs: str | None = None
        self.stopped: PamsError | None = None
        self._make_remote(settings)

    def _make_remote(self, settings: Settings) -> None:
        rates = Rates(settings.requests_per_minute, settings.tokens_per_minute)
        limits = settings.budget, settings.max_tokens_total
        here = self.nodes.on(self._ray.get_runtime_context().get_node_id())
        # A request waits in the purse for its rates; as many wait there as may be out, and leases must get by.
        actor = self._ray.remote(num_cpus=0, scheduling_strategy=here, max_concurrency=2 * settings.jobs + 100)(Purse)
        self._purse = actor.remote(*limits, rates)
        limited = (limits[0] is not None, limits[1] is not None, rates != Rates())
        self._terms = Terms(way_here(settings), *limited, self._purse, ask_every=1.0)
        self._task = self._ray.remote(num_cpus=1, max_retries=TRIES)(do_shard)
        self._each = dataclasses.replace(
            settings, budget=None, max_tokens_total=None, requests_per_minute=None, tokens_per_minute=None
        )

    @property
    def notes(self) -> tuple[str, ...]:
        """What a person should know of the cluster."""
        return (*([self._few_jobs] if self._few_jobs else []), *self.nodes.left_out)

    def all(self) -> None:
        """Until all shards are done, or no more can be. Control-C: what is out ends and is kept."""
        self._tell("started")
        with terminated_as_interrupted():
            while True:
                try:
                    if not self._go_on():
                        break
                except KeyboardInterrupt:
                    if isinstance(self.stopped, Interrupted):
                        raise
                    self._stop(Interrupted("stopped by hand"))
                    self._purse.stop.remote()
        if self._not_done and self.stopped is None:
            more = f"\nand {len(self._not_done) - 5} more" if len(self._not_done) > 5 else ""
            self.stopped = CannotStart(
                "Some shards could not be done; all others are in the results, and the same command takes these up.\n"
                + "\n".join(self._not_done[:5])
                + more
            )
        self._tell("finished")

    def _go_on(self) -> bool:
        """Hands out what can be, and takes back what is ready; False when nothing is left."""
        while self._hand_out():
            pass
        if not self._out and (self.stopped is not None or not self._waiting):
            return False
        if self._out:
            ready, _ = self._ray.wait(list(self._out), num_returns=1, timeout=1.0)
            for ref in ready:
                self._take_back(ref)
        else:
            time.sleep(0.2)
        if self._count_processors() > 0:
            self._alone_since = time.monotonic()
        elif time.monotonic() - self._alone_since > ALONE:
            self._stop(CannotStart(f"No node with a processor is left in the cluster. {_KEPT_DONE}"))
            self._out.clear()  # nothing will come back
        return True

    def _hand_out(self) -> bool:
        """One more shard, if a processor and a request are free for it."""
        now = time.monotonic()
        free_processors = self._count_processors() - len(self._out)
        if self.stopped is not None or not self._waiting or self._waiting[0][0] > now or free_processors < 1:
            return False
        share = self._share(free_processors)
        if share < 1:
            return False
        _, number, shard = heapq.heappop(self._waiting)
        self._tries[number] += 1
        jobs = [from_root(job) for job in self._book.jobs_of(shard)]
        terms = dataclasses.replace(self._terms, ask_every=max(1.0, self._processors / ASKED_A_SECOND))
        task = self._task.options(label_selector=self.nodes.others())
        ref = task.remote(jobs, shard.folder, dataclasses.replace(self._each, jobs=share), terms)
        self._out[ref] = (shard, number, share)
        return True

    def _share(self, free_processors: int) -> int:
        """Requests that the next shard may have out at once: the free ones, shared out among what can be begun."""
        if not self._settings.asks or self._settings.endpoint == "files":  # they send none
            return self._settings.jobs
        free = self._settings.jobs - sum(share for _, _, share in self._out.values())
        if self._few_jobs is None and self._settings.jobs < self._processors:
            idle = self._processors - self._settings.jobs
            self._few_jobs = (
                f"--jobs {self._settings.jobs} keeps {idle} of the {self._processors} processors idle; give at least "
                "one a processor"
            )
        return min(free, max(1, free // min(free_processors, len(self._waiting))))

    def _count_processors(self) -> int:
        now = time.monotonic()
        if now - self._counted_at > 1.0:
            self._processors, self._counted_at = self.nodes.processors(), now
        return self._processors

    def _take_back(self, ref: Any) -> None:
        shard, number, _ = self._out.pop(ref)
        outcome = self.nodes.outcome(ref)
        why, name = outcome.problem, shard.folder.name
        said = {"why": why.kind, "message": str(why)} if why is not None else {"why": None}
        self._log.add("shard", shard=name, node=outcome.node, **said)
        if why is None:
            self.nodes.went_well(outcome.id)
            self._done += shard.documents
            self._usage = joined_usage(self._usage, outcome.usage)
            self._errors.update(outcome.errors)
            self._tell("document")
        elif self.stopped is not None:
            pass  # it ended because the run does
        elif isinstance(why, BudgetReached):
            self._stop(BudgetReached(f"The budget of this run, for all nodes together, is used up. {_KEPT}"))
        elif isinstance(why, UsageError):
            self._stop(why)
        else:  # also if it was interrupted: its machine goes down, not the run
            self._again(shard, number, f"{outcome.node}: {name}: {why}")
            try:
                self.nodes.went_wrong(outcome, name)
            except CannotStart as last:
                self._stop(last)

    def _again(self, shard: Shard, number: int, why: str) -> None:
        """A shard that could not be done, after a while on any node; three times at most."""
        tries = self._tries[number]
        if tries < TRIES:
            heapq.heappush(self._waiting, (time.monotonic() + AGAIN_AFTER * 2 ** (tries - 1), number, shard))
        else:
            self._not_done.append(why)

    def _stop(self, why: PamsError) -> None:
        if self.stopped is None:
            self.stopped = why
            self._tell("stopping")

    def _tell(self, kind: Any) -> None:
        seconds = time.monotonic() - self._clock
        self._emit(Event(kind, self._done, self._total, None, self._usage, seconds, self._errors, self.notes))
        if kind != "document":
            why = self.stopped.kind if self.stopped else None
            self._log.add(kind, documents=self._total, done=self._done, why=why, notes=self.notes)


_KEPT_DONE = "What was done is in the results: repeat the same command to go on from here."
_KEPT = "All answers paid for are kept: repeat the same command with a larger --budget to go on from here."


def _put_together(
    out: Path,
    settings: Settings,
    book: StoredBook,
    shards: Sequence[Shard],
    stopped: PamsError | None,
    notes: Sequence[str],
) -> RunManifest:
    """All results in `out`, those of documents that were not reached as such."""
    there = [s.folder for s in shards if (s.folder / DOCUMENTS).exists()]
    reached = set(there)
    kind = stopped.kind if stopped is not None else "interrupted"
    rest = out / SHARDS / "rest"
    shutil.rmtree(rest, ignore_errors=True)

    unreached = (unfinished(job, kind) for s in shards if s.folder not in reached for job in book.jobs_of(s))
    rows = itertools.chain(book.settled_rows(), unreached)
    with contextlib.closing(Crew(0, settings)) as crew:
        while (part := list(itertools.islice(rows, AT_ONCE))) or not there:
            there.append(rest / f"{len(there):06}")
            run_jobs((), part, there[-1], settings, crew)
    return gather_into(there, out, stopped=stopped is not None, notes=notes).manifest
