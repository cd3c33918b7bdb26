"""Goals in tables: what names a row, numbers without a counter, and the record that a cell becomes (guideline 25)."""

from __future__ import annotations

import pytest

from pipeline.draft.grammar.goal_tables import CELL_TRAITS, bare_number, cell_traits, row_name
from pipeline.draft.grammar.view import View
from pipeline.draft.seen.numbers import numbers_of
from pipeline.read import from_text
from pipeline.settings import Settings
from pipeline.steps import extract_document, open_document
from schemas.records import Target

LEAD = """보도일시: 2025. 3. 4.(화)

한빛시, '도시 하천 정비 계획(2025~2030)' 발표

□ 한빛시는 '도시 하천 정비 계획(2025~2030)'을 발표하였다.

□ 주요 목표

"""
TABS = "지표\t단위\t2024년\t2027년\t2030년\n하수관 교체\tkm\t40\t120\t300\n생태 하천\t곳\t3\t-\t12\n"
SAME = {
    "tabs": "지표\t2024년(현재)\t2027년\t2030년\n하수관 교체(km)\t40\t120\t300\n생태 하천(곳)\t3\t7\t12\n",
    "blanks": "지표             2024년(현재)   2027년   2030년\n하수관 교체(km)   40        120     300\n생태 하천(곳)     3         7       12\n",
    "strokes": "지표 / 2024년(현재) / 2027년 / 2030년\n하수관 교체(km) / 40 / 120 / 300\n생태 하천(곳) / 3 / 7 / 12\n",
    "bars": "| 지표 | 2024년(현재) | 2027년 | 2030년 |\n| 하수관 교체(km) | 40 | 120 | 300 |\n| 생태 하천(곳) | 3 | 7 | 12 |\n",
}


def view(text: str) -> View:
    opened = open_document(from_text(text))
    return View(opened.shown.text, opened.articles[0])


def cells(text: str) -> dict[str, tuple[str | None, bool]]:
    """For each cell below the head what names its row, and whether it holds a number without a counter."""
    seen = view(text)
    found = (u for u in seen.units if u.unit.kind == "cell" and u.unit.role != "header")
    named = ((u, row_name(seen, u)) for u in found)
    return {seen.words(u): (seen.words(n) if n else None, bare_number(seen, u) is not None) for u, n in named}


def targets(text: str) -> list[Target]:
    (policy,) = extract_document(from_text(text), Settings(endpoint="draft")).policies
    return list(policy.targets)


def test_a_row_has_its_name_from_the_column_of_indicators() -> None:
    """The cell beside the number is its unit."""
    found = cells(LEAD + TABS)
    assert found["120"] == ("하수관 교체", True)
    assert found["12"] == ("생태 하천", True)
    assert found["하수관 교체"] == (None, False)


@pytest.mark.parametrize("cell", ["-", "신규", "120km", "n/a", "12 300", "’27.3월"])
def test_only_a_number_alone_is_a_number_without_a_counter(cell: str) -> None:
    """`120km` is a number phrase; whether `12 300` is one number or two, nobody can say."""
    assert not cells(LEAD + f"지표\t2024년\t2030년\n하수관 교체\t40\t{cell}\n")[cell][1]


def test_a_number_in_running_text_needs_a_counter() -> None:
    assert not any(n.bare for n in numbers_of(view(LEAD + "ㅇ 하수관 교체 300, 생태 하천 12\n")))


def test_what_the_head_of_a_column_says_is_seen() -> None:
    seen = view(LEAD + SAME["tabs"])
    traits = {
        seen.words(n.unit): dict(zip(CELL_TRAITS, cell_traits(seen, n.unit, bare=n.bare), strict=True))
        for n in numbers_of(seen)
        if n.bare
    }
    years = {words: t["head_year"] for words, t in traits.items()}
    assert (years["40"], years["120"], years["300"]) == (2, 4, 4)  # before the document's year, behind it
    assert [traits[words]["in_row"] for words in ("40", "120", "300")] == [2, 3, 4]
    assert traits["40"]["head_says"] == 2 and traits["300"]["head_says"] == 0


@pytest.mark.parametrize("way", SAME)
def test_goals_of_a_table_are_found_however_it_is_printed(way: str) -> None:
    found = targets(LEAD + SAME[way])
    told = {(t.raw.text, t.deadline) for t in found}
    assert {("120", "2027"), ("300", "2030"), ("7", "2027"), ("12", "2030")} <= told
    assert not {raw for raw, _ in told} & {"40", "3"}  # what there is today


def test_a_goal_stands_from_the_name_of_its_row_to_its_cell() -> None:
    (goal,) = [t for t in targets(LEAD + SAME["tabs"]) if t.raw.text == "120"]
    assert goal.text.text == "하수관 교체(km)\t40\t120"
    assert goal.indicator.text.startswith("하수관 교체") and goal.value == 120
