"""The one way to a model: ledger → store → transport retry → limits → budget → HTTP.

Two questions can be asked: `complete` (JSON in the shape of a pydantic model) and `score` (how likely each of a
few one-token labels is). Both go the same way, so that both are cached, replayed, budgeted and retried alike.
"""

from __future__ import annotations

import asyncio
import functools
import json
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from types import TracebackType
from typing import Protocol, Self, TypeVar, cast
from weakref import WeakValueDictionary

from pydantic import BaseModel

from pipeline.model.budget import Budget, Cost, Measured, Price, add, size_of
from pipeline.model.dialect import Dialect
from pipeline.model.ledger import Json, Message, Question, question_to_complete, question_to_score
from pipeline.model.limits import Limits
from pipeline.model.parse import (
    NO_SCORES,
    Completed,
    Scored,
    completion_fault,
    has_scores,
    json_in,
    read_completion,
    read_scores,
)
from pipeline.model.send import Patience, Unanswered, persist
from pipeline.model.store import Store
from schemas.errors import ModelError, PamsError
from schemas.records import Usage

T = TypeVar("T", bound=BaseModel)

UNKNOWN = "unknown"
"""The origin of answers that were kept before origins were noted."""
_BYTES_A_TOKEN = 3
"""For limits in tokens a minute, where the worst case (a token a byte) would leave most of the minute unused."""


@dataclass
class Served:
    """Answers that the store gave: by who gave them to it (`UNKNOWN` where that was not noted), and their cost."""

    answers: Counter[str] = field(default_factory=Counter)
    cost: Cost = field(default_factory=Cost)
    """When they were given, whoever paid; of those that tell."""
    untold: int = 0
    """Answers that do not tell their tokens."""

    def add(self, origin: str, cost: Cost | None) -> None:
        """One answer more."""
        self.answers[origin] += 1
        self.untold += cost is None
        self.cost = add(self.cost, cost or Cost())


class Transport(Protocol):
    """What carries a request: a service, an embedded server, or a file."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What a person should know of it: one sentence each."""
        ...

    async def send(self, request_id: str, body: Json) -> bytes:
        """One attempt. Returns the completion's body; raises Unanswered, or a PamsError that ends the matter."""
        ...

    async def close(self) -> None:
        """Frees what was opened."""
        ...


class Model:
    """A model to ask. Use it as an async context manager, within one event loop."""

    def __init__(
        self,
        name: str,
        transport: Transport,
        store: Store,
        price: Price,
        *,
        origin: str | None = None,
        sha256: str | None = None,
        budget: Budget | None = None,
        limits: Limits | None = None,
        patience: Patience | None = None,
        dialect: Dialect | None = None,
        asks_anew: bool = False,
    ) -> None:
        """See `make_model`. `asks_anew`: what gave no value is asked once more, and not served from the store.

        `origin`: how the answers that it gives are named in the store.

        `dialect`: in which requests are written down that no service will speak anew.

        Raises UsageError if `budget` cannot be kept because the price is unknown.
        """
        self.name = name
        self.sha256 = sha256
        self._transport = transport
        self._store = store
        self._price = price
        self._budget = budget if budget is not None else Budget()
        self._budget.check(price)
        self._patience = patience or Patience()
        self._dialect = dialect or Dialect()
        self._asks_anew = asks_anew
        self.asked_anew: set[str] = set()
        """Requests whose stored answer gave no value, and which were asked once more."""
        self._replaced: set[str] = set()
        self._limits = limits or Limits(8)
        self._same: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._writer = _Writer(store, origin)
        self.origin = origin
        self._served = Served()
        self._measured = Measured()
        self._calls = self._hits = self._doubted = self._beyond = 0
        self._seconds = 0.0
        self._cost = Cost()
        self._halted: PamsError | None = None

    @property
    def usage(self) -> Usage:
        """Running totals: `calls` are attempts sent, `seconds` their durations added up."""
        cost = self._cost
        return Usage(
            calls=self._calls,
            cache_hits=self._hits,
            input_tokens=cost.input_tokens,
            cached_tokens=cost.cached_tokens,
            output_tokens=cost.output_tokens,
            money=cost.money,
            seconds=round(self._seconds, 3),
        )

    @property
    def notes(self) -> tuple[str, ...]:
        """What a person should know of the service: one sentence each, the same while its numbers are the same."""
        doubted = "the service states token counts that cannot be; such answers are counted at their worst"
        beyond = "the service takes more tokens than requests allow; all are counted, and a budget stops the run later"
        slow = self._limits.slowed
        wait = f"the service allows only {slow:g} requests a minute, which holds this run up" if slow else ""
        own = (doubted * bool(self._doubted), beyond * bool(self._beyond), wait)
        return tuple(note for note in (*own, *self._transport.notes) if note)

    async def complete(self, messages: list[Message], response_model: type[T], max_tokens: int = 4096) -> Completed[T]:
        """Asks for JSON in the shape of `response_model`; an unusable answer comes back with its `problem`.

        Raises ModelError (no answer), BudgetReached, KeyRefused, NoModel.
        """
        question = question_to_complete(messages, response_model, max_tokens)
        request_id, answer, cached = await self._answer(question)
        completed = read_completion(request_id, answer, response_model, cached=cached)
        if completed.value is None and cached and self._asks_anew and request_id not in self.asked_anew:
            self.asked_anew.add(request_id)
            self._hits -= 1  # It serves nobody.
            body = self._dialect.spoken(question.body(self.name))
            if (fresh := await self.pay(request_id, body, anew=True)) is not None:
                return read_completion(request_id, json.loads(fresh), response_model, cached=False)
        return completed

    async def score(self, messages: list[Message], labels: Sequence[str]) -> Scored:
        """Asks which of `labels` (single capital letters) comes first in the answer.

        Raises ValueError for other labels, ModelError if the service gives no log-probabilities, and what
        `complete` raises.
        """
        question = question_to_score(messages, tuple(labels))
        request_id, answer, cached = await self._answer(question)
        return read_scores(request_id, answer, question.labels, cached=cached)

    def take_served(self) -> Served:
        """What the store has given since the last time this was called."""
        taken, self._served = self._served, Served()
        return taken

    def request_id(self, question: Question) -> str:
        """The ledger's name of `question` put to this model."""
        return question.request_id(self.sha256 or self.name)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._transport.close()
        await self._writer.close()

    async def _answer(self, question: Question) -> tuple[str, Json, bool]:
        request_id = self.request_id(question)
        scored = question.purpose == "score"
        if (found := self._kept(request_id, scored=scored)) is None:
            # The same question asked twice at once is paid for once.
            paid = await self.pay(request_id, self._dialect.spoken(question.body(self.name)))
            if paid is not None:
                return request_id, json.loads(paid), False
            found = self._kept(request_id, scored=scored)
        answer, origin = cast(tuple[Json, str], found)
        self._hits += 1
        self._served.add(origin, self._price.told(answer))
        return request_id, answer, True

    def _kept(self, request_id: str, *, scored: bool) -> tuple[Json, str] | None:
        """The stored answer and who gave it; None where none can be used: such a row is asked anew, and replaced."""
        row = self._store.find(request_id)
        body = json_in(row.body) if row is not None else None
        if row is None or completion_fault(body) or (scored and not has_scores(cast(Json, body))):
            return None
        return cast(Json, body), row.origin or UNKNOWN

    async def pay(self, request_id: str, body: Json, *, anew: bool = False) -> bytes | None:
        """Has the request `body` answered and the answer kept; None if one came to be kept meanwhile.

        `anew`: the answer that is kept gave no value, and is replaced, once in a run. Raises what `complete` raises.
        """
        lock = self._same.setdefault(request_id, asyncio.Lock())
        async with lock:
            replace = anew and request_id not in self._replaced
            if not replace and self._kept(request_id, scored=bool(body.get("logprobs"))) is not None:
                return None
            worst = self.worst(body)
            answer = await persist(lambda: self._attempt(request_id, body, worst), self._patience)
            if body.get("logprobs") and not has_scores(cast(Json, json_in(answer))):
                raise ModelError(NO_SCORES)  # Not kept: another service, or another day, may give them.
            # Whatever it says: a completed answer is paid for, and a changed validator can read it again for free.
            await self._writer.put(request_id, answer, replacing=anew)
            self._replaced |= {request_id} if anew else set()
            return answer

    def worst(self, body: Json) -> Cost:
        """The most that one attempt at `body` can cost."""
        return self._price.worst(body, _limit(body), self._measured)

    def likely(self, body: Json, answer_tokens: int) -> Cost:
        """What `body` will cost, about, if its answer has about `answer_tokens` tokens."""
        return self._price.likely(body, answer_tokens)

    def halt(self, why: PamsError) -> None:
        """No attempt begins after this; whatever would begin one raises `why`. What is in flight goes on."""
        self._halted = why

    async def _attempt(self, request_id: str, body: Json, worst: Cost) -> bytes:
        """One attempt, with a place in flight, reserved before and settled after: failed ones may be billed too."""
        async with self._limits.place((size_of(body) + _limit(body)) // _BYTES_A_TOKEN) as sent_at:
            try:
                answer = await self._send(request_id, body, worst)
            except Unanswered as failure:
                if failure.limited:
                    self._limits.slow_down(sent_at, failure.wait)
                raise
            self._limits.went_well()
            return answer

    async def _send(self, request_id: str, body: Json, worst: Cost) -> bytes:
        if self._halted is not None:
            raise self._halted
        async with self._budget.reserve(worst) as reservation:
            if self._halted is not None:  # It may have waited long for its place in the budget.
                raise self._halted
            started = time.monotonic()
            cost: Cost | None = worst  # Unless it turns out better: a cancelled call may have been billed in full.
            try:
                answer = await self._transport.send(request_id, body)
                said = json.loads(answer)
                if (told := self._price.told(said)) is not None:
                    self._measured.learn(body, told)
                cost = told or worst  # More than the worst is believed: a service that minds no limit bills it.
                self._doubted += told is None and bool(said.get("usage"))
                self._beyond += cost.input_tokens > worst.input_tokens or cost.output_tokens > worst.output_tokens
                return answer
            except Unanswered as failure:
                cost = worst if failure.billed else Cost()
                raise
            except PamsError:
                cost = None  # Nothing was sent: the server did not start, or the request went to a file.
                raise
            finally:
                if cost is not None:
                    self._calls += 1
                    self._seconds += time.monotonic() - started
                    reservation.settle(cost)
                    self._cost = add(self._cost, cost)


def _limit(body: Json) -> int:
    """Tokens that the answer to a request may have."""
    return int(body.get("max_tokens") or body.get("max_completion_tokens") or 0)


class _Writer:
    """Keeps answers off the event loop: one thread, and one flush to disk for all that arrive during the last."""

    def __init__(self, store: Store, origin: str | None) -> None:
        self._store, self._origin = store, origin
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="pams-store")
        self._waiting: list[tuple[str, bytes, asyncio.Future[None]]] = []
        self._replacing: set[str] = set()
        self._task: asyncio.Task[None] | None = None

    async def put(self, request_id: str, body: bytes, *, replacing: bool = False) -> None:
        """Returns when the answer is on disk, even if the caller is cancelled meanwhile."""
        self._replacing |= {request_id} if replacing else set()
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((request_id, body, done))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._flush())
        await done

    async def close(self) -> None:
        """Waits for what is being written and ends the thread."""
        if self._task is not None:
            await self._task
        self._thread.submit(self._store.close).result()
        self._thread.shutdown()

    async def _flush(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            batch, self._waiting = self._waiting, []
            failed: BaseException | None = None
            try:
                answers = [(request_id, body) for request_id, body, _ in batch]
                keep = functools.partial(self._store.put_many, answers, self._origin, replacing=self._replacing)
                await loop.run_in_executor(self._thread, keep)
            except Exception as error:  # noqa: BLE001 - handed to every caller that waits for this flush
                failed = error
            for _, _, done in batch:
                if done.cancelled():
                    continue
                if failed is None:
                    done.set_result(None)
                else:
                    done.set_exception(failed)
