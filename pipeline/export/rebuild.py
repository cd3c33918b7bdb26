"""rebuild: the rows of flat tables become the records they were made of."""

from __future__ import annotations

import json
import typing
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from pipeline.export.columns import Row, Tables
from schemas.document import Portal
from schemas.records import Budget, DocumentRow, Measure, Organisation, Policy, Provenance, Reference, Span, Target

Grouped = dict[tuple[Any, ...], list[Row]]


def rebuild(tables: Tables) -> tuple[tuple[Policy, ...], tuple[DocumentRow, ...]]:
    """The policies and the documents' rows that `flatten` was given, whatever the order of the rows."""
    parts = {name: _grouped(rows) for name, rows in tables.items() if name not in ("policies", "documents")}
    policies = sorted(tables["policies"], key=_position)
    return tuple(_policy(row, parts) for row in policies), tuple(_document(row) for row in tables["documents"])


def _position(row: Row) -> int:
    return int(row["position"] or 0)


def _grouped(rows: list[dict[str, Any]]) -> Grouped:
    """Rows by the policy they belong to; organisations by policy and measure."""
    grouped: Grouped = {}
    for row in sorted(rows, key=_position):
        organisation = "canonical" in row
        grouped.setdefault((row["policy_id"], row["measure_id"] if organisation else None), []).append(row)
    return grouped


def _policy(row: Row, parts: Mapping[str, Grouped]) -> Policy:
    policy_id = row["id"]
    of = {name: grouped.get((policy_id, None), []) for name, grouped in parts.items()}
    implementers = parts["organisations"]
    raw = _span(row, "announced_on_raw")
    return Policy.model_validate(
        {
            **_fields(Policy, row),
            "extent": {"start": row["extent_start"], "end": row["extent_end"]},
            "announced_on": {"value": row["announced_on"], "raw": raw} if raw else None,
            "provenance": _fields(Provenance, row),
            "issuers": [_fields(Organisation, o) for o in of["organisations"]],
            "measures": [
                {
                    **_fields(Measure, m),
                    "implementers": [_fields(Organisation, o) for o in implementers.get((policy_id, m["id"]), [])],
                }
                for m in of["measures"]
            ],
            "targets": [
                {**_fields(Target, t), "value": _exact(t["value_exact"]), "value_max": _exact(t["value_max_exact"])}
                for t in of["targets"]
            ],
            "budgets": [
                {**_fields(Budget, b), "value": _exact(b["value_exact"]), "value_max": _exact(b["value_max_exact"])}
                for b in of["budgets"]
            ],
            "references": [_fields(Reference, r) for r in of["references"]],
            "evidence": [_span(e, "text") for e in of["evidence"]],
        }
    )


def _document(row: Row) -> DocumentRow:
    kind = row["error_kind"]
    fields = {**_fields(DocumentRow, row), "same_as": json.loads(str(row["same_as"]))}
    portal = {name: row[f"portal_{name}"] for name in Portal.model_fields}
    fields["portal"] = portal if any(portal.values()) else None
    fields["ocr"] = [_read_page(part) for part in str(row["ocr"]).split(";") if part]
    return DocumentRow.model_validate(
        {**fields, "error": None if kind is None else {"kind": kind, "message": row["error_message"]}}
    )


def _read_page(part: str) -> dict[str, Any]:
    page, _, confidence = part.partition(":")
    return {"page": int(page), "confidence": float(confidence) if confidence else None}


def _fields(record: type[BaseModel], row: Row) -> dict[str, Any]:
    """The fields of a record that have columns of their own name."""
    kinds = typing.get_type_hints(record)
    return {name: _field(kinds[name], row, name) for name in record.model_fields if name in row}


def _field(kind: Any, row: Row, name: str) -> Any:
    if Span in (kind, *typing.get_args(kind)):
        return _span(row, name)
    if typing.get_origin(kind) is tuple:
        whole = int in typing.get_args(kind)
        return [int(part) if whole else part for part in str(row[name]).split(";") if part]
    return row[name]


def _span(row: Row, name: str) -> dict[str, Any] | None:
    start = row[f"{name}_start"]
    return None if start is None else {"start": start, "end": row[f"{name}_end"], "text": row[name]}


def _exact(number: Any) -> Any:
    return None if number is None else float(number) if set(number) & set(".einf") else int(number)
