"""link_texts: where a workbook finds the texts that a run saved."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from pipeline.results import Parts

LONGEST = 2000
"""Characters of an address; spreadsheets refuse longer ones."""
# What would end the path, begin another part of the address, or look like an address of another kind.
_SPECIAL = re.compile(r"[\x00-\x20\x7f%#?:\"<>|\\^`{}\[\]]")


def link_texts(results: Parts, folder: Path) -> Mapping[str, str]:
    """By document name: the address of its text relative to `folder`; documents without a text are left out."""
    found = {}
    for row in results.documents():
        address = _address(results.folder, row.text, folder) if row.text is not None else None
        if address is not None and len(address) <= LONGEST:
            found[row.document] = address
    return found


def _address(run: Path, text: str, folder: Path) -> str | None:
    inside = PurePosixPath(text)
    if inside.is_absolute() or ".." in inside.parts or not (run / inside).is_file():
        return None
    try:
        path = Path(os.path.relpath((run / inside).resolve(), folder.resolve())).as_posix()
    except ValueError:  # on another drive
        return None
    return _SPECIAL.sub(lambda c: f"%{ord(c[0]):02X}", path)
