"""A run over many documents: which there are, who does what when, what is kept, and how it stops.

Desks (`desk`) take each document as far as the store's answers carry it; what they ask for is asked here, so many
requests at a time as allowed; results go to a spool (`spool`) and are put in order at the end. Killed at any moment,
the same command goes on: everything answered is in the store, everything finished in the spool.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import datetime as dt
import functools
import importlib.metadata
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pipeline import workers
from pipeline.desk import Asking, Finished, stumbled
from pipeline.event import Event, EventKind
from pipeline.interrupts import interruptible, undisturbed
from pipeline.jobs import Job, Shard, plan, refuse_mixed, unfinished, unreached
from pipeline.model import without_secrets
from pipeline.read import find_sources, listed, read_portals
from pipeline.seal import sealed
from pipeline.session import Bounds, Session, open_session, resolve_endpoint, way_of
from pipeline.settings import Settings
from pipeline.spool import Spool
from pipeline.switch import complete, locked
from pipeline.workers import Crew, crew_for
from pipeline.write import Log, Rows, check_version, check_writable, read_lines, read_manifest, write_manifest
from schemas.document import Document
from schemas.errors import BudgetReached, CannotStart, Interrupted, PamsError, Pending
from schemas.records import DocumentRow, RunManifest, Usage

_version = functools.cache(importlib.metadata.version)  # noted every few seconds
MANIFEST_EVERY = 5.0
"""Seconds between two notes in `run.json` of how far the run has come."""


def run(
    paths: Sequence[Path],
    out: Path,
    settings: Settings,
    *,
    inputs: Path | None = None,
    shard: Shard | None = None,
    on_event: Callable[[Event], None] | None = None,
) -> RunManifest:
    """Extract all documents below `paths` into the folder `out`; an existing folder is continued.

    `inputs`: a list of further documents (`read.lists`).

    Every document ends as a row of `documents.jsonl`, `ok` or `failed` with the reason; one bad document never
    stops the others. Raises `CannotStart` or `UsageError` before anything is written, `BudgetReached` or
    `KeyboardInterrupt` after everything that was done has been.
    """
    refuse_mixed(paths, out)
    sources = find_sources(paths, listed(inputs) if inputs is not None else ())
    settings = resolve_endpoint(settings)
    portals = read_portals(settings.manifest) if settings.manifest is not None else None
    with _folder(out) as log:
        earlier = Rows(out)
        jobs, settled = plan(
            sources,
            earlier,
            retry_failed=settings.retry_failed,
            shard=shard,
            out=out,
            portals=portals,
            ocr=settings.ocr,
        )
        work = Work(jobs, settled, unreached(sources, earlier), _saved(earlier.values()))
        del earlier  # a row a document: not kept for the whole run
        crew = crew_for(jobs, settings)
        with contextlib.closing(crew):
            return _carry_out(work, out, settings, crew, log, on_event=on_event)


def run_jobs(
    jobs: Sequence[Job],
    settled: Sequence[DocumentRow],
    out: Path,
    settings: Settings,
    crew: Crew,
    bounds: Bounds | None = None,
    lock_wait: float = 0.0,
) -> RunManifest:
    """Does documents that someone else has listed, as `run` does; `settled`: rows of those that need no doing.

    `bounds`: what several runs share. `lock_wait`: seconds for another run into this folder to end. The crew is rested,
    not ended. Raises what `run` raises.
    """
    with _folder(out, lock_wait) as log:
        work = Work(list(jobs), settled, saved=_saved(Rows(out).values()))
        try:
            return _carry_out(work, out, settings, crew, log, bounds=bounds)
        finally:
            crew.rest()


@dataclass(frozen=True)
class Work:
    """What a run has to do."""

    jobs: list[Job]
    settled: Sequence[DocumentRow] = ()
    closed: Sequence[DocumentRow] = ()
    """Rows of an earlier run for documents that cannot be reached now."""
    saved: Sequence[str] = ()
    """Texts that an earlier run saved."""


@contextlib.contextmanager
def _folder(out: Path, wait: float = 0.0) -> Iterator[Log]:
    """A results folder that is this run's own for a while. Raises `OutputUnwritable`."""
    check_writable(out)
    with locked(out, wait), workers.calm_collector(), contextlib.closing(Log(out)) as log:
        complete(out)
        check_version(out)
        yield log


def _saved(rows: Iterable[DocumentRow]) -> list[str]:
    return [row.text for row in rows if row.text is not None]


def _carry_out(
    work: Work,
    out: Path,
    settings: Settings,
    crew: Crew,
    log: Log,
    *,
    bounds: Bounds | None = None,
    on_event: Callable[[Event], None] | None = None,
) -> RunManifest:
    """All documents, and their results in place."""
    with contextlib.closing(Spool(out, work.saved, way_of(settings))) as spool:
        for row in work.settled:
            spool.add(row)
        doing = _Run(out, settings, work, crew, spool, log, on_event or (lambda event: None), bounds)
        doing.carry(work.closed)
        doing.take_up()
        with undisturbed():
            asyncio.run(doing.all())
            manifest = doing.finish()
    if doing.stopped is not None:
        raise KeyboardInterrupt if isinstance(doing.stopped, Interrupted) else doing.stopped
    return manifest


class _Run:
    """One run: its documents, its model, what it has so far."""

    def __init__(
        self,
        out: Path,
        settings: Settings,
        work: Work,
        crew: Crew,
        spool: Spool,
        log: Log,
        emit: Callable[[Event], None],
        bounds: Bounds | None,
    ) -> None:
        self._out, self._settings, self._jobs, self._crew, self._spool, self._log = (
            out, settings, work.jobs, crew, spool, log,
        )  # fmt: skip
        self._emit, self._bounds = emit, bounds
        self._next = iter(work.jobs)
        self._session = Session(settings)
        self._started, self._clock, self._noted = dt.datetime.now(dt.UTC), time.monotonic(), 0.0
        self._counts: Counter[str] = Counter()
        self._errors = Counter(r.error.kind for r in work.settled if r.error is not None)
        self._hits = 0
        self._answered_at: Counter[str] = Counter()
        self._before = read_manifest(out)
        self._files = sealed(out)
        """Of the results in place: they stay until these are."""
        self.stopped: PamsError | None = None

    async def all(self) -> None:
        """Does all documents, or as many as can be done. Raises `CannotStart` if nothing was."""
        async with open_session(self._settings, bounds=self._bounds) as self._session:
            self._tell("started")
            takers = [asyncio.create_task(self._take()) for _ in range(self._at_once())]

            def interrupt(why: PamsError | None) -> None:
                """The first lets calls in flight end, a second one ends them too."""
                if isinstance(self.stopped, Interrupted):
                    for task in takers:
                        task.cancel()
                self._stop(why or Interrupted("stopped by hand"))
                self._crew.hurry(why or Interrupted("stopped by hand"))

            with interruptible(interrupt, self._bounds.stop if self._bounds is not None else None):
                await asyncio.gather(*takers, return_exceptions=True)
        for task in takers:
            problem = None if task.cancelled() else task.exception()
            if problem is not None:
                raise problem
        if isinstance(self.stopped, CannotStart) and not self._counts["policies"]:
            raise self.stopped
        kind = self.stopped.kind if self.stopped is not None else "interrupted"
        for job in self._jobs:
            if job.name not in self._spool:
                self._keep(Finished(unfinished(job, kind)))
        self._tell("finished")

    def finish(self) -> RunManifest:
        """Puts the results in place."""
        return self._spool.finish(self._manifest("stopped" if self.stopped is not None else "finished"))

    def _at_once(self) -> int:
        """Documents open at once: as many as calls may be out, and a few that are being read meanwhile."""
        return min(len(self._jobs), self._settings.jobs + 2 * self._crew.size - 1) or 1

    async def _take(self) -> None:
        for job in self._next:
            if self.stopped is not None:
                return
            if job.name in self._spool:  # taken up
                continue
            try:
                done = await self._do(job)
            except (CannotStart, BudgetReached, Interrupted) as stop:
                self._stop(stop)
                return
            self._keep(done)
            self._tell("document", done.row)

    async def _do(self, job: Job) -> Finished:
        """One document: its records, or its failure."""
        try:
            paid = 0
            while isinstance(done := await self._crew.do(job), Asking):
                await self._ask(done)
                paid += len(done.requests)
            self._hits += max(0, done.answers.total() - paid)
            self._answered_at.update(done.answers)
            return done
        except (CannotStart, BudgetReached, Interrupted):
            raise
        except Exception as problem:  # noqa: BLE001 - one document never stops the others
            self._crew.forget(job)
            return stumbled(job, problem)

    async def _ask(self, asking: Asking) -> None:
        """Has the questions of one document answered. All of them, even if one fails: the answers are kept."""
        model = self._session.model
        if model is None or self._settings.endpoint == "files":
            raise Pending(next(iter(asking.requests)))
        done = await asyncio.gather(
            *(model.pay(name, body, anew=name in asking.anew) for name, body in asking.requests.items()),
            return_exceptions=True,
        )
        for problem in done:
            if isinstance(problem, BaseException):
                raise problem

    def take_up(self) -> None:
        """Keeps what a killed run had finished in the very same way."""
        for job in self._jobs:
            left = self._spool.take_up(job.name, job.sha256, tuple(sorted(job.same_as)))
            if left is not None:
                self._count(*left)

    def carry(self, rows: Sequence[DocumentRow]) -> None:
        """Keeps what an earlier run found in documents that cannot be reached now."""
        found = read_lines(self._out, [row.document for row in rows])
        for row in rows:
            policies, refusals = found[row.document]
            self._keep(Finished(row, policies, refusals, refused=refusals.count("\n")))

    def _keep(self, done: Finished) -> None:
        row = done.row
        self._spool.add(row, done.policies, done.refusals, done.text)
        self._count(row, done.refused)
        if row.error is not None:
            self._errors[row.error.kind] += 1
        workers.tidy(len(self._spool))

    def _count(self, row: DocumentRow, refused: int) -> None:
        self._counts.update(policies=row.policies, measures=row.measures, targets=row.targets, refused=refused)

    def _stop(self, why: PamsError) -> None:
        """Begins nothing any more; what is in flight ends and is kept."""
        if self.stopped is None:
            self.stopped = why
            if self._session.model is not None:
                self._session.model.halt(why)
            self._tell("stopping")

    @property
    def _usage(self) -> Usage:
        usage = self._session.model.usage if self._session.model is not None else Usage()
        return usage.model_copy(update={"cache_hits": usage.cache_hits + self._hits})

    @property
    def _notes(self) -> tuple[str, ...]:
        """What a person should know: of the service, and of answers that another one, or another form, gave."""
        model = self._session.model
        if model is None:
            return tuple(self._of_a_language_model())
        return (*model.notes, *self._of_another_form(), *self._of_another_address(model.origin))

    def _of_a_language_model(self) -> Iterator[str]:
        """That an embedded language model was asked before, which has to be named now."""
        before = self._before
        if not self._settings.by_meaning or before is None or before.endpoint != "embedded" or not before.model_sha256:
            return
        named = before.settings.get("model") or before.model
        yield (
            f"the results in this folder were made with the embedded model {before.model}; without --model this is the "
            f"draft with vectors of sentences. To go on with the model, say --model {named}"
        )

    def _of_another_form(self) -> Iterator[str]:
        """That the same model was asked by another prompt set before, where nobody named this one."""
        if self._before is None or self._settings.prompts is not None:
            return
        now, before = self._session.provenance(Document(name="", text="", sha256="", encoding="")), self._before
        if now.model == before.model and now.prompt_set != before.prompt_set:
            yield (
                f"the results in this folder were made with the prompt set {before.prompt_set}; {now.prompt_set} asks "
                f"everything anew. To go on with the answers that are stored, say --prompts {before.prompt_set}"
            )

    def _of_another_address(self, origin: str | None) -> Iterator[str]:
        """That answers of another place are served."""
        elsewhere = sorted(a for a in self._answered_at if "://" in a and a != origin)
        if origin is None or not elsewhere:
            return
        yield (
            f"answers that {', '.join(elsewhere)} gave to the same questions are served, not asked of {origin} "
            "again, because the model's name is the same; to have all of one place, give --cache another folder"
        )

    def _tell(self, kind: EventKind, row: DocumentRow | None = None) -> None:
        """To the display, to the log, and now and then to `run.json`."""
        seconds, usage, notes = time.monotonic() - self._clock, self._usage, self._notes
        self._emit(Event(kind, len(self._spool), len(self._jobs), row, usage, seconds, self._errors, notes))
        if row is not None:
            error = {"error": row.error.kind} if row.error is not None else {}
            facts = {"document": row.document, "status": row.status, "policies": row.policies, **error}
            self._log.add(kind, **facts, calls=usage.calls, money=usage.money)
        else:
            why: dict[str, Any] = {"why": self.stopped.kind} if self.stopped is not None else {}
            why |= {"notes": notes} if notes else {}
            self._log.add(kind, documents=len(self._jobs), done=len(self._spool), **why, **usage.model_dump())
        if kind != "finished" and (kind == "started" or seconds - self._noted > MANIFEST_EVERY):
            self._noted = seconds
            write_manifest(self._out, self._manifest("running"))

    def _manifest(self, state: Literal["running", "finished", "stopped"]) -> RunManifest:
        session, settings = self._session, self._session.settings
        provenance = session.provenance(Document(name="", text="", sha256="", encoding=""))
        shown = {
            k: v
            for k, v in dataclasses.asdict(settings).items()
            if (isinstance(v, str | int | float | bool) and k != "cache") or v is None
        }
        shown["weights"] = session.weights.name
        if settings.base_url:
            shown["base_url"] = without_secrets(settings.base_url)
        return RunManifest(
            version=_version("policy-measures"),
            state=state,
            started=self._started,
            finished=None if state == "running" else dt.datetime.now(dt.UTC),
            endpoint=settings.endpoint,
            model=provenance.model,
            model_sha256=session.model.sha256 if session.model else None,
            prompt_set=provenance.prompt_set,
            prompt_hash=provenance.prompt_hash,
            schema_hash=provenance.schema_hash,
            settings=shown,
            versions={n: _version(n) for n in ("openai", "instructor", "pydantic", "xllamacpp")},
            documents=len(self._spool),
            failed=self._errors.total(),
            policies=self._counts["policies"],
            measures=self._counts["measures"],
            targets=self._counts["targets"],
            refused=self._counts["refused"],
            usage=self._usage.model_copy(update={"seconds": round(time.monotonic() - self._clock, 3)}),
            errors=dict(self._errors),
            files=self._files,
            answered_at=dict(sorted(self._answered_at.items())),
            notes=self._notes,
        )
