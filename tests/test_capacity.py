"""The simulation of 10⁶ and 10⁷ documents: what bounds a run bounds it there too, and the page tells what it prints."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

import pytest

from eval.trials import capacity
from eval.trials.capacity import PAGE, PLANS, Plan, in_the_way, main, simulate, written
from eval.trials.figures import Figures, read_figures

FIGURES = Figures(
    draft=0.01, asked=0.02, stored=0.01, listed=0.001, gathered=0.002, lease=0.001, start=10, input_tokens=6_000,
    output_tokens=2_000, money=0.004, store=2_000, shared=4_000, results=10_000, list=800, memory_listing={"10": 10**8},
    memory={"1": 2 * 10**8}, model="some-model", about="made up",
)  # fmt: skip


def test_the_draft_takes_processors_and_the_driver_its_own_time() -> None:
    plan = Plan(1_000_000, "draft", nodes=4, cores=5)
    course = simulate(plan, FIGURES)
    assert course.work == pytest.approx(10 + 1_000_000 * 0.01 / 20, rel=0.02)
    assert (course.listing, course.gathering, course.model) == (1_000, 2_000, 0)
    assert course.machines == pytest.approx(course.seconds / 3600 * 20 * plan.rent)
    assert simulate(replace(plan, nodes=8), FIGURES).work == pytest.approx(course.work / 2, rel=0.05)
    assert in_the_way(plan, FIGURES)[0][0] == "two lists, a driver each"
    assert in_the_way(replace(plan, nodes=1, cores=1), FIGURES)[0][0] == "twice the nodes"


def test_a_service_is_never_asked_faster_than_it_allows() -> None:
    plan = Plan(300_000, jobs=10_000, requests=3_000, tokens=1e9)
    course = simulate(plan, FIGURES)
    assert course.work == pytest.approx(10 + 100 * 60, rel=0.02) and course.model == 1_200
    assert in_the_way(plan, FIGURES)[0][0] == "twice what the service allows"
    few = replace(plan, tokens=8_000 * 1_000)  # a minute: the tokens of 1,000 documents
    assert simulate(few, FIGURES).work == pytest.approx(10 + 300 * 60, rel=0.02)


def test_few_requests_at_once_wait_for_answers_and_the_purse_has_its_pace() -> None:
    plan = Plan(100_000, nodes=2, cores=8, jobs=64, latency=8, requests=1e9, tokens=1e12)
    assert simulate(plan, FIGURES).work == pytest.approx(10 + 100_000 * 8 / 64, rel=0.15)
    assert {name for name, _ in in_the_way(plan, FIGURES)[:2]} == {"twice the requests at once", "half the latency"}
    slow = replace(FIGURES, lease=0.5)
    assert simulate(replace(plan, jobs=10_000), slow).work == pytest.approx(10 + 50_000, rel=0.02)


def test_lost_nodes_cost_time_and_never_an_answer() -> None:
    plan = Plan(200_000, nodes=2, cores=2, jobs=1_000, requests=1e9, tokens=1e12)
    course, often = (simulate(replace(plan, lost=lost), FIGURES) for lost in (0.0, 20.0))
    assert often.work > course.work and often.model == course.model
    assert simulate(plan, FIGURES) == simulate(plan, FIGURES)


def test_the_shipped_figures_are_whole_and_the_page_shows_what_they_give(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert all(getattr(read_figures(), field.name) for field in fields(Figures))
    page, emptied = PAGE.read_text("utf-8"), tmp_path / "scale.md"
    emptied.write_text(written(page, dict.fromkeys(("figures", "plans", "memory"), ())), "utf-8")
    assert emptied.stat().st_size < PAGE.stat().st_size - 2_000
    monkeypatch.setattr(capacity, "PAGE", emptied)
    assert main(["--page"]) == 0
    assert emptied.read_text("utf-8") == page, "type `make reference`"
    rows = [line for line in capsys.readouterr().out.splitlines() if line.startswith("|")]
    assert len(rows) > 2 * len(PLANS) and set(rows) <= set(page.splitlines())


def test_a_plan_of_ones_own(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--documents", "3e6", "--nodes", "20", "--jobs", "400", "--way", "stored"]) == 0
    assert "3,000,000 documents" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        main(["--way", "guessed"])
