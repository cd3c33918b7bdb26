"""The second look: what units' neighbours were taken for, trees, and vectors of sentences."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from vectors_of_lengths import Lengths

from eval.learning.fit import UNSURE
from eval.learning.fit_again import fit_dense, fit_ridge, fit_trees, sums_of
from eval.learning.learn import rows_from_gold
from eval.learning.rows import Row, read_rows, rows_bytes
from eval.learning.train import cross_validate, fit_all
from pipeline.draft.grammar.view import View
from pipeline.draft.seen.again import MEANT_JUDGES, around, second_look
from pipeline.draft.seen.sheets import MEASURE, ROLES, unit_sheet
from pipeline.learn.weights import from_bytes, to_bytes
from pipeline.opened import open_document
from pipeline.read import from_text

CONTRAST = Path(__file__).resolve().parents[1] / "eval" / "contrast"
LIST = (
    "# 섬 주민 지원 계획\n\n○ 택배 추가 요금을 전액 지원한다.\n○ 물류창고 9곳을 설치한다.\n○ 운임을 절반으로 낮춘다.\n"
)


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return list(rows_from_gold(CONTRAST, CONTRAST, "contrast", Lengths()))


def test_an_item_sees_the_items_beside_it() -> None:
    opened = open_document(from_text(LIST))
    view = View(opened.shown.text, opened.articles[0])
    sheet = unit_sheet(view)
    items = [i for i, u in enumerate(view.units) if view.words(u).startswith(("택배", "물류", "운임"))]
    assert len(items) == 3
    plain = np.full((len(view.units), len(ROLES)), -4, np.float32)
    marked = plain.copy()
    marked[items[0], MEASURE] = 2.5
    changed = around(sheet, marked) != around(sheet, plain)
    assert changed[items[1]].sum() > changed[items[2]].sum() > 0  # the item below has it as its own upper neighbour
    assert 2.5 in around(sheet, marked)[items[1]]


TABLE = "# 섬 주민 지원 계획\n\n추진과제\t소관\t일정\n물류창고 9곳 설치\t해양수산부\t2027년\n운임 절반 인하\t국토교통부\t2026년\n택배비 전액 지원\t새솔시\t2026년\n"


def test_a_cell_sees_the_head_of_its_column_and_its_other_cells() -> None:
    opened = open_document(from_text(TABLE))
    view = View(opened.shown.text, opened.articles[0])
    sheet = unit_sheet(view)
    at = {view.words(u): i for i, u in enumerate(view.units)}
    column = sheet.links["column"]
    assert column[at["운임 절반 인하"]] == column[at["물류창고 9곳 설치"]] == at["추진과제"]
    assert column[at["국토교통부"]] == at["소관"] and column[at["추진과제"]] == -1
    odds = np.full((len(view.units), len(ROLES)), -4, np.float32)
    odds[at["물류창고 9곳 설치"], MEASURE] = odds[at["운임 절반 인하"], MEASURE] = 2.5
    untied = replace(sheet, links={**sheet.links, "column": np.full_like(column, -1)})
    with_it, without = around(sheet, odds), around(untied, odds)
    for cell, others in (("택배비 전액 지원", 2.5), ("새솔시", -4)):
        seen = with_it[at[cell]]
        assert set(seen[seen != without[at[cell]]].tolist()) == {others}


def test_one_unit_alone_has_no_neighbours() -> None:
    opened = open_document(from_text("한 줄뿐이다."))
    sheet = unit_sheet(View(opened.shown.text, opened.articles[0]))
    seen = around(sheet, np.zeros((len(sheet), len(ROLES)), np.float32))
    assert np.isfinite(seen).all()


def test_trees_in_arrays_say_what_scikit_learn_says() -> None:
    from sklearn.ensemble import GradientBoostingClassifier

    draw = np.random.default_rng(3)
    numbers = draw.normal(size=(900, 6)).astype(np.float32)
    numbers[:, 5] = np.round(numbers[:, 5])
    labels = ((numbers[:, 0] > 0.2) ^ (numbers[:, 5] > 0)).astype(np.int8)
    weigh = draw.uniform(0.5, 2, size=900)
    theirs = GradientBoostingClassifier(
        n_estimators=150, learning_rate=0.08, max_depth=4, min_samples_leaf=40, max_features=0.3, subsample=0.7,
        random_state=0,
    ).fit(numbers, labels, weigh)  # fmt: skip
    ours = fit_trees(numbers, labels, weigh)
    assert np.abs(ours.log_odds(numbers) - theirs.decision_function(numbers)).max() < 1e-4


def test_trees_without_a_choice_say_the_same_of_all() -> None:
    numbers = np.arange(30, dtype=np.float32).reshape(10, 3)
    always = fit_trees(numbers, np.ones(10, np.int8), np.ones(10))
    nothing = fit_trees(numbers, np.full(10, UNSURE, np.int8), np.ones(10))
    assert set(always.log_odds(numbers).tolist()) == {4.0} and set(nothing.log_odds(numbers).tolist()) == {-4.0}


def test_dense_judges_part_what_can_be_parted() -> None:
    draw = np.random.default_rng(5)
    vectors = draw.normal(size=(300, 8)).astype(np.float32)
    labels = np.eye(3, dtype=np.int8)[vectors[:, :3].argmax(axis=1)]
    several = fit_dense(vectors, labels, ("a", "b", "c"), np.ones(300))
    assert (several.log_odds(vectors).argmax(axis=1) == labels.argmax(axis=1)).mean() > 0.9
    one = fit_dense(vectors, labels[:, :1], ("a",), np.ones(300))
    assert ((one.log_odds(vectors)[:, 0] > 0) == labels[:, 0]).mean() > 0.8
    never = fit_dense(vectors, np.column_stack([labels, np.zeros(300, np.int8)]), ("a", "b", "c", "d"), np.ones(300))
    assert not (never.log_odds(vectors).argmax(axis=1) == 3).any()
    two = fit_dense(
        vectors, np.where(labels[:, 1:2] == 1, UNSURE, labels).astype(np.int8), ("a", "b", "c"), np.ones(300)
    )
    parted = labels[:, 1] == 0
    assert (two.log_odds(vectors[parted]).argmax(axis=1) == labels[parted].argmax(axis=1)).mean() > 0.9
    halves = [sums_of(vectors[part], labels[part, 0], np.ones(150)) for part in (slice(150), slice(150, 300))]
    ridge = fit_ridge(halves, "a").log_odds(vectors)[:, 0]
    assert ridge[labels[:, 0] == 1].min() > ridge[labels[:, 0] == 0].mean()


def test_rows_keep_vectors_and_say_where_there_are_none(rows: list[Row], tmp_path: Path) -> None:
    without = list(rows_from_gold(CONTRAST, CONTRAST, "contrast"))
    (tmp_path / "x.rows").write_bytes(rows_bytes([rows[0], without[1], *rows[2:]], {}))
    read = read_rows(tmp_path / "x.rows")
    assert [r.example.meaning.known for r in read] == [True, False, *(True for _ in rows[2:])]
    for mine, theirs in zip(rows[2:], read[2:], strict=True):
        assert (mine.example.meaning.units == theirs.example.meaning.units).all()
        assert (mine.example.meaning.measures == theirs.example.meaning.measures).all()


def test_weights_judge_by_meaning_only_where_rows_have_vectors(rows: list[Row]) -> None:
    without = fit_all(list(rows_from_gold(CONTRAST, CONTRAST, "contrast")))
    assert not without.dense
    judges = from_bytes(to_bytes(fit_all(rows), {}), "x").judges
    assert {name: len(judge.weights) for name, judge in judges.dense.items()} == MEANT_JUDGES
    sheet = rows[0].example.sheets.units
    first = judges.linear["units"].log_odds(sheet)
    words = [str(i) for i in range(len(sheet))]
    plain, meant = (second_look(sheet, first, v, judges) for v in (None, Lengths().of(words)))
    assert (plain[:, MEASURE] != meant[:, MEASURE]).any()
    assert (np.delete(plain, MEASURE, axis=1) == np.delete(first, MEASURE, axis=1)).all()


def test_a_row_without_vectors_is_judged_without_them(rows: list[Row]) -> None:
    bare = next(iter(rows_from_gold(CONTRAST, CONTRAST, "contrast")))
    crosses = cross_validate([bare, *rows[1:]])
    assert (crosses.plain.units[0] == crosses.meant.units[0]).all()
    assert any((a != b).any() for a, b in zip(crosses.plain.units[1:], crosses.meant.units[1:], strict=True))
