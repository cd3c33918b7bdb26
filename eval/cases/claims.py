"""What a case claims about the policies of its text, and which claims do not hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from schemas.errors import InputError
from schemas.records import Policy

FIELDS = ("title", "type", "status", "date", "jurisdiction", "issuers", "measures", "targets")
"""What may be claimed of a policy: `measures` by their first words, `targets` as `[number as printed, deadline]`."""


@dataclass(frozen=True)
class Case:
    """A document of a kind. `right`: its policies in text order, each with the fields that are claimed."""

    kind: str
    name: str
    text: str
    right: tuple[dict[str, Any], ...]


def load_cases(folder: Path) -> list[Case]:
    """The cases of all kinds, by file. Raises `InputError` for a file that is none."""
    cases = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            data = yaml.safe_load(path.read_text("utf-8"))
            for entry in data["cases"]:
                right = tuple(dict(policy) for policy in entry["right"])
                if unknown := {field for policy in right for field in policy} - set(FIELDS):
                    raise InputError(f"{path.name}: {entry['name']}: no field {', '.join(sorted(unknown))}")
                cases.append(Case(f"{path.stem.partition('_')[0]} {data['kind']}", entry["name"], entry["text"], right))
        except (yaml.YAMLError, KeyError, TypeError, UnicodeDecodeError) as problem:
            raise InputError(f"{path.name}: not a file of cases ({type(problem).__name__}: {problem})") from problem
    return cases


def wrong(case: Case, policies: Sequence[Policy]) -> list[str]:
    """What of the case does not hold; empty where all is right."""
    if len(policies) != len(case.right):
        titles = ", ".join(policy.title.text if policy.title else "no title" for policy in policies)
        return [f"{len(policies)} policies for {len(case.right)}" + (f": {titles}" if titles else "")]
    ordered = sorted(
        policies, key=lambda policy: (policy.announcement.start, policy.title.start if policy.title else 0)
    )
    return [told for claims, policy in zip(case.right, ordered, strict=True) for told in _differences(claims, policy)]


def _differences(claims: dict[str, Any], policy: Policy) -> Iterator[str]:
    for field, value in claims.items():
        found = _field(field, policy)
        if field == "measures":
            holds = len(found) == len(value) and all(any(w in text for text in found) for w in value)
        elif field == "issuers":
            holds = len(found) == len(value) and all(any(_names(name, text) for text in found) for name in value)
        else:
            holds = found == value
        if not holds:
            yield f"{field} {found!r} for {value!r}"


def _names(name: str, printed: str) -> bool:
    """A name in brackets behind it (the head of the body) may be part of the span."""
    return printed == name or printed.startswith((f"{name}(", f"{name} ("))


def _field(field: str, policy: Policy) -> Any:
    match field:
        case "title":
            return "".join(policy.title.text.split("\n")) if policy.title else None
        case "type":
            return policy.document_type.value
        case "status":
            return policy.status.value if policy.status else None
        case "date":
            return policy.announced_on.value if policy.announced_on else None
        case "jurisdiction":
            return policy.jurisdiction
        case "issuers":
            return [issuer.name.text for issuer in policy.issuers]
        case "measures":
            return [measure.text.text for measure in policy.measures]
    return [[target.raw.text, target.deadline] for target in policy.targets]
