"""`pams review`: the page to read and correct."""

from __future__ import annotations

import contextlib
import getpass
import os
import sys
import tempfile
import webbrowser
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.output import say, tr


def review(
    folder: Annotated[Path, typer.Argument(help="A run's folder.")] = Path("out"),
    who: Annotated[str | None, typer.Option(help="Your name in the corrections (default: the user name).")] = None,
    language: Annotated[str | None, typer.Option(help="ko or en (default: the browser's).")] = None,
    sources: Annotated[
        list[Path] | None, typer.Option(help="The documents' folder or file: shows pages of PDF files.")
    ] = None,
    port: Annotated[int, typer.Option(help="Port on this machine; 0: any free one.")] = 0,
    browser: Annotated[bool, typer.Option(help="Open the page in the browser.")] = True,
    network: Annotated[
        str | None,
        typer.Option(help="Address of this machine on a trusted network, for colleagues; unencrypted."),
    ] = None,
    colleague: Annotated[
        list[str] | None, typer.Option(help="Who may come in, by a link of their own; may be repeated.")
    ] = None,
    other: Annotated[
        list[Path] | None,
        typer.Option(help="Another reviewer's folder of the same documents: choose where you differ; may be repeated."),
    ] = None,
) -> None:
    """Check and correct records beside their source, in the browser; everything is saved at once."""
    from pipeline.results import Results
    from pipeline.review import serve

    say(Results(folder).notes())
    with until_control_c(browser=browser) as ready:
        serve(
            folder,
            who=who or user_name(),
            port=port,
            language=language,
            sources=sources or (),
            network=network,
            colleagues=colleague or (),
            others=other or (),
            ready=ready,
            told=lambda name, link: say([f"link for {name}: {link}"]),
        )


@contextlib.contextmanager
def until_control_c(*, browser: bool) -> Iterator[Callable[[str], None]]:
    """Gives what tells a page's address, and opens it in the browser; Control-C is how it is meant to end."""
    with contextlib.ExitStack() as until_the_end:

        def ready(address: str) -> None:
            told = tr("open this address in a browser on this machine; Control-C ends")
            sys.stdout.write(f"{address}\n{told}\n")
            sys.stdout.flush()
            if browser:
                webbrowser.open(until_the_end.enter_context(_pointer(address)))

        with contextlib.suppress(KeyboardInterrupt):
            yield ready


@contextlib.contextmanager
def _pointer(address: str) -> Iterator[str]:
    """A page that only its owner can read and that leads to the address: a process list shows arguments to all."""
    handle, name = tempfile.mkstemp(prefix="pams-", suffix=".html")
    path = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(f'<!doctype html><meta http-equiv="refresh" content="0; url={address}">')
        yield path.as_uri()
    finally:
        path.unlink(missing_ok=True)


def user_name() -> str:
    """Who sits here, for the corrections."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a user without a name, as in containers
        return "reviewer"
