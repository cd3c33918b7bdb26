"""Whatever comes becomes sound units, in time that grows with the text and not with its square."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.read import from_text
from tests.outlining import units

# -- whatever comes ----------------------------------------------------------------------------------------

MARKS = (
    "-  ㅇ  □  ▲ ①  1)  01  Ⅰ.  가.  一、（一） 〈 〉 ※  *  \t | |---|---| <td> </td> <li> </li> <ul> ( ) “ ” ** ； 。"
)
PIECES = st.sampled_from(
    [*MARKS.split(" "), *(m + " " for m in MARKS.split()), "\n", "\n\n", "\n\n\n", "- 3 -", "다. ", "하고 ", "및",
     "를 위한", "https://a.b/c", "출처: ", "참고자료", "요약", "CONTENTS", "발 행 일", "2025년",
     "한빛시는 계획을 발표", " ", "\u3000", "△5.2", "\r", "\x0c"]
)  # fmt: skip


def check(text: str) -> None:
    found = units(text)
    assert [u.index for u in found] == list(range(len(found)))
    assert [u.start for u in found] == sorted(u.start for u in found)
    for u in found:
        assert 0 <= u.start <= u.end <= len(text)
        assert text[u.start : u.end] == text[u.start : u.end].strip()
        assert u.parent is None or 0 <= u.parent < len(found)
        assert all(0 <= i < u.index for i in u.headings)
        assert all(0 <= i < u.index for i in u.header)


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=40).map("".join))
@example("ㅇ </td> ㅇ - -")
def test_units_of_any_layout_are_sound(text: str) -> None:
    check(text)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300))
def test_units_of_any_text_are_sound(text: str) -> None:
    check(text)


@settings(max_examples=50, deadline=None)
@given(st.lists(PIECES, max_size=30).map("".join))
def test_nothing_printed_is_lost_but_marks_and_furniture(text: str) -> None:
    """The words of a document all stand in some unit."""
    inside = [False] * len(text)
    for u in units(text):
        inside[u.start : u.end] = [True] * (u.end - u.start)
    at = text.find("한빛시는 계획을 발표")
    while at >= 0:
        assert all(inside[at : at + len("한빛시는 계획을 발표")]), text[at - 20 : at + 30]
        at = text.find("한빛시는 계획을 발표", at + 1)


@pytest.mark.parametrize(
    "piece",
    ["- (라벨) 하수관 교체 및\n\n", "가", "가나다라 ", "하고 ", "▲", "<li>", "\t", "| a ", "(", "“", "‘", "〈", "1) ",
     "\n", "* \n", "다.", "<", "-", "a;", "을 ", "（", "□ ", "①", "하수관을\n", "하수관을\n\n", "가\tb\n", "출처: a\n"],
)  # fmt: skip
def test_time_grows_with_the_size_and_not_its_square(piece: str) -> None:
    """Ten times the text must not take a hundred times as long; a limit of time alone would say little."""

    def seconds(size: int) -> float:
        text = from_text((piece * (size // len(piece) + 1))[:size] + "끝").text
        started = time.process_time()  # Not the clock on the wall: other work on the machine must not matter.
        units(text)
        return time.process_time() - started

    small, large = (min(seconds(size) for _ in range(2)) for size in (5_000, 50_000))
    assert large < 40 * max(small, 0.01)


def test_a_megabyte_of_everything_at_once_ends() -> None:
    """Half a minute would mean that something is quadratic; it takes about two seconds."""
    piece = "- (라벨) 하수관 교체 및\n\n하수관을\n\n▲가 ▲나\n| a | b |\n“‘(（「<li>한빛시는 교체하고 설치하며\n1) 가\n"
    piece += "\t가\t나\n〈표〉\n"
    text = piece * (1_000_000 // len(piece)) + "“" * 20_000 + "을\n\n" * 2_000
    started = time.process_time()
    found = units(text)
    assert time.process_time() - started < 30
    assert len(found) > 10_000
