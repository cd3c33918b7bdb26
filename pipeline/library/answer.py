"""What the page asks for, as JSON: rows of the table, counts and charts, and a single policy with its source."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import Any

from pipeline.library.index import Index
from pipeline.library.wish import TARGETS, Wish
from pipeline.results import Results
from schemas.errors import UsageError
from schemas.records import Measure, Policy, Span, Target

MOST_ROWS = 500
"""Rows of one answer."""
_KEPT = 8
"""Orders of rows that are remembered: who scrolls asks for the same again and again."""
_COLUMNS = (
    "n, folder, document, id, title, named, issuers, announced, jurisdiction, document_type, status, measures, "
    "targets, confidence, flags, decided"
)
_LISTED = {
    "country": "SELECT country, COUNT(*) FROM policies GROUP BY 1 ORDER BY 2 DESC, 1",
    "year": "SELECT year, COUNT(*) FROM policies GROUP BY 1 ORDER BY 1 DESC",
    "status": "SELECT status, COUNT(*) FROM policies GROUP BY 1",
    "type": "SELECT document_type, COUNT(*) FROM policies GROUP BY 1",
    "instrument": "SELECT instrument, COUNT(*) FROM instruments GROUP BY 1",
    "field": "SELECT field, COUNT(*) FROM fields GROUP BY 1",
}


_CHARTS = (
    "SELECT i.instrument, p.year, SUM(i.count) FROM chosen JOIN policies p USING (n) JOIN instruments i USING (n) "
    "GROUP BY 1, 2",
    "SELECT due, SUM(number), SUM(1 - number) FROM chosen JOIN goals USING (n) WHERE due IS NOT NULL GROUP BY 1",
    "SELECT COUNT(*) FROM chosen JOIN goals USING (n) WHERE due IS NULL",
)
"""Of the policies in `chosen`: rows of instrument, year and measures; of year and targets; targets without a year."""


class Answers:
    """Answers out of an index, as it is now."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._orders: OrderedDict[tuple[int, Wish], list[int]] = OrderedDict()
        self._lock = Lock()

    def state(self) -> dict[str, Any]:
        """How far the folders are read; what has changed on disk is read again."""
        self._index.refresh()
        shown = [
            {"label": f.label, "done": f.done, "total": f.total, "problem": f.problem} for f in self._index.folders
        ]
        return {"version": self._index.version, "reading": self._index.reading, "folders": shown}

    def rows(self, wish: Wish, start: int, count: int) -> dict[str, Any]:
        """`count` rows from `start` on, and how many there are."""
        version = self._index.version
        order = self.order(wish)
        wanted = order[start : start + min(count, MOST_ROWS)]
        with self._index.database() as database:
            marks = ", ".join("?" * len(wanted))
            found = database.execute(f"SELECT {_COLUMNS} FROM policies WHERE n IN ({marks})", wanted)  # noqa: S608
            rows = {row["n"]: dict(row) for row in found}
        return {
            "version": version,
            "total": len(order),
            "start": start,
            "rows": [rows[n] for n in wanted if n in rows],
        }

    def order(self, wish: Wish) -> list[int]:
        """The numbers of all policies that are wished for, in order."""
        key = (self._index.version, wish)
        with self._lock:
            if (known := self._orders.get(key)) is not None:
                self._orders.move_to_end(key)
                return known
        where, given = wish.where()
        with self._index.database() as database:
            query = f"SELECT p.n FROM policies p WHERE {where} ORDER BY {wish.order()}"  # noqa: S608 - no words of others
            order = [row[0] for row in database.execute(query, given)]
        with self._lock:
            self._orders[key] = order
            while len(self._orders) > _KEPT:
                self._orders.popitem(last=False)
        return order

    def lists(self) -> dict[str, Any]:
        """What the filters offer: the values there are, and how many policies have each."""
        with self._index.database() as database:
            offered = {name: [list(row) for row in database.execute(query)] for name, query in _LISTED.items()}
        offered["folder"] = [[str(at), f.label] for at, f in enumerate(self._index.folders)]
        return {**offered, "target": list(TARGETS)}

    def charts(self, wish: Wish) -> dict[str, Any]:
        """Of the policies wished for: measures by instrument and year of the policy, targets by the year they are due.

        Rows of [instrument, year or null, measures] and [year, targets with a number, targets without].
        """
        chosen = self.order(wish)
        with self._index.database() as database:
            database.execute("CREATE TEMP TABLE chosen (n INTEGER PRIMARY KEY)")
            database.executemany("INSERT OR IGNORE INTO chosen VALUES (?)", ((n,) for n in chosen))
            measures, targets, undated = (database.execute(query).fetchall() for query in _CHARTS)
        return {
            "measures": [list(row) for row in measures],
            "targets": [list(row) for row in targets],
            "undated": undated[0][0],
        }

    def policy(self, n: int) -> dict[str, Any]:
        """One policy with the words it rests on. Raises `UsageError` where it is gone, `InputError`."""
        with self._index.database() as database:
            row = database.execute("SELECT folder, document, id FROM policies WHERE n = ?", (n,)).fetchone()
        if row is None:
            raise UsageError("this policy is no longer there; the table has been read anew")
        part = self._index.part(row["folder"], row["document"])
        policy = next((p for p in part.policies if p.id == row["id"]), None)
        if policy is None:
            raise UsageError("this policy has been changed meanwhile; the table is being read anew")
        return {
            **policy.model_dump(mode="json", exclude={"provenance", "measures", "targets", "budgets"}),
            "folder": row["folder"],
            "measures": [_record(part, policy, measure) for measure in policy.measures],
            "targets": [_record(part, policy, target) for target in policy.targets],
            **_place(part, policy, policy.announcement),
            "budgets": [{**b.model_dump(mode="json"), **_place(part, policy, b.raw)} for b in policy.budgets],
            "source": _source(part, policy),
        }


def _record(part: Results, policy: Policy, record: Measure | Target) -> dict[str, Any]:
    decision = part.corrected.decisions.get((policy.id, record.id))
    return {
        **record.model_dump(mode="json"),
        **_place(part, policy, record.text),
        "decided": decision.who if decision is not None else None,
    }


def _place(part: Results, policy: Policy, span: Span) -> dict[str, Any]:
    """Page, if there are pages, and line."""
    cited = part.cite(policy.document, span)
    return {"page": cited.page, "line": cited.line}


def _source(part: Results, policy: Policy) -> dict[str, Any]:
    """The policy's article as it stands in the text, and what of it is marked; offsets in code points of the text."""
    text = part.text(policy.document)
    start = min(policy.extent.start, policy.announcement.start)
    end = max(policy.extent.end, policy.announcement.end)
    marks = [(policy.announcement, "policy", policy.id)]
    marks += [(m.text, "measure", m.id) for m in policy.measures]
    marks += [(t.raw, "target", t.id) for t in policy.targets]
    marks += [(b.raw, "budget", b.id) for b in policy.budgets]
    inside = [(s, kind, name) for s, kind, name in marks if start <= s.start and s.end <= end]
    return {
        "start": start,
        "line": part.cite(policy.document, Span(start=start, end=start, text="")).line,
        "text": text[start:end],
        "marks": [{"start": s.start, "end": s.end, "kind": kind, "id": name} for s, kind, name in inside],
    }
