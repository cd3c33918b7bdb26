"""Rules as data: what a construction is called, its words in each language, what it finds and what it spares.

`finds` and `spares` are examples parted by ` / `. A test reads them: a rule finds the first and spares the second, and
each of its alternatives is the only one that finds some example, so none is dead and none hides another.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from pipeline.draft.cues import HAN, HANGUL, LATIN, scripts_of

_PARTED = " / "


@dataclass(frozen=True)
class Words:
    """Alternatives parted by blanks (a blank of the text is `\\s`), and what must stand before and behind them."""

    listed: str
    before: str = ""
    behind: str = ""

    @property
    def patterns(self) -> list[str]:
        """The pattern of each alternative."""
        return [f"{self.before}(?:{word}){self.behind}" for word in self.listed.split()]

    @property
    def pattern(self) -> str:
        """The pattern of all."""
        return f"{self.before}(?:{'|'.join(self.listed.split())}){self.behind}"


@dataclass(frozen=True)
class Rule:
    """A construction: Latin letters are found whatever their case, each language where its letters stand."""

    name: str
    finds: str
    spares: str = ""
    ko: tuple[Words, ...] = ()
    zh: tuple[Words, ...] = ()
    en: tuple[Words, ...] = ()

    def search(self, words: str, start: int = 0) -> re.Match[str] | None:
        """The first place from `start` on."""
        found = [m for pattern in self._of(words) if (m := pattern.search(words, start)) is not None]
        return min(found, key=lambda m: m.start(), default=None)

    def within(self, words: str) -> bool:
        """Whether the construction stands in the words."""
        scripts = scripts_of(words)
        return any(scripts & script and pattern.search(words) is not None for script, pattern in self._patterns)

    def starts(self, words: str) -> list[int]:
        """Where it begins, in order, none within another."""
        starts, last = [], 0
        for start, end in sorted(m.span() for pattern in self._of(words) for m in pattern.finditer(words)):
            if start >= last:
                starts.append(start)
                last = end
        return starts

    @property
    def alternatives(self) -> list[re.Pattern[str]]:
        """A pattern for each alternative of each language."""
        listed = [(way, 0) for group in (*self.ko, *self.zh) for way in group.patterns]
        listed += [(way, re.IGNORECASE) for group in self.en for way in group.patterns]
        return [re.compile(way, flags) for way, flags in listed]

    @property
    def examples(self) -> tuple[list[str], list[str]]:
        """What it finds, and what it spares."""
        return self.finds.split(_PARTED), self.spares.split(_PARTED) if self.spares else []

    @cached_property
    def _patterns(self) -> tuple[tuple[int, re.Pattern[str]], ...]:
        by_script = ((HANGUL, self.ko, 0), (HAN, self.zh, 0), (LATIN, self.en, re.IGNORECASE))
        return tuple(
            (script, re.compile("|".join(group.pattern for group in groups), flags))
            for script, groups, flags in by_script
            if groups
        )

    def _of(self, words: str) -> list[re.Pattern[str]]:
        scripts = scripts_of(words)
        return [pattern for script, pattern in self._patterns if scripts & script]
