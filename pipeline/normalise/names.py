"""The table of organisations and places as one matcher: every spelling leads to its entries.

A text is read once whatever the number of spellings: they are looked up by their first two letters. Data:
`organisations.toml`, `places.toml`; both carry their source.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

from pipeline.normalise.hanja import fold
from pipeline.normalise.jurisdictions import places
from schemas.vocabulary import GovernmentLevel

_OWN_GOVERNMENTS = ("CN-HK", "CN-MO", "CN-TW")
_SUPRANATIONAL = ("EU", "INT")


class Entry(NamedTuple):
    """What a spelling may stand for. `bound`: only with a suffix or a country before it."""

    canonical: str
    level: GovernmentLevel
    jurisdiction: str | None
    is_place: bool
    bound: bool


class Names(NamedTuple):
    """The matcher and what its matches mean; keys are folded spellings.

    `heads` finds where a spelling may start; `by_head` has the lengths of the spellings that begin with three letters,
    longest first, and under two letters that of those that are no longer.
    """

    heads: re.Pattern[str]
    by_head: dict[str, tuple[int, ...]]
    entries: dict[str, tuple[Entry, ...]]
    departments: re.Pattern[str]
    department: dict[str, str]
    roles: frozenset[str]
    sharing: frozenset[str]
    """The countries that have a body whose name another country's has too."""


@cache
def names() -> Names:
    """The table, read once."""
    data = tomllib.loads(Path(__file__).with_name("organisations.toml").read_text("utf-8"))
    entries: dict[str, list[Entry]] = {}
    for spelling, found in places().items():
        for place in found:
            entry = Entry(government(place.name, place.level, place.code), place.level, place.code, True, place.bound)
            entries.setdefault(spelling, []).append(entry)
    for section, rows in data.items():
        if section not in ("source", "roles", "local"):
            _add_section(entries, section, rows)
    by_head: dict[str, set[int]] = {}
    for spelling in entries:
        by_head.setdefault(spelling[:3], set()).add(len(spelling))
    for head, lengths in by_head.items():
        lengths |= {2} if head[:2] in entries else set()
    department = {key: name for name, spellings in data["local"] for key in _keys(spellings)}
    return Names(
        _heads(entries),
        {head: tuple(sorted(lengths, reverse=True)) for head, lengths in by_head.items()},
        {key: tuple(found) for key, found in entries.items()},
        re.compile(f" ?(?P<name>{letter_tree(department)})"),
        department,
        frozenset(_keys(data["roles"])),
        frozenset(e.jurisdiction or "" for found in entries.values() if _is_shared(found) for e in found),
    )


def _is_shared(entries: list[Entry]) -> bool:
    return not entries[0].is_place and len({entry.jurisdiction for entry in entries}) > 1


def government(place: str, level: GovernmentLevel, code: str) -> str:
    """The canonical name of a place's government; countries are named as such."""
    if level in (GovernmentLevel.NATIONAL, GovernmentLevel.SUPRANATIONAL):
        return place
    kind = "Administration" if level is GovernmentLevel.DEVELOPMENT_ZONE else "People's Government"
    if not code.startswith("CN") or code in _OWN_GOVERNMENTS:
        kind = "Government"
    return f"{kind} of {place}"


def _add_section(entries: dict[str, list[Entry]], section: str, rows: list[list[str]]) -> None:
    level = GovernmentLevel.SUPRANATIONAL if section in _SUPRANATIONAL else GovernmentLevel.NATIONAL
    jurisdiction = None if section == "INT" else section
    for name, spellings in rows:
        for spelling in spellings.split():
            key = fold(spelling.removesuffix("!").replace("_", " ")).strip()
            entries.setdefault(key, []).append(Entry(name, level, jurisdiction, False, spelling.endswith("!")))


def _keys(spellings: str) -> list[str]:
    return [fold(spelling.replace("_", " ")) for spelling in spellings.split()]


def _heads(spellings: Iterable[str]) -> re.Pattern[str]:
    """Finds every place where the first two letters may begin a spelling.

    A Hangul syllable before it rules a spelling out, save those that end a country's name, 정부 and a place's suffix.
    """
    firsts = "".join(sorted({spelling[0] for spelling in spellings}))
    seconds = "".join(sorted({spelling[1] for spelling in spellings}))
    inside = "".join(f"{chr(low)}-{chr(high)}" for low, high in _without("국본원부앙럽시성"))
    latin = "A-Za-z0-9"
    return re.compile(rf"[{re.escape(firsts)}](?<![{inside}][가-힣])(?<![{latin}][{latin}])(?=[{re.escape(seconds)}])")


def _without(syllables: str) -> list[tuple[int, int]]:
    """The ranges of Hangul syllables that are left without `syllables`."""
    ranges, low = [], ord("가")
    for code in sorted(map(ord, syllables)):
        ranges.append((low, code - 1))
        low = code + 1
    return [*ranges, (low, ord("힣"))]


def letter_tree(words: Iterable[str]) -> str:
    """A regular expression that matches the longest of `words` at a place, in time independent of their number."""
    tree: dict[str, dict] = {}  # type: ignore[type-arg]
    for word in words:
        node = tree
        for letter in word:
            node = node.setdefault(letter, {})
        node[""] = {}
    return _branch(tree)


def _branch(node: dict[str, dict]) -> str:  # type: ignore[type-arg]
    branches = [re.escape(letter) + _branch(node[letter]) for letter in sorted(node) if letter]
    if not branches:
        return ""
    body = branches[0] if len(branches) == 1 else "(?:" + "|".join(branches) + ")"
    if "" not in node:
        return body
    return f"(?:{body})?"
