"""What holds for every text: spans are valid, sorted and apart; nothing raises; time grows with length only."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pipeline.normalise as normalise
from pipeline.normalise import (
    canonical,
    comparator_in,
    find_dates,
    find_deadlines,
    find_issue_date,
    find_organisations,
    find_period,
    find_plan_mentions,
    find_quantities,
    fold,
    jurisdiction_of,
    level_of,
    parse_date,
    parse_quantity,
    place_code,
)

SEEDS = sorted((Path(__file__).parent.parent / "seeds").glob("*.txt"))
PIECES = [
    "2023년",
    "6월",
    "25일",
    "'25",
    "’30년까지",
    "(6.25)",
    "1,303억",
    "6천만",
    "위안",
    "~",
    "10개",
    "이상",
    "≥",
    "40%",
    "약",
    "20",
    "만",
    "명",
    "여",
    "내외",
    "조",
    "14·5",
    "14.5",
    "제",
    "차",
    "5개년",
    "十四五",
    "第",
    "三百家",
    "두",
    "배",
    "절반",
    "Ⅳ급",
    "톈진",
    "빈하이",
    "(",
    "滨海",
    ")",
    "고신구",
    "베이징",
    "시",
    "정부",
    "성",
    "구",
    "위원회",
    "국무원",
    "발개위",
    "上海市",
    "人民政府",
    "发改委",
    "https://a.b/1",
    "by",
    "2030",
    "March",
    "15,",
    "€",
    "1.2",
    "billion",
    "%p",
    "권",
    "위",
    "-",
    "·",
    "/",
    ".",
    ",",
    "년",
    "월",
    "일",
    "말까지",
    "내",
    "→",
    "부터",
    "1",
    "2",
    "20",
    "2024",
    "0",
]
TEXTS = st.one_of(
    st.text(max_size=80),
    st.lists(st.sampled_from([*PIECES, " ", "\n"]), max_size=25).map("".join),
    st.lists(st.sampled_from(PIECES), max_size=25).map(" ".join),
)


def spans(text: str) -> dict[str, list[tuple[int, int]]]:
    """The spans of every scanner, in the order in which it gives them."""
    return {
        "dates": [(d.start, d.end) for d in find_dates(text)],
        "quantities": [(q.start, q.end) for q in find_quantities(text)],
        "organisations": [(m.start, m.end) for m in find_organisations(text)],
        "deadlines": [span for _, span in find_deadlines(text, 2030)],
        "plans": find_plan_mentions(text),
    }


def check(text: str) -> None:
    for name, found in spans(text).items():
        last = 0
        for start, end in found:
            assert last <= start < end <= len(text), (name, text[start:end])
            last = end
    period = find_period(text)
    assert period is None or 0 <= period[2][0] < period[2][1] <= len(text)


@settings(max_examples=250, deadline=None)
@given(TEXTS)
def test_spans_are_valid_sorted_and_apart(text: str) -> None:
    check(text)


@settings(max_examples=250, deadline=None)
@given(TEXTS)
def test_nothing_raises_and_folding_keeps_the_length(text: str) -> None:
    assert len(fold(text)) == len(text)
    for function in (
        parse_date,
        parse_quantity,
        comparator_in,
        find_issue_date,
        canonical,
        level_of,
        jurisdiction_of,
        place_code,
    ):
        function(text)


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.name[:3])
def test_spans_on_the_seeds(path: Path) -> None:
    check(path.read_text("utf-8-sig"))


PATHOLOGICAL = {
    "digits": "1",
    "commas": "1,000,",
    "dots": "1.",
    "years": "2023년",
    "tildes": "1~",
    "blanks": " ",
    "pipes": "|",
    "blank digits": "1 ",
    "scales": "만",
    "han": "三",
    "hundred": "百",
    "apostrophes": "'25",
    "brackets": "(",
    "gloss": "가(上",
    "places": "베이징",
    "bodies": "위원회",
    "zones": "신구",
    "url": "http://",
    "arrows": "→1",
    "lines": "발행일\n",
    "date blanks": "2024.3.4 ",
    "syllables": "가",
    "capitals": "M",
    "word": "by ",
    "letters": "a1",
    "ten": "十五",
}
SCANNERS: list[Callable[[str], object]] = [
    find_dates,
    find_quantities,
    find_organisations,
    find_deadlines,
    find_plan_mentions,
    find_period,
    find_issue_date,
    comparator_in,
    fold,
]


@pytest.mark.parametrize("piece", PATHOLOGICAL.values(), ids=PATHOLOGICAL)
def test_time_is_linear(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    for scan in SCANNERS:
        began = time.process_time()
        scan(text)
        assert time.process_time() - began < 2.0, scan


def test_public_names() -> None:
    assert sorted(normalise.__all__) == list(normalise.__all__)
    assert all(hasattr(normalise, name) for name in normalise.__all__)
