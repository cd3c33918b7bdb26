"""Several policies in one sentence: an announcement for each title, and whose a measure is."""

from __future__ import annotations

import pytest

from pipeline.draft.grammar.announce import find_leads
from pipeline.draft.grammar.several import acts_beside, each_title, owner_of
from pipeline.draft.grammar.titles import find_quoted
from schemas.vocabulary import DocumentType
from tests.outlining import view_of


def titles(text: str) -> list[str]:
    view = view_of(text)
    leads = [each for lead in find_leads(view) for each in each_title(view, lead)]
    return [view.words(lead.title[0])[lead.title[1] : lead.title[2]] for lead in leads if lead.title]


@pytest.mark.parametrize(
    ("sentence", "named"),
    [
        (
            "해양수산부는 「바다숲 조성법안」, 「해저통신 지원법안」 등 2개 제정법률안과 「항로법 개정법률안」이 통과됐다고 발표했다.",
            ["바다숲 조성법안", "해저통신 지원법안", "항로법 개정법률안"],
        ),
        ("한빛시는 '로봇 지원조치'와 '드론 지원조치'를 각각 발표했다.", ["로봇 지원조치", "드론 지원조치"]),
        ("교육부는 「학습 지원법」에 따라 「기초학력 보장법」을 제정했다.", ["기초학력 보장법"]),
        ("한빛시는 '로봇산업 발전계획'을 발표했다.", ["로봇산업 발전계획"]),
        (
            "국회는 갯벌 복원을 위한 「갯벌복원 특별법」(이하 「복원법」), 어항 정비를 위한 「어항정비 기본법」 개정안이 통과됐다고 발표했다.",
            ["갯벌복원 특별법", "어항정비 기본법"],
        ),
        (
            "해양수산부는 「어항관리법」 및 「갯벌 특별법」 하위법령 개정안을 입법예고(5.26~7.7)한다고 밝혔다.",
            ["「어항관리법」 및 「갯벌 특별법」 하위법령 개정안"],
        ),
    ],
)
def test_each_title_of_a_list_is_announced(sentence: str, named: list[str]) -> None:
    assert titles(f"{sentence}\n\n- 실증 거점을 조성한다.\n") == named


BUNDLE = "해양수산부는 4월 2일 「갯벌복원 특별법」 등 {number} 국회 본회의를 통과했다고 밝혔다.\n\n{more}\n"


@pytest.mark.parametrize(
    ("sentence", "named"),
    [
        ("「갯벌복원 특별법」은 복원 사업비의 절반을 지원한다.", []),
        ("「어항법」은 어항마다 안전 점검을 하도록 했다.", ["어항법"]),
        ("먼저, '등대 관리에 관한 법률' 개정안은 무인 등대를 늘린다.", ["등대 관리에 관한 법률"]),
        ("등대 관리에 관한 법률 개정으로, 무인 등대를 늘린다.", ["등대 관리에 관한 법률"]),
        ("등대 관리에 관한 법률(이하 등대법)은 무인 등대를 늘리는 내용이다.", ["등대 관리에 관한 법률"]),
        ("이 외에도 「선박법」, 「해녀 지원법」 등이 함께 통과되었다.", ["선박법", "해녀 지원법"]),
        (
            "이 외에도 ▲요금 기준을 마련한 「도선법 개정법률안」 등 3개의 법률안도 함께 통과되었다.",
            ["도선법 개정법률안"],
        ),
        ("「등대법」에 따라 무인 등대를 늘린다.", []),
        ("등대 관리에 관한 법률을 지키도록 안내한다.", []),
        ("'빈집 은행'은 농가를 빌려준다.", []),
    ],
)
def test_each_rule_of_a_bundle_that_a_later_sentence_is_about_is_announced(sentence: str, named: list[str]) -> None:
    for number, more in (("3개 법률안이", named), ("법률안이", [])):
        view = view_of(BUNDLE.format(number=number, more=sentence))
        leads = [each for lead in find_leads(view) for each in each_title(view, lead)]
        found = acts_beside(view, leads)
        added = [lead for lead in found if lead not in leads]
        assert [view.said(lead.title) for lead in added if lead.title is not None] == more
        assert all(lead.document_type is DocumentType.LAW_REGULATION for lead in added)


def test_what_follows_a_rule_of_a_bundle_is_its() -> None:
    view = view_of(
        BUNDLE.format(
            number="3개 법률안이",
            more="복원 사업비의 절반을 지원한다.\n\n「어항법」은 어항마다 안전 점검을 하도록 했다.\n\n점검 인력 30명을 둔다.",
        )
    )
    leads = acts_beside(view, [each for lead in find_leads(view) for each in each_title(view, lead)])
    owners = {view.words(u)[:4]: owner_of(view, leads, u) for u in view.units if not view.is_part(u)}
    assert owners["복원 사"] == 0 and owners["「어항법"] == 1 == owners["점검 인"]


def test_a_measure_belongs_to_the_policy_that_it_names() -> None:
    view = view_of(
        "한빛시는 '로봇 지원조치'와 '드론 지원조치'를 각각 발표했다.\n\n- '드론 지원조치'는 이착륙장 30곳을 건설한다.\n"
        "- 로봇 지원조치는 실증 비용을 지원한다.\n- 상담 창구를 연다.\n"
    )
    leads = [each for lead in find_leads(view) for each in each_title(view, lead)]
    owners = {view.words(u)[:6]: owner_of(view, leads, u) for u in view.units}
    assert owners["'드론 지원"] == 1 and owners["로봇 지원조"] == 0 and owners["상담 창구를"] == 0


def test_each_maker_with_its_plan() -> None:
    view = view_of(
        "저장성은 7월 초 「해양 실시의견」을, 산둥성은 7월 중순 「수산 행동방안」을 각각 발표했다.\n\n- 산둥성은 어항 30곳을 건설한다.\n"
        "- 저장성은 선박 교체를 지원한다.\n"
    )
    leads = [each for lead in find_leads(view) for each in each_title(view, lead)]
    told = [
        (view.words(t[0])[t[1] : t[2]], [view.words(u)[a:b] for u, a, b in lead.issuers])
        for lead in leads
        if (t := lead.title) is not None
    ]
    assert told == [("해양 실시의견", ["저장성"]), ("수산 행동방안", ["산둥성"])]
    owners = {view.words(u)[:3]: owner_of(view, leads, u) for u in view.units[1:]}
    assert owners == {"산둥성": 1, "저장성": 0}


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("'세계해양포럼(이하 '포럼')'의 첫날 '복원 선언(이하 '선언')'을 채택", ["세계해양포럼", "복원 선언"]),
        ("'로봇 육성계획('25~'30)'을 발표", ["로봇 육성계획('25~'30)"]),
        ("'디지털 전략(2025~2030)'과 '데이터 전략'을 발표", ["디지털 전략(2025~2030)", "데이터 전략"]),
    ],
)
def test_quotes_within_quotes(text: str, quoted: list[str]) -> None:
    assert [text[q.start : q.end] for q in find_quoted(text)] == quoted
