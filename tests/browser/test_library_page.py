"""Drives the library in a headless Chromium against the real service: search, filters, charts, keys, evidence, downloads."""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pytest
from chromium import browser, window
from playwright.sync_api import Browser, Page, expect
from test_corrections import TEXT
from test_library import OTHER, SEA
from test_review import HOSTILE

from pipeline.run import run
from pipeline.settings import Settings

MANY = 3_000


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    docs = tmp_path_factory.mktemp("docs")
    (docs / "brief.txt").write_text(TEXT, encoding="utf-8")
    (docs / "other.txt").write_text(OTHER, encoding="utf-8")
    hostile = TEXT.replace("(주민 참여)", f"(주민 참여) {HOSTILE}").replace("도시 하천", "마을 <b>하천</b>")
    (docs / "hostile.txt").write_text(hostile, encoding="utf-8")
    out = tmp_path_factory.mktemp("finished") / "out"
    run([docs], out, Settings())
    return out


def many(finished: Path, folder: Path) -> Path:
    """A folder of thousands of policies without texts: one policy again and again under other names."""
    folder.mkdir()
    row = json.loads((finished / "documents.jsonl").read_text("utf-8").splitlines()[0])
    policy = json.loads((finished / "policies.jsonl").read_text("utf-8").splitlines()[0])
    for name, record in (("documents.jsonl", row | {"text": None, "text_sha256": None}), ("policies.jsonl", policy)):
        lines = (json.dumps(record | {"document": f"{at:05d}.txt"}, ensure_ascii=False) for at in range(MANY))
        (folder / name).write_text("\n".join(lines) + "\n", "utf-8")
    return folder


@pytest.fixture(scope="module")
def running(finished: Path) -> Iterator[Browser]:
    with browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def address(finished: Path) -> Iterator[str]:
    with served(finished) as at:
        yield at


@contextlib.contextmanager
def served(*folders: Path) -> Iterator[str]:
    code = "from pipeline.cli import main; main()"
    command = [sys.executable, "-c", code, "serve", *map(str, folders), "--no-browser", "--who", "김검토"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.send_signal(2)
        assert process.wait(10) == 0


@pytest.fixture
def page(running: Browser, address: str) -> Iterator[Page]:
    with window(running, viewport={"width": 1400, "height": 900}, locale="ko-KR") as context:
        opened = context.new_page()
        opened.goto(address)
        expect(opened.locator(".row .title")).to_have_count(3)
        yield opened


@pytest.fixture
def shot(tmp_path: Path) -> Callable[[Page, str], None]:
    """Keeps a screenshot, in PAMS_SCREENSHOTS if that is set."""
    folder = Path(os.environ.get("PAMS_SCREENSHOTS") or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)
    return lambda page, name: page.screenshot(path=folder / f"library-{name}.png") and None


def shown(page: Page, *found: str) -> None:
    expect(page.locator(".row .title")).to_have_text(list(found))


def test_search_and_filters_narrow_the_table_and_clearing_widens_it(page: Page) -> None:
    page.locator("#words").fill("50개")
    shown(page, SEA)
    expect(page.locator("#told")).to_contain_text("1건 / 전체 3건")
    page.locator("#words").fill("５０개 ㅎ")  # a syllable that is only begun
    shown(page, SEA)
    page.locator("#words").fill("")
    page.locator("#target").select_option("dated")
    expect(page.locator(".row .title")).to_have_count(2)
    page.locator("#country").select_option("CN")
    expect(page.locator(".row")).to_have_count(0)
    expect(page.locator("#told")).to_contain_text("조건에 맞는 정책이 없습니다")
    page.locator("#filters button[type=reset]").click()
    expect(page.locator(".row .title")).to_have_count(3)


def test_what_is_set_stays_after_a_reload(page: Page) -> None:
    page.locator("#year").select_option("2024")
    page.locator("#head button", has_text="정책명").click()
    shown(page, SEA)
    page.reload()
    shown(page, SEA)
    expect(page.locator("#year")).to_have_value("2024")
    expect(page.locator("#head [aria-sort=ascending]")).to_have_text(re.compile("정책명"))


@pytest.mark.parametrize(("key", "code"), [("j", "KeyJ"), ("ㅓ", "KeyJ"), ("J", "KeyJ"), ("ArrowDown", "ArrowDown")])
def test_the_keyboard_alone_finds_the_words_in_the_source(page: Page, key: str, code: str) -> None:
    page.locator("#words").focus()
    page.keyboard.press("ArrowDown")
    page.evaluate(
        "([key, code]) => document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key, code, bubbles: true }))",
        [key, code],
    )
    expect(page.locator("#row-1")).to_have_attribute("aria-selected", "true")
    expect(page.locator("#table")).to_have_attribute("aria-activedescendant", "row-1")
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    panel = page.locator("#policy")
    expect(panel).to_contain_text(SEA)
    expect(panel.locator("#text .k-target")).to_have_text("５０개 이상")
    panel.locator("li.target button").click()
    expect(panel.locator("#text .lit")).to_have_text("５０개 이상")
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()


def test_a_row_leads_to_its_record_in_the_review(page: Page) -> None:
    page.locator(".row", has_text=SEA).click()
    with page.context.expect_page() as opened:
        page.locator("#policy a").click()
    expect(opened.value.locator("article[aria-current=true]")).to_contain_text(SEA)


def test_a_bar_of_a_chart_sets_its_filters(page: Page) -> None:
    expect(page.locator("#targets-table tr")).to_have_count(2)
    chart = page.locator("#targets")
    box = chart.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.4)
    expect(page.locator("#due_from")).to_have_value("2028")
    expect(page.locator(".row .title")).to_have_count(2)
    page.locator("summary").click()
    expect(chart).to_be_hidden()


def test_downloads_hold_what_is_shown(page: Page, tmp_path: Path) -> None:
    page.locator("#words").fill("심해")
    shown(page, SEA)
    with page.expect_download() as taken:
        page.locator("#xlsx").click()
    taken.value.save_as(tmp_path / "pams.xlsx")
    book = openpyxl.load_workbook(tmp_path / "pams.xlsx")
    assert [c.value for c in book["한눈에"]["A"]] == ["정책명", SEA]
    with page.expect_download() as taken:
        page.locator("#csv").click()
    assert taken.value.suggested_filename == "pams-csv.zip"


def test_nothing_of_a_document_runs(page: Page) -> None:
    page.locator(".row", has_text="<b>하천</b>").click()
    expect(page.locator("#policy")).to_contain_text("<img src=x onerror=alert(1)>")
    assert page.locator("#policy img").count() == 0 and page.locator("script").count() == 3
    expect(page.locator("#text .hidden-character[data-code='U+202E']").first).to_be_attached()


def test_thousands_of_rows_scroll_and_only_those_seen_are_on_the_page(
    running: Browser, finished: Path, tmp_path: Path
) -> None:
    size = {"width": 1400, "height": 900}
    with (
        served(many(finished, tmp_path / "many")) as address,
        window(running, viewport=size, locale="en-US") as context,
    ):
        page = context.new_page()
        page.goto(address)
        expect(page.locator("#told")).to_have_text(f"{MANY:,} of {MANY:,}", timeout=30_000)
        page.locator("#table").focus()
        page.keyboard.press("End")
        expect(page.locator(f"#row-{MANY - 1}")).to_contain_text(f"{MANY - 1:05d}.txt")
        assert page.locator(".row").count() < 60
        page.keyboard.press("Home")
        expect(page.locator("#row-0")).to_contain_text("00000.txt")
        page.locator("#words").fill("02999.txt")
        expect(page.locator(".row .title")).to_have_count(1)


def test_documents_that_are_added_are_extracted_and_end_in_review(
    running: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shot: Callable[[Page, str], None]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "새 문서.txt").write_text(OTHER, encoding="utf-8")
    (tmp_path / "빈 문서.txt").touch()
    (tmp_path / "노래.mp3").write_bytes(b"x")
    size = {"width": 1400, "height": 900}
    with served() as address, window(running, refusals=True, viewport=size, locale="ko-KR") as context:
        page = context.new_page()
        page.goto(address)
        expect(page.locator("#told")).to_contain_text("끌어다 놓거나")
        page.locator("#files").set_input_files([tmp_path / n for n in ("새 문서.txt", "빈 문서.txt", "노래.mp3")])
        expect(page.locator(".row .title")).to_have_text([SEA], timeout=20_000)
        expect(page.locator("#failed li")).to_have_text(
            ["빈 문서.txt: 파일이 비어 있습니다", "노래.mp3: 알 수 없는 형식입니다. PDF나 DOCX로 저장하십시오"]
        )
        shot(page, "added")
        with context.expect_page() as opened:
            page.locator("#reviewed").click()
        expect(opened.value.locator("article.policy")).to_contain_text(SEA)


def test_both_languages_both_lights_a_phone_and_names_for_a_screen_reader(
    running: Browser, address: str, shot: Callable[[Page, str], None]
) -> None:
    for scheme, locale, size in (("dark", "en-US", (1400, 900)), ("light", "ko-KR", (390, 844))):
        view = {"width": size[0], "height": size[1]}
        with window(running, viewport=view, locale=locale, color_scheme=scheme) as context:
            page = context.new_page()
            page.goto(address)
            expect(page.locator(".row .title")).to_have_count(3)
            assert page.evaluate("document.documentElement.lang") == locale[:2]
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            expect(page.get_by_role("grid", name="Policies" if locale == "en-US" else "정책")).to_be_visible()
            shot(page, f"{scheme}-{size[0]}")
            page.locator(".row").first.click()
            expect(page.locator("#policy")).to_be_visible()
            shot(page, f"{scheme}-{size[0]}-open")
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            page.keyboard.press("Escape")
            page.locator("#language").click()
            expect(page.locator("header")).to_contain_text("Find" if locale == "ko-KR" else "찾기")
            unnamed = page.evaluate(
                "[...document.querySelectorAll('button, select, input')].filter(e => e.offsetParent && !e.textContent.trim() && !e.labels?.length && !e.ariaLabel).length"
            )
            assert unnamed == 0
