"""pams: policy briefs in, grounded policies, measures and targets out.

    read → outline → split → draft → ask → ground → merge → write

The steps are independent modules that share only `schemas`; `run` calls them in order. Beside them stand two
rooms: `normalise` (spans to values) and `model` (the one way to talk to a model).
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipeline.settings import Settings
    from pipeline.steps import Extraction, extract, extract_document

__all__ = ["Extraction", "Settings", "extract", "extract_document"]


def __getattr__(name: str) -> Any:
    """Public names are loaded on first use, so that `pams --help` does not load a model client."""
    if name in __all__:
        room = "pipeline.settings" if name == "Settings" else "pipeline.steps"
        return getattr(importlib.import_module(room), name)
    raise AttributeError(f"module 'pipeline' has no attribute {name!r}")
