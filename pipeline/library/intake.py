"""Documents dropped on the page: kept in a folder, and extracted into results beside them by the same run as ever.

FOLDER/documents    the files as they came
FOLDER/results      a run's folder like any other, for `pams review`, `pams export` and all the rest
"""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Callable
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

from pipeline.event import Event
from pipeline.read.sources import is_document
from pipeline.run import run
from pipeline.session import resolve_endpoint
from pipeline.settings import Settings
from pipeline.write import POLICIES, check_writable, portable, read_documents
from schemas.errors import InputError, InternalError, OutputUnwritable, PamsError, UsageError
from schemas.records import DocumentRow

MOST = 100_000_000
"""Bytes of one file; a zip may hold many documents."""
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]+')
"""In names of files, on one system or another."""
_LONGEST = 180
"""Bytes of a name, so that one with a number, and the text's with its hash, fit everywhere."""


class Intake:
    """Takes files, and runs over all that were taken. One run at a time; what comes meanwhile is done by the next."""

    def __init__(self, room: Path, settings: Settings, done: Callable[[Path], object]) -> None:
        """`done` is told the folder of results after each run. Raises `UsageError`, `CannotStart` for the settings."""
        if room.exists() and not room.is_dir():
            raise UsageError(f"{room}: is no folder; name another one with --drop")
        self.settings = resolve_endpoint(settings)
        self.documents, self.results = room / "documents", room / "results"
        self._done = done
        self._lock = threading.Lock()
        self._running = self._again = False
        self._event: Event | None = None
        self._taken: dict[str, str | None] = {}
        """Files of this session: their names, and why one failed."""
        self._problem: str | None = None
        if (self.results / POLICIES).exists():
            done(self.results)

    def name_for(self, told: str) -> str:
        """A file's name as it is kept: without folders, and allowed on every system. Raises `InputError`."""
        last = PureWindowsPath(PurePosixPath(told).name).name
        name = portable(_FORBIDDEN.sub("_", last).strip(". "))
        if not is_document(PurePosixPath(name)) and not name.lower().endswith(".zip"):
            raise InputError(f"{last}: is of no known format; save it as PDF or DOCX")
        stem, suffix = PurePosixPath(name).stem, PurePosixPath(name).suffix
        return stem.encode()[:_LONGEST].decode(errors="ignore") + suffix

    def keep(self, told: str, raw: bytes) -> str:
        """Keeps a file, and tells its name: one of the same name with other words has a number; the same is kept once.

        Raises `InputError`, `OutputUnwritable`.
        """
        name = self.name_for(told)
        check_writable(self.documents)
        sha256 = hashlib.sha256(raw).digest()
        stem, suffix = PurePosixPath(name).stem, PurePosixPath(name).suffix
        with self._lock:
            for number in range(1, 10_000):
                path = self.documents / (name if number == 1 else f"{stem} ({number}){suffix}")
                if not path.exists():
                    self._write(path, raw)
                elif hashlib.sha256(path.read_bytes()).digest() != sha256:
                    continue
                self._taken[path.name] = None
                return path.name
        raise InputError(f"{name}: ten thousand files have this name; give it another one")

    def begin(self) -> None:
        """Extracts all that is kept; while a run goes on, another one follows it."""
        with self._lock:
            self._again = self._running
            if self._running:
                return
            self._running, self._problem, self._event = True, None, None
        threading.Thread(target=self._work, daemon=True).start()

    def state(self) -> dict[str, Any]:
        """How far it is, what failed and why, for the page."""
        event = self._event
        return {
            "running": self._running,
            "done": event.done if event is not None else 0,
            "total": event.total if event is not None else 0,
            "document": event.row.document if event is not None and event.row is not None else None,
            "taken": len(self._taken),
            "failed": {name: why for name, why in self._taken.items() if why is not None},
            "problem": self._problem,
            "endpoint": self.settings.endpoint,
        }

    def _work(self) -> None:
        going = True
        while going:
            try:
                run([self.documents], self.results, self.settings, on_event=self._hear)
                for row in read_documents(self.results).values():  # what failed before is not tried again, but told
                    self._note(row)
                self._done(self.results)
            except PamsError as problem:
                self._problem = str(problem)
            except Exception as problem:  # noqa: BLE001 - the page is told, and goes on
                self._problem = str(InternalError(f"a fault of pams ({type(problem).__name__}: {problem})"))
            with self._lock:
                going = self._running = self._again
                self._again = False

    def _hear(self, event: Event) -> None:
        self._event = event
        if event.row is not None:
            self._note(event.row)

    def _note(self, row: DocumentRow) -> None:
        """What failed: of a zip, the documents in it."""
        if row.document.partition("/")[0] in self._taken:
            self._taken[row.document] = row.error.message if row.error is not None else None

    @staticmethod
    def _write(path: Path, raw: bytes) -> None:
        partial = path.with_name(f".{path.name}.partial")
        try:
            partial.write_bytes(raw)
            partial.replace(path)
        except OSError as problem:
            raise OutputUnwritable(f"{path}: cannot be written ({problem.strerror}); free some space") from problem
