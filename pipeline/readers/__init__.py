"""Readers of file formats, a room beside the steps: bytes in, lines out. Loaded only in the child process of `read`.

    lines.py    what all have in common: a paragraph is a line, a heading has `#`, a table is rows of `| a | b |`
    docx.py     Word          hangul.py   HWPX and HWP 5
    html.py     web pages     pdf.py      PDF (pdf_lines.py: its lines with their places)
    odt.py      OpenDocument  odf.py      its sheets and slides      mail.py   mail

What is text in the file stays as it is, sign by sign: nothing is escaped, normalised or re-typed. Marks that a word
processor computes (automatic numbers and bullets) are written out, merged cells keep their text in their first cell,
footnotes follow at the end behind the number that stands in the text. Why not one library for all: docs/readers.md.
"""
