"""The library on loopback: a random port, a random token, until Control-C."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Callable, Sequence
from pathlib import Path

from pipeline.library.app import make_app
from pipeline.library.index import Index
from pipeline.library.intake import Intake
from pipeline.review.serve import on_loopback
from pipeline.settings import Settings


def serve(
    folders: Sequence[Path],
    *,
    who: str,
    port: int = 0,
    language: str | None = None,
    sources: Sequence[Path] = (),
    drop: Path | None = None,
    settings: Settings | None = None,
    ready: Callable[[str], None] = lambda url: None,
) -> None:
    """Serves the policies of several results folders on 127.0.0.1 until Control-C; `ready` is told the address.

    `who`, `sources`: as in the review. `drop`: the folder for documents that are dropped on the page, which are
    extracted by `settings`; None: none are taken. Raises `UsageError`, `InputError` where a folder holds no results,
    `CannotStart` where the port is taken, or nobody could answer by these settings.
    """
    with contextlib.closing(Index(folders)) as index:
        token = secrets.token_urlsafe(24)
        intake = Intake(drop, settings or Settings(), index.add) if drop is not None else None
        on_loopback(make_app(index, token, who, language, sources, intake), token, port, ready)
