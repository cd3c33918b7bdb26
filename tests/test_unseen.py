"""The documents that judge the draft were seen by no weights and stand in no rows."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from eval.labelled.load import load_gold
from eval.learning.learn import all_rows, shipped_rows
from eval.runs.held_out import weights_for

ROOT = Path(__file__).resolve().parent.parent
UNSEEN = ROOT / "eval" / "unseen"


@pytest.fixture(scope="module")
def taught() -> frozenset[str]:
    """Hashes of all documents that the weights were learned from."""
    return frozenset(row.document.sha256 for row in all_rows(shipped_rows()))


def test_nothing_was_learned_from_them(taught: frozenset[str]) -> None:
    files = sorted(UNSEEN.glob("*.txt"))
    assert len(files) == 98
    assert not taught & {hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
    written = next((ROOT / "eval" / "written").glob("*.txt"))  # the same question of one that was learned from
    assert hashlib.sha256(written.read_bytes()).hexdigest() in taught


def test_they_are_judged_by_the_weights_that_pams_brings() -> None:
    assert weights_for(UNSEEN) is None


def test_every_label_stands_in_its_document() -> None:
    gold = load_gold(UNSEEN, UNSEEN)
    assert len(gold) == 98 and sum(not labels.policies for labels in gold) == 30
