"""How fast a service is asked: places that shrink and grow, rates, pauses."""

from __future__ import annotations

import asyncio
import time

import pytest

from pipeline.model import Limits, Rates


async def hold(limits: Limits, seconds: float, seen: list[int], out: list[int]) -> None:
    async with limits.place(10):
        out[0] += 1
        seen.append(out[0])
        await asyncio.sleep(seconds)
        out[0] -= 1


def most_at_once(limits: Limits, requests: int) -> int:
    seen: list[int] = []

    async def all_of_them() -> None:
        out = [0]
        await asyncio.gather(*(hold(limits, 0.002, seen, out) for _ in range(requests)))

    asyncio.run(all_of_them())
    assert len(seen) == requests
    return max(seen)


def test_no_more_than_the_places_are_out() -> None:
    assert most_at_once(Limits(3), 20) == 3
    assert most_at_once(Limits(30), 20) == 20


def test_a_refusal_halves_the_places_once_for_those_out_together_and_answers_give_them_back() -> None:
    limits = Limits(16)
    sent = time.monotonic()
    for _ in range(5):
        limits.slow_down(sent, None)
    assert (limits.places, limits.pauses) == (8, 5)
    limits.slow_down(time.monotonic() + 1, None)
    assert limits.places == 4
    for _ in range(200):
        limits.went_well()
    assert limits.places == 16
    for _ in range(20):
        limits.slow_down(time.monotonic() + 1, None)
    assert limits.places == 1


def test_everyone_waits_as_long_as_the_service_asks() -> None:
    async def waited() -> float:
        limits = Limits(4)
        limits.slow_down(time.monotonic(), 0.15)
        started = time.monotonic()
        async with limits.place(1):
            return time.monotonic() - started

    assert 0.14 <= asyncio.run(waited()) < 1


def test_the_services_own_limits_are_taken_from_its_headers() -> None:
    async def learned() -> tuple[float, float]:
        limits = Limits(4, longest_pause=0.2)
        limits.learn({"x-ratelimit-limit-requests": "600", "x-ratelimit-limit-tokens": "90000"})
        assert limits._requests is not None and limits._tokens is not None
        assert (limits._requests.max_rate, limits._tokens.max_rate) == (600, 90000)
        fixed = Limits(4, Rates(requests=5))
        fixed.learn({"x-ratelimit-limit-requests": "600"})
        assert fixed._requests is not None and fixed._requests.max_rate == 5
        limits.learn(
            {
                "x-ratelimit-limit-requests": "none",
                "x-ratelimit-remaining-requests": "0",
                "x-ratelimit-reset-requests": "6m0s",
            }
        )
        started = time.monotonic()
        async with limits.place(10**9):  # More than a minute's tokens: waits for a whole minute's, not for ever.
            return started, time.monotonic()

    started, ended = asyncio.run(learned())
    assert 0.19 <= ended - started < 2


def test_a_rate_spreads_requests_over_the_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.model.limits._MINUTE", 0.2)

    async def seconds() -> float:
        limits = Limits(50, Rates(requests=10))
        started = time.monotonic()
        await asyncio.gather(*(hold(limits, 0, [], [0]) for _ in range(20)))
        return time.monotonic() - started

    assert 0.15 <= asyncio.run(seconds()) < 2


def test_who_gives_up_waiting_leaves_no_place_behind() -> None:
    async def tried() -> None:
        limits = Limits(1)
        async with limits.place(1):
            waiting = asyncio.create_task(hold(limits, 0, [], [0]))
            await asyncio.sleep(0.01)
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)
        async with asyncio.timeout(1):
            await hold(limits, 0, [], [0])

    asyncio.run(tried())
