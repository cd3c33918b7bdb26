"""What follows from the words a person chose: dates, years, numbers, places and ids, by the code of a run."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Callable
from typing import Any

from pipeline.budgets import CODES
from pipeline.ground.values import (
    announced_in,
    due_in,
    quantity_in,
    record_id,
    signed_by_triangle,
    unit_beside,
    years_in,
)
from pipeline.normalise import (
    Quantity,
    canonical,
    comparator_in,
    find_territory,
    home_of,
    is_shared,
    jurisdiction_of,
    level_of,
    parse_quantity,
    shared_place,
)
from pipeline.normalise.edges import cuts_number
from pipeline.normalise.name_search import known
from pipeline.opened import issued_on
from pipeline.results import opened
from pipeline.review.fields import Field
from schemas.document import Article, Document
from schemas.errors import UsageError
from schemas.records import Announced, Extent, Organisation, Policy, Reference, Span
from schemas.vocabulary import (
    Comparator,
    DeadlineBasis,
    DocumentType,
    GovernmentLevel,
    ReferenceKind,
    Role,
    UnitKind,
)

NO_VALUE = (Comparator.ELIMINATE, Comparator.REFERENCE)


def read(span: Span) -> str:
    """A span's words as values are computed from them: decomposed Hangul composed."""
    return unicodedata.normalize("NFC", span.text)


def article_around(document: Document, offset: int) -> Extent:
    """The item of a document that an offset lies in; all of it where none does."""
    seen = opened(document)
    back = seen.composed.back if seen.composed is not None else lambda start, end: (start, end)
    for article in seen.articles:
        start, end = back(article.start, article.end)
        if start <= offset < end:
            return Extent(start=start, end=end)
    return Extent(start=0, end=len(document.text))


def issued(document: Document) -> tuple[dt.date | None, int | None]:
    """The day of issue, or the year, as a run knows it."""
    return issued_on(document.model_copy(update={"text": unicodedata.normalize("NFC", document.text)}))


def home(document: Document, offset: int) -> str | None:
    """The country whose bodies the item around an offset means."""
    around = article_around(document, offset)
    return home_of(unicodedata.normalize("NFC", document.text[around.start : around.end]))


# -- entries of lists ----------------------------------------------------------------------------------------------


def made_of(field: Field, name: str, document: Document, words: Span, before: int) -> Organisation | Reference:
    """An entry of a list, of marked words; `before`: entries that are in it already."""
    if field.of is Organisation:
        role = Role.IMPLEMENTER if name == "implementers" else Role.JOINT_ISSUER if before else Role.ISSUER
        return _organisation(document, words, role)
    if field.of is Reference:
        made = record_id(document.sha256, "reference", words)
        return Reference(id=made, title=words, url=None, kind=ReferenceKind.SOURCE)
    raise UsageError(f"{name}: no entry can be made of words")


def _organisation(document: Document, words: Span, role: Role) -> Organisation:
    printed = read(words)
    country = home(document, words.start) if is_shared(printed) else None
    made = record_id(document.sha256, f"organisation:{role}", words)
    return Organisation(id=made, name=words, canonical=canonical(printed, country), role=role)


def renamed(field: Field, entry: Any, document: Document, words: Span) -> Any:
    """An entry made of other words: what follows from them is computed anew, what a person chose of it stays."""
    if field.of is Organisation:
        return _organisation(document, words, entry.role)
    return entry.model_copy(update={"title": words, "id": record_id(document.sha256, "reference", words)})


def _in_role(document: Document, body: Organisation, role: Role) -> Organisation:
    made = record_id(document.sha256, f"organisation:{role}", body.name)
    return body.model_copy(update={"role": role, "id": made})


def _issuers(document: Document, policy: Policy, now: tuple[Organisation, ...]) -> dict[str, Any]:
    """Issuers with one first among them, and what follows from them: the place, and the level."""
    was = {o.name for o in policy.issuers if o.role is Role.ISSUER}
    leading = [o for o in now if o.role is Role.ISSUER]
    first = next((o for o in leading if o.name not in was), None) or next(iter(leading or now), None)
    ordered = [o for o in now if o is first] + [o for o in now if o is not first]
    issuers = [_in_role(document, o, Role.JOINT_ISSUER if n else Role.ISSUER) for n, o in enumerate(ordered)]
    made: dict[str, Any] = {"issuers": tuple(issuers), "government_level": _level(document, issuers)}
    return made | _jurisdiction(document, policy.extent, issuers)


def _level(document: Document, issuers: list[Organisation]) -> GovernmentLevel | None:
    """The highest level among the issuers."""
    levels = []
    for body in issuers:
        listed = known().get(body.canonical or "")
        level = listed.entry.level if listed else level_of(read(body.name), home(document, body.name.start))
        levels += [level] if level is not None else []
    return min(levels, key=list(GovernmentLevel).index) if levels else None


def _jurisdiction(document: Document, extent: Extent, issuers: list[Organisation]) -> dict[str, Any]:
    if not issuers:
        found = find_territory(document.text, extent.start, extent.end)
        basis = Span(start=found[1][0], end=found[1][1], text=document.text[slice(*found[1])]) if found else None
        return {"jurisdiction": found[0] if found else None, "jurisdiction_basis": basis}
    names = []
    for body in issuers:
        listed = known().get(body.canonical or "")
        names.append((listed.entry.jurisdiction if listed else None) or read(body.name))
    country = home(document, issuers[0].name.start)
    return {"jurisdiction": shared_place(names, country), "jurisdiction_basis": None}


# -- records -------------------------------------------------------------------------------------------------------


def _policy(document: Document, policy: Any, made: dict[str, Any]) -> dict[str, Any]:
    chosen = set(made)
    if isinstance(made.get("announced_on"), Span):
        raw = made["announced_on"]
        made["announced_on"] = Announced(value=announced_in(document.text, raw, *issued(document)), raw=raw)
    if "period_basis" in made:
        made["period_start"], made["period_end"] = _years(document, made["period_basis"])
    if "announcement" in made and not policy.extent.start <= made["announcement"].start < policy.extent.end:
        made["extent"] = article_around(document, made["announcement"].start)
    if "issuers" in made:
        follows = _issuers(document, policy, made["issuers"])
        made |= {name: value for name, value in follows.items() if name not in chosen or name == "issuers"}
    if "jurisdiction_basis" in chosen:
        made |= _place_named(document, policy, made["jurisdiction_basis"])
    return _titled(policy, made)


def _titled(policy: Any, made: dict[str, Any]) -> dict[str, Any]:
    """A type exactly where there is a title: of a new title it is told by its noun."""
    unnamed = made.get("document_type", policy.document_type) is DocumentType.UNNAMED_ACTION
    untitled = made.get("title", policy.title) is None
    if unnamed and not untitled:
        if made.get("title") is None:  # the type was set, and the title stood
            made["title"] = made["title_original"] = None
        elif "document_type" in made:
            raise UsageError("an act without a named document has no title; choose the document's type too")
        else:
            # Late: the page opens without the draft, and without numpy.
            from pipeline.draft.grammar.titles import document_type

            kind = document_type(read(made["title"]))
            if kind is None:
                raise UsageError("the title does not tell what kind of document it is; choose the document's type too")
            made["document_type"] = kind
    if untitled and not unnamed:
        if "title" not in made:
            raise UsageError("select the title too: only an act without a named document has none")
        made["document_type"] = DocumentType.UNNAMED_ACTION
        made["title_original"] = None
    return made


def _years(document: Document, words: Span | None) -> tuple[int | None, int | None]:
    if words is None:
        return None, None
    years = years_in(read(words), issued(document)[0])
    if years is None:
        raise UsageError(f"no years can be read from “{words.text[:60]}”; select the years as printed")
    return years


def _place_named(document: Document, policy: Any, basis: Span | None) -> dict[str, Any]:
    """The place by its name; without one, that of the issuers."""
    if basis is None:
        return _jurisdiction(document, policy.extent, list(policy.issuers))
    place = jurisdiction_of(read(basis), home(document, basis.start))
    if place is None:
        raise UsageError(f"“{basis.text[:60]}” names no place of the table; select a country, a place or a public body")
    return {"jurisdiction": place, "jurisdiction_basis": basis}


def _measure(document: Document, measure: Any, made: dict[str, Any]) -> dict[str, Any]:
    if "instrument" in made:
        made["instrument_category"] = made["instrument"].category
    return made


def _target(document: Document, target: Any, made: dict[str, Any]) -> dict[str, Any]:
    """Value and unit from the number phrase; a comparator word in it decides unless one was chosen."""
    if "deadline" in made:
        made |= _deadline(document, made["deadline"])
    if "raw" not in made and "comparator" not in made:
        return made
    raw = made.get("raw", target.raw)
    quantity = _quantity(document, raw)
    printed = comparator_in(read(raw)) if "raw" in made else None
    comparator = made.setdefault("comparator", printed or target.comparator)
    bare = comparator in NO_VALUE
    if not bare:
        _check_number(document, raw, quantity)
    made["value"] = None if bare or quantity is None else quantity.value
    made["value_max"] = None if bare or quantity is None else quantity.value_max
    made["unit"] = None if bare or quantity is None else quantity.unit or _unit_of_cell(document, raw)
    return made


def _quantity(document: Document, raw: Span) -> Quantity | None:
    if cuts_number(document.text, raw.start, raw.end, number=True):
        raise UsageError("the selection cuts a number in two; select the whole number")
    article = _article_of(document, raw)
    return parse_quantity(read(raw)) if article is None else quantity_in(document.text, article, raw)


def _check_number(document: Document, raw: Span, quantity: Quantity | None) -> None:
    if quantity is None or quantity.value is None:
        raise UsageError(f"no number can be read from “{raw.text[:60]}”; select the number as printed")
    if signed_by_triangle(document.text, raw):
        raise UsageError("△ stands before the number: a minus or a mark, nobody can tell; select it with the number")


def _budget(document: Document, budget: Any, made: dict[str, Any]) -> dict[str, Any]:
    """Value, currency and comparator from the amount; the years from the words that tell them."""
    if "years" in made:
        made["period_start"], made["period_end"] = _years(document, made["years"])
    if "raw" not in made:
        return made
    raw = made["raw"]
    quantity = _quantity(document, raw)
    _check_number(document, raw, quantity)
    if quantity is None or quantity.unit not in CODES:
        raise UsageError(f"no currency can be read from “{raw.text[:60]}”; select the amount with its currency")
    made.setdefault("comparator", quantity.comparator)
    made |= {"value": quantity.value, "value_max": quantity.value_max, "unit": quantity.unit}
    return made | {"currency": CODES[quantity.unit or ""]}


def _article_of(document: Document, raw: Span) -> Article | None:
    """The article that a span lies in; None where its units count another text."""
    seen = opened(document)
    if seen.composed is not None:
        return None
    return next((a for a in seen.articles if a.start <= raw.start < a.end), None)


def _unit_of_cell(document: Document, raw: Span) -> str | None:
    article = _article_of(document, raw)
    if article is None:
        return None
    cells = (u.unit for u in article.units if u.unit.kind is UnitKind.CELL)
    cell = next((c for c in cells if c.start <= raw.start and raw.end <= c.end), None)
    return unit_beside(document.text, article, cell, raw.text)


def _deadline(document: Document, words: Span | None) -> dict[str, Any]:
    if words is None:
        return {"deadline": None, "deadline_basis": None}
    value = due_in(read(words), None, issued(document)[0])
    if value is None:
        raise UsageError(f"no date can be read from “{words.text[:60]}”; select the year as printed")
    return {"deadline": value, "deadline_basis": DeadlineBasis.STATED}


COMPUTE: dict[str, Callable[[Document, Any, dict[str, Any]], dict[str, Any]]] = {
    "policy": _policy,
    "measure": _measure,
    "target": _target,
    "budget": _budget,
}
"""What else is set in a record once some of its fields are."""
