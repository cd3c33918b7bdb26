"""Every marker of the tables is found beside a number, in any case, and none inside a longer word."""

from __future__ import annotations

import pytest

from pipeline.normalise import comparator_in, find_quantities
from pipeline.normalise.comparators import _AFTER_WORDS, _BEFORE_WORDS
from schemas.vocabulary import Comparator

AFTER = [(c, word.replace("_", " ")) for c, _, words in _AFTER_WORDS for word in words.split()]
BEFORE = [(c, word.replace("_", " ")) for c, words in _BEFORE_WORDS for word in words.split()]


@pytest.mark.parametrize(("comparator", "word"), AFTER)
def test_a_marker_behind_a_number(comparator: Comparator, word: str) -> None:
    for said in {word, word.upper(), word.capitalize()}:
        (q,) = find_quantities(f"비중 50% {said}")
        assert (q.value, q.comparator) == (50, comparator), said


@pytest.mark.parametrize(("comparator", "word"), BEFORE)
def test_a_marker_before_a_number(comparator: Comparator, word: str) -> None:
    for said in {word, word.upper(), word.capitalize()}:
        (q,) = find_quantities(f"비중 {said} 50%")
        assert (q.value, q.comparator) == (50, comparator), said


@pytest.mark.parametrize("text", ["50% 이상기후", "50% or moreover", "계약 50%", "takeover 50%", "5=>50%", "3개 +5"])
def test_a_part_of_a_word_is_no_marker(text: str) -> None:
    assert {q.comparator for q in find_quantities(text)} <= {Comparator.EQ}


def test_a_marker_in_the_brackets_of_a_conversion_says_nothing_of_the_sum() -> None:
    assert comparator_in("1,500억원(약 10억 달러)") is Comparator.EQ
    assert comparator_in("약 1,500억원(10억 달러)") is Comparator.APPROX
