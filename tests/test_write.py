"""The files of a run: put in place whole or not at all, sorted, readable again."""

from __future__ import annotations

import datetime as dt
import errno
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.spool import Spool
from pipeline.write import Rows, check_writable, lines, read_documents, read_policies
from schemas.errors import InputError, OutputUnwritable, UsageError
from schemas.records import DocumentRow, Policy, Refusal, RunManifest, Usage

NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
MANIFEST = RunManifest(
    version="0", started=NOW, finished=NOW, endpoint="draft", model="draft", model_sha256=None, prompt_set="draft",
    prompt_hash="", schema_hash="", settings={}, versions={}, documents=1, failed=0, policies=0, measures=0, targets=0,
    refused=0, usage=Usage(), errors={},
)  # fmt: skip


def row(name: str) -> DocumentRow:
    return DocumentRow(
        document=name, sha256="0", same_as=(), status="ok", error=None, encoding="utf-8", characters=1, articles=1,
        policies=0, measures=0, targets=0,
    )  # fmt: skip


@pytest.fixture
def policies(seed_run: Any) -> list[Policy]:
    return [Policy.model_validate(p) for p in seed_run.policies]


def write(folder: Path, policies: list[Policy], *others: str, refusals: list[Refusal] | None = None) -> None:
    """The policies by their documents, and documents that have none."""
    spool = Spool(folder)
    try:
        for name in {p.document: None for p in policies} | dict.fromkeys(others):
            spool.add(row(name), *lines([p for p in policies if p.document == name], refusals or []))
        spool.finish(MANIFEST)
    finally:
        spool.close()


def test_records_come_back_as_they_were_and_sorted(tmp_path: Path, policies: list[Policy]) -> None:
    write(tmp_path, policies[::-1], "b", "a")
    back = read_policies(tmp_path)
    assert back == policies == read_policies(tmp_path / "policies.jsonl")
    assert [(p.document, p.announcement.start) for p in back] == sorted(
        (p.document, p.announcement.start) for p in back
    )
    assert list(read_documents(tmp_path)) == [*dict.fromkeys(p.document for p in policies), "a", "b"]
    assert dict(Rows(tmp_path)) == read_documents(tmp_path)
    assert {p.name for p in tmp_path.iterdir()} == {"policies.jsonl", "documents.jsonl", "refused.jsonl", "run.json"}


def test_refusals_are_sorted_whatever_order_they_came_in(tmp_path: Path) -> None:
    one, two = (Refusal(document="a", article=n, field="f", given="g", reason="r", request_id=None) for n in (1, 2))
    write(tmp_path, [], "a", refusals=[two, one])
    first = (tmp_path / "refused.jsonl").read_bytes()
    write(tmp_path, [], "a", refusals=[one, two])
    assert (tmp_path / "refused.jsonl").read_bytes() == first and first.index(b'"article":1') < first.index(
        b'"article":2'
    )


def test_lines_end_alike_everywhere_and_korean_stays_readable(tmp_path: Path, policies: list[Policy]) -> None:
    write(tmp_path, policies)
    raw = (tmp_path / "policies.jsonl").read_bytes()
    assert b"\r" not in raw and raw.count(b"\n") == len(policies) and "베이징".encode() in raw


def test_a_write_that_fails_leaves_the_old_files(tmp_path: Path, policies: list[Policy]) -> None:
    write(tmp_path, policies)
    before = {p.name: p.read_bytes() for p in tmp_path.iterdir()}
    spool = Spool(tmp_path)
    spool._parts = lambda part: iter([b"new"]) if part == 0 else full()  # type: ignore[method-assign]
    with pytest.raises(OutputUnwritable, match=r"refused\.jsonl.*No space"):
        spool.finish(MANIFEST)
    spool.close()
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == before


def full() -> Iterator[bytes]:
    yield b"a beginning"
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_place_that_cannot_hold_results_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for place in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(OutputUnwritable, match="name another folder"):
            check_writable(place)
    check_writable(tmp_path / "deep" / "er")
    assert not list((tmp_path / "deep" / "er").iterdir())


def test_what_is_no_result_says_so(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="pams extract"):
        read_policies(tmp_path)
    (tmp_path / "policies.jsonl").write_text('{"id": 1}\n')
    with pytest.raises(InputError, match="not the policies of a run"):
        read_policies(tmp_path)
    assert read_documents(tmp_path) == dict(Rows(tmp_path)) == {}
    (tmp_path / "documents.jsonl").write_text("no json\n")
    for read in (read_documents, Rows):
        with pytest.raises(InputError, match="another --out"):
            read(tmp_path)


def test_rows_of_an_earlier_run_take_a_quarter_of_the_records_memory(tmp_path: Path) -> None:
    told = (row(f"{i}.txt").model_dump_json() + "\n" for i in range(500))
    (tmp_path / "documents.jsonl").write_text("".join(told))
    kept = []
    for read in (read_documents, Rows):
        tracemalloc.start()
        rows = read(tmp_path)
        kept.append(tracemalloc.get_traced_memory()[0])
        tracemalloc.stop()
        assert len(rows) == 500  # and they are there until here
    assert kept[1] < kept[0] / 4
