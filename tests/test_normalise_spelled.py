"""Numerals that a library spelled by the rules of Unicode CLDR are read back whole; what is no whole numeral has no value."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from functools import cache

import pytest
from unicode_rbnf import RbnfEngine

from pipeline.normalise import find_quantities, parse_quantity

VALUES = 500
KOREAN = ("spellout-cardinal-sinokorean", "spellout-cardinal-financial")
CHINESE = ("spellout-numbering", "spellout-cardinal", "spellout-cardinal-alternate2", "spellout-cardinal-financial")
ENGLISH = ("spellout-cardinal", "spellout-cardinal-verbose")


@cache
def engine(language: str) -> RbnfEngine:
    return RbnfEngine.for_language(language)


def spell(language: str, value: int, ruleset: str) -> str:
    return engine(language).format_number(value, ruleset_names=[ruleset]).text


def numbers(seed: int) -> Iterator[int]:
    """Of all lengths up to 13 figures, one third of them round; from 11 on, as 일 and 伍 alone are words."""
    draw = random.Random(seed)
    for _ in range(VALUES):
        value = draw.randint(11, 10 ** draw.randint(2, 13) - 1)
        zeros = 10 ** draw.randint(1, 6)
        yield max(value // zeros * zeros, 20) if draw.random() < 0.34 else value


def korean(value: int) -> Iterator[tuple[str, str]]:
    for ruleset in KOREAN:
        printed = spell("ko", value, ruleset)
        yield f"예산은 {printed} 원을 투입", "원"
        yield f"예산은 {printed.replace(' ', '')}원을 투입", "원"
        yield f"○ 인재 {printed.replace(' ', '')} 명 이상 양성", "명"


def chinese(value: int) -> Iterator[tuple[str, str]]:
    for language in ("zh", "zh_Hant"):
        for ruleset in CHINESE:
            printed = spell(language, value, ruleset)
            yield f"总投资{printed}元。", "元"
            yield blanks(printed), "家"


def blanks(printed: str) -> str:
    """Set apart at its big scales, as a page that is set wide prints it."""
    return "培育企业 " + re.sub("([万亿萬億兆])(?=.)", "\\1 ", printed) + " 家"


def english(value: int) -> Iterator[tuple[str, str | None]]:
    for ruleset in ENGLISH:
        printed = spell("en", value, ruleset)
        yield f"The ministry will fund {printed} projects by then", "projects"
        yield f"{printed.capitalize()} people are to be trained", "people"
        yield f"It wants {printed.replace('-', ' ')} new homes", None


@pytest.mark.parametrize(("spelled", "least"), [(korean, 3000), (chinese, 8000), (english, 3000)])
def test_numerals_that_a_library_spelled_are_read_back(spelled, least: int) -> None:
    wrong, read = [], 0
    for value in numbers(2026):
        for text, unit in spelled(value):
            read += 1
            found = [(q.value, q.value_max, q.unit) for q in find_quantities(text)]
            if found != [(value, None, unit)]:
                wrong.append((text, value, found))
    assert wrong == []
    assert read >= least


@pytest.mark.parametrize(
    "text",
    [
        "예산은 오천 이억 원",
        "예산은 3만 오천 원",
        "예산은 2억 삼천만 원",
        "예산은 오 만 원",
        "인재 삼만 오만 명",
        "总投资3万五千元",
        "总投资3万 五千元",
        "培育三万五万家",
        "培育三十五百家",
        "投资三十亿 五家",
        "2 thousand five hundred firms",
        "two and a half million people",
        "three point five million euros",
        "seven hundred six hundred firms",
        "five thousand, six firms",
        "two thirds majority votes",
        "two dozen firms",
        "one hundred twenty-fifth anniversaries",
    ],
)
def test_a_part_of_a_numeral_is_never_a_value(text: str) -> None:
    assert find_quantities(text) == []
    read = parse_quantity(text)
    assert read is None or read.value is None


@pytest.mark.parametrize(
    ("text", "printed", "low", "high", "unit"),
    [
        ("train forty-two million people", "forty-two million people", 42_000_000, None, "people"),
        ("in one hundred and five countries", "one hundred and five countries", 105, None, "countries"),
        ("a hundred and fifty firms", "a hundred and fifty firms", 150, None, "firms"),
        ("two to three projects", "two to three projects", 2, 3, "projects"),
        ("ten to one hundred and fifty firms", "ten to one hundred and fifty firms", 10, 150, "firms"),
        ("a fund of 500m euros", "500m euros", 500_000_000, None, "euros"),
        ("about 5m people", "about 5m people", 5_000_000, None, "people"),
        ("a fence 500m long", "500m", 500, None, "m"),
        ("예산은 백오 원", "백오 원", 105, None, "원"),  # Korean leaves out no scale, Chinese does: 一百五
        ("建设平台一百五家", "一百五家", 150, None, "家"),
        ("예산이 오억 원으로", "오억 원", 500_000_000, None, "원"),
        ("3만 일자리 창출", "3만", 30_000, None, None),
        ("fund 2 million two-year grants", "2 million", 2_000_000, None, None),
    ],
)
def test_kinds(text: str, printed: str, low: int, high: int | None, unit: str | None) -> None:
    (q,) = find_quantities(text)
    assert (text[q.start : q.end], q.value, q.value_max, q.unit) == (printed, low, high, unit)


@pytest.mark.parametrize(
    "text", ["陆家嘴金融区", "参加人员", "万家灯火", "千家万户", "one in five firms", "구조 개선 방안", "이 명단"]
)
def test_words_that_are_no_numerals(text: str) -> None:
    assert find_quantities(text) == []
