"""What goes wrong on a cluster: nodes that cannot take part, files that are gone, what is stopped or killed at work."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from commands import pams

from eval.trials.corpus import store_briefs
from eval.trials.findings import settings
from eval.trials.loopback import Nature, serving, stats
from eval.trials.two_nodes import Nodes, extract, on_ray, same
from pipeline.cluster.driver import SHARDS
from pipeline.cluster.shard import SIGN, absolute, introduce, way_here
from pipeline.model.mounts import network_file_system
from pipeline.run import run
from pipeline.settings import Settings

SLOW = Nature(latency=0.3)
SMALL = "import pipeline.cluster.driver as driver; driver.SIZE = 10; driver.AGAIN_AFTER = 0.1; "


def small_shards(command: list[str]) -> list[str]:
    """The command with shards of ten documents."""
    return [*command[:2], SMALL + command[2], *command[3:]]


def at_work(
    command: list[str], url: str, store: Path, do: Callable[[subprocess.Popen[str]], object]
) -> tuple[int, str]:
    """Runs a command and does something once it has got answers; its exit code and what it said."""
    before = stats(url)["answered"]
    # Not in the folder of the project: Ray's processes look for modules where the command was given.
    child = subprocess.Popen(
        command, env={**os.environ, "PAMS_CACHE": str(store)}, cwd=store.parent, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    try:
        while stats(url)["answered"] < before + 3:
            assert child.poll() is None, child.communicate()[0]
            time.sleep(0.05)
        do(child)
        said = child.communicate(timeout=120)[0]
    finally:
        child.kill()
    return child.returncode, said


def rows(out: Path) -> list[str]:
    return [json.loads(line)["status"] for line in (out / "documents.jsonl").read_text("utf-8").splitlines()]


def another_version(place: Path) -> Path:
    """A copy of pams that differs by a line."""
    root = Path(__file__).resolve().parents[2]
    for name in ("pipeline", "schemas", "prompts"):
        shutil.copytree(root / name, place / name, ignore=shutil.ignore_patterns("__pycache__"))
    with (place / "pipeline" / "event.py").open("a", encoding="utf-8") as file:
        file.write("# of another version\n")
    return place


def test_a_node_of_another_version_and_a_folder_that_is_gone_are_told_and_the_rest_goes_on(
    nodes: Nodes, tmp_path: Path
) -> None:
    docs, out = store_briefs(tmp_path / "docs" / "a", 20, seed=21).parent, tmp_path / "out"
    store_briefs(docs / "b", 10, seed=6)
    number = nodes.start({"PYTHONPATH": str(another_version(tmp_path / "other"))})
    try:
        with serving(SLOW) as url:
            command = small_shards(extract(docs, out, url, *on_ray(nodes, tmp_path / "shared")))
            code, said = at_work(command, url, tmp_path / "store", lambda child: shutil.rmtree(docs / "b"))
    finally:
        nodes.kill(number)
    (version,) = json.loads((out / "run.json").read_bytes())["notes"]
    assert re.match(r"node [\d.]+ \(\w{8}\), .*, is left out: has another version of pams; install the same", version)
    assert code == 3 and "all others are in the results" in said
    assert "none of its 10 documents can be read there; the first is b/b00000.txt: cannot be opened" in said
    assert rows(out) == ["ok"] * 20 + ["failed"] * 10


def test_stopped_by_hand_then_killed_then_with_a_shard_that_fails_it_goes_on(nodes: Nodes, tmp_path: Path) -> None:
    docs = store_briefs(tmp_path / "docs", 80, seed=22)  # of its own: a node keeps the answers of other tests
    with serving(Nature()) as url:
        run([docs], tmp_path / "local", settings(url, tmp_path / "store"))
    out = tmp_path / "out"
    with serving(SLOW) as url:
        command = small_shards(extract(docs, out, url, *on_ray(nodes, tmp_path / "shared")))
        code, said = at_work(command, url, tmp_path / "driver", lambda child: child.send_signal(signal.SIGINT))
        assert code == 130 and "Traceback" not in said, said
        kept = stats(url)["answered"]
        assert 3 <= kept < 80 and len(rows(out)) == 80
        code, _ = at_work(command, url, tmp_path / "driver", lambda child: child.kill())
        assert code == -signal.SIGKILL and stats(url)["answered_twice"] == 0
        lost = sorted((out / SHARDS).glob("0*-*"))[-1]
        shutil.rmtree(lost)
        lost.write_text("no folder")
        failing = pams(command, tmp_path / "driver")
        assert failing.returncode == 3 and f"{lost.name}: {lost}: cannot write here" in failing.stdout, failing.stdout
        assert rows(out).count("ok") == 70
        lost.unlink()
        assert pams(command, tmp_path / "driver").returncode == 0
        assert stats(url)["answered_twice"] <= 16
    assert same(tmp_path / "local", out) and not (out / SHARDS).exists()


def test_what_keeps_a_node_from_taking_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / SIGN).write_text("written by the driver", "utf-8")
    (tmp_path / "file").write_text("no folder")
    chosen = Settings(endpoint="openai", cache=tmp_path / "store")

    def why(place: Path = tmp_path, sign: str = "written by the driver", settings: Settings = chosen) -> str | None:
        return introduce(way_here(settings), place, sign, settings)[1]

    assert why() is None
    for other in (why(sign="of another run"), why(tmp_path / "nowhere")):
        assert other is not None and "is not the folder that the others see; put --out where all nodes" in other
    closed = why(settings=Settings(endpoint="openai", cache=tmp_path / "file"))
    assert closed is not None and f"store of answers at {tmp_path}/file cannot be opened" in closed
    program, way = way_here(chosen)
    for there, said in (
        (("another", way), "has another version of pams"),
        ((program, "x"), "has other prompts, weights"),
    ):
        assert (introduce(there, tmp_path, "", chosen)[1] or "").startswith(said)
    listed = absolute(Settings(manifest=Path("list.csv")))
    lacking = introduce((program, "x"), tmp_path, "", listed)[1]
    assert lacking is not None and f"{Path('list.csv').absolute()}" in lacking
    table = tmp_path / "mountinfo"
    table.write_text(f"36 35 98:0 / {tmp_path} rw,noatime - nfs4 server:/home rw\n", "utf-8")
    monkeypatch.setattr("pipeline.model.store.network_file_system", lambda folder: network_file_system(folder, table))
    network = why()
    assert network is not None and "on a network file system (nfs4)" in network and "PAMS_CACHE" in network
