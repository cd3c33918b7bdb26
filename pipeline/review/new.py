"""A record that was missed, from what a person marked: a policy by its announcement, a measure by its words, a target
or budget by its number.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pipeline.ground.values import record_id
from pipeline.review.compute import article_around
from pipeline.review.edit import edit, span_of
from schemas.document import Document
from schemas.errors import UsageError
from schemas.records import Budget, Measure, Policy, Provenance, Span, Target
from schemas.vocabulary import ActionStatus, Comparator, DeadlineBasis, DocumentType, Instrument

_GLYPHS = re.compile(r"[^\w(（\[【「『《〈<‘’“”'\"]*")
"""Bullets and white space before a line's words."""


def new_policy(document: Document, provenance: Provenance, changes: Mapping[str, Any]) -> Policy:
    """A policy of which only the announcement is known, and what else was marked with it. Raises `UsageError`."""
    announcement = span_of(document, changes.get("announcement"))
    title = span_of(document, changes["title"]) if changes.get("title") else None
    blank = Policy(
        id=record_id(document.sha256, "policy", announcement, title), document=document.name, announcement=announcement,
        extent=article_around(document, announcement.start), title=None, title_original=None,
        document_type=DocumentType.UNNAMED_ACTION, status=None, issuers=(), government_level=None, jurisdiction=None,
        announced_on=None, period_basis=None, period_start=None, period_end=None, objective=None, technology_fields=(),
        measures=(), targets=(), references=(), evidence=(), flags=(), provenance=provenance,
    )  # fmt: skip
    return edit(document, blank, {name: value for name, value in changes.items() if value is not None})


def new_record(document: Document, policy: Policy, kind: str, changes: Mapping[str, Any]) -> Measure | Target | Budget:
    """A measure, target or budget that was missed, from what a person selected. Raises `UsageError`."""
    if kind == "measure":
        text = span_of(document, changes.get("text"))
        blank: Measure | Target | Budget = Measure(
            id=record_id(document.sha256, "measure", text, None), text=text, label=None, pillar=None,
            instrument=Instrument.OTHER, instrument_category=Instrument.OTHER.category, target_groups=(),
            technology_fields=(), implementers=(), action_status=ActionStatus.PLANNED, flags=(),
        )  # fmt: skip
    elif kind == "target":
        blank = _blank_target(document, policy, changes)
    elif kind == "budget":
        blank = _blank_budget(document, policy, changes)
    else:
        raise UsageError(f"{kind}: only policies, measures, targets and budgets can be added")
    return edit(document, blank, changes, policy)


def _blank_target(document: Document, policy: Policy, changes: Mapping[str, Any]) -> Target:
    raw, home, around = _around(document, policy, changes)
    text = span_of(document, changes["text"]) if changes.get("text") else around
    indicator = span_of(document, changes["indicator"]) if changes.get("indicator") else text
    due = policy.period_end
    return Target(
        id=record_id(document.sha256, "target", text, raw, indicator),
        measure_id=home.id if home is not None else None, text=text, indicator=indicator, raw=raw,
        comparator=Comparator.EQ, value=None, value_max=None, unit=None, deadline=str(due) if due is not None else None,
        deadline_basis=DeadlineBasis.POLICY_PERIOD if due is not None else None, flags=(),
    )  # fmt: skip


def _blank_budget(document: Document, policy: Policy, changes: Mapping[str, Any]) -> Budget:
    raw, home, around = _around(document, policy, changes)
    return Budget(
        id=record_id(document.sha256, "budget", raw), measure_id=home.id if home is not None else None, text=around,
        raw=raw, comparator=Comparator.EQ, value=None, value_max=None, unit=None, currency=None, purpose=None,
        years=None, period_start=None, period_end=None, flags=(),
    )  # fmt: skip


def _around(document: Document, policy: Policy, changes: Mapping[str, Any]) -> tuple[Span, Measure | None, Span]:
    """A number that was marked, the measure that it stands in, and the words around it: the measure's, or the line."""
    raw = span_of(document, changes.get("raw"))
    home = next((m for m in policy.measures if m.text.start <= raw.start and raw.end <= m.text.end), None)
    return raw, home, home.text if home is not None else _line_of(document, raw)


def _line_of(document: Document, span: Span) -> Span:
    """The line that a span stands on, without its mark."""
    start = document.text.rfind("\n", 0, span.start) + 1
    end = document.text.find("\n", span.end)
    mark = _GLYPHS.match(document.text, start, span.start)
    return span_of(
        document, {"start": mark.end() if mark is not None else start, "end": end if end >= 0 else len(document.text)}
    )
