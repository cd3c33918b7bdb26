"""The year of a date that is printed without one."""

from __future__ import annotations

import datetime as dt

import pytest

from pipeline.normalise import find_dates, find_deadlines, find_issue_date, parse_date, resolve

ISSUE = dt.date(2023, 7, 7)


@pytest.mark.parametrize(
    ("text", "printed", "iso"),
    [
        ("2월 20일 베이징은", "2월 20일", "2023-02-20"),
        ("선정(6.16)", "6.16", "2023-06-16"),
        ("마련(6.25, 화)", "6.25", "2023-06-25"),
        ("개최(7.16)", "7.16", "2023-07-16"),
        ("개최(8.16)", "8.16", "2022-08-16"),
        ("7월 3일(월) 발표", "7월 3일", "2023-07-03"),
        ("11월 2일(목)부터", "11월 2일", "2023-11-02"),
        ("11月2日（星期三）", "11月2日", "2022-11-02"),
        ("지난 7월 23일 발표", "7월 23일", "2022-07-23"),
        ("지난 5월 3일 발표", "5월 3일", "2023-05-03"),
        ("on Thursday, 2 November", "2 November", "2023-11-02"),
        ("from 3 July", "3 July", "2023-07-03"),
        ("last 23 July", "23 July", "2022-07-23"),
        ("3.4.(화) 조간", "3.4.", "2023-03-04"),
        ("격리 단축(3.30.~)", "3.30.", "2023-03-30"),
        ("참여 기업(5.11일)이", "5.11", "2023-05-11"),
        ("3.5月31日前，依托", "5月31日", "2023-05-31"),
        ("3月15日", "3月15日", "2023-03-15"),
        ("12월 발표", "12월", "2022-12"),
        ("올해 12월 발표", "올해 12월", "2023-12"),
        ("지난해 5월 발표", "지난해 5월", "2022-05"),
        ("오는 9월 개최", "오는 9월", "2023-09"),
        ("on May 15 the", "May 15", "2023-05-15"),
    ],
)
def test_the_year_comes_from_the_issue(text: str, printed: str, iso: str) -> None:
    (date,) = find_dates(text)
    assert date.iso() is None
    assert resolve(date, None).iso() is None
    assert (text[date.start : date.end], resolve(date, ISSUE).iso()) == (printed, iso)


def test_a_leap_day_in_a_common_year_loses_its_day() -> None:
    (date,) = find_dates("2월 29일")
    assert resolve(date, ISSUE).iso() == "2023-02"


@pytest.mark.parametrize(
    ("raw", "issue", "value"),
    [
        ("21일", dt.date(2024, 5, 21), "2024-05-21"),
        ("28일", dt.date(2024, 3, 4), "2024-02-28"),
        ("5일", dt.date(2024, 3, 4), "2024-03-05"),  # released the day before
        ("1일", dt.date(2024, 7, 31), "2024-08-01"),
        ("1월 3일", dt.date(2023, 12, 28), "2024-01-03"),
        ("12월 20일", dt.date(2024, 1, 5), "2023-12-20"),
        ("31일", dt.date(2024, 3, 4), None),  # February has none
        ("21일", None, None),
        ("26.1.7", None, "2026-01-07"),
        ("26.13.7", None, None),
    ],
)
def test_days_alone_and_short_dates_with_points(raw: str, issue: dt.date | None, value: str | None) -> None:
    assert parse_date(raw, issue) == value


@pytest.mark.parametrize(
    ("text", "issue", "value"),
    [
        ("전면 확대가 시작된 2월 23일부터 2월 29일까지", dt.date(2024, 3, 13), "2024-02-29"),
        ("지난 4월 5일부터 4월 30일까지 신청을 받은", dt.date(2021, 5, 26), "2021-04-30"),
        ("8월23일부터 10월 11일까지는 운영하지 않는다", dt.date(2020, 11, 18), "2020-10-11"),
        ("12월 9일부터 12월 12일까지 접수한다", dt.date(2024, 9, 4), "2024-12-12"),
        ("12월 20일(금)부터 1월 10일까지", dt.date(2024, 12, 18), "2025-01-10"),
        ("11월 1일(금) 9시부터 11월 30일까지", dt.date(2024, 3, 1), "2024-11-30"),
        ("10월부터 12월까지", dt.date(2025, 1, 6), "2025-12"),  # months of a plan for the year
    ],
)
def test_a_span_of_days_ends_behind_its_beginning(text: str, issue: dt.date, value: str) -> None:
    ((found, _),) = find_deadlines(text, issue=issue)
    assert found == value


@pytest.mark.parametrize(
    ("before", "raw", "behind", "value"),
    [
        ("", "9월 30일", "", "2022-09-30"),
        ("", "9월 30일", "(토)에 연다", "2023-09-30"),
        ("on Saturday, ", "30 September", "", "2023-09-30"),
        ("", "9月30日", "（周六）", "2023-09-30"),
        ("", "9月30日", "（六）完善制度。", "2022-09-30"),  # the sixth item
        ("지난 ", "3월", "에 밝혔다", "2022-03"),
        ("오는 ", "3월 14일", "에 발표한다", "2024-03-14"),
        ("오는 ", "3월 15일", "(수)부터", "2023-03-15"),
        ("", "2021. 9. 30.", "(토)", "2021-09-30"),  # a year that is printed stays
    ],
)
def test_what_stands_beside_a_date_tells_its_year(before: str, raw: str, behind: str, value: str) -> None:
    assert parse_date(raw, dt.date(2023, 3, 15), beside=(before, behind)) == value


@pytest.mark.parametrize(("raw", "value"), [("9월", "2023-09"), ("2월 10일", "2024-02-10"), ("June 30", "2023-06-30")])
def test_a_day_by_which_something_is_done_is_to_come(raw: str, value: str) -> None:
    assert parse_date(raw, dt.date(2023, 3, 15), due=True) == value


@pytest.mark.parametrize(
    ("head", "body", "day"),
    [
        ("- 배포일: 01/10/2031 16:00:00", "환경부는 1월 10일 추진계획을 발표한다.", dt.date(2031, 1, 10)),
        ('approve_date: "03/05/2031 11:00"', "해수부는 5월 3일 대책을 발표했다.", dt.date(2031, 5, 3)),
        ("Date: 03/05/2031", "On 5 March the ministry launched the plan.", dt.date(2031, 3, 5)),
        ("- 배포일: 01/10/2031 16:00:00", "환경부는 추진계획을 발표한다.", None),
        ("- 배포일: 01/10/2031 16:00:00", "1월 10일에 시작해 10월 1일에 끝난다.", None),
        ("- 배포일: 01/10/2031 16:00:00", "2030년 1월 10일에 시작했다.", None),
    ],
)
def test_a_head_that_can_be_read_either_way_is_read_as_the_text_names_the_day(
    head: str, body: str, day: dt.date | None
) -> None:
    assert find_issue_date(f"# 추진계획\n\n{head}\n\n{body}\n") == day
