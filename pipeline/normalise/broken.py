"""Line ends inside number phrases and dates: read over where the line before or behind them demands it.

Texts of PDFs and copied pages have a line end anywhere (`5조` / `1,929억원`, `40%` / `이상`, `2026년` / `3월`). A part
read as if it were the whole is a wrong value. Elsewhere a line end stays: cells and items stand on lines of their own.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from pipeline.normalise.unseen import UNSEEN, visible, visible_places

_BLANKS = r"[ \t\r\u00a0\u3000]{0,40}"
_GAP = re.compile(rf"(?<!\n){_BLANKS}\n{_BLANKS}(?=\S)")
_SCALES = "만억조천백십万萬亿億兆千百"
_UNITS = (
    r"(?:개소|가구|달러|위안|유로|[원명개대톤건곳호]|美元|欧元|公里|[元人家个吨户名亩辆项]|㎡|[kMGT]Wh?\b|km\b|ha\b"
    r"|tons?\b|tonnes?\b|people\b|euros?\b|dollars?\b)"
)
_ENGLISH = (
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|sixty|seventy|eighty"
    r"|ninety|hundred|thousand|million|billion|trillion)"
)
_HAN = "一二三四五六七八九十百千万亿零两〇"
_HANGUL = "일이삼사오육칠팔구십백천만억조"
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"


class Within(NamedTuple):
    """A phrase that goes on behind a line end: how the line before ends, and how the one behind begins."""

    name: str
    before: re.Pattern[str]
    behind: re.Pattern[str]
    finds: str
    """Examples parted by ` / `, `↵` for the line end: each is alone in finding one of its own."""


def _within(name: str, before: str, behind: str, finds: str) -> Within:
    return Within(name, re.compile(rf"(?:{before})$"), re.compile(behind), finds)


PHRASES = (
    _within("under 조", r"[0-9][조兆]", r"[0-9][0-9,.]{0,9}[ ]?[천백십千百十]?[억만亿億万萬]", "5조↵1,929억원"),
    _within(
        "under 억", r"[0-9][억亿億]", r"[0-9][0-9,.]{0,9}[ ]?[천백십千百十]?[만万萬]", "1억↵5천만원 / 3亿↵5000万元"
    ),
    _within("under 만", r"[0-9][만万萬]", r"[0-9][0-9,]{0,5}[ ]?(?:[천千]|[원元명名人])", "12만↵5천 명"),
    _within(
        "number, scale",
        r"[0-9]",
        rf"[{_SCALES}]{{1,2}}(?:[ ]?{_UNITS}|[여餘余]|[ ]|$)|(?:million|billion|trillion|thousand|bn|mn)\b",
        "5,500↵만 대 / EUR 1.2↵billion / 3↵억 원",
    ),
    _within(
        "number, unit", rf"[0-9{_SCALES}]", rf"{_UNITS}|[%％‰]|퍼센트|포인트|per ?cent\b", "35↵개소 / 1,929억↵원 / 30↵%"
    ),
    _within("currency", r"[$€£¥₩￥]|\b(?:RMB|USD|EUR|CNY|KRW|GBP)", r"[0-9]", "EUR↵500 million / €↵45"),
    _within("points", r"[%％]|[个個]|百分", r"(?:포인트|p\b|百分点|点)", "2.5%↵포인트 / 3个↵百分点"),
    _within("coins", r"[0-9](?:[元圆]|달러)", r"[0-9]{1,2}[ ]?(?:[角分]|센트|cents?\b)", "5元↵5角"),
    _within("scale, noun", r"\b(?:million|billion|thousand|hundred)", r"[a-z]{3,}\b", "3 million↵homes"),
    _within(
        "share, range",
        r"[~∼～〜]|내지|[至到]|\b(?:between|from|to|and)|분의|分之",
        rf"[0-9{_HAN}]",
        "30~↵50% / 3분의↵1 / 百分之↵八",
    ),
    _within("range by a dash", r"[0-9%％][-–—]", r"[0-9]", "30–↵50%"),
    _within(
        "range, behind",
        rf"[0-9%％{_SCALES}]{_UNITS}?",
        r"[~∼～〜][ ]?[0-9]|(?:내지|[至到])[ ]?[0-9]|(?:to|and) [0-9]",
        "30↵~50% / 30家↵至50家 / 30↵to 50 %",
    ),
    _within(
        "compares, before",
        r"최소|최대|적어도|약|무려|至少|[不高低少超多][高低少于過过]{0,2}|于|约|近|达|达到"
        r"|\b(?:at least|at most|up to|than|over|under|about|around|nearly|no|not)",
        rf"[0-9{_HAN}]|[于過过][0-9{_HAN}]|[高低少超多][于過过]|(?:less|more|fewer) than\b"
        r"|(?:EUR|USD|US\$|[$€£])[ ]?[0-9]",
        "약↵5천 명 / 不↵低于30% / 不少↵于240人 / at least↵30 % / up to↵EUR 500 million",
    ),
    _within(
        "compares, behind",
        rf"[0-9%％℃배倍成{_SCALES}][ ]?{_UNITS}?[를을이가]?",
        r"이상|이하|초과|미만|내외|안팎|넘|以[上下内]|or (?:more|less|fewer|above)\b",
        "40%↵이상 / 110유로를↵넘는 / 80%↵以上 / 30 %↵or more",
    ),
    _within(
        "compares, in words",
        r"\b(?:at|up|more|less|fewer|no|not|or)",
        r"(?:least|most|to|than|less|more|fewer)\b",
        "at↵least 30 % / up↵to 30",
    ),
    _within(
        "year",
        r"[0-9]|올해|내년|지난해|작년|今年|明年",
        r"[년월일年月日]|[0-9]{1,2}[월月]",
        "2026↵년 / 올해↵3월 / 3↵월",
    ),
    _within(
        "month",
        r"[0-9〇零一二三四五六七八九十][년年]",
        r"[0-9]{1,2}[ ]?[월月]|[一二三四五六七八九十]{1,2}月|底",
        "2026년↵3월 / 2030年↵底前",
    ),
    _within(
        "day", r"[0-9一二三四五六七八九十][ ]?[월月]", r"[0-9]{1,2}[ ]?[일日]|[一二三四五六七八九十]{1,3}日", "3월↵15일"
    ),
    _within(
        "date by points", r"(?:^|[^0-9])(?:20)?[0-9]{2}[.](?:[ ]?[0-9]{1,2}[.])?", r"[0-9]{1,2}[ ]?[.월]", "2026.↵3.15."
    ),
    _within(
        "English date", rf"\b(?:{_MONTHS})(?: [0-9]{{1,2}},)?", r"(?:19|20)[0-9]{2}\b", "15 March↵2026 / March 15,↵2026"
    ),
    _within("Chinese words", rf"[{_HAN}点]", rf"[{_HAN}点成]", "一百↵五十万元 / 三点↵五"),
    _within(
        "Korean words", rf"(?:^|[ 일이삼사오육칠팔구])[{_HANGUL}]", rf"[{_HANGUL}]{{1,6}}[ ]?{_UNITS}", "이천↵삼백 명"
    ),
    _within(
        "English words",
        rf"\b{_ENGLISH}(?:,| and| to|-)?",
        rf"(?:(?:and|to) )?{_ENGLISH}\b",
        "twenty-↵five labs / two↵to three million",
    ),
    _within("number, English word", r"[0-9]", rf"{_ENGLISH}\b", "5↵hundred"),
)
_GLUED = re.compile(rf"[0-9{_HAN}\u4e00-\u9fff][\u4e00-\u9fff]|[\u4e00-\u9fff][0-9\u4e00-\u9fff]")
_DIGITS_CUT = re.compile(rf"(?<![0-9])[0-9]{{1,3}}[.,，]{_BLANKS}\n{_BLANKS}$")
_CUT_BEHIND = re.compile(rf"{_BLANKS}\n{_BLANKS}[.,，][0-9]|[.,，]{_BLANKS}\n{_BLANKS}[0-9]")
_NEAR = 24
"""So much before and behind a line end tells whether it stands within a phrase (characters)."""


def as_read(text: str) -> tuple[str, list[int] | None]:
    """The text without signs of no width and line ends within phrases, and where each of its characters stands.

    Null in place of the places where each stands where it stood.
    """
    text = over_lines(text)
    places = visible_places(text)
    return (text, None) if places is None else (visible(text), places)


def over_lines(text: str) -> str:
    """The text, as long as it was: within a phrase a blank, or in Chinese nothing, stands for the line end.

    What a blank is too short for is filled with signs without width.
    """
    return _joined(text) if "\n" in text else text


@lru_cache(maxsize=256)
def _joined(text: str) -> str:
    return _GAP.sub(_read_over, text)


def _read_over(gap: re.Match[str]) -> str:
    before, behind = gap.string[max(0, gap.start() - _NEAR) : gap.start()], gap.string[gap.end() : gap.end() + _NEAR]
    if not goes_on(before, behind):
        return gap.group()
    filled = UNSEEN[1] * len(gap.group())
    glued = before[-1:] in "-–—" or _GLUED.match(before[-1:] + behind[:1])
    return filled if glued else " " + filled[1:]


def goes_on(before: str, behind: str) -> bool:
    """Whether a phrase in which a line ends goes on where the next line begins; both without white space between."""
    return _goes_on(before[-_NEAR:], behind[:_NEAR])


@lru_cache(maxsize=4096)
def _goes_on(before: str, behind: str) -> bool:
    return any(phrase.before.search(before) and phrase.behind.match(behind) for phrase in PHRASES)


def is_cut_off(text: str, start: int, end: int) -> bool:
    """Whether a line end parts the digits of a number at its point or comma: `1,` / `200억원`, `12.` / `5%`."""
    before = text[max(0, start - _NEAR) : start]
    return ("\n" in before and _DIGITS_CUT.search(before) is not None) or _CUT_BEHIND.match(text, end) is not None
