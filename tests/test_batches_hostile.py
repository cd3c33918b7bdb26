"""`pams batch` against a service that means harm or is broken: as bounded as a run, and nothing is paid for twice."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from chat_service import ChatService
from completions import completion

from pipeline.cli import main
from pipeline.model import Patience, Store, batches
from pipeline.model.wire import MOST_BYTES

KEY = "sk-never-to-be-repeated-5713"
FILE = {"id": "file-1", "object": "file", "bytes": 1, "created_at": 1, "filename": "r", "purpose": "batch"}
BATCH = {
    "id": "batch-1", "object": "batch", "endpoint": "/v1/chat/completions", "input_file_id": "file-1", "status": "completed",
    "completion_window": "24h", "created_at": 1, "request_counts": {"total": 1, "completed": 1, "failed": 0},
}  # fmt: skip
PACKED = gzip.compress(b" " * 2 * MOST_BYTES)


@pytest.fixture
def requests(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of one request."""
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    (tmp_path / "a.txt").write_text("01 한빛시, '도시 하천 계획' 발표\n\n- 한빛시는 '도시 하천 계획'을 발표\n", "utf-8")
    assert run("requests", str(tmp_path / "a.txt"), "--model", "m", "--out", str(tmp_path / "r.jsonl")) == 0
    return tmp_path / "r.jsonl"


def run(*words: str) -> int:
    with pytest.raises(SystemExit) as end:
        main(list(words))
    return int(end.value.code or 0)


def handed_in(requests: Path) -> None:
    with ChatService(FILE, BATCH | {"status": "validating"}) as service:
        assert run("batch", "submit", str(requests), "--base-url", service.url) == 0


def endless() -> Iterator[bytes]:
    yield b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n"
    while True:
        yield b" " * 1_000_000


def dripping() -> Iterator[bytes]:
    yield b"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n"
    while True:
        time.sleep(0.1)
        yield b" "


@pytest.mark.parametrize("status", [301, 302, 307, 308])
@pytest.mark.parametrize("command", ["submit", "status"])
def test_a_redirect_is_told_and_not_followed(
    requests: Path, capsys: pytest.CaptureFixture[str], command: str, status: int
) -> None:
    if command == "status":
        handed_in(requests)
    with ChatService() as other, ChatService(usual=(status, {"Location": f"{other.url}/x"}, {})) as service:
        assert run("batch", command, str(requests), "--base-url", service.url) == 1
        assert (len(service.requests), other.requests) == (1, [])
    assert "sends on to" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (endless, "more than 32 MB"),
        (lambda: b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%s" % (len(PACKED), PACKED), "compressed body"),
        (dripping, "no whole answer within 1 s"),
        (dict, "no batch"),
        (lambda: [5], "no batch"),
        (lambda: b"HTTP/1.1 204 No Content\r\n\r\n", "no batch"),
        (lambda: b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok", "no batch"),
        (lambda: "html", "no JSON"),
        (lambda: b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n" + b"[" * 100_000, "no JSON"),
    ],
)  # fmt: skip
def test_what_a_service_sends_is_bounded(
    requests: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, act: Any, words: str
) -> None:
    handed_in(requests)
    seconds = 1.0 if act is dripping else 30.0
    monkeypatch.setattr(batches, "PATIENCE", Patience(attempts=2, timeout=seconds, first_wait=0.01))
    with ChatService(*(act() for _ in range(4))) as service:
        assert run("batch", "status", str(requests), "--base-url", service.url) == 1
        assert len(service.requests) == (2 if act is dripping or words == "no JSON" else 1)
    assert words in capsys.readouterr().err


def test_a_file_of_answers_is_bounded_and_of_nothing_else_either(
    requests: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    handed_in(requests)
    monkeypatch.setattr(batches, "MOST_ANSWERS", 3_000_000)
    with ChatService(BATCH | {"output_file_id": "file-2"}, *(endless() for _ in range(4))) as service:
        assert run("batch", "collect", str(requests), "--base-url", service.url) == 1
    assert "more than 3 MB" in capsys.readouterr().err


def test_the_key_is_in_no_message_and_not_in_the_store(
    requests: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with ChatService(usual=(400, {}, {"error": {"message": f"no such thing, {KEY}"}})) as service:
        assert run("batch", "submit", str(requests), "--base-url", service.url) == 1
    handed_in(requests)
    name = json.loads(requests.read_text("utf-8"))["custom_id"]
    line = {"custom_id": name, "response": {"status_code": 200, "body": completion(f"your key is {KEY}")}}
    with ChatService(BATCH | {"output_file_id": "file-2"}, usual=line) as service:
        assert run("batch", "collect", str(requests), "--base-url", service.url, "--cache", str(tmp_path / "c")) == 0
    shown = capsys.readouterr()
    assert "no such thing, ***" in shown.err and "1 answers taken" in shown.out
    assert b"your key is ***" in (Store(tmp_path / "c").get(name) or b"") and KEY not in shown.out + shown.err
    assert all(KEY.encode() not in f.read_bytes() for f in tmp_path.rglob("*") if f.is_file())


def test_a_batch_is_made_once_though_the_service_fails(requests: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It may have taken the batch, and charges for it."""
    with ChatService(FILE, usual=(500, {}, {"error": {"message": "busy"}})) as service:
        assert run("batch", "submit", str(requests), "--base-url", service.url) == 1
        assert len(service.requests) == 2
    assert "answered 500: busy" in capsys.readouterr().err


@pytest.mark.parametrize("counts", [None, 5, "x", {"total": "many", "completed": [], "failed": None}])
def test_odd_words_of_a_service_steer_nothing(
    requests: Path, capsys: pytest.CaptureFixture[str], counts: object
) -> None:
    handed_in(requests)
    odd = BATCH | {"id": "b\x1b[31m", "status": "done\x9b8m", "request_counts": counts, "output_file_id": 7}
    with ChatService(usual=odd) as service:
        assert run("batch", "status", str(requests), "--base-url", service.url) == 0
    assert "b\ufffd[31m: done\ufffd8m, 0 of 0 done, 0 failed" in capsys.readouterr().out


@pytest.mark.parametrize("note", ["", "[" * 100_000, "5", "{}", '{"batches": 5}', '{"batches": [5]}'])
def test_a_damaged_note_is_told(requests: Path, capsys: pytest.CaptureFixture[str], note: str) -> None:
    requests.with_name("r.jsonl.batches.json").write_text(note)
    assert run("batch", "status", str(requests), "--base-url", "http://127.0.0.1:9/v1") == 1
    assert "r.jsonl" in capsys.readouterr().err
