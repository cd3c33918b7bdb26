"""What a question costs on the wire: the prompt set `brief` beside `article`, on the recorded answers of a large model.

    python -m eval.trials.wire     (part of make bench)     --json: one object

Output against the records typed out as text, input against the same articles asked one by one, and the scores
of both, paired. Tokens are estimated, alike for all: four ASCII characters or 1.25 others a token. The last line is the
verdict; exit code 5 if a figure falls short.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from eval.gate.replayed import evaluate_recorded
from eval.runs.recorded import Recorded, answers_folder, recorded_runs, replay
from eval.score.evaluate import compare_runs
from eval.trials.bench import Check
from schemas.errors import GateFailed

FIRST, SHORT = "article", "brief"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; 0 if all limits are kept, 5 if one falls short."""
    parser = argparse.ArgumentParser(prog="python -m eval.trials.wire", description="What a question costs.")
    parser.add_argument("--json", action="store_true", help="print all figures as one JSON object")
    chosen = parser.parse_args(arguments)
    figures, worse = measure()
    checks = tuple(_checks(figures, worse))
    ok = all(check.ok for check in checks)
    if chosen.json:
        told = [dataclasses.asdict(check) | {"ok": check.ok} for check in checks]
        print(json.dumps({"tokens": figures, "worse": worse, "checks": told}))
    else:
        for name, found in figures.items():
            print(f"{name}: " + ", ".join(f"{what} {count:,.0f}" for what, count in found.items()))
        print("\n".join(worse))
        print(("pass: " if ok else "FAIL: ") + "; ".join(map(str, checks)))
    return 0 if ok else GateFailed.exit_code


def measure() -> tuple[dict[str, dict[str, float]], list[str]]:
    """Tokens in and out by folder of documents, and the scores that are lower than those of the first set."""
    figures: dict[str, dict[str, float]] = {}
    worse: list[str] = []
    for first, short in _pairs():
        typed = _typed_out(first)
        figures[first.docs.name] = {
            "records typed out": typed,
            f"{FIRST} out": _answered(first),
            f"{SHORT} out": _answered(short),
            f"{FIRST} in": _asked(first),
            f"{SHORT} in": _asked(short),
        }
        (before, _), (after, _) = evaluate_recorded(first), evaluate_recorded(short)
        compared = compare_runs(before, after)
        worse += [c.in_words() for c in compared if c.differ and c.difference is not None and c.difference < 0]
    return figures, worse


def _checks(figures: dict[str, dict[str, float]], worse: Sequence[str]) -> Iterator[Check]:
    """The figures that are promised, over all folders."""
    total = {name: sum(found[name] for found in figures.values()) for name in next(iter(figures.values()))}
    yield Check("output over typed-out records", total[f"{SHORT} out"] / total["records typed out"], 0.25, "×")
    yield Check("input over one article a question", total[f"{SHORT} in"] / total[f"{FIRST} in"], 0.7, "×")
    yield Check("scores lower", len(worse), 0, "scores")


def _pairs() -> list[tuple[Recorded, Recorded]]:
    runs = {(run.docs, run.prompts): run for run in recorded_runs()}
    return [(run, runs[docs, SHORT]) for (docs, prompts), run in runs.items() if prompts == FIRST]


def _typed_out(recorded: Recorded) -> float:
    """Tokens of the records as a model would have to write them."""
    with tempfile.TemporaryDirectory() as name:
        replay(recorded, Path(name) / "run")
        lines = (Path(name) / "run" / "policies.jsonl").read_text("utf-8").splitlines()
    typed = (json.dumps(_typed(json.loads(line)), ensure_ascii=False, separators=(",", ":")) for line in lines)
    return sum(map(_tokens, typed))


def _typed(record: Any) -> Any:
    """A record in words instead of places, without what code computes."""
    if isinstance(record, dict):
        if "text" in record and "start" in record:
            return record["text"]
        computed = {"id", "document", "extent", "provenance", "flags", "canonical", "instrument_category", "measure_id"}
        computed |= {"confidence", "instrument_confidence"}
        return {k: _typed(v) for k, v in record.items() if k not in computed and v not in (None, [], "")}
    return [_typed(v) for v in record] if isinstance(record, list) else record


def _asked(recorded: Recorded) -> float:
    """Tokens of the first questions; what is asked again is left out."""
    bodies = (line["body"]["messages"] for line in _lines(recorded, "requests.jsonl"))
    return sum(_tokens(m["content"]) for messages in bodies if len(messages) == 2 for m in messages)


def _answered(recorded: Recorded) -> float:
    """Tokens of the answers to the first questions."""
    first = {x["custom_id"] for x in _lines(recorded, "requests.jsonl") if len(x["body"]["messages"]) == 2}
    answers = (x for x in _lines(recorded, "answers.jsonl") if x["custom_id"] in first)
    return sum(_tokens(x["response"]["body"]["choices"][0]["message"]["content"]) for x in answers)


def _lines(recorded: Recorded, name: str) -> list[dict[str, Any]]:
    path = answers_folder(recorded.prompts or FIRST, recorded.docs) / name
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def _tokens(text: str) -> float:
    plain = sum(c.isascii() for c in text)
    return plain / 4 + (len(text) - plain) / 1.25


if __name__ == "__main__":
    sys.exit(main())
