"""Numbers in words, parts of a whole, coins, ranges and signs: what is read, and what is spared."""

from __future__ import annotations

import pytest

from pipeline.normalise import find_quantities


@pytest.mark.parametrize(
    ("text", "printed", "value", "unit", "comparator"),
    [
        ("예산 삼천억 원을 투입", "삼천억 원", 300_000_000_000, "원", "eq"),
        ("기금 이백오십억 원 조성", "이백오십억 원", 25_000_000_000, "원", "eq"),
        ("인재 십만 명 양성", "십만 명", 100_000, "명", "eq"),
        ("가구당 일천만원 지원", "일천만원", 10_000_000, "원", "eq"),
        ("인력 오천 명 이상", "오천 명 이상", 5000, "명", "ge"),
        ("기업의 3분의 2 이상", "3분의 2 이상", 66.67, "%", "ge"),
        ("비용의 삼분의 일을 지원", "삼분의 일", 33.33, "%", "eq"),
        ("全国三分之二的县", "三分之二", 66.67, "%", "eq"),
        ("下降百分之70以上", "百分之70以上", 70, "%", "ge"),
        ("下降百分之三点五", "百分之三点五", 3.5, "%", "eq"),
        ("税率千分之五", "千分之五", 0.5, "%", "eq"),
        ("覆盖率八成以上", "八成以上", 80, "%", "ge"),
        ("占比六成五", "六成五", 65, "%", "eq"),
        ("자급률 7할 달성", "7할", 70, "%", "eq"),
        ("票价2.5折优惠", "2.5折", 25, "%", "eq"),
        ("培训十万余人", "十万余人", 100_000, "人", "approx"),
        ("投资一点二万亿元", "一点二万亿元", 1_200_000_000_000, "元", "eq"),
        ("train two million people", "two million people", 2_000_000, "people", "eq"),
        ("help one hundred SMEs", "one hundred SMEs", 100, "SMEs", "eq"),
        ("fund twenty-five projects", "twenty-five projects", 25, "projects", "eq"),
        ("three hundred and fifty firms", "three hundred and fifty firms", 350, "firms", "eq"),
        ("half of all firms", "half", 50, "%", "eq"),
        ("one third of firms", "one third", 33.33, "%", "eq"),
        ("a 10-fold rise", "10-fold", 10, "fold", "eq"),
        ("5,000+ SMEs trained", "5,000+ SMEs", 5000, "SMEs", "gt"),
        ("circa 50 plants", "circa 50 plants", 50, "plants", "approx"),
        ("AT LEAST 50% of homes", "AT LEAST 50%", 50, "%", "ge"),
        ("투자 8천여억원 유치", "8천여억원", 800_000_000_000, "원", "approx"),
        ("회원 2천여만 명", "2천여만 명", 20_000_000, "명", "approx"),
        ("생산 29만 천 890 미터톤", "29만 천 890 미터톤", 291_890, "미터톤", "eq"),
        ("低于负13.5千米", "低于负13.5千米", -13.5, "千米", "lt"),
        ("装机300万千瓦", "300万千瓦", 3_000_000, "千瓦", "eq"),
        ("装机300兆瓦", "300兆瓦", 300, "兆瓦", "eq"),
        ("요금 13 달러 45 센트 인상", "13 달러 45 센트", 13.45, "달러", "eq"),
        ("票价3元5角", "3元5角", 3.5, "元", "eq"),
    ],
)
def test_kinds_that_are_read(text: str, printed: str, value: float, unit: str, comparator: str) -> None:
    (q,) = find_quantities(text)
    assert (text[q.start : q.end], q.value, q.unit, q.comparator) == (printed, value, unit, comparator)


@pytest.mark.parametrize(
    "text",
    [
        "만일 개별 기업이",
        "구조 개선 방안",
        "일백",
        "사천성 명소",
        "이천시 대표단",
        "천안 개발",
        "제조 원가",
        "수십만 명",
        "3분의 2000",
        "十一又十四分之一",
        "成立一百周年",
        "三成立",
        "3할인",
        "一成不变",
        "打八折",
        "2折叠",
        "the first half of 2026",
        "one of the options",
        "a quarter of 2026",
        "three hundred hundred firms",
        "百人计划",
        "2千零30万元",
        "只要$20，300美圆",
        "1 회 5 마오 5",
        "02-2110-1234",
        "-5%가 되었다",
        "값이 <-30인 경우",
        "예산 100+α억 원",
    ],
)
def test_kinds_that_are_spared(text: str) -> None:
    assert find_quantities(text) == []


@pytest.mark.parametrize(
    ("text", "printed", "low", "high", "unit"),
    [
        ("a 30-40 percent cut", "30-40 percent", 30, 40, "%"),
        ("cut by 30 to 40 per cent", "30 to 40 per cent", 30, 40, "%"),
        ("between 30 and 40 %", "between 30 and 40 %", 30, 40, "%"),
        ("酒精量5-20%之间", "5-20%", 5, 20, "%"),
        ("从10%到20%", "10%到20%", 10, 20, "%"),
        ("培育两到三家企业", "两到三家", 2, 3, "家"),
        ("培育两三家企业", "两三家", 2, 3, "家"),
        ("培育三到五万家企业", "三到五万家", 30_000, 50_000, "家"),
        ("补助三十到五百万元", "三十到五百万元", 300_000, 5_000_000, "元"),
        ("培育三到五百家企业", "三到五百家", 300, 500, "家"),
        ("培育五千到一万家企业", "五千到一万家", 5_000, 10_000, "家"),
        ("培育五到一百家企业", "五到一百家", 5, 100, "家"),
        ("reach two to three million people", "two to three million people", 2_000_000, 3_000_000, "people"),
        ("fund fifty to two hundred firms", "fifty to two hundred firms", 50, 200, "firms"),
        ("기온 -5~10℃ 유지", "-5~10℃", -5, 10, "℃"),
        ("기온 -10~-5℃ 유지", "-10~-5℃", -10, -5, "℃"),
    ],
)
def test_ranges_in_words_and_signs(text: str, printed: str, low: float, high: float, unit: str) -> None:
    (q,) = find_quantities(text)
    assert (text[q.start : q.end], q.value, q.value_max, q.unit) == (printed, low, high, unit)


def test_half_of_a_change_whose_scale_is_said_once_has_no_value() -> None:
    assert [q.value for q in find_quantities("from two to three million people")] == [3_000_000]


def test_a_change_is_no_range() -> None:
    assert [q.value_max for q in find_quantities("from 10 % to 20 %")] == [None, None]
