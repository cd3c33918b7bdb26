"""How far two labellings of the same documents agree: the ceiling that scores are read against.

One labelling is scored as if it were a prediction of the other; F1 is the same in either direction. Records that
either labeller marked as borderline are left out, like in every score.
"""

from __future__ import annotations

from collections.abc import Sequence

from eval.labelled.labels import KINDS, DocumentLabels
from eval.score.evaluate import Evaluation, Scope, Score, evaluate_labels
from eval.score.metrics import PLACES, TRAPS, VALIDITY
from eval.score.slots import END_TO_END, SLOTS


def agree(one: Sequence[DocumentLabels], two: Sequence[DocumentLabels], name: str = "agreement") -> Evaluation:
    """Agreement of two labellings on the documents that both have; raises `UsageError` if there is none."""
    return evaluate_labels(one, two, name)


def agreement_table(evaluation: Evaluation) -> str:
    """Markdown tables: records found alike per type, slots filled alike on records that both have."""
    return "\n".join([*_records(evaluation), "", *_slots(evaluation), "", _reading(evaluation)]) + "\n"


def _records(evaluation: Evaluation) -> list[str]:
    lines = [
        "| record | one | other | both (overlap) | F1 (95 %) | both (exact) | F1 exact | bulleted | prose |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    scores = evaluation.scores["all"]
    for kind in KINDS:
        if kind not in scores:
            continue
        lenient, strict = scores[kind], scores[f"{kind}.strict"]
        c = lenient.counts
        apart = [_ratio(_score(evaluation, scope, kind)) for scope in ("bulleted", "prose")]
        cells = [kind, c.gold, c.predicted, c.correct, _with_interval(lenient), strict.counts.correct, _ratio(strict)]
        lines.append(_row([*cells, *apart]))
    for name in (*(slot.score for slot in END_TO_END), PLACES):
        if name in scores:
            score = scores[name]
            c = score.counts
            apart = [_ratio(_score(evaluation, scope, name)) for scope in ("bulleted", "prose")]
            lines.append(_row([name, c.gold, c.predicted, c.correct, _with_interval(score), "", "", *apart]))
    return lines


def _slots(evaluation: Evaluation) -> list[str]:
    lines = ["| slot | both have the record | same | agreement (95 %) |", "|---|--:|--:|--:|"]
    scores = evaluation.scores["all"]
    for slot in SLOTS:
        if slot.score in scores:
            score = scores[slot.score]
            lines.append(_row([slot.score, score.counts.gold, score.counts.correct, _with_interval(score)]))
    return lines


def _reading(evaluation: Evaluation) -> str:
    names = ", ".join(d.document for d in evaluation.documents)
    left_out = f"{VALIDITY} and {TRAPS} are scores of runs and are not shown"
    return f"Documents: {names}. Intervals: bootstrap over {evaluation.resampled}, fixed seed. {left_out}."


def _score(evaluation: Evaluation, scope: Scope, name: str) -> Score | None:
    return evaluation.scores.get(scope, {}).get(name)


def _ratio(score: Score | None) -> str:
    return "–" if score is None or score.counts.f1 is None else f"{score.counts.f1:.3f}"


def _with_interval(score: Score) -> str:
    if score.interval is None:
        return _ratio(score)
    return f"{_ratio(score)} ({score.interval.low:.3f}–{score.interval.high:.3f})"


def _row(cells: Sequence[object]) -> str:
    return "| " + " | ".join(str(cell) for cell in cells) + " |"
