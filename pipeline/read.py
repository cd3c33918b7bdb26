"""read: a file becomes a `Document`: text, offsets in code points, encoding, sha256 of the raw bytes.

Nothing of the text is changed except that a byte-order mark is dropped and CRLF becomes LF: decomposed
Hangul, full-width forms and typos stay, so that every later offset can be checked against the file.
"""

from __future__ import annotations

import codecs
import hashlib
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from schemas.document import Document
from schemas.errors import InputError, UsageError

SUFFIXES = frozenset({".txt", ".text", ".md"})
"""File formats that a folder is searched for; a file named directly is read whatever its suffix."""

MAX_BYTES = 8_000_000
"""A longer text is refused: it is a collection, not a document, and would not fit the memory promised."""

_SAMPLE = 20_000
"""Characters at the head of a text by which it is judged."""
_UNLIKELY = re.compile("[\x00-\x08\x0e-\x1f\ue000-\uf8ff\ud800-\udfff]")
"""Control characters, private use, lone surrogates."""


def find_sources(paths: Iterable[Path]) -> list[tuple[Path, str]]:
    """The files below `paths` with their document names (relative to the folder named, `/` as separator).

    Raises `UsageError` for a path that does not exist and for a folder without any readable file.
    """
    found: list[tuple[Path, str]] = []
    for path in paths:
        if path.is_dir():
            files = sorted(p for p in path.rglob("*") if p.suffix.lower() in SUFFIXES and _visible(p, path))
            if not files:
                known = " ".join(sorted(SUFFIXES))
                raise UsageError(
                    f"{path}: no document in this folder (looked for {known}); name a file or another folder"
                )
            found += [(p, p.relative_to(path).as_posix()) for p in files]
        elif path.exists():
            found.append((path, path.name))
        else:
            raise UsageError(f"{path}: there is no such file or folder; check the path")
    return list(_with_unique_names(found))


def _visible(path: Path, root: Path) -> bool:
    inside = path.resolve().is_relative_to(root.resolve())  # a symbolic link must not lead out of the folder
    return inside and path.is_file() and not any(part.startswith(".") for part in path.relative_to(root).parts)


def _with_unique_names(found: list[tuple[Path, str]]) -> Iterator[tuple[Path, str]]:
    """Two folders may hold files of one name; the later ones are named with their folder."""
    taken: dict[str, Path] = {}
    for path, name in found:
        if name in taken and taken[name].resolve() == path.resolve():
            continue
        unique = name if name not in taken else f"{path.parent.name}/{name}"
        if unique in taken:
            raise UsageError(f"{path}: a second document would be called {unique!r}; extract it into another folder")
        taken[unique] = path
        yield path, unique


def read(path: Path, name: str | None = None) -> Document:
    """Read one file. Raises `InputError` for what is no text: empty, binary, undecodable, too large."""
    return from_bytes(_bytes(path, name), name or path.name)


def fingerprint(path: Path, name: str | None = None) -> tuple[str, int]:
    """sha256 and size in bytes of a file that is to be read later. Raises `InputError` as `read` does for its size."""
    raw = _bytes(path, name)
    return hashlib.sha256(raw).hexdigest(), len(raw)


def _bytes(path: Path, name: str | None) -> bytes:
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise InputError(
                f"{name or path.name}: {size / 1e6:.1f} MB is more than the {MAX_BYTES / 1e6:.0f} MB "
                "that one document may have; split it"
            )
        return path.read_bytes()
    except OSError as problem:
        raise InputError(f"{path}: cannot be opened ({problem.strerror})") from problem


def from_bytes(raw: bytes, name: str) -> Document:
    """The document that these bytes hold. Raises `InputError`."""
    if not raw.strip():
        raise InputError(f"{name}: the file is empty")
    text, encoding = _decode(raw, name)
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    if not text.strip():
        raise InputError(f"{name}: the file holds nothing but white space")
    return Document(name=name, text=text, sha256=hashlib.sha256(raw).hexdigest(), encoding=encoding)


def from_text(text: str, name: str = "text") -> Document:
    """A document made from a string; its sha256 is that of the UTF-8 bytes."""
    return from_bytes(text.encode("utf-8"), name)


def _decode(raw: bytes, name: str) -> tuple[str, str]:
    """Text and encoding. UTF-8 first: text in CP949 is practically never valid UTF-8."""
    if raw.startswith(codecs.BOM_UTF8):
        return _strictly(raw, "utf-8-sig", name)
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _strictly(raw, "utf-16", name)
    if b"\x00" in raw:
        for encoding in ("utf-16-le", "utf-16-be"):
            if (text := _plausible(raw, encoding)) is not None:
                return text, encoding
        raise InputError(f"{name}: this is a binary file, not a text; save it as plain text (UTF-8) first")
    for encoding in ("utf-8", "cp949"):
        if (text := _plausible(raw, encoding)) is not None:
            return text, encoding
    raise InputError(f"{name}: neither UTF-8, UTF-16 nor CP949/EUC-KR text; save it as UTF-8 and try again")


def _strictly(raw: bytes, encoding: str, name: str) -> tuple[str, str]:
    try:
        return raw.decode(encoding), encoding
    except UnicodeDecodeError as problem:
        raise InputError(
            f"{name}: says it is {encoding} but byte {problem.start} does not fit; save it as UTF-8"
        ) from None


def _plausible(raw: bytes, encoding: str) -> str | None:
    """The decoded text if it decodes and reads like text (control characters are rare), else None."""
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError:
        return None
    sample = text[:_SAMPLE]
    unlikely = len(_UNLIKELY.findall(sample)) + sample.count("\x00")  # a zero byte counts twice
    return text if unlikely * 50 <= len(sample) else None
