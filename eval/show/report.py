"""The report: one self-contained HTML file, with nothing fetched and nothing executed that is not in it.

Everything that comes from a document is autoescaped; a content security policy allows the file's own script and
style by their hashes and nothing else.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from eval.gate.baseline import Verdict
from eval.score.evaluate import HEADLINE, Evaluation
from eval.score.metrics import instrument_confusion
from eval.score.uncertainty import Comparison
from eval.show.highlight import Sheet, sheet
from eval.show.tables import COST_COLUMNS, Line, anatomy_rows, cost_cells, headline, lines
from schemas.vocabulary import Instrument

TEMPLATES = Path(__file__).with_name("page")


@dataclass(frozen=True)
class Page:
    """One document of one run."""

    anchor: str
    name: str
    layout: str
    sheet: Sheet


@dataclass(frozen=True)
class Confusion:
    """Instruments as gold has them (rows) and as they were answered (columns); only those that occur."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[int, ...]], ...]


@dataclass(frozen=True)
class RunView:
    """One run of the report."""

    anchor: str
    evaluation: Evaluation
    headline: tuple[Line, ...]
    lines: tuple[Line, ...]
    cost: tuple[str, ...]
    anatomy: tuple[tuple[str, str, str, int], ...]
    confusion: Confusion
    pages: tuple[Page, ...]


@dataclass(frozen=True)
class Change:
    """One score's comparison; items as (name, excerpt of the gold record). `headline`: shown at once."""

    comparison: Comparison
    headline: bool
    gained: tuple[tuple[str, str], ...]
    lost: tuple[tuple[str, str], ...]


def render(
    evaluations: Sequence[Evaluation], comparisons: Sequence[Comparison] = (), verdicts: Sequence[Verdict] = ()
) -> str:
    """The whole report as HTML."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    style, script = (_own_file(name) for name in ("report.css", "report.js"))
    runs = [_run(number, evaluation) for number, evaluation in enumerate(evaluations, 1)]
    policy = f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; img-src data:"
    return environment.get_template("report.html.j2").render(
        security=policy,
        style=Markup(style),  # noqa: S704  (the project's own files)
        script=Markup(script),  # noqa: S704
        runs=runs,
        cost_columns=COST_COLUMNS,
        changes=_changes(evaluations, comparisons),
        verdicts=verdicts,
    )


def _own_file(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


def _hash(content: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()


def _run(number: int, evaluation: Evaluation) -> RunView:
    anchor = f"run{number}"
    pages = tuple(
        Page(f"{anchor}-doc{n}", d.document, "prose" if d.match.gold.prose else "bulleted", sheet(d))
        for n, d in enumerate(evaluation.documents, 1)
    )
    return RunView(
        anchor=anchor,
        evaluation=evaluation,
        headline=headline(evaluation),
        lines=lines(evaluation),
        cost=cost_cells(evaluation.cost),
        anatomy=tuple(anatomy_rows(evaluation)),
        confusion=_confusion(evaluation),
        pages=pages,
    )


def _confusion(evaluation: Evaluation) -> Confusion:
    counts = instrument_confusion(evaluation.matches)
    names = [i.value for i in Instrument]
    columns = tuple(n for n in names if any(p == n for _, p in counts))
    rows = tuple((n, tuple(counts.get((n, p), 0) for p in columns)) for n in names if any(g == n for g, _ in counts))
    return Confusion(columns, rows)


def _changes(evaluations: Sequence[Evaluation], comparisons: Sequence[Comparison]) -> tuple[Change, ...]:
    excerpts: dict[str, str] = {}
    for result in evaluations[0].documents if evaluations and comparisons else ():
        for entry in sheet(result).entries:
            if entry.gold:
                excerpts[f"{result.document}: {entry.gold}"] = entry.text
    changed = [c for c in comparisons if c.gained or c.lost or c.new_false or c.gone_false]
    return tuple(
        Change(
            c,
            c.score in HEADLINE,
            tuple((n, excerpts.get(n, "")) for n in c.gained),
            tuple((n, excerpts.get(n, "")) for n in c.lost),
        )
        for c in changed
    )
