"""Goal tables: each row is an indicator, its value under the column of goals a target (guideline 25)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.draft.rules import Rule
from pipeline.draft.view import View
from pipeline.normalise import Quantity, comparator_in, find_deadline, find_quantities, parse_quantity
from schemas.answer import Ref, TargetA
from schemas.document import ArticleUnit
from schemas.vocabulary import Comparator, UnitKind

_GOAL_TABLE = Rule("heads a table of goals", ko="목표 지표", zh="指标 目标",
        en=r"target indicator goal measure\sof\ssuccess metric \bKPI", finds="KPI")  # fmt: skip
_LIKE_VALUE = re.compile(r"(?:약|≥|≤|>|<|[△▲-]?\d|1인당)|초과|이상|이하|평균|average|폐지|수준|[≥≤]|절반|두\s?배")
_YEAR = re.compile(r"(?:20\d\d|['’‘]\d\d)(?:\s?[年년])?")
_NOW = Rule("heads a column of what is", ko="현재 기준 실적 현황", zh="现状", en="baseline current")  # fmt: skip


def tabled_targets(view: View) -> list[TargetA]:
    """A target for each row of the tables that by their header or heading state goals."""
    answers = []
    for row in (u for u in view.units if u.unit.kind is UnitKind.ROW and u.unit.role != "header"):
        header = _header_cells(view, row)
        above = view.headings(row)[-2:]
        if not any(_GOAL_TABLE.within(view.words(h)) for h in (*header, *above)):
            continue
        answer = _row_target(view, row, header)
        if answer is not None:
            answers.append(answer)
    return answers


def _header_cells(view: View, row: ArticleUnit) -> list[ArticleUnit]:
    """The header cells of the row's table: the last header above it under the same headings, of one row or two."""
    above = [u for u in view.header_rows[row.unit.parent] if u.unit.start < row.unit.start]
    last = [c for head in above[-1:] for c in view.children[head.unit.index] if c.unit.role == "header"]
    over = {i for cell in last for i in cell.unit.header}
    first = [c for head in above[-2:-1] for c in view.children[head.unit.index] if over]
    return [*first, *last]


def _row_target(view: View, row: ArticleUnit, header: list[ArticleUnit]) -> TargetA | None:
    cells = [c for c in view.children[row.unit.index] if c.unit.kind in (UnitKind.CELL, UnitKind.BULLET)]
    found = _value_cell(view, cells, header)
    if found is None:
        return None
    value, column = found
    names = [c for c in cells if c.unit.end <= value.unit.start and not re.fullmatch(r"[\d.\s()-]*", view.words(c))]
    if not names:
        return None
    name = _nearest_name(view, names, header)
    words = view.words(value)
    quantities = find_quantities(words)
    read = quantities[0] if quantities else parse_quantity(words)
    comparator = read.comparator if read is not None else comparator_in(words) or Comparator.EQ
    if comparator is Comparator.EQ and read is None and not re.search(r"\d", words):
        comparator = Comparator.REFERENCE
    return TargetA(
        at=Ref(u=name.id, from_=view.words(name), to=words, to_u=value.id),
        indicator=Ref(u=name.id),
        raw=_raw(view, value, quantities),
        comparator=comparator,
        deadline=year_of(view, column),
    )


def _nearest_name(view: View, names: list[ArticleUnit], header: list[ArticleUnit]) -> ArticleUnit:
    """The indicator's own cell: under a column called 지표 if the columns line up, else the last cell with words only."""
    for cell in names:
        if any(
            h.unit.index in cell.unit.header
            and _GOAL_TABLE.within(view.words(h))
            and not re.search(r"\d|목표|目标|target", view.words(h))
            for h in header
        ):
            return cell
    wordy = [c for c in names if not re.match(r"[\d≥≤<>약]", view.words(c))]
    return (wordy or names)[-1]


def _raw(view: View, value: ArticleUnit, quantities: Sequence[Quantity]) -> Ref:
    """The number phrase of a value cell: the quantity with its comparator, or the whole cell."""
    if len(quantities) == 1 and quantities[0].start > 0 and not re.search(r"[≥≤<>]|\$", view.words(value)):
        return view.ref(value, quantities[0].start, quantities[0].end, number=True)
    return Ref(u=value.id)


def _value_cell(
    view: View, cells: list[ArticleUnit], header: list[ArticleUnit]
) -> tuple[ArticleUnit, ArticleUnit] | None:
    """The goal's cell and its column header: the column called 목표, or the last one."""
    goals = [
        h
        for h in header
        if re.search(r"목표|目标|target|goal|20\d\d|['’‘]\d\d(?:년|$|[^\d.])", view.words(h), re.IGNORECASE)
        and not _NOW.within(view.words(h))
    ]
    for goal in reversed(goals if len(goals) > 1 or not _LIKE_VALUE.match(view.words(cells[-1])) else ()):
        for cell in cells:
            if goal.unit.index in cell.unit.header and _is_like_a_value(view.words(cell)):
                return cell, goal
    filled = [c for c in cells if view.words(c).strip() not in ("-", "–", "")]
    likely = len(filled) > 1 and goals and _is_like_a_value(view.words(filled[-1]))
    return (filled[-1], goals[-1]) if likely else None


def _is_like_a_value(words: str) -> bool:
    return len(words) <= 60 and _LIKE_VALUE.search(words) is not None


def year_of(view: View, u: ArticleUnit) -> Ref | None:
    """The deadline in a unit that frames a goal: a column's header, a heading; or the year in it."""
    words = view.words(u)
    found, year = find_deadline(words, issue=view.article.issue_date), _YEAR.search(words)
    span = found[1] if found is not None else year.span() if year is not None else None
    return view.ref(u, *span) if span is not None else None
