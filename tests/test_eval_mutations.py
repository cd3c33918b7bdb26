"""The gate turns red on planted regressions, for lost scores: a broken rule of grounding or merging, swapped labels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from eval.gate.baseline import accept_baseline, check, read_baseline
from eval.labelled.labels import DocumentLabels
from eval.labelled.load import gold_hash, load_gold
from eval.runs.run_files import read_run
from eval.score.evaluate import Evaluation, evaluate_run
from pipeline.draft import Drafted

Score = Callable[[], set[str]]


@pytest.fixture(scope="module")
def gold(seeds: Path) -> tuple[DocumentLabels, ...]:
    return load_gold(seeds.parent / "eval" / "gold", seeds)


@pytest.fixture(scope="module")
def baseline(
    gold: Sequence[DocumentLabels], seed_run: Any, seeds: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The scores of the rules as they are, accepted."""
    path = tmp_path_factory.mktemp("baseline") / "baseline.json"
    accept_baseline([scored(gold, seed_run.folder, seeds)], "gold", gold_hash(gold), path)
    return path


def scored(gold: Sequence[DocumentLabels], folder: Path, docs: Path) -> Evaluation:
    return evaluate_run(gold, read_run(folder, docs), traced=False)


@pytest.fixture
def fallen(gold: Sequence[DocumentLabels], baseline: Path, seeds: Path, tmp_path: Path) -> Score:
    """Extracts again and returns the scores that fell."""

    def again() -> set[str]:
        from pipeline.run import run
        from pipeline.settings import Settings

        run([seeds], tmp_path / "again", Settings(endpoint="draft"))
        evaluation = scored(gold, tmp_path / "again", seeds)
        verdict = check(evaluation, "gold", gold_hash(gold), read_baseline(baseline))
        assert verdict.compared
        return {fall.score for fall in verdict.falls}

    return again


def test_green_when_nothing_was_changed(fallen: Score) -> None:
    assert fallen() == set()


def test_red_when_grounding_reads_no_deadlines(fallen: Score, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.ground.grounder._Grounder._deadline", lambda *_: (None, None))
    assert {"target.deadline", "target.with_tuple"} <= fallen()


def test_red_when_grounding_trusts_the_answered_comparator(fallen: Score, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.ground.grounder._comparator", lambda answered, text, raw: ("eq", False))
    assert {"target.comparator", "target.with_tuple"} <= fallen()


def test_red_when_merging_keeps_every_repeat(fallen: Score, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.steps.merge", lambda document, articles, policies: tuple(policies))
    assert "secondary_places" in fallen()


def test_red_when_the_two_most_frequent_instruments_are_swapped(
    fallen: Score, gold: Sequence[DocumentLabels], monkeypatch: pytest.MonkeyPatch
) -> None:
    import pipeline.steps as orchestrator

    counted = Counter(m.instrument for g in gold for p in g.policies for m in p.measures)
    (one, _), (two, _) = counted.most_common(2)
    swap, really = {one: two, two: one}, orchestrator.drafted

    def drafted(*args: Any, **named: Any) -> Drafted:
        told = really(*args, **named)
        for policy in told.answer.policies:
            for measure in policy.measures:
                measure.instrument = swap.get(measure.instrument, measure.instrument)
        return told

    monkeypatch.setattr(orchestrator, "drafted", drafted)
    assert fallen() == {"measure.instrument", "measure.instrument_category", "measure.with_instrument"}
