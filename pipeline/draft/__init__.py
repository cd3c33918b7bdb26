"""draft: an article becomes an `Answer` by rule, or by learned weights, without any model: the baseline.

view.py        the article as the rules look at it                cues.py      alternatives, by script
within.py      numbers and deadlines, looked for once
announce.py    which policies it reports: announcement, title, issuer     rules.py    constructions as data, with examples
saying.py      what a sentence does     named.py  what it names     subjects.py  who acts     authorities.py  issuers.py
headlines.py   own_text.py  notices.py  korean_notices.py  european.py: what a document's own head makes of it
titles.py      title quotes and policy nouns
measures.py    which printed items are measures          acts.py      what states an act
targets.py     which numbers are goals                   classify.py  instruments, groups, fields
references.py  the list of sources and other policies
printed.py     what the layout tells of a place that someone else chose

traits.py      what is seen of a unit, numbers.py of a number, as small numbers for the learner; sheets.py  all of it
judged.py      what the weights say of an article                decode.py    an answer from it
opinion.py     the same by place, to be held against any answer
"""

from __future__ import annotations

from pipeline.draft.judged import fits
from pipeline.draft.opinion import Opinion, opinion_of, opinion_on
from pipeline.draft.policy import Drafted, Odds, draft, drafted
from pipeline.draft.printed import Printed

__all__ = ["Drafted", "Odds", "Opinion", "Printed", "draft", "drafted", "fits", "opinion_of", "opinion_on"]
