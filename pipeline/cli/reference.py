"""The reference of the command line, written from the commands themselves: `docs/cli.md`.

python -m pipeline.cli.reference > docs/cli.md      (`make reference`; tests/test_docs.py compares it)
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from pipeline.cli import COMMANDS, load

HEAD = """\
# The command line

Written by `make reference` from the commands themselves; a test compares it with them. What each command is for:
[guide for analysts](guide-analysts.md), [models, batch runs and scale](batch.md), [evaluation](evaluation.md).
Exit codes: [there](guide-analysts.md#exit-codes).
"""


def reference() -> str:
    """The whole page: every command in the order of `pams --help`, with its arguments, options and defaults."""
    parts = [HEAD]
    for name, (_, line) in COMMANDS.items():
        command = load(name)
        if isinstance(command, typer.Typer):
            parts.append(f"## `pams {name}`\n\n{line}\n")
            group: Any = typer.main.get_command(command)
            parts += [_page(f"{name} {sub}", "###", group.commands[sub]) for sub in group.commands]
        else:
            app = typer.Typer(add_completion=False)
            app.command(name)(command)
            parts.append(_page(name, "##", typer.main.get_command(app), line))
    return "\n".join(parts)


def _page(name: str, heading: str, command: Any, line: str | None = None) -> str:
    """One command: how it is called, what it does, its parameters as a table."""
    arguments = [p for p in command.params if p.param_type_name == "argument"]
    options = [p for p in command.params if p.param_type_name == "option" and p.name != "help"]
    call = " ".join(["pams", name, *(_placed(a) for a in arguments), *(["[OPTIONS]"] if options else [])])
    rows = [*(_row(f"`{_shown(a)}`", a) for a in arguments), *(_row(_names(o), o) for o in options)]
    table = ["| name | meaning | default |", "|---|---|---|", *rows, ""] if rows else []
    told = " ".join((line or command.help or "").split())
    return "\n".join([f"{heading} `pams {name}`", "", told, "", f"    {call}", "", *table])


def _shown(argument: Any) -> str:
    return str(argument.name).upper() + ("…" if argument.nargs == -1 else "")


def _placed(argument: Any) -> str:
    return _shown(argument) if argument.required else f"[{_shown(argument)}]"


def _names(option: Any) -> str:
    named = [*option.opts, *option.secondary_opts]
    return ", ".join(f"`{name}`" for name in named)


def _row(name: str, parameter: Any) -> str:
    told = " ".join((parameter.help or "").split()).replace("|", "\\|")
    return f"| {name} | {told} | {'; '.join(_default(parameter))} |"


def _default(parameter: Any) -> Iterator[str]:
    """What holds if nothing is given: a value, `required`, or nothing at all."""
    if parameter.required:
        yield "required"
    value = parameter.default
    if isinstance(value, str | int | float | Path) and not isinstance(value, bool) and str(value):
        yield f"`{getattr(value, 'value', value)}`"
    if isinstance(value, bool) and parameter.secondary_opts:
        yield f"`{(parameter.opts if value else parameter.secondary_opts)[0]}`"


if __name__ == "__main__":
    sys.stdout.write(reference())
