"""Limits of money, tokens and rates that hold for a whole cluster: each call's worst case is leased before it is made.

What a node leased and did not spend it gives back at the end of a shard. What a lost node had leased counts as spent.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from pipeline.model import Budget, Cost, Limits, Rates

Lease = Callable[[float, int], Awaitable[bool]]
"""Asks for so many dollars and tokens; whether they were granted."""


class Purse:
    """What is left for all nodes. Lives in one process, within one event loop."""

    def __init__(self, money: float | None, tokens: int | None, rates: Rates) -> None:
        """Limits as `Settings` has them; None: no limit."""
        self._money, self._tokens = money, tokens
        self._limits = Limits(1 << 30, rates)
        self._stopped = False

    async def lease(self, money: float, tokens: int) -> bool:
        """Takes both out of the purse, or neither."""
        enough = (self._money is None or money <= self._money) and (self._tokens is None or tokens <= self._tokens)
        if enough:
            await self.give_back(-money, -tokens)
        return enough

    async def give_back(self, money: float, tokens: int) -> None:
        """Puts back what was not spent."""
        self._money = None if self._money is None else self._money + money
        self._tokens = None if self._tokens is None else self._tokens + tokens

    async def stop(self) -> None:
        """From now on every shard ends: its calls in flight are kept, and nothing is begun."""
        self._stopped = True

    async def is_stopped(self) -> bool:
        """Whether shards are to end."""
        return self._stopped

    async def permit(self, tokens: int) -> None:
        """Returns when another request of about so many tokens may be sent."""
        async with self._limits.place(tokens):
            pass


class LeasedBudget(Budget):
    """The budget of one shard: nothing at first, and raised by what is leased for each call that does not fit."""

    def __init__(self, lease: Lease, *, money: bool, tokens: bool) -> None:
        """`money`, `tokens`: which of them are limited."""
        super().__init__(0.0 if money else None, 0 if tokens else None)
        self._lease = lease

    @property
    def left(self) -> tuple[float, int]:
        """Dollars and tokens that were leased and not spent; nothing below nought."""
        money = 0.0 if self.money is None else self.money - (self.spent.money or 0.0)
        tokens = 0 if self.tokens is None else self.tokens - self.spent.tokens
        return money, tokens

    async def _extend(self, worst: Cost) -> bool:
        money = worst.money or 0.0 if self.money is not None else 0.0
        tokens = worst.tokens if self.tokens is not None else 0
        if (self.money is None and self.tokens is None) or not await self._lease(money, tokens):
            return False
        self.money = None if self.money is None else self.money + money
        self.tokens = None if self.tokens is None else self.tokens + tokens
        return True
