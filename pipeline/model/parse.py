"""What an answer says: the typed value of a completion, the log-probabilities of labels, or why there is none."""

from __future__ import annotations

import json
import logging
import math
import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from pipeline.model.contents import is_content, one_json, text_of, thought_in
from pipeline.model.ledger import Json, wire_schema
from schemas.errors import ModelError

T = TypeVar("T", bound=BaseModel)

LONGEST = 4_000_000
"""Characters of an answer beyond which it is not parsed: no article of a brief has as much to tell."""
NO_SCORES = (
    "The service returned no log-probabilities, which single decisions need. "
    "Use the embedded model, another service, or a prompt set that asks for JSON (--prompts article)."
)
_HALF = re.compile("[\ud800-\udfff]")
"""Half a character: JSON can carry one, no file and no request can."""


@dataclass(frozen=True)
class Completed(Generic[T]):
    """An answer in JSON, or what is wrong with it."""

    request_id: str
    text: str
    """The answer as the model wrote it, without what it thought before."""
    value: T | None
    problem: str | None
    """Why there is no value, in words that a re-ask can give back to the model; None if there is one."""
    cached: bool
    """True if no call was made."""
    hopeless: bool = False
    """Whether the same question in other words would end the same way: the fault is in how the service is set up."""


@dataclass(frozen=True)
class Scored:
    """How likely each label is as the first token of the answer."""

    request_id: str
    logprobs: dict[str, float]
    """Natural logarithms, one per label asked; a label that was not returned has the lowest one returned."""
    cached: bool


def read_completion(request_id: str, answer: Json, model: type[T], *, cached: bool) -> Completed[T]:
    """Reads a completion body as `model`; whatever is wrong becomes `problem`, never an exception."""
    choice = answer["choices"][0]
    message = choice.get("message") or {}
    text = _whole(text_of(message))
    if misplaced := _misplaced(choice, message, text):
        return Completed(request_id, text, None, misplaced, cached, hopeless=True)
    value: T | None = None
    found, problem = _usable(choice, message, text)
    if problem is None:
        value, problem = _parse(found, model)
    return Completed(request_id, text, value, problem, cached)


def _whole(text: str) -> str:
    """The text, its half characters replaced; most have none, and to write one down is the fastest way to find out."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return _HALF.sub("\ufffd", text)
    return text


def load_reader(model: type[BaseModel]) -> None:
    """Loads what reading answers as `model` needs (0.4 s), so that processes forked after this have it already."""
    _parse("{}", model)


def read_scores(request_id: str, answer: Json, labels: tuple[str, ...], *, cached: bool) -> Scored:
    """Reads the log-probabilities of `labels`. Raises ModelError if the service returned none."""
    tokens = _top_tokens(answer)
    if not tokens:
        raise ModelError(NO_SCORES)
    floor = min(logprob for _, logprob in tokens)
    logprobs: dict[str, float] = {}
    for label in labels:
        # "A" and " A" are different tokens and the same answer.
        found = [logprob for token, logprob in tokens if token.strip() == label]
        logprobs[label] = math.log(sum(math.exp(value) for value in found)) if found else floor
    return Scored(request_id, logprobs, cached)


def json_in(content: bytes) -> object:
    """The value in `content`, None where there is none: broken, nested too deeply, of numbers too long."""
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None


def has_scores(body: Json) -> bool:
    """Whether a completion (one that `completion_fault` spares) carries log-probabilities that can be read."""
    return bool(_top_tokens(body))


def scores_fault(body: Json) -> str | None:
    """What is wrong with the log-probabilities of a completion; None if they can be read, or there are none."""
    return "log-probabilities of another shape" if body["choices"][0].get("logprobs") and not has_scores(body) else None


def completion_fault(body: object) -> str | None:
    """What is wrong with a body that should be a chat completion; None if it is one, whatever it says."""
    choices = body.get("choices") if isinstance(body, dict) else None
    if not isinstance(choices, list):
        return "a body that is no chat completion"
    if not choices or not isinstance(choices[0], dict):
        return "a completion without choices"
    message = choices[0].get("message")
    if not isinstance(message, dict) or not is_content(message.get("content")):
        return "a completion without a message"
    return None


def refusal(status: int, words: str) -> Json:
    """What is kept in the place of an answer where a service refused a request for good, through a file."""
    return {"refused": {"status": status, "words": words}}


def refusal_in(body: object) -> str | None:
    """The service's reason where `body` is a `refusal`; None for anything else."""
    told = body.get("refused") if isinstance(body, dict) and set(body) == {"refused"} else None
    if not isinstance(told, dict) or set(told) != {"status", "words"}:
        return None
    return f"{told['status']}: {told['words']}"


def _top_tokens(answer: Json) -> list[tuple[str, float]]:
    """The likeliest first tokens; none where the log-probabilities are missing or of another shape."""
    found: list[tuple[str, float]] = []
    try:
        for one in answer["choices"][0]["logprobs"]["content"][0]["top_logprobs"]:
            token, logprob = one["token"], one.get("logprob")
            if logprob is None:
                continue
            if not isinstance(token, str) or not isinstance(logprob, int | float) or not logprob <= 0.01:
                return []
            # A service writes null or a huge negative number for "impossible": the logarithm must stay finite.
            found.append((token, max(float(logprob), -100.0)))
    except (KeyError, IndexError, TypeError, AttributeError, OverflowError):
        return []
    return found


def _misplaced(choice: Json, message: Json, text: str) -> str | None:
    """Why there is no text though the model wrote some: what a re-ask cannot mend."""
    thought = thought_in(message)
    if text.strip() or thought is None or message.get("refusal") or choice.get("finish_reason") == "content_filter":
        return None
    if choice.get("finish_reason") == "length":
        return f"the token limit was reached in {thought}, before any answer: let the model think less, or not"
    return f"the service put everything into {thought} and nothing into content: turn thinking (its parser) off there"


def _usable(choice: Json, message: Json, text: str) -> tuple[str, str | None]:
    """The JSON in a text, and what is wrong with it; None if nothing is."""
    if problem := _stopped(choice, message, text):
        return text, problem
    found, problem = one_json(text)
    if problem is not None:
        return text, problem
    try:
        json.loads(found, object_pairs_hook=_no_duplicates)
    except ValueError as error:
        return text, f"the answer is not valid JSON: {error}"
    except RecursionError:
        return text, "the answer is not valid JSON: nested too deeply"
    return found, None


def _stopped(choice: Json, message: Json, text: str) -> str | None:
    if message.get("refusal"):
        return f"the model refused: {message['refusal']}"
    reason = choice.get("finish_reason")
    if reason == "length":
        return "the answer was cut off at the token limit: answer more briefly"
    if reason == "content_filter":
        return "the service's content filter stopped the answer"
    if not text.strip():
        return "the answer is empty"
    if len(text) > LONGEST:
        return f"the answer is longer than {LONGEST:,} characters: answer more briefly"
    return None


def _no_duplicates(pairs: list[tuple[str, Any]]) -> Json:
    once = dict(pairs)
    if len(once) != len(pairs):  # A parser would keep one of the two, silently.
        twice = next(key for key, count in Counter(key for key, _ in pairs).items() if count > 1)
        raise ValueError(f"key {twice[:60]!r} occurs twice in one object")
    return once


def _parse(text: str, model: type[T]) -> tuple[T | None, str | None]:
    # The way out of instructor is this function: `return model.model_validate_json(text), None` inside the same `try`.
    import instructor

    try:
        value = _prepared(model).from_response(_completion(text), mode=instructor.Mode.JSON_SCHEMA)
    except Exception as error:  # noqa: BLE001 - wrapped by instructor in types of its own, by version
        return None, _reason(error)
    # Instructor hangs the whole body on the value; records must not carry it into comparisons and pickles.
    vars(value).pop("_raw_response", None)
    return value, None


def _completion(text: str) -> Any:
    """A completion that says a text and nothing else: instructor takes no bare text, and to type a body is slow."""
    empty = _empty_completion()
    choice = empty.choices[0]
    said = choice.model_copy(update={"message": choice.message.model_copy(update={"content": text})})
    return empty.model_copy(update={"choices": [said]})


@lru_cache(maxsize=1)
def _empty_completion() -> Any:
    from openai.types.chat import ChatCompletion

    choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": ""}}
    return ChatCompletion.construct(choices=[choice])


@lru_cache(maxsize=256)
def _prepared(model: type[T]) -> Any:
    """What instructor takes for the response model.

    Given the model itself it would build a subclass and its schema anew at each call (10 ms), and return that
    subclass. This one has our wire schema ready and lets the true model do the validation. Its `from_response` only
    reads: it can neither add to the messages, nor change the schema, nor repeat a call. Re-asking happens elsewhere,
    in our words.
    """
    from instructor import ResponseSchema

    logging.getLogger("instructor").setLevel(logging.CRITICAL)  # `problem` says it; the log would say it again.
    schema = wire_schema(model)

    def model_json_schema(_: object, /, **__: object) -> Json:
        return schema

    def model_validate_json(_: object, text: str, /, **__: object) -> T:
        return model.model_validate_json(text)

    names = {
        "__module__": __name__,
        "model_json_schema": classmethod(model_json_schema),
        "model_validate_json": classmethod(model_validate_json),
    }
    return type(model.__name__, (ResponseSchema,), names)


def _reason(error: BaseException) -> str:
    """Pydantic's reasons, one per fault, without its links to documentation."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, ValidationError):
            faults = [f"{'.'.join(map(str, fault['loc'])) or 'answer'}: {fault['msg']}" for fault in seen.errors()]
            more = f" (and {len(faults) - 5} more)" if len(faults) > 5 else ""
            return "the answer does not fit the schema: " + "; ".join(faults[:5]) + more
        seen = seen.__cause__ or seen.__context__
    return f"the answer could not be read: {error}"
