"""A number phrase alone: the raw span of a target, a table's cell. Read whole, or null where it cannot be."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from pipeline.normalise.chains import STEP
from pipeline.normalise.comparators import comparator_before, comparator_in
from pipeline.normalise.numbers import LEADING, find_quantities, is_name, is_torn
from pipeline.normalise.phrase import STRONG, Quantity, grow
from pipeline.normalise.scales import NUMBER, number_of, plain, read_numeral
from pipeline.normalise.spelled import read_alone
from pipeline.normalise.unseen import visible
from schemas.vocabulary import Comparator


def parse_quantity(raw: str) -> Quantity | None:
    """The value of one raw span: its first number phrase, or the bare number that a table cell holds.

    The value is None where a numeral stands that cannot be read whole (`1 ,200개`, `12.000 jobs`), and where △ stands
    before it outside brackets: there it may be a minus or a mark.
    """
    raw = visible(raw)
    if "$" in raw and "\\" in raw:
        raw = _plain_latex(raw)
    counted = _WITH_BRACKET.match(raw)
    if counted and [share.unit for share in find_quantities(counted["inner"])] == ["%"]:
        return _bare_cell(counted["count"])
    found = find_quantities(raw)
    quantity = _joined(raw, found) if found else _bare_cell(raw) or _unread(raw)
    if quantity is not None and quantity.value is not None and _TRIANGLE.search(raw, 0, quantity.start + 1):
        return _below_zero(raw, quantity)
    if quantity is None or quantity.comparator is not Comparator.EQ:
        return quantity
    stated = comparator_in(raw)
    return replace(quantity, comparator=stated) if stated in (*STRONG, Comparator.APPROX) else quantity


# 5 (10%): how many, and which share that is. The share is no value of the cell.
_WITH_BRACKET = re.compile(
    r"(?P<count>[ \u00a0]*[0-9０-９][0-9０-９,，.]{0,14})[ \u00a0]?[(（](?P<inner>[^()（）]{1,16})[)）][ \u00a0]*$"
)


def _joined(raw: str, found: list[Quantity]) -> Quantity:
    """The first phrase; what it rises to where nothing but arrows and their years stand between (100개 → 200개); both
    ends where it has a lower and an upper one (19세 이상 34세 이하).
    """
    first, last = found[0], found[-1]
    steps = [STEP.fullmatch(raw, one.end, other.start) for one, other in pairwise(found)]
    if steps and all(steps) and (last.value is None or all(q.unit == first.unit for q in found)):
        return last
    if len(found) != 2 or first.unit != last.unit:
        return first
    between, low, high = raw[first.end : last.start], first.value, last.value
    both = (first.comparator, last.comparator) == (Comparator.GE, Comparator.LE)
    if both and not between.strip(" \u00a0,~∼") and low is not None and high is not None and low < high:
        return Quantity(first.start, last.end, low, high, first.unit, Comparator.RANGE)
    return first


_TRIANGLE = re.compile(r"[△▲][ \u00a0]?(?=[0-9０-９])")
_BRACKETED = re.compile(
    r"^[ \u00a0]*[(（\[][ \u00a0]*[△▲]|^[ \u00a0]*[△▲][ \u00a0]?[0-9０-９.,]+[ \u00a0]*[%％]?[ \u00a0]*$"
)


def _below_zero(raw: str, quantity: Quantity) -> Quantity:
    """△ and ▲ are a minus in brackets and where they and a number are the whole cell."""
    if quantity.value is None or quantity.value_max is not None or not _BRACKETED.search(raw):
        return replace(quantity, value=None, value_max=None)
    return replace(quantity, value=-quantity.value)


def _unread(raw: str) -> Quantity | None:
    """A numeral that cannot be read whole: a phrase without a value. None where no numeral is torn."""
    for digits in LEADING.finditer(raw):
        numeral = read_numeral(raw, digits.start())
        if is_name(raw, digits.start(), digits.end()):
            continue
        if numeral is None or is_torn(raw, digits.start(), numeral.end):
            return _null(raw)
    return None


def _null(raw: str) -> Quantity:
    return Quantity(0, len(raw), None, None, None, comparator_in(raw) or Comparator.EQ)


_SIGNED = re.compile(r"(?:^|[(（\[<>≤≥＜＞=~ ])[-−－负負]$")
_LETTER, _FIGURE = re.compile(r"[A-Za-z가-힣一-龥]"), re.compile(r"[0-9０-９]")
_MONTH = re.compile(r"[ \u00a0]*(?:['‘’`]\d\d|(?:19|20)\d\d)[.．](?:0?[1-9]|1[0-2])[.．]?[ \u00a0]*")
_DASH, _COMPARED = re.compile(r"[-–—−－]"), re.compile(r"[<>＜＞=≤≥≦≧]")


def _bare_cell(raw: str) -> Quantity | None:
    """The number that a cell holds alone: `1,234`, `-5.2`, `<-30`, `.5`, `4천 3백`, `一百五十`.

    Without a value where a dash stands apart (`- 5`: a minus or a bullet), a comparison reads backwards (`5 >=`), and
    where it may be the month of a year (`2014.10`, `'24.6`).
    """
    if _MONTH.fullmatch(raw):
        return _null(raw)
    worth = read_alone(raw.strip())
    if worth is not None:
        return Quantity(0, len(raw), number_of(worth), None, None, Comparator.EQ)
    found = re.search(NUMBER, raw)
    if found is None or is_name(raw, found.start(), found.end()):
        return None
    start = found.start()
    numeral = read_numeral(raw, start)
    if numeral is None or _FIGURE.search(raw, numeral.end):
        return None
    before, behind = raw[:start], raw[numeral.end :]
    value: Decimal | None = numeral.value
    if before.endswith((".", "．")):
        value, start, before = _behind_point(found.group(), numeral.value), start - 1, before[:-1]
    if value is not None and _SIGNED.search(before):
        value, start, before = -value, start - 1, before[:-1]
    if _LETTER.search(before + behind):
        return None
    unmarked = behind if comparator_before(raw, start) else before + behind
    if (
        value is None
        or "±" in before
        or behind.lstrip(" ")[:1] in tuple("~∼～〜")
        or _DASH.search(before)
        or _COMPARED.search(unmarked)
    ):
        return _null(raw)
    return grow(raw, start, 0, (value, None), None, numeral.end)[0]


def _behind_point(digits: str, value: Decimal) -> Decimal | None:
    """`5` of `.5`: half of one."""
    return plain(f"0.{digits}") if digits.isdecimal() and value == plain(digits) else None


_LATEX = (
    (re.compile(r"\\(?:text|mathrm|mathit|operatorname)\{([^{}]*)\}"), r"\1"),
    (re.compile(r"\\mu\s?"), "μ"),
    (re.compile(r"\\(?:cdot|times)\s?"), "·"),
    (re.compile(r"\^\{?2\}?"), "²"),
    (re.compile(r"\^\{?3\}?"), "³"),
    (re.compile(r"[\\${}]"), ""),
)


def _plain_latex(raw: str) -> str:
    """Units that a PDF reader wrote as LaTeX (`$\\mu\\text{g}/\\text{m}^3$`) in plain letters, to read values only."""
    for pattern, letters in _LATEX:
        raw = pattern.sub(letters, raw)
    return raw
