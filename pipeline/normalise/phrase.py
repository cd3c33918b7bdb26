"""A number phrase: a value grown to its unit, its comparator words and a conversion in brackets."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from pipeline.normalise.comparators import CONVERTED, comparator_after, comparator_before, turned
from pipeline.normalise.scales import number_of
from pipeline.normalise.units import Unit
from schemas.vocabulary import Comparator


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number phrase: `text[start:end]` holds the number, its unit, its comparator word and a conversion in brackets.

    `value` is in base units (scales resolved); `value_max` only for a range; `unit` is the source's counter, with
    `%` for 퍼센트/percent and `%p` for percentage points, None where none is printed.
    """

    start: int
    end: int
    value: float | int | None
    value_max: float | int | None
    unit: str | None
    comparator: Comparator


class Reader(NamedTuple):
    """One kind of number in words. All kinds are looked for in one pass, by the letters that they begin with."""

    letters: str
    """The first letters, as the inside of a set."""
    around: str
    """What must stand around such a letter, as a pattern that goes on behind it."""
    pattern: re.Pattern[str] | None
    """The whole kind; None where `around` is all of it."""
    read: Callable[[str, re.Match[str]], Quantity | None]

    @property
    def opens(self) -> str:
        """The beginning of the kind, as a pattern."""
        return f"[{self.letters}]{self.around}"


_RANK = re.compile(r"권(?:[ \u00a0]?(?:이내|안))?|[ \u00a0]?(?:이내|안에?(?![가-힣]{2}))")
_WITHIN = re.compile(r"[ \u00a0]?내(?=[에로] |에서|에만|[\s)(,.~→]|$)")
_SPANS = ("시간", "분", "초", "개월", "주", "일")
STRONG = (Comparator.GE, Comparator.GT, Comparator.LE, Comparator.LT)


def grow(
    text: str,
    start: int,
    floor: int,
    values: tuple[Decimal, Decimal | None],
    unit: Unit | None,
    end: int,
    some: bool = False,
) -> tuple[Quantity, int]:
    """The phrase grown to its comparator words and a bracketed conversion."""
    marks = [Comparator.APPROX] if some else []
    converted = CONVERTED.match(text, end)
    end = converted.end() if converted else end
    rank = _RANK.match(text, end) if unit and unit.name == "위" else None
    limit = rank or (_WITHIN.match(text, end) if unit and unit.name in _SPANS else None)
    after = (Comparator.LE, limit.end()) if limit else comparator_after(text, end)
    if after:
        marks.append(after[0])
        end = after[1]
        converted = CONVERTED.match(text, end)
        end = converted.end() if converted else end
    before = comparator_before(text, start)
    if before and before[1] >= floor:
        marks.append(before[0])
        start = before[1]
    low, high = values
    bound = _strongest(marks, Comparator.EQ if high is None else Comparator.RANGE)
    quantity = Quantity(
        start=start,
        end=end,
        value=number_of(low),
        value_max=None if high is None else number_of(high),
        unit=unit.name if unit else None,
        comparator=turned(text, start, end, bound),
    )
    return quantity, end


def _strongest(marks: list[Comparator], otherwise: Comparator) -> Comparator:
    strong = [mark for mark in marks if mark in STRONG]
    if strong:
        return strong[0]
    return otherwise if otherwise is Comparator.RANGE or not marks else marks[0]
