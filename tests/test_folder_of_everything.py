"""A folder of everything that offices send, whole and broken: each file is read, or refused with a cause that is true."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from packages import docx, hwpx, odf, odt, p, package, wp

from pipeline.run import run
from pipeline.settings import Settings
from pipeline.write import read_documents
from schemas.records import DocumentRow

FILES = Path(__file__).parent / "files"
LINE = "□ 낡은 보도 14km를 정비한다."
CHINESE = "一、云州市印发《机器人产业行动计划》。到2027年，培育机器人企业50家。"
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
HML = f'<?xml version="1.0"?><HWPML Version="2.8"><BODY><SECTION><P><TEXT><CHAR>{LINE}</CHAR></TEXT></P></SECTION></BODY></HWPML>'
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"


def stream(name: str) -> bytes:
    return COMPOUND + name.encode("utf-16-le") + bytes(400)


def flagged(bits: int) -> bytes:
    raw = bytearray((FILES / "specimen.hwp").read_bytes())
    raw[raw.index(b"HWP Document File") + 36] |= bits
    return bytes(raw)


def locked_zip() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("inside.txt", LINE)
    raw = bytearray(held.getvalue())
    raw[6] |= 1
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    return bytes(raw)


def taken(name: str) -> bytes:
    return (FILES / name).read_bytes()


READ: dict[str, bytes] = {
    "utf8.txt": LINE.encode(),
    "bom.txt": LINE.encode("utf-8-sig"),
    "utf16.txt": LINE.encode("utf-16"),
    "cp949.text": LINE.encode("cp949"),
    "gb18030.txt": CHINESE.encode("gb18030"),
    "mark.md": f"# 계획\n\n{LINE}".encode(),
    "plan.pdf": taken("open-sides.pdf"),
    "plan.hwp": taken("specimen.hwp"),
    "plan.hwpx": taken("specimen.hwpx"),
    "hwp5-inside.hwpx": taken("specimen.hwp"),
    "small.hwpx": hwpx(p(LINE)),
    "plan.hml": HML.encode(),
    "plan.docx": taken("specimen.docx"),
    "macros.docm": docx(wp(LINE)),
    "strict.docx": docx(wp(LINE), namespace=STRICT),
    "other-part.docx": docx(wp(LINE), main="word/document2.xml"),
    "page-inside.docx": f"<html><body><p>{LINE}</p></body></html>".encode(),
    "plan.odt": odt(f"<text:p>{LINE}</text:p>"),
    "sheet.ods": odf(
        "spreadsheet",
        f"<table:table><table:table-row><table:table-cell><text:p>{LINE}</text:p></table:table-cell></table:table-row></table:table>",
    ),
    "slides.odp": odf(
        "presentation",
        f"<draw:page><draw:frame><draw:text-box><text:p>{LINE}</text:p></draw:text-box></draw:frame></draw:page>",
    ),
    "plan.html": taken("specimen.html"),
    "euckr.htm": f'<meta charset="euc-kr"><p>{LINE}</p>'.encode("cp949"),
    "plan.xhtml": f'<?xml version="1.0"?><html><body><p>{LINE}</p></body></html>'.encode(),
    "letter.eml": f"Subject: plan\nContent-Type: text/plain; charset=utf-8\n\n{LINE}\n".encode(),
}
REFUSED: dict[str, tuple[bytes, str]] = {
    "old.doc": (stream("WordDocument"), "Word 97"),
    "office.wps": (stream("WordDocument"), "Word 97 document or one of WPS"),
    "old.xls": (stream("Workbook"), "spreadsheet; install LibreOffice"),
    "old.ppt": (stream("PowerPoint Document"), "presentation"),
    "sheet.cell": (stream("HwpSheet"), "another program's"),
    "locked.docx": (stream("EncryptedPackage"), "password"),
    "rich.rtf": (b"{\\rtf1 plan}", "RTF"),
    "layout.ofd": (package({"OFD.xml": "<ofd/>"}), "OFD"),
    "sheet.xlsx": (package({"xl/workbook.xml": "<workbook/>"}), "spreadsheet"),
    "slides.pptx": (package({"ppt/presentation.xml": "<p/>"}), "presentation"),
    "picture.pdf": (b"\x89PNG\r\n\x1a\n" + bytes(60), "picture"),
    "hangul3.hwp": (b"HWP Document File V3.00 \x1a\x01" + bytes(400), r"Hangul 3\.0"),
    "password.hwp": (flagged(0b10), "password"),
    "distribution.hwp": (flagged(0b100), "distribution document"),
    "rights.hwp": (flagged(0b10000), "rights system"),
    "cut.hwp": (taken("specimen.hwp")[:3000], "damaged"),
    "cut.pdf": (taken("specimen.pdf")[:2000], "damaged"),
    "cut.docx": (taken("specimen.docx")[:2000], "damaged"),
    "cut.hwpx": (taken("specimen.hwpx")[:2000], "damaged"),
    "no-text.odt": (odt(""), "no text"),
    "empty.txt": (b"", "empty"),
    "blank.md": (b" \n\t\n", "empty|white space"),
    "binary.txt": (bytes(range(256)) * 40, "binary|neither UTF-8"),
    "attached.eml": (b"Subject: x\nContent-Type: application/pdf\n\nabc\n", "mail without a text"),
    "locked.zip": (locked_zip(), "encrypted in the zip"),
    "cut.zip": (b"PK\x03\x04" + bytes(40), "zip is damaged|cannot be unpacked|zip"),
}
"""With the cause, as a pattern."""


def rows_of(factory: pytest.TempPathFactory, files: Mapping[str, bytes]) -> dict[str, DocumentRow]:
    """What became of each file of a folder, under each of its names."""
    docs, out = factory.mktemp("docs"), factory.mktemp("out")
    monkeypatch = pytest.MonkeyPatch()
    monkeypatch.setenv("PATH", "")  # without LibreOffice: what it reads has tests of its own
    for name, raw in files.items():
        (docs / name).write_bytes(raw)
    run([docs], out, Settings())
    monkeypatch.undo()
    found: dict[str, DocumentRow] = {}
    for row in read_documents(out).values():
        found |= dict.fromkeys((row.document, *row.same_as), row)
    return found


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> dict[str, DocumentRow]:
    return rows_of(tmp_path_factory, {**READ, **{name: raw for name, (raw, _) in REFUSED.items()}})


def test_there_are_more_than_forty(rows: dict[str, DocumentRow]) -> None:
    assert len(READ) + len(REFUSED) > 40


@pytest.mark.parametrize("name", READ)
def test_it_is_read(name: str, rows: dict[str, DocumentRow]) -> None:
    row = rows[name]
    assert row.status == "ok", row.error
    assert row.characters >= 15 and row.text_lost == 0


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_with_its_cause(name: str, rows: dict[str, DocumentRow]) -> None:
    row = next(row for document, row in rows.items() if document.partition("/")[0] == name)
    assert row.error is not None and row.error.kind == "input_error"
    assert re.search(REFUSED[name][1], row.error.message), row.error.message
    assert not re.search(r"Traceback|\b[A-Z]\w+(?:Error|Exception)\b|internal", row.error.message), row.error.message
