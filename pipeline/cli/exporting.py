"""`pams export`: the records of a run as tables."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.output import say, tr
from pipeline.export import FORMATS, read_codes
from pipeline.export import export as write_tables
from pipeline.export.codes import NO_CODES
from pipeline.harmless import in_json, on_terminal
from pipeline.pages import Pages
from pipeline.stored import Stored


def export(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A run's folder.", show_default=False)],
    format: Annotated[str, typer.Option(help=f"One of {', '.join(FORMATS)}.", show_default=False)],
    out: Annotated[Path | None, typer.Option(help="Where to write; else DIR/export.", show_default=False)] = None,
    language: Annotated[str, typer.Option(help="Labels of xlsx, stip and hwpx in ko or en.")] = "ko",
    sources: Annotated[
        list[Path] | None, typer.Option(help="The documents' folder or file: boxes of words in PDF files.")
    ] = None,
    codes: Annotated[
        Path | None,
        typer.Option(help="Your own codes of instruments beside the groups: CSV of code, label, instrument."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the names of the files as JSON.")] = False,
) -> None:
    """Write a run's records, with corrections applied, as flat tables for spreadsheets, databases and programs."""
    own = read_codes(codes) if codes is not None else NO_CODES
    results = Stored(folder)
    say(results.notes())
    pages = Pages(sources or ())
    files = write_tables(results, out or folder / "export", format.lower(), language, pages, own)
    say(pages.missing())
    counts = {name: results.counts[name] for name in ("policies", "measures", "targets")}
    if as_json:
        sys.stdout.write(in_json(json.dumps({"files": [str(f) for f in files], **counts}, ensure_ascii=False)) + "\n")
        return
    for file in files:
        sys.stdout.write(on_terminal(str(file)) + "\n")
    told = f"{counts['policies']} policies, {counts['measures']} measures, {counts['targets']} targets"
    sys.stdout.write(tr(told) + "\n")
