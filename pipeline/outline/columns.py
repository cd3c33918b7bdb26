"""Tables that no sign of a table marks: with one cell a line, as text taken from PDF and HWP files often has them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.outline.aligned import read_aligned
from pipeline.outline.headings import ENDED
from pipeline.outline.lines import Line
from pipeline.outline.tables import Row, strip_markup

_FIRST = re.compile(
    r"\s*(?:구\s?분|번호|연번|순번|No\.?|지\s?표|항\s?목|과제명?|사업명?|분\s?야|세부\s?과제|序号|指标|项目|任务|[\u4e00-\u9fff]{2,4}(?:类别|名称|领域|任务)|Indicator|Measure|Item|Area)\s*$",
    re.IGNORECASE,
)
_HEADER = re.compile(
    r"\s*(?:구\s?분|지\s?표명?|항\s?목|단\s?위|목\s?표치?|현\s?재|현\s?황|기\s?준|비\s?고|소\s?관|담\s?당|주\s?관|내\s?용|주요\s?내용|세부\s?내용|과\s?제|분\s?야|기\s?관|시\s?기|기\s?한|예\s?산"
    r"|['’‘]?\d{2,4}\s?년?\s?(?:\((?:현재|실적|목표|E|P)\))?\s?(?:목표|실적|현재|계획|말|까지)?|(?:20\d\d|目标|单位|现状|责任单位|牵头单位|属性|内容)+.{0,6}|[\u4e00-\u9fff]{2,4}(?:方向|内容|目标|单位|举措|措施)|\d{4}年(?:目标)?|Target|Baseline|Unit|Owner|Lead|Deadline|Current|20\d\d.{0,10})\s*$",
    re.IGNORECASE,
)  # fmt: skip
_VALUE = re.compile(r"\s*(?:[≥≤<>약△▲~∼-]|\d|제?\d|없음|신규|-$)")
_FIGURE = re.compile(r"(?!['’‘]?(?:20)?\d\d\s?년)[\d.,\s%~∼△▲-]+[가-힣%]{0,3}")
LONGEST_CELL = 60
_STACKED, _WIDEST = 3, 8
_ENDING = 40
"""So many characters, at most, tell whether a line ends its sentence."""


def read_printed(text: str, lines: Sequence[Line], i: int) -> tuple[list[Row], int] | None:
    """The rows (header first) of a table that line `i` begins, a cell a line or a row a line, and the index behind it."""
    return _read_columns(text, lines, i) or _read_stacked(text, lines, i) or read_aligned(text, lines, i)


def _read_columns(text: str, lines: Sequence[Line], i: int) -> tuple[list[Row], int] | None:
    """The rows (header first) of a one-cell-per-line table that starts at line `i`, and the index behind it."""
    if _FIRST.match(_words(text, lines[i])) is None:
        return None
    stop = i
    while (
        stop < len(lines)
        and lines[stop].kind in ("text", "boxed")
        and lines[stop].end - lines[stop].body <= LONGEST_CELL
    ):
        stop += 1
    width = 1
    while i + width < stop and _HEADER.match(_words(text, lines[i + width])):
        width += 1
    if width < 2 or stop - i < 2 * width:
        return None
    cells = [
        (line.start + len(text[line.start : line.end]) - len(text[line.start : line.end].lstrip()), _end(text, line))
        for line in lines[i:stop]
    ]
    header, body = cells[:width], cells[width:]
    rows = _rows(text, body, width)
    return ([_row(header), *map(_row, rows)], stop) if rows else None


def _read_stacked(text: str, lines: Sequence[Line], i: int) -> tuple[list[Row], int] | None:
    """The same of a table whose rows stand apart: in each the same number of lines, a cell a line, a blank line between.

    Portals hand on tables so. One of the columns behind the first holds values, but for its head.
    """
    if i and lines[i - 1].kind != "blank":
        return None
    blocks: list[list[tuple[int, int]]] = []
    at = i
    while block := _block(text, lines, at):
        if blocks and len(block) != len(blocks[0]):
            break
        blocks.append(block)
        at += len(block)
        if at + 1 >= len(lines) or lines[at].kind != "blank" or lines[at + 1].kind == "blank":
            break
        at += 1
    if len(blocks) < _STACKED or not any(_holds_values(text, column) for column in list(zip(*blocks, strict=True))[1:]):
        return None
    return [_row(block) for block in blocks], at


def _block(text: str, lines: Sequence[Line], at: int) -> list[tuple[int, int]]:
    """Two to eight short lines of plain words, none of which ends a sentence; none where there are more or fewer."""
    cells: list[tuple[int, int]] = []
    while at < len(lines) and lines[at].kind in ("text", "boxed"):
        line = lines[at]
        start, end = (
            line.start + len(text[line.start : line.end]) - len(text[line.start : line.end].lstrip()),
            _end(text, line),
        )
        if len(cells) == _WIDEST or end - start > 2 * LONGEST_CELL or text[end - 1] in ".。:：,":
            return []
        cells.append((start, end))
        at += 1
    return cells if len(cells) > 1 and (at == len(lines) or lines[at].kind == "blank") else []


def _holds_values(text: str, column: Sequence[tuple[int, int]]) -> bool:
    """Whether a column is of values behind a head that is none."""
    values = sum(_VALUE.match(text, *cell) is not None for cell in column[1:])
    return _FIGURE.fullmatch(text, *column[0]) is None and 3 * values >= 2 * len(column[1:])


def _rows(text: str, cells: list[tuple[int, int]], width: int) -> list[list[tuple[int, int]]]:
    """Cells in rows; a name that goes on in the next line is joined, where the second column holds values."""
    numeric = sum(_VALUE.match(text, a, b) is not None for a, b in cells[1::width]) * 2 >= len(cells[1::width])
    rows: list[list[tuple[int, int]]] = []
    current: list[tuple[int, int]] = []
    for a, b in cells:
        if len(current) == 1 and numeric and not _VALUE.match(text, a, b):
            current[0] = (current[0][0], b)
            continue
        current.append((a, b))
        if len(current) == width:
            rows.append(current)
            current = []
    return rows


def _row(cells: list[tuple[int, int]]) -> Row:
    return Row(cells[0][0], cells[-1][1], tuple(cells))


def _words(text: str, line: Line) -> str:
    return text[line.start : line.end]


def _end(text: str, line: Line) -> int:
    return line.start + len(text[line.start : line.end].rstrip())


def last_wrapped(text: str, lines: Sequence[Line], i: int) -> int:
    """The last of the lines that carry on a unit, `i` the first: taken up at once, not each with all before it."""
    while i + 1 < len(lines) and lines[i + 1].kind == "text":
        end = strip_markup(text, lines[i].body, lines[i].end)[1]
        ended = ENDED.search(text, max(lines[i].start, end - _ENDING), end)
        if ended or read_printed(text, lines, i + 1) is not None:
            break
        i += 1
    return i
