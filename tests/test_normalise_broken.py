"""Line ends inside number phrases and dates: read over where the lines around them demand it."""

from __future__ import annotations

import pytest

from pipeline.normalise import find_dates, find_deadline, find_quantities
from pipeline.normalise.broken import PHRASES, Within, goes_on


def found_by(example: str) -> list[str]:
    """The phrases that go on over an example's line end."""
    before, behind = example.split("↵")
    return [phrase.name for phrase in PHRASES if phrase.before.search(before) and phrase.behind.match(behind)]


@pytest.mark.parametrize("phrase", PHRASES, ids=lambda phrase: phrase.name)
def test_each_phrase_finds_its_examples_and_one_of_them_alone(phrase: Within) -> None:
    found = [found_by(example) for example in phrase.finds.split(" / ")]
    assert all(phrase.name in names for names in found)
    assert [phrase.name] in found


@pytest.mark.parametrize(
    ("before", "behind"),
    [
        ("3억", "5억"),
        ("20개", "40개"),
        ("예산 3조", "이다. 1,929억원"),
        ("추진", "2030년까지"),
        ("지원한다.", "30% 이상"),
        ("5억", "100명"),
    ],
)
def test_what_stands_on_lines_of_its_own_goes_on_nowhere(before: str, behind: str) -> None:
    assert not goes_on(before, behind)


def test_dates_and_deadlines_are_read_over_a_line_end() -> None:
    [day] = find_dates("2026년\n 3월 15일")
    assert (day.year, day.month, day.day, day.start, day.end) == (2026, 3, 15, 0, 13)
    assert find_deadline("이를 2030년\n 6월까지 마친다") == ("2030-06", (3, 14))
    assert find_deadline("’26년\n 6월까지") == ("2026-06", (0, 10))


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("총 5조\n1,929억원", [("5조\n1,929억원", 5_192_900_000_000)]),
        ("1억\n5천만원", [("1억\n5천만원", 150_000_000)]),
        ("12만\n5천 명", [("12만\n5천 명", 125_000)]),
        ("投资3亿\n5000万元", [("3亿\n5000万元", 350_000_000)]),
        ("3억\n5억\n7억원", [("3억", 300_000_000), ("5억", 500_000_000), ("7억원", 700_000_000)]),
        ("예산 3조\n이다. 1,929억원", [("1,929억원", 192_900_000_000)]),
        ("총 5조\n    1,929억원", [("5조\n    1,929억원", 5_192_900_000_000)]),
        ("총 5조 \n1,929억원", [("5조 \n1,929억원", 5_192_900_000_000)]),
        ("5,500\n만 대", [("5,500\n만 대", 55_000_000)]),
        ("30~\n50%", [("30~\n50%", 30)]),
        ("3분의\n1 수준", [("3분의\n1 수준", 33.33)]),
        ("매출 3,\n500억원", []),
        ("물가 12.\n5% 상승", []),
        ("사업비 5억\n100명 지원", [("5억", 500_000_000), ("100명", 100)]),
        ("사업비 5억 100명 지원", [("5억", 500_000_000), ("100명", 100)]),
        ("EUR 1.2\nbillion", [("EUR 1.2\nbillion", 1_200_000_000)]),
        ("两百\n五十家企业", [("两百\n五十家", 250)]),
        ("3월 20개\n40개\n70개", [("20개", 20), ("40개", 40), ("70개", 70)]),
    ],
)
def test_a_sum_over_a_line_end_is_read_whole_or_not_at_all(text: str, read: list[tuple[str, int]]) -> None:
    assert [(text[q.start : q.end], q.value) for q in find_quantities(text)] == read


@pytest.mark.parametrize(
    ("text", "comparator"),
    [
        ("약\n5천 명", "approx"),
        ("不\n低于30%", "ge"),
        ("不少\n于240人", "ge"),
        ("40%\n  이상", "ge"),
        ("at least\n30 %", "ge"),
    ],
)
def test_what_compares_is_read_over_a_line_end(text: str, comparator: str) -> None:
    [found] = find_quantities(text)
    assert found.comparator == comparator
