"""Every family of numbers is found behind every sign it starts with."""

from __future__ import annotations

import pytest

from pipeline.outline.lines import NUMBERS, classify
from tests.outlining import above, words

MARKS = {
    "hash": ("# 가나", "### 가나"),
    "chapter": ("제1장 총칙", "第一章 总则"),
    "section": ("제2절 정의", "第二节 定义"),
    "article": ("제3조 정의", "第三条 定义"),
    "roman": ("Ⅲ. 추진", "IV. 추진", "V. 추진", "X. 추진"),
    "han": ("一、总体", "十二、总体"),
    "han_bracket": ("（一）总体", "(三)总体"),
    "square": ("[1] 추진", "【2】 추진", "〔3〕 추진"),
    "padded": ("01 추진", "02. 추진"),
    "dot_number": ("1. 추진", "1.2 추진", "1.추진", "2.「추진"),
    "han_number": ("3.总体", "4．总体"),
    "bracket_number": ("1) 추진",),
    "round_number": ("(1) 추진", "（2）추진", "⑶ 추진"),
    "letter": ("가. 추진", "하. 추진"),
    "letter_bracket": ("나) 추진", "(다) 추진"),
    "circled": ("① 추진", "❶ 추진", "➓ 추진"),
    "boxed_number": ("\U000f02b1 추진", "\U000f02ba\U000f02c3 추진"),
    "latin_letter": ("a) Plan", "(h) Plan"),
    "latin_roman": ("ii) Plan", "(iv) Plan", "x. Plan"),
    "boxed": ("1  추진",),
}


def test_every_family_has_examples() -> None:
    assert [family for family, _ in NUMBERS] == list(MARKS)


@pytest.mark.parametrize(("family", "line"), [(family, line) for family, lines in MARKS.items() for line in lines])
def test_a_line_of_every_family(family: str, line: str) -> None:
    found = classify(line, 0, len(line))
    assert found.kind == "number"
    assert found.family.rstrip("#") == family


LISTED = """해온부는 회의를 열었다.

① 쾌속선 항로 확충

② 터미널 신축

③ 선착장 정비

해온부 장관은 회의를 마치며 「해상교통 계획」을 차질 없이 추진하겠다고 밝히고 관계 부처에 협조를 요청하였다.
"""


def test_text_behind_a_list_stands_under_none_of_its_items() -> None:
    assert words(LISTED, "bullet") == ["쾌속선 항로 확충", "터미널 신축", "선착장 정비"]
    assert above(LISTED, "해온부 장관은") == []


def test_a_chapter_behind_the_list_of_all_keeps_its_text() -> None:
    chapters = "1. 개요\n\n2. 목표\n\n3. 추진\n\n1. 개요\n\n해온시의 부두는 쉰 곳이고, 그 가운데 절반은 삼십 년이 넘어 고쳐야 하며 열 곳은 새로 지어야 한다.\n"
    assert above(chapters, "해온시의 부두는") == ["개요"]


def test_a_dot_before_a_figure_is_a_mark() -> None:
    assert words("과제\n\n·10대 핵심기술 개발\n·전문인력 양성\n", "bullet") == ["10대 핵심기술 개발", "전문인력 양성"]


def test_a_list_that_begins_behind_its_name() -> None:
    text = (
        "◇ 안 건 : ① [의결] 항만 진흥계획\n\n② [보고] 특구 관리 방안\n\n③ [보고] 사전협의 결과\n\n"
        "「항만 진흥계획」은 지난해 발표한 「항만 육성전략」을 실행하는 데 초점을 두었으며 각 시·도가 지역의 특성을 반영하여 수립했다.\n"
    )
    assert above(text, "「항만 진흥계획」은") == []


def test_a_strategy_with_its_number_in_brackets_heads_what_follows() -> None:
    text = (
        "[전략 1] 해양심층수를 활용한 연안의 미래가치를 창출하는 기반 마련\n\n"
        "해양심층수를 활용한 냉난방으로 탄소중립을 실천한다.\n"
    )
    assert above(text, "해양심층수를 활용한 냉난방으로") == [
        "[전략 1] 해양심층수를 활용한 연안의 미래가치를 창출하는 기반 마련"
    ]


def test_a_strategy_in_round_brackets_heads_what_follows() -> None:
    text = "(전략 1) 연안의 가치를 창출하는 기반 마련\n\n해양심층수를 활용한 냉난방으로 탄소중립을 실천한다.\n"
    assert above(text, "해양심층수를 활용한") == ["(전략 1) 연안의 가치를 창출하는 기반 마련"]


def test_what_follows_from_an_arrow_and_a_case_head_nothing() -> None:
    case = "선박을 고쳐 쓰는 기간을 줄인 경우\n\n해온시는 비용의 절반을 지원한다.\n"
    assert above(case, "해온시는") == []
    arrow = "→ 심사 기간 단축과 비용 절감\n\n해온시는 비용의 절반을 지원한다.\n"
    assert above(arrow, "해온시는") == []
