"""Signs without width inside numbers and dates: the value is that of the visible text, the span keeps the sign."""

from __future__ import annotations

import pytest

from pipeline.normalise import find_dates, find_deadline, find_quantities, parse_date, parse_quantity
from pipeline.normalise.edges import cuts_number
from tests.test_draft import policies


@pytest.mark.parametrize("sign", ["\u200b", "\u00ad", "\u2060", "\ufeff"])
def test_values_and_spans(sign: str) -> None:
    text = f"거점 5{sign}0개를 20{sign}30년까지, 비중 70{sign}% 이상"
    found = [(text[q.start : q.end], q.value, q.unit) for q in find_quantities(text)]
    assert found == [(f"5{sign}0개", 50, "개"), (f"70{sign}% 이상", 70, "%")]
    (date,) = find_dates(text)
    assert (text[date.start : date.end], date.iso()) == (f"20{sign}30년", "2030")
    deadline = find_deadline(text)
    assert deadline is not None and deadline[0] == "2030" and text[slice(*deadline[1])] == f"20{sign}30년까지"
    raw = parse_quantity(f"5{sign}0개")
    assert raw is not None and raw.value == 50 and parse_date(f"2025년 6월 2{sign}5일") == "2025-06-25"


def test_a_quote_may_not_begin_behind_such_a_sign_inside_a_number() -> None:
    assert cuts_number("거점 5\u200b0개를", 5, 7, number=True)
    assert not cuts_number("거점 \u200b50개를", 4, 7, number=True)


def test_a_target_keeps_the_sign_in_its_span() -> None:
    brief = "1. 가람시, ‘로봇산업 육성계획’ 발표(6.25)\n\n□ 가람시는 ‘로봇산업 육성계획’을 발표\n○ ’30년까지 거점 5\u200b0개 구축\n"
    (policy,) = policies(brief)
    (target,) = policy.targets
    assert (target.raw.text, target.value, target.indicator.text) == ("5\u200b0개", 50, "거점")
