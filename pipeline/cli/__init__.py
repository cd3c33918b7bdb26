"""The command `pams`.

    extracting.py  extract, schema          models.py    models list|fetch|verify, cache stats|verify|prune
    exchange.py    requests, answers        showing.py   show
    recording.py   record                   (eval and gold come from the package `eval`)

Exit codes: 0 all documents done; 1 some failed; 2 wrong use; 3 cannot start; 4 stopped by the budget;
5 a gate failed; 130 interrupted. A user's mistake never shows a traceback.
"""

from __future__ import annotations

import json
import sys

import typer
from typer.exceptions import TyperException

from schemas.errors import PamsError

INTERRUPTED = 130
WRONG_USE = 2


def _app() -> typer.Typer:
    from eval import commands as evaluation
    from pipeline.cli import exchange, extracting, models, recording, showing

    app = typer.Typer(
        name="pams",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        help="Reads policy briefs into policies, measures and targets; every fact is a verified span of the source.",
    )
    app.command("extract")(extracting.extract)
    app.command("show")(showing.show)
    app.command("schema")(extracting.schema)
    app.command("requests")(exchange.requests)
    app.command("answers")(exchange.answers)
    app.command("record")(recording.record)
    app.command("eval")(evaluation.evaluate)
    app.add_typer(models.models_app, name="models")
    app.add_typer(models.cache_app, name="cache")
    app.add_typer(evaluation.gold_app, name="gold")
    return app


def main(arguments: list[str] | None = None) -> None:
    """Entry point: runs a command and turns errors into one message and an exit code."""
    words = sys.argv[1:] if arguments is None else arguments
    try:
        result = _app()(words, standalone_mode=False)
        code = result if isinstance(result, int) else 0
        if code == INTERRUPTED:  # typer makes an exit code of Control-C
            raise KeyboardInterrupt
    except typer.Exit as leave:
        code = leave.exit_code
    except PamsError as problem:
        code = problem.exit_code
        _say(str(problem), problem.kind, words)
    except (KeyboardInterrupt, typer.Abort):
        code = INTERRUPTED
        _say("stopped; what was done is kept, run the same command again to go on", "interrupted", words)
    except TyperException as problem:  # a command, option or value that there is not
        code = WRONG_USE
        _say(f"{problem.format_message()}; try `pams --help`", "usage_error", words)
    except BrokenPipeError:
        code = 0
    sys.exit(code)


def _say(message: str, kind: str, words: list[str]) -> None:
    if "--json" in words:
        sys.stdout.write(json.dumps({"error": {"kind": kind, "message": message}}, ensure_ascii=False) + "\n")
    else:
        sys.stderr.write(f"pams: {message}\n")
