"""What is named as input: bounded before it is read, told where it is not, and nothing stops the rest."""

from __future__ import annotations

import os
import subprocess
import sys
import warnings
import zipfile
from pathlib import Path

import pytest

from pipeline.read import sources
from pipeline.run import run
from pipeline.settings import Settings
from pipeline.write import read_documents, read_policies
from schemas.errors import UsageError

TEXT = """■ 한빛시, '골목 숲 조성 계획(2025~2028)' 발표

- 한빛시 정부는 '골목 숲 조성 계획(2025~2028)'을 발표 🌊

- (가로수) 골목 40곳에 나무 300그루를 심고 쉼터 설치
"""
PAMS = [sys.executable, "-c", "from pipeline.cli import main; main()"]


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "good.txt").write_text(TEXT, encoding="utf-8")
    return tmp_path / "docs"


def status(paths: list[Path], out: Path) -> dict[str, str]:
    run(paths, out, Settings())
    return {name: row.error.message if row.error else "ok" for name, row in read_documents(out).items()}


def test_devices_and_pipes_are_refused_and_the_rest_goes_on(docs: Path, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "f.txt")
    told = status([docs, tmp_path / "f.txt", Path("/dev/zero")], tmp_path / "out")
    assert told.pop("good.txt") == "ok" and all("a device or a pipe" in why for why in told.values()) and len(told) == 2


@pytest.mark.parametrize("name", ["-", "/dev/stdin"])
def test_a_pipe_is_read_once(tmp_path: Path, name: str) -> None:
    words = [*PAMS, "extract", name, "--endpoint", "draft", "--out", str(tmp_path / "out")]
    subprocess.run(words, input=TEXT.encode(), check=True, capture_output=True, timeout=60)
    assert read_documents(tmp_path / "out")["stdin"].policies == 1


def test_a_name_that_is_no_utf8_and_folders_too_deep_stop_nothing(docs: Path, tmp_path: Path) -> None:
    odd = os.fsencode(docs) + b"/\xff\xfe.txt"
    Path(os.fsdecode(odd)).write_text(TEXT.replace("40", "50"), encoding="utf-8")
    at = os.open(docs, os.O_RDONLY)
    for _ in range(1200):
        os.mkdir("d" * 8, dir_fd=at)
        below = os.open("d" * 8, os.O_RDONLY, dir_fd=at)
        os.close(at)
        at = below
    os.close(at)
    told = status([docs, Path(os.fsdecode(odd))], tmp_path / "out")
    assert told["good.txt"] == "ok" and any("the folder cannot be read" in why for why in told.values())
    subprocess.run(["rm", "-rf", str(docs)], check=True)


def test_a_folder_that_cannot_be_read_is_told_and_its_records_stay(
    docs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (docs / "locked").mkdir()
    (docs / "locked" / "a.txt").write_text(TEXT.replace("300", "500"), encoding="utf-8")
    out = tmp_path / "out"
    run([docs], out, Settings())
    before = (out / "policies.jsonl").read_bytes()
    listed = Path.iterdir

    def iterdir(path: Path) -> object:  # root may read everything
        if path.name == "locked":
            raise PermissionError(13, "Permission denied")
        return listed(path)

    monkeypatch.setattr(Path, "iterdir", iterdir)
    told = status([docs], out)
    assert "the folder cannot be read (Permission denied)" in told["locked"]
    assert told["locked/a.txt"] == "ok" and (out / "policies.jsonl").read_bytes() == before
    assert len(read_policies(out)) == 2 and len(list((out / "texts").iterdir())) == 2


def test_results_do_not_go_among_documents(docs: Path) -> None:
    (docs / "2024").mkdir()
    (docs / "2024" / "a.txt").write_text(TEXT, encoding="utf-8")
    with pytest.raises(UsageError, match="holds documents"):
        run([docs], docs / "2024", Settings())


def test_files_of_another_program_do_not_hide_documents(docs: Path, tmp_path: Path) -> None:
    for name in ("run.json", "documents.jsonl"):
        (docs / name).write_text("{}")
    (docs / "texts").mkdir()
    (docs / "texts" / "b.txt").write_text(TEXT.replace("40", "60"), encoding="utf-8")
    assert set(status([docs], tmp_path / "out")) == {"good.txt", "texts/b.txt"}


def test_a_zip_that_is_too_much_is_refused_alone(docs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "MAX_MEMBERS", 3)
    monkeypatch.setattr(sources, "MAX_UNPACKED", 1_000_000)
    with zipfile.ZipFile(docs / "many.zip", "w") as many, zipfile.ZipFile(docs / "twice.zip", "w") as twice:
        for number in range(4):
            many.writestr(f"{number}.txt", TEXT)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            twice.writestr("a.txt", TEXT)
            twice.writestr("a.txt", TEXT + "끝")
    with zipfile.ZipFile(docs / "large.zip", "w", zipfile.ZIP_DEFLATED) as large:
        for number in range(2):
            large.writestr(f"{number}.txt", "가" * 200_000)
    told = status([docs], tmp_path / "out")
    assert told["good.txt"] == "ok" and "more than 3" in told["many.zip"] and "unpacks to" in told["large.zip"]
    assert "two files of this name" in told["twice.zip/a.txt"]


@pytest.mark.parametrize("encoding", ["cp949", "euc-kr", "ascii"])
@pytest.mark.parametrize("more", [[], ["--json"]])
def test_output_goes_to_any_console(docs: Path, tmp_path: Path, encoding: str, more: list[str]) -> None:
    run([docs], tmp_path / "out", Settings())
    words = [*PAMS, "show", str(tmp_path / "out"), *more]
    done = subprocess.run(words, env=os.environ | {"PYTHONIOENCODING": encoding}, capture_output=True, timeout=60)
    assert done.returncode == 0 and not done.stderr and done.stdout.decode(encoding)


def test_a_full_disk_and_a_closed_pipe_are_no_traceback(docs: Path, tmp_path: Path) -> None:
    run([docs], tmp_path / "out", Settings())
    line = '"$@" >/dev/full; echo $?; "$@" | head -c 1 >/dev/null; echo ${PIPESTATUS[0]}'
    words = ["bash", "-c", line, "_", *PAMS, "show", str(tmp_path / "out")]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60)
    assert done.stdout.split() == ["3", "0"] and done.stderr.count("\n") == 1 and "No space left" in done.stderr
