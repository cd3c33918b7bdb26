"""Numerals spelled in words: 만 이천삼백 명, 一百五十万元, twelve thousand, three hundred and five firms.

Read whole or not at all, as those in digits are: a word of a numeral before or behind (오천 이억, 3만 오천, two and a
half million) leaves no value. A single Korean syllable is a word of its own (이 명), a Chinese digit counts (三家).
Blanks may stand behind a big scale.
"""

from __future__ import annotations

import re
from decimal import Decimal

from pipeline.normalise.parts import is_denominator
from pipeline.normalise.phrase import Quantity, Reader, grow
from pipeline.normalise.scales import read_han, read_scale, read_share
from pipeline.normalise.units import is_per_unit, read_noun, read_unit

CHINESE = "零〇一二三四五六七八九十百千万萬亿億兆两兩壹貳贰叁參参肆伍陸陆柒捌玖拾佰仟"
_OF_CHINESE = frozenset(CHINESE + "点點")
HANGUL = str.maketrans("일이삼사오육칠팔구십백천만억조", "一二三四五六七八九十百千万亿兆")

# -- Chinese -------------------------------------------------------------------------------------------------

_SCALES, _FINANCIAL = "十百千万萬亿億兆拾佰仟", "壹貳贰叁參参肆伍陸陆柒捌玖拾"
_CHINESE_LETTERS = f"二三四五六七八九十百两兩一{_FINANCIAL}"
_CHINESE_AROUND = (
    rf"(?:(?<![一{_FINANCIAL}])"
    rf"|(?=[{CHINESE}][{CHINESE} 个個家元座项項台辆套名种件美吨公倍条人]|[点點][一二三四五六七八九]{{1,6}}[万亿萬億]))"
    rf"(?<![{CHINESE}廿卅第上下数數几幾又之到至点點负負0-9０-９].)"
)
_CHINESE_NUMERAL = re.compile(
    rf"(?P<numeral>(?:[{CHINESE}]|(?<=[万萬亿億兆])[ \u00a0](?=[{CHINESE}])){{1,34}}"
    r"(?:[点點][零〇一二三四五六七八九]{1,8}[万萬亿億]{0,2}(?=[万萬亿億个個家元吨公倍美%％]))?)"
    r"(?:(?P<some>[余餘多])(?P<more>[万萬亿億]{0,2}))?"
    r"[ \u00a0]?(?=[个個家座项項台辆套名种件元美亿万吨公倍次条所户篇艘架颗款人])"
)
# 百亿元企业, 千亿元产业集群: a size that names a class of firms; how many there are stands elsewhere.
_SIZE_CLASS = re.compile(r"[级級]?(?:以上的?)?(?:企业|企業|产业|產業|集群|园区|園區|项目|龙头|工程)")
# 三十亿 五家: two numbers. 三十亿 五千万 is one, as 三十亿 零五家 is.
_BEHIND_BLANK = re.compile(
    rf"[{_SCALES}][ \u00a0](?:[零〇]|(?<=[万萬].)[{CHINESE}][千仟]|(?<![万萬].)[{CHINESE}]{{1,7}}[万萬亿億])"
)
_TORN = re.compile(rf"[{CHINESE}0-9０-９][{_SCALES}][ \u00a0]$")


def _chinese(text: str, match: re.Match[str]) -> Quantity | None:
    """`三百家`, `一百五十万元`, `玖拾玖万叁仟元`, `一点二万亿元`, `百余家`."""
    start, end = match.span()
    read = read_unit(text, match.end("more") if match["more"] is not None else match.end("numeral"))
    worth = _chinese_worth(match["numeral"] + (match["more"] or ""))
    if worth is None or read is None or is_per_unit(text, read) or _TORN.search(text, max(0, start - 3), start):
        return None
    if is_denominator(text, start, read.end):
        return None
    if (text[start] in "百千" and _SIZE_CLASS.match(text, read.end)) or (read.name == "人" and end - start < 2):
        return None
    return grow(text, start, 0, (worth, None), read, read.end, match["some"] is not None)[0]


def _chinese_worth(numeral: str) -> Decimal | None:
    """一千二百, 三点五亿: a decimal may stand before its scales."""
    if any(not _BEHIND_BLANK.match(numeral, gap.start() - 1) for gap in re.finditer("[ \u00a0]", numeral)):
        return None
    numeral = re.sub("[ \u00a0]", "", numeral)
    scales = re.search(r"[万萬亿億]{1,2}$", numeral) if "点" in numeral or "點" in numeral else None
    worth = read_share(numeral[: scales.start()] if scales else numeral)
    return worth * read_scale(scales.group()) if worth is not None and scales else worth


_FROM_TO_AROUND = rf"(?=[{CHINESE}]{{0,7}}[到至]|[三四五六七八九][个個家座项項台辆套名种件元吨倍次户所篇艘架颗款])"
_FROM_TO = re.compile(
    rf"(?<![第{CHINESE}])(?P<low>[{CHINESE}]{{1,8}}?)[到至]?(?P<high>[{CHINESE}]{{1,8}})"
    r"(?=[个個家座项項台辆套名种件元吨公倍次户所篇艘架颗款])"
)

_SCALED, _BIG = re.compile(rf"[{_SCALES}]"), re.compile("[万萬亿億]")
_SHARED = re.compile(r"(?:(?<=[二三四五六七八九两兩])[百千佰仟])?(?P<big>[万萬亿億]*)$")


def _shared(low: Decimal, high: Decimal, scale: int | Decimal) -> Decimal:
    """The lower end in the scale that is said once, behind the upper end: 三到五万; not in 五千到一万."""
    return low * scale if low * scale < high else low


def _from_to(text: str, match: re.Match[str]) -> Quantity | None:
    """`两到三家`, `三到五万家`, `两三家`: both ends, the scale and the counter they share."""
    low, high, unit = read_share(match["low"]), read_share(match["high"]), read_unit(text, match.end())
    if low is not None and match.end("low") == match.start("high") and (low > 9 or high != low + 1):
        return None
    if low is not None and high is not None and (scale := _SHARED.search(match["high"])):
        larger = scale["big"] if _SCALED.search(match["low"]) else scale.group()
        low = _shared(low, high, read_scale(larger) if larger else 1) if not _BIG.search(match["low"]) else low
    if low is None or high is None or low >= high or unit is None or is_per_unit(text, unit):
        return None
    return grow(text, match.start(), 0, (low, high), unit, unit.end)[0]


# -- Korean --------------------------------------------------------------------------------------------------

_L = "일이삼사오육칠팔구십백천만억조"
_KOREAN_AROUND = rf"(?=[{_L}]|[ \u00a0][{_L}])(?<![가-힣0-9０-９].)"
_KOREAN_NUMERAL = re.compile(
    rf"(?P<numeral>[{_L}](?:(?:(?<=[만억조])[ \u00a0])?[{_L}]){{1,31}})(?P<some>여)?[ \u00a0]?"
    r"(?=[원명개건대곳호톤달위유엔가인퍼%마그])"
)
# Words that are spelled with the letters of numerals: structure, inquiry, provided that.
_NO_NUMERALS = frozenset(["구조", "조사", "만일", "사조"])
# Places and words that are numerals only where a sum or a count stands behind them: 이천 명, not 이천 대.
_PLACES = frozenset(["이천", "사천", "오천", "구천", "천일", "오일", "천만", "억조"])
_PLAIN_COUNTS = frozenset(["원", "달러", "위안", "유로", "엔", "명", "개", "%"])
_INEXACT = re.compile(r"(?:단위[ ]?[:：]?|수|몇|여러|[0-9])[ \u00a0]?$")
# 오천 이억, 3만 오천, 오 만: what stands before is of the same numeral, and the whole is none.
_KOREAN_TORN = re.compile(
    rf"(?:[0-9０-９][십백천만억조]{{1,3}}|(?<![가-힣])(?:[{_L}]{{1,12}}(?<=[십백천만억조])|[일이삼사오육칠팔구두세네]))"
    r"[ \u00a0]$"
)


def _korean(text: str, match: re.Match[str]) -> Quantity | None:
    """`삼천억 원`, `만 이천 명`: Sino-Korean words with a scale and a counter; 구조 and 만일 are none."""
    numeral, start = match["numeral"], match.start()
    if not re.search("[십백천만억조]", numeral) or _korean_before(text, start):
        return None
    worth = read_han(re.sub("[ \u00a0]", "", numeral).translate(HANGUL), short=False)
    unit = read_unit(text, match.end(), large=True)
    if worth is None or unit is None or is_per_unit(text, unit):
        return None
    if numeral in _NO_NUMERALS or (numeral in _PLACES and unit.name not in _PLAIN_COUNTS):
        return None
    if _is_note(text, start, numeral, unit.end):
        return None
    return grow(text, start, 0, (Decimal(worth), None), unit, unit.end, match["some"] is not None)[0]


_SCALE_LETTERS = frozenset("십백천만억조 \u00a0")
_BARE_AROUND = r"(?:(?<=[천백십])[만억])?(?P<some>여)?[ \u00a0]?(?=[개명대건위원곳가톤달유사호])"


def _bare_scale(text: str, match: re.Match[str]) -> Quantity | None:
    """`만 개`, `천만 명`, `천개`: a scale without a digit; 수백 개 and 몇천 개 have no exact value, 대만 is a word."""
    start = match.start()
    before = text[start - 1 : start]
    if before and ("가" <= before <= "힣" or before.isdigit() or _korean_before(text, start)):
        return None
    letters = match.group().rstrip(" \u00a0").removesuffix("여")
    unit = read_unit(text, match.end(), large=True)
    if unit is None or is_per_unit(text, unit):
        return None
    if (
        _is_note(text, start, letters, unit.end)
        or letters == "억"
        or (unit.name == "원" and text[unit.end : unit.end + 1] == "칙")
    ):
        return None
    return grow(text, start, 0, (Decimal(read_scale(letters)), None), unit, unit.end, match["some"] is not None)[0]


def _is_note(text: str, start: int, letters: str, end: int) -> bool:
    """`예산(백만원)`, `(천명)`: a scale and a unit alone in brackets say in what is counted, and are no amount."""
    alone = text[start - 1 : start] in ("(", "（") and text[end : end + 1] in (")", "）")
    return alone and not set(letters) - _SCALE_LETTERS


def _korean_before(text: str, start: int) -> bool:
    """Whether the numeral at `start` is inexact (수십, 몇천) or only the end of one."""
    window = text[max(0, start - 14) : start]
    return _INEXACT.search(window[-6:]) is not None or _KOREAN_TORN.search(window) is not None


# -- English -------------------------------------------------------------------------------------------------

_UNITS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_ROUND = "twenty thirty forty fifty sixty seventy eighty ninety"
ONES = dict(zip(_UNITS.split(), range(1, 20), strict=True))
_TENS = dict(zip(_ROUND.split(), range(20, 100, 10), strict=True))
_LARGE = {"hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_SMALL_WORD, _LARGE_WORD = "|".join([*ONES, *_TENS]), "|".join(_LARGE)
_ANY = f"(?:{_SMALL_WORD}|{_LARGE_WORD})"
_ORDINAL = (
    "first|second|third|fifth|eighth|ninth|twelfth"
    "|(?:four|six|seven|ten|eleven|(?:thir|four|fif|six|seven|eigh|nine)teen)th"
)
_ENGLISH_LETTERS = "tfsenoaTFSENOA"
_ENGLISH_AROUND = rf"(?<![\w-].)(?={'|'.join(sorted({word[1:4] for word in (*ONES, *_TENS)}))}|n? [htmb])"
# Counts things: three (new) (regional) labs; not `one` alone, mostly a pronoun, nor twenty-first and two-thirds.
_ENGLISH_NUMERAL = re.compile(
    rf"(?<![\w-])(?P<numeral>(?:{_SMALL_WORD}|an?(?=[ ](?:{_LARGE_WORD})\b))(?:(?:[ -]|,?[ ]and[ ]|,[ ]){_ANY}(?![\w]))"
    r"{0,24})(?![\w-])"
    rf"(?!,?[ ](?:and[ ])?(?:{_ANY}(?!\w)|{_ORDINAL}|tenths?\b|quarters?\b|fifths\b|thirds\b|dozen|score\b"
    r"|lakhs?\b|crores?\b)"
    rf"|[ ]and[ ](?:a|one)[ ](?:half|quarter|third)|[ ](?:point|half|halves|(?:in|out[ ]of)[ ](?:{_ANY}|[0-9]))\b)"
    rf"(?=(?:[ ](?:to|or)[ ]{_ANY}(?:[ -](?:and[ ])?{_ANY}){{0,7}})?\s"
    rf"(?:[a-z][\w-]*\s){{0,4}}?(?:[A-Za-z][\w-]+s|people|staff|euros?|dollars?|percent|per cent)\b|\s*$)",
    re.IGNORECASE,
)
_ENGLISH_TORN = re.compile(
    rf"(?:\b(?:{_LARGE_WORD}|lakh|crore)s?,?|\b(?:half|minus|negative|point|{_SMALL_WORD})"
    rf"|\b(?:{_SMALL_WORD}) (?:in|out of)"
    r"|\b(?:halves|thirds?|quarters?|fifths?|tenths?) of|\bhalf of|[0-9],? and)"
    r"[ -](?:and )?(?:an? )?$",
    re.IGNORECASE,
)
_ENGLISH_TO = re.compile(rf"[ ](?:to|or)[ ](?=(?:{_SMALL_WORD})\b)", re.IGNORECASE)
_FROM = re.compile(r"\bfrom $", re.IGNORECASE)
# What was not read as a range has no upper end alone: ten to one hundred and fifty is not 150.
_OPEN_END = re.compile(
    rf"(?<!from)[ ](?:{_ANY}[ -](?:and )?){{0,7}}{_ANY} (?:to|or) $|^{_ANY} (?:to|or) $", re.IGNORECASE
)


def _english(text: str, match: re.Match[str]) -> Quantity | None:
    """`twenty-five projects`, `three hundred and fifty firms`, `two million, five hundred thousand people`."""
    start, end = match.start(), match.end("numeral")
    value = read_english(match["numeral"])
    if value is None or _ENGLISH_TORN.search(text, max(0, start - 16), start) or _is_upper_end(text, start):
        return None
    high = None
    if joined := _ENGLISH_TO.match(text, end):
        other = _ENGLISH_NUMERAL.match(text, joined.end())
        top = read_english(other["numeral"]) if other else None
        scale = _shared_scale(match["numeral"], other["numeral"]) if other else 1
        if not _FROM.search(text, max(0, start - 6), start):
            if other is None or top is None or top <= value:
                return None
            high, end = top, other.end("numeral")
            value = int(_shared(Decimal(value), Decimal(high), scale))
        elif top is not None and _shared(Decimal(value), Decimal(top), scale) != value:
            return None  # from two to three million: two of what
    unit = read_noun(text, end) or read_unit(text, end)
    ends = (Decimal(value), None if high is None else Decimal(high))
    return grow(text, start, 0, ends, unit, unit.end if unit else end)[0]


def _is_upper_end(text: str, start: int) -> bool:
    return text[start - 4 : start].lower() in (" to ", " or ") and bool(
        _OPEN_END.search(text, max(0, start - 90), start)
    )


def _shared_scale(low: str, high: str) -> int:
    """The scale behind the upper end (five to ten thousand) where the lower end says none; else 1."""
    scale = 1
    if not any(word in _LARGE for word in re.split(r"[ ,-]+", low.lower())):
        for word in reversed(re.split(r"[ ,-]+", high.lower())):
            if word not in _LARGE:
                break
            scale *= _LARGE[word]
    return scale


def read_english(words: str) -> int | None:
    """The whole number that English words say; None where they are no numeral (three hundred hundred), and for `one`.

    >>> read_english("two thousand, three hundred and five")
    2305
    """
    total = group = 0
    last = 10**15
    said = re.sub(r"^an? ", "one ", words.lower()).replace("-", " ").replace(" and ", " ").split()
    if said == ["one"]:
        return None
    for at, printed in enumerate(said):
        word = printed.rstrip(",")
        if word != printed and _LARGE.get(word, 0) < 1000:
            return None  # five, six: two numbers
        if word in _LARGE:
            scale = _LARGE[word]
            if not group or (group >= 100 if scale == 100 else scale >= last):
                return None
            if scale == 100:
                group *= 100
            else:
                total, group, last = total + group * scale, 0, scale
        else:
            worth = ONES.get(word) or _TENS[word]
            room = 10 if worth < 10 and group % 100 >= 20 and group % 10 == 0 else 100
            if group % room or (group and group < 20):
                return None
            group += worth
            if at and said[at - 1].endswith(",") and worth < 100 and said[at + 1 : at + 2] == []:
                return None  # five thousand, six: one number or two
    return total + group


GOES_ON = re.compile(
    rf"(?<=[십백천만억조])[ \u00a0]?(?:[{_L}]{{2,}}(?<=[십백천만억조])|[일이삼사오육칠팔구][십백천만억])"
    rf"|(?<=[{_SCALES}])(?:[ \u00a0]?[{CHINESE}][{_SCALES}]|[二三四五六七八九零](?=[{CHINESE}个個家元人]))"
    rf"|(?<=[a-z])(?:,?[ ](?:{_SMALL_WORD})(?:[ -](?:{_SMALL_WORD}))?[ -](?:{_LARGE_WORD})"
    rf"|[ ]and[ ](?:{_SMALL_WORD}))\b",
    re.IGNORECASE,
)
"""Words that go on with a numeral in digits behind its scale: 3만 오천, 3万五千, 2 thousand five hundred."""
_BY_NUMERAL = (
    Reader(_ENGLISH_LETTERS, _ENGLISH_AROUND, _ENGLISH_NUMERAL, _english),
    Reader(_CHINESE_LETTERS, _CHINESE_AROUND, _CHINESE_NUMERAL, _chinese),
    Reader(_L, _KOREAN_AROUND, _KOREAN_NUMERAL, _korean),
)
READERS = (
    *_BY_NUMERAL,
    Reader("만천백십억", _BARE_AROUND, None, _bare_scale),
    Reader(CHINESE, _FROM_TO_AROUND, _FROM_TO, _from_to),
)


_WIDTH = 100
"""As far back (characters) as the start of a spelled numeral is looked for."""
_NUMERALS = tuple((re.compile(r.opens), r.pattern) for r in _BY_NUMERAL if r.pattern)


def stands_within(text: str, at: int) -> bool:
    """Whether a spelled numeral begins before `at` and goes on behind it."""
    if not (text[at - 1 : at].strip() or text[at - 2 : at - 1].strip()) or not text[at : at + 2].strip():
        return False
    for opens, pattern in _NUMERALS:
        for begin in opens.finditer(text, max(0, at - _WIDTH), at + 3):
            found = pattern.match(text, begin.start()) if begin.start() < at else None
            if found and at < found.end("numeral"):
                return True
    return False


def read_alone(words: str) -> Decimal | None:
    """A cell that holds nothing but a Chinese or Korean numeral of two signs or more, with a scale; else None."""
    if len(words) < 2 or not words.isalpha():
        return None
    if set(words) <= _OF_CHINESE and any(sign in _SCALES for sign in words):
        return _chinese_worth(words)
    if set(words) <= set(_L) and any(sign in "십백천만억조" for sign in words) and words not in _NO_NUMERALS:
        worth = read_han(words.translate(HANGUL), short=False) if words not in _PLACES else None
        return None if worth is None else Decimal(worth)
    return None
