"""Addresses and keys of services: checked before the first call, and never repeated in anything that is kept."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, unquote, urlsplit, urlunsplit

from schemas.errors import UsageError

HIDDEN = "***"
_SHORTEST_SECRET = 8
"""Characters. Shorter words (`none`, `k`) stand in ordinary text too, and hiding them there would change it."""


@dataclass(frozen=True)
class Route:
    """An address as a client needs it: what stands before its query, and the query by itself."""

    base: str
    query: dict[str, str]
    azure: bool
    """Whether the service wants its key in the header `api-key`, and a deployment in the path."""


def route(url: str, model: str | None = None) -> Route:
    """The way to a service at `url` (checked before). `model`: the deployment, where Azure's path names none."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    host = parts.hostname or ""
    azure = "api-version" in query or host.endswith((".openai.azure.com", ".cognitiveservices.azure.com"))
    path = parts.path.rstrip("/")
    if azure and model is not None and path in {"", "/openai"} and "api-version" in query:
        path = f"/openai/deployments/{quote(model, safe='')}"
    return Route(urlunsplit((parts.scheme, parts.netloc, path, "", "")), query, azure)


def with_version(base: str) -> str | None:
    """`base` with the `/v1` that most services want; None where its path names a version or a place already."""
    return f"{base.rstrip('/')}/v1" if urlsplit(base).path in {"", "/"} else None


def is_loopback(url: str) -> bool:
    """True for an address on this machine itself."""
    host = (urlsplit(url).hostname or "").rstrip(".")
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def check_address(url: str) -> str:
    """`url` without blanks around it and without the path of the endpoint itself.

    Raises `UsageError`, in words that do not repeat its credentials.
    """
    url = re.sub(r"/chat/completions/?(?=$|\?)", "", url.strip())
    try:
        parts = urlsplit(url)
        sound = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:  # An open bracket, a port that is no number.
        sound = False
    if not sound or re.search(r"[\x00-\x20\x7f]", url):
        raise UsageError(
            f"--base-url (or OPENAI_BASE_URL) {without_secrets(url)!r} is no address of a service. "
            "It looks like http://127.0.0.1:8000/v1 or https://api.example.com/v1."
        )
    return url


def check_key(key: str) -> str:
    """`key` without blanks and line ends around it. Raises `UsageError` for signs that no request can carry."""
    key = key.strip()
    if wrong := next((sign for sign in key if not "!" <= sign <= "~"), None):
        raise UsageError(
            f"The key holds the sign U+{ord(wrong):04X}, which no key has (a curly quote, a blank, a letter of another "
            "script?). Copy it anew from the service and set OPENAI_API_KEY again."
        )
    return key


def without_secrets(url: str) -> str:
    """An address as it may be shown and kept: no user, no password, no values of its query."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return re.sub(r"(?<=//)[^/@]*@|(?<=[?#]).*", HIDDEN, url)
    place = f"{HIDDEN}@{parts.netloc.rpartition('@')[2]}" if "@" in parts.netloc else parts.netloc
    query = re.sub(r"=[^&]*", f"={HIDDEN}", parts.query) if "=" in parts.query else HIDDEN * bool(parts.query)
    return urlunsplit((parts.scheme, place, parts.path, query, HIDDEN * bool(parts.fragment)))


class Secrets:
    """What must not be repeated: the key, and what an address carries of user, password and query."""

    def __init__(self, url: str | None, key: str) -> None:
        """`url` has passed `check_address`."""
        parts = urlsplit(url or "")
        # A version is a date, which answers may hold too.
        values = [value for name, value in parse_qsl(parts.query) if name != "api-version"]
        told = [key, parts.username or "", parts.password or "", *values]
        words = {word for one in told for word in (one, unquote(one)) if len(word) >= _SHORTEST_SECRET}
        self._words = sorted(words, key=len, reverse=True)
        self._url, self._shown = url or "", without_secrets(url or "")

    def hide(self, text: str) -> str:
        """`text` without them."""
        if self._url:
            text = text.replace(self._url, self._shown)
        for word in self._words:
            text = text.replace(word, HIDDEN)
        return text

    def hide_in_body(self, body: bytes) -> bytes:
        """An answer's body without them: what a service repeats there would be kept in the store."""
        for word in self._words:
            body = body.replace(word.encode(), HIDDEN.encode())
        return body
