"""What outlives a text, a session and one reader: decisions carried over, scored, learned from, and shared by name."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest
from one_brief import extracted
from test_corrections import TEXT
from test_review import serving

from pipeline.cli import main
from pipeline.folder import WEIGHTS
from pipeline.learn.weights import SHIPPED
from pipeline.results import Results
from pipeline.review.serve import serve
from pipeline.review.teach import Teacher
from pipeline.run import run
from pipeline.settings import Settings
from schemas.errors import UsageError

NEW = "머리말이 앞에 하나 생겼다.\n\n" + TEXT.replace(
    "마을 단위의 하천 살피기 모임 운영", "마을 단위의 하천 돌보기 모임 운영"
)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return extracted(tmp_path, TEXT)


@pytest.fixture
def client(out: Path) -> Iterator[httpx.Client]:
    with serving(out) as client:
        yield client


def shown(client: httpx.Client) -> dict[str, Any]:
    return dict(client.get("document", params={"name": "brief.txt"}).json()["document"])


def post(client: httpx.Client, **wish: Any) -> dict[str, Any]:
    answer = client.post("correct", json={"seen": None, **wish})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def decided(client: httpx.Client) -> None:
    """The first measure is procurement, the second is none, the policy has an issuer more."""
    (policy,) = shown(client)["policies"]
    first, second = policy["measures"][:2]
    post(client, action="edit", policy_id=policy["id"], record_id=first["id"], changes={"instrument": "procurement"})
    post(client, action="reject", policy_id=policy["id"], record_id=second["id"])
    post(client, action="edit", policy_id=policy["id"], record_id=policy["id"], changes={"status": "implemented"})


def test_decisions_about_an_earlier_text_are_carried_over_where_the_words_stand_once(
    out: Path, client: httpx.Client
) -> None:
    decided(client)
    (out.parent / "docs" / "brief.txt").write_text(NEW, encoding="utf-8")
    run([out.parent / "docs"], out, Settings())
    assert Results(out).policies[0].status != "implemented"
    earlier = shown(client)["earlier"]
    assert [(e["kind"], e["action"], e["reason"] is None) for e in earlier] == [
        ("measure", "edit", True), ("measure", "reject", False), ("policy", "edit", True),
    ]  # fmt: skip
    assert "stands 0 times" in earlier[1]["reason"]
    post(client, action="carry", document="brief.txt")
    results = Results(out)
    (policy,) = results.policies
    assert policy.status == "implemented" and str(policy.measures[0].instrument) == "procurement"
    assert all(NEW[s.start : s.end] == s.text for s in (policy.announcement, policy.measures[0].text))
    (left,) = shown(client)["earlier"]
    assert (left["action"], len(results.corrected.waiting)) == ("reject", 1)
    facts = {name: left[name] for name in ("policy_id", "record_id", "text")}
    post(client, action="dismiss", document="brief.txt", **facts)
    assert shown(client)["earlier"] == [] and len((out / "corrections.jsonl").read_text().splitlines()) == 6
    run([out.parent / "docs"], out, Settings())
    assert Results(out).policies == results.policies


def test_eval_scores_what_people_corrected(
    out: Path, client: httpx.Client, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    decided(client)
    docs, gold = str(out.parent / "docs"), str(tmp_path / "gold")

    def said(*words: str) -> Any:
        with pytest.raises(SystemExit) as ended:
            main(list(words))
        return capsys.readouterr().out if ended.value.code == 0 else ended.value.code

    said("gold", "from", str(out), "--out", gold)
    score = lambda *more: json.loads(said("eval", "--run", str(out), "--docs", docs, "--gold", gold, "--json", *more))
    assert score("--corrected")["runs"][0]["scores"]["all"]["measure"]["f1"] == 1
    assert score()["runs"][0]["scores"]["all"]["measure"]["f1"] < 1
    assert said("eval", "--corrected", "--docs", docs, "--gold", gold) == 2


def test_two_people_are_compared_by_the_measures_of_the_gold(
    out: Path, client: httpx.Client, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    decided(client)
    run([out.parent / "docs"], tmp_path / "other", Settings())
    with serving(tmp_path / "other") as other:
        (policy,) = shown(other)["policies"]
        post(other, action="accept", policy_id=policy["id"], record_id=policy["id"])
    with pytest.raises(SystemExit):
        main(["agreement", str(out), str(tmp_path / "other")])
    table = capsys.readouterr().out
    count = len(policy["measures"])
    assert f"| measure | {count - 1} | {count} | {count - 1} |" in table


def test_colleagues_come_in_by_their_own_link_and_sign_with_their_name(out: Path) -> None:
    code = "from pipeline.cli import main; main()"
    with socket.socket() as free:
        free.bind(("127.0.0.2", 0))
    command = [sys.executable, "-c", code, "review", str(out), "--no-browser", "--who", "김",
               "--network", "127.0.0.2", "--colleague", "이", "--colleague", "박"]  # fmt: skip
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None and process.stderr is not None
        own = process.stdout.readline().strip()
        links = dict(process.stderr.readline().strip().removeprefix("note: link for ").split(": ", 1) for _ in range(2))
        assert own.startswith("http://127.0.0.2:") and set(links) == {"이", "박"} and own not in links.values()
        with httpx.Client(base_url=links["이"]) as client:
            (policy,) = shown(client)["policies"]
            post(client, action="accept", policy_id=policy["id"], record_id=policy["id"])
            assert "only who began" in client.get("lesson").json()["error"]
            assert client.get("", headers={"host": "evil.example"}).status_code == 400
        assert httpx.get(own + "lesson").json() == {"state": "idle", "used": False}
        process.send_signal(2)
        assert process.wait(10) == 0
    assert [c.who for c in Results(out).corrections] == ["이"]


@pytest.mark.parametrize(
    ("network", "colleagues", "words"),
    [("127.0.0.1", (), "belong together"), (None, ("이",), "belong together"), ("0.0.0.0", ("이",), "one address"),
     ("127.0.0.1", ("이", "이"), "once"), ("127.0.0.1", ("김",), "like yourself")],
)  # fmt: skip
def test_a_network_is_opened_on_purpose_only(
    out: Path, network: str | None, colleagues: tuple[str, ...], words: str
) -> None:
    with pytest.raises(UsageError, match=words):
        serve(out, who="김", network=network, colleagues=colleagues)


def lesson(teacher: Teacher) -> dict[str, Any]:
    assert teacher.begin()["state"] == "running"
    for _ in range(1200):
        if teacher.told()["state"] != "running":
            break
        time.sleep(0.1)
    return teacher.told()


def test_what_was_reviewed_teaches_and_the_next_run_uses_it_if_wanted(out: Path, client: httpx.Client) -> None:
    teacher = Teacher(out)
    told = lesson(teacher)
    assert told["state"] == "failed" and "nothing is reviewed yet" in told["error"]
    with pytest.raises(UsageError, match="nothing has been learned"):
        teacher.use(True)
    decided(client)
    told = lesson(teacher)
    assert told["state"] == "done" and told["moved"] and not told["used"]
    assert [line["part"] for line in told["before"]] == ["own"] and told["after"] == []
    assert teacher.use(True)["used"] and (out / WEIGHTS).is_file()
    assert not teacher.use(False)["used"]


def test_weights_in_the_folder_are_those_of_the_next_run(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (out / WEIGHTS).write_bytes(SHIPPED.read_bytes())
    with pytest.raises(SystemExit):
        main(["extract", str(out.parent / "docs"), "--endpoint", "draft", "--out", str(out)])
    assert "learned from this folder's corrections" in capsys.readouterr().err
    assert Results(out).extracted[0].provenance.model.startswith("draft ")
