"""The scorer on suites that people labelled: a small suite of our own in their format."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from eval.trials.external import SUITES, expected_bounds, main, measure
from eval.trials.external_scope import out_of_scope


def marked(text: str, *entries: dict[str, Any], kind: str = "entities", language: str = "ko") -> str:
    """One line of a suite; the first place of each entry's text is marked."""
    placed = [{"start": text.index(e["text"]), "end": text.index(e["text"]) + len(e["text"]), **e} for e in entries]
    return json.dumps({"text": text, "language": language, "kind": kind, "expected": placed}, ensure_ascii=False)


NUMBERS = [
    marked("예산은 120만 달러이다", {"text": "120만 달러", "value": "1200000", "unit": "Dollar"}, kind="currency"),
    marked("예산은 120만 달러이다", {"text": "120만 달러", "value": "1300000", "unit": "Dollar"}, kind="currency"),
    marked("폭은 300km이다", {"text": "300km", "value": "300", "unit": "Meter"}, kind="dimension"),
    marked("비중은 40%이다", {"text": "40%", "value": "40%", "unit": None}, kind="percent"),
    marked("점수는 200 이상이다", {"text": "200 이상", "value": "[200,)", "unit": None}, kind="range"),
    marked("점수는 200 이상이다", {"text": "200 이상", "value": "(200,)", "unit": None}, kind="range"),
    marked("2^7", {"text": "2^7", "value": "128", "unit": None}, kind="number"),
]
DATES = [
    marked("2016년 3월 5일에", {"text": "2016년 3월 5일", "timex": "2016-03-05"}, kind="date"),
    marked("3월 5일에", {"text": "3월 5일", "timex": "XXXX-03-05"}, kind="date"),
    marked("3월 5일에", {"text": "3월 5일", "timex": "XXXX-03-06"}, kind="date"),
    marked("2030년 5월 5일", {"text": "2030년 5월 5일", "timex": "1930-05-05"}, kind="date"),
    marked("3주 후에", {"text": "3주 후", "timex": "2016-11-21"}, kind="date"),
]
KOREAN = [
    marked(
        "환경부는 새솔축구단과 500명을",
        {"text": "환경부", "label": "OG"},
        {"text": "새솔축구단", "label": "OG"},
        {"text": "500명", "label": "QT"},
    ),
    marked("2012년 24세", {"text": "2012년", "label": "DT"}, {"text": "24세", "label": "QT"}),
]
CHINESE = [
    marked(
        "财政部印发通知", {"text": "财政部", "label": "authority"}, {"text": "通知", "label": "policy"}, language="zh"
    ),
    marked("教育部和财政部", {"text": "教育部", "label": "authority"}, language="zh"),
]


@pytest.fixture
def suites(tmp_path: Path) -> Path:
    for suite, lines in zip(SUITES, (NUMBERS, DATES, KOREAN, CHINESE), strict=True):
        (tmp_path / f"{suite}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return tmp_path


def test_every_kind_is_counted(suites: Path) -> None:
    rows = {key: (r.n, r.found, r.right, r.wrong) for key, r in measure(suites).rows.items()}
    assert rows[("numbers", "currency")] == (2, 2, 1, 1)
    assert rows[("numbers", "dimension")] == (1, 1, 0, 1)  # the unit is another one
    assert rows[("numbers", "percent")] == (1, 1, 1, 0)
    assert rows[("numbers", "range")] == (2, 2, 1, 1)  # more than is not at least
    assert rows[("dates", "date")] == (3, 3, 2, 1)
    assert rows[("entities_ko", "OG")][:2] == (1, 1)
    assert rows[("entities_ko", "QT")][:2] == (1, 1)
    assert rows[("entities_zh", "authority")][:2] == (2, 2)
    assert ("numbers", "number") not in rows
    assert measure(suites).rows[("numbers", "currency")].languages == {"ko": [2, 1]}


def test_languages_are_shown_apart_and_together(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    entry = {"text": "40%", "value": "40%", "unit": None}
    lines = [marked("비중은 40%이다", entry, kind="percent"), marked("比重40%", entry, kind="percent", language="zh")]
    (tmp_path / "numbers.jsonl").write_text("\n".join(lines), encoding="utf-8")
    assert main([str(tmp_path)]) == 0
    assert "ko 1 of 1 (100.0 %), zh 1 of 1 (100.0 %), together 2 of 2 (100.0 %)" in capsys.readouterr().out


def test_a_label_that_marks_one_end_of_a_range_is_not_asked() -> None:
    entry = {"start": 4, "end": 7, "text": "20%", "value": "20%"}
    assert out_of_scope("numbers", "percent", "비중 5-20%", {**entry, "start": 5, "end": 8}) is not None
    assert out_of_scope("numbers", "percent", "비중은 20%", entry) is None


def test_a_body_that_nobody_marked_is_shown(suites: Path, capsys: pytest.CaptureFixture[str]) -> None:
    row = measure(suites).rows[("entities_zh", "authority")]
    assert (row.claimed, row.found) == (3, 2)
    assert main([str(suites), "--misses"]) == 0
    shown = capsys.readouterr().out
    assert "unmarked: '财政部'" in shown and "wrong 1200000" in shown and "wrong (None, 3, 5)" in shown


def test_what_is_not_asked_is_told_with_its_reason(suites: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(suites), "--json"]) == 0
    told = {(left["suite"], left["kind"]): left["reason"] for left in json.loads(capsys.readouterr().out)["not_asked"]}
    assert set(told) == {
        ("numbers", "number"),
        ("dates", "date"),
        ("entities_ko", "OG"),
        ("entities_ko", "QT"),
        ("entities_zh", "policy"),
    }
    assert "age" in told[("entities_ko", "QT")]


@pytest.mark.parametrize(
    ("suite", "kind", "words", "asked"),
    [
        ("entities_ko", "OG", "국세청", True),
        ("entities_ko", "OG", "새솔시 소방서", True),
        ("entities_ko", "OG", "새솔일보", False),
        ("entities_ko", "OG", "금융당국", False),
        ("entities_ko", "QT", "1조 2천억원", True),
        ("entities_ko", "QT", "영하 7도", False),
        ("entities_ko", "DT", "지난 3월", True),
        ("entities_ko", "DT", "어제", False),
        ("dates", "date", "음력 1월 3일", False),
    ],
)
def test_scope(suite: str, kind: str, words: str, asked: bool) -> None:
    entry = {"start": 0, "end": len(words), "text": words}
    assert (out_of_scope(suite, kind, words, entry) is None) is asked


@pytest.mark.parametrize(
    ("value", "bounds"),
    [
        ("-22.5%", (-22.5, -22.5, True, True)),
        ("[200,)", (200, None, True, False)),
        ("(,6000]", (None, 6000, False, True)),
        ("[20,30)", (20, 30, None, None)),
    ],
)
def test_notation_of_the_suites(value: str, bounds: tuple[object, ...]) -> None:
    assert expected_bounds(value) == bounds


def test_without_suites_it_says_where_the_originals_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PAMS_SUITES", raising=False)
    assert main([]) == 2
    assert main([str(tmp_path)]) == 2
    (tmp_path / "dates.jsonl").write_text('{"text": 1}\n', encoding="utf-8")
    assert main([str(tmp_path)]) == 2
    told = capsys.readouterr().err
    assert told.count("Recognizers-Text") == 3 and "dates.jsonl, line 1" in told
