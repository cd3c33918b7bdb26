"""A folder with one brief, extracted."""

from __future__ import annotations

from pathlib import Path

from pipeline.run import run
from pipeline.settings import Settings


def extracted(folder: Path, text: str) -> Path:
    """The results of one document, `brief.txt`, made in `folder`."""
    (folder / "docs").mkdir()
    (folder / "docs" / "brief.txt").write_text(text, encoding="utf-8")
    run([folder / "docs"], folder / "out", Settings())
    return folder / "out"
