"""The review's service over real HTTP on loopback: what it shows, what it saves, whom it lets in; and gold made of it."""

from __future__ import annotations

import contextlib
import json
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest
import uvicorn
from test_corrections import TEXT

from eval.labelled.load import load_gold
from pipeline.cli import main
from pipeline.results import Results
from pipeline.review import write_page
from pipeline.review.app import make_app
from pipeline.run import run
from pipeline.settings import Settings
from schemas.errors import UsageError

TOKEN = "t0ken"


@pytest.fixture
def out(tmp_path: Path) -> Path:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "brief.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "docs" / "broken.txt").write_bytes(b"")
    run([tmp_path / "docs"], tmp_path / "out", Settings())
    return tmp_path / "out"


@contextlib.contextmanager
def serving(out: Path) -> Iterator[httpx.Client]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        server = uvicorn.Server(uvicorn.Config(make_app(out, TOKEN, "이검토"), log_level="error"))
        thread = threading.Thread(target=lambda: server.run(sockets=[listener]), daemon=True)
        thread.start()
        base = f"http://127.0.0.1:{listener.getsockname()[1]}/{TOKEN}/"
        with httpx.Client(base_url=base) as client:
            yield client
        server.should_exit = True
        thread.join(10)


@pytest.fixture
def client(out: Path) -> Iterator[httpx.Client]:
    with serving(out) as client:
        yield client


def shown(client: httpx.Client) -> dict[str, Any]:
    return dict(client.get("document", params={"name": "brief.txt"}).json()["document"])


def correct(client: httpx.Client, **wish: Any) -> httpx.Response:
    return client.post("correct", json=wish)


def measure(client: httpx.Client, number: int = 0) -> dict[str, str]:
    (policy,) = shown(client)["policies"]
    return {"policy_id": policy["id"], "record_id": policy["measures"][number]["id"]}


def test_the_page_holds_the_list_and_nothing_of_the_texts(client: httpx.Client) -> None:
    page = client.get("")
    assert page.status_code == 200 and page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "no-referrer"
    assert "brief.txt" in page.text and "낡은 하수관" not in page.text
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', page.text)
    assert policy is not None and "default-src &#39;none&#39;" in policy[1] and "unsafe" not in policy[1]


def test_a_document_comes_with_records_places_and_its_failures_are_listed(client: httpx.Client) -> None:
    answer = client.get("document", params={"name": "brief.txt"}).json()
    (policy,) = answer["document"]["policies"]
    assert answer["document"]["text"] == TEXT
    assert policy["measures"][0]["place"] == {"page": None, "heading": "오염원 관리", "line": 7}
    listed = {d["name"]: d for d in answer["documents"]}
    assert listed["broken.txt"]["status"] == "failed" and "empty" in listed["broken.txt"]["error"]
    assert (listed["brief.txt"]["records"], listed["brief.txt"]["decided"]) == (
        1 + len(policy["measures"]) + len(policy["targets"]),
        0,
    )


def test_a_decision_is_on_disk_before_the_answer_and_shown_to_every_tab(out: Path, client: httpx.Client) -> None:
    chosen = measure(client)
    answer = correct(client, action="reject", **chosen)
    assert answer.status_code == 200
    (line,) = (out / "corrections.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["who"] == "이검토" and json.loads(line)["record_id"] == chosen["record_id"]
    rejected = shown(client)["policies"][0]["measures"][0]
    assert rejected["id"] == chosen["record_id"] and rejected["rejected"]  # shown, so that it can be taken back
    assert len(Results(out).policies[0].measures) == len(shown(client)["policies"][0]["measures"]) - 1


def applied(document: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
    """The document as the page makes it of the one it has and of what a decision changed."""
    made = json.loads(json.dumps(document))
    assert change["since"] == made["corrections"]
    made |= {name: change[name] for name in ("corrections", "waiting")}
    for policy in change["policies"]:
        mine, gone = next(p for p in made["policies"] if p["id"] == policy["id"]), policy.pop("gone")
        for part in ("measures", "targets"):
            other = {*gone[part], *(r["id"] for r in policy[part])}
            records = [*(r for r in mine[part] if r["id"] not in other), *policy[part]]
            policy[part] = sorted(records, key=lambda r: (r["text"]["start"], r["id"]))
        mine |= policy
    for key, decision in change["decisions"].items():
        made["decisions"] |= {key: decision} if decision else {}
        if not decision:
            made["decisions"].pop(key)
    return made


def test_a_decision_is_answered_with_what_it_changed(client: httpx.Client) -> None:
    policy = shown(client)["policies"][0]
    own = {"policy_id": policy["id"], "record_id": policy["id"]}
    first, target = measure(client), {"policy_id": policy["id"], "record_id": policy["targets"][0]["id"]}
    span = {"start": TEXT.index("마을"), "end": TEXT.index("마을") + 5}
    wishes: list[dict[str, Any]] = [
        {"action": "accept", **own}, {"action": "reject", **first}, {"action": "undo", **first},
        {"action": "edit", "changes": {"instrument": "other"}, **first}, {"action": "accept", **target},
        {"action": "reject", **own}, {"action": "undo", **own}, {"action": "add", "kind": "measure", "changes": {"text": span}, **own},
    ]  # fmt: skip
    for wish in wishes:
        before = shown(client)
        seen = before["decisions"].get(f"{wish['policy_id']}/{wish['record_id']}", {}).get("at")
        answer = correct(client, **wish, seen=None if wish["action"] == "add" else seen).json()
        assert "change" in answer, (wish, answer)
        assert applied(before, answer["change"]) == shown(client), wish
        (entry,) = answer["entry"]
        assert entry in client.get("document", params={"name": "brief.txt"}).json()["documents"]


def test_what_a_decision_sends_does_not_grow_with_the_document(tmp_path: Path) -> None:
    lines = "".join(f"- (사업 {n}) 2028년까지 시설 {n}개소를 설치\n" for n in range(1, 1500))
    (tmp_path / "brief.txt").write_text(TEXT + lines, encoding="utf-8")
    run([tmp_path / "brief.txt"], tmp_path / "out", Settings())
    with serving(tmp_path / "out") as client:
        whole = client.get("document", params={"name": "brief.txt"})
        chosen = measure(client, 700)
        answer = correct(client, action="accept", **chosen)
        assert len(whole.content) > 1_000_000 and len(answer.content) < 5_000
        assert applied(whole.json()["document"], answer.json()["change"]) == shown(client)


def test_two_tabs_do_not_overwrite_each_other(client: httpx.Client) -> None:
    chosen = measure(client)
    assert correct(client, action="accept", **chosen).status_code == 200
    late = correct(client, action="reject", **chosen)  # the other tab has not seen it
    assert late.status_code == 409 and "이검토" in late.json()["error"]
    seen = shown(client)["decisions"]["{policy_id}/{record_id}".format(**chosen)]["at"]
    assert correct(client, action="reject", seen=seen, **chosen).status_code == 200


def test_an_edit_computes_and_a_wrong_one_is_refused_with_the_reason(out: Path, client: httpx.Client) -> None:
    (policy,) = shown(client)["policies"]
    target = {"policy_id": policy["id"], "record_id": policy["targets"][0]["id"]}
    start = TEXT.index("120km")
    good = correct(client, action="edit", changes={"raw": {"start": start, "end": start + 5}}, **target)
    assert good.json()["change"]["policies"][0]["targets"][0]["value"] == 120
    seen = good.json()["change"]["decisions"]["{policy_id}/{record_id}".format(**target)]["at"]
    bad = correct(client, action="edit", seen=seen, changes={"value": 7}, **target)
    assert bad.status_code == 400 and "computed" in bad.json()["error"]
    assert Results(out).policies[0].targets[0].value == 120


def test_a_measure_is_added_and_undone(out: Path, client: httpx.Client) -> None:
    (policy,) = shown(client)["policies"]
    ids = {"policy_id": policy["id"], "record_id": policy["id"]}
    start = TEXT.index("우수 저류조 설치")
    made = correct(
        client, action="add", kind="measure", changes={"text": {"start": start, "end": start + 9}}, **ids
    ).json()
    key = made["key"]
    added = key.split("/")[1]
    assert added in {m.id for m in Results(out).policies[0].measures}
    seen = made["change"]["decisions"][key]["at"]
    assert correct(client, action="undo", policy_id=policy["id"], record_id=added, seen=seen).status_code == 200
    assert added not in {m.id for m in Results(out).policies[0].measures}


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b'{"action": "explode"}', b'{"action": "accept", "record_id": "x"}']
)
def test_what_is_no_correction_is_refused(out: Path, client: httpx.Client, body: bytes) -> None:
    answer = client.post("correct", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 400 and answer.json()["error"]
    assert not (out / "corrections.jsonl").exists()


def test_only_who_knows_the_address_comes_in(client: httpx.Client) -> None:
    root = str(client.base_url).removesuffix(f"{TOKEN}/")
    assert httpx.get(root).status_code == 404
    assert httpx.get(f"{root}guess/document?name=brief.txt").status_code == 404
    assert client.get("", headers={"host": "evil.example"}).status_code == 400  # another name for 127.0.0.1
    form = client.post(
        "correct", content=b"action=reject", headers={"content-type": "application/x-www-form-urlencoded"}
    )
    assert form.status_code == 415
    assert (
        client.post("correct", content=b" " * 2_000_000, headers={"content-type": "application/json"}).status_code
        == 413
    )
    assert client.get("document", params={"name": "../../etc/passwd"}).status_code == 400


def test_a_folder_without_results_is_told_before_anything_is_served(out: Path, tmp_path: Path) -> None:
    for folder, words in ((tmp_path, "run `pams extract` first"), (out / "policies.jsonl", "no such folder")):
        with pytest.raises(UsageError, match=words):
            make_app(folder, TOKEN, "x")
    with pytest.raises(UsageError, match="ko or en"):
        make_app(out, TOKEN, "x", "fr")


@pytest.mark.parametrize(
    "words",
    [
        "show /nowhere",
        "review /nowhere",
        "export /nowhere --format csv",
        "diff /nowhere /nowhere",
        "gold from /nowhere",
    ],
)
def test_a_path_that_is_not_there_is_wrong_use(words: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words.split())
    assert ended.value.code == 2 and "/nowhere" in capsys.readouterr().err


def test_what_steers_a_terminal_is_nowhere_raw(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Direction and C1 controls in a text and a name: in no file of JSON, and on no screen."""
    text = TEXT.replace("하천 살피기", "하천\u202e\u009b 살피기")
    (tmp_path / "a\x1b]0;x\x07.txt").write_text(text, encoding="utf-8")
    run([tmp_path], tmp_path / "out", Settings())
    with serving(tmp_path / "out") as client:
        (name,) = Results(tmp_path / "out").rows
        (policy,) = client.get("document", params={"name": name}).json()["document"]["policies"]
        ids = {"policy_id": policy["id"], "record_id": policy["measures"][1]["id"]}
        assert correct(client, action="accept", **ids).status_code == 200
    out = str(tmp_path / "out")
    for words in (
        ["export", out, "--format", "jsonl"],
        ["diff", out, out, "--json"],
        ["gold", "from", out, "--out", str(tmp_path / "gold")],
        ["show", out],
    ):
        with contextlib.suppress(SystemExit):
            main(words)
    printed = capsys.readouterr().out
    files = list((tmp_path / "out").rglob("*.jsonl"))
    assert len(files) > 8
    for shown in (printed, *(p.read_text(encoding="utf-8") for p in files)):
        assert not re.search("[\u202e\u009b\x1b\x07]", shown)


def test_the_command_prints_its_address_and_ends_quietly(out: Path) -> None:
    command = [sys.executable, "-c", "from pipeline.cli import main; main()", "review", str(out), "--no-browser"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None and process.stderr is not None
        address = process.stdout.readline().strip()
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/[\w-]{32}/", address)
        assert httpx.get(address).status_code == 200
        process.send_signal(2)
        assert process.wait(10) == 0
        assert process.stderr.read() == ""


def test_control_c_ends_though_a_client_holds_its_request_open(out: Path) -> None:
    command = [sys.executable, "-c", "from pipeline.cli import main; main()", "review", str(out), "--no-browser"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None and process.stderr is not None
        address = httpx.URL(process.stdout.readline().strip())
        with socket.create_connection(("127.0.0.1", address.port or 0)) as held:
            head = f"POST {address.path}correct HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            held.sendall(f"{head}Content-Length: 1000\r\n\r\n{{".encode())
            assert httpx.get(address).status_code == 200  # the held one has been taken by now
            process.send_signal(2)
            try:
                assert process.wait(10) == 0
            finally:
                process.kill()
        assert process.stderr.read() == ""


@pytest.mark.parametrize("line", ["{", "[1]", "5", '{"document": "x"}', "[" * 100_000, "\ufffd"])
def test_a_damaged_line_of_refused_answers_is_told_and_the_rest_works(
    out: Path, client: httpx.Client, line: str
) -> None:
    before = shown(client)["refused"]
    with (out / "refused.jsonl").open("a", encoding="utf-8") as file:
        file.write(line + "\n")
    now = shown(client)
    assert now["refused"][:-1] == before and now["policies"]
    assert "1 lines of refused.jsonl cannot be read" in now["refused"][-1]["reason"]


# -- the page to mail, and gold ----------------------------------------------------------------------------


def test_the_page_to_mail_is_one_file_that_asks_nobody(out: Path, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    assert write_page(out, path) == 1
    text = path.read_text(encoding="utf-8")
    assert "connect-src &#39;none&#39;" in text and "낡은 하수관" in text
    assert not re.search(r'(?:src|href)="(?!#)', text)
    with pytest.raises(UsageError, match="no document to show"):
        write_page(out, path, names=["nothing"])


def test_no_text_of_a_document_can_end_the_script_element(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT.replace("하천 살피기", "</script><script>alert(1)</script>"), encoding="utf-8")
    run([tmp_path / "a.txt"], tmp_path / "out", Settings())
    write_page(tmp_path / "out", tmp_path / "page.html")
    assert (tmp_path / "page.html").read_text(encoding="utf-8").lower().count("</script") == 2


def test_reviewing_makes_gold(
    out: Path, client: httpx.Client, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    correct(client, action="edit", changes={"instrument": "procurement"}, **measure(client))
    with pytest.raises(SystemExit) as ended:
        main(["gold", "from", str(out), "--out", str(tmp_path / "gold")])
    assert ended.value.code == 0 and "1 of" in capsys.readouterr().out
    (labels,) = load_gold(tmp_path / "gold", out.parent / "docs")
    (policy,) = Results(out).policies
    assert [(m.text, m.instrument) for m in labels.policies[0].measures] == [
        (m.text, m.instrument) for m in policy.measures
    ]
    assert [(t.raw, t.value, t.deadline) for t in labels.policies[0].targets] == [
        (t.raw, t.value, t.deadline) for t in policy.targets
    ]
    assert "reviewed by 이검토" in labels.notes


def test_gold_of_the_seeds_is_what_was_extracted(seeds: Path, tmp_path: Path) -> None:
    """Every span of 280 records can be written as a quote and read back as the same span."""
    out = tmp_path / "out"
    run([seeds], out, Settings())
    with serving(out) as client:
        for name in (
            d["name"]
            for d in client.get("document", params={"name": next(iter(Results(out).rows))}).json()["documents"]
        ):
            (first, *_) = client.get("document", params={"name": name}).json()["document"]["policies"]
            assert correct(client, action="accept", policy_id=first["id"], record_id=first["id"]).status_code == 200
    with pytest.raises(SystemExit):
        main(["gold", "from", str(out), "--out", str(tmp_path / "gold")])
    gold = load_gold(tmp_path / "gold", seeds)
    found = {m.text for labels in gold for p in labels.policies for m in p.measures}
    assert found == {m.text for p in Results(out).policies for m in p.measures}


def test_nothing_reviewed_makes_no_gold(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["gold", "from", str(out)])
    assert ended.value.code == 2 and "nothing is reviewed yet" in capsys.readouterr().err
