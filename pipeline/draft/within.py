"""What the grammar of values finds within a unit's words, looked for once: traits, numbers and targets ask again."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.draft.cues import remembered
from pipeline.normalise import Quantity, find_deadline
from schemas.document import ArticleUnit


@dataclass(frozen=True)
class Number:
    """A number phrase (or a rank in words) and the unit it stands in; positions within the unit's words."""

    unit: ArticleUnit
    quantity: Quantity
    rank: re.Match[str] | None = None
    nth: int = 0
    """How many stand before it in the unit."""


@remembered
def deadline_in(words: str) -> tuple[str, tuple[int, int]] | None:
    """The first deadline and where it stands."""
    return find_deadline(words)
