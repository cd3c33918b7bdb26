"""The short Markdown summary for pull requests."""

from __future__ import annotations

import re
from collections.abc import Sequence

from eval.gate.baseline import Verdict
from eval.score.evaluate import HEADLINE, Evaluation
from eval.score.uncertainty import Comparison
from eval.show.tables import (
    COST_COLUMNS,
    NOTHING,
    RELIABILITY_COLUMNS,
    anatomy_rows,
    cost_cells,
    headline,
    reliability_rows,
)

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>|#])")
NAMED = 10
"""Gained and lost items named per score."""


def plain(text: str) -> str:
    """Text as Markdown shows it: nothing in a name or a source can become markup."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def markdown(
    evaluations: Sequence[Evaluation], comparisons: Sequence[Comparison] = (), verdicts: Sequence[Verdict] = ()
) -> str:
    """Scores with intervals and cost, one row a run; what was gained and lost; what the gate says."""
    parts = ["### Extraction scores", "", *_scores(evaluations), ""]
    if evaluations:
        parts += [f"F1 (accuracy for slots) with 95 % intervals, bootstrap over {evaluations[0].resampled}.", ""]
    for evaluation in evaluations:
        parts += [*_anatomy(evaluation), "", *_reliability(evaluation)]
    if comparisons:
        parts += ["### Against the earlier run", "", *(line for c in comparisons for line in _comparison(c)), ""]
    parts += [line for v in verdicts for line in _verdict(v)]
    return "\n".join(parts).rstrip() + "\n"


def _scores(evaluations: Sequence[Evaluation]) -> list[str]:
    names = list(dict.fromkeys(line.name for e in evaluations for line in headline(e)))
    head = ["run", *names, *COST_COLUMNS]
    rows = [head, ["---", *["--:"] * (len(head) - 1)]]
    for evaluation in evaluations:
        by_name = {line.name: line for line in headline(evaluation)}
        cells = [f"{by_name[n].f1} ({by_name[n].interval})" if n in by_name else NOTHING for n in names]
        rows.append([plain(evaluation.name), *cells, *cost_cells(evaluation.cost)])
    return ["| " + " | ".join(row) + " |" for row in rows]


def _anatomy(evaluation: Evaluation) -> list[str]:
    lines = []
    for title in ("missed", "false"):
        found = [f"{kind}: {word} {n}" for t, kind, word, n in anatomy_rows(evaluation) if t == title]
        lines.append(f"- {plain(evaluation.name)}, {title}: {plain('; '.join(found)) or 'none'}")
    if evaluation.absent:
        lines.append(f"- not extracted: {plain(', '.join(evaluation.absent))}")
    return lines


def _reliability(evaluation: Evaluation) -> list[str]:
    """How certain the records were said to be, and how many of the most certain are right."""
    if not evaluation.reliability:
        return []
    rows = [RELIABILITY_COLUMNS, ["---", *["--:"] * (len(RELIABILITY_COLUMNS) - 1)]]
    rows += reliability_rows(evaluation)
    return [*("| " + " | ".join(row) + " |" for row in rows), ""]


def _comparison(comparison: Comparison) -> list[str]:
    changed = comparison.gained or comparison.lost or comparison.new_false or comparison.gone_false
    if not changed or comparison.score not in HEADLINE:
        return []
    lines = [f"- {plain(comparison.in_words())}"]
    for title, names in (("lost", comparison.lost), ("gained", comparison.gained)):
        lines += [f"  - {title} {plain(name)}" for name in names[:NAMED]]
        if len(names) > NAMED:
            lines.append(f"  - … and {len(names) - NAMED} more {title}")
    return lines


def _verdict(verdict: Verdict) -> list[str]:
    if not verdict.compared:
        return [f"Gate, {plain(verdict.key)}: not compared: {plain(verdict.reason)}."]
    if not verdict.falls:
        return [f"Gate, {plain(verdict.key)}: green."]
    return [
        f"Gate, {plain(verdict.key)}: **red**.",
        "",
        "```",
        *(str(f).replace("`", "'") for f in verdict.falls),
        "```",
    ]
