"""Which documents there are below the paths that a user named: files, folders, and zip files of either."""

from __future__ import annotations

import contextlib
import functools
import itertools
import json
import lzma
import os
import stat
import struct
import sys
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Protocol

from pipeline.read.kinds import REFUSED, SUFFIXES
from pipeline.read.remote import read_at
from pipeline.read.rows import Row, text_of
from schemas.errors import InputError, UsageError

MAX_BYTES = 8_000_000
"""A longer text is refused: it is a collection, not a document, and would not fit the memory promised."""
MAX_FILE = 100_000_000
"""A larger file of any other format is refused."""
MAX_MEMBERS = 20_000
"""Files in one zip."""
MAX_UNPACKED = 1_000_000_000
"""Bytes of all documents in one zip, unpacked."""

PIPED = ("-", "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0")
"""Names of the standard input."""

_TEXTS = ("text", "markdown")
_ID_TWICE = "its id stands in the list before; give each row an id of its own"


_DAMAGED = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, KeyError, ValueError,
    RuntimeError,
)  # fmt: skip
"""What the standard library raises at a zip that is damaged, encrypted, or packed in a way it does not know."""


@functools.lru_cache(maxsize=4)
def _open_zip(path: Path, changed: int, process: int) -> zipfile.ZipFile:
    """A zip with its directory read once; not shared between processes, whose places in the file would be one."""
    return zipfile.ZipFile(path)


@dataclass(frozen=True, slots=True)
class Source:
    """One document's file, or its place in a zip file. `name` is the document's name in every output."""

    path: Path
    name: str
    member: str | None = None
    raw: bytes | None = None
    """What came through a pipe, which can be read once only."""
    problem: str | None = None
    """Why it is not read at all; it is told as a document that failed."""
    address: str | None = None
    """Of a document on storage beyond the file system."""
    row: Row | None = None
    """Its place in a file of rows."""

    def content(self) -> bytes:
        """The whole file. Raises `InputError` if it cannot be opened or is larger than its format may be."""
        limit = MAX_BYTES if SUFFIXES.get(PurePosixPath(self.name).suffix.lower()) in _TEXTS else MAX_FILE
        if self.problem is not None:
            raise InputError(f"{self.name}: {self.problem}")
        if self.raw is not None:
            if len(self.raw) > limit:
                raise self._too_large(len(self.raw), limit)
            return self.raw
        try:
            return self._whole(limit)
        except OSError as problem:
            raise InputError(f"{self.name}: cannot be opened ({problem.strerror or problem})") from problem

    def _whole(self, limit: int) -> bytes:
        if self.member is not None:
            return self._member(self.member, limit)
        if self.address is None and self.row is None:
            return self._file(limit)
        raw = text_of(self.path, self.row) if self.row is not None else read_at(self.address or "", limit)
        if len(raw) > limit:
            raise self._too_large(len(raw), limit)
        return raw

    def _file(self, limit: int) -> bytes:
        state = self.path.stat()
        if not stat.S_ISREG(state.st_mode):
            raise InputError(f"{self.name}: is a device or a pipe and no file; give a pipe's content as `-`")
        if state.st_size > limit:
            raise self._too_large(state.st_size, limit)
        with self.path.open("rb") as file:
            raw = file.read(limit + 1)
        if len(raw) > limit:
            raise self._too_large(len(raw), limit)
        return raw

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


def find_sources(paths: Iterable[Path], more: Iterable[Source] = ()) -> list[Source]:
    """The documents below `paths`, named relative to the folder or zip named, `/` as separator; then `more`.

    A zip in a folder is opened (a zip in a zip is not); symbolic links that lead out of a folder are left alone.
    Raises `UsageError` for a path that does not exist, and where there is no document at all.
    """
    return list(each_source(paths, more, {}))


def each_source(paths: Iterable[Path], more: Iterable[Source], taken: Names) -> Iterator[Source]:
    """As `find_sources`, one after the other. `taken`: where the names given so far are kept, in memory or on disk."""
    yield from _with_unique_names(itertools.chain(_below(paths), more), taken)


def _below(paths: Iterable[Path]) -> Iterator[Source]:
    empty: list[Path] = []
    any_found = False
    for path in paths:
        inside = False
        for source in sources_below(path):
            inside = any_found = True
            yield source
        empty += [] if inside else [path]
    if empty and not any_found:  # one folder of several may hold nothing
        known = " ".join([*SUFFIXES, ".zip"])
        raise UsageError(f"{empty[0]}: no document in this folder (looked for {known}); name a file or another folder")


def sources_below(path: Path, prefix: str = "") -> Iterator[Source]:
    """The documents at one path; none for a folder without any. Raises `UsageError` where there is nothing.

    `prefix` stands before the names of what a folder or zip holds.
    """
    if str(path) in PIPED:
        yield Source(path, "stdin", raw=sys.stdin.buffer.read(MAX_FILE + 1))
    elif _is(path, stat.S_ISDIR):
        yield from (replace(source, name=prefix + source.name) for source in _in_folder(path))
    elif not _exists(path):
        raise UsageError(f"{printable(str(path))}: there is no such file or folder; check the path")
    else:
        yield from _in_zip(path, prefix) if _is_zip(path) else [Source(path, printable(path.name))]


def find_others(paths: Iterable[Path]) -> Counter[str]:
    """Files below the folders named that are of no known format, counted by suffix."""
    others: Counter[str] = Counter()
    for path in (file for folder in paths if _is(folder, stat.S_ISDIR) for file in _files_in(folder)):
        if isinstance(path, Unread):
            continue
        if not is_document(path) and not _is_zip(path):
            others[printable(path.suffix.lower()) or "without a suffix"] += 1
    return others


def _in_folder(folder: Path) -> Iterator[Source]:
    for path in _files_in(folder):
        if isinstance(path, Unread):
            yield Source(path.folder, printable(path.folder.relative_to(folder).as_posix()), problem=path.why)
            continue
        name = printable(path.relative_to(folder).as_posix())
        if _is_zip(path):
            yield from _in_zip(path, f"{name}/")
        elif is_document(path):
            yield Source(path, name)


@dataclass(frozen=True)
class Unread:
    """A folder that cannot be listed: what is in it is not known, and is not gone."""

    folder: Path
    why: str


def _files_in(root: Path) -> Iterator[Path | Unread]:
    """The files below a folder that its owner sees and that no run wrote, and the folders that cannot be read.

    In the order of their paths; no more is held than the names in one folder and in those above it.
    """
    inside, waiting = root.resolve(), [(root, True)]
    while waiting:
        path, is_folder = waiting.pop()
        if not is_folder:
            if _is(path, stat.S_ISREG) and path.resolve().is_relative_to(inside):
                yield path
            continue
        try:
            entries = sorted(path.iterdir(), key=lambda entry: entry.name, reverse=True)
            wrote = _written_by_runs(path, root)
            folders = {e for e in entries if e.is_dir() and not e.is_symlink()}
        except OSError as problem:
            if path == root:
                raise UsageError(f"{root}: cannot be read ({problem.strerror}); check who may read it") from problem
            yield Unread(path, f"the folder cannot be read ({problem.strerror})")
            continue
        ours = path in wrote
        waiting += [
            (e, e in folders) for e in entries if e not in wrote and not ours and not e.name.startswith((".", "~$"))
        ]


def _written_by_runs(folder: Path, root: Path) -> set[Path]:
    """What a run wrote in this folder: texts and exports there are no documents, nor is anything below the root."""
    if not (folder / "documents.jsonl").is_file() or not _is_manifest(folder / "run.json"):
        return set()
    return {folder / "texts", folder / "export"} if folder == root else {folder}


def _is_manifest(path: Path) -> bool:
    """Whether this `run.json` is one of pams: others have files of that name too."""
    if not _is(path, stat.S_ISREG):
        return False
    try:
        noted = json.loads(path.read_bytes()[:MAX_BYTES])
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(noted, dict) and "schema_hash" in noted and "endpoint" in noted


def _exists(path: Path) -> bool:
    return _is(path, lambda mode: True)


def _is(path: Path, kind: Callable[[int], bool]) -> bool:
    """Whether there is such a thing; a name that no system takes is none."""
    try:
        return kind(path.stat().st_mode)
    except (OSError, ValueError):
        return False


def printable(name: str) -> str:
    """A name that can be written: bytes that are no UTF-8 are mostly Korean names out of a zip unpacked elsewhere."""
    raw = name.encode("utf-8", "surrogateescape")
    for encoding in ("utf-8", "cp949"):
        with contextlib.suppress(UnicodeDecodeError):
            return raw.decode(encoding)
    return raw.decode("utf-8", "replace")


def is_document(path: PurePosixPath | Path) -> bool:
    """Whether a file is read, or refused with a reason; the others are counted and named after the run."""
    return path.suffix.lower() in SUFFIXES or path.suffix.lower() in REFUSED


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
    whole = prefix.rstrip("/") or path.name
    if len(members) > MAX_MEMBERS:
        why = f"{len(members):,} files in one zip are more than {MAX_MEMBERS:,}; unpack it first"
        return [Source(path, whole, problem=why)]
    found: dict[str, Source] = {}
    size = 0
    for member in members:
        name = _member_name(member)
        parts = PurePosixPath(name)
        hidden = any(part.startswith((".", "~$", "__MACOSX")) and part != ".." for part in parts.parts)
        if is_document(parts) and not hidden:
            size += member.file_size
            twice = "the zip holds two files of this name; unpack it and rename one" if prefix + name in found else None
            found[prefix + name] = Source(path, prefix + name, member.filename, problem=twice)
    if size > MAX_UNPACKED:
        why = f"unpacks to {size / 1e9:.1f} GB, more than {MAX_UNPACKED / 1e9:.0f} GB; unpack it first"
        return [Source(path, whole, problem=why)]
    if not found and not prefix:
        raise UsageError(f"{path}: no document in this zip (looked for {' '.join(SUFFIXES)})")
    return sorted(found.values(), key=lambda s: s.name)


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


class Names(Protocol):
    """By name that a document was given: its file, and its place in it where that is a zip."""

    def get(self, name: str, /) -> tuple[Path, str | None] | None:
        """The place of the document of that name."""

    def __contains__(self, name: object, /) -> bool: ...

    def __setitem__(self, name: str, place: tuple[Path, str | None], /) -> None: ...


def _with_unique_names(found: Iterable[Source], taken: Names) -> Iterator[Source]:
    """Two folders may hold files of one name; the later ones are named with their folder."""
    for source in found:
        before, here = taken.get(source.name), (source.path, source.member)
        if before is not None and source.row is not None:
            source = replace(source, name=f"{source.name} (row {source.row.number})", problem=_ID_TWICE)
            before = None
        if before is not None and (before[0].resolve(), before[1]) == (source.path.resolve(), source.member):
            continue
        above = source.path.parent.name if source.member is None else source.path.stem
        unique = source.name if before is None else f"{above}/{source.name}"
        if unique in taken:
            raise UsageError(
                f"{source.path}: a second document would be called {unique!r}; extract it into another folder"
            )
        taken[unique] = here
        yield replace(source, name=unique) if unique != source.name else source
