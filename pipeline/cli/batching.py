"""`pams batch submit|status|collect`: a requests file through the Batch API of a service."""

from __future__ import annotations

import dataclasses
import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.exchange import report_answers
from pipeline.harmless import on_terminal
from pipeline.model import Store, batches, read_requests

batch_app = typer.Typer(no_args_is_help=True, help="Requests through the Batch API of a service.")
Requests = Annotated[Path, typer.Argument(help="Requests written by `pams requests`.")]
BaseUrl = Annotated[str | None, typer.Option(help="Address of an OpenAI-compatible service.")]
Json = Annotated[bool, typer.Option("--json", help="Print as JSON.")]


@batch_app.command("submit")
def submit(
    requests: Requests = Path("requests.jsonl"),
    base_url: BaseUrl = None,
    again: Annotated[bool, typer.Option("--again", help="Hand in once more what was handed in before.")] = False,
    as_json: Json = False,
) -> None:
    """Hand a file of requests in."""
    made = batches.submit(requests, base_url, again=again)
    _say(made, as_json=as_json)
    if not as_json:
        sys.stdout.write(f"ask with `pams batch status {requests}`, fetch with `pams batch collect {requests}`\n")


@batch_app.command("status")
def status(requests: Requests = Path("requests.jsonl"), base_url: BaseUrl = None, as_json: Json = False) -> None:
    """Say how far the batches are."""
    _say(batches.status(requests, base_url), as_json=as_json)


@batch_app.command("collect")
def collect(
    requests: Requests = Path("requests.jsonl"),
    base_url: BaseUrl = None,
    still_open: Annotated[Path | None, typer.Option("--missing", help="Write what is unanswered to this file.")] = None,
    cache: Annotated[str | None, typer.Option(help="Folder or address of stored answers.")] = None,
    as_json: Json = False,
) -> int:
    """Take the answers that are ready into the store."""
    found, result = batches.collect(requests, Store(cache), base_url)
    shown: dict[str, object] = {"batches": [dataclasses.asdict(b) for b in found]} if as_json else {}
    if not as_json:
        _say(found, as_json=False)
    return report_answers(result, read_requests(requests), still_open, as_json=as_json, **shown)


def _say(found: list[batches.Batch], *, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(json.dumps({"batches": [dataclasses.asdict(b) for b in found]}) + "\n")
        return
    for b in found:
        state = f"{b.id}: {b.status}, {b.completed} of {b.total} done, {b.failed} failed"
        sys.stdout.write(on_terminal(state) + "\n")
