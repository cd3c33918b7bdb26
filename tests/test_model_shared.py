"""One store of answers for many machines: written once, verified on reading, moved between places."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import fsspec
import pytest
from chat_service import ASK, ChatService, Fact, asked, completion, fact, model_at

from pipeline.cli import main
from pipeline.model import Store, export_answers, import_answers, move_answers, open_answers, question_to_complete
from pipeline.model.kept import Kept
from pipeline.model.mounts import network_file_system
from pipeline.model.shared import SharedStore
from schemas.errors import CannotStart, OutputUnwritable, UsageError

ONE, TWO = "1" * 64, "2" * 64
BODY = json.dumps(completion()).encode()
OTHER = json.dumps(completion("{}")).encode()


@pytest.fixture(params=["file", "memory"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return f"file://{tmp_path}/shared" if request.param == "file" else f"memory://{tmp_path.name}-{os.getpid()}"


def machine(monkeypatch: pytest.MonkeyPatch, folder: Path, address: str) -> Store:
    """The store as another machine opens it: a local folder of its own, the shared one behind."""
    monkeypatch.setenv("PAMS_CACHE", str(folder))
    return Store(address)


def test_the_first_answer_stands_on_every_machine(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = (machine(monkeypatch, tmp_path / name, address) for name in ("a", "b"))
    here.put(ONE, BODY, "http://service")
    assert there.find(ONE) == Kept(BODY, "http://service") and ONE in there and TWO not in there
    third = machine(monkeypatch, tmp_path / "c", address)
    third.put_many([(ONE, OTHER), (TWO, OTHER)], "http://late")
    assert third.find(ONE) == Kept(BODY, "http://service") and here.get(TWO) == OTHER
    third.put_many([(ONE, OTHER)], "http://late", replacing={ONE})
    assert machine(monkeypatch, tmp_path / "d", address).find(ONE) == Kept(OTHER, "http://late")
    assert SharedStore(address).stats().answers == 2 and not SharedStore(address).verify()
    local = Store(tmp_path / "b")  # what was found is kept here too
    assert local.get(ONE) == BODY


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda raw: raw.replace(b"2024", b"2025"), "not the one that was written"),
        (lambda raw: raw.replace(ONE.encode(), TWO.encode()), "another request"),
        (lambda raw: raw[:-9], "not the one that was written"),
        (lambda raw: b"\x80\x04pickle", "another program"),
        (lambda raw: b"", "another program"),
        (lambda raw: b"[" * 100_000, "another program"),
    ],
)
def test_an_object_that_does_not_hold_is_as_if_it_were_not_there(tmp_path: Path, change: object, why: str) -> None:
    store = SharedStore(f"file://{tmp_path}/shared")
    store.put(ONE, BODY, "x")
    path = tmp_path / "shared" / ONE[:2] / ONE
    path.write_bytes(change(path.read_bytes()))  # type: ignore[operator]
    assert store.find(ONE) is None and why in store.verify()[0].reason
    assert store.put(ONE, OTHER, "y") == Kept(OTHER, "y") == store.find(ONE)
    path.write_bytes(b"broken")
    assert store.prune(bad=True) == 1 and not path.exists()


def test_many_machines_that_answer_at_once_agree(tmp_path: Path) -> None:
    address = f"file://{tmp_path}/shared"
    bodies = [json.dumps(completion(str(n))).encode() for n in range(16)]
    standing: list[Kept] = []
    begin = threading.Barrier(16)

    def put(body: bytes) -> None:
        store = SharedStore(address)
        begin.wait()
        standing.append(store.put(ONE, body, None))

    threads = [threading.Thread(target=put, args=(body,)) for body in bodies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(standing)) == 1 and SharedStore(address).find(ONE) == standing[0]
    assert len(list((tmp_path / "shared" / "11").iterdir())) == 1  # nothing half-written is left


def test_a_model_asks_once_for_all_machines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    address = f"file://{tmp_path}/shared"
    with ChatService() as service:
        for name in ("a", "b", "c"):
            store = machine(monkeypatch, tmp_path / name, address)
            assert asked(model_at(service, store), fact).value.year == 2024
        assert len(service.requests) == 1


def test_an_answer_asked_anew_replaces_the_shared_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    address = f"file://{tmp_path}/shared"
    with ChatService(completion("no JSON")) as service:
        store = machine(monkeypatch, tmp_path / "a", address)
        assert asked(model_at(service, store), fact).value is None
        again = machine(monkeypatch, tmp_path / "b", address)
        question = question_to_complete(ASK, Fact, 50)
        name, body = question.request_id("test"), question.body("test")
        assert asked(model_at(service, again), lambda model: model.pay(name, body)) is None
        assert asked(model_at(service, again), lambda model: model.pay(name, body, anew=True)) is not None
        other = machine(monkeypatch, tmp_path / "c", address)
        assert asked(model_at(service, other), fact).value.year == 2024
        assert len(service.requests) == 2


def test_storage_that_cannot_be_reached_or_written_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("no folder")
    for address, why in (
        (f"file://{tmp_path}/file/x", "cannot be reached or written"),
        ("nosuch://bucket", "cannot be reached or written"),
        ("abfs://container/x", r"pip install 'policy-measures\[storage\]'"),
    ):
        with pytest.raises(CannotStart, match=why):
            SharedStore(address)
    store = machine(monkeypatch, tmp_path / "a", f"file://{tmp_path}/shared")
    (tmp_path / "shared" / "11").write_text("in the way")
    with pytest.raises(OutputUnwritable, match="this answer is in the local store"):
        store.put(ONE, BODY)
    assert Store(tmp_path / "a").get(ONE) == BODY
    monkeypatch.setenv("PAMS_CACHE", "s3://bucket")
    with pytest.raises(CannotStart, match="give a shared store with --cache"):
        Store()


def test_a_network_file_system_is_known_by_its_mount(tmp_path: Path) -> None:
    table = tmp_path / "mountinfo"
    table.write_text(
        "22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw\n"
        "40 22 0:40 / /mnt/net\\040work rw,relatime shared:2 - nfs4 server:/export rw\n"
        "41 40 254:1 / /mnt/net\\040work/local rw - xfs /dev/vdb rw\n"
        "42 22 0:41 / /mnt/net rw - fuse.sshfs me@host: rw\n"
        "short\n"
    )
    kinds = {"/home/me": None, "/mnt/net work/a/b": "nfs4", "/mnt/net work/local/a": None, "/mnt/net": "fuse.sshfs"}
    assert {path: network_file_system(Path(path), table) for path in kinds} == kinds
    assert network_file_system(Path("/mnt/network"), table) is None
    assert network_file_system(tmp_path) is None and network_file_system(tmp_path, tmp_path / "gone") is None


def test_a_store_on_a_network_file_system_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.model.store.network_file_system", lambda path: "nfs4")
    with pytest.raises(CannotStart, match=r"network file system \(nfs4\).*--cache file://"):
        Store(tmp_path / "s")
    assert not (tmp_path / "s").exists()


def test_answers_move_between_stores_and_what_is_there_stays(tmp_path: Path) -> None:
    ours, theirs = Store(tmp_path / "ours"), SharedStore(f"file://{tmp_path}/theirs")
    theirs.put(ONE, BODY, "x")
    theirs.put(TWO, BODY, "x")
    ours.put(ONE, OTHER, "y")
    moved = move_answers(theirs.each(), ours)
    assert (moved.taken, moved.there, moved.other) == (1, 0, 1)
    assert ours.find(ONE) == Kept(OTHER, "y") and ours.find(TWO) == Kept(BODY, "x")
    assert export_answers(ours, tmp_path / "answers.jsonl") == 2
    new = open_answers(f"file://{tmp_path}/new")
    assert import_answers(tmp_path / "answers.jsonl", new).taken == 2
    assert import_answers(tmp_path / "answers.jsonl", new).there == 2
    assert dict(new.each()) == dict(ours.each())
    with pytest.raises(UsageError, match="there is no store of answers"):
        open_answers(str(tmp_path / "gone"), made=True)


def test_broken_lines_of_an_export_are_refused_one_by_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAMS_CACHE", str(tmp_path / "mine"))
    store = Store(tmp_path / "s")
    store.put(ONE, BODY, "x")
    export_answers(store, tmp_path / "good.jsonl")
    line = (tmp_path / "good.jsonl").read_text("utf-8").rstrip()
    bad = ["{", "[]", line.replace("2024", "2025"), line.replace(ONE, "no id"), '{"request_id": 1}']
    (tmp_path / "bad.jsonl").write_text("\n".join([*bad, line]), "utf-8")
    with pytest.raises(SystemExit) as ended:
        main(["cache", "import", str(tmp_path / "bad.jsonl")])
    told = capsys.readouterr()
    assert ended.value.code == 1 and told.out.startswith("1 answers taken")
    assert [f"line {n}" in text for n, text in enumerate(told.err.splitlines(), 1)] == [True] * 5
    with pytest.raises(SystemExit) as ended:
        main(["cache", "merge", str(tmp_path / "s"), "--folder", f"file://{tmp_path}/shared", "--json"])
    assert ended.value.code == 0 and json.loads(capsys.readouterr().out)["taken"] == 1
    with pytest.raises(SystemExit) as ended:
        main(["cache", "stats", "--folder", f"file://{tmp_path}/shared", "--json"])
    assert json.loads(capsys.readouterr().out)["answers"] == 1


def test_without_the_library_the_message_says_what_to_install() -> None:
    code = (
        "import sys; sys.modules['fsspec'] = None\n"
        "from pipeline.model.shared import SharedStore\n"
        "try: SharedStore('s3://bucket/answers')\n"
        "except Exception as problem: print(type(problem).__name__, problem)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("CannotStart") and "pip install 'policy-measures[storage]'" in done.stdout
    assert fsspec.__version__
