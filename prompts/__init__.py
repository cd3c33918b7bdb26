"""Prompt sets: a folder each, with a TOML head, Jinja2 templates and examples of its own.

A set's identity is the hash of all of it.
"""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent


def available() -> list[str]:
    """Names of the prompt sets that come with the project."""
    return sorted(p.parent.name for p in FOLDER.glob("*/prompt.toml"))
