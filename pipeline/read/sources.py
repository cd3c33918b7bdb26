"""Which documents there are below the paths that a user named: files, folders, and zip files of either."""

from __future__ import annotations

import contextlib
import functools
import lzma
import os
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from schemas.document import Format
from schemas.errors import InputError, UsageError

SUFFIXES: dict[str, Format] = {
    ".txt": "text",
    ".text": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".pdf": "pdf",
    ".hwp": "hwp",
    ".hwpx": "hwpx",
    ".docx": "docx",
    ".docm": "docx",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
}
"""File formats that a folder or zip is searched for; a file named directly is read by what its first bytes say."""

MAX_BYTES = 8_000_000
"""A longer text is refused: it is a collection, not a document, and would not fit the memory promised."""
MAX_FILE = 100_000_000
"""A larger file of any other format is refused."""
MAX_MEMBERS = 20_000
"""Files in one zip."""

_TEXTS = ("text", "markdown")


_DAMAGED = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, KeyError, ValueError,
    RuntimeError,
)  # fmt: skip
"""What the standard library raises at a zip that is damaged, encrypted, or packed in a way it does not know."""


@functools.lru_cache(maxsize=4)
def _open_zip(path: Path, changed: int, process: int) -> zipfile.ZipFile:
    """A zip with its directory read once; not shared between processes, whose places in the file would be one."""
    return zipfile.ZipFile(path)


@dataclass(frozen=True)
class Source:
    """One document's file, or its place in a zip file. `name` is the document's name in every output."""

    path: Path
    name: str
    member: str | None = None

    def content(self) -> bytes:
        """The whole file. Raises `InputError` if it cannot be opened or is larger than its format may be."""
        limit = MAX_BYTES if SUFFIXES.get(PurePosixPath(self.name).suffix.lower()) in _TEXTS else MAX_FILE
        try:
            return self._member(self.member, limit) if self.member is not None else self._file(limit)
        except OSError as problem:
            raise InputError(f"{self.path}: cannot be opened ({problem.strerror or problem})") from problem

    def _file(self, limit: int) -> bytes:
        size = self.path.stat().st_size
        if size > limit:
            raise self._too_large(size, limit)
        return self.path.read_bytes()

    def _member(self, member: str, limit: int) -> bytes:
        """A file out of a zip; what the zip says of its size is not believed."""
        if _leads_out(self.name):
            raise InputError(f"{self.name}: its path in the zip leads out of the zip; it was not read")
        try:
            archive = _open_zip(self.path, self.path.stat().st_mtime_ns, os.getpid())
            if archive.getinfo(member).flag_bits & 1:
                raise InputError(f"{self.name}: is encrypted in the zip; unpack it with its password first")
            with archive.open(member) as file:
                raw = file.read(limit + 1)
        except _DAMAGED as problem:
            raise InputError(f"{self.name}: cannot be unpacked ({problem}); the zip is damaged") from problem
        if len(raw) > limit:
            raise self._too_large(len(raw), limit)
        return raw

    def _too_large(self, size: int, limit: int) -> InputError:
        return InputError(
            f"{self.name}: {size / 1e6:.1f} MB is more than the {limit / 1e6:.0f} MB "
            "that one document may have; split it"
        )


def find_sources(paths: Iterable[Path]) -> list[Source]:
    """The documents below `paths`, named relative to the folder or zip named, `/` as separator.

    A zip in a folder is opened (a zip in a zip is not); symbolic links that lead out of a folder are left alone.
    Raises `UsageError` for a path that does not exist and for a folder without any readable file.
    """
    found: list[Source] = []
    for path in paths:
        if path.is_dir():
            found += _in_folder(path)
        elif path.exists():
            found += _in_zip(path, "") if _is_zip(path) else [Source(path, path.name)]
        else:
            raise UsageError(f"{path}: there is no such file or folder; check the path")
    return list(_with_unique_names(found))


def find_others(paths: Iterable[Path]) -> Counter[str]:
    """Files below the folders named that are of no known format, counted by suffix."""
    others: Counter[str] = Counter()
    for path in (file for folder in paths if folder.is_dir() for file in _files_in(folder)):
        if path.suffix.lower() not in SUFFIXES and not _is_zip(path):
            others[_printable(path.suffix.lower()) or "without a suffix"] += 1
    return others


def _in_folder(folder: Path) -> list[Source]:
    found: list[Source] = []
    for path in sorted(_files_in(folder)):
        name = _printable(path.relative_to(folder).as_posix())
        if _is_zip(path):
            found += _in_zip(path, f"{name}/")
        elif path.suffix.lower() in SUFFIXES:
            found.append(Source(path, name))
    if not found:
        known = " ".join([*SUFFIXES, ".zip"])
        raise UsageError(f"{folder}: no document in this folder (looked for {known}); name a file or another folder")
    return found


def _files_in(folder: Path) -> Iterator[Path]:
    """The files below a folder that its owner sees and that no run wrote."""
    inside, results = folder.resolve(), _results_below(folder)
    for path in folder.rglob("*"):
        if _visible(path, folder, inside) and not any(path.is_relative_to(r) for r in results):
            yield path


def _results_below(folder: Path) -> list[Path]:
    """What runs wrote below a folder: texts and exports there are no documents."""
    found = []
    for manifest in folder.rglob("run.json"):
        place = manifest.parent
        if (place / "documents.jsonl").is_file():
            found += [place / "texts", place / "export"] if place == folder else [place]
    return found


def _visible(path: Path, root: Path, inside: Path) -> bool:
    """Whether its owner would call it a document: no dot file, no lock file of Word, no link out of the folder."""
    if any(part.startswith((".", "~$")) for part in path.relative_to(root).parts):
        return False
    return path.is_file() and path.resolve().is_relative_to(inside)


def _printable(name: str) -> str:
    """A name that can be written: bytes that are no UTF-8 are mostly Korean names out of a zip unpacked elsewhere."""
    raw = name.encode("utf-8", "surrogateescape")
    for encoding in ("utf-8", "cp949"):
        with contextlib.suppress(UnicodeDecodeError):
            return raw.decode(encoding)
    return raw.decode("utf-8", "replace")


def _is_zip(path: Path) -> bool:
    """Whether a file is a zip of documents (HWPX and DOCX are zips too, of their own kind)."""
    return path.suffix.lower() == ".zip"


def _in_zip(path: Path, prefix: str) -> list[Source]:
    """The documents in a zip; where it cannot be opened, the zip itself, which then fails with the reason."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = [m for m in archive.infolist() if not m.is_dir()]
    except (OSError, *_DAMAGED):
        return [Source(path, prefix.rstrip("/") or path.name)]
    if len(members) > MAX_MEMBERS:
        raise UsageError(f"{path}: {len(members):,} files in one zip are more than {MAX_MEMBERS:,}; unpack it first")
    found = []
    for member in members:
        name = _member_name(member)
        parts = PurePosixPath(name)
        hidden = any(part.startswith((".", "~$", "__MACOSX")) and part != ".." for part in parts.parts)
        if parts.suffix.lower() in SUFFIXES and not hidden:
            found.append(Source(path, prefix + name, member.filename))
    if not found and not prefix:
        raise UsageError(f"{path}: no document in this zip (looked for {' '.join(SUFFIXES)})")
    return sorted(found, key=lambda s: s.name)


def _member_name(member: zipfile.ZipInfo) -> str:
    """The name as its author saw it: Korean Windows writes CP949 into zips without saying so."""
    name = member.filename
    if not member.flag_bits & 0x800:
        try:
            name = name.encode("cp437").decode("cp949")
        except UnicodeError:
            name = member.filename
    return name.replace("\\", "/")


def _leads_out(name: str) -> bool:
    path = PurePosixPath(name)
    return path.is_absolute() or ".." in path.parts or (len(path.parts) > 0 and path.parts[0].endswith(":"))


def _with_unique_names(found: list[Source]) -> Iterator[Source]:
    """Two folders may hold files of one name; the later ones are named with their folder."""
    taken: dict[str, Source] = {}
    for source in found:
        before = taken.get(source.name)
        if before is not None and (before.path.resolve(), before.member) == (source.path.resolve(), source.member):
            continue
        above = source.path.parent.name if source.member is None else source.path.stem
        unique = source.name if before is None else f"{above}/{source.name}"
        if unique in taken:
            raise UsageError(
                f"{source.path}: a second document would be called {unique!r}; extract it into another folder"
            )
        taken[unique] = Source(source.path, unique, source.member)
        yield taken[unique]


_MAGIC: tuple[tuple[bytes, Format], ...] = ((b"%PDF-", "pdf"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "hwp"))


_OTHERS = (
    (b"{\\rtf", "is an RTF file; save it as DOCX or PDF"),
    (b"\x89PNG", "is a picture; run OCR over it first"),
    (b"\xff\xd8\xff", "is a picture; run OCR over it first"),
)
"""Formats that are told by their first bytes and not read."""


def format_of(name: str, raw: bytes) -> Format:
    """What a file is: by its first bytes where they tell, else by its suffix; text where neither says anything.

    Raises `InputError` for a format that is known and not read.
    """
    suffix = PurePosixPath(name).suffix.lower()
    known = SUFFIXES.get(suffix)
    for magic, what in _OTHERS:
        if raw.startswith(magic) and known in (None, "text"):
            raise InputError(f"{name}: {what}")
    for magic, kind in _MAGIC:
        if raw.lstrip()[: len(magic)] == magic:
            if kind == "hwp" and known not in ("hwp", None):
                raise InputError(
                    f"{name}: an old Office or an encrypted file, whatever its name says; save it as {suffix}"
                )
            return kind
    if raw[:4] == b"PK\x03\x04" and known not in ("hwpx", "docx"):
        return _packed(name, raw)
    if known is None and raw[:512].lstrip().lower().startswith((b"<!doctype html", b"<html")):
        return "html"
    return known or "text"


def _packed(name: str, raw: bytes) -> Format:
    """A zip without a telling suffix: HWPX and DOCX say what they are in their first entries."""
    if b"mimetypeapplication/hwp+zip" in raw[:200]:
        return "hwpx"
    if b"[Content_Types].xml" in raw[:2000] and b"word/" in raw:
        return "docx"
    raise InputError(f"{name}: a zip or an office file of another kind; known are {' '.join(SUFFIXES)} and .zip")
