"""The files endpoint: requests out, answers in; nothing foreign, changed or doubled gets into the store."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from pipeline.model import FilesModel, Store, read_answers, read_requests, write_requests
from schemas.errors import InputError, OutputUnwritable, Pending


class Fact(BaseModel):
    """What the tests ask for."""

    title: str


def completion(text: str) -> dict[str, Any]:
    """An answer made without a service: no usage, no id."""
    return {"choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": text}}]}


def collect(store: Store, count: int = 4) -> FilesModel:
    """Asks `count` questions and one for scores; each not in the store is pending."""

    async def run() -> FilesModel:
        async with FilesModel("large-model", store) as model:
            for n in range(count):
                try:
                    done = await model.complete([{"role": "user", "content": f"제목 {n}"}], Fact)
                    assert done.cached and done.value == Fact(title=f"계획 {n}")
                except Pending as pending:
                    assert pending.request_id in model.requests
            return model

    return asyncio.run(run())


def answer_line(request_id: str, text: str, **more: Any) -> dict[str, Any]:
    """One line of an answers file, as batch services write it."""
    response = {"status_code": 200, "request_id": "r", "body": completion(text)}
    return {"id": "x", "custom_id": request_id, "response": response, "error": None} | more


def write_answers(path: Path, lines: list[Any]) -> Path:
    path.write_text("".join(f"{line if isinstance(line, str) else json.dumps(line)}\n" for line in lines), "utf-8")
    return path


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


@pytest.fixture
def requests(store: Store) -> dict[str, Any]:
    return collect(store).requests


def test_requests_are_batch_lines_and_read_back(tmp_path: Path, requests: dict[str, Any]) -> None:
    path = tmp_path / "requests.jsonl"
    assert write_requests(path, requests) == 4
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert [row["custom_id"] for row in rows] == list(requests)
    assert {(row["method"], row["url"]) for row in rows} == {("POST", "/v1/chat/completions")}
    assert rows[0]["body"]["messages"] == [{"role": "user", "content": "제목 0"}]
    assert "제목 0" in path.read_text("utf-8"), "readable, not escaped"
    assert read_requests(path) == requests


def test_answers_in_any_order_complete_the_run_without_a_call(
    tmp_path: Path, store: Store, requests: dict[str, Any]
) -> None:
    lines = [answer_line(key, f'{{"title":"계획 {n}"}}') for n, key in enumerate(requests)]
    read = read_answers(write_answers(tmp_path / "a.jsonl", lines[::-1]), store, requests)
    assert set(read.accepted) == set(requests) and read.refused == () and read.missing == ()
    model = collect(store)
    assert model.requests == {} and (model.usage.calls, model.usage.cache_hits) == (0, 4)


def test_partial_answers_leave_the_rest_to_be_written_out_again(
    tmp_path: Path, store: Store, requests: dict[str, Any]
) -> None:
    keys = list(requests)
    path = write_answers(tmp_path / "a.jsonl", [answer_line(keys[2], '{"title":"계획 2"}')])
    read = read_answers(path, store, requests)
    assert read.accepted == (keys[2],)
    assert read.missing == (keys[0], keys[1], keys[3])
    assert list(collect(store).requests) == list(read.missing)
    again = read_answers(path, store, requests)  # The same file twice is no contradiction.
    assert again.accepted == (keys[2],) and again.refused == ()


def faults(key: str) -> list[tuple[Any, str]]:
    """Lines that must not be taken, and a word of the reason."""
    good = answer_line(key, '{"title":"x"}')
    return [
        ("{broken", "not JSON"),
        ("[1]", "no custom_id"),
        (good | {"custom_id": key[:-1] + ("0" if key[-1] != "0" else "1")}, "not among the requests"),
        (good | {"custom_id": None}, "no custom_id"),
        (good | {"error": {"message": "expired"}}, "expired"),
        (good | {"response": None}, "no response"),
        (good | {"response": {"status_code": 500, "body": {}}}, "status 500"),
        (good | {"response": {"status_code": 200, "body": {"choices": []}}}, "without choices"),
        (good | {"response": {"status_code": 200, "body": "text"}}, "no chat completion"),
        (good | {"response": {"status_code": 200, "body": {"choices": [{"message": {"content": 7}}]}}}, "message"),
    ]


@pytest.mark.parametrize("number", range(10))
def test_foreign_and_tampered_answers_are_refused_with_the_reason(
    tmp_path: Path, store: Store, requests: dict[str, Any], number: int
) -> None:
    line, words = faults(next(iter(requests)))[number]
    other = list(requests)[1]
    path = write_answers(tmp_path / "a.jsonl", [line, answer_line(other, '{"title":"계획 1"}')])
    read = read_answers(path, store, requests)
    assert [(row.line, words in row.reason) for row in read.refused] == [(1, True)], read.refused
    assert read.accepted == (other,) and len(read.missing) == 3
    assert store.stats().answers == 1


def test_several_answers_to_one_request_are_all_refused(tmp_path: Path, store: Store, requests: dict[str, Any]) -> None:
    key = next(iter(requests))
    path = write_answers(tmp_path / "a.jsonl", [answer_line(key, '{"title":"a"}'), answer_line(key, '{"title":"b"}')])
    read = read_answers(path, store, requests)
    assert [row.line for row in read.refused] == [1, 2] and key in read.missing and key not in store


def test_a_kept_answer_is_not_overwritten(tmp_path: Path, store: Store, requests: dict[str, Any]) -> None:
    key = next(iter(requests))
    read_answers(write_answers(tmp_path / "a", [answer_line(key, "one")]), store, requests)
    kept = store.get(key)
    read = read_answers(write_answers(tmp_path / "b", [answer_line(key, "two")]), store, requests)
    assert "already kept" in read.refused[0].reason and store.get(key) == kept


def test_an_answer_without_the_log_probabilities_asked_for_is_refused(tmp_path: Path, store: Store) -> None:
    async def run() -> dict[str, Any]:
        async with FilesModel("m", store) as model:
            with pytest.raises(Pending):
                await model.score([{"role": "user", "content": "?"}], "AB")
            return model.requests

    requests = asyncio.run(run())
    path = write_answers(tmp_path / "a", [answer_line(next(iter(requests)), "A")])
    assert "log-probabilities" in read_answers(path, store, requests).refused[0].reason


def test_a_changed_request_is_refused(tmp_path: Path, requests: dict[str, Any]) -> None:
    path = tmp_path / "r.jsonl"
    write_requests(path, requests)
    path.write_text(path.read_text("utf-8").replace("제목 1", "제목 9"), "utf-8")
    with pytest.raises(InputError, match="line 2: the request was changed"):
        read_requests(path)
    path.write_text('{"custom_id": "x"}\n', "utf-8")
    with pytest.raises(InputError, match="line 1: not a request"):
        read_requests(path)


def test_ids_made_from_weights_are_checked_with_their_hash(tmp_path: Path, store: Store) -> None:
    async def run() -> dict[str, Any]:
        async with FilesModel("m", store, sha256="ab" * 32) as model:
            with pytest.raises(Pending):
                await model.complete([{"role": "user", "content": "?"}], Fact)
            return model.requests

    path = tmp_path / "r.jsonl"
    requests = asyncio.run(run())
    write_requests(path, requests)
    assert read_requests(path, "ab" * 32) == requests
    with pytest.raises(InputError):
        read_requests(path)


def test_files_that_cannot_be_used_are_named(tmp_path: Path, store: Store) -> None:
    with pytest.raises(InputError, match=r"nothing\.jsonl"):
        read_answers(tmp_path / "nothing.jsonl", store, {})
    (tmp_path / "latin").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="UTF-8"):
        read_answers(tmp_path / "latin", store, {})
    with pytest.raises(OutputUnwritable):
        write_requests(tmp_path / "no" / "folder.jsonl", {})
