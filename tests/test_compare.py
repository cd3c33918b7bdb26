"""pams beside other tools: that the trial counts what it says, on few documents."""

from __future__ import annotations

from pathlib import Path

from eval.trials.compare.__main__ import _kind, outcomes, table
from eval.trials.compare.material import GOAL, GOALS, make
from eval.trials.compare.reader import answer, quoted


def test_goals_stand_where_the_gold_says(tmp_path: Path) -> None:
    gold = make(tmp_path / "docs", 4)
    assert len(gold) == 4 * GOALS
    for (document, name), goal in gold.items():
        text = (tmp_path / "docs" / document).read_text("utf-8")
        assert text[goal.start : goal.end] == goal.raw and name in text


def test_every_tool_is_told_the_same(tmp_path: Path) -> None:
    make(tmp_path / "docs", 6)
    altered = 0
    for path in (tmp_path / "docs").iterdir():
        text = path.read_text("utf-8")
        expected = [quoted(goal, right=False) for goal in GOAL.finditer(text)]
        altered += sum(quoted(goal, right=True) != quoted(goal, right=False) for goal in GOAL.finditer(text))
        plain = answer("bare", [{"role": "user", "content": text}])
        other = answer("langextract", [{"role": "user", "content": f"Q: an example\nA: so\n\nQ: {text}\nA: "}])
        assert [goal["quote"] for goal in plain["goals"]] == expected
        assert [goal["goal"] for goal in other["extractions"]] == expected
    assert 0 < altered < 6 * GOALS / 2


def test_an_answer_is_right_altered_misplaced_or_without_a_place(tmp_path: Path) -> None:
    gold = make(tmp_path / "docs", 1)
    texts = {path.name: path.read_text("utf-8") for path in (tmp_path / "docs").iterdir()}
    (document, name), goal = next(iter(gold.items()))
    item = {"document": document, "name": name, "quote": goal.raw, "start": goal.start, "end": goal.end}
    assert _kind(item, gold, texts) == "exact"
    assert _kind(item | {"end": goal.end - 1}, gold, texts) == "misplaced"
    assert _kind(item | {"quote": "77" + goal.raw[2:]}, gold, texts) == "altered"
    assert _kind(item | {"start": None, "end": None}, gold, texts) == "placeless"


def test_pams_takes_no_altered_number_and_misses_no_goal() -> None:
    own, bare = outcomes(6, ("pams", "bare"))
    assert (own.exact, own.altered, own.lost) == (6 * GOALS, 0, 0) and own.calls > 6
    assert bare.exact < 6 * GOALS and bare.altered + bare.placeless > 0 and bare.calls == 6
    assert any(line.startswith("pams") and f"{own.exact}" in line for line in table([own, bare]))
