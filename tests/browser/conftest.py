"""Browser tests are a target of their own: collected only when this folder is named on the command line."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))  # the synthetic documents are shared with the tests one level up


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Ignores the folder unless an argument of the call points at it or into it."""
    base = config.invocation_params.dir
    named = [(base / str(a).split("::")[0]).resolve() for a in config.invocation_params.args]
    return None if any(p == HERE or HERE in p.parents for p in named) else True
