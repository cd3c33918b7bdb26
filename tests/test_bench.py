"""The benchmark: its documents, its arithmetic, its verdict. No time is asserted anywhere."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from eval.trials import bench, corpus
from eval.trials.bench import Check, Result, Step, WholeRun, as_dict, make_corpus, table

SEEDS = [p.read_text(encoding="utf-8") for p in sorted(bench.SEEDS.glob("*.txt"))]


def result(
    speed: float = 2.5, memory: float = 120.0, warm: float = 1.5, processes: int = 2, draft: float = 57.0
) -> Result:
    single = WholeRun(seconds=2 / speed * 1.8, memory=memory / 2, processes=1)
    double = WholeRun(seconds=2 / speed, memory=memory, processes=2) if processes == 2 else single
    steps = (Step("read", 0.1, 20.0, 0.5, 1.0), Step("draft", 0.1, 20.0, 0.5, draft), Step("all", 0.2, 10.0, 1.0, 2.0))
    return Result(80, 2_000_000, 30.0, steps, single, double, 0.1, 0.5, warm)


def test_documents_are_distinct_large_enough_and_always_the_same() -> None:
    made = make_corpus(SEEDS, 300_000)
    assert len(set(made)) == len(made)
    assert sum(len(t.encode()) for t in made) >= 300_000
    assert made == make_corpus(SEEDS, 300_000)
    assert made != make_corpus(SEEDS, 300_000, seed=3)
    assert not set(made) & set(SEEDS)


def test_documents_are_newsletters_with_numbered_items() -> None:
    first = make_corpus(SEEDS, 200_000)[1]
    assert [f"\n{i:02}" in first for i in (1, 2, 3)] == [True] * 3
    assert "CONTENTS" in first


def test_only_counts_vary() -> None:
    text = "2023년 7월 7일, ‘22~’35년, 12.5% 이상, 300개 기업, 01 제목, https://a.b/12345개"
    varied = corpus._vary(text, random.Random(1))
    assert len(varied) == len(text)
    assert varied.startswith("2023년 7월 7일, ‘22~’35년, ")
    assert varied.endswith("01 제목, https://a.b/12345개")
    assert varied != text


def test_every_step_is_timed(tmp_path: Path) -> None:
    paths = bench._store([SEEDS[0]], tmp_path / "docs")
    out = tmp_path / "run"
    from pipeline.run import run
    from pipeline.settings import Settings

    manifest = run([tmp_path / "docs"], out, Settings(endpoint="draft"))
    (tmp_path / "written").mkdir()
    seconds = bench.time_steps(paths, manifest, tmp_path / "written", 1)
    assert tuple(seconds) == bench.STEPS
    assert all(s > 0 for s in seconds.values())
    # The steps called one by one give what the orchestrator gives.
    assert (tmp_path / "written" / "policies.jsonl").read_bytes() == (out / "policies.jsonl").read_bytes()


def test_a_whole_run_reports_seconds_and_megabytes(tmp_path: Path) -> None:
    bench._store([SEEDS[0]], tmp_path / "docs")
    run = bench.whole_run(tmp_path / "docs", tmp_path, None, 1, 1)
    assert run.seconds > 0
    assert 10 < run.memory < 4000


@pytest.mark.parametrize(
    ("check", "ok"),
    [
        (Check("speed", 2.0, 2.0, "MB/s", at_least=True), True),
        (Check("speed", 1.99, 2.0, "MB/s", at_least=True), False),
        (Check("memory", 400.0, 400.0, "MB"), True),
        (Check("memory", 401.0, 400.0, "MB"), False),
    ],
)
def test_checks(check: Check, ok: bool) -> None:
    assert check.ok is ok
    assert ("FALLS SHORT" in str(check)) is not ok


def test_the_last_line_is_the_verdict_with_figures_and_limits() -> None:
    *_, good = table(result())
    assert good.startswith("pass: ")
    assert "2.50 MB/s (≥ 2)" in good
    assert "120 MB (≤ 400)" in good
    assert "1.50 s (≤ 4)" in good
    assert "draft 57.00 × yardstick (≤ 80) ok" in good
    *_, slow = table(result(draft=101.0))
    assert slow.startswith("FAIL: ") and "draft 101 × yardstick (≤ 80) FALLS SHORT" in slow
    *_, bad = table(result(warm=4.5))
    assert bad.startswith("FAIL: ")
    assert "pipeline.run offers no worker processes" in list(table(result(processes=1)))


@pytest.mark.parametrize(("warm", "code"), [(1.0, 0), (5.0, 5)])
def test_exit_code_and_json(
    warm: float, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sizes: list[int] = []

    def measure(size: int, rounds: int) -> Result:
        sizes.append(size)
        return result(warm=warm)

    monkeypatch.setattr(bench, "measure", measure)
    assert bench.main(["--json", "--quick"]) == code
    shown = json.loads(capsys.readouterr().out)
    assert shown == json.loads(json.dumps(as_dict(result(warm=warm))))
    assert shown["ok"] is (code == 0)
    assert sizes == [400_000]
