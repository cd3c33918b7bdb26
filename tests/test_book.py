"""The documents of a cluster's run on disk: the same as in memory, shards that tell what they are, no growth."""

from __future__ import annotations

import json
import tracemalloc
from pathlib import Path

import pytest

from pipeline.cluster.book import Shard, StoredBook
from pipeline.jobs import Job, note, plan
from pipeline.read import Source, each_source, find_sources, listed
from pipeline.run import run
from pipeline.settings import Settings
from pipeline.write import read_documents
from schemas.errors import InputError, UsageError
from schemas.records import DocumentRow

TEXT = """■ 한빛시, '골목 숲 조성 계획 제{number}호(2025~2028)' 발표

- 한빛시 정부는 '골목 숲 조성 계획 제{number}호(2025~2028)'을 발표
"""


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    """Documents in folders, one of them three times, one converted, one empty."""
    for number, name in enumerate(("a/b/1.txt", "a/2.txt", "a.txt", "a b.txt", "c/3.txt")):
        path = tmp_path / "docs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(TEXT.format(number=number), "utf-8")
    for copy in ("z.txt", "c/y.txt"):
        (tmp_path / "docs" / copy).write_text(TEXT.format(number=1), "utf-8")
    page = "".join(f"<p>{line}</p>" for line in TEXT.format(number=7).splitlines())
    (tmp_path / "docs" / "a" / "0.html").write_text(f"<html><body>{page}</body></html>", "utf-8")
    (tmp_path / "docs" / "empty.txt").write_bytes(b"")
    return tmp_path / "docs"


def noted(
    book: StoredBook, docs: Path, out: Path, *, retry_failed: bool = False
) -> tuple[list[Job], list[DocumentRow]]:
    note(book.reachable(each_source([docs], (), book.names)), book, book, retry_failed=retry_failed, out=out)
    (shard,) = book.shards(100, Path("/shards"), "way")
    return book.jobs_of(shard), list(book.settled_rows())


def in_order(jobs: list[Job]) -> list[Job]:
    for job in jobs:
        job.same_as.sort()
    return jobs


def test_the_book_holds_what_a_plan_in_memory_holds_before_and_after_a_run(docs: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    for _ in range(2):
        earlier = read_documents(out)
        for again in (False, True):
            jobs, rows = plan(find_sources([docs]), earlier, retry_failed=again, out=out)
            with StoredBook(out) as book:
                assert noted(book, docs, out, retry_failed=again) == (in_order(jobs), rows)
                assert (book.jobs, book.settled) == (len(jobs), len(rows))
        run([docs], out, Settings())
    assert len(jobs) == 6 and jobs[0].kept is not None and sum(len(job.same_as) for job in jobs) == 2
    assert [row.document for row in rows] == ["empty.txt"]  # refused before it is anyone's work


def test_files_are_listed_in_the_order_of_their_paths(docs: Path) -> None:
    paths = sorted(docs.rglob("*.*"))
    assert [source.path for source in find_sources([docs])] == paths


def test_a_shards_folder_tells_its_documents_and_how_they_are_done(docs: Path, tmp_path: Path) -> None:
    def folders(way: str = "way", size: int = 2) -> list[Shard]:
        with StoredBook(tmp_path / "out") as book:
            note(each_source([docs], (), book.names), book, book, retry_failed=False)
            return book.shards(size, Path("/shards"), way)

    first = folders()
    assert first == folders() and [(s.first, s.documents) for s in first] == [(0, 2), (2, 2), (4, 2)]
    assert not {s.folder for s in first} & {s.folder for s in folders("another way")}
    (docs / "z.txt").unlink()  # another name of the second document: its row will be another one
    changed = [one.folder == other.folder for one, other in zip(first, folders(), strict=True)]
    assert changed.count(False) == 1


def test_documents_of_the_run_before_that_cannot_be_reached_are_not_lost(docs: Path, tmp_path: Path) -> None:
    run([docs], tmp_path / "out", Settings())
    closed = Source(docs / "a", "a", problem="the folder cannot be read (Permission denied)")
    with StoredBook(tmp_path / "out") as book, pytest.raises(UsageError, match=r"^a: the folder cannot be read"):
        list(book.reachable([closed]))
    other = Source(docs / "b", "b", problem="the folder cannot be read (Permission denied)")
    with StoredBook(tmp_path / "out") as book:
        assert list(book.reachable([other])) == [other]


def test_results_of_another_program_are_told(tmp_path: Path) -> None:
    (tmp_path / "documents.jsonl").write_text('{"document": "a.txt", "sha256": null}\n', "utf-8")
    with StoredBook(tmp_path) as book, pytest.raises(InputError, match="not a file of this version"):
        book.named("a.txt")


def test_memory_does_not_grow_with_the_documents(tmp_path: Path) -> None:
    peaks = []
    for count in (1_000, 16_000):
        path = tmp_path / f"{count}.jsonl"
        with path.open("w", encoding="utf-8") as file:
            for number in range(count):
                file.write(json.dumps({"id": f"{number}.txt", "text": f"글 {number}"}) + "\n")
        tracemalloc.start()
        with StoredBook(tmp_path / "out") as book:
            note(each_source([], listed(path), book.names), book, book, retry_failed=False)
            assert len(book.shards(250, tmp_path, "way")) == count // 250
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] - peaks[0] < 4_000_000  # Python's table of names is made larger now and then; a row has 1,200 bytes
