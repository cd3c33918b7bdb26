"""The page of a PDF behind a record, in a headless Chromium: a click shows its picture with the words marked."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from chromium import browser, window
from playwright.sync_api import expect

from pipeline.run import run
from pipeline.settings import Settings

FILE = Path(__file__).parent.parent / "files" / "003_27fe396abf41b991.pdf"


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    docs, out = tmp_path / "docs", tmp_path / "out"
    docs.mkdir()
    shutil.copy(FILE, docs / "plan.pdf")
    run([docs], out, Settings())
    code = "from pipeline.cli import main; main()"
    command = [sys.executable, "-c", code, "review", str(out), "--no-browser", "--sources", str(docs)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
        process.send_signal(2)
        assert process.wait(10) == 0


def test_a_click_shows_the_page_with_the_words_marked(address: str) -> None:
    with browser() as opened, window(opened, viewport={"width": 1200, "height": 800}) as context:
        page = context.new_page()
        page.goto(address)
        page.locator(".on-page").nth(1).click()
        picture = page.locator("#pages img").first
        expect(picture).to_be_visible()
        page.wait_for_function("document.querySelector('#pages img').naturalWidth > 500")
        mark, sheet = page.locator("#pages .marked").first.bounding_box(), picture.bounding_box()
        assert mark is not None and sheet is not None and mark["width"] > 20
        assert sheet["x"] <= mark["x"] and mark["x"] + mark["width"] <= sheet["x"] + sheet["width"] + 1
        page.locator("#pages button").click()
        expect(page.locator("#pages")).to_be_hidden()
