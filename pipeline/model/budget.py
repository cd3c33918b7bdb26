"""What calls may cost: reserved at their worst before they are sent, settled at what they did cost."""

from __future__ import annotations

import asyncio
import ipaddress
import math
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeGuard
from urllib.parse import urlsplit

from genai_prices import Usage as PricedUsage
from genai_prices import calc_price

from pipeline.model.ledger import Json, compact, remembered
from schemas.errors import BudgetReached, UsageError

MOST_TOKENS = 10_000_000
"""That one answer can have taken, in or out: no model has a larger window."""


_SIGNS = (re.compile("[가-힣]"), re.compile("[一-鿿]"), re.compile("[\x00-\x7f]"))


@dataclass(frozen=True)
class Cost:
    """What one call took. `money` in US dollars, None where no price is known."""

    input_tokens: int = 0
    cached_tokens: int = 0
    """Of the input tokens, those that the service had in its prompt cache."""
    output_tokens: int = 0
    money: float | None = 0.0

    @property
    def tokens(self) -> int:
        """Tokens in and out."""
        return self.input_tokens + self.output_tokens


@dataclass(frozen=True)
class Price:
    """Turns tokens into money: by the published price of a model, or free of charge."""

    model: str
    provider: str | None = "openai"
    """`openai`, or None to look the price up by `url`."""
    url: str | None = None
    free: bool = False

    def cost(self, input_tokens: int, output_tokens: int, cached_tokens: int = 0) -> Cost:
        """The cost of a call with these tokens; its `money` is None where no price is known."""
        if self.free:
            return Cost(input_tokens, cached_tokens, output_tokens, 0.0)
        usage = PricedUsage(
            input_tokens=input_tokens, output_tokens=output_tokens, cache_read_tokens=min(cached_tokens, input_tokens)
        )
        place: Any = {"provider_id": self.provider} if self.provider else {"provider_api_url": self.url}
        try:
            money = float(calc_price(usage, self.model, **place).total_price)
        except LookupError:
            return Cost(input_tokens, cached_tokens, output_tokens, None)
        return Cost(input_tokens, cached_tokens, output_tokens, money)

    def worst(self, body: Json, max_tokens: int, measured: Measured | None = None) -> Cost:
        """The most that a request can cost: no token is shorter than a byte, and nothing is in a prompt cache.

        `measured`: what the service has counted of such requests before.
        """
        return self.cost((measured or Measured()).bound(body), max_tokens)

    def likely(self, body: Json, answer_tokens: int) -> Cost:
        """What a request will cost, about, if its answer has about `answer_tokens` tokens."""
        prompt = sum(count_tokens(m["content"]) for m in body["messages"]) + _length(body.get("response_format")) // 4
        return self.cost(prompt, answer_tokens)

    def told(self, answer: Json) -> Cost | None:
        """What an answer did cost by its own `usage`; None where it states none, or one that cannot be.

        Up to `MOST_TOKENS` any number is believed.
        """
        usage = answer.get("usage")
        if not isinstance(usage, dict):
            return None
        taken, given = usage.get("prompt_tokens"), usage.get("completion_tokens")
        if not is_count(taken, MOST_TOKENS) or not is_count(given, MOST_TOKENS):
            return None
        details = usage.get("prompt_tokens_details")
        cached = details.get("cached_tokens") if isinstance(details, dict) else 0
        return self.cost(taken, given, cached if is_count(cached, taken) else 0)


class Measured:
    """What stands at the head of every request of a run (rules, examples, schema), as the service itself counts it.

    Messages are counted one by one, so a request has no more tokens than an earlier one with the same head, and a
    token for each byte of its own words. This is a third of the worst case without it.
    """

    def __init__(self) -> None:
        self._heads: dict[tuple[str, int], int] = {}

    def bound(self, body: Json) -> int:
        """Tokens of a request at most."""
        messages, size = body["messages"], size_of(body)
        head = self._heads.get(_head(body))
        return size if head is None else min(size, head + sum(map(_message, messages[1:])))

    def learn(self, body: Json, told: Cost) -> None:
        """Takes what the service told of a request, unless it is too little to be all of it (eight bytes a token)."""
        if len(body["messages"]) > 1 and told.input_tokens * 8 >= size_of(body):
            head = _head(body)
            self._heads[head] = min(told.input_tokens, self._heads.get(head, told.input_tokens))


def size_of(body: Json) -> int:
    """Bytes of a request's messages and schema, with some for what stands between."""
    return sum(map(_message, body["messages"])) + _length(body.get("response_format"))


def _message(message: Json) -> int:
    return len(message["content"].encode()) + 32


def _head(body: Json) -> tuple[str, int]:
    return body["messages"][0]["content"], _length(body.get("response_format"))


def price_of(model: str, base_url: str | None) -> Price:
    """The price of `model` at a service; free on this machine and on the private network around it."""
    if base_url is None:
        return Price(model)
    return Price(model, provider=None, url=base_url, free=is_private(base_url))


def is_private(url: str) -> bool:
    """True for an address on this machine or in a private network."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return "." not in host or host.endswith((".local", ".internal", ".localhost"))


class Budget:
    """The limit of a run, in US dollars and in tokens. Shared by all models of the run, within one event loop.

    What is spent and what is reserved never exceed the limit together; a call that fits only if others turn
    out cheaper than feared waits for them.
    """

    def __init__(self, money: float | None = None, tokens: int | None = None) -> None:
        """`money` in US dollars, `tokens` in and out; None means no limit."""
        self.money = money
        self.tokens = tokens
        self._spent = Cost()
        self._reserved: list[Cost] = []
        self._settled = asyncio.Condition()

    @property
    def spent(self) -> Cost:
        """What has been spent so far, unanswered calls that may have been billed included."""
        return self._spent

    def check(self, price: Price) -> None:
        """Raises UsageError if a limit in money is set and the model's price is unknown."""
        if self.money is not None and price.cost(1, 1).money is None:
            raise UsageError(
                f"No price is known for the model {price.model}{f' at {price.url}' if price.url else ''}, so a "
                "budget in money cannot be kept. Leave the budget out, or use another model."
            )

    @asynccontextmanager
    async def reserve(self, worst: Cost) -> AsyncIterator[Reservation]:
        """Holds `worst` while a call is out. What was not settled when it ends is released.

        Raises BudgetReached if the call cannot fit whatever the calls in flight turn out to cost.
        """
        async with self._settled:
            while not self._fits([*self._reserved, worst]):
                if await self._extend(worst):
                    continue
                if not self._reserved or not self._fits([worst]):
                    raise self._reached()
                await self._settled.wait()
            self._reserved.append(worst)
        reservation = Reservation()
        try:
            yield reservation
        finally:
            # No await before the books are right: a cancelled call must not leave its reservation behind.
            self._reserved.remove(worst)
            self._spent = _sum([self._spent, reservation.cost])
            await asyncio.shield(self._wake())

    async def _extend(self, worst: Cost) -> bool:
        """Whether the limit was raised for a call that does not fit: never, where it is the run's own."""
        return False

    async def _wake(self) -> None:
        async with self._settled:
            self._settled.notify_all()

    def _fits(self, more: list[Cost]) -> bool:
        total = _sum([self._spent, *more])
        money = total.money if total.money is not None else math.inf
        return (self.money is None or money <= self.money) and (self.tokens is None or total.tokens <= self.tokens)

    def _reached(self) -> BudgetReached:
        limits = [f"{self.money:g} dollars"] if self.money is not None else []
        limits += [f"{self.tokens} tokens"] if self.tokens is not None else []
        money = "" if self._spent.money is None else f"{self._spent.money:.4f} dollars and "
        return BudgetReached(
            f"The budget of {' and '.join(limits)} leaves no room for another call "
            f"({money}{self._spent.tokens} tokens spent). All answers paid for are kept: "
            "repeat the same command with a larger --budget to go on from here."
        )


class Reservation:
    """One call's place in the budget. `cost` is what it did cost: nothing until it is settled."""

    def __init__(self) -> None:
        self.cost = Cost()

    def settle(self, cost: Cost) -> None:
        """Says what the call did cost."""
        self.cost = cost


def add(one: Cost, other: Cost) -> Cost:
    """The sum of two costs; unknown money makes the sum's money unknown."""
    money = None if one.money is None or other.money is None else one.money + other.money
    return Cost(
        one.input_tokens + other.input_tokens,
        one.cached_tokens + other.cached_tokens,
        one.output_tokens + other.output_tokens,
        money,
    )


def count_tokens(text: str) -> int:
    """Tokens of a text, about: measured with o200k on the recorded requests and answers, and on briefs (±10 %)."""
    hangul, han, plain = (len(signs.findall(text)) for signs in _SIGNS)
    return round(0.9 * hangul + 0.67 * han + 0.25 * plain + 1.4 * (len(text) - hangul - han - plain))


@remembered
def _length(shape: object) -> int:
    return len(compact(shape))


def _sum(costs: list[Cost]) -> Cost:
    total = Cost()
    for cost in costs:
        total = add(total, cost)
    return total


def is_count(value: object, most: int) -> TypeGuard[int]:
    """Whether what a service states can be a count of tokens, of which there are no more than `most`."""
    return type(value) is int and 0 <= value <= most
