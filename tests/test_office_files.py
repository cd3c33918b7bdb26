"""Real files of other office programs through the LibreOffice that is installed; without it, what is told then."""

from __future__ import annotations

import http.server
import threading
from typing import Any

import pytest
from test_office import FILES, HERE, read_here

from pipeline.read import document_of
from schemas.errors import InputError

SHEET = "# 과제\n\n| 과제 | 지표 | 2027년 목표 |\n| 보도 정비 | 정비 길이 | 14km |\n| 신호기 | 설치 수 | 60대 |\n\n비고: 예산 30억 원\n\n# 일정\n\n| 구분 | 시기 |\n| 착공 | 2031-05-03 |\n| 비율 | 25% |\n"
SLIDES = "보행로 정비 추진계획\n\n• 한결시는 낡은 보도 14km를 2027년까지 정비한다.\n• 음향 신호기 60대를 설치한다.\n\n예산\n\n• 30억 원을 지원한다.\n"


@pytest.mark.parametrize(("name", "text"), [("sheet.xls", SHEET), ("slides.pptx", SLIDES)], ids=["sheet", "slides"])
def test_sheets_are_tables_and_slides_are_pages(name: str, text: str) -> None:
    document = read_here(name)
    if document is not None:
        assert document.text == text
        assert [text[at:].split("\n")[0] for at in document.pages] == (
            ["보행로 정비 추진계획", "예산"] if "pptx" in name else []
        )


def test_a_damaged_file_is_not_read_as_if_it_were_text() -> None:
    if HERE is not None:
        raw = (FILES / "sheet.xls").read_bytes()
        with pytest.raises(InputError, match="cannot open it: it is damaged"):
            document_of(raw[:512] + "Workbook".encode("utf-16-le") + raw[1024:3000], "a.xls")


def test_nothing_linked_is_fetched() -> None:
    asked: list[str] = []

    class Service(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *_: Any) -> None: ...

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Service)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}/x.png"
    raw = rf'{{\rtf1\ansi {{\field{{\*\fldinst INCLUDEPICTURE "{address}" \\d}}{{\fldrslt }}}} a plan in words\par}}'.encode()
    if HERE is not None:
        assert document_of(raw, "linked.rtf").text.strip() == "a plan in words"
    server.shutdown()
    assert asked == []
