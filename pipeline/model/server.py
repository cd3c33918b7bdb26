"""The embedded model: llama.cpp inside this process, serving the weights on a random loopback port.

It is reached over HTTP like any other service, so that ledger, cassettes and limits need not know the difference.
"""

from __future__ import annotations

import asyncio
import importlib
import multiprocessing
import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pipeline.model.dialect import Dialect
from pipeline.model.ledger import Json
from pipeline.model.send import NO_LIVE_CALLS, Service
from schemas.errors import NoModel

CONTEXT = 8192
"""Tokens of prompt and answer together."""
SLOTS = 1
"""Requests at once: on few cores more slots share the same speed, and each would have to fill its own prefix."""
PROMPT_CACHE = 512
"""Megabytes for the states of earlier prompts (some 30 KB a token): a prefix come back to is not read again."""

_REFUSED = 3
"""How a process ends that could not load a file, and lived."""
_SPOKEN = Dialect(bounded=True)
_NOWHERE = "http://127.0.0.1:9/v1"  # The discard port. Cassettes answer before anything is sent there.


class EmbeddedServer:
    """A transport that starts the server at the first request and stops it when closed."""

    def __init__(self, name: str, weights: Callable[[], Path], timeout: float) -> None:
        """`weights` verifies the file and returns its path; it is called once, before loading. `timeout` in seconds."""
        self._name = name
        self._weights = weights
        self._timeout = timeout
        self._starting = asyncio.Lock()
        self._server: Any = None
        self._service: Service | None = None

    @property
    def notes(self) -> tuple[str, ...]:
        """What a person should know of it."""
        return self._service.notes if self._service is not None else ()

    async def send(self, request_id: str, body: Json) -> bytes:
        """One attempt. Raises Unanswered, NoModel, WrongWeights."""
        async with self._starting:
            if self._service is None:
                self._service = await self._start()
        return await self._service.send(request_id, body)

    async def close(self) -> None:
        """Closes the connections and stops the server."""
        service, server, self._service, self._server = self._service, self._server, None, None
        if service is not None:
            await service.close()
        # llama.cpp stops when the object goes; its threads are joined there, so not on the event loop.
        holder = [server]
        del server
        await asyncio.to_thread(holder.clear)

    async def _start(self) -> Service:
        key = secrets.token_hex(16)  # Other users of this machine can reach the port too.
        if os.environ.get(NO_LIVE_CALLS) == "1":
            return Service(_NOWHERE, key, self._timeout, dialect=_SPOKEN)
        path = await asyncio.to_thread(self._weights)
        self._server = await asyncio.to_thread(_serve, path, self._name, key)
        return Service(f"{self._server.listening_address}/v1", key, self._timeout, dialect=_SPOKEN)


def _serve(path: Path, name: str, key: str) -> Any:
    llama: Any = importlib.import_module("xllamacpp")  # Loaded only here, and without types of its own.
    cores = cores_available()
    params = llama.CommonParams()
    params.model.path = str(path)
    params.model_alias = {name}  # Otherwise the answers name the file's path on this machine.
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.api_keys = [key]
    params.n_ctx = CONTEXT
    params.n_parallel = SLOTS
    params.cpuparams.n_threads = cores
    params.cpuparams_batch.n_threads = cores
    params.cache_prompt = True
    params.cache_ram_mib = PROMPT_CACHE
    params.warmup = False
    params.verbosity = 0
    params.ui = False
    if hasattr(params, "no_extra_bufts"):
        params.no_extra_bufts = True  # Loads twice as fast and holds the weights once in memory.
    try:
        return llama.Server(params)
    except Exception as error:
        raise NoModel(
            f"The model file {path} could not be loaded ({error}). Check that it is a GGUF file and that a few "
            "gigabytes of memory are free, or use --endpoint draft, which needs no model."
        ) from error


def tried(path: Path) -> Path:
    """`path`, once another process has loaded it: a crafted file can end the process that does.

    Raises `NoModel`.
    """
    trial = multiprocessing.get_context("spawn").Process(target=_try_to_load, args=(path,), daemon=True)
    trial.start()
    trial.join()
    if trial.exitcode != 0:
        how = f" (what loaded it ended with {trial.exitcode})" if trial.exitcode != _REFUSED else ""
        raise NoModel(
            f"The model file {path} could not be loaded{how}. Check that it is a sound GGUF file and that a few "
            "gigabytes of memory are free, or use --endpoint draft, which needs no model."
        )
    return path


def _try_to_load(path: Path) -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
    os.environ["GGML_NO_BACKTRACE"] = "1"
    try:
        _serve(path, "trial", "trial")
    except NoModel:
        os._exit(_REFUSED)
    os._exit(0)


def cores_available() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
