"""A text becomes lines, each with what its beginning says it is."""

from __future__ import annotations

import re
from itertools import pairwise

from pipeline.normalise.covers import cover_lines
from pipeline.outline.lines import Line, classify

_INLINE_LEVEL = re.compile(r"(?<=\s)[□■ㅇ○◦](?=\s\S)")
_GLUED_NUMBER = re.compile(r"(?<=[\u4e00-\u9fff。；）)])\d{1,2}[.．](?=[\u4e00-\u9fff])")
_INLINE_DASH = re.compile(r"(?<=\s)-(?=\s[^\s\d])")
_OPENS_LEVEL = re.compile(r"\s*(?:[□■ㅇ○◦◇]|[Ⅰ-Ⅻ]|\d{1,2}[.)]\s)")


def split_lines(text: str) -> list[Line]:
    """The lines of a text, classified; a line that holds several levels or rows is several."""
    lines, start = [], 0
    for raw in text.split("\n"):
        end = start + len(raw)
        indent = len(raw) - len(raw.lstrip())
        edges = [0, *[c for c in _inline_cuts(raw) if c > indent], len(raw)]
        lines += [classify(text, start + a, start + b) for a, b in pairwise(edges)]
        start = end + 1
    return _with_open_tables(text, _with_covers(text, lines))


def _with_covers(text: str, lines: list[Line]) -> list[Line]:
    """Days and names of bodies that stand on lines of their own, on a cover or under a letter."""
    marked = [n for n in lines if n.kind in ("text", "blank")]
    cover = cover_lines([text[n.start : n.end] if n.kind == "text" else "" for n in marked])
    places = {n.start for n, is_cover in zip(marked, cover, strict=True) if is_cover}
    return [n._replace(kind="cover") if n.start in places and n.kind == "text" else n for n in lines]


def _with_open_tables(text: str, lines: list[Line]) -> list[Line]:
    """Rows without outer pipes (`name | 21 | 80`): lines that follow each other with as many pipes, two or more."""
    pipes = [text.count(" | ", n.start, n.end) if n.kind == "text" else 0 for n in lines]
    if max(pipes, default=0) < 1:
        return lines
    run = [i for i in range(1, len(pipes) - 1) if pipes[i - 1] == pipes[i] == pipes[i + 1] == 1]
    two = {k for i in run for k in (i - 1, i, i + 1)}  # two columns: three such lines in a row
    rows = [i for i, count in enumerate(pipes) if count >= 2 or i in two]
    near = {
        i
        for a, b in pairwise(rows)
        if pipes[a] == pipes[b] and all(lines[k].kind == "rule" for k in range(a + 1, b))
        for i in (a, b)
    }
    return [n._replace(kind="table") if i in near else n for i, n in enumerate(lines)]


def _inline_cuts(raw: str) -> list[int]:
    """Where a line holds several levels (□ … ㅇ … - …) or several rows of an HTML table."""
    if "<tr" in raw:
        return [m.start() for m in re.finditer(r"<tr\b", raw)]
    if _GLUED_NUMBER.search(raw):  # （二）强化科技创新3.突破关键技术。4.完善…
        return [m.start() for m in _GLUED_NUMBER.finditer(raw)]
    if not _OPENS_LEVEL.match(raw):
        return []
    cuts = [m.start() for m in _INLINE_LEVEL.finditer(raw)]
    return sorted([*cuts, *(m.start() for m in _INLINE_DASH.finditer(raw, cuts[0]))]) if cuts else []
