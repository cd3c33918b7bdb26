"""Decomposed Hangul (NFD, as some systems write it) put together for reading, with the way back to the source.

Rules and tables know syllables, not letters. The text is composed for the steps only: every span that comes
out is mapped back, so that offsets and words are those of the source as it stands.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_SYLLABLE = re.compile("[\u1100-\u1112][\u1161-\u1175][\u11a8-\u11c2]?")


@dataclass(frozen=True)
class Composed:
    """A text with its syllables put together.

    `source[i]` is where character `i` starts in the source; one more entry stands for the end.
    """

    text: str
    source: tuple[int, ...]

    def back(self, start: int, end: int) -> tuple[int, int]:
        """The source offsets of `text[start:end]`."""
        return self.source[start], self.source[end]


def compose(text: str) -> Composed | None:
    """The composed text, or None where nothing is decomposed (the usual case, told by one search)."""
    if _SYLLABLE.search(text) is None:
        return None
    pieces: list[str] = []
    source: list[int] = []
    at = 0
    for match in _SYLLABLE.finditer(text):
        pieces.append(text[at : match.start()])
        source.extend(range(at, match.start()))
        pieces.append(unicodedata.normalize("NFC", match.group()))
        source.append(match.start())
        at = match.end()
    pieces.append(text[at:])
    source.extend(range(at, len(text) + 1))
    return Composed("".join(pieces), tuple(source))
