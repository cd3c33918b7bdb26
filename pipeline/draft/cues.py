"""The scripts that words are written in: what is looked for is looked for only where letters of it stand."""

from __future__ import annotations

import re
from functools import lru_cache

_LATIN = re.compile(r"[A-Za-z\u0130\u0131\u017f\u212a]")
"""With the four letters that equal an ASCII letter when case is ignored."""
_HANGUL, _HAN = re.compile(r"[가-힣]"), re.compile(r"[\u4e00-\u9fff]")
HANGUL, HAN, LATIN = 1, 2, 4
REMEMBERED = 4096
"""How many texts a rule remembers its answer for: several rules, and articles that repeat each other, ask again."""
remembered = lru_cache(maxsize=REMEMBERED)


@remembered
def scripts_of(words: str) -> int:
    """The scripts that letters in the words are of, as a sum."""
    if words.isascii():
        return LATIN * (_LATIN.search(words) is not None)
    hangul, han, latin = (pattern.search(words) is not None for pattern in (_HANGUL, _HAN, _LATIN))
    return HANGUL * hangul | HAN * han | LATIN * latin
