"""Whole runs: folders continued, failures kept, one bad file never stopping the rest, and the Python API."""

from __future__ import annotations

import dataclasses
import json
import pickle
import pkgutil
import shutil
import subprocess
import sys
import unicodedata
from pathlib import Path
from typing import Any

import filelock
import pytest

import pipeline
from pipeline import extract
from pipeline.estimate import estimate
from pipeline.event import Event
from pipeline.jobs import parse_shard
from pipeline.learn.weights import SHIPPED, read_weights
from pipeline.read import read
from pipeline.run import run
from pipeline.settings import Settings
from pipeline.steps import extract_document
from schemas.errors import BudgetReached, InputError, OutputUnwritable, UsageError
from schemas.records import Policy

BRIEF = """01 {city}, '{plan}' 발표

- {city}는 '{plan}'을 발표

1) 오염원 관리

- (하수 정비) 노후 하수관 120km를 교체하고 우수 저류조 설치
- (주민 참여) 마을 단위의 하천 살피기 모임 운영
"""
DRAFT = Settings(endpoint="draft")


def brief(city: str = "베이징시 정부", plan: str = "도시 하천 수질 개선 계획(2025~2028)") -> str:
    return BRIEF.format(city=city, plan=plan)


def rows(out: Path) -> dict[str, dict[str, Any]]:
    return {
        r["document"]: r for r in map(json.loads, (out / "documents.jsonl").read_text(encoding="utf-8").splitlines())
    }


def policies(out: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (out / "policies.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    folder = tmp_path / "docs"
    folder.mkdir()
    (folder / "a.txt").write_text(brief(), "utf-8")
    return folder


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def test_the_public_names_are_few_and_all_there() -> None:
    public = {name for name in dir(pipeline) if not name.startswith("_")} | set(pipeline.__all__)
    modules = {module.name for module in pkgutil.iter_modules(pipeline.__path__)}
    assert public - modules - {"annotations", "importlib", "TYPE_CHECKING", "Any"} == set(pipeline.__all__)
    assert sorted(pipeline.__all__) == ["Extraction", "Settings", "extract", "extract_document"]
    for name in pipeline.__all__:
        assert getattr(pipeline, name) is not None
    with pytest.raises(AttributeError, match="nothing_of_this_name"):
        _ = pipeline.nothing_of_this_name


def test_extract_takes_a_path_or_a_text_and_gives_typed_records(docs: Path) -> None:
    (policy,) = extract(docs / "a.txt")
    assert isinstance(policy, Policy)
    assert policy.title is not None and policy.title.text == "도시 하천 수질 개선 계획(2025~2028)"
    assert (policy.period_start, policy.period_end, policy.jurisdiction) == (2025, 2028, "CN-BJ")
    assert [m.label.text for m in policy.measures if m.label] == ["하수 정비", "주민 참여"]
    assert extract(str(docs / "a.txt")) == (policy,)
    (from_text,) = extract(brief())
    assert from_text.document == "text" and from_text.measures == policy.measures
    assert extract("오늘은 날씨가 맑다.") == ()
    assert extract("오늘은 날씨가 맑고 바람이 분다. " * 30) == ()  # Longer than a file name may be.


def test_extract_raises_what_a_user_can_read(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="empty"):
        extract("")
    with pytest.raises(InputError, match="cannot be opened"):
        extract(tmp_path / "gone.txt")
    with pytest.raises(UsageError, match="at least 1"):
        extract(brief(), endpoint="openai", jobs=0)


def test_one_document_is_a_unit_of_work_that_can_be_sent_to_another_process(docs: Path) -> None:
    document, settings = pickle.loads(pickle.dumps((read(docs / "a.txt"), DRAFT)))
    extraction = extract_document(document, settings)
    assert pickle.loads(pickle.dumps(extraction)).policies == extraction.policies
    assert [a.kind for a in extraction.articles] and len(extraction.units) == 5


def test_a_run_writes_its_four_files_and_tells_what_happens(docs: Path, out: Path) -> None:
    events: list[Event] = []
    manifest = run([docs], out, DRAFT, on_event=events.append)
    assert [e.kind for e in events] == ["started", "document", "finished"]
    assert (manifest.documents, manifest.failed, manifest.policies, manifest.measures) == (1, 0, 1, 2)
    assert json.loads((out / "run.json").read_text("utf-8")) == manifest.model_dump(mode="json")
    assert rows(out)["a.txt"]["status"] == "ok" and rows(out)["a.txt"]["encoding"] == "utf-8"
    (policy,) = policies(out)
    assert list(policy) == list(Policy.model_fields)  # Keys in the order of the schema.
    assert (
        policy["provenance"]["model"] == f"draft {read_weights(SHIPPED).name}"
        and policy["provenance"]["request_ids"] == []
    )
    raw = (out / "policies.jsonl").read_text("utf-8")
    assert "도시 하천" in raw and str(out) not in raw


def test_nothing_that_varies_stands_outside_run_json(docs: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        copy = tmp_path / f"docs_{name}"
        shutil.copytree(docs, copy)
        run([copy], tmp_path / name, DRAFT)
    for file in ("policies.jsonl", "documents.jsonl", "refused.jsonl"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


def test_identical_files_are_read_once_and_both_named(docs: Path, out: Path) -> None:
    (docs / "b").mkdir()
    shutil.copy(docs / "a.txt", docs / "b" / "copy.txt")
    run([docs], out, DRAFT)
    assert list(rows(out)) == ["a.txt"] and rows(out)["a.txt"]["same_as"] == ["b/copy.txt"]
    assert len(policies(out)) == 1


def test_a_folder_is_continued(docs: Path, out: Path) -> None:
    (docs / "gone.txt").write_text(brief("상하이시 정부", "도시 숲 조성 계획(2025~2028)"), "utf-8")
    run([docs], out, DRAFT)
    assert set(rows(out)) == {"a.txt", "gone.txt"}
    first = rows(out)["a.txt"]["sha256"]
    (docs / "gone.txt").unlink()
    (docs / "a.txt").write_text(brief(plan="도시 산책로 조성 계획(2026~2030)"), "utf-8")
    (docs / "new.txt").write_text(brief("톈진시 정부", "항만 전기화 계획(2025~2027)"), "utf-8")
    run([docs], out, DRAFT)
    assert set(rows(out)) == {"a.txt", "new.txt"} and rows(out)["a.txt"]["sha256"] != first
    assert [p["title"]["text"][:6] for p in policies(out)] == ["도시 산책로", "항만 전기화"]


def test_one_bad_file_never_stops_the_rest(docs: Path, out: Path) -> None:
    for name, raw in {
        "empty.txt": b"",
        "binary.txt": b"\x89PNG" + bytes(range(256)),
        "odd.txt": b"\xff\xff\x80" * 9,
    }.items():
        (docs / name).write_bytes(raw)
    with (docs / "huge.txt").open("wb") as file:
        file.truncate(20_000_000)
    manifest = run([docs], out, DRAFT)
    found = rows(out)
    assert (manifest.documents, manifest.failed, manifest.policies) == (5, 4, 1)
    assert manifest.errors == {"input_error": 4}
    assert {n: r["status"] for n, r in found.items() if r["status"] == "ok"} == {"a.txt": "ok"}
    for name, word in {"empty.txt": "empty", "binary.txt": "binary", "odd.txt": "UTF-8", "huge.txt": "20.0 MB"}.items():
        assert found[name]["error"]["kind"] == "input_error" and word in found[name]["error"]["message"]
        assert found[name]["policies"] == 0


def test_a_document_without_a_policy_is_a_normal_result(docs: Path, out: Path) -> None:
    (docs / "a.txt").write_text("한 회사가 새 시험기를 선보였다. 회사 대표는 주문이 늘었다고 말했다.\n", "utf-8")
    manifest = run([docs], out, DRAFT)
    assert (manifest.failed, manifest.policies) == (0, 0)
    assert rows(out)["a.txt"]["status"] == "ok" and (out / "policies.jsonl").read_bytes() == b""


def test_a_bad_file_that_was_mended_is_read(docs: Path, out: Path) -> None:
    (docs / "b.txt").write_bytes(b"")
    run([docs], out, DRAFT)
    assert rows(out)["b.txt"]["status"] == "failed"
    (docs / "b.txt").write_text(brief("상하이시 정부", "도시 숲 조성 계획(2025~2028)"), "utf-8")
    run([docs], out, DRAFT)
    assert rows(out)["b.txt"]["status"] == "ok" and len(policies(out)) == 2


def test_two_runs_are_kept_apart(docs: Path, out: Path) -> None:
    out.mkdir()
    with filelock.FileLock(out / ".pams.lock"), pytest.raises(OutputUnwritable, match="another run"):
        run([docs], out, DRAFT)
    assert not (out / "policies.jsonl").exists()
    run([docs], out, DRAFT)


@pytest.mark.parametrize("place", ["file", "file/below"])
def test_a_folder_that_cannot_be_written_is_refused_before_anything(docs: Path, tmp_path: Path, place: str) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(OutputUnwritable, match="--out"):
        run([docs], tmp_path / place, DRAFT)
    assert (tmp_path / "file").read_text() == "mine"


def test_a_file_of_another_program_is_not_continued(docs: Path, out: Path) -> None:
    out.mkdir()
    (out / "documents.jsonl").write_text('{"something": "else"}\n')
    with pytest.raises(InputError, match="not a file of this version"):
        run([docs], out, DRAFT)


def test_wrong_use_is_found_before_anything_is_written(docs: Path, out: Path, tmp_path: Path) -> None:
    for paths, settings in (
        ([tmp_path / "no"], DRAFT),
        ([docs], Settings(endpoint="openai", jobs=0, base_url="http://127.0.0.1:9")),
    ):
        with pytest.raises(UsageError):
            run(paths, out, settings)
    assert not (out / "documents.jsonl").exists()


def test_failures_stay_until_they_are_tried_again(docs: Path, out: Path, serve: Any) -> None:
    service = serve(lambda body: "I cannot answer." if len(service.requests) <= 3 else '{"policies":[]}')
    settings = Settings(endpoint="openai", base_url=service.url, model="scripted", jobs=1)
    assert run([docs], out, settings).failed == 1
    failure = rows(out)["a.txt"]["error"]
    assert failure["kind"] == "model_error" and "no usable answer after 3 attempts" in failure["message"]
    assert run([docs], out, settings).failed == 1 and rows(out)["a.txt"]["error"] == failure
    assert len(service.requests) == 3
    again = Settings(endpoint="openai", base_url=service.url, model="another", jobs=1, retry_failed=True)
    assert run([docs], out, again).failed == 0
    assert rows(out)["a.txt"]["status"] == "ok"


def test_the_python_api_works_in_a_fresh_interpreter(docs: Path) -> None:
    code = "import sys; from pipeline import extract; print(len(extract(sys.argv[1])))"
    done = subprocess.run([sys.executable, "-c", code, str(docs / "a.txt")], capture_output=True, text=True, timeout=60)
    assert (done.stdout, done.stderr) == ("1\n", "")


def test_decomposed_hangul_gives_the_same_records_at_the_offsets_of_the_file(seeds: Path) -> None:
    text = (seeds / "000_2b77c52a4b4d5503.txt").read_text(encoding="utf-8")
    composed, decomposed = extract(text), extract(unicodedata.normalize("NFD", text))
    assert len(decomposed) == len(composed) == 1
    source = unicodedata.normalize("NFD", text)
    for one, other in zip(composed[0].measures, decomposed[0].measures, strict=True):
        assert source[other.text.start : other.text.end] == other.text.text
        assert unicodedata.normalize("NFC", other.text.text) == one.text.text
        assert other.instrument is one.instrument


def test_shards_split_a_corpus_and_lose_nothing(docs: Path, tmp_path: Path) -> None:
    for number in range(12):
        (docs / f"n{number}.txt").write_text(brief(plan=f"도시 하천 수질 개선 계획 {number}(2025~2028)"), "utf-8")
    found: list[str] = []
    for part in (1, 2, 3):
        run([docs], tmp_path / str(part), DRAFT, shard=parse_shard(f"{part}/3"))
        found += rows(tmp_path / str(part))
    assert sorted(found) == sorted(p.name for p in docs.iterdir())
    for wrong in ("0/3", "4/3", "3", "a/b", "1/0"):
        with pytest.raises(UsageError, match="3/16"):
            parse_shard(wrong)


def test_a_look_ahead_sends_nothing_and_tells_what_a_run_would(docs: Path, out: Path, serve: Any) -> None:
    service = serve('{"policies":[]}')
    settings = Settings(endpoint="openai", base_url=service.url, model="scripted")
    ahead = estimate([docs], settings)
    assert (ahead.documents, ahead.cached, ahead.to_pay, ahead.money) == (1, 0, 1, 0.0) and ahead.tokens > 12_000
    assert service.requests == [] and not out.exists()
    run([docs], out, settings)
    assert estimate([docs], settings).cached == 1 and len(service.requests) == 1


def test_a_budget_in_tokens_stops_the_run_and_what_was_paid_for_is_kept(docs: Path, out: Path, serve: Any) -> None:
    for number in range(6):
        (docs / f"n{number}.txt").write_text(brief(plan=f"도시 하천 수질 개선 계획 {number}(2025~2028)"), "utf-8")
    service = serve('{"policies":[]}')
    settings = Settings(
        endpoint="openai", base_url=service.url, model="scripted", prompts="article", jobs=1, max_tokens_total=30_000
    )
    with pytest.raises(BudgetReached):
        run([docs], out, settings)
    kept = [r for r in rows(out).values() if r["status"] == "ok"]
    assert len(kept) == len(service.requests) > 0
    assert {r["error"]["kind"] for r in rows(out).values() if r["error"]} == {"budget_reached"}
    assert json.loads((out / "run.json").read_text("utf-8"))["state"] == "stopped"
    manifest = run([docs], out, Settings(endpoint="openai", base_url=service.url, model="scripted", prompts="article"))
    assert (manifest.failed, manifest.state, len(service.requests)) == (0, "finished", 7)


def test_the_log_of_events_tells_the_run_and_no_text(docs: Path, out: Path) -> None:
    run([docs], out, DRAFT)
    raw = (out / "events.jsonl").read_text("utf-8")
    assert [json.loads(line)["event"] for line in raw.splitlines()] == ["started", "document", "finished"]
    assert "하천" not in raw and "a.txt" in raw
    run([docs], out, DRAFT)
    assert len((out / "events.jsonl").read_text("utf-8").splitlines()) == 6


def test_requests_of_several_articles_that_fail_alike_end_alike_however_often_stopped(
    docs: Path, tmp_path: Path, serve: Any
) -> None:
    """What is pending comes before what failed: the row's message does not depend on what was in the store."""
    items = "\n\n".join(
        brief(city).replace("01 ", f"0{n} ") for n, city in enumerate(("한빛시 정부", "새솔시 정부"), 1)
    )
    (docs / "a.txt").write_text(items, "utf-8")
    service = serve("나는 답할 수 없다.")
    settings = Settings(endpoint="openai", base_url=service.url, model="scripted", prompts="article")
    for name in ("one", "two"):
        run([docs], tmp_path / name, settings)
    assert rows(tmp_path / "one") == rows(tmp_path / "two")
    assert "article 1" in rows(tmp_path / "one")["a.txt"]["error"]["message"] and len(service.requests) == 6


def test_a_folder_made_with_another_prompt_set_says_so_and_its_answers_are_served_still(
    docs: Path, out: Path, tmp_path: Path, serve: Any
) -> None:
    service = serve('{"policies":[]}')
    settings = Settings(endpoint="openai", base_url=service.url, model="scripted", prompts="article")
    assert run([docs], out, settings).notes == ()
    before = (out / "documents.jsonl").read_bytes()
    usual = dataclasses.replace(settings, prompts=None)
    anew = run([docs], tmp_path / "new", usual)
    assert (anew.prompt_set, anew.notes, len(service.requests)) == ("brief", (), 2)
    (note,) = run([docs], out, usual).notes
    assert "prompt set article" in note and "--prompts article" in note
    again = run([docs], out, settings)
    assert (again.notes, again.usage.calls, len(service.requests)) == ((), 0, 2)
    assert (out / "documents.jsonl").read_bytes() == before
