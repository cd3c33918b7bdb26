"""`pams learn`: weights of the draft from labelled documents."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from eval.learning.from_results import taught_by_all
from eval.learning.learn import Learned, all_rows, learn, learn_from_own, rows_from_gold, shipped_rows
from eval.learning.rows import about_rows, rows_bytes
from eval.learning.told import Told, as_dict
from pipeline.harmless import in_json, on_terminal
from pipeline.learn.vectors import has_vectors, open_vectors
from pipeline.learn.weights import SHIPPED, read_weights
from pipeline.switch import put
from schemas.errors import UsageError


def learn_weights(
    rows: Annotated[
        list[Path] | None, typer.Option(help="File of rows; may be repeated. Default: those of pams.")
    ] = None,
    gold: Annotated[Path | None, typer.Option(help="Folder of gold files to learn from as well.")] = None,
    docs: Annotated[Path | None, typer.Option(help="Folder of their documents.")] = None,
    results: Annotated[
        list[Path] | None, typer.Option("--from", help="Results with corrections to learn from; may be repeated.")
    ] = None,
    source: Annotated[str, typer.Option(help="What the gold's documents are called in tables.")] = "own",
    without: Annotated[list[str] | None, typer.Option(help="Leave out this source of rows; may be repeated.")] = None,
    out: Annotated[Path | None, typer.Option(help="File of weights to write.")] = None,
    rows_out: Annotated[
        Path | None, typer.Option(help="Only write the rows of --gold and --from to this file.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the outcome as JSON.")] = False,
) -> None:
    """Move the weights towards your labelled or reviewed documents, in seconds; without any, learn all anew."""
    if (gold is None) != (docs is None):
        raise UsageError("--gold and --docs belong together: the gold files, and the documents they label")
    if rows_out is not None and gold is None and not results:
        raise UsageError("--rows-out writes the rows of --gold or --from: name one of them")
    if rows_out is None and out is None:
        raise UsageError("say with --out FILE where the weights are to go")
    if out is not None:
        _refuse_others(out)
    vectors = open_vectors() if has_vectors() else None
    taught = taught_by_all(results or [], vectors)
    labelled = rows_from_gold(gold, docs, source, vectors) if gold is not None and docs is not None else []
    own = [*labelled, *taught.rows]
    if rows_out is not None:
        put(rows_out, [rows_bytes(own, {})])
        told = {"file": str(rows_out), "articles": len(own)}
        typer.echo(in_json(json.dumps(told, ensure_ascii=False)) if as_json else f"{len(own)} articles in {rows_out}")
    if out is None:
        return
    if results and not as_json:
        typer.echo(taught.in_words())
        for reason in taught.left_out:
            typer.echo(on_terminal(f"left out: {reason}"))
    if own and vectors is None and not as_json:
        typer.echo("your documents teach nothing about vectors of sentences: the extra `vectors` is not installed")
    about: dict[str, Any] = {"command": _command(rows, gold, results, without)}
    if results:
        about |= {"decisions": dict(taught.decisions), "reviewed": taught.finished, "begun": taught.begun}
    if own and not rows and not without:
        learned = learn_from_own(read_weights(SHIPPED), own, about)
    else:
        files = rows or shipped_rows()
        known = all_rows(files)
        learned = learn(known, about | {"rows": [about_rows(f) for f in files]}, without or [], own)
    put(out, [learned.data])
    if as_json:
        left_out = {"left_out_of_results": taught.left_out} if results else {}
        typer.echo(in_json(json.dumps({"file": str(out), **learned.head, **left_out}, ensure_ascii=False)))
    else:
        _print(learned, out)


def _refuse_others(out: Path) -> None:
    """Raises `UsageError`, before minutes of learning, where weights cannot go or something else is in their place."""
    if out.is_symlink() or out.exists():
        try:
            if not out.is_file():
                raise UsageError("is no file")
            read_weights(out)
        except UsageError as problem:
            raise UsageError(f"{out} is there and holds no weights of this version; name another file") from problem
    elif not out.parent.is_dir():
        raise UsageError(f"{out.parent}: there is no such folder; make it, or name another file with --out")


def _command(
    rows: Sequence[Path] | None, gold: Path | None, results: Sequence[Path] | None, without: Sequence[str] | None
) -> str:
    """The command for the head: names of files without their folders, so that it does not depend on the machine."""
    words = [
        *(f"--rows {p.name}" for p in rows or []),
        *([f"--gold {gold.name}"] if gold else []),
        *(f"--from {p.name}" for p in results or []),
        *(f"--without {w}" for w in without or []),
    ]
    return " ".join(["pams learn", *words])


_RATIOS = (
    "measures", "goals", "deadlines", "indicators", "titles", "implementers", "issuers", "objectives", "instrument",
)  # fmt: skip
"""Columns of the printed table that are shares of one."""


def _print(learned: Learned, out: Path) -> None:
    console = Console()
    table = Table("documents", "articles", "policy found", "kept empty", *_RATIOS)
    moved = bool(learned.strengths)
    before = [(line, ": before, by the weights of pams") for line in learned.before]
    after = [(line, ": after" if moved else "") for line in learned.told]
    after += [(line, ": by meaning") for line in learned.meant]
    for line, when in [*before, *after] if moved else [*after, *before]:
        table.add_row(*_cells(replace(line, part=f"{line.part}{when}")))
    (console if console.is_terminal else Console(width=200)).print(table)
    if moved:
        typer.echo(_how_far(learned.strengths))
    if moved and not learned.told:
        typer.echo("of one document none can be held out: what it brings for the next ones is not known")
    if learned.known:
        count = "count beside what pams knows of them" if moved else "took the place of the old ones"
        typer.echo(f"{learned.known} of your documents are known already: your labels {count}")
    typer.echo(f"{len(learned.data):,} bytes in {out}; use them with `pams extract --weights {out}`")


_CALLED = {
    "units": "measures",
    "numbers": "goals",
    "due": "deadlines",
    "article": "whether an article reports a policy",
}
"""What people call the parts that are moved, where they have other names."""


def _how_far(strengths: Mapping[str, float]) -> str:
    names = {name: _CALLED.get(name, name) for name in strengths}
    went = [f"{names[part]} ({strength:g})" for part, strength in strengths.items() if strength]
    stayed = [names[part] for part, strength in strengths.items() if not strength]
    said = [f"moved towards your documents: {', '.join(went)}"] if went else []
    said += [f"as they were, since your documents do not clearly say otherwise: {', '.join(stayed)}"] if stayed else []
    return "; ".join(said)


def _cells(line: Told) -> list[str]:
    shown = as_dict(line)
    ratios = ["–" if shown[k] is None else f"{shown[k]:.3f}" for k in _RATIOS]
    return [line.part, str(line.articles), f"{line.found}/{line.reporting}", f"{line.empty}/{line.silent}", *ratios]
