"""What was reviewed teaches: `pams learn` at work in a process of its own, and what it found before and after."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

from pipeline.folder import WEIGHTS
from pipeline.switch import put
from schemas.errors import UsageError

_PAMS = [sys.executable, "-c", "from pipeline.cli import main; main()"]


class Teacher:
    """One lesson at a time, from the corrections of one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._told: dict[str, Any] = {"state": "idle"}
        self._room: tempfile.TemporaryDirectory[str] | None = None

    def told(self) -> dict[str, Any]:
        """How far it is: `idle`, `running`, `done` with what was found, `failed` with why.

        `after` is empty where only one document was reviewed; `moved`: what went towards the documents, by part.
        `used`: the next run into the folder uses weights that were learned here.
        """
        return {**self._told, "used": (self._folder / WEIGHTS).is_file()}

    def begin(self) -> dict[str, Any]:
        """Begins to learn; one that is at work already goes on."""
        with self._lock:
            if self._told["state"] != "running":
                self._room = tempfile.TemporaryDirectory(prefix="pams-learn-")
                self._told = {"state": "running"}
                threading.Thread(target=self._learn, args=(Path(self._room.name) / WEIGHTS,), daemon=True).start()
        return self.told()

    def use(self, wanted: bool) -> dict[str, Any]:
        """Puts the weights into the folder, for the next `pams extract` into it, or takes them away again."""
        made = Path(self._room.name) / WEIGHTS if self._room is not None else None
        if not wanted:
            (self._folder / WEIGHTS).unlink(missing_ok=True)
        elif made is None or not made.is_file():
            raise UsageError("nothing has been learned yet")
        else:
            put(self._folder / WEIGHTS, [made.read_bytes()])
        return self.told()

    def _learn(self, out: Path) -> None:
        words = ["learn", "--from", str(self._folder), "--out", str(out), "--json"]
        try:
            done = subprocess.run([*_PAMS, *words], capture_output=True, text=True, check=False)  # noqa: S603 - pams itself
            said = json.loads(done.stdout or "{}")
        except (OSError, ValueError) as problem:
            self._told = {"state": "failed", "error": str(problem)}
            return
        if done.returncode:
            error = said.get("error", {}).get("message") or done.stderr.strip() or "it ended without a word"
            self._told = {"state": "failed", "error": error}
            return
        own = [line for line in said["cross_validated"] if line["part"] == "own"]
        before = [line for line in said.get("before", []) if line["part"] == "own"]
        moved = [part for part, strength in said["moved"].items() if strength]
        facts = {"decisions": said["decisions"], "left_out": said["left_out_of_results"], "moved": moved}
        self._told = {"state": "done", "before": before, "after": own, **facts}
