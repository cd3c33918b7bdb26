"""Numbers that are only a part of what is said: 30분 of 1시간 30분, the ten of three in ten."""

from __future__ import annotations

import re

from pipeline.normalise.scales import Numeral, plain
from pipeline.normalise.units import Unit

_SMALLER_SPAN = {
    "시간": re.compile(r"[ \u00a0]?[0-9]{1,2}[ \u00a0]?분"),
    "小时": re.compile(r"[ \u00a0]?[0-9]{1,2}[ \u00a0]?分"),
    "hour": re.compile(r" (?:and )?[0-9]{1,2} minutes?\b"),
    "year": re.compile(r" (?:and )?[0-9]{1,2} months?\b"),
}
_LARGER_SPAN = re.compile(
    r"(?<![0-9'’‘ʼ`.])[0-9]{1,2}[ \u00a0]?(?:(?:년|年|시간|小时)[ \u00a0零]?|(?:hour|year)s? (?:and )?)$"
)
_PARTS_OF_SPANS = frozenset(["개월", "달", "个月", "분", "分钟", "minutes", "months"])
"""A span of time in two units (1시간 30분, 2년 6개월): neither part is its value."""
_PART_OF = re.compile(r"(?<![0-9])(?P<part>[1-9])\s(?:in|out of|of every)\s$")
_WHOM = r"(?P<unit>명|곳|가구|개사|개) (?:중|가운데) "
_OF_WHOM, _OF_WHOM_BEFORE = re.compile(rf"{_WHOM}[0-9]{{1,2}}(?P=unit)"), re.compile(rf"(?<![0-9,.])100?{_WHOM}$")
"""10명 중 3명: a share."""
LABELLED = re.compile(
    r"\b(?:Action|Measure|Priority|Goal|Objective|Step|Task|Section|Chapter|Pillar|Target|Item|Part|Phase|Article|Annex"
    r"|Table|Figure|Box) $"
)
"""What numbers the line: its number is no lower end of a range."""


def leaves_out(text: str, start: int) -> bool:
    """`all but 5% of premises`: what the number counts is what is left out."""
    return text[max(0, start - 8) : start].lower() == "all but "


def is_denominator(text: str, start: int, end: int) -> bool:
    """`每10万人213.6例`: of how many people something is counted."""
    return text[start - 1 : start] == "每" and text[end : end + 1].isdigit()


def is_part_of_span(text: str, start: int, unit: Unit) -> bool:
    """Whether a span of time goes on with a smaller unit behind this one, or began with a larger one."""
    if unit.name in _PARTS_OF_SPANS:
        return _LARGER_SPAN.search(text, max(0, start - 14), start) is not None
    smaller = _SMALLER_SPAN.get(unit.name.removesuffix("s"))
    return smaller is not None and smaller.match(text, unit.end) is not None


def is_of_so_many(text: str, start: int, numeral: Numeral) -> bool:
    """`3 in 10 people`, `2 out of 3 firms`: of how many something is said is no number of things."""
    if numeral.value in (10, 100) and _OF_WHOM.match(text, numeral.end):
        return True
    if text[start - 1 : start] != " ":
        return False
    part = _PART_OF.search(text, max(0, start - 14), start)
    if part is not None and plain(part["part"]) < numeral.value <= 10:
        return True
    return _OF_WHOM_BEFORE.search(text, max(0, start - 12), start) is not None
