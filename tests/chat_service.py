"""A chat-completions service on loopback that does what a script says, and a model that asks it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Coroutine, Iterable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel

from pipeline.model import Model, Patience, Store, make_model

T = TypeVar("T")


class Fact(BaseModel):
    """What the tests ask for."""

    title: str
    year: int


ASK = [{"role": "user", "content": "제목과 연도는? 2024년 반도체 계획"}]
GOOD = '{"title":"반도체 계획","year":2024}'


def completion(text: str | None = GOOD, *, finish: str = "stop", **message: object) -> dict[str, Any]:
    """A chat completion as services write it."""
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": "test",
        "choices": [
            {"index": 0, "finish_reason": finish, "message": {"role": "assistant", "content": text, **message}}
        ],
        "usage": {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120},
    }


def scores(**logprobs: float) -> dict[str, Any]:
    """A completion of one token with these as its most likely tokens."""
    body = completion("A", finish="length")
    top = [{"token": token, "logprob": value, "bytes": None} for token, value in logprobs.items()]
    body["choices"][0]["logprobs"] = {"content": [{"token": "A", "logprob": -0.1, "top_logprobs": top}]}
    return body


class ChatService:
    """A chat-completions service on loopback. `script` holds what to do with the next requests, then `usual`.

    An entry is a body to answer with, `(status, headers, body)`, or one of `cut`, `hang`, `empty`, `html`;
    bytes, or an iterator of them, are sent as they are, head and all. A function is called with the request's body
    and gives the entry. `heads` keeps the path and the headers of each request; another path than `path` is not found.
    """

    def __init__(
        self,
        *script: Any,
        usual: Any = None,
        delay: float = 0.0,
        host: str = "127.0.0.1",
        path: str | None = None,
        certificate: Path | None = None,
    ) -> None:
        self.script = list(script)
        self.usual = completion() if usual is None else usual
        self.delay = delay
        self.host, self.path, self.certificate = host, path, certificate
        self.heads: list[tuple[str, Any]] = []
        self.requests: list[dict[str, Any]] = []
        self.at_once = self.most_at_once = 0
        self._lock = threading.Lock()
        self._over = threading.Event()

    def __enter__(self) -> ChatService:
        service = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                service.answer(self)

            def do_GET(self) -> None:
                service.answer(self)

            def log_message(self, *_: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            address_family = socket.AF_INET6 if ":" in service.host else socket.AF_INET

            def handle_error(self, request: Any, client_address: Any) -> None:
                """Says nothing where a client did not like the certificate."""

        self.server = Server((self.host, 0), Handler)
        if self.certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(self.certificate)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.server.daemon_threads = True
        host = f"[{self.host}]" if ":" in self.host else self.host
        self.root = f"http{'s' if self.certificate else ''}://{host}:{self.server.server_port}"
        self.url = f"{self.root}/v1"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self.server.shutdown()
        self.server.server_close()

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        raw = handler.rfile.read(int(handler.headers["Content-Length"] or 0))
        body = json.loads(raw) if handler.headers["Content-Type"] == "application/json" else {}
        self.heads.append((handler.path, handler.headers))
        if self.path is not None and handler.path.partition("?")[0] != self.path:
            self.send_json(handler, 404, {}, {"detail": "Not Found"})
            return
        with self._lock:
            self.requests.append(body)
            act = self.script.pop(0) if self.script else self.usual
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        time.sleep(self.delay)
        with self._lock:
            self.at_once -= 1
        act = act(body) if callable(act) else act
        if isinstance(act, bytes | Iterator):
            self._raw(handler, [act] if isinstance(act, bytes) else act)
            return
        status, headers, content = 200, {}, act
        if isinstance(act, tuple):
            status, headers, content = act
        if act == "hang":
            self._over.wait(5)
            handler.close_connection = True
            return
        self.send_json(handler, status, headers, content, cut=act == "cut")

    def send_json(
        self, handler: BaseHTTPRequestHandler, status: int, headers: dict[str, str], content: Any, *, cut: bool = False
    ) -> None:
        raw = {"empty": b"", "html": b"<html>busy</html>", "cut": b'{"choices": ['}.get(
            content if isinstance(content, str) else "", json.dumps(content).encode()
        )
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(raw) + (1000 if cut else 0)))
        handler.end_headers()
        handler.wfile.write(raw)
        if cut:
            handler.wfile.flush()
            handler.connection.shutdown(socket.SHUT_RDWR)
            handler.close_connection = True

    def _raw(self, handler: BaseHTTPRequestHandler, pieces: Iterable[bytes]) -> None:
        handler.close_connection = True
        with contextlib.suppress(OSError):  # The client went away, as it should.
            for piece in pieces:
                if self._over.is_set():
                    break
                handler.wfile.write(piece)
                handler.wfile.flush()


QUICK = Patience(attempts=4, timeout=0.6, first_wait=0.01, longest_wait=0.4)


def model_at(service: ChatService, store: Store, **options: Any) -> Model:
    """A model behind the loopback service."""
    options = {"name": "test", "patience": QUICK, "jobs": 4, "base_url": service.url} | options
    return make_model("openai", api_key="k", store=store, **options)


def asked(model: Model, do: Callable[[Model], Coroutine[Any, Any, T]]) -> T:
    """Runs one coroutine with the model open."""

    async def run() -> T:
        async with model:
            return await do(model)

    return asyncio.run(run())


def fact(model: Model) -> Coroutine[Any, Any, Any]:
    """The question that most tests ask."""
    return model.complete(ASK, Fact, max_tokens=50)
