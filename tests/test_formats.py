"""The same documents in every format: what the table in docs/files.md says is what comes out."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.trials.formats import FORMATS, MEASURES, Found, compare, table, texts

PAGE = Path(__file__).resolve().parent.parent / "docs" / "files.md"


@pytest.fixture(scope="module")
def found() -> list[Found]:
    return compare(texts())


def test_every_format_gives_the_same_policies_and_nearly_all_measures(found: list[Found]) -> None:
    assert [f for f in found if not f.ok] == []
    assert len(found) == 5 * len(FORMATS)
    for kind in FORMATS:
        same, known = zip(*(f.measures for f in found if f.format == kind), strict=True)
        assert sum(same) >= MEASURES * sum(known), kind


def test_the_table_in_the_readme_is_this_one(found: list[Found]) -> None:
    assert table(found) in PAGE.read_text(encoding="utf-8"), "print it anew with `python -m eval.trials.formats`"
