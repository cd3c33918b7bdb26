"""In the order that pays: refused answers at their place, documents to look through, what is left, and who did what."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest
from certain_records import set_certain
from review_four import DIGEST, digest
from test_corrections import TEXT
from test_review import serving
from test_review_finish import ask, key, titled

from eval.labelled.from_review import gold_from
from eval.learning.from_results import taught_by
from pipeline.results import Results
from pipeline.run import run
from pipeline.settings import Settings

__all__ = ["key"]
UNNAMED = "한빛시는 5월 3일 하천 정비 사업을 시작했다고 밝혔다.\n"
NOTHING = "지난주 비가 내렸다. 하천의 물은 맑았다.\n"


@pytest.fixture
def out(tmp_path: Path) -> Path:
    docs = tmp_path / "docs"
    docs.mkdir()
    for name, text in (("brief", TEXT), ("other", TEXT.replace("하천", "호수")), ("nothing", NOTHING)):
        (docs / f"{name}.txt").write_text(text, encoding="utf-8")
    run([docs], tmp_path / "out", Settings())
    set_certain(tmp_path / "out")
    return tmp_path / "out"


@pytest.fixture
def client(out: Path) -> Iterator[httpx.Client]:
    with serving(out) as client:
        yield client


def listed(client: httpx.Client) -> dict[str, dict[str, Any]]:
    answer = client.get("document", params={"name": "brief.txt"}).json()
    return {d["name"]: d for d in answer["documents"]}


def test_a_refused_answer_stands_at_its_unit_and_a_key_sets_it_right(tmp_path: Path, key: None) -> None:
    out = digest(tmp_path)
    with serving(out) as client:
        shown = lambda: client.get("document", params={"name": "digest.txt"}).json()["document"]["refused"]
        (refused,) = shown()
        words = lambda span: DIGEST[span["start"] : span["end"]]
        assert (refused["kind"], refused["target"]) == ("target", "raw")
        assert words(refused["place"]) == "(조리실) 조리실 환기 설비 300곳을 교체"
        assert words(refused["add"]["raw"]) == "300곳"  # the only number of the unit
        policy = titled(out, "급식")
        ask(client, action="add", kind="target", policy_id=policy.id, record_id=policy.id, changes=refused["add"])
        assert [t.value for t in titled(out, "급식").targets] == [300, 80]


def test_documents_are_sorted_by_what_was_found_in_them(out: Path, client: httpx.Client) -> None:
    said = listed(client)
    assert {n: d["triage"] for n, d in said.items()} == {"brief.txt": "", "other.txt": "", "nothing.txt": "none"}
    assert said["nothing.txt"]["least"] is None and said["brief.txt"]["least"] == 0.0  # nobody knows of a target
    (policy,) = [p for p in Results(out).policies if p.document == "brief.txt"]
    for record in (policy, *policy.measures, *policy.targets):
        client.post("correct", json={"action": "accept", "policy_id": policy.id, "record_id": record.id, "seen": None})
    assert listed(client)["brief.txt"]["least"] is None


def test_that_nothing_is_missing_is_said_of_a_document_taken_back_and_teaches(out: Path, client: httpx.Client) -> None:
    wish = {"action": "check", "document": "nothing.txt"}
    assert client.post("correct", json={**wish, "seen": None}).status_code == 200
    assert listed(client)["nothing.txt"]["checked"]
    taught = taught_by(out)
    assert (taught.finished, len(taught.rows)) == (1, 1)
    assert [g.document for g in gold_from(out)] == ["nothing.txt"]
    run([out.parent / "docs"], out, Settings())  # kept by a later run
    assert Results(out).corrected.checked["nothing.txt"].who == "이검토"
    seen = client.get("document", params={"name": "nothing.txt"}).json()["document"]["checked"]["at"]
    assert client.post("correct", json={**wish, "seen": seen}).status_code == 200
    assert not listed(client)["nothing.txt"]["checked"]


def test_what_is_left_everywhere_is_counted_and_accepted_at_once(out: Path, client: httpx.Client) -> None:
    told = client.get("rest", params={"least": 0.85}).json()
    assert told == {"records": 6, "wrong": 0.57}  # the policy and two of its measures, in each of two documents
    body = {"document": "brief.txt", "least": 0.85, "everywhere": True}
    assert client.post("accept", json=body).json()["accepted"] == told["records"]
    assert {c.document for c in Results(out).corrections} == {"brief.txt", "other.txt"}
    assert client.get("rest", params={"least": 0.85}).json() == {"records": 0, "wrong": 0}
    assert client.get("rest", params={"least": "much"}).status_code == 400


def test_who_did_what_is_told_from_the_folder(client: httpx.Client) -> None:
    assert client.get("people").json() == {"people": []}
    client.post("accept", json={"document": "brief.txt", "least": 0.85})
    (told,) = client.get("people").json()["people"]
    assert (told["who"], told["decisions"], told["actions"], told["documents"]) == ("이검토", 3, {"accept": 3}, 1)
    assert told["minutes"] == 0
