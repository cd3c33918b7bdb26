"""Numerals: Arabic digits with Korean, Chinese and English scale words, and numbers written in Chinese characters.

만/万 is 10⁴, 억/亿 10⁸, 조/兆 10¹², 천/千 10³, 백/百 10², 십/十 10; scales multiply (천만 is 10⁷) and add up
(1,303억 6천만 is 130,360,000,000). Arithmetic is decimal, so that 4.1조 is exactly 4,100,000,000,000.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from pipeline.normalise.hanja import fold

_SMALL = {"십": 10, "백": 100, "천": 1000, "十": 10, "拾": 10, "百": 100, "千": 1000}
_BIG = {"만": 10**4, "억": 10**8, "조": 10**12, "경": 10**16, "万": 10**4, "亿": 10**8, "兆": 10**12}
_ENGLISH = {
    "thousand": 10**3,
    "million": 10**6,
    "mln": 10**6,
    "mn": 10**6,
    "m": 10**6,
    "billion": 10**9,
    "bn": 10**9,
    "b": 10**9,
    "trillion": 10**12,
    "tn": 10**12,
}
_HAN = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2}

NUMBER = r"(?:[0-9０-９]{1,3}(?:[,，][0-9０-９]{3}){1,6}|[0-9０-９]{1,18})(?:[.．][0-9０-９]{1,12})?(?![0-9０-９])"
# Bounded, so that a long row of digits and commas costs no more than its length.
_PART = re.compile(
    rf"(?P<number>{NUMBER})(?P<some>[여余餘多])?(?:[ \u00a0]?(?P<small>[십백천십拾百千]))?"
    r"(?:[ \u00a0]?(?P<big>[만억조경]{1,3}|[万萬亿億兆]{1,3}))?"
)
_NEXT = re.compile(rf"[ \u00a0]?(?=(?P<number>{NUMBER})[ \u00a0]?(?P<after>[^0-9０-９]?))")
_WORD = re.compile(
    r"[ \u00a0-]?(?:(thousand|million|billion|trillion|bn|mln|mn|tn)(?![A-Za-z])|([mb])(?![A-Za-z0-9²³/]))",
    re.IGNORECASE,
)


class Numeral(NamedTuple):
    """A number as printed: its value, where it ends, its lowest scale (1 without one), and 여/余 seen."""

    value: Decimal
    end: int
    scale: int
    some: bool
    letters: str
    """The scale letters used, e.g. `억만`; tells 30조 (which may be articles) from 4.1조 and 3조 2,000억."""


def read_numeral(text: str, at: int, currency: bool = False) -> Numeral | None:
    """The number that starts at `at` with all scales that belong to it; None where no digit stands.

    `currency`: a currency sign stands before it, so that a bare `m` or `b` is a scale.
    """
    part = _PART.match(text, at)
    if part is None:
        return None
    total, scale, end, letters = _worth(part), _scale(part), part.end(), part["big"] or part["small"] or ""
    some = part["some"] is not None
    ceiling = scale
    while part is not None and part["big"] and not some:
        part = _following(text, end, ceiling)
        if part is None:
            break
        total += _worth(part)
        ceiling = scale = _scale(part)
        end, letters, some = part.end(), letters + (part["big"] or ""), part["some"] is not None
    if not letters:
        word = _WORD.match(text, end)
        if word and (word[1] or currency):
            scale = _ENGLISH[(word[1] or word[2]).lower()]
            return Numeral(total * scale, word.end(), scale, some, "e")
    return Numeral(total, end, scale, some, letters)


def _following(text: str, at: int, ceiling: int) -> re.Match[str] | None:
    """The next, smaller part of a mixed number: `6천만` after `1,303억`; never a year."""
    ahead = _NEXT.match(text, at)
    if ahead is None or ahead["after"] in ("년", "年", "월", "月", "~", "∼", "～", ".", "차", "위"):
        return None
    part = _PART.match(text, ahead.start("number"))
    return part if part is not None and _worth(part) < ceiling and _scale(part) < ceiling else None


def _scale(part: re.Match[str]) -> int:
    scale = _SMALL[fold(part["small"])] if part["small"] else 1
    for letter in part["big"] or "":
        scale *= _BIG[fold(letter)]
    return scale


def _worth(part: re.Match[str]) -> Decimal:
    return plain(part["number"]) * _scale(part)


def plain(number: str) -> Decimal:
    """Digits with thousands commas, full width or half, as a decimal: `１,３０３.５` → 1303.5."""
    return Decimal(number.replace(",", "").replace("，", "").replace("．", "."))


def read_han(numeral: str) -> int | None:
    """A whole number in Chinese characters, e.g. 三百二十 → 320, 两 → 2, 一万二千 → 12000; None if it is none."""
    total = section = digit = 0
    for letter in fold(numeral):
        if letter in _HAN:
            digit = digit * 10 + _HAN[letter]
        elif letter in _SMALL:
            section += (digit or 1) * _SMALL[letter]
            digit = 0
        elif letter in _BIG:
            total = (total + section + digit or 1) * _BIG[letter]
            section = digit = 0
        else:
            return None
    return total + section + digit


def read_scale(letters: str) -> int:
    """The worth of bare scale letters: 만 → 10,000, 천만 → 10,000,000, 万 → 10,000. `ValueError` for other letters."""
    worth = 1
    for letter in fold(letters):
        step = _SMALL.get(letter) or _BIG.get(letter)
        if step is None:
            raise ValueError(f"not a scale: {letter!r}")
        worth *= step
    return worth


def number_of(value: Decimal) -> int | float:
    """The JSON number: an integer where the value is whole."""
    return int(value) if value == value.to_integral_value() else float(value)
