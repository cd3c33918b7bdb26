"""The gate: what is recorded is played again and scored; a score that fell fails here, naming the lost items."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import pipeline.ground.grounder
import pipeline.ground.resolve
import pipeline.merge
import pipeline.steps
from eval.gate.baseline import Verdict, enforce
from eval.gate.replayed import verdicts
from eval.runs.recorded import ROOT, Recorded, recorded_runs
from schemas.answer import Answer
from schemas.errors import GateFailed
from schemas.vocabulary import Instrument

SEEDS = Recorded(ROOT / "seeds", ROOT / "eval" / "gold", "embedded", "stepwise")
RUNS = recorded_runs()


@pytest.mark.parametrize("recorded", RUNS, ids=[f"{r.gold.name}-{r.endpoint}" for r in RUNS])
def test_no_score_fell(recorded: Recorded) -> None:
    enforce(verdicts([recorded]), required=True)


def test_the_seeds_are_recorded() -> None:
    assert SEEDS in RUNS, "cassettes are missing: re-record with `make record`"


def _break_deadlines(monkeypatch: pytest.MonkeyPatch) -> None:
    """A rule of ground: the deadline is read from its span."""
    monkeypatch.setattr(pipeline.ground.grounder, "due_in", lambda *_: None)


def _break_boundaries(monkeypatch: pytest.MonkeyPatch) -> None:
    """A rule of ground: a quote is the span that it names, not the whole unit."""
    original = pipeline.ground.resolve.Resolver._resolve

    def whole_unit(self: pipeline.ground.resolve.Resolver, ref: object, number: bool) -> tuple[int, int]:
        start, end = original(self, ref, number)  # type: ignore[arg-type]
        unit = self._unit(ref.u)  # type: ignore[attr-defined]
        return (unit.start, unit.end) if end <= unit.end else (start, end)

    monkeypatch.setattr(pipeline.ground.resolve.Resolver, "_resolve", whole_unit)


def _break_merging(monkeypatch: pytest.MonkeyPatch) -> None:
    """A rule of merge: only the same goal worded twice is one target."""
    monkeypatch.setattr(pipeline.merge, "_same_goal", lambda one, other: True)


def _swap_instruments(monkeypatch: pytest.MonkeyPatch) -> None:
    """The two most frequent instruments change places, behind the model so that its questions stay the same."""
    first, second = Instrument.INFRASTRUCTURE_PLATFORM, Instrument.TECHNOLOGY_DEVELOPMENT
    swapped = {first: second, second: first}
    original = pipeline.steps.ground

    def ground(document: object, article: object, answer: Answer, provenance: object) -> object:
        changed = answer.model_copy(deep=True)
        for policy in changed.policies:
            for measure in policy.measures:
                measure.instrument = swapped.get(measure.instrument, measure.instrument)
        return original(document, article, changed, provenance)  # type: ignore[arg-type]

    monkeypatch.setattr(pipeline.steps, "ground", ground)


BREAKS = [_break_deadlines, _break_boundaries, _break_merging, _swap_instruments]


@pytest.mark.parametrize("break_rule", BREAKS, ids=[b.__name__.strip("_") for b in BREAKS])
def test_a_broken_rule_turns_the_gate_red(
    break_rule: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    break_rule(monkeypatch)
    [verdict] = verdicts([SEEDS])  # a missed cassette would raise here: the gate must see scores, not misses
    assert verdict.compared
    assert verdict.falls, "the gate did not notice"
    assert any(fall.lost for fall in verdict.falls)
    with pytest.raises(GateFailed, match="lost"):
        enforce([verdict], required=True)


def test_a_run_that_was_never_accepted_is_not_green(tmp_path: Path) -> None:
    unknown = Verdict("gold | none | none", False, (), "no scores have been accepted")
    with pytest.raises(GateFailed, match="make baseline"):
        enforce([unknown], required=True)
