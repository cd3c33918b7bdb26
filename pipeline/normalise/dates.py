"""Dates as printed in Korean, Chinese and English briefs, whole or partial, and the document's own date of issue.

A date keeps the precision it is printed with. A date without a year takes it from the date of issue. All apostrophes
are alike: ‘23년 ’23년 '23년 are 2023. Web addresses hold no dates. `'14.5` is a five-year plan, `'14.5.3` a date.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import replace

from pipeline.normalise.broken import as_read
from pipeline.normalise.eras import ERA_SIGNS, ERAS, era_start, era_year
from pipeline.normalise.partial import PartialDate, exists, resolve
from pipeline.normalise.relative import PAST, month_before, year_alone, year_before
from pipeline.normalise.scales import read_han
from pipeline.normalise.unseen import visible

APOSTROPHE = "['’‘ʼ＇`´]"
"""Every mark that briefs print before a two-digit year."""


_MONTHS = {
    m: i for i, m in enumerate(("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1)
}
_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|JANUARY|FEBRUARY|MARCH|APRIL|MAY|JUNE|JULY|AUGUST|SEPTEMBER|OCTOBER|NOVEMBER|DECEMBER"
    r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?"
    r"|(?:JAN|FEB|MAR|APR|JUN|JUL|AUG|SEPT?|OCT|NOV|DEC)\b\.?(?= [0-9]{1,2},? [12][0-9]{3}))"
)
_D = "[0-9０-９]"
_S = "[ \u00a0\u3000]*"
_ANCHOR = re.compile(r"[0-9０-９JFMASOND二一](?:(?<=[0-9０-９])[0-9０-９]*)?")

_DAY_KO = (
    rf"(?:{_S}-?(?P<day>{_D}{{1,2}}|[一二三四五六七八九十]{{1,3}}){_S}(?:[일日号號](?!간|[가-힣]?본|本|常)"
    rf"|(?=[~∼～\-–]{_S}{_D}{{1,2}}{_S}[일日])))?"
)
_MONTH_DAY = rf"(?P<month>{_D}{{1,2}}|[一二三四五六七八九十]{{1,2}}){_S}[월月](?![드령]){_DAY_KO}"
_YEAR_WORD = rf"{_S}(?:년(?!간|대(?!비))|年(?!代))"
_LONG = re.compile(rf"(?P<year>{_D}{{4}}){_YEAR_WORD}(?:도|度)?(?:{_S}{_MONTH_DAY})?")
_QUARTER = rf"{_S}(?:/{_S}4)?{_S}분기"
_SHORT = re.compile(
    rf"(?P<year>{_D}{{2}})(?:{_YEAR_WORD}(?:도)?(?:{_S}{_MONTH_DAY})?|[./]{_S}(?P<m2>{_D}{{1,2}})(?!{_QUARTER}|[만억조천%％개배톤명건])"
    rf"(?:(?:{_S}월(?:{_S}(?P<d3>{_D}{{1,2}}){_S}일)?)|[./]{_S}(?P<d2>{_D}{{1,2}})(?!{_D})\.?|\.)?(?!{_D}))"
)
_DOTTED = re.compile(
    rf"(?P<year>{_D}{{4}}){_S}\.{_S}(?P<month>{_D}{{1,2}})(?:{_S}\.{_S}(?P<day>{_D}{{1,2}})(?!{_D}|\.{_D})\.?"
    rf"|(?<={_D}){_S}월|\.(?!{_D})|(?!{_D})(?<=[.]{_D}{{2}})(?!{_S}[만억조천%％개배톤]))"
)
_ISO = re.compile(rf"(?P<year>{_D}{{4}})(?P<sep>[-/–])(?P<month>{_D}{{1,2}})(?P=sep)(?P<day>{_D}{{1,2}})(?!{_D})")
_WEEKDAY = rf"{_S}[(（](?:星期|周)?(?P<weekday>[월화수목금토일月火水木金土日一二三四五六天])[)）요]"
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAY_BEFORE = re.compile(
    rf"\b(?P<name>{'|'.join(d.title() for d in _WEEKDAYS)})(?:[a-z]{{0,5}}day|s|rs|r)?\.?,?[ \u00a0](?:the )?$"
)
_DAYS = ("월月一", "화火二", "수水三", "목木四", "금金五", "토土六", "일日天")
_LISTED = re.compile(r"^[ \t\u3000]*[1-9][0-9]?\.$", re.MULTILINE)
"""The number of an item before a date: 3.5月31日前."""
_POINT = re.compile(rf"(?P<month>{_D}{{1,2}})\.{_S}(?P<day>{_D}{{1,2}})(?!{_D})\.?")
_POINT_ENDS = re.compile(
    rf"{_S}(?:[)）\]〕】]|(?<=\.[1-3][0-9])일|(?<=\.)[~∼～]|[,，·]{_S}[^0-9)）]|[~∼～\-–]{_S}{_D}{{1,2}}(?:\.{_S}{_D}{{1,2}})?\.?{_S}[)）\]]|{_WEEKDAY})"
)
_WITH_WEEKDAY = re.compile(_WEEKDAY)
_SHORT_WEEKDAY = re.compile(
    rf"(?P<year>{_D}{{2}})\.{_S}(?P<month>{_D}{{1,2}})\.{_S}(?P<day>{_D}{{1,2}})\.?(?={_WEEKDAY})"
)
_BARE_MONTH_DAY = re.compile(_MONTH_DAY)
_YEAR_LAST = re.compile(r",?[ \u00a0]?(?P<year>[12][0-9]{3})(?=$|[.,)\]]|에)")
_ENGLISH_MONTH_FIRST = re.compile(
    rf"(?P<name>{_MONTH})[ \u00a0](?:(?P<day>[0-9]{{1,2}})(?:st|nd|rd"
    rf"|th)?(?![0-9])(?:,?[ \u00a0](?P<year>[0-9]{{4}})(?![0-9]))?|(?P<y2>[0-9]{{4}})(?![0-9]))"
)
_ENGLISH_DAY_FIRST = re.compile(
    rf"(?P<day>[0-9]{{1,2}})(?:st|nd|rd"
    rf"|th)?(?:[ \u00a0]of)?[ \u00a0](?P<name>{_MONTH})(?:,?[ \u00a0](?P<year>[0-9]{{4}})(?![0-9]))?"
)
_HAN_YEAR = re.compile(
    r"(?:二[〇○零ＯО0O]|一九)[〇○零ＯО0O一二三四五六七八九]{2}年(?:(?P<month>[一二三四五六七八九十]{1,2})月(?:(?P<day>[一二"
    r"三四五六七八九十]{1,3})日)?)?"
)
_VAGUE = re.compile(r"^(?:최근|日前|近日|最近|近期|recently|요즘|얼마 전)", re.IGNORECASE)
_YEAR_OTHER = re.compile(rf"(?:{_D}|[元一二三四五六七八九十〇零]){_S}[년年](?:도)?{_S}$")
_ERA_YEAR = re.compile(rf"(?P<year>{_D}{{1,4}}){_YEAR_WORD}(?:도|度)?(?:{_S}{_MONTH_DAY})?")
_SHORT_BARE = re.compile(
    rf"(?P<year>{_D}{{2}})(?:{_YEAR_WORD}(?:도)?{_S}{_MONTH_DAY}|{_S}[년年](?={_S}(?:[상하]반기|[上下]半年))"
    rf"|(?<=0[0-9]){_S}[년年](?!간|대|생)(?:도|度)?"
    rf"|\.(?P<m2>{_D}{{1,2}})월(?![가-힣]))"
)
_SLASHED = re.compile(rf"(?P<a>{_D}{{1,2}})(?P<sep>[-/.])(?P<b>{_D}{{1,2}})(?P=sep)(?P<year>{_D}{{4}})(?![0-9/-])")
_DAY_NAME_YEAR = re.compile(rf"(?P<day>[0-9]{{1,2}})-(?P<name>{_MONTH})-(?P<year>[0-9]{{4}})(?![0-9])")
_BARE_YEAR = re.compile(
    rf"(?:{APOSTROPHE}(?P<short>{_D}{{2}})(?:[.]?{_S}[上下]|{_S}(?:회계연도|학년도)|[년.]{_S}[1-4]{_QUARTER})?"
    rf"|(?P<year>{_D}{{4}})(?:{_S}(?:회계연도|학년도)|[.]{_S}[1-4]{_QUARTER})?|(?P<named>{_D}{{2}}){_S}[년年])\.?"
)
_BEHIND_DIGITS = "년年월月일日号號.-/ \u00a0\u3000snrt"
"""What may stand behind the one or two digits of a date without a year: most numbers have another sign there."""
_EIGHT = re.compile(r"(?P<year>[12][0-9]{3})(?P<month>[01][0-9])(?P<day>[0-3][0-9])")
_DAY_ALONE = re.compile(rf"(?P<day>{_D}{{1,2}}){_S}[일日号]")
_SHORT_POINTS = re.compile(rf"(?P<year>{_D}{{2}})\.{_S}(?P<month>{_D}{{1,2}})\.{_S}(?P<day>{_D}{{1,2}})\.?")


_LAST_YEAR = 2125
"""The last year that is read as one where the date of issue is not known."""


def find_dates(text: str) -> list[PartialDate]:
    """All dates in text order, never overlapping; a bare year (`2023년`) and a bare month (`6월`) are dates too."""
    if text.isprintable():  # nearly every line: no call for it
        return list(_dates(text))
    text, places = as_read(text)
    if places is None:
        return list(_dates(text))
    return [replace(d, start=places[d.start], end=places[d.end - 1] + 1) for d in _dates(text)]


def _dates(text: str) -> Iterator[PartialDate]:
    last = 0
    for anchor in _ANCHOR.finditer(text):
        start = anchor.start()
        if start < last:
            continue
        last = anchor.end()
        letter = text[start]
        if letter in "二一":
            found = _han_date(text, start)
        elif letter in "JFMASOND":
            found = None if text[start - 1 : start].isalnum() else _english(text, start)
        else:
            found = _numeric(text, start, anchor.end() - start)
        if found is not None:
            last = max(last, found.end)
            yield _on_weekday(text, found)


def _on_weekday(text: str, date: PartialDate) -> PartialDate:
    """`date` with the day of the week beside it, which tells its year: 7월 22일(목), Thursday 22 July.

    （一） alone may number what follows.
    """
    if date.year is not None or date.day is None:
        return date
    found = _WITH_WEEKDAY.match(text, date.end)
    if found and (found["weekday"] not in "一二三四五六" or text[found.start("weekday") - 1] in "期周"):
        return replace(date, weekday=next(i for i, days in enumerate(_DAYS) if found["weekday"] in days))
    named = _WEEKDAY_BEFORE.search(text, max(0, date.start - 12), date.start)
    return replace(date, weekday=_WEEKDAYS.index(named["name"].lower())) if named else date


def _numeric(text: str, start: int, digits: int) -> PartialDate | None:
    """The date that starts with the run of `digits` digits at `start`."""
    before = text[start - 1 : start] if start else ""
    sign = text[start - 2 : start - 1] if before in (" ", "\u00a0") else before
    if sign in ERA_SIGNS and (era := _in_era(text, start)) is not None:
        return era
    if digits == 4:
        item = before == "." and _LISTED.search(text, 0, start)
        if (before in ("/", "-", "_", ".", "=") and before and not item) or (before.isalnum() and before.isascii()):
            return None
        for pattern in (_LONG, _DOTTED, _ISO):
            found = pattern.match(text, start)
            if found:
                made = _made(found, start, text)
                counted = pattern is _DOTTED and made is not None and not 1900 <= (made.year or 0) <= 2100
                return None if counted else made  # 1234.12 is a number
        return None
    if digits > 2 or before.isdigit() or (before.isalpha() and before.isascii()) or before in (",", "_", "/", "="):
        return None
    if digits == 2 and before and before in "'’‘ʼ＇`´":
        return _apostrophe(text, start)
    behind = text[start + digits : start + digits + 1]
    return _without_year(text, start, before, behind) if behind and behind in _BEHIND_DIGITS else None


def _apostrophe(text: str, start: int) -> PartialDate | None:
    found = _SHORT.match(text, start)
    if found is None or ((before_word := text[start - 2 : start - 1]).isascii() and before_word.isalpha()):
        return None
    month, day = found["month"] or found["m2"], found["day"] or found["d2"] or found["d3"]
    year, code = int(found["year"]), text[found.start("year") : found.end()]
    if not found["d2"] and found["m2"] == "5" and 11 <= year <= 17 and "월" not in code:
        return None  # '14.5 is a five-year plan
    return _checked(start - 1, found.end(), 2000 + year if year < 70 else 1900 + year, month, day)


def _without_year(text: str, start: int, before: str, behind: str) -> PartialDate | None:
    """A date that opens with one or two digits; the sign `behind` them tells which forms it may have."""
    if behind in ".-/년年 \u00a0\u3000":
        found = _SHORT_BARE.match(text, start)
        if found and before not in (".", "-", "~", "∼"):
            return _checked(start, found.end(), 2000 + int(found["year"]), found["month"] or found["m2"], found["day"])
    if behind in ".-/":
        if found := _SLASHED.match(text, start):
            return _slashed(found)
        if behind == "." and before not in (".", "-"):
            return _points(text, start, before)
    if behind in "월月 \u00a0\u3000":
        found = _BARE_MONTH_DAY.match(text, start)
        if found and _YEAR_OTHER.search(text, max(0, start - 8), start):
            return None  # a year is printed that is not the issue's
        if found and found["day"] and (last := _YEAR_LAST.match(text, found.end())):
            return _checked(start, last.end(), int(last["year"]), found["month"], found["day"])
        if found and (before != "." or _LISTED.search(text, 0, start)):
            return _relative(text, _checked(start, found.end(), None, found["month"], found["day"]))
    if behind in "일日号 \u00a0\u3000" and (day := _DAY_ALONE.match(text, start)):
        month = month_before(text[max(0, start - 12) : start])
        if month is None or int(day["day"]) > 31:
            return None
        return PartialDate(max(0, start - 12) + month[1], day.end(), day=int(day["day"]), months=month[0])
    if behind not in "-snrt \u00a0":
        return None
    named = _DAY_NAME_YEAR.match(text, start) or _ENGLISH_DAY_FIRST.match(text, start)
    return _relative(text, _named(named, start)) if named else None


def _points(text: str, start: int, before: str) -> PartialDate | None:
    """`24. 3. 4.(월)` and `6.25` in brackets or with its weekday."""
    found = _SHORT_WEEKDAY.match(text, start)
    if found:
        return _checked(start, found.end(), 2000 + int(found["year"]), found["month"], found["day"])
    found = _POINT.match(text, start)
    if found is None:
        return None
    bracketed = before in ("(", "（", "[", "〔") or text[max(0, start - 2) : start] in ("( ", "（ ")
    ends = (_POINT_ENDS if bracketed else _WITH_WEEKDAY).match(text, found.end())
    return _checked(start, found.end(), None, found["month"], found["day"]) if ends else None


def _in_era(text: str, start: int) -> PartialDate | None:
    """A year of an era that is known, with its month and day: 令和8年3月1日."""
    before = text[max(0, start - 8) : start]
    if not before.rstrip(" \u00a0").endswith(ERAS):
        return None
    found = _ERA_YEAR.match(text, start)
    year = era_year(before, found["year"]) if found else None
    if found is None or year is None:
        return None
    return _checked(start - era_start(before), found.end(), year, found["month"], found["day"])


def _slashed(found: re.Match[str]) -> PartialDate | None:
    """`25/06/2025`, `04-22-2016`; None where day and month cannot be told apart."""
    a, b, year = found["a"], found["b"], int(found["year"])
    if int(a) > 12 or a == b or found["sep"] == ".":  # 2.7.2025 is written with the day first
        return _checked(found.start(), found.end(), year, b, a)
    return _checked(found.start(), found.end(), year, a, b) if int(b) > 12 else None


def _english(text: str, start: int) -> PartialDate | None:
    found = _ENGLISH_MONTH_FIRST.match(text, start)
    return _relative(text, _named(found, start)) if found else None


def _named(found: re.Match[str], start: int) -> PartialDate | None:
    groups = found.groupdict()
    year = groups["year"] or groups.get("y2")
    return _checked(
        start, found.end(), int(year) if year else None, str(_MONTHS[found["name"][:3].lower()]), groups["day"]
    )


def _made(found: re.Match[str], start: int, text: str) -> PartialDate | None:
    groups = found.groupdict()
    return _checked(start, found.end(), int(groups["year"]), groups.get("month"), groups.get("day"))


def _han_date(text: str, start: int) -> PartialDate | None:
    found = _HAN_YEAR.match(text, start)
    if found is None:
        return None
    year = int(
        "".join(str("〇一二三四五六七八九".find(c)) if c in "一二三四五六七八九" else "0" for c in found.group()[:4])
    )
    month, day = (read_han(found[g]) if found[g] else None for g in ("month", "day"))
    return _checked(start, found.end(), year, None if month is None else str(month), None if day is None else str(day))


def _checked(start: int, end: int, year: int | None, month: str | None, day: str | None) -> PartialDate | None:
    """A date with possible parts only; None for the 45th, month 13, or a year out of 1000–2125."""
    m, d = _part(month), _part(day)
    if year is not None and not 1000 <= year <= _LAST_YEAR:
        return None
    if m is not None and not 1 <= m <= 12:
        return None
    if d is not None and (m is None or not exists(year or 2000, m, d)):
        return None
    return PartialDate(start, end, year, m, d)


def _part(printed: str | None) -> int | None:
    """A month or day in digits or Chinese numerals."""
    if not printed:
        return None
    return int(printed) if printed.isdecimal() else read_han(printed)


def _relative(text: str, date: PartialDate | None) -> PartialDate | None:
    """`date` with the word before it taken in: 올해 3월 20일, 지난해 12월, 오는 9월."""
    if date is None or date.year is not None:
        return date
    low = max(0, date.start - 10)
    found = year_before(text[low : date.start])
    if found is None:
        return date
    return replace(date, start=date.start if found[0] == PAST else low + found[1], shift=found[0])


def parse_date(
    text: str,
    issue: dt.date | None = None,
    year: int | None = None,
    *,
    due: bool = False,
    beside: tuple[str, str] = ("", ""),
) -> str | None:
    """The ISO value of one raw span: its first date, else 지난해/올해; None for 최근 and 日前.

    `year`: that of the document's head where its day of issue is not known; 12월 31일 and 6.25 are then in it.
    `due`: a day by which something is done, so the next one. `beside`: the words before and behind the span.
    """
    raw = visible(text).strip(' \t\n\u3000"“”()（）[]')
    if _VAGUE.match(raw):
        return None
    if alone := _DAY_ALONE.fullmatch(re.sub(r"^(?:지난[ ]?|[월화수목금토일]요일[(（])", "", raw)):
        return _day_of_issue(int(alone["day"]), issue)
    if short := _SHORT_POINTS.fullmatch(raw):
        date = _checked(0, len(raw), 2000 + int(short["year"]), short["month"], short["day"])
        return date.iso() if date is not None else None
    if eight := _EIGHT.fullmatch(raw):
        date = _checked(0, len(raw), int(eight["year"]), eight["month"], eight["day"])
        return date.iso() if date is not None else None
    found = next(_dates(raw), None) or next(_dates(f"({raw})"), None) or _bare_year(raw)
    if found is not None:
        value = resolve(_told_beside(found, raw, beside), issue, due=due)
        if value.year is None and issue is None and value.month and value.shift is None:
            value = replace(value, year=year)
        too_late = issue is not None and value.year is not None and value.year > issue.year + 100
        return None if too_late else value.iso()
    shift = year_alone(raw)
    return None if shift is None or issue is None or _YEAR_OTHER.search(raw) else f"{issue.year + shift:04d}"


def _told_beside(date: PartialDate, raw: str, beside: tuple[str, str]) -> PartialDate:
    """A date without a year with what stands before and behind its span: 지난 [3월 5일](화)."""
    before, behind = beside
    if date.year is not None or date.months is not None:
        return date
    shift = year_before(before[-10:]) if date.start == 0 and date.shift is None else None
    if shift is not None:
        return replace(date, shift=shift[0])
    if date.weekday is not None:
        return date
    whole = replace(date, start=date.start + len(before), end=date.end + len(before))
    return replace(date, weekday=_on_weekday(before + raw + behind, whole).weekday)


def _day_of_issue(day: int, issue: dt.date | None) -> str | None:
    """`21일` in the news: the last one that lies at most three days ahead, since releases tell of tomorrow."""
    if issue is None:
        return None
    soon = issue + dt.timedelta(days=3)
    month = soon if day <= soon.day else soon.replace(day=1) - dt.timedelta(days=1)
    return f"{month:%Y-%m}-{day:02d}" if day and exists(month.year, month.month, day) else None


def _bare_year(raw: str) -> PartialDate | None:
    found = _BARE_YEAR.fullmatch(raw)
    if found is None:
        return None
    year = int(found["year"]) if found["year"] else 2000 + int(found["short"] or found["named"])
    return _checked(0, len(raw), year, None, None)
