"""Lines cut by hand are one again; the number of an article alone on its line is a heading."""

from __future__ import annotations

import pytest

from tests.outlining import shown, units


def test_the_number_of_an_article_alone_is_a_heading() -> None:
    text = "HAVE ADOPTED THIS DIRECTIVE:\n\nArticle 1\nMember States shall keep a register.\n\nArticle 2\nIt shall be public.\n"
    assert shown(text)[1:] == [
        ("heading", "Article 1"),
        ("sentence", "Member States shall keep a register."),
        ("heading", "Article 2"),
        ("sentence", "It shall be public."),
    ]
    assert shown("As set out in\nArticle 1 of the Treaty, it applies.\n")[0][0] == "sentence"


def test_a_chinese_title_cut_in_two_is_one() -> None:
    text = "河湾市教育局关于做好中小学午餐供应\n\n和食堂卫生工作的通知\n\n各区教育局：\n\n一、公开食谱。\n"
    assert shown(text)[0][1].split() == ["河湾市教育局关于做好中小学午餐供应", "和食堂卫生工作的通知"]
    whole = "河湾市教育局关于做好午餐供应工作的通知\n\n各区按照有关要求的通知\n"
    assert len(units(whole)) == 2


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("一、支持摊位延长营业，对晚上经营的商户给予\n每月补贴。\n二、开放停车场。\n", 2),
        ("一、加强领导，落实责任\n各单位要把这项工作摆上重要位置，明确专人负责，按月通报进展。\n二、开放停车场。\n", 3),
        ("一、总体要求\n按月通报进展。\n二、开放停车场。\n", 3),
    ],
)
def test_a_chinese_item_cut_by_hand_is_one_and_a_heading_is_none(text: str, count: int) -> None:
    assert len([u for u in units(text) if u.kind != "clause"]) == count


def test_a_sum_cut_at_the_end_of_a_line_is_one() -> None:
    text = "□ 해양수산부(장관 한바다)는 총 5조\n1,929억원 규모의 섬 물류 종합계획을 확정·발표하였다.\n"
    assert shown(text) == [("bullet", text[2:-1])]
