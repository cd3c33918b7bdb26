"""The report for offices that work with Hangul, read back by the reader of such files."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest

from pipeline.export import export, report_hwpx
from pipeline.read import read
from pipeline.results import Results
from schemas.errors import UsageError
from tests.tables_samples import NASTY, made_run


@pytest.fixture
def results(seed_run: Any, tmp_path_factory: pytest.TempPathFactory) -> Results:
    return Results(shutil.copytree(seed_run.folder, tmp_path_factory.mktemp("results") / "run"))


def line(words: str) -> str:
    return " ".join("".join(sign if sign.isprintable() else " " for sign in words.replace("**", "")).split())


@pytest.mark.parametrize("language", ["ko", "en"])
def test_all_records_stand_in_the_report_with_their_place(results: Results, tmp_path: Path, language: str) -> None:
    [made] = export(results, tmp_path / "out", "hwpx", language)
    text = read(made).text
    assert made.name == "pams.hwpx" and all(f"{name}" in text for name in results.rows)
    for policy in results.policies:
        assert line((policy.title or policy.announcement).text) in text
        for measure in policy.measures:
            at = results.cite(policy.document, measure.text).line
            place = f"({at}줄)" if language == "ko" else f"(line {at})"
            assert f"○ {line(measure.text.text)} [{measure.instrument.label(language)}] {place}" in text
        for target in policy.targets:
            assert line(target.indicator.text) in text and line(target.raw.text) in text
    assert ("발표기관" if language == "ko" else "Issued by") in text


def test_nasty_words_make_a_sound_file(results: Results, tmp_path: Path) -> None:
    seed = results.policies[0]
    span = seed.measures[0].text
    measures = tuple(
        seed.measures[0].model_copy(update={"id": f"m{n}", "text": span.model_copy(update={"text": text or "x"})})
        for n, text in enumerate(NASTY)
        if len(text) < 200
    )
    policy = seed.model_copy(update={"measures": measures, "targets": ()})
    [made] = export(made_run(tmp_path / "run", [policy]), tmp_path / "out", "hwpx")
    with zipfile.ZipFile(made) as file:
        assert file.testzip() is None and file.namelist()[0] == "mimetype"
    text = read(made).text
    assert "=cmd|' /C calc'!A0" in text and "<b>&amp;</b>" in text and "\x00" not in text


def test_a_report_has_an_end(results: Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report_hwpx, "MOST_RECORDS", 20)
    with pytest.raises(UsageError, match="export xlsx or sqlite"):
        export(results, tmp_path / "out", "hwpx")
    assert list((tmp_path / "out").iterdir()) == []
