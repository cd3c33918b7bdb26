"""The nodes of a cluster: which can take part, which are left out and why, and how many processors there are."""

from __future__ import annotations

import contextlib
import logging
import os
import secrets
import socket
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipeline.cluster.shard import SIGN, Outcome, introduce, way_here
from pipeline.settings import Settings
from schemas.errors import CannotStart, InternalError, PamsError, UsageError

STRIKES = 2
"""Different shards in a row that a node cannot do before it is left out: it would take and fail one after the other."""
WAIT = 120.0
"""Seconds in which all nodes must have said whether they can take part."""
OBJECTS = 80_000_000
"""Bytes of Ray's store of objects on a node that we start: shards and outcomes are small."""


class Nodes:
    """The nodes of one run."""

    def __init__(self, ray: Any) -> None:
        self._ray = ray
        self._left_out: dict[str, str] = {}
        """Why, by Ray's name of the node."""
        self._failed: defaultdict[str, set[str]] = defaultdict(set)
        """Shards that a node could not do since it last did one."""

    @property
    def left_out(self) -> tuple[str, ...]:
        """The nodes that do not take part, and why; a sentence each."""
        return tuple(self._left_out.values())

    def check(self, place: Path, settings: Settings) -> None:
        """Leaves out the nodes that cannot take part. Raises `CannotStart`, naming each and why, if none can.

        `place`: the folder of shards, which every node must see as it is seen here.
        """
        (place / SIGN).write_text(secrets.token_hex(16), "utf-8")
        nodes = [node for node in self._ray.nodes() if node["Alive"]]
        task = self._ray.remote(num_cpus=0, max_retries=0)(introduce)
        given = (way_here(settings), place, (place / SIGN).read_text("utf-8"), settings)
        asked = [task.options(scheduling_strategy=self.on(node["NodeID"])).remote(*given) for node in nodes]
        self._ray.wait(asked, num_returns=len(asked), timeout=WAIT)
        for node, ref in zip(nodes, asked, strict=True):
            at = f"node {node['NodeManagerAddress']} ({node['NodeID'][:8]})"
            try:
                name, why = self._ray.get(ref, timeout=0.1)
            except self._ray.exceptions.GetTimeoutError:
                name, why = at, f"has not answered within {WAIT:.0f} s"
            except self._ray.exceptions.RayError as problem:
                name, why = at, f"pams does not start there ({short(problem)}); install it there"
            if why is not None:
                self._left_out[node["NodeID"]] = f"{at}, {name}, is left out: {why}"
        self._refuse_none()

    def processors(self) -> int:
        """Processors of the nodes that take part."""
        alive = [n for n in self._ray.nodes() if n["Alive"] and n["NodeID"] not in self._left_out]
        return int(sum(node["Resources"].get("CPU", 0) for node in alive))

    def others(self) -> dict[str, str]:
        """The label selector for any node but those left out."""
        return {"ray.io/node-id": f"!in({','.join(self._left_out)})"} if self._left_out else {}

    def outcome(self, ref: Any) -> Outcome:
        """What came back from a node, or from Ray about one that was lost."""
        errors = self._ray.exceptions
        try:
            outcome: Outcome = self._ray.get(ref)
        except errors.RayTaskError as problem:  # it never came to pams's own code
            at = [n["NodeID"] for n in self._ray.nodes() if n["Alive"] and n["NodeManagerAddress"] == problem.ip]
            why = CannotStart(f"pams does not start there ({short(problem)}); install it there")
            return Outcome(f"node {problem.ip}", at[0] if len(at) == 1 else "", problem=why)
        except errors.RayError as problem:
            return Outcome("a node", problem=InternalError(f"was lost ({short(problem)})"))
        return outcome

    def went_well(self, node: str) -> None:
        """A node has done a shard."""
        self._failed.pop(node, None)

    def went_wrong(self, outcome: Outcome, shard: str) -> None:
        """A node could not do a shard. Raises `CannotStart` if it was the last one that takes part."""
        if outcome.id and outcome.id not in self._left_out:
            self._failed[outcome.id].add(shard)
            if len(self._failed[outcome.id]) >= STRIKES:
                self._left_out[outcome.id] = f"{outcome.node} is left out: {outcome.problem}"
                self._refuse_none()

    def on(self, node: str) -> Any:
        """The strategy that places a task on that node alone."""
        from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

        return NodeAffinitySchedulingStrategy(node_id=node, soft=False)

    def _refuse_none(self) -> None:
        if self._left_out and not any(n["Alive"] and n["NodeID"] not in self._left_out for n in self._ray.nodes()):
            raise CannotStart("\n".join(["No node of the cluster can take part.", *self.left_out]))


@contextlib.contextmanager
def cluster(address: str | None) -> Iterator[Any]:
    """Ray, connected to the cluster at `address`, or started on this machine and stopped again."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    try:
        import ray
    except ImportError as problem:
        raise CannotStart("--engine ray needs Ray; type `pip install 'policy-measures[ray]'`") from problem
    quiet: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.ERROR, "configure_logging": True}
    alone = quiet | {"_node_ip_address": "127.0.0.1"}
    try:
        if address is None:
            ray.init(address="local", include_dashboard=False, object_store_memory=OBJECTS, **alone)
        else:
            check_listening(address)
            ray.init(address=address, **quiet)
    except PamsError:
        raise
    except Exception as problem:  # Ray raises plain ones too
        raise _no_cluster(address, problem) from problem
    try:
        yield ray
    finally:
        ray.shutdown()


def check_listening(address: str) -> None:
    """Raises `CannotStart` at once where nobody listens: Ray itself would try for a minute."""
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal():
        raise UsageError(f"--address {address}: give the head's address and port, like 10.0.0.1:6379")
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=10).close()
    except (OSError, OverflowError) as problem:
        raise _no_cluster(address, problem) from problem


def _no_cluster(address: str | None, problem: Exception) -> CannotStart:
    if address is None:
        return CannotStart(
            f"Ray does not start on this machine ({short(problem)}); repeat the command, or leave --engine ray out"
        )
    return CannotStart(
        f"--address {address}: no Ray cluster answers there ({short(problem)}); type `ray start --head` on one "
        "machine, `ray start --address=HOST:6379` on the others, with the same version of Ray everywhere"
    )


def short(problem: BaseException) -> str:
    """A problem of Ray's in one line."""
    said = " ".join(str(problem).split())
    return f"{type(problem).__name__}: {said if len(said) <= 300 else said[:100] + ' … ' + said[-200:]}"
