"""What a message holds, in the forms in which services write it, and the one JSON object in a text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

THOUGHTS = ("reasoning_content", "reasoning", "thinking")
"""Fields into which services put what a model thinks; never an answer."""
_BEGIN = re.compile(r'\{\s{0,100}"|\A\{')
"""Of an object; other braces are prose."""
_THINKING = re.compile(r"\s*<(think(?:ing)?|reasoning)>")


def text_of(message: dict[str, Any]) -> str:
    """The answer's text: `content` as a text or a list of parts, else the arguments of a lone tool call."""
    content = message.get("content")
    if isinstance(content, list):
        content = "".join(
            str(part.get("text") or "") for part in content if part.get("type") in ("text", "output_text")
        )
    if content and content.strip():
        return without_thinking(str(content))
    calls = message.get("tool_calls")
    if isinstance(calls, list) and len(calls) == 1 and isinstance(calls[0], dict):
        function = calls[0].get("function")
        arguments = function.get("arguments") if isinstance(function, dict) else None
        if isinstance(arguments, str):
            return arguments
    return str(content or "")


def is_content(content: object) -> bool:
    """Whether `content` has a form that `text_of` reads."""
    if isinstance(content, list):
        return all(isinstance(part, dict) and isinstance(part.get("text"), str | None) for part in content)
    return content is None or isinstance(content, str)


def thought_in(message: dict[str, Any]) -> str | None:
    """The field that holds thoughts, where there is one with words in it."""
    return next((name for name in THOUGHTS if isinstance(message.get(name), str) and message[name].strip()), None)


def without_thinking(text: str) -> str:
    """`text` behind the thoughts that open it (`<think>…</think>`); some templates write only the closing mark."""
    opened = _THINKING.match(text)
    mark = f"</{opened.group(1)}>" if opened else "</think>"
    before, found, behind = text.partition(mark)
    if not found:
        return text if opened is None else ""
    # A closing mark inside the answer belongs to it: a source may hold any words.
    return behind if opened or not before.lstrip().startswith(("{", "[")) else text


def one_json(text: str) -> tuple[str, str | None]:
    """The JSON of an answer: the text itself, or the one object in it (fenced, with prose around); or what is wrong.

    Whether the text itself is sound JSON is not looked at here.
    """
    bare = text.strip().removeprefix("\ufeff").strip()
    if bare.startswith("["):
        return bare, None
    found = list(_objects(bare))
    if found and all(one == found[0] for one in found):
        return found[0], None
    if found:
        return bare, f"the answer holds {len(found)} JSON objects: answer with one"
    if bare.startswith("{"):
        return bare, None  # Cut or broken: the parser says where.
    return bare, "the answer is prose, not JSON: answer with the JSON object alone"


def _objects(text: str) -> Iterator[str]:
    """The outermost JSON objects in `text`, from left to right, up to one that is broken.

    What stands inside a broken object is no answer, so nothing behind its beginning is tried.
    """
    decoder, at = json.JSONDecoder(), 0
    while (begin := _BEGIN.search(text, at)) is not None:
        try:
            _, at = decoder.raw_decode(text, begin.start())
        except (ValueError, RecursionError):
            return
        yield text[begin.start() : at]
