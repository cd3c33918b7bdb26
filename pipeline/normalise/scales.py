"""Numerals: Arabic digits with Korean, Chinese and English scale words, and numbers written in Chinese characters.

만/万 is 10⁴, 억/亿 10⁸, 조/兆 10¹², 천/千 10³, 백/百 10², 십/十 10; scales multiply (천만 is 10⁷) and add up
(1,303억 6천만 is 130,360,000,000). Arithmetic is decimal, so that 4.1조 is exactly 4,100,000,000,000.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from pipeline.normalise.hanja import fold

_SMALL = {"십": 10, "백": 100, "천": 1000, "十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_BIG = {"만": 10**4, "억": 10**8, "조": 10**12, "경": 10**16, "万": 10**4, "亿": 10**8, "兆": 10**12}
_ENGLISH = {
    "k": 10**3,
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
    "trn": 10**12,
    "lakh": 10**5,
    "crore": 10**7,
    "lakhs": 10**5,
    "crores": 10**7,
    "lakh crore": 10**12,
}
_HAN = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2}
_HAN |= {c: i for i, c in enumerate("壹贰叁肆伍陆柒捌玖", 1)} | {"貳": 2, "參": 3, "参": 3, "陸": 6}

NUMBER = r"(?:[0-9０-９]{1,3}(?:[,，][0-9０-９]{3}){1,6}|[0-9０-９]{1,18})(?:[.．][0-9０-９]{1,12})?(?![0-9０-９])"
# Bounded, so that a long row of digits and commas costs no more than its length.
_DIGITS = re.compile(NUMBER)
# 10 000 tonnes, 1 500 000 €: thousands set apart by blanks, as the Union prints them. A common blank may as well part
# two numbers (12 300); only `000` behind it tells that it does not. One that holds a line together does tell.
_TIES = "[\u00a0\u202f\u2009]"
_SPACED = re.compile(
    rf"(?<![0-9]{_TIES})[1-9][0-9]{{0,2}}(?:{_TIES}[0-9]{{3}}){{1,6}}(?!{_TIES}?[0-9])"
    r"|(?:(?<![0-9] )|(?<=[0-9]{4} ))[1-9][0-9]{0,2}(?: [0-9]{3}){0,5} 000(?! ?[0-9])"
)
_PARTED = re.compile(rf"[1-9][0-9]{{0,2}}(?: |{_TIES})[0-9]{{3}}(?![0-9])")
"""Digits that are read as `_SPACED`, or not at all."""
# 千 and 兆 open units too (千米, 千瓦, 兆瓦); 여 and 余 may stand inside (8천여억, 2천여만).
_LETTERS = re.compile(
    r"[ \u00a0]?(?P<letters>(?:[십백천만억조十拾百佰仟万萬亿億]|경(?![가-힣])"
    r"|千(?![米卡瓦克帕赫伏])|兆(?![瓦赫比帕])){1,4})"
    r"(?:(?P<some>[여余餘多])(?P<more>[만억조万萬亿億]{1,2}))?"
)
_SOME = re.compile(r"[여余餘多]")
_SMALLER = frozenset("조만천백십억兆万萬千百十亿億")
"""Behind a blank, a part after 억 or 조 has a scale of its own: `5억 100명` are two numbers."""
# A bare scale inside, worth one of it: 천 of 29만 천 890.
_BARE = re.compile(r"[ \u00a0]?(?P<letters>[천백십])(?=[ \u00a0]?[0-9０-９]{1,3}(?![0-9０-９년월일,.]))")
# Behind most numbers stands no scale: nothing more to read.
_PLAIN = re.compile(r"(?![ \u00a0-]?[십백천만억조경十拾百佰千仟万萬亿億兆여余餘多tmbkTMBKlcLC]|[0-9０-９零〇])")
_NEXT = re.compile(rf"(?P<gap>[ \u00a0]?)(?=(?P<number>{NUMBER})[ \u00a0]?(?P<after>[^0-9０-９]?))")
_WORD = re.compile(
    r"[ \u00a0-]?(?:(thousand|million|billion|trillion|trn|bn|mln|mn|tn|lakh crore|lakhs?|crores?"
    r"|[mbk](?=[ ](?:people|euros?|dollars?|pounds?|yuan|yen|won|jobs|homes|households|users|customers|citizens|workers"
    r"|students|tonnes|tons)\b))(?![A-Za-z])|(k)(?=[个個家人元])|([mbk])(?![A-Za-z0-9²³/]))",
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
    number = (_SPACED if _PARTED.match(text, at) else _DIGITS).match(text, at)
    if number is None:
        return None
    if _PLAIN.match(text, number.end()):
        return Numeral(plain(number.group()), number.end(), 1, False, "")
    sum_, end, some = _Sum(), at, False
    while number is not None:
        digits = plain(number.group())
        end = number.end()
        marked = _SOME.match(text, end)
        some = marked is not None
        scaled = _LETTERS.match(text, marked.end() if marked else end)
        letters = scaled["letters"] + (scaled["more"] or "") if scaled else ""
        some = some or (scaled is not None and scaled["some"] is not None)
        if not sum_.add(digits, letters):
            return None
        end = scaled.end() if scaled else marked.end() if marked else end
        if some or not letters:
            break
        bare = _BARE.match(text, end)
        if bare:
            if not sum_.add(Decimal(1), bare["letters"]):
                return None
            end = bare.end()
        number = _following(text, end, sum_.lowest)
        if number is None and text[end : end + 1] in ("零", "〇"):
            return None
        if number is None and _DIGITS.match(text, end):
            return None
    if not sum_.letters:
        word = _WORD.match(text, end)
        if word and (word[1] or word[2] or currency):
            scale = _ENGLISH[word[word.lastindex or 0].lower()]
            more, end = _smaller_in_words(text, word.end(), scale)
            return Numeral(sum_.value * scale + more, end, scale if not more else 1, some, "e")
    return Numeral(sum_.value, end, sum_.lowest, some, sum_.letters)


def _smaller_in_words(text: str, at: int, scale: int) -> tuple[Decimal, int]:
    """What goes on behind `2 trillion` with a smaller scale of its own (` 350 billion`), and where it ends."""
    part = _DIGITS.match(text, at + 1) if text[at : at + 1] == " " else None
    word = _WORD.match(text, part.end()) if part is not None else None
    if part is None or word is None or not word[1]:
        return Decimal(0), at
    worth = plain(part.group()) * _ENGLISH[word[1].lower()]
    return (worth, word.end()) if worth < scale else (Decimal(0), at)


class _Sum:
    """What the parts of a numeral add up to: `1조`, `4천`, `100억` → 1.41e12; parts only ever get smaller."""

    def __init__(self) -> None:
        self.closed = self.open = Decimal(0)
        """What a big scale has closed, and the parts that wait for theirs (4천 + 100 before 억)."""
        self.big = self.small = 0
        self.letters = ""

    @property
    def value(self) -> Decimal:
        return self.closed + self.open

    @property
    def lowest(self) -> int:
        return self.small or self.big or 1

    def add(self, digits: Decimal, letters: str) -> bool:
        """Take up one part; False where it is no smaller than what stands before it."""
        small = big = 1
        for letter in fold(letters):
            if letter in _BIG:
                big *= _BIG[letter]
            elif big > 1:
                return False
            else:
                small *= _SMALL[letter]
        worth = digits * small
        if self.small and worth >= self.small:
            return False
        self.open += worth
        self.small = small if small > 1 else 0
        if big > 1:
            if self.big and self.open * big >= self.big:
                return False
            self.closed, self.open, self.big, self.small = self.closed + self.open * big, Decimal(0), big, 0
            self.letters += "".join(letter for letter in letters if fold(letter) in _BIG)
        elif self.big and self.open >= self.big:
            return False
        elif not self.letters and letters:
            self.letters = letters[-1]
        return True


def _following(text: str, at: int, ceiling: int) -> re.Match[str] | None:
    """The next, smaller part of a mixed number: `6천만` after `1,303억`; never a year behind a blank."""
    ahead = _NEXT.match(text, at)
    if ahead is None:
        return None
    part = _DIGITS.match(text, ahead.start("number"))
    smaller = part is not None and plain(part.group()) < ceiling
    if not ahead["gap"]:
        return part if smaller else None
    year = len(ahead["number"]) == 4 and ahead["number"][:2] in ("19", "20")
    if ceiling >= _BIG["억"] and ahead["after"] not in _SMALLER:
        return None
    if ahead["after"] in ("년", "年", "월", "月", ".", "차", "위") or (year and ahead["after"] in ("~", "∼", "～")):
        return None
    return part if smaller else None


def plain(number: str) -> Decimal:
    """Digits with thousands commas or blanks, full width or half, as a decimal: `１,３０３.５` → 1303.5."""
    return Decimal("".join(number.split()).replace(",", "").replace("，", "").replace("．", "."))


def read_han(numeral: str, short: bool = True) -> int | None:
    """A whole number in Chinese characters, e.g. 三百二十 → 320, 二〇二五 → 2025; None if it is none.

    `short`: the last scale may be left out (一百五 is 150), as Chinese does and Korean does not (백오 is 105).
    """
    letters = fold(numeral)
    if letters and all(letter in _HAN for letter in letters):
        return int("".join(str(_HAN[letter]) for letter in letters)) if _is_row(letters) else None
    total = section = digit = 0
    last = 0
    small, big = 10**4, 10**20
    for at, letter in enumerate(letters):
        if letter in _HAN:
            if digit:
                return None
            digit = _HAN[letter]
            if short and digit and at == len(letters) - 1 and last >= 100 and letters[at - 1] not in "零〇○":
                digit *= last // 10
        elif letter in _SMALL:
            if _SMALL[letter] >= small:
                return None
            small = last = _SMALL[letter]
            section += (digit or 1) * small
            digit = 0
        elif letter in _BIG:
            step, low = _BIG[letter], total % _BIG[letter] + section + digit
            if step >= big and (total >= step or not short):
                return None
            total = total - total % step + (low or 1) * step
            section = digit = 0
            small, big, last = 10**4, step, step
        else:
            return None
    return total + section + digit


def _is_row(letters: str) -> bool:
    """Whether digits without a scale are one number: 二〇二五 is; 两三 and 七八 are about so many."""
    return len(letters) == 1 or len(letters) > 2 or any(letter in "零〇○" for letter in letters)


def read_share(numeral: str) -> Decimal | None:
    """A number in Chinese characters with a point: 三点五 → 3.5, 七十 → 70."""
    whole, _, places = fold(numeral).replace("點", "点").partition("点")
    worth = read_han(whole)
    if worth is None or ("点" in numeral and not places) or any(c not in _HAN for c in places):
        return None
    return Decimal(f"{worth}.{''.join(str(_HAN[c]) for c in places) or 0}")


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
