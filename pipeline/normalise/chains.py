"""Numbers in a row that print their unit once: `5,224ha → (’21) 6,224 → (’22p) 8,259`, `예산(억원) : (’21) 75`.

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
from pipeline.normalise.scales import NUMBER, number_of, read_numeral
from pipeline.normalise.units import Unit, read_unit

ARROWS = ("→", "⇒", "➔", "⟶", "➡", "->")
_ARROW = rf"[ \u00a0]*(?:{'|'.join(ARROWS)})[ \u00a0]*"
_YEAR = "(?:['’‘`´]?[0-9]{2}|(?:19|20)[0-9]{2})"
_IN_BRACKETS = rf"[(（]{_YEAR}[.]?(?:년|年)?[a-z안예목표추정]{{0,3}}[)）]"
_LABEL = (
    rf"(?:{_IN_BRACKETS}|['’‘`´][0-9]{{2}}[년.]?(?=[ ])"
    r"|(?:19|20)[0-9]{2}(?:[a-z]?\.|년|年)(?=[ ]))"
)
STEP = re.compile(
    rf"(?:(?:[ \u00a0]?{_IN_BRACKETS})?{_ARROW}|[ \u00a0]?[,/][ \u00a0]?(?={_IN_BRACKETS}))(?:{_LABEL}[ \u00a0]*)?"
)
"""Between two numbers of a chain: an arrow, behind the year of what was and before that of what follows; or a comma
before such a year in brackets."""
_NOTED = re.compile(
    rf"[(（](?:(?:(?P<unit>단위|单位|單位)|누적|누계|연간)[ ]?[:：,]?[ ]?)?(?P<note>[^()（）\n0-9]{{1,8}})[)）]"
    rf"(?:[ \u00a0]?[:：]|(?(unit)|(?!)))[ \u00a0]*(?:{_LABEL}[ \u00a0]*)?(?:(?:총|계|합계|약|约|共)[ ]?)?(?={NUMBER})"
)
"""What a row counts, in brackets before its colon, and the year of its first number."""
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
    noted = _NOTED.search(text) if ")" in text or "）" in text else None
    if noted is None and not any(arrow in text for arrow in ARROWS):
        return list(found)
    by_start = {q.start: q for q in found}
    for row in _NOTED.finditer(text) if noted else ():
        _follow_note(text, row, by_start)
    for first in found:
        if first.unit is not None and first.value_max is None and not _SIGNS.match(text, first.start):
            _follow(text, first, by_start, _scale_of(text, first))
    for sides in _SIDES.finditer(text):
        _follow_each(text, sides, by_start)
    _lead_up(text, by_start)
    chained = [by_start[start] for start in sorted(by_start)]
    befores = (None, *chained)
    return [_unless_of_unknown_unit(text, before, q) for before, q in zip(befores, chained, strict=False)]


def _follow_note(text: str, row: re.Match[str], by_start: dict[int, Quantity]) -> None:
    """Takes in a row whose unit stands in brackets before it."""
    at, note = row.end(), f"1{row['note'].strip()}"
    one, numeral = read_numeral(note, 0), read_numeral(text, at)
    unit = read_unit(note, one.end) if one else None
    known = by_start.get(at)
    if one is None or numeral is None or numeral.letters or unit is None or unit.end != len(note):
        return
    if known is not None and known.unit is not None:
        return
    first = grow(
        text, at, row.end("note"), (numeral.value * one.value, None), Unit(unit.name, numeral.end), numeral.end
    )[0]
    if _ENDS.match(text, first.end):
        for start in [start for start in by_start if row.start() < start < row.end("note")]:
            del by_start[start]  # 만대 of (만대) is no ten thousand
        by_start[at] = first
        _follow(text, first, by_start, one.value)


def _follow(text: str, first: Quantity, by_start: dict[int, Quantity], scale: Decimal | None) -> None:
    """Takes in what goes on behind `first`, step by step; one of its figures is worth `scale`."""
    last, alone = first, _is_alone(text, first)
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


def _lead_up(text: str, by_start: dict[int, Quantity]) -> None:
    """Gives bare numbers before an arrow the unit and scale of what they rise to: `3,544→4,556억원`; the last first."""
    worths: dict[int, Decimal | None] = {}
    for start in sorted(by_start, reverse=True):
        quantity = by_start[start]
        step = STEP.match(text, quantity.end) if quantity.unit is None and quantity.value is not None else None
        rises_to = by_start.get(step.end()) if step else None
        if step is None or rises_to is None or rises_to.unit is None or _SIGNS.match(text, rises_to.start):
            continue
        scale = worths.get(step.end(), _scale_of(text, rises_to)) if _scale_of(text, quantity) == 1 else Decimal(1)
        worths[start] = scale
        value = None if scale is None else number_of(Decimal(str(quantity.value)) * scale)
        by_start[start] = replace(quantity, value=value, value_max=None, unit=rises_to.unit if scale else None)


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
