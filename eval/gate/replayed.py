"""The gate over all that is recorded: played again, scored, compared with what was accepted.

python -m eval.gate.replayed            score what is recorded against the accepted scores (exit code 5 when one fell)
python -m eval.gate.replayed --accept   accept the scores as they are now (`make baseline`)
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from eval.gate.baseline import Verdict, accept_baseline, check, enforce, read_baseline
from eval.labelled.load import gold_hash, load_gold
from eval.runs.recorded import ROOT, Recorded, recorded_runs, replay
from eval.runs.run_files import read_run
from eval.score.evaluate import Evaluation, evaluate_run
from schemas.errors import GateFailed

BASELINE = ROOT / "eval" / "baseline.json"


def evaluate_recorded(recorded: Recorded) -> tuple[Evaluation, str]:
    """The evaluation of one recorded run, and the hash of the gold it was scored against."""
    labels = load_gold(recorded.gold, recorded.docs)
    with tempfile.TemporaryDirectory(prefix="pams-scored-") as out:
        replay(recorded, Path(out) / "run")
        return evaluate_run(labels, read_run(Path(out) / "run", recorded.docs)), gold_hash(labels)


def verdicts(runs: Sequence[Recorded], baseline: Path = BASELINE) -> list[Verdict]:
    """What the gate says about each recorded run."""
    accepted = read_baseline(baseline)
    found = []
    for recorded in runs:
        evaluation, identity = evaluate_recorded(recorded)
        found.append(check(evaluation, recorded.gold.name, identity, accepted))
    return found


def main(arguments: list[str] | None = None) -> int:
    """Score or accept; returns the exit code."""
    words = sys.argv[1:] if arguments is None else arguments
    if "--accept" in words:
        for recorded in recorded_runs():
            evaluation, identity = evaluate_recorded(recorded)
            accept_baseline([evaluation], recorded.gold.name, identity, BASELINE)
            sys.stdout.write(f"accepted {recorded.gold.name}, {recorded.endpoint}\n")
        return 0
    try:
        enforce(verdicts(recorded_runs()), required=True)
    except GateFailed as red:
        sys.stderr.write(f"{red}\n")
        return red.exit_code
    sys.stdout.write("no score fell\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
