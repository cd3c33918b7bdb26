"""What the weights say of an article by place: whatever was answered can be held against it."""

from __future__ import annotations

import bisect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from pipeline.draft.grammar.view import View
from pipeline.draft.judged import Instruments, Judged
from pipeline.draft.seen.sheets import MEASURE, Stated
from pipeline.learn.weights import Weights
from schemas.document import Article
from schemas.records import Measure, Span, Target
from schemas.vocabulary import Instrument, UnitKind

_BACK = 12
"""Units before a place that are looked at for one that holds it."""
_INSTRUMENTS = tuple(Instrument)

Numbers = Sequence[tuple[int, int, float]]


@dataclass(frozen=True)
class Opinion:
    """Log-odds of one article's units and numbers, in text order."""

    reports: float
    """That the article reports a policy."""
    units: Sequence[tuple[int, int, float, UnitKind]]
    """Start, end, log-odds of being a measure."""
    look_for_numbers: Callable[[], Numbers]
    """Most articles have no target, and numbers cost a third of the whole: they are judged when the first is asked."""
    instruments: Instruments

    @cached_property
    def numbers(self) -> Numbers:
        """Start, end, log-odds of being a goal."""
        return self.look_for_numbers()

    @cached_property
    def _starts(self) -> list[int]:
        return [unit[0] for unit in self.units]

    def of_measure(self, measure: Measure) -> float | None:
        """That the stretch is a measure: of the likeliest unit that begins there and does not go further.

        Else of the shortest unit that holds its beginning; None where there is none.
        """
        found = self._unit(measure.text)
        return None if found is None else found[2]

    def of_target(self, target: Target) -> float | None:
        """That the number is a goal; None where no number stands there."""
        at = target.raw
        first = bisect.bisect_left(self.numbers, (at.start - _BACK,))
        last = bisect.bisect_left(self.numbers, (at.end,))
        return max((odds for start, end, odds in self.numbers[first:last] if end > at.start), default=None)

    def of_instruments(self, measures: Sequence[Measure]) -> list[float]:
        """For each measure that its instrument is this one and none of the others."""
        if not measures:
            return []
        odds = self.instruments.log_odds([self._stated(m) for m in measures])
        chosen = np.array([[_INSTRUMENTS.index(m.instrument)] for m in measures])
        rest = np.where(np.arange(odds.shape[1]) == chosen, -np.inf, odds)
        own = np.take_along_axis(odds, chosen, axis=1)[:, 0] - np.logaddexp.reduce(rest, axis=1)
        return [float(value) for value in own]

    def _stated(self, measure: Measure) -> Stated:
        label = measure.label.text if measure.label is not None else ""
        pillar = measure.pillar.text if measure.pillar is not None else ""
        found = self._unit(measure.text)
        return Stated(_unlabelled(measure), label, pillar, found[3] if found is not None else UnitKind.SENTENCE)

    def _unit(self, span: Span) -> tuple[int, int, float, UnitKind] | None:
        last = bisect.bisect_right(self._starts, span.start)
        near = self.units[max(0, last - _BACK) : last]
        same = [u for u in near if u[0] == span.start and u[1] <= span.end]
        if same:
            return max(same, key=lambda u: u[2])
        return min((u for u in near if u[1] > span.start), key=lambda u: u[1] - u[0], default=None)


def _unlabelled(measure: Measure) -> str:
    """The words behind the bracket label, as the draft classifies them."""
    text, label = measure.text, measure.label
    inside = label is not None and text.start <= label.start < text.end
    return text.text.split(")", 1)[-1].strip() if inside else text.text


def opinion_of(judged: Judged) -> Opinion:
    """What the weights say of an article that was drafted; it is kept until the whole document is read."""
    numbers = _numbers(judged)
    return _opinion(judged, lambda: numbers)


def opinion_on(text: str, article: Article, weights: Weights) -> Opinion:
    """The same of an article that has not been drafted; it keeps the article's text as long as it is kept."""
    judged = Judged(View(text, article), weights)
    return _opinion(judged, lambda: _numbers(judged))


def _opinion(judged: Judged, look_for_numbers: Callable[[], Numbers]) -> Opinion:
    units = [
        (u.unit.start, u.unit.end, odds, u.unit.kind)
        for u, odds in zip(judged.view.units, judged.roles[:, MEASURE].tolist(), strict=True)
    ]
    return Opinion(judged.reports, sorted(units), look_for_numbers, judged.instruments)


def _numbers(judged: Judged) -> Numbers:
    found = (
        (n.unit.unit.start + n.quantity.start, n.unit.unit.start + n.quantity.end, odds) for n, odds in judged.goals
    )
    return sorted(found)
