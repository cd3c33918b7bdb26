"""`pams link`: families of the same policy across finished runs."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.output import say
from pipeline.harmless import in_json, on_terminal
from pipeline.link import link as find_families
from pipeline.results import Results
from pipeline.switch import put


def link(
    runs: Annotated[list[Path], typer.Argument(help="Folders of finished runs.", show_default=False)],
    out: Annotated[Path | None, typer.Option(help="Write the families to this file, one a line.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Print families of one member too.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one family a line as JSON.")] = False,
) -> None:
    """Find the same policy in several documents or runs."""
    read = [(folder, Results(folder)) for folder in runs]
    say(f"{folder}: {note}" for folder, results in read for note in results.notes())
    families = find_families([(str(folder), results.policies) for folder, results in read])
    if out is not None:
        put(out, (f.model_dump_json().encode() + b"\n" for f in families))
    shown = [f for f in families if everything or len(f.members) > 1]
    for family in shown:
        if as_json:
            sys.stdout.write(in_json(family.model_dump_json()) + "\n")
            continue
        title = family.title or "(no title)"
        sys.stdout.write(on_terminal(title) + "\n")
        for member in family.members:
            sys.stdout.write(f"    {on_terminal(member.run)}  {on_terminal(member.document)}  {member.policy_id}\n")
    if not as_json:
        joined = sum(len(f.members) > 1 for f in families)
        sys.stdout.write(f"{len(families)} families, {joined} of them with more than one record\n")
