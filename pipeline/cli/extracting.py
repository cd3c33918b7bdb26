"""`pams extract` and `pams schema`."""

from __future__ import annotations

import dataclasses
import functools
import itertools
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import BaseModel
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from pipeline.cli.output import say, tr
from pipeline.confidence import MAY_REPORT_FROM
from pipeline.corrections import CORRECTIONS
from pipeline.estimate import Estimate, ForDocument, estimate
from pipeline.event import Event
from pipeline.folder import WEIGHTS
from pipeline.harmless import in_json, on_terminal
from pipeline.jobs import Shard, parse_shard
from pipeline.language import check_language
from pipeline.learn.weights import SHIPPED
from pipeline.model import DEFAULT_SERVICE_MODEL
from pipeline.read import find_others, read_portals
from pipeline.results import Results
from pipeline.run import run
from pipeline.session import resolve_endpoint
from pipeline.settings import ENDPOINTS, Settings
from pipeline.write import DOCUMENTS, each_row
from schemas.errors import UsageError
from schemas.records import DocumentRow, RunManifest


def extract(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Documents, or folders of them.", show_default=False)
    ] = None,
    inputs: Annotated[
        Path | None,
        typer.Option(help="A list of documents: a file of paths, or JSON lines or Parquet with id and text."),
    ] = None,
    out: Annotated[Path, typer.Option(help="Folder for the results; an existing one is continued.")] = Path("out"),
    endpoint: Annotated[str, typer.Option(help=f"Who answers: {', '.join(ENDPOINTS)}.")] = "auto",
    model: Annotated[str | None, typer.Option(help="Model of the endpoint (embedded: a name or .gguf file).")] = None,
    base_url: Annotated[str | None, typer.Option(help="Address of an OpenAI-compatible service.")] = None,
    prompts: Annotated[str | None, typer.Option(help="Prompt set: brief, article, stepwise, or a folder.")] = None,
    jobs: Annotated[int, typer.Option(help="Requests at once.")] = 8,
    budget: Annotated[float | None, typer.Option(help="Most dollars to spend.")] = None,
    max_tokens_total: Annotated[int | None, typer.Option(help="Most tokens to spend, in and out.")] = None,
    requests_per_minute: Annotated[float | None, typer.Option(help="Most requests a minute.")] = None,
    tokens_per_minute: Annotated[float | None, typer.Option(help="Most tokens a minute.")] = None,
    timeout: Annotated[float, typer.Option(help="Seconds to wait for one answer of a service.")] = 180.0,
    document_timeout: Annotated[float, typer.Option(help="Seconds that one document may take, without calls.")] = 300.0,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be sent and cost; send nothing.")] = False,
    shard: Annotated[str | None, typer.Option(help="This machine's part of the corpus, e.g. 3/16.")] = None,
    reasoning: Annotated[bool, typer.Option("--reasoning", help="The model thinks before it answers.")] = False,
    hint: Annotated[bool, typer.Option("--hint", help="Show the draft's answer to the model.")] = False,
    examples: Annotated[bool, typer.Option(help="Show the prompt set's examples.")] = True,
    retry_failed: Annotated[bool, typer.Option("--retry-failed", help="Try documents again that failed.")] = False,
    cache: Annotated[
        str | None, typer.Option(help="Folder of stored answers (default: yours), or the address of a shared store.")
    ] = None,
    ocr: Annotated[bool, typer.Option("--ocr", help="Read pages that are pictures (needs Tesseract).")] = False,
    ocr_seconds: Annotated[float, typer.Option(help="Seconds that the pictures of one document may take.")] = 600.0,
    manifest: Annotated[
        Path | None,
        typer.Option(help="List (CSV, JSON lines) of what the site knew: file, date, publisher, url, title."),
    ] = None,
    weights: Annotated[Path | None, typer.Option(help="What the draft has learned: a file of `pams learn`.")] = None,
    min_confidence: Annotated[float | None, typer.Option(help="Leave out less certain records (0 to 1).")] = None,
    engine: Annotated[str, typer.Option(help="Where it runs: local, or ray for many machines.")] = "local",
    address: Annotated[str | None, typer.Option(help="Ray cluster, as host:port (default: this machine).")] = None,
    language: Annotated[
        str | None, typer.Option(help="Language of messages: ko or en (default: the locale's).")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the outcome as JSON.")] = False,
) -> int:
    """Extract policies, measures and targets from documents into a folder of JSON files."""
    check_language(language)
    paths = _named(paths, inputs)
    settings = resolve_endpoint(asked(locals() | {"weights": weights or _own_weights(out)}))
    part = parse_shard(shard) if shard is not None else None
    go = _engine(engine, address, part)
    ahead = functools.partial(estimate, paths, settings, inputs=inputs, shard=part, out=out)
    if dry_run:
        _say_estimate(ahead(), settings, as_json=as_json)
        return 0
    console = Console(stderr=True, emoji=False)
    if endpoint == "auto" and settings.endpoint == "openai" and not as_json:
        _announce_cost(console, ahead(), settings)
    with _progress(console, quiet=as_json or not console.is_terminal) as on_event:
        made = go(paths, out, settings, inputs=inputs, on_event=on_event)
    return _told(console, out, paths, made, manifest, as_json=as_json)


def _named(paths: list[Path] | None, inputs: Path | None) -> list[Path]:
    """The documents and folders that were named. Raises `UsageError` where there are none, and no list of them."""
    if not paths and inputs is None:
        raise UsageError("Missing argument PATHS: give documents or folders, or a list of them with --inputs")
    return paths or []


def _own_weights(out: Path) -> Path | None:
    """What was learned from the folder's corrections, where a person wanted the next run to use it."""
    if not (out / WEIGHTS).is_file():
        return None
    say([f"the draft uses {WEIGHTS}, learned from this folder's corrections; remove the file to go without"])
    return out / WEIGHTS


def asked(given: Mapping[str, Any]) -> Settings:
    """The settings that options of their names give."""
    if given["endpoint"] not in ENDPOINTS:
        raise UsageError(f"--endpoint {given['endpoint']}: choose one of {', '.join(ENDPOINTS)}")
    named = {field.name: given[field.name] for field in dataclasses.fields(Settings) if field.name in given}
    weights = given["weights"]
    return Settings(**named | {"weights": SHIPPED if weights == Path("learned") else weights})


def _engine(engine: str, address: str | None, part: Shard | None) -> Callable[..., RunManifest]:
    """What carries the run out. Raises `UsageError` for options that do not go together."""
    if engine == "local" and address is None:
        return functools.partial(run, shard=part)
    if engine != "ray":
        raise UsageError(f"--engine {engine}: choose local, or ray, which --address belongs to")
    if part is not None:
        raise UsageError("--shard is for machines that know nothing of each other; with --engine ray leave it out")
    from pipeline.cluster import run_on_ray

    return functools.partial(run_on_ray, address=address)


def _told(
    console: Console, out: Path, paths: list[Path], manifest: RunManifest, portals: Path | None, *, as_json: bool
) -> int:
    """The run, told at its end; 1 if a document failed."""
    if as_json:
        _write_outcome(out, manifest)
    else:
        _summary(Console(emoji=False), out, paths, manifest)
        for note in _not_there(portals, each_row(out)):
            console.print(f"[yellow]{escape(on_terminal(tr(note)))}[/yellow]", soft_wrap=True)
        for note in manifest.notes if not console.is_terminal else ():  # on a terminal they have been said
            console.print(tr(f"note: {escape(note)}"), soft_wrap=True)
    return 1 if manifest.failed else 0


def _announce_cost(console: Console, ahead: Estimate, settings: Settings) -> None:
    """The cost, about and at the worst, before money is spent without having been asked about."""
    money = (
        "at an unknown price" if ahead.money is None else f"about ${ahead.likely_money:.2f}, at most ${ahead.money:.2f}"
    )
    asked = escape(settings.model or DEFAULT_SERVICE_MODEL)
    console.print(tr(f"asking {asked}: {ahead.to_pay} requests to pay, {money}; stops at ${settings.budget:g}"))


def _say_estimate(ahead: Estimate, settings: Settings, *, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(json.dumps(dataclasses.asdict(ahead)) + "\n")
        return
    if settings.endpoint in ("draft", "embedded"):
        sys.stdout.write(tr(f"{ahead.documents} documents; {settings.endpoint} costs nothing") + "\n")
        return
    told = tr(
        f"{ahead.documents} documents: {ahead.cached} cached, {ahead.to_pay} requests to pay, {_money(ahead)} "
        f"(about {ahead.likely_tokens:,} tokens, at most {ahead.tokens:,}); re-asks and repeated attempts may come on "
        "top of the most, --budget bounds them all"
    )
    sys.stdout.write(told + "\n")
    dearest = [f"{on_terminal(one.document)} {_cost(one)}" for one in ahead.by_document[:3]]
    if len(ahead.by_document) > 1:
        sys.stdout.write(tr(f"the dearest: {', '.join(dearest)} (each document: --json)") + "\n")


def _money(ahead: Estimate) -> str:
    if ahead.money is None or ahead.likely_money is None:
        return "at an unknown price"
    return f"about ${ahead.likely_money:.2f}, at most ${ahead.money:.2f}"


def _cost(one: ForDocument) -> str:
    return f"${one.money:.4f}" if one.money else f"{one.input_tokens + one.output_tokens:,} tokens"


@contextmanager
def _progress(console: Console, *, quiet: bool) -> Iterator[Callable[[Event], None]]:
    """A progress bar with documents, calls, tokens, money, rate, time left and errors; silent where nobody looks."""
    if quiet:
        yield lambda event: None
        return
    columns = (
        SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
        TextColumn("{task.fields[facts]}"),
    )  # fmt: skip
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("documents", total=None, facts="")
        said: set[str] = set()

        def show(event: Event) -> None:
            for note in (n for n in event.notes if n not in said):
                said.add(note)
                progress.console.print(tr(f"note: {escape(note)}"))
            if event.kind == "stopping":
                progress.console.print(tr("stopping: calls in flight are let end and kept; Ctrl-C again ends them too"))
            name = on_terminal(event.row.document) if event.row is not None else tr("documents")
            progress.update(
                task, total=event.total, completed=event.done, facts=_facts(event), description=escape(name[:40])
            )

        yield show


def _facts(event: Event) -> str:
    """One line: left, rate, calls, cache hits, tokens, money, errors by kind."""
    usage, rate = event.usage, event.done / event.seconds if event.seconds > 0 else 0.0
    left = f"{(event.total - event.done) / rate:.0f} s left, {rate:.1f}/s, " if rate else ""
    money = f", ${usage.money:.2f}" if usage.money else ""
    errors = "".join(f", {escape(kind)} {count}" for kind, count in event.errors.items())
    tokens = f"{usage.input_tokens + usage.output_tokens:,} tokens"
    return f"{left}{usage.calls} calls, {usage.cache_hits} cached, {tokens}{money}{errors}"


def _write_outcome(out: Path, manifest: RunManifest) -> None:
    """One object with the run and all rows, which are not held together: there may be a million."""
    head = json.dumps({"out": str(out), "run": manifest.model_dump(mode="json")}, ensure_ascii=False)
    sys.stdout.write(in_json(head[:-1]) + ', "documents": [')
    for number, row in enumerate(each_row(out)):
        sys.stdout.write(", " * (number > 0) + in_json(json.dumps(row.model_dump(mode="json"), ensure_ascii=False)))
    sys.stdout.write("]}\n")


SHOWN = 1_000
"""Documents up to which a summary names each; of more it names those that failed."""


def _summary(console: Console, out: Path, paths: list[Path], manifest: RunManifest) -> None:
    """What was found per document, what it cost, and where to look."""
    if manifest.documents <= SHOWN:
        console.print(_table(list(each_row(out))))
    else:
        many, failed = f"{manifest.documents:,}", f"{manifest.failed:,}"
        console.print(tr(f"{many} documents, {failed} failed; each has a row in {DOCUMENTS}"))
    messages = (row.error.message for row in each_row(out) if row.error is not None)
    for message in itertools.islice(messages, SHOWN):
        console.print(f"[red]{tr('failed')}[/red] {escape(on_terminal(tr(message)))}", soft_wrap=True)
    usage = manifest.usage
    money = "no price known" if usage.money is None else f"${usage.money:.4f}"
    told = tr(
        f"{manifest.endpoint} ({escape(manifest.model)}, prompts {escape(manifest.prompt_set)}): {usage.calls} calls, "
        f"{usage.cache_hits} from the store, {usage.input_tokens:,} + {usage.output_tokens:,} tokens, {money}, "
        f"{usage.seconds:.1f} s; {manifest.refused} references refused"
    )
    console.print(told)
    for note in _notes(out, paths):
        console.print(f"[yellow]{escape(on_terminal(tr(note)))}[/yellow]", soft_wrap=True)
    place = escape(on_terminal(str(out)))
    console.print(tr(f"results in {place}; read them with `pams show {place}`"))


def _table(rows: list[DocumentRow]) -> Table:
    """A line a document."""
    table = Table(box=None, pad_edge=False)
    table.add_column(tr("document"), overflow="fold")
    paid = any(row.money for row in rows)
    for name in (tr("policies"), tr("measures"), tr("targets"), *((tr("cost"),) if paid else ())):
        table.add_column(name, justify="right")
    for row in rows:
        if row.status == "ok":
            copies = f" (= {', '.join(row.same_as)})" if row.same_as else ""
            name, cost = escape(on_terminal(row.document + copies)), [_paid(row)] if paid else []
            table.add_row(name, str(row.policies), str(row.measures), str(row.targets), *cost)
        elif row.error is not None:
            cost = [_paid(row)] if paid else []
            table.add_row(f"[red]{escape(on_terminal(row.document))}[/red]", tr("failed"), "", "", *cost)
    return table


def _not_there(portals: Path | None, rows: Iterable[DocumentRow]) -> Iterator[str]:
    """Documents that the list of what their site knew names, and that the run has not."""
    if portals is None:
        return
    listed = read_portals(portals)
    for name in (name for row in rows for name in (row.document, *row.same_as)):
        listed.of(name)
    if unused := listed.unused:
        more = f" and {len(unused) - 3} more" if len(unused) > 3 else ""
        yield f"{portals}: names no document of this run: {', '.join(unused[:3])}{more}; write names as above"


def _paid(row: DocumentRow) -> str:
    return f"${row.money:.4f}" if row.money is not None else "?"


def _notes(out: Path, paths: list[Path]) -> Iterator[str]:
    """What else one should know: files that are no documents, corrections that found no place."""
    others = find_others(paths)
    if others:
        kinds = ", ".join(f"{count} {suffix}" for suffix, count in sorted(others.items()))
        yield f"not read, being of no known format: {kinds}; save them as PDF or DOCX if they are documents"
    left_out, lost, most = 0, 0, (0, "")
    doubtful: list[tuple[float, str]] = []
    for row in each_row(out):
        left_out += row.left_out
        if row.policies == 0 and (row.overlooked or 0) >= MAY_REPORT_FROM:
            doubtful.append((row.overlooked or 0, row.document))
        lost += row.text_lost > 0
        most = max(most, (row.text_lost, row.document), key=lambda one: one[0])
    if left_out:
        yield f"{left_out} records left out as less certain than --min-confidence; see left_out in documents.jsonl"
    if doubtful:
        likely, name = max(doubtful)
        yield (
            f"{len(doubtful)} documents without a policy may report one ({name}: {likely:.2f}); look through them with "
            f"`pams review {out}` (documents without a policy), or see overlooked in documents.jsonl"
        )
    if lost:
        yield f"words were lost in {lost} documents ({most[1]}: {most[0]} signs); see text_lost in documents.jsonl"
    if (out / CORRECTIONS).exists() and (waiting := len(Results(out).corrected.waiting)):
        yield f"{waiting} corrections wait: the text they were made on has changed or is gone; see `pams review {out}`"


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
