"""`"LINE: quote"` as the gold files write spans, turned into exact spans of a document's text.

White space in a quote matches any white space of the source (a line break included), `[...]` stands for
everything up to the first occurrence of the words behind it, `LINE#2` names the second occurrence on the
line and `LINE-LINE2` a quote that goes on to a later line. Nothing else is loosened.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property

from schemas.records import Extent, Span

_SPEC = re.compile(r"^(\d+)(?:-(\d+))?(?:#(\d+))?:\s(.*)$", re.DOTALL)
ELLIPSIS = "[...]"


class QuoteNotFound(ValueError):
    """A quote does not stand where it says; the message says what to fix."""


class Lines:
    """A text with its line starts. Lines are numbered from 1 and end at LF."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """Offset of the first character of every line."""
        return (0, *(i + 1 for i, c in enumerate(self.text) if c == "\n"))

    def line_of(self, offset: int) -> int:
        """Number of the line in which the character at `offset` stands."""
        return bisect_right(self.starts, offset)

    def extent(self, first: int, last: int) -> Extent:
        """The stretch from the start of line `first` to the end of line `last` (its line break included)."""
        if not 1 <= first <= last <= len(self.starts):
            message = f"lines {first} to {last} are no range of this document, which has {len(self.starts)} lines"
            raise QuoteNotFound(message)
        end = self.starts[last] if last < len(self.starts) else len(self.text)
        return Extent(start=self.starts[first - 1], end=end)


def _pattern(quote: str) -> re.Pattern[str]:
    parts = (r"\s+".join(re.escape(word) for word in part.split()) for part in quote.split(ELLIPSIS))
    return re.compile(r".*?".join(parts), re.DOTALL)


def resolve(spec: str, lines: Lines) -> Span:
    """The span that `spec` names. Raises `QuoteNotFound` unless it stands exactly and only where it says."""
    parsed = _SPEC.match(spec.strip())
    if parsed is None or not parsed[4].strip():
        raise QuoteNotFound(f"write 'LINE: verbatim quote', not {_short(spec)}")
    first, last = int(parsed[1]), int(parsed[2] or parsed[1])
    quote = parsed[4].strip()
    pattern = _pattern(quote)
    found = _occurrences(pattern, lines, lines.extent(first, last), several_lines=last > first)
    starting = [m for m in found if lines.line_of(m.start()) == first]
    if not starting:
        raise QuoteNotFound(_not_found(quote, first, last, pattern, lines))
    fitting = [m for m in starting if lines.line_of(m.end() - 1) == last]
    if not fitting:
        ends = lines.line_of(starting[0].end() - 1)
        where = f"{first}-{ends}" if ends > first else str(first)
        raise QuoteNotFound(f"{_short(quote)} ends on line {ends}, not {last}; write '{where}: …'")
    if parsed[3] is None and len(fitting) > 1:
        raise QuoteNotFound(f"{_short(quote)} occurs {len(fitting)} times there; say which with '{first}#2: …'")
    nth = int(parsed[3] or 1)
    if not 1 <= nth <= len(fitting):
        raise QuoteNotFound(f"{_short(quote)} occurs {len(fitting)} times from line {first}; there is no #{nth}")
    match = fitting[nth - 1]
    return Span(start=match.start(), end=match.end(), text=match.group())


def _occurrences(pattern: re.Pattern[str], lines: Lines, extent: Extent, *, several_lines: bool) -> list[re.Match[str]]:
    """Where the quote stands. Over several lines also what overlaps an earlier find: that may end too soon."""
    if not several_lines:
        return [m for m in pattern.finditer(lines.text, extent.start, extent.end) if m.group()]
    found, position = [], extent.start
    while match := pattern.search(lines.text, position, extent.end):
        found.append(match)
        position = match.start() + 1
    return found


def _not_found(quote: str, first: int, last: int, pattern: re.Pattern[str], lines: Lines) -> str:
    where = f"line {first}" if first == last else f"lines {first}-{last}"
    elsewhere = pattern.search(lines.text)
    if elsewhere is None or not elsewhere.group() or ELLIPSIS in quote:
        return f"not found on {where}: {_short(quote)}"
    return f"not found on {where} but from line {lines.line_of(elsewhere.start())}: {_short(quote)}"


def _short(quote: str) -> str:
    words = " ".join(quote.split())
    return f"“{words[:70]}…”" if len(words) > 70 else f"“{words}”"
