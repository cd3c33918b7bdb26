"""Files of other office programs, made by LibreOffice 7.4 from files that lie here or are written here.

python tests/files/make/office.py ROOM      specimen.doc, sheet.xls and slides.pptx into the folder ROOM
"""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl

FILES = Path(__file__).resolve().parent.parent
URN = "urn:oasis:names:tc:opendocument:xmlns"
SPACES = {"office": "office", "text": "text", "draw": "drawing", "presentation": "presentation"}
SLIDES = (
    ("보행로 정비 추진계획", "한결시는 낡은 보도 14km를 2027년까지 정비한다.", "음향 신호기 60대를 설치한다."),
    ("예산", "30억 원을 지원한다."),
)


def sheet(path: Path) -> None:
    book = openpyxl.Workbook()
    first = book.active
    first.title = "과제"
    for row in (["과제", "지표", "2027년 목표"], ["보도 정비", "정비 길이", "14km"], ["신호기", "설치 수", "60대"]):
        first.append(row)
    first.merge_cells("A5:C5")
    first["A5"] = "비고: 예산 30억 원"
    second = book.create_sheet("일정")
    second.append(["구분", "시기"])
    second.append(["착공", dt.date(2031, 5, 3)])
    second.append(["비율", 0.25])
    second["B3"].number_format = "0%"
    book.save(path)


def slides(path: Path) -> None:
    pages = "".join(
        f'<draw:page><draw:frame presentation:class="title"><draw:text-box><text:p>{title}</text:p></draw:text-box></draw:frame>'
        f'<draw:frame presentation:class="outline"><draw:text-box><text:list>'
        f"{''.join(f'<text:list-item><text:p>{line}</text:p></text:list-item>' for line in lines)}"
        "</text:list></draw:text-box></draw:frame></draw:page>"
        for title, *lines in SLIDES
    )
    names = " ".join(f'xmlns:{short}="{URN}:{long}:1.0"' for short, long in SPACES.items())
    medium = "application/vnd.oasis.opendocument.presentation"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", medium)
        archive.writestr(
            "content.xml",
            f"<office:document-content {names}><office:body><office:presentation>{pages}</office:presentation>"
            "</office:body></office:document-content>",
        )
        archive.writestr(
            "META-INF/manifest.xml",
            f'<m:manifest xmlns:m="{URN}:manifest:1.0"><m:file-entry m:full-path="/" m:media-type="{medium}"/></m:manifest>',
        )


def main() -> None:
    room = Path(sys.argv[1])
    sheet(room / "sheet.xlsx")
    slides(room / "slides.odp")
    made = ((FILES / "specimen.docx", "doc"), (room / "sheet.xlsx", "xls"),
            (room / "slides.odp", "pptx"))  # fmt: skip
    for source, kind in made:
        subprocess.run(["soffice", "--headless", "--convert-to", kind, "--outdir", str(room), str(source)], check=True)


if __name__ == "__main__":
    main()
