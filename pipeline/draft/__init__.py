"""draft: an article becomes an `Answer` by rule, without any model: the baseline.

view.py        the article as the rules look at it                cues.py      alternatives, fast on Hangul and Han
announce.py    which policies it reports: announcement, title, issuer
titles.py      title quotes and policy nouns
measures.py    which printed items are measures          acts.py      what states an act
targets.py     which numbers are goals                   classify.py  instruments, groups, fields
references.py  the list of sources and other policies
"""

from __future__ import annotations

from pipeline.draft.policy import draft

__all__ = ["draft"]
