"""How tests are shared between processes: what the table names is there, and the tests of one cluster stay together."""

from __future__ import annotations

from pathlib import Path

from spread import LONGEST, TOGETHER, place_of, rank

HERE = Path(__file__).parent


def test_what_takes_longest_is_there_and_comes_first() -> None:
    assert [n for n in LONGEST if not list(HERE.rglob(f"{n}.py")) and f"tests/{n}" not in TOGETHER] == []
    assert all((HERE.parent / folder).is_dir() for folder in TOGETHER)
    first = f"tests/{LONGEST[3]}.py::test_any[a::b/c]"
    assert sorted(["tests/test_a.py::test_b", first, "tests/cluster/test_any.py::test_c"], key=rank)[1] == first


def test_a_file_stays_with_one_process_and_so_does_a_cluster() -> None:
    assert place_of("tests/test_a.py::test_b[tests/cluster/x::y]") == "tests/test_a.py"
    assert place_of("tests/cluster/test_a.py::test_b") == place_of("tests/cluster/test_c.py::test_d") == "tests/cluster"
