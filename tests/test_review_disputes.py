"""Where two people decided differently both are shown, one is chosen, and it is written down who chose between whom."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest
from starlette.testclient import TestClient
from test_corrections import TEXT

from pipeline.corrections import read_corrections
from pipeline.results import Results
from pipeline.review.app import make_app
from pipeline.review.disputes import Others
from pipeline.run import run
from pipeline.settings import Settings
from schemas.errors import UsageError


def reviewed(folder: Path, name: str) -> Path:
    (folder / "docs").mkdir(exist_ok=True)
    (folder / "docs" / "brief.txt").write_text(TEXT, encoding="utf-8")
    run([folder / "docs"], folder / name, Settings())
    return folder / name


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return reviewed(tmp_path, "out")


def desk(out: Path, who: str, *others: Path) -> TestClient:
    app = make_app(out, "t", who, others=Others(others))
    return TestClient(app, base_url="http://localhost/t/")


def shown(client: httpx.Client | TestClient) -> dict[str, Any]:
    return dict(client.get("document", params={"name": "brief.txt"}).json()["document"])


def decide(client: TestClient, action: str, number: int, **more: Any) -> str:
    """About a measure, having seen what holds; the key of its record."""
    document = shown(client)
    (policy,) = document["policies"]
    key = f"{policy['id']}/{policy['measures'][number]['id']}"
    seen = document["decisions"].get(key, {}).get("at")
    facts = {"policy_id": policy["id"], "record_id": policy["measures"][number]["id"], "seen": seen}
    answer = client.post("correct", json={"action": action, **facts, **more})
    assert answer.status_code == 200, answer.text
    return key


@pytest.fixture
def kim(out: Path) -> Iterator[TestClient]:
    with desk(out, "김") as client:
        yield client


def test_two_people_of_one_folder_are_shown_and_a_third_chooses(out: Path, kim: TestClient) -> None:
    with desk(out, "이") as lee, desk(out, "박") as park:
        key = decide(kim, "edit", 0, changes={"instrument": "procurement"})
        assert shown(lee)["disputes"] == {}
        decide(lee, "reject", 0)
        decide(kim, "accept", 1)
        decide(lee, "accept", 1)
        said = shown(park)["disputes"]
        assert set(said) == {key} and not said[key]["settled"]
        assert [(v["who"], v["action"], v["folder"]) for v in said[key]["versions"]] == [
            ("김", "edit", None), ("이", "reject", None),
        ]  # fmt: skip
        assert park.get("document", params={"name": "brief.txt"}).json()["documents"][0]["disputed"] == 1
        decide(park, "settle", 0, chosen=said[key]["versions"][0]["key"])
        results = Results(out)
        assert str(results.policies[0].measures[0].instrument) == "procurement"
        last = results.corrections[-1]
        assert (last.who, last.action, last.between) == ("박", "edit", ("김", "이"))
        assert shown(kim)["disputes"][key]["settled"]
        decide(lee, "reject", 0)  # one of them says so again: it is open again
        assert not shown(kim)["disputes"][key]["settled"]


def test_two_folders_are_compared_and_the_other_ones_decision_taken_over(out: Path, kim: TestClient) -> None:
    other = reviewed(out.parent, "other")
    with desk(other, "이") as lee:
        decide(lee, "reject", 1)
        decide(lee, "edit", 0, changes={"action_status": "completed"})
        decide(lee, "accept", 2)
    decide(kim, "accept", 0)
    key = decide(kim, "accept", 1)
    with desk(out, "김", other) as client:
        said = shown(client)["disputes"]
        assert len(said) == 2  # of the third only one of them has decided
        assert [(v["who"], v["folder"]) for v in said[key]["versions"]] == [("김", None), ("이", "other")]
        edited = next(d for k, d in said.items() if k != key)
        assert [v["fields"] for v in edited["versions"]] == [
            {"action_status": "planned"},
            {"action_status": "completed"},
        ]
        decide(client, "settle", 1, chosen=said[key]["versions"][1]["key"])
        decide(client, "settle", 0, chosen=edited["versions"][1]["key"])
        assert all(d["settled"] for d in shown(client)["disputes"].values())
    (policy,) = Results(out).policies
    assert str(policy.measures[0].action_status) == "completed"
    assert key.split("/")[1] in {record for _, record in Results(out).corrected.removed}
    run([out.parent / "docs"], out, Settings())
    assert Results(out).policies == (policy,)


def test_what_others_decided_is_read_again_only_once_they_have_decided_more(
    out: Path, kim: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = reviewed(out.parent, "other")
    read: list[Path] = []
    monkeypatch.setattr("pipeline.review.disputes.read_corrections", lambda of: read.append(of) or read_corrections(of))
    with desk(other, "이") as lee, desk(out, "김", other) as client:
        decide(client, "accept", 0)
        assert shown(client)["disputes"] == {} and read == [other]  # when the desk was opened
        decide(lee, "reject", 0)
        assert len(shown(client)["disputes"]) == 1 and read == [other] * 2
        decide(lee, "accept", 0)
        assert shown(client)["disputes"] == {} and read == [other] * 3


def test_what_nobody_disputes_is_not_settled_and_a_folder_without_results_is_told(
    out: Path, kim: TestClient, tmp_path: Path
) -> None:
    decide(kim, "accept", 0)
    (policy,) = shown(kim)["policies"]
    wish = {"action": "settle", "policy_id": policy["id"], "record_id": policy["measures"][0]["id"], "chosen": "x"}
    answer = kim.post("correct", json=wish)
    assert answer.status_code == 400 and "nobody has decided otherwise" in answer.json()["error"]
    with pytest.raises(UsageError, match="no such folder"):
        Others([tmp_path / "nowhere"])
