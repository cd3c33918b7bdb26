"""Synthetic documents with records, for tests of the ruler: every span is found by its text, none typed as offsets."""

from __future__ import annotations

from eval.labels import (
    DocumentLabels,
    MeasureLabel,
    NotTarget,
    OrganisationLabel,
    PolicyLabel,
    ReferenceLabel,
    TargetLabel,
)
from schemas.records import Extent, Span
from schemas.vocabulary import (
    ActionStatus,
    Comparator,
    DeadlineBasis,
    DocumentType,
    GovernmentLevel,
    Instrument,
    ReferenceKind,
    Role,
    Status,
)

INSTRUMENTS = tuple(Instrument)


def at(text: str, quote: str) -> Span:
    """The first occurrence of `quote`."""
    start = text.index(quote)
    return Span(start=start, end=start + len(quote), text=quote)


def source(policies: int, measures: int, tag: str = "") -> str:
    """A bulleted brief: per policy a sentence, bullets (every second with a number), a reference and a trap."""
    lines = ["Brief <script>alert('hostile')</script> & co", ""]
    for p in range(1, policies + 1):
        lines.append(f"City {tag}{p} office announced 'Plan {tag}{p} for robots' on 2023-06-16")
        for m in range(1, measures + 1):
            number = f", reaching {100 * p + m} parks by 2030" if m % 2 == 0 else ""
            lines.append(f"- (label {tag}{p}.{m}) the bureau {tag}{p}.{m} builds platform {tag}{p}.{m}{number}")
        lines.append(f"So far {9000 + p} firms had registered.")
        lines.append(f"Source {tag}{p}: 计划{tag}{p}号")
        lines.append("")
    return "\n".join(lines)


def sample(policies: int = 2, measures: int = 4, document: str = "doc.txt", tag: str = "") -> DocumentLabels:
    """Gold of `source(policies, measures, tag)`."""
    text = source(policies, measures, tag)
    found = tuple(_policy(text, p, measures, tag) for p in range(1, policies + 1))
    traps = tuple(NotTarget(at=at(text, f"{9000 + p} firms"), rule="21") for p in range(1, policies + 1))
    return DocumentLabels(document=document, text=text, policies=found, not_targets=traps)


def _policy(text: str, p: int, measures: int, tag: str) -> PolicyLabel:
    announcement = at(text, f"City {tag}{p} office announced 'Plan {tag}{p} for robots' on 2023-06-16")
    source_line = at(text, f"计划{tag}{p}号")
    issuer = OrganisationLabel(name=at(text, f"City {tag}{p} office"), role=Role.ISSUER)
    return PolicyLabel(
        key=f"p{p}",
        extent=Extent(start=announcement.start, end=source_line.end),
        announcement=announcement,
        title=at(text, f"Plan {tag}{p} for robots"),
        title_original=source_line,
        document_type=DocumentType.PLAN,
        status=Status.ADOPTED,
        issuers=(issuer,),
        government_level=GovernmentLevel.PREFECTURE,
        jurisdiction="CN-GD",
        announced_raw=at(text, "2023-06-16"),
        announced_value="2023-06-16",
        period_start=2023,
        period_end=None,
        objective=None,
        technology_fields=frozenset(),
        evidence=(),
        measures=tuple(_measure(text, p, m, tag) for m in range(1, measures + 1)),
        targets=tuple(_target(text, p, m, tag) for m in range(2, measures + 1, 2)),
        references=(ReferenceLabel(title=source_line, url=None, kind=ReferenceKind.SOURCE),),
    )


def _line(text: str, p: int, m: int, tag: str) -> Span:
    start = text.index(f"(label {tag}{p}.{m})")
    end = text.index("\n", start)
    return Span(start=start, end=end, text=text[start:end])


def _measure(text: str, p: int, m: int, tag: str) -> MeasureLabel:
    body = OrganisationLabel(name=at(text, f"bureau {tag}{p}.{m}"), role=Role.IMPLEMENTER)
    return MeasureLabel(
        key=f"m{m}",
        text=_line(text, p, m, tag),
        label=at(text, f"label {tag}{p}.{m}"),
        pillar=None,
        instrument=INSTRUMENTS[(p * 7 + m) % len(INSTRUMENTS)],
        target_groups=frozenset(),
        technology_fields=frozenset(),
        implementers=(body,),
        action_status=ActionStatus.PLANNED,
    )


def _target(text: str, p: int, m: int, tag: str) -> TargetLabel:
    return TargetLabel(
        key=f"t{m}",
        text=_line(text, p, m, tag),
        indicator=at(text, f"platform {tag}{p}.{m}"),
        raw=at(text, f"{100 * p + m} parks"),
        comparator=Comparator.EQ,
        value=100 * p + m,
        value_max=None,
        unit="parks",
        deadline="2030",
        deadline_basis=DeadlineBasis.STATED,
        measure=f"m{m}",
    )
