"""Cues: alternatives looked for whatever their case, fast on Korean and Chinese text.

A pattern that ignores case is slow, and most alternatives are Hangul or Han, which have no case. So a pattern is
split at its top level by the script that an alternative is written in, and looked for where letters of it stand.
"""

from __future__ import annotations

import re
from functools import lru_cache

_ESCAPE = re.compile(r"\\.")
_UNNEEDED = re.compile(r"\(\?<?[!=][^()]*\)|\[\^[^\]]*\]")
"""What an alternative may name without needing it: what stands around it, letters that are not meant."""
_LATIN = re.compile(r"[A-Za-z\u0130\u0131\u017f\u212a]")
"""With the four letters that equal an ASCII letter when case is ignored."""
_HANGUL, _HAN = re.compile(r"[가-힣]"), re.compile(r"[\u4e00-\u9fff]")
HANGUL, HAN, LATIN, ANY = 1, 2, 4, 8
"""Scripts; what is written in none, or in two, is looked for anywhere."""
REMEMBERED = 4096
"""How many texts a rule remembers its answer for: several rules, and articles that repeat each other, ask again."""
remembered = lru_cache(maxsize=REMEMBERED)


def has_latin(words: str) -> bool:
    """Whether a pattern that ignores case can find a Latin letter in the words."""
    return _LATIN.search(words) is not None


@remembered
def scripts_of(words: str) -> int:
    """The scripts that letters in the words are of, as a sum, `ANY` always among them."""
    if words.isascii():
        return ANY | (LATIN * has_latin(words))
    hangul, han = _HANGUL.search(words) is not None, _HAN.search(words) is not None
    return ANY | HANGUL * hangul | HAN * han | LATIN * has_latin(words)


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
    """The alternatives of a pattern, each followed by `tail`; every one must need the letters it is written with."""

    def __init__(self, pattern: str, tail: str = "") -> None:
        parts: dict[int, list[str]] = {}
        for part in alternatives(pattern):
            parts.setdefault(_script(part), []).append(part)
        self.by_script = tuple(
            (script, re.compile(_joined(found, tail), re.IGNORECASE if script == LATIN else 0))
            for script, found in sorted(parts.items())
        )

    def within(self, words: str, scripts: int | None = None) -> bool:
        """Whether an alternative stands in the words; `scripts`: those of the words, if they are known."""
        for script, pattern in self.by_script:
            if (scripts is None or scripts & script) and pattern.search(words) is not None:
                return True
        return False

    def count(self, words: str, scripts: int) -> int:
        """How often an alternative stands in the words."""
        return sum(len(pattern.findall(words)) for script, pattern in self.by_script if scripts & script)


def _script(part: str) -> int:
    """The script that an alternative needs letters of."""
    bare = _ESCAPE.sub("", part)
    if _LATIN.search(bare):
        return LATIN
    needed = _UNNEEDED.sub("", bare)
    hangul, han = _HANGUL.search(needed) is not None, _HAN.search(needed) is not None
    return ANY if hangul == han else HANGUL if hangul else HAN


def _joined(parts: list[str], tail: str) -> str:
    return f"(?:{'|'.join(parts)}){tail}" if tail else "|".join(parts)


def led(words: str) -> str:
    """Alternatives of plain words as a pattern that looks at the first letter before it tries them all."""
    return f"(?=[{''.join(dict.fromkeys(w[0] for w in words.split('|')))}])(?:{words})"
