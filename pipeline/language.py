"""What is said to a person, in their language: English in the code, other languages from a table of whole messages.

A message is found by its fixed words; what was put in between stays as it is, unless it is a message itself. Nothing
that programs read goes through here: JSON, records, tables and exit codes are the same in every language.
"""

from __future__ import annotations

import functools
import itertools
import locale
import os
import re
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from schemas.errors import UsageError
from schemas.vocabulary import LANGUAGES

CATALOGUE = Path(__file__).with_name("messages.ko.toml")
_LONGEST = 10_000
"""Signs of a text that is looked at as one message."""
_DEEPEST = 3
"""Messages within messages."""
_HOLE = re.compile(r"\{(\d*)\}")
_KOREAN = 0x12
"""Of Windows' numbers of languages, in their lowest ten bits."""


class _Message(NamedTuple):
    fixed: Sequence[str]
    """The English words around what is put in."""
    said: str


@functools.cache
def messages() -> dict[str, str]:
    """The Korean words of every message that has some, by the English ones."""
    with CATALOGUE.open("rb") as file:
        table: dict[str, str] = tomllib.load(file)["messages"]
    return table


@functools.cache
def _known() -> list[_Message]:
    """The more words are fixed, the surer it is this message: those come first."""
    found = [_Message(english.split("{}"), said) for english, said in messages().items()]
    return sorted(found, key=lambda m: -sum(map(len, m.fixed)))


def translated(text: str, language: str, depth: int = 0) -> str:
    """A message in `language`; as it is where that is English, or the table has it not."""
    if language == "en" or depth > _DEEPEST or len(text) > _LONGEST:
        return text
    for message in _known():
        held = _held(text, message.fixed)
        if held is not None:
            return _filled(message.said, [translated(part, language, depth + 1) for part in held])
    return text


def _held(text: str, fixed: Sequence[str]) -> list[str] | None:
    """What stands between the fixed words, if they are all there in their order, from the first sign to the last."""
    first, *rest = fixed
    if not text.startswith(first):
        return None
    if not rest:
        return [] if text == first else None
    at, held = len(first), []
    for words in rest[:-1]:
        found = text.find(words, at)
        if found < 0:
            return None
        held.append(text[at:found])
        at = found + len(words)
    end = len(text) - len(rest[-1])
    if end < at or not text.endswith(rest[-1]):
        return None
    return [*held, text[at:end]]


def _filled(said: str, held: Sequence[str]) -> str:
    order = itertools.count()
    return _HOLE.sub(lambda hole: held[int(hole[1]) if hole[1] else next(order)], said)


def spoken_here() -> str:
    """The language of the machine's user, by the locale: `ko` or `en`."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return "ko" if value.lower().startswith("ko") else "en"
    if sys.platform == "win32":
        import ctypes

        return "ko" if ctypes.windll.kernel32.GetUserDefaultUILanguage() & 0x3FF == _KOREAN else "en"
    told = locale.getlocale()[0] or ""
    return "ko" if told.lower().startswith("ko") else "en"


def check_language(language: str | None) -> None:
    """Raises `UsageError` for a language that messages and pages are not in; none is the machine's."""
    if language not in (*LANGUAGES, None):
        raise UsageError(f"--language {language}: ko or en")


def chosen(language: str | None) -> str:
    """The language asked for, else the machine's. What there is not is the machine's too: the command refuses it."""
    return language if language in LANGUAGES else spoken_here()
