"""A text becomes lines, each with what its beginning says it is."""

from __future__ import annotations

import re
from collections.abc import Collection
from itertools import pairwise

from pipeline.normalise.broken import goes_on
from pipeline.normalise.covers import cover_lines
from pipeline.outline.lines import Line, classify

_INLINE_LEVEL = re.compile(r"(?<=\s)[□■ㅇ○◦](?=\s\S)")
_GLUED_NUMBER = re.compile(r"\d(?<=[\u4e00-\u9fff。；）)]\d)\d?[.．](?=[\u4e00-\u9fff])")
_INLINE_DASH = re.compile(r"(?<=\s)-(?=\s[^\s\d])")
_GOES_ON = re.compile(r"[\u4e00-\u9fff가-힣]{2}")
_UNENDED = re.compile(
    r"(?:[\u4e00-\u9fff，、,]|[가-힣](?:[을를의은는와과및고며여로]|에서|부터|까지|위한|위해|통해|대한))\s*$"
)
"""Ends of a line that is cut: in Chinese any letter, in Korean a particle or connective."""
_TITLE_CUT = re.compile(r"[^。；：:]*关于[^。；：:]{4,60}$")
_TITLE_ENDS = re.compile(r"[\u4e00-\u9fff、，]{0,40}的(?:通知|意见|办法|规定|决定|公告|通告|方案|批复|复函|函)\s*$")
"""A Chinese title names what it is about, then what it is; where a line ends before that, the next one goes on."""
_SUM_CUT = re.compile(r"\d\s?[조억만]$")
"""A line that ends in the larger part of a Korean sum (총 5조 / 1,929억원)."""
_SHORTEST_FULL = 25
_NEARLY_FULL = 0.85
"""Share of the length of long lines (the fourth fifth) from which a line is full; at least `_SHORTEST_FULL` characters."""
_MOST_CHANCE = 3
"""So many full lines that go on are no chance."""
_OPENS_LEVEL = re.compile(r"\s*(?:[□■ㅇ○◦◇]|[Ⅰ-Ⅻ]|\d{1,2}[.)]\s)")


def split_lines(text: str, furniture: Collection[int] = frozenset()) -> list[Line]:
    """The lines of a text, classified; a line that holds several levels or rows is several.

    `furniture`: numbers, from 1, of lines that are fields of the page, whatever they look like.
    """
    lines, start = [], 0
    for number, raw in enumerate(text.split("\n"), 1):
        end = start + len(raw)
        indent = len(raw) - len(raw.lstrip())
        if number in furniture and raw.strip():
            lines.append(Line(start, end, start + indent, "field"))
            start = end + 1
            continue
        edges = [0, *[c for c in _inline_cuts(raw) if c > indent], len(raw)]
        lines += [classify(text, start + a, start + b) for a, b in pairwise(edges)]
        start = end + 1
    return _with_open_tables(text, _with_covers(text, _joined(text, lines)))


def _joined(text: str, lines: list[Line]) -> list[Line]:
    """Lines that were cut by hand, each made a paragraph, are one again; the text between them stays in it.

    A Chinese line never opens with 的; a title is not ended before it says what it is, nor a sum before its smaller
    part. Where three lines or more are full, unended and followed by an empty line and running text, the text was
    copied from a page and all such lines go on.
    """
    filled = [n for n in lines if n.kind != "blank"]
    lengths = sorted(n.end - n.start for n in filled if n.kind in ("text", "number"))
    full = max(_SHORTEST_FULL, _NEARLY_FULL * lengths[len(lengths) * 4 // 5]) if lengths else 0
    apart = {b.start for a, b in pairwise(lines) if a.kind == "blank"}
    cut, torn = set(), set()
    for a, b in pairwise(filled):
        if b.kind != "text":
            continue
        if _is_sum_cut(text, a, b):
            cut.add(b.start)
        elif a.kind in ("text", "number") and b.start in apart:
            opens, unended = _GOES_ON.match(text, b.body), _UNENDED.search(text, max(a.start, a.end - 40), a.end)
            if unended and opens and (text[b.body] == "的" or _is_title_cut(text, a, b)):
                cut.add(b.start)
            elif unended and opens and a.end - a.start >= full:
                torn.add(b.start)
    joins = cut | torn if len(torn) >= _MOST_CHANCE else cut
    made: list[Line] = []
    for line in lines:
        if line.start in joins:
            while made[-1].kind == "blank":
                made.pop()
            made[-1] = made[-1]._replace(end=line.end)
        else:
            made.append(line)
    return made


def _is_sum_cut(text: str, a: Line, b: Line) -> bool:
    before = text[a.body : a.end].rstrip()
    return _SUM_CUT.search(before) is not None and goes_on(before, text[b.body : b.end])


def _is_title_cut(text: str, a: Line, b: Line) -> bool:
    words = text[a.body : a.end].rstrip()
    unended = _TITLE_CUT.match(words) is not None and _TITLE_ENDS.search(words) is None
    return unended and _TITLE_ENDS.match(text, b.body, b.end) is not None


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
