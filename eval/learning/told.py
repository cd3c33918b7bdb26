"""What cross-validation says: every row judged by weights that did not see its group, by source and language."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from eval.learning.choices import Choices
from eval.learning.fit import Labels
from eval.learning.rows import Row
from eval.learning.train import Crossed, Odds
from pipeline.draft.decode import GOAL_FROM
from pipeline.draft.judged import CARRIES_FROM, MEANT_FROM
from pipeline.draft.seen.sheets import MEASURE
from pipeline.learn.sheet import Links, Reals


@dataclass(frozen=True)
class Told:
    """One line of the table; ratios are null where there is nothing to judge."""

    part: str
    articles: int
    found: int
    """Articles with a policy that are taken for such, of `reporting`."""
    reporting: int
    empty: int
    """Articles without one that are taken for such, of `silent`."""
    silent: int
    measures: float | None
    """F1 of units (clauses one by one) as measures, in articles that report a policy."""
    goals: float | None
    """F1 of numbers as targets, in the same, from where the draft takes one for a target."""
    deadlines: float | None
    """F1 of dates near targets as their deadlines, in the same."""
    indicators: float | None
    """Share of targets of whose phrases near them the likeliest says what is counted."""
    titles: float | None
    """Share of Korean and English policies that some phrase names of whose phrases the likeliest does."""
    implementers: float | None
    """F1 of phrases as bodies that carry a measure out, in the same articles."""
    issuers: float | None
    """Share of policies of whose phrases some names who issues for which the likeliest does."""
    objectives: float | None
    """Share of policies for which the likeliest phrase says what for, or none is likely and none is labelled."""
    instrument: float | None
    """Share of labelled measures whose instrument is right."""


def cross_validated(rows: Sequence[Row], crossed: Crossed) -> list[Told]:
    """A line for each source, then for each source and language."""
    found = []
    for name in (lambda r: r.document.source, lambda r: f"{r.document.source}, {r.document.language}"):
        parts = sorted({name(r) for r in rows})
        found += [_line(part, [i for i, r in enumerate(rows) if name(r) == part], rows, crossed) for part in parts]
    return list(dict.fromkeys(found))


def _line(part: str, chosen: Sequence[int], rows: Sequence[Row], crossed: Crossed) -> Told:
    reports = np.array([rows[i].example.reports for i in chosen])
    says = np.array([crossed.articles[i][0, 0] > 0 for i in chosen])
    within = [i for i in chosen if rows[i].example.reports == 1]
    instruments = [
        (rows[i].example.instruments.argmax(axis=1) == crossed.instruments[i].argmax(axis=1)) for i in within
    ]
    right = np.concatenate(instruments) if instruments else np.zeros(0)
    near = [c for i in within for c in choices(rows[i].example.of, rows[i].example.named, crossed.named[i])]
    named = [c for i in within for c in choices(rows[i].example.leads, rows[i].example.titled, crossed.titled[i])]
    issued = [c for i in within for c in choices_of(rows[i].example.issuers, crossed.issued[i])]
    meant_for = [c for i in within for c in choices_of(rows[i].example.objectives, crossed.meant_for[i])]
    return Told(
        part=part,
        articles=len(chosen),
        found=int((says & (reports == 1)).sum()),
        reporting=int((reports == 1).sum()),
        empty=int((~says & (reports == 0)).sum()),
        silent=int((reports == 0).sum()),
        measures=_f1(within, crossed.units, lambda i: rows[i].example.roles[:, MEASURE], MEASURE),
        goals=_f1(within, crossed.numbers, lambda i: rows[i].example.goals[:, 0], 0, GOAL_FROM),
        deadlines=_f1(within, crossed.due, lambda i: rows[i].example.due[:, 0], 0),
        indicators=_mean(likeliest_right(near)),
        titles=_mean(likeliest_right([c for c in named if is_named(c)])),
        implementers=_f1(within, crossed.carried, lambda i: rows[i].example.carries[:, 0], 0, CARRIES_FROM),
        issuers=_mean(likeliest_right([c for c in issued if is_named(c)])),
        objectives=_mean([is_meant(c) for c in meant_for]),
        instrument=_mean(right),
    )


def _mean(right: Sequence[bool] | npt.NDArray[Any]) -> float | None:
    return float(np.mean(right)) if len(right) else None


Marked = npt.NDArray[np.bool_]
Choice = tuple[Labels, Reals]
"""The marks of phrases of which one is chosen, and their log-odds."""


def is_meant(choice: Choice) -> bool:
    """Whether the likeliest phrase is none that is marked wrong, or none is likely where none is labelled."""
    marks, odds = choice
    given = odds.max() > MEANT_FROM
    return bool(marks[np.argmax(odds)] != 0) if given else not is_named(choice)


def is_named(choice: Choice) -> bool:
    """Whether some phrase of a choice is what is looked for."""
    return bool((choice[0] == 1).any())


def choices(of: Links, marks: Labels, odds: Reals) -> Iterator[Choice]:
    """What belongs together, by the number of what it belongs to."""
    for each in np.unique(of):
        yield marks[of == each, 0], odds[of == each, 0]


def choices_of(found: Choices, odds: Reals) -> Iterator[Choice]:
    """The same of phrases that are kept with what they belong to."""
    return choices(found.groups, found.marks, odds)


def likeliest_right(chosen: Sequence[Choice]) -> list[bool]:
    """For each choice whether the likeliest phrase is none that is marked wrong."""
    return [bool(marks[np.argmax(odds)] != 0) for marks, odds in chosen]


def shared(says: Marked, marks: Labels) -> tuple[int, int]:
    """Twice what is found of what is labelled, and both counts together: their ratio is F1."""
    return 2 * int((says & (marks == 1)).sum()), int((says & (marks >= 0)).sum() + (marks == 1).sum())


def _f1(
    chosen: Sequence[int], odds: Odds, marks: Callable[[int], Labels], column: int, least: float = 0.0
) -> float | None:
    if not chosen:
        return None
    marked = np.concatenate([marks(i) for i in chosen])
    says = np.concatenate([odds[i][:, column] for i in chosen]) > least
    both, either = shared(says, marked)
    return both / either if either else None


def as_dict(line: Told) -> dict[str, object]:
    """For JSON and the head of weights: ratios with three digits."""
    return {k: round(v, 3) if isinstance(v, float) else v for k, v in asdict(line).items()}
