"""Zip files are folders, whatever stands in them."""

from __future__ import annotations

import time
import zipfile
from pathlib import Path

import pytest

from pipeline.read import find_sources, read
from pipeline.run import run
from pipeline.settings import Settings
from pipeline.write import read_documents
from schemas.errors import InputError, UsageError

# -- zip files ---------------------------------------------------------------------------------------------

FILES = Path(__file__).parent / "files"


def packed(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, raw in members.items():
            archive.writestr(name, raw)
    return path


def test_a_zip_is_a_folder(tmp_path: Path) -> None:
    brief = (FILES / "specimen.md").read_bytes()
    members = {
        "안/brief.md": brief,
        "b.pdf": (FILES / "specimen.pdf").read_bytes(),
        "picture.png": b"x",
        "__MACOSX/._b.pdf": b"x",
        "c.zip": b"x",
    }
    path = packed(tmp_path / "all.zip", members)
    assert [s.name for s in find_sources([path])] == ["b.pdf", "안/brief.md"]
    assert [s.name for s in find_sources([tmp_path])] == ["all.zip/b.pdf", "all.zip/안/brief.md"]
    assert read(find_sources([path])[1]).text == brief.decode()


def test_names_in_a_zip_from_korean_windows(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", {"PLACE.txt": "글".encode()})
    raw = path.read_bytes().replace(b"PLACE.txt", "계획".encode("cp949") + b"1.txt")
    path.write_bytes(raw)
    (source,) = find_sources([path])
    assert source.name == "계획1.txt" and read(source).text == "글"


@pytest.mark.parametrize("name", ["../../etc/evil.txt", "/etc/evil.txt", "C:\\evil.txt", "a/../../evil.txt"])
def test_a_path_that_leads_out_of_the_zip_is_refused(tmp_path: Path, name: str) -> None:
    path = packed(tmp_path / "a.zip", {name: b"text", "good.txt": "하천 정비 계획".encode()})
    run([path], tmp_path / "out", Settings())
    rows = read_documents(tmp_path / "out")
    assert rows["good.txt"].status == "ok" and len(rows) == 2
    (bad,) = (r for r in rows.values() if r.status == "failed")
    assert bad.error is not None and "leads out of the zip" in bad.error.message
    assert not list(tmp_path.parent.glob("evil.txt")) and sorted(p.name for p in tmp_path.iterdir()) == ["a.zip", "out"]


def test_bombs_and_damage_in_a_zip_fail_one_document_each(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", {"bomb.txt": b" " * 300_000_000, "good.txt": "하천 정비 계획".encode()})
    rows = {}
    run([path], tmp_path / "out", Settings())
    rows = read_documents(tmp_path / "out")
    assert rows["bomb.txt"].error is not None and "MB is more than the 8 MB" in rows["bomb.txt"].error.message
    assert rows["good.txt"].status == "ok"


def test_a_damaged_or_empty_zip_is_told(tmp_path: Path) -> None:
    (tmp_path / "broken.zip").write_bytes(b"PK\x03\x04" + b"x" * 100)
    with pytest.raises(InputError):
        read(find_sources([tmp_path / "broken.zip"])[0])
    with pytest.raises(UsageError, match="no document in this zip"):
        find_sources([packed(tmp_path / "pictures.zip", {"a.png": b"x"})])


def test_a_damaged_zip_of_any_packing_fails_alone(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("a.txt", "하천 정비 계획 " * 500)
    raw = bytearray((tmp_path / "a.zip").read_bytes())
    raw[60:70] = b"\xff" * 10
    (tmp_path / "a.zip").write_bytes(raw)
    (tmp_path / "b.txt").write_text("하천 정비 계획", encoding="utf-8")
    assert run([tmp_path / "a.zip", tmp_path / "b.txt"], tmp_path / "out", Settings()).failed == 1


def test_a_zip_of_thousands_is_read_in_linear_time(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", {f"{n}.txt": b"text" for n in range(6_000)})
    began = time.monotonic()
    assert sum(len(s.content()) for s in find_sources([path])) == 24_000
    assert time.monotonic() - began < 10
