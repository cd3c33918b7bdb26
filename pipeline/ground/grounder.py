"""An answer about one article becomes records: its references resolved, its values computed, what does not hold refused."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

from pipeline.ground.resolve import Resolver
from pipeline.ground.values import announced_in, due_in, quantity_in, signed_by_triangle, unit_beside, years_in
from pipeline.normalise import (
    canonical,
    comparator_in,
    find_period,
    find_territory,
    home_of,
    is_shared,
    shared_place,
    turned,
)
from schemas.answer import Answer, IssuerA, MeasureA, PolicyA, Ref, ReferenceA, TargetA
from schemas.document import Article, Document
from schemas.records import (
    Announced,
    Extent,
    Measure,
    Organisation,
    Policy,
    Provenance,
    Reference,
    Refusal,
    Span,
    Target,
)
from schemas.vocabulary import Comparator, DeadlineBasis, DocumentType, Flag, Role

_NO_VALUE = (Comparator.ELIMINATE, Comparator.REFERENCE)
_DAMAGED = re.compile("\ufffd")


@dataclass
class Grounded:
    """What grounding made of one answer."""

    policies: list[Policy] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)


def ground(
    document: Document,
    article: Article,
    answer: Answer,
    provenance: Provenance,
    barred: Mapping[int, str] = MappingProxyType({}),
) -> Grounded:
    """Records with verified spans, and the list of what was refused. Pure: no model, no clock, no files.

    `barred`: positions of policies that must not be used whatever they point at, with the reason.
    """
    return _Grounder(document, article, provenance).run(answer, barred)


class _Grounder:
    """One answer about one article."""

    def __init__(self, document: Document, article: Article, provenance: Provenance) -> None:
        self.document = document
        self.text = document.text
        self.article = article
        self.provenance = provenance
        self._at = Resolver(document, article, provenance)

    def run(self, answer: Answer, barred: Mapping[int, str]) -> Grounded:
        """Ground every policy of the answer."""
        policies: list[Policy] = []
        for i, policy in enumerate(answer.policies):
            if i in barred:
                self._at.refuse(f"policies[{i}]", policy.announcement, barred[i])
                continue
            grounded = self._policy(policy, f"policies[{i}]")
            if grounded is not None:
                policies.append(grounded)
        return Grounded(policies, self._at.refusals)

    def _policy(self, answer: PolicyA, where: str) -> Policy | None:
        announcement = self._at.span(answer.announcement, f"{where}.announcement")
        if announcement is None:
            return None
        title = self._at.span(answer.title, f"{where}.title")
        kind = self._document_type(answer, title, where)
        title = None if kind is DocumentType.UNNAMED_ACTION else title
        issuers = self._organisations(answer.issuers, f"{where}.issuers")
        period, years = self._period(answer.period, where)
        measures, kept = self._measures(answer.measures, where)
        place = self._place(issuers)
        announced = self._announced(answer.announced_on, where)
        evidence = [
            s for i, r in enumerate(answer.evidence) if (s := self._at.span(r, f"{where}.evidence[{i}]")) is not None
        ]
        return Policy(
            id=self._at.record_id("policy", announcement, title),
            document=self.document.name,
            announcement=announcement,
            extent=Extent(start=self.article.start, end=self.article.end),
            title=title,
            title_original=self._at.span(answer.title_original, f"{where}.title_original")
            if title is not None
            else None,
            document_type=kind,
            status=answer.status,
            issuers=tuple(issuers),
            government_level=answer.government_level,
            jurisdiction=place[0],
            jurisdiction_basis=place[1],
            announced_on=announced,
            period_basis=period,
            period_start=years[0],
            period_end=years[1],
            objective=self._at.span(answer.objective, f"{where}.objective"),
            technology_fields=tuple(dict.fromkeys(answer.technology_fields))[:3],
            measures=tuple(measures),
            targets=tuple(self._targets(answer.targets, kept, years[1], where)),
            references=tuple(self._references(answer.references, where)),
            evidence=tuple(_distinct(evidence, announcement)),
            flags=self._flags(answer),
            provenance=self.provenance,
        )

    def _document_type(self, answer: PolicyA, title: Span | None, where: str) -> DocumentType:
        """`unnamed_action` exactly where there is no title; a contradiction is listed and the type follows the title."""
        named = answer.document_type is not DocumentType.UNNAMED_ACTION
        if named and title is None:
            self._at.refuse(
                f"{where}.document_type",
                answer.document_type,
                "a policy without a title is an unnamed_action; give the title, or that type",
            )
            return DocumentType.UNNAMED_ACTION
        if not named and title is not None:
            self._at.refuse(
                f"{where}.title",
                answer.title,
                "an unnamed_action has no title; leave it out, or give the document's type",
            )
        return answer.document_type

    def _flags(self, answer: PolicyA) -> tuple[Flag, ...]:
        words = self.text[self.article.start : self.article.end]
        found = set(answer.flags)
        if _DAMAGED.search(words):
            found.add(Flag.SUSPECT_SOURCE)
        return tuple(f for f in Flag if f in found)

    def _organisations(self, issuers: list[IssuerA], where: str) -> list[Organisation]:
        found: list[Organisation] = []
        for i, issuer in enumerate(issuers):
            name = self._at.span(issuer.name, f"{where}[{i}].name")
            if name is not None and all((name.start, name.end) != (o.name.start, o.name.end) for o in found):
                found.append(self._organisation(name, Role.JOINT_ISSUER if found else Role.ISSUER))
        return found

    def _place(self, issuers: list[Organisation]) -> tuple[str | None, Span | None]:
        """The jurisdiction: the issuers', else the one country that the article speaks of, with the name it rests on."""
        found = None if issuers else find_territory(self.text, self.article.start, self.article.end)
        if found is None:
            printed = [issuer.name.text for issuer in issuers]
            return shared_place(printed, self._home if any(is_shared(name) for name in printed) else None), None
        start, end = found[1]
        return found[0], Span(start=start, end=end, text=self.text[start:end])

    def _organisation(self, name: Span, role: Role) -> Organisation:
        known = canonical(name.text, self._home if is_shared(name.text) else None)
        return Organisation(id=self._at.record_id(f"organisation:{role}", name), name=name, canonical=known, role=role)

    @cached_property
    def _home(self) -> str | None:
        """The country whose bodies the article means where it does not say so."""
        return home_of(self.text[self.article.start : self.article.end])

    def _announced(self, ref: Ref | None, where: str) -> Announced | None:
        raw = self._at.span(ref, f"{where}.announced_on", date=True)
        if raw is None:
            return None
        return Announced(value=announced_in(self.text, raw, self.article.issue_date, self.article.issue_year), raw=raw)

    def _period(self, ref: Ref | None, where: str) -> tuple[Span | None, tuple[int | None, int | None]]:
        """The words that tell a policy's years, and first and last of these."""
        span = self._at.span(ref, f"{where}.period", date=True)
        if span is None:
            return None, (None, None)
        years = years_in(span.text, self.article.issue_date)
        if years is None:
            self._at.refuse(
                f"{where}.period", ref, "no years can be read from this span; point at the years as printed"
            )
            return None, (None, None)
        return _years_alone(span), years

    def _measures(self, answers: list[MeasureA], where: str) -> tuple[list[Measure], dict[int, Measure]]:
        """The measures, and which answered position became which measure."""
        kept: dict[int, Measure] = {}
        seen: set[str] = set()
        for i, answer in enumerate(answers):
            place = f"{where}.measures[{i}]"
            text = self._at.span(answer.at, f"{place}.at")
            if text is None:
                continue
            label = self._at.span(answer.label, f"{place}.label")
            names = [
                s
                for j, r in enumerate(answer.implementers)
                if (s := self._at.span(r, f"{place}.implementers[{j}]")) is not None
            ]
            measure = Measure(
                id=self._at.record_id("measure", text, label),
                text=text,
                label=label,
                pillar=self._at.span(answer.pillar, f"{place}.pillar"),
                instrument=answer.instrument,
                instrument_category=answer.instrument.category,
                target_groups=tuple(dict.fromkeys(answer.target_groups))[:3],
                technology_fields=tuple(dict.fromkeys(answer.technology_fields))[:2],
                implementers=tuple(self._organisation(n, Role.IMPLEMENTER) for n in names),
                action_status=answer.action_status,
                flags=tuple(f for f in Flag if f in answer.flags) if answer.flags else (),
            )
            if measure.id not in seen:
                seen.add(measure.id)
                kept[i] = measure
        return sorted(kept.values(), key=lambda m: (m.text.start, m.text.end, m.id)), kept

    def _targets(
        self, answers: list[TargetA], measures: dict[int, Measure], period_end: int | None, where: str
    ) -> list[Target]:
        targets: dict[str, Target] = {}
        for i, answer in enumerate(answers):
            target = self._target(answer, measures, period_end, f"{where}.targets[{i}]")
            if target is not None:
                targets.setdefault(target.id, target)
        return sorted(targets.values(), key=lambda t: (t.text.start, t.raw.start, t.indicator.start))

    def _target(
        self, answer: TargetA, measures: dict[int, Measure], period_end: int | None, place: str
    ) -> Target | None:
        text = self._at.span(answer.at, f"{place}.at")
        indicator = self._at.span(answer.indicator, f"{place}.indicator")
        raw = self._at.span(answer.raw, f"{place}.raw", number=True)
        if text is None or indicator is None or raw is None:
            return None
        quantity = quantity_in(self.text, self.article, raw)
        if answer.comparator not in _NO_VALUE and quantity is None:
            self._at.refuse(
                f"{place}.raw",
                answer.raw,
                "no number can be read from this span; point at the number as printed, or use eliminate or reference",
            )
            return None
        if answer.measure is not None and answer.measure not in measures:
            self._at.refuse(f"{place}.measure", answer.measure, "there is no such measure in this policy")
        bare = answer.comparator in _NO_VALUE or quantity is None or signed_by_triangle(self.text, raw)
        unread = answer.comparator not in _NO_VALUE and (bare or quantity is None or quantity.value is None)
        deadline, basis = self._deadline(answer.deadline, period_end, place)
        measure = measures.get(answer.measure) if answer.measure is not None else None
        comparator, disagrees = _comparator(answer.comparator, self.text, raw)
        return Target(
            id=self._at.record_id("target", text, raw, indicator),
            measure_id=measure.id if measure else None,
            text=text,
            indicator=indicator,
            raw=raw,
            comparator=comparator,
            value=None if bare or quantity is None else quantity.value,
            value_max=None if bare or quantity is None else quantity.value_max,
            unit=None if bare or quantity is None else quantity.unit or self._unit_beside(answer.raw.u, raw),
            deadline=deadline,
            deadline_basis=basis,
            flags=tuple(
                f
                for f in Flag
                if f in answer.flags
                or (disagrees and f is Flag.MODEL_DISAGREES)
                or (unread and f is Flag.SUSPECT_SOURCE)
            ),
        )

    def _unit_beside(self, unit_id: str, raw: Span) -> str | None:
        return unit_beside(self.text, self.article, self.article.unit(unit_id), raw.text)

    def _deadline(self, ref: Ref | None, period_end: int | None, place: str) -> tuple[str | None, DeadlineBasis | None]:
        span = self._at.span(ref, f"{place}.deadline", date=True)
        if span is not None:
            value = due_in(span.text, period_end, self.article.issue_date)
            if value is not None:
                return value, DeadlineBasis.STATED
            self._at.refuse(
                f"{place}.deadline", ref, "no date can be read from this span; point at the year as printed"
            )
        return (str(period_end), DeadlineBasis.POLICY_PERIOD) if period_end is not None else (None, None)

    def _references(self, answers: list[ReferenceA], where: str) -> list[Reference]:
        found: list[Reference] = []
        for i, answer in enumerate(answers):
            title = self._at.span(answer.title, f"{where}.references[{i}].title")
            if title is None:
                continue
            url = self._at.span(answer.url, f"{where}.references[{i}].url")
            reference = Reference(id=self._at.record_id("reference", title), title=title, url=url, kind=answer.kind)
            if all(reference.id != r.id for r in found):
                found.append(reference)
        return sorted(found, key=lambda r: (r.title.start, r.title.end))


def _comparator(answered: Comparator, text: str, raw: Span) -> tuple[Comparator, bool]:
    """A comparator word inside the number phrase decides over the answer; the second value says they differed."""
    printed = comparator_in(raw.text)
    printed = turned(text, raw.start, raw.end, printed) if printed is not None else None
    if answered in _NO_VALUE or printed is None or printed in (Comparator.EQ, *_NO_VALUE) or printed is answered:
        return answered, False
    return printed, True


def _years_alone(span: Span) -> Span:
    """Of a title that was pointed at whole, the years: `'26~'28`; a plan's number (`十四五`) has none of its own."""
    found = find_period(span.text)
    if found is None:
        return span
    start, end = found[2]
    return Span(start=span.start + start, end=span.start + end, text=span.text[start:end])


def _distinct(spans: list[Span], announcement: Span) -> list[Span]:
    seen = {(announcement.start, announcement.end)}
    unique = []
    for span in sorted(spans, key=lambda s: (s.start, s.end)):
        if (span.start, span.end) not in seen:
            seen.add((span.start, span.end))
            unique.append(span)
    return unique
