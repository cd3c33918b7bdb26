"""`pams batch submit|status|collect`: a requests file through the Batch API of a service."""

from __future__ import annotations

import dataclasses
import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from pipeline.model import Store, batches, read_requests, write_requests

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
    cache: Annotated[Path | None, typer.Option(help="Folder of stored answers.")] = None,
    as_json: Json = False,
) -> int:
    """Take the answers that are ready into the store."""
    found, result = batches.collect(requests, Store(cache), base_url)
    if still_open is not None:
        asked = read_requests(requests)
        write_requests(still_open, {i: asked[i] for i in result.missing})
    if as_json:
        refused = [{"line": r.line, "custom_id": r.custom_id, "reason": r.reason} for r in result.refused]
        facts = {"accepted": len(result.accepted), "refused": refused, "missing": list(result.missing)}
        _say(found, as_json=True, **facts)
    else:
        _say(found, as_json=False)
        for r in result.refused:
            sys.stderr.write(f"line {r.line}: refused, {r.reason}\n")
        sys.stdout.write(
            f"{len(result.accepted)} answers taken, {len(result.refused)} refused, "
            f"{len(result.missing)} still missing\n"
        )
    return 1 if result.refused else 0


def _say(found: list[batches.Batch], *, as_json: bool, **facts: object) -> None:
    if as_json:
        sys.stdout.write(json.dumps({"batches": [dataclasses.asdict(b) for b in found], **facts}) + "\n")
        return
    for b in found:
        sys.stdout.write(f"{b.id}: {b.status}, {b.completed} of {b.total} done, {b.failed} failed\n")
