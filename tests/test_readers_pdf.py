"""PDFs as office programs print them: tables without outer sides, pages alike but for numbers, words in no cell."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.read import read
from pipeline.readers.pdf_lines import PdfPages
from pipeline.readers.pdf_tables import PdfTable

FILES = Path(__file__).parent / "files"


def rows(text: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in text.split("\n") if line.startswith("|")]


def test_tables_without_outer_sides_keep_every_cell() -> None:
    document = read(FILES / "open-sides.pdf")
    plain = [
        ["구분", "기한", "내용"],
        ["보도 정비", "2027", "낡은 보도 14km 정비"],
        ["신호등", "2028", "음향 신호기 60대 설치"],
    ]
    merged = [["분야", "과제", "기한"], ["도로", "보도 14km 정비", "2027"], ["", "음향 신호기 60대 설치", "2028"]]
    assert rows(document.text) == [*plain, *plain, *merged]
    assert document.text_lost == 0


def test_rules_between_paragraphs_make_no_table() -> None:
    lines = read(FILES / "open-sides.pdf").text.split("\n")
    assert "구분선 사이의 문단" in lines


def test_items_that_differ_in_numbers_alone_are_no_running_heads() -> None:
    text = read(FILES / "pages.pdf").text
    for item in (
        "- 2027년까지 도서관 6곳",
        "- 2028년까지 도서관 8곳",
        "- 2029년까지 도서관 11곳",
        "- 2030년까지 도서관 15곳",
    ):
        assert item in text, item


def test_the_last_row_of_a_table_may_stand_alone_on_its_page() -> None:
    document = read(FILES / "pages.pdf")
    found = rows(document.text)
    assert found[-2:] == [["시설", "물량"], ["마지막 시설", "7곳"]]
    assert document.page(document.text.index("마지막 시설")) == len(document.pages)


def test_words_in_no_cell_are_kept_as_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same table as it was found before its sides were closed: its middle column alone."""
    from pipeline.readers.pdf import pdf

    whole = PdfPages.tables

    def middle(pages: PdfPages) -> dict[int, list[PdfTable]]:
        return {
            number: [PdfTable(t.box, tuple((None, *row[1:2], None) for row in t.rows)) for t in tables]
            for number, tables in whole(pages).items()
        }

    monkeypatch.setattr(PdfPages, "tables", middle)
    made = pdf((FILES / "open-sides.pdf").read_bytes(), 10)
    assert made.lost == 0
    for words in ("낡은 보도 14km 정비", "음향 신호기 60대 설치", "신호등"):
        assert words in made.text, words


def test_words_that_are_lost_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    from pipeline.readers.pdf import pdf

    monkeypatch.setattr(PdfPages, "words", lambda *_: "")
    monkeypatch.setattr(PdfPages, "outside", lambda *_: "")
    made = pdf((FILES / "open-sides.pdf").read_bytes(), 10)
    assert made.lost > 50
