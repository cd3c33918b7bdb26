"""One shard on one node: a run of its own into a folder of its own, whose `run.json` is written last and marks its end.

A node keeps its desks from one shard to the next. A shard whose node was lost is done again elsewhere: what was
answered is in the store, what was finished in the shard's spool.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.cluster.allowance import LeasedBudget
from pipeline.gather import read_manifest
from pipeline.jobs import Job
from pipeline.model import Store, is_address
from pipeline.read import fingerprint
from pipeline.run import run_jobs
from pipeline.session import Bounds, program_hash, way_of
from pipeline.settings import Settings
from pipeline.workers import Crew
from pipeline.write import check_writable
from schemas.errors import CannotStart, InternalError, Interrupted, PamsError
from schemas.records import RunManifest, Usage

SIGN = "sign"
"""A file in the folder of shards: a node that does not find it there as it was written sees another folder."""
LOCK_WAIT = 100.0
"""Seconds in which the lock of a lost node's process goes: on a network file system the server must notice."""


def is_done(folder: Path, settings: Settings) -> bool:
    """Whether an earlier command has done a shard, to the end; with `retry_failed` if no document failed."""
    with contextlib.suppress(PamsError):
        manifest = read_manifest(folder)
        return manifest.state == "finished" and not (settings.retry_failed and manifest.failed)
    return False


@dataclass(frozen=True)
class Outcome:
    """What became of a shard on a node."""

    node: str
    """As a person knows it."""
    id: str = ""
    """Ray's name of it; empty where that is not known."""
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
        manifest=settings.manifest.absolute() if settings.manifest is not None else None,
        cache=cache if cache is None or is_address(cache) else Path(cache).absolute(),
    )


def _place(given: str | None) -> str | None:
    """A path from the root, where a name is one."""
    return str(Path(given).absolute()) if given and Path(given).exists() else given


def from_root(job: Job) -> Job:
    """A job for nodes that work in another folder."""
    kept = dataclasses.replace(job.kept, folder=job.kept.folder.absolute()) if job.kept is not None else None
    return dataclasses.replace(job, source=dataclasses.replace(job.source, path=job.source.path.absolute()), kept=kept)


Way = tuple[str, str | None]
"""What decides a document's records on a node: the program, and the rest (`way_of`)."""


def way_here(settings: Settings) -> Way:
    """The way on this node. Raises what `way_of` raises."""
    return program_hash(), way_of(settings)


def _check_way(way: Way, settings: Settings) -> None:
    """Raises `CannotStart` where this node would not do as the driver's does: results would depend on who did them."""
    if program_hash() != way[0]:
        raise CannotStart("has another version of pams; install the same one there")
    if way_of(settings) != way[1]:
        raise CannotStart(
            "has other prompts, weights or libraries that read files than the driver's node; install the same there"
        )


def introduce(way: Way, place: Path, sign: str, settings: Settings) -> tuple[str, str | None]:
    """A node's name, and why it cannot take part; None if it can.

    `way`: on the driver's node. `place`: the folder of shards; `sign`: what its sign says.
    """
    name = socket.gethostname()
    try:
        _check_way(way, settings)
        with contextlib.suppress(OSError):
            if (place / SIGN).read_text("utf-8") == sign:
                check_writable(place)
                if settings.asks:
                    Store(settings.cache).close()
                return name, None
    except PamsError as problem:
        return name, str(problem)
    except OSError as problem:
        return name, f"a file that all nodes need cannot be read there ({problem})"
    return name, f"{place}: is not the folder that the others see; put --out where all nodes reach it under one name"


@dataclass(frozen=True)
class Terms:
    """What holds for every shard of a run."""

    way: Way
    """On the driver's node."""
    money: bool
    """Whether it is limited, by the purse; so with the others."""
    tokens: bool
    rates: bool
    purse: Any
    """A `Purse`, as an actor of Ray's."""
    ask_every: float
    """Seconds between two questions whether to stop."""


def do_shard(jobs: Sequence[Job], folder: Path, settings: Settings, terms: Terms) -> Outcome:
    """Does a shard, with results in `folder`."""
    import ray

    node = ray.get_runtime_context().get_node_id()
    called = f"{socket.gethostname()} ({node[:8]})"
    bounds, budget = _bounds(terms, ray)
    problem: PamsError | None = None
    manifest: RunManifest | None = None
    try:
        _check_way(terms.way, settings)
        _check_there(jobs)
        manifest = run_jobs(jobs, (), folder, settings, _crew(settings), bounds, LOCK_WAIT)
    except PamsError as known:
        problem = known
    except KeyboardInterrupt:
        problem = Interrupted("stopped by hand")
    except Exception as fault:  # noqa: BLE001 - told with the node's name, and the rest goes on
        problem = InternalError(f"a fault of pams, {type(fault).__name__}: {fault}; please report it")
    finally:
        if terms.money or terms.tokens:
            ray.get(terms.purse.give_back.remote(*budget.left))
    if manifest is None:
        with contextlib.suppress(PamsError):
            manifest = read_manifest(folder)
    usage, errors = (manifest.usage, manifest.errors) if manifest is not None else (Usage(), {})
    return Outcome(called, node, usage, errors, problem)


def _bounds(terms: Terms, ray: Any) -> tuple[Bounds, LeasedBudget]:
    """The limits of a shard, asked of the purse."""
    purse = terms.purse

    async def asked(call: Any, *given: Any) -> Any:
        try:
            return await call.remote(*given)
        except ray.exceptions.RayError as lost:
            raise CannotStart(f"the driver's node does not answer ({type(lost).__name__})") from lost

    async def stop() -> None:
        while not await asked(purse.is_stopped):  # noqa: ASYNC110 - it is set in another process
            await asyncio.sleep(terms.ask_every)

    async def permit(tokens: int) -> None:
        await asked(purse.permit, tokens)

    budget = LeasedBudget(lambda *given: asked(purse.lease, *given), money=terms.money, tokens=terms.tokens)
    return Bounds(budget, permit if terms.rates else None, stop), budget


def _check_there(jobs: Sequence[Job]) -> None:
    """Raises `CannotStart` if not one of a shard's files can be read here: a folder is gone, or not mounted."""
    first: PamsError | None = None
    for job in jobs:
        try:
            fingerprint(job.source)
            return
        except PamsError as problem:
            first = first or problem
    raise CannotStart(f"none of its {len(jobs)} documents can be read there; the first is {first}")


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
