"""The recorded answers of the embedded model: replayed without any connection, and readable by people."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from eval.runs.cassettes import PLACE, cassette
from eval.runs.held_out import weights_for
from pipeline.ask import load_prompt_set
from pipeline.model import DEFAULT_MODEL
from pipeline.run import run
from pipeline.settings import Settings
from schemas.records import DocumentRow, RunManifest

ROOT = Path(__file__).resolve().parent.parent
UNSEEN = weights_for(ROOT / "seeds")
"""What the recordings were made with."""
SEED_NAMES = sorted(p.stem for p in (ROOT / "seeds").glob("*.txt"))
OF_NO_POLICY = "003_27fe396abf41b991"
"""Weights that did not see it find no policy in it: nothing is asked about it."""
ASKED_ABOUT = [name for name in SEED_NAMES if name != OF_NO_POLICY]
RERECORD = "re-record with `make record`"


@pytest.fixture
def connections(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[object]]:
    """Every attempt to connect, to this machine too."""
    seen: list[object] = []

    def refuse(self: socket.socket, address: object) -> None:
        seen.append(address)
        raise ConnectionRefusedError("no connection is made while a cassette plays")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket.socket, "connect_ex", refuse)
    yield seen


def _stepwise(store: Path) -> Settings:
    return Settings(endpoint="embedded", model=DEFAULT_MODEL, cache=store, weights=UNSEEN)


def replay(name: str, out: Path, store: Path) -> tuple[RunManifest, DocumentRow]:
    """One seed with the embedded endpoint, its answers from the cassette."""
    with cassette(ROOT / "cassettes" / f"{name}.yaml"):
        manifest = run([ROOT / "seeds" / f"{name}.txt"], out, _stepwise(store))
    row = DocumentRow.model_validate_json((out / "documents.jsonl").read_text("utf-8"))
    return manifest, row


@pytest.mark.parametrize("name", ASKED_ABOUT)
def test_the_seeds_replay_without_a_connection(name: str, tmp_path: Path, connections: list[object]) -> None:
    manifest, row = replay(name, tmp_path / "one", tmp_path / "store")
    assert row.status == "ok", row.error.message if row.error else ""
    assert connections == []
    drafted = run([ROOT / "seeds" / f"{name}.txt"], tmp_path / "draft", Settings(weights=UNSEEN))
    assert (manifest.policies, manifest.measures) == (drafted.policies, drafted.measures)
    assert manifest.prompt_set == "stepwise" and manifest.usage.money == 0
    assert manifest.usage.calls > 0 and manifest.policies > 0
    first = (tmp_path / "one" / "policies.jsonl").read_bytes()

    again, row = replay(name, tmp_path / "two", tmp_path / "store")
    assert (row.status, again.usage.calls, again.usage.cache_hits > 0) == ("ok", 0, True)
    assert (tmp_path / "two" / "policies.jsonl").read_bytes() == first
    fresh, _ = replay(name, tmp_path / "three", tmp_path / "another store")
    assert fresh.usage.calls == manifest.usage.calls
    assert (tmp_path / "three" / "policies.jsonl").read_bytes() == first
    assert connections == []


def test_nothing_is_asked_about_a_document_without_a_policy(tmp_path: Path, connections: list[object]) -> None:
    manifest, row = replay(OF_NO_POLICY, tmp_path / "one", tmp_path / "store")
    assert (row.status, manifest.policies, manifest.usage.calls, connections) == ("ok", 0, 0, [])
    assert interactions(OF_NO_POLICY) == []


@pytest.mark.parametrize("template", ["instrument.md.j2", "act.md.j2"])
def test_a_changed_prompt_says_what_to_do(
    template: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, connections: list[object]
) -> None:
    files = load_prompt_set("stepwise").files
    monkeypatch.setitem(files, template, files[template] + " Think twice.")
    name = next(n for n in SEED_NAMES if n.startswith("002"))  # Both questions are asked.
    manifest, row = replay(name, tmp_path / "out", tmp_path / "store")
    assert manifest.failed == 1 and row.error is not None
    assert row.error.kind == "cassette_miss" and RERECORD in row.error.message
    assert connections == []


def interactions(name: str) -> list[dict[str, Any]]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return list(yaml.load((ROOT / "cassettes" / f"{name}.yaml").read_text("utf-8"), Loader=loader)["interactions"])


def test_there_is_a_cassette_for_every_recorded_document_and_none_else() -> None:
    documents = [*(ROOT / "seeds").glob("*.txt"), *(ROOT / "eval" / "contrast").glob("*.txt")]
    assert sorted(p.stem for p in (ROOT / "cassettes").iterdir()) == sorted(p.stem for p in documents)


@pytest.mark.parametrize("name", ASKED_ABOUT)
def test_nothing_private_is_recorded(name: str) -> None:
    raw = (ROOT / "cassettes" / f"{name}.yaml").read_text("utf-8")
    for pattern in (
        r"(?i)authorization|api[-_]?key|bearer|\bsk-[A-Za-z0-9]",
        r"127\.0\.0\.1|localhost|\[::1\]|https?://[^/\s]+:\d+",
        r"/(?:home|root|work|tmp|Users|var|opt)/",
        r"(?i)user-agent|x-stainless|set-cookie|\bdate:",
    ):
        assert not (found := re.search(pattern, raw)), found
    places = {i["request"]["uri"].rsplit("/v1/", 1)[0] for i in interactions(name)}
    assert places == {PLACE}
    for i in interactions(name):
        for headers in (i["request"]["headers"], i["response"]["headers"]):
            assert {h.lower() for h in headers} <= {"content-type"}


@pytest.mark.parametrize("name", ASKED_ABOUT)
def test_a_cassette_is_read_in_a_diff(name: str) -> None:
    found = interactions(name)
    assert found
    for i in found:
        assert isinstance(i["request"]["body"], dict) and isinstance(i["response"]["body"], dict)
        assert i["response"]["status"]["code"] == 200
    assert any(re.search("[가-힣]", json.dumps(i["request"]["body"], ensure_ascii=False)) for i in found)
    raw = (ROOT / "cassettes" / f"{name}.yaml").read_text("utf-8")
    assert re.search("[가-힣]{2}", raw) and not re.search(r"\\u[0-9a-f]{4}|\\x[0-9a-f]{2}|!!binary", raw)
    asked = [json.dumps(i["request"]["body"], sort_keys=True) for i in found]
    assert len(set(asked)) == len(asked)  # Nothing is recorded twice.
