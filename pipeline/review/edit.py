"""What a person changes in a record: spans selected in the source, values from the closed lists; the rest is computed.

As with a model's answer, nothing is typed: a correction cannot hold words or numbers that the document does not. A
field is named by its path: `title`, `issuers.+` (one more), `issuers.0` (None: away with it), `issuers.0.canonical`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from pydantic import ValidationError

from pipeline.normalise.edges import cuts_number
from pipeline.normalise.name_search import known
from pipeline.review.compute import COMPUTE, made_of, renamed
from pipeline.review.fields import FIELDS, Field, main_part
from schemas.document import Document, Frozen
from schemas.errors import UsageError
from schemas.records import Policy, Span

Record = TypeVar("Record", bound=Frozen)
_CERTAIN = frozenset({"confidence", "instrument_confidence"})
"""What the machine thought of a record; of one that a person has changed nothing is left to think."""
_MOST_ENTRIES = 100


def kind_of(record: Frozen) -> str:
    """`policy`, `measure` or `target`."""
    return type(record).__name__.lower()


def edit(document: Document, record: Record, changes: Mapping[str, Any], policy: Policy | None = None) -> Record:
    """The record with `changes`: path → `{"start", "end"}`, a value, a list of values, or None.

    `policy`: the one that a target belongs to, whose measures it may be linked with.
    Raises `UsageError` with what cannot be: a field that is computed, a value of no list, a span that is not there.
    """
    kind = kind_of(record)
    made: dict[str, Any] = {}
    for path, value in changes.items():
        name, *rest = path.split(".")
        field = FIELDS[kind].get(name)
        if field is None:
            raise UsageError(f"{name} of a {kind} is computed, or is no field: it cannot be set")
        now = made[name] if name in made else getattr(record, name, None)
        made[name] = _value(document, _Place(kind, name), field, rest, now, value)
        if made[name] is None and field.required:
            raise UsageError(f"a {kind} cannot be without {name}")
    _check_link(made, policy)
    after = COMPUTE[kind](document, record, made) | dict.fromkeys(_CERTAIN & type(record).model_fields.keys())
    try:
        made_anew: Record = type(record).model_validate({**record.model_dump(), **after})
    except ValidationError as problem:
        raise UsageError(f"this is no {kind}: {problem.errors()[0]['msg']}") from problem
    return made_anew


class _Place:
    """Where a value goes, for messages."""

    def __init__(self, kind: str, name: str) -> None:
        self.kind, self.name = kind, name

    def __str__(self) -> str:
        return f"{self.name} of a {self.kind}"


def _value(document: Document, place: _Place, field: Field, rest: Sequence[str], now: Any, value: object) -> Any:
    """What a field holds once `value` is set at `rest` of its path."""
    if field.many and field.form != "enum":
        return _listed(document, place, field, rest, tuple(now or ()), value)
    if rest:
        raise UsageError(f"{place} has no parts")
    if field.form == "enum":
        return _enum(place, field, value)
    if field.form == "span":
        return None if value is None else span_of(document, value)
    if field.form == "canonical":
        return _named(value)
    return None if value is None else str(value)


def _listed(
    document: Document, place: _Place, field: Field, rest: Sequence[str], now: tuple[Any, ...], value: object
) -> tuple[Any, ...]:
    """A list with one entry more, less, or other."""
    if rest in ([], ["+"]):
        if not rest and value is None:
            return ()
        if len(now) >= _MOST_ENTRIES:
            raise UsageError(f"{place}: no more than {_MOST_ENTRIES}")
        words = span_of(document, value)
        entry = words if field.form == "span" else made_of(field, place.name, document, words, len(now))
        if any(_words(field, e) == words for e in now):
            raise UsageError(f"{place}: these words are in it already")
        return (*now, entry)
    at = int(rest[0]) if rest[0].isdecimal() and len(rest[0]) < 4 else len(now)
    if at >= len(now):
        raise UsageError(f"{place}: there is no entry {rest[0]}")
    if len(rest) == 1 and value is None:
        return (*now[:at], *now[at + 1 :])
    entry = _entry(document, place, field, rest[1:], now[at], value)
    return (*now[:at], entry, *now[at + 1 :])


def _entry(document: Document, place: _Place, field: Field, rest: Sequence[str], entry: Any, value: object) -> Any:
    """An entry of a list with one part of it set anew."""
    if field.form == "span":
        return span_of(document, value)
    name = rest[0] if rest else main_part(field)
    part = field.parts.get(name)
    if part is None:
        raise UsageError(f"{place}: {name} is no part of it")
    made = _value(document, place, part, rest[1:], None, value)
    if made is None and part.required:
        raise UsageError(f"{place} cannot be without {name}")
    if name == main_part(field):
        return renamed(field, entry, document, made)
    return entry.model_copy(update={name: made})


def _words(field: Field, entry: Any) -> Span:
    """The words that an entry of a list is made of."""
    words: Span = entry if field.form == "span" else getattr(entry, main_part(field))
    return words


def span_of(document: Document, value: object) -> Span:
    """A stretch of the text, without white space around it. Raises `UsageError`."""
    start, end = (value.get("start"), value.get("end")) if isinstance(value, Mapping) else (None, None)
    if not (isinstance(start, int) and isinstance(end, int) and 0 <= start < end <= len(document.text)):
        raise UsageError("the selection lies outside the document")
    text = document.text[start:end]
    start, end = start + len(text) - len(text.lstrip()), end - (len(text) - len(text.rstrip()))
    if start >= end:
        raise UsageError("the selection holds nothing but white space")
    if cuts_number(document.text, start, end, number=False):
        raise UsageError("the selection cuts a number in two; select the whole number")
    return Span(start=start, end=end, text=document.text[start:end])


def _enum(place: _Place, field: Field, value: object) -> object:
    known_terms = {str(term): term for term in field.terms}
    wanted = (value if isinstance(value, list) else []) if field.many else [value]
    if not field.many and value is None:
        return None
    unknown = next((v for v in wanted if not isinstance(v, str) or v not in known_terms), None)
    if unknown is not None or (wanted and None in wanted):
        raise UsageError(f"{place}: {unknown!r} is not in its list")
    values = tuple(dict.fromkeys(known_terms[str(v)] for v in wanted))
    if field.most is not None and len(values) > field.most:
        raise UsageError(f"{place} takes at most {field.most} values")
    return values if field.many else values[0]


def _named(value: object) -> str | None:
    """A canonical name of the table, or none."""
    if value is None:
        return None
    if not isinstance(value, str) or value not in known():
        raise UsageError(f"{value!r} stands in no table of organisations; choose one that is listed")
    return value


def _check_link(made: Mapping[str, Any], policy: Policy | None) -> None:
    linked = made.get("measure_id")
    if linked is not None and (policy is None or all(m.id != linked for m in policy.measures)):
        raise UsageError("there is no such measure in this policy")
