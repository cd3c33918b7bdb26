"""Scores as people read them.

tables.py       the cells of every table                 summary.py     Markdown for a pull request
highlight.py    texts with labels and records marked     report.py      the page (its parts: page/)
agreement.py    how far two labellings agree
"""
