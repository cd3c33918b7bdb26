"""The browser of these tests: Debian's Chromium, headless, that asks nobody for anything."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

expect.set_options(timeout=30_000)  # other tests may have the machine; what comes sooner is not waited for
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium() -> str:
    """Path of the browser; the test fails, and says what to do, where there is none."""
    path = os.environ.get("PAMS_CHROMIUM") or shutil.which("chromium")
    if path is None:
        pytest.fail("no chromium: `apt-get install chromium`, or name one in PAMS_CHROMIUM")
    return path


@contextlib.contextmanager
def browser() -> Iterator[Browser]:
    """A running browser."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield running
        running.close()


@contextlib.contextmanager
def review(running: Browser, folder: Path, *more: str) -> Iterator[Page]:
    """The review of a folder by the command, opened at its first policy; it ends quietly with Control-C."""
    code = "from pipeline.cli import main; main()"
    with served(running, [sys.executable, "-c", code, "review", str(folder), "--no-browser", *more]) as opened:
        yield opened


@contextlib.contextmanager
def served(running: Browser, command: list[str]) -> Iterator[Page]:
    """The review that a command serves."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            address = process.stdout.readline().strip()
            with window(running, refusals=True, viewport={"width": 1400, "height": 900}, locale="ko-KR") as context:
                opened = context.new_page()
                opened.goto(address)
                opened.wait_for_selector("article.policy")
                yield opened
        finally:
            process.send_signal(2)
        assert process.wait(10) == 0


@contextlib.contextmanager
def window(running: Browser, *, refusals: bool = False, **settings: Any) -> Iterator[BrowserContext]:
    """A window whose pages must raise no error, write none to the console and open no dialog.

    `refusals`: the service may refuse a change, which the browser notes as a failed request.
    """
    problems: list[str] = []
    refused = lambda text: refusals and re.search(r"status of 4(?:00|09)", text)
    context = running.new_context(**settings)
    context.on("weberror", lambda error: problems.append(str(error.error)))
    context.on("console", lambda m: problems.append(m.text) if m.type == "error" and not refused(m.text) else None)
    context.on("dialog", lambda dialog: (problems.append(dialog.message), dialog.dismiss()))
    yield context
    context.close()
    assert problems == []
