"""Hancom's signs of private use: numbers in boxes and bullets, read as what they show, kept as they are."""

from __future__ import annotations

import pytest

from pipeline.draft.policy import draft
from pipeline.learn.weights import SHIPPED, read_weights
from pipeline.normalise.private_signs import SHOWN, as_shown
from pipeline.outline import outline
from pipeline.read import from_text
from pipeline.split import split
from schemas.vocabulary import UnitKind

PLAN = """한결시 보행환경 개선 추진계획
{one} 보도 정비
○ 낡은 보도 14km를 정비한다.
{two} 신호등 확충
○ 음향 신호기 60대를 설치한다.
"""


@pytest.mark.parametrize(
    ("sign", "shown"),
    [("\U000f02b1", "①"), ("\U000f02b9", "⑨"), ("\U000f02ba\U000f02c3", "10"), ("\U000f02bb\U000f02c8", "25"),
     ("\U000f02ce", "①"), ("\uf06e", "■"), ("\uf076", "❖"), ("\U000f02ef", "·")],
)  # fmt: skip
def test_a_sign_shows(sign: str, shown: str) -> None:
    assert as_shown(sign) == shown


def test_places_stay() -> None:
    assert all(len(shown) == 1 for shown in SHOWN.values())


@pytest.mark.parametrize(
    ("one", "two"),
    [("\U000f02b1", "\U000f02b2"), ("\U000f02ce", "\U000f02cf"), ("\U000f02ba\U000f02c3", "\U000f02ba\U000f02c4")],
)
def test_numbers_in_boxes_open_parts_as_numbers_in_circles_do(one: str, two: str) -> None:
    documents = [from_text(PLAN.format(one=a, two=b)) for a, b in (("①", "②"), (one, two))]
    found, pillars = [], []
    for document in documents:
        (article,) = split(document, outline(document))
        (policy,) = draft(document.text, article, read_weights(SHIPPED)).policies
        pillars.append([m.pillar.u for m in policy.measures if m.pillar])
        found.append([(u.unit.kind, u.unit.level, document.text[u.unit.start : u.unit.end]) for u in article.units])
    assert pillars[0] == pillars[1] and pillars[1] and set(pillars[1]) <= {"2", "4"}
    assert found[0] == found[1]
    assert [words for kind, _, words in found[1] if kind is UnitKind.HEADING][1:] == ["보도 정비", "신호등 확충"]


def test_a_number_in_a_box_ranks_apart_from_one_in_a_circle() -> None:
    units = outline(from_text("\U000f02b1 보도 정비\n① 동쪽 구간\n② 서쪽 구간\n\U000f02b2 신호등\n"))
    assert [u.level for u in units] == [1, 2, 2, 1]
    assert {u.family for u in units} == {"boxed_number", "circled"}


def test_bullets_of_symbol_fonts_are_bullets() -> None:
    units = outline(from_text("\uf06e 보도를 모두 정비한다.\n\U000f02ef 신호등을 60대 설치한다.\n"))
    assert [(u.kind, u.family) for u in units] == [(UnitKind.BULLET, "box"), (UnitKind.BULLET, "dot")]
