"""One request over HTTP: sent, repeated while that can help, in the words that the service takes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import tenacity

from pipeline.model.addresses import Secrets, route, with_version
from pipeline.model.dialect import Dialect
from pipeline.model.failures import NO_LIVE_CALLS, Failures, Unanswered
from pipeline.model.ledger import Json, compact
from pipeline.model.received import Failed, completion_in
from pipeline.model.wire import MOST_BYTES, TooMuch, bounded_client
from schemas.errors import ModelError

if TYPE_CHECKING:
    import openai

T = TypeVar("T")

__all__ = ["NO_LIVE_CALLS", "Patience", "Service", "Unanswered", "persist"]

_MOST_LESSONS = 6
"""Times that one request is repeated at once because the service does not take a part of it."""


@dataclass(frozen=True)
class Patience:
    """How long to wait and how often to try. Times in seconds."""

    attempts: int = 6
    """Attempts per request, the first included; refusals for asking too fast count a fifth."""
    timeout: float = 180.0
    """For one attempt's whole answer, however slowly it drips."""
    first_wait: float = 0.5
    """Before the second attempt; doubles from there, with jitter, unless the service says how long."""
    longest_wait: float = 60.0
    """The longest wait between two attempts, even if the service asks for more."""


class Service:
    """A chat-completions service at an address. Makes single attempts; knows nothing of stores and budgets."""

    def __init__(
        self,
        base_url: str | None,
        api_key: str,
        timeout: float,
        on_headers: Callable[[Mapping[str, str]], None] = lambda headers: None,
        most: int = MOST_BYTES,
        *,
        model: str | None = None,
        dialect: Dialect | None = None,
    ) -> None:
        """`base_url` None: OpenAI itself. `timeout` in seconds, for one attempt. `on_headers` sees every answer's.

        `most`: bytes of one answer that are read. `model`: the deployment, where Azure's address names none.
        `dialect`: what is known of the service before.
        """
        self._on_headers = on_headers
        self._route = route(base_url, model) if base_url is not None else None
        self._base = self._route.base if self._route is not None else None
        self._api_key = api_key
        self._timeout = timeout
        self._client: openai.AsyncOpenAI | None = None
        self._most = most
        self.secrets = Secrets(base_url, api_key)
        self._failures = Failures(base_url, self.secrets)
        self.place = self._failures.place
        """The service in words."""
        self._version_tried = False
        self.dialect = dialect or Dialect()
        """What the service takes, as far as it is known."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What a person should know of what it does not take."""
        return self.dialect.notes

    async def send(self, request_id: str, body: Json) -> bytes:
        """Sends one request and returns the completion's body. Raises Unanswered.

        Where the service names a part that it does not take, the request is repeated at once without it; what then
        gets through is remembered for the next ones.
        """
        dialect = self.dialect
        for _ in range(_MOST_LESSONS):
            spoken, base = dialect.spoken(body), self._base
            try:
                content = await self._once(spoken)
            except Unanswered as failure:
                if failure.status in {404, 405} and self._another_base(base):
                    continue
                learned = dialect.taught(failure.words, failure.status, spoken)
                if learned is None:
                    raise
                dialect = learned
            else:
                if dialect is not self.dialect:
                    self.dialect = dialect
                return content
        raise Unanswered(ModelError(f"{self.place} takes no request in any form known"), again=False)

    async def close(self) -> None:
        """Closes the connections."""
        if self._client is not None:
            await self._client.close()

    async def attempt(self, ask: Callable[[openai.AsyncOpenAI], Awaitable[T]], model: str | None = None) -> T:
        """One thing asked of the service, within the time for a whole answer. Raises Unanswered."""
        import openai  # Takes two seconds: a run that finds every answer in the store does without.

        client = self._connected()
        try:
            async with asyncio.timeout(self._timeout):  # Of the HTTP client it bounds one read, not the answer.
                answer = await ask(client)
        except TimeoutError as error:
            raise self._failures.late(self._timeout) from error
        except openai.APIStatusError as error:
            self._failures.reached = True
            self._on_headers(error.response.headers)
            raise self._failures.refused(error, model) from error
        except openai.APIConnectionError as error:
            raise self._failures.unreached(error) from error
        except (ValueError, RecursionError) as error:
            broken = ModelError(f"{self.place} answered with what is no JSON, or is nested too deeply")
            raise Unanswered(broken, again=True, billed=True) from error
        except Exception as error:
            # A connection cut in the middle of a body comes up as an error of the HTTP library itself.
            if not type(error).__module__.startswith(("httpx", "httpcore", "h11", "openai", TooMuch.__module__)):
                raise
            raise self._failures.unreached(error) from error
        self._failures.reached = True
        return answer

    async def _once(self, body: Json) -> bytes:
        import httpx2  # What the openai client is built on.

        content = compact(body).encode()

        async def ask(client: openai.AsyncOpenAI) -> tuple[Mapping[str, str], bytes]:
            # `client.chat.completions.create` would walk the schema by its types at every call (1 ms), and load all
            # that the client knows besides (0.4 s).
            response = await client.post("/chat/completions", cast_to=httpx2.Response, content=content)
            return response.headers, self.secrets.hide_in_body(response.content)

        model = str(body["model"])
        headers, content = await self.attempt(ask, model)
        self._on_headers(headers)
        return self._checked(content, headers, model)

    def _checked(self, content: bytes, headers: Mapping[str, str], model: str) -> bytes:
        try:
            return completion_in(content)
        except Failed as failed:
            raise self._failures.told(failed.said, headers, model) from failed
        except ModelError as fault:
            raise Unanswered(fault, again=True, billed=True) from fault

    def _another_base(self, base: str | None) -> bool:
        """Whether a request that found nothing at `base` should be repeated: the address may lack its `/v1`."""
        if base != self._base:
            return True  # Another request was the first to find nothing.
        versioned = with_version(base) if base is not None else None
        if versioned is None or self._version_tried or self._client is None:
            return False
        self._version_tried = True
        self._client.base_url = self._base = versioned
        return True

    def _connected(self) -> openai.AsyncOpenAI:
        if self._client is None:
            import openai

            way = self._route
            # `max_retries=0`: attempts are counted, spaced and paid for in one place, `persist`.
            self._client = openai.AsyncOpenAI(
                base_url=self._base,
                api_key=self._api_key,
                max_retries=0,
                timeout=openai.Timeout(self._timeout, connect=min(10.0, self._timeout)),
                default_query=dict(way.query) if way is not None else None,
                http_client=bounded_client(way, self._api_key, self._most),
            )
        return self._client


async def persist(attempt: Callable[[], Awaitable[T]], patience: Patience) -> T:
    """Makes attempts until one is answered. Raises the PamsError of the last one."""
    tried = 0.0

    def enough(state: tenacity.RetryCallState) -> bool:
        nonlocal tried
        failure = state.outcome.exception() if state.outcome else None
        tried += 0.2 if isinstance(failure, Unanswered) and failure.limited else 1.0
        return tried >= patience.attempts - 1e-6

    retrying = tenacity.AsyncRetrying(
        stop=enough,
        retry=tenacity.retry_if_exception(lambda error: isinstance(error, Unanswered) and error.again),
        wait=_wait(patience),
        reraise=True,
    )

    async def once() -> T:  # Tenacity awaits only what is declared `async`.
        return await attempt()

    try:
        return await retrying(once)
    except Unanswered as failure:
        if failure.again and patience.attempts > 1:
            attempts = retrying.statistics.get("attempt_number", patience.attempts)
            raise type(failure.error)(f"{failure.error} ({attempts} attempts)") from failure
        raise failure.error from failure


def _wait(patience: Patience) -> Callable[[tenacity.RetryCallState], float]:
    grow = tenacity.wait_exponential_jitter(
        initial=patience.first_wait, max=patience.longest_wait, jitter=patience.first_wait
    )

    def wait(state: tenacity.RetryCallState) -> float:
        failure = state.outcome.exception() if state.outcome else None
        if isinstance(failure, Unanswered) and failure.wait is not None:
            # Never at once, whatever the service says: it has just failed.
            return min(max(failure.wait, patience.first_wait), patience.longest_wait)
        return grow(state)

    return wait
