"""What the user may not read: told, never a traceback, and never taken for gone. Real rights, also where tests are root."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.run import run
from pipeline.settings import Settings
from pipeline.write import read_documents

TEXT = """■ 한빛시, '골목 숲 조성 계획(2025~2028)' 발표

- 한빛시 정부는 '골목 숲 조성 계획(2025~2028)'을 발표

- (가로수) 골목 {number}곳에 나무 300그루를 심고 쉼터 설치
"""
READS_ALL = "dac_override,dac_read_search"
"""What lets root pass by the rights of files."""
AS_A_USER = [
    "setpriv",
    f"--bounding-set=-{READS_ALL.replace(',', ',-')}",
    f"--inh-caps=-{READS_ALL.replace(',', ',-')}",
]
PAMS = [*(AS_A_USER if os.geteuid() == 0 else []), sys.executable, "-c", "from pipeline.cli import main; main()"]


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    (tmp_path / "docs" / "locked").mkdir(parents=True)
    for number, name in enumerate(("a.txt", "b.txt", "locked/c.txt"), 1):
        (tmp_path / "docs" / name).write_text(TEXT.format(number=number), encoding="utf-8")
    return tmp_path / "docs"


def pams(*words: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*PAMS, *map(str, words)], capture_output=True, text=True, timeout=60)


def test_an_unreadable_file_and_folder_are_told_and_their_records_stay(docs: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run([docs], out, Settings())
    before = (out / "policies.jsonl").read_bytes()
    (docs / "locked").chmod(0)
    try:
        done = pams("extract", docs, "--endpoint", "draft", "--out", out)
        assert done.returncode == 1 and "the folder cannot be read (Permission denied)" in done.stdout
        assert (out / "policies.jsonl").read_bytes() == before and read_documents(out)["locked/c.txt"].status == "ok"
        (docs / "a.txt").chmod(0)
        done = pams("extract", docs, "--endpoint", "draft", "--out", tmp_path / "other")
        assert done.returncode == 1 and "a.txt: cannot be opened (Permission denied)" in done.stdout
        assert read_documents(tmp_path / "other")["b.txt"].status == "ok"
        done = pams("requests", docs, "--model", "m", "--out", tmp_path / "r.jsonl")
        assert done.returncode == 1 and done.stderr.count("Permission denied") == 2
        assert len((tmp_path / "r.jsonl").read_text("utf-8").splitlines()) == 1
        docs.chmod(0)
        done = pams("extract", docs, "--endpoint", "draft", "--out", out)
        assert done.returncode == 2 and "not readable" in done.stderr and "Traceback" not in done.stderr
        assert (out / "policies.jsonl").read_bytes() == before
    finally:
        docs.chmod(0o755)
        (docs / "locked").chmod(0o755)


COMMANDS = """
import contextlib, io, json, sys
from pipeline.cli import main
out, docs = sys.argv[1:]
found = []
for words in (
    ["show", out], ["export", out, "--format", "csv"], ["link", out], ["diff", out, out],
    ["extract", docs, "--endpoint", "draft", "--out", out],
):
    with contextlib.redirect_stdout(io.StringIO()) as shown, contextlib.redirect_stderr(io.StringIO()) as err:
        try:
            main(words)
        except SystemExit as left:
            found.append([words[0], left.code or 0, shown.getvalue(), err.getvalue()])
print(json.dumps(found))
"""


@pytest.mark.parametrize(
    "name", ["documents.jsonl", "policies.jsonl", "corrections.jsonl", "texts", "run.json", ".pams.lock", "."]
)
def test_an_unreadable_part_of_the_results_is_told_in_one_message(docs: Path, tmp_path: Path, name: str) -> None:
    out = tmp_path / "out"
    run([docs / "a.txt"], out, Settings())
    (out / "corrections.jsonl").touch()
    (out / name).chmod(0)
    try:
        words = [*PAMS[:-1], COMMANDS, str(out), str(docs)]
        done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=True)
    finally:
        (out / name).chmod(0o755)
    found = json.loads(done.stdout)
    assert len(found) == 5
    for command, code, shown, err in found:
        told = any(words in shown + err for words in ("Permission denied", "is not readable"))
        assert code in (0, 1, 2, 3) and told == (code != 0) and err.count("pams: ") <= 1, (command, code, shown, err)
