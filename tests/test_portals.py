"""What the site knew of documents: lists that are read or refused by line, kept, shown, and never a field's value."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from pipeline.cli import main
from pipeline.export import export
from pipeline.read import read_portals
from pipeline.results import Results
from pipeline.review.view import document
from schemas.document import Portal
from schemas.errors import UsageError

PLAN = "한결시는 2월 3일 「보행로 정비 추진계획」을 발표했다.\n\n□ 추진 과제\n ○ 낡은 보도 14km를 정비한다.\n"


def listed(tmp_path: Path, text: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / "list.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("file,date,publisher,url,title\na.txt,2026-03-04,한결시,https://h.kr/1,보행로\n", "utf-8-sig"),
        ("파일;등록일;기관;주소;제목\na.txt;2026. 3. 4.;한결시;https://h.kr/1;보행로\n", "cp949"),
        ("title\turl\tpublisher\tdate\tviews\tfile\n보행로\thttps://h.kr/1\t한결시\t20260304\t7\t./a.txt\n", "utf-8"),
        (
            '{"file": "a.txt", "date": "2026-03-04 09:30", "publisher": "한결시", "url": "https://h.kr/1", "title": "보행로"}\n',
            "utf-8",
        ),
    ],
)
def test_a_list_is_read_in_the_forms_in_which_lists_come(tmp_path: Path, text: str, encoding: str) -> None:
    portals = read_portals(listed(tmp_path, text, encoding))
    known = Portal(date=dt.date(2026, 3, 4), publisher="한결시", url="https://h.kr/1", title="보행로")
    assert (portals.of("a.txt"), portals.of("b.txt"), portals.unused) == (known, None, [])


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (
            "file,date\na.txt,next week\n,2026-01-02\nb.txt,2026-01-02\n",
            "line 2: “next week” is no date.*; line 3: names no file;",
        ),
        ("file,date\na.txt,\na.txt,\n", "line 3: “a.txt” stands in the list twice"),
        ("name,date\na.txt,2026-01-02\n", "names no column `file`"),
        ('{"file": "a.txt"}\nnothing\n{"file": ["a"]}\n', "line 2: is no JSON object; line 3: its file is no text"),
    ],
)
def test_lines_that_cannot_be_used_are_told_by_number(tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        read_portals(listed(tmp_path, text))


def test_what_the_site_knew_stands_beside_the_records_and_fills_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a.txt").write_text(PLAN, encoding="utf-8")
    (tmp_path / "docs" / "b.txt").write_text(PLAN + "끝.\n", encoding="utf-8")
    known = listed(tmp_path, "file,date,publisher,title\na.txt,2027-03-04,한결시청,다른 제목\nc.txt,2027-03-04,,\n")
    command = ["extract", str(tmp_path / "docs"), "--endpoint", "draft", "--out", str(tmp_path / "out")]
    with pytest.raises(SystemExit, match="0"):
        main([*command, "--manifest", str(known)])
    assert "names no document of this run: c.txt;" in "".join(capsys.readouterr())
    results = Results(tmp_path / "out")
    first, second = results.policies
    portal = results.rows["a.txt"].portal
    assert portal is not None and (portal.publisher, results.rows["b.txt"].portal) == ("한결시청", None)
    assert first.title is not None and first.title.text == "보행로 정비 추진계획"
    assert [o.name.text for o in first.issuers] == ["한결시"]
    dates = [p.announced_on and (p.announced_on.value, p.announced_on.raw.text) for p in (first, second)]
    assert dates == [("2027-02-03", "2월 3일"), (None, "2월 3일")]
    assert document(results, "a.txt")["portal"]["title"] == "다른 제목"
    export(results, tmp_path / "tables", "jsonl")
    rows = [json.loads(line) for line in (tmp_path / "tables" / "policies.jsonl").read_text("utf-8").splitlines()]
    assert [row["portal_publisher"] for row in rows] == ["한결시청", None]


def test_a_list_with_a_bad_line_stops_the_run_before_it_begins(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(PLAN, encoding="utf-8")
    known = listed(tmp_path, "file,date\na.txt,soon\n")
    command = ["extract", str(tmp_path / "a.txt"), "--endpoint", "draft", "--out", str(tmp_path / "out")]
    with pytest.raises(SystemExit, match="2"):
        main([*command, "--manifest", str(known)])
    assert not (tmp_path / "out" / "documents.jsonl").exists()
