"""The parameters that a service takes: one question, the same id, and other names or fewer of them on the wire."""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass
from typing import Literal

from pipeline.model.ledger import Json, remembered

Limit = Literal["max_tokens", "max_completion_tokens"]
Format = Literal["json_schema", "json_object"]

MOST_ITEMS = 100
"""Of one list in a schema that becomes a grammar: without a bound a small model runs on to the token limit."""
_REASONING = re.compile(r"(?:^|/)(?:o[1-9]\d?(?!\d)|gpt-(?:[5-9]|\d\d)(?!.*chat)|codex)")
"""Names of models that think before they answer, with or without the name of their provider."""
_FORMAT = re.compile(r"response_format|json_schema|json_object|structured|grammar|guided", re.IGNORECASE)
_UNKNOWN_PARAMETER = frozenset({400, 422, 500, 501})
"""Statuses with which services say that they do not take a parameter."""


def reasons(model: str) -> bool:
    """Whether a model's name says that it thinks first: such models refuse any temperature but their own."""
    return _REASONING.search(model.lower()) is not None


@dataclass(frozen=True)
class Dialect:
    """What a service takes of a request as `Question.body` writes it."""

    limit: Limit | None = "max_tokens"
    temperature: bool = True
    format: Format | None = "json_schema"
    bounded: bool = False
    """Whether lists get a bound on the wire: several services refuse one, those with a grammar need it."""
    refused: frozenset[str] = frozenset()
    """Names of the limit that the service has refused."""

    def spoken(self, body: Json) -> Json:
        """`body` as the service takes it. What is spoken already stays as it is."""
        said = dict(body)
        for name in ("max_tokens", "max_completion_tokens"):
            if name in said and name != self.limit:
                most = said.pop(name)
                said |= {self.limit: most} if self.limit is not None else {}
        if not self.temperature:
            said.pop("temperature", None)
        if "response_format" in said:
            if self.format is None:
                del said["response_format"]
            elif self.format == "json_object":
                said["response_format"] = {"type": "json_object"}
            elif self.bounded:
                said["response_format"] = _bounded_format(said["response_format"])
        return said

    def taught(self, words: str, status: int | None, sent: Json) -> Dialect | None:
        """What is to be tried after `sent` was refused with `words`; None where they name nothing that can go."""
        if status not in _UNKNOWN_PARAMETER:
            return None
        named = self.limit is not None and self.limit in sent and _names(words, self.limit)
        if named or (self.limit == "max_tokens" and _names(words, "max_completion_tokens")):
            return self._other_limit(words)
        if "temperature" in sent and _names(words, "temperature"):
            return dataclasses.replace(self, temperature=False)
        if "response_format" in sent and _FORMAT.search(words):
            return dataclasses.replace(self, format="json_object" if self.format == "json_schema" else None)
        return None

    def _other_limit(self, words: str) -> Dialect:
        refused = self.refused | ({self.limit} if self.limit is not None else set())
        limit: Limit | None = None
        if self.limit == "max_tokens" and _names(words, "max_completion_tokens"):
            limit = "max_completion_tokens"
        elif self.limit == "max_completion_tokens":
            limit = "max_tokens"
        return dataclasses.replace(self, limit=None if limit in refused else limit, refused=refused)

    @property
    def notes(self) -> tuple[str, ...]:
        """What a person should know: one sentence for each thing that is missed."""
        told = []
        if self.format is None:
            told.append("the service takes neither a schema nor JSON mode: answers are read out of plain text")
        elif self.format == "json_object":
            told.append("the service takes no schema: it is asked for JSON, and the answer is checked here")
        if self.limit is None:
            told.append("the service takes no limit of tokens: an answer may be longer than was reserved for it")
        return tuple(told)


def dialect_for(model: str, *, own: bool = False, reasoning: bool = False, local: bool = False) -> Dialect:
    """Where a service begins. `own`: OpenAI's own. `reasoning`: the user says so. `local`: on the user's network."""
    thinks = reasoning or reasons(model)
    return Dialect("max_completion_tokens" if own or thinks else "max_tokens", temperature=not thinks, bounded=local)


def _names(words: str, parameter: str) -> bool:
    return re.search(rf"(?<![a-z_]){parameter}(?![a-z_])", words) is not None


@remembered
def _bounded_format(shape: object) -> object:
    return _bounded(shape)


def _bounded(node: object) -> object:
    if isinstance(node, list):
        return [_bounded(item) for item in node]
    if not isinstance(node, dict):
        return node
    bound = {"maxItems": MOST_ITEMS} if node.get("type") == "array" and "items" in node else {}
    return {key: _bounded(value) for key, value in node.items()} | bound
