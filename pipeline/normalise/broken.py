"""Line ends inside number phrases and dates: read over where the line before or behind them demands it.

Texts of PDFs and copied pages have a line end anywhere (`5조` / `1,929억원`, `40%` / `이상`, `2026년` / `3월`). A part
read as if it were the whole is a wrong value. Elsewhere a line end stays: cells and items stand on lines of their own.
"""

from __future__ import annotations

import re
from functools import lru_cache

from pipeline.normalise.unseen import UNSEEN

_GAP = re.compile(r"(?<!\n)[ \t\r\u00a0\u3000]{0,40}\n[ \t\u00a0\u3000]{0,40}(?=\S)")
_SCALES = "만억조천백십万萬亿億兆千百"
_UNITS = (
    r"(?:개소|가구|달러|위안|유로|[원명개대톤건곳호]|美元|欧元|公里|[元人家个吨户名亩辆项]|㎡|[kMGT]Wh?\b|km\b|ha\b|tons?\b|tonnes?\b"
    r"|people\b|euros?\b|dollars?\b)"
)
_ENGLISH = (
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|sixty|seventy|eighty"
    r"|ninety|hundred|thousand|million|billion|trillion)"
)
_HAN = "一二三四五六七八九十百千万亿零两〇"
_HANGUL = "일이삼사오육칠팔구십백천만억조"
_WITHIN = tuple(
    (re.compile(rf"(?:{left})$"), re.compile(right))
    for left, right in (
        # the smaller part of a sum, of the next scale below
        (r"[0-9][조兆]", r"[0-9][0-9,.]{0,9}[ ]?[천백십千百十]?[억만亿億万萬]"),
        (r"[0-9][억亿億]", r"[0-9][0-9,.]{0,9}[ ]?[천백십千百十]?[만万萬]"),
        (r"[0-9][만万萬]", r"[0-9][0-9,]{0,5}[ ]?(?:[천千]|[원元명名人])"),
        # a number and its scale, its unit, its sign of per cent
        (r"[0-9]", rf"[{_SCALES}]{{1,2}}(?:[ ]?{_UNITS}|[여餘余]|[ ]|$)|(?:million|billion|trillion|thousand|bn|mn)\b"),
        (rf"[0-9{_SCALES}]", rf"{_UNITS}|[%％‰]|퍼센트|포인트|per ?cent\b"),
        (r"[$€£¥₩￥]|\b(?:RMB|USD|EUR|CNY|KRW|GBP)", r"[0-9]"),
        (r"[%％]|[个個]|百分", r"(?:포인트|p\b|百分点|点)"),
        (r"[0-9](?:[元圆]|달러)", r"[0-9]{1,2}[ ]?(?:[角分]|센트|cents?\b)"),
        (r"\b(?:million|billion|thousand|hundred)", r"[a-z]{3,}\b"),
        # ranges, shares
        (r"[~∼～〜]|내지|[至到]|\b(?:between|from|to|and)|분의|分之", rf"[0-9{_HAN}]"),
        (r"[0-9%％][-–—]", r"[0-9]"),
        (rf"[0-9%％{_SCALES}]{_UNITS}?", r"[~∼～〜][ ]?[0-9]|(?:내지|[至到])[ ]?[0-9]|(?:to|and) [0-9]"),
        # what compares, before and behind
        (
            r"최소|최대|적어도|약|무려|至少|[不高低少超多][高低少于過过]{0,2}|于|约|近|达|达到"
            r"|\b(?:at least|at most|up to|than|over|under|about|around|nearly|no|not)",
            rf"[0-9{_HAN}]|[于過过][0-9{_HAN}]|[高低少超多][于過过]|(?:less|more|fewer) than\b"
            r"|(?:EUR|USD|US\$|[$€£])[ ]?[0-9]",
        ),
        (
            rf"[0-9%％℃배倍成{_SCALES}][ ]?{_UNITS}?[를을이가]?",
            r"이상|이하|초과|미만|내외|안팎|넘|以[上下内]|or (?:more|less|fewer|above)\b",
        ),
        (r"\b(?:at|up|more|less|fewer|no|not|or)", r"(?:least|most|to|than|less|more|fewer)\b"),
        # dates
        (r"[0-9]|올해|내년|지난해|작년|今年|明年", r"[년월일年月日]|[0-9]{1,2}[월月]"),
        (r"[0-9〇零一二三四五六七八九十][년年]", r"[0-9]{1,2}[ ]?[월月]|[一二三四五六七八九十]{1,2}月|底"),
        (r"[0-9一二三四五六七八九十][ ]?[월月]", r"[0-9]{1,2}[ ]?[일日]|[一二三四五六七八九十]{1,3}日"),
        (r"(?:^|[^0-9])(?:20)?[0-9]{2}[.](?:[ ]?[0-9]{1,2}[.])?", r"[0-9]{1,2}[ ]?[.월]"),
        (
            r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December)"
            r"(?: [0-9]{1,2},)?",
            r"(?:19|20)[0-9]{2}\b",
        ),
        # numbers in words
        (rf"[{_HAN}点]", rf"[{_HAN}点成]"),
        (rf"(?:^|[ 일이삼사오육칠팔구])[{_HANGUL}]", rf"[{_HANGUL}]{{1,6}}[ ]?{_UNITS}"),
        (rf"\b{_ENGLISH}(?:,| and| to|-)?", rf"(?:(?:and|to) )?{_ENGLISH}\b"),
        (r"[0-9]", rf"{_ENGLISH}\b"),
    )
)
_GLUED = re.compile(rf"[0-9{_HAN}\u4e00-\u9fff][\u4e00-\u9fff]|[\u4e00-\u9fff][0-9\u4e00-\u9fff]")
_DIGITS_CUT = re.compile(r"(?<![0-9])[0-9]{1,3}[.,，][ \t\u00a0\u3000]*\n[ \t\u00a0\u3000]*$")
_CUT_BEHIND = re.compile(r"[ \t]*\n[ \t]*[.,，][0-9]|[.,，][ \t]*\n[ \t]*[0-9]")
_NEAR = 24
"""So much before and behind a line end tells whether it stands within a phrase (characters)."""


@lru_cache(maxsize=256)
def over_lines(text: str) -> str:
    """The text, as long as it was: within a phrase a blank, or in Chinese nothing, stands for the line end.

    What a blank is too short for is filled with signs without width.
    """
    if "\n" not in text:
        return text
    return _GAP.sub(_read_over, text)


def _read_over(gap: re.Match[str]) -> str:
    text, start, end = gap.string, gap.start(), gap.end()
    before, behind = text[max(0, start - _NEAR) : start], text[end : end + _NEAR]
    if not _is_within(before, behind):
        return gap.group()
    filled = UNSEEN[1] * (end - start)
    glued = before[-1:] in "-–—" or _GLUED.match(before[-1:] + behind[:1])
    return filled if glued else " " + filled[1:]


@lru_cache(maxsize=4096)
def _is_within(before: str, behind: str) -> bool:
    return any(left.search(before) and right.match(behind) for left, right in _WITHIN)


def is_cut_off(text: str, start: int, end: int) -> bool:
    """Whether a line end parts the digits of a number at its point or comma: `1,` / `200억원`, `12.` / `5%`."""
    before = text[max(0, start - _NEAR) : start]
    return ("\n" in before and _DIGITS_CUT.search(before) is not None) or _CUT_BEHIND.match(text, end) is not None
