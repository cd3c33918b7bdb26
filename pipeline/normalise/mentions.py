"""A named organisation or place in a text, and where a word may end: shared by the table and the rules by form."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.normalise.endings import PARTICLES
from pipeline.normalise.names import Entry
from schemas.vocabulary import GovernmentLevel


@dataclass(frozen=True, slots=True)
class Mention:
    """A named organisation or place: `text[start:end]` is its name with hanja in brackets, without particles.

    `canonical` is None where the name follows a rule and stands in no table. `is_place`: a bare place name (베이징시),
    which is an issuer where it is the subject of an act.
    """

    start: int
    end: int
    canonical: str | None
    level: GovernmentLevel | None
    jurisdiction: str | None
    is_place: bool


Open = tuple[Mention, tuple[Entry, ...]]
"""A mention whose country is open while more than one entry of the table may be meant."""


_RUNS_ON = {"部": "分署件队位", "办": "发函法理", "府": "网"}
"""财政部分支出, 国办发〔2014〕5号, 中国政府网: the last letter of a name is the first of another word."""


def closes(folded: str, end: int) -> bool:
    """Whether a word may end here: no letter of its script behind it, save a particle's."""
    if end >= len(folded):
        return True
    letter, following = folded[end - 1], folded[end]
    if following in _RUNS_ON.get(letter, ""):
        return False
    if "가" <= letter <= "힣":
        return not "가" <= following <= "힣" or PARTICLES.match(folded, end) is not None
    return not (letter.isascii() and following.isascii() and following.isalnum())
