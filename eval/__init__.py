"""How good pams is, measured: what people labelled against what a run found, and trials of the whole.

Rooms, each of which knows only those above it:

    labelled/   gold files → labels             runs/     runs to be scored, and what was recorded
    score/      labels against records          gate/     accepted scores that may not fall
    show/       tables, report, agreement       trials/   speed, load, faults, attacks, formats, suites
    commands.py `pams eval` and `pams gold`, over all of them

Data: `gold/` (the seeds' labels), `contrast/` (the documents that judge), `answers/` (a large model's, collected
offline), `baseline.json` (accepted scores). What was tried stands in `EXPERIMENTS.md`.
"""
