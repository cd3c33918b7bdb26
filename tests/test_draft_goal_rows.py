"""Rows of a plan that say by year what an indicator shall be: each year to come is a goal with its own day, and no row is
a measure.
"""

from __future__ import annotations

import pytest

from pipeline.draft.policy import draft
from pipeline.draft.seen.counted import is_goal_row
from pipeline.learn.weights import SHIPPED, read_weights
from schemas.answer import PolicyA
from schemas.vocabulary import Comparator
from tests.outlining import view_of

PLAN = """해상교통 기본계획 수립

2030. 5. 14.

해온부는 『제2차 해상교통망 기본계획(’31∼’40)』 및 기본계획의 하위 실천계획인 『제3차 항만시설 투자계획(’31∼’35)』을 위원회 심의를 거쳐 확정하고 5월 14일 발표하였다.

① 섬을 잇는 뱃길 확충

섬 사이를 잇는 쾌속선 항로를 늘리고, 낡은 여객선 터미널을 새로 짓는다.

· 1시간대 이동 가능 인구 비율 : 52.8%(’29년) → 64.2%(’35년) → 79.9%(’40년)

· 쾌속선 노선 : 4개 노선(’29년) → 50개(’35년) → 70개(’40년)

· 여객선 접근 가능 시간* : 1시간 내(’29년) → 30분 내(’35년)

· 출항 대기 시간 : 40분대(’29년) → 30분 후반(’35년)

· 연간 이용객수 : 일 4.9만통행(’29년) → 9.7만통행(’35년)
"""


def policies(text: str) -> list[PolicyA]:
    view = view_of(text)
    return draft(view.text, view.article, read_weights(SHIPPED)).policies


def test_two_plans_of_which_one_carries_out_the_other() -> None:
    assert [p.title and p.title.quote for p in policies(PLAN)] == [
        "제2차 해상교통망 기본계획(’31∼’40)",
        "제3차 항만시설 투자계획(’31∼’35)",
    ]


def test_each_year_to_come_is_a_goal() -> None:
    plan, _ = policies(PLAN)
    told = [(t.indicator.quote, t.raw.quote, t.deadline and t.deadline.quote) for t in plan.targets]
    assert told == [
        ("1시간대 이동 가능 인구 비율", "64.2%", "’35년"),
        ("1시간대 이동 가능 인구 비율", "79.9%", "’40년"),
        ("쾌속선 노선", "50개", "’35년"),
        ("쾌속선 노선", "70개", "’40년"),
        ("여객선 접근 가능 시간", "30분 내", "’35년"),
        ("출항 대기 시간", "30분 후반", "’35년"),
        ("연간 이용객수", "9.7만통행", "’35년"),
    ]
    assert plan.targets[4].comparator is Comparator.LE


def test_no_row_is_a_measure() -> None:
    view = view_of(PLAN)
    plan, _ = policies(PLAN)
    assert plan.measures
    said = [view.words(next(u for u in view.units if u.id == m.at.u)) for m in plan.measures]
    assert not [words for words in said if "→" in words]


@pytest.mark.parametrize(
    ("row", "is_one"),
    [
        ("목재자급률: (’24) 18.6% → (’29) 22% → (’34) 27%", True),
        ("비수도권 평균 체류일수 : (’23) 1.9일 → (’27) 3일", True),
        ("무병묘 보급률 제고 : ('12) 15% → ('17) 60%", False),
        ("수열에너지 활성화 지원: (‘23) 102억 → (’24안) 146억 원", False),
        ("국비 보조율 : 50% → 70%", False),
        ("추진 일정: 착수보고(7월) → 진단(8월)", False),
    ],
)
def test_a_row_of_years_is_no_measure(row: str, is_one: bool) -> None:
    assert is_goal_row(row) is is_one


def test_a_year_that_is_compared_with_is_no_deadline() -> None:
    [found] = policies(
        "온실가스 감축 계획 확정\n\n2031. 3. 2.\n\n해온부는 「해온 녹색성장 계획」을 확정했다고 2일 밝혔다.\n\n"
        "- 2040 해온 온실가스 감축목표('28년 比 △40%) 달성을 위해 부두에 육상전원 설비를 보급한다.\n- 친환경 선박 구매를 지원한다.\n"
    )
    assert [(t.raw.quote, t.deadline and t.deadline.quote) for t in found.targets] == [("△40%", "2040")]


def test_the_act_before_is_no_part_of_what_is_counted() -> None:
    [found] = policies(
        "해양바이오 발전방안 발표\n\n2031. 3. 2.\n\n해온부는 「해양바이오 산업 발전방안」을 발표했다고 2일 밝혔다.\n\n"
        "□ ’37년까지 해양바이오 기업 30개 육성과 해양바이오 수출액 20억 불 달성을 목표로 전용 펀드를 조성한다.\n- 해조류 육종 기지를 짓는다.\n"
    )
    assert [t.indicator.quote for t in found.targets][-1] == "해양바이오 수출액"


def test_the_years_of_a_plan_stand_where_another_line_names_it() -> None:
    [found] = policies(
        "해온만 관리방향 제시\n\n- 30일 「제4차 해온만 정비계획(2031~2040)」 확정·고시 -\n\n"
        "해온부는 해온만의 관리방향을 제시하는 「제4차 해온만 정비계획*」을 확정·고시하였다고 30일 밝혔다.\n\n"
        "* 해온만을 고르게 쓰기 위한 중장기 계획\n\n② 공간구조는 다섯 개 특화벨트로 조성한다.\n"
    )
    assert found.title is not None and found.title.quote == "제4차 해온만 정비계획"
    assert found.period is not None and found.period.quote == "2031~2040"


def test_what_says_only_how_much_for_whom_counts_nothing() -> None:
    [found] = policies(
        "청년정책 기본계획 확정\n\n2030. 12. 30.\n\n해온부는 「제1차 청년정책 기본계획(’31~’35)」을 확정했다고 30일 밝혔다.\n\n"
        "1. 청년 부채 부담 경감\n\n(햇살자금) 제도권 금융을 이용하기 어려운 청년 대상 저금리상품 지속 지원\n\n"
        "- ‘35년까지 5,000억원(年 1,000억원), 1인당 최대 1,200만원\n\n- 1개 시·도(’29) → 7개 시·도(‘30) → 12개 시·도(’31) → 17개 시·도(’32)\n"
    )
    assert not [t for t in found.targets if "최대" in (t.indicator.quote or "") or "→" in (t.indicator.quote or "")]
    by_year = {t.raw.quote: t.deadline and t.deadline.quote for t in found.targets if t.raw.quote.endswith("개")}
    assert by_year == {"12개": "’31", "17개": "’32"}


ENERGY = """에너지정책 방향 국무회의 의결

2032. 7. 5.

□ 정부는 7.5(월) 제30회 국무회의에서 관계부처 합동으로 ｢새정부 에너지정책 방향｣을 심의·의결하였습니다.

≪주요내용≫

- 후보지 30곳 중 11곳에 대해 2037년까지 해상 풍력 단지를 조성한다.

- 해상 풍력 이용율을 2040년까지 발생량 대비 20%로 끌어올린다.

≪수립의 의미≫

□ 금번 ｢새정부 에너지정책 방향｣은 ｢에너지전환 로드맵(‘27.10월)｣, ｢제3차 에너지기본계획(’29.6월)｣ 등 이전 정부 정책을 대체합니다.
"""


def test_what_is_replaced_was_announced_before() -> None:
    [found] = policies(ENERGY)
    assert found.title is not None and found.title.quote == "새정부 에너지정책 방향"
    assert found.announced_on is not None and found.announced_on.quote == "7.5"


def test_how_many_there_are_in_all_is_no_goal() -> None:
    [found] = policies(ENERGY)
    assert "30곳" not in [t.raw.quote for t in found.targets]
    named = {t.raw.quote: t.indicator.quote for t in found.targets}
    assert named.get("20%") == "해상 풍력 이용율"


def test_a_line_at_the_head_that_decides_may_name_the_policy() -> None:
    [found] = policies(
        "섬 마을 뱃길 넓힌다\n\n2031. 3. 2.\n\n- 쾌속선 항로 확충과 터미널 신축\n\n- 해온부, 「제1차 섬 뱃길 기본계획(2031~2035)」 수립\n\n"
        "해온부는 2일 섬 마을 주민의 이동권을 보장하기 위해 쾌속선 항로를 늘리고 터미널을 새로 짓는다고 밝혔다.\n\n"
        "- 쾌속선 항로 30개를 새로 연다.\n- 터미널 20곳을 짓는다.\n"
    )
    assert found.title is not None and found.title.quote == "제1차 섬 뱃길 기본계획(2031~2035)"
