"""A text of five megabytes is on the page within a second; what rests on its outline comes behind it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from chromium import browser, review
from playwright.sync_api import Browser, Page, expect
from test_corrections import TEXT

from pipeline.run import run
from pipeline.settings import Settings

FILLER = "회의에서는 각 지역의 하천을 둘러본 결과와 주민의 이야기를 함께 나누었고 다음 만남의 날짜를 정하였다.\n"


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Results of a short document, behind which the text then goes on: a run over all of it takes minutes."""
    docs = tmp_path_factory.mktemp("docs")
    (docs / "long.txt").write_text(TEXT, encoding="utf-8")
    made = tmp_path_factory.mktemp("finished") / "out"
    run([docs], made, Settings())
    row = json.loads((made / "documents.jsonl").read_text(encoding="utf-8"))
    (text,) = (made / "texts").iterdir()
    lines = "".join(f"## 자리 {n}\n\n{FILLER * 20}" for n in range(5_000_000 // len((FILLER * 20).encode())))
    long = text.read_text(encoding="utf-8") + "\n" + lines
    text.write_text(long, encoding="utf-8")
    assert len(long.encode()) > 5_000_000
    row |= {"text_sha256": hashlib.sha256(long.encode()).hexdigest(), "characters": len(long)}
    (made / "documents.jsonl").write_text(json.dumps(row, ensure_ascii=False) + "\n", encoding="utf-8")
    noted = json.loads((made / "run.json").read_text(encoding="utf-8"))
    (made / "run.json").write_text(json.dumps(noted | {"files": {}}), encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def running(out: Path) -> Iterator[Browser]:
    with browser() as opened:
        yield opened


def shown_after(page: Page) -> float:
    """Milliseconds from the address to the text and its records on the page."""
    return float(page.evaluate("performance.getEntriesByType('mark').find((m) => m.name === 'shown').startTime"))


def test_a_long_text_is_shown_within_a_second(running: Browser, out: Path) -> None:
    took = []
    for _ in range(4):  # of a machine that is busy with something else, the best
        with review(running, out) as page:
            took.append(shown_after(page))
            expect(page.locator("#records")).not_to_have_attribute("aria-busy", "true", timeout=180_000)
        if took[-1] < 1_000:
            break
    assert min(took) < 1_000, took


def test_nobody_waits_for_the_outline(running: Browser, out: Path) -> None:
    with review(running, out) as page:
        expect(page.locator("#records")).to_have_attribute("aria-busy", "true")
        page.keyboard.press("j")
        page.keyboard.press("a")
        expect(page.locator("#status")).to_have_text("저장했습니다", timeout=30_000)
        expect(page.locator("article.measure .state")).to_have_count(1)
        expect(page.locator("#records")).not_to_have_attribute("aria-busy", "true", timeout=180_000)
        expect(page.locator("article.measure .state")).to_have_count(1)
        expect(page.locator("article[aria-current=true]")).to_be_focused()
        page.keyboard.press("s")
        expect(page.locator("#chosen q")).not_to_be_empty()  # its units are known by now
        assert page.locator("#source .line").count() < 5_000  # what is not seen is not drawn
