"""What the draft took no policy of says how likely it reports one all the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from test_corrections import TEXT

from pipeline.cli import main
from pipeline.confidence import MAY_REPORT_FROM, overlooked, scales_of
from pipeline.learn.weights import SHIPPED, read_weights
from pipeline.read import from_text
from pipeline.results import Results
from pipeline.settings import Settings
from pipeline.steps import extract_document

MEETING = "한빛시, 하천 정비 점검 회의 개최\n한빛시는 하천 정비 현황을 점검하는 회의를 열었다. 시장은 하천이 맑아졌다고 말했다.\n"
DOUBTFUL = "한빛시는 하천 정비를 확대할 예정이라고 밝혔다.\n"


def said_of(text: str) -> float | None:
    return extract_document(from_text(text), Settings()).overlooked


def test_what_looks_like_an_announcement_is_likelier_than_a_meeting() -> None:
    meeting, doubtful = said_of(MEETING), said_of(DOUBTFUL)
    assert meeting is not None and doubtful is not None
    assert meeting < MAY_REPORT_FROM <= doubtful < 0.7


def test_where_each_article_has_its_policy_nothing_is_overlooked() -> None:
    assert said_of(TEXT) is None


def test_a_newsletter_is_judged_by_its_items_without_one(seed_run: Any) -> None:
    rows = {name[:3]: row for name, row in Results(seed_run.folder).rows.items()}
    assert rows["003"].overlooked is None, "its only article has its policy"
    assert rows["002"].policies > 0 and rows["002"].overlooked is not None


def test_nobody_knows_without_a_scale_or_a_silent_article() -> None:
    scales = scales_of(read_weights(SHIPPED))
    assert overlooked([], scales) is None and overlooked([1.0], {}) is None
    assert overlooked([-3.0, 0.2], scales) == scales["policy"].probability(0.0, 0.2), "the likeliest counts"


def test_a_run_keeps_it_and_tells_how_many(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    docs, out = tmp_path / "docs", tmp_path / "out"
    docs.mkdir()
    for name, text in (("brief", TEXT), ("meeting", MEETING), ("doubtful", DOUBTFUL)):
        (docs / f"{name}.txt").write_text(text, "utf-8")
    with pytest.raises(SystemExit) as ended:
        main(["extract", str(docs), "--out", str(out), "--endpoint", "draft"])
    assert ended.value.code in (0, None)
    rows = Results(out).rows
    assert rows["brief.txt"].overlooked is None
    assert rows["doubtful.txt"].overlooked == said_of(DOUBTFUL)
    told = " ".join(capsys.readouterr().out.split())
    assert f"1 documents without a policy may report one (doubtful.txt: {said_of(DOUBTFUL):.2f})" in told
