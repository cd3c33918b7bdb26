"""Reviewed results become rows: what people accepted, corrected and added is marked, what they rejected is not.

A document is finished when someone has decided about every record of it, or, where nothing was found, has said that
nothing is missing; then all of its text teaches, also where nothing was found. Of any other document only the places
teach that someone has decided about.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from eval.labelled.labels import DocumentLabels, from_policies
from eval.learning.learn import rows_from
from eval.learning.looked_at import Places
from eval.learning.rows import Labelled, Row
from pipeline.correct import place_of
from pipeline.learn.weights import Vectors
from pipeline.results import Results
from schemas.errors import InputError, UsageError
from schemas.records import Budget, Measure, Policy, Target

_Record = Policy | Measure | Target
SOURCE = "own"
"""What the documents are called in tables."""


@dataclass
class Taught:
    """What a folder of reviewed results gives to learn from."""

    rows: list[Row] = field(default_factory=list)
    decisions: Counter[str] = field(default_factory=Counter)
    """Decisions that were used, by their kind: accept, edit, add, reject."""
    finished: int = 0
    begun: int = 0
    """Documents of which only the places that were decided about are used."""
    left_out: list[str] = field(default_factory=list)
    """Why documents are not used, a sentence each."""

    def add(self, other: Taught) -> None:
        """Takes in what another folder gives."""
        self.rows += other.rows
        self.decisions += other.decisions
        self.finished += other.finished
        self.begun += other.begun
        self.left_out += other.left_out

    def in_words(self) -> str:
        """One line for people."""
        done = {"accept": "accepted", "edit": "corrected", "add": "added", "reject": "rejected"}
        counts = ", ".join(f"{self.decisions[action]} {word}" for action, word in done.items())
        documents = f"{self.finished} documents reviewed to the end, {self.begun} begun"
        return f"used {self.decisions.total()} decisions ({counts}) in {documents}"


def taught_by_all(folders: Sequence[Path], vectors: Vectors | None = None) -> Taught:
    """What the corrections in all folders teach. Raises `UsageError`, `InputError`."""
    taught = Taught()
    for folder in folders:
        taught.add(taught_by(folder, vectors))
    return taught


def taught_by(folder: Path, vectors: Vectors | None = None) -> Taught:
    """What the corrections in a folder of results teach.

    Raises `UsageError` where nobody has decided about anything, or where nothing of it can be used; `InputError` where
    the folder holds no results of this version.
    """
    results = Results(folder)
    taught = Taught()
    reviewed = sorted({name for name, _ in _decided(results)} | set(results.corrected.checked))
    for name in reviewed:
        try:
            _add_document(taught, results, name, vectors)
        except (UsageError, InputError) as problem:
            taught.left_out.append(str(problem))
    if results.corrected.waiting:
        taught.left_out.append(f"{len(results.corrected.waiting)} corrections wait: their text has changed or is gone")
    if not taught.rows and taught.left_out:
        raise UsageError(f"{folder}: nothing of what was reviewed can be used: {'; '.join(taught.left_out)}")
    if not taught.rows:
        raise UsageError(f"{folder}: nothing is reviewed yet; type `pams review {folder}` first")
    return taught


def _decided(results: Results) -> Iterator[tuple[str, str]]:
    """The document and the action of every decision that holds in these results."""
    corrected = results.corrected
    home = {p.id: p.document for p in corrected.policies}
    home |= {r.id: r.document for r in corrected.removed.values() if isinstance(r, Policy)}
    for (policy, _), correction in corrected.decisions.items():
        if policy in home:
            yield home[policy], correction.action


def _add_document(taught: Taught, results: Results, name: str, vectors: Vectors | None) -> None:
    document = results.source(name)
    policies = [p for p in results.policies if p.document == name]
    decisions, removed = results.corrected.decisions, results.corrected.removed
    kept: list[tuple[tuple[str, str], _Record]] = [((p.id, r.id), r) for p in policies for r in _records(p)]
    undecided = {key for key, _ in kept if key not in decisions}
    ids = {p.id for p in policies} | {r.id for r in removed.values() if isinstance(r, Policy) and r.document == name}
    gone = [r for (policy, _), r in removed.items() if policy in ids and not isinstance(r, Budget)]
    looked_at = _places([*(r for key, r in kept if key in decisions), *gone])
    labels = _labels(from_policies(name, document.text, policies), policies, undecided)
    about = Labelled("", SOURCE, f"{SOURCE}: {document.sha256[:16]}", "", "", name)
    taught.rows += rows_from(labels, document, about, looked_at if undecided else None, vectors)
    taught.decisions.update(action for of, action in _decided(results) if of == name)
    taught.finished += not undecided
    taught.begun += bool(undecided)


def _records(policy: Policy) -> Sequence[_Record]:
    return (policy, *policy.measures, *policy.targets)


def _places(decided: Sequence[_Record]) -> Places:
    policies = [r for r in decided if isinstance(r, Policy)]
    stated = [place_of(r) for r in decided if not isinstance(r, Target)]
    return Places(
        [*stated, *(span for p in policies for span in p.evidence)],
        [place_of(r) for r in decided if isinstance(r, Target)],
    )


def _labels(labels: DocumentLabels, policies: Sequence[Policy], undecided: set[tuple[str, str]]) -> DocumentLabels:
    """What nobody has decided about counts neither way. Who accepts a measure of a policy has accepted the policy."""
    marked = []
    for label, policy in zip(labels.policies, policies, strict=True):
        open_ = {record for home, record in undecided if home == policy.id}
        measures = [
            m.model_copy(update={"borderline": r.id in open_})
            for m, r in zip(label.measures, policy.measures, strict=True)
        ]
        targets = [
            t.model_copy(update={"borderline": r.id in open_})
            for t, r in zip(label.targets, policy.targets, strict=True)
        ]
        untouched = len(open_) == 1 + len(measures) + len(targets)
        parts = {"measures": tuple(measures), "targets": tuple(targets), "borderline": untouched}
        marked.append(label.model_copy(update=parts))
    return labels.model_copy(update={"policies": tuple(marked)})
