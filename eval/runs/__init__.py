"""Runs to be scored: read from their folder, or made anew from what is recorded.

run_files.py    a run's folder → records                 trace.py       how far each record came in a document
recorded.py     cassettes and answers, played again      cassettes.py   recorded HTTP, readable in a diff
"""
