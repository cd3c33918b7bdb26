"""What was recorded, played again: cassettes of the embedded model, answers of a large one; no network, no model."""

from __future__ import annotations

import dataclasses
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from eval.runs.held_out import weights_for
from pipeline.model import DEFAULT_MODEL
from pipeline.settings import ENDPOINTS, WHOLE_ANSWER, Settings
from schemas.errors import InputError, UsageError

ROOT = Path(__file__).resolve().parents[2]
CASSETTES = ROOT / "cassettes"
ANSWERS = ROOT / "eval" / "answers"
LARGE = ("article", "brief")
"""Prompt sets for which a large model's answers are kept."""


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
        found += [Recorded(docs, gold, "files", p) for p in LARGE if answers_folder(p, docs).is_dir()]
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

    weights = weights_for(recorded.docs)
    with tempfile.TemporaryDirectory(prefix="pams-replay-") as room, _no_live_calls():
        store_path = Path(room) / "store"
        if recorded.endpoint == "draft":
            run([recorded.docs], out, Settings(weights=weights))
        elif recorded.endpoint == "embedded":
            _play_cassettes(recorded, store_path, Path(room))
            settings = _stepwise(recorded, store_path)
            run([recorded.docs], out, settings)
        else:
            model = _take_answers(recorded, store_path)
            run(
                [recorded.docs],
                out,
                Settings(endpoint="files", model=model, prompts=recorded.prompts, cache=store_path, weights=weights),
            )


def run_extraction(docs: Path, *, endpoint: str | None, prompts: str | None, out: Path) -> None:
    """Extracts all documents of `docs` into the run directory `out`; null leaves the choice to the settings."""
    from pipeline.run import run

    usual = {**dict.fromkeys(LARGE, "files"), "stepwise": "embedded"}.get(prompts or "", "draft")
    chosen = next((e for e in ENDPOINTS if e == (endpoint or usual)), None)
    if chosen is None:
        raise UsageError(f"--endpoint {endpoint}: choose one of {', '.join(ENDPOINTS)}")
    if chosen == "embedded" and prompts == "stepwise" and has_cassettes(docs):
        replay(Recorded(docs, docs, "embedded", "stepwise"), out)
    elif chosen == "files" and answers_folder(prompts or WHOLE_ANSWER, docs).is_dir():
        replay(Recorded(docs, docs, "files", prompts or WHOLE_ANSWER), out)
    else:
        model = DEFAULT_MODEL if chosen == "embedded" and prompts is not None else None
        run([docs], out, Settings(endpoint=chosen, model=model, prompts=prompts, weights=weights_for(docs)))


def _stepwise(recorded: Recorded, store: Path) -> Settings:
    """Single decisions of the embedded language model."""
    weights = weights_for(recorded.docs)
    prompts = recorded.prompts
    return Settings(endpoint="embedded", model=DEFAULT_MODEL, prompts=prompts, cache=store, weights=weights)


def _play_cassettes(recorded: Recorded, store: Path, room: Path) -> None:
    """Fill a store from the cassettes, one document at a time."""
    from eval.runs.cassettes import cassette
    from pipeline.run import run
    from pipeline.write import read_documents

    settings = dataclasses.replace(_stepwise(recorded, store), jobs=1)
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

    folder = answers_folder(recorded.prompts or WHOLE_ANSWER, recorded.docs)
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
