"""Asking over real HTTP: answers, refusals, repeats, and what is kept. The service is a small one on loopback."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest

from pipeline.model import NO_LIVE_CALLS, Budget, Model, Patience, Price, Store, make_model
from schemas.errors import BudgetReached, CassetteMiss, KeyRefused, ModelError, NoModel, UsageError
from tests.chat_service import ASK, ChatService, Fact, asked, completion, fact, model_at, scores


@pytest.fixture(autouse=True)
def live(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (NO_LIVE_CALLS, "OPENAI_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def store(tmp_path: Any) -> Store:
    return Store(tmp_path / "store")


def test_an_answer_is_typed_and_the_second_ask_makes_no_call(store: Store) -> None:
    with ChatService() as service:
        first = asked(model_at(service, store), fact)
        again = model_at(service, store)
        second = asked(again, fact)
        assert len(service.requests) == 1
    assert first.value == Fact(title="반도체 계획", year=2024)
    assert type(first.value) is Fact and first.problem is None and not first.cached
    assert second.cached and second.value == first.value and second.request_id == first.request_id
    assert (again.usage.calls, again.usage.cache_hits, again.usage.money) == (0, 1, 0.0)
    assert first.request_id in store


def test_what_is_sent_is_ours_and_nothing_else(store: Store) -> None:
    with ChatService() as service:
        asked(model_at(service, store), fact)
        body = service.requests[0]
    assert body["messages"] == ASK
    assert body["response_format"] == {
        "type": "json_schema",
        "json_schema": {
            "name": "answer",
            "strict": True,
            "schema": {
                "additionalProperties": False,
                "properties": {"title": {"type": "string"}, "year": {"type": "integer"}},
                "required": ["title", "year"],
                "type": "object",
            },
        },
    }
    assert set(body) == {"model", "messages", "max_tokens", "temperature", "response_format"}


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (completion("It is a plan of 2024."), "prose"),
        (completion('{"title": "계획", "year": '), "not valid JSON"),
        (completion('{"title": "계획", "year": "soon"}'), "year"),
        (completion('{"title": "계획"}'), "year: Field required"),
        (completion('{"title": "계획", "year": 1, "year": 2}'), "twice"),
        (completion('{"title": "계', finish="length"), "cut off"),
        (completion(None, refusal="I cannot help."), "refused: I cannot help."),
        (completion(None, finish="content_filter"), "content filter"),
        (completion(""), "empty"),
    ],
)
def test_an_unusable_answer_has_its_reason_and_is_kept(store: Store, answer: Any, words: str) -> None:
    with ChatService(usual=answer) as service:
        for cached in (False, True):
            done = asked(model_at(service, store), fact)
            assert done.value is None and words in (done.problem or "") and done.cached is cached
        assert len(service.requests) == 1
    assert "errors.pydantic.dev" not in (done.problem or "")


def test_scores_join_spellings_of_a_label_and_floor_the_rest(store: Store) -> None:
    with ChatService(usual=scores(A=-1.0, **{" A": -1.0}, B=-2.0, x=-7.5)) as service:
        for cached in (False, True):
            scored = asked(model_at(service, store), lambda m: m.score(ASK, "ABC"))
            assert scored.cached is cached
        body = service.requests[0]
        assert len(service.requests) == 1
    assert scored.logprobs == pytest.approx({"A": -0.3068528, "B": -2.0, "C": -7.5})
    assert (body["max_tokens"], body["logprobs"], body["top_logprobs"]) == (1, True, 10)


def test_scores_need_log_probabilities_and_single_capital_letters(store: Store) -> None:
    with ChatService() as service:
        with pytest.raises(ModelError, match="no log-probabilities"):
            asked(model_at(service, store), lambda m: m.score(ASK, "AB"))
        for labels in (["yes", "no"], ["A", "A"], []):
            with pytest.raises(ValueError, match="label"):
                asked(model_at(service, store), lambda m, labels=labels: m.score(ASK, labels))


BUSY = {"error": {"message": "slow down"}}


@pytest.mark.parametrize(
    "faults",
    [
        [(500, {}, BUSY), (502, {}, BUSY), (408, {}, BUSY)],
        [(429, {}, BUSY), (409, {}, BUSY)],
        ["hang"],
        ["cut", "cut"],
        ["empty", "html"],
        [completion() | {"choices": []}, {"choices": None}],
    ],
)
def test_accidents_are_repeated_and_never_kept(store: Store, faults: list[Any]) -> None:
    with ChatService(*faults) as service:
        model = model_at(service, store)
        done = asked(model, fact)
        assert len(service.requests) == len(faults) + 1 == model.usage.calls
    assert done.value is not None and store.stats().answers == 1


def test_a_service_that_stays_broken_ends_in_a_model_error_and_an_empty_store(store: Store) -> None:
    with ChatService(usual=(500, {}, BUSY)) as service:
        with pytest.raises(ModelError, match=r"500: slow down \(4 attempts\)"):
            asked(model_at(service, store), fact)
        assert len(service.requests) == 4
    assert store.stats().answers == 0


@pytest.mark.parametrize("header", [{"Retry-After": "0.3"}, {"retry-after-ms": "300"}])
def test_retry_after_is_honoured(store: Store, header: dict[str, str]) -> None:
    with ChatService((429, header, BUSY)) as service:
        started = time.monotonic()
        asked(model_at(service, store), fact)
    assert time.monotonic() - started >= 0.3


@pytest.mark.parametrize(
    ("status", "error", "kind", "words"),
    [
        (401, {"message": "bad key"}, KeyRefused, "OPENAI_API_KEY"),
        (403, {"message": "not yours"}, KeyRefused, "OPENAI_API_KEY"),
        (429, {"message": "no credit", "code": "insufficient_quota"}, KeyRefused, "credit"),
        (404, {"message": "no such model"}, NoModel, "--model"),
        (400, {"message": "too long"}, ModelError, "400: too long"),
    ],
)
def test_final_refusals_are_not_repeated(store: Store, status: int, error: Any, kind: type, words: str) -> None:
    with ChatService(usual=(status, {}, {"error": error})) as service:
        with pytest.raises(kind, match=words):
            asked(model_at(service, store), fact)
        assert len(service.requests) == 1


def test_a_closed_port_is_named_at_once(store: Store) -> None:
    with ChatService() as service:
        model = model_at(service, store, patience=Patience(attempts=9, first_wait=60))
    with pytest.raises(ModelError, match=r"Nothing answers at http.*--base-url"):
        asked(model, fact)


def test_without_key_and_address_there_is_no_model(store: Store) -> None:
    with pytest.raises(NoModel, match="OPENAI_API_KEY"):
        make_model("openai", store=store)


def test_a_cassette_miss_fails_at_once_and_says_what_to_type(store: Store, tmp_path: Any) -> None:
    vcr = pytest.importorskip("vcr")
    with ChatService() as service, vcr.use_cassette(str(tmp_path / "none.yaml"), record_mode="none"):
        with pytest.raises(CassetteMiss, match="re-record with `make record`"):
            asked(model_at(service, store, patience=Patience(attempts=9, first_wait=60)), fact)
        assert not service.requests
    assert store.stats().answers == 0


def test_without_live_calls_a_refused_connection_is_a_cassette_miss(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(NO_LIVE_CALLS, "1")
    model = make_model("embedded", store=store)  # No weights are needed, nothing is started.
    assert model.sha256 is not None
    with pytest.raises(CassetteMiss, match="re-record with `make record`"):
        asked(model, fact)


def test_no_more_requests_at_once_than_jobs_and_equal_ones_only_once(store: Store) -> None:
    async def many(model: Model) -> None:
        different = [model.complete([{"role": "user", "content": str(n)}], Fact) for n in range(12)]
        await asyncio.gather(*different, *[fact(model) for _ in range(5)])

    with ChatService(delay=0.05) as service:
        model = model_at(service, store, jobs=3)
        asked(model, many)
        assert len(service.requests) == 13
        assert service.most_at_once == 3
    assert (model.usage.calls, model.usage.cache_hits) == (13, 4)
    assert store.stats().answers == 13


PRICED = Price("gpt-4.1-mini")


def test_money_is_counted_and_a_budget_stops_before_it_is_exceeded(store: Store) -> None:
    async def until_stopped(model: Model) -> int:
        for n in range(100):
            try:
                await model.complete([{"role": "user", "content": str(n)}], Fact, max_tokens=1000)
            except BudgetReached as error:
                assert error.exit_code == 4 and "--budget" in str(error)
                return n
        return -1

    with ChatService() as service:
        budget = Budget(money=0.0022)
        model = model_at(service, store, budget=budget, price=PRICED)
        done = asked(model, until_stopped)
        assert done == len(service.requests) > 3
    cost = PRICED.cost(100, 20).money or 0
    assert model.usage.money == pytest.approx(done * cost)
    assert budget.spent.money == model.usage.money <= 0.0022
    assert store.stats().answers == done


def test_failed_attempts_that_may_be_billed_count_at_their_worst(store: Store) -> None:
    with ChatService("cut", (500, {}, BUSY)) as service:
        model = model_at(service, store, price=PRICED)
        asked(model, fact)
    worst, good = PRICED.worst(service.requests[0], 50).money, PRICED.cost(100, 20).money
    assert model.usage.money == pytest.approx(worst + good)
    assert model.usage.calls == 3


def test_calls_in_flight_wait_for_each_other_and_not_for_nothing(store: Store) -> None:
    """Room for one worst case at a time: all the same all calls are made, one after the other."""

    async def many(model: Model) -> None:
        await asyncio.gather(*[model.complete([{"role": "user", "content": str(n)}], Fact, 800) for n in range(4)])

    with ChatService(delay=0.02) as service:
        model = model_at(service, store, budget=Budget(tokens=1700))
        asked(model, many)
        assert service.most_at_once == 1 and len(service.requests) == 4


def test_an_unknown_price_under_a_budget_is_wrong_use(store: Store) -> None:
    far = "https://models.example.org/v1"
    with pytest.raises(UsageError, match="No price is known"):
        make_model("openai", name="house-model", base_url=far, store=store, budget=Budget(money=1))
    make_model("openai", name="house-model", base_url=far, store=store, budget=Budget(tokens=10))
    with ChatService() as service:  # On this machine it costs nothing.
        model = model_at(service, store, budget=Budget(money=0.0))
        assert asked(model, fact).value
    assert model.usage.money == 0.0


def test_a_cancelled_call_is_counted_and_frees_its_place(store: Store) -> None:
    async def cancel(model: Model) -> None:
        call = asyncio.create_task(fact(model))
        await asyncio.sleep(0.2)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        await model.complete([{"role": "user", "content": "next"}], Fact, max_tokens=50)

    with ChatService("hang") as service:
        model = model_at(service, store, jobs=1, budget=Budget(tokens=100_000), price=PRICED)
        asked(model, cancel)
    worst = PRICED.worst(service.requests[0], 50)
    assert model.usage.input_tokens == worst.input_tokens + 100
    assert store.stats().answers == 1


def test_a_recorded_cassette_answers_without_a_service(store: Store, tmp_path: Any) -> None:
    """As the cassettes of the project do: the port may be another one, the body must be the same."""
    vcr = pytest.importorskip("vcr")
    options = {"match_on": ["method", "path", "body"], "filter_headers": ["authorization"]}
    path = str(tmp_path / "one.yaml")
    with ChatService() as service, vcr.use_cassette(path, record_mode="once", **options):
        recorded = asked(model_at(service, store), fact)
    empty = Store(tmp_path / "empty")
    with vcr.use_cassette(path, record_mode="none", **options):
        model = make_model("openai", name="test", base_url="http://127.0.0.1:9/v1", api_key="k", store=empty)
        replayed = asked(model, fact)
    assert replayed.value == recorded.value and not replayed.cached and model.usage.calls == 1
