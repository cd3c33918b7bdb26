"""Runs at scale against a local service: what the program adds to the bare calls, and whether it grows with the corpus.

    python -m eval.trials.load     (part of make bench)     --quick: a tenth of it     --json: one object

Times and processor seconds are ratios within one run, against the same service (200 ms before each answer). The last
line is the verdict; exit code 5 if a figure falls short.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.trials.bench import Check
from eval.trials.corpus import store_briefs
from eval.trials.loopback import Nature, serving, stats
from schemas.errors import GateFailed

LATENCY = 0.2
ADDED_LIMIT = 15.0
"""Milliseconds of processor that a call may take beside the bare client's own; docs/batch.md says what they go to."""

_MEASURED = """
import asyncio, json, resource, sys, time
def spent():
    own, workers = (resource.getrusage(w) for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + workers.ru_utime + workers.ru_stime
def tell(begin, cpu, **more):
    own, workers = (resource.getrusage(w).ru_maxrss for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    kib = 1 if sys.platform == "darwin" else 1024
    facts = {"seconds": time.perf_counter() - begin, "cpu": spent() - cpu, "own": own * kib, "worker": workers * kib}
    print(json.dumps(facts | more))
"""
_PAMS = (
    _MEASURED
    + """
from pathlib import Path
import openai, instructor
from pipeline.run import run
from pipeline.settings import Settings
docs, out, store, url, jobs = sys.argv[1:]
begin, cpu = time.perf_counter(), spent()
manifest = run([Path(docs)], Path(out), Settings(
    endpoint="openai", base_url=url, model="loopback", jobs=int(jobs), cache=Path(store)))
tell(begin, cpu, calls=manifest.usage.calls, hits=manifest.usage.cache_hits, failed=manifest.failed)
"""
)
_CALLS = (
    _MEASURED
    + """
import instructor, openai
from schemas.rows import AnswerR
bodies = [json.loads(line)["body"] for line in open(sys.argv[1], encoding="utf-8")]
async def main():
    plain = openai.AsyncOpenAI(base_url=sys.argv[2], api_key="none", max_retries=0)
    client, slots = instructor.from_openai(plain, mode=instructor.Mode.JSON_SCHEMA), asyncio.Semaphore(int(sys.argv[3]))
    async def one(body):
        async with slots:
            await THE_CALL
    await asyncio.gather(*(one(body) for body in bodies))
begin, cpu = time.perf_counter(), spent()
asyncio.run(main())
tell(begin, cpu)
"""
)
_BARE = _CALLS.replace("THE_CALL", "plain.chat.completions.create(**body)")
_INSTRUCTOR = _CALLS.replace(
    "THE_CALL",
    """client.chat.completions.create(
                model=body["model"], messages=body["messages"], max_tokens=body["max_tokens"], temperature=0,
                response_model=AnswerR, max_retries=0)""",
)


@dataclass(frozen=True)
class Sizes:
    """How much is measured: documents for the ratios, and for the curve."""

    calls: int = 1_000
    curve: tuple[int, ...] = (100, 1_000, 10_000)


QUICK = Sizes(200, (50, 200, 1_000))


@dataclass(frozen=True)
class Result:
    """All figures, in the order measured, and the checks on them."""

    figures: dict[str, dict[str, float]]
    checks: tuple[Check, ...]


def _python(code: str, *arguments: str) -> dict[str, float]:
    command = [sys.executable, "-c", code, *arguments]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - our own code
    return dict(json.loads(done.stdout.splitlines()[-1]))


def _memory(facts: dict[str, float]) -> float:
    """Bytes at the peak: the run's process and twice its larger worker."""
    return facts["own"] + 2 * facts["worker"]


def ratios(room: Path, sizes: Sizes) -> Iterator[tuple[str, dict[str, float]]]:
    """The same requests by the bare client, by the bare instructor, by a whole run: at 16 and at 64 in flight."""
    docs = store_briefs(room / "docs", sizes.calls)
    requests = room / "requests.jsonl"
    command = [sys.executable, "-c", "from pipeline.cli import main; main()", "requests", str(docs)]
    more = ["--model", "loopback", "--out", str(requests), "--cache", str(room / "none")]
    subprocess.run([*command, *more], check=True, capture_output=True)  # noqa: S603 - our own code
    with serving(Nature(latency=LATENCY)) as url:
        yield "bare client, 16", _python(_BARE, str(requests), url, "16")
        yield "whole run, 16", _python(_PAMS, str(docs), str(room / "o16"), str(room / "s16"), url, "16")
        yield "bare client, 64", _python(_BARE, str(requests), url, "64")
        yield "bare instructor, 64", _python(_INSTRUCTOR, str(requests), url, "64")
        yield "whole run, 64", _python(_PAMS, str(docs), str(room / "o64"), str(room / "s64"), url, "64")


def curve(room: Path, sizes: Sizes) -> Iterator[tuple[str, dict[str, float]]]:
    """Corpora of growing size: first paid for, then again from the store."""
    with serving(Nature()) as url:
        for count in sizes.curve:
            docs = store_briefs(room / f"docs-{count}", count)
            place = (str(docs), str(room / f"out-{count}"), str(room / f"store-{count}"))
            before = stats(url)["requests"]
            first = _python(_PAMS, *place, url, "16")
            yield f"{count} paid", first | {"documents": count, "requests": stats(url)["requests"] - before}
            again = _python(_PAMS, *place, url, "16")
            yield f"{count} cached", again | {"documents": count, "requests": stats(url)["requests"] - before}
            for folder in place:
                shutil.rmtree(folder)


def checks(figures: dict[str, dict[str, float]], sizes: Sizes) -> Iterator[Check]:
    """The figures that are promised."""
    seconds = {name: f["seconds"] for name, f in figures.items() if "seconds" in f}
    added = (figures["whole run, 64"]["cpu"] - figures["bare client, 64"]["cpu"]) / sizes.calls
    yield Check("wall at 16 over the bare client", seconds["whole run, 16"] / seconds["bare client, 16"], 1.05, "×")
    yield Check("wall at 64 over bare instructor", seconds["whole run, 64"] / seconds["bare instructor, 64"], 1.10, "×")
    yield Check("processor time added a call", 1000 * added, ADDED_LIMIT, "ms")
    _, middle, most = sizes.curve
    cached = figures[f"{most} cached"]
    yield Check("cached documents", most / cached["seconds"], 150.0, "a second", at_least=True)
    growth = _memory(cached) / _memory(figures[f"{middle} cached"])
    yield Check(f"memory at {most} over {middle}", growth, 1.1, "×")
    for way in ("paid", "cached"):
        each = [figures[f"{n} {way}"]["cpu"] / n for n in (middle, most)]
        yield Check(f"processor time a document, {way}: {most} over {middle}", each[1] / each[0], 1.15, "×")
    wrong = sum(abs(f["requests"] - f["documents"]) for f in figures.values() if "requests" in f)
    yield Check("calls other than one an article", wrong, 0, "calls")


def measure(sizes: Sizes) -> Result:
    """Everything, in one room that is removed."""
    with tempfile.TemporaryDirectory(prefix="pams-load-") as name:
        figures = dict(ratios(Path(name), sizes)) | dict(curve(Path(name), sizes))
    return Result(figures, tuple(checks(figures, sizes)))


def table(result: Result) -> Iterator[str]:
    """The lines to print; the last one is the verdict."""
    yield f"{'':<22}{'seconds':>9}{'processor s':>13}{'peak MB':>9}"
    for name, f in result.figures.items():
        if "seconds" in f:
            yield f"{name:<22}{f['seconds']:>9.2f}{f['cpu']:>13.2f}{_memory(f) / 1e6:>9.0f}"
    short = not all(c.ok for c in result.checks)
    yield ("FAIL: " if short else "pass: ") + "; ".join(str(c) for c in result.checks)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; 0 if all limits are kept, 5 if one falls short."""
    parser = argparse.ArgumentParser(
        prog="python -m eval.trials.load", description="Runs at scale against a local service."
    )
    parser.add_argument("--json", action="store_true", help="print all figures as one JSON object")
    parser.add_argument("--quick", action="store_true", help="1,000 documents instead of 10,000")
    chosen = parser.parse_args(arguments)
    result = measure(QUICK if chosen.quick else Sizes())
    if chosen.json:
        print(
            json.dumps(
                {"figures": result.figures, "checks": [dataclasses.asdict(c) | {"ok": c.ok} for c in result.checks]}
            )
        )
    else:
        print("\n".join(table(result)))
    return 0 if all(c.ok for c in result.checks) else GateFailed.exit_code


if __name__ == "__main__":
    sys.exit(main())
