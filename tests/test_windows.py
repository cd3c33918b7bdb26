"""What differs on Windows, as far as Python can play it here: signals, consoles, and the file that starts everything."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from test_corrections import TEXT

from pipeline.cli.serving import serve
from pipeline.run import run
from pipeline.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
STARTER = ROOT / "start-windows.cmd"
INTERRUPTED = """
import asyncio, os, signal, threading
import asyncio.unix_events as system

def none(*_): raise NotImplementedError
system._UnixSelectorEventLoop.add_signal_handler = system._UnixSelectorEventLoop.remove_signal_handler = none
from pipeline.interrupts import interruptible, undisturbed

async def work():
    told = asyncio.Event()
    with interruptible(lambda why: told.set(), None):
        threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGINT)).start()
        await asyncio.wait_for(told.wait(), 60)

with undisturbed():
    asyncio.run(work())
print("stopped in order")
"""


def test_control_c_reaches_a_run_where_the_event_loop_takes_no_handlers() -> None:
    done = subprocess.run([sys.executable, "-c", INTERRUPTED], capture_output=True, text=True, timeout=90, cwd=ROOT)
    assert (done.returncode, done.stdout.strip()) == (0, "stopped in order"), done.stderr


@pytest.mark.parametrize("words", [["show"], ["export", "--format", "csv"], ["review", "--no-browser", "--port", "-1"]])
def test_a_console_of_code_page_949_takes_every_message(tmp_path: Path, words: list[str]) -> None:
    """What the code page lacks of a name (`🌊`, `简`) is escaped, and is never an error."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "물결🌊 简报.txt").write_text(TEXT, encoding="utf-8")
    run([tmp_path / "docs"], tmp_path / "out", Settings())
    command = [sys.executable, "-c", "from pipeline.cli import main; main()", *words[:1], "out", *words[1:]]
    environment = {
        "PYTHONIOENCODING": "cp949",
        "LANG": "ko_KR",
        "PYTHONPATH": str(ROOT),
        "PATH": "",
        "HOME": str(tmp_path),
    }
    done = subprocess.run(command, capture_output=True, timeout=90, cwd=tmp_path, env=environment)
    shown = (done.stdout + done.stderr).decode("cp949")
    assert "Traceback" not in shown and done.returncode in (0, 3)
    assert re.search("[가-힣]", shown)


def test_the_starter_needs_neither_make_nor_git_and_names_what_there_is() -> None:
    raw = STARTER.read_bytes()
    text = raw.decode("utf-8")
    assert raw.count(b"\n") == raw.count(b"\r\n") and not raw.startswith(b"\xef\xbb\xbf")
    lines = [line for line in text.splitlines() if not line.startswith(("rem ", "echo "))]
    assert not re.search(r"\b(?:make|git)\b", "\n".join(lines))
    labels = {line[1:] for line in lines if line.startswith(":")}
    assert {name for line in lines for name in re.findall(r"goto (\w+)", line)} == labels
    assert (ROOT / "requirements.txt").exists() and "-r requirements.txt" in text
    options = re.findall(r"pams serve .*?(--\w+)", text)
    assert options and all(word.strip("-") in serve.__annotations__ for word in options)
