"""`pams show`: the result of a run, to be read in the terminal."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.tree import Tree

from pipeline.cli.output import say, tr
from pipeline.harmless import in_json, on_terminal
from pipeline.results import Results
from pipeline.write import read_policies
from schemas.errors import InputError, UsageError
from schemas.records import Budget, Measure, Policy, Span, Target
from schemas.vocabulary import LANGUAGES


def show(
    path: Annotated[Path, typer.Argument(help="A run's folder, or a policies.jsonl.")] = Path("out"),
    document: Annotated[str | None, typer.Option(help="Only documents whose name contains this.")] = None,
    language: Annotated[str, typer.Option(help="Labels in ko or en.")] = "ko",
    html: Annotated[Path | None, typer.Option(help="Write one HTML file: source and records side by side.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the records as JSON lines.")] = False,
) -> None:
    """Read the extracted policies, corrections included, in the terminal or as one HTML file to mail."""
    if language not in LANGUAGES:
        raise UsageError(f"--language {language}: ko or en")
    if html is not None:
        _write_html(path, html, document, language)
        return
    results = Results(path) if path.is_dir() else None
    say(results.notes() if results is not None else ())
    known = results.policies if results is not None else tuple(read_policies(path))
    policies = [p for p in known if document is None or document in p.document]
    if as_json:
        for policy in policies:
            sys.stdout.write(in_json(policy.model_dump_json()) + "\n")
        return
    console = Console(emoji=False)
    for policy in policies:
        console.print(_tree(policy, language, _place(results, policy)))
    measures = sum(len(p.measures) for p in policies)
    targets = sum(len(p.targets) for p in policies)
    console.print(tr(f"{len(policies)} policies, {measures} measures, {targets} targets"))


def _write_html(folder: Path, html: Path, document: str | None, language: str) -> None:
    from pipeline.review import write_page

    results = Results(folder)
    say(results.notes())
    names = None if document is None else [n for n in results.rows if document in n]
    count = write_page(folder, html, names, language)
    failed = sum(row.status == "failed" for row in results.rows.values())
    without = f" ({failed} that failed are not in it)" if failed and names is None else ""
    sys.stdout.write(f"{on_terminal(str(html))}: {count} documents{without}, {html.stat().st_size / 1e6:.1f} MB\n")


def _place(results: Results | None, policy: Policy) -> str:
    """Page and line of the announcement; nothing where the text is not at hand."""
    try:
        cited = results.cite(policy.document, policy.announcement) if results is not None else None
    except InputError:
        return ""
    if cited is None:
        return ""
    return f"p. {cited.page}, line {cited.line}" if cited.page is not None else f"line {cited.line}"


def _tree(policy: Policy, language: str, place: str) -> Tree:
    title = (
        _words(policy.title)
        if policy.title
        else f"({policy.document_type.label(language)}) {_words(policy.announcement)}"
    )
    tree = Tree(f"[bold]{title}[/bold]")
    issuers = ", ".join(_words(o.name) for o in policy.issuers[:4]) + (
        f" +{len(policy.issuers) - 4}" if len(policy.issuers) > 4 else ""
    )
    date = policy.announced_on.value if policy.announced_on else None
    facts = [
        escape(on_terminal(policy.document)),
        policy.document_type.label(language),
        issuers,
        policy.government_level.label(language) if policy.government_level else "",
        policy.jurisdiction or "",
        date or "",
        place,
    ]
    tree.add(" · ".join(f for f in facts if f))
    if policy.flags:
        tree.add("[yellow]" + ", ".join(f.label(language) for f in policy.flags) + "[/yellow]")
    branch = None
    pillar: Span | None = None
    for measure in policy.measures:
        if branch is None or measure.pillar != pillar:
            pillar = measure.pillar
            branch = tree.add(f"[cyan]{_words(pillar)}[/cyan]") if pillar else tree
        branch.add(_measure(measure, language))
    for target in policy.targets:
        tree.add(_target(target))
    for budget in policy.budgets:
        tree.add(_budget(budget))
    return tree


def _measure(measure: Measure, language: str) -> str:
    flags = " [yellow]⚑[/yellow]" if measure.flags else ""
    return f"[green]{escape(measure.instrument.label(language))}[/green] {_words(measure.text)}{flags}"


def _target(target: Target) -> str:
    value = "" if target.value is None else f"{target.value:g}" if target.value < 1e6 else f"{target.value:,.0f}"
    deadline = f", {target.deadline}" if target.deadline else ""
    unit = f" {escape(target.unit)}" if target.unit else ""
    stated = f"{_words(target.indicator)}: {_words(target.raw)}"
    return f"[magenta]◎[/magenta] {stated} [dim]({target.comparator} {value}{unit}{deadline})[/dim]"


def _budget(budget: Budget) -> str:
    years = "–".join(str(y) for y in (budget.period_start, budget.period_end) if y is not None)
    purpose = f"{_words(budget.purpose)}: " if budget.purpose is not None else ""
    facts = ", ".join(fact for fact in (f"{budget.value:,.0f}" if budget.value is not None else "", years) if fact)
    return f"[blue]₩[/blue] {purpose}{_words(budget.raw)} [dim]({budget.currency or '?'} {facts})[/dim]"


def _words(span: Span) -> str:
    """A span on one line, without anything that could steer the terminal."""
    return escape(on_terminal(" ".join(span.text.split())))
