"""`pams merge`: several runs' results in one folder."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from pipeline.gather import gather
from pipeline.harmless import in_json, on_terminal


def merge(
    runs: Annotated[list[Path], typer.Argument(help="Folders of finished runs.", show_default=False)],
    out: Annotated[Path, typer.Option(help="Folder for all of their results.", show_default=False)],
    as_json: Annotated[bool, typer.Option("--json", help="Print the outcome as JSON.")] = False,
) -> int:
    """Join the results of several runs in one folder: what one run over all their documents would have given."""
    done = gather(runs, out)
    manifest = done.manifest
    if as_json:
        outcome = {"out": str(out), "twice": done.twice, "run": manifest.model_dump(mode="json")}
        sys.stdout.write(in_json(json.dumps(outcome, ensure_ascii=False)) + "\n")
    else:
        twice = f"; {done.twice:,} stood in more than one place and are there once" if done.twice else ""
        sys.stdout.write(
            f"{manifest.documents:,} documents ({manifest.failed:,} failed), {manifest.policies:,} policies, "
            f"{manifest.measures:,} measures, {manifest.targets:,} targets{twice}\n"
            f"results in {on_terminal(str(out))}; read them with `pams show {on_terminal(str(out))}`\n"
        )
    return 1 if manifest.failed else 0
