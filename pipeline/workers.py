"""Worker processes: each is a desk of its own, so that documents are parsed on one core while another one calls.

No document is parsed in the run's own process: one that takes too long can be ended only in a process of its own.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from multiprocessing.connection import Connection
from typing import Any

from pipeline.desk import Asking, Desk, Finished, load
from pipeline.jobs import Job
from pipeline.settings import Settings
from schemas.errors import PamsError, TookTooLong, WorkerDied

WORTHWHILE = 200_000
"""Bytes of documents from which the start-up of several workers pays."""

WORTHWHILE_BY_MEANING = 10_000
"""The same where vectors of sentences are looked at: so much takes them two seconds, and start-up a third of one."""

GRACE = 2.0
"""Seconds that a document may still take once the run is being stopped: parsing is free to repeat, calls are not."""

FORGET_ALL = b"all"
"""What is sent to a worker when nothing that lies open with it will go on."""

COLLECT = (20_000, 20, 50)
"""Thresholds of the garbage collector during a run (Python's own: 700, 10, 10)."""

TIDY_EVERY = 250
"""Documents between two full collections."""


def count(jobs: int, documents: int, size: int, *, by_meaning: bool = False) -> int:
    """How many worker processes a run over `size` bytes should have; `by_meaning`: it looks at vectors of sentences."""
    worthwhile = WORTHWHILE_BY_MEANING if by_meaning else WORTHWHILE
    return min(jobs, documents, _cores()) if size >= worthwhile else 1


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def _alone() -> bool:
    """Whether this process may be forked: a fork has everything loaded, but would copy the locks of other threads."""
    return sys.platform == "linux" and threading.active_count() == 1


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


def tidy(documents: int) -> None:
    """Now and then what the calm collector would leave for hours: cycles of tasks and tracebacks."""
    if documents % TIDY_EVERY == 0:
        gc.collect()


class Crew:
    """Desks, one in each worker process. A document comes back to the desk where it lies open."""

    def __init__(self, processes: int, settings: Settings, *, fork: bool = True) -> None:
        """Starts the processes: before any thread, connection or event loop that they must not inherit.

        `fork` False: this process is not ours alone, and threads that Python does not know may run in it.
        """
        alone = fork and _alone()
        method = "fork" if alone else "spawn"
        if alone:
            load(settings, several=processes > 1)
        self._workers = [_Worker(settings, method) for _ in range(processes)]
        self._home: dict[str, _Worker] = {}

    @property
    def size(self) -> int:
        """Documents that can be worked on at once."""
        return len(self._workers) or 1

    async def do(self, job: Job) -> Finished | Asking:
        """As far as a document comes. Raises `CannotStart`, `TookTooLong`, `WorkerDied` if it ends two processes."""
        worker = self._home.get(job.name) or min(self._workers, key=lambda w: w.load)
        self._home[job.name] = worker
        result = await worker.do(job)
        if isinstance(result, Finished):
            del self._home[job.name]
        return result

    def forget(self, job: Job) -> None:
        """Lets go of a document that will not go on."""
        worker = self._home.pop(job.name, None)
        if worker is not None:
            worker.forget(job.name)

    def hurry(self, problem: PamsError) -> None:
        """From now on no document takes longer than `GRACE`: its process is ended, and `problem` raised for it."""
        for worker in self._workers:
            worker.hurry(problem)

    def rest(self) -> None:
        """Between two runs: nothing stays of the event loop that has ended, and no document open."""
        self._home.clear()
        for worker in self._workers:
            worker.rest()

    def close(self) -> None:
        """Ends the processes; what runs in them is dropped."""
        for worker in self._workers:
            worker.close()


def crew_for(jobs: Sequence[Job], settings: Settings) -> Crew:
    """As many processes as pay for these documents."""
    size = sum(job.size for job in jobs)
    return Crew(count(settings.jobs, len(jobs), size, by_meaning=settings.by_meaning), settings)


class _Worker:
    """One process, one document at a time."""

    def __init__(self, settings: Settings, method: str) -> None:
        self._settings = settings
        self._turn = asyncio.Lock()
        self._reply: asyncio.Future[Any] | None = None
        self._stopping: PamsError | None = None
        self.load = 0
        """Bytes of the documents that wait for this worker or are with it, and one for each."""
        self._start(method)

    def _start(self, method: str) -> None:
        context: Any = multiprocessing.get_context(method)
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, self._settings, os.getpid()), daemon=True)
        self._process.start()
        theirs.close()
        self._watched = self._ended = False

    async def do(self, job: Job) -> Finished | Asking:
        weight = job.size + 1
        self.load += weight
        try:
            async with self._turn:
                if self._ended:
                    await self._restart()
                try:
                    return await self._once(job)
                except (EOFError, OSError):
                    await self._restart()
                try:
                    return await self._once(job)
                except (EOFError, OSError):
                    await self._restart()
                    raise WorkerDied(
                        f"{job.name}: the process that read it ended twice, perhaps for want of memory; split the "
                        "document"
                    ) from None
        finally:
            self.load -= weight

    def forget(self, name: str) -> None:
        with contextlib.suppress(OSError):
            self._pipe.send(name)

    def hurry(self, problem: PamsError) -> None:
        self._stopping = problem
        if self._reply is not None and not self._reply.done():
            asyncio.get_running_loop().call_later(GRACE, self._end, self._reply, problem)

    def rest(self) -> None:
        idle = self._reply is None or (self._reply.done() and not self._reply.cancelled())
        self._turn, self._reply, self._stopping, self.load = asyncio.Lock(), None, None, 0
        self._watched = False  # its loop is closed
        if idle and not self._ended:
            self._pipe.send(FORGET_ALL)
        else:  # it is at a document that nobody waits for
            self._process.kill()
            self._ended = True

    def close(self) -> None:
        self._unwatch()
        self._pipe.close()
        self._process.kill()  # it holds nothing that must be put away, and may be deep in a pattern
        self._process.join(5)

    async def _once(self, job: Job) -> Finished | Asking:
        reply = self._send(job)
        reading = self._settings.ocr_seconds if self._settings.ocr else 0.0
        seconds = GRACE if self._stopping is not None else self._settings.document_timeout + reading
        problem = self._stopping or TookTooLong(
            f"{job.name}: took more than {seconds:g} s and was given up; split the document, or allow more with "
            "--document-timeout and --retry-failed"
        )
        clock = asyncio.get_running_loop().call_later(seconds, self._end, reply, problem)
        try:
            result = await reply
        finally:
            clock.cancel()
        if isinstance(result, BaseException):
            raise result
        return result  # type: ignore[no-any-return]

    def _send(self, job: Job | None) -> asyncio.Future[Any]:
        """Hands a job to the process; None asks whether it is there. What comes back for it."""
        loop = asyncio.get_running_loop()
        if not self._watched:
            loop.add_reader(self._pipe.fileno(), self._receive)
            self._watched = True
        self._reply = loop.create_future()
        self._pipe.send(job)
        return self._reply

    def _end(self, reply: asyncio.Future[Any], problem: PamsError) -> None:
        """Ends the process over the document that it is at, unless that is done by now."""
        if not reply.done():
            self._unwatch()
            self._process.kill()
            self._ended = True
            reply.set_result(problem)

    def _receive(self) -> None:
        try:
            result: Any = self._pipe.recv()
        except (EOFError, OSError) as gone:
            self._unwatch()
            result = EOFError(str(gone))
        if self._reply is not None and not self._reply.done():
            self._reply.set_result(result)

    def _unwatch(self) -> None:
        if self._watched:
            with contextlib.suppress(RuntimeError):
                asyncio.get_running_loop().remove_reader(self._pipe.fileno())
            self._watched = False

    async def _restart(self) -> None:
        self._unwatch()
        self._pipe.close()
        self._process.kill()
        await asyncio.to_thread(self._process.join, 5)
        self._start("spawn")  # By now there are threads and connections that a fork would copy.
        await self._send(None)  # It loads everything anew, which is not a document's time.


def _outlive_not(parent: int) -> None:
    """Ends this process soon after the run's own, however that one ended (kill -9, a closed terminal)."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)


def _serve(pipe: Connection, settings: Settings, parent: int) -> None:
    """A worker's life: a job comes in, what became of it goes out; a name is a document to forget, None a knock."""
    threading.Thread(target=_outlive_not, args=(parent,), daemon=True).start()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Interrupts are the run's affair.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    gc.freeze()
    gc.set_threshold(*COLLECT)
    desk = Desk(settings)
    desk.warm()
    with asyncio.Runner() as runner, contextlib.suppress(EOFError, OSError):
        while True:
            job = pipe.recv()
            if job == FORGET_ALL:
                desk.forget_all()
                continue
            if isinstance(job, str):
                desk.forget(job)
                continue
            if job is None:
                pipe.send(None)
                continue
            try:
                result: Any = runner.run(desk.do(job))
            except Exception as problem:  # noqa: BLE001 - handed to the run, which decides
                result = problem
            pipe.send(result)
            tidy(desk.done)
