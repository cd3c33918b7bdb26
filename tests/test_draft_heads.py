"""What a document's own head makes of it: acts of the Union, notices, subtitles, ceremonies, essays, headlines of news."""

from __future__ import annotations

import pytest

from pipeline.draft.grammar.announce import find_leads
from pipeline.draft.grammar.subjects import subject_of
from pipeline.draft.grammar.view import Lead, View
from pipeline.draft.policy import draft
from pipeline.learn.weights import SHIPPED, read_weights
from schemas.answer import PolicyA
from schemas.vocabulary import DocumentType
from tests.outlining import view_of

DIRECTIVE = """DIRECTIVE 2031/9/EU OF THE EUROPEAN PARLIAMENT AND OF THE COUNCIL of 3 May 2031 on the reuse of sails

THE EUROPEAN PARLIAMENT AND THE COUNCIL OF THE EUROPEAN UNION,
Having regard to the Treaty,
HAVE ADOPTED THIS DIRECTIVE:

Article 1
Member States shall collect used sails by 31 December 2033.
"""
NOTICE = """해온시 공고 제2027-31호

「해온시 빗물 이용 조례」를 개정함에 있어 의견을 듣고자 다음과 같이 입법예고합니다.

2027년 2월 3일

해온시장

1. 주요내용
 가. 빗물 저장조 설치비를 지원함(제4조)
"""


def lead_of(text: str) -> tuple[View, Lead | None]:
    view = view_of(text)
    leads = find_leads(view)
    assert len(leads) < 2
    return view, leads[0] if leads else None


def place(view: View, at: tuple[object, int, int] | None) -> str | None:
    return None if at is None else view.words(at[0])[at[1] : at[2]]  # type: ignore[arg-type]


def policy(text: str) -> PolicyA:
    view = view_of(text)
    [found] = draft(view.text, view.article, read_weights(SHIPPED)).policies
    return found


def test_an_act_of_the_union() -> None:
    view, lead = lead_of(DIRECTIVE)
    assert lead is not None and lead.document_type is DocumentType.LAW_REGULATION
    assert (place(view, lead.title) or "").endswith("on the reuse of sails")
    assert place(view, lead.day) == "3 May 2031"
    assert [place(view, who) for who in lead.issuers] == ["EUROPEAN PARLIAMENT", "COUNCIL OF THE EUROPEAN UNION"]
    _, news = lead_of(
        DIRECTIVE.replace("HAVE ADOPTED THIS DIRECTIVE:", "It is explained here.").replace("Article 1", "Now")
    )
    assert news is None


def test_a_korean_notice() -> None:
    view, lead = lead_of(NOTICE)
    assert lead is not None and lead.document_type is DocumentType.LAW_REGULATION
    assert place(view, lead.title) == "해온시 빗물 이용 조례"
    assert [place(view, who) for who in lead.issuers] == ["해온시장"]
    assert place(view, lead.day) == "2027년 2월 3일"


@pytest.mark.parametrize(
    ("sentence", "title"),
    [
        ("「연안법」 제3조에 따라 2027년 어선 교체 지원사업을 다음과 같이 공고합니다.", "2027년 어선 교체 지원사업"),
        ("어선안전법 시행규칙 일부를 다음과 같이 개정한다.", "어선안전법 시행규칙"),
        ("합격자를 다음과 같이 공고합니다.", None),
    ],
)
def test_what_a_notice_is_about(sentence: str, title: str | None) -> None:
    view, lead = lead_of(f"해온시 공고 제2027-4호\n\n{sentence}\n\n2027년 2월 3일\n\n해온시장\n")
    assert (place(view, lead.title) if lead is not None else None) == title


@pytest.mark.parametrize(
    ("subtitle", "title"),
    [
        ("- 「모두의 바다 제2차 기본계획」 발표", "모두의 바다 제2차 기본계획"),
        ("- 「어촌 안전 강화방안(안)」 -", "어촌 안전 강화방안(안)"),
        ("- 「모두의 바다 사진전」 개막", None),
    ],
)
def test_a_plan_in_the_subtitle(subtitle: str, title: str | None) -> None:
    view, lead = lead_of(f"# 바다가 달라집니다\n\n{subtitle}\n- 어항 30곳을 정비\n- 상담 창구를 통합\n")
    assert (place(view, lead.title) if lead is not None else None) == title


@pytest.mark.parametrize(
    "text",
    [
        "在海洋日大会上的讲话\n\n各位来宾：\n\n国务院决定，将支持海洋产业。我们要推进海洋科技创新。\n",
        "自然资源部关于表彰海洋观测先进集体的决定\n\n各省自然资源厅：\n\n自然资源部决定授予30个单位称号。\n",
        "파력 발전의 문제점과 정부의 대응 방안\n\n1. 서론\n - 파력이 주목받고 있다.\n2. 결론\n - 제도 마련이 시급하다.\n",
        "해양수산부 차관, 칠레 수산부 차관 면담 - 정상회담 후속조치\n\n두 차관은 양식 협력을 논의하였다.\n",
        "해온시장, 학생에게 들려주는 바다 정책\n\n김하나 시장은 학생들과 만났다.\n",
        "해온부 회의\n\n□ 정부는 지난 2월 3일 「연안 안전대책」을 우선 마련·발표하였으며,\n ㅇ 후속 과제를 논의하였다.\n",
    ],
)
def test_nothing_is_announced(text: str) -> None:
    assert lead_of(text)[1] is None


def test_a_headline_names_maker_and_plan() -> None:
    view, lead = lead_of("환경부, 하천 수질 관리 지침(9.4 고시)\n\n- 측정망을 60곳으로 확대\n")
    assert lead is not None and place(view, lead.title) == "하천 수질 관리 지침" and place(view, lead.day) == "9.4"


@pytest.mark.parametrize(
    ("foot", "status"),
    [
        ("本办法自印发之日起施行。", "implemented"),
        ("本办法自2031年1月1日起施行。", "adopted"),
        ("请遵照执行。", "adopted"),
    ],
)
def test_what_is_in_force_from_its_day(foot: str, status: str) -> None:
    text = f"云州市人民政府关于印发云州市码头管理办法的通知\n\n各区人民政府：\n\n现将《云州市码头管理办法》印发给你们。\n\n第一条 建立码头检查制度。\n第二条 {foot}\n"
    assert policy(text).status == status


def test_a_month_and_a_spaced_name_on_a_cover() -> None:
    found = policy(
        "제3차 연안 정비 기본계획\n\n2027. 3.\n\n해 양 수 산 부\n\n□ 추진 과제\n ○ 낡은 방파제 20곳을 2030년까지 보강\n"
    )
    assert found.announced_on is not None and len(found.issuers) == 1


def test_types_by_the_form_of_a_chinese_document() -> None:
    notice = "云州市人民政府关于做好码头安全工作的{form}\n\n各区人民政府：\n\n一、建立码头检查制度。\n二、加强船员培训。\n\n云州市人民政府\n2031年3月4日\n"
    assert policy(notice.format(form="通知")).document_type is DocumentType.OPINION_GUIDELINE
    assert policy(notice.format(form="决定")).document_type is DocumentType.LAW_REGULATION


@pytest.mark.parametrize(
    ("head", "title", "day"),
    [
        (
            "제2차 어촌 정비 기본계획(2027~2031) 요약본\n2027. 3.  해양수산부",
            "제2차 어촌 정비 기본계획(2027~2031)",
            "2027. 3.",
        ),
        ("2027년 주요업무 추진계획\n해양수산부 항만국", "2027년 주요업무 추진계획", None),
        ("어선안전법 시행령 일부개정령안 (해양수산부)", "어선안전법 시행령 일부개정령안", None),
    ],
)
def test_a_cover_in_one_unit(head: str, title: str, day: str | None) -> None:
    text = f"{head}\n\nⅠ. 추진 과제\n□ 낡은 어항 30곳을 정비\n□ 어촌 체험 마을 20곳을 육성\n"
    view, lead = lead_of(text)
    announced = policy(text).announced_on
    assert lead is not None and place(view, lead.title) == title and (announced and announced.quote) == day
    assert [place(view, who) for who in lead.issuers] == ["해양수산부"]


def test_a_letter_is_no_title_and_what_explains_a_policy_is_none() -> None:
    letter = "各省、自治区科技厅，新疆生产建设兵团科技局：\n根据《孵化器管理办法》，现将2031年度孵化器名单予以公布。\n"
    assert lead_of(letter)[1] is None
    text = (
        "《云州省盐湖利用方案》政策解读\n发布时间：2031-02-19    来源：云州省商务厅\n\n"
        "近日，省商务厅印发《云州省盐湖利用方案（2031—2033年）》（以下简称《方案》）。\n\n《方案》提出，建设盐湖产业园两个。\n"
    )
    found = policy(text)
    assert found.title is not None and found.title.quote == "云州省盐湖利用方案（2031—2033年）"


def test_the_day_of_the_news_is_not_that_of_the_policy() -> None:
    found = policy(
        "本报云州9月11日电（记者李一）民政部近日印发《社区食堂建设指南》。\n\n《指南》提出，建立食品留样制度。\n"
    )
    assert found.announced_on is None
    found = policy("부산시는 오늘(18일) 「해안 정비계획」을 발표했다.\n\n- 산책로 3km를 조성한다.\n")
    assert found.announced_on is not None and found.announced_on.quote == "18일"


def test_a_sentence_that_names_a_plan_under_study_is_no_title() -> None:
    speech = "在海港建成四十周年大会上的讲话\n\n同志们：\n\n省政府正在研究制定《关于支持海港发展的意见》，将赋予海港新的任务。\n"
    assert lead_of(speech)[1] is None
    [under_study] = [u for u in view_of(speech).units if "正在" in view_of(speech).words(u)]
    assert subject_of(view_of(speech).words(under_study), None) == (0, len("省政府"))
    notice = "云州市人民政府关于支持海港发展的意见\n\n各区人民政府：\n\n一、建立码头检查制度。\n"
    assert lead_of(notice)[1] is not None


def test_a_day_behind_the_law_before_is_not_that_of_the_plan() -> None:
    found = policy(
        "김 산업 육성 확대\n\n해양수산부는 「김 산업 육성법」을 제정(2030년 2월)하고, ‘제1차(2031~2035) 김 산업 육성 기본계획’을 "
        "수립(2030.11월)·추진한다.\n\n- 양식장 30곳을 정비한다.\n- 가공 공장 20곳을 짓는다.\n"
    )
    assert found.title is not None and found.title.quote == "제1차(2031~2035) 김 산업 육성 기본계획"
    assert found.announced_on is not None and found.announced_on.quote == "2030.11월"


@pytest.mark.parametrize(
    ("sentence", "quote"),
    [
        ("해양수산부는 4월 14일(수)부터 26일(월)까지 「섬 마을 창업 지원 사업」 참여 기업을 모집한다고 밝혔다.", None),
        ("해양수산부는 「유실 어구 대책」을 수립하고 6월 11일(수)부터 본격 시행한다고 밝혔다.", "6월 11일"),
        (
            "해양수산부는 「어구관리법 시행령」 일부개정안을 마련하여 4월 12일(수)부터 5월 22일(월)까지 41일간 입법예고한다.",
            "4월 12일",
        ),
        ("소방청은 판매시설 화재(9.26, 인명피해 8명)와 관련하여 「판매시설 안전 대책」을 추진한다고 밝혔다.", None),
        ("해양수산부는 ‘썩는 어구가 없다’는 보도(11.16일 해온일보)에 대해 「어구 대책」을 마련했다고 밝혔다.", None),
        ("해양수산부는 11월 16일자 해온신문의 지적에 따라 「어구 대책」을 마련했다고 밝혔다.", None),
        ("해양수산부는 11월 16일 해온경제 활성화를 위한 「어구 대책」을 발표했다.", "11월 16일"),
        ("해양수산부는 어촌 로드맵(’27.11월)’을 발표한 이후 「어촌 정비 대책」을 추진한다고 밝혔다.", None),
    ],
)
def test_days_of_something_else_in_the_announcement(sentence: str, quote: str | None) -> None:
    found = policy(f"새 대책 추진\n\n{sentence}\n\n- 선착장 30곳을 정비한다.\n- 안전 점검을 두 배로 늘린다.\n")
    assert found.announced_on is None if quote is None else found.announced_on and found.announced_on.quote == quote
