"""The table of organisations for people: its names found by a part of any spelling."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from pipeline.normalise.hanja import fold
from pipeline.normalise.names import Entry, names


class Known(NamedTuple):
    """One body or place of the table, with all its spellings."""

    entry: Entry
    spellings: tuple[str, ...]


@cache
def known() -> dict[str, Known]:
    """Every body and place by its canonical name."""
    spellings: dict[str, list[str]] = {}
    entries: dict[str, Entry] = {}
    for spelling, found in names().entries.items():
        for entry in found:
            entries.setdefault(entry.canonical, entry)
            spellings.setdefault(entry.canonical, []).append(spelling)
    return {name: Known(entry, tuple(spellings[name])) for name, entry in entries.items()}


def search_names(words: str, most: int = 12) -> list[Known]:
    """Bodies and places with `words` in their name or in a spelling: those that begin with them first."""
    wanted = fold(words).strip().lower()
    if not wanted:
        return []
    ranked = []
    for name, body in known().items():
        at = min((s.lower().find(wanted) for s in (name, *body.spellings) if wanted in s.lower()), default=None)
        if at is not None:
            ranked.append((at, len(name), name))
    return [known()[name] for _, _, name in sorted(ranked)[:most]]
