"""`pams serve`: the library of all policies."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.reviewing import until_control_c, user_name


def serve(
    results: Annotated[list[Path] | None, typer.Argument(help="Folders of finished runs.", show_default="out")] = None,
    who: Annotated[str | None, typer.Option(help="Your name in the corrections (default: the user name).")] = None,
    language: Annotated[str | None, typer.Option(help="ko or en (default: the browser's).")] = None,
    sources: Annotated[
        list[Path] | None, typer.Option(help="The documents' folder or file: shows pages of PDF files.")
    ] = None,
    port: Annotated[int, typer.Option(help="Port on this machine; 0: any free one.")] = 0,
    browser: Annotated[bool, typer.Option(help="Open the page in the browser.")] = True,
) -> None:
    """All policies of results folders in one table: search, filter, chart, export; each leads to its source."""
    from pipeline.library import serve as serve_library

    folders = results or [Path("out")]
    with until_control_c(browser=browser) as ready:
        serve_library(folders, who=who or user_name(), port=port, language=language, sources=sources or (), ready=ready)
