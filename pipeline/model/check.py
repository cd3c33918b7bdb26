"""What a service can do, found out with two tiny questions; nothing is stored, and no document is sent."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from pipeline.model.budget import MOST_TOKENS, is_count, is_private, price_of
from pipeline.model.dialect import Dialect, reasons
from pipeline.model.endpoints import OPENAI, address, service_at
from pipeline.model.failures import Unanswered
from pipeline.model.ledger import Json, Question, question_to_complete, question_to_score
from pipeline.model.parse import has_scores, json_in, read_completion
from pipeline.model.send import Patience, Service, persist
from schemas.errors import UsageError

_PATIENCE = Patience(attempts=2)
_ROOM = 64
"""Tokens for a tiny answer."""
_ROOM_TO_THINK = 2_000
"""Tokens for it and for what a model that thinks says before."""


class _Games(BaseModel):
    """The schema asked with. The words of the question name other keys: who writes these is held to the schema."""

    city: str
    year: int


class _Object(BaseModel):
    model_config = ConfigDict(extra="allow")


_WHERE = 'Where and when were the Olympic Games in Korea? Answer in JSON with the keys "place" and "when".'
_WHICH = "Which is larger? Answer with one letter.\nA: an ant\nB: a whale\nAnswer:"


@dataclass(frozen=True)
class Checked:
    """What was found."""

    address: str
    model: str
    problem: str | None
    """Why the answer is of no use; None if it can be read."""
    schema: str
    """`kept`, `taken but not kept`, or `refused` with what is asked for instead."""
    log_probabilities: str
    """`yes`, or `no` with the reason."""
    tokens_in: int | None
    tokens_out: int | None
    """Of the tiny question, as the service counts them; None where it does not tell."""
    seconds: float
    """Until the whole tiny answer was there."""
    price: str
    will_use: str
    """How requests will be written."""


async def check_service(base_url: str | None, name: str, *, reasoning: bool = False, seconds: float = 120.0) -> Checked:
    """Asks the model `name` at `base_url` (None: from the environment, else OpenAI itself) two tiny questions.

    `seconds` to wait for an answer. Raises `PamsError` where it cannot be asked at all: no key, no such model, nothing
    there.
    """
    if seconds <= 0:
        raise UsageError(f"--timeout {seconds:g}: give some seconds")
    url = address(base_url)
    service = service_at(base_url, None, name, seconds, reasoning=reasoning)
    room = _ROOM_TO_THINK if reasoning or reasons(name) else _ROOM
    try:
        scores = await _scores(service, name)  # Before the clock: a first question may load the model, and our client.
        begin = time.monotonic()
        answer = await _ask(service, question_to_complete(_user(_WHERE), _Games, room), name)
        took = time.monotonic() - begin
    finally:
        await service.close()
    read = read_completion("", answer, _Object, cached=False)
    given, taken = _told(answer)
    return Checked(
        address=service.place if url is not None else OPENAI,
        model=name,
        problem=read.problem,
        schema=_schema(service.dialect, set((read.value.model_extra or {}) if read.value is not None else {})),
        log_probabilities=scores,
        tokens_in=given,
        tokens_out=taken,
        seconds=round(took, 3),
        price=_price(name, url),
        will_use=_settings(service.dialect),
    )


def _user(words: str) -> list[dict[str, str]]:
    return [{"role": "user", "content": words}]


async def _ask(service: Service, question: Question, name: str) -> Json:
    content = await persist(lambda: service.send("", question.body(name)), _PATIENCE)
    answer: Json = json.loads(content)
    return answer


async def _scores(service: Service, name: str) -> str:
    try:
        content = await service.send("", question_to_score(_user(_WHICH), ("A", "B")).body(name))
    except Unanswered as failure:
        return f"no: {failure}"
    answer = json_in(content)
    return "yes" if isinstance(answer, dict) and has_scores(answer) else "no: the answer holds none"


def _schema(dialect: Dialect, keys: set[str]) -> str:
    if dialect.format != "json_schema":
        return f"refused; {'JSON mode' if dialect.format else 'plain text'} instead"
    return "kept" if keys == set(_Games.model_fields) else "taken but not kept; what is answered is checked here anyway"


def _told(answer: Json) -> tuple[int | None, int | None]:
    usage = answer.get("usage")
    told = [usage.get(n) if isinstance(usage, dict) else None for n in ("prompt_tokens", "completion_tokens")]
    given, taken = (count if is_count(count, MOST_TOKENS) else None for count in told)
    return given, taken


def _price(name: str, url: str | None) -> str:
    if url is not None and is_private(url):
        return "free, being on this machine or its private network"
    price = price_of(name, url)
    given, taken = price.cost(1_000_000, 0).money, price.cost(0, 1_000_000).money
    if given is None or taken is None:
        return "not known: --budget cannot be kept, --max-tokens-total can"
    return f"${given:g} in, ${taken:g} out, for a million tokens"


def _settings(dialect: Dialect) -> str:
    named = {"json_schema": "JSON schema", "json_object": "JSON mode", None: "no format"}[dialect.format]
    bound = ", at most 100 entries a list" if dialect.bounded and dialect.format == "json_schema" else ""
    temperature = "temperature 0" if dialect.temperature else "no temperature"
    return f"{dialect.limit or 'no limit of tokens'}, {temperature}, {named}{bound}"


def lines(found: Checked) -> Iterator[str]:
    """The findings for people: what the service can, and how pams will ask it."""
    told = found.tokens_in is not None and found.tokens_out is not None
    rate = f", {found.tokens_out / found.seconds:.0f} tokens a second" if found.tokens_out and found.seconds else ""
    sets = "brief, article, stepwise"
    if found.log_probabilities != "yes":
        sets = "brief, article (stepwise needs log-probabilities)"
    shown = {
        "service": found.address,
        "model": found.model,
        "answer": "can be read" if found.problem is None else f"cannot be used: {found.problem}",
        "JSON schema": found.schema,
        "log-probabilities": found.log_probabilities,
        "tokens": f"told: {found.tokens_in} in, {found.tokens_out} out" if told else "not told: counted at their worst",
        "speed": f"{found.seconds:.2f} s for a tiny answer{rate}",
        "price": found.price,
        "prompt sets": sets,
        "settings": found.will_use,
    }
    yield from (f"{name:<19}{words}" for name, words in shown.items())
