"""How certain a large model's answers may be: the scales of `pipeline/confidence.py`, from the recorded answers.

    python -m eval.trials.certain                   (two minutes)

The answers about the seeds and the contrast documents are played again. Every record of which gold says whether it is
right is held against weights that were learned without those documents. The last lines say what a scale that was fitted
on the one set says of the other.
"""

from __future__ import annotations

import math
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from eval.labelled.labels import MeasureLabel
from eval.labelled.load import load_gold
from eval.learning.calibrate import fit_scale
from eval.learning.learn import all_rows, shipped_rows
from eval.learning.train import fit_all
from eval.runs.recorded import Recorded, recorded_runs, replay
from eval.runs.run_files import read_run
from eval.score.evaluate import evaluate_run
from eval.score.match import DocumentMatch
from eval.score.reliability import CERTAIN, Certain
from pipeline.draft import Opinion, opinion_on
from pipeline.learn.scale import Scale
from pipeline.learn.weights import Weights
from pipeline.opened import open_document
from schemas.records import Policy

Point = tuple[Certain, float, bool]
"""A record of which something is known: its log-odds (of a policy: of its article), and whether it is right."""
_FEW_WRONG = 3
"""Fewer wrong records than this tell only how many are right, not which."""


def points(recorded: Recorded) -> Iterator[Point]:
    """The records of a set of documents. Raises `InputError` where its answers are stale."""
    source = recorded.docs.name
    rows = [r for r in all_rows(shipped_rows()) if r.document.source != source]
    weights = Weights({}, fit_all(rows), f"without {source}")
    with tempfile.TemporaryDirectory(prefix="pams-certain-") as room:
        replay(recorded, Path(room) / "run")
        files = read_run(Path(room) / "run", recorded.docs)
        gold = load_gold(recorded.gold, recorded.docs)
        for result in evaluate_run(gold, files, traced=False).documents:
            document = files.source(result.document)
            if document is None:
                continue
            opened = open_document(document)
            policies = files.policies_of(result.document)
            asked = [a for a in opened.articles if a.asked and a.units]
            opinions = [
                next(opinion_on(opened.shown.text, a, weights) for a in asked if a.start == p.extent.start)
                for p in policies
            ]
            yield from _points(result.match, policies, opinions)


def _points(match: DocumentMatch, policies: tuple[Policy, ...], opinions: list[Opinion]) -> Iterator[Point]:
    odds: dict[tuple[Certain, str], float | None] = {}
    for p, (policy, opinion) in enumerate(zip(policies, opinions, strict=True), 1):
        odds["policy", f"p{p}"] = opinion.reports
        chosen = opinion.of_instruments(policy.measures)
        for m, (measure, instrument) in enumerate(zip(policy.measures, chosen, strict=True), 1):
            odds["measure", f"p{p}/m{m}"], odds["instrument", f"p{p}/m{m}"] = opinion.of_measure(measure), instrument
        for t, target in enumerate(policy.targets, 1):
            odds["target", f"p{p}/t{t}"] = opinion.of_target(target)
    kinds: tuple[Certain, ...] = ("policy", "measure", "target")
    found: list[tuple[Certain, str, bool]] = []
    for kind in kinds:
        records = match.lenient[kind]  # type: ignore[index]
        found += [(kind, pair.predicted.id, True) for pair in records.pairs]
        found += [(kind, item.id, False) for item in records.false]
    for pair in match.lenient["measure"].pairs:
        one, other = pair.gold.record, pair.predicted.record
        if isinstance(one, MeasureLabel) and isinstance(other, MeasureLabel):
            found.append(("instrument", pair.predicted.id, one.instrument is other.instrument))
    for kind, name, right in found:
        if (own := odds.get((kind, name))) is not None:
            yield kind, own, right


def scale_of(kind: Certain, known: list[Point]) -> Scale:
    """The scale of one kind; with too few wrong ones the slope of measures, and one more right and wrong counted."""
    own, right = _of(kind, known)
    if int((~right).sum()) >= _FEW_WRONG:
        return fit_scale(np.column_stack([own, np.zeros(len(own))]), right)
    slope = scale_of("measure", known).own if kind != "measure" else 0.0
    share = (right.sum() + 1) / (len(right) + 2)
    bias = math.log(share / (1 - share)) - slope * float(own.mean() if len(own) else 0.0)
    return Scale(0.0, slope, bias) if kind == "policy" else Scale(slope, 0.0, bias)


def _of(
    kind: Certain, known: list[Point]
) -> tuple[np.ndarray[tuple[int], np.dtype[np.float64]], np.ndarray[tuple[int], np.dtype[np.bool_]]]:
    chosen = [(own, right) for name, own, right in known if name == kind]
    return np.array([own for own, _ in chosen]), np.array([right for _, right in chosen], dtype=bool)


def main() -> int:
    """Prints the scales, and each half judged by the other."""
    sets = {r.docs.name: list(points(r)) for r in recorded_runs() if r.endpoint == "files"}
    every = [point for known in sets.values() for point in known]
    for kind in CERTAIN:
        own, right = _of(kind, every)
        scale = Scale(*(round(n, 2) for n in scale_of(kind, every)))
        print(f"{kind}: {scale}, {right.sum()} of {len(right)} right")
    for name, known in sets.items():
        rest = [point for other, points_ in sets.items() if other != name for point in points_]
        for kind in CERTAIN:
            own, right = _of(kind, known)
            scale = scale_of(kind, rest)
            said = [scale.probability(o, o) if kind == "policy" else scale.probability(o, 0.0) for o in own]
            print(f"{name} by the others, {kind}: said {np.mean(said):.2f}, right {right.mean():.2f} ({len(right)})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
