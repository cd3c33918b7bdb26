"""The documentation as `make docs` builds it, in a real browser: it fits desks and phones, and asks nobody for anything."""

from __future__ import annotations

import functools
import http.server
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from chromium import browser, window
from playwright.sync_api import Browser

SITE = Path(__file__).resolve().parents[2] / "build" / "site"
PAGES = {
    "index.html": "en",
    "README.ko.html": "ko",
    "docs/guide-analysts.html": "en",
    "docs/guide-analysts.ko.html": "ko",
    "docs/cli.html": "en",
    "docs/records.html": "en",
    "docs/evaluation.html": "en",
}
WIDTHS = {"desk": (1280, 900), "phone": (390, 844)}


@pytest.fixture(scope="module")
def running() -> Iterator[Browser]:
    with browser() as found:
        yield found


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Where the built site is served, on this machine."""
    assert (SITE / "index.html").exists(), "type `make docs`"
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(SITE)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("size", WIDTHS)
@pytest.mark.parametrize("page", PAGES)
def test_a_page_fits_its_window_and_asks_for_nothing(running: Browser, address: str, page: str, size: str) -> None:
    width, height = WIDTHS[size]
    with window(running, viewport={"width": width, "height": height}) as context:
        asked: list[str] = []
        context.on("request", lambda request: asked.append(request.url))
        tab = context.new_page()
        tab.goto(f"{address}/{page}", wait_until="networkidle")
        assert tab.locator("h1").count() == 1
        assert tab.locator("html").get_attribute("lang") == PAGES[page]
        assert tab.evaluate("document.documentElement.scrollWidth") <= width, "the page is wider than the window"
        assert [url for url in asked if not url.startswith((address, "data:", "blob:"))] == []
        if folder := os.environ.get("PAMS_PICTURES"):
            tab.screenshot(path=str(Path(folder) / f"{page.replace('/', '-')}-{size}.png"), full_page=False)
            tab.evaluate("window.scrollTo(0, document.body.scrollHeight / 2)")
            tab.screenshot(path=str(Path(folder) / f"{page.replace('/', '-')}-{size}-mid.png"), full_page=False)
