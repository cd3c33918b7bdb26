"""Dates, the document's own date, periods and five-year plans, deadlines: what counts, and what must not."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from pipeline.normalise import (
    find_dates,
    find_deadline,
    find_deadlines,
    find_issue_date,
    find_period,
    find_plan_mentions,
    parse_date,
    plan_period,
)

ISSUE = dt.date(2023, 7, 7)
SEEDS = Path(__file__).parent.parent / "seeds"


@pytest.mark.parametrize(
    ("text", "printed", "iso"),
    [
        ("2023년 6월 25일 발표", "2023년 6월 25일", "2023-06-25"),
        *[(f"{mark}23년 6월", f"{mark}23년 6월", "2023-06") for mark in "'’‘ʼ＇`´"],
        ("(’23.6.25)", "’23.6.25", "2023-06-25"),
        ("협정 체결('19.6.)", "'19.6.", "2019-06"),
        ("발행 2023. 7. 7", "2023. 7. 7", "2023-07-07"),
        ("2023.07.07 12:00", "2023.07.07", "2023-07-07"),
        ("1. 푸둥신구 1992.10 11.", "1992.10", "1992-10"),
        ("国务院于2024年3月15日印发", "2024年3月15日", "2024-03-15"),
        ("二〇二四年三月十五日", "二〇二四年三月十五日", "2024-03-15"),
        ("一九九八年六月六日", "一九九八年六月六日", "1998-06-06"),
        ("1.2015年河北省中职学校", "2015年", "2015"),
        ("FEB 4, 2025", "FEB 4, 2025", "2025-02-04"),
        ("on March 15, 2024 the", "March 15, 2024", "2024-03-15"),
        ("on 15 March 2024 the", "15 March 2024", "2024-03-15"),
        ("updated 2024-03-15.", "2024-03-15", "2024-03-15"),
        ("2024/03/15 게시", "2024/03/15", "2024-03-15"),
        ("２０２３년 ６월", "２０２３년 ６월", "2023-06"),
        ("2025년도 예산", "2025년도", "2025"),
        ("’25.3월 시행", "’25.3월", "2025-03"),
        ("25.3.4.(화) 배포", "25.3.4.", "2025-03-04"),
    ],
)
def test_dates_with_a_year(text: str, printed: str, iso: str) -> None:
    (date,) = find_dates(text)
    assert (text[date.start : date.end], date.iso()) == (printed, iso)


@pytest.mark.parametrize(
    "text",
    [
        "‘14.5’ 계획",
        "'14.5 국가 산업",
        "(14.5)",
        "단축(2.5일)",
        "’21. 8천톤",
        "반민반관(1.5트랙)",
        "(1.5~2.0%)",
        "一九九八",
        "3개월이 걸렸다",
        "원주율 3.14",
        "13월 45일",
        "2월 30일",
        "2024-13-45",
        "https://www.safea.gov.cn/bj/201801/t20180102_137325.html",
        "http://www.cnipa.gov.cn/art/2024/3/18/art_66.html",
        "(100015)",
        "5G",
        "2023.5억",
        "10년간",
        "제31회",
        "May we go",
        "1+4",
        "86)10-6410-7876",
    ],
)
def test_no_dates(text: str) -> None:
    assert find_dates(text) == []


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("최근", None),
        ("日前", None),
        ("近日", None),
        ("최근 3월", None),
        ("지난해", "2022"),
        ("작년", "2022"),
        ("올해", "2023"),
        ("금년", "2023"),
        ("去年", "2022"),
        ("今年", "2023"),
        ("6.25", "2023-06-25"),
        ("(6.25)", "2023-06-25"),
        ("'23", "2023"),
        ("2023", "2023"),
        ("2월 20일", "2023-02-20"),
        ("6월 4~6일", "2023-06-04"),
        ("'27.1분기", "2027"),
        ("’27. 1/4분기", "2027"),
        ("2027.1분기", "2027"),
        ("'27.1", "2027-01"),
        ("익년 1월", None),
        ("2030년대 초", None),
        ("2030년대비", "2030"),
        ("2030年代", None),
        ("", None),
        ("계획", None),
    ],
)
def test_raw_dates(raw: str, value: str | None) -> None:
    assert parse_date(raw, ISSUE) == value


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("| 발 행 일 | 2023. 7. 7\n| 발 행 인 | 홍길동", (2023, 7, 7)),
        ("2020.03.20. | 지역정보\n## 제목", (2020, 3, 20)),
        ("보도시점 2025. 3. 4.(화) 조간", (2025, 3, 4)),
        ("<배포일시> 2025. 3. 4. 10:00", (2025, 3, 4)),
        ("2026년 01월 04일 14:49\n본문", (2026, 1, 4)),
        ("发布日期：2024-03-15", (2024, 3, 15)),
        ("Publication date: 9 April 2025", (2025, 4, 9)),
        ("Brussels, 9 April 2025\n", (2025, 4, 9)),
        ("발행일\n2024.3.1", (2024, 3, 1)),
        ("국무원판공청\n2024年3月15日\n附件", (2024, 3, 15)),
        ("발행 2024. 2.", (2024, 2, 29)),
        ("보도시점 2025. 3. 4.\n\n| 발행일 | 2025. 3. 5", (2025, 3, 5)),
    ],
)
def test_issue_dates(text: str, date: tuple[int, int, int]) -> None:
    assert find_issue_date(text) == dt.date(*date)


@pytest.mark.parametrize(
    "text",
    [
        "2023년 6월 25일 발표했다",
        "원문발표일: 2023-06-25",
        "출처: 중국고신망 (03.14)",
        "국채 발행 2025. 3. 4. 시작",
        "시행일 2024. 3. 1.",
        "발행 2024년 3월 1일부터 채권을 시장에 공급하는 계획",
        "발행인 | 2024",
        "",
        "‘23년 5월 기준",
    ],
)
def test_no_issue_date(text: str) -> None:
    assert find_issue_date(text) is None


@pytest.mark.parametrize(
    ("seed", "date"),
    [("000", (2020, 3, 20)), ("002", (2023, 7, 7)), ("003", (2026, 1, 4)), ("004", (2024, 3, 29))],
)
def test_issue_dates_of_the_seeds(seed: str, date: tuple[int, int, int]) -> None:
    (path,) = SEEDS.glob(f"{seed}_*.txt")
    assert find_issue_date(path.read_text("utf-8-sig")) == dt.date(*date)


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("총체발전계획('22~'35)", (2022, 2035)),
        ("행동계획(2023-2025)", (2023, 2025)),
        ("（2022—2035年）", (2022, 2035)),
        ("2021～2023年", (2021, 2023)),
        ("(2021~2023)", (2021, 2023)),
        ("’26∼’30년", (2026, 2030)),
        ("'26~30년", (2026, 2030)),
        ("2024–2030", (2024, 2030)),
        ("2023년부터 2025년까지", (2023, 2025)),
        ("(~'30)", (None, 2030)),
        ("(2024~)", (2024, None)),
        ("2021.1~2025.12", (2021, 2025)),
        ("from 2024 to 2030", (2024, 2030)),
        ("2021-25년", (2021, 2025)),
        ("Clean Water Plan 2026-27", (2026, 2027)),
        ("2026∼28", (2026, 2028)),
        ("2026―2030年", (2026, 2030)),
    ],
)
def test_periods(text: str, years: tuple[int | None, int | None]) -> None:
    found = find_period(text)
    assert found is not None
    assert found[:2] == years
    assert text[slice(*found[2])].strip("()（） ") == text[slice(*found[2])]


@pytest.mark.parametrize(
    "text", ["2024-03-15", "TEL 6410-7876", "2024-03", "1~2개", "2025~2021", "14.5", "32~35", "2023년"]
)
def test_no_periods(text: str) -> None:
    assert find_period(text) is None


@pytest.mark.parametrize(
    ("text", "printed", "years"),
    [
        ("국가 '14·5 로봇", "14·5", (2021, 2025)),
        ("“14.5” 과학기술", "14.5", (2021, 2025)),
        ("'14.5 국가 산업", "14.5", (2021, 2025)),
        ("‘15.5’시기는", "15.5", (2026, 2030)),
        ("15·5 중점계획", "15·5", (2026, 2030)),
        ("14차 5개년 기간", "14차 5개년", (2021, 2025)),
        ("“제14차 5개년 계획”", "제14차 5개년 계획", (2021, 2025)),
        ("'13차 5개년' 기간", "13차 5개년", (2016, 2020)),
        ("十四五规划", "十四五", (2021, 2025)),
        ("“十五五”时期", "十五五", (2026, 2030)),
        ("第十四个五年规划", "第十四个五年规划", (2021, 2025)),
        ("the 14th Five-Year Plan", "14th Five-Year Plan", (2021, 2025)),
        ("Fifteenth Five-Year Plan", "Fifteenth Five-Year Plan", (2026, 2030)),
    ],
)
def test_plans(text: str, printed: str, years: tuple[int, int]) -> None:
    (span,) = find_plan_mentions(text)
    assert (text[slice(*span)], plan_period(text)) == (printed, years)


@pytest.mark.parametrize(
    "text",
    [
        "14.5%",
        "14.5만 개",
        "114.5",
        "14.55",
        "3.14.5",
        "二十四五",
        "(12.5)",
        "14.5 GW",
        "14.5톤",
        "2014.5",
        "제3차 기본계획",
    ],
)
def test_no_plans(text: str) -> None:
    assert find_plan_mentions(text) == []
    assert plan_period(text) is None


@pytest.mark.parametrize(
    ("text", "value", "printed"),
    [
        ("'25년까지 첨단 로봇", "2025", "'25년까지"),
        ("2027년말까지 고수준", "2027", "2027년말까지"),
        ("2030年前实现", "2030", "2030年前"),
        ("到2025年，", "2025", "到2025年"),
        ("by 2030", "2030", "by 2030"),
        ("by the end of 2027", "2027", "by the end of 2027"),
        ("'25년 목표", "2025", "'25년 목표"),
        ("2025년 전까지", "2025", "2025년 전까지"),
        ("2025년 6월까지", "2025-06", "2025년 6월까지"),
        ("by June 2026", "2026-06", "by June 2026"),
        ("2025年底前", "2025", "2025年底前"),
        ("('24) 50개 → ('27) 100개", "2027", "'27"),
        ("10개 → 100개(’27)", "2027", "’27"),
        ("“14·5” 말까지", "2025", "14·5” 말까지"),
        ("'25~'30년까지", "2030", "'30년까지"),
        ("올해 말까지", "2023", "올해 말까지"),
        ("내년까지", "2024", "내년까지"),
        ("3년 내", "2035", "3년 내"),
        ("2024년 상반기까지", "2024", "2024년 상반기까지"),
        ("목표연도: 2030", "2030", "목표연도: 2030"),
        ("by 2026-27", "2027", "by 2026-27"),
        ("by FY2027/28", "2028", "by FY2027/28"),
        ("by 2027-06-30, at the latest", "2027-06-30", "by 2027-06-30"),
        ("충전소 보급 확대(~’28)", "2028", "~’28"),
        ("거점 구축 (∼ 2028년)", "2028", "∼ 2028년"),
    ],
)
def test_deadlines(text: str, value: str, printed: str) -> None:
    found = find_deadline(text, period_end=2035, issue=ISSUE)
    assert found is not None
    assert (found[0], text[slice(*found[1])]) == (value, printed)


@pytest.mark.parametrize(
    "text",
    [
        "2024년부터",
        "'23년 5월 기준",
        "截至2025年底",
        "2023년 내수시장",
        "2024년 발표",
        "达到2025个",
        "2022年前后",
        "14·5 기간 중점",
        "제3차",
        "between 2021 and 2025",
        "by the early 2030s",
        "by 2026-2030",
        "2030년 전망",
        "2024년 말 기준",
        "최근 5년(2018~2022년) 평균 대비",
        "2018~2022년간 평균",
        "’18~’22년 실적",
        "2018~2022년생 청년",
        "5개년 계획",
        "수소경제 기본계획(’24~’28)",
        "추진 실적(~’24.6월)",
    ],
)
def test_no_deadlines(text: str) -> None:
    assert find_deadline(text, period_end=2035) is None


def test_a_span_of_years_needs_the_policy_period() -> None:
    assert find_deadline("3년 내 100개 육성") is None
    assert find_deadlines("'27년까지 10개, '30년까지 30개")[1] == ("2030", (12, 18))


@pytest.mark.parametrize(
    ("head", "date"),
    [
        ("환경부(2019.5.31)- 플라스틱 발생량 절반으로 줄인다", dt.date(2019, 5, 31)),
        ("2024.11.07 농림축산식품부", dt.date(2024, 11, 7)),
        ("MARCH 6, 2024", dt.date(2024, 3, 6)),
        ("작성자 : KOTRA 작성일 날짜 : 2023-06-16", None),  # one of several fields: not the line's own
    ],
)
def test_who_and_when_before_the_headline(head: str, date: dt.date | None) -> None:
    assert find_issue_date(f"{head}\n\n하천을 정비하는 계획이 나왔다.\n노후 하수관을 교체한다.\n") == date


def test_a_span_of_years_that_were_over_is_no_deadline() -> None:
    text = "2018~2022년 낡은 보도 14km 정비"
    assert find_deadline(text, issue=dt.date(2026, 3, 2)) is None
    assert find_deadline(text, issue=dt.date(2018, 3, 2)) == ("2022", (0, 10))
    assert find_deadline("2026~2030년 생산 100만 대", issue=dt.date(2026, 3, 2)) == ("2030", (0, 10))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2040 해온 온실가스 감축목표 달성", "2040"),
        ("2030 부문별 감축목표", "2030"),
        ("2030 청년 고용 목표", None),
        ("감축목표('28년 比 △40%)", None),
        ("감축목표('28년 대비 40%)", None),
        ("감축목표('28년): 40%", "2028"),
    ],
)
def test_the_year_of_targets_and_the_year_they_are_compared_with(text: str, value: str | None) -> None:
    found = find_deadline(text)
    assert (found[0] if found is not None else None) == value
