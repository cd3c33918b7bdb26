"""What a file is: by its first bytes and the parts of its package, whatever its name says; and what is not read."""

from __future__ import annotations

import codecs
import contextlib
from pathlib import PurePosixPath

from pipeline.readers.front_matter import is_page
from schemas.document import Format
from schemas.errors import InputError

SUFFIXES: dict[str, Format] = {
    ".txt": "text",
    ".text": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".pdf": "pdf",
    ".hwp": "hwp",
    ".hwpx": "hwpx",
    ".hml": "hwpml",
    ".docx": "docx",
    ".docm": "docx",
    ".odt": "odt",
    ".ods": "ods",
    ".odp": "odp",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".eml": "eml",
    ".doc": "doc",
    ".wps": "doc",
    ".rtf": "rtf",
    ".xls": "xls",
    ".et": "xls",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".ppt": "ppt",
    ".dps": "ppt",
    ".pptx": "pptx",
}
"""File formats that a folder or zip is searched for; a file named directly is read by what its first bytes say."""

_OFD = "is an OFD document; save it as PDF"
_OLD = "is an old Office file or another program's; open it there and save it as DOCX or PDF"
_LOCKED = "is protected by a password; open it with its password and save it without"
_HANCOM = "is a spreadsheet or presentation of Hancom's; save it as PDF"

_NO_OFFICE_FILE = (
    "holds plain text or XML and is no {}, whatever its name says; rename it to .txt if it is a text, else open it in "
    "the program that made it and save it as DOCX or PDF"
)
_TEXTS: tuple[Format, ...] = ("text", "markdown", "html", "eml", "hwpml")
"""Formats whose files are text; all others begin with bytes that no text has."""
_CONTROL = bytes(set(range(32)) - set(b"\t\n\f\r\x1b"))

REFUSED = {".ofd": _OFD, ".cell": _HANCOM, ".show": _HANCOM}
"""Office formats that are not read, by suffix: such files fail with the reason and do not vanish."""

_PICTURE = "is a picture; save it as PDF and run with --ocr"
_OTHERS = ((b"\x89PNG", _PICTURE), (b"\xff\xd8\xff", _PICTURE), (b"II*\x00", _PICTURE))
"""Formats that are told by their first bytes and not read."""
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STREAMS: tuple[tuple[str, Format], ...] = (
    ("WordDocument", "doc"),
    ("Workbook", "xls"),
    ("PowerPoint Document", "ppt"),
)
"""Streams of compound files that tell what they are."""
_PARTS: tuple[tuple[bytes, Format | str], ...] = (
    (b"Contents/section0.xml", "hwpx"),
    (b"word/document.xml", "docx"),
    (b"xl/workbook.", "xlsx"),
    (b"ppt/presentation.", "pptx"),
    (b"OFD.xml", _OFD),
)
"""Parts of packages that tell what they are: a format, or why they are not read."""


_PACKED = ("hwpx", "docx", "odt", "ods", "odp", "xlsx", "pptx")
"""Formats that are a zip."""
_OPEN_DOCUMENT: tuple[tuple[Format, bytes], ...] = (("odt", b"text"), ("ods", b"spreadsheet"), ("odp", b"presentation"))


def format_of(name: str, raw: bytes) -> Format:
    """What a file is: by its bytes where they tell, else by its suffix; text where neither says anything.

    Raises `InputError` for a format that is known and not read.
    """
    suffix = PurePosixPath(name).suffix.lower()
    known = SUFFIXES.get(suffix)
    head = raw[:1024].removeprefix(codecs.BOM_UTF8).lstrip()
    if head.startswith(b"%PDF-"):
        return "pdf"
    if head.startswith(b"HWP Document File"):
        return "hwp"
    if raw.startswith(_COMPOUND):
        return _compound(name, raw, known)
    if raw.startswith(b"PK\x03\x04"):
        return _packed(name, raw, known)
    if raw.startswith(b"{\\rtf") and known not in ("markdown", "html"):
        return "rtf"
    for magic, why in _OTHERS:
        if raw.startswith(magic) and known not in ("markdown", "html"):
            raise InputError(f"{name}: {why}")
    if head.startswith(b"<?xml") and b"<HWPML" in head:
        return "hwpml"
    if known != "markdown" and head.lower().startswith((b"<!doctype html", b"<html")):
        return "html"
    if known == "markdown" and is_page(raw[:200_000]):
        return "html"
    if (suffix in REFUSED or known not in (None, *_TEXTS)) and _is_text(raw[:1024]):
        raise InputError(f"{name}: {_NO_OFFICE_FILE.format(suffix[1:].upper())}")
    if suffix in REFUSED:
        raise InputError(f"{name}: {REFUSED[suffix]}")
    return known or "text"


def _is_text(head: bytes) -> bool:
    """Whether bytes are text in UTF-8 or in one of Korea's or China's own encodings; the last sign may be cut."""
    if head.translate(None, _CONTROL) != head:
        return False
    for encoding in ("utf-8", "cp949", "gb18030"):
        with contextlib.suppress(UnicodeDecodeError):
            codecs.getincrementaldecoder(encoding)().decode(head)
            return True
    return False


def _compound(name: str, raw: bytes, known: Format | None) -> Format:
    """HWP 5 among the compound files; the others are told by the names of their streams."""
    if b"HWP Document File" in raw:
        return "hwp"
    if "EncryptedPackage".encode("utf-16-le") in raw:
        raise InputError(f"{name}: {_LOCKED}")
    found = next((kind for stream, kind in _STREAMS if stream.encode("utf-16-le") in raw), None)
    if found is not None or known == "hwp":
        return found or "hwp"  # a damaged one; its reader says so
    raise InputError(f"{name}: {_OLD}")


def _packed(name: str, raw: bytes, known: Format | None) -> Format:
    """A zip: HWPX and ODT say what they are in their first entry, the others by the names of their parts."""
    if b"mimetypeapplication/hwp+zip" in raw[:200]:
        return "hwpx"
    for kind, medium in _OPEN_DOCUMENT:
        if b"mimetypeapplication/vnd.oasis.opendocument." + medium in raw[:200]:
            return kind
    what = next((what for part, what in _PARTS if part in raw), known)
    if b"[Content_Types].xml" in raw and b"word/" in raw and what is None:
        what = "docx"
    if what in _PACKED:
        return what  # type: ignore[return-value]
    why = what if what == _OFD else REFUSED.get(PurePosixPath(name).suffix.lower())
    known_ones = f"{' '.join(SUFFIXES)} and .zip"
    raise InputError(f"{name}: {why or f'a zip or an office file of another kind; known are {known_ones}'}")
