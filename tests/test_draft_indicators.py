"""What a goal counts: the phrases near a number, what is seen of them, and which one the weights choose."""

from __future__ import annotations

import pytest

from pipeline.draft.grammar.view import Number, Phrase, View
from pipeline.draft.seen.counted import closed_phrase, may_say, told_apart
from pipeline.draft.seen.indicators import ABOVE, AFTER, BEFORE, CELL, COLUMN, TRAITS, phrases_near, traits_near
from pipeline.draft.seen.numbers import numbers_of
from pipeline.read import from_text
from pipeline.settings import Settings
from pipeline.steps import extract_document, open_document

PLAN = """해운시, 갯벌 복원 추진계획 확정(2026.3.2)

□ 해운시는 '갯벌 복원 추진계획'을 확정했다고 밝혔다.

□ 추진 과제
"""


def near(text: str, number: str) -> tuple[View, Number, list[Phrase]]:
    opened = open_document(from_text(text))
    view = View(opened.shown.text, opened.articles[0])
    found = next(n for n in numbers_of(view) if view.words(n.unit)[n.quantity.start : n.quantity.end] == number)
    return view, found, phrases_near(view, found)


def words_of(view: View, phrases: list[Phrase], *places: int) -> set[str]:
    return {view.words(p.unit)[p.start : p.end] for p in phrases if p.place in places}


@pytest.mark.parametrize(
    ("sentence", "number", "phrase", "place"),
    [
        ("ㅇ 조류 관측률을 현재 31%에서 2029년까지 64%로 높인다.", "64%", "조류 관측률", BEFORE),
        ("ㅇ 어업인 쉼터(바다방) 이용률은 2029년 45%를 목표로 한다.", "45%", "어업인 쉼터(바다방) 이용률", BEFORE),
        ("ㅇ 2028년까지 12곳의 해변 관찰소를 새로 짓는다.", "12곳", "해변 관찰소", AFTER),
        ("ㅇ 到2028年，滨海湿地保护率达到55%。", "55%", "滨海湿地保护率", BEFORE),
        ("- Restore 800 hectares of salt marsh by 2031.", "800 hectares", "salt marsh", AFTER),
    ],
)
def test_phrases_end_where_words_do_without_a_particle(sentence: str, number: str, phrase: str, place: int) -> None:
    view, _, phrases = near(f"{PLAN}\n{sentence}\n", number)
    assert phrase in words_of(view, phrases, place)


def test_phrases_of_lists_and_tables_stand_above_and_beside() -> None:
    view, _, phrases = near(f"{PLAN}\nㅇ 갯벌 체험장\n  - 2028년까지 9곳\n", "9곳")
    assert "갯벌 체험장" in words_of(view, phrases, ABOVE)
    view, _, phrases = near(
        f"{PLAN}\n지표\t2026년\t2029년\n복원 면적\t3㎢\t8㎢\n철새 개체수\t4천 마리\t7천 마리\n", "8㎢"
    )
    assert "복원 면적" in words_of(view, phrases, CELL)
    assert "2029년" in words_of(view, phrases, COLUMN)


def test_what_is_seen_of_a_phrase_has_as_many_values_as_it_says() -> None:
    for sentence, number in (
        ("ㅇ (관측) 조류 관측률을 현재 31%에서, 2029년까지 64%로 높이고 20명을 둔다", "64%"),
        ("ㅇ 12곳", "12곳"),
        ("到2028年，滨海湿地（含滩涂）保护率达到55%", "55%"),
    ):
        view, found, phrases = near(f"{PLAN}\n{sentence}\n", number)
        traits = traits_near(view, found, phrases)
        assert len(traits) == len(phrases)
        for row in traits:
            assert all(0 <= value < size for value, size in zip(row, TRAITS.values(), strict=True))


def test_a_long_line_without_a_blank_is_looked_at_nearby_alone() -> None:
    _, _, phrases = near(f"{PLAN}\nㅇ {'가' * 9_000} 2029년까지 64%로 높인다\n", "64%")
    assert len(phrases) < 400


@pytest.mark.parametrize(
    ("item", "indicator"),
    [
        ("조류 관측률을 현재 31%에서 2029년까지 64%로 높인다.", "조류 관측률"),
        ("갯벌 해설사를 2028년까지 150명으로 늘린다.", "갯벌 해설사"),
        ("해변 쓰레기 수거율은 2029년까지 90%로 끌어올린다.", "해변 쓰레기 수거율"),
        ("염생식물 군락지: (’25) 3곳 → (’29) 11곳", "염생식물 군락지"),
    ],
)
def test_the_weights_choose_what_is_counted_and_not_what_follows(item: str, indicator: str) -> None:
    text = f"{PLAN}\n  ㅇ {item}\n  ㅇ 갯벌 체험장 운영 지침을 새로 만든다.\n"
    (policy,) = extract_document(from_text(text), Settings(endpoint="draft")).policies
    assert indicator in {t.indicator.text for t in policy.targets}


@pytest.mark.parametrize(
    ("sentence", "number", "counted"),
    [
        ("到2030年，县城和海岛污水处理率分别达到95%和85%左右。", "95%", "县城"),
        ("到2030年，县城和海岛污水处理率分别达到95%和85%左右。", "85%左右", "海岛污水处理率"),
        ("将变更审查、异议审查、复审周期分别压缩至2个月、12个月、6个月。", "12个月", "异议审查"),
        ("将变更审查、复审周期分别压缩至2个月、12个月、6个月。", "12个月", None),
        ("科技企业、高新技术企业分别达到1,000家和2,000家，", "2,000家", "高新技术企业"),
        ("复审周期压缩至12个月。", "12个月", "chosen"),
        ("各县分别建立台账，复审周期压缩至12个月。", "12个月", "chosen"),
    ],
)
def test_of_several_things_with_several_numbers_each_has_its_own(
    sentence: str, number: str, counted: str | None
) -> None:
    view, found, phrases = near(f"{PLAN}\n- {sentence}\n", number)
    chosen = phrases[0]
    told = told_apart(view, found, chosen)
    said = None if told is None else "chosen" if told is chosen else view.words(told.unit)[told.start : told.end]
    assert said == counted


def test_a_sign_alone_and_what_belongs_to_another_number_say_nothing() -> None:
    view, _, phrases = near(f"{PLAN}\n- 周期压缩至12个月、6个月。\n", "6个月")
    able = {view.words(p.unit)[p.start : p.end] for p in phrases if may_say(view, p) and p.place == BEFORE}
    assert "月、" not in able and "个月、" not in able and "周期压缩至" in able


@pytest.mark.parametrize(
    ("words", "closed"),
    [
        ("해외 판로 지원(429→", "해외 판로 지원"),
        ("교체(공공", "교체"),
        ("지원책(바우처)", "지원책(바우처)"),
        ("空调设备（套", "空调设备"),
        ("(누적", "(누적"),
    ],
)
def test_a_bracket_that_does_not_close_is_no_part_of_what_is_counted(words: str, closed: str) -> None:
    view, _, (phrase, *_) = near(f"{PLAN}\n- {words} 20개\n", "20개")
    found = closed_phrase(view, phrase._replace(start=0, end=len(words)))
    assert found is not None and view.words(found.unit)[found.start : found.end] == closed
