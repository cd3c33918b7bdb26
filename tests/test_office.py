"""Files of other office programs: read through LibreOffice where it is installed, in a cage, else refused with what to do."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from packages import odf

from pipeline.read import document_of, office, read
from pipeline.read.office import MADE, installed, remade
from pipeline.readers.lines import Unreadable
from pipeline.readers.odf import ods
from schemas.document import Document
from schemas.errors import InputError

FILES = Path(__file__).parent / "files"
HERE = installed()
"""LibreOffice is no part of the packages: where it is not installed, what is told then is looked at."""


def read_here(name: str) -> Document | None:
    """The document; None where there is no LibreOffice, once that has been told."""
    try:
        return read(FILES / name)
    except InputError as problem:
        assert HERE is None or "this LibreOffice has no" in str(problem), problem
        assert "apt-get install --no-install-recommends libreoffice-" in str(problem)
        return None


def test_an_old_word_document_reads_as_the_new_one() -> None:
    document = read_here("specimen.doc")
    if document is not None:
        assert document.format == "doc" and str(document.reader).startswith(f"libreoffice {HERE}, lxml")
        new = read(FILES / "specimen.docx").text.split("\n")
        assert [line for line in document.text.split("\n") if line] == [line for line in new if line]


@pytest.mark.parametrize("kind", MADE)
def test_without_libreoffice_the_refusal_says_what_to_install(kind: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert installed() is None
    with pytest.raises(InputError, match=r"^a: is an? .*; install LibreOffice \(Debian: apt-get install .*-nogui\)"):
        remade(b"x", "a", kind, 4_000_000_000, 120)


def program(folder: Path, monkeypatch: pytest.MonkeyPatch, body: str) -> None:
    """A program of LibreOffice's name that says its version and does this."""
    folder.mkdir()
    path = folder / "soffice"
    version = 'import sys\nif sys.argv[1] == "--version":\n    print("LibreOffice 9.9.9")\n    sys.exit()\n'
    path.write_text(f"#!{sys.executable}\n{version}{body}\n", encoding="utf-8")
    path.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.defpath}")


def test_it_runs_within_limits_in_a_profile_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = tmp_path / "told.json"
    body = (
        "import json, os, pathlib, resource, socket\n"
        "of = {n: resource.getrlimit(getattr(resource, 'RLIMIT_' + n))[0] for n in ('AS', 'CPU', 'FSIZE', 'CORE')}\n"
        "profile = sys.argv[1].partition('file://')[2]\n"
        "nets = [name for _, name in socket.if_nameindex()]\n"
        "told = {'limits': of, 'nets': nets, 'profile': pathlib.Path(profile, 'user/registrymodifications.xcu').read_text(),\n"
        "        'environment': sorted(os.environ), 'words': sys.argv}\n"
        f"pathlib.Path({str(told)!r}).write_text(json.dumps(told))"
    )
    program(tmp_path / "bin", monkeypatch, body)
    monkeypatch.setenv("PAMS_KEY", "secret")
    with pytest.raises(InputError, match="has no writer: type `apt-get install"):
        remade(b"x", "a.doc", "doc", 2_000_000_000, 20)
    said = json.loads(told.read_text())
    assert said["limits"] == {"AS": 2_000_000_000, "CPU": 21, "FSIZE": office.MOST_WRITTEN, "CORE": 0}
    assert 'DisableMacrosExecution" oor:op="fuse"><value>true' in said["profile"]
    assert "PAMS_KEY" not in said["environment"] and "--headless" in said["words"]
    granted = subprocess.run(["unshare", "--user", "--net", "true"], capture_output=True, check=False).returncode == 0
    assert not granted or set(said["nets"]) <= {"lo", "tunl0", "sit0", "ip6tnl0", "gre0"}
    assert not list(Path(said["words"][1].partition("file://")[2]).parent.glob("*"))


def test_one_that_hangs_is_ended_with_all_it_began(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = tmp_path / "begun"
    body = (
        "import pathlib, subprocess, time\nchild = subprocess.Popen(['sleep', '60'])\n"
        f"pathlib.Path({str(begun)!r}).write_text(str(child.pid))\ntime.sleep(60)"
    )
    program(tmp_path / "bin", monkeypatch, body)
    assert installed() == "9.9.9"
    began = time.monotonic()
    with pytest.raises(InputError, match="more than 2 s"):
        remade(b"x", "a.doc", "doc", 4_000_000_000, 2)
    assert time.monotonic() - began < 15
    assert ended(int(begun.read_text()))


def ended(process: int) -> bool:
    """Whether a process that was killed is gone, or soon is: on a busy machine it takes its time to die."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        try:
            if "Z (zombie)" in Path(f"/proc/{process}/status").read_text():
                return True
        except (FileNotFoundError, ProcessLookupError):
            return True
        time.sleep(0.05)
    return False


def test_one_that_cannot_open_a_file_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path / "bin", monkeypatch, "sys.exit(1)")
    (tmp_path / "bin" / "libsclo.so").touch()
    with pytest.raises(InputError, match="cannot open it: it is damaged, protected by a password"):
        remade(b"x", "a.xls", "xls", 4_000_000_000, 20)


def row(*cells: str, again: int = 1, hidden: str = "") -> str:
    seen = f' table:visibility="{hidden}"' if hidden else ""
    inside = "".join(
        c if c.startswith("<") else f"<table:table-cell><text:p>{c}</text:p></table:table-cell>" for c in cells
    )
    return f'<table:table-row table:number-rows-repeated="{again}"{seen}>{inside}</table:table-row>'


EMPTY = '<table:table-cell table:number-columns-repeated="16000"/>'


def test_a_sheet_is_read_as_it_is_shown() -> None:
    rows = (
        row("보행 정비 과제", EMPTY) + row(EMPTY, again=1_000_000) + row("", "과제", "목표") + row("", "보도", "14km", EMPTY)
        + row("", "신호기", "50대", hidden="collapse") + row("비고", EMPTY)
    )  # fmt: skip
    style = '<style:style style:name="gone"><style:table-properties table:display="false"/></style:style>'
    sheets = f'<table:table table:name="Sheet1">{rows}</table:table><table:table table:name="안" table:style-name="gone">{row("숨긴 말")}</table:table>'
    made = ods(odf("spreadsheet", sheets, style))
    assert made.text == "보행 정비 과제\n\n| 과제 | 목표 |\n| 보도 | 14km |\n\n비고\n" and made.hidden == "숨긴 말"
    assert document_of(odf("spreadsheet", sheets, style), "a.ods").format == "ods"


def test_a_sheet_that_claims_too_many_cells_is_refused() -> None:
    with pytest.raises(Unreadable, match="too many cells"):
        ods(odf("spreadsheet", f'<table:table table:name="a">{row("가", "나", again=1_000_000)}</table:table>'))


def test_slides_have_titles_groups_and_no_notes() -> None:
    box = "<draw:frame{}><draw:text-box><text:p>{}</text:p></draw:text-box></draw:frame>"
    titled = box.format(' presentation:class="title"', "보행로 정비")
    inside = f"<draw:g>{box.format('', '낡은 보도 14km를 정비한다.')}</draw:g><draw:custom-shape><text:p>2027년까지</text:p></draw:custom-shape>"
    notes = f"<presentation:notes>{box.format('', '말할 것')}</presentation:notes>"
    document = document_of(odf("presentation", f"<draw:page>{titled}{inside}{notes}</draw:page>" * 2), "a.odp")
    slide = "# 보행로 정비\n\n낡은 보도 14km를 정비한다.\n\n2027년까지"
    assert document.text == f"{slide}\n\n{slide}\n" and document.pages == (0, len(slide) + 2)
