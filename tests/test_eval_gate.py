"""The gate is green while scores hold, red when they fall, and names what was lost."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from eval_samples import sample

from eval.gate.baseline import accept_baseline, check, enforce, read_baseline
from eval.labelled.labels import DocumentLabels
from eval.score.evaluate import Evaluation, evaluate_labels
from schemas.errors import GateFailed, UsageError

GOLD = sample(3, 4)


def run(predicted: DocumentLabels) -> Evaluation:
    return evaluate_labels([GOLD], [predicted], "run")


def without(measures: int) -> DocumentLabels:
    """The first policy loses its last measures."""
    first, *rest = GOLD.policies
    kept = first.measures[: len(first.measures) - measures]
    return GOLD.model_copy(update={"policies": (first.model_copy(update={"measures": kept}), *rest)})


@pytest.fixture
def baseline(tmp_path: Path) -> Path:
    path = tmp_path / "baseline.json"
    accept_baseline([run(without(1))], "gold", "hash", path)
    return path


def test_green_for_equal_and_for_better(baseline: Path) -> None:
    for predicted in (without(1), GOLD):
        verdict = check(run(predicted), "gold", "hash", read_baseline(baseline))
        assert verdict.compared and verdict.falls == ()
        enforce([verdict], required=True)


def test_red_for_worse_and_names_only_what_was_lost(baseline: Path) -> None:
    verdict = check(run(without(3)), "gold", "hash", read_baseline(baseline))
    fall = next(f for f in verdict.falls if f.score == "measure")
    assert fall.lost == ("doc.txt: p1/m2", "doc.txt: p1/m3")  # m4 was missed, and accepted as such, before
    with pytest.raises(GateFailed, match=r"lost doc.txt: p1/m3") as failed:
        enforce([verdict], required=False)
    assert failed.value.exit_code == 5


def test_a_tolerance_holds_and_is_kept_when_scores_are_accepted_again(baseline: Path) -> None:
    content = json.loads(baseline.read_text(encoding="utf-8"))
    for accepted in next(iter(content["accepted"].values()))["scores"].values():
        accepted["tolerance"] = 0.5
    baseline.write_text(json.dumps(content), encoding="utf-8")
    assert check(run(without(3)), "gold", "hash", read_baseline(baseline)).falls == ()
    accept_baseline([run(without(3))], "gold", "hash", baseline)
    (entry,) = read_baseline(baseline).accepted.values()
    assert {a.tolerance for a in entry.scores.values()} == {0.5}


def test_other_gold_or_an_unknown_run_is_not_compared(baseline: Path) -> None:
    for name, sha256 in (("other", "hash"), ("gold", "other")):
        verdict = check(run(without(4)), name, sha256, read_baseline(baseline))
        assert not verdict.compared and verdict.reason
        enforce([verdict], required=False)
        with pytest.raises(GateFailed, match="make baseline"):
            enforce([verdict], required=True)


def test_accepting_leaves_other_entries(baseline: Path) -> None:
    accept_baseline([run(GOLD)], "contrast", "hash", baseline)
    assert len(read_baseline(baseline).accepted) == 2


def test_a_damaged_baseline_is_a_usage_error(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    path.write_text("{", encoding="utf-8")
    with pytest.raises(UsageError, match="damaged"):
        read_baseline(path)
    assert read_baseline(tmp_path / "none.json").accepted == {}
