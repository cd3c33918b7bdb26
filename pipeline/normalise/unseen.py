"""Signs without width (U+200B, soft hyphen …) that converters leave inside numbers: read over, kept in the span."""

from __future__ import annotations

import re

UNSEEN = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_UNSEEN = re.compile(f"[{UNSEEN}]")


def visible(text: str) -> str:
    """`text` without such signs."""
    return _UNSEEN.sub("", text) if _holds(text) else text


def visible_places(text: str) -> list[int] | None:
    """Where in `text` each visible character stands; None where all are visible.

    A span `start:end` of the visible text is `places[start]:places[end - 1] + 1` in the source.
    """
    if text.isascii() or text.isprintable() or not _holds(text):  # the first two are asked of every line: no call
        return None
    return [at for at, sign in enumerate(text) if sign not in UNSEEN]


def _holds(text: str) -> bool:
    # Written out: on a line of usual length this takes a third of the time of a loop, a class of a pattern takes more.
    return (
        "\u00ad" in text
        or "\u200b" in text
        or "\u200c" in text
        or "\u200d" in text
        or "\u2060" in text
        or "\ufeff" in text
    )
