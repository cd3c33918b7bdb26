"""An answer in rows becomes an `Answer`: rows are taken apart, words looked up, and what the layout tells is added.

Nothing is guessed: what cannot be read is left out and told, a row at a time, in the words that a re-ask gives back.
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from pipeline.ask.places import Places, Unreadable, find_all, unit_of
from pipeline.ask.together import article_of
from pipeline.model.ledger import compact
from pipeline.normalise import comparator_in, parse_quantity
from schemas.answer import Answer, IssuerA, MeasureA, PolicyA, Ref, ReferenceA, TargetA
from schemas.document import Article
from schemas.records import Refusal
from schemas.rows import FIELDS, GROUPS, INSTRUMENTS, AnswerR, PolicyR
from schemas.vocabulary import (
    ActionStatus,
    Comparator,
    Instrument,
    ReferenceKind,
    Status,
    TargetGroup,
    TechnologyField,
    Term,
)

T = TypeVar("T")
K = TypeVar("K", bound=Term)
_NONE = "-"
"""Says that there is none where code would find one."""
_MEANING: dict[str, Term] = {
    **{v.value: v for terms in (Instrument, TargetGroup, TechnologyField, ActionStatus) for v in terms},
    **INSTRUMENTS,
    **GROUPS,
    **FIELDS,
}
"""What a word of a row means; the full values are understood too."""
_TWO_IN_ONE = re.compile(
    r",\s*(?=(?:label|under|who|until|of)\s(?:-|\d))|(?:,\s*|\s)(?=(?:label|under|who)\s\d{1,6}(?:\.\d{1,4})*:)"
    rf"|(?:,\s*|\s)(?=is\s(?:{'|'.join(Comparator)})\b)"
)
"""Where one column holds two exceptions, as models write them: `10, is eliminate`, `under 3:words who 5:name`."""
_OPENING = "'‘’\"“「『《〈<＜«"
"""Marks behind which a title begins."""


class Printed(Protocol):
    """What the layout of one article tells without a model; `pipeline.draft.Printed` is one."""

    def labels(self, unit_id: str) -> list[Ref]:
        """The bracket labels that a unit opens with."""
        ...

    def pillar(self, unit_id: str, own: Collection[str]) -> Ref | None:
        """The heading above a unit, unless it is one of the units `own`, which announce the policy, or above one."""
        ...

    def deadline(self, unit_id: str, before: str = "") -> Ref | None:
        """The deadline in a unit, of several the last before the words `before`; else of the frame it stands in."""
        ...

    def quoted(self, unit_id: str) -> Ref | None:
        """What stands between the quotes of a unit that has one pair."""
        ...

    def sentence(self, unit_id: str, words: str) -> Ref | None:
        """The sentence of a unit that holds the words; None where the unit is one sentence."""
        ...

    def year(self, unit_id: str) -> Ref | None:
        """The deadline in a unit that frames a goal, or the year in it."""
        ...

    def period(self, title: Ref, words: str) -> Ref | None:
        """The years in a title of these words."""
        ...

    def address(self, unit_id: str) -> Ref | None:
        """The link printed below an entry of a list of sources."""
        ...


@dataclass(frozen=True)
class Read:
    """What was answered about one article."""

    article: Article
    answer: Answer
    positions: tuple[int, ...]
    """Where each policy stood in the answer about all articles."""
    unread: tuple[Refusal, ...] = ()
    """Rows, and parts of them, that could not be read."""


def read_rows(text: str, shown: Sequence[Article], value: AnswerR, printed: Callable[[Article], Printed]) -> list[Read]:
    """What an answer says about each article that was asked about: a policy is the article's that announces it."""
    readers = [_Reader(text, article, printed) for article in shown]
    for position, policy in enumerate(value.policies):
        readers[article_of(shown, unit_of(policy.announcement))].add(policy, position)
    return [r.read() for r in readers]


class _Reader:
    """Reads the policies of one article."""

    def __init__(self, text: str, article: Article, printed: Callable[[Article], Printed]) -> None:
        self._article = article
        self._places = Places(text, article, lambda unit: self._printed.quoted(unit))
        self._layout = printed
        self._policies: list[PolicyA] = []
        self._positions: list[int] = []
        self._unread: list[Refusal] = []
        self._where = ""
        self._labelled: Counter[str] = Counter()

    @functools.cached_property
    def _printed(self) -> Printed:
        return self._layout(self._article)

    def read(self) -> Read:
        """All that was added."""
        return Read(self._article, Answer(policies=self._policies), tuple(self._positions), tuple(self._unread))

    def add(self, given: PolicyR, position: int) -> None:
        """Reads one policy, which stood at `position` of the answer."""
        self._where = f"policies[{position}]"
        self._labelled.clear()
        announcement = self._place(given.announcement, "announcement")
        if announcement is None:
            return
        title = self._told(given.title, "title", self._title)
        evidence = self._rows(given.evidence, "evidence", self._one_place)
        own = {announcement.u, *(place.u for place in evidence)}
        measures = self._rows(given.measures, "measures", functools.partial(self._measure, own))
        places = {key: self._place(getattr(given, key), key) for key in ("original", "date", "objective")}
        policy = PolicyA(
            announcement=announcement,
            document_type=given.type,
            title=title,
            title_original=places["original"],
            status=given.status or Status.ADOPTED,
            issuers=[IssuerA(name=name) for name in self._rows(given.issuers, "issuers", self._one_place)],
            government_level=given.level,
            announced_on=places["date"],
            period=self._period(given, title),
            objective=places["objective"],
            technology_fields=self._words(given.fields, "fields", TechnologyField),
            evidence=evidence,
            measures=measures,
            targets=self._rows(given.targets, "targets", functools.partial(self._target, measures)),
            references=self._rows(given.references, "references", self._reference),
        )
        self._policies.append(policy)
        self._positions.append(position)

    # -- what every part goes through -----------------------------------------------------------------------

    def _told(self, given: str, field: str, read: Callable[[str, str], T]) -> T | None:
        """One part, read; None where it is empty, or cannot be read, which is told."""
        if not given.strip():
            return None
        try:
            return read(given, field)
        except Unreadable as problem:
            self._refuse(field, given, str(problem))
            return None

    def _rows(self, rows: Sequence[str], field: str, read: Callable[[str, str], T]) -> list[T]:
        found = (self._told(row, f"{field}[{i}]", read) for i, row in enumerate(rows))
        return [one for one in found if one is not None]

    def _refuse(self, field: str, given: str, reason: str) -> None:
        self._unread.append(
            Refusal(
                document=self._article.document,
                article=self._article.number,
                field=f"{self._where}.{field}",
                given=compact(given),
                reason=reason,
                request_id=None,
            )
        )

    def _one_place(self, given: str, field: str) -> Ref:
        return self._places.read(given)

    def _place(self, given: str, field: str) -> Ref | None:
        return self._told(given, field, self._one_place)

    def _place_or_none(self, given: str, field: str) -> Ref | None:
        return None if given.strip() == _NONE else self._place(given, field)

    def _words(self, given: str, field: str, kind: type[K]) -> list[K]:
        """The words that are of one list; the others are told."""
        found = []
        for word in given.replace(",", " ").split():
            value = _MEANING.get(word.lower())
            if isinstance(value, kind):
                found.append(value)
            else:
                self._refuse(field, word, f"“{word[:60]}” is no word of the list")
        return found

    def _exceptions(self, columns: Sequence[str], field: str, known: Sequence[str]) -> list[tuple[str, str]]:
        """Name and value of each exception."""
        found = []
        for column in (one for given in columns for one in _TWO_IN_ONE.split(given)):
            name, _, value = column.strip().partition(" ")
            if name in known and value.strip():
                found.append((name, value.strip()))
            elif column.strip():
                self._refuse(field, column, f"is no exception of this row; known: {', '.join(known)}")
        return found

    # -- the parts ------------------------------------------------------------------------------------------

    def _title(self, given: str, field: str) -> Ref:
        """A title's place: where its first words stand twice, they are those behind an opening mark."""
        ref = self._places.read(given)
        if ref.from_ is None or ref.nth is not None:
            return ref
        unit = self._places.words(Ref(u=ref.u))
        hits = find_all(ref.from_, unit)
        marked = [i for i, at in enumerate(hits, 1) if at and unit[at - 1] in _OPENING]
        if len(hits) > 1 and len(marked) != 1:
            raise Unreadable(f"“{ref.from_[:60]}” stands {len(hits)} times in unit {ref.u}; give more first words")
        return ref.model_copy(update={"nth": marked[0]}) if len(hits) > 1 else ref

    def _period(self, given: PolicyR, title: Ref | None) -> Ref | None:
        if given.period.strip():
            return self._place(given.period, "period")
        return self._printed.period(title, self._places.words(title)) if title is not None else None

    def _measure(self, own: Collection[str], row: str, field: str) -> MeasureA:
        columns = row.split("|")
        at = self._places.read(columns[0])
        instruments: list[Instrument] = []
        measure = MeasureA(at=at, instrument=Instrument.OTHER, pillar=self._printed.pillar(at.u, own))
        for word in (columns[1] if len(columns) > 1 else "").replace(",", " ").split():
            match _MEANING.get(word.lower()):
                case Instrument() as instrument:
                    instruments.append(instrument)
                case TargetGroup() as addressed:
                    measure.target_groups.append(addressed)
                case TechnologyField.CROSS_CUTTING:
                    continue  # a policy's alone: it says that many fields are meant, a measure names its own
                case TechnologyField() as technology:
                    measure.technology_fields.append(technology)
                case ActionStatus() as status:
                    measure.action_status = status
                case _:
                    self._refuse(field, word, f"“{word[:60]}” is no word of the lists")
        if not instruments:
            raise Unreadable("the second column names no instrument")
        if len(instruments) > 1:
            self._refuse(field, row, "names two instruments; name the one that decides, first and alone")
        measure.instrument = instruments[0]
        self._label(measure)
        for name, value in self._exceptions(columns[2:], field, ("label", "under", "who")):
            if name == "label":
                measure.label = self._place_or_none(value, field)
            elif name == "under":
                measure.pillar = self._place_or_none(value, field)
            elif (body := self._place(value, field)) is not None:
                measure.implementers.append(body)
        return measure

    def _label(self, measure: MeasureA) -> None:
        """The label of a whole unit; a second measure at the same unit has the unit's second label."""
        if measure.at == Ref(u=measure.at.u):
            labels = self._printed.labels(measure.at.u)
            measure.label = labels[min(self._labelled[measure.at.u], len(labels) - 1)] if labels else None
            self._labelled[measure.at.u] += 1

    def _target(self, measures: Sequence[MeasureA], row: str, field: str) -> TargetA:
        columns = row.split("|")
        raw = self._places.read(columns[0])
        if len(columns) < 2 or not columns[1].strip():
            raise Unreadable("the second column names no indicator")
        indicator = self._places.read_near(columns[1], raw.u)
        words = self._places.words(raw)
        quantity = parse_quantity(words)
        read = quantity.comparator if quantity is not None else comparator_in(words) or Comparator.REFERENCE
        measure = self._measure_at(measures, raw, words)
        target = TargetA(
            at=self._stated(raw, words, indicator, measures[measure] if measure is not None else None),
            indicator=indicator,
            raw=raw,
            comparator=read,
            deadline=self._printed.deadline(raw.u, words),
            measure=measure,
        )
        for name, value in self._exceptions(columns[2:], field, ("until", "is", "of")):
            if name == "until":
                target.deadline = self._until(value, field)
            elif name == "of":
                target.measure = self._of(value, measures, field)
            else:
                target.comparator = self._told(value, field, _comparator) or target.comparator
        return target

    def _stated(self, raw: Ref, words: str, indicator: Ref, measure: MeasureA | None) -> Ref:
        """Where a target is stated: the row's cells, the stretch that is its measure, the sentence, or the unit."""
        cells = self._places.cells(indicator.u, raw.u)
        if cells is not None:
            return cells
        if measure is not None and measure.at != Ref(u=raw.u) and words in self._places.words(measure.at):
            return measure.at
        return (self._printed.sentence(raw.u, words) if raw.quote else None) or Ref(u=raw.u)

    def _until(self, value: str, field: str) -> Ref | None:
        ref = self._place_or_none(value, field)
        return (self._printed.year(ref.u) or ref) if ref is not None and ref == Ref(u=ref.u) else ref

    def _of(self, value: str, measures: Sequence[MeasureA], field: str) -> int | None:
        if value == _NONE:
            return None
        found = next((i for i, m in enumerate(measures) if m.at.u == unit_of(value)), None)
        if found is None:
            self._refuse(field, value, "no measure of this policy stands at that unit")
        return found

    def _measure_at(self, measures: Sequence[MeasureA], raw: Ref, words: str) -> int | None:
        """The measure that stands where the number does: of several in one unit the one that holds its words."""
        for u in self._places.upwards(raw.u):
            there = [i for i, m in enumerate(measures) if u in (m.at.u, m.at.to_u)]
            holding = (i for i in there if words in self._places.words(measures[i].at))
            if there:
                return next(holding, there[0])
        return None

    def _reference(self, row: str, field: str) -> ReferenceA:
        columns = [*row.split("|"), "", ""]
        title, url = self._places.read(columns[0]), self._place(columns[2], field)
        kind = _one_of(ReferenceKind, columns[1].strip() or ReferenceKind.RELATED_POLICY)
        if url is None and kind is not ReferenceKind.RELATED_POLICY:
            url = self._printed.address(title.u)
        return ReferenceA(title=title, kind=kind, url=url)


def _comparator(value: str, field: str) -> Comparator:
    return _one_of(Comparator, value)


def _one_of(kind: type[K], value: str) -> K:
    """The value of a closed list. Raises `Unreadable` for another."""
    found = next((v for v in kind if v.value == value), None)
    if found is None:
        raise Unreadable(f"“{value[:60]}” is none of {', '.join(kind)}")
    return found
