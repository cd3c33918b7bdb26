"""Several files of a results folder change in one step, wherever the process that changes them is killed.

All new files are on disk under other names before a note of them, `.pams.switch`, is put in place: that is the step.
From then on the renames are only carried out, by whoever comes next, and doing them twice changes nothing.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import filelock

from schemas.errors import InputError, OutputUnwritable

SWITCH, LOCK = ".pams.switch", ".pams.lock"
RESULTS = ("policies.jsonl", "refused.jsonl", "documents.jsonl", "run.json")
"""The files that a run puts in place together."""
WAIT = 10.0
"""Seconds that a reader waits for a run that is putting its results in place."""

_LEFT = re.compile(rf"\.({'|'.join(map(re.escape, (*RESULTS, SWITCH)))})\.[a-z0-9_]{{8}}")
"""How a new file is called until it is in place."""


@contextlib.contextmanager
def locked(folder: Path, wait: float = 0.0) -> Iterator[None]:
    """Holds a results folder's lock. Raises `OutputUnwritable` if someone else writes there for `wait` seconds more."""
    lock = filelock.FileLock(folder / LOCK)
    try:
        lock.acquire(timeout=wait)
    except filelock.Timeout:
        raise OutputUnwritable(
            f"{folder}: another run is writing here; wait for it, or name another folder with --out"
        ) from None
    try:
        yield
    finally:
        lock.release()


def put(path: Path, content: Iterable[bytes]) -> None:
    """Replace a file atomically: a reader, or a crash, sees the old file or the new one. Raises `OutputUnwritable`."""
    put_all({path: content})


def put_all(contents: Mapping[Path, Iterable[bytes]]) -> None:
    """Replace several files, one after the other: none is touched before all are on disk. Raises `OutputUnwritable`."""
    ready: dict[Path, Path] = {}
    path = Path()
    try:
        for path, content in contents.items():
            ready[path] = _prepare(path, content)
        for path, new in ready.items():
            new.replace(path)
    except OSError as problem:
        raise unwritable(path, problem) from problem
    finally:
        for left in ready.values():
            left.unlink(missing_ok=True)


def put_made(room: Path, folder: Path) -> list[Path]:
    """Moves the files made in a room inside `folder` up into it, none before all are on disk. Raises `OSError`."""
    made = sorted(room.iterdir())
    for path in made:
        with path.open("rb+") as file:
            os.fsync(file.fileno())
        path.chmod(0o666 & ~_umask())
    return [path.replace(folder / path.name) for path in made]


def put_results(folder: Path, contents: Mapping[str, Iterable[bytes]]) -> None:
    """Replace the files of a run together, under its lock. Raises `OutputUnwritable`: then none is replaced."""
    ready: dict[str, Path] = {}
    name = ""
    try:
        for name, content in contents.items():
            ready[name] = _prepare(folder / name, content)
        put(folder / SWITCH, [json.dumps({n: path.name for n, path in ready.items()}).encode()])
    except BaseException as problem:
        for left in ready.values():
            left.unlink(missing_ok=True)
        if isinstance(problem, OSError):
            raise unwritable(folder / name, problem) from problem
        raise
    complete(folder)


def complete(folder: Path) -> None:
    """Carries out a change that was decided on, if there is one. Only for who holds the folder's lock."""
    path = folder / SWITCH
    try:
        noted = json.loads(path.read_bytes())
    except FileNotFoundError:
        return
    except (OSError, ValueError) as problem:
        raise InputError(f"{path}: is damaged; run `pams extract` into another folder") from problem
    if not isinstance(noted, dict) or not all(_LEFT.fullmatch(str(v)) and k in RESULTS for k, v in noted.items()):
        raise InputError(f"{path}: is damaged; run `pams extract` into another folder")
    try:
        for name, ready in noted.items():
            with contextlib.suppress(FileNotFoundError):  # in place since another try
                (folder / ready).replace(folder / name)
        path.unlink(missing_ok=True)
    except OSError as problem:
        raise OutputUnwritable(
            f"{folder}: is between two states ({problem.strerror}); run the same command again when it can be written"
        ) from problem


def mend(folder: Path) -> None:
    """For readers: completes what a killed run began, or waits for a run that is just doing it.

    Raises `InputError` where that cannot be done: the folder is between two states, and nothing in it is to be read.
    """
    if not (folder / SWITCH).exists():
        return
    try:
        with filelock.FileLock(folder / LOCK, timeout=WAIT):
            complete(folder)
    except (filelock.Timeout, OSError, OutputUnwritable) as problem:
        raise InputError(
            f"{folder}: is between two states, since a run was stopped while it put its results in place; run the same "
            "`pams extract` again, or read it where it can be written"
        ) from problem


def sweep(folder: Path) -> None:
    """Removes what a killed run left half-written. Only for who holds the folder's lock, after `complete`."""
    for left in [path for path in folder.iterdir() if _LEFT.fullmatch(path.name)]:
        left.unlink(missing_ok=True)
    for left in (folder / "texts").glob("*.partial"):
        left.unlink(missing_ok=True)


def _prepare(path: Path, content: Iterable[bytes]) -> Path:
    """The content on disk beside `path`, under another name."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    ready = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.writelines(content)
            file.flush()
            os.fsync(file.fileno())
        ready.chmod(0o666 & ~_umask())
    except BaseException:
        ready.unlink(missing_ok=True)
        raise
    return ready


def _umask() -> int:
    """The process's umask, so that colleagues can read a shared folder's results as they can other files."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


def unwritable(path: Path, problem: OSError) -> OutputUnwritable:
    """The error of a file that cannot be written."""
    return OutputUnwritable(
        f"{path}: cannot be written ({problem.strerror}). What was there before is whole: free some space or name "
        "another folder with --out, and run the same command again; answers that were paid for are kept"
    )
