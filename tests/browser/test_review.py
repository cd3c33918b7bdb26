"""Drives the review page in a headless Chromium against the real service: reading, deciding, selecting, two tabs, print."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from chromium import browser, window
from playwright.sync_api import Browser, Page, expect
from test_corrections import TEXT

from pipeline.results import Results
from pipeline.review import write_page
from pipeline.run import run
from pipeline.settings import Settings
from schemas.vocabulary import Instrument

WIDE = "𝔸🌊"  # each takes two of the browser's units and one of ours
HOSTILE = "<img src=x onerror=alert(1)><script>alert(2)</script>\u202e\u200b\x1b]0;x\x07\U000f02b1"


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The results that every test has its own copy of; made before the browser, whose event loop is in the way."""
    docs = tmp_path_factory.mktemp("docs")
    (docs / "brief.txt").write_text(f"{WIDE} 표지\n{TEXT}", encoding="utf-8")
    (docs / "hostile.txt").write_text(TEXT.replace("(주민 참여)", f"(주민 참여) {HOSTILE}"), encoding="utf-8")
    out = tmp_path_factory.mktemp("finished") / "out"
    run([docs], out, Settings())
    return out


@pytest.fixture(scope="module")
def running(finished: Path) -> Iterator[Browser]:
    with browser() as opened:
        yield opened


@pytest.fixture
def out(finished: Path, tmp_path: Path) -> Path:
    return shutil.copytree(finished, tmp_path / "out")


@pytest.fixture
def address(out: Path) -> Iterator[str]:
    code = "from pipeline.cli import main; main()"
    command = [sys.executable, "-c", code, "review", str(out), "--no-browser", "--who", "김검토"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
        process.send_signal(2)
        assert process.wait(10) == 0


@pytest.fixture
def page(running: Browser, address: str) -> Iterator[Page]:
    with window(running, refusals=True, viewport={"width": 1400, "height": 900}, locale="ko-KR") as context:
        opened = context.new_page()
        opened.goto(address)
        opened.wait_for_selector("article.policy")
        yield opened


@pytest.fixture
def shot(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[Page, str], None]:
    """Keeps a screenshot, in PAMS_SCREENSHOTS if that is set."""
    folder = Path(os.environ.get("PAMS_SCREENSHOTS") or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)
    return lambda page, name: page.screenshot(path=folder / f"review-{name}.png") and None


def measures(out: Path, document: str = "brief.txt") -> list[str]:
    return [str(m.instrument) for p in Results(out).policies if p.document == document for m in p.measures]


def saved(page: Page) -> None:
    expect(page.locator("#status")).to_have_text("저장했습니다")


def choose(page: Page, words: str) -> None:
    """Selects these words in the source as a mouse does."""
    page.evaluate(
        """words => {
            const walk = document.createTreeWalker(document.getElementById("source"), NodeFilter.SHOW_TEXT);
            while (walk.nextNode()) {
                const at = walk.currentNode.data.indexOf(words);
                if (at >= 0) {
                    getSelection().setBaseAndExtent(walk.currentNode, at, walk.currentNode, at + words.length);
                    return;
                }
            }
            throw new Error("not in the source: " + words);
        }""",
        words,
    )


def test_source_and_records_stand_side_by_side_and_hover_links_them(
    page: Page, shot: Callable[[Page, str], None]
) -> None:
    expect(page.locator("#source")).to_contain_text("현재 120km")
    card = page.locator("article.measure").first
    expect(card).to_contain_text("현재 120km")
    expect(card).to_contain_text("줄 8")
    card.hover()
    lit = page.locator("#source .m.on")
    expect(lit.filter(has_text="낡은 하수관").first).to_be_visible()
    page.locator("#source .k-measure", has_text="하천 살피기").click()
    expect(page.locator("article[aria-current=true]")).to_contain_text("하천 살피기")
    shot(page, "light")


def test_the_keyboard_decides_and_everything_is_on_disk_at_once(page: Page, out: Path) -> None:
    before = measures(out)
    page.keyboard.press("j")
    first = page.locator("article[aria-current=true]")
    expect(first).to_have_class(re.compile("measure"))
    page.keyboard.press("r")
    saved(page)
    expect(first).to_have_class(re.compile("rejected"))
    assert measures(out) == before[1:]
    page.keyboard.press("u")
    expect(page.locator("article.rejected")).to_have_count(0)
    assert measures(out) == before
    page.keyboard.press("a")
    expect(first.locator(".state")).to_contain_text("김검토")
    page.keyboard.press("n")
    expect(page.locator("article[aria-current=true] .state")).to_have_count(0)


@pytest.mark.parametrize(
    ("key", "code"),
    [("ㅓ", "KeyJ"), ("Process", "KeyJ"), ("J", "KeyJ"), ("j", "KeyC")],
    ids=["hangul", "composing", "caps", "dvorak"],
)
def test_keys_work_whatever_keyboard_is_on(page: Page, key: str, code: str) -> None:
    expect(page.locator("article[aria-current=true]")).to_have_class(re.compile("policy"))
    page.evaluate(
        "([key, code]) => document.body.dispatchEvent(new KeyboardEvent('keydown', { key, code, bubbles: true }))",
        [key, code],
    )
    expect(page.locator("article[aria-current=true]")).to_have_class(re.compile("measure"))


def test_an_address_names_the_record_that_is_shown_first(page: Page, address: str, out: Path) -> None:
    policy = next(p for p in Results(out).policies if p.document == "hostile.txt")
    record = f"{policy.id}/{policy.measures[1].id}"
    page.goto("about:blank")
    page.goto(f"{address}#document=hostile.txt&record={record}")
    expect(page.locator("article[aria-current=true]")).to_have_attribute("data-id", record)
    page.evaluate("hash => { location.hash = hash }", f"document=hostile.txt&record={policy.id}/{policy.id}")
    expect(page.locator("article[aria-current=true]")).to_have_class(re.compile("policy"))


def test_wide_and_narrow_digits_are_found_alike(page: Page) -> None:
    cards = page.locator("#records article.measure")
    page.locator("#search").fill("１２０ＫＭ")
    expect(cards).to_have_count(1)
    expect(page.locator("#status")).to_contain_text(re.compile("[1-9]"))


def test_an_enum_is_edited_in_place(page: Page, out: Path, shot: Callable[[Page, str], None]) -> None:
    page.keyboard.press("j")
    page.keyboard.press("e")
    select = page.locator("select[data-field=instrument]")
    expect(select).to_be_focused()
    shot(page, "edit")
    select.select_option("procurement")
    saved(page)
    assert measures(out)[0] == "procurement"
    expect(page.locator("article.measure").first).to_contain_text(Instrument.PROCUREMENT.ko)
    page.reload()
    expect(page.locator("article.measure").first).to_contain_text(Instrument.PROCUREMENT.ko)


def test_a_span_is_selected_with_the_mouse_behind_wide_characters(page: Page, out: Path) -> None:
    page.keyboard.press("j")
    choose(page, "우수 저류조 설치")
    page.locator("#chosen").get_by_role("button", name="본문").click()
    saved(page)
    texts = [m.text.text for p in Results(out).policies if p.document == "brief.txt" for m in p.measures]
    assert "우수 저류조 설치" in texts  # a shift by one unit would cut it


def test_a_number_selected_anew_is_computed_anew_and_a_wrong_one_is_refused(page: Page, out: Path) -> None:
    page.locator("article.target").first.click()
    choose(page, "120km")
    page.locator("#chosen").get_by_role("button", name="수치").click()
    saved(page)
    targets = [t for p in Results(out).policies if p.document == "brief.txt" for t in p.targets]
    assert (120, "km") in [(t.value, t.unit) for t in targets]
    choose(page, "오염원")
    page.locator("#chosen").get_by_role("button", name="수치").click()
    expect(page.locator("#status.bad")).to_contain_text("수를 읽을 수 없습니다")


def test_a_missed_measure_is_added(page: Page, out: Path) -> None:
    before = len(measures(out))
    choose(page, "하천 비율")
    page.locator("#chosen").get_by_role("button", name="시책으로 추가").click()
    saved(page)
    assert len(measures(out)) == before + 1


def test_a_mouse_drag_selects_what_it_covers(page: Page) -> None:
    box = page.locator("#source .k-measure", has_text="마을 단위").first.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 2, box["y"] + 8)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 8, steps=5)
    page.mouse.up()
    chosen = page.locator("#chosen q").text_content()
    assert chosen and chosen in TEXT


def test_two_tabs_do_not_overwrite_each_other_and_closing_loses_nothing(page: Page, address: str, out: Path) -> None:
    other = page.context.new_page()
    other.goto(address)
    other.wait_for_selector("article.policy")
    other.keyboard.press("j")
    other.keyboard.press("a")
    saved(other)
    other.close()
    page.keyboard.press("j")
    with page.expect_response("**/correct") as answer:
        page.keyboard.press("r")
    if answer.value.status == 409:  # unless the page has learnt of it by coming to the front
        expect(page.locator("#status")).to_contain_text("먼저 고쳤습니다")
        assert [c.action for c in Results(out).corrections] == ["accept"]
    expect(page.locator("article.measure").first.locator(".state")).to_contain_text("김검토")


def test_search_and_filters(page: Page) -> None:
    cards = page.locator("#records article")
    total = cards.count()
    page.locator("#search").fill("살피기")
    expect(cards).to_have_count(1)
    page.locator("#search").fill("")
    page.locator("#by-instrument").select_option(index=1)
    assert cards.count() < total
    page.locator("#by-instrument").select_option("")
    page.keyboard.press("Tab")
    page.locator("#by-state").select_option("undecided")
    expect(cards).to_have_count(total)
    page.locator("#by-state").select_option("decided")
    expect(cards).to_have_count(0)


def test_both_languages_both_lights_a_phone_and_print(
    running: Browser, address: str, shot: Callable[[Page, str], None]
) -> None:
    for scheme, locale, size in (("dark", "en-US", (1400, 900)), ("light", "ko-KR", (390, 844))):
        view = {"width": size[0], "height": size[1]}
        with window(running, viewport=view, locale=locale, color_scheme=scheme) as context:
            page = context.new_page()
            page.goto(address)
            page.wait_for_selector("article.policy")
            assert page.evaluate("document.documentElement.lang") == locale[:2]
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            assert page.evaluate("getComputedStyle(document.body).wordBreak") == "keep-all"
            shot(page, f"{scheme}-{size[0]}")
            page.locator("#language").click()
            expect(page.locator("header")).to_contain_text("Find" if locale == "ko-KR" else "찾기")
            page.emulate_media(media="print")
            assert page.locator(".buttons").first.is_hidden() and page.locator("header").is_hidden()
            shot(page, f"print-{size[0]}")


def test_a_screen_reader_finds_names_and_roles(page: Page) -> None:
    for role, name in (("region", "원문"), ("region", "추출 결과"), ("combobox", "문서"), ("searchbox", "찾기")):
        expect(page.get_by_role(role, name=name, exact=role == "combobox").first).to_be_visible()
    expect(page.get_by_role("article", name=re.compile("^정책: 도시 하천"))).to_be_visible()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="단축키")).to_be_visible()
    page.keyboard.press("Escape")
    unnamed = page.evaluate(
        "[...document.querySelectorAll('button, select, input')].filter(e => e.offsetParent && !e.textContent.trim() && !e.labels?.length).length"
    )
    assert unnamed == 0


def test_nothing_of_a_document_runs_and_hidden_characters_are_seen(page: Page, out: Path, running: Browser) -> None:
    page.locator("#document").select_option("hostile.txt")
    expect(page.locator("#source")).to_contain_text("<img src=x onerror=alert(1)>")
    assert page.locator("#source img").count() == 0 and page.locator("script").count() == 2
    expect(page.locator("#source .hidden-character[data-code='U+202E']")).to_have_count(1)
    expect(page.locator("#source .hidden-character[data-code='U+001B']")).to_have_count(1)
    expect(page.locator("#source .private-sign[data-shown='①']")).to_have_text("\U000f02b1")
    write_page(out, out / "page.html")
    with window(running) as context:
        mailed = context.new_page()
        mailed.goto((out / "page.html").as_uri())
        mailed.locator("#document").select_option("hostile.txt")
        expect(mailed.locator("#source")).to_contain_text("<script>alert(2)</script>")
        expect(mailed.locator("article.measure").first).to_be_visible()
        assert mailed.locator(".buttons").count() == 0
