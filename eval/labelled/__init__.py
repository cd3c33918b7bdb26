"""What people labelled, read with every quote looked up in its source.

labels.py       the records that scoring compares        gold_file.py   a gold file as it is written
load.py         files → labels, and what to fix          quotes.py      a quote → its span
from_review.py  corrections of a run → gold files
"""
