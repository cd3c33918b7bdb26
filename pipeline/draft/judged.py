"""What the learned weights say about an article: whether it reports a policy, which units are what, which numbers goals."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import TypeVar

import numpy as np

from pipeline.draft.grammar.announce import find_leads
from pipeline.draft.grammar.measures import Found
from pipeline.draft.grammar.titles import letters_of
from pipeline.draft.grammar.view import Lead, Number, Phrase, Placed, View
from pipeline.draft.seen.again import (
    AGAIN,
    MEANT,
    MEANT_JUDGES,
    mixed_article,
    mixed_instruments,
    mixed_numbers,
    second_look,
    stated_vectors,
)
from pipeline.draft.seen.bodies import bodies_in
from pipeline.draft.seen.counted import first_able, may_say, told_apart
from pipeline.draft.seen.due import Dated, able_dates, dates_near
from pipeline.draft.seen.indicators import phrases_near
from pipeline.draft.seen.issuing import issuer_phrases
from pipeline.draft.seen.naming import Naming, title_phrases
from pipeline.draft.seen.numbers import numbers_of
from pipeline.draft.seen.objectives import objective_phrases
from pipeline.draft.seen.sheets import (
    ARTICLE_FIELDS,
    ARTICLE_SIZES,
    BODY_FIELDS,
    BODY_SIZES,
    DUE_FIELDS,
    DUE_SIZES,
    ISSUER_FIELDS,
    ISSUER_SIZES,
    MEASURE_FIELDS,
    MEASURE_SIZES,
    NUMBER_FIELDS,
    NUMBER_SIZES,
    OBJECTIVE_FIELDS,
    OBJECTIVE_SIZES,
    PHRASE_FIELDS,
    PHRASE_SIZES,
    TITLE_FIELDS,
    TITLE_SIZES,
    UNIT_FIELDS,
    UNIT_SIZES,
    Stated,
    article_sheet,
    body_sheet,
    due_sheet,
    issuer_sheet,
    judged_article,
    judged_numbers,
    measure_sheet,
    number_sheet,
    objective_sheet,
    phrase_sheet,
    title_sheet,
    unit_sheet,
)
from pipeline.learn.linear import Judge
from pipeline.learn.sheet import Reals, Sheet, joined
from pipeline.learn.weights import Weights
from schemas.vocabulary import Instrument

_Near = TypeVar("_Near")
_INSTRUMENTS = tuple(Instrument)
TITLED_FROM, KEPT_FROM, LONGER_BY = 1.0, -2.0, 1.0
"""Log-odds from which a phrase is a title; from which the one that grammar found stays; by which one that goes on behind it
is to be likelier."""
CARRIES_FROM = 0.0
"""Log-odds from which a phrase names who carries a measure out: by groups 60 of 100 are labelled, and of 26 others that
were looked at one by one some 18 are right as well, since labels name few of those that the text does."""
_BODIES = 4
"""So many of a measure at most, and so many issuers of a policy."""
SURELY_ISSUES_FROM, ISSUES_FROM, JOINTLY_FROM = 1.0, -0.5, 1.0
"""Log-odds from which the likeliest phrase names who issues a policy whatever grammar finds; where it finds nobody; from which
another one names who issues with it. By groups, and on real documents that taught nothing, the first issuer is right so for
72 and 64 of 100 policies; by grammar alone it was for 60 and 54."""
MEANT_FROM = -1.0
"""Log-odds from which a phrase says what a policy is for."""
NO_POLICY_BELOW = -3.0
"""Log-odds by n-grams below which no meaning makes an article one that reports a policy: of 2,230 articles by groups none is.
Vectors are nearly all of the time with them, and half of the Korean releases that report nothing end here."""
_LOOKED_THROUGH = 40
"""So many of the likeliest phrases are looked through for who issues with the likeliest."""
_LOOKED_AT = {
    "units": (UNIT_SIZES, UNIT_FIELDS),
    "article": (ARTICLE_SIZES, ARTICLE_FIELDS),
    "numbers": (NUMBER_SIZES, NUMBER_FIELDS),
    "due": (DUE_SIZES, DUE_FIELDS),
    "instruments": (MEASURE_SIZES, MEASURE_FIELDS),
    "indicators": (PHRASE_SIZES, PHRASE_FIELDS),
    "titles": (TITLE_SIZES, TITLE_FIELDS),
    "implementers": (BODY_SIZES, BODY_FIELDS),
    "issuers": (ISSUER_SIZES, ISSUER_FIELDS),
    "objectives": (OBJECTIVE_SIZES, OBJECTIVE_FIELDS),
}


def fits(weights: Weights) -> bool:
    """Whether weights were learned from what this version looks at."""
    linear, trees, dense = weights.judges
    looked_at = {name: (judge.sizes, tuple(judge.weights)) for name, judge in linear.items()}
    meant = {name: len(judge.weights) for name, judge in dense.items()}
    return looked_at == _LOOKED_AT and AGAIN in trees and (not dense or (meant == MEANT_JUDGES and MEANT in trees))


def knows_vectors(weights: Weights) -> bool:
    """Whether weights were learned from vectors of sentences too."""
    return bool(weights.judges.dense)


class Instruments:
    """Log-odds of what measures are. What was judged is remembered: whoever drafts and weighs asks twice."""

    def __init__(self, weights: Weights) -> None:
        self._weights = weights
        self._known: dict[Stated, Reals] = {}

    def log_odds(self, measures: Sequence[Stated]) -> Reals:
        """Measures × instruments; at least one measure is needed."""
        new = [m for m in dict.fromkeys(measures) if m not in self._known]
        if new:
            self._known.update(zip(new, self._judge(new), strict=True))
        return np.array([self._known[m] for m in measures], dtype=np.float32)

    def _judge(self, measures: Sequence[Stated]) -> Reals:
        odds = self._weights.judges.linear["instruments"].log_odds(measure_sheet(measures))
        if self._weights.vectors is None:
            return odds
        return mixed_instruments(odds, self._weights.judges, stated_vectors(measures, self._weights.vectors.of))


@dataclass(frozen=True)
class Judged:
    """One article's log-odds; above 0 is more likely than not."""

    view: View
    weights: Weights

    @cached_property
    def _units(self) -> Sheet:
        return unit_sheet(self.view)

    @cached_property
    def _first(self) -> Reals:
        """Units × roles at first sight."""
        return self.weights.judges.linear["units"].log_odds(self._units)

    @cached_property
    def _meaning(self) -> Reals | None:
        """A vector for each unit, if vectors are looked at."""
        vectors = self.weights.vectors
        return None if vectors is None else vectors.of([self.view.words(u) for u in self.view.units])

    @cached_property
    def roles(self) -> Reals:
        """Units × roles: what is a measure by a second look at what its neighbours are."""
        return second_look(self._units, self._first, self._meaning, self.weights.judges)

    @cached_property
    def leads(self) -> list[Lead]:
        """What the grammar takes for announcements."""
        return find_leads(self.view)

    @cached_property
    def reports(self) -> float:
        """That the article reports a policy of an authority."""
        article = judged_article(article_sheet(self.view, self._units, self.leads), self._units, self._first)
        odds = self.weights.judges.linear["article"].log_odds(article)
        if odds[0, 0] >= NO_POLICY_BELOW and self._meaning is not None:
            odds = mixed_article(odds, self.weights.judges, self._meaning)
        return float(odds[0, 0])

    @cached_property
    def goals(self) -> list[tuple[Number, float]]:
        """The numbers of the article, and that each is a goal."""
        numbers = numbers_of(self.view)
        if not numbers:
            return []
        at = np.array([self.view.position(n.unit) for n in numbers], dtype=np.int32)
        sheet = judged_numbers(number_sheet(self.view, numbers), at, self._units, self._first)
        odds = self.weights.judges.linear["numbers"].log_odds(sheet)
        if self._meaning is not None:
            odds = mixed_numbers(odds, self.weights.judges, self._meaning[at])
        return list(zip(numbers, odds[:, 0].tolist(), strict=True))

    def deadlines_of(self, numbers: Sequence[Number]) -> list[Dated | None]:
        """By when each number is to be reached: the likeliest of the dates near it, if it is likelier than not."""
        near = [able_dates(self.view, n, dates_near(self.view, n)) for n in numbers]
        sheets = [due_sheet(self.view, n, dates) for n, dates in zip(numbers, near, strict=True)]
        return _likeliest(near, sheets, self.weights.judges.linear["due"], least=0.0)

    def indicators_of(self, numbers: Sequence[Number]) -> list[Phrase | None]:
        """What each number counts: the likeliest of the phrases near it; null where there is none or nothing is known."""
        judge = self.weights.judges.linear["indicators"]
        near = [[p for p in phrases_near(self.view, n) if may_say(self.view, p)] for n in numbers]
        if not judge.knows or not any(near):
            return [None] * len(numbers)
        sheets = [phrase_sheet(self.view, n, phrases) for n, phrases in zip(numbers, near, strict=True)]
        odds = judge.log_odds(joined(sheets))[:, 0]
        ranked = ([group[i] for i in np.argsort(-own, kind="stable")] for group, own in _by_group(near, odds))
        chosen = (first_able(self.view, n, phrases) for n, phrases in zip(numbers, ranked, strict=True))
        return [told_apart(self.view, n, phrase) for n, phrase in zip(numbers, chosen, strict=True)]

    @cached_property
    def _naming(self) -> Naming:
        return Naming(self.view)

    def title_of(self, lead: Lead, taken: Collection[str]) -> Phrase | None:
        """What a lead announces is called: grammar's title if it is likely, or what goes on behind it, else the likeliest.

        Where none is likely, that of a further line at the head that is. `taken`: the letters of titles that name other
        policies of the article.
        """
        return self._title_of(lead, taken) or self._title_of(lead, taken, further=True)

    def _title_of(self, lead: Lead, taken: Collection[str], *, further: bool = False) -> Phrase | None:
        names = title_phrases(self.view, lead, further=further)
        names = [n for n in names if letters_of(self.view.said(n[:3])) not in taken]
        if names and names[0][:3] == lead.title:
            known = [names[0], *(n for n in names if _goes_on(n, names[0]))]
            odds = self._titled(lead, known)
            best = int(np.argmax(odds[1:])) + 1 if len(odds) > 1 else 0
            if odds[0] >= KEPT_FROM:
                return known[best] if odds[best] >= max(odds[0] + LONGER_BY, TITLED_FROM) else known[0]
        odds = self._titled(lead, names)
        return names[int(np.argmax(odds))] if names and odds.max() >= TITLED_FROM else None

    def _titled(self, lead: Lead, names: Sequence[Phrase]) -> Reals:
        """That each phrase is the lead's title."""
        if not names:
            return np.zeros(0, dtype=np.float32)
        return self.weights.judges.linear["titles"].log_odds(title_sheet(self._naming, lead, names))[:, 0]

    def issuers_of(self, lead: Lead) -> tuple[list[Placed], float]:
        """Who is likeliest to issue what a lead announces, and who does so with them; how likely the first one is."""
        judge, names = self.weights.judges.linear["issuers"], issuer_phrases(self.view, lead)
        if not names or not judge.knows:
            return [], -np.inf
        odds = judge.log_odds(issuer_sheet(self.view, lead, names))[:, 0]
        chosen: list[Phrase] = []
        for i in np.argsort(-odds, kind="stable")[:_LOOKED_THROUGH]:
            if not chosen or (odds[i] >= JOINTLY_FROM and not any(self._same(names[i], n) for n in chosen)):
                chosen.append(names[i])
        return [name[:3] for name in chosen[:_BODIES]], float(odds.max())

    def _same(self, name: Phrase, other: Phrase) -> bool:
        """Whether two phrases share words, or one says again what the other does."""
        if name.unit is other.unit and name.start < other.end and other.start < name.end:
            return True
        ours, theirs = letters_of(self.view.said(name[:3])), letters_of(self.view.said(other[:3]))
        return ours in theirs or theirs in ours

    def objective_of(self, lead: Lead) -> Phrase | None:
        """What the act is for that a lead announces; null where no phrase is likely to say so."""
        judge, phrases = self.weights.judges.linear["objectives"], objective_phrases(self.view, lead)
        if not phrases or not judge.knows:
            return None
        return _likeliest([phrases], [objective_sheet(self.view, lead, phrases)], judge, MEANT_FROM)[0]

    def bodies_of(self, measures: Sequence[Found]) -> list[list[Phrase]]:
        """Who carries each measure out, as far as its words name them."""
        judge = self.weights.judges.linear["implementers"]
        if not measures or not judge.knows:
            return [[] for _ in measures]
        starts = [m.span[0] - m.unit.unit.start for m in measures]
        near = [
            bodies_in(self.view, m.unit, start, m.span[1] - m.unit.unit.start)
            for m, start in zip(measures, starts, strict=True)
        ]
        odds = judge.log_odds(body_sheet(self.view, list(zip(starts, near, strict=True))))[:, 0]
        return [_apart(group, own) for group, own in _by_group(near, odds)]

    @cached_property
    def instruments(self) -> Instruments:
        """What judges the instruments of its measures."""
        return Instruments(self.weights)

    def instruments_of(self, measures: Sequence[Stated]) -> list[tuple[Instrument, float]]:
        """What each measure is, with its log-odds."""
        if not measures:
            return []
        odds = self.instruments.log_odds(measures)
        return [(_INSTRUMENTS[best], float(row[best])) for row, best in zip(odds, odds.argmax(axis=1), strict=True)]


def _goes_on(name: Phrase, known: Phrase) -> bool:
    """Whether a phrase is another one with more behind it: a law with its decree, a quotation with 개정안."""
    return name.unit is known.unit and 0 <= known.start - name.start <= 1 and name.end > known.end


def _apart(phrases: Sequence[Phrase], odds: Reals) -> list[Phrase]:
    """The likeliest phrases, none within another, in order."""
    kept: list[Phrase] = []
    for i in np.argsort(-odds, kind="stable"):
        phrase = phrases[i]
        if odds[i] > CARRIES_FROM and all(phrase.end <= k.start or k.end <= phrase.start for k in kept):
            kept.append(phrase)
    return sorted(kept[:_BODIES], key=lambda p: p.start)


def _likeliest(
    near: Sequence[Sequence[_Near]], sheets: Sequence[Sheet], judge: Judge, least: float = -np.inf
) -> list[_Near | None]:
    """Of each group of what stands near the likeliest, if its log-odds are above `least`; a sheet for each group."""
    if not any(near):
        return [None] * len(near)
    odds = judge.log_odds(joined(sheets))[:, 0]
    return [group[int(np.argmax(own))] if group and own.max() > least else None for group, own in _by_group(near, odds)]


def _by_group(near: Sequence[Sequence[_Near]], odds: Reals) -> Iterator[tuple[Sequence[_Near], Reals]]:
    """Each group of what stands near something, with its own part of all their log-odds."""
    return zip(near, np.split(odds, list(accumulate(map(len, near)))[:-1]), strict=True)
