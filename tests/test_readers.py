"""Files of every format: what a reader must keep sign by sign, what it must leave out, and what it says to broken files."""

from __future__ import annotations

import io
import re
import time
import zipfile
from pathlib import Path

import pytest

from pipeline.read import read
from pipeline.read.convert import convert
from pipeline.readers.html import html
from pipeline.readers.lines import Cell, Unreadable, number, unmerge

FILES = Path(__file__).parent / "files"
BROKEN = FILES / "broken"
ALL = ("docx", "html", "hwpx", "hwp", "pdf")
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def squeezed(text: str) -> str:
    return "".join(text.split())


def docx(body: str, **parts: str) -> bytes:
    """A Word document with this body; `parts`: other parts of `word/` by name."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", f'<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>')
        for name, content in parts.items():
            archive.writestr(f"word/{name}.xml", f'<w:{name} xmlns:w="{WORD}">{content}</w:{name}>')
    return held.getvalue()


def paragraph(text: str, properties: str = "") -> str:
    return f'<w:p><w:pPr>{properties}</w:pPr><w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


# -- what stays --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ALL)
@pytest.mark.parametrize("seed", ["000_2b77c52a4b4d5503", "003_27fe396abf41b991"])
def test_no_sign_of_a_document_is_lost_or_added(seeds: Path, seed: str, kind: str) -> None:
    """But for white space, and the bars of tables; PDFs may sort a line's parts otherwise."""
    text = squeezed((seeds / f"{seed}.txt").read_text(encoding="utf-8")).replace("|", "")
    made = squeezed(read(FILES / f"{seed}.{kind}").text).replace("|", "").replace("#", "")
    if kind == "pdf":
        assert sorted(made) == sorted(text.replace("#", ""))
    else:
        assert made == text.replace("#", "")


@pytest.mark.parametrize("kind", ALL)
def test_signs_that_libraries_like_to_change_stand_as_printed(kind: str) -> None:
    text = squeezed(read(FILES / f"specimen.{kind}").text)
    for words in (
        "(’26~’30)",
        "8％",
        "50㎜",
        "20만㎥",
        "5GB<10GB",
        "*.csv",
        "smart_water_v2.json",
        "｢물순환촉진조례｣",
        "㈜가온산단",
        "①1단계",
    ):
        assert squeezed(words) in text, words


@pytest.mark.parametrize("kind", ALL)
def test_structure_becomes_lines(kind: str) -> None:
    lines = [line.strip() for line in read(FILES / f"specimen.{kind}").text.split("\n")]
    assert "# 가온시 스마트 물순환 도시 조성 종합계획(’26~’30)" in lines
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    assert ["침수 대응", "빗물 저류 용량(만㎥)", "12.5", "20", "35"] in rows
    assert ["", "침수 취약지구(개소)", "48", "30", "10 이하"] in rows  # under a merged cell
    assert any(line.startswith("□ (조기경보)") for line in lines)
    assert any(line.startswith("1. 2026년 6월: 물순환위원회") for line in lines)  # numbered by the word processor
    assert any(line.startswith("1가온시 하천유량" if kind == "pdf" else "1) 가온시 하천유량") for line in lines)
    footnote = "감소1" if kind in ("html", "pdf") else "감소1)"  # those two print the number as they please
    assert any(line.endswith(f"△37％ {footnote}") for line in lines)
    assert not any("쪽" in line and len(line) < 12 for line in lines)  # running heads and feet


def test_a_pdf_knows_its_pages() -> None:
    document = read(FILES / "specimen.pdf")
    assert len(document.pages) >= 2 and document.pages[0] == 0
    assert document.page(0) == 1 and document.page(len(document.text) - 1) == len(document.pages)
    assert document.page(document.text.index("빗물정원 3곳")) == len(document.pages)
    assert read(FILES / "specimen.docx").pages == ()


def test_who_converted_it_is_told() -> None:
    assert re.fullmatch(r"pypdfium2 [\d.]+ \([0-9a-f]{8}\)", read(FILES / "specimen.pdf").reader or "")
    document = read(FILES / "specimen.md")
    assert (document.format, document.reader, document.encoding) == ("markdown", None, "utf-8")


def test_a_file_of_another_writer_says_the_same() -> None:
    one, other = (read(FILES / name).text for name in ("specimen.hwp", "specimen-rhwp.hwp"))
    assert squeezed(one) == squeezed(other)


def test_word_numbers_are_counted_as_word_counts_them() -> None:
    level = lambda n, form, text: (
        f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
    )
    levels = level(0, "decimal", "%1.") + level(1, "ganada", "%2)") + level(2, "decimal", "%1.%3")
    numbering = f'<w:abstractNum w:abstractNumId="0">{levels}</w:abstractNum><w:num w:numId="7"><w:abstractNumId w:val="0"/></w:num>'
    item = lambda n, text: paragraph(text, f'<w:numPr><w:ilvl w:val="{n}"/><w:numId w:val="7"/></w:numPr>')
    body = item(0, "하나") + item(1, "둘") + item(1, "셋") + item(0, "넷") + item(1, "다섯") + item(2, "여섯")
    text = convert(docx(body, numbering=numbering), "a.docx", "docx").text
    assert text == "1. 하나\n  가) 둘\n  나) 셋\n2. 넷\n  가) 다섯\n    2.1 여섯\n"


def test_word_keeps_entities_tabs_and_breaks_and_drops_what_was_deleted() -> None:
    body = paragraph("R&amp;D센터 &lt;표 1&gt; '35년") + (
        "<w:p><w:r><w:t>가</w:t><w:tab/><w:t>나</w:t><w:br/><w:t>다</w:t></w:r>"
        "<w:del><w:r><w:delText>지운 글</w:delText></w:r></w:del><w:ins><w:r><w:t>넣은 글</w:t></w:r></w:ins>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>숨긴 글</w:t></w:r></w:p>"
    )
    assert convert(docx(body), "a.docx", "docx").text == "R&D센터 <표 1> '35년\n가\t나\n다넣은 글\n"


@pytest.mark.parametrize(
    ("form", "value", "printed"),
    [("decimal", 12, "12"), ("upperRoman", 4, "IV"), ("ROMAN_SMALL", 9, "ix"), ("lowerLetter", 3, "c"), ("ganada", 2, "나"),
     ("HANGUL_SYLLABLE", 14, "하"), ("CIRCLED_DIGIT", 3, "③"), ("decimalEnclosedCircle", 21, "21"), ("unheard of", 5, "5")],
)  # fmt: skip
def test_automatic_numbers(form: str, value: int, printed: str) -> None:
    assert number(form, value) == printed


def test_merged_cells_keep_their_text_once() -> None:
    table = [[Cell("분야", 2), Cell("목표", 1, 2)], [Cell("2027"), Cell("2030")]]
    assert unmerge(table) == [["분야", "목표", ""], ["", "2027", "2030"]]
    with pytest.raises(Unreadable, match="too many cells"):
        unmerge([[Cell("x", 1_000, 1_000)] * 3] * 1_000)


# -- web pages ---------------------------------------------------------------------------------------------


def shown(page: str) -> str:
    return html(page.encode()).text


def test_white_space_is_as_a_browser_shows_it() -> None:
    page = "<body><p>과학기술\n   혁신을 <b>강화</b>하고</p>\n<p>첫째<br>둘째</p><ul><li>하나</li><li>둘</li></ul><ol start=3><li>셋</li></ol>"
    assert shown(page) == "과학기술 혁신을 강화하고\n첫째\n둘째\n\n- 하나\n- 둘\n\n3. 셋\n"


def test_a_table_for_the_layout_is_no_table() -> None:
    page = "<table><tr><td><h2>계획</h2><p>본문</p></td></tr></table><table><tr><th>지표</th><th>값</th></tr><tr><td>가</td><td>1</td></tr></table>"
    assert shown(page) == "## 계획\n\n본문\n\n| 지표 | 값 |\n| 가 | 1 |\n"


@pytest.mark.parametrize(
    "hidden",
    ['<p style="color:#fff">{}</p>', '<p style="color: white; background: #FFFFFF">{}</p>', '<p style="font-size:0px">{}</p>',
     '<div style="position:absolute; left:-9999px">{}</div>', '<p style="opacity: 0">{}</p>', '<i class="x">{}</i><style>.x {{ color: #ffffff }}</style>',
     '<p style="color:transparent">{}</p>'],
)  # fmt: skip
def test_concealed_text_is_left_out_and_told(hidden: str) -> None:
    made = html(f"<body><p>보이는 글</p>{hidden.format('숨은 글')}</body>".encode())
    assert made.text == "보이는 글\n" and made.hidden == "숨은 글" and made.concealed


@pytest.mark.parametrize(
    ("page", "concealed"),
    [("<p>글</p><div style='display:none'>메뉴</div>", False), ("<p>글</p><p hidden>메뉴</p>", False),
     ("<p style='background:#036;color:#fff'>글</p>", False), ("<table bgcolor='#003366'><tr><td style='color:white'>글</td><td>나</td></tr></table>", False),
     ("<link rel=stylesheet href=x.css><p style='color:#fff'>글</p>", False), ("<p style='font-size:0.9em;opacity:0.8'>글</p>", False),
     ("<p style='text-indent:-10px'>글</p>", False)],
)  # fmt: skip
def test_what_pages_do_anyway_is_not_concealed(page: str, concealed: bool) -> None:
    made = html(f"<body>{page}</body>".encode())
    assert "글" in made.text and made.concealed is concealed


def test_scripts_and_addresses_are_no_text() -> None:
    made = read(BROKEN / "hidden.html")
    assert made.hidden and "센서 320개" in made.text and "<표 1> & 5 < 10" in made.text
    for words in ("999", "888", "777", "666", "555", "444", "333", "222", "111", "alert", "javascript", "198.51"):
        assert words not in made.text


def test_a_korean_page_says_its_charset() -> None:
    assert "하천 수위 센서 320개" in read(BROKEN / "euckr.html").text


def test_a_page_inside_a_form_is_a_page() -> None:
    assert (
        shown("<form id=aspnetForm><input value=x><h1>계획</h1><p>본문</p><button>보내기</button></form>")
        == "# 계획\n\n본문\n"
    )


def test_what_stands_in_a_list_beside_its_items_is_kept() -> None:
    text = shown("<ul>머리<li>하나</li><p>사이</p><ul style='display:none'><li>숨김</li></ul><ul><li>둘</li></ul></ul>")
    assert [line.strip() for line in text.split("\n") if line] == ["머리", "- 하나", "사이", "- 둘"]


def test_hidden_rows_and_cells_of_a_layout_table_are_not_read() -> None:
    made = html("<table><tr style='display:none'><td>9999개</td></tr><tr><td><p>본문</p></td></tr></table>".encode())
    assert made.text.strip() == "본문" and made.hidden == "9999개"


def test_deep_pages_are_read_whole() -> None:
    page = "<font>" * 400 + "처음" + "<div>" * 400 + "끝"
    assert "끝" in convert(page.encode(), "a.html", "html").text


def test_a_page_in_utf_8_that_says_utf_16_is_in_utf_8() -> None:
    assert "하천" in shown("<meta charset='utf-16'><p>하천</p>")


@pytest.mark.parametrize(
    "charset",
    [
        "utf-7",
        "unicode_escape",
        "raw_unicode_escape",
        "rot13",
        "punycode",
        "idna",
        "hex",
        "utf-16",
        "utf-32",
        "mbcs",
        "hz",
    ],
)
def test_a_charset_that_no_browser_knows_is_not_obeyed(charset: str) -> None:
    """It would show another text than the one a person sees: here, `+AGE-` and `\\u0061` for a letter."""
    page = f"<meta charset='{charset}'><p>하천 +AGE- \\u0061 nopq</p>"
    assert "하천 +AGE- \\u0061 nopq" in shown(page)


@pytest.mark.parametrize("css", ["a" * 100_000, "@a" * 50_000, "/*" * 50_000, "{" * 100_000, ".x{color:red}" * 8_000])
def test_style_rules_take_linear_time(css: str) -> None:
    began = time.monotonic()
    assert shown(f"<style>{css}</style>" + "<p class=x>글</p>" * 2_000)
    assert time.monotonic() - began < 8


HWPML = "http://www.hancom.co.kr/hwpml/2011/paragraph"


def hwpx(section: str) -> bytes:
    """An HWPX file with this section and an empty head."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("mimetype", "application/hwp+zip")
        archive.writestr("Contents/header.xml", "<head/>")
        archive.writestr("Contents/section0.xml", f'<hs:sec xmlns:hs="s" xmlns:hp="{HWPML}">{section}</hs:sec>')
    return held.getvalue()


def test_boxes_and_tables_within_each_other_are_read_once() -> None:
    run = lambda inner: f"<hp:p><hp:run>{inner}</hp:run></hp:p>"
    words = lambda text: f"<hp:t>{text}</hp:t>"
    note = f"<hp:ctrl><hp:footNote><hp:subList>{run(words('주석'))}</hp:subList></hp:footNote></hp:ctrl>"
    cell = lambda c, inner: f'<hp:tc><hp:subList>{inner}</hp:subList><hp:cellAddr rowAddr="0" colAddr="{c}"/></hp:tc>'
    table = f"<hp:tbl><hp:tr>{cell(0, run(words('가') + note))}{cell(1, run(words('나')))}</hp:tr></hp:tbl>"
    box = lambda inner: f"<hp:rect><hp:drawText><hp:subList>{inner}</hp:subList></hp:drawText></hp:rect>"
    nested = run(words("속"))
    for _ in range(12):
        nested = run(box(nested))
    text = convert(hwpx(run(box(run(table))) + nested), "a.hwpx", "hwpx").text
    assert text.count("속") == text.count("주석") == 1 and text.count("| 가1) | 나 |") == 1


def test_a_restarted_list_begins_anew_and_text_boxes_are_read() -> None:
    level = '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>'
    again = '<w:num w:numId="2"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
    numbering = f'<w:abstractNum w:abstractNumId="0">{level}</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>{again}'
    item = lambda n, text: paragraph(text, f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{n}"/></w:numPr>')
    box = f"<w:p><w:r><w:pict><w:txbxContent>{paragraph('글상자')}</w:txbxContent></w:pict></w:r></w:p>"
    body = item(1, "하나") + item(1, "둘") + item(2, "다시") + item(2, "둘째") + box
    text = convert(docx(body, numbering=numbering), "a.docx", "docx").text
    assert text == "1. 하나\n2. 둘\n1. 다시\n2. 둘째\n\n글상자\n"
