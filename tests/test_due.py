"""By when: the dates near a number, what they are worth, and where they stand."""

from __future__ import annotations

import datetime as dt

import pytest

from pipeline.draft.grammar.view import View
from pipeline.draft.seen.due import ABOVE, DUE, HEADING, OWN, able_dates, dates_in, dates_near, due_traits
from pipeline.draft.seen.numbers import is_baseline, numbers_of
from pipeline.read import from_text
from pipeline.steps import open_document
from tests.outlining import view_of

TEXT = """하천 정비 2031년 계획

- 하천 정비 목표 (~'29년)
 - 수질 측정소 (’25년) 12곳 → (’28년) 40곳을 설치
 - 보도 14km를 정비
"""


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("2027년까지 30기", [("2027년까지", "2027")]),
        ("(’23) 6.1% → (’27) 12%", [("’23", "2023"), ("’27", "2027")]),
        ("올해 2곳, 내년 상반기 9곳", [("올해", "2026"), ("내년 상반기", "2027")]),
        ("2015年至2017年", [("2015年", "2015"), ("2017年", "2017")]),
        ("2040 climate target", [("2040", "2040")]),
        ("2,000명에게 2030원", []),
        ("每年抽检不少于2000批次，2026年底前", [("2026年底前", "2026")]),
        ("2030까지 40%(2015 대비)", [("2030까지", "2030")]),
    ],
)
def test_dates_in_words(words: str, found: list[tuple[str, str]]) -> None:
    assert [(words[a:b], value) for a, b, value, _ in dates_in(words, dt.date(2026, 5, 1))] == found


def test_dates_near_a_number_stand_in_its_unit_above_it_and_in_the_heading() -> None:
    opened = open_document(from_text(TEXT))
    view = View(opened.shown.text, opened.articles[0])
    numbers = {view.words(n.unit)[n.quantity.start : n.quantity.end]: n for n in numbers_of(view)}
    near = [(d.value, d.place) for d in dates_near(view, numbers["40곳"])]
    assert {("2025", OWN), ("2028", OWN), ("2029", ABOVE), ("2031", HEADING)} <= set(near)
    far = dates_near(view, numbers["14km"])
    assert ("2029", ABOVE) in [(d.value, d.place) for d in far] and OWN not in {d.place for d in far}
    for dated in far:
        traits = due_traits(view, numbers["14km"], dated, far)
        assert all(0 <= value < size for value, size in zip(traits, DUE.values(), strict=True))


@pytest.mark.parametrize(
    ("sentence", "printed", "years"),
    [
        ("해온부는 2028년 특성화학교 3개교(가온, 나래) 지정에 이어, 올해 4개교를 지정한다.", "4개교", set()),
        ("해온부는 2028년 대책을 마련한 데 이어 4개교를 지정한다.", "4개교", set()),
        ("해온부는 2028년까지 특성화학교 4개교를 지정하고, 이어서 기숙사를 짓는다.", "4개교", {"2028"}),
        ("2027年，完成改造2144户。2028年，完成改造1598户。", "2144户", {"2027"}),
        ("2027年，完成改造2144户。2028年，完成改造1598户。", "1598户", {"2028"}),
        ("完成改造2144户，2028年底前完成。", "2144户", {"2028"}),
        ("到2027年，利用率达到60%以上；到2030年，达到75%以上。", "60%以上", {"2027"}),
    ],
)
def test_which_dates_may_be_deadlines(sentence: str, printed: str, years: set[str]) -> None:
    view = view_of(f"{sentence}\n")
    (number,) = [n for n in numbers_of(view) if view.words(n.unit)[n.quantity.start : n.quantity.end] == printed]
    found = able_dates(view, number, dates_near(view, number))
    assert {d.value for d in found if d.place == OWN} - {"2026"} == years


@pytest.mark.parametrize(
    ("sentence", "baselines"),
    [
        ("해온부는 '25년까지 수소 충전소 20개소 설치(’20년 4개소), 버스 90대를 늘린다.", ["4개소"]),
        ("무인선 7대 강국(현재 10위권)으로 도약한다.", ["10위권"]),
        ("충전기를 200기(기존 80기)로 늘린다.", ["80기"]),
        ("교육 인원 4,200명(‘21) ⇒ 4,400명(‘22), 감수 470건('21년)→500건으로 늘린다.", ["4,200명", "470건"]),
        ("기업 100개사(2030년 300개사)를 육성한다.", []),
        ("학교 4개교(초등 2개교)를 짓는다.", []),
    ],
)
def test_what_was_before_in_brackets_is_no_goal(sentence: str, baselines: list[str]) -> None:
    view = view_of(f"{sentence}\n")
    found = [n for n in numbers_of(view) if is_baseline(view, n)]
    assert [view.words(n.unit)[n.quantity.start : n.quantity.end] for n in found] == baselines


def test_a_year_that_is_to_come_when_the_document_is_issued_is_no_baseline() -> None:
    said = "수소 충전소를 2030년 100개소(2027년 40개소)로 늘린다.\n"
    for head, before in (("2026. 3. 2.\n\n", False), ("2029. 3. 2.\n\n", True)):
        opened = open_document(from_text(f"{head}해온부 충전소 계획\n\n{said}"))
        view = View(opened.shown.text, opened.articles[0])
        assert view.article.issue_date is not None
        (forty,) = [n for n in numbers_of(view) if n.quantity.value == 40]
        assert is_baseline(view, forty) is before
