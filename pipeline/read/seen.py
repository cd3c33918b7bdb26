"""What was read from pictures is kept: reading them takes seconds a page, and is asked for more than once.

A look ahead reads a document before its run does, and its requests are written before its answers are taken.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from pathlib import Path

from pydantic import ValidationError

from schemas.document import Document


def recall(folder: Path, sha256: str, reader: str | None) -> Document | None:
    """The document of a file as this reader read it; None where nobody has."""
    try:
        found = Document.model_validate_json(_place(folder, sha256, reader).read_bytes())
    except (OSError, ValidationError):
        return None
    return found if (found.sha256, found.reader) == (sha256, reader) else None


def keep(folder: Path, document: Document) -> None:
    """Keeps a document with pages that are pictures, if all of them were read; where it cannot be kept, nothing is."""
    if not document.ocr or any(page.confidence is None for page in document.ocr):
        return
    place = _place(folder, document.sha256, document.reader)
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=folder, prefix=".new-")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(document.model_dump_json())
        Path(name).replace(place)


def _place(folder: Path, sha256: str, reader: str | None) -> Path:
    return folder / f"{sha256}-{hashlib.sha256(str(reader).encode()).hexdigest()[:8]}.json"
