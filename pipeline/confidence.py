"""How certain records are: what was answered, held against what the weights say of the same place.

It works for every answer, the draft's own and a model's, for a service that tells log-probabilities and for one that
does not: the records name their places, and the weights can judge any place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from pipeline.draft import Opinion
from pipeline.learn.scale import Scale
from pipeline.learn.weights import Weights
from schemas.records import Measure, Policy, Target

Scales = Mapping[str, Scale]
"""By what is certain: policy, measure, target, instrument."""
OF_MODELS: Scales = {
    "policy": Scale(0.0, 0.31, 2.03),
    "measure": Scale(0.31, 0.0, 2.2),
    "target": Scale(0.31, 0.0, 3.27),
    "instrument": Scale(0.79, 0.0, 3.78),
}
"""For answers of a large model, from those recorded (`python -m eval.trials.certain`).

Where none of them was wrong, or one, the slope is that of measures, and the level counts one more right and one wrong.
"""
MAY_REPORT_FROM = 0.3
"""From how likely on a run speaks of documents that it took no policy of."""


def scales_of(weights: Weights) -> Scales:
    """For the draft's own answers: what the head of the weights says; empty for weights that do not know."""
    known = weights.head.get("confidence" if weights.vectors is None else "confidence by meaning")
    return {name: Scale(*numbers) for name, numbers in known.items()} if isinstance(known, Mapping) else {}


def weigh(policies: Iterable[Policy], opinion: Opinion, scales: Scales) -> list[Policy]:
    """The policies of an article with their confidence, and that of all that is in them."""
    return [_policy(policy, opinion, scales) for policy in policies] if scales else list(policies)


def _policy(policy: Policy, opinion: Opinion, scales: Scales) -> Policy:
    chosen = opinion.of_instruments(policy.measures)
    return policy.model_copy(
        update={
            "confidence": scales["policy"].probability(0.0, opinion.reports),
            "measures": tuple(_measure(m, c, opinion, scales) for m, c in zip(policy.measures, chosen, strict=True)),
            "targets": tuple(_target(t, opinion, scales) for t in policy.targets),
        }
    )


def _measure(measure: Measure, chosen: float, opinion: Opinion, scales: Scales) -> Measure:
    stated = opinion.of_measure(measure)
    return measure.model_copy(
        update={
            "confidence": None if stated is None else scales["measure"].probability(stated, opinion.reports),
            "instrument_confidence": scales["instrument"].probability(chosen, opinion.reports),
        }
    )


def _target(target: Target, opinion: Opinion, scales: Scales) -> Target:
    goal = opinion.of_target(target)
    known = None if goal is None else scales["target"].probability(goal, opinion.reports)
    return target.model_copy(update={"confidence": known})


def overlooked(silent: Sequence[float], scales: Scales) -> float | None:
    """How likely the likeliest of the articles in which the draft took no policy reports one.

    `silent`: their log-odds. Null where there is none, or nobody knows.
    """
    return scales["policy"].probability(0.0, max(silent)) if silent and "policy" in scales else None


def certain_enough(policies: Sequence[Policy], least: float | None) -> tuple[tuple[Policy, ...], int]:
    """The policies without what is less certain than `least`, and how many records that leaves out.

    A policy goes with all that is in it; where nobody knows, the record stays.
    """
    if least is None:
        return tuple(policies), 0
    kept, left_out = [], 0
    for policy in policies:
        if not _enough(policy, least):
            left_out += 1 + len(policy.measures) + len(policy.targets)
            continue
        measures = tuple(m for m in policy.measures if _enough(m, least))
        there = {m.id for m in measures}
        targets = tuple(
            t if t.measure_id in there else t.model_copy(update={"measure_id": None})
            for t in policy.targets
            if _enough(t, least)
        )
        left_out += len(policy.measures) - len(measures) + len(policy.targets) - len(targets)
        kept.append(policy.model_copy(update={"measures": measures, "targets": targets}))
    return tuple(kept), left_out


def _enough(record: Policy | Measure | Target, least: float) -> bool:
    return record.confidence is None or record.confidence >= least
