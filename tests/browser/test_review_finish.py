"""A document of four policies is finished with the keyboard alone: one was missed, one merged into another, one is none."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from chromium import browser, review
from playwright.sync_api import Browser, Page, expect
from review_four import DIGEST

from eval.learning.from_results import taught_by
from pipeline.results import Results
from schemas.records import Policy


@pytest.fixture(scope="module")
def running() -> Iterator[Browser]:
    with browser() as opened:
        yield opened


def digest(folder: Path) -> Path:
    """In a process of its own: the browser's driver has the event loop of this one."""
    code = "import sys, pathlib, review_four; review_four.digest(pathlib.Path(sys.argv[1]))"
    tests = Path(__file__).resolve().parents[1]
    subprocess.run(
        [sys.executable, "-c", code, str(folder)],
        env={**os.environ, "PYTHONPATH": str(tests), "OPENAI_API_KEY": "k"},
        check=True,
    )
    return folder / "out"


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return digest(tmp_path)


@pytest.fixture
def page(running: Browser, out: Path) -> Iterator[Page]:
    with review(running, out) as opened:
        yield opened


def shot(page: Page, name: str) -> None:
    if folder := os.environ.get("PAMS_SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"finish-{name}.png")


def keys(page: Page, *pressed: str) -> None:
    for key in pressed:
        page.keyboard.press(key)


def saved(page: Page) -> None:
    expect(page.locator("#status")).to_have_text("저장했습니다")
    page.evaluate("document.getElementById('status').textContent = ''")


def to_policy(page: Page, words: str) -> None:
    """Steps to the policy with these words, down the list or up."""
    keys(page, "Escape")
    cards = page.locator("#records article")
    at = lambda chosen: next(i for i in range(cards.count()) if chosen(cards.nth(i)))
    policy = lambda card: "policy" in (card.get_attribute("class") or "") and words in (card.text_content() or "")
    here, there = at(lambda card: card.get_attribute("aria-current") == "true"), at(policy)
    for _ in range(abs(there - here)):
        keys(page, "j" if there > here else "k")
    expect(page.locator("article.policy[aria-current=true]")).to_contain_text(words)


def find(page: Page, words: str) -> None:
    """Words of the source, marked by looking for them."""
    keys(page, "/")
    page.keyboard.insert_text(words)
    keys(page, "Enter")
    expect(page.locator("#chosen q")).to_have_text(words)
    expect(page.locator("#source")).to_be_focused()


def policy(out: Path, words: str) -> Policy:
    return next(p for p in Results(out).policies if p.title is not None and words in p.title.text)


def test_a_refused_answer_is_set_right_by_a_key_and_who_did_what_is_told(page: Page, out: Path) -> None:
    for _ in range(20):
        if "refused" in (page.locator("article[aria-current=true]").get_attribute("class") or ""):
            break
        keys(page, "j")
    expect(page.locator("article.refused [data-action=set-right]")).to_have_text("바로잡기: 300곳")
    shot(page, "refused")
    keys(page, "a")
    saved(page)
    assert sorted(t.value or 0 for t in policy(out, "급식").targets) == [80, 300]
    expect(page.locator("article.refused")).to_have_count(0)
    keys(page, "u")
    saved(page)
    expect(page.locator("article.refused")).to_have_count(1)
    keys(page, "d")
    expect(page.locator(".checked")).to_contain_text("빠진 것 없음 · ")
    page.locator("#triage").select_option("none")
    expect(page.locator("#document option")).to_have_count(1)
    page.evaluate("document.activeElement.blur()")
    keys(page, "i")
    expect(page.locator("#ask tbody tr")).to_have_count(1)
    shot(page, "people")
    keys(page, "Escape")
    page.locator("#order").select_option("run")
    page.evaluate("document.activeElement.blur()")
    keys(page, "n")
    expect(page.locator("article[aria-current=true] .state")).to_have_count(0)


def test_four_policies_with_the_keyboard_alone(page: Page, out: Path, tmp_path: Path) -> None:
    # The issuer of the first is wrong: one more from the words that are offered, and the wrong one away.
    to_policy(page, "하천 수질")
    keys(page, "e")
    shot(page, "form")
    page.locator("[data-path='issuers.+']").focus()
    keys(page, "Enter")
    expect(page.locator("#source")).to_be_focused()
    offered = page.locator("#chosen button", has_text="환경부").first
    expect(offered).to_be_visible()
    shot(page, "offered")
    keys(page, offered.get_attribute("data-key") or "")
    saved(page)
    expect(page.locator("[data-path='issuers.+']")).to_be_focused()  # back where it began
    page.get_by_role("button", name="빼기: 하천").focus()
    keys(page, "Enter")
    saved(page)
    keys(page, "Escape")

    # The third was merged into the second: its announcement marked, its measures chosen.
    to_policy(page, "학교 급식")
    find(page, "국토교통부는 '도시 숲 조성 계획'을 공개")
    keys(page, "x")
    expect(page.locator("#ask input:checked")).to_have_count(2)
    shot(page, "split")
    page.locator("#ask").get_by_role("button", name="나누기").focus()
    keys(page, "Enter")
    saved(page)
    find(page, "도시 숲 조성 계획")
    keys(page, "/", "Enter")  # the headline's first, then the announcement's
    # by its key, since what is offered is drawn anew once the browser tells that another place is marked
    keys(page, page.locator("#chosen button", has_text="제목").first.get_attribute("data-key") or "")
    saved(page)

    # The fourth was missed: its announcement and then its measures, a key each.
    find(page, "산업통상부는 '전력망 보강 계획'을 확정")
    keys(page, "p")
    saved(page)
    for _ in range(2):
        keys(page, "ArrowDown", "m")
        saved(page)
    shot(page, "added")

    # What it is to reach, and when it was announced.
    find(page, "400km")
    keys(page, "t")
    saved(page)
    keys(page, "Escape")
    to_policy(page, "산업통상부는")
    keys(page, "e")
    page.locator("[data-path=announced_on]").focus()
    keys(page, "Enter")
    offered = page.locator("#chosen button", has_text="2026.5.22").first
    expect(offered).to_be_visible()
    keys(page, offered.get_attribute("data-key") or "")
    saved(page)
    keys(page, "Escape")

    # The event is no policy: one key.
    assert len(Results(out).policies) == 5
    to_policy(page, "문서명 없음")
    keys(page, "r")
    saved(page)
    shot(page, "done")

    finished = Results(out).policies
    assert [len(p.measures) for p in finished] == [2, 2, 2, 2]
    assert [o.name.text for o in policy(out, "하천").issuers] == ["환경부"]
    assert [m.text.text for m in finished[3].measures] == [
        "(송전선로) 송전선로 400km를 보강",
        "(인력) 전력망 전문 인력 양성 과정을 개설",
    ]
    assert [(t.value, t.unit) for t in finished[3].targets] == [(400, "km")]
    assert finished[3].announced_on is not None and finished[3].announced_on.value == "2026-05-22"
    digest(tmp_path)
    assert Results(out).policies == finished

    # The rest is right: a key each; then it teaches as a whole.
    page.reload()
    page.wait_for_selector("article.policy")
    left = page.locator("#records article:not(.refused, .rejected, :has(.state))")
    for _ in range(left.count()):
        keys(page, "n", "a")
        saved(page)
    expect(left).to_have_count(0)
    assert Results(out).policies == finished
    taught = taught_by(out)
    assert (taught.finished, taught.begun) == (1, 0)
    assert page.evaluate("[...document.querySelectorAll('#source p')].map((p) => p.textContent).join('\\n')") == DIGEST
