"""Where answers are kept: raw completion bodies by request id, on disk, shared by processes, never pickled.

`diskcache` behind a narrow interface. Its default rows can be pickles, and reading a planted one runs code
(CVE-2025-69872): here every row is plain bytes inside the database, and anything else is refused unread.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Collection, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import diskcache
import platformdirs
from diskcache.core import MODE_RAW

from pipeline.model.kept import BadRow, Kept, StoreStats, answer_fault
from pipeline.model.mounts import network_file_system
from pipeline.model.shared import SharedStore, is_address
from schemas.errors import CannotStart, OutputUnwritable, StoreDamaged

APPLICATION = "policy-measures"

_Cache: Any = diskcache.Cache  # Has no types.


class PlainDisk(diskcache.Disk):
    """Rows are text keys and bytes values inside the database; whatever else a row claims to be is refused.

    Rows never name files: a planted name could otherwise make the cache read or delete any file.
    """

    def put(self, key: object) -> tuple[Any, bool]:
        """The key as stored. Raises TypeError for anything but text, which would be pickled."""
        if type(key) is not str:
            raise TypeError(f"keys of the store are request ids, not {type(key).__name__}")
        return key, True

    def get(self, key: object, raw: bool) -> str:
        """The key as read. Raises StoreDamaged for a pickled one."""
        if not raw or type(key) is not str:
            raise _damaged(self._directory, "a key that claims to be a pickle")
        return key

    def store(self, value: object, read: bool, key: object = None) -> tuple[int, int, None, Any]:
        """The value as stored. Raises TypeError for anything but bytes, which could be pickled."""
        if read or type(value) is not bytes:
            raise TypeError(f"values of the store are bytes, not {type(value).__name__}")
        return len(value), MODE_RAW, None, sqlite3.Binary(value)

    def fetch(self, mode: int, filename: str | None, value: object, read: bool) -> bytes:
        """The value as read. Raises StoreDamaged for any row that this class cannot have written."""
        if reason := _row_fault(mode, filename, value):
            raise _damaged(self._directory, reason)
        return bytes(value)  # type: ignore[call-overload, no-any-return]

    def remove(self, file_path: str) -> None:
        """Nothing: rows of this store have no files, so a name found in one must not be followed."""


class Store:
    """Answers by request id. Safe for several processes and threads; an answer is on disk when `put` returns.

    Behind the folder there may be a store that other machines share: what is not here is looked up there and kept
    here too, and of two answers to one question the one that was there first stands everywhere.
    """

    def __init__(self, place: Path | str | None = None) -> None:
        """Opens (or makes) the store in the folder `place`, by default `default_store_path()`.

        An address (`s3://…`) is that of a shared store behind the default folder. Raises CannotStart if either cannot
        be written, or if the folder is on a network file system.
        """
        self.shared = SharedStore(str(place)) if is_address(place) else None
        self.path = Path(place) if place is not None and self.shared is None else default_store_path()
        if kind := network_file_system(self.path):
            raise CannotStart(
                f"The store of answers at {self.path} is on a network file system ({kind}), where its database breaks. "
                "Set PAMS_CACHE to a folder on a disk of this machine; to share answers between machines give "
                f"`--cache file://{self.path}`, which keeps them there one by one."
            )
        try:
            self._cache: Any = _Cache(
                str(self.path),
                disk=PlainDisk,
                disk_min_file_size=1 << 40,
                sqlite_synchronous=2,  # FULL: an answer that was paid for survives a power cut.
                sqlite_mmap_size=0,  # Mapped pages and a large page cache would grow with the store.
                sqlite_cache_size=512,
                eviction_policy="none",
                cull_limit=0,
                size_limit=1 << 60,
                statistics=0,
                tag_index=0,
            )
        except (OSError, sqlite3.Error, diskcache.Timeout) as error:
            raise CannotStart(
                f"The store of answers at {self.path} cannot be opened ({error}). "
                "Make the folder writable, with some space left, or set PAMS_CACHE to another one; "
                "then repeat the same command."
            ) from error

    def get(self, request_id: str) -> bytes | None:
        """The body stored under `request_id`, or None. Raises StoreDamaged for a planted row."""
        kept = self.find(request_id)
        return kept.body if kept is not None else None

    def find(self, request_id: str) -> Kept | None:
        """What is stored under `request_id` and where it came from, or None. Raises StoreDamaged for a planted row."""
        with self._readable():
            body, origin = self._cache.get(request_id, tag=True)
        if body is not None:
            return Kept(body, origin if isinstance(origin, str) else None)
        if self.shared is None or (found := self.shared.find(request_id)) is None:
            return None
        self._keep([(request_id, found)])
        return found

    def put(self, request_id: str, body: bytes, origin: str | None = None) -> None:
        """Keeps a completion body (JSON bytes). Raises OutputUnwritable if the disk is full or read-only."""
        self.put_many([(request_id, body)], origin)

    def put_many(
        self,
        answers: Iterable[tuple[str, bytes]],
        origin: str | None = None,
        *,
        replacing: Collection[str] = (),
    ) -> None:
        """Keeps several bodies, all or none here, with one flush to disk. `origin`: who gave them all.

        `replacing`: request ids whose answer in a shared store gave no value, and gives way.
        """
        bodies = list(answers)
        kept = [(request_id, Kept(body, origin)) for request_id, body in bodies]
        try:
            standing = self.shared.put_many(bodies, origin, replacing=replacing) if self.shared is not None else kept
        except OutputUnwritable:
            self._keep(kept)  # they were paid for
            raise
        self._keep(standing)

    def _keep(self, answers: Iterable[tuple[str, Kept]]) -> None:
        """Keeps answers in the folder."""
        try:
            with self._cache.transact():  # No `retry`: it would spin for ever on a read-only disk.
                for request_id, kept in answers:
                    self._cache.set(request_id, kept.body, tag=kept.origin)
        except (OSError, sqlite3.Error, diskcache.Timeout) as error:
            raise OutputUnwritable(
                f"An answer could not be kept in {self.path} ({error}). Everything kept before is intact: "
                "free some space there, or set PAMS_CACHE to another folder, and repeat the same command."
            ) from error

    def each(self) -> Iterator[tuple[str, Kept]]:
        """All answers in the folder that hold, in the order in which they came."""
        with closing(self._connect()) as database:
            for number, *row in database.execute("SELECT rowid, key, raw, mode, filename, value, tag FROM Cache"):
                if _check(number, *row[:5]) is None:
                    yield row[0], Kept(bytes(row[4]), row[5] if isinstance(row[5], str) else None)

    def __contains__(self, request_id: str) -> bool:
        """True if an answer to `request_id` is kept."""
        return self.find(request_id) is not None

    def stats(self) -> StoreStats:
        """Count and size on disk."""
        with closing(self._connect()) as database:
            answers = int(database.execute("SELECT count(*) FROM Cache").fetchone()[0])
        size = sum(file.stat().st_size for file in self.path.glob("cache.db*"))
        return StoreStats(self.path, answers, size)

    def verify(self) -> list[BadRow]:
        """Every row that is not a plain completion under a request id; nothing is unpickled to find out."""
        with closing(self._connect()) as database:
            rows = database.execute("SELECT rowid, key, raw, mode, filename, value FROM Cache ORDER BY rowid")
            return [bad for row in rows if (bad := _check(*row))]

    def prune(self, *, older_than: float | None = None, bad: bool = False) -> int:
        """Removes answers stored more than `older_than` seconds ago, and with `bad` the rows that `verify` refuses.

        Returns how many rows went. Nothing else ever removes an answer.
        """
        rows = [(row.row,) for row in self.verify()] if bad else []
        with closing(self._connect()) as database, database:
            removed = sum(database.execute("DELETE FROM Cache WHERE rowid = ?", row).rowcount for row in rows)
            if older_than is not None:
                limit = time.time() - older_than
                removed += database.execute("DELETE FROM Cache WHERE store_time < ?", (limit,)).rowcount
        return removed

    def close(self) -> None:
        """Closes this thread's connection."""
        self._cache.close()

    @contextmanager
    def _readable(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise _damaged(str(self.path), str(error)) from error

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(self.path / "cache.db", timeout=60)


def default_store_path() -> Path:
    """Where answers are kept: `PAMS_CACHE`, or the user's cache folder."""
    if given := os.environ.get("PAMS_CACHE"):
        if is_address(given):
            raise CannotStart(f"PAMS_CACHE={given}: is a folder on this machine; give a shared store with --cache")
        return Path(given).expanduser()
    return Path(platformdirs.user_cache_dir(APPLICATION)) / "answers"


def _row_fault(mode: int, filename: str | None, value: object) -> str | None:
    if filename is not None:
        return "a row that points to a file"
    if mode != MODE_RAW or not isinstance(value, bytes):
        return "a row that claims to be a pickle" if mode == diskcache.core.MODE_PICKLE else "a row of another kind"
    return None


def _check(row: int, key: object, raw: int, mode: int, filename: str | None, value: object) -> BadRow | None:
    name = key if isinstance(key, str) else "(unreadable)"
    if not raw or not isinstance(key, str):
        return BadRow(row, name, "a key that claims to be a pickle")
    if reason := _row_fault(mode, filename, value):
        return BadRow(row, name, reason)
    fault = answer_fault(value)  # type: ignore[arg-type]
    return BadRow(row, name, fault) if fault else None


def _damaged(path: str, reason: str) -> StoreDamaged:
    return StoreDamaged(
        f"The store of answers at {path} holds {reason}, which pams never writes and does not read "
        "(such a row can run code). Type `pams cache verify` to list such rows and `pams cache prune --bad` "
        "to remove them, or set PAMS_CACHE to another folder."
    )
