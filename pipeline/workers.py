"""Worker processes for runs that need no model: rules keep a processor busy, and documents do not know each other."""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor

WORTHWHILE = 400_000
"""Characters (about 1 MB of Korean) from which the workers' start-up pays."""

COLLECT = (20_000, 20, 50)
"""Thresholds of the garbage collector during a run (Python's own: 700, 10, 10)."""


def count(jobs: int, documents: int, characters: int) -> int:
    """How many worker processes a run should have; 1: none besides the run's own."""
    return min(jobs, documents, _cores()) if characters >= WORTHWHILE else 1


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


@contextlib.contextmanager
def calm_collector() -> Iterator[None]:
    """Lets the garbage collector look less often: records are many and small, and hardly any of them form cycles."""
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(*COLLECT)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


@contextlib.contextmanager
def pool(processes: int) -> Iterator[ProcessPoolExecutor | None]:
    """Worker processes, none for 1. What has not begun when the block is left is dropped, what runs is awaited."""
    if processes < 2:
        yield None
        return
    # A forked worker has everything loaded, but a thread's locks must not be copied.
    alone = sys.platform == "linux" and threading.active_count() == 1
    context = multiprocessing.get_context("fork" if alone else "spawn")
    executor = ProcessPoolExecutor(processes, context, initializer=_prepare)
    try:
        yield executor
    finally:
        executor.shutdown(wait=True, cancel_futures=True)


def _prepare() -> None:
    """In a new worker: interrupts are the run's affair."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.freeze()
    gc.set_threshold(*COLLECT)
