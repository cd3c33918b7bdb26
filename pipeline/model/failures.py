"""Failures of a service in our words: what went wrong, whether another attempt can help, whether it may be billed."""

from __future__ import annotations

import email.utils
import math
import os
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pipeline.model.addresses import Secrets
from pipeline.model.budget import is_private
from pipeline.model.ledger import Json, compact
from pipeline.model.wire import TooMuch
from schemas.errors import CassetteMiss, KeyRefused, ModelError, NoModel, PamsError

if TYPE_CHECKING:
    import openai

NO_LIVE_CALLS = "PAMS_NO_LIVE_CALLS"
"""Environment switch of the tests: a request that no cassette answers fails at once."""

_NOT_SENT = frozenset({"ConnectError", "ConnectTimeout", "PoolTimeout", "ProxyError", "UnsupportedProtocol"})
"""What the HTTP library calls a request that never left: it cannot have been billed."""


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
        status: int | None = None,
        words: str = "",
    ) -> None:
        super().__init__(str(error))
        self.error = error
        self.again = again
        self.billed = billed
        self.limited = limited
        self.wait = wait
        """Seconds that the service asks to wait; None if it does not say."""
        self.status = status
        """Of HTTP, where the service refused; None where it was not reached or answered something else."""
        self.words = words
        """All that the service said of it: may name what it does not take."""


class Failures:
    """Of one service: named by its place, without its secrets."""

    def __init__(self, base_url: str | None, secrets: Secrets) -> None:
        """`base_url` None: OpenAI itself."""
        self._secrets = secrets
        self.place = secrets.hide(base_url) if base_url else "the OpenAI service"
        self._own = base_url is not None and is_private(base_url)
        self.reached = False
        """Whether anything answered there before."""

    def late(self, timeout: float) -> Unanswered:
        """No whole answer in time."""
        why = ModelError(f"{self.place} gave no whole answer within {timeout:g} s (--timeout)")
        return Unanswered(why, again=True, billed=True)

    def refused(self, error: openai.APIStatusError, model: str | None) -> Unanswered:
        """An answer of another status than 200. `model`: the one asked; None where none was."""
        headers = error.response.headers
        if 300 <= error.status_code < 400:
            to = self._secrets.hide(headers.get("location", "nowhere")[:200])
            moved = ModelError(
                f"{self.place} sends on to {to!r} ({error.status_code}). Texts go only where --base-url says: "
                "name that address there if you mean it."
            )
            return Unanswered(moved, again=False, status=error.status_code)
        body: Any = error.body
        said = body.get("message") if isinstance(body, dict) else body
        said = said if isinstance(said, str) and said.strip() else error.message
        return self._of_status(error.status_code, said, str(error.code), f"{error.message} {body}", headers, model)

    def told(self, said: object, headers: Mapping[str, str], model: str) -> Unanswered:
        """An error in the body of an answer of status 200: what stands under `error` there."""
        body: Json = said if isinstance(said, dict) else {"message": str(said)}
        code, words = str(body.get("code") or body.get("status") or ""), compact(body)
        status = int(code) if code.isascii() and code.isdigit() and len(code) == 3 and code[0] in "45" else 500
        if code.startswith("rate_limit") or "rate limit" in words.lower():
            status = 429
        return self._of_status(status, str(body.get("message") or words), code, words, headers, model)

    def _of_status(
        self, status: int, said: str, code: str, words: str, headers: Mapping[str, str], model: str | None
    ) -> Unanswered:
        said = self._secrets.hide(said).strip().replace("\n", " ")[:300]
        if status in {401, 403}:
            why: PamsError = KeyRefused(
                f"{self.place} refuses the key ({status}: {said}). "
                "Set OPENAI_API_KEY to a valid one, or use `--endpoint embedded`, which needs none."
            )
            return Unanswered(why, again=False, status=status)
        if status == 404 and model is not None:
            why = NoModel(
                f"{self.place} does not know the model {model} or the address ({said}). "
                "Name another with --model, and check that --base-url ends as the service says, often in /v1."
            )
            return Unanswered(why, again=False, status=status)
        if code == "insufficient_quota":
            why = KeyRefused(f"{self.place} says that the key's credit is used up ({said}). Add some, or set another.")
            return Unanswered(why, again=False, status=status)
        again = status in {408, 409, 429} or status >= 500
        why = ModelError(f"{self.place} answered {status}: {said}")
        wait = _asked_wait(headers) if again else None
        return Unanswered(why, again=again, limited=status == 429, wait=wait, status=status, words=words)

    def unreached(self, error: Exception) -> Unanswered:
        """No answer, or none that could be read to its end."""
        chain = _chain(error)
        names = {type(link).__name__ for link in chain}
        missed = any(name.startswith("CannotOverwriteExisting") for name in names)  # vcrpy's word for "not recorded".
        if missed or os.environ.get(NO_LIVE_CALLS) == "1":
            miss = CassetteMiss(
                "No cassette holds this request: a prompt, a schema or a rule before it has changed since the "
                "recording. If that is meant, re-record with `make record`."
            )
            return Unanswered(miss, again=False)
        if much := next((link for link in chain if isinstance(link, TooMuch)), None):
            return Unanswered(ModelError(f"{self.place} answered with {much}"), again=False, billed=True)
        reason = self._secrets.hide(str(chain[-1]))[:300] or type(chain[-1]).__name__
        if "SSLCertVerificationError" in names:
            untrusted = NoModel(
                f"The certificate of {self.place} is not trusted ({reason}). If it is your own or your network's, set "
                "SSL_CERT_FILE to the file (PEM) of the authority that signed it; then repeat the same command."
            )
            return Unanswered(untrusted, again=False)
        if "ProxyError" in names:
            why = ModelError(f"The proxy named in the environment does not let through to {self.place} ({reason})")
            return Unanswered(why, again=True)
        if names & {"ConnectError", "ConnectTimeout"}:
            # Nothing listens there. At an address of one's own that is a mistake, unless something did before.
            missing = ModelError(
                f"Nothing answers at {self.place} ({reason}). Start the service, or correct --base-url; "
                "then repeat the same command."
            )
            return Unanswered(missing, again=self.reached or not self._own)
        return Unanswered(
            ModelError(f"{self.place} gave no answer: {reason}"), again=True, billed=not names & _NOT_SENT
        )


def _asked_wait(headers: Mapping[str, str]) -> float | None:
    """`Retry-After` in seconds: a number, milliseconds in OpenAI's own header, or a date.

    None where it says nothing, or no time to come: then the waits grow as if it were not there.
    """
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


def _chain(error: BaseException) -> list[BaseException]:
    chain: list[BaseException] = []
    link: BaseException | None = error
    while link is not None and link not in chain:
        chain.append(link)
        link = link.__cause__ or link.__context__
    return chain
