"""The head in YAML at the top of a Markdown file: between two lines `---`, what its page says of itself."""

from __future__ import annotations

import html
import re

_RULE = re.compile(r"---[ \t]*")
_FIELD = re.compile(r"[A-Za-z_가-힣一-鿿][\w .-]{0,40}:(?:[ \t]|$)|[ \t]|-[ \t]|#|$")
_TITLE = re.compile(r"title:[ \t]*[\"']?(?P<words>.*?)[\"']?[ \t]*", re.IGNORECASE)
_TOLD = re.compile(r"^(?P<name>title|date):[ \t]*(?P<words>.+(?:\n[ \t]+.+)*)", re.IGNORECASE | re.MULTILINE)
_MARKDOWN = re.compile(r"^(?:#{1,6} |[-*+] |[0-9]+[.)] |\|)", re.MULTILINE)
_MOST_LINES = 80
_PAGE = re.compile(r"\s*<(?:p|h[1-6]|[uo]l|div|section|article|table|blockquote)\b.*>\s*", re.IGNORECASE | re.DOTALL)


def front_matter(text: str) -> tuple[int, ...]:
    """The lines of the head that hold words, from 1; none where there is no such head.

    A title that the text does not repeat is left out: it is the headline.
    """
    fields = _fields(text)
    body = _behind(text, len(fields))
    return tuple(n for n, line in enumerate(fields, 2) if line.strip() and not _is_headline(line, body))


def is_page(raw: bytes) -> bool:
    """Whether what stands behind the head, or the whole file, is the body of a web page and no Markdown."""
    text = raw.decode("utf-8", errors="replace").removeprefix("\ufeff").replace("\r\n", "\n")
    body = _behind(text, len(_fields(text)))
    return _PAGE.fullmatch(body) is not None and _MARKDOWN.search(body) is None


def as_page(text: str) -> str:
    """The same as a web page: title and day of the head before its body. Unchanged without a head."""
    fields = _fields(text)
    if not fields:
        return text
    told = {m["name"].lower(): " ".join(m["words"].split()).strip("\"'") for m in _TOLD.finditer("\n".join(fields))}
    heads = [
        f"<{tag}>{html.escape(told[name])}</{tag}>" for name, tag in (("title", "h1"), ("date", "p")) if name in told
    ]
    return "\n".join((*heads, _behind(text, len(fields))))


def _fields(text: str) -> list[str]:
    """The lines between the rules; none where they are no head."""
    lines = text.replace("\r\n", "\n").split("\n", _MOST_LINES)[:_MOST_LINES]
    ends = next((n for n, line in enumerate(lines[1:], 1) if _RULE.fullmatch(line)), None)
    if ends is None or not _RULE.fullmatch(lines[0]):
        return []
    fields = lines[1:ends]
    return fields if all(_FIELD.match(line) for line in fields) and any(":" in line for line in fields) else []


def _behind(text: str, fields: int) -> str:
    """What stands behind a head of so many lines."""
    return text if not fields else "\n".join(text.replace("\r\n", "\n").split("\n")[fields + 2 :])


def _is_headline(line: str, body: str) -> bool:
    title = _TITLE.fullmatch(line)
    return title is not None and bool(title["words"]) and title["words"] not in body
