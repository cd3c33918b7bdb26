"""What all tests share: no connection leaves the machine, nothing of the user's is touched, one draft of the seeds."""

from __future__ import annotations

import importlib.util
import ipaddress
import json
import os
import shutil
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from completions import completion
from spread import Spread, rank

from pipeline.model.parse import load_reader
from pipeline.run import run
from pipeline.settings import Settings
from pipeline.steps import extract_document
from schemas.answer import Answer
from schemas.document import Document

# Tests start pams hundreds of times: it is compiled once (half a second a start), whatever the environment says.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# The tests of the cluster run where its extra is installed (`make ray`); the header of the report says if they do not.
RAY = importlib.util.find_spec("ray") is not None
collect_ignore = [] if RAY else ["cluster"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest comes first."""
    items.sort(key=lambda item: rank(item.nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Spread | None:
    """Whole files to a process, unless something else is asked for."""
    return Spread(config, log) if config.getoption("dist") == "load" else None


def pytest_report_header() -> str | None:
    return None if RAY else "not run: tests/cluster, since ray is not installed (`make ray`)"


SEEDS = Path(__file__).resolve().parent.parent / "seeds"


class LeavesTheMachine(AssertionError):
    """A test tried to connect to another machine."""


def is_local(address: object) -> bool:
    """Whether a socket address stays on this machine: a path (AF_UNIX) or a loopback address."""
    if not isinstance(address, tuple):
        return True
    host = str(address[0]).split("%")[0]
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@pytest.fixture(autouse=True)
def outside(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[object]]:
    """Connections to other machines fail, and so does the test, even where the code caught the error."""
    seen: list[object] = []

    def guarded(name: str) -> Callable[[socket.socket, Any], Any]:
        really = getattr(socket.socket, name)

        def connect(self: socket.socket, address: Any) -> Any:
            if not is_local(address):
                seen.append(address)
                raise LeavesTheMachine(f"a connection to {address} leaves the machine")
            return really(self, address)

        return connect

    for name in ("connect", "connect_ex"):
        monkeypatch.setattr(socket.socket, name, guarded(name))
    yield seen
    if seen:
        raise LeavesTheMachine(f"connections that leave the machine: {seen}")


@pytest.fixture(autouse=True)
def own_room(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A store and a models folder of the test's own, no key, and live calls allowed (the guard is elsewhere)."""
    room = tmp_path_factory.mktemp("room")
    monkeypatch.setenv("PAMS_CACHE", str(room / "store"))
    monkeypatch.setenv("PAMS_MODELS", str(room / "models"))
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "PAMS_NO_LIVE_CALLS"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session", autouse=True)
def forked() -> Iterator[None]:
    """Workers are forked, as those of a command are: they have what is loaded here, and what a test has patched.

    Where a thread runs, as a test's own service does, a run would spawn them, and each would take two seconds to load
    everything anew. A service's thread waits for requests while they are forked. `spawned` is the other way.
    """
    load_reader(Answer)
    extract_document(Document(name="any", text="한빛시, '골목 숲 조성 계획' 발표", sha256=""), Settings())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pipeline.workers._alone", lambda: sys.platform == "linux")
        yield


@pytest.fixture
def spawned(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers are spawned, as where threads run and on other systems: they have nothing but what they are sent."""
    monkeypatch.setattr("pipeline.workers._alone", lambda: False)


@pytest.fixture(scope="session")
def seeds() -> Path:
    """The folder of the four source documents."""
    return SEEDS


@dataclass(frozen=True)
class SeedRun:
    """A finished draft run over the seeds."""

    folder: Path
    policies: list[dict[str, Any]]
    texts: dict[str, str]
    """By document name: the file decoded here and not by the code under test."""

    def of(self, start: str) -> list[dict[str, Any]]:
        """The policies of the document whose name starts like this."""
        return [p for p in self.policies if p["document"].startswith(start)]

    def line(self, policy: dict[str, Any], span: dict[str, Any]) -> int:
        """The line (from 1) on which a span starts."""
        return self.texts[policy["document"]].count("\n", 0, span["start"]) + 1


@pytest.fixture(scope="session")
def seed_run(seeds: Path, tmp_path_factory: pytest.TempPathFactory) -> SeedRun:
    """The four seeds through everything but a model, once per worker."""
    folder = tmp_path_factory.mktemp("seed_run")
    run([seeds], folder, Settings(endpoint="draft"))
    lines = (folder / "policies.jsonl").read_bytes().decode("utf-8").splitlines()
    texts = {p.name: p.read_bytes().decode("utf-8-sig").replace("\r\n", "\n") for p in sorted(seeds.glob("*.txt"))}
    return SeedRun(folder, [json.loads(line) for line in lines], texts)


@dataclass
class ScriptedService:
    """A chat-completions service on loopback: answers from a script, or by what it is asked."""

    answer: Callable[[dict[str, Any]], str | tuple[int, dict[str, Any]]]
    """From a request's body to the answer's text, or to a status and a body."""
    requests: list[dict[str, Any]] = field(default_factory=list)
    url: str = ""

    def respond(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """Status and body for one request."""
        said = self.answer(body)
        return said if isinstance(said, tuple) else (200, completion(said))


class QuietServer(ThreadingHTTPServer):
    """Says nothing where a client went away before its answer."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


@pytest.fixture
def serve() -> Iterator[Callable[..., ScriptedService]]:
    """Starts loopback services: `serve("first answer", "second answer")` or `serve(lambda body: …)`."""
    servers: list[ThreadingHTTPServer] = []

    def start(*script: Any) -> ScriptedService:
        left = list(script)
        lock = threading.Lock()

        def next_of_script(body: dict[str, Any]) -> Any:
            with lock:
                return left.pop(0) if len(left) > 1 else left[0]

        service = ScriptedService(script[0] if callable(script[0]) else next_of_script)

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                service.requests.append(body)
                status, answer = service.respond(body)
                raw = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw)

            def log_message(self, *_: object) -> None:
                pass

        server = QuietServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        servers.append(server)
        service.url = f"http://127.0.0.1:{server.server_port}/v1"
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        return service

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def some_seeds(seeds: Path, tmp_path: Path) -> Path:
    """A folder of one's own with the two shortest seeds."""
    folder = tmp_path / "some_seeds"
    folder.mkdir()
    for path in sorted(seeds.glob("00[03]_*.txt")):
        shutil.copy(path, folder)
    return folder
