"""Whether a span cuts a number in two: a part of a numeral is never a value, nor is it a place to point at."""

from __future__ import annotations

import re

from pipeline.normalise.broken import is_cut_off, over_lines
from pipeline.normalise.scales import read_numeral
from pipeline.normalise.spelled import stands_within
from pipeline.normalise.unseen import UNSEEN, visible

_SCALE = "만억조천백십萬億兆千百万亿％%"
_DIGITS = re.compile(r"[0-9０-９]+")
_NUMERAL_WIDTH = 32
"""How far a numeral may reach out of a quote; as far as is looked for one."""
_AROUND = 120
"""So much of the text around a quote is looked at (characters)."""


def cuts_number(text: str, start: int, end: int, number: bool) -> bool:
    """Whether `text[start:end]` begins or ends inside a number.

    `number`: it is to be a number phrase, so its scale (만, 억) and all its words belong to it: `천500명` of
    `3천500명` and `five firms` of `twenty-five firms` are cut. Else only digits are looked at.
    """
    if number and is_cut_off(text, start, end):
        return True
    begin = max(0, start - _AROUND)
    text, start, end = over_lines(text[begin : end + _AROUND]), start - begin, end - begin
    left, right = start, end
    while left and text[left - 1] in UNSEEN:
        left -= 1
    while text[right : right + 1] and text[right] in UNSEEN:
        right += 1
    before, after = text[max(0, left - 2) : left], text[right : right + 2]
    first, last = text[start], text[end - 1]
    if first.isdigit() and (before[-1:].isdigit() or re.fullmatch(r"\d[.,]", before)):
        return True
    if last.isdigit() and (after[:1].isdigit() or re.fullmatch(r"[.,]\d", after)):
        return True
    if not number:
        return False
    scaled = after[:1] != "" and after[:1] in _SCALE and (last.isdigit() or last in _SCALE)
    inside = any(_inside_numeral(text, at) or stands_within(text, at) for at in (start, end))
    return scaled or inside


def _inside_numeral(text: str, at: int) -> bool:
    """Whether `at` lies within one numeral: `1,303억 6천만` is one, neither half of it is a number phrase."""
    begin, reach = max(0, at - _NUMERAL_WIDTH), 0
    place, near = len(visible(text[begin:at])), visible(text[begin : at + _NUMERAL_WIDTH])
    for digits in _DIGITS.finditer(near, 0, place):
        if digits.start() >= reach:
            numeral = read_numeral(near, digits.start())
            reach = numeral.end if numeral else digits.end()
    return reach > place
