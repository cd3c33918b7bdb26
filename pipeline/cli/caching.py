"""`pams cache`: the stores of answers, on this machine and shared ones."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from pipeline.harmless import in_json, on_terminal
from pipeline.model import Moved, export_answers, import_answers, move_answers, open_answers

cache_app = typer.Typer(help="The store of answers.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="Print as JSON.")]
Place = Annotated[
    str | None, typer.Option("--folder", help="Folder of the store, or a shared store's address (default: yours).")
]


@cache_app.command("stats")
def stats(place: Place = None, as_json: Json = False) -> None:
    """How many answers are stored, and how much room they take."""
    found = open_answers(place).stats()
    if as_json:
        _print({"path": str(found.path), "answers": found.answers, "bytes": found.size})
    else:
        sys.stdout.write(f"{found.answers:,} answers, {found.size:,} bytes in {found.path}\n")


@cache_app.command("verify")
def verify_store(place: Place = None, as_json: Json = False) -> int:
    """Check every answer: plain JSON under a request id, never a pickle; in a shared store, as it was written."""
    bad = open_answers(place).verify()
    if as_json:
        _print([{"row": b.row, "reason": b.reason} for b in bad])
    else:
        for b in bad:
            sys.stdout.write(f"row {b.row}: {b.reason}\n")
        sys.stdout.write("all rows are sound\n" if not bad else "remove them with `pams cache prune --bad`\n")
    return 1 if bad else 0


@cache_app.command("prune")
def prune(
    older_than_days: Annotated[float | None, typer.Option(help="Remove answers stored longer ago than this.")] = None,
    bad: Annotated[bool, typer.Option("--bad", help="Remove rows that `verify` refuses.")] = False,
    place: Place = None,
    as_json: Json = False,
) -> None:
    """Remove stored answers; nothing else ever does."""
    seconds = None if older_than_days is None else older_than_days * 86_400
    removed = open_answers(place).prune(older_than=seconds, bad=bad)
    if as_json:
        _print({"removed": removed})
    else:
        sys.stdout.write(f"{removed:,} rows removed\n")


@cache_app.command("export")
def export(
    file: Annotated[Path, typer.Argument(help="File of JSON lines to write.")],
    place: Place = None,
    as_json: Json = False,
) -> None:
    """Write all answers to a file that `pams cache import` takes."""
    count = export_answers(open_answers(place), file)
    if as_json:
        _print({"answers": count, "path": str(file)})
    else:
        sys.stdout.write(f"{count:,} answers in {on_terminal(str(file))}\n")


@cache_app.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(help="What `pams cache export` wrote.")],
    place: Place = None,
    as_json: Json = False,
) -> int:
    """Take the answers of a file into a store; what is there already stays, broken lines are refused."""
    return _told(import_answers(file, open_answers(place)), as_json=as_json)


@cache_app.command("merge")
def merge(
    stores: Annotated[list[str], typer.Argument(help="Stores to take answers from: folders or addresses.")],
    place: Place = None,
    as_json: Json = False,
) -> int:
    """Take the answers of other stores into one; what is there already stays."""
    into, moved = open_answers(place), Moved()
    for store in stores:
        moved += move_answers(open_answers(store, made=True).each(), into)
    return _told(moved, as_json=as_json)


def _told(moved: Moved, *, as_json: bool) -> int:
    """What became of the answers; 1 if some were refused."""
    if as_json:
        _print({"taken": moved.taken, "there": moved.there, "other": moved.other, "refused": list(moved.refused)})
        return 1 if moved.refused else 0
    for why in moved.refused:
        sys.stderr.write(on_terminal(f"refused: {why}") + "\n")
    other = f", {moved.other:,} of them another answer (the one that was there stays)" if moved.other else ""
    sys.stdout.write(f"{moved.taken:,} answers taken, {moved.there + moved.other:,} were there before{other}\n")
    return 1 if moved.refused else 0


def _print(value: object) -> None:
    sys.stdout.write(in_json(json.dumps(value, ensure_ascii=False)) + "\n")
