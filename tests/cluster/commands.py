"""How the tests of a cluster give a command."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path


def pams(command: list[str], store: Path) -> subprocess.CompletedProcess[str]:
    """A command that has ended, with a store of its own."""
    environment = {**os.environ, "PAMS_CACHE": str(store)}
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=150)
