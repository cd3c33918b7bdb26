"""`pams diff`: what is new, gone or changed since an earlier run."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.output import say
from pipeline.diff import Change, Difference, Item, PolicyDifference
from pipeline.diff import diff as compare
from pipeline.harmless import in_json, on_terminal
from pipeline.results import Results


def diff(
    old: Annotated[Path, typer.Argument(help="Folder of the earlier run.", show_default=False)],
    new: Annotated[Path, typer.Argument(help="Folder of the later run.", show_default=False)],
    everything: Annotated[
        bool, typer.Option("--all", help="Print the measures and targets of new and gone policies too.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the whole difference as JSON.")] = False,
) -> None:
    """Tell what is new, gone or changed between two runs."""
    before, after = Results(old), Results(new)
    say(f"{folder}: {note}" for folder, read in ((old, before), (new, after)) for note in read.notes())
    difference = compare(before, after)
    if as_json:
        sys.stdout.write(in_json(difference.model_dump_json()) + "\n")
        return
    for line in _lines(difference, everything):
        sys.stdout.write(on_terminal(line) + "\n")


def _lines(difference: Difference, everything: bool) -> Iterator[str]:
    for failed in difference.failed:
        yield f"failed now: {failed.document}, {failed.policies} policies before: {failed.message}"
    for mark, policies in (("+", difference.new), ("-", difference.gone)):
        for policy in policies:
            items = policy.new or policy.gone
            yield f"{mark} policy {policy.title} ({policy.document}, {_count(items)})"
            yield from _items(mark, items if everything else ())
    for policy in difference.changed:
        yield f"~ policy {policy.title} ({policy.document})"
        yield from _changed(policy)
    yield (
        f"{len(difference.new)} policies new, {len(difference.gone)} gone, {len(difference.changed)} changed, "
        f"{difference.same} as they were; {len(difference.new_documents)} documents new, "
        f"{len(difference.gone_documents)} gone, {len(difference.failed)} failed"
    )


def _changed(policy: PolicyDifference) -> Iterator[str]:
    yield from _fields(policy.changes, 4)
    yield from _items("+", policy.new)
    yield from _items("-", policy.gone)
    for item in policy.changed:
        yield f"    ~ {item.kind} {item.text}"
        yield from _fields(item.changes, 8)


def _fields(changes: Iterable[Change], indent: int) -> Iterator[str]:
    for change in changes:
        yield f"{' ' * indent}{change.field}: {change.old or '(not stated)'} → {change.new or '(not stated)'}"


def _items(mark: str, items: Iterable[Item]) -> Iterator[str]:
    for item in items:
        yield f"    {mark} {item.kind} {item.text}"


def _count(items: Iterable[Item]) -> str:
    kinds = [item.kind for item in items]
    return f"{kinds.count('measure')} measures, {kinds.count('target')} targets"
