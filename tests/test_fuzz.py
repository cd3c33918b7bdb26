"""Whatever a document is made of: no step raises, spans hold, two runs agree. And what once broke stays mended."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.trials import fuzz, fuzz_zips
from pipeline.spool import Spool
from schemas.document import Document
from schemas.errors import GateFailed

BROKEN = sorted((Path(__file__).parent / "broken").iterdir())


@given(st.lists(st.sampled_from(fuzz.PIECES), min_size=1, max_size=60).map("".join))
@settings(max_examples=40, deadline=None)
def test_documents_of_any_pieces_are_taken(text: str) -> None:
    assert fuzz.try_text(text) is None


@given(st.text(max_size=300))
@settings(max_examples=25, deadline=None)
def test_documents_of_any_signs_are_taken(text: str) -> None:
    assert fuzz.try_text(text) is None


@pytest.mark.parametrize("path", BROKEN, ids=lambda p: p.name)
def test_what_once_broke_is_mended(path: Path) -> None:
    assert fuzz.try_file(path.read_bytes(), path.name) is None


def test_mutated_files_are_read_or_refused() -> None:
    chance = random.Random(5)
    for suffix in ("docx", "html", "hwp", "hwpx", "pdf"):
        raw = (fuzz.FILES / f"specimen.{suffix}").read_bytes()
        assert fuzz.try_file(fuzz.mutate(raw, chance), f"specimen.{suffix}") is None


def test_zips_of_any_names_are_taken_and_what_is_written_is_read_back() -> None:
    chance = random.Random(3)
    for _ in range(6):
        raw = fuzz_zips.make_zip(chance, iter(lambda: fuzz.make_text(chance)[:800], None))
        assert fuzz.try_file(raw, "a.zip") is None
        assert fuzz.try_file(fuzz.mutate(raw, chance), "a.zip") is None


def test_a_document_written_wrongly_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = fuzz_zips.make_zip(random.Random(3), iter(lambda: "".join(fuzz.PIECES[:4]), None))
    add = Spool.add
    moved = lambda self, row, policies, *more: add(self, row, policies.replace('"start":', '"start":1'), *more)
    monkeypatch.setattr(Spool, "add", moved)
    assert "was changed since it was written" in str(fuzz.try_file(raw, "a.zip"))


def test_what_breaks_is_found(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async def fault(document: Document, session: object) -> None:
        raise ZeroDivisionError(document.name)

    monkeypatch.setattr(fuzz, "extract_in", fault)
    assert fuzz.main(["--seconds", "0.3", "--keep", str(tmp_path)]) == GateFailed.exit_code
    assert "ZeroDivisionError" in capsys.readouterr().out and list(tmp_path.iterdir())


def test_what_hangs_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    async def hang(document: Document, session: object) -> None:
        while True:
            pass

    monkeypatch.setattr(fuzz, "extract_in", hang)
    monkeypatch.setattr(fuzz, "PATIENCE", 0.2)
    assert "took more than 0.2 s" in str(fuzz.try_text("- 하수관 교체"))
