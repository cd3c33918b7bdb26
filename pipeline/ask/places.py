"""Places as strings: `12` a unit, `12:words` words in it, `12:first…last` a stretch, `12#2:words` the second time,
`12:''` what stands between its quotes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from schemas.answer import Ref
from schemas.document import Article, Unit
from schemas.vocabulary import UnitKind

_ID = r"[0-9]{1,6}(?:\.[0-9]{1,4}){0,3}"
_PLACE = re.compile(rf"[\[⟨]?(?P<u>{_ID})[\]⟩]?(?:#(?P<nth>[0-9]{{1,3}}))?\s*(?::(?P<words>.*))?", re.DOTALL)
_LATER = re.compile(rf"(?P<u>{_ID}):(?P<words>.*)", re.DOTALL)
_DOTS = re.compile(r"…|\.\.\.")
_QUOTED = re.compile(r"''|\"\"|‘’|“”")
_PARTS = (UnitKind.CLAUSE, UnitKind.ITEM)


class Unreadable(Exception):
    """Something in a row cannot be read; the message is the reason, worded so that a model can mend it."""


def unit_of(given: str) -> str:
    """The unit that a place begins with; empty where it is no place."""
    found = _PLACE.fullmatch(given.strip())
    return found["u"] if found else ""


class Places:
    """Reads the places of one article."""

    def __init__(self, text: str, article: Article, quoted: Callable[[str], Ref | None]) -> None:
        self._text = text
        self._quoted = quoted
        self._units: dict[str, Unit] = {u.id: u.unit for u in article.units}
        self._ids = {u.unit.index: u.id for u in article.units}

    def read(self, given: str) -> Ref:
        """The reference that a place is. Raises `Unreadable`; whether its words stand there is not asked here."""
        found = _PLACE.fullmatch(given.strip())
        if found is None:
            raise Unreadable(f"“{given.strip()[:60]}” is no place: it begins with the number of its unit (`12:words`)")
        return self._ref(found["u"], found["words"] or "", int(found["nth"]) if found["nth"] else None)

    def read_near(self, given: str, unit_id: str) -> Ref:
        """A place, or words alone that stand in the unit, or in the sentence or bullet that it is a part of."""
        found = _PLACE.fullmatch(given.strip())
        if found is not None and (found["u"] in self._units or found["words"] is not None):
            return self.read(given)
        refs = [self._ref(u, given, None) for u in self.upwards(unit_id)]
        return next((r for r in refs if self._stands(r.quote or r.from_ or "", r.u)), refs[0])

    def upwards(self, unit_id: str) -> Iterator[str]:
        """The unit, then the sentence or bullet that it is a part of."""
        yield unit_id
        unit = self._units.get(unit_id)
        while unit is not None and unit.kind in _PARTS and unit.parent in self._ids:
            above = self._ids[unit.parent]
            yield above
            unit = self._units[above]

    def cells(self, one: str, other: str) -> Ref | None:
        """The stretch of a table row from one cell to the other; None where they are no two cells of a row."""
        pair = [self._units.get(one), self._units.get(other)]
        found = sorted((u for u in pair if u is not None and u.kind is UnitKind.CELL), key=lambda u: u.start)
        if len(found) < 2 or found[0].parent != found[1].parent or one == other:
            return None
        return Ref(u=self._ids[found[0].index], to_u=self._ids[found[1].index])

    def words(self, ref: Ref) -> str:
        """The words that a reference means, as well as they can be told before grounding."""
        unit, last = self._units.get(ref.u), self._units.get(ref.to_u or ref.u)
        if ref.quote is not None or unit is None or last is None:
            return ref.quote or ""
        whole = self._text[unit.start : max(unit.end, last.end)]
        hits = find_all(ref.from_, whole) if ref.from_ else [0]
        start = hits[min(ref.nth or 1, len(hits)) - 1] if hits else 0
        end = whole.find(ref.to, max(start, last.start - unit.start)) if ref.to else -1
        return whole[start : end + len(ref.to)] if ref.to and end >= 0 else whole[start:]

    def _ref(self, u: str, words: str, nth: int | None) -> Ref:
        words = words.strip()
        if not words:
            return Ref(u=u)
        if _QUOTED.fullmatch(words):
            return self._between_quotes(u)
        dots = _DOTS.search(words)
        if dots is None or self._stands(words, u):
            return Ref(u=u, quote=words, nth=nth)
        first, last, to_u = words[: dots.start()].strip(), words[dots.end() :].strip(), None
        later = _LATER.fullmatch(last)
        if later is not None and later["u"] in self._units and not self._stands(last, u):
            last, to_u = later["words"].strip(), later["u"]
        return Ref(u=u, from_=first or None, to=last or None, to_u=to_u, nth=nth)

    def _between_quotes(self, u: str) -> Ref:
        found = self._quoted(u)
        if found is None:
            raise Unreadable(f"unit {u} has no quotes, or several pairs; give the words themselves")
        return found

    def _stands(self, words: str, unit_id: str) -> bool:
        unit = self._units.get(unit_id)
        return unit is not None and _squeezed(words) in _squeezed(self._text[unit.start : unit.end])


def find_all(words: str, text: str) -> list[int]:
    """Where words stand in a text, each time after the last."""
    hits, at = [], text.find(words) if words else -1
    while at >= 0:
        hits.append(at)
        at = text.find(words, at + len(words))
    return hits


def _squeezed(text: str) -> str:
    return "".join(text.split())
