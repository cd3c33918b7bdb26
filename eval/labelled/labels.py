"""Labels of one document in one form, whoever made them: a human labeller, a second one, or a run.

Matching, metrics, anatomy, agreement and report know only these types, so that gold can be scored against
gold and one labeller against another with the same ruler. Spans count Unicode code points of the text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Literal

from pydantic import BaseModel

from schemas.document import Frozen
from schemas.records import Extent, Measure, Organisation, Policy, Span, Target
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
    TargetGroup,
    TechnologyField,
)

Kind = Literal["policy", "measure", "target", "organisation", "reference"]
KINDS: tuple[Kind, ...] = ("policy", "measure", "target", "organisation", "reference")


class OrganisationLabel(Frozen):
    """A named organisation; issuers hang under their policy, implementers under their measure."""

    name: Span
    role: Role


class ReferenceLabel(Frozen):
    """A cited document. `borderline`: careful readers may differ, so it counts neither for nor against."""

    title: Span
    url: Span | None
    kind: ReferenceKind
    borderline: bool = False


class MeasureLabel(Frozen):
    """One measure; `key` is unique within its policy."""

    key: str
    text: Span
    label: Span | None
    pillar: Span | None
    instrument: Instrument
    target_groups: frozenset[TargetGroup]
    technology_fields: frozenset[TechnologyField]
    implementers: tuple[OrganisationLabel, ...]
    action_status: ActionStatus
    borderline: bool = False


class TargetLabel(Frozen):
    """One target; `value` in base units, `measure` the key of the measure it belongs to (null: the policy's own)."""

    key: str
    text: Span
    indicator: Span
    raw: Span
    comparator: Comparator
    value: float | int | None
    value_max: float | int | None
    unit: str | None
    deadline: str | None
    deadline_basis: DeadlineBasis | None
    measure: str | None
    borderline: bool = False


class PolicyLabel(Frozen):
    """One policy with all that hangs off it; `key` is unique within its document."""

    key: str
    extent: Extent
    announcement: Span
    title: Span | None
    title_original: Span | None
    document_type: DocumentType
    status: Status | None
    issuers: tuple[OrganisationLabel, ...]
    government_level: GovernmentLevel | None
    jurisdiction: str | None
    announced_raw: Span | None
    announced_value: str | None
    period_start: int | None
    period_end: int | None
    objective: Span | None
    technology_fields: frozenset[TechnologyField]
    evidence: tuple[Span, ...]
    measures: tuple[MeasureLabel, ...]
    targets: tuple[TargetLabel, ...]
    references: tuple[ReferenceLabel, ...]
    borderline: bool = False


class NotTarget(Frozen):
    """A number that traps extractors, with the guideline that excludes it."""

    at: Span
    rule: str


class DocumentLabels(Frozen):
    """All labels of one document, with its text. `prose`: hardly any layout, so scores are reported apart."""

    document: str
    text: str
    policies: tuple[PolicyLabel, ...]
    not_targets: tuple[NotTarget, ...] = ()
    prose: bool = False
    notes: str = ""


Record = PolicyLabel | MeasureLabel | TargetLabel | OrganisationLabel | ReferenceLabel


class Item(Frozen):
    """One record as matching sees it: kind, identity, main span, and the policy it belongs to.

    `id` is unique within its labels: `p1`, `p1/m3`, `p1/t2`, `p1/o1` (issuer), `p1/m3/o1` (implementer), `p1/r1`.
    """

    kind: Kind
    id: str
    policy: str
    span: Span
    record: Record
    borderline: bool


def items(labels: DocumentLabels, kind: Kind) -> tuple[Item, ...]:
    """All records of one kind in text order of their policies; records of a borderline policy are borderline."""
    return tuple(item for policy in labels.policies for item in _of_policy(policy, kind))


def _of_policy(policy: PolicyLabel, kind: Kind) -> Iterator[Item]:
    def item(name: str, span: Span, record: Record, borderline: bool = False) -> Item:
        doubtful = borderline or policy.borderline
        return Item(kind=kind, id=name, policy=policy.key, span=span, record=record, borderline=doubtful)

    if kind == "policy":
        yield item(policy.key, policy.announcement, policy)
    elif kind == "measure":
        yield from (item(f"{policy.key}/{m.key}", m.text, m, m.borderline) for m in policy.measures)
    elif kind == "target":
        yield from (item(f"{policy.key}/{t.key}", t.text, t, t.borderline) for t in policy.targets)
    elif kind == "reference":
        for number, reference in enumerate(policy.references, 1):
            yield item(f"{policy.key}/r{number}", reference.title, reference, reference.borderline)
    else:
        for number, issuer in enumerate(policy.issuers, 1):
            yield item(f"{policy.key}/o{number}", issuer.name, issuer)
        for measure in policy.measures:
            for number, body in enumerate(measure.implementers, 1):
                yield item(f"{policy.key}/{measure.key}/o{number}", body.name, body, measure.borderline)


def spans_of(labels: DocumentLabels) -> Iterator[tuple[str, Span]]:
    """Every span with text of the labels, with the id of the record that holds it."""
    for policy in labels.policies:
        yield from ((policy.key, span) for span in _policy_spans(policy))
        for measure in policy.measures:
            held = (measure.text, measure.label, measure.pillar, *(o.name for o in measure.implementers))
            yield from ((f"{policy.key}/{measure.key}", span) for span in held if span is not None)
        for target in policy.targets:
            yield from ((f"{policy.key}/{target.key}", s) for s in (target.text, target.indicator, target.raw))


def _policy_spans(policy: PolicyLabel) -> Iterator[Span]:
    single = (policy.announcement, policy.title, policy.title_original, policy.announced_raw, policy.objective)
    yield from (span for span in single if span is not None)
    yield from policy.evidence
    yield from (issuer.name for issuer in policy.issuers)
    for reference in policy.references:
        yield reference.title
        if reference.url is not None:
            yield reference.url


def from_policies(document: str, text: str, policies: Iterable[Policy]) -> DocumentLabels:
    """The records of a run as labels; keys are positions (`p1`, `m1`, `t1`), so that reports can name them."""
    numbered = enumerate(policies, 1)
    return DocumentLabels(document=document, text=text, policies=tuple(_policy(f"p{n}", p) for n, p in numbered))


def same_named(label: type[BaseModel], source: BaseModel) -> dict[str, Any]:
    """The fields of `source` that `label` has too: what means the same is called the same, and not typed out again."""
    return {name: getattr(source, name) for name in label.model_fields if name in type(source).model_fields}


def _policy(key: str, policy: Policy) -> PolicyLabel:
    keys = {m.id: f"m{n}" for n, m in enumerate(policy.measures, 1)}
    announced = policy.announced_on
    own = {
        "key": key,
        "announced_raw": announced.raw if announced else None,
        "announced_value": announced.value if announced else None,
        "issuers": tuple(_organisation(o) for o in policy.issuers),
        "measures": tuple(_measure(f"m{n}", m) for n, m in enumerate(policy.measures, 1)),
        "targets": tuple(_target(f"t{n}", t, keys) for n, t in enumerate(policy.targets, 1)),
        "references": tuple(ReferenceLabel(**same_named(ReferenceLabel, r)) for r in policy.references),
    }
    return PolicyLabel(**same_named(PolicyLabel, policy) | own)


def _measure(key: str, measure: Measure) -> MeasureLabel:
    own = {"key": key, "implementers": tuple(_organisation(o) for o in measure.implementers)}
    return MeasureLabel(**same_named(MeasureLabel, measure) | own)


def _target(key: str, target: Target, measure_keys: dict[str, str]) -> TargetLabel:
    own = {"key": key, "measure": measure_keys.get(target.measure_id) if target.measure_id else None}
    return TargetLabel(**same_named(TargetLabel, target) | own)


def _organisation(organisation: Organisation) -> OrganisationLabel:
    return OrganisationLabel(**same_named(OrganisationLabel, organisation))
