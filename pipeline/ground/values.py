"""What the words of a span say: years, days and units, computed alike for an answer and for a person's correction."""

from __future__ import annotations

import datetime as dt
import hashlib
import unicodedata

from pipeline.normalise import (
    Quantity,
    find_deadline,
    find_period,
    find_quantities,
    is_unit_column,
    parse_date,
    parse_quantity,
    plan_period,
    unit_named,
)
from schemas.document import Article, Unit
from schemas.records import Span
from schemas.vocabulary import UnitKind


def years_in(words: str, issue: dt.date | None) -> tuple[int | None, int | None] | None:
    """First and last year of the period that the words name; None if they name none."""
    found = find_period(words)
    if found is not None:
        return found[0], found[1]
    plan = plan_period(words)
    if plan is not None:
        return plan
    day = parse_date(words, issue)
    return (int(day[:4]), int(day[:4])) if day is not None else None


def announced_in(text: str, raw: Span, issue: dt.date | None, year: int | None) -> str | None:
    """The day that a span of `text` names, with what stands beside it: 지난 3월 5일(화)."""
    pieces = (raw.text, text[max(0, raw.start - 20) : raw.start], text[raw.end : raw.end + 12])
    words, before, behind = (unicodedata.normalize("NFC", piece) for piece in pieces)
    return parse_date(words, issue, year, beside=(before, behind))


def due_in(words: str, period_end: int | None, issue: dt.date | None) -> str | None:
    """The date by which a goal is due, as the words name it; None if they name none."""
    found = find_deadline(words, period_end=period_end, issue=issue)
    value = found[0] if found is not None else parse_date(words, issue, due=True)
    if value is None and (plan := plan_period(words)) is not None:
        return str(plan[1])
    return value


def signed_by_triangle(text: str, raw: Span) -> bool:
    """Whether △ stands before the quote and is no part of it: a minus or a mark, nobody can tell."""
    return text[max(0, raw.start - 2) : raw.start].rstrip(" ")[-1:] in ("△", "▲") and raw.text[:1].isdigit()


def quantity_in(text: str, article: Article, raw: Span) -> Quantity | None:
    """The number that a span of `text` names; one that is bare, or none alone, as it reads where it stands.

    None that has no value there has one alone (`10%` of `10%~`).
    `6,224` of `5,224ha → 6,224` is in ha, `30일` of `처리 기간을 30일로 단축` so many days and no day of a month.
    """
    quantity = parse_quantity(raw.text)
    if quantity is not None and quantity.value is None:
        return quantity
    around = next((u.unit for u in article.units if u.unit.start <= raw.start and raw.end <= u.unit.end), None)
    if around is None:
        return quantity
    place = (raw.start - around.start, raw.end - around.start)
    there = (q for q in find_quantities(text[around.start : around.end]) if (q.start, q.end) == place)
    if quantity is not None and quantity.unit is not None:
        return next((q for q in there if q.value is None), quantity)
    return next((q for q in there if q.unit is not None or q.value is None), quantity)


def unit_beside(text: str, article: Article, cell: Unit | None, words: str) -> str | None:
    """The unit of a bare number that is all of a table's cell, where the table has a column for it."""
    if cell is None or cell.kind is not UnitKind.CELL or text[cell.start : cell.end].strip() != words:
        return None
    units = {u.unit.index: u.unit for u in article.units}
    for beside in (u for u in units.values() if u.parent == cell.parent and u.kind is UnitKind.CELL):
        heads = (units[i] for i in beside.header if i in units and units[i].role == "header")
        if any(is_unit_column(text[h.start : h.end]) for h in heads):
            return unit_named(text[beside.start : beside.end])
    return None


def record_id(sha256: str, kind: str, *spans: Span | None) -> str:
    """Stable id: hash of the document's bytes, the record's kind and its offsets."""
    places = [f"{s.start}-{s.end}" if s is not None else "" for s in spans]
    return hashlib.sha256("|".join((sha256, kind, *places)).encode()).hexdigest()[:16]
