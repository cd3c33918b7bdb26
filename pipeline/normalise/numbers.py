"""Number phrases: value, counter and comparator, from Korean, Chinese and English numerals.

Not found are dates, years, five-year plans (14·5), code names (2441, 1+4, 5G), ordinals (제3조, 第31届), 1/4,
denominators (1인당), telephone numbers and all that stands in a web address: none of them has a counter, or a
character beside it tells. `△`/`▲` before a number is a minus in brackets, alone in a cell, and before a share or sum
that ends its phrase.
"""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache

from pipeline.normalise.broken import as_read, is_cut_off
from pipeline.normalise.chains import with_chains
from pipeline.normalise.comparators import comparator_after, comparator_before
from pipeline.normalise.parts import LABELLED, is_denominator, is_of_so_many, is_part_of_span, leaves_out
from pipeline.normalise.phrase import STRONG, Quantity, grow
from pipeline.normalise.scales import Numeral, plain, read_numeral
from pipeline.normalise.spelled import CHINESE, GOES_ON
from pipeline.normalise.units import Unit, is_noted, is_per_unit, read_noun, read_unit
from pipeline.normalise.words import with_words
from schemas.vocabulary import Comparator

_ANCHOR = re.compile(r"[0-9０-９hwⅠ-Ⅻ](?:(?<=h)ttps?://[^\s<>\"]*|(?<=w)ww\.[^\s<>\"]*|(?<=[0-9０-９])[0-9０-９]*)?")
_SIGN_OF_MONEY = (
    r"(?:[A-Z]{1,2}\$|[€$£¥₩￥₹]|\bRs\.?"
    r"|\b(?:RMB|USD|EUR|CNY|KRW|GBP|JPY|INR|TWD|HKD|SGD|CAD|AUD|CHF|SEK|NOK|DKK))[ \u00a0]?"
)
_CURRENCY = re.compile(rf"{_SIGN_OF_MONEY}$")
_TO_MONEY = re.compile(
    rf"(?:[ \u00a0]?[-–—~∼～〜][ \u00a0]?|[ ](?:(?P<and>and)|(?P<to>to))[ ](?=\S?{_SIGN_OF_MONEY}))"
    rf"(?:{_SIGN_OF_MONEY})?(?=[0-9０-９])"
)
"""Behind money and its sign: `$3-4 billion`, `€10 billion-€12 billion`, `between €300 and €450 million`."""
_OPENS_RANGE = re.compile(r"\b(?:(?P<between>between)|(?P<from>from)) $", re.IGNORECASE)
_BETWEEN = re.compile(
    r"[ \u00a0]?(?:(?P<since>부터[ \u00a0]?)"
    r"|(?P<sure>[~∼～〜]|내지[ \u00a0]?)|(?P<hyphen>[-–—])|[至到]|(?P<to>to(?=[ ]))|(?P<and>and(?=[ ])))"
    r"[ \u00a0]?(?P<sign>[-−－](?=[0-9０-９]{1,3}))?(?=[0-9０-９])"
)
_COINS = re.compile(
    r"[ \u00a0]?(?:and )?(?P<number>[0-9０-９]{1,2})"
    r"[ \u00a0]?(?P<coin>센트|페니|펜스|마오|전(?![가-힣])|cents?\b|角|毛|分|日?本?[銭錢钱])"
)
_MONEY = frozenset(
    ["달러", "유로", "위안", "파운드", "원", "엔", "元", "美元", "欧元", "港元", "日元", "dollars", "euros"]
)
_TENTHS = frozenset(["角", "毛", "마오"])
_SOME = re.compile(r"[ \u00a0]?(?:여(?=[ \u00a0]?[가-힣%])|[余餘多](?=[一-龥]))")
_SOME_OPENS = frozenset(" \u00a0여余餘多")
_ROMAN = re.compile(r"[Ⅰ-Ⅻ][ \u00a0]?(?P<unit>[급级級类類])")
_BEHIND = re.compile(r"[+/·ㆍ](?=[0-9０-９가-힣A-Za-z])|[:：][0-9]|-[0-9]{2}|th\b|분의")
_END = re.compile(
    r"(?![가-힣A-Za-z0-9])|[을를은는이가의에로와과도](?![가-힣])|으로|까지|에서|에 |이상|이하|내외|정도|규모"
)
# Between such neighbours a number is part of a date, a heading, a footnote or a table: nothing to read.
_PLAIN_BEFORE = frozenset(["", *" \n\t(（[〔'‘’`“\"|.·-/_=&"])
_NO_UNIT = frozenset([*")）]〕'’”\":：;|월月/_\n\t.년年"])
_OPENS_LINE = frozenset(["", *"\n\t("])
_YEAR_MARKS = frozenset("'’‘ʼ`´")


def find_quantities(text: str) -> list[Quantity]:
    """All number phrases in text order, never overlapping."""
    return list(_quantities(text))


@lru_cache(maxsize=4096)
def _quantities(text: str) -> tuple[Quantity, ...]:
    """The same; several steps ask for those of one unit."""
    text, places = as_read(text)
    found = _find(text)
    if places is None:
        return tuple(found)
    return tuple(replace(q, start=places[q.start], end=places[q.end - 1] + 1) for q in found)


def _find(text: str) -> list[Quantity]:
    found: list[Quantity] = []
    last = 0
    for anchor in _ANCHOR.finditer(text):
        start = anchor.start()
        if start < last:
            continue
        letter = text[start]
        if letter in "hw":
            last = anchor.end() if anchor.end() > start + 1 else last
            continue
        end = anchor.end()
        if text[end : end + 1] in _NO_UNIT and _is_no_quantity(text, start, end):
            last = end
            continue
        quantity, last = (_rank_at if letter >= "Ⅰ" and letter <= "Ⅻ" else _quantity_at)(text, start, last)
        if quantity:
            found.append(quantity)
    return with_chains(text, with_words(text, [_unless_open(text, quantity) for quantity in found]))


_TILDE = "~∼～〜"
_TENS = re.compile(
    r"(?<=[%％])대(?=[로의를에는]|(?![가-힣]))(?:[ \u00a0]?[초중후]반)?"
    r"|(?<=[%％분간원명점년개건])대?[ \u00a0]?[초중후]반대?"
)


def _unless_open(text: str, quantity: Quantity) -> Quantity:
    """The phrase, without a value where ± stands before it, a range has no other end, or it is thirty-odd
    (30%대, 30분 후반).
    """
    open_end = text[quantity.end : quantity.end + 1] in tuple(_TILDE) and quantity.value_max is None
    if tens := _TENS.match(text, quantity.end):
        return replace(quantity, end=tens.end(), value=None, value_max=None)
    if quantity.value is not None and (open_end or text[quantity.start - 1 : quantity.start] == "±"):
        return replace(quantity, value=None, value_max=None)
    return quantity


def _is_no_quantity(text: str, start: int, end: int) -> bool:
    """Whether the digits and the sign behind them, one of `_NO_UNIT`, tell a date or a mark: most numbers are such."""
    behind, before = text[end], text[start - 1 : start]
    if behind in "년年":
        return end - start == 4 or (end - start == 2 and before in _YEAR_MARKS)
    if behind == ".":
        return before in _OPENS_LINE and not text[end + 1 : end + 2].isdigit()
    return before in _PLAIN_BEFORE or (behind in "월月" and before >= "一")


def _quantity_at(text: str, start: int, floor: int) -> tuple[Quantity | None, int]:
    """The phrase around the number at `start`, and from where to go on."""
    currency = None
    if start and text[start - 1] in _ENDS_MONEY:
        currency = _CURRENCY.search(text, max(floor, start - 5), start)
    numeral = read_numeral(text, start, currency is not None)
    if numeral is None:
        return None, start + 1
    if is_name(text, start, numeral.end) or is_torn(text, start, numeral.end):
        return None, numeral.end
    if is_of_so_many(text, start, numeral) or leaves_out(text, start):
        return None, numeral.end
    unit = _unit_of(text, numeral)
    signed: int | None = start
    if currency is None and (text[start - 1 : start] in _MINUS or text[start - 2 : start] == "하 "):
        signed = _sign_before(text, start, unit.end if unit else numeral.end)
    if signed is None:
        return None, unit.end if unit else numeral.end
    if signed < start:
        numeral = numeral._replace(value=-numeral.value)
    if unit and (is_part_of_span(text, start, unit) or is_denominator(text, start, unit.end)):
        return None, unit.end
    ranged = _range_at(text, signed, numeral, unit)
    if ranged:
        low, high, unit, end, opens = ranged
        return grow(text, opens, floor, (low, high), unit, end)
    if (
        unit
        and text[unit.end : unit.end + 2].strip(" \u00a0a")[:1].isdigit()
        and (coins := _COINS.match(text, unit.end))
    ):
        if unit.name not in _MONEY:
            return None, coins.end()
        part = plain(coins["number"]) / (10 if coins["coin"] in _TENTHS else 100)
        return grow(text, signed, floor, (numeral.value + part, None), unit, coins.end(), numeral.some)
    if signed < start and unit:
        return grow(text, signed, floor, (numeral.value, None), unit, unit.end, numeral.some)
    if currency:
        return _money_at(text, currency, numeral, floor)
    if unit and (is_per_unit(text, unit) or (unit.name == "대" and _TO_ONE.match(text, unit.end))):
        return None, unit.end
    if unit is None and text[numeral.end : numeral.end + 1] == "+" and (noun := read_noun(text, numeral.end + 1)):
        return _replaced(grow(text, start, floor, (numeral.value, None), noun, noun.end), Comparator.GT)
    if unit is None and (is_noted(text, start) or not _stands_bare(text, start, numeral)):
        return None, numeral.end
    some = numeral.some or _SOME.match(text, numeral.end) is not None
    return grow(text, signed, floor, (numeral.value, None), unit, unit.end if unit else numeral.end, some)


def _money_at(text: str, sign: re.Match[str], low: Numeral, floor: int) -> tuple[Quantity | None, int]:
    """Money behind its sign, and behind that the other end of a range; nothing where that cannot be read."""
    unit = sign.group().strip(" \u00a0")
    dash = _TO_MONEY.match(text, low.end)
    if dash is None:
        return grow(text, sign.start(), floor, (low.value, None), Unit(unit, low.end), low.end)
    high = read_numeral(text, dash.end(), currency=True)
    if high is not None and (dash["and"] or dash["to"]) and not _is_range_in_words(text, sign, dash, low, high):
        if _lower_end(low, high) != low.value:
            return None, low.end  # from €3 to €4 billion: three of what
        return grow(text, sign.start(), floor, (low.value, None), Unit(unit, low.end), low.end)
    if high is None or (bottom := _lower_end(low, high)) >= high.value:
        return None, dash.end()
    return grow(text, sign.start(), floor, (bottom, high.value), Unit(unit, high.end), high.end)


def _is_range_in_words(text: str, sign: re.Match[str], word: re.Match[str], low: Numeral, high: Numeral) -> bool:
    """`between €30 and €45 million`, `€300 to €450 million`; `from €3 to €4` and `by €3 to €40` are changes."""
    opens = _OPENS_RANGE.search(text, max(0, sign.start() - 9), sign.start())
    if opens is not None:
        return bool(word["and"] and opens["between"])
    return bool(word["to"]) and _lower_end(low, high) != low.value


def _replaced(grown: tuple[Quantity, int], comparator: Comparator) -> tuple[Quantity, int]:
    return replace(grown[0], comparator=comparator), grown[1]


_ENDS_MONEY = frozenset("$€£¥₩￥₹BDRYPWFKs. \u00a0")
_TO_ONE = re.compile(r"[ \u00a0]?1(?=[로의을은이\s.,)]|$)")
"""Behind 8.5대: a ratio, no vehicles."""
_SCALED = frozenset("십백천만억조十百千万萬亿億兆")
_TORN = re.compile(r"[0-9０-９][ \u00a0]?[,，][ \u00a0]?$|(?<![0-9０-９.,])[0-9０-９]{1,3}(?P<blank>[ \u00a0])$")
_MINUS = frozenset("-–−－负負△▲▽▼)下하")
"""What may stand right before a number below nought; `_SIGN` looks closer."""
_NO_MORE = re.compile(r"\s{0,8}\Z")
_IN_BRACKETS = re.compile(r"[(（][-−－–△▲▽▼][)）]$")
_ENDS_FIGURE = re.compile(r"[,，)）\]·;；/|]|\s*$|\s*\n|\.(?![0-9])")
_TRIANGLES = ("△", "▲", "▽", "▼")
_OF_A_SCALE = ("퍼센트", "percent", "℃", "°C")
_SHARES = ("%", "％", "‰", "%p")
_SUMS = ("元", "원")
_SIGN = re.compile(
    r"(?P<hyphen>(?<![^ \u00a0(（\n<>≤≥=])[-–])$|(?<![0-9０-９A-Za-z%％～~])[−－负負]$|(?<=[(（\[|])[△▲▽▼]$"
    r"|(?:零下|영하[ \u00a0]?)$|(?P<told>(?<=[^0-9０-９一二三四五六七八九十百千万亿][\u4e00-\u9fff가-힣])-)$"
)


_SCALE_ENDS = _SCALED | frozenset("dn拾佰仟")
_COMMA, _BLANK = frozenset(",，"), frozenset(" \u00a0")
_GROUPED = frozenset("0123456789０１２３４５６７８９,，")
_GROUP = re.compile(r"[,，][0-9]")
LEADING = re.compile(r"[0-9０-９]+")


def is_torn(text: str, start: int, end: int) -> bool:
    """`1 ,200`, `1,2 00`, `10 000`, `12.000`, `1,` at a line's end: nobody can tell one number from two."""
    printed = text[start:end]
    if "，" in printed and re.search("[0-9]", printed):
        return True  # 20，300 in Chinese: a list of two, or one with a wide comma
    if printed.endswith((".000", "．000")) or printed.startswith("00"):
        return True
    if printed[-1] in _SCALE_ENDS and GOES_ON.match(text, end):
        return True
    if text[end : end + 1] in _COMMA and _GROUP.match(text, end):
        return True
    if is_cut_off(text, start, end):
        return True
    beside = text[start - 1 : start]
    if beside == "의" or beside in _BLANK:
        if text[max(0, start - 3) : start].rstrip().endswith("분의"):
            return True
        if beside in _BLANK and text[start - 2 : start - 1] not in _GROUPED:
            return False
    elif beside == ".":
        return text[start - 2 : start - 1] in _PLAIN_BEFORE - {"."}  # .5개: half of one; but …..5명
    elif beside not in _COMMA:
        return False
    before = _TORN.search(text, max(0, start - 5), start)
    digits = LEADING.match(printed)
    if before is None or digits is None:
        return False
    return len(digits.group()) == 3 if before["blank"] else len(digits.group()) <= 3 and text[start - 1] in ",，"


def _sign_before(text: str, start: int, end: int) -> int | None:
    """Where the minus before a number stands (負, −, －, -), else `start`: `-` that opens a line is a bullet.

    None where nobody can tell: `-5%가` at the head of a line is a bullet's figure or a fall.
    """
    before, printed = text[start - 1], text[start:end].rstrip()
    if before == ")":  # (-)8만 2천명
        return start - 3 if _IN_BRACKETS.match(text, max(0, start - 3), start) else start
    sign = _SIGN.search(text, max(0, start - 3), start)
    if sign is None:
        fell = before in _TRIANGLES and text.endswith(("%", "％", "p", *_SUMS), start, end)
        return start - 1 if fell and _ENDS_FIGURE.match(text, end) else start  # 오차율 △4.1%, no item of a list
    if sign["told"] and not printed.endswith((*_SHARES, *_OF_A_SCALE, *_SUMS)):
        return start  # 上海-300公里
    if sign["hyphen"] == "–" and not printed.endswith((*_SHARES, *_OF_A_SCALE)):
        return start  # this competition –445 entries from 40 schools – is open
    if sign["hyphen"] is not None and not _NO_MORE.match(text, end):
        line = text.rfind("\n", max(0, start - 12), start - 1) + 1
        if start - line < 12 and not text[line : start - 1].strip(" \u00a0\t"):
            unit = read_unit(text, end - 1) if text[end - 1] in "%％‰" else None
            return None if unit or printed.endswith(_OF_A_SCALE) else start
    return sign.start()


# 30-40 percent is a range, 2110-1234 a telephone number.
_HYPHENATED = re.compile(r"[-–—][0-9０-９]{1,4}(?:[.．][0-9]{1,4})?[ \u00a0]?(?:[%％‰℃]|per ?cent\b|퍼센트)")


def is_name(text: str, start: int, end: int) -> bool:
    """Whether a neighbour makes the number part of a name, an ordinal, a fraction or a larger figure."""
    before, behind = text[max(0, start - 3) : start], text[end : end + 1]
    if before:
        last = before[-1]
        if last == "만" and behind == "세" and not before[-2:-1].isalnum():
            return False  # 만19세: nineteen full years
        if last in "零〇廿卅" or (last in _SCALED and (last in CHINESE or not before[-2:-1].isalpha())):
            return True  # `5000` of `3천5000`, `500` of `천500`: a part of a numeral is never a value
        if last in "제第_#+^" or ("A" <= last <= "Z") or ("a" <= last <= "z"):
            return True
        if before[-2:] in ("제 ", "第 ") and not "가" <= before[:-2][-1:] <= "힣":
            return True
        if last in "-–./,·ㆍ" and len(before) > 1 and before[-2].isalnum() and before[-2].isascii():
            return True
    if not behind or behind not in "+/·ㆍ:：-t분" or (behind == "-" and _HYPHENATED.match(text, end)):
        return False
    return _BEHIND.match(text, end) is not None


def _unit_of(text: str, numeral: Numeral) -> Unit | None:
    at = numeral.end
    some = _SOME.match(text, at) if not numeral.some and text[at : at + 1] in _SOME_OPENS else None
    unit = read_unit(text, some.end() if some else at, large=numeral.value >= 1000)
    if unit is None and numeral.letters in ("", "e"):
        unit = read_noun(text, at) if not _is_year(numeral) else None
    if unit and unit.name == "년" and numeral.value > 150:
        return None
    return unit


def _is_year(numeral: Numeral) -> bool:
    return not numeral.letters and 1900 <= numeral.value <= 2100


def _range_at(
    text: str, start: int, low: Numeral, unit: Unit | None
) -> tuple[Decimal, Decimal, Unit | None, int, int] | None:
    """`1~2개`, `30万至50万人`, `between 30 and 40 %`: both ends, the common unit, where it ends and where it begins."""
    between = _BETWEEN.match(text, unit.end if unit else low.end)
    if between is None or (between["hyphen"] and _is_year(low) and unit is None):
        return None
    if unit is None and LABELLED.search(text, max(0, start - 12), start):
        return None  # Action 3.2 – 640 rangers
    before = text[max(0, start - 8) : start].lower()
    if (between["and"] and not before.endswith("between ")) or (between["to"] and before.endswith("from ")):
        return None  # from 10 % to 20 % is a change, no range
    high = read_numeral(text, between.end())
    if high is None or (between["sign"] and not between["sure"]):
        return None
    common = _unit_of(text, high)
    if common is None or is_per_unit(text, common) or (unit and unit.name != common.name):
        return None
    if between["since"] and not text.startswith("까지", common.end):
        return None
    top = -high.value if between["sign"] else high.value
    bottom = _lower_end(low, high)
    if bottom >= top or (not between["sure"] and text[start - 1 : start] in ("-", ")")):
        return None
    return bottom, top, common, common.end, start - len("between ") if between["and"] else start


def _lower_end(low: Numeral, high: Numeral) -> Decimal:
    """The lower end of a range, with the scale that stands behind the upper one alone: `3-4 billion`."""
    return low.value * high.scale if high.letters and not low.letters else low.value


_AGE = re.compile(r" (?:and |or [ou])")
"""Behind a number without a counter: `aged 65 and over`, `Type 3 and above`."""


def _stands_bare(text: str, start: int, numeral: Numeral) -> bool:
    """Whether a number without a counter is a quantity: marked ≥ or 이상, or written with commas or scales."""
    if _is_year(numeral) or text[numeral.end : numeral.end + 1] in ("년", "年"):
        return False
    before = comparator_before(text, start)
    if before or (comparator_after(text, numeral.end) and not _AGE.match(text, numeral.end)):
        return not before or before[0] in STRONG or bool(numeral.letters)
    if (
        numeral.letters == "조"
        and numeral.value == numeral.value.to_integral_value()
        and "." not in text[start : numeral.end]
    ):
        return False  # 과학창조 30조 is thirty articles; trillions name their currency
    if numeral.letters and numeral.letters[-1] not in "만억조万萬亿億e":
        return False
    written = numeral.letters or "," in text[start : numeral.end]
    return bool(written) and _END.match(text, numeral.end) is not None


def _rank_at(text: str, start: int, floor: int) -> tuple[Quantity | None, int]:
    """`≥Ⅳ급`, `Ⅲ类以上`: a Roman class, only where a comparator stands beside it (else it numbers a heading)."""
    found = _ROMAN.match(text, start)
    if found is None or not (comparator_before(text, start) or comparator_after(text, found.end())):
        return None, start + 1
    value = Decimal(ord(text[start]) - ord("Ⅰ") + 1)
    return grow(text, start, floor, (value, None), Unit(found["unit"], found.end()), found.end())
