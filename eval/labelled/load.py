"""Gold files: loading, looking up every quote, and saying what to fix where one does not hold."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

from eval.labelled.gold_file import GoldFile, MeasureEntry, PolicyEntry, ReferenceEntry, TargetEntry
from eval.labelled.labels import (
    DocumentLabels,
    MeasureLabel,
    NotTarget,
    OrganisationLabel,
    PolicyLabel,
    ReferenceLabel,
    TargetLabel,
    same_named,
)
from eval.labelled.quotes import Lines, QuoteNotFound, resolve
from pipeline.read import document_of
from schemas.errors import GoldInvalid, Problem, UsageError
from schemas.records import Extent, Span
from schemas.vocabulary import Role

_GLYPHS = r"[-*•·○●□■◇◆ㅇ※▲△▷▶‣◦☑➊-➓①-⑳|\t]|\(?\d+[.)]|[一二三四五六七八九十]+、|[（(][一二三四五六七八九十]+[）)]"
_MARKED = re.compile(rf"(?:{_GLYPHS})[ \t*]*$")
_BULLET_LINE = re.compile(rf"^[ \t]*(?:{_GLYPHS})")


def load_gold(folder: Path, docs: Path) -> tuple[DocumentLabels, ...]:
    """All gold files right in `folder` (not below it), sorted by document; sources are looked up in `docs`.

    Raises `GoldInvalid` with every problem of every file, `UsageError` where there is no gold at all.
    """
    files = [folder] if folder.is_file() else sorted(folder.glob("*.yaml"))
    if not files:
        raise UsageError(f"no gold files (*.yaml) in {folder}: name the folder with --gold")
    loaded, problems = [], list[Problem]()
    for path in files:
        try:
            loaded.append(load_gold_file(path, (docs,)))
        except GoldInvalid as error:
            problems.extend(error.problems)
    problems.extend(_documents_twice(loaded, folder))
    if problems:
        raise GoldInvalid(problems)
    return tuple(sorted(loaded, key=lambda labels: labels.document))


def gold_hash(gold: Sequence[DocumentLabels]) -> str:
    """Identity of a gold set: changes when any label or text changes (notes excepted)."""
    digest = hashlib.sha256()
    for labels in sorted(gold, key=lambda g: g.document):
        shown = json.dumps(_ordered(labels.model_dump(exclude={"notes", "text"})), ensure_ascii=False, default=str)
        digest.update(shown.encode())
        digest.update(labels.text.encode())
    return digest.hexdigest()


def _ordered(value: object) -> object:
    """The value with its sets as sorted lists: their own order differs from one process to the next."""
    if isinstance(value, dict):
        return {name: _ordered(inner) for name, inner in value.items()}
    if isinstance(value, set | frozenset):
        return sorted(str(inner) for inner in value)
    return [_ordered(inner) for inner in value] if isinstance(value, list | tuple) else value


def check_gold(path: Path, docs: Sequence[Path]) -> list[Problem]:
    """Everything wrong with one gold file; empty when it is sound."""
    try:
        load_gold_file(path, docs)
    except GoldInvalid as error:
        return list(error.problems)
    return []


def load_gold_file(path: Path, docs: Sequence[Path]) -> DocumentLabels:
    """One gold file with every quote resolved. Its source is looked up in `docs`, then beside and above it."""
    entry = _parse(path)
    text = _source(path, entry, (*docs, path.parent, path.parent.parent))
    reader = _Reader(path.name, text)
    policies = tuple(reader.policy(p) for p in entry.policies)
    traps = tuple(_trap(reader, n, t.at, t.rule) for n, t in enumerate(entry.not_targets, 1))
    if reader.problems:
        raise GoldInvalid(reader.problems)
    labels = DocumentLabels(document=entry.document, text=text, policies=policies, not_targets=traps)
    notes = entry.notes if isinstance(entry.notes, str) else "\n".join(entry.notes or [])
    prose = is_prose(labels) if entry.prose is None else entry.prose
    return labels.model_copy(update={"prose": prose, "notes": notes})


def is_prose(labels: DocumentLabels) -> bool:
    """Fewer than half of the measures stand behind a bullet, number or cell border, or open with a label.

    A document without measures is prose when no line of it begins with a bullet or number.
    """
    lines = Lines(labels.text)
    spans = [m.text for p in labels.policies for m in p.measures]
    heads = [labels.text[lines.starts[lines.line_of(s.start) - 1] : s.start] for s in spans]
    if spans:
        marked = sum(bool(_MARKED.search(h)) or s.text[0] in "([（" for h, s in zip(heads, spans, strict=True))
        return marked * 2 < len(spans)
    return not any(_BULLET_LINE.match(line) for line in labels.text.split("\n"))


def _parse(path: Path) -> GoldFile:
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"cannot read the gold file {path}: {error.strerror}") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise GoldInvalid([Problem(path.name, "file", f"not YAML: {error}")]) from error
    if not isinstance(raw, dict):
        raise GoldInvalid([Problem(path.name, "file", "must be a mapping with document, sha256, policies")])
    try:
        return GoldFile.model_validate(raw)
    except ValidationError as error:
        raise GoldInvalid(list(_problems(path.name, raw, error))) from error


def _problems(file: str, raw: dict[str, Any], error: ValidationError) -> Iterator[Problem]:
    for detail in error.errors():
        record, place = _named(raw, detail["loc"])
        message = detail["msg"].removeprefix("Value error, ")
        yield Problem(file, record, f"{place}: {message}" if place else message)


def _named(raw: object, location: tuple[int | str, ...]) -> tuple[str, str]:
    """`("policies", 3, "measures", 5, "instrument")` as ("policy p4 measure m6", "instrument")."""
    names, place, node = list[str](), list[str](), raw
    singular = {"policies": "policy", "measures": "measure", "targets": "target", "references": "reference"}
    for position, step in enumerate(location):
        before = location[position - 1] if position else ""
        try:
            node = node[step]  # type: ignore[index]
        except (KeyError, IndexError, TypeError):
            node = None
        if isinstance(step, int) and before in singular:
            key = node.get("key") if isinstance(node, dict) else None
            names.append(f"{singular[str(before)]} {key if key is not None else step + 1}")
            place.clear()
        else:
            place.append(str(step))
    return " ".join(names) or "file", ".".join(place)


def _source(path: Path, entry: GoldFile, folders: Sequence[Path]) -> str:
    found = next((f / entry.document for f in folders if (f / entry.document).is_file()), None)
    if found is None:
        where = ", ".join(str(f) for f in dict.fromkeys(folders))
        raise GoldInvalid([Problem(path.name, "document", f"{entry.document} is in none of {where}")])
    data = found.read_bytes()
    actual = hashlib.sha256(data).hexdigest()
    if actual != entry.sha256:
        raise GoldInvalid([Problem(path.name, "sha256", f"{entry.sha256} differs: {found.name} has {actual}")])
    return document_of(data, found.name).text


def _documents_twice(loaded: Sequence[DocumentLabels], folder: Path) -> Iterator[Problem]:
    names = [labels.document for labels in loaded]
    for name in sorted({n for n in names if names.count(n) > 1}):
        yield Problem(folder.name, "document", f"{name} has more than one gold file: keep one")


def _trap(reader: _Reader, number: int, at: str, rule: str) -> NotTarget:
    return NotTarget(at=reader.span(f"not_targets {number}", "at", at), rule=rule)


class _Reader:
    """Turns entries into labels; collects every quote that is not found instead of stopping at the first."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.lines = Lines(text)
        self.problems: list[Problem] = []

    def span(self, record: str, field: str, spec: str) -> Span:
        try:
            return resolve(spec, self.lines)
        except QuoteNotFound as error:
            self.problems.append(Problem(self.file, record, f"{field}: {error}"))
            return Span(start=0, end=0, text="")

    def maybe(self, record: str, field: str, spec: str | None) -> Span | None:
        return None if spec is None else self.span(record, field, spec)

    def many(self, record: str, field: str, specs: Sequence[str]) -> tuple[Span, ...]:
        return tuple(self.span(record, f"{field}[{n}]", spec) for n, spec in enumerate(specs))

    def extent(self, record: str, bounds: tuple[int, int]) -> Extent:
        try:
            return self.lines.extent(*bounds)
        except QuoteNotFound as error:
            self.problems.append(Problem(self.file, record, f"extent: {error}"))
            return Extent(start=0, end=0)

    def quoted(self, record: str, label: type[BaseModel], entry: BaseModel) -> dict[str, Any]:
        """What label and entry both name, every quote looked up."""
        held = same_named(label, entry)
        for field, value in held.items():
            form = label.model_fields[field].annotation
            if form == tuple[Span, ...]:
                held[field] = self.many(record, field, value)
            elif form in (Span, Span | None):
                held[field] = self.maybe(record, field, value)
        return held

    def bodies(self, record: str, field: str, specs: Sequence[str], *roles: Role) -> tuple[OrganisationLabel, ...]:
        """Organisations: the first has the first role, all others the last."""
        spans = self.many(record, field, specs)
        return tuple(OrganisationLabel(name=s, role=roles[-1] if n else roles[0]) for n, s in enumerate(spans))

    def policy(self, entry: PolicyEntry) -> PolicyLabel:
        name = f"policy {entry.key}"
        announced = entry.announced_on
        start, end = entry.period or (None, None)
        own = {
            "extent": self.extent(name, entry.extent),
            "issuers": self.bodies(name, "issuers", entry.issuers, Role.ISSUER, Role.JOINT_ISSUER),
            "announced_raw": self.maybe(name, "announced_on", announced.raw if announced else None),
            "announced_value": announced.value if announced else None,
            "period_start": start,
            "period_end": end,
            "measures": tuple(self.measure(name, m) for m in entry.measures),
            "targets": tuple(self.target(name, n, t) for n, t in enumerate(entry.targets, 1)),
            "references": tuple(self.reference(name, n, r) for n, r in enumerate(entry.references, 1)),
        }
        return PolicyLabel(**self.quoted(name, PolicyLabel, entry) | own)

    def measure(self, policy: str, entry: MeasureEntry) -> MeasureLabel:
        name = f"{policy} measure {entry.key}"
        own = {
            "text": self.span(name, "at", entry.at),
            "implementers": self.bodies(name, "implementers", entry.implementers, Role.IMPLEMENTER),
        }
        return MeasureLabel(**self.quoted(name, MeasureLabel, entry) | own)

    def target(self, policy: str, number: int, entry: TargetEntry) -> TargetLabel:
        name = f"{policy} target {number}"
        own = {"key": f"t{number}", "text": self.span(name, "at", entry.at)}
        return TargetLabel(**self.quoted(name, TargetLabel, entry) | own)

    def reference(self, policy: str, number: int, entry: ReferenceEntry) -> ReferenceLabel:
        return ReferenceLabel(**self.quoted(f"{policy} reference {number}", ReferenceLabel, entry))
