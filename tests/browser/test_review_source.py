"""The source as it is meant: headings, tables and charts instead of their signs; and filters that fold on a phone."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from chromium import browser, review
from playwright.sync_api import Browser, Page, expect
from test_corrections import TEXT

from pipeline.run import run
from pipeline.settings import Settings

SOURCE = f"""## 알림 자료

{TEXT}
###### 담당 조직

| 부서 | 담당 |
|---|---|
| 하천과 | 살피기 모임 |
{"|" * 48}
| {"| " * 20} 기획관 {"| " * 20}|
"""


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    docs = tmp_path_factory.mktemp("docs")
    (docs / "brief.md").write_text(SOURCE, encoding="utf-8")
    made = tmp_path_factory.mktemp("finished") / "out"
    run([docs], made, Settings())
    return made


@pytest.fixture(scope="module")
def running(out: Path) -> Iterator[Browser]:
    with browser() as opened:
        yield opened


@pytest.fixture
def page(running: Browser, out: Path) -> Iterator[Page]:
    with review(running, out) as opened:
        yield opened


def shot(page: Page, name: str) -> None:
    if folder := os.environ.get("PAMS_SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"source-{name}.png")


def test_headings_and_tables_are_shown_as_what_they_mean_and_no_word_is_lost(page: Page) -> None:
    expect(page.locator("#source .line.h", has_text="담당 조직")).to_have_count(1)
    visible = page.locator("#source").inner_text()
    assert "담당 조직" in visible
    sizes = page.evaluate(
        "[...document.querySelectorAll('#source .markup')].map((m) => m.getBoundingClientRect().width)"
    )
    assert len(sizes) > 5 and max(sizes) == 0  # `##`, `######` and strokes stay in the text, and nobody sees them
    row = page.locator("#source .line.row", has_text="하천과")
    expect(row.locator(".cell")).to_have_count(2)
    text = page.evaluate("[...document.querySelectorAll('#source .line > p')].map((p) => p.textContent).join('\\n')")
    assert text == SOURCE
    assert page.evaluate(
        "document.querySelector('#source').scrollWidth <= document.querySelector('#source').clientWidth"
    )
    page.locator("#source .line.row").last.scroll_into_view_if_needed()
    shot(page, "table")


def test_filters_fold_on_a_phone(page: Page) -> None:
    expect(page.locator("#more")).to_be_hidden()
    page.set_viewport_size({"width": 390, "height": 844})
    expect(page.locator("#by-type")).to_be_hidden()
    header = page.locator("header").bounding_box()
    assert header is not None and header["height"] < 140
    page.locator("#more").click()
    expect(page.locator("#by-type")).to_be_visible()
    expect(page.locator("#more")).to_have_attribute("aria-expanded", "true")


def test_source_and_records_are_printed_side_by_side(page: Page) -> None:
    page.emulate_media(media="print")
    source, records = (page.locator(f"#{name}").bounding_box() for name in ("source", "records"))
    assert source is not None and records is not None
    assert abs(source["y"] - records["y"]) < 2 and source["x"] + source["width"] <= records["x"] + 1
