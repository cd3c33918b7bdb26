"""Results of several runs in one folder: what one run gives, nothing twice, nothing that was changed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from pipeline.cli import main
from pipeline.gather import gather
from pipeline.jobs import Shard
from pipeline.results import Results
from pipeline.run import run
from pipeline.settings import Settings
from schemas.errors import InputError, UsageError

DRAFT = Settings(endpoint="draft")
RESULTS = ("policies.jsonl", "refused.jsonl", "documents.jsonl")


def brief(number: int) -> str:
    return f"""■ 한빛시, '골목 숲 조성 계획 제{number}호(2025~2028)' 발표

- 한빛시 정부는 '골목 숲 조성 계획 제{number}호(2025~2028)'을 발표

- (가로수) 골목 {number + 20}곳에 나무 300그루를 심고 쉼터 설치
"""


def store(folder: Path, *numbers: int) -> Path:
    folder.mkdir(parents=True)
    for number in numbers:
        (folder / f"b{number}.txt").write_text(brief(number), "utf-8")
    return folder


def content(out: Path) -> dict[str, bytes]:
    """All that a run puts in place, texts included, but for what may vary between equal runs."""
    texts = {f"texts/{p.name}": p.read_bytes() for p in sorted((out / "texts").iterdir())}
    return {name: (out / name).read_bytes() for name in RESULTS} | texts


def rows(out: Path) -> dict[str, dict[str, Any]]:
    return {r["document"]: r for r in map(json.loads, (out / "documents.jsonl").read_text("utf-8").splitlines())}


def test_shards_together_are_what_one_run_gives_byte_for_byte(tmp_path: Path) -> None:
    docs = store(tmp_path / "docs", *range(12))
    (docs / "copy.txt").write_text(brief(3), "utf-8")
    (docs / "bad.txt").write_bytes(b"")
    whole = run([docs], tmp_path / "whole", DRAFT)
    parts = [tmp_path / f"part-{n}" for n in (1, 2, 3)]
    for number, part in enumerate(parts, 1):
        run([docs], part, DRAFT, shard=Shard(number, 3))
    done = gather(parts[::-1], tmp_path / "all")
    assert content(tmp_path / "all") == content(tmp_path / "whole")
    named = ("documents", "failed", "policies", "measures", "targets", "errors", "files", "state", "prompt_hash")
    assert {n: getattr(done.manifest, n) for n in named} == {n: getattr(whole, n) for n in named}
    assert done.twice == 0 and done.manifest.failed == 1
    assert not list(Results(tmp_path / "all").notes())


def test_the_parts_of_colleagues_overlap_and_nothing_is_there_twice(tmp_path: Path) -> None:
    ours, theirs = store(tmp_path / "ours" / "docs", 1, 2), store(tmp_path / "theirs" / "docs", 2, 4)
    (theirs / "b9.txt").write_text(brief(1), "utf-8")  # our b1 by another name
    (theirs / "b1.txt").write_text(brief(7), "utf-8")  # another document of our name
    run([ours], tmp_path / "mine", DRAFT)
    run([theirs], tmp_path / "yours", DRAFT)
    done = gather([tmp_path / "mine", tmp_path / "yours"], tmp_path / "all")
    found = rows(tmp_path / "all")
    assert done.twice == 2 and sorted(found) == ["b1.txt", "b2.txt", "b4.txt", "yours/b1.txt"]
    assert found["b1.txt"]["same_as"] == ["b9.txt"] and found["b2.txt"]["same_as"] == []
    results = Results(tmp_path / "all")
    assert {p.document for p in results.policies} == set(found) and not list(results.notes())
    assert "제7호" in results.text("yours/b1.txt")


def test_what_one_run_could_not_read_gives_way_to_what_another_read(tmp_path: Path) -> None:
    docs = store(tmp_path / "docs", 1, 2)
    run([docs], tmp_path / "good", DRAFT)
    (docs / "b2.txt").write_bytes(b"x" * 8_000_001)
    run([docs], tmp_path / "bad", DRAFT)
    assert rows(tmp_path / "bad")["b2.txt"]["status"] == "failed"
    gather([tmp_path / "bad", tmp_path / "good"], tmp_path / "all")
    assert content(tmp_path / "all") == content(tmp_path / "good")


def test_a_merge_replaces_the_one_before_and_keeps_what_people_decided(tmp_path: Path) -> None:
    run([store(tmp_path / "one", 1)], tmp_path / "a", DRAFT)
    run([store(tmp_path / "two", 2)], tmp_path / "b", DRAFT)
    gather([tmp_path / "a", tmp_path / "b"], tmp_path / "all")
    (policy,) = Results(tmp_path / "b").policies
    line = {
        "at": "2026-01-02T03:04:05Z", "who": "me", "action": "accept", "kind": "policy", "record_id": policy.id,
        "policy_id": policy.id, "document": policy.document, "document_sha256": policy.provenance.document_sha256,
        "text_sha256": rows(tmp_path / "b")["b2.txt"]["text_sha256"],
        "span": {"start": policy.announcement.start, "end": policy.announcement.end},
        "policy": policy.model_copy(update={"measures": (), "targets": ()}).model_dump(mode="json"),
    }  # fmt: skip
    (tmp_path / "b" / "corrections.jsonl").write_text(json.dumps(line, ensure_ascii=False) + "\n", "utf-8")
    for _ in range(2):
        gather([tmp_path / "b"], tmp_path / "all")
        assert content(tmp_path / "all") == content(tmp_path / "b")  # the text of b1 is gone
        assert Results(tmp_path / "all").corrections == Results(tmp_path / "b").corrections != ()


@pytest.mark.parametrize("name", ["policies.jsonl", "documents.jsonl"])
def test_results_that_were_changed_are_refused_and_nothing_is_written(tmp_path: Path, name: str) -> None:
    run([store(tmp_path / "docs", 1, 2)], tmp_path / "a", DRAFT)
    raw = (tmp_path / "a" / name).read_bytes()
    (tmp_path / "a" / name).write_bytes(raw.replace("한빛시".encode(), "두빛시".encode()).replace(b"b1", b"b3"))
    with pytest.raises(InputError, match=r"was changed since the run wrote it"):
        gather([tmp_path / "a"], tmp_path / "all")
    noted = json.loads((tmp_path / "a" / "run.json").read_text("utf-8"))
    (tmp_path / "a" / "run.json").write_text(json.dumps(noted | {"files": {}}), "utf-8")  # and the seal taken off
    with pytest.raises(InputError, match=r"pams extract"):
        gather([tmp_path / "a"], tmp_path / "all")
    assert not (tmp_path / "all" / "policies.jsonl").exists()


def test_runs_that_do_not_go_together_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    a, b = tmp_path / "a", tmp_path / "b"
    run([store(tmp_path / "docs", 1, 2)], a, DRAFT)
    shutil.copytree(a, b)
    noted = json.loads((b / "run.json").read_text("utf-8"))
    (b / "run.json").write_text(json.dumps(noted | {"model": "another"}), "utf-8")
    with pytest.raises(UsageError, match=r"b: was made with model another, .*a with draft"):
        gather([a, b], tmp_path / "all")
    (b / "run.json").write_text(json.dumps(noted | {"state": "running"}), "utf-8")
    with pytest.raises(UsageError, match=r"b: its run is at work or was ended before its end"):
        gather([a, b], tmp_path / "all")
    with pytest.raises(UsageError, match="is one of the runs"):
        gather([a], a)
    shutil.rmtree(a / "texts")
    with pytest.raises(InputError, match=r"the text of b1.txt is not there"):
        gather([a], tmp_path / "all")
    with pytest.raises(SystemExit) as ended:
        main(["merge", str(tmp_path / "none"), "--out", str(tmp_path / "all")])
    assert ended.value.code == 2 and "there is no such folder" in capsys.readouterr().err


def test_the_command_says_what_became_of_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run([store(tmp_path / "docs", 1, 2)], tmp_path / "a", DRAFT)
    shutil.copytree(tmp_path / "a", tmp_path / "b")
    for more in ([], ["--json"]):
        with pytest.raises(SystemExit) as ended:
            main(["merge", str(tmp_path / "a"), str(tmp_path / "b"), "--out", str(tmp_path / "all"), *more])
        assert ended.value.code == 0
    told, as_json = capsys.readouterr().out.split("\n{", 1)
    assert told.startswith("2 documents (0 failed), 2 policies") and "2 stood in more than one place" in told
    assert json.loads("{" + as_json)["twice"] == 2
