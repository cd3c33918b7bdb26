"""The learning curve: what the draft learns from an eighth, a quarter, half and all of the groups.

    python -m eval.trials.curve            (some minutes)

Each row is judged by weights that did not see its group, as in `pams learn`; what differs is how many of the other
groups taught. Where the last step still gains, more labels would help.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence

from eval.learning.learn import all_rows, shipped_rows
from eval.learning.rows import Row
from eval.learning.told import Told, as_dict, cross_validated
from eval.learning.train import check_rows, cross_validate

SHARES = (0.125, 0.25, 0.5, 1.0)


def curve(rows: Sequence[Row], shares: Sequence[float] = SHARES) -> Iterator[tuple[float, list[Told]]]:
    """For each share of the groups that teach: a line for each source of documents. Raises `UsageError`."""
    check_rows(rows)
    sources = {r.document.source for r in rows}
    for share in shares:
        yield share, [line for line in cross_validated(rows, cross_validate(rows, share).plain) if line.part in sources]


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints a table, line by line as it comes."""
    argparse.ArgumentParser(prog="python -m eval.trials.curve", description="The learning curve.").parse_args(arguments)
    print("| share of groups | documents | policy found | kept empty | measures | goals | instrument |")
    print("|--:|---|--:|--:|--:|--:|--:|")
    for share, lines in curve(all_rows(shipped_rows())):
        for line in lines:
            shown = as_dict(line)
            ratios = " | ".join(
                "–" if shown[k] is None else f"{shown[k]:.2f}" for k in ("measures", "goals", "instrument")
            )
            print(
                f"| {share:g} | {line.part} | {line.found}/{line.reporting} | {line.empty}/{line.silent} | {ratios} |",
                flush=True,
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
