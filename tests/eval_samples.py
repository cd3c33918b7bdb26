"""Synthetic documents with records, for tests of the ruler: every span is found by its text, none typed as offsets."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from eval.labelled.labels import (
    DocumentLabels,
    MeasureLabel,
    NotTarget,
    OrganisationLabel,
    PolicyLabel,
    ReferenceLabel,
    TargetLabel,
)
from schemas.records import (
    Announced,
    DocumentRow,
    Extent,
    Measure,
    Organisation,
    Policy,
    Provenance,
    Reference,
    RunManifest,
    Span,
    Target,
    Usage,
)
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


def to_policies(labels: DocumentLabels) -> tuple[Policy, ...]:
    """Labels as the records of a run."""
    return tuple(_record(labels, p) for p in labels.policies)


def _record(labels: DocumentLabels, p: PolicyLabel) -> Policy:
    announced = Announced(value=p.announced_value, raw=p.announced_raw) if p.announced_raw else None
    return Policy(
        id=f"{labels.document}-{p.key}",
        document=labels.document,
        announcement=p.announcement,
        extent=p.extent,
        title=p.title,
        title_original=p.title_original,
        document_type=p.document_type,
        status=p.status,
        issuers=tuple(_organisation(o) for o in p.issuers),
        government_level=p.government_level,
        jurisdiction=p.jurisdiction,
        announced_on=announced,
        period_start=p.period_start,
        period_end=p.period_end,
        objective=p.objective,
        technology_fields=tuple(sorted(p.technology_fields)),
        measures=tuple(_measure_record(m) for m in p.measures),
        targets=tuple(_target_record(t) for t in p.targets),
        references=tuple(Reference(id="r", title=r.title, url=r.url, kind=r.kind) for r in p.references),
        evidence=p.evidence,
        flags=(),
        provenance=Provenance(
            document_sha256="0", prompt_set="set", prompt_hash="0", schema_hash="0", model="model", request_ids=()
        ),
    )


def _organisation(o: OrganisationLabel) -> Organisation:
    return Organisation(id="o", name=o.name, canonical=None, role=o.role)


def _measure_record(m: MeasureLabel) -> Measure:
    return Measure(
        id=m.key,
        text=m.text,
        label=m.label,
        pillar=m.pillar,
        instrument=m.instrument,
        instrument_category=m.instrument.category,
        target_groups=tuple(sorted(m.target_groups)),
        technology_fields=tuple(sorted(m.technology_fields)),
        implementers=tuple(_organisation(o) for o in m.implementers),
        action_status=m.action_status,
        flags=(),
    )


def _target_record(t: TargetLabel) -> Target:
    values = t.model_dump(include={"comparator", "value", "value_max", "unit", "deadline", "deadline_basis"})
    spans = {"text": t.text, "indicator": t.indicator, "raw": t.raw}
    return Target(id=t.key, measure_id=t.measure, flags=(), **spans, **values)


def write_run(folder: Path, docs: Path, labels: Sequence[DocumentLabels], prompt_set: str = "set") -> Path:
    """Writes the documents into `docs` and their labels as a run directory; returns the run directory."""
    folder.mkdir(parents=True, exist_ok=True)
    docs.mkdir(parents=True, exist_ok=True)
    rows, records = [], []
    for one in labels:
        data = one.text.encode()
        (docs / one.document).write_bytes(data)
        records += to_policies(one)
        rows.append(_row(one, hashlib.sha256(data).hexdigest()))
    (folder / "policies.jsonl").write_text("".join(r.model_dump_json() + "\n" for r in records), encoding="utf-8")
    (folder / "documents.jsonl").write_text("".join(r.model_dump_json() + "\n" for r in rows), encoding="utf-8")
    (folder / "run.json").write_text(_manifest(prompt_set).model_dump_json(), encoding="utf-8")
    return folder


def _row(labels: DocumentLabels, sha256: str) -> DocumentRow:
    return DocumentRow(
        document=labels.document,
        sha256=sha256,
        same_as=(),
        status="ok",
        error=None,
        encoding="utf-8",
        characters=len(labels.text),
        articles=1,
        policies=len(labels.policies),
        measures=0,
        targets=0,
    )


def _manifest(prompt_set: str) -> RunManifest:
    now = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
    return RunManifest(
        version="0",
        started=now,
        finished=now,
        endpoint="openai",
        model="model",
        model_sha256=None,
        prompt_set=prompt_set,
        prompt_hash="0",
        schema_hash="0",
        settings={},
        versions={},
        documents=1,
        failed=0,
        policies=0,
        measures=0,
        targets=0,
        refused=0,
        usage=Usage(calls=3, input_tokens=1200, cached_tokens=200, output_tokens=90, money=0.0125, seconds=2.5),
        errors={},
    )


def gold_yaml(labels: DocumentLabels) -> str:
    """The labels as a gold file. Quotes are written as `LINE#n: quote`, with all fields that the samples fill."""
    sha256 = hashlib.sha256(labels.text.encode()).hexdigest()
    traps = [{"at": _spec(labels, t.at), "rule": t.rule} for t in labels.not_targets]
    policies = [_gold_policy(labels, p) for p in labels.policies]
    content = {"document": labels.document, "sha256": sha256, "policies": policies, "not_targets": traps}
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False)


def _spec(labels: DocumentLabels, span: Span) -> str:
    line_start = labels.text.rfind("\n", 0, span.start) + 1
    number = labels.text.count("\n", 0, span.start) + 1
    nth = labels.text.count(span.text, line_start, span.start) + 1
    return f"{number}#{nth}: {span.text}"


def _gold_policy(labels: DocumentLabels, p: PolicyLabel) -> dict[str, Any]:
    def spec(span: Span | None) -> str | None:
        return None if span is None else _spec(labels, span)

    first = labels.text.count("\n", 0, p.extent.start) + 1
    last = labels.text.count("\n", 0, p.extent.end) + 1
    return {
        "key": p.key,
        "extent": [first, last],
        "announcement": spec(p.announcement),
        "title": spec(p.title),
        "title_original": spec(p.title_original),
        "document_type": p.document_type.value,
        "status": p.status.value if p.status else None,
        "issuers": [spec(o.name) for o in p.issuers],
        "government_level": p.government_level.value if p.government_level else None,
        "jurisdiction": p.jurisdiction,
        "announced_on": {"raw": spec(p.announced_raw), "value": p.announced_value},
        "period": [p.period_start, p.period_end],
        "measures": [
            {
                "key": m.key,
                "at": spec(m.text),
                "label": spec(m.label),
                "instrument": m.instrument.value,
                "implementers": [spec(o.name) for o in m.implementers],
                "action_status": m.action_status.value,
            }
            for m in p.measures
        ],
        "targets": [
            {
                "at": spec(t.text),
                "indicator": spec(t.indicator),
                "raw": spec(t.raw),
                "comparator": t.comparator.value,
                "value": t.value,
                "unit": t.unit,
                "deadline": t.deadline,
                "deadline_basis": t.deadline_basis.value if t.deadline_basis else None,
                "measure": t.measure,
            }
            for t in p.targets
        ],
        "references": [{"title": spec(r.title), "kind": r.kind.value} for r in p.references],
    }
