"""Where stored answers came from, and what a service refused for good: told, and not asked again in silence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.cli import main
from pipeline.model import NO_LIVE_CALLS, Store
from pipeline.run import run
from pipeline.settings import Settings
from tests.chat_service import ChatService, completion
from tests.test_run import brief

ANSWER = json.dumps({"policies": [{"announcement": "2", "type": "unnamed_action"}]})


@pytest.fixture(autouse=True)
def live(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (NO_LIVE_CALLS, "OPENAI_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a.txt").write_text(brief(), "utf-8")
    return tmp_path / "docs"


def manifest_at(url: str, docs: Path, out: Path) -> Any:
    store = docs.parent / "store"
    return run([docs], out, Settings(endpoint="openai", base_url=url, model="default", cache=store))


# Two addresses, one name ------------------------------------------------------


def test_answers_of_another_address_are_served_and_told(docs: Path, tmp_path: Path) -> None:
    with ChatService(usual=completion(ANSWER)) as one, ChatService(usual=completion(ANSWER)) as two:
        first = manifest_at(one.url, docs, tmp_path / "one")
        again = manifest_at(one.url, docs, tmp_path / "again")
        second = manifest_at(two.url, docs, tmp_path / "two")
        assert (len(one.requests), len(two.requests)) == (1, 0)
    assert first.answered_at == again.answered_at == second.answered_at == {one.url: 1}
    assert first.notes == again.notes == ()
    (note,) = second.notes
    assert one.url in note and two.url in note and "--cache" in note
    told = json.loads((tmp_path / "two" / "run.json").read_text("utf-8"))
    assert (told["answered_at"], told["notes"]) == ({one.url: 1}, [note])


def test_the_note_is_printed_where_no_bar_shows_it(
    docs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with ChatService(usual=completion(ANSWER)) as one, ChatService() as two:
        manifest_at(one.url, docs, tmp_path / "one")
        words = ["extract", str(docs), "--out", str(tmp_path / "two"), "--endpoint", "openai", "--model", "default"]
        with pytest.raises(SystemExit):
            main([*words, "--base-url", two.url, "--cache", str(tmp_path / "store")])
    assert f"note: answers that {one.url} gave" in capsys.readouterr().err


def test_answers_kept_before_origins_were_noted_are_served(docs: Path, tmp_path: Path) -> None:
    with ChatService(usual=completion(ANSWER)) as service:
        manifest_at(service.url, docs, tmp_path / "one")
        store = Store(tmp_path / "store")
        store._cache._sql("UPDATE Cache SET tag = NULL")
        store.close()
        again = manifest_at(service.url, docs, tmp_path / "two")
        assert len(service.requests) == 1
    assert (again.answered_at, again.notes) == ({"unknown": 1}, ())


def test_an_origin_holds_no_secrets(docs: Path, tmp_path: Path) -> None:
    with ChatService(usual=completion(ANSWER)) as service:
        with_user = service.url.replace("//", "//user:a-long-password@") + "?token=a-long-token"
        told = manifest_at(with_user, docs, tmp_path / "one")
    assert list(told.answered_at) == [service.url.replace("//", "//***@") + "?token=***"]
    assert b"a-long" not in (tmp_path / "store" / "cache.db").read_bytes()


# Refused for good, in a file of answers ---------------------------------------


def refused(docs: Path, status: int) -> tuple[Path, list[str]]:
    """A file of requests whose answer is a refusal, and the words that the commands about it share."""
    room = docs.parent
    store = ["--cache", str(room / "store")]
    requests = ["requests", str(docs), "--model", "m", *store]
    call([*requests, "--out", str(room / "r.jsonl")])
    (line,) = (room / "r.jsonl").read_text("utf-8").splitlines()
    body = {"error": {"message": "context\n of 4096 tokens exceeded", "code": "x"}}
    answer = {"custom_id": json.loads(line)["custom_id"], "response": {"status_code": status, "body": body}}
    (room / "a.jsonl").write_text(json.dumps(answer), "utf-8")
    return room, requests


def call(words: list[str]) -> int:
    with pytest.raises(SystemExit) as left:
        main(words)
    return int(left.value.code or 0)


def take(room: Path) -> int:
    missing = ["--missing", str(room / "open.jsonl"), "--cache", str(room / "store")]
    return call(["answers", str(room / "a.jsonl"), "--requests", str(room / "r.jsonl"), *missing])


def test_what_was_refused_for_good_is_not_written_again(docs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    room, requests = refused(docs, 400)
    assert take(room) == 1
    assert "status 400: context of 4096 tokens exceeded" in capsys.readouterr().err
    assert (room / "open.jsonl").read_text("utf-8") == ""
    assert call([*requests, "--out", str(room / "again.jsonl")]) == 1
    said = capsys.readouterr()
    assert "a.txt: the service refused the request for good (400: context of 4096" in said.err
    assert "nothing to ask" in said.out and (room / "again.jsonl").read_text("utf-8") == ""
    assert Store(room / "store").verify() == []
    out = run([docs], room / "out", Settings(endpoint="files", model="m", cache=room / "store"))
    assert (out.failed, out.errors) == (1, {"model_error": 1})


def test_it_is_written_again_on_demand_and_an_answer_takes_its_place(docs: Path) -> None:
    room, requests = refused(docs, 413)
    take(room)
    assert call([*requests, "--out", str(room / "r.jsonl"), "--retry-failed"]) == 0
    assert len((room / "r.jsonl").read_text("utf-8").splitlines()) == 1
    line = json.loads((room / "a.jsonl").read_text("utf-8"))
    line["response"] = {"status_code": 200, "body": completion(ANSWER)}
    (room / "a.jsonl").write_text(json.dumps(line), "utf-8")
    assert take(room) == 0
    out = run([docs], room / "out", Settings(endpoint="files", model="m", cache=room / "store"))
    assert (out.failed, out.answered_at) == (0, {"file": 1})


@pytest.mark.parametrize("status", [401, 429, 500])
def test_other_refusals_leave_the_request_open(docs: Path, status: int) -> None:
    room, requests = refused(docs, status)
    take(room)
    assert len((room / "open.jsonl").read_text("utf-8").splitlines()) == 1
    assert call([*requests, "--out", str(room / "again.jsonl")]) == 0


def test_another_service_is_asked_what_one_refused_in_a_file(docs: Path, tmp_path: Path) -> None:
    room, _ = refused(docs, 400)
    take(room)
    with ChatService(usual=completion(ANSWER)) as service:
        settings = Settings(endpoint="openai", base_url=service.url, model="m", cache=room / "store")
        assert run([docs], tmp_path / "out", settings).failed == 0
        assert len(service.requests) == 1
    out = run([docs], room / "out", Settings(endpoint="files", model="m", cache=room / "store"))
    assert out.failed == 0
