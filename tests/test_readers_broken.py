"""Broken and hostile files: refused in words that help, within limits, and nothing around them is lost."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from pipeline.read import Limits, Source, find_sources, read
from pipeline.read.convert import convert
from pipeline.run import run
from pipeline.settings import Settings
from pipeline.write import read_documents
from schemas.errors import InputError

FILES = Path(__file__).parent / "files"
BROKEN = FILES / "broken"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


# -- broken and hostile files ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "words"),
    [("encrypted.pdf", "password"), ("scanned.pdf", "--ocr"), ("truncated.pdf", "damaged"), ("truncated.docx", "damaged"),
     ("empty.docx", "no text")],
)  # fmt: skip
def test_a_broken_file_is_refused_in_words_that_help(name: str, words: str) -> None:
    with pytest.raises(InputError, match=words) as caught:
        read(BROKEN / name)
    assert name in str(caught.value)


@pytest.mark.parametrize("name", ["macro.docm", "macro.docx"])
def test_macros_are_not_read_and_stop_nothing(name: str) -> None:
    assert read(BROKEN / name).text == read(FILES / "specimen.docx").text


@pytest.mark.parametrize("suffix", ["pdf", "docx", "hwpx", "hwp", "html"])
def test_rubbish_under_any_name_is_refused(tmp_path: Path, suffix: str) -> None:
    whole = (FILES / f"specimen.{suffix}").read_bytes()
    for count, raw in enumerate(
        (b"", os.urandom(3_000), whole[: len(whole) // 2], whole[:600] + os.urandom(900) + whole[1_500:])
    ):
        path = tmp_path / f"{count}.{suffix}"
        path.write_bytes(raw)
        try:
            assert read(path).text.strip()
        except InputError as problem:
            assert path.name in str(problem) and "Traceback" not in str(problem)


def test_a_bomb_is_refused_before_it_fills_the_memory(tmp_path: Path) -> None:
    path = tmp_path / "bomb.docx"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive,
        archive.open("word/document.xml", "w") as part,
    ):
        for _ in range(400):
            part.write(b" " * 1_000_000)
    began = time.monotonic()
    with pytest.raises(InputError, match="unpacks to more than"):
        read(path)
    assert time.monotonic() - began < 10 and path.stat().st_size < 1_000_000


def test_entities_are_not_expanded() -> None:
    laughs = '<!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        body = f'<w:document xmlns:w="{WORD}"><w:body><w:p><w:r><w:t>글 &b;</w:t></w:r></w:p></w:body></w:document>'
        archive.writestr("word/document.xml", laughs + body)
    assert "ha" not in convert(held.getvalue(), "a.docx", "docx").text


def test_a_conversion_that_takes_too_long_is_killed() -> None:
    raw = (FILES / "002_1b9d18066b15c3c4.pdf").read_bytes()
    with pytest.raises(InputError, match=r"more than 0 s"):
        convert(raw, "slow.pdf", "pdf", Limits(seconds=0.05))


def test_a_conversion_that_wants_too_much_memory_is_refused() -> None:
    """Where it is felt first, and so what the message says, is a matter of luck; that it stays a refusal is not."""
    raw = (FILES / "002_1b9d18066b15c3c4.pdf").read_bytes()
    for memory in (60_000_000, 120_000_000):
        try:
            convert(raw, "large.pdf", "pdf", Limits(memory=memory))
        except InputError as problem:
            assert "large.pdf" in str(problem)
        else:
            assert memory > 60_000_000


def test_pages_and_characters_have_limits() -> None:
    raw = (FILES / "002_1b9d18066b15c3c4.pdf").read_bytes()
    with pytest.raises(InputError, match="pages are more than 5"):
        convert(raw, "long.pdf", "pdf", Limits(pages=5))
    with pytest.raises(InputError, match="longer than 1,000 characters"):
        convert((FILES / "specimen.docx").read_bytes(), "long.docx", "docx", Limits(characters=1_000))


def test_a_2_gb_file_is_refused_unread(tmp_path: Path) -> None:
    for name in ("sparse.pdf", "sparse.txt"):
        with (tmp_path / name).open("wb") as file:
            file.truncate(2_000_000_000)
        began = time.monotonic()
        with pytest.raises(InputError, match=r"2000\.0 MB is more than"):
            read(tmp_path / name)
        assert time.monotonic() - began < 1


def test_deeply_nested_parts_end_in_words(tmp_path: Path) -> None:
    path = tmp_path / "deep.html"
    path.write_text("<div>" * 50_000 + "글" + "</div>" * 50_000, encoding="utf-8")
    try:
        assert "글" in read(path).text
    except InputError as problem:
        assert "deep" in str(problem)


def test_a_reader_opens_no_connection_and_writes_no_file(tmp_path: Path) -> None:
    """Every audit event of the child's interpreter; the limit on file sizes covers what libraries do themselves."""
    code = (
        "import sys, runpy\n"
        "def hook(event, facts):\n"
        "    if event.startswith('socket.') and event != 'socket.__new__' or event in ('subprocess.Popen', 'os.system'):\n"
        "        sys.stderr.write(event)\n"
        "sys.addaudithook(hook)\n"
        "runpy.run_path(sys.argv.pop(1), run_name='__main__')\n"
    )
    child = Path(__file__).resolve().parent.parent / "pipeline" / "read" / "child.py"
    for name, kind in (("specimen.pdf", "pdf"), ("specimen.hwp", "hwp"), ("broken/hidden.html", "html")):
        options = f'{{"format": "{kind}", "memory": 4000000000, "seconds": 60, "pages": 100, "characters": 1000000}}'
        done = subprocess.run(
            [sys.executable, "-c", code, str(child), options],
            input=(FILES / name).read_bytes(),
            capture_output=True,
            cwd=tmp_path,
            check=True,
        )
        assert done.stderr == b"" and list(tmp_path.iterdir()) == []


def test_one_bad_file_of_every_kind_stops_no_run(tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    for path in (*BROKEN.iterdir(), FILES / "specimen.hwp", FILES / "specimen.pdf"):
        (docs / path.name).write_bytes(path.read_bytes())
    secret = tmp_path / "secret.txt"
    secret.write_text("비밀", encoding="utf-8")
    (docs / "link.txt").symlink_to(secret)
    manifest = run([docs], tmp_path / "out", Settings())
    rows = read_documents(tmp_path / "out")
    assert manifest.failed == 5 and "link.txt" not in rows
    assert rows["specimen.hwp"].policies == rows["specimen.pdf"].policies == 1
    text = (tmp_path / "out" / str(rows["specimen.pdf"].text)).read_text(encoding="utf-8")
    assert text == read(Source(FILES / "specimen.pdf", "specimen.pdf")).text and rows["specimen.pdf"].pages[0] == 0


def test_a_file_is_converted_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second run takes the text that the first one saved, also under another name; a changed text is made anew."""
    docs, out = tmp_path / "docs", tmp_path / "out"
    docs.mkdir()
    (docs / "a.docx").write_bytes((FILES / "specimen.docx").read_bytes())
    run([docs], out, Settings())
    first = (out / "policies.jsonl").read_bytes()

    def never(*_: object) -> None:
        raise AssertionError("converted again")

    with monkeypatch.context() as patched:
        patched.setattr(sys.modules["pipeline.read.convert"], "_run", never)
        assert run([docs], out, Settings()).failed == 0
        (docs / "a.docx").rename(docs / "b.docx")
        assert run([docs], out, Settings()).failed == 0
        assert (out / "policies.jsonl").read_bytes() == first.replace(b'"a.docx"', b'"b.docx"')
    (text,) = (out / "texts").iterdir()
    text.write_text("something else", encoding="utf-8")
    assert run([docs], out, Settings()).failed == 0
    assert read_documents(out)["b.docx"].policies == 1
    monkeypatch.setattr("pipeline.jobs.reader_of", lambda kind, **_: "a newer reader")
    monkeypatch.setattr(sys.modules["pipeline.read.convert"], "_run", never)
    assert run([docs], out, Settings()).failed == 1


def test_nothing_but_saved_texts_is_ever_removed(tmp_path: Path) -> None:
    """Someone's own folder may be called `texts` too."""
    (tmp_path / "texts").mkdir()
    for name in ("mine.txt", "brief.txt.0123456789ab.txt"):
        (tmp_path / "texts" / name).write_text("하천 정비 계획", encoding="utf-8")
    for _ in range(2):
        assert run([tmp_path / "texts"], tmp_path, Settings()).failed == 0
    assert {"mine.txt", "brief.txt.0123456789ab.txt"} <= {p.name for p in (tmp_path / "texts").iterdir()}


def test_what_a_run_wrote_is_no_document_of_the_next(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("하천 정비 계획", encoding="utf-8")
    (tmp_path / "~$a.docx").write_bytes(b"lock")
    for _ in range(2):
        assert run([tmp_path], tmp_path / "out", Settings()).documents == 1
    assert [s.name for s in find_sources([tmp_path])] == ["a.txt"]


def test_a_file_that_failed_is_not_converted_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.pdf").write_bytes((BROKEN / "truncated.pdf").read_bytes())
    assert run([tmp_path / "a.pdf"], tmp_path / "out", Settings()).failed == 1
    monkeypatch.setattr(sys.modules["pipeline.read.convert"], "_run", lambda *_: pytest.fail("converted again"))
    assert run([tmp_path / "a.pdf"], tmp_path / "out", Settings()).failed == 1


def test_names_that_are_no_utf_8_are_names(tmp_path: Path) -> None:
    raw = os.fsencode(tmp_path) + b"/" + "계획.txt".encode("cp949")
    Path(os.fsdecode(raw)).write_text("하천 정비 계획", encoding="utf-8")
    assert run([tmp_path], tmp_path / "out", Settings()).failed == 0
    assert list(read_documents(tmp_path / "out")) == ["계획.txt"]
