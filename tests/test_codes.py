"""An institute's own code list beside the 20 groups: read, told by line where it is bad, carried by exports."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import openpyxl
import pytest
from one_brief import extracted
from test_corrections import TEXT

from pipeline.cli import main
from pipeline.export import FORMATS, export, read_back
from pipeline.export.codes import Own, read_codes
from pipeline.results import Results
from schemas.errors import UsageError

LIST = "code,label,instrument\nA-1,기반 구축,infrastructure_platform\nA-2,장비 도입,인프라·플랫폼 구축\nZ,그 밖,Other\n"


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return extracted(tmp_path, TEXT)


@pytest.fixture
def codes(tmp_path: Path) -> Path:
    (tmp_path / "codes.csv").write_text(LIST, encoding="utf-8")
    return tmp_path / "codes.csv"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16"])
@pytest.mark.parametrize(
    ("comma", "head"),
    [(",", "code,label,instrument"), (";", "코드;이름;정책수단"), ("\t", "비고\tcode\tinstrument\tlabel")],
)
def test_a_list_is_read_however_an_office_saves_it(tmp_path: Path, encoding: str, comma: str, head: str) -> None:
    row = {
        "code": "A-1",
        "코드": "A-1",
        "label": "기반",
        "이름": "기반",
        "instrument": "인재",
        "정책수단": "인재",
        "비고": "-",
    }
    lines = [head, comma.join(row[name] for name in head.split(comma)), ""]
    (tmp_path / "c.csv").write_bytes("\r\n".join(lines).encode(encoding))
    assert read_codes(tmp_path / "c.csv") == {"talent": (Own("A-1", "기반"),)}


def test_several_codes_may_stand_for_one_group(codes: Path) -> None:
    found = read_codes(codes)
    assert found["infrastructure_platform"] == (Own("A-1", "기반 구축"), Own("A-2", "장비 도입"))
    assert found["other"] == (Own("Z", "그 밖"),) and len(found) == 2


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("code,label,instrument\nA,x,talent\nB,y,nothing\n,z,talent\nA,w,other\n",
         "line 3: “nothing” is none of the groups; line 4: names no code; line 5: the code A stands in line 2 too"),
        ("a,b\n1,2\n", "names no columns `code` and `instrument`"),
        ("code,label,instrument\n", "no code in this list"),
        ("code,label,instrument\n" + "x,y,z\n" * 20, "and 10 more lines"),
        ("", "the file is empty"),
    ],
)  # fmt: skip
def test_bad_lists_are_told_by_line_before_anything_is_written(
    out: Path, tmp_path: Path, content: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "bad.csv").write_text(content, encoding="utf-8")
    with pytest.raises(UsageError) as wrong:
        read_codes(tmp_path / "bad.csv")
    assert told in str(wrong.value) and "bad.csv" in str(wrong.value)
    with pytest.raises(SystemExit) as left:
        main(["export", str(out), "--format", "csv", "--codes", str(tmp_path / "bad.csv")])
    assert left.value.code == 2 and not (out / "export").exists() and "bad.csv" in capsys.readouterr().err


def test_exports_carry_both_and_are_read_back_as_before(out: Path, tmp_path: Path, codes: Path) -> None:
    results = Results(out)
    for format in FORMATS:
        export(results, tmp_path / format, format, codes=read_codes(codes))
        if format in ("csv", "parquet", "sqlite", "jsonl"):
            assert read_back(tmp_path / format, format)[0] == results.policies
    with (tmp_path / "csv" / "measures.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    written = {r["instrument"]: (r["own_code"], r["own_label"]) for r in rows}
    assert written.pop("infrastructure_platform") == ("A-1;A-2", "기반 구축;장비 도입")
    assert written and set(written.values()) == {("", "")}  # groups without a code of one's own
    book = openpyxl.load_workbook(tmp_path / "xlsx" / "pams.xlsx")
    assert {"자체 코드", "자체 코드 이름"} <= {c.value for c in book["시책"][1]}
    export(results, tmp_path / "without", "jsonl")
    lines = (tmp_path / "without" / "measures.jsonl").read_text("utf-8").splitlines()
    assert {json.loads(line)["own_code"] for line in lines} == {None}
