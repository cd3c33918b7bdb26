"""Every format that is read, broken in every way: cut, empty, under other names, locked, a bomb. Each is told with its cause.

The files are those of the folder of everything, whole there.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib

import pytest
from packages import docx, hwpx, odt, p, wp
from test_folder_of_everything import LINE, READ, flagged, locked_zip, rows_of, stream, taken

from pipeline.read.kinds import SUFFIXES
from schemas.records import DocumentRow

PACKED = ("plan.hwpx", "plan.docx", "macros.docm", "strict.docx", "plan.odt", "sheet.ods", "slides.odp")
"""Files that are a zip."""
OTHERS = ("pdf", "hwp", "hwpx", "docx", "odt", "ods", "odp", "xls", "xlsx", "ppt", "pptx", "doc", "ofd", "cell")
"""Formats that no text is."""


def damaged(name: str) -> bytes:
    """A third of the file is other bytes."""
    raw = READ[name]
    third = len(raw) // 3
    return raw[:third] + bytes(n * 151 % 256 for n in range(third)) + raw[2 * third :]


def bomb(raw: bytes, part: str) -> bytes:
    """The package with a part that unpacks to a thousand times its size."""
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as whole, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in whole.namelist():
            archive.writestr(name, whole.read(name) if name != part else b"<a>" + b" " * 61_000_000)
    return held.getvalue()


def entities(raw: str) -> str:
    """XML whose entities stand for each other a thousand million times."""
    names = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    begins, found, rest = raw.partition("?>")
    return f'{begins}{found}<!DOCTYPE x [<!ENTITY e0 "bomb">{names}]>{rest.replace(LINE, "&e9;")}'


def flate_bomb() -> bytes:
    """A PDF of one page whose content is 200 MB of spaces."""
    packer = zlib.compressobj(9)
    content = b"".join([*(packer.compress(b" " * 1_000_000) for _ in range(200)), packer.flush()])
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R>>",
        b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(content), content),
    ]
    return (
        b"%PDF-1.4\n"
        + b"".join(b"%d 0 obj\n%s\nendobj\n" % (n, p) for n, p in enumerate(parts, 1))
        + b"trailer<</Root 1 0 R>>"
    )


REFUSED: dict[str, tuple[bytes, str]] = {
    **{f"half-{name}": (READ[name][: len(READ[name]) // 2], "damaged") for name in (*PACKED, "plan.pdf", "plan.hwp", "plan.hml")},
    **{f"third-{name}": (damaged(name), "damaged") for name in (*PACKED, "plan.hwp")},
    **{f"empty{suffix}": (b"", "the file is empty") for suffix in SUFFIXES},
    **{f"text-inside.{kind}": (f"{LINE} {kind}".encode(), f"plain text or XML and is no {kind.upper()}") for kind in OTHERS},
    **{f"korean-inside.{kind}": (LINE.encode("cp949"), "plain text or XML") for kind in ("hwp", "xlsx")},
    "xml-inside.docx": (b"<?xml version='1.0'?><w:wordDocument/>", "plain text or XML and is no DOCX"),
    "rubbish.docx": (bytes(n * 97 % 256 for n in range(3000)), "damaged"),
    "rubbish.hwp": (bytes(n * 97 % 256 for n in range(3000)), "damaged"),
    "rubbish.pdf": (bytes(n * 97 % 256 for n in range(3000)), "damaged"),
    "locked.pdf": (taken("broken/encrypted.pdf"), "password"),
    "locked.hwp": (flagged(0b10), "password"),
    "locked.xlsx": (stream("EncryptedPackage"), "password"),
    "locked-inside.docx": (locked_zip().replace(b"inside.txt", b"word/d.xml"), "password|is no Word document"),
    "bomb.docx": (bomb(docx(wp(LINE)), "word/document.xml"), "unpacks to more than 60 MB"),
    "bomb.hwpx": (bomb(hwpx(p(LINE)), "Contents/section0.xml"), "unpacks to more than 60 MB"),
    "bomb.odt": (bomb(odt(f"<text:p>{LINE}</text:p>"), "content.xml"), "unpacks to more than 60 MB"),
    "entities.hml": (entities(READ["plan.hml"].decode()).encode(), "no text|damaged"),
    "bomb.pdf": (flate_bomb(), "its pages are empty|more than"),
    "cut.txt": (READ["utf8.txt"][:-2], "ends in the middle of a character"),
    "pages-inside.cut.zip": (locked_zip()[:60], "zip"),
}  # fmt: skip
"""With the cause, as a pattern."""

STILL_READ: dict[str, tuple[bytes, str]] = {
    **{
        f"page-inside.{kind}": (READ["plan.html"], "html")
        for kind in ("pdf", "txt", "hwp", "odt", "xlsx", "ofd", "eml")
    },
    **{f"{kind}-inside.txt": (taken(f"specimen.{kind}"), kind) for kind in ("hwp", "hwpx", "docx", "pdf")},
    **{f"pdf-inside.{kind}": (READ["plan.pdf"], "pdf") for kind in ("hwp", "docx", "xlsx", "ofd", "html")},
    "bom-before.hml": (b"\xef\xbb\xbf" + READ["plan.hml"], "hwpml"),
    "cut.html": (READ["plan.html"][:2000], "html"),
    "same-bytes.txt": (f"{LINE} docx".encode(), "text"),
}
"""With the format that their bytes are."""


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> dict[str, DocumentRow]:
    return rows_of(tmp_path_factory, {name: raw for name, (raw, _) in {**REFUSED, **STILL_READ}.items()})


def row_of(rows: dict[str, DocumentRow], name: str) -> DocumentRow:
    return next(row for document, row in rows.items() if document.partition("/")[0] == name)


@pytest.mark.parametrize("name", REFUSED)
def test_a_broken_file_is_refused_with_its_cause(name: str, rows: dict[str, DocumentRow]) -> None:
    row = row_of(rows, name)
    assert row.error is not None and row.error.kind == "input_error"
    assert re.search(REFUSED[name][1], row.error.message), row.error.message
    assert not re.search(r"Traceback|\b[A-Z]\w+(?:Error|Exception)\b|internal", row.error.message), row.error.message


@pytest.mark.parametrize("name", STILL_READ)
def test_a_file_is_read_as_what_its_bytes_are(name: str, rows: dict[str, DocumentRow]) -> None:
    row = row_of(rows, name)
    assert row.status == "ok", row.error
    assert row.format == STILL_READ[name][1]
