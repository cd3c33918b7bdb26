"""Pages that are pictures: refused with what to do, or read by Tesseract where it is installed, and marked as that."""

from __future__ import annotations

import difflib
from pathlib import Path

import pytest
from scans import scanned

from pipeline.jobs import plan
from pipeline.read import Ocr, Source, check_ocr, document_of, read
from pipeline.readers.tesseract import installed
from pipeline.results import Results
from pipeline.run import run
from pipeline.settings import Settings
from pipeline.write import read_documents
from schemas.errors import NeedsOcr, UsageError
from schemas.vocabulary import Flag

FILES = Path(__file__).parent / "files"
HERE = installed()
"""Tesseract is no part of the packages: where it is not installed, what is told then is looked at."""


@pytest.fixture(scope="module")
def scan() -> bytes:
    return scanned(FILES / "open-sides.pdf")


def squeezed(text: str) -> str:
    return "".join(sign for sign in text if sign.isalnum())


def test_a_scan_is_refused_with_what_to_do(scan: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NeedsOcr, match=r"made of pictures: .*run again with --ocr"):
        document_of(scan, "a.pdf")
    monkeypatch.setenv("PATH", "")
    installed.cache_clear()
    try:
        with pytest.raises(NeedsOcr, match="apt-get install tesseract-ocr tesseract-ocr-kor tesseract-ocr-chi-sim"):
            document_of(scan, "a.pdf")
        with pytest.raises(UsageError, match="--ocr: there is no Tesseract on this machine; install"):
            check_ocr()
    finally:
        installed.cache_clear()


def test_a_scan_is_read_page_by_page(scan: bytes) -> None:
    if HERE is None:
        with pytest.raises(UsageError, match="install"):
            check_ocr()
        return
    document = document_of(scan, "a.pdf", Ocr())
    plain = read(FILES / "open-sides.pdf")
    assert difflib.SequenceMatcher(None, squeezed(plain.text), squeezed(document.text), autojunk=False).ratio() > 0.9
    assert [page.page for page in document.ocr] == list(range(1, len(plain.pages) + 1))
    assert all(page.confidence is not None and 0.7 < page.confidence <= 1 for page in document.ocr)
    assert document.reader is not None and f"tesseract {HERE[0]}" in document.reader


def test_a_page_or_document_that_takes_too_long_is_told(scan: bytes) -> None:
    if HERE is None:
        return
    with pytest.raises(Exception, match="no text in this PDF"):  # its only page was left out
        document_of(scan, "a.pdf", Ocr(page=0.001))
    with pytest.raises(Exception, match=r"took more than 0 s; allow more with --ocr-seconds"):
        document_of(scan, "a.pdf", Ocr(total=0))


def test_pages_with_a_text_of_their_own_are_not_read_as_pictures() -> None:
    document = read(FILES / "open-sides.pdf", ocr=Ocr())
    assert document.ocr == () and document.text == read(FILES / "open-sides.pdf").text


def test_records_of_a_scan_say_so_and_its_text_is_read_once(scan: bytes, tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a.pdf").write_bytes(scan)
    out, sources = tmp_path / "out", [Source(tmp_path / "docs" / "a.pdf", "a.pdf")]
    run([tmp_path / "docs"], out, Settings())
    earlier = read_documents(out)
    assert earlier["a.pdf"].error is not None and earlier["a.pdf"].error.kind == "needs_ocr"
    assert [bool(plan(sources, earlier, retry_failed=False, out=out, ocr=ocr)[0]) for ocr in (False, True)] == [
        False,
        True,
    ]
    if HERE is None:
        return
    run([tmp_path / "docs"], out, Settings(ocr=True, cache=tmp_path / "store"))
    assert len(list((tmp_path / "store" / "pictures").iterdir())) == 1  # kept for whoever asks for it next
    results = Results(out)
    (policy,) = results.policies
    assert Flag.OCR in policy.flags and policy.measures
    assert all(Flag.OCR in measure.flags for measure in policy.measures)
    assert policy.targets and all(Flag.OCR in target.flags for target in policy.targets)
    assert all((target.value, target.deadline) == (None, None) for target in policy.targets)  # a digit may be misread
    assert [page.page for page in results.rows["a.pdf"].ocr] == [1]
    (job,), _ = plan(sources, read_documents(out), retry_failed=False, out=out, ocr=True)
    assert job.kept is not None
