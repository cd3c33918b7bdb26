"""The ruler itself: gold against gold is perfect, nothing is zero, and every change moves exactly its own scores."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from eval_samples import at, sample
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.labelled.labels import DocumentLabels, MeasureLabel, PolicyLabel, TargetLabel
from eval.score.match import match
from eval.score.metrics import Counts, observe, total
from schemas.records import Span
from schemas.vocabulary import Comparator, Instrument

sizes = st.tuples(st.integers(1, 3), st.integers(2, 5))


def scored(gold: DocumentLabels, predicted: DocumentLabels) -> dict[str, Counts]:
    return total(observe(match(gold, predicted)))


def changed(gold: DocumentLabels, predicted: DocumentLabels) -> set[str]:
    """Names of the scores that are not perfect."""
    return {name for name, counts in scored(gold, predicted).items() if counts.f1 != 1}


def with_policy(labels: DocumentLabels, key: str, change: Callable[[PolicyLabel], PolicyLabel]) -> DocumentLabels:
    return labels.model_copy(update={"policies": tuple(change(p) if p.key == key else p for p in labels.policies)})


def with_measures(
    labels: DocumentLabels, key: str, change: Callable[[tuple[MeasureLabel, ...]], Sequence[MeasureLabel]]
) -> DocumentLabels:
    return with_policy(labels, key, lambda p: p.model_copy(update={"measures": tuple(change(p.measures))}))


def with_target(labels: DocumentLabels, key: str, **update: object) -> DocumentLabels:
    """The first target of policy `key` changed."""

    def first(p: PolicyLabel) -> PolicyLabel:
        return p.model_copy(update={"targets": (p.targets[0].model_copy(update=update), *p.targets[1:])})

    return with_policy(labels, key, first)


@given(sizes)
@settings(max_examples=15, deadline=None)
def test_gold_against_gold_is_perfect(size: tuple[int, int]) -> None:
    gold = sample(*size)
    scores = scored(gold, gold)
    assert {name: c for name, c in scores.items() if (c.precision, c.recall, c.f1) != (1, 1, 1)} == {}
    assert {"policy", "measure", "target", "organisation", "reference", "target.tuple"} <= set(scores)


@given(sizes)
@settings(max_examples=10, deadline=None)
def test_nothing_predicted_is_zero(size: tuple[int, int]) -> None:
    gold = sample(*size)
    scores = scored(gold, gold.model_copy(update={"policies": ()}))
    traps = scores.pop("not_targets")
    assert traps.f1 == 1  # nothing was taken for a target
    assert {(c.precision, c.recall, c.f1) for c in scores.values()} == {(0, 0, 0)}
    assert not any(name.startswith("policy.t") for name in scores)  # no slot is scored on records that are missing


def test_nothing_to_find_and_nothing_found_has_no_score() -> None:
    nothing = Counts()
    assert (nothing.precision, nothing.recall, nothing.f1) == (None, None, None)
    assert Counts(gold=0, predicted=2, correct=0).recall == 0


@given(sizes, st.data())
@settings(max_examples=20, deadline=None)
def test_a_dropped_measure_costs_recall_and_nothing_else(size: tuple[int, int], data: st.DataObject) -> None:
    gold = sample(*size)
    p, m = data.draw(st.integers(1, size[0])), data.draw(st.integers(1, size[1]))
    predicted = with_measures(gold, f"p{p}", lambda ms: [one for one in ms if one.key != f"m{m}"])
    scores = scored(gold, predicted)
    count = size[0] * size[1]
    assert scores["measure"] == Counts(count, count - 1, count - 1)
    assert scores["measure"].precision == 1
    carried = {"target.measure"} if m % 2 == 0 else set()  # the target on that line lost its measure
    parts = {"measure", "measure.strict", "measure.with_instrument", "organisation", "organisation.strict"}
    assert changed(gold, predicted) == parts | carried


@given(sizes, st.data())
@settings(max_examples=20, deadline=None)
def test_a_doubled_measure_costs_precision_and_nothing_else(size: tuple[int, int], data: st.DataObject) -> None:
    gold = sample(*size)
    m = data.draw(st.integers(0, size[1] - 1))

    def twice(measures: tuple[MeasureLabel, ...]) -> list[MeasureLabel]:
        return [*measures, measures[m].model_copy(update={"key": "again", "implementers": ()})]

    predicted = with_measures(gold, "p1", twice)
    scores = scored(gold, predicted)
    count = size[0] * size[1]
    assert scores["measure"] == Counts(count, count + 1, count)
    assert scores["measure"].recall == 1
    assert changed(gold, predicted) == {"measure", "measure.strict", "measure.with_instrument"}


@given(st.integers(1, 30), st.booleans())
@settings(max_examples=30, deadline=None)
def test_a_shifted_measure_is_found_while_half_of_it_overlaps(shift: int, widened: bool) -> None:
    gold = sample(1, 3)
    before = gold.policies[0].measures[0].text
    start = before.start - shift if widened else before.start + shift
    moved = Span(start=start, end=before.end, text=gold.text[start : before.end])
    predicted = with_measures(gold, "p1", lambda ms: [ms[0].model_copy(update={"text": moved}), *ms[1:]])
    longer = max(len(moved.text), len(before.text))
    found = min(len(moved.text), len(before.text)) / longer >= 0.5
    expected = {"measure.strict"} if found else {"measure", "measure.strict", "measure.with_instrument"}
    assert changed(gold, predicted) == expected


@given(st.sampled_from(list(Instrument)), st.data())
@settings(max_examples=30, deadline=None)
def test_a_relabelled_measure_costs_its_instrument_only(instrument: Instrument, data: st.DataObject) -> None:
    gold = sample(2, 4)
    m = data.draw(st.integers(0, 3))
    was = gold.policies[1].measures[m].instrument

    def relabel(measures: tuple[MeasureLabel, ...]) -> list[MeasureLabel]:
        new = measures[m].model_copy(update={"instrument": instrument})
        return [*measures[:m], new, *measures[m + 1 :]]

    expected = set() if instrument is was else {"measure.instrument", "measure.with_instrument"}
    if instrument.category is not was.category:
        expected.add("measure.instrument_category")
    assert changed(gold, with_measures(gold, "p2", relabel)) == expected


@pytest.mark.parametrize(
    ("update", "slots"),
    [
        ({"value": 1}, {"target.value", "target.tuple", "target.with_tuple"}),
        ({"unit": "㎡"}, {"target.unit", "target.tuple", "target.with_tuple"}),
        ({"comparator": Comparator.GE}, {"target.comparator", "target.tuple", "target.with_tuple"}),
        ({"deadline": "2031"}, {"target.deadline", "target.tuple", "target.with_tuple"}),
        ({"deadline_basis": None}, {"target.deadline_basis"}),
        ({"measure": None}, {"target.measure"}),
    ],
)
def test_a_wrong_value_is_a_wrong_slot_and_no_false_alarm(update: dict[str, object], slots: set[str]) -> None:
    gold = sample()
    predicted = with_target(gold, "p1", **update)
    assert changed(gold, predicted) == slots
    assert scored(gold, predicted)["target"].f1 == 1


@pytest.mark.parametrize(
    ("update", "slot"),
    [
        ({"announced_value": "2023-06"}, "policy.date"),
        ({"government_level": None}, "policy.level"),
        ({"status": None}, "policy.status"),
        ({"period_end": 2030}, "policy.period"),
        ({"jurisdiction": "CN"}, "policy.jurisdiction"),
    ],
)
def test_a_wrong_field_of_a_policy_costs_that_slot(update: dict[str, object], slot: str) -> None:
    gold = sample()
    predicted = with_policy(gold, "p1", lambda p: p.model_copy(update=update))
    assert changed(gold, predicted) == {slot}


def test_a_title_read_elsewhere_with_the_same_words_is_right() -> None:
    gold = sample(1)
    text = gold.text + "\n‘Plan 1’ for robots"
    start = text.index("‘Plan 1’ for") + 1
    elsewhere = Span(start=start, end=len(text), text=text[start:])
    gold = gold.model_copy(update={"text": text})
    predicted = with_policy(gold, "p1", lambda p: p.model_copy(update={"title": elsewhere}))
    assert changed(gold, predicted) == set()


def test_two_targets_in_one_unit_are_paired_by_their_numbers() -> None:
    gold = sample(1, 2)
    target = gold.policies[0].targets[0]
    other = target.model_copy(update={"key": "t9", "raw": at(gold.text, "by 2030"), "value": 2030, "unit": None})
    both = with_policy(gold, "p1", lambda p: p.model_copy(update={"targets": (target, other)}))
    swapped = with_policy(gold, "p1", lambda p: p.model_copy(update={"targets": (other, target)}))
    assert changed(both, swapped) == set()
    only_other = with_policy(gold, "p1", lambda p: p.model_copy(update={"targets": (other,)}))
    found = match(both, only_other).lenient["target"]
    assert [(p.gold.id, p.predicted.id) for p in found.pairs] == [("p1/t9", "p1/t9")]
    assert [i.id for i in found.missed] == ["p1/t2"]


def test_a_secondary_place_that_is_not_attached_is_missed() -> None:
    gold = sample(1, 2)
    lead, other = at(gold.text, "Brief"), at(gold.text, "So far 9001 firms")
    meant = with_policy(gold, "p1", lambda p: p.model_copy(update={"evidence": (lead,)}))
    assert changed(meant, meant) == set()
    assert changed(meant, gold) == {"secondary_places"}
    both = with_policy(gold, "p1", lambda p: p.model_copy(update={"evidence": (other, lead)}))
    assert scored(meant, both)["secondary_places"] == Counts(1, 2, 1)


def test_a_measure_under_the_wrong_policy_is_still_found() -> None:
    gold = sample(2, 2)
    first, second = gold.policies
    moved = second.model_copy(update={"measures": (*first.measures, *second.measures)})
    stripped = first.model_copy(update={"measures": (), "targets": ()})
    predicted = gold.model_copy(update={"policies": (stripped, moved)})
    assert scored(gold, predicted)["measure"].f1 == 1


@pytest.mark.parametrize("reported", [True, False])
def test_a_borderline_record_counts_neither_for_nor_against(reported: bool) -> None:
    sure = sample(1, 3)
    gold = with_measures(sure, "p1", lambda ms: [ms[0].model_copy(update={"borderline": True}), *ms[1:]])
    predicted = sure if reported else with_measures(sure, "p1", lambda ms: ms[1:])
    assert changed(gold, predicted) == set()
    assert scored(gold, predicted)["measure"] == Counts(2, 2, 2)


def test_what_hangs_under_a_borderline_policy_does_not_count_either() -> None:
    sure = sample(2, 2)
    gold = with_policy(sure, "p2", lambda p: p.model_copy(update={"borderline": True, "measures": p.measures[:1]}))
    scores = scored(gold, sure)
    assert {name for name, c in scores.items() if c.f1 != 1} == set()
    assert scores["measure"] == Counts(2, 2, 2)


def test_a_number_of_not_targets_that_is_reported_is_named() -> None:
    gold = sample(1, 2)
    trap = gold.not_targets[0].at

    def fall(p: PolicyLabel) -> PolicyLabel:
        false: TargetLabel = p.targets[0].model_copy(update={"key": "t9", "text": trap, "raw": trap})
        return p.model_copy(update={"targets": (*p.targets, false)})

    scores = scored(gold, with_policy(gold, "p1", fall))
    assert scores["not_targets"] == Counts(1, 1, 0)
    assert scores["target"].precision == 0.5


def test_a_span_that_is_not_the_source_is_invalid() -> None:
    gold = sample(1, 2)
    lie = (
        gold.policies[0].measures[0].text.model_copy(update={"text": "(label 1.1) the bureau 1.1 closes platform 1.1"})
    )
    predicted = with_measures(gold, "p1", lambda ms: [ms[0].model_copy(update={"text": lie}), *ms[1:]])
    counts = scored(gold, predicted)["evidence_validity"]
    assert counts.predicted - counts.correct == 1
