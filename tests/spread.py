"""How processes share the tests (`pytest -n 2`): a file stays with one of them, and what takes longest comes first."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

LONGEST = (
    "cluster", "test_review_people", "test_long_text", "test_hostile", "test_regression", "test_every_command",
    "test_chaos", "test_model_process", "test_sources", "test_growth", "test_export", "test_unreadable",
    "test_folder", "test_outline_any", "test_workers", "test_review", "test_readers_broken", "test_ask",
    "test_export_memory", "test_model_weights", "test_library", "test_ocr", "test_cassettes", "test_places",
    "test_windows", "test_cli", "test_review_finish", "test_readers", "test_formats", "test_model_hostile",
    "test_services",
)  # fmt: skip
"""Files and folders of tests that take more than five seconds, the longest first; what is left then is short."""
TOGETHER = ("tests/cluster",)
"""Folders whose tests share what is too costly to begin twice."""


def place_of(nodeid: str) -> str:
    """What stays with one process: the file of a test, or its folder."""
    file = nodeid.partition("::")[0]
    return next((folder for folder in TOGETHER if file.startswith(f"{folder}/")), file)


def rank(nodeid: str) -> int:
    """By which the longest come first, and the others stay in their order."""
    name = PurePosixPath(place_of(nodeid)).stem
    return LONGEST.index(name) if name in LONGEST else len(LONGEST)


class Spread(LoadScopeScheduling):
    """Hands out whole files in the order in which they were collected."""

    def __init__(self, config: pytest.Config, log: Any) -> None:
        super().__init__(config, log)
        config.option.loadscopereorder = False

    def _split_scope(self, nodeid: str) -> str:
        return place_of(nodeid)
