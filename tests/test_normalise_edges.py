"""A span that begins or ends inside a numeral is refused, and draft counts quotes as ground does."""

from __future__ import annotations

import pytest

from pipeline.normalise import find_quantities
from pipeline.normalise.edges import cuts_number
from tests.test_draft import policies


@pytest.mark.parametrize(
    ("text", "quote", "cut"),
    [
        ("인력 3천500명을 양성", "천500명", True),  # begins at a scale letter
        ("인력 3천500명을 양성", "500명", True),
        ("인력 3천500명을 양성", "3천500명", False),
        ("인력 3천500명을 양성", "명", False),
        ("예산 1조 4천100억원", "4천100억원", True),
        ("예산 이억 삼천만 원", "삼천만 원", True),
        ("예산 이억 삼천만 원", "이억", True),
        ("예산이 삼천만 원", "삼천만 원", False),
        ("总投资一百五十万元", "五十万元", True),
        ("总投资一百五十万元", "一百五十万元", False),
        ("fund twenty-five firms", "five firms", True),
        ("fund one hundred and five firms", "five firms", True),
        ("fund one hundred and five firms", "one hundred", True),
        ("fund five firms", "five firms", False),
        ("총 5조\n1,929억원을 투자", "1,929억원", True),  # a line end parts the sum
        ("총 5조\n1,929억원을 투자", "5조", True),
        ("총 5조\n1,929억원을 투자", "5조\n1,929억원", False),
        ("총 5조\n 1,929억원을 투자", "1,929억원", True),
        ("매출 3,\n500억원", "500억원", True),
        ("투자 30억\n기업 20개", "20개", False),
    ],
)
def test_no_part_of_a_numeral_is_a_number_phrase(text: str, quote: str, cut: bool) -> None:
    start = text.index(quote)
    assert cuts_number(text, start, start + len(quote), number=True) is cut


BRIEF = """1. 가람시, ‘로봇산업 육성계획’ 발표(6.25)

□ 가람시 과학기술국은 ‘로봇산업 육성계획’을 발표
○ {line}
"""


@pytest.mark.parametrize(
    ("line", "values"),
    [
        ("’30년까지 전문인력 3천500명을 양성하고 강사 500명을 배치", [3500, 500]),
        ("’30년까지 기업 25개를 육성하고 거점 5개를 구축", [25, 5]),
        ("’30년까지 전문인력 삼천오백 명을 양성하고 강사 오백 명을 배치", [3500, 500]),
    ],
)
def test_a_number_that_also_ends_a_larger_one_is_found_by_its_count(line: str, values: list[int]) -> None:
    (policy,) = policies(BRIEF.format(line=line))
    assert [t.value for t in policy.targets] == values
    assert [find_quantities(t.raw.text)[0].value for t in policy.targets] == values


def test_a_bare_scale_before_digits_is_no_place_to_begin() -> None:
    assert find_quantities("강사 천500명을 배치") == []
