"""The document's own date of issue: from its imprint, its press header, or a line that holds nothing but a date.

The date is for resolving years only. It is not the date of any policy in the document.
"""

from __future__ import annotations

import datetime as dt
import re

from pipeline.normalise.dates import PartialDate, find_dates

_B = "[ \t\u3000]"  # blanks within a line; all runs are bounded, so that a row of blanks costs no more than its length
_S = "[ \u3000]{0,3}"
_LEAD = rf"^{_B}{{0,40}}(?:[|│▪•○□■◦\-*#>〈<\[(（]|\*\*){{0,6}}[ \t\u3000|]{{0,9}}"
_GAP = rf"{_B}{{0,9}}(?:\*\*)?{_B}{{0,9}}[|│:：\])）>〉】]?[ \t\u3000|:：]{{0,9}}\n?[ \t\u3000|:：]{{0,9}}(?:\*\*)?"
_DATE = r"(?P<date>(?:['’‘]?[0-9０-９]{1,4}|[A-Z][a-z]{2,8} [0-9]{1,2},)[^\n|]{3,24})"
_FIELD = re.compile(
    rf"{_LEAD}(?:발{_S}[행간]{_S}(?:일{_S}자?|연{_S}월{_S}일?|날짜)?(?![가-힣])"
    r"|publication date|date of publication|published(?: on)?|issued(?: on)?|date of issue|issue date"
    rf"|发布日期|發布日期|发布时间|成文日期|印发日期|公布日期|出版日期|发文日期|發文日期|發佈日期|發布時間){_GAP}{_DATE}",
    re.MULTILINE | re.IGNORECASE,
)
_PRESS = re.compile(
    rf"{_LEAD}(?:보도{_S}(?:시점|일시|일)|배{_S}포{_S}(?:일시?)?|작성{_S}일[자시]?(?:{_S}날짜)?|등록{_S}일[자시]?|게시{_S}일|(?:기사)?입력(?:{_S}일시?)?|날짜"
    rf"|press release|for release|date){_GAP}{_DATE}",
    re.MULTILINE | re.IGNORECASE,
)
_YMD = r"[0-9０-９]{4}[ ]?[년年.\-/–][ ]?[0-9０-９]{1,2}[ ]?[월月.\-/–][ ]?[0-9０-９]{1,2}[ ]?[일日.]?"
_LINE = re.compile(
    rf"^[ \t\u3000|(（\[*#>]{{0,40}}(?P<date>{_YMD}){_B}{{0,9}}(?:[(（][^\s)）]{{1,3}}[)）])?{_B}{{0,9}}"
    r"(?:[0-9]{1,2}[:：][0-9]{2}(?:[:：][0-9]{2})?)?[ \t\u3000)）\]*]{0,9}"
    r"(?:[|│][^\n]{0,30}|(?:来源|來源|출처|래원|자료|Source|조회)[^\n]{0,40}"
    r"|[가-힣]{2,14}[부처청원위회시도국])?[ \t]*$",
    re.MULTILINE,
)
_ENGLISH_LINE = re.compile(
    r"^[ \t*#>]*(?:(?:[A-Z][a-z]+, )?(?:Brussels|London|Washington(?:,? D\.?C\.?)?|Berlin|Paris|Tokyo|Beijing),? )?"
    r"(?P<date>(?:[0-9]{1,2} [A-Z][A-Za-z]{2,8}|[A-Z][A-Za-z]{2,8} [0-9]{1,2},) [0-9]{4})[ \t*]*$",
    re.MULTILINE,
)
_SIGNED = re.compile(
    r"^[ \t\u3000]*(?P<date>[0-9二][0-9〇○零一二三四五六七八九]{3}[ ]?年[^\n]{2,8}日)[ \t\u3000]*$", re.MULTILINE
)

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
_AT_TIME = re.compile(r"^[.\s]{0,3}\d{1,2}:\d{2}(?::\d{2})?\s*$")
_EDGE = 6000  # characters at either end in which metadata may stand


def find_issue_date(text: str) -> dt.date | None:
    """The date of issue, or None where no line is clearly the document's own metadata.

    In this order: an imprint field (발행일, 发布日期, publication date; the last one, as imprints close a document), a
    press header (보도시점, 배포일, 등록일) near the top, a date alone on its line near the top or the end, a Chinese
    directive's signature. A field with month precision gives the month's last day.
    """
    head, tail = text[:_EDGE], text[max(_EDGE, len(text) - _EDGE) :]
    fields = [date for part in (tail, head) for date in _field_dates(_FIELD, part)]
    if fields:
        return fields[0]
    press = _field_dates(_PRESS, head)[::-1]
    if press:
        return press[0]
    for pattern in (_LINE, _ENGLISH_LINE):
        for part, first in ((head[:3000], 0), (tail, -1), (head[3000:], -1)):
            alone = [date for found in pattern.finditer(part) if (date := _whole(found["date"]))]
            if alone:
                return alone[first]
    signed = {date for found in _SIGNED.finditer(text) if (date := _whole(found["date"]))}
    return signed.pop() if len(signed) == 1 else _masthead_date(text)


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
                return date.date() or _month_end(date.year, date.month)
    return None


def _field_dates(pattern: re.Pattern[str], part: str) -> list[dt.date]:
    """Dates of the fields in `part`, last one first; a field whose date does not open its value does not count."""
    found = [date for match in pattern.finditer(part) if (date := _whole(match["date"]))]
    return found[::-1]


def _whole(raw: str) -> dt.date | None:
    dates = find_dates(raw)
    if not dates or dates[0].start > 0 or dates[0].year is None or dates[0].month is None:
        return None
    date = dates[0].date()
    if not _closes(raw, dates[0]):
        return None
    return date or _month_end(dates[0].year, dates[0].month)


def _closes(raw: str, date: PartialDate) -> bool:
    """Whether nothing but a weekday, a time or a remark in brackets follows: prose has more to say."""
    rest = re.split(r"\s{2,}|\s/|\t", re.sub(r"[(（][^)）]{0,20}[)）]?", "", raw[date.end :]))[0].strip(" \t.,*|)）")
    return not re.search(r"[가-힣一-龥A-Za-z]{5,}|[을를은는이가에의]\s", rest)


def _month_end(year: int, month: int) -> dt.date:
    following = dt.date(year + month // 12, month % 12 + 1, 1)
    return following - dt.timedelta(days=1)
