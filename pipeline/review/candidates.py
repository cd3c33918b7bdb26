"""Words that a field may mean, near a record: what a person would look for, found by the code that a run reads with."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pipeline.normalise import (
    find_dates,
    find_deadlines,
    find_organisations,
    find_plan_mentions,
    find_quantities,
    is_structure_count,
)
from pipeline.results import Results
from pipeline.review.compute import article_around

Found = Iterator[tuple[int, int]]
MOST = 9
_REACH = 4_000
"""Signs on either side of the record that are looked at."""


def candidates(results: Results, name: str, field: str, at: int) -> list[dict[str, object]]:
    """Spans near offset `at` that may fill the field, the nearest first; none for fields that words do not tell.

    Raises `InputError` where the document's text is not there.
    """
    document = results.source(name)
    look = _LOOK.get(field)
    if look is None or not 0 <= at <= len(document.text):
        return []
    around = article_around(document, at)
    start, end = max(around.start, at - _REACH), min(around.end, at + _REACH)
    found = {document.text[a:b].strip(): (a, b) for a, b in reversed([*_placed(look, document.text, start, end)])}
    nearest = sorted(found.values(), key=lambda span: abs(span[0] - at))[:MOST]
    return [{"start": a, "end": b, "text": document.text[a:b]} for a, b in nearest]


def _placed(look: Callable[[str], Found], text: str, start: int, end: int) -> Found:
    for a, b in look(text[start:end]):
        yield start + a, start + b


def _bodies(text: str) -> Found:
    return ((m.start, m.end) for m in find_organisations(text) if not m.is_place)


def _dates(text: str) -> Found:
    return ((d.start, d.end) for d in find_dates(text) if d.month)


def _years(text: str) -> Found:
    yield from find_plan_mentions(text)
    yield from ((d.start, d.end) for d in find_dates(text) if d.year and not d.day)


def _deadlines(text: str) -> Found:
    return (place for _, place in find_deadlines(text))


def _numbers(text: str) -> Found:
    return ((q.start, q.end) for q in find_quantities(text) if not is_structure_count(q.unit, text[q.end : q.end + 20]))


_LOOK: dict[str, Callable[[str], Found]] = {
    "issuers": _bodies,
    "implementers": _bodies,
    "announced_on": _dates,
    "period_basis": _years,
    "years": _years,
    "deadline": _deadlines,
    "raw": _numbers,
}
