"""Drives the report in a headless Chromium: pages, filters, details, both layouts. `pytest tests/browser`."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from chromium import browser, window
from eval_samples import sample
from playwright.sync_api import Page, expect

from eval.labelled.labels import DocumentLabels
from eval.score.evaluate import compare_runs, evaluate_labels
from eval.show.report import render
from schemas.vocabulary import Instrument


def prediction(gold: DocumentLabels) -> DocumentLabels:
    """One measure missed, one with a wrong instrument, one target wrong, one policy reported twice."""
    first, second = gold.policies
    _, m2, *rest = first.measures
    relabelled = m2.model_copy(update={"instrument": Instrument.OTHER})
    target = first.targets[0].model_copy(update={"deadline": "2031"})
    changed = first.model_copy(update={"measures": (relabelled, *rest), "targets": (target, *first.targets[1:])})
    again = second.model_copy(update={"key": "p3", "measures": (), "targets": (), "issuers": (), "references": ()})
    return gold.model_copy(update={"policies": (changed, second, again)})


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    gold = [sample(document="brief.txt"), sample(document="other.txt", tag="x")]
    run = evaluate_labels(gold, [prediction(g) for g in gold], "changed run")
    comparison = compare_runs(evaluate_labels(gold, gold, "gold"), run)
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(render([run], comparison), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def shots(report: Path) -> Path:
    """Folder of the screenshots: PAMS_SCREENSHOTS, else beside the report."""
    folder = Path(os.environ.get("PAMS_SCREENSHOTS") or report.parent)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(params=[(1280, 900), (390, 844)], ids=["desktop", "phone"])
def page(request: pytest.FixtureRequest, report: Path) -> Iterator[Page]:
    width, height = request.param
    with browser() as running, window(running, viewport={"width": width, "height": height}) as context:
        opened = context.new_page()
        opened.goto(report.as_uri())
        yield opened


def test_summary_and_pages(page: Page, shots: Path, request: pytest.FixtureRequest) -> None:
    name = request.node.callspec.id
    expect(page.locator("#summary")).to_be_visible()
    expect(page.locator("section.document:visible")).to_have_count(0)
    expect(page.locator("#against")).to_be_visible()
    expect(page.locator(".items.lost li").first).to_be_visible()
    expect(page.locator("table.confusion td.off")).to_have_text(["2"])
    page.screenshot(path=shots / f"summary-{name}.png", full_page=True)
    page.get_by_role("link", name="brief.txt").click()
    expect(page.locator("#summary")).to_be_hidden()
    expect(page.locator("#run1-doc1")).to_be_visible()
    page.screenshot(path=shots / f"document-{name}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_filters(page: Page, shots: Path, request: pytest.FixtureRequest) -> None:
    page.get_by_role("link", name="brief.txt").click()
    section = page.locator("#run1-doc1")
    section.locator("details.records summary").click()
    records = section.locator(".records ol > li:visible")
    # Missed: a measure and its implementer. False: a policy. Wrong: an instrument, a deadline.
    for state, count in (("missed", 2), ("false", 1), ("wrong", 2)):
        button = section.locator(f"button[data-state={state}]")
        expect(button.locator("b")).to_have_text(str(count))
        button.click()
        expect(records).to_have_count(count)
        expect(section.locator("output")).to_contain_text(f"{count} record")
        assert section.locator(".row:not(.head):visible").count() <= count
    page.screenshot(path=shots / f"wrong-{request.node.callspec.id}.png", full_page=True)
    section.locator("select").select_option("measure")
    expect(records).to_have_count(1)
    section.locator("select").select_option("")
    section.locator("button[data-state=all]").click()
    expect(records).to_have_count(27)
    expect(section.locator(".row.plain").first).to_be_visible()


def test_details_of_a_record(page: Page, shots: Path, request: pytest.FixtureRequest) -> None:
    page.get_by_role("link", name="brief.txt").click()
    section = page.locator("#run1-doc1")
    section.locator(".gold mark.s-missed").first.click()
    detail = page.locator("#detail")
    expect(detail).to_be_visible()
    expect(detail).to_contain_text("missed")
    page.screenshot(path=shots / f"detail-{request.node.callspec.id}.png")
    page.keyboard.press("Escape")
    expect(detail).to_be_hidden()
    section.locator("button[data-state=wrong]").click()
    section.locator(".gold mark[data-l]:not(.dim)").first.click()
    expect(detail).to_contain_text("instrument")


def test_source_text_is_inert(page: Page) -> None:
    page.get_by_role("link", name="brief.txt").click()
    expect(page.locator("#run1-doc1 .row").nth(1)).to_contain_text("<script>alert('hostile')</script>")
    assert page.locator("script").count() == 1
