"""Parts and multiples in words: 절반, 두 배, 百分之八十, 3분의 2, 八成, half of; merged with the numerals of `spelled`.

A part of a whole is read as a percentage (절반 is 50 %). What is inexact (수백, 几十) or more than its whole has no
value here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from decimal import Context, Decimal
from functools import cache

from pipeline.normalise.phrase import Quantity, Reader, grow
from pipeline.normalise.scales import plain, read_share
from pipeline.normalise.spelled import CHINESE, HANGUL, ONES, READERS
from pipeline.normalise.units import Unit

_WORDS = (
    r"(?:(?<=절)반(?!기)|(?<=半)[數数]|(?<=一)半|(?<=翻)(?:一番|两番|兩番)"
    r"|(?P<twice>(?<=[두세네]))[ \u00a0]?배(?![가-힣]{2}))"
)
_FIXED = dict.fromkeys(("절반", "半数", "半數", "一半"), (50, "%")) | {
    "翻一番": (2, "倍"),
    "翻两番": (4, "倍"),
    "翻兩番": (4, "倍"),
}

_SHARE = r"(?:(?<=분)의|(?<=分)[ \u00a0]?之)[ \u00a0]?"
_DENOMINATOR = re.compile(
    rf"(?:(?<![0-9０-９.,])(?P<digits>[0-9０-９]{{1,5}})|(?P<han>(?<![{CHINESE}])[{CHINESE}]{{1,5}})"
    r"|(?P<hangul>(?<![가-힣])[일이삼사오육칠팔구십백천만]{1,5}))[ \u00a0]{0,2}$"
)
_NUMERATOR = re.compile(
    r"(?:(?P<digits>[0-9０-９]{1,7}(?:[.．][0-9０-９]{1,6})?)(?![0-9０-９.,만억조천백십万亿千百])"
    rf"|(?P<han>[{CHINESE}]{{1,8}}(?:[点點][零〇一二三四五六七八九]{{1,8}})?)"
    r"|(?P<hangul>[일이삼사오육칠팔구십백]{1,7})(?=[만을를은는이가 ,.]|$|이상|이하))"
)
_FOUR = Context(prec=4)
"""Parts of a whole are rounded to four figures: 2/3 is 66.67 %."""
_MIXED = re.compile(r"[又과와][ \u00a0]?$")
_TENTHS = re.compile(
    r"(?<![0-9０-９一二三四五六七八九十][至到])(?:(?<![0-9０-９.,~～∼-])(?P<digits>[1-9１-９](?:[.．][0-9０-９])?)|(?<![第一二三四五六七八九十百千万几幾数數兩两])(?P<han>[一二三四五六七八九两兩]))"
    r"(?:[ \u00a0]?할(?![인당증부애머매])(?:[ \u00a0]?(?P<hundredths>[1-9])[ \u00a0]?푼)?"
    r"|[成](?P<more>[一二三四五六七八九](?![成]))?(?![立功为為本果员員年就长長分都型熟交绩績效品形群套不份员像])(?:[多](?=[^一-龥]|以))?)"
)

# 2折 is a price of 20 %, 75折 one of 75 %; 打折 alone says no figure.
_PRICE = re.compile(r"(?<![0-9０-９.,．])(?P<digits>[1-9１-９](?:[.．]?[0-9０-９])?)[ \u00a0]?折(?![叠疊旧舊线線射])")
_PARTS = {"half": 2, "halves": 2, "third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "eighth": 8, "tenth": 10}
_FRACTION = re.compile(
    r"(?<![\w-])(?:(?P<half>half)|(?P<count>an?|one|two|three|four|five|six|seven|nine)[ -]"
    r"(?P<part>third|quarter|fifth|sixth|eighth|tenth)s?)$",
    re.IGNORECASE,
)
_OF = (
    r"(?<= o)f(?<=(?:alf|ird|ter|fth|xth|hth|nth|rds|ers|ths) of)(?= (?:(?:all|the|its|their|our|total|new)\b )?"
    r"(?!an?\b|year|century|decade|month|20[0-9]{2}|19[0-9]{2})[A-Za-z])"
)
_NO_HALF = re.compile(r"(?:first|second|other|last|latter|former|and a|a|one) $", re.IGNORECASE)


def with_words(text: str, found: list[Quantity]) -> list[Quantity]:
    """Numbers written as words, merged into the list: the longest of those that begin at one place."""
    extra: list[Quantity] = []
    for opening in (_OPENINGS_ASCII if text.isascii() else _OPENINGS).finditer(text):
        at = opening.start()
        for opens, pattern, read in _kinds(text[at]):
            begin = opens.match(text, at)
            match = begin if begin is None or pattern is None else pattern.match(text, at)
            quantity = read(text, match) if match else None
            if quantity:
                extra.append(quantity)
    if not extra:
        return found
    merged: list[Quantity] = []
    for quantity in sorted(found + extra, key=lambda q: (q.start, -q.end)):
        if not merged or quantity.start >= merged[-1].end:
            merged.append(quantity)
    return merged


def _word(text: str, match: re.Match[str]) -> Quantity | None:
    start, end = match.span()
    before = text[start - 1 : start]
    if match.group() in _FIXED:
        value, unit = _FIXED[match.group()]
        if before and before in "一二三四五六七八九十":
            return None
        return grow(text, start, 0, (Decimal(value), None), Unit(unit, end), end)[0]
    if match["twice"] is not None:
        times = Decimal("두세네".index(text[start]) + 2)
        return None if "가" <= before <= "힣" else grow(text, start, 0, (times, None), Unit("배", end), end)[0]
    return None


def _share(text: str, match: re.Match[str]) -> Quantity | None:
    """`3분의 2`, `三分之二`, `百分之70`: a part of a whole, as a percentage."""
    low = max(0, match.start() - 8)
    below, above = _DENOMINATOR.search(text, low, match.start()), _NUMERATOR.match(text, match.end())
    if below is None or above is None or _MIXED.search(text, max(0, below.start() - 2), below.start()):
        return None
    whole, part = _part_of(below), _part_of(above)
    if not whole or part is None or (part > whole and whole != 100):
        return None
    share = part if whole == 100 else _FOUR.divide(part * 100, whole)
    end = above.end()
    return grow(text, below.start(), 0, (share.normalize(), None), Unit("%", end), end)[0]


def _part_of(found: re.Match[str]) -> Decimal | None:
    if found["digits"]:
        return plain(found["digits"])
    return read_share(found["han"] or found["hangul"].translate(HANGUL))


def _price(text: str, match: re.Match[str]) -> Quantity | None:
    share, end = plain(match["digits"]), match.end()
    share = share * 10 if share < 10 else share
    return grow(text, match.start(), 0, (share, None), Unit("%", end), end)[0]


def _tenths(text: str, match: re.Match[str]) -> Quantity | None:
    """`7할`, `八成以上`, `六成五`: tenths of a whole; 成立 and 할인 are words."""
    tenths = plain(match["digits"]) if match["digits"] else read_share(match["han"])
    rest = match["hundredths"] or match["more"]
    if tenths is None:
        return None
    share = tenths * 10 + ((plain(rest) if rest.isdigit() else read_share(rest) or Decimal(0)) if rest else 0)
    end = match.end()
    return grow(text, match.start(), 0, (share, None), Unit("%", end), end, match.group().endswith("多"))[0]


def _fraction(text: str, of: re.Match[str]) -> Quantity | None:
    """`half of all firms`, `two-thirds of the plan`; not the first half of a year."""
    match = _FRACTION.search(text, max(0, of.start() - 17), of.start() - 1)
    if match is None:
        return None
    start, end = match.span()
    if match["half"]:
        if _NO_HALF.search(text, max(0, start - 8), start):
            return None
        return grow(text, start, 0, (Decimal(50), None), Unit("%", end), end)[0]
    count = match["count"].lower()
    part = _FOUR.divide(Decimal(ONES.get(count, 1) * 100), Decimal(_PARTS[match["part"].lower()]))
    if part > 100:
        return None
    return grow(text, start, 0, (part.normalize(), None), Unit("%", end), end)[0]


_TENTH = "1-9１-９一二三四五六七八九两兩"
_TENTH_AROUND = r"(?=[0-9０-９]?[.．]?[0-9０-９]?[ \u00a0]?[할成折])"
_Kind = tuple[re.Pattern[str], re.Pattern[str] | None, Callable[[str, re.Match[str]], Quantity | None]]
_READERS = (
    Reader("절半一翻두세네", _WORDS, None, _word),
    Reader("분分", _SHARE, None, _share),
    Reader(_TENTH, _TENTH_AROUND, _TENTHS, _tenths),
    Reader(_TENTH, _TENTH_AROUND, _PRICE, _price),
    *READERS,
    Reader("o", _OF, None, _fraction),
)


def _openings(readers: Iterable[Reader]) -> re.Pattern[str]:
    """One pattern for the first letter of every kind, so that a text is looked through once."""
    readers = sorted(readers, key=lambda r: not r.letters.isascii())  # most letters that come by are Latin
    around = "|".join(f"(?<=[{r.letters}])(?={re.sub('[?]P<[a-z]+>', '?:', r.around)})" for r in readers)
    return re.compile(f"[{''.join(r.letters for r in readers)}](?:{around})")


_OPENINGS = _openings(_READERS)
_OPENINGS_ASCII = _openings(r for r in _READERS if r.letters.isascii())
_BEGINS: tuple[_Kind, ...] = tuple((re.compile(reader.opens), reader.pattern, reader.read) for reader in _READERS)


@cache
def _kinds(letter: str) -> tuple[_Kind, ...]:
    """The kinds that may begin with `letter`."""
    return tuple(k for k, r in zip(_BEGINS, _READERS, strict=True) if re.match(f"[{r.letters}]", letter))
