"""A limit said by a negation: the word beside the number says the opposite of what is meant."""

from __future__ import annotations

import pytest

from pipeline.normalise import comparator_in, find_quantities
from schemas.vocabulary import Comparator

GE, LE, GT, LT = Comparator.GE, Comparator.LE, Comparator.GT, Comparator.LT


@pytest.mark.parametrize(
    ("text", "comparator"),
    [
        ("Total borrowing must not exceed 3% of GDP.", LE),
        ("No single supplier may hold more than 35% of the market.", LE),
        ("No discharge over 450 mg will be permitted.", LE),
        ("The carbon price will not be allowed to fall below £18.", GE),
        ("It is not acceptable for fewer than 95% of calls to be answered.", GE),
        ("The target was not met in more than 30% of cases.", GT),
        ("Not only did more than 30% of firms apply, all of them may apply again.", GT),
        ("Staff turnover: 12% at most.", LE),
        ("Consent is required for schemes of 100 MW and above.", GE),
        ("Fares stay capped at £3.", LE),
        ("Debt stays at 60% of GDP or less.", LE),
        ("각 경비는 1,360만 원을 초과할 수 없다.", LE),
        ("채무 비율이 60%를 넘지 않도록 관리한다.", LE),
        ("지원 비율은 70%를 초과하지 않는 범위로 한다.", LE),
        ("준공률이 90% 미만으로 떨어지지 않게 한다.", GE),
        ("참여율이 60%를 초과했다.", GT),
        ("5%를 초과하고 10%를 넘지 않는 경우", GT),
        ("全日制用工工资不得低于每月2200元。", GE),
        ("“三公”经费不得突破1.36亿元。", LE),
        ("单个项目补助上限为500万元。", LE),
        ("按设备投资额给予奖励，100万元封顶。", LE),
        ("职工50人（含）以上的企业建立工会。", GE),
        ("估算价400万元（不含）以下的工程可直接发包。", LT),
        ("不允许任何一个县区的达标率低于90%。", GE),
        ("不得停工，投资额高于90%的县区先行验收。", GT),
    ],
)
def test_a_negated_word_is_a_limit(text: str, comparator: Comparator) -> None:
    assert find_quantities(text)[0].comparator is comparator


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Ministers stand by 1.2m homes.", [1_200_000]),
        ("Ministers stand by 1.2m new homes.", []),
        ("a wall 1.2m high", [1.2]),
        ("3m lanes for bicycles", [3]),
        ("Full fibre for all but 5% of premises.", []),
        ("Action 3.2 – 640 rangers trained.", [640]),
        ("Capital (£ million): 1,250", []),
        ("금 5,000,000원(오백만원)", [5_000_000]),
        ("新设便民服务点廿四个。", []),
        ("审批时限压缩至5个工作日以内。", [5]),
        ("support for residents aged 60 and above", []),
        ("at least 3 and at most 5 of them", [3, 5]),
        ("grown here\t41%\tat least 70%", [41, 70]),
    ],
)
def test_a_number_that_another_word_makes_larger_is_not_taken_as_it_stands(text: str, values: list[float]) -> None:
    assert [q.value for q in find_quantities(text)] == values


@pytest.mark.parametrize(
    ("raw", "comparator"),
    [("not exceed 3%", LE), ("不得突破1.36亿元", LE), ("60%를 넘지 않도록", LE), ("exceed 3%", GT)],
)
def test_the_same_of_a_phrase_that_was_pointed_at(raw: str, comparator: Comparator) -> None:
    assert comparator_in(raw) is comparator
