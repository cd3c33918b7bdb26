"""HWP and HWPX as Hancom's programs write them: captions, order, shapes, changes under review, what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.read import document_of
from pipeline.read.convert import convert
from schemas.errors import InputError
from tests.packages import hwpx, p, sublist, table

FILES = Path(__file__).parent / "files"


def text(*paragraphs: str) -> str:
    document = convert(hwpx(*paragraphs), "a.hwpx", "hwpx")
    assert document.text_lost == 0
    return document.text


def test_captions_stand_where_they_are_printed() -> None:
    rows = [["구분", "2027년"], ["보도 정비", "1,400"]]
    above, below = table(rows, "(단위 : 백만원)"), table(rows, "자료 : 한결시", "BOTTOM")
    cells = "| 구분 | 2027년 |\n| 보도 정비 | 1,400 |\n"
    assert text(p("예산"), p(above), p(below)) == f"예산\n\n(단위 : 백만원)\n\n{cells}\n{cells}\n자료 : 한결시\n"


def test_a_table_before_its_paragraphs_words_comes_before_them() -> None:
    head = table([["수신", "내부결재"], ["제목", "한결시 보행환경 개선 계획"]])
    made = text(p(head, "1. 도로과-7호와 관련됩니다."), p("2. 낡은 보도 14km를 정비한다."))
    assert made.index("내부결재") < made.index("1. 도로과") < made.index("2. 낡은")
    assert text(p("앞의 말", head)).startswith("앞의 말\n")


def test_words_in_shapes_and_signs_over_each_other_are_read() -> None:
    arc = f"<hp:curve><hp:drawText>{sublist('굽은 틀 속의 말')}</hp:drawText></hp:curve>"
    titled = f'<hp:pic><hp:caption side="BOTTOM">{sublist("그림 설명")}</hp:caption></hp:pic>'
    assert text(p(arc), p('<hp:textart text="글맵시 제목"/>'), p(titled)) == "굽은 틀 속의 말\n글맵시 제목\n그림 설명\n"
    assert (
        text(p('<hp:compose composeText="\U000f02ba\U000f02c3"/>', " 도로 정비")) == "\U000f02ba\U000f02c3 도로 정비\n"
    )


def test_deleted_words_are_not_read_and_inserted_ones_are() -> None:
    change = "<hp:t>버스 <hp:deleteBegin/>30대<hp:deleteEnd/><hp:insertBegin/>50대<hp:insertEnd/>를 도입</hp:t>"
    assert text(p(change)) == "버스 50대를 도입\n"
    over = ("<hp:t>남은 말<hp:deleteBegin/>지운 말</hp:t>", "<hp:t>지운 말<hp:deleteEnd/> 뒤의 말</hp:t>")
    assert text(p(over[0]), p(over[1])) == "남은 말\n 뒤의 말\n"


def test_a_letterhead_is_read_and_a_running_title_is_not() -> None:
    header = lambda words: f"<hp:ctrl><hp:header>{sublist(words)}</hp:header></hp:ctrl>"
    assert text(p(header("한결시 보행환경 개선 계획"), "본문")) == "본문\n"
    assert text(p(header("한 결 도로공사"), "본문")) == "한 결 도로공사\n본문\n"


def test_a_box_of_one_column_is_lines_and_a_table_in_a_cell_is_a_table() -> None:
    box = table([[p("□ 목표") + p("○ 보도 14km 정비")]])
    assert "□ 목표\n○ 보도 14km 정비\n" in text(p(box))
    inner = p(table([["과제", "물량"], ["보도", "14km"], ["신호등", "60대"]]))
    made = text(p(table([["구분", "내용"], ["도로", inner]])))
    assert "| 도로 |  |\n\n| 과제 | 물량 |\n| 보도 | 14km |\n| 신호등 | 60대 |\n" in made


def test_hwpml_is_read_as_hwpx_is() -> None:
    cell = lambda r, c, words: (
        f'<CELL RowAddr="{r}" ColAddr="{c}"><PARALIST><P><TEXT><CHAR>{words}</CHAR></TEXT></P></PARALIST></CELL>'
    )
    caption = "<SHAPEOBJECT><CAPTION Side='Top'><PARALIST><P><TEXT><CHAR>(단위: 대)</CHAR></TEXT></P></PARALIST></CAPTION></SHAPEOBJECT>"
    grid = f"<TABLE ColCount='2'>{caption}<ROW>{cell(0, 0, '신호등')}{cell(0, 1, '60')}</ROW></TABLE>"
    note = "<FOOTNOTE><PARALIST><P><TEXT><CHAR>주석</CHAR></TEXT></P></PARALIST></FOOTNOTE>"
    body = f"<P><TEXT><CHAR>보행<TAB/>계획</CHAR>{note}</TEXT></P><P><TEXT>{grid}</TEXT></P>"
    raw = f'<?xml version="1.0" encoding="UTF-8"?>\n<HWPML Version="2.8"><HEAD/><BODY><SECTION>{body}</SECTION></BODY></HWPML>'
    document = document_of(raw.encode(), "a.hml")
    assert document.text == "보행\t계획1)\n\n(단위: 대)\n\n| 신호등 | 60 |\n\n1) 주석\n"
    assert (document.format, document.text_lost) == ("hwpml", 0)
    assert document_of(raw.encode(), "a.xml").format == "hwpml"


def test_automatic_numbers_of_hwpml_are_read() -> None:
    number = lambda kind, at: f'<AUTONUM Number="{at}" NumberType="{kind}"><AUTONUMFORMAT Type="Digit"/></AUTONUM>'
    line = lambda kind, at, words: f"<P><TEXT><CHAR>{kind} </CHAR>{number(kind, at)}<CHAR> {words}</CHAR></TEXT></P>"
    body = line("Table", 3, "신호등 현황") + line("Figure", 2, "보도 단면") + line("Page", 9, "쪽")
    raw = f'<?xml version="1.0"?><HWPML Version="2.8"><HEAD/><BODY><SECTION>{body}</SECTION></BODY></HWPML>'
    assert document_of(raw.encode(), "a.hml").text == "Table 3 신호등 현황\nFigure 2 보도 단면\nPage  쪽\n"


def test_hwp_5_is_read_under_another_suffix() -> None:
    raw = (FILES / "specimen.hwp").read_bytes()
    assert document_of(raw, "a.hwpx").format == "hwp"
    assert document_of((FILES / "specimen.hwpx").read_bytes(), "a.hwp").format == "hwpx"


@pytest.mark.parametrize(
    ("flags", "why"),
    [
        (0b10, "protected by a password"),
        (0b100, "distribution document .*print it to PDF"),
        (0b10000, "rights system"),
    ],
)
def test_a_protected_file_says_what_helps(flags: int, why: str) -> None:
    raw = bytearray((FILES / "specimen.hwp").read_bytes())
    at = raw.index(b"HWP Document File") + 36
    raw[at] |= flags
    with pytest.raises(InputError, match=why):
        document_of(bytes(raw), "a.hwp")


def test_hangul_3_is_named() -> None:
    with pytest.raises(InputError, match=r"Hangul 3\.0 or older \(before 2000\); open it in Hangul"):
        document_of(b"HWP Document File V3.00 \x1a\x01\x02\x03\x04\x05" + bytes(400), "a.hwp")
