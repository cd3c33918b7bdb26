"""What units are for, where the layout tells: lists of sources, boxes of background, brackets of responsible bodies."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.normalise.source_lists import is_source_heading
from schemas.document import Unit, UnitRole
from schemas.vocabulary import UnitKind

_PROFILE = re.compile(r"※\s*참고|참고\s*[:：]|개요|profile|용어|开放|box", re.IGNORECASE)


def with_roles(text: str, units: Sequence[Unit]) -> list[Unit]:
    """The units with their roles: a heading of sources or a box of background gives its own to what stands under it.

    A role that a unit has already (`header`, `duty`) stays.
    """
    heads: dict[int, UnitRole] = {}
    placed = []
    for unit in units:
        own = _own_role(text, unit)
        if own:
            heads[unit.index] = own
        role = own or next((heads[i] for i in reversed(unit.headings) if i in heads), "")
        placed.append(unit.model_copy(update={"role": role}) if role and not unit.role else unit)
    return placed


def _own_role(text: str, unit: Unit) -> UnitRole:
    if unit.kind is UnitKind.HEADING and is_source_heading(text[unit.start : unit.end]):
        return "references"
    if unit.kind is UnitKind.BOX and ("※" in unit.marker or _PROFILE.search(text, unit.start, unit.end)):
        return "profile"
    return ""
