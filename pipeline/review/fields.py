"""Which fields of a record a person may set, and by what: read off the records' own schema, so that none is forgotten.

A field is a stretch of the source, a value of a closed list, a name of the table of organisations, a record of the same
policy, or a list of entries that are made of these. All else is computed.
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from typing import Any, Literal, NamedTuple, Union, get_args, get_origin

from schemas.document import Frozen
from schemas.records import Announced, Budget, Measure, Organisation, Policy, Reference, Span, Target
from schemas.vocabulary import Role, Term

Form = Literal["span", "enum", "canonical", "link", "entry"]
"""What a field is set by. `span`: marked words. `canonical`: a name of the table. `link`: a measure of the policy."""


class Field(NamedTuple):
    """One field, or one part of an entry."""

    form: Form
    required: bool = False
    many: bool = False
    most: int | None = None
    """Values that a list may have; None: any number."""
    terms: tuple[Term, ...] = ()
    parts: Mapping[str, Field] = {}
    """Of an entry."""
    of: type[Frozen] | None = None
    """The record that an entry is."""


COMPUTED = frozenset({
    "id", "document", "extent", "jurisdiction", "period_start", "period_end", "flags", "provenance", "confidence",
    "instrument_confidence", "instrument_category", "value", "value_max", "unit", "currency", "deadline_basis",
    "measures", "targets", "budgets",
})  # fmt: skip
"""What no person sets: it follows from other fields, or is a record of its own."""
_MAIN: dict[type[Frozen], str] = {Organisation: "name", Reference: "title"}
"""The words that an entry is made of."""
_ROLES = {"issuers": (Role.ISSUER, Role.JOINT_ISSUER), "implementers": (Role.IMPLEMENTER,)}
RECORDS: dict[str, type[Frozen]] = {"policy": Policy, "measure": Measure, "target": Target, "budget": Budget}


def _fields(record: type[Frozen]) -> dict[str, Field]:
    return {n: _field(n, i.annotation, i.metadata) for n, i in record.model_fields.items() if n not in COMPUTED}


def _field(name: str, annotation: Any, metadata: list[Any]) -> Field:
    options = get_args(annotation) if get_origin(annotation) in (Union, types.UnionType) else (annotation,)
    kinds = [option for option in options if option is not type(None)]
    required = len(kinds) == len(options)
    kind = kinds[0]
    if get_origin(kind) is tuple:
        most = next((m.max_length for m in metadata if hasattr(m, "max_length")), None)
        return _field(name, get_args(kind)[0], [])._replace(many=True, most=most, required=False)
    if kind in (Span, Announced) or name == "deadline":
        return Field("span", required)
    if name in ("canonical", "measure_id"):
        return Field("canonical" if name == "canonical" else "link")
    if issubclass(kind, Term):
        return Field("enum", required, terms=tuple(kind))
    parts = {n: _field(n, i.annotation, i.metadata) for n, i in kind.model_fields.items() if n not in COMPUTED}
    if "role" in parts:
        parts["role"] = parts["role"]._replace(terms=_ROLES[name])
    return Field("entry", required, parts=parts, of=kind)


FIELDS: dict[str, dict[str, Field]] = {kind: _fields(record) for kind, record in RECORDS.items()}
"""By kind of record and name; of an entry, its main words first."""


def main_part(field: Field) -> str:
    """The part of an entry that it is made of."""
    return _MAIN[field.of] if field.of is not None else ""


def as_json() -> dict[str, Any]:
    """The fields for the page."""
    return {kind: [_shown(n, f) for n, f in fields.items()] for kind, fields in FIELDS.items()}


def _shown(name: str, field: Field) -> dict[str, Any]:
    shown: dict[str, Any] = {"name": name, "form": field.form, "required": field.required, "many": field.many}
    if field.most is not None:
        shown["most"] = field.most
    if field.terms:
        shown["terms"] = [str(t) for t in field.terms]
    if field.parts:
        shown["parts"] = [_shown(n, f) for n, f in field.parts.items()]
        shown["main"] = main_part(field)
    return shown
