"""One request over HTTP: sent, repeated while that can help, and every failure turned into an error of ours."""

from __future__ import annotations

import asyncio
import email.utils
import math
import os
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar, cast

import tenacity

from pipeline.model.addresses import Secrets
from pipeline.model.budget import is_private
from pipeline.model.ledger import Json
from pipeline.model.parse import completion_fault, json_in
from pipeline.model.wire import MOST_BYTES, TooMuch, bounded_client
from schemas.errors import CassetteMiss, KeyRefused, ModelError, NoModel, PamsError

if TYPE_CHECKING:
    import openai

T = TypeVar("T")

NO_LIVE_CALLS = "PAMS_NO_LIVE_CALLS"
"""Environment switch of the tests: a request that no cassette answers fails at once."""


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


class Unanswered(Exception):
    """A failed attempt. `again`: another may succeed. `billed`: the service may have worked and charge for it.

    `limited`: the service was asked too fast, which says nothing against the request.
    """

    def __init__(
        self,
        error: PamsError,
        *,
        again: bool,
        billed: bool = False,
        limited: bool = False,
        wait: float | None = None,
    ) -> None:
        super().__init__(str(error))
        self.error = error
        self.again = again
        self.billed = billed
        self.limited = limited
        self.wait = wait
        """Seconds that the service asks to wait; None if it does not say."""


class Service:
    """A chat-completions service at an address. Makes single attempts; knows nothing of stores and budgets."""

    def __init__(
        self,
        base_url: str | None,
        api_key: str,
        timeout: float,
        on_headers: Callable[[Mapping[str, str]], None] = lambda headers: None,
        most: int = MOST_BYTES,
    ) -> None:
        """`base_url` None: OpenAI itself. `timeout` in seconds, for one attempt. `on_headers` sees every answer's.

        `most`: bytes of one answer that are read.
        """
        self._on_headers = on_headers
        self._base_url = base_url
        self._api_key = api_key
        self._timeout = timeout
        self._most = most
        self._client: openai.AsyncOpenAI | None = None
        self.secrets = Secrets(base_url, api_key)
        self.place = self.secrets.hide(base_url) if base_url else "the OpenAI service"
        """The service in words."""
        self._own = base_url is not None and is_private(base_url)
        self._reached = False

    async def send(self, request_id: str, body: Json) -> bytes:
        """Sends one request and returns the completion's body. Raises Unanswered."""

        async def ask(client: openai.AsyncOpenAI) -> tuple[Mapping[str, str], bytes]:
            response = await client.chat.completions.with_raw_response.create(**body)
            return response.headers, self.secrets.hide_in_body(response.content)

        headers, content = await self.attempt(ask, str(body["model"]))
        self._on_headers(headers)
        check_body(content)
        return content

    async def attempt(self, ask: Callable[[openai.AsyncOpenAI], Awaitable[T]], model: str | None = None) -> T:
        """One thing asked of the service, within the time for a whole answer. Raises Unanswered."""
        import openai  # Takes two seconds: a run that finds every answer in the store does without.

        try:
            async with asyncio.timeout(self._timeout):  # Of the HTTP client it bounds one read, not the answer.
                answer = await ask(self._connected())
        except TimeoutError as error:
            late = ModelError(f"{self.place} gave no whole answer within {self._timeout:g} s (--timeout)")
            raise Unanswered(late, again=True, billed=True) from error
        except openai.APIStatusError as error:
            self._reached = True
            self._on_headers(error.response.headers)
            raise self._refused(error, model) from error
        except openai.APIConnectionError as error:
            raise self._unreached(error) from error
        except (ValueError, RecursionError) as error:
            broken = ModelError(f"{self.place} answered with what is no JSON, or is nested too deeply")
            raise Unanswered(broken, again=True, billed=True) from error
        except Exception as error:
            # A connection cut in the middle of a body comes up as an error of the HTTP library itself.
            if not type(error).__module__.startswith(("httpx", "httpcore", "h11", "openai", TooMuch.__module__)):
                raise
            raise self._unreached(error) from error
        self._reached = True
        return answer

    async def close(self) -> None:
        """Closes the connections."""
        if self._client is not None:
            await self._client.close()

    def _connected(self) -> openai.AsyncOpenAI:
        if self._client is None:
            import openai

            # `max_retries=0`: attempts are counted, spaced and paid for in one place, `persist`.
            self._client = openai.AsyncOpenAI(
                base_url=self._base_url,
                api_key=self._api_key,
                max_retries=0,
                timeout=openai.Timeout(self._timeout, connect=min(10.0, self._timeout)),
                http_client=bounded_client(self._base_url, self._most),
            )
        return self._client

    def _refused(self, error: openai.APIStatusError, model: str | None) -> Unanswered:
        status, said = error.status_code, self.secrets.hide(_said(error))
        if 300 <= status < 400:
            to = self.secrets.hide(error.response.headers.get("location", "nowhere")[:200])
            moved = ModelError(
                f"{self.place} sends on to {to!r} ({status}). Texts go only where --base-url says: "
                "name that address there if you mean it."
            )
            return Unanswered(moved, again=False)
        if status in {401, 403}:
            return Unanswered(
                KeyRefused(
                    f"{self.place} refuses the key ({status}: {said}). "
                    "Set OPENAI_API_KEY to a valid one, or use `--endpoint embedded`, which needs none."
                ),
                again=False,
            )
        if status == 404 and model is not None:
            return Unanswered(
                NoModel(
                    f"{self.place} does not know the model {model} or the address ({said}). "
                    "Name another with --model, and check that --base-url ends as the service says, often in /v1."
                ),
                again=False,
            )
        if error.code == "insufficient_quota":
            why = KeyRefused(f"{self.place} says that the key's credit is used up ({said}). Add some, or set another.")
            return Unanswered(why, again=False)
        again = status in {408, 409, 429} or status >= 500
        failed = ModelError(f"{self.place} answered {status}: {said}")
        return Unanswered(failed, again=again, limited=status == 429, wait=_asked_wait(error) if again else None)

    def _unreached(self, error: Exception) -> Unanswered:
        chain = _chain(error)
        names = [type(link).__name__ for link in chain]
        missed = any(name.startswith("CannotOverwriteExisting") for name in names)  # vcrpy's word for "not recorded".
        if missed or os.environ.get(NO_LIVE_CALLS) == "1":
            miss = CassetteMiss(
                "No cassette holds this request: a prompt, a schema or a rule before it has changed since the "
                "recording. If that is meant, re-record with `make record`."
            )
            return Unanswered(miss, again=False)
        if much := next((link for link in chain if isinstance(link, TooMuch)), None):
            return Unanswered(ModelError(f"{self.place} answered with {much}"), again=False, billed=True)
        reason = self.secrets.hide(str(chain[-1]))[:300] or names[-1]
        if "ConnectError" in names or "ConnectTimeout" in names:
            # Nothing listens there. At an address of one's own that is a mistake, unless something did before.
            missing = ModelError(
                f"Nothing answers at {self.place} ({reason}). Start the service, or correct --base-url; "
                "then repeat the same command."
            )
            return Unanswered(missing, again=self._reached or not self._own)
        return Unanswered(ModelError(f"{self.place} gave no answer: {reason}"), again=True, billed=True)


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


def check_body(content: bytes) -> Json:
    """The completion in `content`. Raises Unanswered for an empty or broken body and for one without choices.

    These are accidents of transport and not answers: they are never stored, and asked again.
    """
    body = json_in(content)
    if fault := completion_fault(body):
        what = fault if content.strip() else "an empty body"
        raise Unanswered(ModelError(f"The service answered with {what}"), again=True, billed=True)
    return cast(Json, body)


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


def _asked_wait(error: openai.APIStatusError) -> float | None:
    """`Retry-After` in seconds: a number, milliseconds in OpenAI's own header, or a date.

    None where it says nothing, or no time to come: then the waits grow as if it were not there.
    """
    headers = error.response.headers
    for name, scale in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        try:
            return _to_come(float(_short(headers, name)) * scale)
        except ValueError:
            continue
    try:
        date = email.utils.parsedate_to_datetime(_short(headers, "retry-after"))
        return _to_come(date.timestamp() - time.time())
    except (ValueError, TypeError, OverflowError):
        return None


def _short(headers: Mapping[str, str], name: str) -> str:
    """A header's value; nothing where it is longer than any time is written: the head of a number is another one."""
    value = headers.get(name, "")
    return value if len(value) <= 64 else ""


def _to_come(seconds: float) -> float | None:
    return seconds if 0 < seconds < math.inf else None


def _said(error: openai.APIStatusError) -> str:
    body: Any = error.body
    message = body.get("message") if isinstance(body, dict) else None
    return str(message or error.message).strip().replace("\n", " ")[:300]


def _chain(error: BaseException) -> list[BaseException]:
    chain: list[BaseException] = []
    link: BaseException | None = error
    while link is not None and link not in chain:
        chain.append(link)
        link = link.__cause__ or link.__context__
    return chain
