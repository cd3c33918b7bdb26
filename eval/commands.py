"""`pams eval`, `pams gold check`, `pams gold agree`: commands for the command line to mount.

    app.command("eval")(commands.evaluate)
    app.add_typer(commands.gold_app, name="gold")

Errors are raised as `schemas.errors`; the command line turns them into a message and an exit code.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import product
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from eval.gate.baseline import Verdict, accept_baseline, check, enforce, read_baseline
from eval.labelled.labels import DocumentLabels
from eval.labelled.load import check_gold, gold_hash, load_gold
from eval.runs.held_out import weights_for
from eval.runs.recorded import run_extraction
from eval.runs.run_files import read_run
from eval.score.evaluate import Evaluation, as_dict, compare_runs, comparison_dict, evaluate_run
from eval.score.uncertainty import Comparison
from eval.show.agreement import agree, agreement_table
from eval.show.report import render
from eval.show.summary import markdown
from eval.show.tables import (
    COST_COLUMNS,
    RELIABILITY_COLUMNS,
    anatomy_rows,
    cost_cells,
    headline,
    lines,
    reliability_rows,
)
from schemas.errors import GoldInvalid, Problem, UsageError

SEEDS = Path("seeds")
GOLD = Path("eval/gold")
CONTRAST = Path("eval/contrast")
BASELINE = Path("eval/baseline.json")

gold_app = typer.Typer(help="Check gold files and measure how far two labellings agree.", no_args_is_help=True)


@dataclass(frozen=True)
class _Outcome:
    """Everything that one call of `pams eval` found out."""

    evaluations: tuple[Evaluation, ...]
    comparisons: tuple[Comparison, ...]
    verdicts: tuple[Verdict, ...]


def evaluate(
    more_prompts: Annotated[list[str] | None, typer.Argument(metavar="[SET]...", help="More prompt sets.")] = None,
    run: Annotated[list[Path] | None, typer.Option(help="Score this run directory; may be repeated.")] = None,
    against: Annotated[Path | None, typer.Option(help="Compare with this earlier run, item by item.")] = None,
    corrected: Annotated[bool, typer.Option("--corrected", help="Score --run as people corrected it.")] = False,
    prompts: Annotated[list[str] | None, typer.Option(help="Prompt set to extract with; may be repeated.")] = None,
    endpoint: Annotated[list[str] | None, typer.Option(help="Endpoint to extract with; may be repeated.")] = None,
    docs: Annotated[Path, typer.Option(help="Folder of the documents.")] = SEEDS,
    gold: Annotated[Path, typer.Option(help="Folder of their gold files.")] = GOLD,
    report: Annotated[Path | None, typer.Option(help="Write the HTML report to this file.")] = None,
    markdown_file: Annotated[Path | None, typer.Option("--markdown", help="Write a Markdown summary.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
    accept: Annotated[bool, typer.Option(help="Accept these scores as the baseline.")] = False,
    gate: Annotated[bool, typer.Option(help="Fail also where no baseline can be compared.")] = False,
    baseline: Annotated[Path, typer.Option(help="File of the accepted scores.")] = BASELINE,
) -> None:
    """Score a run against gold; without --run, extract first. Exit code 5 when a score fell below the baseline."""
    if run and (prompts or endpoint or more_prompts):
        raise UsageError("--run scores what is there: leave out --prompts and --endpoint")
    if corrected and (not run or accept):
        raise UsageError("--corrected scores what people made of a --run, and is no baseline: name the run's folder")
    labels = load_gold(gold, docs)
    identity = gold_hash(labels)
    with _runs(docs, run or [], endpoint or [], [*(prompts or []), *(more_prompts or [])]) as folders:
        evaluations = tuple(evaluate_run(labels, read_run(folder, docs, corrected=corrected)) for folder in folders)
    comparisons = _against(labels, against, docs, evaluations[0])
    if accept:
        accept_baseline(evaluations, gold.name, identity, baseline)
    accepted = read_baseline(baseline)
    # What people corrected is another thing than what a run found: no score of theirs is a baseline's.
    verdicts = () if corrected else tuple(check(e, gold.name, identity, accepted) for e in evaluations)
    outcome = _Outcome(evaluations, comparisons, verdicts)
    _write(outcome, report, markdown_file)
    if as_json:
        typer.echo(json.dumps(_everything(outcome), ensure_ascii=False, indent=1))
    else:
        _print(outcome, _console())
        if not run and (weights := weights_for(docs)) is not None:
            typer.echo(f"the draft used weights that were learned without these documents ({weights.name})")
    enforce(verdicts, required=gate)


@contextmanager
def _runs(docs: Path, run: Sequence[Path], endpoints: Sequence[str], prompts: Sequence[str]) -> Iterator[list[Path]]:
    """The run directories to score: those named, or one fresh extraction per endpoint and prompt set."""
    if run:
        yield list(run)
        return
    with tempfile.TemporaryDirectory(prefix="pams-eval-") as temporary:
        folders: list[Path] = []
        for endpoint, prompt_set in product(endpoints or (None,), prompts or (None,)):
            folders.append(Path(temporary) / f"run{len(folders) + 1}")
            run_extraction(docs, endpoint=endpoint, prompts=prompt_set, out=folders[-1])
        yield folders


def _against(
    labels: Sequence[DocumentLabels], against: Path | None, docs: Path, current: Evaluation
) -> tuple[Comparison, ...]:
    if against is None:
        return ()
    return compare_runs(evaluate_run(labels, read_run(against, docs), traced=False), current)


def _write(outcome: _Outcome, report: Path | None, markdown_file: Path | None) -> None:
    if report is not None:
        report.parent.mkdir(parents=True, exist_ok=True)
        report.write_text(render(outcome.evaluations, outcome.comparisons, outcome.verdicts), encoding="utf-8")
    if markdown_file is not None:
        markdown_file.parent.mkdir(parents=True, exist_ok=True)
        text = markdown(outcome.evaluations, outcome.comparisons, outcome.verdicts)
        markdown_file.write_text(text, encoding="utf-8")


def _everything(outcome: _Outcome) -> dict[str, Any]:
    return {
        "runs": [as_dict(e) for e in outcome.evaluations],
        "against": [comparison_dict(c) for c in outcome.comparisons],
        "gate": [asdict(v) for v in outcome.verdicts],
    }


def _console() -> Console:
    console = Console()
    return console if console.is_terminal else Console(width=150)


def _print(outcome: _Outcome, console: Console) -> None:
    if len(outcome.evaluations) > 1:
        console.print(_grid(outcome.evaluations))
    for evaluation in outcome.evaluations:
        console.print(_scores(evaluation))
        console.print(_anatomy(evaluation))
        if evaluation.reliability:
            console.print(_reliability(evaluation))
        if evaluation.absent:
            console.print(f"not extracted, all counted as missed: {', '.join(evaluation.absent)}", markup=False)
    for comparison in outcome.comparisons:
        if comparison.gained or comparison.lost or comparison.difference:
            console.print(comparison.in_words(), markup=False)
            for title, names in (("lost", comparison.lost), ("gained", comparison.gained)):
                for name in names:
                    console.print(f"    {title} {name}", markup=False)
    for verdict in outcome.verdicts:
        state = "red" if verdict.falls else "green" if verdict.compared else f"not compared: {verdict.reason}"
        console.print(f"gate, {verdict.key}: {state}", markup=False)


def _grid(evaluations: Sequence[Evaluation]) -> Table:
    names = list(dict.fromkeys(line.name for e in evaluations for line in headline(e)))
    table = Table("run", *names, *COST_COLUMNS, title="F1 (accuracy) of every run")
    for evaluation in evaluations:
        values = {line.name: line.f1 for line in headline(evaluation)}
        table.add_row(evaluation.name, *(values.get(n, "–") for n in names), *cost_cells(evaluation.cost))
    return table


def _scores(evaluation: Evaluation) -> Table:
    cost = ", ".join(f"{n} {c}" for n, c in zip(COST_COLUMNS, cost_cells(evaluation.cost), strict=True))
    table = Table(title=evaluation.name, caption=f"{cost}; intervals: bootstrap over {evaluation.resampled}")
    table.add_column("score")
    for name in ("gold", "predicted", "correct", "precision", "recall", "F1", "95 %", "exact", "bulleted", "prose"):
        table.add_column(name, justify="right", no_wrap=True)
    for li in lines(evaluation):
        counts = (str(li.gold), str(li.predicted), str(li.correct))
        table.add_row(li.name, *counts, li.precision, li.recall, li.f1, li.interval, li.strict, li.bulleted, li.prose)
    return table


def _anatomy(evaluation: Evaluation) -> Table:
    table = Table("", "kind", "where lost / what is wrong", "records", title="what went wrong")
    for title, kind, word, count in anatomy_rows(evaluation):
        table.add_row(title, kind, word, str(count))
    return table


def _reliability(evaluation: Evaluation) -> Table:
    table = Table(title="right among the surest 50 to 100 %; then by confidence: said→right (records)", padding=0)
    for name in RELIABILITY_COLUMNS:
        table.add_column(name, justify="right")
    for row in reliability_rows(evaluation):
        table.add_row(*row)
    return table


@gold_app.command("check")
def gold_check(
    files: Annotated[list[Path] | None, typer.Argument(help="Gold files; default: all of eval/.")] = None,
    docs: Annotated[Path, typer.Option(help="Folder of the documents.")] = SEEDS,
    as_json: Annotated[bool, typer.Option("--json", help="Print the outcome as JSON.")] = False,
) -> None:
    """Check gold files: every quote where it says, vocabularies, consistency, the document's hash."""
    chosen = files or [f for d in (GOLD, GOLD / "a", GOLD / "b", CONTRAST) for f in sorted(d.glob("*.yaml"))]
    if not chosen:
        raise UsageError(f"no gold files in {GOLD} or {CONTRAST}: name them")
    problems: list[Problem] = []
    for path in chosen:
        found = check_gold(path, [docs])
        if not as_json:
            typer.echo(f"{path}: {f'{len(found)} to fix' if found else 'ok'}")
        problems.extend(found)
    if as_json:
        typer.echo(json.dumps({"files": len(chosen), "problems": [str(p) for p in problems]}, ensure_ascii=False))
    if problems:
        raise GoldInvalid(problems)


@gold_app.command("from")
def gold_made_from(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A run's folder with corrections.")],
    out: Annotated[Path, typer.Option(help="Folder for the gold files.")] = Path("gold"),
    as_json: Annotated[bool, typer.Option("--json", help="Print the outcome as JSON.")] = False,
) -> None:
    """Write what people reviewed as gold files, one a document."""
    from eval.labelled.from_review import gold_from
    from pipeline.harmless import in_json, on_terminal
    from pipeline.switch import put
    from pipeline.write import check_writable, file_name

    check_writable(out)
    told: list[dict[str, object]] = []
    broken: list[str] = []
    for gold in gold_from(folder):
        if gold.problem is not None:
            broken.append(gold.problem)
            continue
        path = out / f"{file_name(gold.document)}.yaml"
        if any(t["file"] == str(path) for t in told):  # `a/b.txt` and `a_b.txt`
            digest = hashlib.sha256(gold.document.encode()).hexdigest()[:6]
            path = out / f"{file_name(gold.document)}.{digest}.yaml"
        put(path, [gold.text.encode()])
        told.append({"file": str(path), "document": gold.document, "decided": gold.decided, "records": gold.records})
        if not as_json:
            rest = gold.records - gold.decided
            unseen = f"; the other {rest} stand as extracted and are no gold yet" if rest else ""
            typer.echo(f"{on_terminal(str(path))}: {gold.decided} of {gold.records} records reviewed{unseen}")
    if as_json:
        typer.echo(in_json(json.dumps(told, ensure_ascii=False)))
    if broken:
        raise GoldInvalid([Problem(str(out), "left out", problem) for problem in broken])


@gold_app.command("agree")
def gold_agree(
    one: Annotated[Path, typer.Argument(metavar="A", help="Folder or file of the first labelling.")],
    two: Annotated[Path, typer.Argument(metavar="B", help="Folder or file of the second labelling.")],
    docs: Annotated[Path, typer.Option(help="Folder of the documents.")] = SEEDS,
    markdown_file: Annotated[Path | None, typer.Option("--markdown", help="Write the tables to this file.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
) -> None:
    """Agreement of two labellings of the same documents, per record type and slot, as Markdown tables."""
    _agreed(agree(load_gold(one, docs), load_gold(two, docs), f"{one.name} and {two.name}"), markdown_file, as_json)


def agreement(
    one: Annotated[Path, typer.Argument(metavar="A", help="Results that the first person reviewed.")],
    two: Annotated[Path, typer.Argument(metavar="B", help="Results that the second person reviewed.")],
    markdown_file: Annotated[Path | None, typer.Option("--markdown", help="Write the tables to this file.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
) -> None:
    """Agreement of two people who reviewed the same documents, each in a folder of results, as Markdown tables."""
    from eval.labelled.from_review import reviewed_labels

    name = f"{one.name} and {two.name}"
    _agreed(agree(list(reviewed_labels(one)), list(reviewed_labels(two)), name), markdown_file, as_json)


def _agreed(evaluation: Evaluation, markdown_file: Path | None, as_json: bool) -> None:
    table = agreement_table(evaluation)
    if markdown_file is not None:
        markdown_file.write_text(table, encoding="utf-8")
    typer.echo(json.dumps(as_dict(evaluation), ensure_ascii=False, indent=1) if as_json else table)
