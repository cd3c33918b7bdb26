"""Workers change nothing in the results; only the command in use is loaded."""

from __future__ import annotations

import dataclasses
import multiprocessing
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import typer

from pipeline import desk, workers
from pipeline.cli import COMMANDS, load
from pipeline.event import Event
from pipeline.jobs import Job
from pipeline.read import Source
from pipeline.run import run
from pipeline.settings import Settings
from pipeline.write import read_documents
from schemas.document import Document

SEEDS = Path(__file__).parent.parent / "seeds"
FILES = ("policies.jsonl", "documents.jsonl", "refused.jsonl")


@pytest.mark.parametrize("start", ["forked", "spawned"])
def test_workers_give_the_same_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest, start: str
) -> None:
    request.getfixturevalue(start)
    run([SEEDS], tmp_path / "alone", Settings(jobs=1))
    monkeypatch.setattr(workers, "WORTHWHILE", 1)
    monkeypatch.setattr(workers, "_cores", lambda: 2)
    methods: list[str] = []
    context = multiprocessing.get_context
    monkeypatch.setattr(multiprocessing, "get_context", lambda method: methods.append(method) or context(method))
    manifest = run([SEEDS], tmp_path / "together", Settings(jobs=2))
    assert methods == [start.removesuffix("ed")] * 2
    assert manifest.failed == 0
    for name in FILES:
        assert (tmp_path / "alone" / name).read_bytes() == (tmp_path / "together" / name).read_bytes()


def test_a_dead_worker_costs_no_document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first process ends at one document; the one started in its place does it."""
    monkeypatch.setattr(workers, "WORTHWHILE", 1)
    monkeypatch.setattr(workers, "_cores", lambda: 2)
    here, read = os.getpid(), desk.read

    def deadly(source: Source, **given: Any) -> Document:
        if os.getpid() != here and source.name.startswith("003"):
            os._exit(1)
        return read(source, **given)

    monkeypatch.setattr(desk, "read", deadly)  # Forked processes have it, spawned ones do not.
    assert run([SEEDS], tmp_path / "out", Settings(jobs=2)).failed == 0


def test_a_document_that_ends_every_process_fails_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "WORTHWHILE", 1)
    monkeypatch.setattr(workers, "_cores", lambda: 2)
    really = workers._Worker._once

    async def once(self: Any, job: Job) -> Any:
        if job.name.startswith("003"):
            self._process.kill()
        return await really(self, job)

    monkeypatch.setattr(workers._Worker, "_once", once)
    manifest = run([SEEDS], tmp_path / "out", Settings(jobs=2))
    assert (manifest.failed, manifest.errors, manifest.policies) == (1, {"worker_died": 1}, 13)


@pytest.mark.parametrize("processes", [1, 2])
def test_a_fault_of_ours_fails_one_document_and_names_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, processes: int
) -> None:
    monkeypatch.setattr(workers, "WORTHWHILE", 1 if processes > 1 else 1 << 40)
    monkeypatch.setattr(workers, "_cores", lambda: processes)
    opened = desk.open_document

    def faulty(document: Document) -> Any:
        return opened(document) if not document.name.startswith("003") else 1 // 0

    monkeypatch.setattr(desk, "open_document", faulty)
    manifest = run([SEEDS], tmp_path / "out", Settings(jobs=2))
    assert (manifest.failed, manifest.errors, manifest.policies) == (1, {"internal_error": 1}, 13)
    assert "ZeroDivisionError in faulty" in (tmp_path / "out" / "documents.jsonl").read_text("utf-8")


@pytest.mark.parametrize(
    ("jobs", "documents", "size", "expected"),
    [(8, 10, 10**7, 2), (1, 10, 10**7, 1), (8, 1, 10**7, 1), (8, 10, 1000, 1)],
)
def test_workers_where_they_pay(
    jobs: int, documents: int, size: int, expected: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "_cores", lambda: 2)
    assert workers.count(jobs, documents, size) == expected


def test_vectors_pay_for_workers_far_earlier(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_cores", lambda: 2)
    assert [workers.count(8, 2, size, by_meaning=True) for size in (1_000, 20_000)] == [1, 2]


def test_a_worker_with_a_long_document_gets_no_other_while_one_with_short_ones_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By bytes: the long document alone, the three short ones together."""
    monkeypatch.setattr(workers, "WORTHWHILE", 1)
    monkeypatch.setattr(workers, "_cores", lambda: 2)
    docs = tmp_path / "docs"
    docs.mkdir()
    for name, times in (("a", 1), ("b", 40), ("c", 1), ("d", 1)):
        (docs / f"{name}.txt").write_text(f"{name} 정부는 산업 지원 대책을 발표했다.\n" * times, "utf-8")
    went: dict[str, int] = {}
    really = workers._Worker.do

    async def do(self: Any, job: Job) -> Any:
        went[job.name] = id(self)
        return await really(self, job)

    monkeypatch.setattr(workers._Worker, "do", do)
    assert run([docs], tmp_path / "out", Settings(jobs=4)).failed == 0
    assert went["a.txt"] == went["c.txt"] == went["d.txt"] != went["b.txt"]


def test_the_help_of_a_command_is_its_own() -> None:
    for name, (_, line) in COMMANDS.items():
        command = load(name)
        assert line == (command.info.help if isinstance(command, typer.Typer) else command.__doc__)


def test_help_loads_no_command() -> None:
    code = (
        "import sys\nfrom pipeline.cli import main\n"
        "try:\n    main(['--help'])\n"
        "finally:\n    assert not {'scipy', 'numpy', 'pipeline.steps', 'eval.commands'} & set(sys.modules)"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert shown.returncode == 0, shown.stderr
    assert all(name in shown.stdout for name in COMMANDS)


def _hanging(monkeypatch: pytest.MonkeyPatch) -> None:
    """One seed never ends: deep in a pattern that takes longer than anyone waits."""
    read = desk.read

    def hang(source: Source, **given: Any) -> Document:
        if source.name.startswith("003"):
            re.match(r"(a|a)*$", "a" * 60 + "b")
        return read(source, **given)

    monkeypatch.setattr(desk, "read", hang)  # The workers are forked, and have it.


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_document_that_never_ends_fails_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jobs: int) -> None:
    _hanging(monkeypatch)
    monkeypatch.setattr(workers, "WORTHWHILE", 1)
    manifest = run([SEEDS], tmp_path / "out", Settings(jobs=jobs, document_timeout=4))
    assert (manifest.failed, manifest.errors, manifest.policies) == (1, {"took_too_long": 1}, 13)
    assert "--document-timeout" in (tmp_path / "out" / "documents.jsonl").read_text("utf-8")


def test_a_document_has_its_time_where_single_decisions_are_asked_too(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(next(SEEDS.glob("003*")).read_bytes())
    asking = Settings(endpoint="openai", base_url="http://127.0.0.1:9/v1", model="m", prompts="stepwise")
    manifest = run([tmp_path / "a.txt"], tmp_path / "out", dataclasses.replace(asking, document_timeout=0.001))
    assert manifest.errors == {"took_too_long": 1}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_run_over_a_document_that_never_ends_is_stopped_and_keeps_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    _hanging(monkeypatch)
    monkeypatch.setattr(workers, "GRACE", 0.2)

    def stop(event: Event) -> None:
        if event.kind == "document" and event.done == 2:
            os.kill(os.getpid(), number)

    with pytest.raises(KeyboardInterrupt):
        run([SEEDS], tmp_path / "out", Settings(jobs=1), on_event=stop)
    rows = read_documents(tmp_path / "out")
    assert sum(row.status == "ok" for row in rows.values()) >= 2
    assert {row.error.kind for row in rows.values() if row.error is not None} == {"interrupted"}


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGHUP])
def test_workers_end_when_the_run_is_killed(number: int) -> None:
    code = (
        "import os, sys, time\nfrom pipeline.workers import Crew\nfrom pipeline.settings import Settings\n"
        "crew = Crew(2, Settings())\nprint(*(w._process.pid for w in crew._workers), flush=True)\ntime.sleep(60)"
    )
    main = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert main.stdout is not None
    pids = [int(pid) for pid in main.stdout.readline().split()]
    main.send_signal(number)
    main.wait()
    main.stdout.close()
    until = time.monotonic() + 5
    while any(_alive(pid) for pid in pids):
        assert time.monotonic() < until, "workers outlive the run"
        time.sleep(0.05)


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False
