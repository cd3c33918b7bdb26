"""A chat-completions service on loopback, for load and for faults: real HTTP, answers made from the request itself.

By its seed it answers well, slowly, wrongly or not at all. What an answer says depends on the request's body alone, so
that a run that is repeated is told the same; how the transport fails depends on the attempt too. `GET /stats` tells
what was asked, answered and billed.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import re
import subprocess
import sys
import urllib.request
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SENTINEL = "☃"
"""Stands in every quote that is no quote: it must never reach a result."""
TRANSPORT = ("429", "429-after", "500", "502", "hang", "dropped", "empty-choices", "empty-body")
"""Faults that no answer comes of: the same request is sent again."""
CONTENT = ("length", "prose", "schema", "ids", "altered", "duplicate-keys", "refusal", "huge")
"""Faults that are answers, kept and paid for: asked again with the reason."""
HANG = 3.0
"""Seconds that a hanging request is held before the connection is cut."""
HUGE = 2_000_000

Script = Mapping[str, Sequence[str]]
"""Answers to be given where a marker stands in the question: the first one, after a re-ask the next, then the last."""

_IN_ROWS = b'"PolicyR"'
"""Stands in the schema of a question that wants rows."""
_UNIT = re.compile(r"^\[(\d+)\] ([^|]*)\| (.*)$", re.MULTILINE)
_HEAD = "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n{more}\r\n"
_REASONS = {200: "200 OK", 404: "404 Not Found", 429: "429 Too Many Requests", 500: "500 Error", 502: "502 Bad Gateway"}


@dataclass(frozen=True)
class Nature:
    """What the service is like."""

    seed: int = 1
    faults: float = 0.0
    """Share of requests that meet a fault, 0 to 1; half of them of the transport, half of the content."""
    latency: float = 0.0
    """Seconds before an answer."""


@dataclass
class Tally:
    """What has happened so far."""

    attempts: Counter[str] = field(default_factory=Counter)
    """By request: a hash of its body."""
    answered: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    tokens: int = 0
    """Billed, in and out."""
    most_at_once: int = 0
    connections: int = 0
    """Open now."""

    def as_dict(self) -> dict[str, Any]:
        """For `GET /stats`."""
        return {
            "requests": self.attempts.total(),
            "distinct": len(self.attempts),
            "answered": self.answered.total(),
            "answered_twice": sum(n - 1 for n in self.answered.values()),
            "faults": dict(self.faults),
            "tokens": self.tokens,
            "most_at_once": self.most_at_once,
            "connections": self.connections,
        }


class Service:
    """Answers requests by its nature."""

    def __init__(self, nature: Nature, script: Script | None = None) -> None:
        self.nature = nature
        self.script = script or {}
        self.tally = Tally()
        self._now = 0

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, kept alive as long as the client likes."""
        self.tally.connections += 1
        try:
            while (request := await _read(reader)) is not None:
                self._now += 1
                self.tally.most_at_once = max(self.tally.most_at_once, self._now)
                try:
                    if not await self._respond(*request, writer):
                        break
                finally:
                    self._now -= 1
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the client went away
        finally:
            self.tally.connections -= 1
            writer.close()

    async def _respond(self, method: str, raw: bytes, writer: asyncio.StreamWriter) -> bool:
        """Sends the response; False if the connection is to be cut."""
        if method == "GET":
            await _send(writer, 200, json.dumps(self.tally.as_dict()).encode())
            return True
        key = hashlib.sha256(raw).hexdigest()
        self.tally.attempts[key] += 1
        fault = self._fault(key, self.tally.attempts[key])
        if fault:
            self.tally.faults[fault] += 1
        if self.nature.latency:
            await asyncio.sleep(self.nature.latency)
        if fault in TRANSPORT:
            return await self._fail(fault, writer)
        content = scripted(raw, self.script) or answer(raw, fault)
        await _send(writer, 200, content)
        self.tally.answered[key] += 1
        self.tally.tokens += sum(_usage(raw))
        return True

    def _fault(self, key: str, attempt: int) -> str:
        """The content's fault belongs to the request, the transport's to the attempt."""
        kind = _draw(f"{self.nature.seed}:{key}")
        if kind < self.nature.faults / 2:
            return CONTENT[int(kind / (self.nature.faults / 2) * len(CONTENT))]
        kind = _draw(f"{self.nature.seed}:{key}:{attempt}")
        share = self.nature.faults / 2 / (1 - self.nature.faults / 2)  # of those that the first draw has left
        return TRANSPORT[int(kind / share * len(TRANSPORT))] if kind < share else ""

    async def _fail(self, fault: str, writer: asyncio.StreamWriter) -> bool:
        said = json.dumps({"error": {"message": fault}}).encode()
        if fault == "hang":
            await asyncio.sleep(HANG)
            return False
        if fault == "dropped":
            writer.write(_HEAD.format(status=_REASONS[200], length=5000, more="").encode() + b'{"choices": [')
            await writer.drain()
            return False
        if fault in ("empty-choices", "empty-body"):
            await _send(writer, 200, b'{"choices": []}' if fault == "empty-choices" else b"")
            return True
        more = "Retry-After: 0.2\r\n" if fault == "429-after" else ""
        await _send(writer, int(fault[:3]), said if fault != "502" else b"<html>bad gateway</html>", more)
        return True


def answer(raw: bytes, fault: str = "") -> bytes:
    """The completion for a request, made of the units it shows; `fault`: with what wrong about it."""
    shown = json.loads(raw)["messages"][1]["content"]
    text, finish, refusal = (
        _content(shown, fault, rows=_IN_ROWS in raw),
        "length" if fault == "length" else "stop",
        None,
    )
    if fault == "length":
        text = text[: len(text) // 2]
    if fault == "refusal":
        text, refusal = "", "I cannot help with that."
    return _completion(raw, text, finish, refusal)


def scripted(raw: bytes, script: Script) -> bytes | None:
    """The completion that the script has for a request; None if none of its markers stands there."""
    messages = json.loads(raw)["messages"]
    shown = messages[1]["content"].split("\n", 1)[0]
    said = next((answers for marker, answers in script.items() if marker in shown), None)
    return _completion(raw, said[min((len(messages) - 2) // 2, len(said) - 1)]) if said else None


def _completion(raw: bytes, text: str, finish: str = "stop", refusal: str | None = None) -> bytes:
    prompt, completion = _usage(raw)
    message = {"role": "assistant", "content": text, "refusal": refusal}
    body = {
        "id": "chatcmpl-loopback", "object": "chat.completion", "created": 1, "model": "loopback",
        "choices": [{"index": 0, "finish_reason": finish, "message": message}],
        "usage": {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion},
    }  # fmt: skip
    return json.dumps(body).encode()


def _content(shown: str, fault: str, *, rows: bool) -> str:
    """One policy of the first article with up to ten measures: the marked lines, of which each is its own evidence."""
    shown = "\nArticle ".join(shown.split("\nArticle ")[:2])
    units = [(unit, words) for unit, mark, words in _UNIT.findall(shown) if mark.strip() in ("-", "ㅇ", "○", "•", "")]
    if not units or fault == "prose":
        return "이 글은 정책을 다룹니다." if fault == "prose" else '{"policies":[]}'
    first, words = units[0]
    quote = next((w for w in words.split() if len(w) > 1 and not set("⟨…") & set(w)), words[:2])
    measures: list[dict[str, Any]] = [
        {"at": unit, "instrument": "other", "action_status": "planned"} for unit, _ in units[1:11]
    ]
    policy: dict[str, Any] = {
        "announcement": first, "document_type": "unnamed_action", "status": "adopted",
        "issuers": [{"name": {"u": first, "quote": quote}}], "measures": measures,
    }  # fmt: skip
    if fault == "schema":
        policy["document_type"] = "decree of the moon"
    if fault == "ids":
        measures.append({"at": "987654", "instrument": "other", "action_status": "planned"})
    if fault == "altered":
        policy["title"] = {"u": first, "quote": f"{quote}{SENTINEL}"}
        policy["document_type"] = "plan"
    if fault == "huge":
        policy["objective"] = {"u": first, "quote": SENTINEL * (HUGE // 3)}
    text = json.dumps({"policies": [_in_rows(policy) if rows else policy]}, ensure_ascii=False)
    return text[:-1] + ', "policies": []}' if fault == "duplicate-keys" else text


def _in_rows(policy: Mapping[str, Any]) -> dict[str, Any]:
    """The same policy, and what is wrong about it, as the prompt set `brief` wants it."""
    quoted = {k: _place(policy[k]) for k in ("title", "objective") if k in policy}
    return {
        "announcement": policy["announcement"], "type": policy["document_type"], **quoted,
        "issuers": [_place(issuer["name"]) for issuer in policy["issuers"]],
        "measures": [f"{m['at']}|{m['instrument']}" for m in policy["measures"]],
    }  # fmt: skip


def _place(ref: Mapping[str, str]) -> str:
    return f"{ref['u']}:{ref['quote']}"


def _usage(raw: bytes) -> tuple[int, int]:
    return len(raw) // 4, 200


def _draw(words: str) -> float:
    return int.from_bytes(hashlib.sha256(words.encode()).digest()[:6], "big") / 2**48


async def _read(reader: asyncio.StreamReader) -> tuple[str, bytes] | None:
    """Method and body of the next request; None when the client has closed the connection."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    length = re.search(rb"(?i)content-length: *(\d+)", head)
    body = await reader.readexactly(int(length[1])) if length else b""
    return head.split(b" ", 1)[0].decode(), body


async def _send(writer: asyncio.StreamWriter, status: int, body: bytes, more: str = "") -> None:
    writer.write(_HEAD.format(status=_REASONS[status], length=len(body), more=more).encode() + body)
    await writer.drain()


@contextmanager
def serving(nature: Nature, script: Path | None = None) -> Iterator[str]:
    """The service in a process of its own; gives its address (with `/v1`). `script`: a `Script` as a file of JSON."""
    chosen = ["--seed", str(nature.seed), "--faults", str(nature.faults), "--latency", str(nature.latency)]
    chosen += ["--script", str(script)] if script is not None else []
    with served("eval.trials.loopback", *chosen) as url:
        yield url


@contextmanager
def served(module: str, *chosen: str) -> Iterator[str]:
    """A module that serves and prints its port, in a process of its own; gives its address (with `/v1`)."""
    command = [sys.executable, "-m", module, *chosen]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own code
        try:
            port = (process.stdout.readline() if process.stdout else "").strip()
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            process.kill()


def stats(url: str) -> dict[str, Any]:
    """What the service at `url` has seen so far."""
    with urllib.request.urlopen(url.removesuffix("/v1") + "/stats") as response:  # noqa: S310 - loopback
        return dict(json.load(response))


async def _main(nature: Nature, script: Script) -> None:
    server = await asyncio.start_server(Service(nature, script).connected, "127.0.0.1", 0, limit=1 << 24)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m eval.trials.loopback")
    for name, kind in (("seed", int), ("faults", float), ("latency", float)):
        parser.add_argument(f"--{name}", type=kind, default=getattr(Nature, name))
    parser.add_argument("--script", type=Path)
    options = vars(parser.parse_args())
    told = options.pop("script")
    asyncio.run(_main(Nature(**options), json.loads(told.read_text("utf-8")) if told is not None else {}))
