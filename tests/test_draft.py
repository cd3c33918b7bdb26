"""The draft on documents of its own: what it names, what it leaves out, and that all of it holds."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.draft import draft
from pipeline.ground import ground
from pipeline.learn.weights import SHIPPED, read_weights
from pipeline.opened import units_and_articles
from pipeline.read import from_text
from pipeline.settings import Settings
from pipeline.steps import extract_document
from schemas.records import Policy, Provenance

PROVENANCE = Provenance(document_sha256="", prompt_set="", prompt_hash="", schema_hash="", model="", request_ids=())

WEIGHTS = read_weights(SHIPPED)

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
    _, articles = units_and_articles(document)
    for article in articles:
        if not article.asked:
            assert draft(document.text, article, WEIGHTS).policies == []


PIECES = st.sampled_from(
    [*PLAN.splitlines(), "국무원은 ‘항만 전기화 방안’을 발표", "", "- * ① 가", "구분\t지표\t2028년",
     "숲\t가로수\t≥5만 그루", "〈표〉", "※ 참고", "<https://a.b>", "02 상하이시, '도시 숲 조성 방안' 마련",
     "한빛시는 하수관을 교체하고 센터를 설립하며 점검단을 운영할 예정이다."]
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(PIECES, max_size=25).map("\n".join))
def test_what_the_draft_answers_holds_in_any_layout(text: str) -> None:
    """Every reference of the draft resolves; only a rule's reading of a date or number may be refused."""
    if not text.strip():
        return
    document = from_text(text)
    for article in units_and_articles(document)[1]:
        if not article.asked:
            continue
        refusals = ground(document, article, draft(text, article, WEIGHTS), PROVENANCE).refusals
        for refusal in refusals:
            assert "there is no unit" not in refusal.reason and "does not stand in" not in refusal.reason, refusal


# -- publishers beyond the seeds -----------------------------------------------------------------------------

NOTICE = """한빛부 관련
关于印发《工业园区储能应用提升行动方案（2025—2027年）》的通知
各省工业和信息化主管部门：
　　现将《工业园区储能应用提升行动方案（2025—2027年）》印发给你们，请认真贯彻落实。
　　工业和信息化部
　　2025年3月6日
　　为落实《新型储能发展实施方案》，制定本行动方案。
　　一、重点任务
　　（一）强化技术攻关。支持龙头企业组建创新联合体。（工业和信息化部负责）
""".replace("한빛부 관련\n", "工业和信息化部")


def test_a_notice_announces_what_it_issues_and_not_what_it_follows() -> None:
    (policy,) = policies(NOTICE)
    assert policy.title is not None and policy.title.text == "工业园区储能应用提升行动方案（2025—2027年）"
    assert [i.name.text for i in policy.issuers] == ["工业和信息化部"]
    assert policy.announced_on is not None and policy.announced_on.value == "2025-03-06"


def test_traditional_characters_are_read_and_kept() -> None:
    text = "蘇州市人民政府印發《關於推進製造業數字化轉型的實施意見》。\n一、重點任務\n建設工業軟件適配驗證中心。\n"
    (policy,) = policies(text)
    assert policy.title is not None and policy.title.text == "關於推進製造業數字化轉型的實施意見"


def test_the_day_alone_is_of_the_month_of_issue() -> None:
    text = "2024.05.21\n\n해양수산부는 21일 비상경제장관회의에서 '블루바이오 도약 전략(2024∼2030)'을 발표했다. 해양수산부는 실증센터 3곳을 짓는다.\n"
    (policy,) = policies(text)
    assert policy.announced_on is not None and policy.announced_on.value == "2024-05-21"


@pytest.mark.parametrize(
    ("sentence", "title"),
    [
        ("상하이시는 고품질 제조업 육성을 위한 3개년 행동계획을 발표했다.", "고품질 제조업 육성을 위한 3개년 행동계획"),
        ("한빛시는 에너지 효율을 높이거나 청정에너지를 쓰는 주를 지원하는 방안을 발표했다.", None),
        (
            "한빛시는 「도시 하천 정비 계획(2025~2028)」(이하 ‘하천 정비 계획’)을 발표했다.",
            "도시 하천 정비 계획(2025~2028)",
        ),
        ("한빛부는 「하천 정비 행동계획*」을 발표했다.", "하천 정비 행동계획"),
    ],
)
def test_titles_without_quotes_short_names_and_stars(sentence: str, title: str | None) -> None:
    found = policies(f"{sentence}\n\n- 노후 하수관을 교체\n- 저류조를 설치\n")
    assert [p.title and p.title.text for p in found] == ([title] if found else [])
    assert found or title is None


def test_numbers_of_a_past_year_are_facts() -> None:
    text = (
        "2024-09-10\n湖南省人民政府印发《生物制造产业行动方案（2024—2027年）》。\n一、主要目标\n"
        "2023年，全省生物制造产业营业收入860亿元。到2027年，规模以上企业达到400家以上。\n"
    )
    assert [t.raw.text for p in policies(text) for t in p.targets] == ["400家以上"]


def test_a_goal_is_a_target_and_an_act_beside_it_a_measure() -> None:
    text = (
        "- 한빛부는 「제조 지능화 행동계획」을 발표\n○ (목표) 2027년까지 산업 규모의 세계 선도 수준 달성\n"
        " - (기술) 산업 데이터셋 100개를 구축\n○ (추진) 다음과 같은 시책을 추진\n - (인력) 정비 인력 양성 과정을 신설\n"
    )
    (policy,) = policies(text)
    assert "(인력) 정비 인력 양성 과정을 신설" in [m.text.text for m in policy.measures]
    assert "100개" in [t.raw.text for t in policy.targets]
