"""The review page: the source with its evidence on the left, the records on the right, corrections at once.

view.py     what the page shows of a document, as JSON
fields.py   which fields a person may set, and by what, read off the schema
edit.py     a person's change becomes a record: spans selected, enums chosen; compute.py: values computed
new.py      a record that was missed; candidates.py: words that a field may mean
disputes.py what people decided differently, and whose decision holds
decide.py   a wish of the page becomes corrections: one decision, or those that belong together
page.py     the page as one file: template, style and script in page/, nothing fetched, nothing inline but them
app.py      the local service: one folder, one address with a token in it
serve.py    loopback, a random port, until Control-C
"""

from __future__ import annotations

from pipeline.review.page import write_page
from pipeline.review.serve import serve

__all__ = ["serve", "write_page"]
