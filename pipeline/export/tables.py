"""Results become the rows of flat tables; `rebuild` makes records of them again, and nothing is lost on the way."""

from __future__ import annotations

import contextlib
import json
import math
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from typing import Any

from pydantic import BaseModel

from pipeline.export.codes import NO_CODES, Codes
from pipeline.export.columns import TABLES, Cell, Row, Table
from pipeline.pages import Pages
from pipeline.results import Results
from schemas.corrections import Correction
from schemas.document import Portal
from schemas.errors import InputError
from schemas.records import (
    Announced,
    Extent,
    Failure,
    Measure,
    Organisation,
    Policy,
    Provenance,
    Reference,
    Span,
    Target,
)

Cells = dict[str, Cell]

_TABLES = {table.name: table for table in TABLES}

_DONE = {"accept": "accepted", "edit": "edited", "add": "added"}
_EXACT = ("value", "value_max")


def rows_of(parts: Iterable[Results], pages: Pages, codes: Codes = NO_CODES) -> Iterator[tuple[Table, Row]]:
    """The rows of all tables: a document, a policy, all that belongs to it, the next policy. Each has every column.

    `parts`: results document by document, or all at once. `pages`: of the files that are at hand. `codes`: an
    institute's own, beside the groups of instruments.
    """
    for name, cells in _rows(parts, pages):
        table = _TABLES[name]
        if name == "measures" and (own := codes.get(str(cells["instrument"]))):
            cells |= {"own_code": ";".join(o.code for o in own), "own_label": ";".join(o.label for o in own)}
        yield table, {column: cells.get(column) for column in table.names}


def _rows(parts: Iterable[Results], pages: Pages) -> Iterator[tuple[str, Cells]]:
    position = 0
    for results in parts:
        for row in results.rows.values():
            yield "documents", _cells(row)
        for policy in results.policies:
            position += 1
            cells = {**_cells(policy), **_stands(results, pages, policy, policy.announcement, policy)}
            cells |= _cell("portal", results.rows[policy.document].portal if policy.document in results.rows else None)
            yield "policies", {**cells, "position": position}
            yield from _parts(results, pages, policy)


def _parts(results: Results, pages: Pages, policy: Policy) -> Iterator[tuple[str, Cells]]:
    yield from _of("organisations", policy, policy.issuers)
    yield from _of("references", policy, policy.references)
    for at, span in enumerate(policy.evidence, 1):
        cells = {**_span("text", span), **_boxes(results, pages, policy, span)}
        yield "evidence", {**cells, "policy_id": policy.id, "position": at}
    for at, measure in enumerate(policy.measures, 1):
        cells = {**_cells(measure), **_stands(results, pages, policy, measure.text, measure)}
        yield "measures", {**cells, "policy_id": policy.id, "position": at}
        yield from _of("organisations", policy, measure.implementers, measure.id)
    for at, target in enumerate(policy.targets, 1):
        cells = {**_cells(target), **_stands(results, pages, policy, target.raw, target)}
        for name in _EXACT:
            cells |= _number(name, getattr(target, name))
        yield "targets", {**cells, "policy_id": policy.id, "position": at}
    for at, budget in enumerate(policy.budgets, 1):
        cells = _cells(budget)
        for name in _EXACT:
            cells |= _number(name, getattr(budget, name))
        yield "budgets", {**cells, "policy_id": policy.id, "position": at}


def _of(
    table: str, policy: Policy, records: Sequence[Organisation | Reference], measure_id: str | None = None
) -> Iterator[tuple[str, Cells]]:
    for at, record in enumerate(records, 1):
        yield table, {**_cells(record), "policy_id": policy.id, "measure_id": measure_id, "position": at}


def _cells(record: BaseModel) -> Cells:
    """The cells of a record's own fields; lists of records have tables of their own."""
    cells: Cells = {}
    for name, value in record:
        cells |= _cell(name, value)
    return cells


def _cell(name: str, value: Any) -> Cells:
    match value:
        case bool():
            return {name: int(value)}
        case Span():
            return _span(name, value)
        case Extent():
            return {f"{name}_start": value.start, f"{name}_end": value.end}
        case Announced():
            return {name: value.value, **_span(f"{name}_raw", value.raw)}
        case Portal():
            return {f"{name}_{part}": str(said) for part, said in value if said is not None}
        case Provenance():
            return _cells(value)
        case Failure():
            return {f"{name}_kind": value.kind, f"{name}_message": value.message}
        case tuple() if name == "same_as":  # Names of files may hold any character.
            return {name: json.dumps(value, ensure_ascii=False)}
        case tuple() if name == "ocr":
            return {name: ";".join(f"{p.page}:{'' if p.confidence is None else p.confidence}" for p in value)}
        case tuple() if any(isinstance(part, BaseModel) for part in value):
            return {}
        case tuple():
            return {name: ";".join(str(part) for part in value)}
        case StrEnum():
            return {name: value.value}
        case _:
            return {name: value}


def _span(name: str, span: Span) -> Cells:
    return {name: span.text, f"{name}_start": span.start, f"{name}_end": span.end}


def _number(name: str, value: float | int | None) -> Cells:
    """A number to calculate with, which a program may hold in 64 bits, and the same to the last digit."""
    if value is None:
        return {}
    with contextlib.suppress(OverflowError):
        if math.isfinite(value) and abs(value) < 2**63:
            return {name: value, f"{name}_exact": repr(value)}
    return {name: None, f"{name}_exact": repr(value)}


def _boxes(results: Results, pages: Pages, policy: Policy, span: Span) -> Cells:
    """Where words stand on the pages of a PDF, to a tenth of a point."""
    boxes = pages.boxes(results, policy.document, span.start, span.end)
    if boxes is None:
        return {}
    places = [[b.page, *(round(side, 1) for side in (b.x0, b.y0, b.x1, b.y1))] for b in boxes]
    return {"boxes": json.dumps(places, separators=(",", ":"))}


def _stands(results: Results, pages: Pages, policy: Policy, span: Span, record: Policy | Measure | Target) -> Cells:
    """Where a record stands, left empty where its text is gone, and what people decided about it."""
    cells: Cells = dict(_decision(results.corrected.decisions.get((policy.id, record.id))))
    with contextlib.suppress(InputError):
        citation = results.cite(policy.document, span)
        heading = citation.heading.text if citation.heading is not None else None
        cells |= {"page": citation.page, "heading": heading, "line": citation.line}
    return cells | _boxes(results, pages, policy, span)


def _decision(correction: Correction | None) -> Cells:
    if correction is None:
        return {}
    at = correction.at.isoformat(timespec="seconds")
    return {"review": _DONE.get(correction.action), "reviewed_by": correction.who, "reviewed_at": at}
