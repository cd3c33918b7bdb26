"""The document's own date of issue, chosen among the fields of its head and foot (`head.py`).

The date is for resolving years only. It is not the date of any policy in the document.
"""

from __future__ import annotations

import datetime as dt
import re

from pipeline.normalise.dates import find_dates
from pipeline.normalise.head import EDGE, HeadField, head_year, month_end, read_head
from pipeline.normalise.partial import exists

_SHORTLY = 3
_DAY_ALONE = re.compile(r"(?<=[은는]\s)([0-9]{1,2})일(?=[\s,(])")
_MASTHEAD = 5
"""Lines at either end that may be a masthead or a footer."""
_MASTHEAD_WORD = re.compile(
    r"\d\s?호|째\s?주|주\s?간|월\s?간|격주|브리프|동\s?향|소식|리뷰|레터|뉴스|이슈|포커스|리포트|보고서|[|│]"
    r"|\b(?:Vol|No|Issue|Newsletter|Weekly|Monthly|Brief|Review|Bulletin|Digest|Factsheet|Published|Updated)\b|第\s?\d+\s?期|周报|月报|简报",
    re.IGNORECASE,
)
_NO_MASTHEAD = re.compile(
    r"(?:다|함|됨|음)\.?\s*$|[。]|https?:|[「『《‘“']|(?:까지|부터|기준|목표|이후|예정|발표|수립|마련|시행|개최|대비)"
    r"|\b(?:by|until|since|from|target|will|was|were)\b",
    re.IGNORECASE,
)
_SIGNED_HEAD = re.compile(r"\s*[가-힣]{2,14}\s?[(（]\s?[12][0-9]{3}\s?\.\s?\d{1,2}\s?\.\s?\d{1,2}\s?\.?\s?[)）]")
"""`환경부(2019.5.31)`: who and when, before the headline."""
_EITHER_WAY = re.compile(
    r"(?:배포일|보도일|등록일|작성일|게시일|발행일|\b\w*date|published|发布(?:日期|时间))[시]?\W{1,4}"
    r"(?P<one>0?[1-9]|1[0-2])/(?P<other>0?[1-9]|1[0-2])/(?P<year>[12][0-9]{3})(?![0-9/])",
    re.IGNORECASE,
)
"""A field of the head whose day and month may change places."""
_AT_TIME = re.compile(r"^[.\s]{0,3}\d{1,2}:\d{2}(?::\d{2})?\s*$")


def find_issue_date(text: str) -> dt.date | None:
    """The date of issue, or None where no line is clearly the document's own metadata.

    In this order: an imprint field (발행일, 成文日期, publication date; the last one, as imprints close a document),
    the signature of a Chinese notice or the day it was posted, a press header (보도시점, 배포일) near the top, a date
    alone on its line near the top or the end, a masthead, a field whose day and month the text tells apart. A month
    gives its last day.
    """
    fields = read_head(text)
    issued = _of("issued", fields)
    if issued:
        return issued[-1]
    if notice := _notice_date(text, fields):
        return notice
    press = _of("press", fields)
    if press:
        return press[0]
    lines = [f for f in fields if f.kind == "line" and f.date]
    for near, first in (
        (lambda f: f.start < 3000, 0),
        (lambda f: f.start >= len(text) - EDGE, -1),
        (lambda f: True, -1),
    ):
        alone = [f.date for f in lines if near(f)]
        if alone:
            return alone[first]
    signed = set(_of("alone", fields))
    return signed.pop() if len(signed) == 1 else _masthead_date(text) or _told_by_text(text)


def find_issue_year(text: str) -> int | None:
    """The year that the document's number or masthead names (`2025년 제21호`), for documents that name no day."""
    return head_year(text, read_head(text))


def _of(kind: str, fields: tuple[HeadField, ...]) -> list[dt.date]:
    return [field.date for field in fields if field.kind == kind and field.date is not None]


def _notice_date(text: str, fields: tuple[HeadField, ...]) -> dt.date | None:
    """The day of a notice with a number: its own signature's, else the day it was posted.

    Portals post old notices years later, and print the first of January where they know the year alone. So a day counts
    if its year is that of the number; a signature also if it is no more than two months older than the posting.
    """
    posted = next(iter(_of("posted", fields)), None)
    year = head_year(text, fields) if any(field.kind == "number" for field in fields) else None
    for signed in _of("signed", fields) if posted or year else ():
        if signed.year == year or (posted and year is None and 0 <= (posted - signed).days <= 62):
            return signed
    if posted is None or (year is not None and (posted.year != year or (posted.month, posted.day) == (1, 1))):
        return None
    return posted


def _told_by_text(text: str) -> dt.date | None:
    """The day of a field that may be read either way (`배포일: 01/10/2025`), as the text names that day: 1월 10일.

    Where it names neither, the one that comes up to three days behind a day that it names, or else the one whose day it
    names alone (`산림청은 5일 …`).
    """
    field = _EITHER_WAY.search(text, 0, EDGE)
    if field is None:
        return None
    one, other, year = int(field["one"]), int(field["other"]), int(field["year"])
    told = (d for d in find_dates(text) if d.month and d.day and d.year in (None, year))
    named = {dt.date(year, d.month, d.day) for d in told if d.month and d.day and exists(year, d.month, d.day)}
    both = [dt.date(year, m, d) for m, d in ((one, other), (other, one)) if exists(year, m, d)]
    ways = [day for day in both if day in named] or [
        day for day in both if any(0 < (day - before).days <= _SHORTLY for before in named)
    ]
    alone = {int(day) for day in _DAY_ALONE.findall(text, 0, EDGE)}
    ways = ways or [day for day in both if day.day in alone]
    return ways[0] if len(ways) == 1 else None


def _masthead_date(text: str) -> dt.date | None:
    """A date in the masthead or the footer: one of the outermost lines that is no sentence and no title of years.

    `Vol. 152 (2023.10.30. ~ 11.5.)`, `2024년 9월 둘째주`, `정책 브리프 제12호 | 2025. 3.`: the issue's own date.
    """
    lines = [line for line in text.split("\n") if line.strip()]
    for line in (*lines[:_MASTHEAD], *reversed(lines[-_MASTHEAD:])):
        signed = _SIGNED_HEAD.match(line)
        if signed is None and (len(line) > 90 or _NO_MASTHEAD.search(line)):
            continue
        for date in find_dates(line[: signed.end()] if signed else line):
            bare = (
                signed
                or _AT_TIME.search(line[date.end :])
                or not re.sub(r"[\W_]+", "", line[: date.start] + line[date.end :])
            )
            if date.year and date.month and date.shift is None and (bare or _MASTHEAD_WORD.search(line)):
                return date.date() or month_end(date.year, date.month)
    return None
