"""A run that is killed leaves what it had finished, and the next one takes it up where it was made in the same way."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.event import Event
from pipeline.model import DEFAULT_MODEL
from pipeline.run import run
from pipeline.session import way_of
from pipeline.settings import Settings
from pipeline.spool import SPOOL, Spool
from pipeline.write import read_documents

TEXT = """■ 한빛시, '골목 숲 조성 계획(2025~2028)' 발표

- 한빛시 정부는 '골목 숲 조성 계획(2025~2028)'을 발표

- (가로수) 골목 {number}곳에 나무 {number}00그루를 심고 쉼터 설치
"""
FILES = ("policies.jsonl", "documents.jsonl", "refused.jsonl")
KILLED = """
import os, signal, sys
from pathlib import Path
from pipeline.run import run
from pipeline.settings import Settings
def told(event):
    if event.kind == "document" and event.done == 3:
        os.kill(os.getpid(), signal.SIGKILL)
run([Path(sys.argv[1])], Path(sys.argv[2]), Settings(), on_event=told)
"""


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of documents, and of a run over them that was killed after its third."""
    room = tmp_path_factory.mktemp("begun")
    (room / "docs").mkdir()
    for number in range(1, 7):
        (room / "docs" / f"{number}.txt").write_text(TEXT.format(number=number), encoding="utf-8")
    done = subprocess.run([sys.executable, "-c", KILLED, str(room / "docs"), str(room / "out")], timeout=60)
    assert done.returncode == -9 and (room / "out" / SPOOL).exists()
    return room


@pytest.fixture
def docs(begun: Path, tmp_path: Path) -> Path:
    return shutil.copytree(begun / "docs", tmp_path / "docs")


@pytest.fixture
def killed(begun: Path, tmp_path: Path) -> Path:
    return shutil.copytree(begun / "out", tmp_path / "out")


def done_now(docs: Path, out: Path, settings: Settings | None = None) -> int:
    """Goes on, and tells how many documents were done for it."""
    seen: list[Event] = []
    manifest = run([docs], out, settings or Settings(), on_event=seen.append)
    assert (manifest.documents, manifest.failed, manifest.policies) == (6, 0, 6) and not (out / SPOOL).exists()
    return sum(event.kind == "document" for event in seen)


def test_what_a_killed_run_had_finished_is_taken_up(docs: Path, killed: Path, tmp_path: Path) -> None:
    assert done_now(docs, killed) == 3 and done_now(docs, tmp_path / "whole") == 6
    for name in FILES:
        assert (killed / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()
    assert {p.name for p in (killed / "texts").iterdir()} == {p.name for p in (tmp_path / "whole" / "texts").iterdir()}


def test_what_was_changed_removed_or_doubled_since_is_done_anew(docs: Path, killed: Path, tmp_path: Path) -> None:
    first, second, _ = (json.loads(line)["document"] for line in heads(killed))
    (docs / first).write_text(TEXT.format(number=9), encoding="utf-8")
    shutil.copy(docs / second, docs / "copy.txt")
    manifest = run([docs], killed, Settings())
    run([docs], tmp_path / "whole", Settings())
    assert manifest.policies == 6 and read_documents(killed) == read_documents(tmp_path / "whole")
    assert {p.name for p in (killed / "texts").iterdir()} == {p.name for p in (tmp_path / "whole" / "texts").iterdir()}


def heads(out: Path) -> list[bytes]:
    return [line for line in (out / SPOOL).read_bytes().split(b"\n") if b'"sizes"' in line]


@pytest.mark.parametrize("cut", [1, 200, 1500])
def test_half_a_document_is_not_taken_up(docs: Path, killed: Path, tmp_path: Path, cut: int) -> None:
    raw = (killed / SPOOL).read_bytes()
    (killed / SPOOL).write_bytes(raw[:-cut])
    assert done_now(docs, killed) in (4, 5)
    run([docs], tmp_path / "whole", Settings())
    assert (killed / "policies.jsonl").read_bytes() == (tmp_path / "whole" / "policies.jsonl").read_bytes()


@pytest.mark.parametrize(
    "left", [b"", b"\xff" * 300, b"[" * 100_000, b'{"sizes": [1, 2, 99999999999999]}\n', b'{"sizes": [-1, 2, 0]}\n']
)
def test_what_is_no_spool_is_begun_anew(docs: Path, killed: Path, left: bytes) -> None:
    first = (killed / SPOOL).read_bytes().split(b"\n")[0] + b"\n"
    (killed / SPOOL).write_bytes(first + left)
    assert done_now(docs, killed) == 6


def test_a_spool_under_two_names_is_left_as_it_is(docs: Path, killed: Path, tmp_path: Path) -> None:
    os.link(killed / SPOOL, tmp_path / "other")
    before = (tmp_path / "other").read_bytes()
    assert done_now(docs, killed) == 6 and (tmp_path / "other").read_bytes() == before


def test_another_way_is_another_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    service = {"endpoint": "openai", "model": "m", "base_url": "http://127.0.0.1:1/v1"}
    ways = [Settings(), Settings(**service), Settings(**service | {"model": "n"}), Settings(**service, hint=True)]
    ways += [
        Settings(**service, examples=False),
        Settings(**service, prompts="stepwise"),
        Settings(endpoint="embedded"),
        Settings(endpoint="embedded", model=DEFAULT_MODEL),
    ]
    known = [way_of(settings) for settings in ways]
    assert len(set(known)) == len(ways) and None not in known
    assert way_of(Settings(**service, jobs=1, budget=5.0)) == known[1], "what changes no record is the same way"
    assert way_of(Settings(endpoint="files", model="m")) is None


def test_results_of_another_way_are_not_taken_up(docs: Path, killed: Path) -> None:
    assert done_now(docs, killed, Settings(cache=killed.parent / "another")) == 6


def test_a_spool_that_nobody_can_take_up_goes(docs: Path, tmp_path: Path) -> None:
    run([docs], tmp_path / "whole", Settings())
    row = read_documents(tmp_path / "whole")["1.txt"]
    for way, stays in ((None, False), ("so", True)):
        spool = Spool(tmp_path, way=way)
        spool.add(row)
        spool.close()
        assert (tmp_path / SPOOL).exists() == stays
