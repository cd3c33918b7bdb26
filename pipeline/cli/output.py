"""Output that never falls over the console it goes to: CP949 of Korean Windows, EUC-KR, ASCII, a closed pipe."""

from __future__ import annotations

import codecs
import io
import sys
from collections.abc import Iterable
from contextvars import ContextVar
from typing import NoReturn

from rich.console import Console

from pipeline.harmless import on_terminal
from pipeline.language import translated

_SPOKEN = ContextVar("language", default="en")


def write_anywhere() -> None:
    """What a console's encoding lacks is written as JSON escapes it: readable, and JSON stays JSON."""
    codecs.register_error("pams-escape", _escaped)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="pams-escape")


def speak(language: str) -> None:
    """Says what is said from now on in `language`."""
    _SPOKEN.set(language)


def tr(message: str) -> str:
    """A message for people in the language spoken; its English words stand in `pipeline/messages.ko.toml`."""
    return translated(message, _SPOKEN.get())


def say(notes: Iterable[str]) -> None:
    """What a person should know besides the output, on the standard error."""
    for note in notes:
        sys.stderr.write(tr(f"note: {on_terminal(note)}") + "\n")


def _escaped(problem: UnicodeError) -> tuple[str, int]:
    if not isinstance(problem, UnicodeEncodeError):
        raise problem
    lacking = problem.object[problem.start : problem.end].encode("utf-16-be", "surrogatepass")
    units = [int.from_bytes(lacking[at : at + 2], "big") for at in range(0, len(lacking), 2)]
    return "".join(f"\\u{unit:04x}" for unit in units), problem.end


def _leave_pipe(self: Console) -> NoReturn:
    raise BrokenPipeError


Console.on_broken_pipe = _leave_pipe  # type: ignore[method-assign]  # rich ends with 1; the command line decides
