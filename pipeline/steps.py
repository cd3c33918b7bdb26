"""The orchestrator of one document: the one place that calls the steps, in order.

    read → outline → split → draft → ask → ground → merge          (write, and many documents: `run`)

`extract_document` is a pure function of the document, the settings and the ledger's answers; which document
runs where and when changes nothing in the result.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import functools
import hashlib
import json
import os
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel

from pipeline.ask import (
    FROM_EXAMPLE,
    Asked,
    PromptSet,
    ask_single,
    ask_whole,
    find_copies,
    load_prompt_set,
    stands_in_example,
)
from pipeline.draft import draft
from pipeline.ground import Grounded, ground
from pipeline.merge import merge
from pipeline.model import (
    Budget,
    FilesModel,
    Model,
    Patience,
    Pending,
    Rates,
    Store,
    find_model,
    make_model,
    wire_schema,
)
from pipeline.model.ledger import canonical
from pipeline.normalise import Composed, compose, find_issue_date, find_issue_year
from pipeline.normalise.instructions import addresses_a_machine
from pipeline.outline import outline
from pipeline.read import from_text, read
from pipeline.split import split
from schemas.answer import Answer
from schemas.document import Article, Document, Unit
from schemas.errors import InternalError, NoModel, UsageError
from schemas.records import Policy, Provenance, Refusal, Span
from schemas.vocabulary import Flag

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
    """Requests in flight at once."""
    budget: float | None = None
    """Most dollars to spend."""
    max_tokens_total: int | None = None
    """Most tokens to spend, in and out."""
    requests_per_minute: float | None = None
    tokens_per_minute: float | None = None
    timeout: float = 180.0
    """Seconds to wait for one answer of a service."""
    document_timeout: float = 300.0
    """Seconds that the steps of one document may take, calls not counted; the embedded model's are not bounded."""
    hint: bool = False
    """Show the draft to the model (an ablation; orphaning recorded answers when a rule changes)."""
    examples: bool = True
    """Show the prompt set's examples (without them: another ablation)."""
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


@dataclass(frozen=True, repr=False)
class Opened:
    """A document ready to be asked about. Its own text may be decomposed Hangul; the steps see it composed."""

    document: Document
    composed: Composed | None
    shown: Document
    """The document as the steps see it."""
    units: tuple[Unit, ...]
    articles: tuple[Article, ...]
    hostile: bool = False
    """The text addresses a machine somewhere, or the file hides text: every record of the document says so."""


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
    issued = find_issue_date(document.text)
    year = None if issued else find_issue_year(document.text)
    return units, split(document, units, issued, year)


def open_document(document: Document) -> Opened:
    """The steps before any answer; decomposed Hangul is composed for them."""
    composed = compose(document.text)
    shown = document if composed is None else document.model_copy(update={"text": composed.text})
    return Opened(document, composed, shown, *prepare(shown), document.hidden or addresses_a_machine(shown.text))


async def process(document: Document, session: Session) -> Extraction:
    """All steps for one document within an open session."""
    return await answer(open_document(document), session)


async def answer(opened: Opened, session: Session) -> Extraction:
    """The steps from the first question on. Raises `Pending` if answers are to come from files and one is missing."""
    extraction = await _steps(opened, session)
    if opened.composed is not None:
        extraction = relocate(extraction, opened.document, opened.composed)
    verify_spans(extraction.document, extraction.policies)
    return extraction


async def _steps(opened: Opened, session: Session) -> Extraction:
    document = opened.shown
    asked = [a for a in opened.articles if a.asked]
    answers = await _answers(document, asked, session)
    grounded: list[Policy] = []
    refusals: list[Refusal] = []
    for article, given in zip(asked, answers, strict=True):
        result = _ground(document, article, given.answer, session, given.request_ids)
        grounded += (_flagged(p) for p in result.policies) if opened.hostile else result.policies
        refusals += result.refusals
    return Extraction(
        document=document,
        units=opened.units,
        articles=opened.articles,
        answers=tuple(a.answer for a in answers),
        grounded=tuple(grounded),
        policies=merge(document, opened.articles, grounded),
        refusals=tuple(refusals),
    )


def _ground(
    document: Document, article: Article, answer: Answer, session: Session, request_ids: Sequence[str] = ()
) -> Grounded:
    """The answer's records; what it has from the prompt's examples is no evidence, and refused by that name."""
    provenance, prompts = session.provenance(document, request_ids), session.prompts
    if prompts is None or prompts.stepwise or not session.settings.examples:
        return ground(document, article, answer, provenance)
    copies = find_copies(answer, document.text[article.start : article.end], prompts)
    result = ground(document, article, answer, provenance, copies)
    return Grounded(result.policies, [_named(refusal, prompts) for refusal in result.refusals])


def _named(refusal: Refusal, prompts: PromptSet) -> Refusal:
    """The refusal of a quote says so where the quote is an example's."""
    given = json.loads(refusal.given)
    quotes = [given.get(key) for key in ("quote", "from", "to")] if isinstance(given, dict) else []
    if not any(isinstance(q, str) and stands_in_example(q, prompts) for q in quotes):
        return refusal
    return refusal.model_copy(update={"reason": f"{refusal.reason} (it {FROM_EXAMPLE})"})


def _flagged(policy: Policy) -> Policy:
    """The policy as one of a document whose text may have told the model what to answer."""
    return policy.model_copy(update={"flags": (*policy.flags, Flag.INSTRUCTION_LIKE_TEXT)})


def verify_spans(document: Document, records: Iterable[object]) -> None:
    """Raises `InternalError` unless every span below `records` holds the very words at its place."""
    waiting: list[object] = list(records)
    while waiting:
        record = waiting.pop()
        if isinstance(record, tuple):
            waiting.extend(value for value in record if isinstance(value, BaseModel | tuple))
        elif not isinstance(record, Span):
            waiting.extend(value for value in vars(record).values() if isinstance(value, BaseModel | tuple))
        elif record.start < 0 or document.text[record.start : record.end] != record.text:
            raise InternalError(
                f"{document.name}: a record's words are not those at {record.start}-{record.end}; please report it"
            )


async def _answers(document: Document, asked: Sequence[Article], session: Session) -> list[Asked]:
    """The answers about all articles, asked at once where they do not wait for each other.

    What is pending comes before what failed, so that every article is asked before the document ends, and ends
    alike however often the run was stopped on the way.
    """
    if session.model is None or session.prompts is None or session.prompts.stepwise:
        return [await _answer(document, a, session) for a in asked]
    given = await asyncio.gather(*(_answer(document, a, session) for a in asked), return_exceptions=True)
    for problem in sorted((g for g in given if isinstance(g, BaseException)), key=lambda g: not isinstance(g, Pending)):
        raise problem
    return [g for g in given if isinstance(g, Asked)]


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
    check = lambda answer: _ground(document, article, answer, session).refusals
    hint = draft(document.text, article) if session.settings.hint else None
    return await ask_whole(
        document.text,
        article,
        session.prompts,
        session.model,
        check,
        hint,
        examples=session.settings.examples,
        patient=session.settings.endpoint != "files",
    )


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
    endpoint: Literal["openai", "embedded"] = "embedded" if settings.endpoint == "embedded" else "openai"
    return make_model(
        endpoint,
        name=settings.model,
        base_url=settings.base_url,
        store=store,
        budget=Budget(settings.budget, settings.max_tokens_total),
        jobs=settings.jobs,
        rates=Rates(settings.requests_per_minute, settings.tokens_per_minute),
        patience=Patience(timeout=settings.timeout) if endpoint == "openai" else None,
    )
