"""One store of answers for many machines: an object per request id on storage reached by address, through fsspec.

An object is written once, by whoever comes first, and read by all. Its first line says of which request it is, who
answered, and the sha256 of the rest, which is the completion's body; what does not hold is as if it were not there.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pipeline.model.kept import BadRow, Kept, StoreStats, answer_fault
from schemas.errors import CannotStart, OutputUnwritable

T = TypeVar("T")

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{1,30}://")
_REQUEST_ID = re.compile(r"[0-9a-f]{64}")
_AT_ONCE = 16
"""Objects that are being written at once."""
_MARK = "pams-answers.json"
"""Stands in every such store, so that one that cannot be written is told before anything is paid for."""


def is_address(place: object) -> bool:
    """Whether a place of answers is an address of fsspec's and no folder."""
    return isinstance(place, str) and _ADDRESS.match(place) is not None


def is_request_id(words: object) -> bool:
    """Whether words can be the name of a request."""
    return isinstance(words, str) and _REQUEST_ID.fullmatch(words) is not None


@dataclass(frozen=True)
class _Opened:
    files: Any
    """fsspec's file system."""
    root: str


class SharedStore:
    """Answers by request id on shared storage. Safe for any number of machines; nothing is locked."""

    def __init__(self, address: str) -> None:
        """Opens (or makes) the store at `address`. Raises `CannotStart` if it cannot be reached or written."""
        self.address = address.rstrip("/")
        self._on = self._open()

    def find(self, request_id: str) -> Kept | None:
        """What is stored under `request_id`; None where nothing is, or nothing that holds. Raises `CannotStart`."""
        raw = self._reached(lambda: self._read(request_id))
        found = _unwrap(request_id, raw) if raw is not None else None
        return found if isinstance(found, Kept) else None

    def put(self, request_id: str, body: bytes, origin: str | None, *, replace: bool = False) -> Kept:
        """Keeps an answer if there is none, or, with `replace`, in its place. Returns the one that stands.

        Raises `OutputUnwritable`.
        """
        mine = Kept(body, origin)
        path, whole = self._path(request_id), _wrap(request_id, mine)
        try:
            if not replace and not self._create(path, whole):
                there = self.find(request_id)
                if there is not None:
                    return there
                replace = True  # what is there does not hold
            if replace:
                self._on.files.pipe_file(path, whole)
        except CannotStart:
            raise
        except Exception as problem:
            raise OutputUnwritable(
                f"An answer could not be kept at {self.address} ({_said(problem)}). Everything kept before is intact, "
                "and this answer is in the local store: make the storage writable and repeat the same command."
            ) from problem
        return mine

    def put_many(
        self, answers: Iterable[tuple[str, bytes]], origin: str | None = None, *, replacing: Collection[str] = ()
    ) -> list[tuple[str, Kept]]:
        """Keeps several as `put` does, some of them at once. Returns those that stand, by request id."""
        keep = lambda one: (one[0], self.put(one[0], one[1], origin, replace=one[0] in replacing))
        with ThreadPoolExecutor(_AT_ONCE) as threads:
            return list(threads.map(keep, answers))

    def each(self) -> Iterator[tuple[str, Kept]]:
        """All answers that hold, by request id."""
        for request_id, found in self._all():
            if isinstance(found, Kept):
                yield request_id, found

    def verify(self) -> list[BadRow]:
        """The objects that do not hold: another request's, altered, or no completion."""
        return [BadRow(n, key, found) for n, (key, found) in enumerate(self._all(), 1) if isinstance(found, str)]

    def stats(self) -> StoreStats:
        """Count and size."""
        sizes = [int(facts["size"] or 0) for _, facts in self._objects()]
        return StoreStats(self.address, len(sizes), sum(sizes))

    def prune(self, *, older_than: float | None = None, bad: bool = False) -> int:
        """Removes the objects that `verify` refuses. Returns how many. Age is the storage's affair (its lifecycle)."""
        if older_than is not None:
            raise CannotStart(f"{self.address}: objects are not removed by age; set a lifecycle at the storage")
        found = [row.key for row in self.verify()] if bad else []
        for key in found:
            self._reached(lambda key=key: self._on.files.rm_file(self._path(key)))  # type: ignore[misc]
        return len(found)

    def close(self) -> None:
        """Nothing is held open."""

    def _open(self) -> _Opened:
        scheme = self.address.partition("://")[0]
        try:
            import fsspec

            make: Any = fsspec.filesystem  # has no types
            files = make(scheme)
            root = str(files._strip_protocol(self.address))
            mark = f"{root}/{_MARK}"
            if not files.exists(mark):
                files.makedirs(root, exist_ok=True)
                files.pipe_file(mark, b'{"answers": 1}\n')
        except ImportError as problem:
            raise CannotStart(
                f"--cache {self.address}: {problem}; type `pip install 'policy-measures[storage]'`, and what that "
                "storage needs beside it (s3fs, gcsfs, adlfs …)"
            ) from problem
        except Exception as problem:  # each storage has errors of its own
            raise CannotStart(
                f"The answers at {self.address} cannot be reached or written ({_said(problem)}). Check the address and "
                "who may write there, then repeat the same command."
            ) from problem
        return _Opened(files, root)

    def _path(self, request_id: str) -> str:
        return f"{self._on.root}/{request_id[:2]}/{request_id}"

    def _read(self, request_id: str) -> bytes | None:
        try:
            return bytes(self._on.files.cat_file(self._path(request_id)))
        except FileNotFoundError:
            return None

    def _create(self, path: str, whole: bytes) -> bool:
        """Writes an object unless there is one; whole or not at all. False: there is one."""
        files = self._on.files
        if "file" in (files.protocol if isinstance(files.protocol, tuple) else (files.protocol,)):
            return _link_new(Path(path), whole)
        try:
            files.makedirs(path.rpartition("/")[0], exist_ok=True)
            files.pipe_file(path, whole, mode="create")
        except FileExistsError:
            return False
        return True

    def _objects(self) -> Iterator[tuple[str, Any]]:
        found = self._reached(lambda: self._on.files.find(self._on.root, detail=True))
        for path, facts in sorted(found.items()):
            name = path.rpartition("/")[2]
            if name != _MARK and not name.startswith("."):
                yield name, facts

    def _all(self) -> Iterator[tuple[str, Kept | str]]:
        for name, _ in self._objects():
            raw = self._reached(lambda name=name: self._read(name)) if is_request_id(name) else b""  # type: ignore[misc]
            if raw is not None:
                yield name, _unwrap(name, raw)

    def _reached(self, do: Callable[[], T]) -> T:
        try:
            return do()
        except Exception as problem:
            raise CannotStart(
                f"The answers at {self.address} cannot be read ({_said(problem)}). Everything kept is intact; repeat "
                "the same command when the storage can be reached."
            ) from problem


def _wrap(request_id: str, kept: Kept) -> bytes:
    head = {"request_id": request_id, "origin": kept.origin, "sha256": hashlib.sha256(kept.body).hexdigest()}
    return json.dumps(head, ensure_ascii=False).encode() + b"\n" + kept.body


def _unwrap(request_id: str, raw: bytes) -> Kept | str:
    """The answer in an object, or why it does not hold."""
    first, _, body = raw.partition(b"\n")
    try:
        head = json.loads(first[:10_000])
    except (ValueError, RecursionError):
        head = None
    if not isinstance(head, dict) or head.get("request_id") != request_id:
        return "an object of another request, or of another program"
    if head.get("sha256") != hashlib.sha256(body).hexdigest():
        return "a body that is not the one that was written"
    fault = answer_fault(body)
    origin = head.get("origin")
    return fault or Kept(body, origin if isinstance(origin, str) else None)


def _link_new(path: Path, whole: bytes) -> bool:
    """A file that is there whole or not at all, and never in place of another: a link is made or refused at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(whole)
            file.flush()
            os.fsync(file.fileno())
        mask = os.umask(0)
        os.umask(mask)
        Path(name).chmod(0o666 & ~mask)  # colleagues read it too
        os.link(name, path)
    except FileExistsError:
        return False
    finally:
        Path(name).unlink(missing_ok=True)
    return True


def _said(problem: Exception) -> str:
    return f"{type(problem).__name__}: {problem}"[:300]
