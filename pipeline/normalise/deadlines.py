"""By when: the year or date that a goal is to be reached.

A start (2024년부터), a statistic's date ('23년 5월 기준) and a plain year are no deadlines. `2025년 전까지` and
2030年前 count as the year printed. A span of years (3년 내) ends with the policy's period, which the caller knows.
"""

from __future__ import annotations

import datetime as dt
import re

from pipeline.normalise.broken import as_read
from pipeline.normalise.dates import APOSTROPHE, find_dates, parse_date
from pipeline.normalise.partial import PartialDate, resolve, resolve_end
from pipeline.normalise.periods import find_plan_mentions, plan_period

Deadline = tuple[str, tuple[int, int]]
"""ISO value (`2025`, `2025-06`, `2025-06-30`) and the span of the whole phrase."""

_D = "[0-9０-９]"
_S = "[ \u00a0\u3000]?"
_END = rf"(?:[.]?{_S}[上下]|말|초|연말|상반기|하반기|전|이전|중반|경|쯤|末|底|年末|年底|제?[1-4]{_S}[/]?4?분기|중)?"
_UNTIL = re.compile(
    rf"(?:도)?(?P<rest>(?:{_S}{_D}{{1,2}}{_S}[월月](?:{_S}{_D}{{1,2}}{_S}[일日])?"
    rf"|[.]{_S}{_D}{{1,2}}(?:[.]{_S}{_D}{{1,2}})?[.]?월?)?)"
    rf"(?:{_S}\([^()\n]{{1,12}}\))?{_S}{_END}{_S}(?P<mark>까지|내(?:에|로)?(?![가-힣])|이내|안에(?![가-힣])|目标"
    rf"|목표(?:치|값|연도)?|이전|년{_S}내)"
)
_BEFORE_HAN = re.compile(
    rf"(?P<rest>(?:{_D}{{1,2}}月(?:{_D}{{1,2}}日)?)?)(?:[末底](?:之?前|以前)?|之?前(?!后|景|沿|往)|以前|目标|目標)"
)
_REACH = re.compile(r"(?:到|至(?!少)|力争|力爭|争取)$")
_NOT_REACH = re.compile(r"(?:截至|截止|截止到|直到|达到|[0-9年]至|[0-9年]到)$")
_ARROW = re.compile(r"(?:→|⇒|➔|⟶|➡|->)[ \u00a0]?(?:[(（]?[ ]?|[^→⇒\n()（）]{1,24}[(（][ ]?)$")
_ENGLISH = re.compile(
    r"\b(?:by|before|until|through|no later than|not later than)[ \u00a0](?:the[ ])?(?:year[ ]|FY[ ]?|fiscal year[ ]"
    r"|(?:end|beginning|start|close|middle)[ ]?(?:of|-)?[ ]?|end-|mid-|late[ -]|early[ -]|year-end[ ]|Q[1-4][ ])?"
    r"(?:(?P<day>[0-9]{1,2} )?(?P<month>January|February|March|April|May|June|July|August|September|October"
    r"|November|December|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.?)(?: [0-9]{1,2},)?[ ])?"
    r"(?P<year>20[0-9]{2})(?:[/–-](?P<second>[0-9]{2})(?:-(?P<day2>[0-9]{2}))?)?(?![0-9]|s\b|[ ]?[–-][ ]?[0-9])"
    r"|\b(?P<target>20[0-9]{2})[ -]targets?\b",
    re.IGNORECASE,
)
_ENGLISH_RELATIVE = re.compile(
    r"\b(?:by|before)[ ](?:the[ ]end[ ]of[ ])?(?:(?P<this>this[ ]year)|(?P<next>next[ ]year))\b", re.IGNORECASE
)
_TARGET_YEAR = re.compile(
    rf"목표{_S}(?:연도|년도)?{_S}[:：(（]{_S}(?:{APOSTROPHE}(?P<s>{_D}{{2}})|(?P<l>{_D}{{4}}))"
    rf"(?!{_S}[년年]?{_S}(?:比|대비|보다|기준))"
)
_TARGETS_OF = re.compile(
    r"(?<![0-9.,])(20[2-9][0-9])(?=[ ](?!청년|세대|여성)(?:[가-힣·]{1,8}[ ]){0,3}[가-힣]{0,8}목표(?![가-힣]{2}))"
)
"""2030 국가 온실가스 감축목표, as English has 2030 targets."""
_WITHIN = re.compile(
    rf"향후{_S}{_D}{{1,2}}{_S}년간|[0-9０-９一二三四五两](?:{_D}?{_S}(?:~{_S}{_D}{_S})?(?:개)?년{_S}(?:내|이내|안)(?:에|로)?(?![가-힣])"
    rf"|{_D}?年(?:内|之内|以内))"
)
_WITHIN_ENGLISH = re.compile(
    r"\bwithin (?:the next )?(?:[0-9]{1,2}|two|three|four|five|six|ten) years\b", re.IGNORECASE
)
_PLAN_END = re.compile(
    r"['’”\"」]?[ ]?(?:계획|시기|기간|期间|时期)?[ ]?(?:말(?:기|까지)?(?![가-힣]{2})|末|内"
    r"|(?:기간[ ]?)?내(?:에)?(?![가-힣]))"
)
_RELATIVE = re.compile(
    r"(?:(?P<after>내후년|후년|后年|後年)|(?P<next>내년|明年|今明两年|今明兩年)|(?P<this>올해|금년|연내|今年"
    r"|(?<![两兩后後明前去上0-9])年(?:内|底前)|연말까지))[ ]?(?:말|중(?![가-힣])|연말|底|末)?[ ]?"
    r"(?P<until>까지|연내|[내안](?![가-힣])|[内前])?"
)
_YEARS_FOR = re.compile(
    rf"(?:{APOSTROPHE}{_D}{{2}}{_S}년?{_S}[~∼～-]{_S}{APOSTROPHE}(?P<s>{_D}{{2}})년"
    rf"|{_D}{{4}}{_S}년?{_S}[~∼～-]{_S}(?P<l>20{_D}{{2}})년(?:간|(?!간)))"
    rf"(?![생식산](?![가-힣])|{_S}(?:까지|부터|[)）]?{_S}(?:동안의?{_S})?(?:연?평균|실적|대비|기준|통계)))"
)
# 확대(~’28): until when, in a bracket of its own. (’26~’28) behind a name is the years of a plan.
_IN_BRACKETS = re.compile(
    rf"[(（]{_S}[~∼～]{_S}(?:{APOSTROPHE}(?P<s>{_D}{{2}})|(?P<l>20{_D}{{2}}))(?:년(?:{_S}말)?)?{_S}[)）]"
)
_SPANS = frozenset("년~∼～- \u00a0\u3000")
"""What stands behind the first year of a span of years."""
_IN_COURSE = re.compile(r"(?:올해|금년|내년|내후년)[ ]?중(?:에)?(?![가-힣])")
_SINCE = re.compile(r"[ ]?(?:[(（][^()（）\n]{1,6}[)）])?[ ]?(?:[0-9]{1,2}(?:시|:[0-9]{2})[ ]?)?부터[ ]?")
_PAST_MONTH = re.compile(r"(?:지난|작년|전년)[ ]?$")
_ANCHOR = re.compile(rf"{_D}{{2,4}}")
_YEAR_WORD = re.compile(rf"{_S}(?:회계연도|학년도|[년年])")
# 10월 말까지, 10月底前, 12月31日前: by a day or month without its year.
_BY_END = re.compile(rf"{_S}(?:[말초중]순?{_S})?까지|(?:[底末初]|[上中下]旬)?(?:之?前(?!后|景|沿|往)|以前)")


def find_deadline(text: str, period_end: int | None = None, issue: dt.date | None = None) -> Deadline | None:
    """The first deadline in `text`.

    `period_end`: last year of the policy's period, the value of `3년 내`. `issue`: date of issue, for 올해/내년.
    """
    return next(iter(find_deadlines(text, period_end, issue)), None)


def find_deadlines(text: str, period_end: int | None = None, issue: dt.date | None = None) -> list[Deadline]:
    """All deadlines in text order, never overlapping; arguments as in `find_deadline`."""
    text, places = as_read(text)
    if places is not None:
        found = find_deadlines(text, period_end, issue)
        return [(value, (places[start], places[end - 1] + 1)) for value, (start, end) in found]
    found = [
        deadline
        for anchor in _ANCHOR.finditer(text)
        if (deadline := _numeric(text, anchor) or _years_for(text, anchor, issue))
    ]
    if _may_be_english(text):
        found += [(_english(match), match.span()) for match in _ENGLISH.finditer(text)]
    if "~" in text or "∼" in text or "～" in text:
        found += [
            (year, (match.start() + 1, match.end() - 1))
            for match in _IN_BRACKETS.finditer(text)
            if (year := _year(match["l"], match["s"])) and (issue is None or int(year) >= issue.year)
        ]
    if "목표" in text:
        found += [(_year(match["l"], match["s"]), match.span()) for match in _TARGET_YEAR.finditer(text)]
        found += [(match[1], match.span(1)) for match in _TARGETS_OF.finditer(text)]
    if period_end is not None:
        found += [
            (str(period_end), m.span()) for m in _WITHIN.finditer(text) if not text[m.start() - 1 : m.start()].isdigit()
        ]
        if "ithin" in text:
            found += [(str(period_end), match.span()) for match in _WITHIN_ENGLISH.finditer(text)]
    if issue is not None and any(word in text for word in ("년", "年", "까지", "연내", "올해", "year", "月")):
        found += _relative(text, issue)
    found += _plan_ends(text)
    kept: list[Deadline] = []
    for value, span in sorted(found, key=lambda item: (item[1][0], -item[1][1])):
        if not kept or span[0] >= kept[-1][1][1]:
            kept.append((value, span))
    return kept


def _may_be_english(text: str) -> bool:
    # Written out: most lines hold none of these, and a loop over them takes four times as long.
    return (
        "by " in text
        or "ntil " in text
        or "hrough " in text
        or "By " in text
        or "efore " in text
        or "later than " in text
        or "arget" in text
    )


def _numeric(text: str, anchor: re.Match[str]) -> Deadline | None:
    """The deadline whose year starts at a run of digits, if a word before or behind makes it one."""
    start, end = anchor.span()
    before = text[start - 1 : start] if start else ""
    short = end - start == 2
    if (short and (not before or before not in "'’‘ʼ＇`´")) or end - start == 3:
        return None
    if before.isdigit() or (before.isalpha() and before.isascii()) or text[end : end + 1].isdigit():
        return None
    year = 2000 + int(anchor.group()) if short else int(anchor.group())
    if not 1990 <= year <= 2100:
        return None
    start -= 1 if short else 0
    word = _YEAR_WORD.match(text, end)
    behind = word.end() if word else end
    until = _UNTIL.match(text, behind)
    if until and (word or short or until["mark"] in ("까지", "목표", "目标")) and not _is_fact(text, until):
        return _dated(text, start, year, until)
    return _han(text, start, year, behind, word is not None) or _arrow(text, start, year, behind)


def _years_for(text: str, anchor: re.Match[str], issue: dt.date | None) -> Deadline | None:
    """`’26~’30년`, `2026-2030년간`: the last year of the span that starts at a run of digits.

    None for years that were over at `issue`, and where figures of these years are meant (2018~2022년 평균).
    """
    short = anchor.end() - anchor.start() == 2
    if text[anchor.end() : anchor.end() + 1] not in _SPANS:
        return None
    found = _YEARS_FOR.match(text, anchor.start() - short)
    year = _year(found["l"], found["s"]) if found else ""
    return (year, found.span()) if found and (issue is None or int(year) >= issue.year) else None


def _is_fact(text: str, until: re.Match[str]) -> bool:
    """`2023년 내수`, `'25년 중`: only the marks listed make a deadline; 내 needs the end of its word."""
    return until["mark"] == "이전" and text.startswith("에", until.end())


def _dated(text: str, start: int, year: int, until: re.Match[str]) -> Deadline:
    span = (start, until.end())
    if not until["rest"].strip():
        return str(year), span
    dates = find_dates(text[start : until.end()])
    value = dates[0].iso() if dates else None
    return value or str(year), span


def _han(text: str, start: int, year: int, behind: int, named: bool) -> Deadline | None:
    """`2030年前`, `2025年底`, `到2025年`; `截至2025年` tells a statistic's date."""
    if not named:
        return None
    window = text[max(0, start - 4) : start]
    reach = None if _NOT_REACH.search(window) else _REACH.search(window)
    found = _BEFORE_HAN.match(text, behind)
    if found and not _NOT_REACH.search(window):
        begin = start - len(reach.group()) if reach else start
        return _dated(text, start, year, found)[0], (begin, found.end())
    return (str(year), (start - len(reach.group()), behind)) if reach else None


def _arrow(text: str, start: int, year: int, behind: int) -> Deadline | None:
    """`('24) 50개 → ('27) 100개`, `→ 100개('27)`: the year behind the arrow."""
    if not _ARROW.search(text[max(0, start - 40) : start]):
        return None
    return str(year), (start, behind)


def _english(match: re.Match[str]) -> str:
    if match["target"]:
        return match["target"]
    year, second = int(match["year"]), match["second"]
    if match["day2"]:
        return parse_date(f"{year}-{second}-{match['day2']}") or match["year"]
    if second and int(second) == (year + 1) % 100:  # 2026-27, 2027/28
        return str(year + 1)
    if not match["month"]:
        return match["year"]
    dates = find_dates(match.group()[match.start("day" if match["day"] else "month") - match.start() :])
    return (dates[0].iso() if dates else None) or match["year"]


def _relative(text: str, issue: dt.date) -> list[Deadline]:
    """Words that count from the date of issue: 내년까지, 后年底前, 올해 중, 9월까지, 10月底前, by next year."""
    found: list[Deadline] = [
        (str(issue.year + (2 if match["after"] else 1 if match["next"] else 0)), match.span())
        for match in _RELATIVE.finditer(text)
        if match["until"] or match["this"] in ("연내", "年内", "年底前", "연말까지") or _IN_COURSE.match(match.group())
    ]
    if " year" in text:
        found += [
            (str(issue.year + (match["next"] is not None)), match.span()) for match in _ENGLISH_RELATIVE.finditer(text)
        ]
    dates = find_dates(text) if found or "까지" in text or ("月" in text and "前" in text) else []
    for before, date in zip((None, *dates), dates, strict=False):
        until = _BY_END.match(text, date.end)
        value = _by(text, date, issue, _since(text, before, date)) if until else None
        if until and value:
            found.append((value, (date.start, until.end())))
    return found


def _since(text: str, before: PartialDate | None, date: PartialDate) -> PartialDate | None:
    """The day `before`, if `date` ends a span that begins with it: 4월 5일(월)부터 4월 30일까지."""
    spans = before is not None and before.year is None and before.day is not None and before.months is None
    return before if before and spans and _SINCE.fullmatch(text, before.end, date.start) else None


def _by(text: str, date: PartialDate, issue: dt.date, since: PartialDate | None) -> str | None:
    """A date without a year before 까지, 前: the next one from the issue on, unless a word tells otherwise."""
    if date.year is not None or _PAST_MONTH.search(text, max(0, date.start - 4), date.start):
        return None
    if _NOT_REACH.search(text, max(0, date.start - 4), date.start):
        return None
    return (resolve(date, issue, due=True) if since is None else resolve_end(since, date, issue)).iso()


def _plan_ends(text: str) -> list[Deadline]:
    """`14·5 말까지`, `“十四五”末`: the last year of the five-year plan."""
    found: list[Deadline] = []
    for start, end in find_plan_mentions(text):
        behind = _PLAN_END.match(text, end)
        years = plan_period(text[start:end])
        if behind and years:
            found.append((str(years[1]), (start, behind.end())))
    return found


def _year(long: str | None, short: str | None) -> str:
    return str(int(long)) if long else str(2000 + int(short or 0))
