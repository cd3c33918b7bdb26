"""What a sentence names: titles with and without quotes, who acts, and which bodies are meant."""

from __future__ import annotations

import pytest

from pipeline.draft.grammar.announce import find_leads
from pipeline.draft.grammar.english_issuers import english_issuer
from pipeline.draft.grammar.named import title_in
from pipeline.draft.grammar.subjects import subject_of
from pipeline.draft.grammar.view import Lead
from schemas.vocabulary import DocumentType
from tests.outlining import view_of


def named(words: str) -> str | None:
    found = title_in(words)
    return words[found[0].start : found[0].end] if found else None


def issuers(sentence: str) -> list[str]:
    view = view_of(f"{sentence}\n\n- 상담 창구를 설치한다.\n")
    return [view.words(u)[a:b] for lead in find_leads(view) for u, a, b in lead.issuers]


@pytest.mark.parametrize(
    ("words", "title"),
    [
        (
            "해온부는 관계 부처와 함께 마련한 골목상권 회복대책을 5월 7일(수) 국무회의에 보고하고 발표했다.",
            "골목상권 회복대책",
        ),
        ("해온부는 관계부처 합동으로 세운 방침에 따라 후속 대책을 발표했다.", None),
        ("해온시는 청년 주거를 넓히기 위한 3개년 실행계획을 확정했다.", "청년 주거를 넓히기 위한 3개년 실행계획"),
        ("해온부는 '바다의 힘(Força do Mar)' 계획을 발표했다.", "바다의 힘"),
        ("해온부는 ‘30일 동행’ 프로그램을 마련했다.", "30일 동행"),
        ("해온부는 '바다의 힘' 행사를 열었다.", None),
        ("해온부는 「연안 정비 행동계획(Coastal Repair Action Plan)」을 발표했다.", "연안 정비 행동계획"),
        ("해온부는 「연안 정비 행동계획(CoRe)」을 발표했다.", "연안 정비 행동계획(CoRe)"),
        ("「연안관리법」 제12조 및 관계 지침에 따라 보조금을 지급한다.", None),
        ("정부는 지난 2월 3일 「연안 안전대책」을 우선 마련·발표하였으며,", None),
        ("해온부는 「연안 안전대책」을 마련·발표하였으며, 예산을 늘린다.", "연안 안전대책"),
        ("国务院正在研究制定《关于支持海岛的意见》", None),
        ("根据《海岛法》《渔业法实施细则》等法律法规，制定本办法。", None),
        (
            "文件依据：青岭省《关于支持海岛的意见》（青发〔2031〕4号），市财政局、市渔业局《海岛补助办法》（青财〔2031〕9号）",
            None,
        ),
        ("根据《海岛法》和省政府要求制定《海岛补助办法》", "海岛补助办法"),
        ("해온부는 ‘바다길 이음 로드맵(’27.11월)‘을 발표한 이후, 항로가 늘었다고 밝혔다.", None),
        ("앞서, 정부는 ｢연안 안전대책｣(3.31)을 수립·시행한 데 이어, 점검을 넓힌다.", None),
        ("“앞으로도 연안 안전을 위한 과제 발굴에 노력할 계획”임을 밝혔다.", None),
    ],
)
def test_titles(words: str, title: str | None) -> None:
    assert named(words) == title


def test_an_amended_guideline_is_a_rule() -> None:
    found = title_in("해온부는 「임원 징계지침」 개정안을 행정예고 한다고 밝혔다.")
    assert found is not None and found[1] is DocumentType.LAW_REGULATION
    found = title_in("해온부는 「임원 징계지침」을 발표했다.")
    assert found is not None and found[1] is DocumentType.OPINION_GUIDELINE


@pytest.mark.parametrize(
    ("words", "subject"),
    [
        ("일본 국토교통성이 늘어나는 빈집을 빌려주는 사업을 확대한다.", "일본 국토교통성"),
        ("하지만 환경부는 사업을 확대한다.", "환경부"),
        ("(개요) 미국 상무부는 지침을 개편했다.", "미국 상무부"),
        ("국가발전개혁위원회는 사업을 확대한다.", "국가발전개혁위원회"),
        ("전라남도가 오는 2028년까지 1천억 원을 투입하는 ‘김산업 도약계획’을 마련했다.", "전라남도"),
        ("记者5日从省政府获悉，省教育厅近日印发《学生营养改善方案》。", "省教育厅"),
        ("日前，民政部、财政部联合印发《指南》。", "民政部、财政部"),
    ],
)
def test_subjects(words: str, subject: str) -> None:
    found = subject_of(words, title_in(words))
    assert found is not None and words[slice(*found)] == subject


def test_a_short_name_is_that_of_the_city_before() -> None:
    assert issuers("부산시가 해안을 바꾼다.\n\n시는 「해안 정비계획」을 발표했다.") == ["부산시"]


@pytest.mark.parametrize(
    ("sentence", "who"),
    [
        ("환경부(장관 김하나)는 「하천 정비계획」을 발표했다.", ["환경부"]),
        (
            "강원특별자치도(도지사 김하나)와 태백시·영월군은 「탄광 보전계획」을 발표했다.",
            ["강원특별자치도", "태백시", "영월군"],
        ),
        ("브라질 농축산부와 개발통상부는 「비료 자립계획」을 발표했다.", ["브라질 농축산부", "개발통상부"]),
        (
            "해양수산부는 9월 9일 환경부, 산림청 등과 공동으로 「연안 숲 조성계획」을 발표했다.",
            ["해양수산부", "환경부", "산림청"],
        ),
        ("중소벤처기업부(이하 중기부)는 「골목상권 회복계획」을 발표했다.", ["중소벤처기업부"]),
        ("日前，省教育厅会同省财政厅印发《学生营养改善方案》。", ["省教育厅", "省财政厅"]),
        ("The U.S. Department of Energy published its Grid Repair Plan.", ["U.S. Department of Energy"]),
        ("民政部、教育部、财政部联合印发《社区食堂建设指南》。", ["民政部", "教育部", "财政部"]),
        ("환경부 산하 국립하천공단은 「수변 숲 계획」을 발표했다.", ["국립하천공단"]),
        ("오늘 열린 회의에서 정부는 「수변 숲 계획」을 발표했다.", ["정부"]),
        ("교육부(부총리 겸 교육부장관 김하나)는 「수변 숲 계획」을 발표했다.", ["교육부"]),
        (
            "조달청은 57개 기관을 돕는 「공사비 검토 계획」을 발표했다.\n\n* 지자체 31개, 공기업 14개, 대학 12개",
            ["조달청"],
        ),
    ],
)
def test_issuers(sentence: str, who: list[str]) -> None:
    assert issuers(sentence) == who


@pytest.mark.parametrize(
    ("sentence", "who"),
    [
        ("Farmers will be spared long trips as the government today sets out its harvest plan.", "government"),
        ("By the authority vested in me as President by the Constitution, it is hereby ordered as follows:", "President"),
        ("The Harbour Ministry for Rivers, Dykes and Ports is fine-tuning its rules.", "Harbour Ministry for Rivers, Dykes and Ports"),
        ("Shops in Port Vale County gain, the Occupational Safety and Health Administration has found.", "Occupational Safety and Health Administration"),
        ("Ada Lind, who leads the River County Attorney’s Office (RCAO), has secured a grant.", "River County Attorney’s Office (RCAO)"),
        ("Ada Lind signed an order that directs money to the Department of Rivers.", None),
        ("The board of directors met.", None),
        ("Council Regulation on paint", None),
    ],
)  # fmt: skip
def test_an_english_announcement_names_who_issues(sentence: str, who: str | None) -> None:
    view = view_of(f"{sentence}\n")
    found = english_issuer(view, Lead(view.units[0]))
    assert [view.said(place) for place in found] == ([who] if who is not None else [])
