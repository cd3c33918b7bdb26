"""What the learner looks at, as sheets: an article's units, the article as a whole, its numbers, its measures.

Units are judged first. What they are judged to be is then a trait of the article and of its numbers.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from pipeline.draft.grammar.announce import find_leads
from pipeline.draft.grammar.instruments import instrument_of
from pipeline.draft.grammar.rules import remembered
from pipeline.draft.grammar.view import Lead, Number, Phrase, View
from pipeline.draft.seen.bodies import TRAITS as BODIES
from pipeline.draft.seen.bodies import body_traits
from pipeline.draft.seen.due import DUE, Dated, due_traits
from pipeline.draft.seen.indicators import TRAITS as PHRASES
from pipeline.draft.seen.indicators import traits_near
from pipeline.draft.seen.issuing import TRAITS as ISSUERS
from pipeline.draft.seen.issuing import issuer_traits
from pipeline.draft.seen.naming import TRAITS as TITLES
from pipeline.draft.seen.naming import Naming, title_traits
from pipeline.draft.seen.numbers import OWN, around_number, number_traits
from pipeline.draft.seen.objectives import TRAITS as OBJECTIVES
from pipeline.draft.seen.objectives import objective_traits
from pipeline.draft.seen.traits import TRAITS, language_of, traits_of
from pipeline.learn.grams import Look, grams_of
from pipeline.learn.linear import OF_TRAITS, Field
from pipeline.learn.sheet import Links, Reals, Sheet, chosen_grams, grams_at
from schemas.vocabulary import Instrument, UnitKind

ROLES = ("measure", "joins", "announcement", "evidence", "target")
"""What a unit may be: a measure (or the first clause of one), a further clause of one, what announces a policy, a
secondary place of it, what states a target."""
MEASURE, JOINS, ANNOUNCEMENT, EVIDENCE, TARGET = range(len(ROLES))

_EDGES = (-6.0, -5.0, -4.0, -3.0, -2.0, -1.0, -0.3, 0.3, 1.0, 2.0, 3.0)
"""Log-odds between two values of a trait."""
_COUNTS = (1, 2, 3, 5, 8, 13, 21)
_BINNED, _COUNTED = len(_EDGES) + 1, len(_COUNTS) + 1
_OPENING = 4
"""Units of running text at the beginning that show what an article is about."""
_CLOSING = 4
"""Units at the end: a signature, a list of annexes, whom to call."""
_END = 40
"""Signs at the end of a unit, beside the few of its tail."""
_FORMS = 150
"""Signs of a unit's endings that are looked at."""
_ALL_FORMS = 1_500
"""The same of an article."""
_WORD = re.compile(r"[가-힣]+|[A-Za-z]+|[\u4e00-\u9fff]{2}")
_RIGHT_AFTER = 14
"""Signs behind a number that are looked at for themselves."""
_PHRASE_END, _BESIDE = 10, 5
"""Signs at the end of a phrase near a number, and on each side of it, that are looked at."""
_BEFORE_TITLE, _BEHIND_TITLE = 10, 12
"""Signs on each side of what may be a title that are looked at; as many beside what may be a body."""
TRAIT_AT = {name: i for i, name in enumerate(TRAITS)}
"""The column of each trait of a unit."""
_INSTRUMENTS, _KINDS = tuple(Instrument), tuple(UnitKind)

UNIT_SIZES = tuple(TRAITS.values())
UNIT_FIELDS = (
    Field(OF_TRAITS), *(Field(OF_TRAITS, link) for link in ("parent", "heading", "previous", "next")),
    Field("head"), Field("tail"), Field("head", "parent"), Field("head", "heading"), Field("head", "next"),
    Field("head", "column"),
    Field("tail", "previous"), Field("end"), Field("forms"),
)  # fmt: skip
_WHOLE = (TRAITS["article"], TRAITS["language"], TRAITS["prose"], TRAITS["units"], _COUNTED, 4, 4, 3)
ARTICLE_SIZES = (*_WHOLE, _BINNED, _BINNED, _BINNED, _BINNED, _COUNTED)
ARTICLE_FIELDS = (Field(OF_TRAITS), *(Field(name) for name in ("title", "opening", "end", "lead", "lead end", "forms")))
NUMBER_SIZES = (*OWN.values(), _BINNED, _BINNED, _BINNED, *UNIT_SIZES)
_OF_NUMBERS = ("after", "before", "unit", "unit end", "number", "right after", "sentence end", "heading", "column")
NUMBER_FIELDS = (Field(OF_TRAITS), *(Field(name) for name in _OF_NUMBERS))
DUE_SIZES = tuple(DUE.values())
DUE_FIELDS = (Field(OF_TRAITS),)
PHRASE_SIZES = tuple(PHRASES.values())
PHRASE_FIELDS = (Field(OF_TRAITS), *(Field(name) for name in ("end", "before", "behind")))
BODY_SIZES = tuple(BODIES.values())
BODY_FIELDS = (Field(OF_TRAITS), *(Field(name) for name in ("head", "tail", "before", "behind")))
TITLE_SIZES = tuple(TITLES.values())
TITLE_FIELDS = (Field(OF_TRAITS), *(Field(name) for name in ("head", "tail", "before", "behind")))
ISSUER_SIZES, OBJECTIVE_SIZES = tuple(ISSUERS.values()), tuple(OBJECTIVES.values())
ISSUER_FIELDS = OBJECTIVE_FIELDS = TITLE_FIELDS
MEASURE_SIZES = (len(_INSTRUMENTS), len(_INSTRUMENTS), TRAITS["language"], len(_KINDS))
MEASURE_FIELDS = (Field(OF_TRAITS), *(Field(name) for name in ("whole", "end", "pillar")))


@dataclass(frozen=True)
class Sheets:
    """An article as the learner sees it. `at`: the row of the unit in which each number stands."""

    units: Sheet
    article: Sheet
    numbers: Sheet
    at: Links


class Stated(NamedTuple):
    """A measure's words, and those of its label and heading."""

    words: str
    label: str
    pillar: str
    kind: UnitKind


def sheets_of(view: View, numbers: Sequence[Number]) -> Sheets:
    """All sheets of an article that has units; `numbers` are its number phrases."""
    units = unit_sheet(view)
    at = np.array([view.position(n.unit) for n in numbers], dtype=np.int32)
    return Sheets(units, article_sheet(view, units, find_leads(view)), number_sheet(view, numbers), at)


def unit_sheet(view: View) -> Sheet:
    """A row for each unit."""
    words = [view.words(u) for u in view.units]
    looks = {
        "head": Look(words),
        "tail": Look(words, tail=True),
        "end": Look(words, tail=True, signs=_END),
        "forms": Look([_forms(w) for w in words], signs=_FORMS),
    }
    return Sheet(traits_of(view), grams_of(looks), _links(view))


@remembered
def _forms(words: str) -> str:
    """The last two signs of each word: endings and particles; Chinese, which prints no words, two signs by two."""
    return " ".join([w[-2:] for w in _WORD.findall(words[: 3 * _FORMS])])


def _links(view: View) -> dict[str, Links]:
    count = len(view.units)
    place = view.places
    heading = [place.get(u.unit.headings[-1], -1) if u.unit.headings else -1 for u in view.units]
    parent = [-1 if u.unit.parent is None else place.get(u.unit.parent, -1) for u in view.units]
    column = [next((place[i] for i in u.unit.header if _heads(view, i)), -1) for u in view.units]
    following = np.arange(1, count + 1, dtype=np.int32)
    following[-1] = -1
    return {
        "parent": np.array(parent, dtype=np.int32),
        "heading": np.array(heading, dtype=np.int32),
        "column": np.array(column, dtype=np.int32),
        "previous": np.arange(-1, count - 1, dtype=np.int32),
        "next": following,
    }


def _heads(view: View, index: int) -> bool:
    """Whether the unit of this index heads a column, and stands in the article."""
    return index in view.places and view.by_index[index].unit.role == "header"


def article_sheet(view: View, units: Sheet, leads: Sequence[Lead]) -> Sheet:
    """One row for the article, before its units are judged; `leads`: what the grammar takes for announcements."""
    traits = units.traits
    first, opening = traits[0], traits[: 3 * _OPENING]
    row = (
        *(first[TRAIT_AT[name]] for name in ("article", "language", "prose", "units")),
        _counted(int(traits[:, TRAIT_AT["says"]].sum())),
        min(int(opening[:, TRAIT_AT["event"]].sum()), 3),
        min(int(opening[:, TRAIT_AT["news"]].sum()), 3),
        max((2 if lead.title is not None else 1 for lead in leads), default=0),
    )
    running = [u for u in view.units if u.unit.kind in (UnitKind.SENTENCE, UnitKind.BULLET) and len(view.words(u)) > 15]
    title = view.words(view.headline or view.units[0])
    shown = " ".join(view.words(u)[:80] for u in running[:_OPENING])
    closing = " ".join(view.words(u)[:80] for u in view.units[-_CLOSING:])
    looks = {
        "title": Look([title], signs=80),
        "opening": Look([shown], signs=320),
        "end": Look([closing], signs=320),
        "forms": Look([" ".join(_forms(view.words(u)) for u in view.units)], signs=_ALL_FORMS),
    }
    return Sheet(np.array([row], dtype=np.uint8), grams_of(looks), {})


def number_sheet(view: View, numbers: Sequence[Number]) -> Sheet:
    """A row for each number, before its unit is judged."""
    around = [around_number(view, n) for n in numbers]
    traits = np.array([number_traits(view, n) for n in numbers], dtype=np.uint8).reshape(len(numbers), len(OWN))
    looks = {
        "after": Look([a.number + a.after for a in around]),
        "before": Look([a.before for a in around], tail=True),
        "number": Look([a.number for a in around]),
        "right after": Look([a.after[:_RIGHT_AFTER] for a in around]),
        "sentence end": Look([a.sentence for a in around], tail=True),
        "heading": Look([a.heading for a in around], signs=40),
        "column": Look([a.column for a in around], signs=40),
    }
    return Sheet(traits, grams_of(looks), {})


def due_sheet(view: View, number: Number, dates: Sequence[Dated]) -> Sheet:
    """A row for each date that may be the number's deadline."""
    rows = [due_traits(view, number, dated, dates) for dated in dates]
    return Sheet(np.array(rows, dtype=np.uint8).reshape(len(rows), len(DUE)), {}, {})


def phrase_sheet(view: View, number: Number, phrases: Sequence[Phrase]) -> Sheet:
    """A row for each phrase that may say what the number counts."""
    rows = np.array(traits_near(view, number, phrases), dtype=np.uint8).reshape(len(phrases), len(PHRASE_SIZES))
    before, inside, behind = _in_place(view, phrases, _BESIDE, _BESIDE)
    looks = {"end": Look(inside, tail=True, signs=_PHRASE_END), "before": Look(before), "behind": Look(behind)}
    return Sheet(rows, grams_of(looks), {})


def title_sheet(naming: Naming, lead: Lead, names: Sequence[Phrase]) -> Sheet:
    """A row for each phrase that may be the title of what the lead announces."""
    rows = np.array(title_traits(naming, lead, names), dtype=np.uint8).reshape(len(names), len(TITLE_SIZES))
    return Sheet(rows, grams_of(_looks(naming.view, names)), {})


def issuer_sheet(view: View, lead: Lead, names: Sequence[Phrase]) -> Sheet:
    """A row for each phrase that may name who issues what the lead announces."""
    rows = np.array(issuer_traits(view, lead, names), dtype=np.uint8).reshape(len(names), len(ISSUER_SIZES))
    return Sheet(rows, grams_of(_looks(view, names)), {})


def objective_sheet(view: View, lead: Lead, phrases: Sequence[Phrase]) -> Sheet:
    """A row for each phrase that may say what for."""
    rows = np.array(objective_traits(view, lead, phrases), dtype=np.uint8).reshape(len(phrases), len(OBJECTIVE_SIZES))
    return Sheet(rows, grams_of(_looks(view, phrases)), {})


def body_sheet(view: View, measures: Sequence[tuple[int, Sequence[Phrase]]]) -> Sheet:
    """A row for each phrase that may name a body; of each measure where it begins in its unit's words, and its phrases."""
    phrases = [p for _, group in measures for p in group]
    traits = [row for start, group in measures if group for row in body_traits(view.words(group[0].unit), start, group)]
    rows = np.array(traits, dtype=np.uint8).reshape(len(phrases), len(BODY_SIZES))
    return Sheet(rows, grams_of(_looks(view, phrases)), {})


def _looks(view: View, phrases: Sequence[Phrase]) -> dict[str, Look]:
    before, inside, behind = _in_place(view, phrases, _BEFORE_TITLE, _BEHIND_TITLE)
    return {
        "head": Look(inside),
        "tail": Look(inside, tail=True),
        "before": Look(before, tail=True),
        "behind": Look(behind),
    }


def _in_place(
    view: View, phrases: Sequence[Phrase], before: int, behind: int
) -> tuple[list[str], list[str], list[str]]:
    """For each phrase so many signs before it, its words, and so many signs behind it."""
    words = [view.words(p.unit) for p in phrases]
    return (
        [w[max(0, p.start - before) : p.start] for w, p in zip(words, phrases, strict=True)],
        [w[p.start : p.end] for w, p in zip(words, phrases, strict=True)],
        [w[p.end : p.end + behind] for w, p in zip(words, phrases, strict=True)],
    )


def judged_article(article: Sheet, units: Sheet, odds: Reals) -> Sheet:
    """The article's row with what its units were judged to be (`odds`: units × `ROLES`)."""
    announced, measures = np.sort(odds[:, ANNOUNCEMENT])[::-1], np.sort(odds[:, MEASURE])[::-1]
    second = announced[1] if len(announced) > 1 else np.float32(-9)
    seen = (announced[0], second, measures[:5].mean(), np.logaddexp.reduce(measures))
    row = [*(bisect.bisect_left(_EDGES, float(v)) for v in seen), _counted(int((measures > 0).sum()))]
    lead = int(np.argmax(odds[:, ANNOUNCEMENT]))
    grams = {
        **article.grams,
        "lead": grams_at(units.grams["head"], lead),
        "lead end": grams_at(units.grams["tail"], lead),
    }
    traits = np.concatenate([article.traits, np.array([row], dtype=np.uint8)], axis=1)
    return Sheet(traits, grams, {})


def judged_numbers(numbers: Sheet, at: Links, units: Sheet, odds: Reals) -> Sheet:
    """The numbers' rows with what their units are and were judged to be."""
    seen = np.searchsorted(_EDGES, odds[at][:, [MEASURE, TARGET, ANNOUNCEMENT]]).astype(np.uint8)
    grams = {
        **numbers.grams,
        "unit": chosen_grams(units.grams["head"], at),
        "unit end": chosen_grams(units.grams["tail"], at),
    }
    return Sheet(np.concatenate([numbers.traits, seen, units.traits[at]], axis=1), grams, {})


def _counted(number: int) -> int:
    return bisect.bisect_right(_COUNTS, number)


def measure_sheet(measures: Sequence[Stated]) -> Sheet:
    """A row for each measure, to tell its instrument, groups and fields."""
    rows = [
        (
            _INSTRUMENTS.index(instrument_of(m.words, m.label, m.pillar)),
            _INSTRUMENTS.index(instrument_of(m.pillar)),
            language_of(m.words),
            _KINDS.index(m.kind),
        )
        for m in measures
    ]
    words = [f"{m.label} {m.words}" if m.label else m.words for m in measures]
    looks = {
        "whole": Look(words, signs=120),
        "end": Look(words, tail=True),
        "pillar": Look([m.pillar for m in measures], signs=40),
    }
    return Sheet(np.array(rows, dtype=np.uint8).reshape(len(rows), len(MEASURE_SIZES)), grams_of(looks), {})
