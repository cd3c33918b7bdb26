"""What units are for, where the layout tells: lists of sources, boxes of background, brackets of responsible bodies."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.normalise.source_lists import is_source_heading
from schemas.document import Unit, UnitRole
from schemas.vocabulary import UnitKind

_PROFILE = re.compile(r"※\s*참고|참고\s*[:：]|개요|profile|용어|开放|box", re.IGNORECASE)

_CASE = re.compile(r"(?:경우|행위|게시물|글)(?:\s?등)?[.;]?$")
"""How an entry ends that is a case for a rule."""
_LEADS_ON = re.compile(
    r"(?:다음|아래)(?:과|와|의|에)?\s[^\n]{0,40}(?:글|댓글|게시물|게시글|의견|이용|작성)[^\n]{0,60}$"
)
"""A sentence about what visitors write that leads to a list."""
_FEWEST_CASES = 3


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
    for unit in _house_rules(text, placed):
        placed[unit.index] = unit.model_copy(update={"role": "furniture"})
    return placed


def _house_rules(text: str, units: Sequence[Unit]) -> list[Unit]:
    """The rules of a board under an item: a page's last list, all of whose entries are cases, and what leads to it."""
    last = [u for u in units if u.kind not in (UnitKind.LINK, UnitKind.FURNITURE, UnitKind.CLAUSE, UnitKind.ITEM)]
    at = len(last)
    while at and _CASE.search(text, max(last[at - 1].start, last[at - 1].end - 30), last[at - 1].end):
        at -= 1
    if len(last) - at < _FEWEST_CASES or not at:
        return []
    lead = last[at - 1]
    return list(units[lead.index :]) if _LEADS_ON.search(text, lead.start, lead.end) else []


def _own_role(text: str, unit: Unit) -> UnitRole:
    if unit.kind is UnitKind.HEADING and is_source_heading(text[unit.start : unit.end]):
        return "references"
    if unit.kind is UnitKind.BOX and ("※" in unit.marker or _PROFILE.search(text, unit.start, unit.end)):
        return "profile"
    return ""
