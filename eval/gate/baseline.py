"""The regression gate: accepted scores per gold set, prompt set and model, and the items that may not get lost.

`baseline.json` holds for every accepted run the scores with their tolerances and, score by score, the gold items
that it does *not* get right; whatever else is missing now is lost, and is named. Accepting is a deliberate act:
it rewrites the entry, and the file's diff shows what was gained and given up.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from eval.score.evaluate import Evaluation
from eval.score.metrics import Observation
from schemas.errors import GateFailed, UsageError

TOLERANCE = 0.005
"""Default: answers are replayed, so scores do not wobble; this leaves room for one record among many."""
EXACT = ("evidence_validity", "not_targets")
"""Scores without tolerance."""
ROUNDING = 1e-6
"""Scores are written with six digits."""
SHOWN = 20
"""Lost items named per score in the message; all of them stand in the verdict."""


class Accepted(BaseModel):
    """One accepted score. `wrong`: gold items (`document: item`) that are missed or wrong, and accepted as such."""

    model_config = ConfigDict(extra="forbid")

    value: float
    tolerance: float
    wrong: list[str]


class Entry(BaseModel):
    """The accepted scores of one prompt set and model on one gold set."""

    model_config = ConfigDict(extra="forbid")

    gold_sha256: str
    scores: dict[str, Accepted]


class Baseline(BaseModel):
    """`baseline.json`. Keys of `accepted`: `gold set | prompt set | model`."""

    model_config = ConfigDict(extra="forbid")

    version: int = 1
    accepted: dict[str, Entry] = {}


@dataclass(frozen=True)
class Fall:
    """A score that is below what was accepted, and the items that were right then and are not now."""

    score: str
    accepted: float
    tolerance: float
    now: float
    lost: tuple[str, ...]

    def __str__(self) -> str:
        head = f"{self.score}: {self.now:.3f}, accepted {self.accepted:.3f} (tolerance {self.tolerance:g})"
        shown = [f"    lost {item}" for item in self.lost[:SHOWN]]
        more = len(self.lost) - SHOWN
        return "\n".join([head, *shown, *([f"    … and {more} more"] if more > 0 else [])])


@dataclass(frozen=True)
class Verdict:
    """What the gate says about one run. `reason` says why nothing was compared, where nothing was."""

    key: str
    compared: bool
    falls: tuple[Fall, ...]
    reason: str = ""


def key_of(evaluation: Evaluation, gold_name: str) -> str:
    """Name of the baseline entry of a run."""
    model = (
        "draft" if evaluation.model.startswith("draft ") else evaluation.model
    )  # whichever weights: learned anew, compared
    return f"{gold_name} | {evaluation.prompt_set} | {model}"


def read_baseline(path: Path) -> Baseline:
    """The accepted scores; an absent file accepts nothing. Raises `UsageError` where the file is damaged."""
    if not path.is_file():
        return Baseline()
    try:
        return Baseline.model_validate_json(path.read_bytes())
    except ValidationError as error:
        raise UsageError(f"{path} is damaged ({error.errors()[0]['msg']}): restore it from the repository") from error


def check(evaluation: Evaluation, gold_name: str, gold_sha256: str, baseline: Baseline) -> Verdict:
    """Compares a run with its accepted scores; `falls` is empty when the gate is green."""
    key = key_of(evaluation, gold_name)
    entry = baseline.accepted.get(key)
    if entry is None:
        return Verdict(key, False, (), "no scores have been accepted for this prompt set and model")
    if entry.gold_sha256 != gold_sha256:
        return Verdict(key, False, (), "the accepted scores rest on another version of the gold")
    now = evaluation.scores["all"]
    wrong = wrong_items(evaluation.observations())
    falls = []
    for name, accepted in entry.scores.items():
        counts = now[name].counts if name in now else None
        value = (counts.f1 if counts else None) or 0.0
        if value < accepted.value - accepted.tolerance - ROUNDING:
            lost = tuple(i for i in wrong.get(name, []) if i not in set(accepted.wrong))
            falls.append(Fall(name, accepted.value, accepted.tolerance, value, lost))
    return Verdict(key, True, tuple(falls))


def enforce(verdicts: Sequence[Verdict], required: bool) -> None:
    """Raises `GateFailed` when a score fell; with `required` also when a run could not be compared."""
    messages = []
    for verdict in verdicts:
        if verdict.falls:
            falls = "\n".join(str(f) for f in verdict.falls)
            messages.append(f"scores fell below the baseline for {verdict.key}:\n{falls}")
        elif required and not verdict.compared:
            messages.append(f"{verdict.key}: {verdict.reason}; look at the scores, then run `make baseline`")
    if messages:
        raise GateFailed("\n".join(messages))


def accept_baseline(
    evaluations: Sequence[Evaluation], gold_name: str, gold_sha256: str, path: Path, tolerance: float = TOLERANCE
) -> Baseline:
    """Writes the scores of these runs as accepted; other entries and tolerances that were set by hand stay."""
    baseline = read_baseline(path)
    for evaluation in evaluations:
        key = key_of(evaluation, gold_name)
        before = baseline.accepted.get(key)
        baseline.accepted[key] = _entry(evaluation, gold_sha256, before, tolerance)
    baseline.accepted = dict(sorted(baseline.accepted.items()))
    text = json.dumps(baseline.model_dump(), ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8")
    return baseline


def _entry(evaluation: Evaluation, gold_sha256: str, before: Entry | None, tolerance: float) -> Entry:
    wrong = wrong_items(evaluation.observations())
    kept = {n: a.tolerance for n, a in before.scores.items()} if before else {}
    scores = {}
    for name, score in evaluation.scores["all"].items():
        if score.counts.f1 is None:
            continue
        usual = 0.0 if name in EXACT else tolerance
        value = round(score.counts.f1, 6)  # see ROUNDING
        scores[name] = Accepted(value=value, tolerance=kept.get(name, usual), wrong=wrong.get(name, []))
    return Entry(gold_sha256=gold_sha256, scores=scores)


def wrong_items(observations: Sequence[Observation]) -> dict[str, list[str]]:
    """Score → gold items (`document: item`) that are missed or wrong, sorted."""
    found: dict[str, list[str]] = {}
    for o in observations:
        if o.gold and not o.correct:
            found.setdefault(o.score, []).append(f"{o.document}: {o.item}")
    return {score: sorted(names) for score, names in found.items()}
