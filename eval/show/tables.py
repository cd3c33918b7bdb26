"""What every table shows: scores with intervals and the cost beside them, as cells of text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from eval.labelled.labels import KINDS
from eval.score.anatomy import tally
from eval.score.evaluate import HEADLINE, Cost, Evaluation, Scope, Score
from eval.score.metrics import PLACES
from eval.score.reliability import EDGES, SHARES

NOTHING = "–"
RELIABILITY_COLUMNS = (
    "certain", "records", "said", "right", *(f"{share:.0%}" for share in SHARES),
    *(f"from {low:g}" for low in EDGES[:-1]),
)  # fmt: skip
COST_COLUMNS = ("calls", "input tokens", "cached tokens", "output tokens", "money (USD)", "seconds")


@dataclass(frozen=True)
class Line:
    """One score of one run: counts, ratios, the strict and the two layouts' F1, all as text."""

    name: str
    gold: int
    predicted: int
    correct: int
    precision: str
    recall: str
    f1: str
    interval: str
    strict: str
    bulleted: str
    prose: str
    value: float | None


def ratio(value: float | None) -> str:
    """Three decimals, or a dash where there is nothing to divide."""
    return NOTHING if value is None else f"{value:.3f}"


def interval(score: Score | None) -> str:
    """`0.812–0.904`, or a dash."""
    if score is None or score.interval is None:
        return NOTHING
    return f"{score.interval.low:.3f}–{score.interval.high:.3f}"


def lines(evaluation: Evaluation, names: Sequence[str] = ()) -> tuple[Line, ...]:
    """The scores of a run; without `names` all of them (strict scores stand in their own column)."""
    scores = evaluation.scores.get("all", {})
    chosen = [n for n in (names or scores) if n in scores and not n.endswith(".strict")]
    return tuple(_line(evaluation, name) for name in chosen)


def headline(evaluation: Evaluation) -> tuple[Line, ...]:
    """The scores that summaries show."""
    return lines(evaluation, HEADLINE)


def is_accuracy(name: str) -> bool:
    """Slots and validity are shares of what is there: precision and recall say nothing more."""
    return name not in (*KINDS, PLACES) and ".with_" not in name


def cost_cells(cost: Cost) -> tuple[str, ...]:
    """One cell per column of `COST_COLUMNS`; a dash where an offline answer has no such cost."""
    numbers = (cost.calls, cost.input_tokens, cost.cached_tokens, cost.output_tokens)
    money = NOTHING if cost.money is None else f"{cost.money:.4f}"
    seconds = NOTHING if cost.seconds is None else f"{cost.seconds:.1f}"
    return (*(NOTHING if n is None else f"{n:,}" for n in numbers), money, seconds)


def _line(evaluation: Evaluation, name: str) -> Line:
    score = evaluation.scores["all"][name]
    c = score.counts
    simple = is_accuracy(name)
    return Line(
        name=name,
        gold=c.gold,
        predicted=c.predicted,
        correct=c.correct,
        precision=NOTHING if simple else ratio(c.precision),
        recall=NOTHING if simple else ratio(c.recall),
        f1=ratio(c.f1),
        interval=interval(score),
        strict=_f1_of(evaluation, "all", f"{name}.strict"),
        bulleted=_f1_of(evaluation, "bulleted", name),
        prose=_f1_of(evaluation, "prose", name),
        value=c.f1,
    )


def _f1_of(evaluation: Evaluation, scope: Scope, name: str) -> str:
    score = evaluation.scores.get(scope, {}).get(name)
    return NOTHING if score is None else ratio(score.counts.f1)


def reliability_rows(evaluation: Evaluation) -> Iterator[tuple[str, ...]]:
    """A row for each kind: records, said, right, how many of the most certain are right, and by confidence."""
    for line in evaluation.reliability:
        by_edge = {b.low: f"{b.said:.2f}→{b.right:.2f} ({b.count})" for b in line.bins}
        bins = (by_edge.get(low, NOTHING) for low in EDGES[:-1])
        yield line.kind, str(line.count), f"{line.said:.2f}", f"{line.right:.2f}", *(f"{p:.2f}" for p in line.at), *bins


def anatomy_rows(evaluation: Evaluation) -> Iterator[tuple[str, str, str, int]]:
    """(missed or false, kind, stage or reason, count), most frequent first within a kind."""
    missed = tally([m for d in evaluation.documents for m in d.misses])
    false = tally([f for d in evaluation.documents for f in d.false_alarms])
    for title, table in (("missed", missed), ("false", false)):
        for kind in KINDS:
            for word, count in table.get(kind, {}).items():
                yield title, kind, word.replace("_", " "), count
