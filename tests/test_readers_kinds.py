"""Files by what they are: Word's other forms, OpenDocument, mail, web pages with changes, GB 18030, and refusals by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.read import document_of, find_sources
from schemas.errors import InputError
from tests.packages import docx, odt, package, wp, wtable

STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"


def read(raw: bytes | str, name: str) -> str:
    return document_of(raw.encode() if isinstance(raw, str) else raw, name).text


def test_strict_open_xml_and_a_main_part_with_another_name_are_read() -> None:
    assert read(docx(wp("보행 계획"), namespace=STRICT), "a.docx") == "보행 계획\n"
    assert read(docx(wp("보행 계획"), main="word/document7.xml"), "a.docx") == "보행 계획\n"


def test_a_letterhead_of_word_is_read_and_a_running_title_is_not() -> None:
    assert read(docx(wp("第一条"), header=wp("云州市人民政府办公厅")), "a.docx") == "云州市人民政府办公厅\n第一条\n"
    assert read(docx(wp("본문"), header=wp("보행환경 개선 계획")), "a.docx") == "본문\n"


def test_a_table_in_a_cell_of_word_is_a_table() -> None:
    inner = wtable([["과제", "물량"], ["보도", "14km"], ["신호등", "60대"]])
    rows = "| 과제 | 물량 |\n| 보도 | 14km |\n| 신호등 | 60대 |\n"
    assert rows in read(docx(wtable([[inner]])), "a.docx")
    assert f"| 도로 | 다음 |\n\n{rows}" in read(
        docx(wtable([["구분", "내용"], ["도로", wp("다음") + inner]])), "a.docx"
    )


def test_a_box_of_word_is_lines() -> None:
    assert read(docx(wtable([[wp("□ 목표") + wp("○ 보도 14km 정비")]])), "a.docx") == "□ 목표\n○ 보도 14km 정비\n"


def test_deleted_words_of_a_page_are_not_read() -> None:
    assert read("<html><p>버스 <del>30대</del><ins>50대</ins>를 도입</p></html>", "a.html") == "버스 50대를 도입\n"


def test_a_number_printed_in_an_item_stands_once() -> None:
    page = "<html><ol><li>1. 보도 정비</li><li>2) 신호등</li><li>① 표지판</li><li>3.5% 인하</li><li>그늘막</li></ol></html>"
    assert read(page, "a.html") == "1. 보도 정비\n2) 신호등\n① 표지판\n4. 3.5% 인하\n5. 그늘막\n"


@pytest.mark.parametrize(
    ("words", "encoding"),
    [
        ("一、云州市印发《机器人产业行动计划》。到2027年，培育机器人企业50家。", "gb18030"),
        ("各区、县人民政府：现将《公共交通发展规划》印发给你们，请认真贯彻执行。", "gb18030"),
        ("한결시는 2027년까지 낡은 보도 14km를 정비한다.", "cp949"),
        ("보도 14km, 신호등 60대", "cp949"),
        ("中國 北京市의 종합계획 발표", "cp949"),
    ],
)
def test_korean_and_chinese_encodings_are_told_apart(words: str, encoding: str) -> None:
    document = document_of(words.encode(encoding), "a.txt")
    assert (document.text, document.encoding) == (words, encoding)
    behind = document_of(b"x" * 70_000 + b"\n" + words.encode(encoding), "a.txt")
    assert behind.encoding == encoding and behind.text.endswith(words)
    assert read(f"<html><p>{words}</p></html>".encode(encoding), "a.html") == words + "\n"


def test_opendocument_text_is_read() -> None:
    styles = (
        '<text:list-style style:name="L"><text:list-level-style-number text:level="1" style:num-format="1" style:num-suffix="."/>'
        '<text:list-level-style-bullet text:level="2" text:bullet-char="○"/></text:list-style>'
    )
    deeper = "<text:list><text:list-item><text:p>보도 14km</text:p></text:list-item></text:list>"
    listed = (
        f'<text:list text:style-name="L"><text:list-item><text:p>과제</text:p>{deeper}</text:list-item></text:list>'
    )
    note = "<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>주석</text:p></text:note-body></text:note>"
    cell = lambda words, more="": f"<table:table-cell{more}><text:p>{words}</text:p></table:table-cell>"
    wide = ' table:number-columns-spanned="2"'
    grid = (
        f"<table:table><table:table-row>{cell('구분', wide)}<table:covered-table-cell/></table:table-row>"
        f"<table:table-row>{cell('보도')}{cell('14km')}</table:table-row></table:table>"
    )
    body = f'<text:h text:outline-level="1">보행 <text:s text:c="2"/>계획{note}</text:h>{listed}{grid}'
    document = document_of(odt(body, styles), "a.odt")
    assert document.text == "# 보행   계획1)\n\n1. 과제\n  ○ 보도 14km\n\n| 구분 |  |\n| 보도 | 14km |\n\n1) 주석\n"
    assert document.format == "odt"


@pytest.mark.parametrize(
    ("kind", "body"), [("plain", "□ 보도 14km를 정비한다.\n"), ("html", "<p>□ 보도 14km를 정비한다.</p>")]
)
def test_a_mail_is_read_with_its_head(kind: str, body: str) -> None:
    head = "From: road@hangyeol.kr\nSubject: 보행 계획\nDate: Thu, 7 May 2026 09:00:00 +0900\nMIME-Version: 1.0\n"
    raw = f"{head}Content-Type: text/{kind}; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{body}"
    made = read(raw, "a.eml")
    assert made.startswith("제목: 보행 계획\n") and made.endswith("\n\n□ 보도 14km를 정비한다.\n")


@pytest.mark.parametrize(
    ("words", "named", "written"),
    [
        ("똠방마을 보도 14km", "; charset=ks_c_5601-1987", "cp949"),
        ("朱镕镇建设道路 14公里", "; charset=gb2312", "gb18030"),
        ("보도 14km를 정비한다.", "", "utf-8"),
        ("보도 14km를 정비한다.", "", "cp949"),
    ],
)
def test_no_sign_of_a_mail_is_lost_by_its_charset(words: str, named: str, written: str) -> None:
    head = f"Subject: plan\nMIME-Version: 1.0\nContent-Type: text/plain{named}\nContent-Transfer-Encoding: 8bit\n\n"
    assert read(head.encode() + words.encode(written), "a.eml") == f"제목: plan\n\n{words}\n"


@pytest.mark.parametrize(
    ("field", "shown"),
    [
        ("한결시 계획".encode("cp949"), "한결시 계획"),
        (b"=?ks_c_5601-1987?B?x9Gw4b3D?= plan", "한결시 plan"),
        (b"=?gb2312?B?1tC5+g==?=", "中国"),
        (b"=?x-foo?B?xOTB?=", "=?x-foo?B?xOTB?="),  # no such charset, and the bytes are none of ours
        (b"=?hex?Q?road?=", "road"),  # a codec of Python's, no charset
        (b"=?utf-8?B?abc?=", "=?utf-8?B?abc?="),
    ],
)
def test_a_mails_subject_is_read_in_its_charset_or_left_as_it_stands(field: bytes, shown: str) -> None:
    assert read(b"Subject: " + field + b"\nContent-Type: text/plain\n\nroad\n", "a.eml") == f"제목: {shown}\n\nroad\n"


def test_numbers_of_several_levels_in_opendocument_are_printed_whole() -> None:
    levels = "".join(
        f'<text:list-level-style-number text:level="{n}" style:num-format="{form}" style:num-suffix="." text:display-levels="{n}"/>'
        for n, form in ((1, "1"), (2, "1"), (3, "1"))
    )
    item = lambda words, inner="": f"<text:list-item><text:p>{words}</text:p>{inner}</text:list-item>"
    listed = lambda *items: f'<text:list text:style-name="L">{"".join(items)}</text:list>'
    body = listed(item("도로"), item("하천", listed(item("제방"), item("수문", listed(item("점검"))))))
    made = read(odt(body, f'<text:list-style style:name="L">{levels}</text:list-style>'), "a.odt")
    assert made == "1. 도로\n2. 하천\n  2.1. 제방\n  2.2. 수문\n    2.2.1. 점검\n"


def test_no_part_of_a_mail_vanishes() -> None:
    kinds = ("text/plain", "text/html", "text/plain", "message/rfc822")
    bodies = ("\n", "<p>road 14 km</p>", "bridge 2 km\n", "Subject: Sent on\n\ntext\n")
    parts = [f"Content-Type: {kind}\n\n{body}" for kind, body in zip(kinds, bodies, strict=True)]
    both = "Content-Type: multipart/alternative; boundary=b\n\n--b\n" + "\n--b\n".join(parts[:2]) + "\n--b--\n"
    whole = "\n--a\n".join(["Content-Type: multipart/mixed; boundary=a\n", both, *parts[2:]]) + "\n--a--\n"
    assert read(f"Subject: plan\nMIME-Version: 1.0\n{whole}", "a.eml") == (
        "제목: plan\n\nroad 14 km\n\nbridge 2 km\n\n첨부파일: Sent on\n"
    )
    assert read(f"Subject: plan\nMIME-Version: 1.0\n{both}", "a.eml") == "제목: plan\n\nroad 14 km\n"
    twice = both.replace("text/plain\n\n\n", "text/plain\n\nroad 14 km\n")
    assert read(f"Subject: plan\nMIME-Version: 1.0\n{twice}", "a.eml") == "제목: plan\n\nroad 14 km\n"


def test_signs_of_symbol_fonts_in_word_are_read() -> None:
    run = '<w:p><w:r><w:sym w:font="Wingdings" w:char="F0A7"/></w:r><w:r><w:t> 보도 14km</w:t></w:r></w:p>'
    assert read(docx(run), "a.docx") == "\uf0a7 보도 14km\n"


def test_remarks_and_notes_in_a_cell_of_opendocument_are_no_words_of_the_cell() -> None:
    remark = "<office:annotation><text:p>50km가 맞나요?</text:p></office:annotation>"
    note = "<text:note><text:note-body><text:p>주석</text:p></text:note-body></text:note>"
    cells = "".join(
        f"<table:table-cell><text:p>{words}</text:p></table:table-cell>" for words in (f"보도{remark}", f"14km{note}")
    )
    body = f"<table:table><table:table-row>{cells}</table:table-row></table:table>"
    assert read(odt(body), "a.odt") == "| 보도 | 14km1) |\n\n1) 주석\n"


def test_a_box_that_stands_on_the_page_of_opendocument_is_read() -> None:
    body = "<draw:frame><draw:text-box><text:p>보도 14km</text:p></draw:text-box></draw:frame><text:p>본문</text:p>"
    assert read(odt(body), "a.odt") == "보도 14km\n본문\n"


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


@pytest.mark.parametrize(
    ("raw", "name", "why"),
    [
        (OLE + "WordDocument".encode("utf-16-le"), "a.doc", "Word 97"),
        (OLE + "WordDocument".encode("utf-16-le"), "a.docx", "Word 97"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "a.docx", "protected by a password"),
        (OLE + "Workbook".encode("utf-16-le"), "a.xls", "spreadsheet"),
        (b"{\\rtf1 text}", "a.rtf", "RTF"),
        (b"{\\rtf1 text}", "a.doc", "RTF"),
        (package({"[Content_Types].xml": "", "xl/workbook.xml": ""}), "a.xlsx", "spreadsheet"),
        (package({"[Content_Types].xml": "", "ppt/presentation.xml": ""}), "a.pptx", "presentation"),
        (package({"OFD.xml": "", "Doc_0/Document.xml": ""}), "a.ofd", "OFD"),
        (b"anything", "a.wps", "WPS"),
    ],
)
def test_what_is_not_read_is_named(raw: bytes, name: str, why: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")  # without LibreOffice
    with pytest.raises(InputError, match=why):
        document_of(raw, name)


def test_a_web_page_under_the_suffix_of_a_word_document_is_read() -> None:
    assert document_of(b"<html><body><p>plan</p></body></html>", "a.docx").format == "html"


def test_office_files_in_a_folder_do_not_vanish(tmp_path: Path) -> None:
    for name in ("a.txt", "b.xlsx", "c.hml", "d.png"):
        (tmp_path / name).write_bytes(b"x")
    assert [source.name for source in find_sources([tmp_path])] == ["a.txt", "b.xlsx", "c.hml"]
