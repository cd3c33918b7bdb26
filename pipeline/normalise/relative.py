"""Words that tell a year or month by its distance from the date of issue: 지난해, 내후년, 后年, 다음 달, 上月."""

from __future__ import annotations

import re
from collections.abc import Mapping

YEARS = {
    -2: ("재작년", "그러께", "前年"),
    -1: ("지난[ ]?해", "작년", "전년", "去年", "上年", "last year"),
    0: ("올해", "금년", "今年", "本年", "this year", "올"),
    1: ("내년", "明年", "next year"),
    2: ("내후년", "후년", "后年", "後年"),
}
"""Words of years by their distance in years."""
MONTHS = {
    -1: ("지난[ ]?달", "전월", "上个月", "上月", "last month"),
    0: ("이번[ ]?달", "이달", "금월", "本月", "this month"),
    1: ("다음[ ]?달", "내달", "下个月", "下月", "next month"),
}
"""Words of months by their distance in months."""
_ELSEWHERE = "다음[ ]?해|이듬해|그[ ]?해|새해|익년|翌年|次年"
"""Words that count from something else in the text, or from a year that is not certain: the year stays unknown."""


def _named(table: Mapping[int, tuple[str, ...]], spared: str = "") -> tuple[str, dict[str, int]]:
    """An alternative with a group for each distance, and what each group means."""
    names = {f"{'n' if shift < 0 else 'p'}{abs(shift)}": shift for shift in table}
    kept = (
        f"(?P<{name}>{'|'.join(word for word in table[shift] if word not in spared.split())})"
        for name, shift in sorted(names.items(), key=lambda item: -abs(item[1]))
    )
    return "|".join(kept), names


_WORDS, _SHIFTS = _named(YEARS)
_BEFORE = re.compile(
    rf"(?:{_WORDS}|(?P<coming>오는|다가오는|(?<![a-z])(?:next|this coming))|(?P<past>지난|(?<![a-z])(?:last|this past))"
    rf"|(?P<elsewhere>{_ELSEWHERE}))(?:도)?[ \u00a0\u3000]{{0,3}}$",
    re.IGNORECASE,
)
_ALONE_WORDS, _ = _named(YEARS, "전년 올 本年")
_ALONE = re.compile(
    rf"(?:{_ALONE_WORDS}|(?P<p0b>올(?=[ ]?(?:[상하]반기|[1-4]{{1}}/?4?분기|연?[초말]))))", re.IGNORECASE
)
_MONTH_WORDS, _MONTH_SHIFTS = _named(MONTHS)
_MONTH_BEFORE = re.compile(rf"(?:{_MONTH_WORDS})[ \u00a0]?$", re.IGNORECASE)
COMING = 100
"""Not a distance: the next one after the issue date (오는 9월)."""
PAST = 102
"""Not a distance: the last one before the issue date (지난 9월)."""
UNKNOWN = 101
"""Not a distance: the year is told by a word that does not say which (이듬해, 새해)."""


def year_before(words: str) -> tuple[int, int] | None:
    """The distance in years of the word that `words` ends with, and where the word starts."""
    found = _BEFORE.search(words)
    if found is None or found.lastgroup is None:
        return None
    special = {"coming": COMING, "past": PAST, "elsewhere": UNKNOWN}
    return special.get(found.lastgroup, _SHIFTS.get(found.lastgroup, UNKNOWN)), found.start()


def year_alone(words: str) -> int | None:
    """The distance in years of the first word in `words` that names a year by itself."""
    found = _ALONE.search(words)
    if found is None or found.lastgroup is None:
        return None
    return _SHIFTS.get(found.lastgroup, 0)


def month_before(words: str) -> tuple[int, int] | None:
    """The distance in months of the word that `words` ends with (지난달), and where the word starts."""
    found = _MONTH_BEFORE.search(words)
    return None if found is None or found.lastgroup is None else (_MONTH_SHIFTS[found.lastgroup], found.start())
