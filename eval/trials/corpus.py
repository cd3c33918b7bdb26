"""Documents for scale, made of the seeds' lines by a script and never kept.

Shuffled, recombined, numbers and names varied, so that no two are equal: newsletters of several items for the steps
without a model (`make_corpus`), briefs of one article each for runs with one (`make_briefs`).
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
CHARACTERS = 2_500
"""Length of one document, about one article of a brief."""

_ITEM = re.compile(r"^(?=(0\d)\s)", re.MULTILINE)
_COUNT = re.compile(r"(?<![\d.,:/'’‘(~-])[1-9]\d{1,4}(?=(?:\.\d+)?\s?(?:%|개|만|억|조|명|건|곳|대|톤|위안|배|㎡|km))")
_CITIES = ("한빛시", "새솔시", "가온시", "누리시", "다온시", "라온시", "마루시", "바름시", "아람시", "여울시")
_SUBJECTS = (
    "수소산업",
    "도시 하천",
    "지능형 로봇",
    "해양 바이오",
    "저고도 경제",
    "양자정보",
    "특허 산업화",
    "산업 인터넷",
)
_AIMS = ("육성", "보급", "기반 조성", "인재 양성")
_KINDS = ("발전계획", "혁신 행동계획", "지원정책", "추진방안")


def lines_of(seeds: Sequence[str]) -> list[str]:
    """The bullets of the seeds that are long enough to say something."""
    found = (line.strip() for text in seeds for line in text.splitlines())
    return sorted({line for line in found if line.startswith("- ") and 25 <= len(line) <= 220})


def make_briefs(count: int, characters: int = CHARACTERS, seed: int = 5) -> Iterator[tuple[str, str]]:
    """`count` briefs of one article each as name and text, no two of them equal; the same for the same arguments."""
    pool = lines_of([p.read_text(encoding="utf-8") for p in sorted(SEEDS.glob("*.txt"))])
    chance = random.Random(seed)  # noqa: S311 - documents to be timed, nothing secret
    for number in range(count):
        yield f"b{number:05}.txt", _brief(number, pool, chance, characters)


def _brief(number: int, pool: Sequence[str], chance: random.Random, characters: int) -> str:
    city, subject, kind = chance.choice(_CITIES), chance.choice(_SUBJECTS), chance.choice(_KINDS)
    start = chance.randrange(2024, 2027)
    title = f"{subject} {kind}({start}~{start + 3}) 제{number + 1}호"
    text = f"01 {city}, ‘{title}’ 발표\n\n- {city} 정부는 {start}년 {1 + number % 12}월에 ‘{title}’을 발표\n"
    section = 0
    while len(text) < characters:
        section += 1
        text += f"\n{section}) {chance.choice(_SUBJECTS)} {chance.choice(_AIMS)}\n\n"
        text += "".join(f"{line}\n" for line in chance.sample(pool, 4))
    return _vary(text, chance)


def store_briefs(folder: Path, count: int, characters: int = CHARACTERS, seed: int = 5) -> Path:
    """Writes `count` briefs into `folder`; returns it."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in make_briefs(count, characters, seed):
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def make_corpus(seeds: Sequence[str], size: int, seed: int = 2) -> list[str]:
    """Documents of together at least `size` bytes, no two of them equal; the same for the same arguments.

    A document keeps the first and last piece of one seed (cover, contents, summary; imprint) and gets as many
    numbered items as that seed has, drawn from all seeds and numbered anew.
    """
    chance = random.Random(seed)  # noqa: S311 - documents to be timed, nothing secret
    pieces = [_ITEM.split(text)[::2] for text in seeds]
    pool = [item for parts in pieces for item in parts[1:-1]]
    made: dict[str, None] = {}
    total = 0
    while total < size:
        for parts in pieces:
            text = _vary(_recombine(parts, pool, chance), chance)
            if text in made:
                text += f"\n{len(made)}\n"
            made[text] = None
            total += len(text.encode())
    return list(made)


def _recombine(parts: Sequence[str], pool: Sequence[str], chance: random.Random) -> str:
    """The seed's frame around other items; a seed without numbered items stays as it is."""
    if len(parts) < 3:
        return "".join(parts)
    items = [*chance.sample(pool, min(len(parts) - 2, len(pool))), parts[-1]]
    return parts[0] + "".join(re.sub(r"^0\d", f"{i:02}", item) for i, item in enumerate(items, 1))


def _vary(text: str, chance: random.Random) -> str:
    """The text with its counts and shares changed, digit for digit; years, dates and numbering stay."""
    return _COUNT.sub(lambda m: str(chance.randrange(10 ** (len(m[0]) - 1), 10 ** len(m[0]))), text)
