"""From log-odds to an answer: leads of a digest's items, titles that are no measure."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import numpy as np
import pytest

from pipeline.draft.decode import choose_leads, choose_measures
from pipeline.draft.grammar.announce import find_leads
from pipeline.draft.grammar.own_text import own_title
from pipeline.draft.grammar.view import View
from pipeline.draft.judged import Judged
from pipeline.draft.seen.sheets import ANNOUNCEMENT, MEASURE, ROLES
from pipeline.learn.weights import SHIPPED, read_weights
from pipeline.read import from_text
from pipeline.session import Session
from pipeline.settings import Settings
from pipeline.steps import extract_in, open_document

DIGEST = """주간 해외 과학기술 동향

① 한빛국, 수소 저장 규정 개정

- 한빛국 산업부는 수소 저장 시설의 이격거리를 줄이는 규정을 공포
- 저장 용기의 검사 주기를 2년으로 연장

② 새솔국, 해양 관측 기금 신설

- 새솔국 재무부는 해양 관측 기금을 신설한다고 발표
- 관측선 3척을 건조
"""
PLAN = """- 한빛시는 「공원 조성 계획」을 발표
- 놀이터 바닥을 고무로 교체
- 시민이 자주 찾는 곳
"""


def judged(text: str, odds: Mapping[str, tuple[int, float]]) -> Judged:
    """The article with log-odds of our own: -9 for every role of every unit but those named by their first words."""
    opened = open_document(from_text(text))
    (article,) = [a for a in opened.articles if a.asked]
    found = Judged(View(text, article), read_weights(SHIPPED))
    roles = np.full((len(found.view.units), len(ROLES)), -9.0, dtype=np.float32)
    for i, u in enumerate(found.view.units):
        for words, (role, value) in odds.items():
            if found.view.words(u).startswith(words):
                roles[i, role] = value
    found.__dict__["roles"] = roles
    return found


@pytest.mark.parametrize(("second", "leads"), [(-1.0, 2), (-3.0, 1)])
def test_each_item_of_a_digest_may_announce_a_policy_of_its_own(second: float, leads: int) -> None:
    found = judged(DIGEST, {"한빛국 산업부": (ANNOUNCEMENT, 1.0), "새솔국 재무부": (ANNOUNCEMENT, second)})
    found.__dict__["leads"] = []
    assert [found.view.words(lead.unit)[:3] for lead in choose_leads(found)] == ["한빛국", "새솔국"][:leads]


OWN = """# 한빛시 공원 조성 기본계획

# 나무 심기

- 한빛시는 가로수 2천 그루를 심기로 했다

# 산책로

- 한빛시는 산책로 3곳을 만들기로 했다
"""


def test_the_chapters_of_a_plan_with_its_title_at_the_head_are_no_policies() -> None:
    odds = {
        "한빛시 공원": (ANNOUNCEMENT, 1.0),
        "한빛시는 가로수": (ANNOUNCEMENT, -0.5),
        "한빛시는 산책로": (ANNOUNCEMENT, -0.5),
    }
    found = judged(OWN, odds)
    found.__dict__["leads"] = [own_title(found.view, found.view.units[0])]
    assert [found.view.words(lead.unit) for lead in choose_leads(found)] == ["한빛시 공원 조성 기본계획"]


def test_a_second_unit_of_the_same_item_announces_nothing_without_a_title() -> None:
    found = judged(DIGEST, {"한빛국 산업부": (ANNOUNCEMENT, 1.0), "저장 용기": (ANNOUNCEMENT, 0.5)})
    found.__dict__["leads"] = []
    assert len(choose_leads(found)) == 1


def test_a_title_with_its_verb_is_no_measure() -> None:
    found = judged(PLAN, {"한빛시는": (MEASURE, 3.0), "놀이터": (MEASURE, 0.1)})
    chosen = choose_measures(found, find_leads(found.view))
    assert [item.words for item, _ in chosen] == ["놀이터 바닥을 고무로 교체"]


TASKS = """한빛시, '디지털 전환 종합계획' 발표(5.12)

□ 한빛시는 '디지털 전환 종합계획(2026~2030)'을 수립했다.

| 추진과제 | 주요내용 | 소관 | 일정 |
|---|---|---|---|
| 데이터 개방 | 공공데이터 300종 추가 개방 | 정보과 | '26년부터 |
| 디지털 교육 | 어르신 대상 디지털 교실 40곳 운영 | 복지과 | '27년부터 |
| 학교 지원 | 학교 태블릿 5천 대 보급 | 교육과 | '27년부터 |
"""


def test_a_measure_in_a_table_stands_under_the_name_of_its_own_row() -> None:
    (policy,) = asyncio.run(extract_in(from_text(TASKS), Session(Settings()))).policies
    found = {m.text.text: m.pillar and m.pillar.text for m in policy.measures}
    for name in ("디지털 교육", "학교 지원"):  # where a row's name is taken for a measure, no other row names it
        assert found.pop(name, None) is None
    assert found == {
        "공공데이터 300종 추가 개방": "데이터 개방",
        "어르신 대상 디지털 교실 40곳 운영": "디지털 교육",
        "학교 태블릿 5천 대 보급": "학교 지원",
    }
