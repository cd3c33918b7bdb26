"""The orchestrator: the one place that calls the steps, in order, for one document or for many.

    read → outline → split → draft → ask → ground → merge → write

`extract_document` is a pure function of the document, the settings and the ledger's answers; which document
runs where and when changes nothing in the result.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import datetime as dt
import functools
import hashlib
import importlib.metadata
import os
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import filelock
from pydantic import BaseModel

from pipeline import workers
from pipeline.ask import Asked, PromptSet, ask_single, ask_whole, load_prompt_set
from pipeline.draft import draft
from pipeline.ground import ground
from pipeline.jobs import Job, done, failed, plan, unfinished
from pipeline.merge import merge
from pipeline.model import Budget, FilesModel, Model, Store, find_model, make_model, wire_schema
from pipeline.model.ledger import canonical
from pipeline.normalise import Composed, compose, find_issue_date
from pipeline.outline import outline
from pipeline.read import find_sources, from_text, read
from pipeline.split import split
from pipeline.write import check_writable, read_documents, write
from schemas.answer import Answer
from schemas.document import Article, Document, Unit
from schemas.errors import BudgetReached, CannotStart, NoModel, OutputUnwritable, PamsError, UsageError
from schemas.records import DocumentRow, Policy, Provenance, Refusal, RunManifest, Span, Usage

Endpoint = Literal["auto", "openai", "embedded", "files", "draft"]
ENDPOINTS: tuple[Endpoint, ...] = ("auto", "openai", "embedded", "files", "draft")
AUTO_BUDGET = 5.0
"""Dollars that `auto` may spend on a service unless a budget is given."""


@dataclass(frozen=True)
class Settings:
    """What decides a run besides the documents. Picklable; no secrets (the key comes from the environment)."""

    endpoint: Endpoint = "draft"
    model: str | None = None
    base_url: str | None = None
    prompts: str | None = None
    """Prompt set; by default `article` for a service or files, `stepwise` for the embedded model."""
    jobs: int = 8
    budget: float | None = None
    hint: bool = False
    """Show the draft to the model (an ablation; orphaning recorded answers when a rule changes)."""
    retry_failed: bool = False
    cache: Path | None = None


@dataclass(frozen=True, repr=False)
class Extraction:
    """Everything that became of one document, from its units to its records."""

    document: Document
    units: tuple[Unit, ...]
    articles: tuple[Article, ...]
    answers: tuple[Answer, ...]
    grounded: tuple[Policy, ...]
    """Records before merging."""
    policies: tuple[Policy, ...]
    refusals: tuple[Refusal, ...]


@dataclass(frozen=True)
class Event:
    """Something that happened in a run, for a progress display."""

    kind: Literal["started", "document", "finished"]
    done: int
    total: int
    row: DocumentRow | None = None
    usage: Usage = field(default_factory=Usage)


@dataclass
class Session:
    """An open model with its prompt set; `model` is None for the rule baseline."""

    settings: Settings
    prompts: PromptSet | None = None
    model: Model | None = None

    def provenance(self, document: Document, request_ids: Sequence[str] = ()) -> Provenance:
        """What a record of this session rests on."""
        return Provenance(
            document_sha256=document.sha256,
            prompt_set=self.prompts.name if self.prompts else "draft",
            prompt_hash=self.prompts.hash if self.prompts else "",
            schema_hash=schema_hash(),
            model=self.model.name if self.model else "draft",
            request_ids=tuple(request_ids),
        )


@functools.cache
def schema_hash() -> str:
    """Hash of the answer's wire schema: changes when what is asked for changes, not with a docstring."""
    return hashlib.sha256(canonical(wire_schema(Answer)).encode()).hexdigest()[:16]


# -- one document ----------------------------------------------------------------------------------------


def extract(source: str | Path, *, endpoint: Endpoint = "draft", **settings: object) -> tuple[Policy, ...]:
    """The policies of one document, given by path or as text.

    A `Path`, or a `str` that names an existing file, is read; any other `str` is taken as the text itself.
    `settings` are those of `Settings`. Raises `PamsError`; never touches an output folder.
    """
    document = read(Path(source)) if isinstance(source, Path) or _names_file(source) else from_text(source)
    return extract_document(document, Settings(endpoint=endpoint, **settings)).policies  # type: ignore[arg-type]


def _names_file(source: str) -> bool:
    """Whether a string is the path of a file; a text is none, even one too long or too odd for a path."""
    try:
        return "\n" not in source and Path(source).is_file()
    except (OSError, ValueError):
        return False


def extract_document(document: Document, settings: Settings) -> Extraction:
    """All steps for one document, with a model of its own if the settings ask for one."""

    async def alone() -> Extraction:
        async with open_session(settings) as session:
            return await process(document, session)

    return asyncio.run(alone())


def prepare(document: Document) -> tuple[tuple[Unit, ...], tuple[Article, ...]]:
    """The steps before any answer: units and articles."""
    units = outline(document)
    return units, split(document, units, find_issue_date(document.text))


async def process(document: Document, session: Session) -> Extraction:
    """The steps for one document within an open session; decomposed Hangul is composed for them and mapped back."""
    composed = compose(document.text)
    if composed is None:
        return await _steps(document, session)
    extraction = await _steps(document.model_copy(update={"text": composed.text}), session)
    return relocate(extraction, document, composed)


async def _steps(document: Document, session: Session) -> Extraction:
    units, articles = prepare(document)
    asked = [a for a in articles if a.asked]
    if session.model is not None and session.prompts is not None and not session.prompts.stepwise:
        answers = await asyncio.gather(*(_answer(document, a, session) for a in asked))
    else:
        answers = [await _answer(document, a, session) for a in asked]
    grounded: list[Policy] = []
    refusals: list[Refusal] = []
    for article, answer in zip(asked, answers, strict=True):
        result = ground(document, article, answer.answer, session.provenance(document, answer.request_ids))
        grounded += result.policies
        refusals += result.refusals
    return Extraction(
        document=document,
        units=units,
        articles=articles,
        answers=tuple(a.answer for a in answers),
        grounded=tuple(grounded),
        policies=merge(document, articles, grounded),
        refusals=tuple(refusals),
    )


def relocate(extraction: Extraction, document: Document, composed: Composed) -> Extraction:
    """The extraction with all offsets and words as they stand in the source."""

    def back(value: Any) -> Any:
        if isinstance(value, BaseModel):
            names = type(value).model_fields
            moved = {name: back(getattr(value, name)) for name in names}
            if "start" in names and "end" in names:
                moved["start"], moved["end"] = composed.back(value.start, value.end)  # type: ignore[attr-defined]
            if isinstance(value, Span):
                moved["text"] = document.text[moved["start"] : moved["end"]]
            return value.model_copy(update=moved)
        return tuple(back(v) for v in value) if isinstance(value, tuple) else value

    spanned = {name: back(getattr(extraction, name)) for name in ("units", "articles", "grounded", "policies")}
    return dataclasses.replace(extraction, document=document, **spanned)


async def _answer(document: Document, article: Article, session: Session) -> Asked:
    """The answer about one article: by rule, by single decisions on it, or by one question."""
    if session.model is None or session.prompts is None:
        return Asked(draft(document.text, article), ())
    if session.prompts.stepwise:
        return await ask_single(document.text, article, session.prompts, session.model, draft(document.text, article))
    check = lambda answer: ground(document, article, answer, session.provenance(document)).refusals
    hint = draft(document.text, article) if session.settings.hint else None
    return await ask_whole(document.text, article, session.prompts, session.model, check, hint)


# -- a session ---------------------------------------------------------------------------------------------


def resolve_endpoint(settings: Settings) -> Settings:
    """Settings with `auto` decided: a service if a key is set, else the embedded model if it is installed."""
    if settings.endpoint != "auto":
        return settings
    if os.environ.get("OPENAI_API_KEY") or settings.base_url is not None:
        budget = settings.budget if settings.budget is not None else AUTO_BUDGET
        return dataclasses.replace(settings, endpoint="openai", budget=budget)
    if find_model(settings.model).installed:
        return dataclasses.replace(settings, endpoint="embedded")
    raise NoModel(
        "no model to ask: OPENAI_API_KEY is not set and the embedded model is not installed; "
        "type `pams models fetch` once, set a key, or use `--endpoint draft` (rules only)"
    )


@contextlib.asynccontextmanager
async def open_session(settings: Settings, store: Store | None = None) -> AsyncIterator[Session]:
    """The model and prompt set that the settings name. Raises `CannotStart`, `UsageError`."""
    settings = resolve_endpoint(settings)
    if settings.jobs < 1:
        raise UsageError(f"--jobs {settings.jobs}: at least 1 is needed")
    if settings.endpoint == "draft":
        yield Session(settings)
        return
    prompts = load_prompt_set(settings.prompts or ("stepwise" if settings.endpoint == "embedded" else "article"))
    own_store = store or Store(settings.cache)
    try:
        async with open_model(settings, own_store) as model:
            yield Session(settings, prompts, model)
    finally:
        if store is None:
            own_store.close()


def open_model(settings: Settings, store: Store) -> Model:
    """The model behind the settings' endpoint; nothing is loaded or connected before the first question."""
    if settings.endpoint == "files":
        if settings.model is None:
            raise UsageError("--endpoint files needs --model NAME: the model that answers (or answered) the requests")
        return FilesModel(settings.model, store)
    budget = Budget(money=settings.budget) if settings.budget is not None else None
    endpoint: Literal["openai", "embedded"] = "embedded" if settings.endpoint == "embedded" else "openai"
    return make_model(
        endpoint, name=settings.model, base_url=settings.base_url, store=store, budget=budget, jobs=settings.jobs
    )


# -- many documents ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Made:
    """What became of one document, as far as a run needs it."""

    row: DocumentRow
    policies: tuple[Policy, ...] = ()
    refusals: tuple[Refusal, ...] = ()


@dataclass
class _Results:
    """What a run has so far."""

    rows: dict[str, DocumentRow] = field(default_factory=dict)
    policies: list[Policy] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    usage: Usage = field(default_factory=Usage)
    stopped: BaseException | None = None


def run(
    paths: Sequence[Path],
    out: Path,
    settings: Settings,
    *,
    store: Store | None = None,
    on_event: Callable[[Event], None] | None = None,
) -> RunManifest:
    """Extract all documents below `paths` into the folder `out`; an existing folder is continued.

    Every document ends as a row of `documents.jsonl`, `ok` or `failed` with the reason; one bad document never
    stops the others. Raises `CannotStart` or `UsageError` before anything is written, `BudgetReached` or
    `KeyboardInterrupt` after everything that was done has been.
    """
    sources = find_sources(paths)
    settings = resolve_endpoint(settings)
    check_writable(out)
    with _lock(out), workers.calm_collector():
        started, clock = dt.datetime.now(dt.UTC), time.monotonic()
        results = _Results()
        jobs, taken = plan(sources, read_documents(out), results.rows, retry_failed=settings.retry_failed)
        manifest_of = asyncio.run(_run_jobs(jobs, taken, settings, store, results, on_event or (lambda event: None)))
        manifest = manifest_of(started, time.monotonic() - clock)
        write(out, results.policies, list(results.rows.values()), results.refusals, manifest)
    if results.stopped is not None:
        raise results.stopped
    return manifest


@contextlib.contextmanager
def _lock(out: Path) -> Iterator[None]:
    lock = filelock.FileLock(out / ".pams.lock")
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout:
        raise OutputUnwritable(
            f"{out}: another run is writing here; wait for it, or name another folder with --out"
        ) from None
    try:
        yield
    finally:
        lock.release()


async def _run_jobs(
    jobs: list[Job],
    documents: dict[str, Document],
    settings: Settings,
    store: Store | None,
    results: _Results,
    emit: Callable[[Event], None],
) -> Callable[[dt.datetime, float], RunManifest]:
    characters = sum(len(d.text) for d in documents.values()) if settings.endpoint == "draft" else 0
    processes = workers.count(settings.jobs, len(jobs), characters)
    async with open_session(settings, store) as session:
        emit(Event("started", 0, len(jobs)))
        with workers.pool(processes) as pool:
            do = _Do(session, pool, asyncio.Semaphore(settings.jobs if pool is None else 2 * processes))
            tasks = [
                asyncio.create_task(do.one(job, documents.pop(job.name), results, emit, len(jobs))) for job in jobs
            ]
            try:
                await asyncio.gather(*tasks)
            except (asyncio.CancelledError, BudgetReached, CannotStart) as stop:
                results.stopped = KeyboardInterrupt() if isinstance(stop, asyncio.CancelledError) else stop
                for task in tasks:  # stop what has not begun, let what was cancelled end
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
                if isinstance(stop, CannotStart) and not results.policies:
                    raise
        for job in jobs:
            if job.name not in results.rows:
                results.rows[job.name] = unfinished(job, results.stopped)
        results.usage = session.model.usage if session.model is not None else Usage()
        emit(Event("finished", len(jobs), len(jobs), usage=results.usage))
        return lambda started, seconds: _manifest(session, results, started, seconds)


@dataclass(frozen=True)
class _Do:
    """Does documents: here, or in a worker process where there are any."""

    session: Session
    pool: ProcessPoolExecutor | None
    gate: asyncio.Semaphore

    async def one(
        self, job: Job, document: Document, results: _Results, emit: Callable[[Event], None], total: int
    ) -> None:
        """One document: its records, or its failure."""
        async with self.gate:
            made = await self._made(job, document)
        results.policies += made.policies
        results.refusals += made.refusals
        results.rows[job.name] = made.row
        usage = self.session.model.usage if self.session.model is not None else Usage()
        emit(Event("document", len(results.rows), total, made.row, usage))

    async def _made(self, job: Job, document: Document) -> _Made:
        if self.pool is not None:
            with contextlib.suppress(BrokenProcessPool):  # a worker died or cannot start: go on without
                call = functools.partial(_make_apart, job, document, self.session.settings)
                return await asyncio.get_running_loop().run_in_executor(self.pool, call)
        return await _make(job, document, self.session)


async def _make(job: Job, document: Document, session: Session) -> _Made:
    try:
        extraction = await process(document, session)
    except (CannotStart, BudgetReached):
        raise
    except PamsError as problem:
        return _Made(failed(job.name, problem, document, job.same_as))
    asked = sum(a.asked for a in extraction.articles)
    return _Made(done(job, document, asked, extraction.policies), extraction.policies, extraction.refusals)


def _make_apart(job: Job, document: Document, settings: Settings) -> _Made:
    """The same in a worker process, where only rules are applied."""
    return asyncio.run(_make(job, document, Session(settings)))


def _manifest(session: Session, results: _Results, started: dt.datetime, seconds: float) -> RunManifest:
    rows = results.rows.values()
    settings = session.settings
    provenance = session.provenance(Document(name="", text="", sha256="", encoding=""))
    shown = {
        k: v for k, v in dataclasses.asdict(settings).items() if isinstance(v, str | int | float | bool) or v is None
    }
    return RunManifest(
        version=importlib.metadata.version("policy-measures"),
        started=started,
        finished=dt.datetime.now(dt.UTC),
        endpoint=settings.endpoint,
        model=provenance.model,
        model_sha256=session.model.sha256 if session.model else None,
        prompt_set=provenance.prompt_set,
        prompt_hash=provenance.prompt_hash,
        schema_hash=provenance.schema_hash,
        settings=shown,
        versions={name: importlib.metadata.version(name) for name in ("openai", "instructor", "pydantic", "xllamacpp")},
        documents=len(results.rows),
        failed=sum(r.status == "failed" for r in rows),
        policies=len(results.policies),
        measures=sum(len(p.measures) for p in results.policies),
        targets=sum(len(p.targets) for p in results.policies),
        refused=len(results.refusals),
        usage=results.usage.model_copy(update={"seconds": round(seconds, 3)}),
        errors=dict(Counter(r.error.kind for r in rows if r.error is not None)),
    )
