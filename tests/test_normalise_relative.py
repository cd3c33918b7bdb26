"""Dates counted from the issue or by an era, other orders of day and month, and deadlines told by such words."""

from __future__ import annotations

import datetime as dt

import pytest

from pipeline.ground.quotes import apostrophe_before
from pipeline.normalise import find_dates, find_deadline, parse_date, resolve
from pipeline.normalise.relative import MONTHS, YEARS

ISSUE = dt.date(2025, 6, 25)
DATES = {
    "2025": (
        "민국 114년",
        "단기 4358년",
        "主体114年",
        "올 하반기",
        "금년 중",
        "'25 회계연도",
        "'25.上",
        "25년 하반기",
        "二〇二五年",
    ),
    "2020": ("(20년)", "20년)", "'20"),
    "2023": ("前年", "재작년"),
    "2027": ("내후년", "后年"),
    "2023-03": ("前年3月",),
    "2023-12": ("재작년 12월",),
    "2027-03": ("내후년 3월", "후년 3월", "后年3月"),
    "2026-03-01": ("令和8年3月1日", "民國115年3月1日", "민국 115년 3월 1일", "단기 4359년 3월 1일"),
    "2018-04-01": ("平成30年4月1日",),
    "2024-11-05": ("민국 113년 11월 5일",),
    "2025-06-25": ("지난 25일", "25/06/2025", "06-25-2025", "20250625", "수요일(25일)", "本月25日", "2025. 6. 25.(수)"),
    "2025-05-03": ("지난달 3일", "上月3日"),
    "2025-07-03": ("다음 달 3일", "내달 3일"),
    "2025-09-05": ("5-Sep-2025",),
    "2015-05": ("15.5월",),
    "2007": ("07년도", "07 年"),
    "1978-09-21": ("9월 21일 1978", "9월 21일, 1978"),
    "2018-12": ("2018年十二月", "2018年 十二月"),
    "1789-01-29": ("1789-01-29",),
    # which year is meant is not told, or not by these tables: never the issue's
    None: (
        "다음 해 3월",
        "새해 3월",
        "2568年6月25日",
        "康熙二十年9月",
        "令和元年5月1日",
        "3-7-2017",
        "2200년 3월",
        "1234.12",
    ),
}


@pytest.mark.parametrize(("raw", "value"), [(raw, value) for value, raws in DATES.items() for raw in raws])
def test_a_raw_date(raw: str, value: str | None) -> None:
    assert parse_date(raw, ISSUE) == value


@pytest.mark.parametrize("word", ["민국 115년", "2568年", "康熙二十年", "令和元年", "다음 해 "])
def test_a_month_behind_another_year_never_takes_that_of_the_issue(word: str) -> None:
    values = [resolve(date, ISSUE).iso() for date in find_dates(f"개정 {word}3월 1일 시행")]
    assert all(value is None or not value.startswith("2025") for value in values)


@pytest.mark.parametrize("words", [YEARS, MONTHS])
def test_no_word_has_two_distances(words: dict[int, tuple[str, ...]]) -> None:
    every = [word for row in words.values() for word in row]
    assert len(every) == len(set(every))


def test_a_word_of_years_joins_its_month_in_a_line() -> None:
    text = "시는 내후년 3월 착공한다"
    (date,) = find_dates(text)
    assert (text[date.start : date.end], resolve(date, ISSUE).iso()) == ("내후년 3월", "2027-03")


@pytest.mark.parametrize("text", ["한국의 단기 2년 과정", "참여주체 3곳", "대한민국 15년사", "올바른 하반기"])
def test_words_that_only_look_like_eras(text: str) -> None:
    assert find_dates(text) == []


DEADLINES = {
    "2025": ("금년 중", "by the end of this year"),
    "2025-09": ("9월까지",),
    "2025-10": ("10月底前", "10月中旬以前"),
    "2025-12": ("12월 말까지",),
    "2025-12-31": ("12月31日前",),
    "2026": ("’26.上까지", "by FY2026", "내년 연내", "by next year", "今明两年内"),
    "2026-03": ("3월까지",),
    "2026-12": ("by Dec 2026",),
    "2027": ("내후년까지", "后年底前", "by FY 2026/27"),
    "2027-03": ("내후년 3월까지",),
    "2030": (
        "until 2030",
        "through 2030",
        "until the end of 2030",
        "by the year 2030",
        "2030학년도까지",
        "2030회계연도까지",
    ),
    "2031": ("by 2030/31",),
    "2035": ("향후 5년간", "’26~’35년", "2026-2035년간", "2026∼2035년"),
    None: (
        "截止2024年底前，已建成",
        "지난 3월까지",
        "올해 상반기 내수",
        "올해 중국",
        "from 2026 to 2030",
        "10月前后",
        "截至5月底前",
    ),
}


@pytest.mark.parametrize(("text", "value"), [(text, value) for value, texts in DEADLINES.items() for text in texts])
def test_deadlines_by_words(text: str, value: str | None) -> None:
    found = find_deadline(text, period_end=2035, issue=ISSUE)
    assert (found[0] if found else None) == value


def test_a_quote_of_a_year_that_begins_one_sign_late_takes_its_apostrophe() -> None:
    text = "‘22년 3월 착수, ’11.12 개통, 2022년 22년"
    for quote, start in (("22년 3월", 0), ("11.12", text.index("’"))):
        assert apostrophe_before(text, start + 1, 0) == start, quote
    assert apostrophe_before(text, 1, 1) == 1  # the unit begins behind it
    plain = text.index("2022년") + 2
    assert apostrophe_before(text, plain, 0) == plain
