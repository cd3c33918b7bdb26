"""Two people's decisions are adjudicated, budgets corrected, and a lesson seen to its end, with the keyboard."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from chromium import browser, review, served
from playwright.sync_api import Browser, Page, expect

from pipeline.folder import WEIGHTS
from pipeline.results import Results

TESTS = Path(__file__).resolve().parents[1]
SERVE = """
import contextlib, pathlib, sys
from pipeline.review.app import make_app
from pipeline.review.serve import on_loopback
app = make_app(pathlib.Path(sys.argv[1]), "t", "김")
with contextlib.suppress(KeyboardInterrupt):
    on_loopback(app, "t", 0, lambda url: print(url, flush=True))
"""
REVIEWED = """
import pathlib, sys
from test_review_budgets import TEXT
from test_review_disputes import decide, desk
from pipeline.run import run
from pipeline.settings import Settings
folder = pathlib.Path(sys.argv[1])
(folder / "docs").mkdir()
(folder / "docs" / "brief.txt").write_text(TEXT, encoding="utf-8")
for name, who, action in (("ours", "김", "accept"), ("theirs", "이", "reject")):
    run([folder / "docs"], folder / name, Settings())
    with desk(folder / name, who) as client:
        decide(client, action, 0)
"""


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two people's folders; made in a process of its own: the browser's driver has the event loop of this one."""
    folder = tmp_path_factory.mktemp("finished")
    subprocess.run(
        [sys.executable, "-c", REVIEWED, str(folder)], env={**os.environ, "PYTHONPATH": str(TESTS)}, check=True
    )
    return folder


@pytest.fixture(scope="module")
def running(finished: Path) -> Iterator[Browser]:
    with browser() as opened:
        yield opened


@pytest.fixture
def folder(finished: Path, tmp_path: Path) -> Path:
    return shutil.copytree(finished, tmp_path / "copy")


def shot(page: Page, name: str) -> None:
    if pictures := os.environ.get("PAMS_SCREENSHOTS"):
        page.screenshot(path=Path(pictures) / f"people-{name}.png")


def saved(page: Page) -> None:
    expect(page.locator("#status")).to_have_text("저장했습니다")
    page.evaluate("document.getElementById('status').textContent = ''")


def test_what_two_people_decided_differently_is_chosen_by_a_key(running: Browser, folder: Path) -> None:
    with review(running, folder / "ours", "--who", "박", "--other", str(folder / "theirs")) as page:
        expect(page.locator("#document option")).to_contain_text("⚖")
        page.keyboard.press("y")
        said = page.locator("article[aria-current=true] .dispute")
        expect(said).to_contain_text("김: 맞음")
        expect(said).to_contain_text("이 (theirs): 제외")
        shot(page, "dispute")
        page.keyboard.press("2")
        saved(page)
        expect(page.locator(".dispute")).to_have_count(0)
        expect(page.locator("article.rejected")).to_contain_text("⚖ 판단 정함: 김 맞음, 이 (theirs) 제외")
        page.keyboard.press("y")
        expect(page.locator("#status")).to_contain_text("갈린 기록이 없습니다")
    last = Results(folder / "ours").corrections[-1]
    assert (last.who, last.action, last.between) == ("박", "reject", ("김", "이"))


def test_a_budget_is_marked_and_its_years_too(running: Browser, folder: Path) -> None:
    with review(running, folder / "ours") as page:
        expect(page.locator("article.budget")).to_contain_text("12,000,000,000 KRW")
        page.keyboard.press("/")
        page.keyboard.insert_text("3,000만 달러")
        page.keyboard.press("Enter")
        expect(page.locator("#chosen q")).to_have_text("3,000만 달러")
        page.keyboard.press("b")
        saved(page)
        added = page.locator("article.budget", has_text="30,000,000 USD")
        expect(added).to_have_attribute("aria-current", "true")
        page.keyboard.press("Escape")
        page.keyboard.press("e")
        page.locator("[data-path=years]").focus()
        page.keyboard.press("Enter")
        offered = page.locator("#chosen button", has_text="2026년").first
        expect(offered).to_be_visible()
        page.keyboard.press(offered.get_attribute("data-key") or "")
        saved(page)
        expect(added.locator(".facts").first).to_contain_text("2026")
        shot(page, "budget")
    (policy,) = Results(folder / "ours").policies
    assert [(b.value, b.period_start) for b in policy.budgets] == [(12_000_000_000, None), (30_000_000, 2026)]


def test_a_lesson_is_seen_to_its_end_and_put_to_use(running: Browser, folder: Path) -> None:
    out = folder / "ours"
    with served(running, [sys.executable, "-c", SERVE, str(out)]) as page:
        page.keyboard.press("l")
        page.get_by_role("button", name="배우기 시작").focus()
        page.keyboard.press("Enter")
        expect(page.locator("#ask [role=status]")).to_contain_text("배우는 중")
        rows = page.locator("#ask tbody tr")
        expect(rows).to_have_count(1, timeout=120_000)
        expect(rows.locator("td").first).to_have_text("전")
        expect(rows.locator("td").nth(1)).to_have_text("1/1")
        expect(page.locator("#moved")).to_contain_text("정책수단")
        expect(page.locator("#ask")).to_contain_text("문서가 하나뿐이라")
        shot(page, "learned")
        page.get_by_role("button", name="다음 추출에 쓰기").focus()
        page.keyboard.press("Enter")
        expect(page.locator("#used")).to_be_visible()
    assert (out / WEIGHTS).stat().st_size > 100_000
