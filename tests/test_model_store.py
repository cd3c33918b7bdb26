"""The store: what goes in comes out, from several processes, and nothing in it is ever unpickled."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import sqlite3
from pathlib import Path

import diskcache
import pytest

from pipeline.model import Store
from pipeline.model.store import PlainDisk, default_store_path
from schemas.errors import CannotStart, OutputUnwritable, StoreDamaged

BODY = '{"choices":[{"message":{"content":"한 줄"}}]}'.encode()


class Bomb:
    """Writes a file when unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> object:
        return (Path.touch, (self.path,))


def test_bodies_come_back_byte_for_byte_and_survive_reopening(tmp_path: Path) -> None:
    store = Store(tmp_path)
    large = BODY.replace("한 줄".encode(), b"x" * 3_000_000)
    store.put("a", BODY)
    store.put_many([("b", b"{}"), ("large", large)])
    store.close()
    again = Store(tmp_path)
    assert (again.get("a"), again.get("b"), again.get("large"), again.get("c")) == (BODY, b"{}", large, None)
    assert "a" in again and "c" not in again
    assert again.stats().answers == 3 and again.stats().size > len(large)
    assert [(bad.key, bad.reason) for bad in again.verify()] == [("b", "a body that is no chat completion")]
    assert not list(tmp_path.glob("*/*")), "everything lies inside the database"


def test_the_default_place_follows_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PAMS_CACHE", str(tmp_path))
    assert default_store_path() == tmp_path
    monkeypatch.delenv("PAMS_CACHE")
    assert default_store_path().name == "answers"


def test_only_text_keys_and_bytes_are_written(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for value in ({"a": 1}, "text", 1, None, Bomb(tmp_path / "x")):
        with pytest.raises(TypeError):
            store.put("k", value)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        store.put(("a", 1), b"{}")  # type: ignore[arg-type]
    assert store.stats().answers == 0


def plant(folder: Path, key: object, value: object) -> None:
    """Writes a row as the library's own defaults do: pickled."""
    Store(folder).close()
    with diskcache.Cache(str(folder), disk=diskcache.Disk, disk_min_file_size=1 << 40) as cache:
        cache.set(key, value)


def test_a_planted_pickle_is_refused_unread_and_can_be_removed(tmp_path: Path) -> None:
    fuse = tmp_path / "executed"
    plant(tmp_path / "s", "k", Bomb(fuse))
    store = Store(tmp_path / "s")
    store.put("good", BODY)
    with pytest.raises(StoreDamaged, match=r"claims to be a pickle.*pams cache prune"):
        store.get("k")
    assert [(bad.key, bad.reason) for bad in store.verify()] == [("k", "a row that claims to be a pickle")]
    assert store.prune(bad=True) == 1
    assert store.get("k") is None and store.get("good") == BODY and store.verify() == []
    assert not fuse.exists()


def test_a_planted_pickled_key_is_refused(tmp_path: Path) -> None:
    fuse = tmp_path / "executed"
    plant(tmp_path / "s", Bomb(fuse), b"{}")
    store = Store(tmp_path / "s")
    assert [bad.reason for bad in store.verify()] == ["a key that claims to be a pickle"]
    with pytest.raises(StoreDamaged):
        PlainDisk(str(tmp_path)).get(pickle.dumps(Bomb(fuse)), False)
    assert not fuse.exists()


@pytest.mark.parametrize("mode", [2, 3, 4])
def test_rows_that_point_to_files_are_neither_read_nor_followed(tmp_path: Path, mode: int) -> None:
    fuse, outside = tmp_path / "executed", tmp_path / "outside"
    outside.write_bytes(pickle.dumps(Bomb(fuse)))
    store = Store(tmp_path / "s")
    store.put("k", BODY)
    with sqlite3.connect(tmp_path / "s" / "cache.db") as database:
        database.execute("UPDATE Cache SET mode = ?, filename = '../outside', value = NULL", (mode,))
    with pytest.raises(StoreDamaged, match="points to a file"):
        store.get("k")
    assert len(store.verify()) == 1
    store.put("k", BODY)  # Replacing the row must not delete the file it names.
    assert store.get("k") == BODY
    assert outside.exists() and not fuse.exists()


def test_verify_finds_rows_that_are_no_json(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.put_many([("a", BODY), ("b", b'{"choices": [')])
    assert [(bad.key, bad.reason) for bad in store.verify()] == [("b", "not JSON")]


def test_prune_removes_by_age_only_when_asked(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.put_many([("old", BODY), ("new", BODY)])
    with sqlite3.connect(tmp_path / "cache.db") as database:
        database.execute("UPDATE Cache SET store_time = store_time - 1000 WHERE key = 'old'")
    assert store.prune() == 0
    assert store.prune(older_than=500) == 1
    assert "old" not in store and "new" in store and store.stats().answers == 1


def write_some(folder: str, writer: int) -> None:
    store = Store(Path(folder))
    for n in range(25):
        store.put(f"{writer}-{n}", BODY)
        store.put(f"shared-{n}", BODY)


def test_two_processes_write_at_once(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=write_some, args=(str(tmp_path), n)) for n in range(2)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(30)
        assert writer.exitcode == 0
    store = Store(tmp_path)
    assert store.stats().answers == 75 and store.verify() == []


def test_answers_are_flushed_before_put_returns(tmp_path: Path) -> None:
    store = Store(tmp_path)
    assert store._cache._sql("PRAGMA synchronous").fetchone() == (2,)
    assert store._cache.eviction_policy == "none" and store._cache.cull_limit == 0


def test_an_unwritable_place_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CannotStart, match="PAMS_CACHE"):
        Store(tmp_path / "file" / "store")
    if os.geteuid() == 0:
        return
    tmp_path.chmod(0o500)
    with pytest.raises(CannotStart, match="PAMS_CACHE"):
        Store(tmp_path / "store")


def test_a_full_disk_ends_clearly_and_spoils_nothing(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.put("before", BODY)
    pages = store._cache._sql("PRAGMA page_count").fetchone()[0]
    store._cache._sql(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(OutputUnwritable, match=r"disk is full.*PAMS_CACHE"):
        store.put_many([("small", BODY), ("large", b'"' + b"x" * 1_000_000 + b'"')])
    store.close()
    again = Store(tmp_path)
    assert again.get("before") == BODY and "small" not in again and again.verify() == []
    again.put("after", BODY)
