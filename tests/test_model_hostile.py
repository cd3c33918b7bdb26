"""Services that mean harm or are broken: nothing goes elsewhere, nothing is unbounded, no secret is repeated."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.model import NO_LIVE_CALLS, Budget, Limits, Patience, Price, Store, make_model, read_answers
from pipeline.model.addresses import check_address, check_key, without_secrets
from pipeline.model.wire import MOST_BYTES
from schemas.errors import BudgetReached, ModelError, PamsError, UsageError
from tests.chat_service import ASK, ChatService, Fact, asked, completion, fact, model_at, scores

KEY = "sk-never-to-be-repeated-5713"


@pytest.fixture(autouse=True)
def live(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (NO_LIVE_CALLS, "OPENAI_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_told_and_not_followed(store: Store, status: int) -> None:
    with ChatService() as other, ChatService(usual=(status, {"Location": other.url + "/chat/completions"}, {})) as one:
        with pytest.raises(ModelError, match=f"sends on to .*{status}.*--base-url"):
            asked(model_at(one, store), fact)
        assert (len(one.requests), other.requests) == (1, [])
    assert store.stats().answers == 0


def endless() -> Iterator[bytes]:
    yield b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n"
    while True:
        yield b" " * 1_000_000


def dripping(head: bytes, drop: bytes) -> Iterator[bytes]:
    yield head
    while True:
        time.sleep(0.1)
        yield drop


PACKED = gzip.compress(json.dumps(completion()).encode() + b" " * 2 * MOST_BYTES)


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (endless(), "more than 32 MB"),
        (
            b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%s" % (len(PACKED), PACKED),
            "compressed body",
        ),
    ],
)
def test_an_answer_without_end_is_not_read_to_it(store: Store, act: Any, words: str) -> None:
    with ChatService(act) as service:
        with pytest.raises(ModelError, match=words):
            asked(model_at(service, store, patience=Patience(timeout=20)), fact)
        assert len(service.requests) == 1


@pytest.mark.parametrize(
    ("head", "drop"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n", b" "),
        (b"HTTP/1.1 200 OK\r\n", b"X-More: 1\r\n"),
    ],
)
def test_the_timeout_bounds_a_whole_answer(store: Store, head: bytes, drop: bytes) -> None:
    started = time.monotonic()
    with ChatService(dripping(head, drop)) as service:
        with pytest.raises(ModelError, match=r"no whole answer within 0\.5 s"):
            asked(model_at(service, store, patience=Patience(attempts=1, timeout=0.5)), fact)
        assert time.monotonic() - started < 3


@pytest.mark.parametrize("wait", ["0", "-5", "Thu, 01 Jan 1998 00:00:00 GMT", "nan", "0.0001", "9" * 400, "-"])
def test_a_wait_that_is_none_still_backs_off(store: Store, wait: str) -> None:
    busy = (429, {"Retry-After": wait}, {"error": {"message": "slow down"}})
    with ChatService(busy, busy) as service:
        started = time.monotonic()
        asked(model_at(service, store, patience=Patience(timeout=5, first_wait=0.1, longest_wait=0.4)), fact)
        assert time.monotonic() - started >= 0.2 and len(service.requests) == 3


def test_rates_that_no_limit_is_are_left_alone(store: Store) -> None:
    limits = Limits(4)
    started = time.process_time()
    limits.learn({"x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "1" * 60_000})
    assert time.process_time() - started < 0.5
    for said in ("0.5", "1e-300", "NaN", "inf", "-1", "0", "1" * 60_000):
        headers = {"x-ratelimit-limit-requests": said, "x-ratelimit-limit-tokens": said}
        with ChatService((200, headers, completion())) as service:
            model = model_at(service, store)
            asked(model, lambda m, said=said: m.complete([{"role": "user", "content": said}], Fact))
            asked(
                model_at(service, store), lambda m, said=said: m.complete([{"role": "user", "content": said * 2}], Fact)
            )
    assert store.stats().answers == 14


def deep(body: dict[str, Any]) -> bytes:
    return json.dumps(body)[:-1].encode() + b',"x":' + b"[" * 100_000 + b"]" * 100_000 + b"}"


LOGPROBS: list[Any] = [{}, 5, "A", {"content": 5}, {"content": [[]]}, {"content": [{"top_logprobs": [1]}]}]
LOGPROBS += [{"content": [{"top_logprobs": [{"token": 5, "logprob": -1}]}]}]
LOGPROBS += [
    {"content": [{"top_logprobs": [{"token": "A", "logprob": wrong}]}]} for wrong in ("x", 5, [], float("nan"))
]


def with_logprobs(logprobs: object) -> bytes:
    body = completion("A")
    body["choices"][0]["logprobs"] = logprobs
    return json.dumps(body).encode()


@pytest.mark.parametrize("row", [b"{}", b"5", b'{"choices": [', deep(completion()), *map(with_logprobs, LOGPROBS)])
def test_a_stored_row_that_cannot_be_used_is_told_and_asked_anew(store: Store, row: bytes) -> None:
    with ChatService(usual=scores(A=-1.0, B=-2.0)) as service:
        first = asked(model_at(service, store), lambda m: m.score(ASK, "AB"))
        store.put(first.request_id, row)
        told = [bad.key for bad in store.verify()]
        again = asked(model_at(service, store), lambda m: m.score(ASK, "AB"))
        assert (again.cached, again.logprobs, len(service.requests)) == (False, first.logprobs, 2)
        assert asked(model_at(service, store), lambda m: m.score(ASK, "AB")).cached
    assert told == [first.request_id] or json.loads(row)["choices"][0]["logprobs"] == {}
    store.put("bad", deep(completion()))
    assert store.prune(bad=True) == 1


def test_a_service_that_once_gave_no_log_probabilities_is_asked_again(store: Store) -> None:
    with ChatService(completion("A"), usual=scores(A=-1.0, B=-2.0)) as service:
        with pytest.raises(ModelError, match="no log-probabilities"):
            asked(model_at(service, store), lambda m: m.score(ASK, "AB"))
        assert not asked(model_at(service, store), lambda m: m.score(ASK, "AB")).cached


def test_one_bad_line_of_an_answers_file_leaves_the_others(store: Store, tmp_path: Path) -> None:
    good = {"custom_id": "a", "response": {"status_code": 200, "body": completion()}}
    half = json.dumps(good).replace("chatcmpl-1", "\\ud800")
    lines = [json.dumps(good), "[" * 100_000, half, json.dumps(good | {"x": float("nan")}), '"', "5", "\x00"]
    (tmp_path / "answers.jsonl").write_text("\n".join(lines), "utf-8")
    read = read_answers(tmp_path / "answers.jsonl", store, {"a": {}})
    assert read.accepted == ("a",)
    assert [row.line for row in read.refused] == [2, 3, 4, 5, 6, 7]


@pytest.mark.parametrize(
    "url", ["http://[::1", "ftp://a/v1", "localhost:8000", "http://", "http://a:b/v1", "http://a b"]
)
def test_a_malformed_address_is_wrong_use(store: Store, url: str) -> None:
    with pytest.raises(UsageError, match="--base-url"):
        make_model("openai", base_url=url, api_key="k", store=store)


@pytest.mark.parametrize("key", ["sk-한글", "“sk-1”", "sk-1 2", "sk-\n1"])
def test_a_key_that_no_request_can_carry_is_told_without_repeating_it(store: Store, key: str) -> None:
    with pytest.raises(UsageError, match="OPENAI_API_KEY") as told:
        make_model("openai", api_key=key, store=store)
    assert key not in str(told.value)
    assert check_key(" sk-1\r\n") == "sk-1"


def test_addresses_are_shown_without_what_is_secret_in_them() -> None:
    assert without_secrets("https://u:PW@host:1/v1?api-key=PW&b=PW#PW") == "https://***@host:1/v1?api-key=***&b=***#***"
    assert "PW" not in without_secrets("http://u:PW@[::1")
    assert check_address(" http://127.0.0.1:1/v1\n") == without_secrets("http://127.0.0.1:1/v1")


@pytest.mark.parametrize("status", [200, 307, 401, 500])
def test_no_secret_is_repeated_in_messages_and_in_the_store(tmp_path: Path, status: int) -> None:
    """The service says the key and the password back."""
    word = "Pass-word-8842"
    said = f"no: {KEY} {word}"
    body = completion(said) if status == 200 else {"error": {"message": said}}
    told = ""
    with ChatService(usual=(status, {"Location": f"http://x/?k={KEY}"}, body)) as service:
        url = service.url.replace("://", f"://me:{word}@") + f"?api-key={word}"
        model = make_model(
            "openai", name="m", base_url=url, api_key=KEY + "\r\n", store=Store(tmp_path), patience=Patience(attempts=1)
        )
        try:
            told = asked(model, fact).text
        except PamsError as error:
            told = str(error)
        assert len(service.requests) == 1
    assert "***" in told
    for where in (told.encode(), *(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())):
        assert KEY.encode() not in where and word.encode() not in where


ONCE = Patience(attempts=1, timeout=30)
"""A second attempt would count its tokens too."""


@pytest.mark.parametrize("wrong", [-5, 10**400, 10**12, "7", 1.5, float("nan"), True, None, [], {}])
@pytest.mark.parametrize("name", ["prompt_tokens", "completion_tokens"])
def test_token_counts_that_cannot_be_are_counted_at_their_worst_and_told(store: Store, name: str, wrong: Any) -> None:
    body = completion()
    body["usage"][name] = wrong
    price = Price("gpt-4o-mini")
    with ChatService(usual=body) as service:
        model = model_at(service, store, price=price, budget=Budget(money=0.01), patience=ONCE)
        assert asked(model, fact).value
        worst = price.worst(service.requests[0], 50)
    assert (model.usage.input_tokens, model.usage.output_tokens) == (worst.input_tokens, worst.output_tokens)
    assert model.usage.money == worst.money and "token counts" in "".join(model.notes)


def test_a_service_that_minds_no_limit_is_counted_at_what_it_took_and_the_budget_stops(store: Store) -> None:
    body = completion()
    body["usage"] |= {"completion_tokens": 70_000}
    with ChatService(usual=body) as service:
        model = model_at(service, store, budget=Budget(tokens=60_000), patience=ONCE)

        async def two(model: Any) -> None:
            assert (await fact(model)).value
            await model.complete([{"role": "user", "content": "2025년은?"}], Fact, max_tokens=50)

        with pytest.raises(BudgetReached, match="70100 tokens spent"):
            asked(model, two)
        assert len(service.requests) == 1
    assert model.usage.output_tokens == 70_000 and "more tokens than requests allow" in "".join(model.notes)


@pytest.mark.parametrize("wrong", [-5, 10**400, "7", float("nan"), None])
def test_cached_tokens_that_cannot_be_make_nothing_cheaper(store: Store, wrong: Any) -> None:
    body = completion()
    body["usage"]["prompt_tokens_details"] = {"cached_tokens": wrong}
    price = Price("gpt-4o-mini")
    with ChatService(usual=body) as service:
        model = model_at(service, store, price=price, patience=ONCE)
        assert asked(model, fact).value
    assert model.usage.money == price.cost(100, 20).money and model.usage.cached_tokens == 0 and not model.notes


def test_a_service_that_allows_a_request_a_minute_is_told(store: Store) -> None:
    with ChatService((200, {"x-ratelimit-limit-requests": "1"}, completion())) as service:
        model = model_at(service, store)
        asked(model, fact)
    assert "only 1 requests a minute" in "".join(model.notes)
