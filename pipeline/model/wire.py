"""What a service may send: no redirects, no compression, and no more than an answer can need.

A service (or what answers in its place) chooses every byte that comes back. A redirect would carry the text of a
document to another address; a few kilobytes can unpack to gigabytes; a body need not end.
"""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import httpx2
    import openai

MOST_BYTES = 32_000_000
"""Of one answer. The longest completions are some hundred kilobytes."""


class TooMuch(Exception):
    """An answer that is not read to its end; the text says what it is."""


def bounded_client(base_url: str | None, most: int = MOST_BYTES) -> openai.DefaultAsyncHttpxClient:
    """An HTTP client that follows no redirect and raises `TooMuch` after `most` bytes of a body."""
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

    # Reading the system's certificates takes 0.1 s; a plain address needs none.
    plain = base_url is not None and base_url.startswith("http://")
    return openai.DefaultAsyncHttpxClient(
        verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT) if plain else True,
        follow_redirects=False,
        headers={"Accept-Encoding": "identity"},
        event_hooks={"response": [bound]},
    )
