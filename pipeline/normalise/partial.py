"""Dates as far as they are printed, and the year that one without a year is in.

A date without a year is told by what is printed beside it: 지난해, 오는, a day of the week. Nothing printed: it is the
last one before the issue, unless the next one is so near that nobody would have left the year out of the other.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from pipeline.normalise.relative import COMING, PAST, UNKNOWN

_NEAR = 31
"""Days: a release tells of tomorrow, a newsletter of next month, and neither means last year's."""


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date as far as it is printed. `start`/`end` leave out brackets and weekday; `year` is None if not printed.

    `shift` is the year relative to the issue's where a word says so (올해 0, 지난해 -1, 내년 1); else None.
    `months` is the month relative to the issue's (지난달 3일: -1); else None. `weekday` is the day of the week printed
    beside it, Monday is 0.
    """

    start: int
    end: int
    year: int | None = None
    month: int | None = None
    day: int | None = None
    shift: int | None = None
    months: int | None = None
    weekday: int | None = None

    def iso(self) -> str | None:
        """`2023-06-25`, `2023-06` or `2023`; None without a year."""
        if self.year is None:
            return None
        parts = [f"{self.year:04d}"]
        if self.month is not None:
            parts.append(f"{self.month:02d}")
            if self.day is not None:
                parts.append(f"{self.day:02d}")
        return "-".join(parts)

    def date(self) -> dt.date | None:
        """The calendar date, where year, month and day are known."""
        return (
            None
            if self.year is None or self.month is None or self.day is None
            else dt.date(self.year, self.month, self.day)
        )


def exists(year: int, month: int, day: int) -> bool:
    """Whether the calendar has that day."""
    try:
        dt.date(year, month, day)
    except ValueError:
        return False
    return True


def resolve(date: PartialDate, issue: dt.date | None, *, due: bool = False) -> PartialDate:
    """`date` with its year taken from the document's date of issue; `due`: it is a day by which something is done.

    지난해/올해 decide themselves, then the day of the week. Else a date that is `due` or that 오는 stands before is
    the next one from the issue on, any other the last one, or the next one if that is within a month. Unchanged
    without an issue date. Where the year has no 29 February the day is dropped.
    """
    if date.year is not None or issue is None or date.shift == UNKNOWN:
        return date
    if date.months is not None:
        count = issue.year * 12 + issue.month - 1 + date.months
        year, month = divmod(count, 12)
        whole = date.day if date.day is None or exists(year, month + 1, date.day) else None
        return replace(date, year=year, month=month + 1, day=whole)
    year = _year_of(date, issue, due)
    day = date.day if date.day is None or date.month is None or exists(year, date.month, date.day) else None
    return replace(date, year=year, day=day)


def resolve_end(start: PartialDate, end: PartialDate, issue: dt.date) -> PartialDate:
    """`end` of a span of days, 8월 23일부터 10월 11일까지: the next one from its `start`, and that the one nearest."""
    told = start.shift is not None or _year_by_weekday(start, issue) is not None
    last, coming = (resolve(replace(start, shift=shift), issue) for shift in (PAST, COMING))
    apart = [abs((day - issue).days) for found in (last, coming) if (day := found.date()) is not None]
    begins = resolve(start, issue) if told or len(apart) < 2 else last if apart[0] < apart[1] else coming
    if begins.year is None or begins.month is None or end.month is None or end.shift is not None:
        return resolve(end, issue, due=True)
    year = begins.year + ((end.month, end.day or 31) < (begins.month, begins.day or 1))
    return replace(end, year=year, day=end.day if end.day and exists(year, end.month, end.day) else None)


def _year_of(date: PartialDate, issue: dt.date, due: bool) -> int:
    if date.shift is not None and date.shift not in (COMING, PAST):
        return issue.year + date.shift
    if (told := _year_by_weekday(date, issue)) is not None:
        return told
    this = (date.month or 1, date.day or 1)
    later = this > (issue.month, issue.day if date.day else 1)
    if date.shift == PAST:
        return issue.year - (later or (not date.day and date.month == issue.month))
    if date.shift == COMING and not date.day:
        return issue.year + (not later)
    if due or date.shift == COMING:
        return issue.year + (this < (issue.month, issue.day if date.day else 1))
    soon = issue + dt.timedelta(days=_NEAR)
    return soon.year - (this > (soon.month, soon.day))


def _year_by_weekday(date: PartialDate, issue: dt.date) -> int | None:
    """Of this year, the last and the next the one in which the day is that day of the week."""
    if date.weekday is None or date.month is None or date.day is None:
        return None
    for year in (issue.year, issue.year - 1, issue.year + 1):
        if exists(year, date.month, date.day) and dt.date(year, date.month, date.day).weekday() == date.weekday:
            return year
    return None
