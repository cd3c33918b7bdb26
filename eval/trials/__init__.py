"""Trials of the whole: each is a program, `python -m eval.trials.NAME`.

bench     speed and size                 load      runs at scale (a local service: loopback; documents: corpus)
chaos     faults, kills, full disks (the long form: siege)
hostile   documents that attack          fuzz      generated documents, mutated files
formats   one text in every format       external  values and names on suites that people labelled
"""
