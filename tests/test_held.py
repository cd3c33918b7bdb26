"""Real documents that only judge: no weights know them, and the command says how the draft does on them."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from eval.learning.learn import all_rows, shipped_rows
from eval.learning.rows import Row, read_rows, rows_bytes
from eval.trials.real import HELD, main
from pipeline.draft.seen.sheets import ARTICLE_SIZES, UNIT_SIZES
from pipeline.learn.weights import SHIPPED, read_weights

WITHOUT = Path(__file__).resolve().parent.parent / "eval" / "weights"


@pytest.fixture(scope="module")
def held() -> list[Row]:
    return read_rows(HELD)


def test_nothing_was_learned_from_them(held: list[Row]) -> None:
    hashes = {row.document.sha256 for row in held}
    assert len(hashes) == 261
    assert not hashes & {row.document.sha256 for row in all_rows(shipped_rows())}
    for path in (SHIPPED, *sorted(WITHOUT.glob("*.weights"))):
        assert not {h[:16] for h in hashes} & set(read_weights(path).head["documents"])


def test_rows_of_the_schema_before_are_read_as_if_no_table_had_heads(held: list[Row], tmp_path: Path) -> None:
    for sheets in (row.example.sheets for row in held):
        assert sheets.units.traits.shape[1] == len(UNIT_SIZES) and sheets.article.traits.shape[1] < len(ARTICLE_SIZES)
        assert (sheets.units.links["column"] == -1).all()
        assert (sheets.units.traits < np.array(UNIT_SIZES)).all()
    path = tmp_path / "now.rows"
    path.write_bytes(rows_bytes(held[:3], {}))
    assert [len(r.example.roles) for r in read_rows(path)] == [len(r.example.roles) for r in held[:3]]


def test_the_command_says_how_the_draft_does_on_them(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    shown = capsys.readouterr().out
    found = re.search(r"\| ko \(148\) \| measures \| ([\d.]+) \(([\d.]+)–([\d.]+)\)", shown)
    assert found is not None
    whole, low, high = (float(v) for v in found.groups())
    assert 0.5 < low < whole < high < 0.9
    assert "| all (261) | policy or none |" in shown and "nan" not in shown


def test_weights_that_know_a_document_cannot_be_judged_by_it(
    held: list[Row], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    known = read_weights(SHIPPED).head["documents"][0]
    rows = [replace(r, document=replace(r.document, sha256=known + r.document.sha256[16:])) for r in held[:1]]
    path = tmp_path / "known.rows"
    path.write_bytes(rows_bytes([*rows, *held[1:3]], {}))
    assert main(["--rows", str(path)]) == 2
    assert "was learned from 1 of these documents" in capsys.readouterr().err
    assert main(["--rows", str(tmp_path / "none.rows")]) == 2
    assert "cannot read the rows" in capsys.readouterr().err
