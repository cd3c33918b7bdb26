"""PDF, HWP, DOCX, HTML and their kin become text, each in a child process of its own that can be limited and killed."""

from __future__ import annotations

import functools
import hashlib
import importlib.metadata
import json
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pipeline.normalise.instructions import addresses_a_machine
from pipeline.read.office import MADE, remade
from pipeline.read.office import installed as installed_office
from pipeline.read.seen import keep, recall
from pipeline.readers.tesseract import installed
from schemas.document import Document, Format, OcrPage
from schemas.errors import InputError, NeedsOcr, UsageError

_CHILD = Path(__file__).with_name("child.py")
_READERS = Path(__file__).resolve().parent.parent / "readers"


@dataclass(frozen=True)
class Limits:
    """What one conversion may use."""

    seconds: float = 120.0
    memory: int = 4_000_000_000
    """Address space of the child process, in bytes."""
    pages: int = 3_000
    characters: int = 8_000_000
    """Of the text that comes out."""


LIMITS = Limits()


@dataclass(frozen=True)
class Ocr:
    """Pages that are pictures are read, and may take so long (seconds)."""

    total: float = 600.0
    """All pages of a document."""
    page: float = 30.0
    """One page; one that takes longer is left out, and told."""
    seen: Path | None = None
    """Folder in which what was read from pictures is kept."""


INSTALL = "install Tesseract (Debian: apt-get install tesseract-ocr tesseract-ocr-kor tesseract-ocr-chi-sim)"


def check_ocr() -> None:
    """Raises `UsageError` that says what to install where pages that are pictures cannot be read."""
    if installed() is None:
        raise UsageError(f"--ocr: there is no Tesseract on this machine; {INSTALL}")


_LIBRARIES: dict[Format, str] = {
    "pdf": "pypdfium2",
    "docx": "lxml",
    "html": "lxml",
    "hwpx": "lxml",
    "hwp": "python-hwpx",
    "hwpml": "lxml",
    "odt": "lxml",
    "ods": "lxml",
    "odp": "lxml",
    "eml": "lxml",
}


def reader_of(kind: Format, *, ocr: bool = False) -> str | None:
    """What converts a format: the same words mean that the same file gives the same text. None for text files."""
    if kind in MADE:
        return f"libreoffice {installed_office()}, {reader_of(MADE[kind].kind)}"
    if kind not in _LIBRARIES:
        return None
    tesseract = installed() if ocr and kind == "pdf" else None
    sees = f", tesseract {tesseract[0]} {'+'.join(tesseract[1])}" if tesseract is not None else ""
    return f"{_reader(kind)}{sees}"


@functools.cache
def _reader(kind: Format) -> str:
    """The library of a format, its version, and a hash of our readers."""
    return f"{_LIBRARIES[kind]} {_version(_LIBRARIES[kind])} ({_ours()})"


_version = functools.cache(importlib.metadata.version)  # one library reads most formats


@functools.cache
def _ours() -> str:
    return hashlib.sha256(b"".join(p.read_bytes() for p in sorted(_READERS.glob("*.py")))).hexdigest()[:8]


def convert(raw: bytes, name: str, kind: Format, limits: Limits = LIMITS, ocr: Ocr | None = None) -> Document:
    """The document that these bytes hold. Raises `InputError`: damaged, encrypted, no text in it, over a limit."""
    reader = reader_of(kind, ocr=ocr is not None)
    sha256 = hashlib.sha256(raw).hexdigest()
    seen = ocr.seen if ocr is not None and kind == "pdf" else None
    if seen is not None and (document := recall(seen, sha256, reader)) is not None:
        return document.model_copy(update={"name": name})
    document = _document(_converted(raw, name, kind, limits, ocr), name, kind, sha256, reader, ocr)
    if seen is not None:
        keep(seen, document)
    return document


def _converted(raw: bytes, name: str, kind: Format, limits: Limits, ocr: Ocr | None) -> dict[str, Any]:
    """What comes of the bytes, by way of LibreOffice where no reader of ours reads the format. Raises `InputError`."""
    if kind in MADE:
        began = time.monotonic()
        at_hand, read_as = remade(raw, name, kind, limits.memory, limits.seconds)
        left = limits.seconds - (time.monotonic() - began)
        return _run(at_hand, name, read_as, replace(limits, seconds=max(1.0, left)), None)
    return _run(raw, name, kind, limits, ocr)


def _document(
    made: dict[str, Any], name: str, kind: Format, sha256: str, reader: str | None, ocr: Ocr | None
) -> Document:
    """The document of what a reader made. Raises `InputError` where there is no text."""
    text, pages = str(made["text"]), tuple(int(p) for p in made["pages"])
    if not text.strip():
        if kind == "pdf" and ocr is None:
            how = "run again with --ocr" if installed() is not None else f"{INSTALL} and run again with --ocr"
            raise NeedsOcr(f"{name}: there is no text in this PDF file; it is made of pictures: {how}")
        raise InputError(f"{name}: there is no text in this {kind.upper()} file")
    return Document(
        name=name,
        text=text,
        sha256=sha256,
        format=kind,
        reader=reader,
        pages=pages,
        hidden=bool(made["concealed"]) or addresses_a_machine(str(made["hidden"])),
        text_lost=int(made["lost"]),
        furniture=tuple(made["furniture"]),
        ocr=tuple(OcrPage(page=page, confidence=sure) for page, sure in made["ocr"]),
    )


def _run(raw: bytes, name: str, kind: Format, limits: Limits, ocr: Ocr | None) -> dict[str, Any]:
    """What the reader of a format made of the bytes. Raises `InputError`."""
    more = ocr.total if ocr is not None else 0.0
    return ask(
        raw, name, {"format": kind, "ocr": {"page": ocr.page, "total": ocr.total} if ocr else None}, limits, more
    )


def ask(raw: bytes, name: str, wanted: dict[str, Any], limits: Limits, more: float = 0.0) -> dict[str, Any]:
    """What the child process says; its end in any other way becomes a reason. `more`: seconds beside the limit.

    Raises `InputError`.
    """
    options = json.dumps({**wanted, "memory": limits.memory, "seconds": limits.seconds, "pages": limits.pages,
                          "characters": limits.characters})  # fmt: skip
    seconds = limits.seconds + more
    with tempfile.TemporaryDirectory(prefix="pams-") as room:
        command = [sys.executable, "-I", str(_CHILD), options]
        try:
            done = subprocess.run(  # noqa: S603 - our own script
                command,
                input=raw,
                capture_output=True,
                timeout=seconds,
                cwd=room,
                check=False,
                start_new_session=True,  # Control-C is for the run, which lets what it began end
            )
        except subprocess.TimeoutExpired:
            raise InputError(f"{name}: reading it took more than {seconds:.0f} s; save it in another format") from None
    try:
        said = json.loads(done.stdout)
    except ValueError:
        raise InputError(f"{name}: {_ending(done.returncode, limits)}") from None
    if "error" in said:
        raise InputError(f"{name}: {said['error']}")
    return dict(said)


def _ending(code: int, limits: Limits) -> str:
    """Why a process ended without a word."""
    if code == -signal.SIGXCPU:
        return f"reading it took more than {limits.seconds:.0f} s of processor time; save it in another format"
    if code in (-signal.SIGABRT, -signal.SIGKILL, -signal.SIGSEGV, 1):
        needs = f"needs more than {limits.memory / 1e9:.0f} GB"
        return f"its reader gave up: the file is damaged, or {needs}; save it in another format"
    return f"its reader ended with {code}; the file is damaged, or save it in another format"
