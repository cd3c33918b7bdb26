"""What a run would send and cost, before it is run."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline import workers
from pipeline.desk import Asking, Finished
from pipeline.jobs import Job, Shard, plan
from pipeline.read import find_sources, listed, read_portals
from pipeline.session import open_session, resolve_endpoint
from pipeline.settings import Settings
from pipeline.workers import Crew
from pipeline.write import read_documents


@dataclass(frozen=True)
class Estimate:
    """What a run would send: documents that need no call, requests to pay, and their cost at the worst."""

    documents: int
    cached: int
    """Documents that need no call."""
    to_pay: int
    """Requests that would be sent first; re-asks and repeated attempts come on top."""
    tokens: int
    """Of those requests, in and out, at most."""
    money: float | None
    """US dollars at most; None where no price is known."""


def estimate(
    paths: Sequence[Path],
    settings: Settings,
    *,
    inputs: Path | None = None,
    shard: Shard | None = None,
    out: Path | None = None,
) -> Estimate:
    """What `run` into `out` would send and cost by the store as it is; sends nothing and writes nothing."""
    settings = resolve_endpoint(settings)
    portals = read_portals(settings.manifest) if settings.manifest is not None else None
    earlier = read_documents(out) if out is not None else {}
    sources = find_sources(paths, listed(inputs) if inputs is not None else ())
    jobs, _ = plan(sources, earlier, retry_failed=True, shard=shard, out=out, portals=portals)
    crew = Crew(workers.count(settings.jobs, len(jobs), sum(j.size for j in jobs)), settings)

    async def look() -> Estimate:
        cached = to_pay = tokens = 0
        money: float | None = 0.0
        async with open_session(settings) as session, _each(crew, jobs) as outcomes:
            async for done in outcomes:
                if isinstance(done, Finished):
                    cached += 1
                    continue
                for body in done.requests.values():
                    worst = session.model.worst(body) if session.model is not None else None
                    to_pay += 1
                    tokens += worst.tokens if worst is not None else 0
                    money = None if money is None or worst is None or worst.money is None else money + worst.money
        return Estimate(len(jobs), cached, to_pay, tokens, money)

    with contextlib.closing(crew):
        return asyncio.run(look())


@contextlib.asynccontextmanager
async def _each(crew: Crew, jobs: Sequence[Job]) -> AsyncIterator[AsyncIterator[Finished | Asking]]:
    """What becomes of every document without any call; nothing stays open."""

    async def outcomes() -> AsyncIterator[Finished | Asking]:
        for start in range(0, len(jobs), 2 * crew.size):
            part = jobs[start : start + 2 * crew.size]
            for job, done in zip(part, await asyncio.gather(*(crew.do(job) for job in part)), strict=True):
                crew.forget(job)
                yield done

    yield outcomes()
