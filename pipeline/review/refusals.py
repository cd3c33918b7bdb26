"""Answers that were refused, with the unit that they named, and what a key can make of them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from pipeline.normalise import find_quantities, is_structure_count
from pipeline.results import Results, opened
from pipeline.review.fields import FIELDS
from schemas.records import Refusal

_SHOWN = 2_000
_FIELD = re.compile(r"policies\[\d+\](?:\.(measures|targets)\[\d+\])?(?:\.(\w+)(\[\d+\])?)?(?:\.\w+)?$")
_ANSWERED_AS = {"at": "text", "measure": "measure_id", "period": "period_basis"}
"""Fields that an answer and a record name otherwise."""


def refusals(results: Results, name: str) -> list[dict[str, Any]]:
    """What was refused in a document, in the order of the text; of lines that cannot be read, that they cannot.

    `place`: the unit that the answer named, null where there is none; `kind` and `field`: what of which record it was
    to be; `add`: a record that the unit gives, to be added by a key.
    """
    told = [_told(results, name, line) for line in _lines(results, name)]
    return sorted(told, key=lambda t: t["place"]["start"] if t["place"] else -1)


def _told(results: Results, name: str, line: dict[str, Any]) -> dict[str, Any]:
    told = {k: line[k] if k == "article" else str(line[k])[:_SHOWN] for k in ("article", "field", "given", "reason")}
    found = _FIELD.match(str(line["field"]))
    kind = {"measures": "measure", "targets": "target"}.get(found[1] or "", "policy") if found else None
    field = _ANSWERED_AS.get(found[2] or "", found[2] or "") if found else ""
    if kind is not None and field not in FIELDS[kind]:
        field = {"policy": "announcement", "measure": "text", "target": "raw"}[kind]
    place = _place(results, name, line)
    told |= {"place": place, "kind": kind, "target": field}
    if place is not None and kind == "target" and (number := _only_number(results, name, place)) is not None:
        told["add"] = {"raw": number}
    return told


def _place(results: Results, name: str, line: dict[str, Any]) -> dict[str, int] | None:
    """The unit that an answer named, in the text as saved."""
    try:
        given = json.loads(str(line["given"]))
    except ValueError:
        return None
    unit_id = given.get("u") if isinstance(given, dict) else given if isinstance(given, str) else None
    seen = opened(results.source(name))
    article = next((a for a in seen.articles if a.number == line["article"]), None)
    unit = article.unit(str(unit_id)) if article is not None and unit_id is not None else None
    if unit is None:
        return None
    start, end = seen.composed.back(unit.start, unit.end) if seen.composed is not None else (unit.start, unit.end)
    return {"start": start, "end": end}


def _only_number(results: Results, name: str, place: dict[str, int]) -> dict[str, int] | None:
    """The number phrase of a unit that has one: what a wrong quote of a number can only have meant."""
    words = results.text(name)[place["start"] : place["end"]]
    counts = [q for q in find_quantities(words) if not is_structure_count(q.unit, words[q.end : q.end + 20])]
    if len(counts) != 1 or counts[0].value is None:
        return None
    return {"start": place["start"] + counts[0].start, "end": place["start"] + counts[0].end}


def _lines(results: Results, name: str) -> Iterator[dict[str, Any]]:
    path = results.folder / "refused.jsonl"
    if not path.exists():
        return
    damaged = 0
    with path.open(encoding="utf-8", errors="replace") as file:
        for line in filter(str.strip, file):
            try:
                refusal = Refusal.model_validate_json(line)
            except ValidationError:
                damaged += 1
                continue
            if refusal.document == name:
                yield refusal.model_dump(mode="json")
    if damaged:
        reason = f"{damaged} lines of {path.name} cannot be read; run `pams extract` again to write the file anew"
        yield {"article": 0, "field": path.name, "given": "", "reason": reason}
