"""The library: all policies of one or several results folders in one table, each a click from its evidence.

index.py     the folders read into a database of their own, document by document, in the background
wish.py      what is asked of it: words, filters, order
answer.py    rows, charts and single policies, as JSON
selection.py what is shown, as results that the exporters take
intake.py    documents dropped on the page become results
app.py       the local service; the review of each folder is part of it
page.py      the page as one file: template, style and script in page/, with Chart.js
serve.py     loopback, a random port, until Control-C
"""

from __future__ import annotations

from pipeline.library.serve import serve

__all__ = ["serve"]
