"""Words of documents, files and models where a terminal or a program meets them: whole, and without effect."""

from __future__ import annotations

import re
import unicodedata

_STEERING = re.compile("[\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")
"""What JSON leaves as it is though terminals obey it (C1 controls, direction) or programs end a line there."""


def in_json(text: str) -> str:
    """JSON that says the same, with such characters written as `\\u009b`. They stand in strings only."""
    return _STEERING.sub(lambda c: f"\\u{ord(c[0]):04x}", text)


def on_terminal(text: str) -> str:
    """The words with `\ufffd` in place of controls and unseen characters, so that they cannot steer the terminal."""
    return "".join(c if c.isprintable() or unicodedata.category(c) == "Zs" else "\ufffd" for c in text)
