"""The simulation of 10⁶ and 10⁷ documents: what bounds a run bounds it there too, and the page tells what it prints."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

import pytest

from eval.trials.capacity import PLANS, Plan, in_the_way, main, simulate, table
from eval.trials.figures import Figures, read_figures

FIGURES = Figures(
    rules=0.01, asked=0.02, stored=0.01, listed=0.001, gathered=0.002, lease=0.001, start=10, input_tokens=6_000,
    output_tokens=2_000, money=0.004, store=2_000, shared=4_000, results=10_000, list=800, memory=2e8, memory_more=10,
    model="some-model", about="made up",
)  # fmt: skip
PAGE = Path(__file__).resolve().parent.parent / "docs" / "scale.md"


def test_the_rules_take_processors_and_the_driver_its_own_time() -> None:
    plan = Plan(1_000_000, "rules", nodes=4, cores=5)
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


def test_the_shipped_figures_are_whole_and_the_page_shows_what_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    shipped = read_figures()
    assert all(getattr(shipped, f.name) > 0 for f in fields(Figures) if f.name not in ("model", "about", "memory_more"))
    assert main([]) == 0
    said, page = capsys.readouterr().out.splitlines(), PAGE.read_text("utf-8")
    assert sum(line.startswith("| 1") for line in said) == 2 * len(PLANS)
    for line in table((1_000_000, 10_000_000), shipped):
        assert line in page, line


def test_a_plan_of_ones_own(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--documents", "3e6", "--nodes", "20", "--jobs", "400", "--way", "stored"]) == 0
    assert "3,000,000 documents" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        main(["--way", "guessed"])
