"""References: each becomes a span of the text, or a refusal that says why."""

from __future__ import annotations

import json

from pipeline.ground.quotes import RefusedReference, apostrophe_before, find_quote
from pipeline.ground.values import record_id
from schemas.answer import Ref
from schemas.document import Article, Document, Unit
from schemas.records import Provenance, Refusal, Span


class Resolver:
    """Looks references of one answer up in one article; `refusals` gathers those that do not hold."""

    def __init__(self, document: Document, article: Article, provenance: Provenance) -> None:
        self.document = document
        self.text = document.text
        self.article = article
        self.provenance = provenance
        self.refusals: list[Refusal] = []
        self.units = {u.id: u.unit for u in article.units}
        self.names = {u.unit.index: u.id for u in article.units}

    def refuse(self, where: str, given: object, reason: str) -> None:
        """List what does not hold: the field of the answer, what was given, and why."""
        request = self.provenance.request_ids[-1] if self.provenance.request_ids else None
        self.refusals.append(
            Refusal(
                document=self.document.name,
                article=self.article.number,
                field=where,
                given=_compact(given),
                reason=reason,
                request_id=request,
            )
        )

    def span(self, ref: Ref | None, where: str, *, number: bool = False, date: bool = False) -> Span | None:
        """The span of a reference, of a date with its apostrophe; None (and a refusal) if it does not hold."""
        if ref is None:
            return None
        try:
            start, end = self._resolve(ref, number)
        except RefusedReference as problem:
            self.refuse(where, ref, str(problem))
            return None
        start = apostrophe_before(self.text, start, self.units[ref.u].start) if date else start
        return Span(start=start, end=end, text=self.text[start:end])

    def _unit(self, unit_id: str) -> Unit:
        unit = self.units.get(unit_id)
        if unit is None:
            raise RefusedReference(
                f"there is no unit {unit_id} in this article (units are {self._first_id()} to {self._last_id()})"
            )
        return unit

    def _first_id(self) -> str:
        return self.article.units[0].id if self.article.units else "0"

    def _last_id(self) -> str:
        return self.article.units[-1].id if self.article.units else "0"

    def _resolve(self, ref: Ref, number: bool) -> tuple[int, int]:
        unit = self._unit(ref.u)
        if ref.quote is not None:
            return find_quote(
                self.text, ref.quote, unit.start, unit.end, nth=ref.nth, place=f"unit {ref.u}", number=number
            )
        if ref.from_ is None and ref.to is None and ref.to_u is None:
            return unit.start, unit.end
        start, first_end = unit.start, unit.start
        if ref.from_ is not None:
            start, first_end = self._find(ref.from_, unit.start, unit, ref.nth)
        last = self._unit(ref.to_u) if ref.to_u is not None else unit
        if ref.to is None:
            end = last.end
        else:
            floor = max(start if ref.from_ == ref.to or last is unit else last.start, last.start)
            _, end = self._find(ref.to, floor, last, 1, " after the first words")
            if end < first_end:
                _, end = self._find(ref.to, first_end, last, 1, " after the first words")
        if end <= start:
            raise RefusedReference("the last words stand before the first words")
        return start, end

    def _find(self, words: str, start: int, unit: Unit, nth: int | None, where: str = "") -> tuple[int, int]:
        """The first or last words of a stretch, from `start` to the end of the unit."""
        place = f"unit {self.names[unit.index]}{where}"
        return find_quote(self.text, words, start, unit.end, nth=nth, place=place, number=False)

    def record_id(self, kind: str, *spans: Span | None) -> str:
        """The id of a record of this document."""
        return record_id(self.document.sha256, kind, *spans)


def _compact(given: object) -> str:
    if hasattr(given, "model_dump"):
        given = given.model_dump(exclude_none=True, by_alias=True, mode="json")
    return json.dumps(given, ensure_ascii=False, separators=(",", ":"))
