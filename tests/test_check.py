"""`pams models check`: what a service can, and how it will be asked, in ten lines."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from pipeline.cli import main
from pipeline.model import NO_LIVE_CALLS
from tests.chat_service import ChatService, completion, scores

KEPT = '{"city":"서울","year":1988}'
OTHER = '{"place":"Seoul","when":"1988"}'


@pytest.fixture(autouse=True)
def live(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (NO_LIVE_CALLS, "OPENAI_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)


def service(text: str, *refused: str, usage: Any = None, logprobs: bool = True) -> Callable[[dict[str, Any]], Any]:
    """What answers `text` to a request without any of the `refused` parameters, formats or models."""

    def act(body: dict[str, Any]) -> Any:
        kind = body.get("response_format", {}).get("type")
        if found := next((name for name in refused if name in body or name in (kind, body["model"])), None):
            status = 404 if found == body["model"] else 400
            return status, {}, {"error": {"message": f"unknown: {found}"}}
        answer = scores(A=-1.0, B=-2.0) if "logprobs" in body and logprobs else completion(text)
        return answer if usage is None else answer | {"usage": usage}

    return act


def checked(act: Any, capsys: pytest.CaptureFixture[str], *more: str) -> tuple[int, dict[str, str], str]:
    """The exit code, the lines by their name, and what went to the standard error."""
    with ChatService(usual=act) as loopback, pytest.raises(SystemExit) as left:
        main(["models", "check", "--base-url", loopback.url, "--model", "m", *more])
    shown = capsys.readouterr()
    return int(left.value.code or 0), {x[:19].strip(): x[19:] for x in shown.out.splitlines()}, shown.err


def test_ten_lines_about_a_service_that_can_all(capsys: pytest.CaptureFixture[str]) -> None:
    code, said, _ = checked(service(KEPT), capsys)
    assert (code, len(said)) == (0, 10)
    assert (said["answer"], said["JSON schema"], said["log-probabilities"]) == ("can be read", "kept", "yes")
    assert said["tokens"] == "told: 100 in, 20 out" and "tokens a second" in said["speed"]
    assert said["prompt sets"] == "brief, article, stepwise" and "free" in said["price"]
    assert said["settings"] == "max_tokens, temperature 0, JSON schema, at most 100 entries a list"


@pytest.mark.parametrize(
    ("act", "line", "words"),
    [
        (service(OTHER), "JSON schema", "taken but not kept"),
        (service(OTHER, "json_schema"), "JSON schema", "refused; JSON mode instead"),
        (service(OTHER, "json_schema", "json_object"), "settings", "max_tokens, temperature 0, no format"),
        (service(KEPT, "temperature"), "settings", "no temperature"),
        (service(KEPT, logprobs=False), "log-probabilities", "no: the answer holds none"),
        (service(KEPT, "logprobs"), "log-probabilities", "no: .*unknown: logprobs"),
        (service(KEPT, logprobs=False), "prompt sets", "brief, article .stepwise needs"),
        (service(KEPT, usage={"prompt_tokens": None}), "tokens", "not told"),
    ],
)
def test_what_a_service_cannot_is_said(capsys: pytest.CaptureFixture[str], act: Any, line: str, words: str) -> None:
    code, said, _ = checked(act, capsys)
    assert code == 0
    assert re.search(words, said[line]), said[line]


def test_models_that_think_are_given_room(capsys: pytest.CaptureFixture[str]) -> None:
    asked: list[dict[str, Any]] = []

    def act(body: dict[str, Any]) -> Any:
        asked.append(body)
        return completion(KEPT)

    _, said, _ = checked(act, capsys, "--reasoning")
    assert said["settings"].startswith("max_completion_tokens, no temperature")
    assert asked[-1]["max_completion_tokens"] == 2000 and "temperature" not in asked[-1]


def test_an_answer_of_no_use_is_told_by_the_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    code, said, _ = checked(service("In Seoul."), capsys)
    assert code == 1 and said["answer"].startswith("cannot be used: the answer is prose")


@pytest.mark.parametrize(
    ("act", "code", "words"),
    [
        (service(KEPT, "m"), 3, "does not know the model m"),
        ((401, {}, {"error": {"message": "no"}}), 3, "refuses the key"),
        ((500, {}, {"error": {"message": "broken"}}), 1, "answered 500: broken"),
    ],
)
def test_a_service_that_cannot_be_asked_is_one_sentence(
    capsys: pytest.CaptureFixture[str], act: Any, code: int, words: str
) -> None:
    left, said, error = checked(act, capsys)
    assert (left, said) == (code, {}) and words in error


def test_the_same_for_machines(capsys: pytest.CaptureFixture[str]) -> None:
    with ChatService(usual=service(KEPT)) as loopback, pytest.raises(SystemExit) as left:
        main(["models", "check", "--base-url", loopback.url, "--model", "m", "--json"])
    told = json.loads(capsys.readouterr().out)
    assert not left.value.code
    assert (told["address"], told["schema"], told["tokens_out"]) == (loopback.url, "kept", 20)
