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


@pytest.mark.parametrize("words", ["We will also:", "and will", "The grants are:", "Our new service will:"])
def test_words_that_lead_into_a_list_are_no_heading(words: str) -> None:
    assert shown(f"{words}\n\n- publish all permits;\n- halve the time of review.\n")[0][0] == "sentence"
    assert shown("Next steps\n\n- publish all permits;\n")[0][0] == "heading"
    assert shown("By 2031 we will have:\n\n- halved the time of review.\n")[0][0] == "heading"


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
