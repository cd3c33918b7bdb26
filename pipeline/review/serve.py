"""The page on loopback, or on an address that its user names: a random port, random tokens, until Control-C."""

from __future__ import annotations

import secrets
import socket
from collections.abc import Callable, Sequence
from pathlib import Path

from starlette.applications import Starlette

from pipeline.review.app import make_app
from pipeline.review.disputes import Others
from pipeline.write import check_writable
from schemas.errors import CannotStart, UsageError

LOOPBACK = "127.0.0.1"


def serve(
    folder: Path,
    *,
    who: str,
    port: int = 0,
    language: str | None = None,
    sources: Sequence[Path] = (),
    network: str | None = None,
    colleagues: Sequence[str] = (),
    others: Sequence[Path] = (),
    ready: Callable[[str], None] = lambda url: None,
    told: Callable[[str, str], None] = lambda name, url: None,
) -> None:
    """Serves the review of `folder` until Control-C; `ready` is told its address. `port` 0: any free one.

    `sources`: where the files are that the results were made of. `network`: an address of this machine on which
    `colleagues` come in too, each by a link that `told` is told; what they decide is signed with their names.
    `others`: folders in which other people reviewed the same documents, to choose where they decided differently.

    Raises `InputError` where the folder holds no results, `CannotStart` where the port is taken, `UsageError`.
    """
    _check_shared(network, colleagues, who)
    check_writable(folder)  # before anyone has decided about anything
    token = secrets.token_urlsafe(24)
    links = {secrets.token_urlsafe(24): name for name in colleagues}
    app = make_app(
        folder, token, who, language, sources, links, [network] if network is not None else [], Others(others)
    )

    def tell(root: str) -> None:
        for own, name in links.items():
            told(name, f"{root}/{own}/")
        ready(f"{root}/{token}/")

    _on_address(app, network or LOOPBACK, port, tell)


def _check_shared(network: str | None, colleagues: Sequence[str], who: str) -> None:
    """Raises `UsageError` where a network and its people do not fit."""
    if (network is None) != (not colleagues):
        raise UsageError("--network ADDRESS and --colleague NAME belong together: who comes in, and where")
    if network in ("0.0.0.0", "::", ""):  # noqa: S104 - refused
        raise UsageError(f"--network {network}: name one address of this machine, on the network that you trust")
    if len({*colleagues, who}) <= len(colleagues):
        raise UsageError("--colleague: name everyone once, and none like yourself: corrections are signed by name")


def on_loopback(app: Starlette, token: str, port: int, ready: Callable[[str], None]) -> None:
    """Serves an app whose addresses begin with `token` on 127.0.0.1 until Control-C. Raises `CannotStart`."""
    _on_address(app, LOOPBACK, port, lambda root: ready(f"{root}/{token}/"))


def _on_address(app: Starlette, address: str, port: int, ready: Callable[[str], None]) -> None:
    import uvicorn  # loaded here: no other command needs it

    with socket.socket() as listener:
        try:
            listener.bind((address, port))
        except (OSError, OverflowError) as problem:
            if address != LOOPBACK:
                raise CannotStart(
                    f"{address}: nothing can be served there ({problem}); is it an address of this machine?"
                ) from problem
            raise CannotStart(f"port {port} cannot be used ({problem}); leave --port out") from problem
        listener.listen()
        ready(f"http://{address}:{listener.getsockname()[1]}")
        # The log would repeat the address with its token.
        # A client that holds its request open is waited for a second, and is no error.
        config = uvicorn.Config(app, log_level="critical", access_log=False, timeout_graceful_shutdown=1)
        uvicorn.Server(config).run(sockets=[listener])
