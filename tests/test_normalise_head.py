"""The document's own head and foot: its fields with their places, and which of its dates is that of issue."""

from __future__ import annotations

import datetime as dt

import pytest

from pipeline.normalise import find_issue_date, find_issue_year, parse_date
from pipeline.normalise.head import read_head

POSTED = "关于做好海岛供电工作的通知发文机构：某省能源局发布时间：{posted}发文字号：某能〔{year}〕12号政策类型：政策文件来源：http://x\n各市：\n现将有关事项通知如下。\n"
"""A notice as portals print it: its fields one behind the other in the line of its title."""


def fields(text: str) -> dict[str, str]:
    return {field.kind: text[field.start : field.end] for field in read_head(text)}


def test_fields_printed_one_behind_the_other_end_where_the_next_begins() -> None:
    found = fields(POSTED.format(posted="2015-08-13", year=2015))
    assert found == {"issuer": "某省能源局", "posted": "2015-08-13", "number": "某能〔2015〕12号"}


@pytest.mark.parametrize(
    ("signature", "date"),
    [
        ("某省能源局2015年8月10日", dt.date(2015, 8, 10)),
        ("某省能源局二○一五年八月十日", dt.date(2015, 8, 10)),
        ("某省能源局二О一五年八月十日（此件公开发布）", dt.date(2015, 8, 10)),
        ("联系电话：123-4567某省能源局2015年8月10日附件：1.样表", dt.date(2015, 8, 10)),
        ("某省能源局2015年8月10日某省海岛供电工作方案", dt.date(2015, 8, 10)),  # the next title stands in the same line
        ("某省能源局\n2015年8月10日\n", dt.date(2015, 8, 10)),
        ("第九条本办法由某省能源局2015年8月10日起施行。", dt.date(2015, 8, 13)),
        ("请于2015年12月5日前报送。", dt.date(2015, 8, 13)),
        ("根据国务院2015年5月4日发布的决定办理。", dt.date(2015, 8, 13)),
        # Line ends were lost: the head's issuer signs, alone or with others, and a title follows.
        ("附件：海岛供电（1－3）号工作方案某省能源局2015年8月10日第一条为了做好供电", dt.date(2015, 8, 10)),
        ("电话：1234某省能源局某省海洋局二○一五年八月十日海岛供电工作方案第一条", dt.date(2015, 8, 10)),
        ("附件：1.样表《海岛供电办法（试行）》二○一五年八月十日", dt.date(2015, 8, 10)),
        ("方案（2015）经某省能源局2015年8月10日会议通过。", dt.date(2015, 8, 13)),
        ("某省能源局2009年3月1日", dt.date(2015, 8, 13)),  # not of the number's year: another document's
    ],
)
def test_a_signature_tells_the_day_of_a_notice_else_the_posting(signature: str, date: dt.date) -> None:
    assert find_issue_date(POSTED.format(posted="2015-08-13", year=2015) + signature) == date


def test_a_posting_of_another_year_or_the_first_of_january_is_not_the_day_of_issue() -> None:
    archived, default = POSTED.format(posted="2009-07-20", year=2006), POSTED.format(posted="2021-01-01", year=2021)
    assert (find_issue_date(archived), find_issue_year(archived)) == (None, 2006)
    assert (find_issue_date(default), find_issue_year(default)) == (None, 2021)
    assert find_issue_date(default + "某省能源局2021年10月15日") == dt.date(2021, 10, 15)
    assert find_issue_date(archived + "某省能源局一九九八年六月六日") is None


@pytest.mark.parametrize(
    ("line", "date"),
    [
        ("Brussels, 2.7.2025", dt.date(2025, 7, 2)),
        ("EUROPEAN COMMISSION  Brussels, 2.7.2025  COM(2025) 378 final", dt.date(2025, 7, 2)),
        ("Strasbourg, 10 December 2025", dt.date(2025, 12, 10)),
        ("Version 2.7.2025", None),
    ],
)
def test_english_heads(line: str, date: dt.date | None) -> None:
    assert find_issue_date(f"{line}\n\nA plan for islands was set out.\nIt runs for years.\n") == date


@pytest.mark.parametrize(
    ("head", "year"),
    [
        ("섬 정책 주간 브리프   2025년 제21호", 2025),
        ("섬 정책 동향        2026-06호   | 지역 |", 2026),
        ("海岛周报 2025年第3期", 2025),
        ("섬 지역 2025년 전력 계획", None),
    ],
)
def test_a_masthead_tells_the_year(head: str, year: int | None) -> None:
    text = f"{head}\n\n1. 새솔시, 전력 자립 계획 발표(6.25)\n- 새솔시는 계획을 발표했다.\n"
    assert (find_issue_date(text), find_issue_year(text)) == (None, year)


def test_a_day_without_a_year_is_in_the_year_of_the_head() -> None:
    assert parse_date("7월 22일", None, 2025) == "2025-07-22"
    assert parse_date("(6.25)", None, 2025) == "2025-06-25"
    assert parse_date("7월 22일", dt.date(2025, 3, 1), 2025) == "2024-07-22"  # the day of issue knows better
    assert parse_date("지난해 3월", None, None) is None


def test_a_day_that_comes_shortly_behind_one_that_is_told() -> None:
    told = "# 한부모가족 지원\n\n- 배포일: 04/11/2033 00:00:00\n\n해온부는 4월 10일(월) 회의에서 ‘한부모가족 계획’을 의결했다고 밝혔다.\n"
    assert find_issue_date(told) == dt.date(2033, 4, 11)
    assert find_issue_date(told.replace("4월 10일(월)", "7월 10일(월)")) is None


def test_a_day_alone_settles_a_head_that_can_be_read_either_way() -> None:
    head = "# 안개숲 복원\n\n- 배포일: 12/05/2033 00:00:00\n\n해온청은 5일 ‘안개숲 복원 계획’을 발표했다.\n"
    assert find_issue_date(head) == dt.date(2033, 12, 5)
    assert find_issue_date(head.replace("5일", "12일")) == dt.date(2033, 5, 12)
    assert find_issue_date(head.replace("5일", "7일")) is None
    assert find_issue_date(head.replace("5일 ", "5일간 ")) is None
