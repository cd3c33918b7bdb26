"""neutralise: a text cell becomes one that no spreadsheet takes for a formula, and back.

A cell that begins like a formula gets an apostrophe in front. So that this can be undone, a cell that already begins
with apostrophes before such a character gets one more; and as an empty cell means null, empty text is one apostrophe.
"""

from __future__ import annotations

import re

_DANGEROUS = r"[=+\-@\t\r\n＝＋－＠]"
_FORMULA = re.compile(rf"'*(?:{_DANGEROUS}|\Z)")
_NEUTRALISED = re.compile(rf"'+(?:{_DANGEROUS}|\Z)")


def neutralise(text: str, *, required: bool = False) -> str:
    """`text` as a cell that is shown and never executed; undone by `restore`.

    `required`: the column holds no null, and empty text can stay an empty cell.
    """
    return f"'{text}" if _FORMULA.match(text) and (text or not required) else text


def restore(cell: str, *, required: bool = False) -> str | None:
    """What `neutralise` was given; None for an empty cell that stands for null."""
    if not cell:
        return "" if required else None
    return cell[1:] if _NEUTRALISED.match(cell) else cell
