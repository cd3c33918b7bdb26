"""Periods of validity and five-year plans.

Plan n of China (from the third on) runs from 1951 + 5n for five years: the 13th 2016–2020, the 14th 2021–2025, the
15th 2026–2030.
"""

from __future__ import annotations

import re

from pipeline.normalise.dates import APOSTROPHE

_D = "[0-9０-９]"
_SEP = r"[ \u00a0]?(?:[-–—―−]{1,2}|[~∼～〜]|부터|至|到|(?<=[ \u00a0])to(?=[ \u00a0]))[ \u00a0]?"
_MONTHS = rf"(?:[ .][ ]?{_D}{{1,2}}(?:[월月]|\.)?(?:[ ]?{_D}{{1,2}}[일日]?\.?)?)?"
_PERIOD = re.compile(
    rf"(?:(?P<a4>{_D}{{4}})|(?P<a2>{_D}{{2}}))[년年]?{_MONTHS}{_SEP}"
    rf"(?:{APOSTROPHE}(?P<b2>{_D}{{2}})|(?P<b4>{_D}{{4}})|(?P<bare>{_D}{{2}})(?=[년年)）]"
    rf"|[ ]?[^0-9.\-/]|$))(?!{_D})(?:[년年]|\.{_D}{{1,2}}(?!{_D}))?"
)
_OPEN_START = re.compile(rf"[(（\[][ ]?[~∼～][ ]?(?:{APOSTROPHE}(?P<b2>{_D}{{2}})|(?P<b4>{_D}{{4}}))[년年]?[ ]?[)）\]]")
_OPEN_END = re.compile(rf"[(（\[][ ]?(?:{APOSTROPHE}(?P<a2>{_D}{{2}})|(?P<a4>{_D}{{4}}))[년年]?[ ]?[~∼～][ ]?[)）\]]")
_ANCHOR = re.compile(rf"{_D}{{2,4}}")


def find_period(text: str) -> tuple[int | None, int | None, tuple[int, int]] | None:
    """The first period in years, `('22~'35)` → (2022, 2035, span); one end may be open: `(~'30)` → (None, 2030, …)."""
    for anchor in _ANCHOR.finditer(text):
        found = _PERIOD.match(text, anchor.start())
        period = _closed(text, found) if found else None
        if period:
            return period
    for pattern in (_OPEN_START, _OPEN_END):
        found = pattern.search(text)
        if found:
            groups = found.groupdict()
            start = _year(groups.get("a4"), groups.get("a2"))
            end = _year(groups.get("b4"), groups.get("b2"))
            if _likely(start or end):
                return start, end, (found.start() + 1, found.end() - 1)
    return None


def _closed(text: str, found: re.Match[str]) -> tuple[int, int, tuple[int, int]] | None:
    at = found.start()
    before = text[at - 1 : at] if at else ""
    marked = before != "" and before in "'’‘ʼ＇`´"
    if before.isdigit() or (before in (".", "-", "/") and before) or (before.isalpha() and before.isascii()):
        return None
    if found["a2"] and not marked:
        return None
    start, end = _year(found["a4"], found["a2"]), _year(found["b4"], found["b2"] or found["bare"])
    if start is None or end is None or not (_likely(start) and _likely(end)) or start > end:
        return None
    if found["bare"] and not _short_end(text, found, start):
        return None
    return start, end, (at - (1 if marked else 0), found.end())


def _short_end(text: str, found: re.Match[str], start: int) -> bool:
    """`'26~30년` and `2021-25` are periods; `2024-03` is a month."""
    return int(found["bare"]) > 12 or (text[found.start("bare") - 1] in "~∼～〜" and start < 2100)


def _year(full: str | None, short: str | None) -> int | None:
    return int(full) if full else 2000 + int(short) if short else None


def _likely(year: int | None) -> bool:
    return year is not None and 1949 <= year <= 2100


_HAN = {c: i for i, c in enumerate("一二三四五六七八九", 1)}
_ENGLISH = {
    "tenth": 10,
    "eleventh": 11,
    "twelfth": 12,
    "thirteenth": 13,
    "fourteenth": 14,
    "fifteenth": 15,
    "sixteenth": 16,
}
_DOT = "[·・‧･ㆍ•∙⋅․]"
_NUMBERED = re.compile(
    rf"[1-9１](?<![0-9.,·][1-9１])[0-9０-９]?(?:[ ]?{_DOT}[ ]?5(?![0-9.,])(?![ ]?[%％])"
    rf"|\.5(?![0-9])(?P<after>[ ]?[^\s]?[^\s]?)"
    r"|[ ]?차[ ]?5[ ]?(?:개[ ]?)?년(?:[ ]?[계규]획)?|[ ]?个五年(?:规划|計劃|计划)|(?:th|rd|st|nd)[ -](?:(?i:five"
    r"|5)[ -](?i:year) (?i:plan)|FYP))"
)
_WORDED = re.compile(r"十(?P<han>[一二三四五六七八])(?:五(?![年千百万十]|[个個](?!五))|[个個]五年(?:规划|規劃|计划)?)")
_ENGLISH_PLAN = re.compile(
    r"\b(?P<number>tenth|eleventh|twelfth|thirteenth|fourteenth|fifteenth|sixteenth)[ -]five[ -]year plan",
    re.IGNORECASE,
)
_QUOTES = "'’‘ʼ＇`´“\"「『《〈"
_PLAN_WORD = re.compile(r"['’”\"」』]?[ ]?(?:계획|규획|기간|시기|건의|말(?![가-힣]{2})|초(?:반|기)|국가|규|기)")
_UNIT = re.compile(
    r"[ ]?(?:[%％℃°㎡㎢㎞]|[만억조천백십배톤건명년월일원점위세회](?![가-힣]{2})|개(?![가-힣]{2})|대(?![가-힣])"
    r"|위안|달러|유로|[万亿个倍吨元年家項项]|[A-Za-zμ]|퍼|포인트)"
)


def find_plan_mentions(text: str) -> list[tuple[int, int]]:
    """Spans of five-year plans: 14·5, ‘15.5’, 제14차 5개년 계획, 十四五, 14th Five-Year Plan. None is a number."""
    return [(start, end) for start, end, _ in _plans(text)]


def plan_period(text: str) -> tuple[int, int] | None:
    """First and last year of the first five-year plan that `text` names; None if it names none."""
    plans = _plans(text)
    if not plans:
        return None
    first = 1951 + 5 * plans[0][2]
    return first, first + 4


def _plans(text: str) -> list[tuple[int, int, int]]:
    found: list[tuple[int, int, int]] = []
    if "5" in text or "五" in text or "FYP" in text or "ive" in text:
        for match in _NUMBERED.finditer(text):
            plan = _numbered(text, match)
            if plan:
                found.append(plan)
        for match in _WORDED.finditer(text):
            start = match.start()
            if text[start - 1 : start] not in tuple("二三四五六七八九"):
                found.append((start - (text[start - 1 : start] == "第"), match.end(), 10 + _HAN[match["han"]]))
        if "ive" in text:
            found += [(*m.span(), _ENGLISH[m["number"].lower()]) for m in _ENGLISH_PLAN.finditer(text)]
    return sorted(found)


def _numbered(text: str, match: re.Match[str]) -> tuple[int, int, int] | None:
    start, end = match.span()
    digits = re.match(r"[0-9０-９]+", match.group())
    number = int(digits.group()) if digits else 0
    if not 3 <= number <= 20:
        return None
    if match["after"] is not None:
        end = match.start("after")
        if not _is_plan(text, start, end, number):
            return None
    elif re.match(rf"[0-9]+[ ]?{_DOT}", match.group()) and not 9 <= number <= 20:
        return None
    before = text[max(0, start - 2) : start]
    if "차" in match.group() or "个" in match.group():
        start -= 1 if before[-1:] in ("제", "第") else 2 if before in ("제 ", "第 ") else 0
    return start, end, number


def _is_plan(text: str, start: int, end: int, number: int) -> bool:
    """`14.5` is a plan where it is quoted or names no unit; `14.5%` and `14.5만 개` are numbers, `(12.5)` is a date."""
    if not 10 <= number <= 17 or (text[start - 1 : start] in ("-", "+", "$", "€") and start) or _UNIT.match(text, end):
        return False
    before, behind = text[start - 1 : start] if start else "", text[end : end + 1]
    if before in ("(", "（") and behind in (")", "）", ","):
        return number > 12
    if (before and before in _QUOTES) or _PLAN_WORD.match(text, end):
        return True
    return (
        12 <= number <= 16
        and behind not in (".", "~", "∼", "-", "/", ":")
        and (not before or before in " (（\n\t")
        and bool(behind)
    )
