"""What was recorded, played again: cassettes of the embedded model, answers of a large one; no network, no model.

python -m eval.replay            score what is recorded against the accepted scores (exit code 5 when one fell)
python -m eval.replay --accept   accept the scores as they are now (`make baseline`)
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from eval.evaluate import Evaluation, evaluate_run
from eval.gate import Verdict, accept_baseline, check, enforce, read_baseline
from eval.gold import gold_hash, load_gold
from eval.run_files import read_run
from schemas.errors import GateFailed, InputError

ROOT = Path(__file__).parent.parent
CASSETTES = ROOT / "cassettes"
ANSWERS = ROOT / "eval" / "answers"
BASELINE = ROOT / "eval" / "baseline.json"


@dataclass(frozen=True)
class Recorded:
    """A set of documents with gold, and how they were answered."""

    docs: Path
    gold: Path
    endpoint: str
    """`draft` (nothing to play), `embedded` (cassettes) or `files` (answers of a large model)."""
    prompts: str | None = None


def recorded_runs() -> list[Recorded]:
    """All that the gate watches: the rule baseline always, models where something is recorded for all documents."""
    found = []
    for docs, gold in (
        (ROOT / "seeds", ROOT / "eval" / "gold"),
        (ROOT / "eval" / "contrast", ROOT / "eval" / "contrast"),
    ):
        found.append(Recorded(docs, gold, "draft"))
        if has_cassettes(docs):
            found.append(Recorded(docs, gold, "embedded", "stepwise"))
        if answers_folder("article", docs).is_dir():
            found.append(Recorded(docs, gold, "files", "article"))
    return found


def has_cassettes(docs: Path) -> bool:
    """Whether every document of the folder has a cassette."""
    paths = sorted(docs.glob("*.txt"))
    return bool(paths) and all(cassette_path(path).is_file() for path in paths)


def cassette_path(document: Path) -> Path:
    """Where the cassette of a document lies."""
    return CASSETTES / f"{document.stem}.yaml"


def answers_folder(prompts: str, docs: Path) -> Path:
    """Where a large model's answers about a folder of documents lie: `requests.jsonl` and `answers.jsonl`."""
    return ANSWERS / prompts / docs.name


def replay(recorded: Recorded, out: Path) -> None:
    """Extract the documents into the run directory `out` from what is recorded. Raises `InputError`."""
    from pipeline.run import run
    from pipeline.steps import Settings

    with tempfile.TemporaryDirectory(prefix="pams-replay-") as room, _no_live_calls():
        store_path = Path(room) / "store"
        if recorded.endpoint == "draft":
            run([recorded.docs], out, Settings())
        elif recorded.endpoint == "embedded":
            _play_cassettes(recorded, store_path, Path(room))
            run([recorded.docs], out, Settings(endpoint="embedded", prompts=recorded.prompts, cache=store_path))
        else:
            model = _take_answers(recorded, store_path)
            run(
                [recorded.docs],
                out,
                Settings(endpoint="files", model=model, prompts=recorded.prompts, cache=store_path),
            )


def _play_cassettes(recorded: Recorded, store: Path, room: Path) -> None:
    """Fill a store from the cassettes, one document at a time."""
    from eval.cassettes import cassette
    from pipeline.run import run
    from pipeline.steps import Settings
    from pipeline.write import read_documents

    settings = Settings(endpoint="embedded", prompts=recorded.prompts, cache=store, jobs=1)
    for path in sorted(recorded.docs.glob("*.txt")):
        scratch = room / path.stem
        with cassette(cassette_path(path)):
            run([path], scratch, settings)
        for row in read_documents(scratch).values():
            if row.error is not None:
                raise InputError(f"{cassette_path(path).name}: {row.error.message}")


def _take_answers(recorded: Recorded, store: Path) -> str:
    """Fill a store from collected answers; returns the name under which the model was asked."""
    from pipeline.model import Store, read_answers, read_requests

    folder = answers_folder(recorded.prompts or "article", recorded.docs)
    requests = read_requests(folder / "requests.jsonl")
    result = read_answers(folder / "answers.jsonl", Store(store), requests)
    if result.refused:
        first = result.refused[0]
        raise InputError(f"{folder / 'answers.jsonl'}, line {first.line}: {first.reason}")
    return str(next(iter(requests.values()))["model"])


@contextmanager
def _no_live_calls() -> Iterator[None]:
    before = os.environ.get("PAMS_NO_LIVE_CALLS")
    os.environ["PAMS_NO_LIVE_CALLS"] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ["PAMS_NO_LIVE_CALLS"]
        else:
            os.environ["PAMS_NO_LIVE_CALLS"] = before


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
