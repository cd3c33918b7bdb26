"""One shard on one node: a run of its own into a folder of its own, whose `run.json` is written last and marks its end.

A node keeps its desks from one shard to the next. A shard whose node was lost is done again elsewhere: what was
answered is in the store, what was finished in the shard's spool.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import hashlib
import json
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.cluster.allowance import LeasedBudget
from pipeline.gather import read_manifest
from pipeline.jobs import Job
from pipeline.model import Store, is_address
from pipeline.run import run_jobs
from pipeline.session import Bounds, program_hash
from pipeline.settings import Settings
from pipeline.workers import Crew
from pipeline.write import check_writable
from schemas.errors import CannotStart, InternalError, Interrupted, PamsError
from schemas.records import RunManifest, Usage


@dataclass(frozen=True)
class Shard:
    """Documents that are done together, and the folder for their results, which all nodes reach."""

    jobs: Sequence[Job]
    folder: Path

    def is_done(self, settings: Settings) -> bool:
        """Whether an earlier command has done it, to the end; with `retry_failed` if no document failed."""
        with contextlib.suppress(PamsError):
            manifest = read_manifest(self.folder)
            return manifest.state == "finished" and not (settings.retry_failed and manifest.failed)
        return False


@dataclass(frozen=True)
class Outcome:
    """What became of a shard on a node."""

    node: str
    usage: Usage = dataclasses.field(default_factory=Usage)
    errors: dict[str, int] = dataclasses.field(default_factory=dict)
    problem: PamsError | None = None
    """Why not all of it was done."""


def absolute(settings: Settings) -> Settings:
    """The settings for nodes that work in another folder: every path from the root."""
    cache = settings.cache
    return dataclasses.replace(
        settings,
        prompts=_place(settings.prompts),
        model=_place(settings.model) if (settings.model or "").endswith(".gguf") else settings.model,
        weights=settings.weights.absolute() if settings.weights is not None else None,
        cache=cache if cache is None or is_address(cache) else Path(cache).absolute(),
    )


def _place(given: str | None) -> str | None:
    """A path from the root, where a name is one."""
    return str(Path(given).absolute()) if given and Path(given).exists() else given


def _from_root(job: Job) -> Job:
    kept = (job.kept[0].absolute(), job.kept[1]) if job.kept is not None else None
    return dataclasses.replace(job, source=dataclasses.replace(job.source, path=job.source.path.absolute()), kept=kept)


def cut(jobs: Sequence[Job], size: int, folder: Path, way: str) -> list[Shard]:
    """Shards of at most `size` documents; the name of each folder tells its documents and how they are done."""
    found = []
    for start in range(0, len(jobs), size):
        part = jobs[start : start + size]
        facts = [way, *((j.name, j.sha256, sorted(j.same_as)) for j in part)]
        key = hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:16]
        found.append(Shard([_from_root(job) for job in part], folder / f"{start // size:06}-{key}"))
    return found


def introduce(program: str, folder: Path, settings: Settings) -> tuple[str, str | None]:
    """A node's name, and why it cannot take part; None if it can."""
    name = socket.gethostname()
    if program_hash() != program:
        return name, "has another version of pams; install the same one there"
    try:
        check_writable(folder)
        if settings.endpoint != "draft":
            Store(settings.cache).close()
    except PamsError as problem:
        return name, str(problem)
    return name, None


def do_shard(shard: Shard, settings: Settings, program: str, limited: tuple[bool, bool, bool], purse: Any) -> Outcome:
    """Does a shard. `limited`: whether money, tokens and rates are limited, by `purse`, an actor."""
    import ray

    node = f"{socket.gethostname()} ({ray.get_runtime_context().get_node_id()[:8]})"

    async def asked(call: Any, *given: Any) -> Any:
        return await asyncio.to_thread(ray.get, call.remote(*given))

    budget = LeasedBudget(lambda *given: asked(purse.lease, *given), money=limited[0], tokens=limited[1])
    permit = (lambda tokens: asked(purse.permit, tokens)) if limited[2] else None
    problem: PamsError | None = None
    manifest: RunManifest | None = None
    try:
        if program_hash() != program:
            raise CannotStart("has another version of pams; install the same one there")
        manifest = run_jobs(shard.jobs, (), shard.folder, settings, _crew(settings), Bounds(budget, permit))
    except PamsError as known:
        problem = known
    except KeyboardInterrupt:
        problem = Interrupted("stopped by hand")
    except Exception as fault:  # noqa: BLE001 - told with the node's name, and the rest goes on
        problem = InternalError(f"a fault of pams, {type(fault).__name__}: {fault}; please report it")
    finally:
        if limited[0] or limited[1]:
            ray.get(purse.give_back.remote(*budget.left))
    if manifest is None:
        with contextlib.suppress(PamsError):
            manifest = read_manifest(shard.folder)
    if manifest is None:
        return Outcome(node, problem=problem)
    return Outcome(node, manifest.usage, manifest.errors, problem)


_CREWS: dict[Settings, Crew] = {}
"""The desks of this process, which Ray uses for one shard after another."""


def _crew(settings: Settings) -> Crew:
    key = dataclasses.replace(settings, jobs=1)
    if key not in _CREWS:
        for crew in _CREWS.values():
            crew.close()
        _CREWS.clear()
        _CREWS[key] = Crew(1, settings, fork=False)
    return _CREWS[key]
