"""What a document takes of processors, memory and disk, measured on this machine for `eval.trials.capacity`.

Processor seconds of processes, as the system counts them, so that other work on the machine matters little; each
figure is the difference between many documents and few, divided by their number, so that starting does not count.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from eval.trials.corpus import CHARACTERS, store_briefs
from eval.trials.figures import Figures
from eval.trials.loopback import Nature, serving
from pipeline.estimate import estimate
from pipeline.read import Source, each_source, listed
from pipeline.settings import Settings

FEW, MANY = 50, 2_000
"""Documents of a brief's length."""
LISTED = 10_000, 50_000, 200_000
"""Documents of three lines, for the driver's memory: more than its list keeps in memory at once."""
DRIVEN = 1, 5_000, 20_000
"""Documents of three lines, for the driver's memory in a whole run."""
LEASES = 4_000
MODEL = "gpt-4.1-mini"
"""Whose prices are taken."""
_PAMS = [sys.executable, "-c", "from pipeline.cli import main; main()"]
_BRIEF = """■ 한빛시, '골목 숲 조성 계획 제{n}호(2025~2028)' 발표

- 한빛시 정부는 '골목 숲 조성 계획 제{n}호(2025~2028)'을 발표

- (가로수) 골목 {n}곳에 나무 300그루를 심고 쉼터 설치
"""


def measure() -> Figures:
    """All figures. Raises `CalledProcessError` where a command fails."""
    with tempfile.TemporaryDirectory(prefix="pams-figures-") as name:
        room = Path(name)
        docs = {count: store_briefs(room / f"docs-{count}", count) for count in (FEW, MANY)}
        os.environ.setdefault("OPENAI_API_KEY", "none-is-needed")  # it is only estimated
        ahead = estimate([docs[FEW]], Settings(endpoint="openai", model=MODEL, cache=room / "none"))
        done = _processor(room, docs)
        sizes = _sizes(room)
        driven = {count: _child("driven", count, room / f"driven-{count}") for count in DRIVEN}
        lease = _child("leased", LEASES)["seconds"] / LEASES
        listing = {str(count): _child("list_rows", count, room / f"{count}.jsonl")["memory"] for count in LISTED}
    tokens = [sum(getattr(one, name) for one in ahead.by_document) / FEW for name in ("input_tokens", "output_tokens")]
    return Figures(
        **done, **sizes, start=driven[1]["seconds"], lease=lease, input_tokens=tokens[0], output_tokens=tokens[1],
        money=(ahead.likely_money or 0.0) / FEW, memory_listing=listing,
        memory={str(count): one["memory"] for count, one in driven.items()}, model=MODEL,
        about=f"{MANY:,} briefs of {CHARACTERS:,} characters on {os.cpu_count()} processors ({platform.machine()}), "
        f"{dt.date.today():%Y-%m-%d}",
    )  # fmt: skip


def _processor(room: Path, docs: dict[int, Path]) -> dict[str, float]:
    """Processor seconds a document, by what is done with it."""
    with serving(Nature()) as url:
        asks = ["--endpoint", "openai", "--base-url", url, "--model", "loopback", "--jobs", "16"]
        asked = _each(lambda n: _extract(docs[n], room / f"asked-{n}", room / "store", *asks))
        stored = _each(lambda n: _extract(docs[n], room / f"stored-{n}", room / "store", *asks))
        shared = f"file://{room / 'shared'}"
        _spent(_extract(docs[FEW], room / "few", room / "own", *asks, "--cache", shared))
    draft = _each(lambda n: _extract(docs[n], room / f"draft-{n}", room / "store", "--endpoint", "draft"))
    listed = _each(lambda n: ([sys.executable, "-c", _call("list_only", docs[n], room / f"listed-{n}")], {}))
    gathered = _each(lambda n: ([*_PAMS, "merge", str(room / f"asked-{n}"), "--out", str(room / f"merged-{n}")], {}))
    return {"asked": asked, "stored": stored, "draft": draft, "listed": listed, "gathered": gathered}


def _sizes(room: Path) -> dict[str, float]:
    """Bytes a document, of what the commands above have written."""
    results = sum(p.stat().st_size for p in (room / f"asked-{MANY}").rglob("*") if p.is_file())
    shared = sum(p.stat().st_blocks * 512 for p in (room / "shared").rglob("*") if p.is_file())
    store = sum(p.stat().st_size for p in (room / "store").glob("cache.db*"))
    listed = json.loads((room / f"listed-{MANY}").read_text("utf-8"))["bytes"]
    return {"results": results / MANY, "shared": shared / FEW, "store": store / (FEW + MANY), "list": listed / MANY}


def _extract(docs: Path, out: Path, store: Path, *more: str) -> tuple[list[str], dict[str, str]]:
    return [*_PAMS, "extract", str(docs), "--out", str(out), "--json", *more], {"PAMS_CACHE": str(store)}


def _each(command: Callable[[int], tuple[list[str], dict[str, str]]]) -> float:
    few, many = (_spent(command(count)) for count in (FEW, MANY))
    return (many - few) / (MANY - FEW)


def _spent(command: tuple[list[str], dict[str, str]]) -> float:
    """Processor seconds of a command and of all that it started."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command[0], env={**os.environ, **command[1]}, stdout=subprocess.DEVNULL, check=True)  # noqa: S603 - our own
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _call(function: str, *given: object) -> str:
    words = ", ".join(repr(one if isinstance(one, int) else str(one)) for one in given)
    return f"from eval.trials import measure; measure.{function}({words})"


def _child(function: str, *given: object) -> dict[str, Any]:
    """What a function of this module tells in a process of its own."""
    done = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", _call(function, *given)], capture_output=True, text=True, check=True
    )
    return dict(json.loads(done.stdout.splitlines()[-1]))


def list_only(docs: str, told: str) -> None:
    """What the driver does before the first shard; writes how many bytes its list has."""
    Path(told).write_text(json.dumps({"bytes": _listed([Path(docs)], (), Path(told).parent)}), "utf-8")


def list_rows(count: int, path: str) -> None:
    """The same for so many documents of three lines, in a list. Prints the most memory that it took, in bytes."""
    _store_rows(Path(path), count)
    _listed([], listed(Path(path)), Path(path).parent)
    _tell(memory=_most_memory())


def _listed(paths: list[Path], more: Iterable[Source], out: Path) -> int:
    from pipeline.cluster.book import StoredBook
    from pipeline.jobs import note

    with StoredBook(out) as book:
        note(book.reachable(each_source(paths, more, book.names)), book, book, retry_failed=False)
        book.shards(250, out, "")
        return book.size


def driven(count: int, room: str) -> None:
    """A run by the draft over so many documents of three lines, on this machine's processors through Ray.

    Prints its seconds and the most memory that the driver took, in bytes.
    """
    from pipeline.cluster import run_on_ray

    place = Path(room)
    place.mkdir(parents=True)
    _store_rows(place / "list.jsonl", count)
    begin = time.perf_counter()
    manifest = run_on_ray([], place / "out", Settings(), inputs=place / "list.jsonl")
    if manifest.documents != count:
        raise RuntimeError(f"{manifest.documents} documents of {count}")
    _tell(seconds=time.perf_counter() - begin, memory=_most_memory())


def _store_rows(path: Path, count: int) -> None:
    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            row = {"id": f"2025/{number:08}.txt", "text": _BRIEF.format(n=number + 1)}
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


def _most_memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def leased(count: int) -> None:
    """So many leases of a purse, 64 at once. Prints the seconds."""
    import ray

    from pipeline.cluster.allowance import Purse
    from pipeline.cluster.nodes import cluster
    from pipeline.model import Rates

    with cluster(None):
        purse: Any = ray.remote(num_cpus=0, max_concurrency=100)(Purse).remote(None, 1 << 40, Rates())
        ray.get(purse.lease.remote(0.0, 1))
        begin = time.perf_counter()
        for start in range(0, count, 64):
            ray.get([purse.lease.remote(0.0, 1) for _ in range(min(64, count - start))])
        _tell(seconds=time.perf_counter() - begin)


def _tell(**facts: float) -> None:
    print(json.dumps(facts))
