"""The draft on 261 real documents from which nothing is learned: rows kept to judge, without any text.

    python -m eval.trials.real                          (some seconds)
    python -m eval.trials.real --weights my.weights

Units, numbers and articles as the weights judge them, with sentence vectors and without, by language; intervals:
bootstrap over documents. Days, issuers and values are grammar's and are not in rows. What the documents are:
eval/held/README.md.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from eval.learning.rows import Row, read_rows
from eval.learning.train import judged_by
from eval.trials.analyst import SAMPLES, SCORES, Counts, counts_of, ratio_of
from pipeline.draft import fits
from pipeline.learn.weights import SHIPPED, Weights, read_weights
from schemas.errors import UsageError

HELD = Path(__file__).resolve().parents[1] / "held" / "real.rows"


@dataclass(frozen=True)
class Shown:
    """One score of some documents: the ratio, and between what it lies in 95 of 100 samples of documents."""

    part: str
    documents: int
    score: str
    plain: tuple[float, float, float]
    meant: tuple[float, float, float]
    """With vectors of sentences."""


def shown(rows: Sequence[Row], weights: Weights) -> Iterator[Shown]:
    """All scores, of all documents and by language. Raises `UsageError` where the weights know some of them."""
    known = {r.document.sha256[:16] for r in rows} & set(weights.head["documents"])
    if known:
        raise UsageError(f"{weights.name} was learned from {len(known)} of these documents: they cannot judge it")
    if not fits(weights):
        raise UsageError(f"{weights.name} was learned by another version of pams; learn it anew with `pams learn`")
    documents = sorted({r.document.sha256 for r in rows})
    theirs = {name: [r for r in rows if r.document.sha256 == name] for name in documents}
    both = {name: judged_by(weights.judges, of) for name, of in theirs.items()}
    plain = {name: counts_of(theirs[name], crosses.plain) for name, crosses in both.items()}
    meant = {name: counts_of(theirs[name], crosses.meant) for name, crosses in both.items()}
    for part in ("all", *sorted({r.document.language for r in rows})):
        chosen = [n for n in documents if part in ("all", theirs[n][0].document.language)]
        for k, score in enumerate(SCORES):
            one, other = (np.array([way[n][k] for n in chosen]) for way in (plain, meant))
            yield Shown(part, len(chosen), score, _with_interval(one), _with_interval(other))


def _with_interval(counts: Counts) -> tuple[float, float, float]:
    size = len(counts)
    draws = np.random.default_rng(0).multinomial(size, np.full(size, 1 / size), size=SAMPLES).astype(float)
    whole, samples = ratio_of(np.ones((1, size)), counts)[0], ratio_of(draws, counts)
    low, high = np.nanpercentile(samples, [2.5, 97.5]) if np.isfinite(samples).any() else (np.nan, np.nan)
    return float(whole), float(low), float(high)


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the table in Markdown."""
    parser = argparse.ArgumentParser(prog="python -m eval.trials.real", description="The draft on real documents.")
    parser.add_argument("--weights", type=Path, default=SHIPPED, help="weights to judge (default: those of pams)")
    parser.add_argument("--rows", type=Path, default=HELD, help="rows that judge")
    chosen = parser.parse_args(arguments)
    try:
        lines = list(shown(read_rows(chosen.rows), read_weights(chosen.weights)))
    except UsageError as problem:
        print(f"{parser.prog}: {problem}", file=sys.stderr)
        return 2
    print("| documents | score | without vectors | with vectors |\n|---|---|--:|--:|")
    for line in lines:
        if np.isfinite(line.plain[0]):
            one, other = (f"{v:.2f} ({low:.2f}–{high:.2f})" for v, low, high in (line.plain, line.meant))
            print(f"| {line.part} ({line.documents}) | {line.score} | {one} | {other} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
