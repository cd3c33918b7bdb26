"""The page on loopback: a random port, a random token, until Control-C."""

from __future__ import annotations

import secrets
import socket
from collections.abc import Callable, Sequence
from pathlib import Path

from starlette.applications import Starlette

from pipeline.review.app import make_app
from pipeline.write import check_writable
from schemas.errors import CannotStart


def serve(
    folder: Path,
    *,
    who: str,
    port: int = 0,
    language: str | None = None,
    sources: Sequence[Path] = (),
    ready: Callable[[str], None] = lambda url: None,
) -> None:
    """Serves the review of `folder` on 127.0.0.1 until Control-C; `ready` is told its address. `port` 0: any free one.

    `sources`: where the files are that the results were made of.

    Raises `InputError` where the folder holds no results, `CannotStart` where the port is taken.
    """
    check_writable(folder)  # before anyone has decided about anything
    token = secrets.token_urlsafe(24)
    on_loopback(make_app(folder, token, who, language, sources), token, port, ready)


def on_loopback(app: Starlette, token: str, port: int, ready: Callable[[str], None]) -> None:
    """Serves an app whose addresses begin with `token` on 127.0.0.1 until Control-C. Raises `CannotStart`."""
    import uvicorn  # loaded here: no other command needs it

    with socket.socket() as listener:
        try:
            listener.bind(("127.0.0.1", port))
        except (OSError, OverflowError) as problem:
            raise CannotStart(f"port {port} cannot be used ({problem}); leave --port out") from problem
        listener.listen()
        ready(f"http://127.0.0.1:{listener.getsockname()[1]}/{token}/")
        # The log would repeat the address with its token.
        # A client that holds its request open is waited for a second, and is no error.
        config = uvicorn.Config(app, log_level="critical", access_log=False, timeout_graceful_shutdown=1)
        uvicorn.Server(config).run(sockets=[listener])
