"""What real documents print: marks, headings and ends of sentences that once tore or joined what they should not."""

from __future__ import annotations

import pytest

from tests.outlining import shown, units

LONG = "시는 내년부터 세 해 동안 낡은 배수관을 바꾸고, 침수가 잦은 곳에는 빗물을 모으는 저류시설을 새로 두며, 주민이 참여하는 점검단을 꾸려 달마다 현장을 살피고 그 결과를 누리집에 올리기로 하였으며 필요한 돈은 도와 나누어 낸다."


def test_a_list_that_ends_with_and_so_on_is_at_its_end() -> None:
    text = "* 대상: 하천, 배수장, 저류지 등\n\n시는 내년 3월까지 점검을 마친다.\n"
    assert shown(text) == [("note", "대상: 하천, 배수장, 저류지 등"), ("sentence", "시는 내년 3월까지 점검을 마친다.")]
    assert shown("빅데이터, 인공지능 등\n신기술을 쓰는 기업을 돕는다.\n")[0][1].endswith("돕는다.")


def test_a_chinese_sentence_ends_before_a_number_and_a_quotation_with_its_speaker() -> None:
    assert [w for _, w in shown("去年完成改造2144户。2026年再完成1598户。\n")] == [
        "去年完成改造2144户。",
        "2026年再完成1598户。",
    ]
    assert len(shown("“新规今年起施行。”市水务局局长说。\n")) == 1
    assert len(shown("“新规今年起施行。”各区随后公布细则。\n")) == 2


@pytest.mark.parametrize("title", ["Dr.", "Mr.", "Gov.", "Hon."])
def test_the_title_before_a_name_ends_no_sentence(title: str) -> None:
    text = f"The board is chaired by {title} Amina Rowe. It meets in May.\n"
    assert [w for _, w in shown(text)] == [f"The board is chaired by {title} Amina Rowe.", "It meets in May."]


def test_where_a_line_is_a_paragraph_a_short_one_above_it_is_a_heading() -> None:
    text = f"빗물로부터 안전한 도시\n{LONG}\n{LONG}\n주민과 함께하는 점검\n{LONG}\n"
    assert [k for k, _ in shown(text) if k != "clause"] == ["heading", "sentence", "sentence", "heading", "sentence"]
    wrapped = "시는 내년부터 낡은 배수관을\n바꾸고 저류시설을 두며 주민이 참여하는 점검단을 꾸린다.\n"
    assert [k for k, _ in shown(wrapped) if k != "clause"] == ["sentence"]


@pytest.mark.parametrize("mark", ["•\t", "□\t", "ㅇ\t", "| (a) | ", "(b)\t"])
def test_a_mark_set_apart_by_a_layout_is_the_mark_of_an_item(mark: str) -> None:
    text = f"{mark}Grants cover half the cost of drip irrigation;\n{mark}Wells above 5,000 m3 are metered.\n"
    assert [k for k, _ in shown(text)] == ["bullet", "bullet"]
    assert units(text)[0].marker.strip("| \t") == mark.strip("| \t")


def test_a_row_of_numbers_or_of_three_cells_stays_a_row() -> None:
    assert shown("• 인원\t120\t150\n• 예산\t30\t45\n")[0][0] == "row"
    assert shown("▲\t5.2\n▲\t3.1\n")[0][0] == "row"


def test_a_list_in_markdown_is_no_list_of_notes() -> None:
    assert [k for k, _ in shown("* free bait kits for growers\n* 120 new field officers\n")] == ["bullet", "bullet"]
    assert [k for k, _ in shown("□ 배수장을 늘린다*.\n* 하천 옆 시설\n")] == ["bullet", "note"]
    assert [k for k, _ in shown("The fund opens in May.\n\n* preliminary figures\n")] == ["sentence", "note"]


@pytest.mark.parametrize(
    "sign", ["###", r"\###", "ENDS", "- ENDS -", "![Oath](https://example.org/a.jpg)", "press@example.org"]
)
def test_a_sign_that_ends_a_release_says_nothing(sign: str) -> None:
    assert shown(f"The rule takes effect in May.\n\n{sign}\n")[1] == ("furniture", sign)


def test_a_number_before_a_quotation_is_the_mark_of_its_heading() -> None:
    assert shown("2.“组组通”公路。全县再建公路300公里。\n")[0] == ("heading", "“组组通”公路。")


def test_the_second_footnote_is_one_of_its_own() -> None:
    text = "□ 배수장*과 저류지**를 늘린다.\n  * 하천 옆 시설\n  ** 공원 아래 시설\n\n□ 점검을 마친다.\n"
    assert [k for k, _ in shown(text)] == ["bullet", "note", "note", "bullet"]
    assert shown("** 굵은 글 ** 뒤에 글이 온다.\n")[0][0] == "sentence"


@pytest.mark.parametrize(
    ("text", "items"),
    [
        (
            "정부는 △스마트 팜 등 신산업 입주 확대 △산업·문화 등 복합 단지를 20개 조성 등을 추진한다.",
            ["스마트 팜 등 신산업 입주 확대", "산업·문화 등 복합 단지를 20개 조성"],
        ),
        ("▲수소충전소 30곳 설치 ▲버스 200대 도입 등 인프라를 넓힌다.", ["수소충전소 30곳 설치", "버스 200대 도입"]),
        ("▲수소충전소 30곳 설치 ▲버스 200대 도입 등의 과제를 살핀다.", ["수소충전소 30곳 설치", "버스 200대 도입"]),
        (
            "△소방계획 적정 여부 △대피로 등 피난 안내 여부 등에 대해 살핀다.",
            ["소방계획 적정 여부", "대피로 등 피난 안내 여부"],
        ),
        ("▲배수로 정비 ▲저류지 점검 등", ["배수로 정비", "저류지 점검"]),
    ],
)
def test_an_item_ends_where_the_list_does(text: str, items: list[str]) -> None:
    assert [w for k, w in shown(text + "\n") if k == "item"] == items


def test_a_clause_keeps_its_auxiliary_verb() -> None:
    text = "도는 상수도를 현대화하고 있으며, 새 기금을 조성하여 마을 기업을 지원해 나갈 계획이다.\n"
    assert [w for k, w in shown(text) if k == "clause"] == [
        "도는 상수도를 현대화하고 있으며,",
        "새 기금을 조성하여",
        "마을 기업을 지원해 나갈 계획이다.",
    ]
    assert "clause" not in [k for k, _ in shown("올해 백일해 환자가 지난해의 세 배를 넘었다.\n")]


def test_a_title_in_a_frame_is_a_heading() -> None:
    text = "앞 글이다.\n\n| Ⅱ |  | 지원 내용 및 절차 |\n| --- | --- | --- |\n\n□ 점포당 2백만 원을 지원한다.\n"
    assert shown(text)[1] == ("heading", "지원 내용 및 절차")
    assert units(text)[2].headings == (1,)
    assert shown("앞 글이다.\n\n| 1 | 120 |\n")[1][0] == "row"


def test_a_list_in_a_cell_is_a_list_whatever_its_mark() -> None:
    for mark in ("·", "o ", "◆ ", "➊"):
        text = f"| 구분 | 내용 |\n| --- | --- |\n| 인력 | {mark}교육장을 세 곳 연다 {mark}강사를 뽑는다 |\n"
        assert [w for k, w in shown(text) if k == "bullet"] == ["교육장을 세 곳 연다", "강사를 뽑는다"], mark
    assert "bullet" not in [k for k, _ in shown("| 구분 | 소관 |\n| --- | --- |\n| 인력 | 산업부·과기부 |\n")]


def test_parts_of_a_year_head_columns() -> None:
    text = "| 1분기 | 2분기 | 3분기 |\n| --- | --- | --- |\n| 계획 수립 | 교육장 선정 | 개소 |\n"
    assert units(text)[0].role == "header"


def test_a_line_in_brackets_is_a_heading_and_a_source_is_none() -> None:
    assert shown("[ 2) 시행규칙 개정 ]\n\n공급 기준을 고친다.\n")[0] == ("heading", "[ 2) 시행규칙 개정 ]")
    assert shown("[2030 목표]\n목재 생산을 늘린다.\n")[0][0] == "heading"
    for line in ("[자료: 산림청, 국립산림과학원, 한국임업진흥원 등]", "[전자산업신문 상하이 특별취재팀 한바다 기자]"):
        assert shown(f"{line}\n\n공급 기준을 고친다.\n")[0][0] != "heading"
    assert shown("총 7쪽(첨부 5쪽)\n\n공급 기준을 고친다.\n")[0][0] == "furniture"
