"""Runs each tool in a process of its own and prints what it found, missed and took.

Exit code 5 if pams took a number that does not stand where it says, or missed a goal.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from eval.trials.compare.material import Gold, make
from eval.trials.compare.tools import TOOLS
from eval.trials.loopback import served
from pipeline.model import Price
from schemas.errors import GateFailed

MODEL = "gpt-4.1-mini"
"""Whose prices the tokens are put at."""


@dataclass(frozen=True)
class Outcome:
    """What one tool did. Times in seconds, money in US dollars."""

    tool: str
    goals: int
    exact: int
    """Goals with the right number at the right place."""
    misplaced: int
    """The right number with another place than the goal's."""
    altered: int
    """Another number than the goal's, given with a place in the text as if it stood there."""
    placeless: int
    """Given without any place: shown to the reader, with nothing to check them by."""
    calls: int
    tokens_in: int
    tokens_out: int
    money: float
    seconds: float
    processor: float

    @property
    def lost(self) -> int:
        """Goals of which nothing was given."""
        return self.goals - self.exact - self.misplaced - self.altered - self.placeless


def outcomes(count: int, tools: Sequence[str] = tuple(TOOLS)) -> Iterator[Outcome]:
    """The tools, one after the other, on the same `count` documents. Raises `CalledProcessError`."""
    with tempfile.TemporaryDirectory(prefix="pams-compare-") as name, served("eval.trials.compare.reader") as url:
        room = Path(name)
        gold = make(room / "docs", count)
        for tool in tools:
            if tool.startswith("langextract") and importlib.util.find_spec("langextract") is None:
                sys.stderr.write(f'{tool}: is not installed; pip install "policy-measures[compare]"\n')
                continue
            yield _outcome(tool, gold, room, url)


def _outcome(tool: str, gold: Gold, room: Path, url: str) -> Outcome:
    _tally(url)
    place = [str(room / "docs"), url, str(room / tool)]
    command = [sys.executable, "-m", "eval.trials.compare.tools", tool, *place]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own code
    told, asked = json.loads(done.stdout.splitlines()[-1]), _tally(url)
    texts = {path.name: path.read_text("utf-8") for path in (room / "docs").iterdir()}
    kinds = [_kind(item, gold, texts) for item in told["items"]]
    money = Price(MODEL).cost(asked["taken"], asked["given"]).money
    return Outcome(
        tool=tool,
        goals=len(gold),
        exact=kinds.count("exact"),
        misplaced=kinds.count("misplaced"),
        altered=kinds.count("altered"),
        placeless=kinds.count("placeless"),
        calls=asked["calls"],
        tokens_in=asked["taken"],
        tokens_out=asked["given"],
        money=money or 0.0,
        seconds=told["seconds"],
        processor=told["processor"],
    )


def _kind(item: dict[str, Any], gold: Gold, texts: dict[str, str]) -> str:
    if item["start"] is None:
        return "placeless"
    goal, stands = gold.get((item["document"], item["name"])), texts[item["document"]][item["start"] : item["end"]]
    right = goal is not None and (item["start"], item["end"]) == (goal.start, goal.end)
    if goal is None or item["quote"] != goal.raw:
        return "altered"
    return "exact" if right and stands == item["quote"] else "misplaced"


def _tally(url: str) -> dict[str, int]:
    """Calls and tokens since the last time."""
    with urllib.request.urlopen(f"{url}/tally") as answer:  # noqa: S310 - loopback
        return {"calls": 0, "taken": 0, "given": 0} | dict(json.load(answer))


def table(found: Sequence[Outcome]) -> Iterator[str]:
    """The lines to print."""
    names = ("exact", "misplaced", "altered", "no place", "lost", "calls", "tokens in", "out", "$", "wall s", "cpu s")
    yield f"{found[0].goals} goals, one quote in five altered; prices of {MODEL}"
    yield f"{'':<21}" + "".join(f"{name:>10}" for name in names)
    for o in found:
        cells = [o.exact, o.misplaced, o.altered, o.placeless, o.lost, o.calls, f"{o.tokens_in:,}", f"{o.tokens_out:,}"]
        cells += [f"{o.money:.3f}", f"{o.seconds:.1f}", f"{o.processor:.1f}"]
        yield f"{o.tool:<21}" + "".join(f"{cell:>10}" for cell in cells)


def main(arguments: Sequence[str] | None = None) -> int:
    """Compares and prints."""
    parser = argparse.ArgumentParser(prog="python -m eval.trials.compare", description="pams beside other tools.")
    parser.add_argument("--quick", action="store_true", help="40 documents instead of 200")
    parser.add_argument("--json", action="store_true", help="print one object of JSON")
    chosen = parser.parse_args(arguments)
    found = list(outcomes(40 if chosen.quick else 200))
    print(json.dumps([asdict(o) for o in found]) if chosen.json else "\n".join(table(found)))
    own = found[0]
    return GateFailed.exit_code if own.exact < own.goals else 0


if __name__ == "__main__":
    sys.exit(main())
