"""One run on two nodes: the same bytes as one machine, one budget for all, and what is lost when something dies."""

from __future__ import annotations

import asyncio
import json
import re
import time
from pathlib import Path

import pytest
from commands import pams

from eval.trials.corpus import store_briefs
from eval.trials.loopback import Nature, serving, stats
from eval.trials.two_nodes import Nodes, extract, on_ray, same
from pipeline.cluster.allowance import LeasedBudget, Purse
from pipeline.gather import gather
from pipeline.jobs import Shard
from pipeline.model import Cost, Rates
from pipeline.run import run
from pipeline.settings import Settings
from schemas.errors import BudgetReached

COUNT = 60


@pytest.fixture(scope="module")
def docs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = store_briefs(tmp_path_factory.mktemp("docs"), COUNT)
    (folder / "same.txt").write_bytes((folder / "b00003.txt").read_bytes())
    (folder / "empty.txt").write_bytes(b"")
    return folder


def test_two_nodes_give_what_one_machine_and_two_merged_parts_give_and_stop_at_one_budget(
    nodes: Nodes, docs: Path, tmp_path: Path
) -> None:
    with serving(Nature()) as url:
        assert pams(extract(docs, tmp_path / "local", url), tmp_path / "store").returncode == 1  # the empty one
        one = Settings(endpoint="openai", base_url=url, model="loopback", cache=tmp_path / "store")
        parts = [tmp_path / "part-1", tmp_path / "part-2"]
        for number, part in enumerate(parts, 1):
            run([docs], part, one, shard=Shard(number, 2))
        gather(parts, tmp_path / "merged")
    assert same(tmp_path / "local", tmp_path / "merged")
    with serving(Nature()) as url:
        command = extract(docs, tmp_path / "out", url, *on_ray(nodes, tmp_path / "shared"))
        stopped = pams([*command, "--max-tokens-total", "60000"], tmp_path / "driver")
        billed = stats(url)["tokens"]
        assert stopped.returncode == 4 and "for all nodes together" in stopped.stdout, stopped.stdout + stopped.stderr
        assert 0 < billed <= 60_000
        whole = pams(command, tmp_path / "driver")
        assert whole.returncode == 1, whole.stdout + whole.stderr
        assert stats(url)["answered_twice"] == 0
    events = map(json.loads, (tmp_path / "out" / "events.jsonl").read_text("utf-8").splitlines())
    assert {event["node"] for event in events if event["event"] == "shard"} and "local Ray instance" not in whole.stderr
    assert same(tmp_path / "local", tmp_path / "out")
    assert not (tmp_path / "out" / ".pams.shards").exists()


def test_what_keeps_a_node_from_taking_part_is_told_with_its_name(nodes: Nodes, docs: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    told = pams(
        extract(docs, tmp_path / "out", "http://127.0.0.1:9/v1", *on_ray(nodes, tmp_path / "file")), tmp_path / "s"
    )
    assert (
        told.returncode == 3
        and re.search(r"node [\d.]+ \(\w{8}\)", told.stdout)
        and "cannot be reached or written" in told.stdout
    )


def test_an_address_nobody_listens_at_is_told_at_once(docs: Path, tmp_path: Path) -> None:
    begin = time.monotonic()
    command = extract(docs, tmp_path / "out", "http://127.0.0.1:9/v1", "--engine", "ray", "--address", "127.0.0.1:9")
    told = pams(command, tmp_path / "store")
    assert told.returncode == 3 and "no Ray cluster answers there" in told.stdout and "ray start --head" in told.stdout
    assert time.monotonic() - begin < 30
    both = pams(
        extract(docs, tmp_path / "out", "http://127.0.0.1:9/v1", "--engine", "ray", "--shard", "1/2"), tmp_path / "s"
    )
    assert both.returncode == 2 and "--shard is for machines" in both.stdout


def test_leases_of_many_shards_never_pass_the_limit() -> None:
    async def all_of_them() -> tuple[int, int]:
        purse = Purse(None, 1_000, Rates())

        async def shard() -> int:
            budget = LeasedBudget(purse.lease, money=False, tokens=True)
            calls = 0
            try:
                for _ in range(50):
                    async with budget.reserve(Cost(90, 0, 10)) as reservation:
                        await asyncio.sleep(0)
                        reservation.settle(Cost(30, 0, 10))
                        calls += 1
            except BudgetReached:
                pass
            await purse.give_back(*budget.left)
            return calls

        calls = sum(await asyncio.gather(*(shard() for _ in range(8))))
        return calls, await _left(purse)

    calls, left = asyncio.run(all_of_them())
    assert calls * 40 + left == 1_000 and left >= 0 and calls >= 10


async def _left(purse: Purse) -> int:
    left = 0
    while await purse.lease(0.0, 1):
        left += 1
    return left
