"""What a person wants to see: words, filters and an order; as SQL with parameters, never with their words in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from pipeline.library.index import searched
from schemas.errors import UsageError

NOT_STATED = "-"
"""Of a filter: policies of which the documents do not tell it."""
_MOST_WORDS = 300
_SQL = Mapping[str, str]
_OWN: _SQL = {
    "country": "p.country",
    "year": "p.year",
    "status": "p.status",
    "type": "p.document_type",
    "level": "p.level",
    "folder": "p.folder",
}
"""Filters that compare a column, `?` standing for what is compared with it."""
_PARTS: _SQL = {
    "instrument": "EXISTS (SELECT 1 FROM instruments i WHERE i.n = p.n AND i.instrument = ?)",
    "field": "EXISTS (SELECT 1 FROM fields f WHERE f.n = p.n AND f.field = ?)",
}
TARGETS: _SQL = {
    "any": "p.targets > 0",
    "number": "EXISTS (SELECT 1 FROM goals g WHERE g.n = p.n AND g.number)",
    "dated": "EXISTS (SELECT 1 FROM goals g WHERE g.n = p.n AND g.number AND g.due IS NOT NULL)",
    "none": "p.targets = 0",
}
ORDERS: _SQL = {
    "title": "p.title",
    "issuers": "p.issuers",
    "announced": "p.announced",
    "country": "p.jurisdiction",
    "type": "p.document_type",
    "status": "p.status",
    "measures": "p.measures",
    "targets": "p.targets",
    "confidence": "p.confidence",
    "document": "p.document",
}
"""What rows can be sorted by."""


@dataclass(frozen=True)
class Wish:
    """All that decides which policies are shown, and in which order; empty: all of them, as they stand."""

    words: str = ""
    country: str = ""
    year: str = ""
    instrument: str = ""
    field: str = ""
    status: str = ""
    type: str = ""
    level: str = ""
    folder: str = ""
    target: str = ""
    due_from: str = ""
    due_to: str = ""
    sort: str = ""
    down: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Wish:
        """The wish that an address names. Raises `UsageError` for one that nobody can fulfil."""
        wish = cls(**{f.name: query[f.name][:_MOST_WORDS] for f in fields(cls) if f.name in query})
        if wish.target and wish.target not in TARGETS:
            raise UsageError(f"target {wish.target!r}: choose one of {', '.join(TARGETS)}")
        if wish.sort and wish.sort not in ORDERS:
            raise UsageError(f"sort {wish.sort!r}: choose one of {', '.join(ORDERS)}")
        for year in (wish.due_from, wish.due_to):
            if year and not (year.isascii() and year.isdecimal() and len(year) <= 4):
                raise UsageError(f"{year!r} is no year")
        return wish

    def where(self) -> tuple[str, list[str | int]]:
        """The condition on `policies p`, and its parameters."""
        parts, given = ["1"], list[str | int]()
        for name, column in _OWN.items():
            value = getattr(self, name)
            if value == NOT_STATED:
                parts.append(f"{column} IS NULL")
            elif value:
                parts.append(f"CAST({column} AS TEXT) = ?")
                given.append(value)
        for name, condition in _PARTS.items():
            if value := getattr(self, name):
                parts.append(condition)
                given.append(value)
        if self.target:
            parts.append(TARGETS[self.target])
        if self.due_from or self.due_to:
            parts.append("EXISTS (SELECT 1 FROM goals g WHERE g.n = p.n AND g.due BETWEEN ? AND ?)")
            given += [int(self.due_from or 0), int(self.due_to or 9999)]
        for word in searched(self.words).split():  # last: it is the slowest
            parts.append("EXISTS (SELECT 1 FROM words w WHERE w.n = p.n AND instr(w.text, ?))")
            given.append(word)
        return " AND ".join(parts), given

    def order(self) -> str:
        """The order of the rows: what is not stated comes last, whichever way."""
        if not self.sort:
            return "p.announced IS NULL, p.announced DESC, p.folder, p.document, p.n"
        column = ORDERS[self.sort]
        return f"{column} IS NULL, {column} = '', {column} {'DESC' if self.down else 'ASC'}, p.n"
