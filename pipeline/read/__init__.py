"""read: a file becomes a `Document`. Nothing else knows encodings and file formats.

    sources.py   which files there are: folders, zip files, single files
    lists.py     lists of files, and rows that hold a document each (rows.py); storage by address (remote.py)
    kinds.py     what a file is, and what is not read
    places.py    where words of a PDF stand on its pages, and pages as pictures
    portals.py   what the site that documents came from knew of them
    text.py      bytes of a text file → text
    office.py    files of other office programs → ones that are read, by LibreOffice
    seen.py      what was read from pictures, kept
    convert.py   PDF, HWP, DOCX, HTML and their kin → text, in a child process that can be killed (child.py)

Plain text is not changed except that a byte-order mark is dropped and CRLF becomes LF: decomposed Hangul, full-width
forms and typos stay, so that every later offset can be checked against the file. Text of the other formats is what
the reader made of the file; it is saved beside the results, and every offset refers to it.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import NamedTuple

from pipeline.read.convert import Limits, Ocr, check_ocr, convert, reader_of
from pipeline.read.kinds import SUFFIXES, format_of
from pipeline.read.lists import listed
from pipeline.read.places import Places, picture_of, places_of
from pipeline.read.portals import Portals, read_portals
from pipeline.read.sources import MAX_BYTES, MAX_FILE, Names, Source, each_source, find_others, find_sources
from pipeline.read.text import from_bytes, from_text
from schemas.document import Document, Format
from schemas.errors import InputError

__all__ = [
    "MAX_BYTES",
    "MAX_FILE",
    "SUFFIXES",
    "Limits",
    "Names",
    "Ocr",
    "Places",
    "Portals",
    "Source",
    "check_ocr",
    "document_of",
    "each_source",
    "find_others",
    "find_sources",
    "fingerprint",
    "from_bytes",
    "from_text",
    "listed",
    "picture_of",
    "places_of",
    "read",
    "read_portals",
    "reader_of",
]


def read(source: Source | Path, name: str | None = None, ocr: Ocr | None = None) -> Document:
    """Read one file. Raises `InputError` for what cannot be read as text: empty, damaged, encrypted, too large."""
    if isinstance(source, Path):
        source = Source(source, name or source.name)
    return document_of(source.content(), source.name, ocr)


def document_of(raw: bytes, name: str, ocr: Ocr | None = None) -> Document:
    """The document that the bytes of a file hold, whatever its format. Raises `InputError` as `read` does."""
    kind = _kind_of(name, raw)
    if kind in ("text", "markdown") and len(raw) > MAX_BYTES:
        raise InputError(
            f"{name}: {len(raw) / 1e6:.1f} MB is more than the {MAX_BYTES / 1e6:.0f} MB of a text; split it"
        )
    return from_bytes(raw, name, kind) if kind in ("text", "markdown") else convert(raw, name, kind, ocr=ocr)


def _kind_of(name: str, raw: bytes) -> Format:
    if not raw.strip():
        raise InputError(f"{name}: the file is empty")
    return format_of(name, raw)


class Fingerprint(NamedTuple):
    """What is known of a file that is to be read later."""

    sha256: str
    size: int
    """In bytes."""
    refusal: InputError | None
    """Why a file of this name and these bytes is not read: the same bytes may be under another name."""


def fingerprint(source: Source) -> Fingerprint:
    """sha256, size, and whether it is refused. Raises `InputError` as `read` does for its size."""
    raw = source.content()
    sha256, refusal = hashlib.sha256(raw).hexdigest(), None
    try:
        _kind_of(source.name, raw)
    except InputError as problem:
        refusal = problem
    return Fingerprint(sha256, len(raw), refusal)
