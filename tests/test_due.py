"""By when: the dates near a number, what they are worth, and where they stand."""

from __future__ import annotations

import datetime as dt

import pytest

from pipeline.draft.due import ABOVE, DUE, HEADING, OWN, dates_in, dates_near, due_traits
from pipeline.draft.numbers import numbers_of
from pipeline.draft.view import View
from pipeline.read import from_text
from pipeline.steps import open_document

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
