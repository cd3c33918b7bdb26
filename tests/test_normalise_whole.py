"""Numerals are read whole or not at all: thousands, scales, ranges, signs; what cannot be read whole has no value."""

from __future__ import annotations

import pytest

from pipeline.normalise import find_quantities, parse_quantity


@pytest.mark.parametrize(
    ("text", "printed", "value", "unit"),
    [
        ("인력 3천5백개", "3천5백개", 3500, "개"),
        ("인력 ３천５백34명 양성", "３천５백34명", 3534, "명"),
        ("예산 1조 4천100억원", "1조 4천100억원", 1_410_000_000_000, "원"),
        ("수출 2억 4천 7백만 달러", "2억 4천 7백만 달러", 247_000_000, "달러"),
        ("지원 1만 2천 345 달러", "1만 2천 345 달러", 12_345, "달러"),
        ("감축 4천200만t", "4천200만t", 42_000_000, "t"),
        ("发展2千5百万人", "2千5百万人", 25_000_000, "人"),
        ("建设一百五家", "一百五家", 150, "家"),
        ("建设一千二百家", "一千二百家", 1200, "家"),
        ("投资壹佰万元", "壹佰万元", 1_000_000, "元"),
        ("投资一亿二千万元", "一亿二千万元", 120_000_000, "元"),
        ("下降百分之三点五", "百分之三点五", 3.5, "%"),
        ("기온 변화 -1.5℃ 유지", "-1.5℃", -1.5, "℃"),
        ("증가율 −1.5%", "−1.5%", -1.5, "%"),
        ("attract $1.2trn", "$1.2trn", 1_200_000_000_000, "$"),
        ("출생률 35.6‰", "35.6‰", 35.6, "‰"),
        ("용량 300만㎾ 확보", "300만㎾", 3_000_000, "㎾"),
        ("at least 10 000 tonnes by 2030", "at least 10 000 tonnes", 10_000, "tonnes"),
        ("EUR 1 500 000 in grants", "EUR 1 500 000", 1_500_000, "EUR"),
        ("12\u00a0300 tonnes of it", "12\u00a0300 tonnes", 12_300, "tonnes"),
        ("by 2030 20 000 homes", "20 000 homes", 20_000, "homes"),
        ("특허 출원 10 000건 달성", "10 000건", 10_000, "건"),
        ("粮食产量1.3万亿斤以上", "1.3万亿斤以上", 1_300_000_000_000, "斤"),
        ("₹1,500 crore a year", "₹1,500 crore", 15_000_000_000, "₹"),
        ("Rs. 2 lakh crore", "Rs. 2 lakh crore", 2_000_000_000_000, "Rs."),
        ("for 5.5 lakh farmers", "5.5 lakh farmers", 550_000, "farmers"),
        ("NT$30 billion in loans", "NT$30 billion", 30_000_000_000, "NT$"),
        ("raise rates by 200 basis points", "200 basis points", 200, "basis points"),
    ],
)
def test_a_numeral_is_read_whole(text: str, printed: str, value: float, unit: str) -> None:
    (q,) = find_quantities(text)
    assert (text[q.start : q.end], q.value, q.unit) == (printed, value, unit)


@pytest.mark.parametrize(
    "text",
    [
        "3천5000명", "1 ,200개", "1,2 00개", "12 300명", "at least 12 300 tonnes", "120 300 450명", "create 12.000 jobs",
        "EUR 2,5 million", "at least 2,5 %", "3 in 10 people", "2 out of 3 firms", "a quarter of a million", "$5-$3",
        "경쟁률 8.5대 1로",
    ],
)  # fmt: skip
def test_a_part_of_a_numeral_is_never_a_value(text: str) -> None:
    assert find_quantities(text) == []


@pytest.mark.parametrize(
    "raw", ["1 ,200개", "1,2 00개", "12 300명", "create 12.000 jobs", "수출 △5% 감소", "3천5000명"]
)
def test_a_raw_numeral_that_cannot_be_read_whole_has_no_value(raw: str) -> None:
    quantity = parse_quantity(raw)
    assert quantity is not None and quantity.value is None and quantity.value_max is None


@pytest.mark.parametrize("text", ["금리를 30%대로 낮춘다", "오차 ±5%"])
def test_what_is_not_exact_has_no_value(text: str) -> None:
    assert all(q.value is None for q in find_quantities(text))


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("invest $3-4 billion", 3_000_000_000, 4_000_000_000),
        ("grants of €10 billion-€12 billion", 10_000_000_000, 12_000_000_000),
        ("US$ 2–3.5 million a year", 2_000_000, 3_500_000),
        ("$30-a-day", 30, None),
    ],
)
def test_money_behind_its_sign_has_both_ends(text: str, low: int, high: int | None) -> None:
    (q,) = find_quantities(text)
    assert (q.value, q.value_max) == (low, high)


@pytest.mark.parametrize(("raw", "value"), [("(△5.2%)", -5.2), ("▲1,200", -1200), ("△3.1%", -3.1)])
def test_a_triangle_in_brackets_or_alone_in_a_cell_is_a_minus(raw: str, value: float) -> None:
    quantity = parse_quantity(raw)
    assert quantity is not None and quantity.value == value


def test_a_hyphen_that_opens_a_line_is_a_bullet() -> None:
    (q,) = find_quantities("-5개 기관을 육성")
    assert (q.value, q.start) == (5, 1)


def test_ends_of_a_range_are_read_whole() -> None:
    (q,) = find_quantities("월 3만5000~5만5000원 지원")
    assert (q.value, q.value_max, q.unit) == (35_000, 55_000, "원")


def test_about_in_a_bracketed_conversion_is_not_about_the_amount() -> None:
    quantity = parse_quantity("1,500억원(약 10억 달러)")
    assert quantity is not None and (quantity.value, quantity.comparator) == (150_000_000_000, "eq")


@pytest.mark.parametrize("raw", ["±5", "±5%", "5~", "5 ~", "100개~"])
def test_a_tolerance_and_an_open_end_have_no_exact_value(raw: str) -> None:
    quantity = parse_quantity(raw)
    assert quantity is not None and (quantity.value, quantity.value_max) == (None, None)
    assert [q.value for q in find_quantities(f"보도 {raw} 정비")] in ([], [None])


@pytest.mark.parametrize(("raw", "value"), [("10 000", 10_000), ("1 500 000", 1_500_000), ("12\u00a0300", 12_300)])
def test_a_cell_with_thousands_set_apart_is_one_number(raw: str, value: int) -> None:
    quantity = parse_quantity(raw)
    assert quantity is not None and quantity.value == value
