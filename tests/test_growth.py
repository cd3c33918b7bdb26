"""Time grows with the text: four times a text takes about four times as long, whatever it is made of.

The times of one text and of one four times as long are compared, each the least of some runs, so that the speed of
the machine does not matter.
"""

from __future__ import annotations

import asyncio
import random
import sys
import time
from functools import _lru_cache_wrapper

import pytest

from pipeline.ground.quotes import find_quote
from pipeline.model.parse import LONGEST, read_completion
from pipeline.model.received import completion_in
from pipeline.read import from_text
from pipeline.session import Session
from pipeline.settings import Settings
from pipeline.steps import extract_in
from schemas.answer import Answer
from schemas.errors import ModelError

CACHES = [
    thing
    for name, module in tuple(sys.modules.items())
    if name.startswith(("pipeline.draft", "pipeline.ground", "pipeline.merge"))
    for thing in vars(module).values()
    if isinstance(thing, _lru_cache_wrapper)
]
"""What rules remember: forgotten before each run."""
SIZE = 3_000
MOST = 8.0
"""Times as long for four times the text: linear steps give four, quadratic ones sixteen."""
SMALL = 0.15
"""Seconds for the longer text below which no ratio is looked at: what is that fast is no danger."""
PIECES = (
    *[
        "은는이가",
        "3.18",
        "'24.3.4.",
        "2024.3.4 ",
        "(1)",
        "1)가 ",
        "제1조 ",
        "제1장",
        "> 가",
        "요약",
        "목차",
        "단신",
        "a1",
        "deadbeef0123",
        "QmFzZTY0",
    ],
    *[
        "2030년",
        "30% ",
        "12,345",
        "100억 원 ",
        "'25년까지 ",
        "①",
        "▲ 가",
        "□",
        "- ",
        "·",
        ",",
        "《가》",
        "(",
        "('",
        "“가",
        "</td>",
        "<br>",
        "A",
        "Ab ",
        "The ",
        "구축 ",
        "하고 ",
    ],
    *("0", " ", "\u3000", "\u200b", "\t", "|", "fund", "第一章", "建设，", "一、", "등 ", "위원회", "."),
)
FRAMES = {
    "korean": (
        "■ 새솔시, 섬 전력 자립 방안 발표(3.18)\n\n- 새솔시 정부는 '섬 전력 자립 실시방안(2026~2030)'을 발표\n\n"
        "1) 발전 설비\n\n- (해상풍력) ",
        " 발전기 40기 이상을 설치하고 송전선로 구축\n",
    ),
    "english": (
        "# Ministry of Water publishes the Clean Rivers Action Plan 2026-2030\n\nThe Ministry of Water published its "
        "Clean Rivers Action Plan.\n\n## Measures\n\n- The ministry will build 40 plants by 2030 ",
        " and support towns.\n",
    ),
}


def _text(piece: str, frame: str, *, lines: bool, size: int) -> str:
    before, after = FRAMES[frame]
    piece = piece + "\n" * lines
    return before + piece * (size // len(piece)) + after


def _seconds(text: str) -> float:
    for cache in CACHES:
        cache.cache_clear()
    started = time.process_time()
    asyncio.run(extract_in(from_text(text), Session(Settings())))
    return time.process_time() - started


def _ratio(short: str, long: str) -> float:
    """How many times as long the longer text takes; again, where a noisy machine may be to blame."""
    least_short, least_long = 9.0, 99.0
    for _ in range(3):
        least_long = min(least_long, _seconds(long))
        if least_long < SMALL:
            return 0.0
        least_short = min(least_short, _seconds(short))
        if least_long / least_short < MOST:
            break
    return least_long / least_short


@pytest.mark.parametrize(("frame", "lines"), [("korean", False), ("korean", True), ("english", False)])
def test_time_grows_with_the_text(frame: str, lines: bool) -> None:
    grown = {
        piece: ratio
        for piece in PIECES
        if (ratio := _ratio(*(_text(piece, frame, lines=lines, size=n) for n in (SIZE, 4 * SIZE)))) > MOST
    }
    assert grown == {}


def test_time_grows_with_mixed_texts() -> None:
    chance = random.Random(12)
    mixed = ["".join(chance.sample(PIECES, chance.choice((2, 3)))) for _ in range(12)]
    grown = {
        piece: ratio
        for piece in mixed
        if (ratio := _ratio(*(_text(piece, "korean", lines=False, size=n) for n in (SIZE, 4 * SIZE)))) > MOST
    }
    assert grown == {}


def test_goals_of_an_endless_line_do_not_each_repeat_it() -> None:
    text = "".join(f"보급률 {n}%를 2030년까지 달성, " for n in range(1, 500)).join(FRAMES["korean"])
    policies = asyncio.run(extract_in(from_text(text), Session(Settings()))).policies
    targets = [t for p in policies for t in p.targets]
    assert len(targets) > 250 and max(len(t.text.text) for t in targets) < 500


def test_every_place_of_a_quote_is_found_in_one_pass() -> None:
    text = "비중 30% " * 10_000
    started = time.process_time()
    for nth in range(1, 10_001, 5):
        start, _ = find_quote(text, "30%", 0, len(text), nth=nth, place="1", number=True)
        assert start == 7 * (nth - 1) + 3
    assert time.process_time() - started < 5


def test_an_answer_of_many_keys_is_refused_at_once() -> None:
    keys = ", ".join(f'"k{i}": 0' for i in range(60_000))
    content = f'{{{keys}, "k59999": 1}}'
    answer = {"choices": [{"message": {"content": content}, "finish_reason": "stop"}]}
    started = time.process_time()
    read = read_completion("id", answer, Answer, cached=False)
    assert read.value is None and read.problem is not None and "'k59999' occurs twice" in read.problem
    long = {"choices": [{"message": {"content": "[" * (LONGEST + 1)}}]}
    problem = read_completion("id", long, Answer, cached=False).problem
    assert problem is not None and "longer than" in problem
    assert time.process_time() - started < 5


def test_a_completion_nested_without_end_is_an_accident_of_transport() -> None:
    with pytest.raises(ModelError, match="no chat completion"):
        completion_in(b'{"choices": [{"message": ' + b"[" * 200_000 + b"]" * 200_000 + b"}]}")
