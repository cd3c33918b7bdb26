"""Request ids: stable against everything that cannot change an answer, different for everything that can."""

from __future__ import annotations

from enum import Enum
from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict, Field

from pipeline.model import dialect_for, question_to_complete, question_to_score, wire_schema
from pipeline.model.ledger import request_id_of_body
from schemas.answer import Answer

ASK = [{"role": "system", "content": "정책을 찾아라"}, {"role": "user", "content": "〈계획〉 ㎡ ① ％"}]


def make(doc: str, **more: Any) -> type[BaseModel]:
    class Kind(Enum):
        PLAN = "plan"
        LAW = "law"

    class Fact(BaseModel):
        title: str = Field(description=doc, max_length=10 + len(doc))
        year: int | None = Field(default=None, **more)
        kind: Kind
        tags: list[str] = Field(default=[doc], max_length=len(doc) + 1)

    Fact.__doc__ = doc
    return Fact


def request_id(messages: Any = ASK, model: type[BaseModel] | None = None, tokens: int = 9, identity: str = "m") -> str:
    return question_to_complete(messages, model or make("x"), tokens).request_id(identity)


def test_words_for_people_defaults_and_lengths_do_not_change_the_id() -> None:
    assert request_id(model=make("one")) == request_id(model=make("two", title="Year", examples=[1999]))


def test_order_of_keys_does_not_change_the_id() -> None:
    turned = [{"content": m["content"], "role": m["role"]} for m in ASK]
    assert request_id(turned) == request_id()


def test_what_can_change_an_answer_changes_the_id() -> None:
    class Turned(BaseModel):
        year: int
        title: str

    class Straight(BaseModel):
        title: str
        year: int

    ids = [
        request_id(),
        request_id(ASK[:1]),
        request_id([*ASK, {"role": "user", "content": "다시"}]),
        request_id([{"role": "system", "content": ASK[0]["content"] + " "}, ASK[1]]),
        request_id(tokens=10),
        request_id(identity="other"),
        request_id(model=make("x", ge=1900)),
        request_id(model=Turned),
        request_id(model=Straight),  # Models write properties in the order of the schema.
        question_to_score(ASK, ("A", "B")).request_id("m"),
    ]
    assert len(set(ids)) == len(ids)


def test_the_id_is_written_down() -> None:
    """If this fails, every stored answer and cassette is orphaned: is that meant?"""
    messages = [{"role": "user", "content": "안녕"}]
    written = "6606be6c26bb6699c3e547aa190611a4056ec546daf325c2f493dfcef70d6d61"
    assert question_to_score(messages, ("A", "B")).request_id("m") == written


def test_the_wire_schema_keeps_fields_named_like_keywords() -> None:
    class Document(BaseModel):
        model_config = ConfigDict(extra="ignore")
        title: str
        description: str | None = None
        default: int = 3

    schema = wire_schema(Document)
    assert list(schema["properties"]) == ["title", "description", "default"]
    assert schema["properties"]["title"] == {"type": "string"}
    assert schema["additionalProperties"] is False and schema["required"] == ["title"]


def test_the_wire_schema_of_the_answer_is_closed_and_bare() -> None:
    def walk(node: Any, names: bool = False) -> None:
        if isinstance(node, dict):
            if not names:
                assert not {"description", "default", "maxLength", "maxItems"} & set(node)
                assert not isinstance(node.get("title"), str)
                if "properties" in node:
                    assert node["additionalProperties"] is False
            for key, value in node.items():
                walk(value, key in {"properties", "$defs"} and not names)
        elif isinstance(node, list):
            for item in node:
                walk(item)

    assert wire_schema(Answer) == wire_schema(Answer)
    walk(wire_schema(Answer))


@pytest.mark.parametrize("own", [False, True])
@pytest.mark.parametrize("model", ["gpt-4.1-mini", "gpt-5-mini"])
def test_a_body_names_its_own_id(own: bool, model: str) -> None:
    for question in (question_to_complete(ASK, Answer, 100), question_to_score(ASK, ("A", "C"))):
        body = dialect_for(model, own=own).spoken(question.body(model))
        assert request_id_of_body(body) == question.request_id(model)
        assert request_id_of_body(body, "sha") == question.request_id("sha")
        assert ("temperature" in body) is not (model == "gpt-5-mini")
