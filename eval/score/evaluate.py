"""One run scored against gold: matches, observations, scores with intervals, anatomy and cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any, Literal

from eval.labelled.labels import DocumentLabels, from_policies
from eval.runs.run_files import RunFiles
from eval.runs.trace import retrace
from eval.score.anatomy import FalseAlarm, Miss, false_alarms, misses, tally
from eval.score.match import DocumentMatch, match
from eval.score.metrics import Counts, Observation, instrument_confusion, observe, total
from eval.score.reliability import Judgement, Reliability, judgements, reliability
from eval.score.uncertainty import Comparison, Interval, clusters_are, compare, intervals
from schemas.errors import UsageError
from schemas.records import Usage

Scope = Literal["all", "bulleted", "prose"]
SCOPES: tuple[Scope, ...] = ("all", "bulleted", "prose")
HEADLINE = (
    "policy",
    "measure",
    "measure.with_instrument",
    "target",
    "target.with_tuple",
    "organisation",
    "reference",
    "evidence_validity",
    "not_targets",
)
"""The scores that summaries show; everything else is in `--json` and in the report's second table."""


@dataclass(frozen=True)
class Score:
    """One line of a table. Ratios are null where nothing was to be found and nothing was; interval of F1."""

    name: str
    counts: Counts
    interval: Interval | None

    def as_dict(self) -> dict[str, Any]:
        """For `--json`."""
        c, i = self.counts, self.interval
        ratios = {"precision": c.precision, "recall": c.recall, "f1": c.f1}
        return {**asdict(c), **ratios, "low": i.low if i else None, "high": i.high if i else None}


@dataclass(frozen=True)
class Cost:
    """What a run cost; null where an answer that was computed offline has none. Money in US dollars."""

    calls: int | None = None
    input_tokens: int | None = None
    cached_tokens: int | None = None
    output_tokens: int | None = None
    money: float | None = None
    seconds: float | None = None


@dataclass(frozen=True)
class DocumentResult:
    """One document's part. `traced`: whether it could be told where missed records were lost."""

    match: DocumentMatch
    observations: tuple[Observation, ...]
    misses: tuple[Miss, ...]
    false_alarms: tuple[FalseAlarm, ...]
    judgements: tuple[Judgement, ...] = ()
    """How certain each record was said to be, and whether it is right."""

    @property
    def document(self) -> str:
        """Name of the document."""
        return self.match.document


@dataclass(frozen=True)
class Evaluation:
    """A run (or a second labelling) against gold. `absent`: gold documents that the run does not have."""

    name: str
    prompt_set: str
    model: str
    endpoint: str
    cost: Cost
    documents: tuple[DocumentResult, ...]
    absent: tuple[str, ...] = ()
    without_gold: tuple[str, ...] = ()

    def observations(self, scope: Scope = "all") -> list[Observation]:
        """Observations of all documents of the scope, in document order."""
        chosen = [d for d in self.documents if scope == "all" or d.match.gold.prose == (scope == "prose")]
        return [o for d in chosen for o in d.observations]

    @cached_property
    def scores(self) -> dict[Scope, dict[str, Score]]:
        """Scores by scope and name; a scope without documents is left out."""
        tables: dict[Scope, dict[str, Score]] = {}
        for scope in SCOPES:
            observations = self.observations(scope)
            bounds = intervals(observations)
            found = {n: Score(n, counts, bounds.get(n)) for n, counts in total(observations).items()}
            if found:
                tables[scope] = found
        return tables

    @cached_property
    def reliability(self) -> tuple[Reliability, ...]:
        """Whether records are as often right as their confidence says; empty where none has any."""
        return reliability(j for d in self.documents for j in d.judgements)

    @property
    def matches(self) -> list[DocumentMatch]:
        """The documents' matches."""
        return [d.match for d in self.documents]

    @property
    def resampled(self) -> str:
        """What the intervals resample: articles or documents."""
        return clusters_are(self.observations())


def evaluate_run(gold: Sequence[DocumentLabels], run: RunFiles, traced: bool = True) -> Evaluation:
    """Scores a run directory. Documents without gold are left aside, gold documents it lacks count as missed.

    `traced`: recompute units and articles of documents with missed records, to tell where those were lost.
    """
    results = tuple(_document(g, run, traced) for g in gold)
    known = {g.document for g in gold}
    names = {row.document for row in run.documents if row.status == "ok"} | {p.document for p in run.policies}
    names |= {twin for row in run.documents for twin in row.same_as}
    if not names & known:
        raise UsageError(f"{run.folder} holds none of the gold documents ({', '.join(sorted(known)[:3])} …)")
    m = run.manifest
    return Evaluation(
        name=run.name,
        prompt_set=m.prompt_set if m else "",
        model=m.model if m else "",
        endpoint=m.endpoint if m else "",
        cost=cost_of(m.usage) if m else Cost(),
        documents=results,
        absent=tuple(sorted(known - names)),
        without_gold=tuple(sorted(names - known)),
    )


def evaluate_labels(gold: Sequence[DocumentLabels], other: Sequence[DocumentLabels], name: str) -> Evaluation:
    """Scores a second labelling as if it were a prediction; only documents that both have."""
    by_name = {labels.document: labels for labels in other}
    pairs = [(g, by_name[g.document]) for g in gold if g.document in by_name]
    if not pairs:
        raise UsageError("the two labellings have no document in common")
    results = tuple(_result(match(g, o)) for g, o in pairs)
    return Evaluation(name, "", "", "", Cost(), results)


def cost_of(usage: Usage) -> Cost:
    """Tokens and money are null where no call or stored answer stands behind them."""
    asked = usage.calls + usage.cache_hits > 0
    tokens = asked and usage.input_tokens + usage.output_tokens > 0
    return Cost(
        calls=usage.calls if asked else None,
        input_tokens=usage.input_tokens if tokens else None,
        cached_tokens=usage.cached_tokens if tokens else None,
        output_tokens=usage.output_tokens if tokens else None,
        money=usage.money if asked else None,
        seconds=usage.seconds,
    )


def _document(gold: DocumentLabels, run: RunFiles, traced: bool) -> DocumentResult:
    policies = run.policies_of(gold.document)
    predicted = from_policies(gold.document, gold.text, policies)
    matched = match(gold, predicted)
    source = run.source(gold.document) if traced and any(k.missed for k in matched.lenient.values()) else None
    trace = retrace(source, run.refusals, policies) if source is not None else None
    certain = judgements(matched, policies)
    return DocumentResult(matched, observe(matched), misses(matched, trace), false_alarms(matched), certain)


def _result(matched: DocumentMatch) -> DocumentResult:
    return DocumentResult(matched, observe(matched), misses(matched, None), false_alarms(matched))


def compare_runs(first: Evaluation, second: Evaluation) -> tuple[Comparison, ...]:
    """`second` against `first`, item by item, every score; both must be scored on the same gold."""
    if {d.document for d in first.documents} != {d.document for d in second.documents}:
        raise UsageError("the two runs are scored on different documents")
    return compare(first.observations(), second.observations())


def as_dict(evaluation: Evaluation) -> dict[str, Any]:
    """Everything of an evaluation for `--json`: scores by scope and document, anatomy, confusion, cost."""
    lost = [m for d in evaluation.documents for m in d.misses]
    false = [f for d in evaluation.documents for f in d.false_alarms]
    confusion = sorted(instrument_confusion(evaluation.matches).items())
    return {
        "name": evaluation.name,
        "prompt_set": evaluation.prompt_set,
        "model": evaluation.model,
        "endpoint": evaluation.endpoint,
        "cost": asdict(evaluation.cost),
        "resampled": evaluation.resampled,
        "scores": {s: {n: v.as_dict() for n, v in t.items()} for s, t in evaluation.scores.items()},
        "missed_by_stage": tally(lost),
        "false_by_reason": tally(false),
        "instrument_confusion": [{"gold": g, "predicted": p, "count": n} for (g, p), n in confusion],
        "reliability": [asdict(r) for r in evaluation.reliability],
        "documents": [_document_dict(d) for d in evaluation.documents],
        "absent": list(evaluation.absent),
        "without_gold": list(evaluation.without_gold),
    }


def _document_dict(result: DocumentResult) -> dict[str, Any]:
    counts = total(result.observations)
    wrong = [o for o in result.observations if "." in o.score and o.gold and o.predicted and not o.correct]
    return {
        "document": result.document,
        "prose": result.match.gold.prose,
        "scores": {name: Score(name, c, None).as_dict() for name, c in counts.items()},
        "missed": [{**asdict(m), "span": m.span.model_dump()} for m in result.misses],
        "false": [{**asdict(f), "span": f.span.model_dump()} for f in result.false_alarms],
        "wrong_slots": [{"slot": o.score, "item": o.item} for o in wrong],
    }


def comparison_dict(comparison: Comparison) -> dict[str, Any]:
    """One score's comparison for `--json`, with its verdict in words."""
    return {**asdict(comparison), "differ": comparison.differ, "words": comparison.in_words()}
