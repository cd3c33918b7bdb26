"""outline: a document becomes a tree of units, the smallest things that can be pointed at.

    lines.py       what a line starts with says what it is
    breaks.py      a text becomes lines
    headings.py    which lines are headings
    tables.py      rows and cells, by tab, pipe or HTML
    columns.py     tables that nothing marks: a cell a line, or
    aligned.py     a row a line, cells set apart by blanks or strokes
    table_units.py rows become units
    sentences.py   sentences, clauses and marked items of running text
    labels.py      the bracket label a unit opens with
    roles.py       what a unit is for
    tree.py        which unit stands under which
    build.py       goes through the lines and puts the units together

Structure first: no unit is cut by length, and no list of words from particular documents decides.
"""

from __future__ import annotations

from pipeline.outline.build import Outliner
from schemas.document import Document, Unit

__all__ = ["outline"]


def outline(document: Document) -> tuple[Unit, ...]:
    """The document's units in text order. Every unit's span lies in the text and holds no outer white space."""
    return Outliner(document.text, document.furniture).run()
