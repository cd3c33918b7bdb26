"""Intervals cover about as often as they say; paired comparisons know when two runs cannot be told apart."""

from __future__ import annotations

import numpy as np
import pytest
from eval_samples import sample

from eval.score.evaluate import compare_runs, evaluate_labels
from eval.score.metrics import Observation
from eval.score.uncertainty import clusters_are, compare, intervals, sign_test
from schemas.vocabulary import Instrument

TRUE = 0.8


def draw(rng: np.random.Generator, articles: int) -> list[Observation]:
    """Articles of 4 to 16 records, each with a difficulty of its own; the expected accuracy is `TRUE`."""
    found = []
    for article in range(articles):
        right = rng.beta(8, 2)
        for record in range(int(rng.integers(4, 17))):
            correct = int(rng.random() < right)
            found.append(Observation("s", "doc", f"{article}/{record}", f"doc#{article}", 1, 1, correct))
    return found


@pytest.mark.parametrize(("articles", "least", "most"), [(14, 0.85, 0.97), (40, 0.90, 0.985)])
def test_intervals_cover_within_the_stated_band(articles: int, least: float, most: float) -> None:
    """Nominal 95 %; with 14 articles (the seeds) a percentile bootstrap is known to be somewhat too narrow."""
    rng = np.random.default_rng(7)
    rounds = 250
    covered = 0
    for _ in range(rounds):
        bounds = intervals(draw(rng, articles), samples=400)["s"]
        covered += bounds.low <= TRUE <= bounds.high
    assert least <= covered / rounds <= most


def test_a_perfect_score_has_an_honest_interval() -> None:
    observations = [Observation("s", "doc", str(n), f"doc#{n % 4}", 1, 1, 1) for n in range(12)]
    bounds = intervals(observations)["s"]
    assert bounds.high == 1
    assert 0.6 < bounds.low < 0.8  # exact binomial, 12 of 12


def test_intervals_are_the_same_every_time() -> None:
    observations = draw(np.random.default_rng(1), 10)
    assert intervals(observations) == intervals(observations)


def test_articles_are_resampled_until_there_are_thirty_documents() -> None:
    def of(documents: int) -> list[Observation]:
        return [Observation("s", f"d{n}", "i", f"d{n}#1", 1, 1, 1) for n in range(documents)]

    assert clusters_are(of(29)) == "articles"
    assert clusters_are(of(30)) == "documents"


def test_sign_test() -> None:
    assert sign_test(0, 0) == 1
    assert sign_test(5, 5) == 1
    assert sign_test(10, 0) == pytest.approx(2 / 2**10)
    assert sign_test(0, 10) == sign_test(10, 0)


def test_a_run_cannot_be_told_apart_from_itself() -> None:
    gold = [sample(3, 4)]
    run = evaluate_labels(gold, gold, "same")
    for comparison in compare_runs(run, run):
        assert not comparison.differ
        assert comparison.gained == comparison.lost == ()
        assert "cannot be told apart" in comparison.in_words()


def test_what_was_lost_is_named_and_a_clear_loss_is_called_one() -> None:
    gold = [sample(6, 5)]
    worse = []
    for policy in gold[0].policies:
        measures = tuple(m.model_copy(update={"instrument": Instrument.OTHER}) for m in policy.measures)
        worse.append(policy.model_copy(update={"measures": measures}))
    other = [gold[0].model_copy(update={"policies": tuple(worse)})]
    comparisons = compare_runs(evaluate_labels(gold, gold, "a"), evaluate_labels(gold, other, "b"))
    found = {c.score: c for c in comparisons}
    lost = found["measure.instrument"]
    assert lost.differ
    assert "doc.txt: p1/m1" in lost.lost
    assert lost.difference is not None and lost.difference < -0.9
    assert "the second run is worse" in lost.in_words()
    assert not found["measure"].differ
    back = {c.score: c for c in compare(_all(gold, other), _all(gold, gold))}
    assert back["measure.instrument"].gained == lost.lost


def _all(gold: list, other: list) -> list[Observation]:  # type: ignore[type-arg]
    return evaluate_labels(gold, other, "x").observations()
