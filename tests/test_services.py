"""Services that call themselves compatible: each kind in which they differ, over real HTTP, a quirk a row."""

from __future__ import annotations

import datetime as dt
import ipaddress
import json
from collections.abc import Iterator
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from pipeline.model import NO_LIVE_CALLS, Budget, Model, Patience, Price, Store, make_model
from pipeline.model.addresses import is_loopback
from pipeline.model.dialect import reasons
from schemas.errors import BudgetReached, ModelError, NoModel, PamsError, UsageError
from tests import chat_service
from tests.chat_service import ASK, GOOD, ChatService, Fact, asked, completion, fact, scores

VALUE = Fact(title="반도체 계획", year=2024)
CALM = Patience(attempts=4, timeout=30, first_wait=0.01, longest_wait=0.4)
"""Calls are counted here, so none is repeated because the machine is busy."""
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


@pytest.fixture(autouse=True)
def live(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (NO_LIVE_CALLS, "OPENAI_API_KEY", "OPENAI_BASE_URL", "SSL_CERT_FILE", "SSL_CERT_DIR", *PROXIES):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


def model_at(service: ChatService, store: Store, **options: Any) -> Model:
    """A model behind the loopback service."""
    return chat_service.model_at(service, store, **({"patience": CALM} | options))


def refuses(*names: str, words: str = "Unsupported parameter: {}") -> Any:
    """A service that answers 400 as long as a request holds one of these parameters (or such a format)."""

    def act(body: dict[str, Any]) -> Any:
        kind = body.get("response_format", {}).get("type")
        found = next((name for name in names if name in body or name == kind), None)
        if found is None:
            return completion()
        return 400, {}, {"error": {"message": words.format(found), "param": None, "code": None}}

    return act


def chunks(*pieces: str, end: str | None = "stop") -> bytes:
    lines = [{"choices": [{"index": 0, "delta": {"content": piece}, "finish_reason": None}]} for piece in pieces]
    last = {"choices": [{"index": 0, "delta": {}, "finish_reason": end}], "usage": {"prompt_tokens": 7}}
    body = "".join(f"data: {json.dumps(line)}\n\n" for line in [*lines, last]) + "data: [DONE]\n\n"
    return b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n" + body.encode()


# Where requests go -----------------------------------------------------------


@pytest.mark.parametrize("scheme", ["http", "socks5"])
def test_loopback_goes_through_no_proxy(store: Store, monkeypatch: pytest.MonkeyPatch, scheme: str) -> None:
    with ChatService() as proxy, ChatService() as service:
        for name in PROXIES[:3]:
            monkeypatch.setenv(name, proxy.root.replace("http", scheme, 1))
        assert asked(model_at(service, store), fact).value == VALUE
        assert (proxy.heads, len(service.requests)) == ([], 1)


def test_other_machines_are_reached_through_the_users_proxy(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    with ChatService(path="http://model.example/v1/chat/completions") as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.root)
        model = make_model("openai", name="m", base_url="http://model.example/v1", api_key="k", store=store)
        assert asked(model, fact).value == VALUE


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("ALL_PROXY", "socks5://127.0.0.1:1", "SOCKS.*socksio"),
        ("HTTPS_PROXY", "ftp://127.0.0.1:1", "proxy"),
        ("SSL_CERT_FILE", "/nowhere/at/all.pem", "SSL_CERT_FILE"),
    ],
)
def test_an_environment_that_cannot_be_used_is_one_sentence(
    store: Store, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, words: str
) -> None:
    monkeypatch.setenv(variable, value)
    model = make_model("openai", name="m", base_url="https://model.example/v1", api_key="k", store=store)
    with pytest.raises(UsageError, match=words):
        asked(model, fact)


def test_what_is_this_machine() -> None:
    here = ("127.0.0.1", "127.8.9.1", "[::1]", "localhost", "LOCALHOST", "a.localhost", "localhost.")
    there = ("10.0.0.1", "192.168.1.5", "localhost.example.com", "model", "[2001:db8::1]")
    assert all(is_loopback(f"http://{host}:80/v1") for host in here)
    assert not any(is_loopback(f"http://{host}:80/v1") for host in there)


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ("", "/v1/chat/completions"),
        ("/", "/v1/chat/completions"),
        ("/v1", "/v1/chat/completions"),
        ("/v1/", "/v1/chat/completions"),
        ("/v1/chat/completions", "/v1/chat/completions"),
        ("", "/chat/completions"),
        ("/api/openai", "/api/openai/chat/completions"),
        ("/v1?tier=batch", "/v1/chat/completions"),
    ],
)
def test_an_address_is_taken_in_each_way_it_is_written(store: Store, given: str, path: str) -> None:
    with ChatService(path=path) as service:
        model = make_model("openai", name="m", base_url=service.root + given, api_key="k", store=store)
        assert asked(model, fact).value == VALUE
        asked(model_at(service, store, base_url=service.root + given), lambda m: m.complete(ASK, Fact, 51))
        assert len(service.requests) == 2
        assert service.heads[-1][0] == path + ("?tier=batch" if "?" in given else "")


def test_an_address_that_is_none_says_so_after_two_tries(store: Store) -> None:
    with ChatService(path="/elsewhere") as service:
        with pytest.raises(NoModel, match="--base-url"):
            asked(model_at(service, store, base_url=service.root), fact)
        assert [head[0] for head in service.heads] == ["/chat/completions", "/v1/chat/completions"]


def test_ipv6(store: Store) -> None:
    with ChatService(host="::1") as service:
        assert asked(model_at(service, store), fact).value == VALUE


@pytest.mark.parametrize("given", ["", "/openai", "/openai/deployments/my%20gpt"])
def test_azure_has_its_version_behind_the_path_and_a_header_for_its_key(store: Store, given: str) -> None:
    path = "/openai/deployments/my%20gpt/chat/completions"
    with ChatService(completion('{"title":"2024-10-21","year":1}'), path=path) as service:
        url = f"{service.root}{given}?api-version=2024-10-21"
        model = make_model("openai", name="my gpt", base_url=url, api_key="secret-key", store=store)
        assert asked(model, fact).value == Fact(title="2024-10-21", year=1)  # A version is no secret.
        where, headers = service.heads[0]
    assert where == f"{path}?api-version=2024-10-21"
    assert (headers["api-key"], headers["Authorization"]) == ("secret-key", None)


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for 127.0.0.1 that nobody but itself vouches for, with its key."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key, now = ec.generate_private_key(ec.SECP256R1()), dt.datetime.now(dt.UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "here")])
    here = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = x509.CertificateBuilder(
        name, name, key.public_key(), x509.random_serial_number(), now, now.replace(year=9999)
    )
    made = made.add_extension(here, critical=False).sign(key, hashes.SHA256())
    plain = serialization.NoEncryption()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    (tmp_path / "own.pem").write_bytes(pem + made.public_bytes(serialization.Encoding.PEM))
    return tmp_path / "own.pem"


def test_an_own_certificate_is_named_and_can_be_trusted(
    store: Store, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ChatService(certificate=certificate) as service:
        with pytest.raises(NoModel, match=r"not trusted \(.*self-signed.*SSL_CERT_FILE"):
            asked(model_at(service, store), fact)
        assert service.requests == []
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert asked(model_at(service, store), fact).value == VALUE


# The answer as it comes ------------------------------------------------------

CALL = {"id": "c", "type": "function", "function": {"name": "answer", "arguments": GOOD}}
READ = {
    "fenced": completion(f"```json\n{GOOD}\n```"),
    "fenced, prose around": completion(f"Here {{is}} it:\n```json\n{GOOD}\n```\nAsk {{me}} more."),
    "prose around": completion(f"Sure! {GOOD} Done."),
    "twice the same": completion(f"{GOOD}\n\nSo: {GOOD}"),
    "a mark of byte order": completion("\ufeff" + GOOD),
    "thinking": completion(f"<think>plan, then year</think>{GOOD}"),
    "thinking with braces": completion(f'<think>a {{ b, {{"title": "no", "year": 1}}</think>\n\n{GOOD}'),
    "thinking without its first mark": completion(f"is it {{2024}}?\n</think>\n```\n{GOOD}\n```"),
    "thoughts beside": completion(GOOD, reasoning_content='{"title": "no", "year": 1}'),
    "parts": completion(None) | {"choices": [{"index": 0, "finish_reason": "stop", "message": {
        "role": "assistant", "content": [{"type": "reasoning", "text": "{"}, {"type": "text", "text": GOOD}]}}]},
    "a tool call": completion(None, finish="tool_calls", tool_calls=[CALL]),
    "chunks": chunks("", GOOD[:9], GOOD[9:]),
}  # fmt: skip


@pytest.mark.parametrize("name", READ)
def test_an_answer_is_read_after_one_call(store: Store, name: str) -> None:
    with ChatService(usual=READ[name]) as service:
        for cached in (False, True):
            done = asked(model_at(service, store), fact)
            assert (done.problem, done.value, done.cached) == (None, VALUE, cached)
        assert len(service.requests) == 1


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (completion(f'{GOOD} or {{"title":"다른 계획","year":1999}}'), "holds 2 JSON objects"),
        (completion("```json\n{broken}\n```"), "prose"),
        (completion('So: {"title": {"title":"반도체 계획","year":2024}, "year": }'), "prose"),
        (completion('{"policies": [{"title":"반도체 계획","year":2024}'), "not valid JSON"),
        (completion(f"<think>{GOOD}"), "empty"),
        (completion(f"<think>{GOOD}", finish="length"), "cut off"),
        (completion(None, finish="length", reasoning_content="so"), "reasoning_content, before any answer"),
        (completion(None, reasoning_content=GOOD), "everything into reasoning_content"),
        (completion("", reasoning="hm"), "everything into reasoning and"),
        (completion(None, tool_calls=[CALL, CALL]), "empty"),
        (completion('{"title":"</think>","year":1,"more":2}'), "more: Extra"),
    ],
)
def test_what_is_no_answer_has_its_reason(store: Store, answer: Any, words: str) -> None:
    class Closed(Fact, extra="forbid"):
        """A fact and nothing else."""

    with ChatService(usual=answer) as service:
        done = asked(model_at(service, store), lambda m: m.complete(ASK, Closed, max_tokens=50))
    assert done.value is None and words in (done.problem or ""), done.problem


def test_many_braces_in_prose_take_no_time(store: Store) -> None:
    with ChatService(usual=completion("so: " + '{"a":' * 200_000)) as service:
        assert "prose" in (asked(model_at(service, store), fact).problem or "")


@pytest.mark.parametrize(
    ("body", "words", "attempts"),
    [
        ({"error": {"message": "slow", "code": 429}}, "answered 429: slow", 10),
        ({"error": {"message": "slow", "code": "rate_limit_exceeded"}}, "answered 429: slow", 10),
        ({"error": {"message": "no such size", "code": 400}}, "answered 400: no such size", 1),
        ({"error": {"message": "bad key", "code": 401}}, "refuses the key .401: bad key", 1),
        ({"error": "overloaded"}, "answered 500: overloaded", 2),
        ({"choices": [{"error": {"message": "gone", "code": 502}}]}, "answered 502: gone", 2),
        (chunks("half of it", end=None), "without choices|no chat completion", 2),
    ],
)
def test_an_error_in_a_good_body_is_one(store: Store, body: Any, words: str, attempts: int) -> None:
    with ChatService(usual=body) as service:
        model = model_at(service, store, patience=Patience(attempts=2, timeout=30, first_wait=0.01, longest_wait=0.02))
        with pytest.raises(PamsError, match=words):
            asked(model, fact)
        assert len(service.requests) == attempts
        assert (model.usage.output_tokens == 0) is not isinstance(body, bytes)  # A broken answer may be billed.
    assert store.stats().answers == 0


@pytest.mark.parametrize("header", ["date", "529"])
def test_a_busy_service_says_when(store: Store, header: str) -> None:
    later = format_datetime(dt.datetime.now(dt.UTC) + dt.timedelta(seconds=2), usegmt=True)
    act = (429, {"Retry-After": later}, {}) if header == "date" else (529, {}, {"error": {"message": "overloaded"}})
    with ChatService(act) as service:
        assert asked(model_at(service, store), fact).value == VALUE
        assert len(service.requests) == 2


@pytest.mark.parametrize("usage", [None, {}, {"prompt_tokens": None}, {"prompt_tokens": "7", "completion_tokens": 7}])
def test_tokens_that_nobody_tells_count_at_their_worst(store: Store, usage: Any) -> None:
    with ChatService(usual=completion() | {"usage": usage}) as service:
        budget = Budget(tokens=700)
        model = model_at(service, store, budget=budget, price=Price("m", free=True))

        async def many(model: Any) -> None:
            for number in range(9):
                await model.complete([{"role": "user", "content": f"{number}"}], Fact, max_tokens=50)

        with pytest.raises(BudgetReached):
            asked(model, many)
        assert 0 < len(service.requests) < 5
    assert 0 < budget.spent.tokens <= 700


def test_what_was_not_sent_is_not_booked(store: Store) -> None:
    with ChatService() as service:
        url = service.url
    model = make_model("openai", name="m", base_url=url, api_key="k", store=store, patience=CALM)
    with pytest.raises(ModelError, match="Nothing answers"):
        asked(model, fact)
    assert model.usage.input_tokens == model.usage.output_tokens == 0


# What a service does not take ------------------------------------------------


@pytest.mark.parametrize(
    ("names", "words", "gone"),
    [
        (("max_tokens",), "Unsupported parameter: '{}'", {"max_tokens"}),
        (("temperature",), "'{}' does not support 0.0 with this model.", {"temperature"}),
        (("json_schema",), "response_format type is unavailable", set()),
        (("json_schema", "json_object"), "unknown response_format {}", {"response_format"}),
        (("max_tokens", "temperature", "json_schema", "json_object"), "no {} (response_format)",
         {"max_tokens", "temperature", "response_format"}),
    ],
)  # fmt: skip
def test_what_is_refused_by_name_is_left_out_and_remembered(
    store: Store, names: tuple[str, ...], words: str, gone: set[str]
) -> None:
    with ChatService(usual=refuses(*names, words=words)) as service:
        model = model_at(service, store)

        async def two(model: Any) -> list[Any]:
            return [await model.complete(ASK, Fact, max_tokens=tokens) for tokens in (50, 51)]

        first, second = asked(model, two)
        assert first.value == second.value == VALUE
        assert len(service.requests) == len(names) + 2
        assert set(service.requests[0]) - set(service.requests[-1]) == gone
        if names == ("json_schema",):
            assert service.requests[-1]["response_format"] == {"type": "json_object"}
    assert model.usage.input_tokens == 200  # Refusals cost nothing.
    assert any("schema" in note for note in model.notes) is ("json_schema" in names)
    again = asked(model_at(service, store), fact)  # The question is the same, whatever was left out.
    assert again.cached and again.request_id == first.request_id


def test_the_name_that_a_refusal_recommends_is_used(store: Store) -> None:
    words = "Unsupported parameter: '{}' is not supported with this model. Use 'max_completion_tokens' instead."
    with ChatService(usual=refuses("max_tokens", words=words)) as service:
        assert asked(model_at(service, store), fact).value == VALUE
        assert service.requests[-1]["max_completion_tokens"] == 50 and "max_tokens" not in service.requests[-1]


def test_a_refusal_that_nothing_mends_is_told_and_teaches_nothing(store: Store) -> None:
    words = "This model's context is 9 tokens, max_tokens and messages are more"
    with ChatService((400, {}, {"error": {"message": words}}), (400, {}, {"error": {"message": words}})) as service:
        model = model_at(service, store)

        async def two(model: Any) -> Any:
            with pytest.raises(ModelError, match="context is 9"):
                await model.complete(ASK, Fact, max_tokens=50)
            return await model.complete(ASK, Fact, max_tokens=51)

        assert asked(model, two).value == VALUE
        assert ["max_tokens" in body for body in service.requests] == [True, False, True]


@pytest.mark.parametrize("model", ["gpt-5-mini", "openai/gpt-5.1", "o3", "o4-mini"])
def test_models_that_think_are_known_by_name(store: Store, model: str) -> None:
    with ChatService() as service:
        assert asked(model_at(service, store, name=model), fact).value == VALUE
        body = service.requests[0]
    assert body["max_completion_tokens"] == 50 and not {"max_tokens", "temperature"} & set(body)


def test_other_models_think_where_the_user_says_so(store: Store) -> None:
    assert not any(
        map(reasons, ("gpt-4.1-mini", "gpt-4o", "gpt-5-chat-latest", "qwen3", "solo1", "llama-o1x", "o200k"))
    )
    with ChatService() as service:
        asked(model_at(service, store, reasoning=True), fact)
        assert service.requests[0]["max_completion_tokens"] == 50 and "temperature" not in service.requests[0]


def test_single_decisions_survive_a_service_that_takes_no_temperature(store: Store) -> None:
    def act(body: dict[str, Any]) -> Any:
        return refuses("temperature")(body) if "temperature" in body else scores(A=-1.0, B=-2.0)

    with ChatService(usual=act) as service:
        scored = asked(model_at(service, store), lambda m: m.score(ASK, "AB"))
    assert scored.logprobs["A"] > scored.logprobs["B"]


def endless() -> Iterator[bytes]:
    yield chunks("")[:-20]
    while True:
        yield b'data: {"choices":[{"delta":{"content":"' + b"x" * 500_000 + b'"}}]}\n\n'


def test_chunks_without_end_are_not_read_to_it(store: Store) -> None:
    with ChatService(usual=lambda body: endless()) as service, pytest.raises(ModelError, match="more than 32 MB"):
        asked(model_at(service, store, patience=Patience(attempts=1, timeout=30)), fact)
