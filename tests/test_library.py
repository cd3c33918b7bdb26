"""The library's service over real HTTP on loopback: what it lists, finds, counts and gives away, and whom it lets in."""

from __future__ import annotations

import contextlib
import hashlib
import io
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2 as httpx
import openpyxl
import pytest
import uvicorn
from test_corrections import TEXT, decide

from pipeline.cli import main
from pipeline.export import read_back
from pipeline.library.answer import Answers
from pipeline.library.app import make_app
from pipeline.library.index import Index, searched
from pipeline.library.intake import Intake
from pipeline.library.page import CHARTS, PARTS
from pipeline.library.wish import ORDERS, Wish
from pipeline.results import Results
from pipeline.run import run
from pipeline.settings import Settings
from schemas.errors import UsageError

TOKEN = "t0ken"
OTHER = """■ 베이징시, 심해 관측망 구축 계획 발표

- 베이징시 정부는 '심해 관측망 구축 계획'을 발표(2024.3.2)

1) 관측망과 인력

- (관측 시설) 해저 관측소 ５０개 이상을 신설하고 관측선 건조
- (인력) 전문 인력 양성 과정을 신설
"""


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    room = tmp_path_factory.mktemp("finished")
    (room / "docs").mkdir()
    (room / "docs" / "brief.txt").write_text(f"{TEXT}\n발행일: 2025년 5월 20일\n", encoding="utf-8")
    (room / "docs" / "other.txt").write_text(OTHER, encoding="utf-8")
    (room / "docs" / "broken.txt").write_bytes(b"")
    run([room / "docs"], room / "out", Settings())
    return room / "out"


@pytest.fixture
def out(finished: Path, tmp_path: Path) -> Path:
    return shutil.copytree(finished, tmp_path / "out")


@contextlib.contextmanager
def serving(*folders: Path, drop: Path | None = None) -> Iterator[httpx.Client]:
    with contextlib.closing(Index(folders)) as index, socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        intake = Intake(drop, Settings(), index.add) if drop is not None else None
        app = make_app(index, TOKEN, "이검토", intake=intake)
        server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
        thread = threading.Thread(target=lambda: server.run(sockets=[listener]), daemon=True)
        thread.start()
        base = f"http://127.0.0.1:{listener.getsockname()[1]}/{TOKEN}/"
        with httpx.Client(base_url=base) as client:
            until(lambda: not client.get("state").json()["reading"])
            yield client
        server.should_exit = True
        thread.join(10)


@pytest.fixture
def client(out: Path) -> Iterator[httpx.Client]:
    with serving(out) as client:
        yield client


def until(holds: Callable[[], bool]) -> None:
    for _ in range(200):
        if holds():
            return
        time.sleep(0.05)
    pytest.fail("it did not come to hold in ten seconds")


def titles(client: httpx.Client, **wish: Any) -> list[str]:
    answer = client.get("rows", params=wish)
    assert answer.status_code == 200, answer.text
    return [row["title"] for row in answer.json()["rows"]]


RIVER, SEA = "도시 하천 수질 개선 대책(2025~2028)", "심해 관측망 구축 계획"


def test_all_policies_are_listed_newest_first_with_what_the_run_says_of_them(client: httpx.Client, out: Path) -> None:
    said = client.get("rows").json()
    assert (said["total"], [row["title"] for row in said["rows"]]) == (2, [RIVER, SEA])
    by_id = {p.id: p for p in Results(out).policies}
    for row in said["rows"]:
        policy = by_id[row["id"]]
        assert (row["measures"], row["targets"]) == (len(policy.measures), len(policy.targets))
        assert row["announced"] == (policy.announced_on.value if policy.announced_on else None)
        assert row["jurisdiction"] == policy.jurisdiction and row["document_type"] == policy.document_type


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("50개", [SEA]), ("５０개", [SEA]), ("產業園區", []), ("심해 발표", [SEA]), ("한빛시", [RIVER]), ("살피기", [RIVER]),
        ("OTHER.TXT", [SEA]), ("ｏｔｈｅｒ", [SEA]), ("없는말", []), ("%", [RIVER]), ("'; DROP TABLE policies; --", []), ("", [RIVER, SEA]),
    ],
)  # fmt: skip
def test_search_finds_words_in_any_width_and_takes_signs_as_signs(
    client: httpx.Client, words: str, found: list[str]
) -> None:
    assert titles(client, words=words) == found


def test_words_are_searched_in_one_width_one_case_and_one_form_of_chinese_signs() -> None:
    assert searched(" ５０개  Ａi\n產業 ") == searched("50개 aI 产业")


@pytest.mark.parametrize(
    ("wish", "found"),
    [
        ({"year": "2025"}, [RIVER]), ({"year": "2024"}, [SEA]), ({"country": "CN"}, [SEA]), ({"country": "-"}, [RIVER]),
        ({"target": "dated"}, [RIVER]), ({"target": "number"}, [RIVER, SEA]), ({"target": "none"}, []),
        ({"due_from": "2028", "due_to": "2028"}, [RIVER]), ({"due_from": "2029"}, []), ({"due_to": "2027"}, []),
        ({"instrument": "talent"}, [SEA]), ({"instrument": "talent", "year": "2025"}, []), ({"field": "marine"}, [SEA]),
        ({"sort": "title"}, [RIVER, SEA]), ({"sort": "title", "down": "1"}, [SEA, RIVER]),
    ],
)  # fmt: skip
def test_filters_and_order(client: httpx.Client, wish: dict[str, str], found: list[str]) -> None:
    assert titles(client, **wish) == found


@pytest.mark.parametrize("order", ORDERS)
def test_every_order_shows_all(client: httpx.Client, order: str) -> None:
    assert sorted(titles(client, sort=order)) == sorted(titles(client, sort=order, down=1)) == sorted([RIVER, SEA])


@pytest.mark.parametrize(
    "wish", [{"sort": "n; DROP"}, {"target": "all"}, {"due_from": "20x5"}, {"due_to": "²"}, {"due_to": "-1"}]
)
def test_a_wish_that_nobody_can_fulfil_is_told(client: httpx.Client, wish: dict[str, str]) -> None:
    for path in ("rows", "charts", "export"):
        answer = client.get(path, params=wish)
        assert answer.status_code == 400 and next(iter(wish.values())) in answer.json()["error"]


def test_charts_count_what_is_shown(client: httpx.Client, out: Path) -> None:
    policies = Results(out).policies
    charts = client.get("charts").json()
    assert sum(row[2] for row in charts["measures"]) == sum(len(p.measures) for p in policies)
    assert {row[1] for row in charts["measures"]} == {2024, 2025}
    dated = [t for p in policies for t in p.targets if t.deadline]
    assert sum(row[1] + row[2] for row in charts["targets"]) == len(dated)
    assert charts["undated"] == sum(len(p.targets) for p in policies) - len(dated)
    assert {row[1] for row in client.get("charts", params={"year": 2024}).json()["measures"]} == {2024}


def test_filters_offer_what_there_is(client: httpx.Client) -> None:
    lists = client.get("lists").json()
    assert lists["year"] == [[2025, 1], [2024, 1]] and ["CN", 1] in lists["country"]
    assert lists["folder"] == [["0", "out"]]


def test_a_row_leads_to_its_words_in_the_source_and_to_the_review(client: httpx.Client, out: Path) -> None:
    text = Results(out).text("brief.txt")
    row = client.get("rows").json()["rows"][0]
    shown = client.get("policy", params={"n": row["n"]}).json()
    source = shown["source"]
    assert text[source["start"] :].startswith(source["text"])
    for mark in source["marks"]:
        assert 0 <= mark["start"] - source["start"] < mark["end"] - source["start"] <= len(source["text"])
    assert {m["kind"] for m in source["marks"]} == {"policy", "measure", "target"}
    for measure in shown["measures"]:
        assert measure["text"]["text"] in text.split("\n")[measure["line"] - 1]
    assert client.get("folder/0/review/").status_code == 200
    reviewed = client.get("folder/0/review/document", params={"name": row["document"]}).json()["document"]
    assert row["id"] in [p["id"] for p in reviewed["policies"]]


def test_what_is_corrected_in_the_review_is_in_the_table(client: httpx.Client, out: Path) -> None:
    policy = next(p for p in Results(out).policies if p.document == "brief.txt")
    n = client.get("rows").json()["rows"][0]["n"]
    wish = {"policy_id": policy.id, "record_id": policy.id, "action": "reject", "seen": None}
    assert client.post("folder/0/review/correct", json=wish).status_code == 200
    until(lambda: not client.get("state").json()["reading"] and titles(client) == [SEA])
    gone = client.get("policy", params={"n": n})
    assert gone.status_code == 400 and "no longer there" in gone.json()["error"]


def test_a_change_is_read_though_a_policy_was_opened_before_anyone_asked(out: Path) -> None:
    with contextlib.closing(Index([out])) as index:
        answers = Answers(index)
        until(lambda: not index.reading)
        river, sea = answers.order(Wish())
        policy = next(p for p in Results(out).policies if p.document == "brief.txt")
        decide(out, "reject", policy, policy)
        answers.policy(sea)
        with pytest.raises(UsageError, match="changed meanwhile"):
            answers.policy(river)
        index.refresh()
        until(lambda: not index.reading and len(answers.order(Wish())) == 1)


def test_a_folder_that_was_mended_is_read_again(out: Path) -> None:
    whole = (out / "documents.jsonl").read_bytes()
    (out / "documents.jsonl").write_text("{", "utf-8")
    with contextlib.closing(Index([out])) as index:
        until(lambda: not index.reading and index.folders[0].problem is not None)
        (out / "documents.jsonl").write_bytes(whole)
        index.refresh()
        until(lambda: not index.reading and index.folders[0].problem is None)
        assert len(Answers(index).order(Wish())) == 2


def test_exports_hold_what_is_shown(client: httpx.Client, out: Path, tmp_path: Path) -> None:
    decide(out, "accept", *(next(p for p in Results(out).policies if p.document == "brief.txt"),) * 2)
    answer = client.get("export", params={"format": "csv", "year": 2025})
    assert "pams-csv.zip" in answer.headers["Content-Disposition"]
    zipfile.ZipFile(io.BytesIO(answer.content)).extractall(tmp_path / "csv")
    policies, rows = read_back(tmp_path / "csv", "csv")
    assert [p.title and p.title.text for p in policies] == [RIVER] and [r.document for r in rows] == ["brief.txt"]
    assert policies == tuple(p for p in Results(out).policies if p.document == "brief.txt")
    book = openpyxl.load_workbook(io.BytesIO(client.get("export", params={"format": "xlsx", "words": "심해"}).content))
    assert book.sheetnames[0] == "한눈에" and [c.value for c in book["한눈에"]["A"]] == ["정책명", SEA]
    assert client.get("export", params={"format": "exe"}).status_code == 400


def test_several_folders_are_one_table_and_their_names_stay_apart(out: Path, tmp_path: Path) -> None:
    twin = shutil.copytree(out, tmp_path / "more" / "out")
    with serving(out, twin, out) as client:
        assert client.get("lists").json()["folder"] == [["0", "out"], ["1", "out (2)"]]
        assert len(titles(client)) == 4 and titles(client, folder=1) == [RIVER, SEA]
        content = client.get("export", params={"format": "csv"}).content
        zipfile.ZipFile(io.BytesIO(content)).extractall(tmp_path / "csv")
        names = [row.document for row in read_back(tmp_path / "csv", "csv")[1]]
        assert sorted(names) == ["out (2)/brief.txt", "out (2)/other.txt", "out/brief.txt", "out/other.txt"]


def test_rows_come_in_pieces_that_together_are_all(client: httpx.Client) -> None:
    pieces = [client.get("rows", params={"start": at, "count": 1}).json()["rows"] for at in (0, 1, 2)]
    assert [len(p) for p in pieces] == [1, 1, 0] and pieces[0] != pieces[1]
    assert client.get("rows", params={"start": "x", "count": 10**12}).status_code == 200


def test_a_document_that_is_damaged_is_told_and_the_rest_is_there(out: Path) -> None:
    text = next((out / "texts").glob("other*"))
    text.write_text("other words", encoding="utf-8")
    with serving(out) as client:
        (folder,) = client.get("state").json()["folders"]
        assert "other.txt" in folder["problem"] and titles(client) == [RIVER]


def test_nobody_else_is_let_in(client: httpx.Client) -> None:
    base = str(client.base_url).rpartition(TOKEN)[0]
    for path in ("", "rows", "other/rows", "folder/0/review/"):
        assert httpx.get(base + path).status_code == 404
    assert client.get("rows", headers={"Host": "evil.example"}).status_code == 400
    for path in ("folder/1/review/", "folder/00/review/", "folder/x/"):
        assert client.get(path).status_code == 404
    page = client.get("")
    assert "default-src &#39;none&#39;" in page.text and not re.search(r'(?:src|href)="(?!#)', page.text)
    assert page.headers["Cache-Control"] == "no-store" and page.headers["Referrer-Policy"] == "no-referrer"


def test_folders_without_results_are_told_before_a_browser_opens(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for folder, words in ((tmp_path / "empty", "policies.jsonl"), (tmp_path / "nowhere", "no such folder")):
        with pytest.raises(UsageError, match=words):
            Index([folder])
        with pytest.raises(SystemExit) as left:
            main(["serve", str(folder), "--no-browser"])
        assert left.value.code == 2


def test_the_command_prints_its_address_and_ends_quietly(out: Path) -> None:
    command = [sys.executable, "-c", "from pipeline.cli import main; main()", "serve", str(out), "--no-browser"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None and process.stderr is not None
        address = process.stdout.readline().strip()
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/[\w-]{32}/", address)
        assert httpx.get(address).status_code == 200
        process.send_signal(2)
        assert process.wait(10) == 0
        assert process.stderr.read() == ""


def test_the_chart_library_is_the_one_that_the_page_about_it_names() -> None:
    page = (Path(__file__).resolve().parent.parent / "docs" / "library.md").read_text("utf-8")
    file = (PARTS / CHARTS).read_bytes()
    assert hashlib.sha256(file).hexdigest() in page
    version = re.search(rb"Chart\.js v([\d.]+)", file)
    assert version is not None and f"Chart.js {version[1].decode()}" in page
    assert "MIT" in (PARTS / "chart.LICENSE.md").read_text("utf-8")
