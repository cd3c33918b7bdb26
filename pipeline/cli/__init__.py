"""The command `pams`.

    extracting.py  extract, schema          models.py    models list|fetch|verify|check
    exchange.py    requests, answers        showing.py   show
    reviewing.py   review                   serving.py   serve
    batching.py    batch submit|status|collect
    recording.py   record                   linking.py   link
    exporting.py   export                   comparing.py diff
    merging.py     merge                 caching.py   cache stats|verify|prune|export|import|merge
   (eval and gold come from the package `eval`)

Exit codes: 0 all documents done; 1 some failed; 2 wrong use; 3 cannot start; 4 stopped by the budget;
5 a gate failed; 130 interrupted. A user's mistake never shows a traceback.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import importlib
import importlib.metadata
import itertools
import json
import os
import stat
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.exceptions import TyperException

from pipeline.cli.output import speak, tr, write_anywhere
from pipeline.harmless import in_json, on_terminal
from pipeline.language import check_language, chosen
from schemas.errors import Interrupted, OutputUnwritable, PamsError, UsageError

COMMANDS = {
    "extract": (
        "pipeline.cli.extracting:extract",
        "Extract policies, measures and targets from documents into a folder of JSON files.",
    ),
    "show": (
        "pipeline.cli.showing:show",
        "Read the extracted policies, corrections included, in the terminal or as one HTML file to mail.",
    ),
    "review": (
        "pipeline.cli.reviewing:review",
        "Check and correct records beside their source, in the browser; everything is saved at once.",
    ),
    "serve": (
        "pipeline.cli.serving:serve",
        "All policies of results folders in one table: search, filter, chart, export; each leads to its source.",
    ),
    "link": ("pipeline.cli.linking:link", "Find the same policy in several documents or runs."),
    "export": (
        "pipeline.cli.exporting:export",
        "Write a run's records, with corrections applied, as flat tables for spreadsheets, databases and programs.",
    ),
    "diff": ("pipeline.cli.comparing:diff", "Tell what is new, gone or changed between two runs."),
    "merge": (
        "pipeline.cli.merging:merge",
        "Join the results of several runs in one folder: what one run over all their documents would have given.",
    ),
    "schema": (
        "pipeline.cli.extracting:schema",
        "Print the JSON Schema of a record (generated from the pydantic models).",
    ),
    "requests": (
        "pipeline.cli.exchange:requests",
        "Write the questions that have no stored answer yet as OpenAI Batch JSONL (re-asks included).",
    ),
    "answers": (
        "pipeline.cli.exchange:answers",
        "Take answers into the store; foreign, broken or contradictory ones are refused with the reason.",
    ),
    "batch": ("pipeline.cli.batching:batch_app", "Requests through the Batch API of a service."),
    "record": (
        "pipeline.cli.recording:record",
        "Record what the model answers on the documents, for tests that need neither model nor network.",
    ),
    "eval": (
        "eval.commands:evaluate",
        "Score a run against gold; without --run, extract first. Exit code 5 when a score fell below the baseline.",
    ),
    "learn": (
        "eval.learning.commands:learn_weights",
        "Move the weights towards your labelled or reviewed documents, in seconds; without any, learn all anew.",
    ),
    "models": ("pipeline.cli.models:models_app", "Weights of the embedded models, and what a service can."),
    "cache": ("pipeline.cli.caching:cache_app", "The store of answers."),
    "agreement": (
        "eval.commands:agreement",
        "Agreement of two people who reviewed the same documents, each in a folder of results, as Markdown tables.",
    ),
    "gold": ("eval.commands:gold_app", "Check gold files and measure how far two labellings agree."),
}
"""Where each command (or group) is, and its line in `pams --help`: only the one in use is loaded."""


def load(name: str) -> Any:
    """The function of a command, or the app of a group of commands."""
    module, _, attribute = COMMANDS[name][0].partition(":")
    return getattr(importlib.import_module(module), attribute)


def _app(chosen: str | None) -> typer.Typer:
    """The command line with the chosen command; the others are there by name and help only."""
    app = typer.Typer(
        name="pams",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        help="Reads policy briefs into policies, measures and targets; every fact is a verified span of the source.",
    )
    app.callback(invoke_without_command=True)(_about)
    for name, (_, line) in COMMANDS.items():
        command = load(name) if name == chosen else None
        if isinstance(command, typer.Typer):
            app.add_typer(command, name=name)
        else:
            app.command(name, help=None if command else line)(command or _elsewhere)
    return app


def _about(
    version: Annotated[bool, typer.Option("--version", help="Print the version.", is_eager=True)] = False,
    language: Annotated[
        str | None, typer.Option(help="Language of messages: ko or en (default: the locale's).")
    ] = None,
) -> None:
    """Options of `pams` itself."""
    if version:
        sys.stdout.write(f"pams {importlib.metadata.version('policy-measures')}\n")
        raise typer.Exit
    check_language(language)


def _elsewhere() -> None:
    """Stands for a command that is not in use."""


def main(arguments: list[str] | None = None) -> None:
    """Entry point: runs a command and turns errors into one message and an exit code."""
    words = sys.argv[1:] if arguments is None else arguments
    write_anywhere()
    speak(chosen(_language(words)))
    try:
        code = _outcome(words)
        sys.stdout.flush()
    except BrokenPipeError:  # whoever reads has seen enough
        _drop_output()
        code = 0
    except OSError as problem:  # the standard output itself
        _drop_output()
        code = OutputUnwritable.exit_code
        _say(f"the output cannot be written ({problem.strerror}); free some space", "output_unwritable", [])
    # Python's last look for garbage among all that is loaded took longer than a small run, after its last word.
    atexit.register(gc.freeze)
    sys.exit(code)


def _outcome(words: list[str]) -> int:
    """The exit code of a command, after its message if it failed."""
    try:
        _refuse_pipes(words)
        command = next((word for word in words if word in COMMANDS), None)
        result = _app(command)(words, standalone_mode=False)
        code = result if isinstance(result, int) else 0
        if code == Interrupted.exit_code:  # typer makes an exit code of Control-C
            raise KeyboardInterrupt
    except typer.Exit as leave:
        code = leave.exit_code
    except PamsError as problem:
        code = problem.exit_code
        _say(str(problem), problem.kind, words)
    except (KeyboardInterrupt, typer.Abort):
        code = Interrupted.exit_code
        _say("stopped; what was done is kept, run the same command again to go on", "interrupted", words)
    except TyperException as problem:  # a command, option or value that there is not
        code = UsageError.exit_code
        if said := problem.format_message().rstrip("."):  # without any command its help has been shown
            _say(f"{said}; try `pams --help`", "usage_error", words)
    except OSError as problem:
        if problem.filename is None:
            raise
        code = UsageError.exit_code
        _say(f"{problem.filename}: {problem.strerror}; check the path and who may use it", "usage_error", words)
    return code


def _language(words: list[str]) -> str | None:
    """The language that the command line names, before or behind the command."""
    for word, behind in itertools.pairwise([*words, ""]):
        if word.startswith("--language"):
            return word.partition("=")[2] or behind
    return None


def _refuse_pipes(words: list[str]) -> None:
    """Raises `UsageError` for a pipe or device where a file belongs: opening it might wait for ever.

    Documents that `extract` is to read are told one by one instead.
    """
    for before, word in itertools.pairwise(["", *words]):
        if words[0] == "extract" and not before.startswith("--"):
            continue
        with contextlib.suppress(OSError, ValueError):
            mode = Path(word).stat().st_mode
            if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
                raise UsageError(f"{word}: is a device or a pipe; name a file or a folder")


def _drop_output() -> None:
    """Nothing more goes to the standard output, not even what Python still holds back when it ends."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())


def _say(message: str, kind: str, words: list[str]) -> None:
    if "--json" in words:
        sys.stdout.write(in_json(json.dumps({"error": {"kind": kind, "message": message}}, ensure_ascii=False)) + "\n")
    else:
        shown = "\n".join(tr(line) for line in tr(message).split("\n"))
        sys.stderr.write("pams: " + "\n".join(on_terminal(line) for line in shown.split("\n")) + "\n")
