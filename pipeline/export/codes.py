"""codes: an institute's own list of instruments, mapped onto the 20 groups; exports carry both.

A CSV file with a head: `code`, `label` and `instrument`, the last as the group's value or one of its labels.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from pipeline.read.text import from_bytes
from schemas.errors import InputError, UsageError
from schemas.vocabulary import Instrument

HEAD = {
    "code": ("code", "코드"),
    "label": ("label", "이름", "명칭", "이름표"),
    "instrument": ("instrument", "정책수단", "정책 수단"),
}
"""The columns, and how lists name them; others are not looked at."""
_MOST_TOLD = 10
_GROUPS = {word.casefold(): term for term in Instrument for word in (term.value, term.ko, term.en)}


class Own(NamedTuple):
    """An entry of the institute's list."""

    code: str
    label: str


Codes = Mapping[str, tuple[Own, ...]]
"""By group's value, the entries that are mapped onto it, in the list's order; groups without any are left out."""
NO_CODES: Codes = {}


def read_codes(path: Path) -> Codes:
    """The list at `path`. Raises `UsageError` that names every line which cannot be used."""
    try:
        text = from_bytes(path.read_bytes(), str(path)).text
    except OSError as problem:
        raise UsageError(f"{path}: cannot be read ({problem.strerror}); check the path") from problem
    except InputError as problem:
        raise UsageError(str(problem)) from problem
    found: dict[Instrument, list[Own]] = {}
    lines: dict[str, int] = {}
    bad: list[str] = []
    for line, row in _rows(path, text):
        own, group = Own(row["code"], row["label"]), _GROUPS.get(row["instrument"].casefold())
        if not own.code:
            bad.append(f"line {line}: names no code")
        elif group is None:
            bad.append(f"line {line}: “{row['instrument'][:40]}” is none of the groups")
        elif own.code in lines:
            bad.append(f"line {line}: the code {own.code[:40]} stands in line {lines[own.code]} too")
        else:
            found.setdefault(group, []).append(own)
            lines[own.code] = line
    if bad:
        more = f"; and {len(bad) - _MOST_TOLD} more lines" if len(bad) > _MOST_TOLD else ""
        groups = ", ".join(term.value for term in Instrument)
        raise UsageError(f"{path}: {'; '.join(bad[:_MOST_TOLD])}{more}; mend them (the groups: {groups})")
    if not found:
        raise UsageError(f"{path}: no code in this list; write one a line, as code,label,instrument")
    return {group.value: tuple(own) for group, own in found.items()}


def _rows(path: Path, text: str) -> Iterator[tuple[int, dict[str, str]]]:
    """The lines that are not empty, by number, with the columns by our names."""
    head = text.partition("\n")[0]
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=head.count))
    try:
        names = [name.strip().lower() for name in next(rows, [])]
        at = {ours: next((names.index(n) for n in theirs if n in names), None) for ours, theirs in HEAD.items()}
        if at["code"] is None or at["instrument"] is None:
            raise UsageError(
                f"{path}: its first line names no columns `code` and `instrument`; begin it with code,label,instrument"
            )
        for row in rows:
            if any(cell.strip() for cell in row):
                cells = {ours: row[n].strip() if n is not None and n < len(row) else "" for ours, n in at.items()}
                yield rows.line_num, cells
    except csv.Error as problem:
        raise UsageError(f"{path}: line {rows.line_num}: {problem}; save it as CSV again") from problem
