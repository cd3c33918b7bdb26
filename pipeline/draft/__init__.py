"""draft: an article becomes an `Answer` by learned weights, its spans by grammar, without any model.

An article's way: grammar (what its words mark) → seen (what the weights look at) → judged (log-odds by the weights) →
decode (which units and numbers are in the answer) → policy (the answer).

grammar/       constructions in words, and the spans they mark: announcements, titles, issuers, dates, measures, targets
seen/          the units, numbers and phrases of an article as sheets
judged.py      the log-odds of all of them, at first sight and at a second look
decode.py      from log-odds to what is in the answer
policy.py      the answer, its heads and values
opinion.py     the log-odds by place, to be held against any answer
printed.py     what the layout tells of a place that someone else chose
"""

from __future__ import annotations

from pipeline.draft.judged import fits, knows_vectors
from pipeline.draft.opinion import Opinion, opinion_of, opinion_on
from pipeline.draft.policy import Drafted, Odds, draft, drafted
from pipeline.draft.printed import Printed

__all__ = [
    "Drafted",
    "Odds",
    "Opinion",
    "Printed",
    "draft",
    "drafted",
    "fits",
    "knows_vectors",
    "opinion_of",
    "opinion_on",
]
