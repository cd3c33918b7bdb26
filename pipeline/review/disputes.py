"""Records about which people decided differently, in this folder or in others', and whose decision is to hold."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.correct import SAME, overlap
from pipeline.corrections import CORRECTIONS, read_corrections
from pipeline.folder import State, state_of
from pipeline.results import Results, check_folder
from pipeline.review.fields import FIELDS
from schemas.corrections import Correction, RecordKey
from schemas.errors import UsageError

_OWN_WORK = {"id", "provenance", "flags", "confidence", "instrument_confidence", "extent", "document"}
"""What two people need not agree about: it is the machine's."""


@dataclass(frozen=True)
class Version:
    """What one person decided about a record, as they left it."""

    correction: Correction
    folder: str | None
    """Whose folder it stands in, by its name; None: this one."""

    @property
    def key(self) -> str:
        """What a wish names it by."""
        return f"{self.correction.who} {self.correction.at.isoformat()}"


@dataclass(frozen=True)
class Dispute:
    """A record that several people decided differently about."""

    own: Correction
    """The decision that holds in this folder."""
    versions: tuple[Version, ...]

    @property
    def settled(self) -> bool:
        """Whether somebody has chosen among them since."""
        made = [v.correction for v in self.versions]
        return {c.who for c in made} <= set(self.own.between) and all(self.own.at > c.at for c in made)


class Others:
    """Folders in which other people reviewed the same documents."""

    def __init__(self, folders: Sequence[Path] = ()) -> None:
        """Raises `UsageError` where one holds no results, `InputError` where its corrections are damaged."""
        for folder in folders:
            check_folder(folder)
        self._known: dict[Path, tuple[State, tuple[Correction, ...]]] = {}
        self._folders = tuple(folders)
        self.read()

    def read(self) -> list[tuple[str, tuple[Correction, ...]]]:
        """What was decided in each of them by now; only what has changed is read anew. Raises `InputError`."""
        return [(folder.resolve().name, self._decided(folder)) for folder in self._folders]

    def _decided(self, folder: Path) -> tuple[Correction, ...]:
        state = state_of(folder / CORRECTIONS)
        known = self._known.get(folder)
        if known is None or known[0] != state:
            self._known[folder] = known = state, read_corrections(folder)
        return known[1]


ALONE = Others()


def disputes(results: Results, others: Others, names: Collection[str]) -> dict[str, list[Dispute]]:
    """By document, the records that people decided differently about; settled ones too."""
    texts = {row.text_sha256: name for name, row in results.rows.items() if name in names and row.text_sha256}
    histories = [(None, results.corrections), *others.read()]
    if len({(folder, c.who) for folder, history in histories for c in history}) < 2:
        return {}
    known = {c.key for c in results.corrected.decisions.values()}
    by_key: dict[RecordKey, list[Version]] = defaultdict(list)
    elsewhere: dict[tuple[str, str], list[Version]] = defaultdict(list)
    for folder, history in histories:
        for version in _stances([c for c in history if c.text_sha256 in texts], folder):
            made = version.correction
            (by_key[made.key] if made.key in known else elsewhere[made.text_sha256, made.kind]).append(version)
    found: dict[str, list[Dispute]] = defaultdict(list)
    for own in results.corrected.decisions.values():
        near = elsewhere.get((own.text_sha256, own.kind), ())  # others may know a record by another id
        versions = [*by_key.get(own.key, ()), *(v for v in near if overlap(v.correction.span, own.span) >= SAME)]
        if len({_meaning(v.correction) for v in versions}) > 1:
            found[texts[own.text_sha256]].append(Dispute(own, tuple(versions)))
    return found


def _stances(history: Sequence[Correction], folder: str | None) -> list[Version]:
    """What each person said last about each record; who settled a dispute has said nothing of their own by it."""
    made: dict[tuple[str, RecordKey], list[Correction]] = {}
    for correction in history:
        stack = made.setdefault((correction.who, correction.key), [])
        if correction.action == "undo":
            stack.clear()
        elif correction.action == "back":
            del stack[-1:]
        elif correction.kind != "document":
            stack.append(correction)
    own = ([c for c in stack if not c.between] for stack in made.values())
    return [Version(stack[-1], folder) for stack in own if stack]


def _meaning(correction: Correction) -> str:
    """What a decision amounts to: who accepts a record as another one has edited it says the same."""
    if correction.action == "reject":
        return "reject"
    return json.dumps([correction.action == "merge", correction.into, _said(correction)], sort_keys=True)


def _said(correction: Correction) -> dict[str, Any]:
    record = correction.record
    return record.model_dump(mode="json", exclude=_OWN_WORK) if record is not None else {}


def as_json(dispute: Dispute) -> dict[str, Any]:
    """A dispute for the page: who said what, and of a record that is kept the fields in which they differ."""
    said = {v.key: _said(v.correction) for v in dispute.versions if v.correction.action != "reject"}
    fields = [n for n in FIELDS[dispute.own.kind] if len({json.dumps(s.get(n)) for s in said.values()}) > 1]
    versions = [
        {
            "key": v.key,
            "who": v.correction.who,
            "folder": v.folder,
            "action": v.correction.action,
            "fields": {name: said[v.key].get(name) for name in fields} if v.key in said else {},
        }
        for v in dispute.versions
    ]
    return {"settled": dispute.settled, "versions": versions}


def settled(dispute: Dispute, chosen: str, who: str, now: Any) -> Correction:
    """The decision that one of the versions holds, in the place of the one that held. Raises `UsageError`."""
    version = next((v.correction for v in dispute.versions if v.key == chosen), None)
    if version is None:
        raise UsageError("this decision is no longer among them; load the document again")
    own, record = dispute.own, version.record
    same = record.model_copy(update={"id": own.record_id}) if record is not None else None
    return own.model_copy(
        update={
            "at": now,
            "who": who,
            "action": version.action if version.action in ("reject", "merge", "accept") else "edit",
            own.kind: same,
            "into": version.into,
            "between": tuple(sorted({v.correction.who for v in dispute.versions})),
        }
    )
