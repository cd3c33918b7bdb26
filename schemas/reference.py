"""The tables of fields and of values in `docs/records.md`, written from the records themselves.

python -m schemas.reference      rewrites them in place (`make reference`; tests/test_docs.py compares)

Which fields and values there are, their order, kinds, labels and codes come from the code. What a field means, and the
cue of an instrument, stand in the page, in the last column, and are kept when a table is written anew.
"""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from schemas import records, vocabulary
from schemas.records import Extent, Span
from schemas.vocabulary import Instrument, TargetGroup, Term

PAGE = Path(__file__).resolve().parent.parent / "docs" / "records.md"
_BLOCK = re.compile(r"(<!-- (?:fields|values) (\w+) -->\n\n)((?:\|.*\n)*)(\n<!-- end -->)")
_ROW = re.compile(r"^\| `(\w+)` \|(?:.*\|)? ([^|]*?) ?\|$", re.MULTILINE)
_WORDS = {str: "text", int: "integer", float: "number"}


def written(page: str) -> str:
    """The page, each table between `<!-- fields Policy -->` or `<!-- values Status -->` and `<!-- end -->` anew."""
    return _BLOCK.sub(lambda b: f"{b[1]}{_table(b[2], dict(_ROW.findall(b[3])))}{b[4]}", page)


def _table(name: str, told: dict[str, str]) -> str:
    found = getattr(vocabulary, name, None)
    rows = _values(found, told) if found is not None else _fields(getattr(records, name), told)
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _fields(record: type[BaseModel], told: dict[str, str]) -> list[list[str]]:
    rows = [["field", "kind", "meaning"], ["---"] * 3]
    for name, field in record.model_fields.items():
        most = next((m.max_length for m in field.metadata if hasattr(m, "max_length")), None)
        rows.append([f"`{name}`", _kind(field.annotation, most), told.get(name, "")])
    return rows


def _values(terms: type[Term], told: dict[str, str]) -> list[list[str]]:
    """One row a value; codes of the STIP Compass, categories and cues where the vocabulary has them."""
    columns: dict[str, Callable[[Any], str]] = {"한국어": lambda v: v.ko, "English": lambda v: v.en}
    if issubclass(terms, Instrument | TargetGroup):
        columns["STIP Compass"] = lambda v: " ".join(v.stip) or "local"
    if issubclass(terms, Instrument):
        columns |= {"category": lambda v: v.category.value, "cue": lambda v: told.get(v.value, "")}
    rows = [["value", *columns], ["---"] * (len(columns) + 1)]
    return rows + [[f"`{v.value}`", *(of(v) for of in columns.values())] for v in terms]


def _parts(annotation: Any) -> list[type[Any]]:
    """The types that an annotation is made of, without `None`."""
    inner = typing.get_args(annotation)
    if not inner:
        return [annotation] if isinstance(annotation, type) and annotation is not types.NoneType else []
    return [part for piece in inner for part in _parts(piece)]


def _kind(annotation: Any, most: int | None) -> str:
    """`span?` may be null, `[0–3]` is a list of at most three, `Organisation[]` one of any length."""
    parts = _parts(annotation)
    named = _word(float if float in parts else parts[0])
    if typing.get_origin(annotation) is tuple:
        return f"{named}[0–{most}]" if most else f"{named}[]"
    return f"{named}?" if types.NoneType in typing.get_args(annotation) else named


def _word(kind: type[Any]) -> str:
    if kind in (Span, Extent):
        return "span" if kind is Span else "span without `text`"
    if issubclass(kind, Term):
        return f"enum [{kind.__name__}](#{kind.__name__.lower()})"
    if issubclass(kind, BaseModel):
        return f"[{kind.__name__}](#{kind.__name__.lower()})"
    return f"norm {_WORDS[kind]}"


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text("utf-8")), "utf-8")
