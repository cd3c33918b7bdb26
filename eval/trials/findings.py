"""What trials of runs share: a finding, a run that is impatient or a process of its own, and what it left behind."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.trials.loopback import HANG, SENTINEL, stats
from pipeline.run import run
from pipeline.settings import Settings
from pipeline.write import DOCUMENTS, POLICIES
from schemas.errors import PamsError

JOBS = 64


@dataclass(frozen=True)
class Finding:
    """One thing that was tried: what came out, and whether it is as promised."""

    name: str
    shown: str
    ok: bool


def settings(url: str, store: Path, **more: object) -> Settings:
    """A run against the service at `url`: impatient, so that hanging requests do not take minutes."""
    chosen = {"endpoint": "openai", "base_url": url, "model": "loopback", "jobs": JOBS, "timeout": 2.0, "cache": store}
    return Settings(**(chosen | more))  # type: ignore[arg-type]


def settled(url: str) -> dict[str, Any]:
    """What the service has seen, once it has noticed that the client is gone: it sleeps over hanging requests."""
    until = time.monotonic() + 2 * HANG
    while (seen := stats(url))["connections"] > 1 and time.monotonic() < until:
        time.sleep(0.1)
    return seen


def results_of(docs: Path, out: Path) -> Iterator[Finding]:
    """Every record's words against its source; nothing that grounding should refuse."""
    spans = wrong = 0
    ids: list[str] = []
    raw = (out / POLICIES).read_text("utf-8")
    for line in raw.splitlines():
        policy = json.loads(line)
        ids.append(policy["id"])
        text = (docs / policy["document"]).read_text("utf-8")
        for span in _spans(policy):
            spans += 1
            wrong += text[span["start"] : span["end"]] != span["text"]
    yield Finding("spans", f"{spans} checked against the source, {wrong} differ", spans > 0 and wrong == 0)
    yield Finding("refusable", f"{raw.count(SENTINEL)} altered quotes in the results", SENTINEL not in raw)
    yield Finding("policies", f"{len(ids)}, {len(ids) - len(set(ids))} twice", len(ids) == len(set(ids)) > 0)


def _spans(value: object) -> Iterator[dict[str, object]]:
    if isinstance(value, dict):
        if {"start", "end", "text"} <= set(value):
            yield value
        else:
            for part in value.values():
                yield from _spans(part)
    elif isinstance(value, list):
        for part in value:
            yield from _spans(part)


def rows_of(out: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (out / DOCUMENTS).read_text("utf-8").splitlines()]


def in_child(docs: Path, out: Path, chosen: Settings) -> None:
    code = 0
    try:
        run([docs], out, chosen)
    except PamsError as problem:
        print(problem, file=sys.stderr, flush=True)
        code = problem.exit_code
    finally:
        os._exit(code)
