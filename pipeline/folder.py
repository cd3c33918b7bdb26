"""What lies in a results folder is pams's own: regular files and no links, so that nothing leads elsewhere.

A results folder may have been unpacked from anywhere. A link planted in it would be read, overwritten or appended to
in the name of whoever works with the folder.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import BinaryIO

from schemas.errors import UsageError

WEIGHTS = "learned.weights"
"""Weights of the draft, learned from the folder's own corrections, that a person wants the next run to use."""
FILES = (
    "policies.jsonl", "documents.jsonl", "refused.jsonl", "run.json", "events.jsonl", "corrections.jsonl", WEIGHTS,
    ".pams.spool", ".pams.lock", ".pams.switch", ".corrections.lock",
)  # fmt: skip
TEXTS = "texts"


def check_own(folder: Path) -> None:
    """Raises `UsageError` if a name of pams's own in `folder` is a link, a pipe, or anything but what it should be."""
    try:
        for name in FILES:
            _check(folder / name, stat.S_ISREG, "a regular file")
        _check(folder / TEXTS, stat.S_ISDIR, "a folder")
        if (folder / TEXTS).is_dir():
            with os.scandir(folder / TEXTS) as entries:
                for entry in entries:
                    if not entry.is_file(follow_symlinks=False):
                        _refuse(folder / TEXTS / entry.name, "a regular file")
    except OSError as problem:
        raise UsageError(f"{folder}: cannot be read ({problem.strerror}); check who may read it") from problem


def _check(path: Path, right: object, what: str) -> None:
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return
    if not (callable(right) and right(mode)):
        _refuse(path, what)


def _refuse(path: Path, what: str) -> None:
    raise UsageError(
        f"{path}: is not {what} (links in a results folder are never followed); remove it, or name another folder"
    )


State = tuple[int, int, int] | None


def state_of(path: Path) -> State:
    """What tells that a file has been added to or replaced: time, size, number; None where none can be reached."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def open_to_append(path: Path) -> BinaryIO:
    """A file of a results folder to be added to, created if need be.

    Raises `OSError`; `UsageError` where it is a link, or one file under two names.
    """
    flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    _check(path, stat.S_ISREG, "a regular file")
    file = os.fdopen(os.open(path, flags, 0o666), "ab+")
    if os.fstat(file.fileno()).st_nlink > 1:
        file.close()
        raise UsageError(f"{path}: is one file under two names (a hard link); put a copy in its place")
    return file


def open_new(path: Path) -> BinaryIO:
    """An empty file in place of whatever had its name; what a link there points to stays as it is. Raises `OSError`."""
    path.unlink(missing_ok=True)
    return path.open("xb+")
