"""`pams requests` asks about the documents that `pams extract` reads: with pictures, and with what their site knew."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from pathlib import Path

import pytest
from scans import scanned

from pipeline.cli import main
from pipeline.estimate import estimate
from pipeline.read import reader_of
from pipeline.read.seen import keep, recall
from pipeline.readers.tesseract import installed
from pipeline.results import Results
from pipeline.run import run
from pipeline.settings import Settings
from schemas.document import Document, OcrPage

FILES = Path(__file__).parent / "files"
TEXT = "한결시는 5월 3일 「보행로 정비 추진계획」을 발표했다.\n\n- 낡은 보도 14km를 정비한다.\n"


def asked(*words: str | Path, out: Path) -> tuple[int, list[str]]:
    """The exit code, and what is asked, as the model would see it."""
    with pytest.raises(SystemExit) as left:
        main(["requests", *map(str, words), "--model", "m", "--out", str(out), "--cache", str(out.parent / "store")])
    lines = out.read_text("utf-8").splitlines() if out.exists() else []
    assert isinstance(left.value.code, int)
    return left.value.code, [json.loads(line)["body"]["messages"][1]["content"] for line in lines]


def test_what_the_site_knew_is_asked_with(tmp_path: Path) -> None:
    (tmp_path / "plan.txt").write_text(TEXT, "utf-8")
    (tmp_path / "list.csv").write_text("file,date\nplan.txt,2031-05-04\n", "utf-8")
    _, plain = asked(tmp_path / "plan.txt", out=tmp_path / "a.jsonl")
    code, known = asked(tmp_path / "plan.txt", "--manifest", tmp_path / "list.csv", out=tmp_path / "b.jsonl")
    assert code == 0 and "Issued 2031-05-04" in known[0] and "Issued" not in plain[0]


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    """A file made of pictures that has been read before: what was read then is kept beside the stored answers."""
    path = tmp_path / "docs" / "scan.pdf"
    path.parent.mkdir()
    path.write_bytes(scanned(FILES / "open-sides.pdf", 30))
    sha256, page = hashlib.sha256(path.read_bytes()).hexdigest(), OcrPage(page=1, confidence=0.9)
    reader = reader_of("pdf", ocr=True)
    document = Document(
        name="other.pdf", text=TEXT, sha256=sha256, format="pdf", reader=reader, pages=(0,), ocr=(page,)
    )
    keep(tmp_path / "store" / "pictures", document)
    return path


def test_pictures_are_read_once_for_a_look_ahead_its_run_and_its_requests(
    scan: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert asked(scan, out=tmp_path / "a.jsonl") == (1, [])
    assert "run again with --ocr" in capsys.readouterr().err
    code, read = asked(scan, "--ocr", out=tmp_path / "b.jsonl")
    if installed() is None:
        assert (code, read) == (2, [])
        return
    assert code == 0 and "낡은 보도 14km를 정비한다." in read[0]
    settings = Settings(endpoint="files", model="m", ocr=True, cache=tmp_path / "store")
    assert estimate([scan.parent], settings).to_pay == 1
    run([scan.parent], tmp_path / "out", dataclasses.replace(settings, endpoint="draft"))
    assert Results(tmp_path / "out").text("scan.pdf") == TEXT


def test_without_tesseract_the_command_says_what_to_install(
    scan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", "")
    installed.cache_clear()
    try:
        assert asked(scan, "--ocr", out=tmp_path / "c.jsonl") == (2, [])
        assert "there is no Tesseract on this machine" in capsys.readouterr().err
    finally:
        installed.cache_clear()


def test_what_was_kept_is_used_for_the_same_file_and_reader_alone(tmp_path: Path) -> None:
    page = OcrPage(page=1, confidence=0.9)
    document = Document(name="a.pdf", text="글\n", sha256="0" * 64, format="pdf", reader="r 1", ocr=(page,))
    keep(tmp_path, document)
    assert recall(tmp_path, "0" * 64, "r 1") == document
    assert recall(tmp_path, "0" * 64, "r 2") is None and recall(tmp_path, "1" * 64, "r 1") is None
    (place,) = tmp_path.iterdir()
    place.write_text('{"text": 5}', "utf-8")
    assert recall(tmp_path, "0" * 64, "r 1") is None
    place.unlink()
    keep(tmp_path, document.model_copy(update={"ocr": (page, OcrPage(page=2, confidence=None))}))
    keep(tmp_path, document.model_copy(update={"ocr": ()}))
    (tmp_path / "file").touch()
    keep(tmp_path / "file" / "inside", document)  # where it cannot be kept, nothing is said
    assert not list(tmp_path.rglob("*.json"))
