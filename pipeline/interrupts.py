"""How a run is stopped from outside: Control-C, a termination, or by who shares its limits."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Awaitable, Callable, Iterator
from types import FrameType

from schemas.errors import PamsError

Stop = Callable[[], Awaitable[None]]
"""Returns when the run is to stop; raises the `PamsError` that is the reason, if there is one."""
Handler = Callable[[int, FrameType | None], object] | signal.Handlers


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """Control-C reaches the run's own handler while it works, and nothing while results are put in place."""
    with _handled(signal.SIGINT, signal.SIG_IGN):
        yield


@contextlib.contextmanager
def terminated_as_interrupted() -> Iterator[None]:
    """A termination (a batch system's, say) ends what is done here as Control-C does."""
    with _handled(signal.SIGTERM, signal.default_int_handler):
        yield


@contextlib.contextmanager
def _handled(number: signal.Signals, handler: Handler) -> Iterator[None]:
    """A signal has this handler for a while; outside the main thread nothing is changed."""
    try:
        before = signal.signal(number, handler)
    except ValueError:  # not the main thread: signals are someone else's affair
        yield
        return
    try:
        yield
    finally:
        signal.signal(number, before)


@contextlib.contextmanager
def interruptible(interrupt: Callable[[PamsError | None], None], stop: Stop | None) -> Iterator[None]:
    """Calls `interrupt` for each Control-C or termination, and when `stop` returns. Within a running event loop."""
    loop, taken = asyncio.get_running_loop(), []
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(RuntimeError, ValueError):  # not in a thread other than the main one
            try:
                loop.add_signal_handler(number, interrupt, None)
            except NotImplementedError:  # on Windows
                signal.signal(number, lambda *_: loop.call_soon_threadsafe(interrupt, None))
            taken.append(number)
    watch = asyncio.create_task(_watch(stop, interrupt)) if stop is not None else None
    try:
        yield
    finally:
        if watch is not None:
            watch.cancel()
        for number in taken:
            with contextlib.suppress(NotImplementedError):  # on Windows
                loop.remove_signal_handler(number)
            if number == signal.SIGINT:
                signal.signal(number, signal.SIG_IGN)  # until the results are in place


async def _watch(stop: Stop, interrupt: Callable[[PamsError | None], None]) -> None:
    try:
        await stop()
    except PamsError as why:
        interrupt(why)
    else:
        interrupt(None)
