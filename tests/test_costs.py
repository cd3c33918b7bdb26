"""What documents cost: told before a run, kept beside each one after it, and never more than the budget."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from eval.trials.costs import MOST_OFF, compare
from pipeline.cli import main
from pipeline.estimate import estimate
from pipeline.model import NO_LIVE_CALLS, Budget, Store, count_tokens
from pipeline.model.budget import Cost, Measured, size_of
from pipeline.model.ledger import request_id_of_body
from pipeline.run import run
from pipeline.settings import Settings
from pipeline.write import read_documents
from schemas.errors import BudgetReached
from tests.chat_service import ChatService, asked, completion, model_at
from tests.test_origins import ANSWER
from tests.test_run import brief

LONG = "".join(f"\n- (사업 {n}) 지역 {n}곳에 시험 센터를 설치하고 {n}년까지 인력 {n}00명 양성" for n in range(2, 40))


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "short.txt").write_text(brief(), "utf-8")
    (tmp_path / "docs" / "long.txt").write_text(brief(plan="상수도 개선 계획(2025~2028)") + LONG, "utf-8")
    return tmp_path / "docs"


@pytest.fixture
def priced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Questions to a model that has a price; nobody is asked."""
    monkeypatch.setenv(NO_LIVE_CALLS, "1")
    monkeypatch.setenv("OPENAI_API_KEY", "a-key-that-nobody-sees")
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    return Settings(endpoint="openai", model="gpt-4.1-mini", cache=tmp_path / "store")


def test_the_look_ahead_tells_each_document_and_names_the_dearest(
    docs: Path, priced: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    ahead = estimate([docs], priced)
    assert [one.document for one in ahead.by_document] == ["long.txt", "short.txt"]
    long, short = ahead.by_document
    assert (
        long.money and short.money and long.money > 1.5 * short.money and long.output_tokens > 5 * short.output_tokens
    )
    assert ahead.likely_money == pytest.approx(long.money + short.money)
    assert ahead.money and 0 < ahead.likely_money < ahead.money / 2 and ahead.likely_tokens < ahead.tokens
    words = ["extract", str(docs), "--endpoint", "openai", "--model", "gpt-4.1-mini", "--dry-run"]
    with pytest.raises(SystemExit):
        main([*words, "--cache", str(priced.cache)])
    said = capsys.readouterr().out
    assert f"about ${ahead.likely_money:.2f}, at most ${ahead.money:.2f}" in said
    assert f"the dearest: long.txt ${long.money:.4f}, short.txt" in said


def test_decisions_and_questions_asked_again_are_told_too(docs: Path, tmp_path: Path) -> None:
    refusable = json.dumps({"policies": [{"announcement": "99", "type": "unnamed_action"}]})
    with ChatService(usual=completion(refusable)) as service:
        settings = Settings(endpoint="openai", base_url=service.url, model="m", cache=tmp_path / "store")
        run([docs], tmp_path / "out", settings)
        store = Store(tmp_path / "store")
        thrice = [body for body in service.requests if len(body["messages"]) == 6]
        assert len(thrice) == 2
        for body in thrice:
            store._cache.pop(request_id_of_body(_as_asked(body)))
        store.close()
        ahead = estimate([docs], settings)
    assert {one.output_tokens for one in ahead.by_document} == {round(1.05 * count_tokens(refusable))}


def _as_asked(body: dict[str, Any]) -> dict[str, Any]:
    """The request without the bounds that a local service gets."""
    plain = json.loads(json.dumps(body))

    def strip(node: Any) -> None:
        if isinstance(node, dict):
            node.pop("maxItems", None)
        for part in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
            strip(part)

    strip(plain["response_format"])
    return dict(plain)


def test_a_document_keeps_what_its_answers_cost_whoever_paid(docs: Path, tmp_path: Path) -> None:
    with ChatService(usual=completion(ANSWER)) as service:
        settings = Settings(endpoint="openai", base_url=service.url, model="m", cache=tmp_path / "store")
        run([docs], tmp_path / "paid", settings)
        run([docs], tmp_path / "cached", settings)
        assert len(service.requests) == 2
    paid, cached = (tmp_path / name / "documents.jsonl" for name in ("paid", "cached"))
    assert paid.read_bytes() == cached.read_bytes()
    row = read_documents(tmp_path / "cached")["short.txt"]
    assert (row.answers, row.input_tokens, row.output_tokens, row.money) == (1, 100, 20, 0.0)


def test_money_stands_in_the_rows_the_tables_and_the_summary(
    docs: Path, tmp_path: Path, priced: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    requests = tmp_path / "r.jsonl"
    with pytest.raises(SystemExit):
        main(["requests", str(docs), "--model", "gpt-4.1-mini", "--out", str(requests), "--cache", str(priced.cache)])
    store = Store(priced.cache)
    for line in requests.read_text("utf-8").splitlines():
        told = completion(ANSWER) | {"usage": {"prompt_tokens": 10_000, "completion_tokens": 1_000}}
        store.put(json.loads(line)["custom_id"], json.dumps(told).encode())
    store.close()
    words = ["--endpoint", "openai", "--model", "gpt-4.1-mini", "--cache", str(priced.cache)]
    with pytest.raises(SystemExit):
        main(["extract", str(docs), "--out", str(tmp_path / "out"), *words])
    assert read_documents(tmp_path / "out")["long.txt"].money == pytest.approx(0.0056)
    assert "$0.0056" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        main(["export", str(tmp_path / "out"), "--format", "csv", "--out", str(tmp_path / "tables")])
    with next(tmp_path.glob("tables/*documents.csv")).open(encoding="utf-8-sig", newline="") as file:
        row = next(csv.DictReader(file))
    costs = [row[name] for name in ("answers", "input_tokens", "output_tokens", "money")]
    assert costs == ["1", "10000", "1000", "0.0056"]


def test_answers_that_tell_no_tokens_leave_the_cost_open(docs: Path, tmp_path: Path) -> None:
    with ChatService(usual=completion(ANSWER) | {"usage": None}) as service:
        settings = Settings(endpoint="openai", base_url=service.url, model="m", cache=tmp_path / "store")
        run([docs], tmp_path / "out", settings)
    row = read_documents(tmp_path / "out")["short.txt"]
    assert (row.answers, row.input_tokens, row.output_tokens, row.money) == (1, None, None, None)


def test_what_is_said_before_is_what_recorded_answers_cost(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the very counter of the estimate: what its words and its guess of the answers' length leave open."""
    monkeypatch.setenv(NO_LIVE_CALLS, "1")
    monkeypatch.setenv("OPENAI_API_KEY", "a-key-that-nobody-sees")
    found = compare(Path(__file__).parent.parent / "eval" / "contrast", "gpt-4.1-mini", count_tokens)
    assert found.documents == 12 and abs(found.off) < MOST_OFF, found


# The budget ---------------------------------------------------------------------


def body(rules: str, words: str) -> dict[str, Any]:
    return {"messages": [{"role": "system", "content": rules}, {"role": "user", "content": words}]}


def test_a_measured_head_counts_as_the_service_counts_it() -> None:
    measured, first = Measured(), body("r" * 9000, "w" * 400)
    assert measured.bound(first) == size_of(first)
    measured.learn(first, Cost(2400, 0, 10))
    again = body("r" * 9000, "v" * 1000)
    assert measured.bound(again) == 2400 + 1000 + 32
    assert measured.bound(body("s" * 9000, "v" * 1000)) == size_of(again)  # Other rules.
    measured.learn(again, Cost(50, 0, 10))  # Less than any tokenizer makes of it: not all can have been counted.
    assert measured.bound(again) == 3432
    measured.learn(again, Cost(2300, 0, 10))
    assert measured.bound(again) == 3332


def test_a_budget_goes_further_with_what_the_service_has_counted(tmp_path: Path) -> None:
    rules = [{"role": "system", "content": "r" * 8000}]

    def bill(request: dict[str, Any]) -> Any:
        size = sum(len(m["content"]) for m in request["messages"])
        return completion() | {"usage": {"prompt_tokens": size // 4, "completion_tokens": 20}}

    async def all_of(model: Any) -> None:
        from tests.chat_service import Fact

        for n in range(99):
            await model.complete([*rules, {"role": "user", "content": f"{n}" * 40}], Fact, max_tokens=50)

    with ChatService(usual=bill) as service:
        budget = Budget(tokens=20_000)
        with pytest.raises(BudgetReached):
            asked(model_at(service, Store(tmp_path / "store"), budget=budget), all_of)
        done = len(service.requests)
    assert 20_000 - 2_500 < budget.spent.tokens <= 20_000 and done == 9  # A token a byte would have ended it at 6.
