"""The cases by kind: their files are sound, and what is wrong is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.cases.__main__ import FOLDER, main, run_cases
from eval.cases.claims import Case, load_cases
from schemas.errors import InputError

TEXT = """행복시, 「골목 조명 개선 계획」 발표

행복시(시장 이가람)는 2025년 3월 4일 「골목 조명 개선 계획」을 발표했다.

- 노후 가로등 300개를 2027년까지 교체한다.
"""
RIGHT = {"title": "골목 조명 개선 계획", "date": "2025-03-04", "type": "plan", "measures": ["노후 가로등"]}


def test_the_files_hold_cases_of_every_kind_and_some_without_a_policy() -> None:
    cases = load_cases(FOLDER)
    assert len({case.kind for case in cases}) == len(list(FOLDER.glob("*.yaml"))) >= 18
    assert sum(not case.right for case in cases) >= 10
    assert len({(case.kind, case.name) for case in cases}) == len(cases) == len({case.text for case in cases})


def test_what_holds_and_what_does_not() -> None:
    kinds = [
        Case("k", "right", TEXT, (RIGHT,)),
        Case("k", "none", TEXT, ()),
        Case("k", "date", TEXT, ({**RIGHT, "date": "2025"},)),
        Case("k", "measures", TEXT, ({**RIGHT, "measures": ["노후", "노후"]},)),
        Case("k", "targets", TEXT, ({"targets": [["300개", "2028"]], "issuers": ["행복시"]},)),
    ]
    told = [lines for _, lines in run_cases(kinds)]
    assert told[0] == [] and told[1] == ["1 policies for 0: 골목 조명 개선 계획"]
    assert told[2] == ["date '2025-03-04' for '2025'"]
    assert told[3][0].startswith("measures [") and told[4][0].startswith("targets [['300개', '2027']]")
    assert len(told[4]) == 1  # the head of the body in brackets is no difference


@pytest.mark.parametrize(
    "text", ["cases: 3", "kind: x\ncases:\n  - name: a\n    text: b\n    right: [{titel: c}]", "a: ["]
)
def test_a_file_that_is_none_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "01_x.yaml").write_text(text)
    with pytest.raises(InputError, match=r"01_x\.yaml"):
        load_cases(tmp_path)


def test_the_command_tells_the_share(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.argv", ["eval.cases"])
    monkeypatch.setattr("eval.cases.__main__.load_cases", lambda folder: [Case("k", "wrong", TEXT, ())])
    assert main() == 1 and "0 of 1 cases are right" in capsys.readouterr().out
    monkeypatch.setattr("eval.cases.__main__.load_cases", lambda folder: [Case("k", "right", TEXT, (RIGHT,))])
    assert main() == 0
