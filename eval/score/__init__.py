"""Labels against records: what is found, right, missed, and how sure that is.

match.py        which record answers which label         slots.py       one comparison a field
metrics.py      observations and counts                  clusters.py    what is resampled together
uncertainty.py  intervals, and differences of two runs   anatomy.py     where a record was lost
evaluate.py     all of it for one run
"""
