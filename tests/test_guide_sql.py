"""The six questions of the guide, asked of the seeds, against the records themselves."""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from pipeline.export import export
from pipeline.results import Results

PAGE = Path(__file__).parent.parent / "docs" / "guide-analysts.md"


@pytest.fixture(scope="module")
def results(seed_run: Any) -> Results:
    return Results(seed_run.folder)


@pytest.fixture(scope="module")
def answers(results: Results, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[list[tuple[Any, ...]]]]:
    """What each question of the guide gives."""
    blocks = re.findall(r"```sql\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    questions = [q for block in blocks for q in re.split(r"\n\n", block.strip())]
    [file] = export(results, tmp_path_factory.mktemp("sql"), "sqlite")
    with closing(sqlite3.connect(file)) as database:
        yield [database.execute(question).fetchall() for question in questions]


def test_there_are_six_and_each_has_an_answer(answers: list[list[tuple[Any, ...]]]) -> None:
    assert len(answers) == 6 and all(answers)


def test_by_country_and_year(results: Results, answers: list[list[tuple[Any, ...]]]) -> None:
    assert dict(answers[0]) == Counter(p.jurisdiction and p.jurisdiction.split("-")[0] for p in results.policies)
    years = Counter(p.announced_on and p.announced_on.value and p.announced_on.value[:4] for p in results.policies)
    assert dict(answers[1]) == years and len(years) > 2


def test_by_status_and_type(results: Results, answers: list[list[tuple[Any, ...]]]) -> None:
    assert {row[0]: row[1] for row in answers[2]} == Counter(p.status and p.status.value for p in results.policies)
    types = Counter(p.document_type.value for p in results.policies)
    measures = Counter({p.document_type.value: 0 for p in results.policies})
    for policy in results.policies:
        measures[policy.document_type.value] += len(policy.measures)
    assert {row[0]: row[1:] for row in answers[3]} == {t: (types[t], measures[t]) for t in types}


def test_by_sector(results: Results, answers: list[list[tuple[Any, ...]]]) -> None:
    policies: Counter[str] = Counter()
    measures: Counter[str] = Counter()
    for policy in results.policies:
        policies.update({f.value for r in (policy, *policy.measures) for f in r.technology_fields})
        measures.update(f.value for m in policy.measures for f in m.technology_fields)
    assert {row[0]: row[1:] for row in answers[4]} == {f: (policies[f], measures[f]) for f in policies}


def test_measures_with_a_number_and_a_year(results: Results, answers: list[list[tuple[Any, ...]]]) -> None:
    wanted = [
        (m.text.text, t.indicator.text, t.comparator.value, t.value, t.unit, t.deadline, p.document)
        for p in results.policies
        for t in p.targets
        for m in p.measures
        if m.id == t.measure_id and t.value is not None and t.deadline is not None
    ]
    assert [row[:7] for row in answers[5]] == wanted and len(wanted) == 7
    assert all(row[7] >= 1 for row in answers[5])
