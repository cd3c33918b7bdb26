"""The head in YAML at the top of a Markdown file: between two lines `---`, what its page says of itself."""

from __future__ import annotations

import re

_RULE = re.compile(r"---[ \t]*")
_FIELD = re.compile(r"[A-Za-z_가-힣一-鿿][\w .-]{0,40}:(?:[ \t]|$)|[ \t]|-[ \t]|#|$")
_TITLE = re.compile(r"title:[ \t]*[\"']?(?P<words>.*?)[\"']?[ \t]*", re.IGNORECASE)
_MOST_LINES = 80


def front_matter(text: str) -> tuple[int, ...]:
    """The lines of the head that hold words, from 1; none where there is no such head.

    A title that the text does not repeat is left out: it is the headline.
    """
    lines = text.split("\n", _MOST_LINES)[:_MOST_LINES]
    ends = next((n for n, line in enumerate(lines[1:], 1) if _RULE.fullmatch(line)), None)
    if ends is None or not _RULE.fullmatch(lines[0]):
        return ()
    fields = lines[1:ends]
    if not all(_FIELD.match(line) for line in fields) or not any(":" in line for line in fields):
        return ()
    body = "\n".join(text.split("\n", ends + 1)[ends + 1 :])
    return tuple(n for n, line in enumerate(fields, 2) if line.strip() and not _is_headline(line, body))


def _is_headline(line: str, body: str) -> bool:
    title = _TITLE.fullmatch(line)
    return title is not None and bool(title["words"]) and title["words"] not in body
