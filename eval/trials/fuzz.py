"""Fuzzing: generated documents through all steps, mutated files through their readers, zips of odd names through a run.

    python -m eval.trials.fuzz --seconds 60 [--seed N] [--keep FOLDER]

Prints what broke; exit code 5 if anything did. `--keep` writes it into a folder; small ones belong in `tests/broken`,
which the tests replay.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import random
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.trials.fuzz_zips import make_zip, try_zip
from pipeline.read import Limits, from_text
from pipeline.read.convert import convert
from pipeline.read.kinds import format_of
from pipeline.read.text import from_bytes
from pipeline.session import Session
from pipeline.settings import Settings
from pipeline.steps import extract_in
from schemas.errors import GateFailed, InputError

FILES = Path(__file__).resolve().parents[2] / "tests" / "files"
CAGE = Limits(seconds=30.0, memory=2_000_000_000)
"""What the reader of a mutated file may use."""
PATIENCE = 10.0
"""Seconds of processor time for all steps of one generated document."""
LONGEST = 6_000
"""Characters of a generated document."""

PIECES = (
    "■ 새솔시, 도시 하천 수질 개선 대책 발표(3.18)\n", "- 새솔시 정부는 '수질 개선 대책(2026~2030)'을 발표\n",
    "1) 오염원 관리\n", "- (하수 정비) 노후 하수관 120km를 교체하고 우수 저류조 설치\n",
    "목표: 2030년까지 비중 30% 이상 달성\n", "01 ", "제1장 총칙\n", "제1조 ", "(1)", "① ", "▲ 가 ", "□ ", "ㅇ ",
    "* ", "※ ", "〈참고〉\n", "목차\n", "요약\n", "단신\n", "참고자료\n", "출처: ", "발행일: 2026년 4월 2일\n",
    "지표 | 현재 | 목표\n", "비중 | 21% | 30%\n", "<td>가</td>", "<br>", "</li>", "|", "\t", "\n", "\n\n", " ",
    "\u3000", "\u200b", "\u00a0", "\x0c", "은는이가", "3.18", "'24.3.4.", "2024.3.4 ", "'25년까지 ", "100억 원 ",
    "12,345개 ", "약 ", "세 배 ", "하고 ", "하여, ", "구축 ", "한다. ", "등을 ", "「", "」", "《行动计划》", "“",
    "”", "‘", "'", "\"", "(", ")", "【", "**", "# ", "---\n", "印发《", "一、", "到2030年", "建设，", "。", "；",
    "The Ministry of Water published its Clean Rivers Action Plan. ", "will build 40 plants by 2030 ", "Act ",
    "of the ", "A", "a1", "deadbeef", "https://a.example/b ", "\u1112\u1161\u11ab", "😀", "\u0301", "\u202e",
    "\ufeff", "\r\n", "\0",
)  # fmt: skip
"""What documents are put together from: lines of briefs of our own, marks, and signs that layout and rules look at."""


@dataclass(frozen=True)
class Fault:
    """An input and what it did that no input may do."""

    name: str
    raw: bytes
    what: str


def make_text(chance: random.Random) -> str:
    """A document of random pieces, some of them many times over."""
    text = ""
    wanted = chance.randrange(1, LONGEST)
    while len(text) < wanted:
        text += chance.choice(PIECES) * (1 if chance.random() < 0.9 else chance.randrange(2, 300))
    return text[:LONGEST]


def mutate(raw: bytes, chance: random.Random) -> bytes:
    """The bytes of a file with a few places changed, cut out, doubled or overwritten."""
    made = bytearray(raw)
    for _ in range(chance.choice((1, 1, 2, 8, 40))):
        at, size = chance.randrange(len(made) or 1), chance.choice((1, 1, 4, 64, 1024))
        change = chance.randrange(4)
        if change == 0:
            made[at : at + 1] = bytes([chance.randrange(256)])
        elif change == 1:
            del made[at : at + size]
        elif change == 2:
            made[at:at] = made[at : at + size]
        else:
            made[at : at + size] = chance.choice((b"\0", b"\xff", b"<", b"9")) * size
    return bytes(made)


@contextlib.contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """Raises `TimeoutError` in what takes more processor time, also in the midst of a pattern. For the main thread."""

    def ring(*_: object) -> None:
        raise TimeoutError(f"took more than {seconds:g} s")

    before = signal.signal(signal.SIGPROF, ring)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def try_text(text: str) -> str | None:
    """What is wrong with how the steps take a text; None if they give the same records twice, with spans that hold."""
    try:
        with _at_most(PATIENCE):
            document = from_text(text)
            once, again = (asyncio.run(extract_in(document, Session(Settings()))).policies for _ in range(2))
    except InputError:
        return None
    except Exception as problem:  # noqa: BLE001 - whatever else is raised is a finding
        return f"{type(problem).__name__}: {problem}"
    return None if once == again else "two runs differ"


def try_file(raw: bytes, name: str) -> str | None:
    """What is wrong with how a reader takes a file; None if it gives a document or says what is wrong with the file."""
    if name.endswith(".zip"):
        return _without_raising(lambda: try_zip(raw))
    started = time.monotonic()
    try:
        kind = format_of(name, raw)
        document = from_bytes(raw, name, kind) if kind in ("text", "markdown") else convert(raw, name, kind, CAGE)
    except InputError:
        took = time.monotonic() - started
        return f"took {took:.0f} s" if took > CAGE.seconds + 5 else None
    except Exception as problem:  # noqa: BLE001 - whatever else is raised is a finding
        return f"{type(problem).__name__}: {problem}"
    return try_text(document.text) if len(document.text) < 100_000 else None


def _without_raising(attempt: Callable[[], str | None]) -> str | None:
    try:
        with _at_most(PATIENCE):
            return attempt()
    except Exception as problem:  # noqa: BLE001 - whatever is raised is a finding
        return f"{type(problem).__name__}: {problem}"


def faults(seconds: float, seed: int) -> Iterator[Fault | None]:
    """For so many seconds: what broke, or None for an input that did not. The same inputs for the same seed."""
    chance = random.Random(seed)  # noqa: S311 - inputs to be tried, nothing secret
    files = sorted(p for p in FILES.iterdir() if p.suffix in (".docx", ".html", ".hwp", ".hwpx", ".pdf"))
    until = time.monotonic() + seconds
    number = 0
    while time.monotonic() < until:
        number += 1
        if number % 10 == 5:
            raw = make_zip(chance, iter(lambda: make_text(chance)[:2000], None))
            raw = mutate(raw, chance) if chance.random() < 0.3 else raw
            name = f"{seed}-{number}.zip"
            what = try_file(raw, name)
        elif number % 10:
            text = make_text(chance)
            raw, name, what = text.encode(), f"{seed}-{number}.txt", try_text(text)
        else:
            file = chance.choice(files)
            raw = mutate(file.read_bytes(), chance)
            name = f"{seed}-{number}{file.suffix}"
            what = try_file(raw, name)
        yield Fault(name, raw, what) if what is not None else None


def main(arguments: Sequence[str] | None = None) -> int:
    """Tries inputs for a fixed time; 0 if all behaved, else 5."""
    parser = argparse.ArgumentParser(
        prog="python -m eval.trials.fuzz", description="Generated documents and mutated files."
    )
    parser.add_argument("--seconds", type=float, default=60.0, help="how long (default: 60)")
    parser.add_argument("--seed", type=int, default=1, help="other inputs for another number")
    parser.add_argument("--keep", type=Path, help="folder for what broke")
    chosen = parser.parse_args(arguments)
    tried, broke = 0, 0
    for fault in faults(chosen.seconds, chosen.seed):
        tried += 1
        if fault is not None:
            broke += 1
            print(f"BROKE {fault.name}: {ascii(fault.what)[1:-1]}", flush=True)
            if chosen.keep is not None:
                chosen.keep.mkdir(parents=True, exist_ok=True)
                (chosen.keep / fault.name).write_bytes(fault.raw)
    print(f"tried {tried}, broke {broke}: {'FAIL' if broke or not tried else 'pass'}")
    return GateFailed.exit_code if broke or not tried else 0


if __name__ == "__main__":
    sys.exit(main())
