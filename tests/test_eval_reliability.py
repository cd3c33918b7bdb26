"""The ruler of confidence: what was said against what is right, and the most certain ones."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from eval.commands import CONTRAST
from eval.labelled.load import load_gold
from eval.runs.run_files import read_run
from eval.score.evaluate import as_dict, evaluate_run
from eval.score.reliability import Judgement, precision_at, reliability
from eval.show.summary import markdown
from pipeline.learn.weights import SHIPPED
from pipeline.run import run
from pipeline.settings import Settings

DOCS = Path(__file__).resolve().parents[1] / CONTRAST


def said(*pairs: tuple[float, bool]) -> list[Judgement]:
    return [Judgement("measure", confidence, right) for confidence, right in pairs]


def test_the_most_certain_come_first_and_equals_share_their_luck() -> None:
    known = said((0.9, True), (0.8, True), (0.8, False), (0.3, False))
    assert [precision_at(known, share) for share in (0.25, 0.5, 0.75, 1.0)] == pytest.approx([1, 0.75, 2 / 3, 0.5])
    assert precision_at(list(reversed(known)), 0.5) == precision_at(known, 0.5)


def test_bins_tell_what_was_said_and_what_is_right() -> None:
    (line,) = reliability(said((0.92, True), (0.94, False), (0.97, True), (0.4, False), (0.5, True)))
    assert (line.kind, line.count, line.right) == ("measure", 5, 0.6)
    assert [(b.low, b.count, b.right) for b in line.bins] == [(0, 1, 0), (0.5, 1, 1), (0.9, 2, 0.5), (0.95, 1, 1)]
    assert line.bins[2].said == pytest.approx(0.93) and sum(b.count for b in line.bins) == line.count


def test_a_run_with_confidence_is_measured_and_one_without_is_not(tmp_path: Path) -> None:
    gold = load_gold(DOCS, DOCS)
    run([DOCS], tmp_path / "learned", Settings(weights=SHIPPED))
    found = evaluate_run(gold, read_run(tmp_path / "learned", DOCS), traced=False)
    counts = {line.kind: line.count for line in found.reliability}
    predicted = found.scores["all"]["measure"].counts.predicted
    assert counts["measure"] == predicted and counts["instrument"] == found.scores["all"]["measure"].counts.correct
    right = {line.kind: line.right for line in found.reliability}
    assert right["measure"] == pytest.approx(found.scores["all"]["measure"].counts.precision)
    assert all(0 <= share <= 1 for line in found.reliability for share in line.at)
    assert [line["kind"] for line in as_dict(found)["reliability"]] == ["policy", "measure", "target", "instrument"]
    assert "| certain | records | said | right |" in markdown([found])
    path = tmp_path / "learned" / "policies.jsonl"
    path.write_text(re.sub(r'(confidence":)[0-9.]+', r"\1null", path.read_text(encoding="utf-8")), encoding="utf-8")
    unknown = evaluate_run(gold, read_run(tmp_path / "learned", DOCS), traced=False)
    assert unknown.reliability == () and "| certain |" not in markdown([unknown])
