"""Number phrases: value, counter and comparator, from Korean, Chinese and English numerals.

Not found are dates, years, five-year plans (14·5), code names (2441, 1+4, 5G), ordinals (제3조, 第31届), fractions,
denominators (1인당), telephone numbers and all that stands in a web address: none of them has a counter, or a
character beside it tells. `△`/`▲` before a number is never read as minus.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from pipeline.normalise.comparators import comparator_after, comparator_before, comparator_in
from pipeline.normalise.scales import NUMBER, Numeral, number_of, read_han, read_numeral, read_scale, read_share
from pipeline.normalise.units import Unit, is_per_unit, is_structure_count, read_noun, read_unit, unit_note
from schemas.vocabulary import Comparator

__all__ = ["Quantity", "find_quantities", "is_structure_count", "parse_quantity", "unit_note"]


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


_ANCHOR = re.compile(r"[0-9０-９hwⅠ-Ⅻ](?:(?<=h)ttps?://[^\s<>\"]*|(?<=w)ww\.[^\s<>\"]*|(?<=[0-9０-９])[0-9０-９]*)?")
_WORDS = re.compile(
    r"[절半一百翻두세네二三四五六七八九十两兩壹](?:(?<=절)반(?!기)|(?<=半)[數数]|(?<=一)半|(?<=翻)(?:一番|两番|兩番)"
    r"|(?<=百)分之(?P<percent>[零一二三四五六七八九十百点點]{1,12})|(?P<twice>(?<=[두세네]))[ \u00a0]?배(?![가-힣]{2})"
    r"|(?P<han>(?<=[二三四五六七八九十百两兩])|(?<=[一壹])(?=[十百千万亿拾佰仟萬億]))"
    r"[零一二三四五六七八九十百千万萬亿億两兩壹貳贰參叁肆伍陸陆柒捌玖拾佰仟]{0,16}(?P<some>[余餘多])?"
    r"(?=[个個家座项項台辆套名种件元美亿万吨公倍次条所户篇艘架颗款]))"
)
# 百亿元企业, 千亿元产业集群: a size that names a class of firms; how many there are stands elsewhere.
_SIZE_CLASS = re.compile(r"[级級]?(?:以上的?)?(?:企业|企業|产业|產業|集群|园区|園區|项目|龙头|工程)")
_BARE = re.compile(r"[만천백십억](?:(?<=[천백십])[만억])?(?P<some>여)?[ \u00a0]?(?=[개명대건위원곳가톤달유사호])")
_INEXACT = re.compile(r"(?:단위[ ]?[:：]?|수|몇|여러|[0-9])[ \u00a0]?$")
_CURRENCY = re.compile(r"(?:US\$|HK\$|C\$|A\$|[€$£¥₩￥]|\b(?:RMB|USD|EUR|CNY|KRW|GBP))[ \u00a0]?$")
_BETWEEN = re.compile(r"[ \u00a0]?(?:(?P<sure>[~∼～〜]|내지[ \u00a0]?)|[-–—至到])[ \u00a0]?(?=[0-9０-９])")
_SOME = re.compile(r"[ \u00a0]?(?:여(?=[ \u00a0]?[가-힣%])|[余餘多](?=[一-龥]))")
_CONVERTED = re.compile(
    r"[ \u00a0]?[(（][^()（）\n]{0,40}(?:원|위안|달러|유로|엔|元|美元|yuan|won|dollars|euros|million|billion)[)）]"
)
_RANK = re.compile(r"권(?:[ \u00a0]?(?:이내|안))?|[ \u00a0]?(?:이내|안에?(?![가-힣]{2}))")
_ROMAN = re.compile(r"[Ⅰ-Ⅻ][ \u00a0]?(?P<unit>[급级級类類])")
_BEHIND = re.compile(r"[+/·ㆍ](?=[0-9０-９가-힣A-Za-z])|[:：][0-9]|-[0-9]{2}|th\b|분의")
_END = re.compile(
    r"(?![가-힣A-Za-z0-9])|[을를은는이가의에로와과도](?![가-힣])|으로|까지|에서|에 |이상|이하|내외|정도|규모"
)
# Between such neighbours a number is part of a date, a heading, a footnote or a table: nothing to read.
_PLAIN_BEFORE = frozenset(["", *" \n\t(（[〔'‘’`“\"|.·-/_=&"])
_NO_UNIT = frozenset([*")）]〕'’”\":：;|월月/_\n\t"])
_STRONG = (Comparator.GE, Comparator.GT, Comparator.LE, Comparator.LT)


def find_quantities(text: str) -> list[Quantity]:
    """All number phrases in text order, never overlapping."""
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
        if text[start - 1 : start] in _PLAIN_BEFORE and text[anchor.end() : anchor.end() + 1] in _NO_UNIT:
            last = anchor.end()
            continue
        quantity, last = (_rank_at if letter >= "Ⅰ" and letter <= "Ⅻ" else _quantity_at)(text, start, last)
        if quantity:
            found.append(quantity)
    return _with_words(text, found)


def parse_quantity(raw: str) -> Quantity | None:
    """The value of one raw span: its first number phrase, or the bare number that a table cell holds."""
    if "$" in raw and "\\" in raw:
        raw = _plain_latex(raw)
    found = find_quantities(raw)
    quantity = found[0] if found else _bare_cell(raw)
    if quantity is None or quantity.comparator is not Comparator.EQ:
        return quantity
    stated = comparator_in(_CONVERTED.sub("", raw))
    return replace(quantity, comparator=stated) if stated in (*_STRONG, Comparator.APPROX) else quantity


_LATEX = (
    (re.compile(r"\\(?:text|mathrm|mathit|operatorname)\{([^{}]*)\}"), r"\1"),
    (re.compile(r"\\mu\s?"), "μ"),
    (re.compile(r"\\(?:cdot|times)\s?"), "·"),
    (re.compile(r"\^\{?2\}?"), "²"),
    (re.compile(r"\^\{?3\}?"), "³"),
    (re.compile(r"[\\${}]"), ""),
)


def _plain_latex(raw: str) -> str:
    """Units that a PDF reader wrote as LaTeX (`$\\mu\\text{g}/\\text{m}^3$`) in plain letters, to read values only."""
    for pattern, plain in _LATEX:
        raw = pattern.sub(plain, raw)
    return raw


def _quantity_at(text: str, start: int, floor: int) -> tuple[Quantity | None, int]:
    """The phrase around the number at `start`, and from where to go on."""
    currency = None
    if start and text[start - 1] in "$€£¥₩￥BDRYPW \u00a0":
        currency = _CURRENCY.search(text, max(floor, start - 5), start)
    numeral = read_numeral(text, start, currency is not None)
    if numeral is None:
        return None, start + 1
    if _is_name(text, start, numeral.end) or _is_torn(text, start, numeral.end):
        return None, numeral.end
    unit = _unit_of(text, numeral)
    if currency is None and unit and (signed := _sign_before(text, start, unit.end)) < start:
        return _phrase(text, signed, floor, (-numeral.value, None), unit, unit.end, numeral.some)
    ranged = _range_at(text, start, numeral, unit)
    if ranged:
        low, high, unit, end = ranged
        return _phrase(text, start, floor, (low, high), unit, end)
    if currency:
        sign = currency.group().strip(" \u00a0")
        return _phrase(text, currency.start(), floor, (numeral.value, None), Unit(sign, numeral.end), numeral.end)
    if unit and is_per_unit(text, unit):
        return None, unit.end
    if unit is None and not _stands_bare(text, start, numeral):
        return None, numeral.end
    some = numeral.some or _SOME.match(text, numeral.end) is not None
    return _phrase(text, start, floor, (numeral.value, None), unit, unit.end if unit else numeral.end, some)


_SCALED = frozenset("십백천만억조十百千万萬亿億兆")
_TORN = re.compile(r"[0-9０-９][ \u00a0]?[,，][ \u00a0]?$|(?<![0-9０-９.,])[0-9０-９]{1,3}(?P<blank>[ \u00a0])$")
_SIGN = re.compile(r"(?P<hyphen>(?<![^ \u00a0(（\n])-)$|(?<![0-9０-９A-Za-z%％～~])[−－负負]$")


def _is_torn(text: str, start: int, end: int) -> bool:
    """`1 ,200`, `1,2 00`, `10 000`, `12.000`: nobody can tell one number from two, or a comma from a point."""
    printed = text[start:end]
    if re.search(r"[.．]000$", printed) or re.match(r"[,，][0-9] ?[0-9]", text[end : end + 3]):
        return True
    before = _TORN.search(text, max(0, start - 5), start)
    digits = re.match(r"[0-9０-９]+", printed)
    if printed.startswith("00") or text[max(0, start - 3) : start].rstrip().endswith("분의"):
        return True
    if before is None or digits is None:
        return False
    return len(digits.group()) == 3 if before["blank"] else len(digits.group()) <= 3 and text[start - 1] in ",，"


def _sign_before(text: str, start: int, end: int) -> int:
    """Where the minus before a number stands (负, −, －, -), else `start`: `-` that opens a line is a bullet."""
    sign = _SIGN.search(text, max(0, start - 2), start) if start else None
    if sign is None:
        return start
    if sign["hyphen"] is not None and end < len(text.rstrip()):
        line = text.rfind("\n", max(0, start - 12), start - 1) + 1
        if start - line < 12 and not text[line : start - 1].strip(" \u00a0\t"):
            return start
    return start - 1


def _is_name(text: str, start: int, end: int) -> bool:
    """Whether a neighbour makes the number part of a name, an ordinal, a fraction or a larger figure."""
    before, behind = text[max(0, start - 3) : start], text[end : end + 1]
    if before:
        last = before[-1]
        if last in _SCALED and before[-2:-1].isdigit():
            return True  # `5000` of `3천5000`: a part of a numeral is never a value
        if last in "제第_#+^" or ("A" <= last <= "Z") or ("a" <= last <= "z"):
            return True
        if before[-2:] in ("제 ", "第 ") and not "가" <= before[:-2][-1:] <= "힣":
            return True
        if last in "-–./,·ㆍ" and len(before) > 1 and before[-2].isalnum() and before[-2].isascii():
            return True
    return behind in "+/·ㆍ:：-t분" and _BEHIND.match(text, end) is not None if behind else False


def _unit_of(text: str, numeral: Numeral) -> Unit | None:
    at = numeral.end
    some = None if numeral.some else _SOME.match(text, at)
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
) -> tuple[Decimal, Decimal, Unit | None, int] | None:
    """`1~2개`, `10%~20%`, `30万至50万人`: both ends, the common unit, and where it ends."""
    between = _BETWEEN.match(text, unit.end if unit else low.end)
    if between is None:
        return None
    high = read_numeral(text, between.end())
    if high is None:
        return None
    common = _unit_of(text, high)
    if common is None or is_per_unit(text, common) or (unit and unit.name != common.name):
        return None
    bottom = low.value * high.scale if high.letters and not low.letters else low.value
    if bottom >= high.value or (not between["sure"] and text[start - 1 : start] in ("-", ")")):
        return None
    return bottom, high.value, common, common.end


def _stands_bare(text: str, start: int, numeral: Numeral) -> bool:
    """Whether a number without a counter is a quantity: marked ≥ or 이상, or written with commas or scales."""
    if _is_year(numeral) or text[numeral.end : numeral.end + 1] in ("년", "年"):
        return False
    before = comparator_before(text, start)
    if before or comparator_after(text, numeral.end):
        return not before or before[0] in _STRONG or bool(numeral.letters)
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


def _phrase(
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
    converted = _CONVERTED.match(text, end)
    end = converted.end() if converted else end
    rank = _RANK.match(text, end) if unit and unit.name == "위" else None
    after = (Comparator.LE, rank.end()) if rank else comparator_after(text, end)
    if after:
        marks.append(after[0])
        end = after[1]
        converted = _CONVERTED.match(text, end)
        end = converted.end() if converted else end
    before = comparator_before(text, start)
    if before and before[1] >= floor:
        marks.append(before[0])
        start = before[1]
    low, high = values
    quantity = Quantity(
        start=start,
        end=end,
        value=number_of(low),
        value_max=None if high is None else number_of(high),
        unit=unit.name if unit else None,
        comparator=_strongest(marks, Comparator.EQ if high is None else Comparator.RANGE),
    )
    return quantity, end


def _strongest(marks: list[Comparator], otherwise: Comparator) -> Comparator:
    strong = [mark for mark in marks if mark in _STRONG]
    if strong:
        return strong[0]
    return otherwise if otherwise is Comparator.RANGE or not marks else marks[0]


def _rank_at(text: str, start: int, floor: int) -> tuple[Quantity | None, int]:
    """`≥Ⅳ급`, `Ⅲ类以上`: a Roman class, only where a comparator stands beside it (else it numbers a heading)."""
    found = _ROMAN.match(text, start)
    if found is None or not (comparator_before(text, start) or comparator_after(text, found.end())):
        return None, start + 1
    value = Decimal(ord(text[start]) - ord("Ⅰ") + 1)
    return _phrase(text, start, floor, (value, None), Unit(found["unit"], found.end()), found.end())


def _bare_cell(raw: str) -> Quantity | None:
    found = re.search(NUMBER, raw)
    if found is None or re.search(r"[0-9０-９]", raw[found.end() :]) or _is_name(raw, found.start(), found.end()):
        return None
    numeral = read_numeral(raw, found.start())
    if numeral is None or re.search(r"[A-Za-z가-힣一-龥]", raw[: found.start()] + raw[numeral.end :]):
        return None
    return _phrase(raw, found.start(), 0, (numeral.value, None), None, numeral.end)[0]


def _with_words(text: str, found: list[Quantity]) -> list[Quantity]:
    """Numbers written as words, merged into the list: 절반, 두 배, 만 개, 三百家, 百分之八十."""
    extra: list[Quantity] = []
    for match in _WORDS.finditer(text):
        quantity = _word_quantity(text, match)
        if quantity:
            extra.append(quantity)
    for match in _BARE.finditer(text):
        quantity = _bare_scale(text, match)
        if quantity:
            extra.append(quantity)
    for match in _ENGLISH.finditer(text):
        worth = Decimal(_ENGLISH_WORTH[match["word"].lower()])
        extra.append(_phrase(text, match.start(), 0, (worth, None), None, match.end("word"))[0])
    if not extra:
        return found
    merged: list[Quantity] = []
    for quantity in sorted(found + extra, key=lambda q: (q.start, -q.end)):
        if not merged or quantity.start >= merged[-1].end:
            merged.append(quantity)
    return merged


_TEENS = (
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen "
    "nineteen twenty"
)
_TENS = "thirty forty fifty sixty seventy eighty ninety"
_ENGLISH_WORTH = dict(zip(_TEENS.split(), range(2, 21), strict=True)) | dict(
    zip(_TENS.split(), range(30, 100, 10), strict=True)
)
# Counts things: three (new) (regional) labs; not `one`, which is mostly a pronoun, nor twenty-first and two-thirds.
_ENGLISH = re.compile(
    rf"(?<![\w-])(?P<word>{'|'.join(_ENGLISH_WORTH)})(?=\s(?:[a-z][\w-]*\s){{0,4}}?[a-z][\w-]+s\b|\s*$)", re.IGNORECASE
)
_FIXED = dict.fromkeys(("절반", "半数", "半數", "一半"), (50, "%")) | {
    "翻一番": (2, "倍"),
    "翻两番": (4, "倍"),
    "翻兩番": (4, "倍"),
}


def _word_quantity(text: str, match: re.Match[str]) -> Quantity | None:
    start, end = match.span()
    before = text[start - 1 : start]
    if match.group() in _FIXED:
        value, unit = _FIXED[match.group()]
        if before and before in "一二三四五六七八九十":
            return None
        return _phrase(text, start, 0, (Decimal(value), None), Unit(unit, end), end)[0]
    if match["twice"] is not None:
        times = Decimal("두세네".index(text[start]) + 2)
        return None if "가" <= before <= "힣" else _phrase(text, start, 0, (times, None), Unit("배", end), end)[0]
    if match["percent"]:
        share = read_share(match["percent"])
        return None if share is None else _phrase(text, start, 0, (share, None), Unit("%", end), end)[0]
    if before and (before in "第一二三四五六七八九十百千万亿上下数几" or before.isdigit()):
        return None
    worth, read = read_han(match.group().removesuffix(match["some"] or "")), read_unit(text, end)
    if worth is None or read is None or is_per_unit(text, read):
        return None
    if text[start] in "百千" and _SIZE_CLASS.match(text, read.end):
        return None
    return _phrase(text, start, 0, (Decimal(worth), None), read, read.end, match["some"] is not None)[0]


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
    return _phrase(text, start, 0, (Decimal(read_scale(letters)), None), unit, unit.end, match["some"] is not None)[0]
