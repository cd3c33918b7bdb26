"""A service asked by a real `pams`, as a process of its own: how it ends, and what it leaves where."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from chat_service import ChatService
from completions import completion

KEY, WORD = "sk-a-secret-0815-4711", "Pass-word-8842"
BRIEF = (
    "01 한빛시, '도시 하천 계획(2025~2028)' 발표\n\n- 한빛시는 '도시 하천 계획(2025~2028)'을 발표\n\n- 하수관 교체\n"
)


def begin(folder: Path, url: str, timeout: int = 20) -> subprocess.Popen[bytes]:
    """`pams extract` of one document into `folder/out`, asking the service at `url`."""
    (folder / "a.txt").write_text(BRIEF, "utf-8")
    command = [sys.executable, "-c", "from pipeline.cli import main; main()", "extract", str(folder / "a.txt")]
    command += ["--endpoint", "openai", "--base-url", url, "--out", str(folder / "out"), "--timeout", str(timeout)]
    environment = {**os.environ, "OPENAI_API_KEY": KEY + "\r\n", "PAMS_CACHE": str(folder / "cache")}
    return subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    )


def test_after_its_message_it_is_gone(tmp_path: Path) -> None:
    """A refused key: code 3, and no second more than the message. What is loaded is not looked through for garbage."""
    with (
        ChatService(usual=(401, {}, {"error": {"message": "bad key"}})) as service,
        begin(tmp_path, service.url) as run,
    ):
        assert run.stderr is not None
        assert b"refuses the key" in run.stderr.readline()
        said = time.monotonic()
        run.stderr.read()  # to its end: no process that it began holds it open
        assert run.wait(10) == 3
        assert time.monotonic() - said < 5


@pytest.mark.parametrize("status", [200, 307, 401, 500])
def test_no_secret_is_in_what_a_run_prints_and_keeps(tmp_path: Path, status: int) -> None:
    """The service says the key and the password back, as an answer or as an error."""
    said = f"no: {KEY} {WORD}"
    body = completion(said) if status == 200 else {"error": {"message": said, "code": "insufficient_quota"}}
    with ChatService(usual=(status, {"Location": f"http://x/?k={KEY}"}, body)) as service:
        url = service.url.replace("://", f"://me:{WORD}@") + f"?api-key={WORD}"
        with begin(tmp_path, url) as run:
            out, err = run.communicate(timeout=60)
        assert service.requests
    kept = [file for place in ("out", "cache") for file in (tmp_path / place).rglob("*") if file.is_file()]
    assert err + out and (tmp_path / "out" / "run.json") in kept
    for content in (out, err, *(file.read_bytes() for file in kept)):
        assert KEY.encode() not in content and WORD.encode() not in content


def test_the_first_control_c_ends_a_run_whose_service_drips(tmp_path: Path) -> None:
    """The call in flight is let end, and an answer has no longer than `--timeout`, however it drips."""

    def drip() -> Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\nContent-Length: 90000\r\n\r\n"
        while True:
            time.sleep(0.2)
            yield b" "

    with ChatService(*(drip() for _ in range(9))) as service, begin(tmp_path, service.url, timeout=4) as run:
        until = time.monotonic() + 60
        while not service.requests and time.monotonic() < until:
            time.sleep(0.05)
        run.send_signal(signal.SIGINT)
        asked = time.monotonic()
        _, err = run.communicate(timeout=60)
        assert (run.returncode, len(service.requests)) == (130, 1) and b"Traceback" not in err
        assert time.monotonic() - asked < 15
    row = json.loads((tmp_path / "out" / "documents.jsonl").read_text("utf-8"))
    assert row["status"] == "failed" and row["error"]["message"]
