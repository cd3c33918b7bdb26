"""What a service may send, and by which way: no redirects, no compression, no more than an answer can need.

A service (or what answers in its place) chooses every byte that comes back. A redirect would carry the text of a
document to another address; a few kilobytes can unpack to gigabytes; a body need not end. A proxy named in the
environment sees what is sent: to other machines that is the user's wish, to this one it never is.
"""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

from pipeline.model.addresses import Route, is_loopback
from schemas.errors import UsageError

if TYPE_CHECKING:
    import httpx2
    import openai

MOST_BYTES = 32_000_000
"""Of one answer. The longest completions are some hundred kilobytes."""


class TooMuch(Exception):
    """An answer that is not read to its end; the text says what it is."""


def bounded_client(way: Route | None, key: str, most: int = MOST_BYTES) -> openai.DefaultAsyncHttpxClient:
    """An HTTP client that follows no redirect and raises `TooMuch` after `most` bytes of a body.

    `way` None: to OpenAI itself. Raises `UsageError` for proxies it cannot use.
    """
    import httpx2  # What the openai client is built on.
    import openai

    class Counted(httpx2.AsyncByteStream):
        """A body that ends with `TooMuch` where it grows too large."""

        def __init__(self, stream: httpx2.AsyncByteStream) -> None:
            self._stream = stream

        async def __aiter__(self) -> AsyncIterator[bytes]:
            read = 0
            async for piece in self._stream:
                read += len(piece)
                if read > most:
                    raise TooMuch(f"more than {most // 1_000_000} MB; the rest was not read")
                yield piece

        async def aclose(self) -> None:
            await self._stream.aclose()

    async def bound(response: httpx2.Response) -> None:
        packed = response.headers.get("content-encoding", "identity").strip().lower()
        if packed not in {"", "identity"}:
            raise TooMuch(f"a compressed body ({packed[:40]}), which was not asked for and is not unpacked")
        if isinstance(response.stream, httpx2.AsyncByteStream):
            response.stream = Counted(response.stream)

    with_hooks = {"headers": {"Accept-Encoding": "identity"}, "event_hooks": {"response": [bound]}}
    client: openai.DefaultAsyncHttpxClient = connected(openai.DefaultAsyncHttpxClient, way, key, **with_hooks)
    return client


def connected(kind: Any, way: Route | None, key: str, **more: Any) -> Any:
    """An HTTP client of a `kind` for one address: what is true of every connection to a service.

    Raises `UsageError` where the environment names a proxy or certificates that cannot be used.
    """
    import httpx2

    try:
        # Reading the system's certificates takes 0.1 s; a plain address needs none.
        plain = way is not None and way.base.lower().startswith("http://")
        certificates = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT) if plain else httpx2.create_ssl_context()
        direct = way is not None and is_loopback(way.base)

        def with_key(request: httpx2.Request) -> httpx2.Request:
            request.headers.pop("Authorization", None)
            request.headers["api-key"] = key
            return request

        if way is not None and way.azure:  # It takes its key in a header of its own, and not in the usual one.
            more["auth"] = with_key
        return kind(verify=certificates, trust_env=not direct, follow_redirects=False, **more)
    except ImportError as error:
        raise UsageError(
            "The environment names a SOCKS proxy (ALL_PROXY, HTTPS_PROXY or HTTP_PROXY), which needs the package "
            "socksio: `pip install socksio`, or name an http:// proxy, or unset the variable."
        ) from error
    except (OSError, ValueError) as error:
        raise UsageError(
            f"The environment names a proxy or a file of certificates that cannot be used ({error}). "
            "Correct HTTP_PROXY, HTTPS_PROXY, ALL_PROXY, SSL_CERT_FILE or SSL_CERT_DIR, or unset it."
        ) from error
