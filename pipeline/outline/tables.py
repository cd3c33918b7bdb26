"""Tables: rows by tab, pipe or HTML tags; cells with bullets inside; headers repeated after a page end."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

_TAG = re.compile(r"</?(?:ul|ol|li|p|br|table|tbody|thead|tr|td|th|div|span|b|strong|a|img)\b[^<>]*>", re.IGNORECASE)
_CELL_END = re.compile(r"</t[dh]>\s*", re.IGNORECASE)
_LIST_MARKS = "·･‧⋅ㅇ◆◇▸‣⦁❍➊-➓❶-❿①-⑳"
"""What marks items of a cell at its beginning or behind a blank, as a class of a pattern."""
_PIECE = re.compile(
    r"<li[^<>]*>|<br\s*/?>|</p>|</li>|[•▪∙◦○●□■]\s*|(?<=\s)[·ㅇ]\s+|(?<=>)\s*[-–]\s+"
    rf"|(?<![^\s>|])(?:[{_LIST_MARKS}]\s*(?=[^\s\d])|o\s+(?=[가-힣「『‘“]))",
    re.IGNORECASE,
)
_HEAD_WORD = re.compile(
    r"\s*(?:구\s?분|번호|연번|순번|No\.?|분\s?야|지\s?표|항\s?목|과제|사업|주요\s?내용|내용|세부\s?내용|목표|단위|비고|시기|기관|담당|연도|序号|指标|"
    r"项目|类别|内容|目标|Item|Indicator|Target|Area|Category|Measure)",
    re.IGNORECASE,
)
_HEAD_NAME = re.compile(
    r"\s*(?:(?:추진|세부|중점|핵심|실천|이행|단위|관련|주요|소요|사업|정책|지원|성과|완료|조치|협조|소관|담당|주관)\s?)?(?:과제명?|내용|소관|주관|협조|부처|부서|일정"
    r"|기한|시한|시기|계획|현황|실적|예산|재원|근거|대상|규모|유형|방법|방식|방향|효과|조치|비중|물량)\s*"
    r"|(?:序号|(?:主要|重点|工作)?(?:任务|措施|事项|举措)|(?:责任|牵头|配合|主管)(?:单位|部门)|(?:完成)?(?:时限|时间)|进度(?:安排)?|备注)"
    r"|(?:actions?|tasks?|owner|lead|responsible(?:\s\w+)?|timeline|deadline|due(?:\s\w+)?|budget|status|remarks?|notes?)\s*",
    re.IGNORECASE,
)
"""What a column of a table of tasks is called, and nothing else in the cell: 추진과제, 소관, 일정, 牵头单位, deadline."""
_HEAD_YEAR = re.compile(
    r"\s*[~∼]?\s?(?:['’‘ʼ`]\d\d|20\d\d)\s?[年년]?\s?(?:말|까지|도|末|底|实绩)?\s?(?:[(（][^()（）]{1,8}[)）])?\s?(?:목표치?|실적|현재|계획|目标)?\s*"
    r"|\s*(?:[1-4]\s?[분/]\s?(?:기|4분기)|[상하]\s?반기|(?:1[0-2]|[1-9])\s?[월月]|Q[1-4]|第?[一二三四]季度|[上下]半年)\s*"
)
"""A year or a part of one that heads a column: ’26, 2030년, ~’30년, 2024(실적), 2028年目标, 1분기."""
_NUMBER_HEAD = re.compile(
    r"\s*(?:구\s?분|번\s?호|연\s?번|순\s?번|순\s?위|순\s?서|(?:Sl\.?|S\.)?\s?No\.?|#|序号|编号|排名|rank)\s*|\s*",
    re.IGNORECASE,
)
"""What may head a column of running numbers."""
_RUNNING = re.compile(r"(\d{1,3})[.)]?")
_FRAME_MARK = re.compile(r"[Ⅰ-Ⅻ]|I{1,3}|IV|VI{0,3}|IX|X|\d{1,2}|(?:붙임|별첨|참고|附件)\s?\d{0,2}")
_LONGEST_TITLE = 60
LONGEST_HEAD = 24
"""What heads a column is no longer (characters)."""
_PIECE_MARK = re.compile(f"[<>•▪∙◦○●□■{_LIST_MARKS}o–-]", re.IGNORECASE)
_LED = re.compile(r"<li[^<>]*>\s*$", re.IGNORECASE)
"""What stands before a cell's text whose first line is an item of a list: its tag was stripped with the markup."""
_BULLETED = re.compile(r"[•▪∙◦○●□■]|<li")


@dataclass(frozen=True)
class Row:
    """A table row: `cells` are the spans of its cells' raw contents, empty cells included as empty spans."""

    start: int
    end: int
    cells: tuple[tuple[int, int], ...]


def split_row(text: str, start: int, end: int) -> Row:
    """The cells of the table line `text[start:end]`."""
    line = text[start:end]
    if "\t" in line:
        bounds = [m.span() for m in re.finditer("\t", line)]
    elif "<td" in line or "<th" in line:
        bounds = [m.span() for m in _CELL_END.finditer(line)]
    else:
        bounds = [m.span() for m in re.finditer(r"[|│┃]", line)]
    edges = [0, *(b for _, b in bounds)], [*(a for a, _ in bounds), len(line)]
    cells = [strip_markup(text, start + a, start + b) for a, b in zip(*edges, strict=True)]
    if "\t" not in line:  # `| a | b |`: what stands outside the outer bars is no cell
        cells = [c for i, c in enumerate(cells) if c[1] > c[0] or 0 < i < len(cells) - 1]
    filled = [c for c in cells if c[1] > c[0]]
    outer = (filled[0][0], filled[-1][1]) if filled else (start, start)
    return Row(*outer, tuple(cells))


def strip_markup(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without outer white space, HTML tags and `**`."""
    while True:
        while start < end and text[start].isspace():
            start += 1
        while end > start and text[end - 1].isspace():
            end -= 1
        before = (start, end)
        if text.startswith("<", start, end) and (tag := _TAG.match(text, start, end)):
            start = tag.end()
        if (
            text.endswith(">", start, end)
            and (last := text.rfind("<", start, end)) >= 0
            and _TAG.fullmatch(text, last, end)
        ):
            end = last
        if (start, end) == before:
            return start, end


def split_cell(text: str, start: int, end: int) -> list[tuple[int, int, bool]]:
    """The pieces of a cell: (start, end, bulleted). One piece where nothing divides it."""
    marks = list(_PIECE.finditer(text, start, end)) if _PIECE_MARK.search(text, start, end) else []
    edges = [start, *(m.end() for m in marks)], [*(m.start() for m in marks), end]
    led = text.rfind("<", max(0, start - 80), start) >= 0 and _LED.search(text, max(0, start - 80), start) is not None
    pieces = []
    for i, (a, b) in enumerate(zip(*edges, strict=True)):
        a, b = strip_markup(text, a, b)
        if b > a:
            mark = marks[i - 1].group().lower() if i > 0 else "<li" if led else "<br"
            bulleted = mark[0] != "<" or mark.startswith("<li")
            pieces.append((a, b, bulleted))
    return pieces


def align_heads(text: str, rows: Sequence[Row]) -> Sequence[Row]:
    """The rows of a table with each head over its column.

    A column of running numbers is often printed without a head (`구분 | 지표 | 목표` over `녹색생산 | 1 | … | …`): the heads
    behind it stand one place off, and the last column has none.
    """
    widths = {len(row.cells) for row in rows[1:]}
    if len(widths) != 1 or not is_header(text, rows[0], rows[1]):
        return rows
    head, body = rows[0], rows[1:]
    width = widths.pop()
    bare = head.cells[-1][0] == head.cells[-1][1]
    heads = head.cells[:-1] if bare and len(head.cells) == width else head.cells
    if len(heads) != width - 1:
        return rows
    at = next((column for column in range(width) if _runs(text, body, column)), None)
    if at is None or at >= len(heads) or _NUMBER_HEAD.fullmatch(text, *heads[at]):
        return rows
    none = (heads[at][0], heads[at][0])
    return [replace(head, cells=(*heads[:at], none, *heads[at:])), *body]


def framed_title(text: str, rows: Sequence[Row]) -> tuple[str, tuple[int, int]] | None:
    """The number and the words of a title that is printed in a frame of one row: `| Ⅱ | | 지원 내용 |`."""
    cells = [(a, b) for a, b in rows[0].cells if b > a] if len(rows) == 1 else []
    if len(cells) != 2 or _FRAME_MARK.fullmatch(text, *cells[0]) is None:
        return None
    words = text[slice(*cells[1])]
    named = (
        len(words) <= _LONGEST_TITLE
        and re.search(r"[^\W\d_]{2}", words)
        and not re.search(r"[.。:：]$|<|\d[\d.,]*\s?%?$", words)
    )
    return (text[slice(*cells[0])], cells[1]) if named else None


def _runs(text: str, rows: Sequence[Row], column: int) -> bool:
    """Whether a column holds 1, 2, 3 … and nothing else, in three rows at least and in most of them."""
    words = [text[a:b] for a, b in (row.cells[column] for row in rows) if b > a]
    found = [int(m[1]) for m in map(_RUNNING.fullmatch, words) if m is not None]
    running = found == list(range(found[0], found[0] + len(found))) if found else False
    return running and len(found) == len(words) >= 3 and len(words) * 2 > len(rows)


def names_columns(cells: Sequence[str]) -> bool:
    """Whether the cells of a row are what columns are called: by their words, or because two of them are years."""
    named = sum(bool(_HEAD_WORD.match(c) or _HEAD_NAME.fullmatch(c)) for c in cells)
    years = sum(_HEAD_YEAR.fullmatch(c) is not None for c in cells)
    return named >= 2 or years >= 2 or _HEAD_WORD.match(cells[0]) is not None


_IN_UNITS = re.compile(r"[(（](?:단위\s?[:：]?\s?)?[가-힣%]{1,5}[)）]$")
"""투자규모(억원): the head of a column of numbers."""


def is_header(text: str, row: Row, following: Row | None) -> bool:
    """Whether a row names columns: words only, short, and the rows below differ from it."""
    cells = [text[a:b] for a, b in row.cells if b > a]
    if len(cells) < 2 or any(len(c) > LONGEST_HEAD or _BULLETED.search(c) for c in cells):
        return False
    if names_columns(cells):
        return True
    if following is None:
        return False
    below = [text[a:b] for a, b in following.cells if b > a]
    numeric = [bool(re.match(r"[\d≥≤<>약.,%-]+", c)) for c in below]
    measured = any(n and _IN_UNITS.search(c) for n, c in zip(numeric, cells, strict=False)) and len(below) == len(cells)
    words = not any(re.match(r"[\d≥≤]", c) for c in cells) and sum(numeric) * 2 >= len(below) > 0
    return measured or words
