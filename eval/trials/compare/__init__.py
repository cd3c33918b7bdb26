"""pams beside other ways to take facts out of CJK briefs, all asked of the same service about the same documents.

    pip install "policy-measures[compare]"
    python -m eval.trials.compare            200 documents; --quick: 40; --json: one object

material.py   documents with goals whose places are known
reader.py     the service on loopback: quotes the goals, a fifth of them with one digit altered
tools.py      one way to ask it, in a process of its own
"""
