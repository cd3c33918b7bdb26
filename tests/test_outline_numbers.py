"""Every family of numbers is found behind every sign it starts with."""

from __future__ import annotations

import pytest

from pipeline.outline.lines import NUMBERS, classify

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
    "dot_number": ("1. 추진", "1.2 추진"),
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
