"""Reviewed results become gold files: `pams gold from DIR`, so that reviewing makes gold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel

from eval.labelled.gold_file import MeasureEntry, PolicyEntry, ReferenceEntry, TargetEntry
from eval.labelled.labels import DocumentLabels, from_policies, same_named
from eval.labelled.quotes import ELLIPSIS, Lines, QuoteNotFound, resolve
from pipeline.results import Results
from schemas.errors import InputError, UsageError
from schemas.records import Organisation, Policy, Span


@dataclass(frozen=True)
class MadeGold:
    """One document's gold file, or why there is none."""

    document: str
    text: str
    """YAML."""
    decided: int
    """Records that someone decided about, of `records`."""
    records: int
    problem: str | None = None


def gold_from(folder: Path) -> Iterator[MadeGold]:
    """Gold of every document that someone has decided about.

    Raises `UsageError` where nobody has decided about anything, `InputError` where there are no results.
    """
    results = Results(folder)
    checked = results.corrected.checked
    for name in _reviewed(results):
        policies = [p for p in results.policies if p.document == name]
        keys = [(p.id, r.id) for p in policies for r in (p, *p.measures, *p.targets)]  # type: ignore[attr-defined]
        decided = [key for key in keys if key in results.corrected.decisions]
        said = {checked[name].who} if name in checked else set()
        who = sorted({results.corrected.decisions[key].who for key in decided} | said)
        try:
            text = _file(results, name, policies, who, len(keys) - len(decided))
        except (UsageError, InputError) as problem:
            yield MadeGold(name, "", len(decided), len(keys), str(problem))
        else:
            yield MadeGold(name, text, len(decided), len(keys))


def reviewed_labels(folder: Path) -> Iterator[DocumentLabels]:
    """The records of every document that someone has decided about, as labels. Raises as `gold_from` does."""
    results = Results(folder)
    for name in _reviewed(results):
        yield from_policies(name, results.text(name), [p for p in results.policies if p.document == name])


def _reviewed(results: Results) -> list[str]:
    """The documents that someone has decided about. Raises `UsageError` where there is none."""
    ours = {p.id: p.document for p in results.policies}
    decided = {ours[key[0]] for key in results.corrected.decisions if key[0] in ours}
    if not decided and not results.corrected.checked:
        folder = results.folder
        raise UsageError(f"{folder}: nothing is reviewed yet; type `pams review {folder}` first")
    return sorted(decided | set(results.corrected.checked))


def _file(results: Results, name: str, policies: list[Policy], who: list[str], unseen: int) -> str:
    write = _Writer(results.text(name), name)
    open_records = f"; {unseen} records were left as extracted" if unseen else ""
    entry = {
        "document": name,
        "sha256": results.rows[name].sha256,
        "policies": [write.policy(f"p{n}", p) for n, p in enumerate(policies, 1)],
        "notes": f"reviewed by {', '.join(who)}{open_records}",
    }
    return yaml.safe_dump(entry, allow_unicode=True, sort_keys=False, width=1_000)


class _Writer:
    """Records of one document as entries of a gold file."""

    def __init__(self, text: str, name: str) -> None:
        self._lines = Lines(text)
        self._name = name

    def quote(self, span: Span) -> str:
        """`LINE: words`, so that reading it gives this span again. Raises `UsageError` where no quote can."""
        first, last = self._lines.line_of(span.start), self._lines.line_of(span.end - 1)
        where = str(first) if first == last else f"{first}-{last}"
        words = " ".join(span.text.split())
        for spec in (f"{where}: {words}", *(f"{where}#{n}: {words}" for n in range(1, 100))):
            try:
                if ELLIPSIS not in words and resolve(spec, self._lines) == span:
                    return spec
            except QuoteNotFound as problem:
                if "there is no #" in str(problem):
                    break
        raise UsageError(f"{self._name}, line {where}: “{words[:60]}” cannot be written as a quote; mend this record")

    def entry(self, form: type[BaseModel], record: BaseModel, **own: Any) -> dict[str, Any]:
        """What the record and an entry of this form both name, in the entry's order; `own`: what is named otherwise."""
        held = same_named(form, record) | own
        return {name: self.written(held[name]) for name in form.model_fields if name in held}

    def written(self, value: Any) -> Any:
        """A value of a record as YAML holds it: spans and organisations as quotes, terms as words."""
        match value:
            case Span():
                return self.quote(value)
            case Organisation():
                return self.quote(value.name)
            case StrEnum():
                return str(value)
            case tuple() | list():
                return [self.written(inner) for inner in value]
        return value

    def policy(self, key: str, policy: Policy) -> dict[str, Any]:
        keys = {m.id: f"m{n}" for n, m in enumerate(policy.measures, 1)}
        last = max(policy.extent.start, policy.extent.end - 1)
        period = [policy.period_start, policy.period_end]
        entry = self.entry(
            PolicyEntry,
            policy,
            key=key,
            extent=[self._lines.line_of(policy.extent.start), self._lines.line_of(last)],
            announced_on=self._announced(policy),
            period=period if any(period) else None,
            measures=[self.entry(MeasureEntry, m, key=keys[m.id], at=m.text) for m in policy.measures],
            targets=[
                self.entry(TargetEntry, t, at=t.text, measure=keys.get(t.measure_id or "")) for t in policy.targets
            ],
            references=[self.entry(ReferenceEntry, r) for r in policy.references],
        )
        return {name: value for name, value in entry.items() if value is not None}

    def _announced(self, policy: Policy) -> dict[str, str | None] | None:
        date = policy.announced_on
        if date is None:
            return None
        known = date.value is not None and re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", date.value)
        return {"raw": self.quote(date.raw), "value": date.value if known else None}
