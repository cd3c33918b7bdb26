"""`pams serve`: the library of all policies."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.extracting import asked
from pipeline.cli.reviewing import until_control_c, user_name
from pipeline.settings import ENDPOINTS
from pipeline.write import POLICIES

_OUT = Path("out")


def serve(
    results: Annotated[
        list[Path] | None, typer.Argument(help="Folders of finished runs (default: `out`, if there).")
    ] = None,
    who: Annotated[str | None, typer.Option(help="Your name in the corrections (default: the user name).")] = None,
    language: Annotated[str | None, typer.Option(help="ko or en (default: the browser's).")] = None,
    sources: Annotated[
        list[Path] | None, typer.Option(help="The documents' folder or file: shows pages of PDF files.")
    ] = None,
    drop: Annotated[Path, typer.Option(help="Folder for documents dropped on the page, and for their results.")] = Path(
        "pams-library"
    ),
    endpoint: Annotated[str, typer.Option(help=f"Who answers for them: {', '.join(ENDPOINTS)}.")] = "draft",
    model: Annotated[str | None, typer.Option(help="Model of the endpoint (embedded: a name or .gguf file).")] = None,
    base_url: Annotated[str | None, typer.Option(help="Address of an OpenAI-compatible service.")] = None,
    budget: Annotated[float | None, typer.Option(help="Most dollars to spend for what is dropped at once.")] = None,
    weights: Annotated[Path | None, typer.Option(help="Learned draft: weights, or `learned` for ours.")] = None,
    port: Annotated[int, typer.Option(help="Port on this machine; 0: any free one.")] = 0,
    browser: Annotated[bool, typer.Option(help="Open the page in the browser.")] = True,
) -> None:
    """All policies of results folders in one table: search, filter, chart, export; each leads to its source."""
    from pipeline.library import serve as serve_library

    settings = asked(locals())
    folders = results or ([_OUT] if (_OUT / POLICIES).exists() else [])
    served = functools.partial(serve_library, folders, who=who or user_name(), port=port, language=language)
    with until_control_c(browser=browser) as ready:
        served(sources=sources or (), drop=drop, settings=settings, ready=ready)
