"""The same documents in every format: how much of what the text version gives, the others give too.

    python -m eval.trials.formats     prints the table that stands in docs/files.md     (tests/test_formats.py)

A measure is the same if its words are, white space aside; a target if its number phrase and deadline are.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.read import read
from pipeline.settings import Settings
from pipeline.steps import extract_document
from schemas.records import Policy

ROOT = Path(__file__).resolve().parents[2]
SEEDS, FILES = ROOT / "seeds", ROOT / "tests" / "files"
FORMATS = ("docx", "html", "hwpx", "hwp", "pdf")
MEASURES, EACH = 0.95, 0.75
"""Share of the measures that every format must give: of all documents together, and of each.

Where a text is wrapped into lines and a file is not, their units differ, and so does what is learned about them.
"""


Keys = Callable[[Policy], Sequence[object]]
"""What of a policy is compared."""


@dataclass(frozen=True)
class Found:
    """What one document gives in one format, against its text version."""

    document: str
    format: str
    policies: tuple[int, int]
    """The same ones, and those of the text version; so below."""
    measures: tuple[int, int]
    targets: tuple[int, int]
    extra: int
    """Measures that the text version does not give."""

    @property
    def ok(self) -> bool:
        """The same policies, and enough of the measures."""
        return self.policies[0] == self.policies[1] and self.measures[0] >= EACH * self.measures[1]


def compare(texts: Sequence[Path], folder: Path = FILES) -> list[Found]:
    """Every text version against the files of its name in `folder`."""
    found = []
    for text in texts:
        reference = _policies(text)
        found += [_found(text.stem, kind, reference, _policies(folder / f"{text.stem}.{kind}")) for kind in FORMATS]
    return found


def _policies(path: Path) -> tuple[Policy, ...]:
    return extract_document(read(path), Settings()).policies


def _found(document: str, kind: str, reference: Sequence[Policy], policies: Sequence[Policy]) -> Found:
    def shared(keys: Keys) -> tuple[int, int, int]:
        return _shared(_all(reference, keys), _all(policies, keys))

    same, known, extra = shared(lambda p: [squeezed(m.text.text) for m in p.measures])
    return Found(
        document,
        kind,
        shared(lambda p: [squeezed((p.title or p.announcement).text)])[:2],
        (same, known),
        shared(lambda p: [(squeezed(t.raw.text), t.deadline) for t in p.targets])[:2],
        extra,
    )


def _all(policies: Sequence[Policy], keys: Keys) -> list[object]:
    return [key for policy in policies for key in keys(policy)]


def _shared(ours: Sequence[object], theirs: Sequence[object]) -> tuple[int, int, int]:
    """Keys in both, keys of ours, keys of theirs beside them; each as often as it occurs."""
    rest = list(theirs)
    same = 0
    for key in ours:
        if key in rest:
            rest.remove(key)
            same += 1
    return same, len(ours), len(rest)


def squeezed(words: str) -> str:
    """Words without white space."""
    return "".join(words.split())


def table(found: Sequence[Found]) -> str:
    """The table of docs/files.md: one row a format, counts over all documents."""
    lines = ["| format | policies | measures | targets | measures beside them |", "|---|---|---|---|---|"]
    for kind in FORMATS:
        rows = [f for f in found if f.format == kind]
        counted = ([f.policies for f in rows], [f.measures for f in rows], [f.targets for f in rows])
        shown = (f"{sum(same for same, _ in pairs)} of {sum(known for _, known in pairs)}" for pairs in counted)
        lines.append(f"| {kind.upper()} | {' | '.join(shown)} | {sum(f.extra for f in rows)} |")
    return "\n".join(lines) + "\n"


def texts() -> list[Path]:
    """The documents that are here in every format."""
    return [*sorted(SEEDS.glob("*.txt")), FILES / "specimen.txt"]


if __name__ == "__main__":
    sys.stdout.write(table(compare(texts())))
