"""Pages that are pictures, read by Tesseract: their lines with places, and how sure it is of the words.

Tesseract is a program of its own, given a page's picture and asked for words with boxes; nothing is written to disk.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from pipeline.readers.lines import Unreadable
from pipeline.readers.pdf_lines import PdfLine
from pipeline.readers.tesseract import installed

_DOTS = 300 / 72
"""Dots of the picture for each point of the page."""
_ONE_COLUMN = "4"
"""Tesseract's name for a page with one column of lines of several sizes."""
_MARKS = {
    **dict.fromkeys(("디", "미", "ㅁ", "口", "[]", "DO"), "□"),
    **dict.fromkeys(("O", "0", "o", "ㅇ", "(2", "(0", "(O", "()", "<>", "〈〉", "©"), "○"),
    **{f"({angle}{end}": "○" for angle in "<>〈〉《》" for end in ("", ")")},
}
"""What Tesseract, which knows no such signs, makes of bullets that open a line."""
_MARK = re.compile(rf"({'|'.join(map(re.escape, sorted(_MARKS, key=len, reverse=True)))})\s+(?=\S{{2}})")
_HALF = re.compile(r"\((?=[가-힣][^()（）]{12,}$)")
"""A circle of which it sees the left half: a bracket that opens the line and is not closed in it."""
_HAN = re.compile(r"[\u4e00-\u9fff，。、；：]$")
"""An end of a line behind which Chinese has no space."""
_FEWEST_SIGNS = 8
"""Of a line whose height tells that it is a heading's."""
_COLUMNS = 12
"""Of its table of words."""
_MOST_DOTS = 6_000
"""Along the longer side."""
_LARGER = 1.45
"""Height of a line by that of the page's usual one from which it is a heading's; below, print and reading differ."""


@dataclass
class Ocr:
    """How pages are read, and how long that may take: a page, and the pages of a document together, in seconds."""

    page: float
    total: float
    languages: tuple[str, ...] = ()
    """What the document is read as, once that is known."""
    spent: float = 0.0
    read: dict[int, float | None] = field(default_factory=dict)
    """Pages read, from 0, and the mean confidence (0 to 1) by sign; None for one that took too long."""


def read_page(page: Any, number: int, ocr: Ocr) -> list[PdfLine]:
    """The lines of a page of pdfium's that is a picture. Raises `Unreadable` once the document's time is used up."""
    width, height = page.get_size()
    scale = min(_DOTS, _MOST_DOTS / max(width, height, 1))
    picture = _picture(page, scale)
    tried = [ocr.languages] if ocr.languages else _choices()
    try:
        answers = [(names, _recognised(picture, scale, names, ocr)) for names in tried]
        names, answer = max(answers, key=lambda given: _certainty(list(_words(given[1]))))
        found = list(_words(answer))
        ocr.read[number] = round(_confidence(found), 3)
    except subprocess.TimeoutExpired:
        ocr.read[number] = None
        return []
    if len(found) >= 20:  # one with less may be a seal or a drawing
        ocr.languages = names
    return _lines(found, _printed(answer), number, scale, height)


def _choices() -> list[tuple[str, ...]]:
    there = (installed() or ("", ()))[1]
    return [(name,) for name in there]


def _picture(page: Any, scale: float) -> bytes:
    """The page as a grey picture in the form PGM."""
    bitmap = page.render(scale=scale, grayscale=True)
    wide, high, stride = bitmap.width, bitmap.height, bitmap.stride
    dots = bytes(bitmap.buffer)
    rows = (dots[at : at + wide] for at in range(0, high * stride, stride))
    return b"P5 %d %d 255\n" % (wide, high) + b"".join(rows)


def _recognised(picture: bytes, scale: float, languages: Sequence[str], ocr: Ocr) -> str:
    """What Tesseract makes of a picture: its table of words, and the text, which alone tells where spaces are."""
    left = ocr.total - ocr.spent
    if left <= 0:
        raise Unreadable(f"reading its pictures took more than {ocr.total:.0f} s; allow more with --ocr-seconds")
    command = [shutil.which("tesseract") or "tesseract", "stdin", "stdout", "-l", "+".join(languages)]
    began = time.monotonic()
    try:
        done = subprocess.run(  # noqa: S603
            [*command, *("--dpi", str(round(72 * scale)), "--psm", _ONE_COLUMN, "txt", "tsv")],
            input=picture,
            capture_output=True,
            timeout=min(ocr.page, left),
            check=False,
            env={**os.environ, "OMP_THREAD_LIMIT": "1"},  # several at once on one machine; alike on all of them
        )
    finally:
        ocr.spent += time.monotonic() - began
    if done.returncode != 0:
        why = done.stderr.decode(errors="replace").strip().splitlines()
        raise Unreadable(f"Tesseract could not read it ({why[-1][:120] if why else done.returncode})")
    return done.stdout.decode(errors="replace")


@dataclass(frozen=True)
class _Word:
    line: tuple[str, ...]
    """Which line it stands in: block, paragraph, line."""
    left: float
    top: float
    right: float
    bottom: float
    """In dots, from the upper left corner."""
    confidence: float
    text: str


def _words(table: str) -> Iterator[_Word]:
    for row in table.splitlines()[1:]:
        cells = row.split("\t")
        if len(cells) == _COLUMNS and cells[0] == "5" and cells[11].strip():
            left, top, width, height = (float(cell) for cell in cells[6:10])
            confidence = max(0.0, float(cells[10])) / 100
            yield _Word(tuple(cells[2:5]), left, top, left + width, top + height, confidence, cells[11].strip())


def _confidence(words: Sequence[_Word]) -> float:
    """Mean confidence by sign."""
    signs = sum(len(w.text) for w in words)
    return sum(w.confidence * len(w.text) for w in words) / signs if signs else 0.0


def _certainty(words: Sequence[_Word]) -> float:
    """How much was read with confidence: what tells the right language from a wrong one."""
    return sum(len(w.text) * (w.confidence - 0.5) for w in words)


def _lines(words: Sequence[_Word], printed: Iterator[str], page: int, scale: float, height: float) -> list[PdfLine]:
    """Words put together to lines, in points from the page's lower left corner."""
    grouped: dict[tuple[str, ...], list[_Word]] = {}
    for word in words:
        grouped.setdefault(word.line, []).append(word)
    heights = {line: median(w.bottom - w.top for w in of) for line, of in grouped.items()}
    usual = median(heights.values()) if heights else 1.0
    lines = []
    for line, of in grouped.items():
        plain = heights[line] < _LARGER * usual or sum(len(w.text) for w in of) < _FEWEST_SIGNS
        size = usual if plain else heights[line]
        bottom = height - max(w.bottom for w in of) / scale
        first = (of[0].right - of[0].left) / scale
        left, right = of[0].left / scale, of[-1].right / scale
        lines.append(PdfLine(_spaced(of, printed), page, left, right, bottom, round(size / scale, 0), first))
    return lines


def _printed(answer: str) -> Iterator[str]:
    """The lines of the text in Tesseract's answer, those of its table left out."""
    return (line for line in answer.splitlines() if line.strip() and line.count("\t") != _COLUMNS - 1)


def _spaced(words: Sequence[_Word], printed: Iterator[str]) -> str:
    """The words of a line as its text has them: the table parts Han and Hangul sign by sign."""
    parted = " ".join(word.text for word in words)
    line = next(printed, "").strip()
    line = line if "".join(line.split()) == "".join(parted.split()) else parted
    if mark := _MARK.match(line):
        line = f"{_MARKS[mark[1]]} {line[mark.end() :]}"
    elif half := _HALF.match(line):
        line = f"○ {line[half.end() :]}"
    return line if _HAN.search(line) else line + " "  # as pdfium has it: where the paragraph goes on, a word ends
