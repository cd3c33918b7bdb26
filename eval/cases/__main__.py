"""python -m eval.cases [--wrong] [--endpoint draft]: the draft on small documents by kind; fails below 85 % of them.

`--wrong` prints each case that fails, with what is not right. A case whose head is right (policies, title, type, day,
issuers) may still miss a measure or a target: both counts are told.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from eval.cases.claims import Case, load_cases, wrong
from pipeline.learn.vectors import has_vectors
from pipeline.read import read
from pipeline.settings import Endpoint, Settings
from pipeline.steps import extract_document

FOLDER = Path(__file__).parent
LEAST = 0.85
"""Share of the cases that must come out right."""
_BODY = ("measures ", "targets ")


def run_cases(cases: list[Case], endpoint: Endpoint = "draft") -> list[tuple[Case, list[str]]]:
    """Each case with what is wrong in the draft of its text."""
    found, settings = [], Settings(endpoint=endpoint)
    with tempfile.TemporaryDirectory() as room:
        path = Path(room) / "case.txt"
        for case in cases:
            path.write_text(case.text, "utf-8")
            found.append((case, wrong(case, extract_document(read(path), settings).policies)))
    return found


def main() -> int:
    """Prints how many cases of each kind are right; 1 below the least share."""
    parser = argparse.ArgumentParser(prog="python -m eval.cases", description=__doc__)
    parser.add_argument("--wrong", action="store_true", help="print each case that fails, with what is not right")
    usual = "embedded" if has_vectors() else "draft"
    parser.add_argument(
        "--endpoint", choices=("draft", "embedded"), default=usual, help="who drafts (default: as extract)"
    )
    chosen = parser.parse_args()
    console = Console()
    found = run_cases(load_cases(FOLDER), chosen.endpoint)
    table = Table("kind", "right", "of", "failing")
    for kind in dict.fromkeys(case.kind for case, _ in found):
        own = [(case, told) for case, told in found if case.kind == kind]
        failing = [case.name for case, told in own if told]
        table.add_row(kind, str(len(own) - len(failing)), str(len(own)), "; ".join(failing))
    console.print(table)
    if chosen.wrong:
        for case, told in found:
            if told:
                console.print(f"[bold]{escape(case.kind)}: {escape(case.name)}[/bold]")
                console.print("\n".join(f"  {escape(line)}" for line in told))
    right = sum(not told for _, told in found)
    heads = sum(all(line.startswith(_BODY) for line in told) for _, told in found)
    console.print(f"{heads} of {len(found)} heads are right by --endpoint {chosen.endpoint}")
    console.print(f"{right} of {len(found)} cases are right ({right / len(found):.0%}, at least {LEAST:.0%})")
    return 0 if right >= LEAST * len(found) else 1


if __name__ == "__main__":
    sys.exit(main())
