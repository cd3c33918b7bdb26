"""Running text becomes units: sentences, their clauses and marked items, and whole texts in one line."""

from __future__ import annotations

import pytest

from tests.outlining import units, words


def test_marked_items_in_a_sentence_have_ids_of_their_own() -> None:
    text = "한빛시는 ▲하수관 교체 ▲저류조 설치 ▲점검단 구성 등을 추진한다.\n"
    assert words(text, "item") == ["하수관 교체", "저류조 설치", "점검단 구성"]
    assert {u.parent for u in units(text) if u.kind.value == "item"} == {0}


BODY = (
    "공원 안 반려견 목줄 길이를 줄이고 놀이터를 늘린다 한빛시는 8일 '반려동물 공존 계획'을 발표했다. 시는 올해 놀이터 12곳을 새로 연다. "
    "이용자가 많은 강변 놀이터는 두 배로 넓힌다. 목줄 길이는 2미터에서 1.5미터로 줄인다. 위반하면 과태료 5만 원을 물린다. "
) + "주민 설명회는 구마다 세 차례 열어 의견을 듣고, 그 결과를 누리집에 올린다. " * 8


def test_a_text_in_one_line_is_no_item_though_it_begins_with_a_mark() -> None:
    """A portal hands on the line under the title and the whole text behind it as one line."""
    for text in (f"반려동물과 함께\n\n- {BODY}\n", f"반려동물과 함께\n\n▷{BODY}\n"):
        sentences = words(text, "sentence")
        assert sentences[1:4] == [
            "시는 올해 놀이터 12곳을 새로 연다.",
            "이용자가 많은 강변 놀이터는 두 배로 넓힌다.",
            "목줄 길이는 2미터에서 1.5미터로 줄인다.",
        ]
        assert not words(text, "bullet")


def test_an_item_of_several_sentences_is_one() -> None:
    item = "목줄 길이를 2미터에서 1.5미터로 줄인다. 위반하면 과태료 5만 원을 물린다. 계도는 석 달 동안 한다. 안내판을 세운다. 전단을 나눈다."
    assert words(f"□ 공원 이용\n- {item}\n", "bullet") == ["공원 이용", item]
    long = "하수관을 교체하고 저류조를 설치하는 등 " * 40 + "정비한다."
    assert words(f"- {long}\n", "bullet") == [long]


def test_a_sentence_broken_by_a_page_end_is_one() -> None:
    text = "이번 계획은 하천 정비와 산책로 조성을\n\n\n\n위한 것이라고 시는 밝혔다. 예산은 300억\n원이다.\n"
    assert words(text, "sentence") == [
        "이번 계획은 하천 정비와 산책로 조성을\n\n\n\n위한 것이라고 시는 밝혔다.",
        "예산은 300억\n원이다.",
    ]


def test_prose_offers_its_clauses() -> None:
    text = "한빛시는 하천 정비를 위해 관리센터를 설립하고 하수관을 교체하며 주민 점검단을 운영한다.\n"
    assert words(text, "clause") == [
        "한빛시는 하천 정비를 위해 관리센터를 설립하고",
        "하수관을 교체하며",
        "주민 점검단을 운영한다.",
    ]
    assert {u.parent for u in units(text) if u.kind.value == "clause"} == {0}


@pytest.mark.parametrize(
    ("sentence", "clauses"),
    [
        (
            "시는 낡은 하수관을 교체하는 한편, 빗물 저류조를 설치한다.",
            ["시는 낡은 하수관을 교체하는 한편,", "빗물 저류조를 설치한다."],
        ),
        (
            "시는 낡은 하수관을 교체하고,빗물 저류조를 곳곳에 설치한다.",
            ["시는 낡은 하수관을 교체하고,", "빗물 저류조를 곳곳에 설치한다."],
        ),
        ("한편, 시는 낡은 하수관과 빗물 저류조를 정비한다.", []),
    ],
)
def test_a_clause_ends_at_a_word_that_says_besides_and_at_a_comma_without_a_blank(
    sentence: str, clauses: list[str]
) -> None:
    assert words(f"{sentence}\n", "clause") == clauses


def test_quotations_and_numbers_do_not_end_sentences() -> None:
    text = "시장은 “하천을 깨끗이 하겠다. 약속한다.”라고 말했다. 비중은 3.5%에서 4.1%로 늘었다.\n"
    assert words(text, "sentence")[-1] == "비중은 3.5%에서 4.1%로 늘었다."
    english = "The city adopted a River Plan on May 12. It will build 5 ponds by 2028; it will train volunteers.\n"
    assert words(english, "sentence") == [
        "The city adopted a River Plan on May 12.",
        "It will build 5 ponds by 2028; it will train volunteers.",
    ]
    assert words(english, "clause") == ["It will build 5 ponds by 2028;", "it will train volunteers."]
