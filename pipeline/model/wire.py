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


def bounded_client(certificates: ssl.SSLContext | None) -> openai.DefaultAsyncHttpxClient:
    """An HTTP client that follows no redirect and raises `TooMuch`. `certificates` None: those of the system."""
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
                if read > MOST_BYTES:
                    raise TooMuch(f"more than {MOST_BYTES // 1_000_000} MB; the rest was not read")
                yield piece

        async def aclose(self) -> None:
            await self._stream.aclose()

    async def bound(response: httpx2.Response) -> None:
        packed = response.headers.get("content-encoding", "identity").strip().lower()
        if packed not in {"", "identity"}:
            raise TooMuch(f"a compressed body ({packed[:40]}), which was not asked for and is not unpacked")
        if isinstance(response.stream, httpx2.AsyncByteStream):
            response.stream = Counted(response.stream)

    return openai.DefaultAsyncHttpxClient(
        verify=certificates if certificates is not None else True,
        follow_redirects=False,
        headers={"Accept-Encoding": "identity"},
        event_hooks={"response": [bound]},
    )
