"""Numbers that rise over arrows and print their unit once: `5,224ha → (’21) 6,224 → (’22p) 8,259`, `3,245억원 → 3,751`.

A bare number behind an arrow is in the unit and scale of the one before it, where that stands alone on its side and
nothing follows the number that might be another. Lists in brackets are matched one for one (`322억원, 1,800명 → 375,
2,000`). Else, where two numbers share a side, nobody can tell which is meant: such a number has no value.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from pipeline.normalise.phrase import Quantity, grow
from pipeline.normalise.scales import NUMBER, read_numeral
from pipeline.normalise.units import Unit

ARROWS = ("→", "⇒", "➔", "⟶", "➡", "->")
_ARROW = rf"[ \u00a0]*(?:{'|'.join(ARROWS)})[ \u00a0]*"
_YEAR = "(?:['’‘`´]?[0-9]{2}|(?:19|20)[0-9]{2})"
_IN_BRACKETS = rf"[(（]{_YEAR}[.]?(?:년|年)?[a-z안예목표추정]{{0,3}}[)）]"
_LABEL = (
    rf"(?:{_IN_BRACKETS}|['’‘`´][0-9]{{2}}[년.]?(?=[ ])"
    r"|(?:19|20)[0-9]{2}(?:[a-z]?\.|년|年)(?=[ ]))"
)
STEP = re.compile(rf"(?:[ \u00a0]?{_IN_BRACKETS})?{_ARROW}(?:{_LABEL}[ \u00a0]*)?")
"""Between two numbers of a chain: an arrow, behind the year of what was and before the year of what follows."""
_LABELLED = re.compile(rf"{_LABEL}[ \u00a0]*$")
_SIDE = re.compile(r"[^(（\[:：\n→⇒➔⟶➡>]*$")
_ENDS = re.compile(
    rf"[으]?로(?![가-힣]{{2}})|{_ARROW}|[ \u00a0]?{_IN_BRACKETS}|[ \u00a0]*(?:[)）\]\n;；/|]|[,，.](?![ ]?[0-9])|$)"
    r"|[ \u00a0](?![0-9(（~∼])"
)
_BEHIND_ARROW = re.compile(rf"{STEP.pattern}$")
_FIGURE = re.compile(NUMBER)
_SIDES = re.compile(rf"[(（](?=[0-9])[^()（）\n→⇒➔⟶➡>]{{3,60}}?{_ARROW}(?P<right>{NUMBER}(?:, {NUMBER}){{1,3}})[)）]")
"""In brackets a list, an arrow and a list of bare numbers."""
_SIGNS = re.compile(r"[€$£¥₩￥₹A-Z]")


def with_chains(text: str, found: Sequence[Quantity]) -> list[Quantity]:
    """The phrases, with the bare numbers of chains in the unit that their chain begins with."""
    if not any(arrow in text for arrow in ARROWS):
        return list(found)
    by_start = {q.start: q for q in found}
    for first in found:
        if first.unit is not None and first.value_max is None and not _SIGNS.match(text, first.start):
            _follow(text, first, by_start)
    for sides in _SIDES.finditer(text):
        _follow_each(text, sides, by_start)
    chained = [by_start[start] for start in sorted(by_start)]
    befores = (None, *chained)
    return [_unless_of_unknown_unit(text, before, q) for before, q in zip(befores, chained, strict=False)]


def _follow(text: str, first: Quantity, by_start: dict[int, Quantity]) -> None:
    """Takes in what goes on behind `first`, step by step."""
    last, alone, scale = first, _is_alone(text, first), _scale_of(text, first)
    while step := STEP.match(text, last.end):
        at = step.end()
        if (known := by_start.get(at)) is not None and known.unit is not None:
            return  # it has a unit of its own, and its chain begins with it
        numeral = read_numeral(text, at)
        if numeral is None:
            return
        worth = None if numeral.letters else scale
        value = numeral.value if numeral.letters else numeral.value * (worth or Decimal(1))
        grown = grow(text, at, last.end, (value, None), Unit(first.unit or "", numeral.end), numeral.end)[0]
        year = not numeral.letters and "," not in text[at : numeral.end] and 1900 <= numeral.value <= 2100
        if year or not (alone and (numeral.letters or worth) and _ENDS.match(text, grown.end)):
            return
        by_start[at] = last = grown


def _unless_of_unknown_unit(text: str, before: Quantity | None, quantity: Quantity) -> Quantity:
    """A bare number behind an arrow, without its value if the one before has a unit that it may share."""
    if quantity.unit is not None or before is None or before.unit is None:
        return quantity
    behind = _BEHIND_ARROW.search(text, before.end, quantity.start)
    return quantity if behind is None else replace(quantity, value=None, value_max=None)


def _follow_each(text: str, sides: re.Match[str], by_start: dict[int, Quantity]) -> None:
    """Takes in `→ 375, 2,000` behind `322억원, 1,800명`: as many on both sides, one for one."""
    lasts = [by_start[start] for start in sorted(by_start) if sides.start() < start < sides.start("right")]
    numbers = list(_FIGURE.finditer(text, sides.start("right"), sides.end("right")))
    if len(lasts) != len(numbers) or any(q.unit is None or q.value_max is not None for q in lasts):
        return
    for last, number in zip(lasts, numbers, strict=True):
        numeral, scale = read_numeral(text, number.start()), _scale_of(text, last)
        if numeral is None or scale is None or numeral.end != number.end():
            return
        unit = Unit(last.unit or "", numeral.end)
        value = numeral.value * scale
        by_start[number.start()] = grow(text, number.start(), number.start(), (value, None), unit, numeral.end)[0]


def _is_alone(text: str, quantity: Quantity) -> bool:
    """Whether no other number stands on its side of the arrow."""
    before = _LABELLED.sub("", text[max(0, quantity.start - 60) : quantity.start])
    side = _SIDE.search(before)
    return side is not None and re.search("[0-9]", side.group()) is None


def _scale_of(text: str, quantity: Quantity) -> Decimal | None:
    """What one of the printed figure is worth: 억 of `3,245억원`; None for figures of several parts, `1조 2,000억`."""
    digit = re.compile("[0-9]").search(text, quantity.start, quantity.end)
    numeral = read_numeral(text, digit.start()) if digit else None
    if digit is None or numeral is None or len(re.findall(r"[0-9][0-9,.]*", text[digit.start() : numeral.end])) != 1:
        return None
    return Decimal(numeral.scale) if numeral.letters else Decimal(1)
