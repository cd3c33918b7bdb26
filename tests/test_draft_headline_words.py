"""What part of the headline's words a unit says again, and which unit is the first to say the most of them."""

from __future__ import annotations

import pytest

from pipeline.draft.seen.traits import TRAITS, traits_of
from tests.outlining import view_of


def seen(text: str, begins: str) -> tuple[int, int]:
    """The two traits of the unit that begins so."""
    view = view_of(text)
    [at] = [i for i, u in enumerate(view.units) if view.words(u).startswith(begins) and not view.is_part(u)]
    row = dict(zip(TRAITS, traits_of(view)[at].tolist(), strict=True))
    return row["like_headline"], row["likest"]


ENGLISH = (
    "Space office selects lunar surface studies\n\nThis mosaic is made of a hundred images of the plains.\n"
    "The Space Office has selected nine firms for studies of the lunar surface.\nEach firm will get a grant.\n"
)


@pytest.mark.parametrize(
    ("text", "says", "other"),
    [
        (ENGLISH, "The Space Office", "This mosaic"),
        (
            "산림청, 도시숲 확대 계획 발표\n\n여름이 점점 더워지고 있다.\n산림청은 도시숲을 확대하는 계획을 발표했다.\n",
            "산림청은",
            "여름이",
        ),
        ("临越市出台低空经济若干措施\n\n近年来天气多变。\n临越市近日印发低空经济若干措施。\n", "临越市近日", "近年来"),
    ],
)
def test_what_says_the_headline_again_is_told_from_what_does_not(text: str, says: str, other: str) -> None:
    assert seen(text, says) == (3, 1)
    assert seen(text, other) == (0, 0)


def test_the_headline_itself_is_like_nothing() -> None:
    assert seen(ENGLISH, "Space office selects") == (0, 0)


def test_of_two_that_say_as_much_the_first_is_the_likest() -> None:
    text = ENGLISH.replace("Each firm", "The Space Office selects studies of the lunar surface. Each firm")
    assert seen(text, "The Space Office has") == (3, 1)
    assert seen(text, "The Space Office selects") == (3, 0)


def test_a_headline_of_two_words_says_nothing() -> None:
    assert seen("도시숲 계획\n\n산림청은 도시숲 계획을 발표했다.\n", "산림청은") == (0, 0)
