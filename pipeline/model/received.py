"""A body as a service sent it, made the completion that it is: whole, put together from pieces, or a failure told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from pipeline.model.ledger import Json, compact
from pipeline.model.parse import completion_fault, json_in
from schemas.errors import ModelError


class Failed(Exception):
    """A body of status 200 that tells an error; `said` is what stands there under `error`."""

    def __init__(self, said: object) -> None:
        super().__init__(str(said))
        self.said = said


def completion_in(content: bytes) -> bytes:
    """The completion in `content`, as it came, or put together where it came in pieces (server-sent events).

    Raises Failed, and ModelError for what is no completion: an empty or broken body, one without choices. These are
    accidents of transport and not answers: they are never stored, and asked again.
    """
    body = json_in(content)
    if body is None and content.lstrip().startswith((b"data:", b"event:", b":")):
        body = _joined(content)
        content = compact(body).encode()
    if (said := _error(body)) is not None:
        raise Failed(said)
    if fault := completion_fault(body):
        raise ModelError(f"The service answered with {fault if content.strip() else 'an empty body'}")
    return content


def _error(body: object) -> object | None:
    """What a body without an answer says of an error; some services put it into the choice."""
    if not isinstance(body, dict):
        return None
    choices = body.get("choices")
    first = choices[0] if isinstance(choices, list) and choices and isinstance(choices[0], dict) else {}
    if not choices:
        return body.get("error") or None
    return first.get("error") if isinstance(first.get("error"), dict) else None


def _joined(content: bytes) -> Json:
    """One completion out of chunks. What is not whole (no end, broken pieces) has no choices."""
    body: Json = {}
    words: list[str] = []
    thoughts: list[str] = []
    finish: object = None
    for piece in _pieces(content):
        body |= {key: value for key, value in piece.items() if key != "choices" and value is not None}
        choices = piece.get("choices")
        choice = choices[0] if isinstance(choices, list) and choices and isinstance(choices[0], dict) else {}
        delta = choice.get("delta")
        for key, told in (("content", words), ("reasoning_content", thoughts)):
            if isinstance(delta, dict) and isinstance(delta.get(key), str):
                told.append(cast(str, delta[key]))
        finish = choice.get("finish_reason") or finish
    if finish is not None:  # Otherwise it was cut, and what came may be half an answer.
        message: Json = {"role": "assistant", "content": "".join(words)}
        message |= {"reasoning_content": "".join(thoughts)} if thoughts else {}
        body |= {"object": "chat.completion"}
        body["choices"] = [{"index": 0, "finish_reason": finish, "message": message}]
    return body


def _pieces(content: bytes) -> Iterator[Json]:
    for line in content.splitlines():
        piece = json_in(line[len(b"data:") :]) if line.startswith(b"data:") else None
        if isinstance(piece, dict):
            yield piece
