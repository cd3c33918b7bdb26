"""Weights are moved towards a user's documents: as far as these say, and no further."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from vectors_of_lengths import Lengths

from eval.learning.learn import learn_from_own, rows_from_gold
from eval.learning.marks import NO_MEANING
from eval.learning.move import USUAL, Seen, move
from eval.learning.rows import Row
from eval.trials.analyst import SCORES, gains, large_groups
from pipeline.learn.sheet import Reals
from pipeline.learn.weights import SHIPPED, Weights, from_bytes, read_weights
from schemas.errors import UsageError
from schemas.vocabulary import Instrument

EVAL = Path(__file__).resolve().parents[1] / "eval"
THEIRS, OURS = (list(Instrument).index(Instrument(i)) for i in ("procurement", "infrastructure_platform"))


@pytest.fixture(scope="module")
def shipped() -> Weights:
    return read_weights(SHIPPED)


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    """Documents of the project, as if each were a user's; with vectors."""
    gold, docs = EVAL / "gold", EVAL.parent / "seeds"
    contrast = rows_from_gold(EVAL / "contrast", EVAL / "contrast", "contrast", Lengths())
    return [*rows_from_gold(gold, docs, "seeds", Lengths()), *contrast]


def without_vectors(rows: Sequence[Row]) -> list[Row]:
    return [replace(r, example=replace(r.example, meaning=NO_MEANING)) for r in rows]


def seen_of(values: Reals, labels: Sequence[int], before: Reals) -> Seen:
    marks = np.array(labels, dtype=np.int8)[:, None]
    columns = np.arange(values.shape[1], dtype=np.intp)
    lines = len(marks)
    return Seen("x", sparse.csr_matrix(values), columns, before, marks, np.ones(lines), np.arange(lines), lines)


def test_from_nothing_it_is_a_regression_as_others_make_it() -> None:
    draw = np.random.default_rng(1)
    values = draw.normal(size=(60, 4)).astype(np.float32)
    labels = (values[:, 0] - values[:, 2] + draw.normal(size=60) > 0).astype(int)
    seen = seen_of(values, labels.tolist(), np.zeros((60, 1), np.float32))
    shift = seen.shift(0.5, np.ones(60, dtype=np.bool_))
    theirs = LogisticRegression(C=0.5, fit_intercept=False, tol=1e-8).fit(
        np.column_stack([values, np.ones(60)]), labels
    )
    assert np.abs(np.append(shift.weights[:, 0], shift.bias[0]) - theirs.coef_[0]).max() < 0.01


def test_what_is_said_already_moves_little_and_what_is_not_moves_much() -> None:
    values = np.eye(4, dtype=np.float32)
    agrees = seen_of(values, [1, 1, 0, 0], np.array([[4], [4], [-4], [-4]], np.float32))
    differs = seen_of(values, [1, 1, 0, 0], np.array([[-4], [-4], [4], [4]], np.float32))
    everything = np.ones(4, dtype=np.bool_)
    little, much = (np.abs(s.shift(1.0, everything).weights).max() for s in (agrees, differs))
    assert little < 0.03 < 0.5 < much
    left_out = differs.shift(1.0, np.array([True, True, False, False]))
    assert left_out.weights[0, 0] > 0.5 and left_out.weights[3, 0] == 0


def test_who_decides_otherwise_is_followed_on_documents_held_out(shipped: Weights, rows: list[Row]) -> None:
    """A user for whom what pams calls infrastructure is procurement; only what teaches that, so that it is quick."""

    def otherwise(row: Row) -> Row:
        marks = row.example.instruments.copy()
        marks[:, THEIRS] |= marks[:, OURS]
        marks[:, OURS] = 0
        return replace(row, example=replace(row.example, instruments=marks))

    mine = without_vectors([otherwise(r) for r in rows if r.example.instruments[:, OURS].any()])
    moved = move(shipped.judges, mine)
    assert moved.strengths["instruments"] > USUAL["instruments"] and moved.crossed is not None
    theirs = np.concatenate([r.example.instruments[:, THEIRS] for r in mine]) == 1
    before = np.concatenate([shipped.judges.linear["instruments"].log_odds(r.example.measures) for r in mine])
    after = np.concatenate(moved.crossed.plain.instruments)
    said = [(odds.argmax(axis=1) == THEIRS)[theirs].mean() for odds in (before, after)]
    assert theirs.sum() > 50 and said[0] < 0.1 and said[1] > 0.4


def test_documents_that_say_nothing_else_leave_measures_and_goals_as_they_are(
    shipped: Weights, rows: list[Row]
) -> None:
    mine = without_vectors(rows)
    moved = move(shipped.judges, mine)
    assert {part: moved.strengths[part] for part in ("units", "numbers", "article")} == dict.fromkeys(
        ("units", "numbers", "article"), 0.0
    )
    assert moved.judges.linear["units"] is shipped.judges.linear["units"]
    assert moved.judges.trees is shipped.judges.trees


def test_with_vectors_what_they_say_is_moved_too(shipped: Weights, rows: list[Row]) -> None:
    moved = move(shipped.judges, rows[-6:])
    changed = {n for n, judge in moved.judges.dense.items() if judge is not shipped.judges.dense[n]}
    assert changed == {f"{part} by meaning" for part in ("article", "numbers", "instruments") if moved.strengths[part]}
    assert "instruments by meaning" in changed
    plain = move(shipped.judges, without_vectors(rows[-6:]))
    assert plain.judges.dense == shipped.judges.dense


def test_one_document_moves_as_far_as_is_usual_and_nobody_knows_what_it_brings(
    shipped: Weights, rows: list[Row]
) -> None:
    one = without_vectors(rows[-1:])
    moved = move(shipped.judges, one)
    assert moved.crossed is None
    assert {part: s for part, s in moved.strengths.items() if s} == USUAL
    learned = learn_from_own(shipped, one, {})
    assert learned.told == () and learned.head["cross_validated"] == []


def test_moved_weights_keep_in_a_file_what_moved_them(shipped: Weights, rows: list[Row]) -> None:
    mine = without_vectors(rows[-6:])
    learned = learn_from_own(shipped, mine, {"command": "x"})
    read = from_bytes(learned.data, "own")
    judges = move(shipped.judges, mine).judges
    sheet = mine[0].example.measures
    ours, theirs = (j.linear["instruments"].log_odds(sheet) for j in (judges, read.judges))
    moved = np.abs(ours - shipped.judges.linear["instruments"].log_odds(sheet)).max()
    assert np.abs(ours - theirs).max() < 0.1 * moved
    assert read.head["moved_from"] == shipped.name and read.head["moved"] == dict(learned.strengths)
    assert read.head["confidence"] == shipped.head["confidence"]
    assert set(read.head["learned_from"]) == {*shipped.head["learned_from"], "contrast"}
    assert learned.known == 6  # they are the project's: pams knows them


def test_documents_without_any_policy_teach_what_reports_none(shipped: Weights, rows: list[Row]) -> None:
    none = [r for r in rows if r.example.reports == 0]
    assert len({r.document.sha256 for r in none}) > 1
    for own in (none, without_vectors(none)):
        moved = move(shipped.judges, own)
        assert moved.crossed is not None and set(moved.strengths) >= {"numbers", "article"}


def test_without_rows_there_is_nothing_to_learn_from(shipped: Weights) -> None:
    with pytest.raises(UsageError, match="no labels to learn from"):
        learn_from_own(shipped, [], {})


def test_a_simulated_analyst_is_told_what_is_gained(shipped: Weights, rows: list[Row]) -> None:
    """By documents that pams knows, as if they were a publisher's; sixteen, so only five are corrected."""
    theirs = [replace(r, document=replace(r.document, source="real", group="a ministry")) for r in rows]
    assert large_groups(theirs) == ["a ministry"]
    found = list(gains(theirs, {"a ministry": shipped.judges}, 1, plain=True))
    assert {g.corrected for g in found} == {5} and {g.score for g in found} == set(SCORES)
    for gain in found:
        assert gain.low <= gain.after - gain.before <= gain.high
    measures = next(g for g in found if g.score == "measures")
    assert measures.before == measures.after > 0.8
    with pytest.raises(UsageError, match="documents enough"):
        large_groups(theirs[:3])
