"""draft: an article becomes an `Answer` by learned weights, its spans by grammar, without any model.

An article's way: view → announce (what the grammar takes for announcements) → traits, numbers, due, indicators, bodies
(what is seen) → sheets → judged (log-odds by the weights; again: at a second look) → decode (which units and numbers are in the answer) → policy (the answer).

view.py        the article as the rules look at it; what they find in it: leads, numbers
rules.py       constructions as data: words by language, with examples; the one engine for them
announce.py    which policies it reports: announcement, title, issuer
saying.py      what a sentence does     named.py  what it names     subjects.py  who acts     authorities.py
issuers.py  english_issuers.py: who issues, by grammar     issuing.py the phrases that may name who does
objectives.py  the phrases that may say what for
headlines.py   own_text.py  heads.py  notices.py  korean_notices.py  european.py: what a document's own head makes of it
titles.py      title quotes and policy nouns                     several.py  several policies in one unit
naming.py      the phrases that may be a title                   indicators.py  those that may say what a number counts
actors.py      who acts but is no authority
measures.py    a chosen unit as a measure: label, pillar         bodies.py    the phrases that may name who carries it out
instruments.py, fields.py                                        what it is, whom it addresses
targets.py     a chosen number as a target                       goal_tables.py  what a table says of a number
years.py       a year in words, against the document's
references.py  the list of sources and other policies
printed.py     what the layout tells of a place that someone else chose
again.py       the second look: at neighbours, and at what sentences mean
opinion.py     the log-odds by place, to be held against any answer
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
