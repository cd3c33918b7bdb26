"""Signs, scales and ends that tell what a number is, and without which it would be another."""

from __future__ import annotations

import pytest

from pipeline.normalise import find_quantities


def values(text: str) -> list[tuple[float | None, float | None]]:
    """Value and upper end of each number phrase."""
    return [tuple(None if v is None else float(v) for v in (q.value, q.value_max)) for q in find_quantities(text)]  # type: ignore[misc]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("세수 오차율 △4.1%", -4.1),
        ("기금 수입이 줄었다(전년 대비 ▲3.2%).", -3.2),
        ("법인세 수입 △8조 4천억원, 소득세는 늘었다", -8.4e12),
        ("취업자 수 증감 (-)8만 2천명", -82_000),
        ("growth is forecast at –0.4% in spring", -0.4),
        ("stored at –80 °C", -80),
        ("利润总额为-3.2亿元，由盈转亏", -3.2e8),
        ("同比增长-10.6%", -10.6),
        ("夜间气温将降至零下12℃", -12),
        ("백신은 영하 20℃에서 보관한다", -20),
        ("水泥产量 ▼9.5%", -9.5),
    ],
)
def test_a_sign_before_a_figure_is_a_minus(text: str, value: float) -> None:
    assert values(text) == [(value, None)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("▲30% 인하 등을 추진한다", 30),
        ("▲5개 도시를 고른다", 5),
        ("this competition –445 entries from schools – is open", 445),
    ],
)
def test_a_sign_before_an_item_or_a_clause_is_none(text: str, value: float) -> None:
    assert values(text)[0] == (value, None)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("Between €300 and €450 million is expected", 3e8, 4.5e8),
        ("avoided cleanup is put at $23 to $31 million", 2.3e7, 3.1e7),
        ("Grants between £5,000 and £60,000", 5000, 60_000),
        ("20명부터 25명까지 모집한다", 20, 25),
        ("最低气温-5℃至3℃", -5, 3),
    ],
)
def test_a_range_said_in_words_has_both_ends(text: str, low: float, high: float) -> None:
    assert values(text) == [(low, high)]


def test_a_change_is_no_range_and_three_of_what_no_value() -> None:
    assert values("fees rise by $4.60 to $1,149.00") == [(4.6, None), (1149, None)]
    assert values("up from $3 to $4 billion") == [(4e9, None)]
    assert values("2025년부터 매년 30명을 뽑는다") == [(30, None)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2 trillion 350 billion won will be lent", 2.35e12),
        ("금융자산은 1경 2,300조 원이다", 1.23e16),
        ("a fine of 500k euros", 500_000),
        ("a fund of £250k", 250_000),
    ],
)
def test_all_scales_of_a_number_count(text: str, value: float) -> None:
    assert values(text) == [(value, None)]


@pytest.mark.parametrize(
    "text",
    [
        "심야버스는 1시간 30분 간격으로 다닌다",
        "평균 2년 6개월이 걸린다",
        "it takes 3 hours 20 minutes",
        "직장인 10명 중 3명은 쓰지 못한다",
        "nine out of ten passengers",
        "three lakh seventy thousand artisans",
        "两市两个半小时通达",
        "降水量偏少二至四成",
        "Rs. Two thousand five hundred crore",
    ],
)
def test_a_part_of_a_whole_is_no_value_of_it(text: str) -> None:
    assert values(text) == []


def test_parts_that_are_counts_stay() -> None:
    assert values("每10万人213.6人") == [(213.6, None)]
    assert values("水庫蓄水率不到3成") == [(30, None)]
    assert values("위원 15명 중 8명을 여성으로 한다") == [(15, None), (8, None)]
    assert values("’25년 6개월 동안 시행한다") == [(6, None)]
