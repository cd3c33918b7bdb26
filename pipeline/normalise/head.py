"""What a document says about itself in its head and foot: title, issuer, number, dates; each field with its place.

A field is printed behind its name (`발행일: 2024. 3. 1.`, `发文机构：某省商务厅`), alone on a line (a date,
`Brussels, 2.7.2025`), or as a signature (`某省教育厅2016年2月24日`). Chinese portals print their fields one behind
the other in a single line. The date of issue is chosen from them in `imprint.py`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from pipeline.normalise.covers import body_in, day_in
from pipeline.normalise.dates import find_dates
from pipeline.normalise.partial import PartialDate

EDGE = 6000
"""Characters at either end in which metadata may stand."""
_B = "[ \t\u3000]"  # blanks within a line; all runs are bounded, so that a row of blanks costs no more than its length
_S = "[ \u3000]{0,3}"
_LEAD = rf"^{_B}{{0,40}}(?:[|│▪•○□■◦\-*#>〈<\[(（]|\*\*){{0,6}}[ \t\u3000|]{{0,9}}"
_GAP = rf"{_B}{{0,9}}(?:\*\*)?{_B}{{0,9}}[|│:：\])）>〉】]?[ \t\u3000|:：]{{0,9}}\n?[ \t\u3000|:：]{{0,9}}(?:\*\*)?"
_DATE = r"(?P<date>(?:['’‘]?[0-9０-９]{1,4}|[A-Z][a-z]{2,8} [0-9]{1,2},)[^\n|]{3,24})"
_NAMES = {
    "issued": rf"발{_S}[행간]{_S}(?:일{_S}자?|연{_S}월{_S}일?|날짜)?(?![가-힣])|publication date|date of publication"
    r"|published(?: on)?|issued(?: on)?|date of issue|issue date"
    r"|成文日期|印发日期|出版日期|发文日期|發文日期",
    "posted": "发布日期|發布日期|发布时间|發佈日期|發布時間|公布日期",
    "press": rf"보도{_S}(?:시점|일시|일)|배{_S}포{_S}(?:일시?)?|작성{_S}일[자시]?(?:{_S}날짜)?"
    rf"|등록{_S}일[자시]?|게시{_S}일"
    rf"|기사입력(?:{_S}일시?)?|입력(?:{_S}일시?)?|날짜|press release|for release|date",
    "publisher": rf"발행{_S}기관|발{_S}행{_S}처",
    "issuer": rf"발{_S}문{_S}기{_S}관|담당{_S}부처"
    r"|发文机构|发文机关|发文單位|发文单位|發文機關|制发机关|发布机构",
    "number": rf"문서{_S}번호|发文字号|发文文号|文{_S}号|文{_S}號",
    "title": rf"标{_S}题|標{_S}題|名{_S}称",
    "other": "政策类型|政策层级|来源|关键字|关键词|主题分类|主题词|索{_S}引{_S}号|有效性|废止日期|生效日期",
}
"""Names of fields in each language, as patterns; `other` only ends the field before it."""
_ALTERNATIVE = re.compile(r"(?:^|\|)([^(|])(?:[^(|]|\((?:[^()]|\([^()]*\))*\))*")
"""One of the alternatives of a pattern, and its first sign."""
_DATED = re.compile(
    rf"{_LEAD}(?:{'|'.join(f'(?P<{kind}>{_NAMES[kind]})' for kind in ('issued', 'posted', 'press'))}){_GAP}{_DATE}",
    re.MULTILINE | re.IGNORECASE,
)
_OPENS = re.compile(r"[ \t\u3000|│▪•○□■◦\-*#>〈<\[(（]{0,60}")
_FIRST_LETTERS = frozenset(
    found[1] for kind in ("issued", "posted", "press") for found in _ALTERNATIVE.finditer(_NAMES[kind])
)
"""What the name of a dated field begins with: most lines need no look at the pattern."""
_DAY_ENDS = frozenset("0123456789.일日)）")
"""What a line ends with that ends with a day."""
_GLUED_NAME = re.compile(
    "(?:"
    + "|".join(f"(?P<{kind}>{_NAMES[kind]})" for kind in ("issuer", "publisher", "number", "title", "posted", "other"))
    + r"|(?P<issued>成文日期|印发日期|发文日期))[ \u3000]{0,3}$"
)
_COLON = re.compile(r"[:：][ \u3000]{0,3}")
_GLUED_WITHIN = 1500
"""Characters within which a portal prints its fields."""
_NAME_WIDTH = 24
"""A name and the blanks in it and behind it take no more (characters)."""
_YMD = r"[0-9０-９]{4}[ ]?[년年.\-/–][ ]?[0-9０-９]{1,2}[ ]?[월月.\-/–][ ]?[0-9０-９]{1,2}[ ]?[일日.]?"
_LINE = re.compile(
    rf"^[ \t\u3000|(（\[*#>]{{0,40}}(?P<date>{_YMD}){_B}{{0,9}}(?:[(（][^\s)）]{{1,3}}[)）])?{_B}{{0,9}}"
    r"(?:[0-9]{1,2}[:：][0-9]{2}(?:[:：][0-9]{2})?)?[ \t\u3000)）\]*]{0,9}"
    r"(?:[|│][^\n]{0,30}|(?:来源|來源|출처|래원|자료|Source|조회)[^\n]{0,40}"
    r"|[가-힣]{2,14}[부처청원위회시도국])?[ \t]*$",
    re.MULTILINE,
)
_ENGLISH_LINE = re.compile(
    r"^[ \t*#>]*(?:(?:[A-Z][a-z]+, )?(?:EUROPEAN COMMISSION {1,4})?"
    r"(?:Brussels|Strasbourg|London|Washington(?:,? D\.?C\.?)?|Berlin|Paris|Tokyo|Beijing),? )?"
    r"(?P<date>(?:[0-9]{1,2} [A-Z][A-Za-z]{2,8}|[A-Z][A-Za-z]{2,8} [0-9]{1,2},) [0-9]{4}"
    r"|(?<=, )[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{4})(?:[ \t*]*$| {2,4}COM\()",
    re.MULTILINE,
)
_ALONE = re.compile(r"[0-9二][0-9〇○零一二三四五六七八九]{3}[ ]?年[^\n]{2,8}日(?=[ \t\u3000]{0,40}$)", re.MULTILINE)
_LINE_OPENS = re.compile(r"^[ \t\u3000]{0,40}$", re.MULTILINE)
_ZERO = "〇○零ОOoＯ０0"
_HAN_DIGITS = {**{c: str(i) for i, c in enumerate("一二三四五六七八九", 1)}, **dict.fromkeys(_ZERO, "0")}
_SIGNATURE = re.compile(
    rf"(?:[12][0-9]{{3}}|[一二][{_ZERO}一二三四五六七八九]{{3}})[ ]?年"
    r"[ ]?[0-9一二三四五六七八九十]{1,3}[ ]?月[ ]?[0-9一二三四五六七八九十]{1,3}[ ]?日"
    r"(?![起前后後止至到以之内間间、，,～~—-]|施行|生效|发布|发表|公布|颁|修)"
)
_SIGNED_BY_PERSON = re.compile(
    r"(?:[部省市州县局署厅]长|审计长|主席|主任|行长|总理)[ \u3000]?[一-龥·]{2,8}[ \u3000]{0,9}$"
)
_SIGNED_BY = re.compile(r"(?:[部厅廳局委会會院署办辦府司室团團处處组心社行）)]|^)[ \u3000]{0,9}$", re.MULTILINE)
_SIGNATURE_ENDS = re.compile(r"[ \t\u3000]*(?:$|[\n(（]|附件|附录|抄送|主题词|来源|分享|联系)")
_SIGNER = re.compile(r"[一-龥（）() ]{0,80}$")
_PRINTED = "印发"
_BODIES = re.compile(r"[一-龥（）() \u3000]{2,80}")
_PREPOSITIONS = "经由向对与和及在从按据自到至"
_NUMBER_YEAR = re.compile(r"(?P<year>(?:19|20)[0-9]{2})(?:[〕\]）)﹞】]|年第|(?=[0-9]{1,4}号))")
_MASTHEAD_YEAR = re.compile(
    r"(?<![0-9])(?P<year>20[0-9]{2})(?:년\s?(?:도\s?)?(?:제\s?)?[0-9]{1,3}\s?호|\s?[-–]\s?[0-9]{1,3}\s?호|年第\s?[0-9]{1,3}\s?期)"
)


class HeadField(NamedTuple):
    """A field of the head or foot: its kind (a name of `_NAMES`, `line`, `signed`) and its value's place.

    `date` is the day that the value names; the last of the month where it names a month only.
    """

    kind: str
    start: int
    end: int
    date: dt.date | None = None


@lru_cache(maxsize=1)  # Several steps ask for those of the same document, one after the other.
def read_head(text: str) -> tuple[HeadField, ...]:
    """The fields that the document itself prints about itself, in text order; a field may be found in two ways."""
    glued = list(_glued(text))
    issuers = [text[field.start : field.end] for field in glued if field.kind == "issuer"]
    found = [*glued, *_lines(text), *_signatures(text, issuers)]
    return tuple(sorted(dict.fromkeys(found)))


def head_year(text: str, fields: tuple[HeadField, ...]) -> int | None:
    """The year that the document's number or masthead names (`教学〔2007〕13号`, `2025년 제21호`); else None."""
    for field in fields:
        if field.kind == "number" and (found := _NUMBER_YEAR.search(text, field.start, field.end)):
            return int(found["year"])
    lines = [line for line in text[:1200].split("\n") if line.strip()][:3]
    return next((int(found["year"]) for line in lines if (found := _MASTHEAD_YEAR.search(line))), None)


def month_end(year: int, month: int) -> dt.date:
    """The last day of a month."""
    following = dt.date(year + month // 12, month % 12 + 1, 1)
    return following - dt.timedelta(days=1)


def _edges(text: str) -> Iterator[tuple[int, int]]:
    yield 0, min(len(text), EDGE)
    if len(text) > EDGE:
        yield max(EDGE, len(text) - EDGE), len(text)


def _lines(text: str) -> Iterator[HeadField]:
    """Fields with a date behind a name that opens its line, and dates that stand alone on theirs."""
    for start, end in _edges(text):
        part, at = text[start:end], 0
        while at < len(part):
            newline = part.find("\n", at)
            stop = newline if newline >= 0 else len(part)
            yield from _line(part, at, stop, start)
            at = stop + 1


def _line(part: str, at: int, stop: int, offset: int) -> Iterator[HeadField]:
    """What the line `part[at:stop]` says; `part` starts at `offset` in the text."""
    opens = _OPENS.match(part, at)
    first = part[opens.end() : opens.end() + 1].lower() if opens else ""
    if "一" <= first <= "힣":  # a name in Han or Hangul
        if part[at:stop].rstrip()[-1:] in _DAY_ENDS:
            yield from _signed_line(part[at:stop], offset + at)
        if first not in _FIRST_LETTERS:
            return
    patterns = [_DATED] if first in _FIRST_LETTERS else []
    patterns += [_LINE] if first.isdigit() else []
    patterns += [_ENGLISH_LINE] if first.isascii() and first.isalnum() else []
    for pattern in patterns:
        found = pattern.match(part, at)
        if found is None or (date := _whole(found["date"])) is None:
            continue
        kind = next(k for k in ("issued", "posted", "press") if found[k]) if pattern is _DATED else "line"
        if kind != "press" or offset == 0:
            yield HeadField(kind, offset + found.start("date"), offset + found.end("date"), date)


def _signed_line(line: str, offset: int) -> Iterator[HeadField]:
    """The day behind the name of a body, where both are all that the line says (`재정경제부 2026-07-03`)."""
    if body_in(line) and (place := day_in(line)) and (date := _whole(line[slice(*place)])):
        yield HeadField("line", offset + place[0], offset + place[1], date)


def glued_title(text: str) -> tuple[int, int] | None:
    """Where the title stands that a portal prints before the fields of its record; None without such a record."""
    names = _glued_names(text[:_GLUED_WITHIN])
    if len(names) < 2:
        return None
    named = next((i for i, (name, _) in enumerate(names) if name.lastgroup == "title"), None)
    if named is not None:
        start, limit = names[named][1].end(), names[named + 1][0].start() if named + 1 < len(names) else 0
    else:
        start, limit = 0, names[0][0].start()
    words = text[start:limit]
    start += len(words) - len(words.lstrip())
    return (start, start + len(words.strip())) if words.strip() else None


def _glued_names(part: str) -> list[tuple[re.Match[str], re.Match[str]]]:
    """The names of fields that stand one behind the other, each with its colon."""
    return [
        (name, colon)
        for colon in _COLON.finditer(part)
        if (name := _GLUED_NAME.search(part, max(0, colon.start() - _NAME_WIDTH), colon.start()))
    ]


def _glued(text: str) -> Iterator[HeadField]:
    """Fields printed one behind the other, each with its name and a colon: `发文机构：某局发布时间：2015-08-13发…`."""
    part = text[:_GLUED_WITHIN]
    names = _glued_names(part)
    if len(names) < 2:
        return
    for i, (name, colon) in enumerate(names):
        kind, start = str(name.lastgroup), colon.end()
        end = min(names[i + 1][0].start() if i + 1 < len(names) else len(part), start + 120)
        newline = part.find("\n", start, end)
        end = newline if newline >= 0 else end
        value = part[start:end].strip()
        if kind != "other" and value:
            date = _whole(value) if kind in ("posted", "issued") else None
            yield HeadField(kind, start, start + len(value), date)


def _signatures(text: str, issuers: Sequence[str] = ()) -> Iterator[HeadField]:
    """Dates alone on a line, or behind the name of who signs where the letter ends: `某省教育厅2016年2月24日`.

    Where line ends were lost, the letter ends behind a name that the head prints as its issuer, or with the text.
    """
    if "年" not in text or "日" not in text:
        return
    for match in _ALONE.finditer(text):
        if _LINE_OPENS.search(text, max(0, match.start() - 41), match.start()) and (date := _whole(match.group())):
            yield HeadField("alone", match.start(), match.end(), date)
    for match in _SIGNATURE.finditer(text):
        start, end = match.span()
        if text[start] in "一二" and not text[end:].strip():
            yield from _signed_field(text, start, end)
            continue
        if _SIGNED_BY_PERSON.search(text, max(0, start - 16), start) and not text.startswith(
            ("，", ",", "、", "起"), end
        ):
            yield from _signed_field(text, start, end)
            continue
        if not _SIGNED_BY.search(text, max(0, start - 10), start):
            continue
        line = text[max(text.rfind("\n", 0, start), start - 90) + 1 : start]
        ends = _SIGNATURE_ENDS.match(text, end) or (_SIGNER.fullmatch(line) and not text.startswith(_PRINTED, end))
        if ends or any(_signs(text, issuer, start) for issuer in issuers):
            yield from _signed_field(text, start, end)


def _signed_field(text: str, start: int, end: int) -> Iterator[HeadField]:
    if date := _signed(text[start:end]):
        yield HeadField("signed", start, end, date)


def _signs(text: str, issuer: str, start: int) -> bool:
    """Whether the issuer's name, perhaps with those of others, stands right before `start` and opens no phrase."""
    at = text.rfind(issuer, max(0, start - 80), start)
    return at > 0 and _BODIES.fullmatch(text, at, start) is not None and text[at - 1] not in _PREPOSITIONS


def _signed(raw: str) -> dt.date | None:
    """A full date in digits or Chinese numerals, with any sign for zero."""
    year, rest = raw.split("年", 1)
    figures = "".join(_HAN_DIGITS.get(sign, sign) for sign in year.strip())
    date = next(iter(find_dates(f"{figures}年{rest}")), None)
    return date.date() if date is not None else None


def _whole(raw: str) -> dt.date | None:
    """The date that opens a field's value and is all that the value says."""
    dates = find_dates(raw)
    if not dates or dates[0].start > 0 or dates[0].year is None or dates[0].month is None:
        return None
    if not _closes(raw, dates[0]):
        return None
    return dates[0].date() or month_end(dates[0].year, dates[0].month)


def _closes(raw: str, date: PartialDate) -> bool:
    """Whether nothing but a weekday, a time or a remark in brackets follows: prose has more to say."""
    rest = re.split(r"\s{2,}|\s/|\t", re.sub(r"[(（][^)）]{0,20}[)）]?", "", raw[date.end :]))[0].strip(" \t.,*|)）")
    return not re.search(r"[가-힣一-龥A-Za-z]{5,}|[을를은는이가에의]\s", rest)
