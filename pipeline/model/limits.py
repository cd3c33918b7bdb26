"""How fast a service is asked: places in flight, requests and tokens a minute, and pauses that it asks for.

It starts from what the user or the service's own `x-ratelimit-*` headers say, halves the places in flight when the
service says that it is too much (429), and adds them again one by one while it answers.
"""

from __future__ import annotations

import asyncio
import math
import re
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiolimiter import AsyncLimiter

_MINUTE = 60.0
_LENGTH = re.compile(r"(\d{1,12}(?:\.\d{1,12})?)(ms|s|m|h|d)")
_LONGEST_HEADER = 64
"""Signs of a header that are read: a service may send any number."""
_SLOW = 10.0
"""Requests a minute; a service that says fewer makes a run long, which a person should know."""
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}


Permit = Callable[[int], Awaitable[None]]
"""Waits until a request of about so many tokens may be sent."""


@dataclass(frozen=True)
class Rates:
    """The most a minute that a service is asked; None: what the service itself says, if it says anything."""

    requests: float | None = None
    tokens: float | None = None
    permit: Permit | None = None
    """Asked before every request as well, where the rates are shared with other processes."""


class Limits:
    """The gate before every attempt. Within one event loop."""

    def __init__(self, places: int, rates: Rates | None = None, longest_pause: float = 120.0) -> None:
        """`places`: most requests in flight. `longest_pause`: seconds, even if the service asks for more."""
        self._most = places
        self._places = float(places)
        self._out = 0
        self._turn: deque[asyncio.Future[None]] = deque()
        self._fixed = rates or Rates()
        self._requests = _limiter(self._fixed.requests)
        self._tokens = _limiter(self._fixed.tokens)
        self._longest_pause = longest_pause
        self._open_at = 0.0
        self._cut_at = 0.0
        self.pauses = 0
        """How often the service has asked to slow down."""

    @property
    def places(self) -> int:
        """Requests that may be in flight now."""
        return max(1, int(self._places))

    @property
    def slowed(self) -> float | None:
        """Requests a minute as the service says, where they are few; None where they are not, or the user said so."""
        few = self._requests is not None and self._fixed.requests is None and self._requests.max_rate < _SLOW
        return self._requests.max_rate if self._requests is not None and few else None

    @asynccontextmanager
    async def place(self, tokens: int) -> AsyncIterator[float]:
        """A place in flight for a request of about `tokens` tokens; gives the time at which it was taken."""
        await self._take()
        try:
            await self._wait_for_rates(tokens)
            while (left := self._open_at - time.monotonic()) > 0:  # noqa: ASYNC110 - it may move while we wait
                await asyncio.sleep(left)
            yield time.monotonic()
        finally:
            self._out -= 1
            self._next()

    def learn(self, headers: Mapping[str, str]) -> None:
        """Takes the service's own limits from an answer's headers; what the user set stands."""
        if self._fixed.requests is None:
            self._requests = _learned(self._requests, headers.get("x-ratelimit-limit-requests"))
        if self._fixed.tokens is None:
            self._tokens = _learned(self._tokens, headers.get("x-ratelimit-limit-tokens"))
        for what in ("requests", "tokens"):
            reset = _seconds(headers.get(f"x-ratelimit-reset-{what}", ""))
            if headers.get(f"x-ratelimit-remaining-{what}") == "0" and reset:
                self._pause(reset)

    def slow_down(self, sent_at: float, wait: float | None) -> None:
        """The service said 429 to a request sent at `sent_at`: everyone waits as long as it asks, and fewer at once."""
        self.pauses += 1
        if wait:
            self._pause(wait)
        if sent_at >= self._cut_at:  # Requests that were out together are one complaint, not many.
            self._places = max(1.0, self._places / 2)
            self._cut_at = time.monotonic()

    def went_well(self) -> None:
        """The service answered: a little more at once, up to what the user allows."""
        if self._places < self._most:
            self._places = min(float(self._most), self._places + 1 / self._places)
            self._next()

    def _pause(self, seconds: float) -> None:
        self._open_at = max(self._open_at, time.monotonic() + min(seconds, self._longest_pause))

    async def _wait_for_rates(self, tokens: int) -> None:
        if self._fixed.permit is not None:
            await self._fixed.permit(tokens)
        if self._requests is not None:
            await self._requests.acquire()
        if self._tokens is not None:  # One request larger than a minute's tokens waits for a whole minute's.
            await self._tokens.acquire(min(float(tokens), self._tokens.max_rate))

    async def _take(self) -> None:
        if self._out >= self.places or self._turn:
            mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._turn.append(mine)
            try:
                await mine  # Whoever wakes us has counted us in.
            except asyncio.CancelledError:
                if mine.done() and not mine.cancelled():
                    self._out -= 1
                    self._next()
                raise
        else:
            self._out += 1

    def _next(self) -> None:
        while self._turn and self._out < self.places:
            waiting = self._turn.popleft()
            if not waiting.done():
                self._out += 1
                waiting.set_result(None)


def _limiter(a_minute: float | None) -> AsyncLimiter | None:
    if not a_minute:
        return None
    # Less than one a minute is one in a longer time: nothing could ever be taken out of half a place.
    return AsyncLimiter(a_minute, _MINUTE) if a_minute >= 1 else AsyncLimiter(1, _MINUTE / a_minute)


def _learned(now: AsyncLimiter | None, said: str | None) -> AsyncLimiter | None:
    """The limiter for what a header says; the one in use where it says the same, nothing, or what no limit is."""
    try:
        a_minute = float((said or "")[:_LONGEST_HEADER])
    except ValueError:
        return now
    if not 1 <= a_minute < math.inf or (now is not None and now.max_rate == a_minute):
        return now
    return _limiter(a_minute)


def _seconds(said: str) -> float:
    """A length of time as services write it: `1s`, `6m0s`, `120ms`, or plain seconds."""
    said = said[:_LONGEST_HEADER]
    parts = _LENGTH.findall(said)
    if parts:
        return sum(float(number) * _SECONDS[unit] for number, unit in parts)
    try:
        seconds = float(said)
    except ValueError:
        return 0.0
    return seconds if 0 < seconds < math.inf else 0.0
