"""Numbers in tables: what names a cell's row, what heads its column, and what that says of a goal (guideline 25)."""

from __future__ import annotations

import bisect
import re
from functools import lru_cache
from typing import NamedTuple

from pipeline.draft.grammar.rules import Rule, remembered
from pipeline.draft.grammar.view import View
from pipeline.draft.grammar.years import YEAR, year_trait
from pipeline.normalise import Quantity, find_quantities, parse_quantity
from schemas.answer import Ref
from schemas.document import ArticleUnit
from schemas.vocabulary import UnitKind

_GOAL_TABLE = Rule("heads a table of goals", ko="목표 지표", zh="指标 目标",
        en=r"target indicator goal measure\sof\ssuccess metric \bKPI", finds="KPI")  # fmt: skip
_GOAL = Rule("heads a column of goals", ko="목표 계획", zh="目标", en=r"target goal", finds="target")  # fmt: skip
_NOW = Rule("heads a column of what is", ko="현재 기준 실적 현황", zh="现状 现有", en="baseline current", finds="현황")  # fmt: skip
_TOTAL = Rule("names a sum of others", ko=r"^\s*소?계\s*$ 합계 총계", zh="合计 总计 累计", en=r"\btotal\b",
        finds="소계 / total", spares="통계 / 계획")  # fmt: skip
_ASIDE = Rule("heads a column of money or remarks", ko="예산 사업비 금액 비고 재원 증감", zh="备注 预算 投资",
        en="budget cost remark note change", finds="예산")  # fmt: skip
_NAMES = re.compile(r"지\s?표|성과\s?목표|指标|indicator|metric", re.IGNORECASE)
_UNITS = re.compile(r"단\s?위|单位|units?", re.IGNORECASE)
_LETTER, _BRACKET = re.compile(r"[^\W\d_]"), re.compile(r"[(（\[][^()（）\[\]]{1,12}[)）\]]\s*$")
_LONGEST_NUMBER = 16
"""A cell with a bare number is no longer (characters)."""
CELL_TRAITS = {"cell": 3, "head_year": 5, "head_says": 5, "in_row": 5, "name": 4, "of_goals": 2}
"""Name of each trait of a number as a table has it, and how many values it has; all are 0 outside tables."""
_OUTSIDE = (0,) * len(CELL_TRAITS)


def is_in_cell(u: ArticleUnit) -> bool:
    """Whether a unit is the cell of a row, none that heads a column."""
    return u.unit.kind is UnitKind.CELL and u.unit.role != "header"


def bare_number(view: View, u: ArticleUnit) -> Quantity | None:
    """The number that a cell holds without a counter (`7,300`), where something names its row; else null."""
    words = view.words(u)
    if len(words) > _LONGEST_NUMBER or not is_in_cell(u) or row_name(view, u) is None:
        return None
    return _bare(words)


@remembered
def _bare(words: str) -> Quantity | None:
    found = parse_quantity(words) if re.search(r"\d", words) else None
    return found if found is not None and found.value is not None and not find_quantities(words) else None


class _Row(NamedTuple):
    """The cells of a row that may name it, in order, and its numbers."""

    named: list[ArticleUnit]
    """Cells of words under a column of indicators."""
    likely: list[ArticleUnit]
    """All cells of words, but those under a column of units."""
    numbers: list[int]
    """Indices of the cells that hold a number and nothing else."""


@lru_cache(maxsize=4)
def _read_row(view: View, row: int) -> _Row:
    cells = view.children[row]
    worded = [(c, head_words(view, c)) for c in cells if _holds_words(view.words(c))]
    return _Row(
        [c for c, head in worded if _NAMES.search(head)],
        [c for c, head in worded if _UNITS.fullmatch(head.strip()) is None],
        [c.unit.index for c in cells if re.search(r"\d", view.words(c)) and not _holds_words(view.words(c))],
    )


def row_name(view: View, u: ArticleUnit) -> ArticleUnit | None:
    """The cell that names the row of a cell: the one under a column of indicators, else the nearest one of words."""
    row = view.row(u)
    if row is None:
        return None
    read = _read_row(view, row.index)
    for names in (read.named, read.likely):
        before = bisect.bisect_right(names, u.unit.start, key=lambda c: c.unit.end)
        if before:
            return names[before - 1]
    return None


def place_of_cell(view: View, u: ArticleUnit) -> Ref:
    """The stretch that states a cell's value: from its row's name to the cell."""
    name = row_name(view, u)
    if name is None:
        return Ref(u=u.id)
    return Ref(u=name.id, from_=view.words(name), to=view.words(u), to_u=u.id)


def cell_traits(view: View, u: ArticleUnit, *, bare: bool) -> tuple[int, ...]:
    """What the table says of a number in a cell, as `CELL_TRAITS` names it."""
    row = view.row(u)
    if row is None or not is_in_cell(u):
        return _OUTSIDE
    name, head = row_name(view, u), head_words(view, u)
    above = " ".join(view.words(h) for h in view.headings(u)[-2:])
    return (
        1 + bare,
        year_trait(view, YEAR.search(head)),
        next((i for i, rule in enumerate((_GOAL, _NOW, _TOTAL, _ASIDE), 1) if rule.within(head)), 0),
        _order(_read_row(view, row.index).numbers, u.unit.index),
        _name_trait(None if name is None else view.words(name)),
        int(_GOAL_TABLE.within(head) or _GOAL_TABLE.within(above) or _GOAL_TABLE.within(_first_head(view, u))),
    )


def _holds_words(words: str) -> bool:
    """Whether a cell says more than a number with its counter."""
    return _LETTER.search(words) is not None and not _is_a_number(words)


@remembered
def _is_a_number(words: str) -> bool:
    found = find_quantities(words)
    left = re.sub(r"[\s,，./~∼()（）→-]", "", "".join(_between(words, found)))
    return bool(found) and len(left) <= 4


def _between(words: str, found: list[Quantity]) -> list[str]:
    edges = [0, *(x for q in found for x in (q.start, q.end)), len(words)]
    return [words[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True)]


def heads_of(view: View, u: ArticleUnit) -> list[ArticleUnit]:
    """What heads the cell's column, then what stands before it in its row.

    Where the columns do not line up, for one head is merged over two of them, the last cell of a row stands under the one
    head of goals.
    """
    own = [view.by_index[i] for i in u.unit.header if i in view.by_index]
    row = view.row(u)
    headed = any(h.unit.role == "header" for h in own)
    if headed or row is None or not is_in_cell(u) or view.children[row.index][-1] is not u:
        return own
    above = [h for h in view.header_rows[row.parent] if h.unit.start < row.start]
    named = [c for h in above[-1:] for c in view.children[h.unit.index]]
    goals = [c for c in named if _GOAL.within(view.words(c)) or YEAR.search(view.words(c)) is not None]
    return [*goals, *own] if len(goals) == 1 else own


def head_words(view: View, u: ArticleUnit) -> str:
    """What heads the cell's column."""
    return " ".join(view.words(h) for h in heads_of(view, u) if h.unit.role == "header")


def _first_head(view: View, u: ArticleUnit) -> str:
    """What heads the first column of the cell's table."""
    row = view.row(u)
    first = view.children[row.index][:1] if row is not None else []
    return head_words(view, first[0]) if first else ""


def _order(numbers: list[int], index: int) -> int:
    """Among the numbers of its row: 0 none of them, 1 the only one, 2 the first, 3 in the middle, 4 the last."""
    at = bisect.bisect_left(numbers, index)
    if at == len(numbers) or numbers[at] != index:
        return 0
    return 1 if len(numbers) == 1 else 2 if at == 0 else 4 if at == len(numbers) - 1 else 3


def _name_trait(name: str | None) -> int:
    """0 no name, 1 words, 2 with a unit in brackets, 3 a sum of others."""
    if name is None:
        return 0
    return 3 if _TOTAL.within(name) else 1 + (_BRACKET.search(name) is not None)
