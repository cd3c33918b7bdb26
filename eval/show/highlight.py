"""What the report shows of a document: its records with their states, and its lines cut at every span's boundary."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from eval.labelled.labels import (
    Item,
    MeasureLabel,
    PolicyLabel,
    Record,
    ReferenceLabel,
    TargetLabel,
)
from eval.score.anatomy import FalseAlarm, Miss
from eval.score.evaluate import DocumentResult
from eval.score.match import KindMatch, Pair
from eval.score.slots import SLOTS, Links
from schemas.records import Span

State = Literal["ok", "wrong", "missed", "false", "ignored"]
Side = Literal["gold", "predicted"]
EXCERPT = 160


@dataclass(frozen=True)
class WrongSlot:
    """A slot that differs, with what gold and the prediction say, as text."""

    name: str
    gold: str
    predicted: str


@dataclass(frozen=True)
class Entry:
    """One record or pair in the report. `gold` and `predicted` are item ids, empty where that side has none."""

    number: int
    kind: str
    state: State
    gold: str
    predicted: str
    text: str
    wrong: tuple[WrongSlot, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Segment:
    """A stretch of a line over which the same records lie; `entries` are their numbers, innermost first.

    `label` names the record that begins here. Without entries it is plain text.
    """

    text: str
    kind: str = ""
    state: str = ""
    entries: tuple[int, ...] = ()
    label: str = ""


@dataclass(frozen=True)
class Row:
    """One line of the source. `entries`: numbers of all records that lie on it, on either side."""

    line: int
    gold: tuple[Segment, ...]
    predicted: tuple[Segment, ...]
    entries: tuple[int, ...]

    @property
    def same(self) -> bool:
        """Both sides show the same records on the same stretches."""
        return [(s.text, s.entries) for s in self.gold] == [(s.text, s.entries) for s in self.predicted]


@dataclass(frozen=True)
class _Mark:
    """A span to colour on one side."""

    start: int
    end: int
    entry: Entry
    label: str


@dataclass
class Sheet:
    """One document of the report."""

    entries: list[Entry] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)

    def count(self, state: str) -> int:
        """Records in this state."""
        return sum(e.state == state for e in self.entries)


def sheet(result: DocumentResult) -> Sheet:
    """The records of a document in text order with their states, and its lines with both sides' marks."""
    marks: dict[Side, list[_Mark]] = {"gold": [], "predicted": []}
    page = Sheet()
    for order, (gold, predicted, state) in enumerate(_states(result)):
        entry = _entry(order, gold, predicted, state, result)
        page.entries.append(entry)
        for side, item in (("gold", gold), ("predicted", predicted)):
            if item is not None:
                marks["gold" if side == "gold" else "predicted"].extend(_marks(item, entry))
    page.rows.extend(_rows(result.match.gold.text, marks))
    return page


def _states(result: DocumentResult) -> list[tuple[Item | None, Item | None, State]]:
    links: dict[str, str] = {}
    measures = result.match.lenient["measure"]
    links.update({p.predicted.id: p.gold.id for p in measures.pairs + measures.ignored})
    found = [triple for records in result.match.lenient.values() for triple in _of_kind(records, links)]
    return sorted(found, key=_place)


def _place(triple: tuple[Item | None, Item | None, State]) -> tuple[int, int]:
    item = triple[0] or triple[1]
    return (item.span.start, -item.span.end) if item else (0, 0)


def _of_kind(records: KindMatch, links: Links) -> Iterator[tuple[Item | None, Item | None, State]]:
    for pair in records.pairs:
        yield pair.gold, pair.predicted, "wrong" if any(True for _ in _wrong_slots(pair, links)) else "ok"
    yield from ((item, None, "missed") for item in records.missed)
    yield from ((None, item, "false") for item in records.false)
    yield from ((pair.gold, pair.predicted, "ignored") for pair in records.ignored)
    yield from ((item, None, "ignored") for item in records.ignored_gold)
    yield from ((None, item, "ignored") for item in records.ignored_predicted)


def _entry(number: int, gold: Item | None, predicted: Item | None, state: State, result: DocumentResult) -> Entry:
    item = gold or predicted
    assert item is not None
    wrong: tuple[WrongSlot, ...] = ()
    if gold is not None and predicted is not None:
        measures = result.match.lenient["measure"]
        links = {p.predicted.id: p.gold.id for p in measures.pairs + measures.ignored}
        wrong = tuple(_wrong_slots(Pair(gold, predicted, False), links))
    return Entry(
        number=number,
        kind=item.kind,
        state=state,
        gold=gold.id if gold else "",
        predicted=predicted.id if predicted else "",
        text=_excerpt(item),
        wrong=wrong,
        note=_note(item, result, state),
    )


def _excerpt(item: Item) -> str:
    record = item.record
    text = " ".join(item.span.text.split())
    if isinstance(record, PolicyLabel) and record.title is not None:
        text = " ".join(record.title.text.split())
    elif isinstance(record, TargetLabel):
        text = " ".join(f"{record.indicator.text}: {record.raw.text}".split())
    return text if len(text) <= EXCERPT else text[:EXCERPT] + "…"


def _note(item: Item, result: DocumentResult, state: State) -> str:
    if state == "ignored":
        return "borderline: does not count"
    known: Sequence[Miss | FalseAlarm] = result.misses if state == "missed" else result.false_alarms
    if state not in ("missed", "false"):
        return ""
    found = next((k for k in known if (k.kind, k.item) == (item.kind, item.id)), None)
    if isinstance(found, Miss):
        return ": ".join(p for p in ((found.stage or "").replace("_", " "), found.detail) if p)
    if isinstance(found, FalseAlarm):
        rule = f"rule {found.rule}" if found.rule else ""
        return ", ".join(p for p in (found.reason.replace("_", " "), rule, found.detail) if p)
    return ""


def _wrong_slots(pair: Pair, links: Links) -> Iterator[WrongSlot]:
    for slot in SLOTS:
        if slot.kind == pair.gold.kind and slot.name != "tuple" and not slot.right(pair, links):
            yield WrongSlot(slot.name, shown(pair.gold.record, slot.name), shown(pair.predicted.record, slot.name))


def shown(record: Record, slot: str) -> str:
    """The slot's value as people read it; a dash where it is empty."""
    shower = _SHOWN.get((type(record), slot))
    value = shower(record) if shower else getattr(record, slot, None)
    if isinstance(value, Span):
        return " ".join(value.text.split())
    if isinstance(value, frozenset):
        return ", ".join(sorted(str(v.value) for v in value)) or "–"
    return "–" if value is None else str(value)


_SHOWN: dict[tuple[type, str], Callable[[Record], object]] = {
    (PolicyLabel, "issuer"): lambda r: r.issuers[0].name if isinstance(r, PolicyLabel) and r.issuers else None,
    (PolicyLabel, "date"): lambda r: getattr(r, "announced_value", None),
    (PolicyLabel, "level"): lambda r: getattr(r, "government_level", None),
    (PolicyLabel, "type"): lambda r: getattr(r, "document_type", None),
    (PolicyLabel, "period"): lambda r: f"{r.period_start}–{r.period_end}" if isinstance(r, PolicyLabel) else None,
    (MeasureLabel, "instrument_category"): lambda r: r.instrument.category if isinstance(r, MeasureLabel) else None,
    (TargetLabel, "value"): lambda r: _value(r) if isinstance(r, TargetLabel) else None,
    (ReferenceLabel, "kind"): lambda r: getattr(r, "kind", None),
}


def _value(target: TargetLabel) -> str | None:
    if target.value is None:
        return None
    return f"{target.value:g}" + (f"–{target.value_max:g}" if target.value_max is not None else "")


def _marks(item: Item, entry: Entry) -> Iterator[_Mark]:
    record = item.record
    label = item.id.rsplit("/", 1)[-1] if item.kind in ("policy", "measure", "target") else ""
    if isinstance(record, TargetLabel):
        yield _Mark(record.raw.start, record.raw.end, entry, label)
        return
    yield _Mark(item.span.start, item.span.end, entry, label)
    if isinstance(record, PolicyLabel) and record.title is not None:
        yield _Mark(record.title.start, record.title.end, entry, "")


def _rows(text: str, marks: dict[Side, list[_Mark]]) -> Iterator[Row]:
    start = 0
    for number, line in enumerate(text.split("\n"), 1):
        end = start + len(line)
        if line.strip():
            ours = _segments(text, start, end, marks["gold"])
            theirs = _segments(text, start, end, marks["predicted"])
            on_line = {e for segment in ours + theirs for e in segment.entries}
            yield Row(number, ours, theirs, tuple(sorted(on_line)))
        start = end + 1


def _segments(text: str, start: int, end: int, marks: Sequence[_Mark]) -> tuple[Segment, ...]:
    here = [m for m in marks if m.start < end and start < m.end]
    cuts = sorted({start, end, *(min(max(c, start), end) for m in here for c in (m.start, m.end))})
    return tuple(_segment(text, a, b, here) for a, b in pairwise(cuts))


def _segment(text: str, start: int, end: int, marks: Sequence[_Mark]) -> Segment:
    over = sorted((m for m in marks if m.start <= start and end <= m.end), key=_inner_and_bad_first)
    if not over:
        return Segment(text[start:end])
    first = over[0].entry
    numbers = tuple(dict.fromkeys(m.entry.number for m in over))
    label = " ".join(dict.fromkeys(m.label for m in reversed(over) if m.start == start and m.label))
    return Segment(text[start:end], first.kind, first.state, numbers, label)


def _inner_and_bad_first(mark: _Mark) -> tuple[int, bool]:
    """Of two records on the same stretch the one that is not right gives the colour."""
    return mark.end - mark.start, mark.entry.state == "ok"
