"""Missed records are classed by where they were lost, false ones by the rule they break."""

from __future__ import annotations

import pytest
from eval_samples import at, sample, to_policies

from eval.labelled.labels import DocumentLabels, MeasureLabel, NotTarget, PolicyLabel
from eval.runs.trace import Trace
from eval.score.anatomy import FalseAlarm, Miss, false_alarms, misses, tally
from eval.score.match import match
from schemas.document import Article, ArticleUnit, Unit
from schemas.records import Refusal, Span
from schemas.vocabulary import UnitKind

GOLD = sample(1, 4)
POLICY = GOLD.policies[0]


def with_policy(**update: object) -> DocumentLabels:
    return GOLD.model_copy(update={"policies": (POLICY.model_copy(update=update), *GOLD.policies[1:])})


def trace(
    *, without: Span | None = None, asked: bool = True, refusals: tuple[Refusal, ...] = (), merged: bool = False
) -> Trace:
    """Every line is a unit, all of them in one article."""
    units, start = [], 0
    for line in GOLD.text.split("\n"):
        end = start + len(line)
        if line and not (without and start <= without.start < end):
            units.append(Unit(index=len(units), kind=UnitKind.BULLET, start=start, end=end))
        start = end + 1
    numbered = tuple(ArticleUnit(id=str(n), unit=u) for n, u in enumerate(units, 1))
    kind = "item" if asked else "summary"
    article = Article(document="doc.txt", number=1, kind=kind, start=0, end=len(GOLD.text), units=numbered)
    return Trace(tuple(units), (article,), refusals, to_policies(GOLD) if merged else None)


def lost(trace_: Trace | None) -> Miss:
    """The second measure is missing from the prediction: where was it lost?"""
    measures = (POLICY.measures[0], *POLICY.measures[2:])
    found = misses(match(GOLD, with_policy(measures=measures)), trace_)
    return next(m for m in found if (m.kind, m.item) == ("measure", "p1/m2"))


def refusal(field: str) -> Refusal:
    unit = next(u for u in trace().articles[0].units if "label 1.2" in GOLD.text[u.unit.start : u.unit.end])
    given = f'{{"u":"{unit.id}","quote":"x"}}'
    return Refusal(document="doc.txt", article=1, field=field, given=given, reason="no such quote", request_id=None)


def test_where_a_missed_record_was_lost() -> None:
    assert lost(None).stage is None
    assert lost(trace(without=POLICY.measures[1].text)).stage == "not_in_any_unit"
    assert lost(trace(asked=False)).stage == "not_in_article"
    assert lost(trace()).stage == "not_answered"
    assert lost(trace(refusals=(refusal("policies[0].measures[1].at"),))).stage == "refused"
    assert lost(trace(refusals=(refusal("policies[0].targets[1].at"),))).stage == "not_answered"
    assert lost(trace(merged=True)).stage == "merged_away"


def with_measure(text: Span) -> list[FalseAlarm]:
    extra: MeasureLabel = POLICY.measures[0].model_copy(update={"key": "x", "text": text, "implementers": ()})
    found = false_alarms(match(GOLD, with_policy(measures=(*POLICY.measures, extra))))
    return list(found)


@pytest.mark.parametrize(
    ("quote", "reason", "rule"),
    [
        ("the bureau 1.1 builds platform 1.1", "duplicate", "11"),
        ("builds", "boundary", "11, 13"),
        ("So far 9001 firms had registered.", "unknown", None),
        ("Brief", "no_policy_here", "1"),
        ("计划1号", "cited_only", "3"),
    ],
)
def test_what_a_false_measure_is(quote: str, reason: str, rule: str | None) -> None:
    (alarm,) = with_measure(at(GOLD.text, quote))
    assert (alarm.reason, alarm.rule) == (reason, rule)


def test_a_false_target_names_the_rule_of_not_targets() -> None:
    trap: NotTarget = GOLD.not_targets[0]
    false = POLICY.targets[0].model_copy(update={"key": "x", "text": trap.at, "raw": trap.at})
    (alarm,) = false_alarms(match(GOLD, with_policy(targets=(*POLICY.targets, false))))
    assert (alarm.reason, alarm.rule) == ("not_a_target", "21")


def test_a_second_record_of_a_policy_is_a_duplicate() -> None:
    again: PolicyLabel = POLICY.model_copy(
        update={"key": "p9", "measures": (), "targets": (), "issuers": (), "references": ()}
    )
    predicted = GOLD.model_copy(update={"policies": (*GOLD.policies, again)})
    (alarm,) = false_alarms(match(GOLD, predicted))
    assert (alarm.kind, alarm.reason, alarm.rule) == ("policy", "duplicate", "5")


def test_tally() -> None:
    assert tally(with_measure(at(GOLD.text, "builds"))) == {"measure": {"boundary": 1}}
    assert tally([lost(None)]) == {"measure": {"untraced": 1}}
