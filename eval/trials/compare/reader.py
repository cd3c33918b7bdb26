"""A chat-completions service on loopback that finds the goals in any of the prompts, and now and then misquotes one.

What it answers to a question depends on the goal alone, so every tool is told the same: the same fifth of the quotes
has one digit altered. Told that something does not hold (a conversation goes on), it answers right.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

from eval.trials.compare.material import GOAL
from pipeline.model import count_tokens

ALTERED = 0.2
LATENCY = 0.2
_UNIT = re.compile(r"^\[(\d+)\] [^|]*\| (.*)$", re.MULTILINE)
_ACT = re.compile("정부는|人民政府")


def quoted(goal: re.Match[str], *, right: bool) -> str:
    """The number phrase of a goal as it is answered: one in five with its last digit one higher."""
    raw = goal["raw"].strip()
    draw = hashlib.sha256(goal[0].encode()).digest()[0] / 256
    if right or draw >= ALTERED:
        return raw
    return re.sub(r"\d(?=\D)", lambda digit: str((int(digit[0]) + 1) % 10), raw, count=1)


def answer(model: str, messages: list[dict[str, str]]) -> dict[str, Any]:
    """What is answered, in the form that the tool asks for: its name is the model's."""
    asked = next(m["content"] for m in messages if m["role"] == "user")
    right = any(m["role"] == "assistant" for m in messages)
    if model == "langextract":
        shown = asked.rsplit("Q: ", 1)[-1]
        return {
            "extractions": [
                {"goal": quoted(g, right=right), "goal_attributes": {"name": g["name"]}} for g in GOAL.finditer(shown)
            ]
        }
    if model == "pams":
        return _in_units(asked, right=right)
    return {"goals": [{"name": g["name"], "quote": quoted(g, right=right)} for g in GOAL.finditer(asked)]}


def _in_units(asked: str, *, right: bool) -> dict[str, Any]:
    units = _UNIT.findall(asked)
    act = next(unit for unit, words in units if _ACT.search(words))
    goals = ((unit, goal) for unit, words in units if (goal := GOAL.search(words)))
    targets = [f"{unit}:{quoted(goal, right=right)}|{unit}:{goal['name']}" for unit, goal in goals]
    return {"policies": [{"announcement": act, "type": "unnamed_action", "targets": targets}]}


class _Server(ThreadingHTTPServer):
    request_queue_size = 128


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    tally: ClassVar[Counter[str]] = Counter()
    lock = threading.Lock()

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        time.sleep(LATENCY)
        said = json.dumps(answer(asked["model"], asked["messages"]), ensure_ascii=False, separators=(",", ":"))
        schema = json.dumps(asked.get("response_format"))
        taken = sum(count_tokens(m["content"]) for m in asked["messages"]) + count_tokens(schema)
        usage = {"prompt_tokens": taken, "completion_tokens": count_tokens(said)}
        with self.lock:
            self.tally.update(calls=1, taken=taken, given=usage["completion_tokens"])
        message = {"role": "assistant", "content": said, "refusal": None}
        self._send(
            {
                "id": "r", "object": "chat.completion", "created": 1, "model": asked["model"],
                "choices": [{"index": 0, "finish_reason": "stop", "message": message}],
                "usage": usage | {"total_tokens": sum(usage.values())},
            }
        )  # fmt: skip

    def do_GET(self) -> None:
        """What was asked since the last time."""
        with self.lock:
            told = dict(self.tally)
            self.tally.clear()
        self._send(told)

    def _send(self, body: dict[str, Any]) -> None:
        raw = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *_: object) -> None:
        """Silence."""


if __name__ == "__main__":
    server = _Server(("127.0.0.1", 0), _Handler)
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()
