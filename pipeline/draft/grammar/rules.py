"""Rules as data: what a construction is called, its words in each language, what it finds and what it spares.

`finds` and `spares` are examples parted by ` / `; a plain word is an example of itself. A test reads them: a rule finds
the first and spares the second, and each of its alternatives is the only one that finds some example, so none is dead
and none hides another.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TypeVar

_Kind = TypeVar("_Kind")
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


def either(words: str) -> str:
    """Words parted by blanks as alternatives of a pattern."""
    return "|".join(words.split())


@dataclass(frozen=True)
class Words:
    """Alternatives parted by blanks (a blank of the text is `\\s`), and what must stand before and behind them."""

    listed: str
    before: str = ""
    behind: str = ""
    shown: str | None = None
    """What stands behind each plain word in the example of it; null where it needs one of `finds`."""

    @property
    def pattern(self) -> str:
        """The pattern of all."""
        return f"{self.before}(?:{either(self.listed)}){self.behind}"


@dataclass(frozen=True)
class Rule:
    """A construction: Latin letters are found whatever their case, each language where its letters stand."""

    name: str
    finds: str = ""
    spares: str = ""
    ko: str | tuple[Words, ...] = ()
    zh: str | tuple[Words, ...] = ()
    en: str | tuple[Words, ...] = ()

    def search(self, words: str, start: int = 0) -> re.Match[str] | None:
        """The first place from `start` on."""
        found = [m for pattern in self._of(words) if (m := pattern.search(words, start)) is not None]
        return min(found, key=lambda m: m.start(), default=None)

    def within(self, words: str) -> bool:
        """Whether the construction stands in the words."""
        scripts = scripts_of(words)
        for script, pattern in self._patterns:  # noqa: SIM110 - asked a thousand times a document, and faster so
            if scripts & script and pattern.search(words) is not None:
                return True
        return False

    def count(self, words: str) -> int:
        """How often it stands in the words."""
        scripts, found = scripts_of(words), 0
        for script, pattern in self._patterns:
            if scripts & script:
                found += len(pattern.findall(words))
        return found

    def starts(self, words: str) -> list[int]:
        """Where it begins, in order, none within another."""
        return [start for start, _ in self.spans(words)]

    def spans(self, words: str) -> list[tuple[int, int]]:
        """Where it begins and ends, in order, none within another."""
        spans, last = [], 0
        for start, end in sorted(m.span() for pattern in self._of(words) for m in pattern.finditer(words)):
            if start >= last:
                spans.append((start, end))
                last = end
        return spans

    @property
    def english(self) -> str:
        """The pattern of its English words, as a part of a longer one."""
        return "|".join(words.pattern for words in _listed(self.en))

    @cached_property
    def _patterns(self) -> tuple[tuple[int, re.Pattern[str]], ...]:
        written = ((HANGUL, self.ko, 0), (HAN, self.zh, 0), (LATIN, self.en, re.IGNORECASE | re.DOTALL))
        return tuple(
            (script, re.compile("|".join(group.pattern for group in _listed(words)), flags))
            for script, words, flags in written
            if words
        )

    def _of(self, words: str) -> list[re.Pattern[str]]:
        scripts = scripts_of(words)
        return [pattern for script, pattern in self._patterns if scripts & script]


def _listed(words: str | tuple[Words, ...]) -> tuple[Words, ...]:
    return (Words(words),) if isinstance(words, str) else words


def first_of(kinds: Iterable[tuple[_Kind, Rule]], words: str) -> _Kind | None:
    """The first kind whose rule stands in the words."""
    return next((kind for kind, rule in kinds if rule.within(words)), None)
