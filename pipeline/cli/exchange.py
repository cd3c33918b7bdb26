"""`pams requests` and `pams answers`: the files endpoint, OpenAI Batch JSONL out and in."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from pipeline.ask import load_prompt_set
from pipeline.harmless import in_json, on_terminal
from pipeline.model import AnswersRead, FilesModel, Store, read_answers, read_requests, write_requests
from pipeline.opened import open_document
from pipeline.read import Source, find_sources, read, read_portals
from pipeline.session import open_session, resolve_endpoint
from pipeline.settings import WHOLE_ANSWER, Settings
from pipeline.steps import finish, ocr_of
from schemas.errors import CannotStart, ModelError, PamsError, Pending, UsageError

Json = Annotated[bool, typer.Option("--json", help="Print as JSON.")]


def requests(
    paths: Annotated[list[Path], typer.Argument(help="Documents, or folders of them.", show_default=False)],
    model: Annotated[str, typer.Option(help="Name of the model that will answer; part of each request's id.")],
    out: Annotated[Path, typer.Option(help="File to write.")] = Path("requests.jsonl"),
    prompts: Annotated[str, typer.Option(help="Prompt set.")] = WHOLE_ANSWER,
    reasoning: Annotated[bool, typer.Option("--reasoning", help="The model thinks before it answers.")] = False,
    hint: Annotated[bool, typer.Option("--hint", help="Show the rule baseline's answer to the model.")] = False,
    examples: Annotated[bool, typer.Option(help="Show the prompt set's examples.")] = True,
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="Write again what the service refused for good.")
    ] = False,
    cache: Annotated[str | None, typer.Option(help="Folder or address of stored answers.")] = None,
    ocr: Annotated[bool, typer.Option("--ocr", help="Read pages that are pictures (needs Tesseract).")] = False,
    ocr_seconds: Annotated[float, typer.Option(help="Seconds that the pictures of one document may take.")] = 600.0,
    manifest: Annotated[
        Path | None,
        typer.Option(help="List (CSV, JSON lines) of what the site knew: file, date, publisher, url, title."),
    ] = None,
    as_json: Json = False,
) -> int:
    """Write the questions that have no stored answer yet as OpenAI Batch JSONL (re-asks included)."""
    if load_prompt_set(prompts).stepwise:
        raise UsageError(
            f"--prompts {prompts} asks one decision after another, which files cannot carry; use {WHOLE_ANSWER}"
        )
    settings = Settings(
        endpoint="files",
        model=model,
        prompts=prompts,
        reasoning=reasoning,
        hint=hint,
        examples=examples,
        retry_failed=retry_failed,
        cache=cache,
        ocr=ocr,
        ocr_seconds=ocr_seconds,
        manifest=manifest,
    )
    pending, articles, failed = asyncio.run(_collect(find_sources(paths), resolve_endpoint(settings)))
    write_requests(out, pending)
    if as_json:
        told = {"file": str(out), "requests": len(pending), "articles": articles, "failed": failed}
        sys.stdout.write(in_json(json.dumps(told, ensure_ascii=False)) + "\n")
        return 1 if failed else 0
    for why in failed:
        sys.stderr.write(f"failed {on_terminal(why)}\n")
    if pending:
        sys.stdout.write(
            f"{len(pending)} requests for {articles} articles in {out}; "
            f"put the answers back with `pams answers FILE --requests {out}`\n"
        )
    elif failed:
        sys.stdout.write("nothing to ask; what failed is named above\n")
    else:
        as_here = ", with --ocr and --manifest as here" if ocr or manifest is not None else ""
        sys.stdout.write(
            f"nothing to ask: all {articles} articles are answered; "
            f"run `pams extract … --endpoint files --model {model}`{as_here}\n"
        )
    return 1 if failed else 0


async def _collect(
    sources: Sequence[Source], settings: Settings
) -> tuple[dict[str, dict[str, object]], int, list[str]]:
    """The open requests of all articles, the number of these, and which documents could not be asked about and why."""
    articles, failed = 0, []
    portals = read_portals(settings.manifest) if settings.manifest is not None else None
    async with open_session(settings) as session:
        for source in sources:
            try:
                known = portals.of(source.name) if portals is not None else None
                document = read(source, ocr=ocr_of(settings)).model_copy(update={"portal": known})
                opened = open_document(document)
                articles += sum(a.asked for a in opened.articles)
                await finish(opened, session)
            except Pending:
                continue  # collected
            except (UsageError, CannotStart):
                raise
            except PamsError as problem:
                failed.append(f"{source.name}: {problem}" if isinstance(problem, ModelError) else str(problem))
        model = session.model
        pending = dict(model.requests) if isinstance(model, FilesModel) else {}
    return pending, articles, failed


def answers(
    file: Annotated[Path, typer.Argument(help="Answers in OpenAI Batch JSONL, in any order, complete or not.")],
    requests_file: Annotated[Path, typer.Option("--requests", help="The requests they answer.")] = Path(
        "requests.jsonl"
    ),
    still_open: Annotated[
        Path | None, typer.Option("--missing", help="Write what is still unanswered to this file.")
    ] = None,
    cache: Annotated[str | None, typer.Option(help="Folder or address of stored answers.")] = None,
    as_json: Json = False,
) -> int:
    """Take answers into the store; foreign, broken or contradictory ones are refused with the reason."""
    asked = read_requests(requests_file)
    store = Store(cache)
    result = read_answers(file, store, asked)
    return report_answers(result, asked, still_open, as_json=as_json)


def report_answers(
    result: AnswersRead,
    asked: Mapping[str, dict[str, object]],
    still_open: Path | None,
    *,
    as_json: bool,
    **facts: object,
) -> int:
    """What became of answers: refused lines with the reason, counts, the open requests in a file; the exit code."""
    if still_open is not None:
        write_requests(still_open, {i: asked[i] for i in result.missing})
    if as_json:
        refused = [{"line": r.line, "custom_id": r.custom_id, "reason": r.reason} for r in result.refused]
        told = {**facts, "accepted": len(result.accepted), "refused": refused, "missing": list(result.missing)}
        sys.stdout.write(in_json(json.dumps(told, ensure_ascii=False)) + "\n")
    else:
        for r in result.refused:
            sys.stderr.write(f"line {r.line}: refused, {on_terminal(r.reason)}\n")
        taken, refused_lines, open_ids = len(result.accepted), len(result.refused), len(result.missing)
        sys.stdout.write(f"{taken} answers taken, {refused_lines} refused, {open_ids} still missing\n")
    return 1 if result.refused else 0
