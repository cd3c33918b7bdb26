"""What a question is, and its name: the request id under which every answer is stored, replayed and cited.

The id covers what can change an answer (messages, wire schema, sampling, model) and nothing else: no host,
port, path or time, and nothing that an edit of a docstring or a newer library changes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache, wraps
from typing import Any, Literal, TypeVar, cast

from pydantic import BaseModel

R = TypeVar("R")

Message = dict[str, str]
"""One chat message: `role` (`system`, `user`, `assistant`) and `content`."""

Json = dict[str, Any]
"""A JSON object."""

# Words for people, defaults that we fill in ourselves, and length limits (several services refuse them).
_STRIPPED = frozenset(
    {"title", "description", "default", "examples", "minLength", "maxLength", "minItems", "maxItems", "uniqueItems"}
)
_NAMED = frozenset({"properties", "$defs"})  # Their keys are names, not keywords: a field may be called `title`.


@dataclass(frozen=True)
class Question:
    """One thing to ask: enough to send it and to name it."""

    messages: tuple[Message, ...]
    max_tokens: int
    """Upper limit of the answer, in tokens."""
    temperature: float = 0.0
    purpose: Literal["complete", "score"] = "complete"
    schema: str | None = None
    """Wire schema as JSON text: its order of properties is the order in which models write."""
    labels: tuple[str, ...] = ()
    """For `score`: single capital letters, one token each."""

    @property
    def top_logprobs(self) -> int:
        """How many tokens to ask back: labels come with and without a leading space; services allow 20."""
        return min(20, 2 * len(self.labels) + 4)

    @property
    def sampling(self) -> Json:
        """The parameters that shape the answer, under neutral names."""
        shape: Json = {"max_tokens": self.max_tokens, "temperature": self.temperature}
        if self.purpose == "score":
            shape |= {"logprobs": True, "top_logprobs": self.top_logprobs}
        return shape

    def request_id(self, identity: str) -> str:
        """The ledger's name of this question put to the model `identity` (a name, or the weights' sha256)."""
        return _name(list(self.messages), self.schema, self.sampling, identity)

    def body(self, model: str) -> Json:
        """The chat-completions request, before a service's `Dialect`."""
        body: Json = {"model": model, "messages": [dict(m) for m in self.messages], **self.sampling}
        if self.schema is not None:
            body["response_format"] = _format(self.schema)
        return body


def question_to_complete(messages: list[Message], model: type[BaseModel], max_tokens: int) -> Question:
    """The question whose answer is JSON in the shape of `model`."""
    return Question(_plain(messages), max_tokens, schema=_schema_text(model))


def question_to_score(messages: list[Message], labels: tuple[str, ...]) -> Question:
    """The question whose answer is one of `labels`. Raises ValueError unless they are distinct capital letters."""
    if not labels or len(set(labels)) != len(labels):
        raise ValueError("labels must be distinct and at least one")
    if bad := [label for label in labels if len(label) != 1 or not "A" <= label <= "Z"]:
        raise ValueError(f"labels must be single capital letters A-Z, because those are one token: {bad}")
    return Question(_plain(messages), 1, purpose="score", labels=labels)


def request_id_of_body(body: Mapping[str, Any], identity: str | None = None) -> str:
    """The request id of a request body as `Question.body` writes it; `identity` where it is not `body["model"]`."""
    schema = body.get("response_format", {}).get("json_schema", {}).get("schema")
    text = None if schema is None else compact(schema)
    limit = body.get("max_tokens", body.get("max_completion_tokens"))
    sampling: Json = {"max_tokens": limit, "temperature": body.get("temperature", 0.0)}
    if "logprobs" in body:
        sampling |= {"logprobs": body["logprobs"], "top_logprobs": body.get("top_logprobs")}
    return _name(body["messages"], text, sampling, identity or body["model"])


def wire_schema(model: type[BaseModel]) -> Json:
    """The JSON schema as sent: no words for people, no lengths, objects closed, keywords in a fixed order."""
    return cast(Json, _normalise(model.model_json_schema()))


@cache
def schema_hash(model: type[BaseModel]) -> str:
    """Hash of a model's wire schema: changes when what is asked for changes, not with a docstring."""
    return hashlib.sha256(canonical(wire_schema(model)).encode()).hexdigest()[:16]


def is_closed(schema: object) -> bool:
    """True if every property of every object is required: what services mean by `strict`."""
    if isinstance(schema, list):
        return all(is_closed(item) for item in schema)
    if not isinstance(schema, dict):
        return True
    if set(schema.get("properties", {})) != set(schema.get("required", [])):
        return False
    return all(is_closed(value) for value in schema.values())


def remembered(work: Callable[[Any], R]) -> Callable[[Any], R]:
    """`work`, done once for all equal arguments in a row.

    For the formats of a run's requests: each comes from another process as a copy of its own, and comparing two is
    ten times as fast as working one through.
    """
    last: list[Any] = []

    @wraps(work)
    def worked(given: Any) -> R:
        if not last or last[0] != given:
            last[:] = [given, work(given)]
        return cast(R, last[1])

    return worked


def compact(value: object) -> str:
    """JSON without white space, order kept, characters as they are."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def canonical(value: object) -> str:
    """JSON in the one form that is hashed: compact, keys sorted."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True, allow_nan=False)


def _name(messages: list[Message], schema: str | None, sampling: Json, identity: str) -> str:
    # The schema goes in as text: sorting its keys would hide an order of properties that models follow.
    request = {"messages": messages, "schema": schema, "sampling": sampling, "model": identity}
    return hashlib.sha256(canonical(request).encode()).hexdigest()


def _normalise(node: object) -> object:
    if isinstance(node, list):
        return [_normalise(item) for item in node]
    if not isinstance(node, dict):
        return node
    kept: Json = {}
    for key in sorted(node.keys() - _STRIPPED):
        value = node[key]
        if key in _NAMED:
            names = value if key == "properties" else sorted(value)
            kept[key] = {name: _normalise(value[name]) for name in names}
        else:
            kept[key] = value if key in {"enum", "const", "required"} else _normalise(value)
    if "properties" in kept:
        kept["additionalProperties"] = False
    return dict(sorted(kept.items()))


def _plain(messages: list[Message]) -> tuple[Message, ...]:
    return tuple({"role": m["role"], "content": m["content"]} for m in messages)


@lru_cache(maxsize=256)
def _format(schema: str) -> Json:
    """The response format that asks for a schema, shared by all bodies: nobody changes it."""
    shape = json.loads(schema)
    return {"type": "json_schema", "json_schema": {"name": "answer", "strict": is_closed(shape), "schema": shape}}


@lru_cache(maxsize=256)
def _schema_text(model: type[BaseModel]) -> str:
    return compact(wire_schema(model))  # Making it costs milliseconds: once per type, not per call.
