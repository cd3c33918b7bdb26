"""Numbers written in words: 절반, 두 배, 삼천억 원, 三百家, 百分之八十, 3분의 2, 八成, twenty-five projects, half of.

A part of a whole is read as a percentage (절반 is 50 %). What is inexact (수백, 几十) or more than its whole has no
value here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Context, Decimal

from pipeline.normalise.phrase import Quantity, grow
from pipeline.normalise.scales import plain, read_han, read_scale, read_share
from pipeline.normalise.units import Unit, is_per_unit, read_noun, read_unit

_CHINESE = "零〇一二三四五六七八九十百千万萬亿億兆两兩壹貳贰參叁肆伍陸陆柒捌玖拾佰仟"
_WORDS = re.compile(
    r"[절半一百翻두세네二三四五六七八九十两兩壹](?:(?<=절)반(?!기)|(?<=半)[數数]|(?<=一)半|(?<=翻)(?:一番|两番|兩番)"
    r"|(?P<twice>(?<=[두세네]))[ \u00a0]?배(?![가-힣]{2})"
    r"|(?P<han>(?<=[二三四五六七八九十百两兩])|(?<=[一壹])(?=[十百千万亿拾佰仟萬億]|[点點][一二三四五六七八九]{1,6}[万亿萬億]))"
    rf"[{_CHINESE}]{{0,26}}(?:[点點][零〇一二三四五六七八九]{{1,8}}[万萬亿億]{{0,2}}(?=[万萬亿億个個家元吨公倍美%％]))?"
    r"(?:(?P<some>[余餘多])(?P<more>[万萬亿億]{0,2}))?"
    r"(?=[个個家座项項台辆套名种件元美亿万吨公倍次条所户篇艘架颗款人]))"
)
# 百亿元企业, 千亿元产业集群: a size that names a class of firms; how many there are stands elsewhere.
_SIZE_CLASS = re.compile(r"[级級]?(?:以上的?)?(?:企业|企業|产业|產業|集群|园区|園區|项目|龙头|工程)")
_BARE = re.compile(r"[만천백십억](?:(?<=[천백십])[만억])?(?P<some>여)?[ \u00a0]?(?=[개명대건위원곳가톤달유사호])")
_INEXACT = re.compile(r"(?:단위[ ]?[:：]?|수|몇|여러|[0-9])[ \u00a0]?$")
_FIXED = dict.fromkeys(("절반", "半数", "半數", "一半"), (50, "%")) | {
    "翻一番": (2, "倍"),
    "翻两番": (4, "倍"),
    "翻兩番": (4, "倍"),
}

_HANGUL = str.maketrans("일이삼사오육칠팔구십백천만억조", "一二三四五六七八九十百千万亿兆")
_KOREAN = re.compile(
    r"(?<![가-힣0-9０-９])(?P<numeral>[일이삼사오육칠팔구십백천만억조]{2,27})(?P<some>여)?[ \u00a0]?"
    r"(?=[원명개건대곳호톤달위유엔가인퍼%마그])"
)
# Words that are spelled with the letters of numerals: structure, inquiry, provided that.
_NO_NUMERALS = frozenset(["구조", "조사", "만일", "사조"])
# Places and words that are numerals only where a sum or a count stands behind them: 이천 명, not 이천 대.
_PLACES = frozenset(["이천", "사천", "오천", "구천", "천일", "오일", "천만", "억조"])
_PLAIN_COUNTS = frozenset(["원", "달러", "위안", "유로", "엔", "명", "개", "%"])

_SHARE = re.compile(r"분의[ \u00a0]?|[分][ \u00a0]?之[ \u00a0]?")
_DENOMINATOR = re.compile(
    rf"(?:(?<![0-9０-９.,])(?P<digits>[0-9０-９]{{1,5}})|(?P<han>(?<![{_CHINESE}])[{_CHINESE}]{{1,5}})"
    r"|(?P<hangul>(?<![가-힣])[일이삼사오육칠팔구십백천만]{1,5}))[ \u00a0]{0,2}$"
)
_NUMERATOR = re.compile(
    r"(?:(?P<digits>[0-9０-９]{1,7}(?:[.．][0-9０-９]{1,6})?)(?![0-9０-９.,만억조천백십万亿千百])"
    rf"|(?P<han>[{_CHINESE}]{{1,8}}(?:[点點][零〇一二三四五六七八九]{{1,8}})?)"
    r"|(?P<hangul>[일이삼사오육칠팔구십백]{1,7})(?=[만을를은는이가 ,.]|$|이상|이하))"
)
_FOUR = Context(prec=4)
"""Parts of a whole are rounded to four figures: 2/3 is 66.67 %."""
_MIXED = re.compile(r"[又과와][ \u00a0]?$")
_TENTHS = re.compile(
    r"(?:(?<![0-9０-９.,])(?P<digits>[1-9１-９](?:[.．][0-9０-９])?)|(?<![第一二三四五六七八九十百千万几幾数數兩两])(?P<han>[一二三四五六七八九两兩]))"
    r"(?:[ \u00a0]?할(?![인당증부애머매])(?:[ \u00a0]?(?P<hundredths>[1-9])[ \u00a0]?푼)?"
    r"|[成](?P<more>[一二三四五六七八九](?![成]))?(?![立功为為本果员員年就长長分都型熟交绩績效品形群套不份员像])(?:[多](?=[^一-龥]|以))?)"
)

_UNITS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_ROUND = "twenty thirty forty fifty sixty seventy eighty ninety"
# 2折 is a price of 20 %, 75折 one of 75 %; 打折 alone says no figure.
_PRICE = re.compile(r"(?<![0-9０-９.,．])(?P<digits>[1-9１-９](?:[.．]?[0-9０-９])?)[ \u00a0]?折(?![叠疊旧舊线線射])")
_FROM_TO = re.compile(
    rf"(?<![第{_CHINESE}])(?P<low>[{_CHINESE}]{{1,8}})[到至](?P<high>[{_CHINESE}]{{1,8}})"
    r"(?=[个個家座项項台辆套名种件元吨公倍次户所篇艘架颗款])"
)

_ONES = dict(zip(_UNITS.split(), range(1, 20), strict=True))
_TENS = dict(zip(_ROUND.split(), range(20, 100, 10), strict=True))
_LARGE = {"hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_WORD = "|".join([*_ONES, *_TENS])
_ANY = f"(?:{_WORD}|{'|'.join(_LARGE)})"
# Counts things: three (new) (regional) labs; not `one` alone, mostly a pronoun, nor twenty-first and two-thirds.
_ENGLISH = re.compile(
    rf"(?<![\w-])(?P<word>(?:{_WORD})(?:(?:[ -]|[ ]and[ ]){_ANY}(?![\w])){{0,12}})(?![\w-])"
    r"(?=\s(?:[a-z][\w-]*\s){0,4}?(?:[A-Za-z][\w-]+s|people|staff|euros?|dollars?|percent|per cent)\b|\s*$)",
    re.IGNORECASE,
)
_PARTS = {"half": 2, "halves": 2, "third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "eighth": 8, "tenth": 10}
_FRACTION = re.compile(
    r"(?<![\w-])(?:(?P<half>half)|(?P<count>an?|one|two|three|four|five|six|seven|nine)[ -]"
    r"(?P<part>third|quarter|fifth|sixth|eighth|tenth)s?) of(?= (?:(?:all|the|its|their|our|total|new)\b )?"
    r"(?!year|century|decade|month|20[0-9]{2}|19[0-9]{2})[A-Za-z])",
    re.IGNORECASE,
)
_NO_HALF = re.compile(r"(?:first|second|other|last|latter|former|and a|a|one) $", re.IGNORECASE)


def with_words(text: str, found: list[Quantity]) -> list[Quantity]:
    """Numbers written as words, merged into the list: the longest of those that begin at one place."""
    extra: list[Quantity] = []
    for opens, pattern, read in _READERS:
        for begin in opens.finditer(text):
            match = begin if pattern is None else pattern.match(text, begin.start())
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
    if before and (before in "第一二三四五六七八九十百千万亿上下数几又之到至点點零負负" or before.isdigit()):
        return None
    more = match["more"] or ""
    numeral = match.group().removesuffix((match["some"] or "") + more) + more
    worth, read = _han_worth(numeral), read_unit(text, end)
    if worth is None or read is None or is_per_unit(text, read):
        return None
    if (text[start] in "百千" and _SIZE_CLASS.match(text, read.end)) or (read.name == "人" and len(numeral) < 2):
        return None
    return grow(text, start, 0, (worth, None), read, read.end, match["some"] is not None)[0]


def _han_worth(numeral: str) -> Decimal | None:
    """一千二百, 三点五亿: a decimal may stand before its scales."""
    scales = re.search(r"[万萬亿億]{1,2}$", numeral) if "点" in numeral or "點" in numeral else None
    worth = read_share(numeral[: scales.start()] if scales else numeral)
    return worth * read_scale(scales.group()) if worth is not None and scales else worth


def _bare_scale(text: str, match: re.Match[str]) -> Quantity | None:
    """`만 개`, `천만 명`, `천개`: a scale without a digit; 수백 개 and 몇천 개 have no exact value, 대만 is a word."""
    start = match.start()
    before = text[max(0, start - 6) : start]
    if before and ("가" <= before[-1] <= "힣" or before[-1].isdigit() or _INEXACT.search(before)):
        return None
    letters = match.group().rstrip(" \u00a0").removesuffix("여")
    unit = read_unit(text, match.end(), large=True)
    if unit is None or is_per_unit(text, unit):
        return None
    if letters == "억" or (unit.name == "원" and text[unit.end : unit.end + 1] == "칙"):
        return None
    return grow(text, start, 0, (Decimal(read_scale(letters)), None), unit, unit.end, match["some"] is not None)[0]


def _korean(text: str, match: re.Match[str]) -> Quantity | None:
    """`삼천억 원`, `이백오십억`, `오천 명`: Sino-Korean words with a scale and a counter; 구조 and 만일 are none."""
    numeral, start = match["numeral"], match.start()
    if not re.search("[십백천만억조]", numeral) or _INEXACT.search(text[max(0, start - 6) : start]):
        return None
    worth = read_han(numeral.translate(_HANGUL))
    unit = read_unit(text, match.end(), large=True)
    if worth is None or unit is None or is_per_unit(text, unit):
        return None
    if numeral in _NO_NUMERALS or (numeral in _PLACES and unit.name not in _PLAIN_COUNTS):
        return None
    return grow(text, start, 0, (Decimal(worth), None), unit, unit.end, match["some"] is not None)[0]


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
    return read_share(found["han"] or found["hangul"].translate(_HANGUL))


def _price(text: str, match: re.Match[str]) -> Quantity | None:
    share, end = plain(match["digits"]), match.end()
    share = share * 10 if share < 10 else share
    return grow(text, match.start(), 0, (share, None), Unit("%", end), end)[0]


def _from_to(text: str, match: re.Match[str]) -> Quantity | None:
    """`两到三家`: both ends and the counter they share."""
    low, high, unit = read_share(match["low"]), read_share(match["high"]), read_unit(text, match.end())
    if low is None or high is None or low >= high or unit is None or is_per_unit(text, unit):
        return None
    return grow(text, match.start(), 0, (low, high), unit, unit.end)[0]


def _tenths(text: str, match: re.Match[str]) -> Quantity | None:
    """`7할`, `八成以上`, `六成五`: tenths of a whole; 成立 and 할인 are words."""
    tenths = plain(match["digits"]) if match["digits"] else read_share(match["han"])
    rest = match["hundredths"] or match["more"]
    if tenths is None:
        return None
    share = tenths * 10 + ((plain(rest) if rest.isdigit() else read_share(rest) or Decimal(0)) if rest else 0)
    end = match.end()
    return grow(text, match.start(), 0, (share, None), Unit("%", end), end, match.group().endswith("多"))[0]


def _english(text: str, match: re.Match[str]) -> Quantity | None:
    """`twenty-five`, `three hundred and fifty`, `two million people`."""
    words = match["word"].lower().replace("-", " ").replace(" and ", " ").split()
    if words == ["one"]:
        return None
    total = group = 0
    last = 10**15
    for word in words:
        if word in _LARGE:
            scale = _LARGE[word]
            if not group or (group >= 100 if scale == 100 else scale >= last):
                return None
            if scale == 100:
                group *= 100
            else:
                total, group, last = total + group * scale, 0, scale
        else:
            worth = _ONES.get(word) or _TENS[word]
            room = 10 if worth < 10 and group % 100 >= 20 and group % 10 == 0 else 100
            if group % room or (group and group < 20):
                return None
            group += worth
    end = match.end("word")
    unit = (read_noun(text, end) or read_unit(text, end)) if len(words) > 1 else None
    return grow(text, match.start(), 0, (Decimal(total + group), None), unit, unit.end if unit else end)[0]


def _fraction(text: str, match: re.Match[str]) -> Quantity | None:
    """`half of all firms`, `two-thirds of the plan`; not the first half of a year."""
    start, end = match.start(), match.end() - len(" of")
    if match["half"]:
        if _NO_HALF.search(text, max(0, start - 8), start):
            return None
        return grow(text, start, 0, (Decimal(50), None), Unit("%", end), end)[0]
    count = match["count"].lower()
    part = _FOUR.divide(Decimal(_ONES.get(count, 1) * 100), Decimal(_PARTS[match["part"].lower()]))
    if part > 100:
        return None
    return grow(text, start, 0, (part.normalize(), None), Unit("%", end), end)[0]


_TENTH = re.compile(r"[1-9１-９一二三四五六七八九两兩](?=[0-9０-９]?[.．]?[0-9０-９]?[ \u00a0]?[할成折])")
_LETTER = re.compile(r"[tfsenoTFSENO](?<![\w-].)")
_PART = re.compile(r"[hatofsnHATOFSN](?<![\w-].)(?=[A-Za-z -]{2,14} of )")
_READERS: tuple[
    tuple[re.Pattern[str], re.Pattern[str] | None, Callable[[str, re.Match[str]], Quantity | None]], ...
] = (
    (_WORDS, None, _word),
    (_BARE, None, _bare_scale),
    (re.compile(r"[일이삼사오육칠팔구십백천만억조](?<![가-힣0-9０-９].)"), _KOREAN, _korean),
    (_SHARE, None, _share),
    (_TENTH, _TENTHS, _tenths),
    (_TENTH, _PRICE, _price),
    (re.compile(rf"[{_CHINESE}](?=[{_CHINESE}]{{0,7}}[到至])"), _FROM_TO, _from_to),
    (_LETTER, _ENGLISH, _english),
    (_PART, _FRACTION, _fraction),
)
"""How a kind begins (a set of letters, so that most of a text costs nothing), its pattern, and what reads it."""
