"""What all tests share: no connection leaves the machine, nothing of the user's is touched, one draft of the seeds."""

from __future__ import annotations

import importlib.util
import ipaddress
import json
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

from eval.trials.two_nodes import Nodes, two_nodes

# The tests of the cluster run where its extra is installed (`make ray`); the header of the report says if they do not.
RAY = importlib.util.find_spec("ray") is not None
collect_ignore = [] if RAY else ["test_cluster.py", "test_cluster_faults.py"]


def pytest_report_header() -> str | None:
    return None if RAY else "not run: tests/test_cluster*.py, since ray is not installed (`make ray`)"


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


@pytest.fixture
def forked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers are forked and have what a test patched, even where another test's thread still runs in this process."""
    monkeypatch.setattr("pipeline.workers._alone", lambda: True)


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
    from pipeline.run import run
    from pipeline.settings import Settings

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


@pytest.fixture(scope="session")
def nodes() -> Iterator[Nodes]:
    """A cluster of two nodes: they take longer to start than most tests to run."""
    with two_nodes() as started:
        yield started
