"""Sums that a line end breaks (`5조` / `1,929억원`): read as one where they can be, else not at all."""

from __future__ import annotations

import re

_RANKS = {letter: rank for rank, letters in enumerate(("천千", "만万萬", "억亿億", "조兆"), 1) for letter in letters}
_BIG = "".join(letter for letter, rank in _RANKS.items() if rank > 1)
_NEXT = rf"[0-9][0-9,]{{0,8}}(?:\.[0-9]{{1,6}})?[ ]?(?:[천백십千百十]?[{_BIG}]|[천千]|[원元명名人])"
_BREAK = re.compile(rf"(?<=[0-9][{_BIG}])(?P<gap>[ ]?\n[ ]?)(?=(?P<next>{_NEXT}))")
_DIGITS_CUT = re.compile(r"[0-9]{1,3}[,，][ \t]?\n[ \t]?$")
_BEFORE, _BEHIND = 8, 24
"""So far before and behind a number its other part is looked for (characters)."""


def over_lines(text: str) -> str:
    """The text, as long as it was, with a blank for each line end between the parts of one sum."""
    if "\n" not in text:
        return text
    return _BREAK.sub(lambda m: " " if m["gap"] == "\n" and _is_smaller(m) else m["gap"], text)


def is_cut_off(text: str, start: int, end: int) -> bool:
    """Whether a line end parts a number from its rest: `1,` / `200억원`, or a sum with blanks at the break."""
    if "\n" in text[max(0, start - 2) : start] and (
        _DIGITS_CUT.search(text, max(0, start - _BEFORE), start) or _breaks(text, max(0, start - _BEFORE), start)
    ):
        return True
    return "\n" in text[end : end + 2] and _breaks(text, end - 2, end)


def _breaks(text: str, start: int, at: int) -> bool:
    """Whether a sum breaks near a place."""
    found = (_BREAK.match(text, k, at + _BEHIND) for k in range(max(0, start), at + 1))
    return any(m is not None and _is_smaller(m) for m in found)


def _is_smaller(parts: re.Match[str]) -> bool:
    """Whether the second part is of a smaller scale: 억 under 조, or none at all."""
    first, second = _RANKS[parts.string[parts.start() - 1]], max((_RANKS.get(c, 0) for c in parts["next"]), default=0)
    return second < first
