"""What a run would send and cost, before it is run."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.desk import Asking, Finished
from pipeline.jobs import Job, Shard, plan
from pipeline.model import Cost, Model
from pipeline.model.budget import add
from pipeline.read import find_sources, listed, read_portals
from pipeline.session import open_session, resolve_endpoint
from pipeline.settings import Settings
from pipeline.workers import Crew, crew_for
from pipeline.write import read_documents

ASKED_AGAIN = 1.05
"""Requests for one that is sent first: 2 of the 45 recorded articles were asked about again."""


@dataclass(frozen=True)
class ForDocument:
    """What one document would send and cost, about: requests asked again included, a provider's prompt cache not."""

    document: str
    requests: int
    """Sent first."""
    input_tokens: int
    output_tokens: int
    money: float | None
    """US dollars; None where no price is known."""


@dataclass(frozen=True)
class Estimate:
    """What a run would send: documents that need no call, requests to pay, their cost about and at the worst."""

    documents: int
    cached: int
    """Documents that need no call."""
    to_pay: int
    """Requests that would be sent first; re-asks and repeated attempts come on top."""
    tokens: int
    """Of those requests, in and out, at most."""
    money: float | None
    """US dollars at most; None where no price is known."""
    likely_tokens: int
    likely_money: float | None
    """What will be paid, about."""
    by_document: tuple[ForDocument, ...] = ()
    """Those that would be asked about, the dearest first."""


def estimate(
    paths: Sequence[Path],
    settings: Settings,
    *,
    inputs: Path | None = None,
    shard: Shard | None = None,
    out: Path | None = None,
) -> Estimate:
    """What `run` into `out` would send and cost by the store as it is; sends nothing and writes no results."""
    settings = resolve_endpoint(settings)
    portals = read_portals(settings.manifest) if settings.manifest is not None else None
    earlier = read_documents(out) if out is not None else {}
    sources = find_sources(paths, listed(inputs) if inputs is not None else ())
    jobs, _ = plan(sources, earlier, retry_failed=True, shard=shard, out=out, portals=portals, ocr=settings.ocr)
    for job in jobs:
        job.ahead = True
    crew = crew_for(jobs, settings)

    async def look() -> Estimate:
        cached, each, most = 0, [], Cost()
        async with open_session(settings) as session, _each(crew, jobs) as outcomes:
            async for job, done in outcomes:
                if isinstance(done, Finished) or session.model is None:
                    cached += 1
                    continue
                each.append(_for_document(job.name, done, session.model))
                for body in done.requests.values():
                    most = add(most, session.model.worst(body))
        each.sort(key=lambda one: (-(one.money or 0.0), -one.input_tokens - one.output_tokens, one.document))
        known = [one.money for one in each if one.money is not None]
        return Estimate(
            documents=len(jobs),
            cached=cached,
            to_pay=sum(one.requests for one in each),
            tokens=most.tokens,
            money=most.money,
            likely_tokens=sum(one.input_tokens + one.output_tokens for one in each),
            likely_money=sum(known) if len(known) == len(each) else None,
            by_document=tuple(each),
        )

    with contextlib.closing(crew):
        return asyncio.run(look())


def _for_document(name: str, asking: Asking, model: Model) -> ForDocument:
    likely = Cost()
    for request_id, body in asking.requests.items():
        likely = add(likely, model.likely(body, asking.likely.get(request_id, 0)))
    tokens_in, tokens_out = (round(ASKED_AGAIN * n) for n in (likely.input_tokens, likely.output_tokens))
    money = round(ASKED_AGAIN * likely.money, 6) if likely.money is not None else None
    return ForDocument(name, len(asking.requests), tokens_in, tokens_out, money)


@contextlib.asynccontextmanager
async def _each(crew: Crew, jobs: Sequence[Job]) -> AsyncIterator[AsyncIterator[tuple[Job, Finished | Asking]]]:
    """What becomes of every document without any call; nothing stays open."""

    async def outcomes() -> AsyncIterator[tuple[Job, Finished | Asking]]:
        for start in range(0, len(jobs), 2 * crew.size):
            part = jobs[start : start + 2 * crew.size]
            for job, done in zip(part, await asyncio.gather(*(crew.do(job) for job in part)), strict=True):
                crew.forget(job)
                yield job, done

    yield outcomes()
