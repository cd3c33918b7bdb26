"""Years counted by an era: 令和8年, 민국 115년, 단기 4358년."""

from __future__ import annotations

import re

_COUNTS = (
    ("令和|레이와", 2018, 1, 3),
    ("平成|헤이세이", 1988, 1, 2),
    ("昭和|쇼와", 1925, 1, 2),
    ("(?<!한)민국|民國|民国", 1911, 2, 3),
    ("主体|主體|주체", 1911, 2, 3),
    ("단기|檀紀", -2333, 4, 4),
    ("불기|佛紀", -544, 4, 4),
)
"""Spellings, the year before the era's first, and how many digits its years have (`단기 2년` is a short term)."""
ERAS = tuple(word.removeprefix("(?<!한)") for words, *_ in _COUNTS for word in words.split("|"))
ERA_SIGNS = frozenset(word[-1] for word in ERAS)
"""All spellings and their last signs: a cheap look before the pattern is tried."""
_ERA = re.compile("(?:" + "|".join(f"(?P<e{i}>{words})" for i, (words, *_) in enumerate(_COUNTS)) + r")[ \u00a0]?$")


def era_year(before: str, digits: str) -> int | None:
    """The year that `digits` mean behind the era that `before` ends with; None where it ends with none.

    >>> era_year("令和", "8")
    2026
    """
    found = _ERA.search(before[-8:])
    if found is None or found.lastgroup is None:
        return None
    _, offset, fewest, most = _COUNTS[int(found.lastgroup[1:])]
    return offset + int(digits) if fewest <= len(digits) <= most else None


def era_start(before: str) -> int:
    """How many characters of `before` its last era and the blank behind it take."""
    found = _ERA.search(before[-8:])
    return 0 if found is None else len(found.group())
