"""Whether Tesseract is on this machine, and which languages it reads; loads nothing."""

from __future__ import annotations

import functools
import re
import shutil
import subprocess

LANGUAGES = ("kor", "chi_sim", "eng")
"""Tesseract's data for the languages that are read; Debian's packages `tesseract-ocr-kor` and so on."""


@functools.cache
def installed() -> tuple[str, tuple[str, ...]] | None:
    """Tesseract's version and which of `LANGUAGES` it has; None where it is not installed or has none of them."""
    program = shutil.which("tesseract")
    if program is None:
        return None
    try:
        said = [_said(program, option) for option in ("--version", "--list-langs")]
    except (OSError, subprocess.SubprocessError):
        return None
    version = re.search(r"tesseract v?([\w.-]+)", said[0])
    found = tuple(name for name in LANGUAGES if name in said[1].split())
    return (version[1] if version else "?", found) if found else None


def _said(program: str, option: str) -> str:
    done = subprocess.run([program, option], capture_output=True, timeout=20, check=True)  # noqa: S603
    return (done.stdout + done.stderr).decode(errors="replace")
