"""`pams extract` and `pams schema`."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from pydantic import BaseModel
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from pipeline.run import ENDPOINTS, Event, Settings, resolve_endpoint, run
from pipeline.write import read_documents
from schemas.errors import PamsError, UsageError
from schemas.records import DocumentRow, RunManifest


def extract(
    paths: Annotated[list[Path], typer.Argument(help="Documents, or folders of them.", show_default=False)],
    out: Annotated[Path, typer.Option(help="Folder for the results; an existing one is continued.")] = Path("out"),
    endpoint: Annotated[str, typer.Option(help=f"Who answers: {', '.join(ENDPOINTS)}.")] = "auto",
    model: Annotated[str | None, typer.Option(help="Model of the endpoint (embedded: a name or a .gguf file).")] = None,
    base_url: Annotated[str | None, typer.Option(help="Address of an OpenAI-compatible service.")] = None,
    prompts: Annotated[str | None, typer.Option(help="Prompt set: article, stepwise, or a folder.")] = None,
    jobs: Annotated[int, typer.Option(help="Documents (and requests) at once.")] = 8,
    budget: Annotated[float | None, typer.Option(help="Most dollars to spend.")] = None,
    hint: Annotated[bool, typer.Option("--hint", help="Show the rule baseline's answer to the model.")] = False,
    retry_failed: Annotated[bool, typer.Option("--retry-failed", help="Try documents again that failed.")] = False,
    cache: Annotated[Path | None, typer.Option(help="Folder of stored answers (default: the user's cache).")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the outcome as JSON.")] = False,
) -> int:
    """Extract policies, measures and targets from documents into a folder of JSON files."""
    chosen = next((e for e in ENDPOINTS if e == endpoint), None)
    if chosen is None:
        raise UsageError(f"--endpoint {endpoint}: choose one of {', '.join(ENDPOINTS)}")
    settings = resolve_endpoint(
        Settings(
            endpoint=chosen,
            model=model,
            base_url=base_url,
            prompts=prompts,
            jobs=jobs,
            budget=budget,
            hint=hint,
            retry_failed=retry_failed,
            cache=cache,
        )
    )
    console = Console(stderr=True)
    if endpoint == "auto" and settings.endpoint == "openai" and not as_json:
        _announce_cost(console, paths, settings)
    with _progress(console, quiet=as_json or not console.is_terminal) as on_event:
        manifest = run(paths, out, settings, on_event=on_event)
    rows = sorted(read_documents(out).values(), key=lambda row: row.document)
    if as_json:
        sys.stdout.write(json.dumps(_outcome(out, manifest, rows), ensure_ascii=False) + "\n")
    else:
        _summary(Console(), out, manifest, rows)
    return 1 if manifest.failed else 0


def _announce_cost(console: Console, paths: list[Path], settings: Settings) -> None:
    """A rough estimate before money is spent: every article's prompt once, and a quarter of its text as answer."""
    from pipeline.ask import load_prompt_set
    from pipeline.model import DEFAULT_SERVICE_MODEL, price_of
    from pipeline.read import find_sources, read

    characters = 0
    for path, name in find_sources(paths):
        try:
            characters += len(read(path, name).text)
        except PamsError:
            continue  # it will be reported as failed by the run itself
    system = len(load_prompt_set(settings.prompts or "article").files.get("system.md.j2", ""))
    name = settings.model or DEFAULT_SERVICE_MODEL
    tokens = characters + (characters // 1500 + 1) * system // 3
    try:
        money = price_of(name, settings.base_url).cost(tokens, characters // 4).money
    except PamsError:
        money = None
    shown = f"about ${money:.2f}" if money is not None else "unknown cost"
    console.print(
        f"asking {escape(name)}: some {tokens:,} input tokens, {shown} without re-asks; stops at ${settings.budget:g}"
    )


@contextmanager
def _progress(console: Console, *, quiet: bool) -> Iterator[Callable[[Event], None]]:
    """A progress bar with documents, calls and tokens; silent where nobody looks."""
    if quiet:
        yield lambda event: None
        return
    columns = (
        SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
        TextColumn("{task.fields[cost]}"),
    )  # fmt: skip
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("documents", total=None, cost="")

        def show(event: Event) -> None:
            usage = event.usage
            cost = (
                f"{usage.calls} calls, {usage.cache_hits} cached, {usage.input_tokens + usage.output_tokens:,} tokens"
            )
            name = event.row.document if event.row is not None else "documents"
            progress.update(task, total=event.total, completed=event.done, cost=cost, description=escape(name[:40]))

        yield show


def _outcome(out: Path, manifest: RunManifest, rows: list[DocumentRow]) -> dict[str, object]:
    return {
        "out": str(out),
        "run": manifest.model_dump(mode="json"),
        "documents": [r.model_dump(mode="json") for r in rows],
    }


def _summary(console: Console, out: Path, manifest: RunManifest, rows: list[DocumentRow]) -> None:
    """What was found per document, what it cost, and where to look."""
    table = Table(box=None, pad_edge=False)
    table.add_column("document", overflow="fold")
    for name in ("policies", "measures", "targets"):
        table.add_column(name, justify="right")
    for row in rows:
        if row.status == "ok":
            copies = f" (= {', '.join(row.same_as)})" if row.same_as else ""
            table.add_row(escape(_plain(row.document + copies)), str(row.policies), str(row.measures), str(row.targets))
        elif row.error is not None:
            table.add_row(f"[red]{escape(_plain(row.document))}[/red]", "failed", "", "")
    console.print(table)
    for row in rows:
        if row.error is not None:
            console.print(f"[red]failed[/red] {escape(_plain(row.error.message))}", soft_wrap=True)
    usage = manifest.usage
    money = "no price known" if usage.money is None else f"${usage.money:.4f}"
    console.print(
        f"{manifest.endpoint} ({escape(manifest.model)}, prompts {escape(manifest.prompt_set)}): {usage.calls} calls, "
        f"{usage.cache_hits} from the store, {usage.input_tokens:,} + {usage.output_tokens:,} tokens, {money}, "
        f"{usage.seconds:.1f} s; {manifest.refused} references refused"
    )
    console.print(f"results in {escape(str(out))}; read them with `pams show {escape(str(out))}`")


def _plain(text: str) -> str:
    """Text of a document or file name without control characters, so that it cannot steer the terminal."""
    return "".join(c if c.isprintable() or c == " " else "�" for c in text)


def schema(
    name: Annotated[str, typer.Argument(help="policy, answer, document, refusal or run.")] = "policy",
    as_json: Annotated[bool, typer.Option("--json", help="The same: schemas are JSON.")] = True,
) -> None:
    """Print the JSON Schema of a record (generated from the pydantic models)."""
    from schemas.answer import Answer
    from schemas.records import Policy, Refusal

    known: dict[str, type[BaseModel]] = {
        "policy": Policy,
        "answer": Answer,
        "document": DocumentRow,
        "refusal": Refusal,
        "run": RunManifest,
    }
    if name not in known:
        raise UsageError(f"there is no schema {name!r}; choose one of {', '.join(known)}")
    sys.stdout.write(json.dumps(known[name].model_json_schema(), ensure_ascii=False, indent=2) + "\n")
