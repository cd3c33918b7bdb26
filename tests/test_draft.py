"""The rule baseline on documents of its own: what it names, what it leaves out, and that all of it holds."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.draft import draft
from pipeline.ground import ground
from pipeline.read import from_text
from pipeline.steps import Settings, extract_document, prepare
from schemas.records import Policy, Provenance

PROVENANCE = Provenance(document_sha256="", prompt_set="", prompt_hash="", schema_hash="", model="", request_ids=())

PLAN = """01 베이징시, '도시 하천 수질 개선 계획(2025~2028)' 발표

■ 노후 하수관 교체(5.12)

- 베이징시 정부는 '도시 하천 수질 개선 계획(2025~2028)'을 발표
 - '28년까지 수질 양호 구간의 비율을 78% 이상으로 개선할 계획

1) 오염원 관리

- (하수 정비) 노후 하수관 120km를 교체하고 우수 저류조 설치
- (주민 참여) 마을 단위의 하천 살피기 모임 운영

2) 재정 지원

- (보조금) 정화 설비를 설치하는 기업에 보조금 지급

출처: 베이징일보 (05.13)

| 발 행 일 | 2025년 5월 20일 |
|---|---|
"""


def policies(text: str) -> tuple[Policy, ...]:
    return extract_document(from_text(text), Settings(endpoint="draft")).policies


def test_a_brief_in_the_usual_layout() -> None:
    (policy,) = policies(PLAN)
    assert policy.title is not None and policy.title.text == "도시 하천 수질 개선 계획(2025~2028)"
    assert policy.announcement.text.startswith("베이징시 정부는")
    assert (policy.document_type, policy.government_level, policy.jurisdiction) == ("plan", "provincial", "CN-BJ")
    assert (policy.period_start, policy.period_end) == (2025, 2028)
    assert policy.announced_on is not None and policy.announced_on.value == "2025-05-12"
    assert [o.name.text for o in policy.issuers] == ["베이징시 정부"]
    assert [m.label.text for m in policy.measures if m.label] == ["하수 정비", "주민 참여", "보조금"]
    assert [m.pillar.text for m in policy.measures if m.pillar] == ["오염원 관리", "오염원 관리", "재정 지원"]
    assert policy.measures[2].instrument == "business_grant"
    (target,) = [t for t in policy.targets if t.measure_id is None]
    assert (target.raw.text, target.comparator, target.value, target.unit) == ("78% 이상", "ge", 78, "%")
    assert (target.deadline, target.deadline_basis) == ("2028", "stated")


@pytest.mark.parametrize(
    "text",
    [
        "한 회사가 새 시험기를 선보였다. 회사 대표는 주문이 두 배로 늘었다고 말했다.\n",
        "대학 연구진은 새 촉매를 개발했다. 효율은 35%에 달했다.\n",
        "두 도시의 수출을 비교하면 앞 도시가 10% 더 많았다.\n",
        "가" * 5000,
        "1\n2\n3\n",
    ],
)
def test_what_is_no_act_of_an_authority_is_no_policy(text: str) -> None:
    assert policies(text) == ()


def test_facts_are_no_targets() -> None:
    facts = PLAN.replace(
        "'28년까지 수질 양호 구간의 비율을 78% 이상으로 개선할 계획", "2024년 기준 수질 양호 구간의 비율은 78%를 차지"
    )
    (policy,) = policies(facts)
    assert all("78%" not in t.raw.text for t in policy.targets)


def test_pages_of_their_own_kind_are_never_asked_about() -> None:
    document = from_text("CONTENTS\n\n• 베이징시, '도시 하천 수질 개선 계획' 발표\n\n" + PLAN)
    _, articles = prepare(document)
    for article in articles:
        if not article.asked:
            assert draft(document.text, article).policies == []


PIECES = st.sampled_from(
    [*PLAN.splitlines(), "국무원은 ‘항만 전기화 방안’을 발표", "", "- * ① 가", "구분\t지표\t2028년",
     "숲\t가로수\t≥5만 그루", "〈표〉", "※ 참고", "<https://a.b>", "02 상하이시, '도시 숲 조성 방안' 마련",
     "한빛시는 하수관을 교체하고 센터를 설립하며 점검단을 운영할 예정이다."]
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(PIECES, max_size=25).map("\n".join))
def test_what_the_rules_answer_holds_in_any_layout(text: str) -> None:
    """Every reference of the draft resolves; only a rule's reading of a date or number may be refused."""
    if not text.strip():
        return
    document = from_text(text)
    for article in prepare(document)[1]:
        if not article.asked:
            continue
        refusals = ground(document, article, draft(text, article), PROVENANCE).refusals
        for refusal in refusals:
            assert "there is no unit" not in refusal.reason and "does not stand in" not in refusal.reason, refusal
