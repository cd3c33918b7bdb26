"""Lists of documents: files named one a line, rows that hold them, addresses; and what is wrong with some of them."""

from __future__ import annotations

import json
import tracemalloc
import zipfile
from collections import deque
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet
import pytest

from pipeline.cli import main
from pipeline.estimate import estimate
from pipeline.read import listed
from pipeline.run import run
from pipeline.settings import Settings
from schemas.errors import UsageError

DRAFT = Settings(endpoint="draft")
RESULTS = ("policies.jsonl", "refused.jsonl", "documents.jsonl")


def brief(number: int) -> str:
    return f"""■ 한빛시, '골목 숲 조성 계획 제{number}호(2025~2028)' 발표

- 한빛시 정부는 '골목 숲 조성 계획 제{number}호(2025~2028)'을 발표

- (가로수) 골목 {number + 20}곳에 나무 300그루를 심고 쉼터 설치
"""


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    (tmp_path / "docs" / "deep").mkdir(parents=True)
    for number in range(4):
        (tmp_path / "docs" / ("deep" if number % 2 else ".") / f"b{number}.txt").write_text(brief(number), "utf-8")
    return tmp_path / "docs"


def names(path: Path) -> list[str]:
    return [source.name for source in listed(path)]


def rows(out: Path) -> dict[str, dict[str, Any]]:
    return {r["document"]: r for r in map(json.loads, (out / "documents.jsonl").read_text("utf-8").splitlines())}


def content(out: Path) -> dict[str, bytes]:
    return {name: (out / name).read_bytes() for name in RESULTS}


def test_a_list_of_the_files_in_a_folder_gives_what_the_folder_gives(docs: Path, tmp_path: Path) -> None:
    run([docs], tmp_path / "whole", DRAFT)
    paths = sorted(p.relative_to(docs).as_posix() for p in docs.rglob("*.txt"))
    (docs / "list").write_bytes(b"\xef\xbb\xbf" + "\r\n\r\n".join(paths).encode())
    run([], tmp_path / "listed", DRAFT, inputs=docs / "list")
    addresses = tmp_path / "addresses"
    addresses.write_text("".join(f"file://{docs}/{p}\n" for p in paths), "utf-8")
    run([], tmp_path / "fetched", DRAFT, inputs=addresses)
    assert content(tmp_path / "listed") == content(tmp_path / "whole")
    prefix = docs.as_posix().strip("/") + "/"
    fetched = (tmp_path / "fetched" / "policies.jsonl").read_text("utf-8").replace(prefix, "")
    assert fetched.encode() == content(tmp_path / "whole")["policies.jsonl"]
    assert estimate([], DRAFT, inputs=docs / "list").documents == 4


def test_a_list_names_folders_and_zips_too_and_what_is_not_there_fails_alone(docs: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "z.zip", "w") as archive:
        archive.writestr("in.txt", brief(7))
    lines = [
        "docs/deep",
        "./z.zip",
        "gone/b9.txt",
        f"{docs}/b0.txt",
        "docs/b0.txt",
        f"file://{docs}/deep/",
        "nosuch://x/y.txt",
    ]
    (tmp_path / "list").write_text("\n".join(lines), "utf-8")
    at = docs.as_posix().strip("/")
    assert names(tmp_path / "list") == [
        "docs/deep/b1.txt", "docs/deep/b3.txt", "z.zip/in.txt", "gone/b9.txt", f"{at}/b0.txt", "docs/b0.txt",
        f"{at}/deep/b1.txt", f"{at}/deep/b3.txt", "x/y.txt",
    ]  # fmt: skip
    manifest = run([], tmp_path / "out", DRAFT, inputs=tmp_path / "list")
    found = rows(tmp_path / "out")
    assert manifest.failed == 2 and manifest.policies == 4
    assert found["docs/b0.txt" if "docs/b0.txt" in found else f"{at}/b0.txt"]["status"] == "ok"
    assert found["gone/b9.txt"]["error"]["message"] == "gone/b9.txt: there is no such file or folder; check the path"
    assert "fsspec knows" in found["x/y.txt"]["error"]["message"]


@pytest.mark.parametrize("kind", ["jsonl", "parquet"])
def test_rows_hold_documents_and_broken_ones_fail_alone(tmp_path: Path, kind: str) -> None:
    good = [{"id": f"2025/{n}.txt", "text": brief(n)} for n in range(5)]
    path = tmp_path / f"archive.{kind}"
    if kind == "jsonl":
        bad = [
            '{"id": "no text"}',
            "half a li",
            '{"id": "2025/1.txt", "text": "again"}',
            '{"id": 7, "text": "이레"}',
            "[]",
        ]
        path.write_text("\n".join([json.dumps(r, ensure_ascii=False) for r in good] + ["", *bad]), "utf-8")
    else:
        bad_rows = [{"id": "no text", "text": None}, {"id": None, "text": "x"}, {"id": "2025/1.txt", "text": "again"}]
        table = pyarrow.Table.from_pylist([*good, *bad_rows, {"id": "7", "text": "이레"}])
        pyarrow.parquet.write_table(table, path, row_group_size=3)
    run([], tmp_path / "out", DRAFT, inputs=path)
    found = rows(tmp_path / "out")
    assert [name for name, row in found.items() if row["status"] == "ok"] == [*(g["id"] for g in good), "7"]
    failed = {name: row["error"]["message"] for name, row in found.items() if row["status"] == "failed"}
    again = 9 if kind == "jsonl" else 8
    expected = {"jsonl": {"no text", "row 8", "row 11"}, "parquet": {"no text", "row 7"}}[kind]
    assert set(failed) == {*expected, f"2025/1.txt (row {again})"}
    assert "its id stands in the list before" in failed[f"2025/1.txt (row {again})"] and "text" in failed["no text"]
    folder = tmp_path / "docs" / "2025"
    folder.mkdir(parents=True)
    for row in good:
        (folder.parent / row["id"]).write_text(row["text"], "utf-8")
    run([tmp_path / "docs"], tmp_path / "whole", DRAFT)
    wanted = [json.loads(line) for line in (tmp_path / "whole" / "policies.jsonl").read_text("utf-8").splitlines()]
    assert [json.loads(x) for x in (tmp_path / "out" / "policies.jsonl").read_text("utf-8").splitlines()] == wanted


def test_a_long_list_is_not_held_in_memory(tmp_path: Path) -> None:
    peaks = []
    for count in (2_000, 20_000):
        path = tmp_path / f"{count}.jsonl"
        with path.open("w", encoding="utf-8") as file:
            for number in range(count):
                file.write(json.dumps({"id": str(number), "text": "글" * 300}) + "\n")
        tracemalloc.start()
        deque(listed(path), maxlen=0)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.2 * peaks[0] + 50_000


@pytest.mark.parametrize(
    ("name", "raw", "why"),
    [
        ("gone", None, "gone: cannot be read"),
        ("none.parquet", b"PAR1 and nothing else", "is no Parquet file"),
        ("gone.jsonl", None, "cannot be read"),
    ],
)
def test_a_list_that_cannot_be_read_stops_the_command(tmp_path: Path, name: str, raw: bytes | None, why: str) -> None:
    if raw is not None:
        (tmp_path / name).write_bytes(raw)
    with pytest.raises(UsageError, match=why):
        run([], tmp_path / "out", DRAFT, inputs=tmp_path / name)


def test_parquet_without_the_columns_is_told(tmp_path: Path) -> None:
    pyarrow.parquet.write_table(pyarrow.table({"id": ["a"], "body": ["b"]}), tmp_path / "x.parquet")
    with pytest.raises(UsageError, match="has no column text"):
        names(tmp_path / "x.parquet")


def test_an_extraction_of_nothing_says_what_to_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["extract", "--endpoint", "draft", "--out", str(tmp_path / "out")])
    assert ended.value.code == 2 and "--inputs" in capsys.readouterr().err
    (tmp_path / "list").write_text("\n", "utf-8")
    with pytest.raises(SystemExit) as ended:
        main(["extract", "--endpoint", "draft", "--inputs", str(tmp_path / "list"), "--out", str(tmp_path / "out")])
    assert ended.value.code == 2 and "no document" in capsys.readouterr().err
