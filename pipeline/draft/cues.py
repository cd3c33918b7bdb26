"""Cues: alternatives looked for whatever their case, fast on Korean and Chinese text.

A pattern that ignores case is slow, and most alternatives are Hangul or Han, which have no case. So a pattern is
split at its top level: what holds no Latin letter is searched as it stands, the rest only where Latin letters are.
"""

from __future__ import annotations

import re
from functools import lru_cache

_ESCAPE = re.compile(r"\\.")
_LATIN = re.compile(r"[A-Za-z\u0130\u0131\u017f\u212a]")
"""With the four letters that equal an ASCII letter when case is ignored."""
REMEMBERED = 4096
"""How many texts a rule remembers its answer for: several rules, and articles that repeat each other, ask again."""


def has_latin(words: str) -> bool:
    """Whether a pattern that ignores case can find a Latin letter in the words."""
    return _LATIN.search(words) is not None


def alternatives(pattern: str) -> list[str]:
    """The pattern's parts between its outermost `|`."""
    parts, depth, in_class, start, i = [], 0, False, 0, 0
    while i < len(pattern):
        c = pattern[i]
        if c == "\\":
            i += 1
        elif in_class:
            in_class = c != "]"
        elif c == "[":
            in_class = True
        elif c in "()":
            depth += 1 if c == "(" else -1
        elif c == "|" and depth == 0:
            parts.append(pattern[start:i])
            start = i + 1
        i += 1
    return [*parts, pattern[start:]]


class Cues:
    """The alternatives of a pattern, each followed by `tail`; every one with a Latin letter must need that letter."""

    def __init__(self, pattern: str, tail: str = "") -> None:
        parts = alternatives(pattern)
        latin = [p for p in parts if _LATIN.search(_ESCAPE.sub("", p))]
        plain = [p for p in parts if p not in latin]
        self.plain = re.compile(_joined(plain, tail)) if plain else None
        self.latin = re.compile(_joined(latin, tail), re.IGNORECASE) if latin else None

    def within(self, words: str, latin: bool | None = None) -> bool:
        """Whether an alternative stands in the words; `latin`: whether they have Latin letters, if that is known."""
        if self.plain is not None and self.plain.search(words):
            return True
        if self.latin is None or not (has_latin(words) if latin is None else latin):
            return False
        return self.latin.search(words) is not None

    def starts(self, words: str) -> list[int]:
        """Where the alternatives begin in the words, in order."""
        return sorted(m.start() for p in (self.plain, self.latin) if p is not None for m in p.finditer(words))

    def count(self, words: str, latin: bool) -> int:
        """How often an alternative stands in the words."""
        found = len(self.plain.findall(words)) if self.plain is not None else 0
        return found + len(self.latin.findall(words)) if latin and self.latin is not None else found


def _joined(parts: list[str], tail: str) -> str:
    return f"(?:{'|'.join(parts)}){tail}" if tail else "|".join(parts)


def led(words: str) -> str:
    """Alternatives of plain words as a pattern that looks at the first letter before it tries them all."""
    return f"(?=[{''.join(dict.fromkeys(w[0] for w in words.split('|')))}])(?:{words})"


remembered = lru_cache(maxsize=REMEMBERED)
