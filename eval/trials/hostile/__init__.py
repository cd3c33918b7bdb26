"""Documents that attack, answers that obey them, and the check that nothing of it comes through.

make.py      the documents: carriers × attacks, written by a script and never kept
answers.py   what a model says that does as the document tells it
rows.py      the same answers in rows
attack.py    runs, checks, and the table       (python -m eval.trials.hostile)
"""
