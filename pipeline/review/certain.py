"""How certain a record is as a whole, and what of a document would be accepted from some certainty on."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.results import Results
from schemas.corrections import Record
from schemas.records import Budget, Measure, Policy


def records_of(policy: Policy) -> tuple[Record, ...]:
    """A policy and all that is in it."""
    return (policy, *policy.measures, *policy.targets, *policy.budgets)


def certainty(record: Record) -> float | None:
    """That all of it is right: of a measure that it is one, and has this instrument; None where nobody knows."""
    said = None if isinstance(record, Budget) else record.confidence
    if isinstance(record, Measure) and said is not None:
        chosen = record.instrument_confidence
        return None if chosen is None else round(said * chosen, 4)
    return said


def undecided(results: Results, document: str, least: float) -> Iterator[tuple[Policy, Record]]:
    """The records of a document, each with its policy, that nobody has decided about and that are so certain."""
    for policy in results.policies:
        if policy.document != document:
            continue
        for record in records_of(policy):
            certain = certainty(record)
            if certain is not None and certain >= least and (policy.id, record.id) not in results.corrected.decisions:
                yield policy, record
