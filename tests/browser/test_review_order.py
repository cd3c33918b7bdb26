"""The order of the review and the bar of what is left, in a headless Chromium against the real service."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from certain_records import set_certain
from chromium import browser, review
from playwright.sync_api import Browser, Page, expect
from test_corrections import TEXT

from pipeline.results import Results
from pipeline.run import run
from pipeline.settings import Settings


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    docs = tmp_path_factory.mktemp("docs")
    (docs / "brief.txt").write_text(TEXT, encoding="utf-8")
    made = tmp_path_factory.mktemp("finished") / "out"
    run([docs], made, Settings())
    set_certain(made)
    return made


@pytest.fixture(scope="module")
def press(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three documents: one with a policy, a meeting, and what may be an announcement."""
    docs = tmp_path_factory.mktemp("press")
    meeting = "한빛시, 하천 정비 점검 회의 개최\n한빛시는 하천 정비 현황을 점검하는 회의를 열었다.\n"
    doubtful = "한빛시는 하천 정비를 확대할 예정이라고 밝혔다.\n"
    for name, text in (("a", TEXT), ("b", meeting), ("c", doubtful)):
        (docs / f"{name}.txt").write_text(text, encoding="utf-8")
    made = tmp_path_factory.mktemp("looked-through") / "out"
    run([docs], made, Settings())
    return made


@pytest.fixture(scope="module")
def running(out: Path, press: Path) -> Iterator[Browser]:
    with browser() as opened:
        yield opened


@pytest.fixture
def page(running: Browser, out: Path) -> Iterator[Page]:
    with review(running, out) as opened:
        yield opened


def test_least_certain_first_then_the_rest_in_one_go(page: Page, out: Path) -> None:
    said = page.locator("#records .certain")
    in_text = said.all_text_contents()
    page.select_option("#order", "certain")
    shown = [float(words.split()[-1]) for words in said.all_text_contents()]
    assert shown == sorted(shown) and len(shown) == len(in_text)
    first = page.locator("#records article").first
    assert "target" in (first.get_attribute("class") or "")  # of which nobody knows how certain it is
    button = page.locator("#accept-rest")
    page.fill("#least", "0.85")
    sure = [value for value in shown if value >= 0.85]
    expected = sum(1 - value for value in sure)
    expect(button).to_contain_text(f"{len(sure)}건")
    expect(button).to_contain_text(f"약 {expected:.1f}건")
    page.fill("#least", "0.99")
    expect(button).to_be_disabled()
    page.fill("#least", "0.85")
    if folder := os.environ.get("PAMS_SCREENSHOTS"):
        page.screenshot(path=Path(folder) / "review-rest.png")
    page.focus("#least")
    page.keyboard.press("Enter")  # the keyboard alone is enough
    expect(page.locator("#status")).to_contain_text(f"{len(sure)} 건을 맞음")
    expect(page.locator(".state.accept")).to_have_count(len(sure))
    assert len(Results(out).corrected.decisions) == len(sure)
    expect(button).to_be_disabled()
    assert page.evaluate("document.getElementById('left').value") == len(sure)


def test_documents_without_a_policy_come_with_the_likeliest_to_have_one_first(running: Browser, press: Path) -> None:
    likely = {name: row.overlooked for name, row in Results(press).rows.items()}
    with review(running, press) as page:
        page.select_option("#triage", "none")
        options = page.locator("#document option")
        expect(options.filter(has_text="정책이 있을 확률")).to_have_count(2)
        shown = [words for words in options.all_text_contents() if not words.startswith("a.txt")]
        assert [words.split()[0] for words in shown] == ["c.txt", "b.txt"]
        assert all(words.endswith(f"{likely[words.split()[0]]:.2f}") for words in shown)
