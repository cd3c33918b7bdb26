"""What a raw span or a cell holds alone: read with its sign, or null."""

from __future__ import annotations

import pytest

from pipeline.normalise import parse_quantity
from schemas.vocabulary import Comparator


@pytest.mark.parametrize(
    ("raw", "value", "comparator"),
    [
        ("-1", -1, "eq"),
        ("−9.23", -9.23, "eq"),
        ("-123,456", -123_456, "eq"),
        ("(-5)", -5, "eq"),
        ("负10000", -10_000, "eq"),
        (".08", 0.08, "eq"),
        ("-.5", -0.5, "eq"),
        ("<-30", -30, "lt"),
        ("≤ 5.2", 5.2, "le"),
        ("4천 3백", 4300, "eq"),
        ("一百五十", 150, "eq"),
        ("四千万零五十", 40_000_050, "eq"),
        ("삼천오백", 3500, "eq"),
        ("1,234*", 1234, "eq"),
        ("2,014.10", 2014.1, "eq"),
        ("2014.13", 2014.13, "eq"),
        ("24.6", 24.6, "eq"),
    ],
)
def test_a_cell_is_read_with_its_sign(raw: str, value: float, comparator: str) -> None:
    read = parse_quantity(raw)
    assert read is not None and (read.value, read.comparator) == (value, Comparator(comparator))


@pytest.mark.parametrize(
    "raw", ["- 5", "– 5", "100 >=", "< = 100", ".1,200", "12 300", "2千零30万", "2014.10", "2024.3.", "'24.6", "’25.12"]
)
def test_a_cell_whose_sign_or_size_is_unclear_or_that_may_be_a_month_is_null(raw: str) -> None:
    read = parse_quantity(raw)
    assert read is not None and read.value is None


@pytest.mark.parametrize(
    ("raw", "value", "high", "unit"),
    [
        ("5 (10%)", 5, None, None),
        ("1,234(5.6%)", 1234, None, None),
        ("30（百分之二十）", 30, None, None),
        ("100개 → 200개", 200, None, "개"),
        ("12% ⇒ 25%", 25, None, "%"),
        ("12% → 25개", 12, None, "%"),
        ("만19세이상 34세이하", 19, 34, "세"),
        ("100명 이상 300명 이하", 100, 300, "명"),
        ("100명 이상, 여성 30명 이하", 100, None, "명"),
    ],
)
def test_a_span_of_two_numbers(raw: str, value: float, high: float | None, unit: str | None) -> None:
    read = parse_quantity(raw)
    assert read is not None and (read.value, read.value_max, read.unit) == (value, high, unit)


@pytest.mark.parametrize("raw", ["—", "구조", "이천", "x>10", "5-3", "표 3"])
def test_a_cell_without_a_number(raw: str) -> None:
    assert parse_quantity(raw) is None
