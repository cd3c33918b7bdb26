"""The Batch API over real HTTP: a local service with the endpoints for files and batches."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from completions import completion

from pipeline.cli import main
from pipeline.model import batches

BRIEF = (
    "01 {city}, '도시 하천 계획(2025~2028)' 발표\n\n- {city}는 '도시 하천 계획(2025~2028)'을 발표\n\n- 하수관 교체\n"
)
GOOD = json.dumps({"policies": [{"announcement": "2", "type": "unnamed_action", "measures": ["3|platform"]}]})


@dataclass
class BatchService:
    """Files and batches, kept in memory; a batch moves on by `work`."""

    files: dict[str, bytes] = field(default_factory=dict)
    batches: dict[str, dict[str, Any]] = field(default_factory=dict)
    url: str = ""

    def create(self, path: str, body: bytes) -> tuple[int, dict[str, Any]]:
        """POST /files or /batches."""
        if path.endswith("/files"):
            content = re.search(rb'filename="[^"]*"\r\n(?:[^\r\n]+\r\n)*\r\n(.*?)\r\n--', body, re.DOTALL)
            name = f"file-{len(self.files)}"
            self.files[name] = content[1] if content else b""
            return 200, {"id": name, "object": "file", "bytes": 1, "created_at": 1, "filename": "r", "purpose": "batch"}
        asked = json.loads(body)
        assert asked["endpoint"] == "/v1/chat/completions" and asked["completion_window"] == "24h"
        name = f"batch-{len(self.batches)}"
        total = len(self.files[asked["input_file_id"]].splitlines())
        self.batches[name] = {
            "id": name, "object": "batch", "endpoint": asked["endpoint"], "input_file_id": asked["input_file_id"],
            "completion_window": "24h", "status": "validating", "created_at": 1, "output_file_id": None,
            "error_file_id": None, "request_counts": {"total": total, "completed": 0, "failed": 0},
        }  # fmt: skip
        return 200, self.batches[name]

    def work(self, name: str, answers: Callable[[str, int], tuple[str, dict[str, Any]]]) -> None:
        """Ends a batch: every request becomes a line of the output or of the errors file."""
        batch = self.batches[name]
        lines: dict[str, list[str]] = {"output": [], "error": []}
        for number, line in enumerate(self.files[batch["input_file_id"]].splitlines()):
            request = json.loads(line)
            kind, row = answers(request["custom_id"], number)
            lines[kind].insert(0, json.dumps({"id": f"r{number}", **row}))  # Not in the order asked.
        for kind, found in lines.items():
            if found:
                self.files[f"{name}-{kind}"] = "\n".join(found).encode()
                batch[f"{kind}_file_id"] = f"{name}-{kind}"
        done = {"completed": len(lines["output"]), "failed": len(lines["error"])}
        batch |= {"status": "completed", "request_counts": {"total": sum(done.values()), **done}}


@pytest.fixture
def service() -> Iterator[BatchService]:
    """The service on loopback."""
    kept = BatchService()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self._send(*kept.create(self.path, self.rfile.read(int(self.headers["Content-Length"]))))

        def do_GET(self) -> None:
            name = self.path.split("/")[-2 if self.path.endswith("/content") else -1]
            if self.path.endswith("/content"):
                self._send(200, kept.files[name])
            else:
                found = kept.batches.get(name)
                self._send(200 if found else 404, found or {"error": {"message": "no such batch"}})

        def _send(self, status: int, body: bytes | dict[str, Any]) -> None:
            raw = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    kept.url = f"http://127.0.0.1:{server.server_port}/v1"
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield kept
    server.shutdown()
    server.server_close()


@pytest.fixture
def requests(tmp_path: Path) -> Path:
    """The requests of three documents."""
    docs = tmp_path / "docs"
    docs.mkdir()
    for city in ("한빛시", "새솔시", "가온시"):
        (docs / f"{city}.txt").write_text(BRIEF.format(city=city), "utf-8")
    assert run("requests", str(docs), "--model", "m", "--out", str(tmp_path / "r.jsonl")) == 0
    return tmp_path / "r.jsonl"


def run(*words: str) -> int:
    with pytest.raises(SystemExit) as end:
        main(list(words))
    return int(end.value.code or 0)


def answered(custom_id: str, number: int) -> tuple[str, dict[str, Any]]:
    return "output", {"custom_id": custom_id, "response": {"status_code": 200, "body": completion(GOOD)}}


def test_handed_in_asked_fetched_and_extracted(
    service: BatchService, requests: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("batch", "submit", str(requests), "--base-url", service.url) == 0
    assert "batch-0: validating, 0 of 3 done" in capsys.readouterr().out
    assert run("batch", "collect", str(requests), "--base-url", service.url) == 0
    assert "0 answers taken, 0 refused, 3 still missing" in capsys.readouterr().out
    service.work("batch-0", answered)
    assert run("batch", "status", str(requests), "--base-url", service.url) == 0
    assert "batch-0: completed, 3 of 3 done, 0 failed" in capsys.readouterr().out
    assert run("batch", "collect", str(requests), "--base-url", service.url) == 0
    assert "3 answers taken, 0 refused, 0 still missing" in capsys.readouterr().out
    docs = str(tmp_path / "docs")
    assert run("extract", docs, "--endpoint", "files", "--model", "m", "--out", str(tmp_path / "out")) == 0
    assert len((tmp_path / "out" / "policies.jsonl").read_text("utf-8").splitlines()) == 3


def test_what_failed_is_told_and_can_be_written_out_again(
    service: BatchService, requests: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def one_fails(custom_id: str, number: int) -> tuple[str, dict[str, Any]]:
        failed = {"custom_id": custom_id, "response": {"status_code": 500, "body": {}}, "error": None}
        return ("error", failed) if number == 1 else answered(custom_id, number)

    run("batch", "submit", str(requests), "--base-url", service.url)
    service.work("batch-0", one_fails)
    missing = tmp_path / "missing.jsonl"
    assert run("batch", "collect", str(requests), "--base-url", service.url, "--missing", str(missing)) == 1
    shown = capsys.readouterr()
    assert "2 answers taken, 1 refused, 1 still missing" in shown.out and "status 500" in shown.err
    assert len(missing.read_text("utf-8").splitlines()) == 1
    assert run("batch", "submit", str(missing), "--base-url", service.url) == 0
    service.work("batch-1", answered)
    assert run("batch", "collect", str(missing), "--base-url", service.url) == 0


def test_answers_of_another_file_are_refused(service: BatchService, requests: Path) -> None:
    run("batch", "submit", str(requests), "--base-url", service.url)
    service.work("batch-0", lambda custom_id, number: answered(custom_id if number else "0" * 64, number))
    assert run("batch", "collect", str(requests), "--base-url", service.url) == 1


def test_nothing_is_paid_for_twice_by_mistake(
    service: BatchService, requests: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run("batch", "submit", str(requests), "--base-url", service.url)
    assert run("batch", "submit", str(requests), "--base-url", service.url) == 2
    assert "handed in already" in capsys.readouterr().err and len(service.batches) == 1
    assert run("batch", "submit", str(requests), "--base-url", service.url, "--again") == 0
    requests.write_bytes(requests.read_bytes().splitlines(keepends=True)[0])
    assert run("batch", "status", str(requests), "--base-url", service.url) == 1
    assert "was changed after it was handed in" in capsys.readouterr().err


def test_a_large_file_becomes_several_batches(
    service: BatchService, requests: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(batches, "MOST_REQUESTS", 2)
    run("batch", "submit", str(requests), "--base-url", service.url)
    for name in list(service.batches):
        service.work(name, answered)
    assert run("batch", "collect", str(requests), "--base-url", service.url) == 0
    assert len(service.batches) == 2 and "3 answers taken" in capsys.readouterr().out


@pytest.mark.parametrize("command", ["status", "collect"])
def test_what_was_never_handed_in_says_so(command: str, requests: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("batch", command, str(requests), "--base-url", "http://127.0.0.1:9/v1") == 1
    assert "pams batch submit" in capsys.readouterr().err
    assert run("batch", "submit", str(requests), "--base-url", "http://127.0.0.1:9/v1") == 1
    assert "Nothing answers" in capsys.readouterr().err
    assert run("batch", "submit", str(requests)) == 3  # No key, no address.
