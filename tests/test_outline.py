"""Layouts become units: each test is a small document of its own, shown as the units that it must give."""

from __future__ import annotations

import pytest

from tests.outlining import above, parent, shown, unit_of, units, words

# -- marks and levels --------------------------------------------------------------------------------------

OFFICIAL = """Ⅰ. 추진 배경

1. 현황

가. 수질
□ 하천의 수질이 나빠짐
 ㅇ 도심 구간의 오염이 심함
  - 하수관 노후율이 높음
   * 2020년 조사
 ㅇ 상류는 양호
□ 주민 불편이 큼

(1) 세부 현황

① 하수관 정비
② 저류조 설치

Ⅱ. 추진 계획
"""


def test_korean_official_levels() -> None:
    assert shown(OFFICIAL) == [
        ("heading", "추진 배경"),
        ("heading", "현황"),
        ("heading", "수질"),
        ("bullet", "하천의 수질이 나빠짐"),
        ("bullet", "도심 구간의 오염이 심함"),
        ("bullet", "하수관 노후율이 높음"),
        ("note", "2020년 조사"),
        ("bullet", "상류는 양호"),
        ("bullet", "주민 불편이 큼"),
        ("heading", "세부 현황"),
        ("heading", "하수관 정비"),
        ("heading", "저류조 설치"),
        ("heading", "추진 계획"),
    ]
    assert [u.marker for u in units(OFFICIAL)] == [
        *["Ⅰ.", "1.", "가.", "□", "ㅇ", "-", "*", "ㅇ", "□", "(1)", "①", "②", "Ⅱ."]
    ]


def test_what_stands_under_what() -> None:
    assert above(OFFICIAL, "하천의") == ["추진 배경", "현황", "수질"]
    assert parent(OFFICIAL, "도심") == "하천의 수질이 나빠짐"
    assert parent(OFFICIAL, "하수관 노후율") == "도심 구간의 오염이 심함"
    assert parent(OFFICIAL, "2020년 조사") == "하수관 노후율이 높음"
    assert parent(OFFICIAL, "상류는") == "하천의 수질이 나빠짐"
    assert parent(OFFICIAL, "주민 불편") == "수질"
    assert above(OFFICIAL, "저류조 설치") == above(OFFICIAL, "하수관 정비")
    assert above(OFFICIAL, "추진 계획") == []
    assert [u.level for u in units(OFFICIAL)][3:9] == [1, 2, 3, 4, 2, 1]


def test_the_order_of_marks_is_the_documents_own() -> None:
    text = "- 수질\n ○ 하수관 교체\n ○ 저류조 설치\n- 숲\n ○ 가로수 식재\n"
    assert parent(text, "하수관") == "수질" and parent(text, "가로수") == "숲"
    turned = "○ 수질\n - 하수관 교체\n○ 숲\n - 가로수 식재\n"
    assert parent(turned, "하수관") == "수질" and parent(turned, "가로수") == "숲"


def test_chinese_levels_and_glued_headings() -> None:
    text = (
        "一、总体目标\n坚持绿色低碳发展方向；建设五十个监测站。\n二、重点任务\n"
        "（一）加强河道治理。更换老旧管网，建设调蓄池；组织志愿者巡查。（责任单位：市水务局、市环保局）\n"
        "（二）完善步道建设\n1. 河岸\n"
    )
    assert words(text, "heading") == ["总体目标", "重点任务", "加强河道治理。", "完善步道建设", "河岸"]
    assert above(text, "更换老旧管网") == ["重点任务", "加强河道治理。"]
    assert words(text, "note") == ["（责任单位：市水务局、市环保局）"]
    assert "坚持绿色低碳发展方向；" in words(text, "clause") and "组织志愿者巡查。" in words(text, "clause")
    assert above(text, "河岸") == ["重点任务", "完善步道建设"]


@pytest.mark.parametrize(
    ("line", "marker", "body"),
    [
        ("01 한빛시 하천 계획", "01", "한빛시 하천 계획"),
        ("[1] 한빛시 하천 계획", "[1]", "한빛시 하천 계획"),
        ("【2】 새솔시 숲 계획", "【2】", "새솔시 숲 계획"),
        ("제1장 총칙", "제1장", "총칙"),
        ("제3조 목적", "제3조", "목적"),
        ("第二章 附则", "第二章", "附则"),
        ("1) 오염원 관리", "1)", "오염원 관리"),
        ("1.2. 세부 과제", "1.2.", "세부 과제"),
        ("⑴ 세부 과제", "⑴", "세부 과제"),
        ("나) 세부 과제", "나)", "세부 과제"),
        ("③ 세부 과제", "③", "세부 과제"),
        ("III. 추진 체계", "III.", "추진 체계"),
        ("## 배 경", "##", "배 경"),
        ("**1. 목적**", "1.", "목적"),
    ],
)
def test_a_numbered_line_is_a_heading_without_its_number(line: str, marker: str, body: str) -> None:
    (unit,) = units(line)
    assert (unit.kind.value, unit.marker, line[unit.start : unit.end]) == ("heading", marker, body)


def test_a_long_numbered_line_is_an_item_and_no_heading() -> None:
    text = "1. 시는 노후 하수관을 교체하고 우수 저류조를 설치하여 집중 호우에 대비하며 "
    text += "주민과 함께 하천을 살피는 모임을 운영할 예정이다.\n"
    assert shown(text)[0][0] == "bullet"
    assert not words(text, "heading")


def test_a_number_in_a_box_belongs_to_the_title_below() -> None:
    text = "02\n\n한빛시, 하천 정비 계획 발표\n\n- 한빛시는 하천 정비 계획을 발표\n\nⅢ\n\n단신동향\n"
    assert [(u.marker, text[u.start : u.end]) for u in units(text) if u.kind.value == "heading"] == [
        ("02", "한빛시, 하천 정비 계획 발표"),
        ("Ⅲ", "단신동향"),
    ]


@pytest.mark.parametrize("glyph", list("□■◆○ㅇ◦●•▶▷▪·-–—"))
def test_every_bullet_glyph_is_left_out_of_the_span(glyph: str) -> None:
    text = f"계획을 알린다.\n\n{glyph} (수질) 하수관 교체\n"
    (unit,) = [u for u in units(text) if u.kind.value == "bullet"]
    assert text[unit.start : unit.end] == "(수질) 하수관 교체" and unit.marker == glyph


def test_several_levels_on_one_line() -> None:
    text = "□ 첫째 과제 ㅇ 하수관 교체 ㅇ 저류조 설치\n□ 둘째 과제\n"
    assert words(text, "bullet") == ["첫째 과제", "하수관 교체", "저류조 설치", "둘째 과제"]
    assert parent(text, "저류조") == "첫째 과제"


def test_labelled_bullets_keep_their_label() -> None:
    text = "1) 오염원 관리\n\n- (하수 정비) 노후 하수관 120km를 교체\n- (주민 참여) 살피기 모임 운영\n"
    assert words(text, "bullet") == ["(하수 정비) 노후 하수관 120km를 교체", "(주민 참여) 살피기 모임 운영"]
    assert above(text, "(주민") == ["오염원 관리"]


# -- signs that are no marks -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line", ["-3.5% 감소한 뒤 다시 늘었다.", "△5.2% 줄어든 값으로 나타났다.", "-5도 이하로 떨어진다."]
)
def test_a_minus_is_no_bullet(line: str) -> None:
    (unit,) = units(line)
    assert (unit.kind.value, unit.marker, line[unit.start : unit.end]) == ("sentence", "", line)


def test_a_minus_inside_a_line_is_no_item() -> None:
    text = "- 생산은 △5.2%, 수출은 △3.1%로 나타남\n"
    assert shown(text) == [("bullet", "생산은 △5.2%, 수출은 △3.1%로 나타남")]


@pytest.mark.parametrize("glyph", "▲△▴▷▶")
def test_a_line_of_marked_items_has_its_first_item_too(glyph: str) -> None:
    text = f"{glyph} 하수관 교체 {glyph} 저류조 설치 {glyph} 점검단 구성 등을 추진\n"
    assert words(text, "item") == ["하수관 교체", "저류조 설치", "점검단 구성"]


def test_circled_items_and_double_dashes() -> None:
    assert words("시는 ①하수관 교체, ②저류조 설치를 추진한다.\n", "item")[0] == "하수관 교체"
    assert words("시는 하천에 -- 하수관 교체 -- 저류조 설치 등을 추진한다.\n", "item") == ["하수관 교체", "저류조 설치"]


# -- tables ------------------------------------------------------------------------------------------------

TABLE = """하천 정비 목표

〈주요 지표〉

구분	지표	2028년
수질	하천 수질 등급	2등급 이상
산책로	강변 산책로	30km

- 1 -

구분	지표	2028년
숲	가로수	≥5만 그루

※ 2024년 조사 기준
"""


def test_a_tab_table_goes_on_over_the_page_and_its_header_with_it() -> None:
    cells = {TABLE[u.start : u.end]: u for u in units(TABLE) if u.kind.value == "cell" and u.role != "header"}
    names = lambda text: [TABLE[units(TABLE)[i].start : units(TABLE)[i].end] for i in cells[text].header]
    assert list(cells) == [
        "수질",
        "하천 수질 등급",
        "2등급 이상",
        "산책로",
        "강변 산책로",
        "30km",
        "숲",
        "가로수",
        "≥5만 그루",
    ]
    assert names("2등급 이상") == ["2028년", "하천 수질 등급"]
    assert names("≥5만 그루") == ["2028년", "가로수"]
    assert words(TABLE, "furniture") == ["구분\t지표\t2028년"]
    assert "- 1 -" not in [w for _, w in shown(TABLE)]
    assert words(TABLE, "note") == ["2024년 조사 기준"]
    assert above(TABLE, "수질") == above(TABLE, "가로수") == ["하천 정비 목표", "주요 지표"]


@pytest.mark.parametrize(
    "rows",
    [
        "구분\t주요 내용\n수질\t• 하수관 교체 • 저류조 설치\n",
        "| 구분 | 주요 내용 |\n|---|---|\n| 수질 | • 하수관 교체 • 저류조 설치 |\n",
        "| 구분 | 주요 내용 |\n|---|---|\n| 수질 | <ul><li>하수관 교체</li><li>저류조 설치</li></ul> |\n",
        '구분\t주요 내용\n수질\t<ul style="list-style: none"> <li>▪ 하수관 교체</li> <li>▪ 저류조 설치</li> </ul>\n',
        "<tr><td>구분</td><td>주요 내용</td></tr>\n<tr><td>수질</td><td>• 하수관 교체<br>• 저류조 설치</td></tr>\n",
    ],
    ids=["tab", "pipe", "list", "styled", "td"],
)
def test_bullets_in_cells_are_units_under_their_row_and_column(rows: str) -> None:
    assert words(rows, "bullet") == ["하수관 교체", "저류조 설치"]
    for bullet in ("하수관 교체", "저류조 설치"):
        header = [rows[units(rows)[i].start : units(rows)[i].end] for i in unit_of(rows, bullet).header]
        assert header == ["주요 내용", "수질"]
    assert not any("<" in w or "|" in w for k, w in shown(rows) if k != "row")


def test_lines_of_a_cell_are_equals() -> None:
    text = "| 구분 | 주요 내용 |\n|---|---|\n| 숲 | 가로수 식재<br/>도시 숲 조성 |\n"
    assert words(text, "cell")[2:] == ["숲", "가로수 식재", "도시 숲 조성"]
    assert unit_of(text, "가로수").header == unit_of(text, "도시 숲").header


def test_a_list_outside_a_table_is_stripped_of_its_tags() -> None:
    text = "<p>3대 거점</p>\t<ul> 완칭사 개발구 황거 개발구</ul>\n"
    assert words(text, "cell") == ["3대 거점", "완칭사 개발구 황거 개발구"]


# -- boxes, notes, links, references -----------------------------------------------------------------------


def test_a_box_holds_its_lines_and_ends() -> None:
    text = (
        "- 한빛시는 계획을 발표\n\n〈※ 참고: 한빛 하천연구소〉\n\n- ▶ 2010년 설립된 연구소\n - ① 수질 측정\n\n"
        "- 다음 과제를 추진\n"
    )
    box = unit_of(text, "참고: 한빛")
    assert (box.kind.value, box.marker) == ("box", "〈※")
    assert unit_of(text, "2010년").headings == (box.index,) == unit_of(text, "수질 측정").headings
    assert unit_of(text, "다음 과제").headings == ()
    assert not words(text, "heading")


def test_notes_belong_to_what_they_note() -> None:
    text = "- 하수관을 교체\n※ 2024년 조사 기준\n- 저류조를 설치\n * 빗물을 모으는 시설\n"
    assert words(text, "note") == ["2024년 조사 기준", "빗물을 모으는 시설"]
    assert parent(text, "2024년") == "하수관을 교체" and parent(text, "빗물") == "저류조를 설치"


def test_reference_lists_and_links() -> None:
    text = (
        "01 하천 계획\n- 한빛시는 계획을 발표\n\n<참고자료>\n\n- 한빛시 하천 정비 계획\n<https://example.org/a>\n\n"
        "- ☑ 한빛신문 기사\n\nhttps://example.org/b?id=1\n\n출처: 한빛신문 (05.13)\n"
    )
    assert words(text, "link") == ["https://example.org/a", "https://example.org/b?id=1", "출처: 한빛신문 (05.13)"]
    assert parent(text, "https://example.org/a") == "한빛시 하천 정비 계획"
    assert above(text, "한빛신문 기사") == ["하천 계획", "<참고자료>"]


def test_fields_of_a_form_are_furniture() -> None:
    text = "등록일 : 2025-05-13\n담당부서: 하천과\n한빛시는 하천 정비 계획을 발표했다.\n"
    assert words(text, "furniture") == ["등록일 : 2025-05-13", "담당부서: 하천과"]


# -- broken lines and pages --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "rest"),
    [
        ("(주민 참여) 살피기 모임 운영 및", "마을 점검단의 구성"),
        ("(하수 정비) 노후 하수관 교체를 위한", "사업단을 설립하고 예산 배정"),
        ("하수관과 저류조를", "늘리는 사업을 시행"),
        ("저류조 설치, 하수관 교체,", "산책로 조성 등을 추진"),
        ("주민의 참여를 통해", "하천을 살피는 모임 운영"),
    ],
)
def test_a_bullet_broken_by_a_page_end_is_one_unit_over_it(first: str, rest: str) -> None:
    for page in ("\n\n- 42 -\n\n- ", "\n\n\n\n- ", "\n\n\n", "\n"):
        text = f"- {first}{page}{rest}\n- (다음) 별도의 항목\n"
        assert words(text, "bullet") == [f"{first}{page}{rest}", "(다음) 별도의 항목"], page


def test_a_finished_bullet_is_not_joined_with_the_next() -> None:
    text = "- (산책로) 산책로를 조성\n\n\n\n- (점검) 점검단 운영\n"
    assert words(text, "bullet") == ["(산책로) 산책로를 조성", "(점검) 점검단 운영"]
    labelled = "- (산책로) 산책로 조성 및\n\n- (점검) 점검단 운영\n"
    assert words(labelled, "bullet")[1] == "(점검) 점검단 운영"


# -- prose -------------------------------------------------------------------------------------------------


# -- publishers beyond the seeds -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("누리시, 2030년 시내버스 60% 전기버스로", "누리시가 2030년까지 시내버스의 60% 이상을 전기버스로 바꾸기로 했다. 시는 올해 42대를 들여온다."),
        ("가온시 하천 정비 계획", "가온=한빛일보 홍길동기자 가온시는 하천을 정비한다."),
        ("三部门印发指导意见 加强计量体系建设", "本报讯 三部门近日联合印发《关于加强计量体系建设的指导意见》。"),
        ("Commission to open a test portal for quantum devices", "The Commission will open in September a portal where firms book time."),
    ],
)  # fmt: skip
def test_a_headline_above_running_text_is_a_heading(line: str, text: str) -> None:
    assert line in words(f"{line}\n\n{text}", "heading")


@pytest.mark.parametrize(
    "text",
    [
        "한빛시는 노후 하수관을 모두 새것으로\n교체하고 저류조를 설치할 계획이라고 밝혔다.",  # a wrapped line
        "한빛시는 하수관을 교체한다.\n\n새솔시는 저류조를 설치하고 배수로를 정비할 계획이라고 10일 밝혔다.",  # a sentence
        "문의: 한빛시 하천과 담당자\n\n한빛시는 노후 하수관을 교체하고 저류조를 설치할 계획이라고 밝혔다.",
    ],
)
def test_what_is_no_headline(text: str) -> None:
    assert words(text, "heading") == []


def test_rows_without_outer_pipes_are_a_table_if_they_follow_each_other() -> None:
    table = "Indicator | Baseline 2022 | Target 2030\n----------|------|-----\nJobs in the sector | 21 | 80\n"
    assert words(table, "cell")[:3] == ["Indicator", "Baseline 2022", "Target 2030"]
    assert words("Home | About | Contact | Search\n\nThe plan was adopted.", "cell") == []


def test_marked_items_go_on_in_a_wrapped_line() -> None:
    text = "- 주요 시책으로 △건설비의 절반 보조 △육양국\n   신설 △설비투자액의 7% 세액공제 등을 추진"
    assert words(text, "item") == ["건설비의 절반 보조", "육양국\n   신설", "설비투자액의 7% 세액공제"]


def test_letters_and_small_roman_numbers_mark_items() -> None:
    text = "The Authority will:\n(a)  install landing pads; and\n(b)  share flight data.\ni.   Capacity of 25 GWh by 2030\n"
    assert words(text, "bullet") == ["install landing pads; and", "share flight data.", "Capacity of 25 GWh by 2030"]
    assert words("i am no list\na) 하수관", "bullet") == ["하수관"]


def test_a_tab_that_only_indents_makes_no_row() -> None:
    assert words("\t　　1.目标。2030年建成示范区。", "row") == []
    assert words("수질\t• 하수관 교체\n\t• 저류조 설치", "row") == ["수질\t• 하수관 교체", "• 저류조 설치"]


def test_han_numbers_before_running_text_are_no_headings() -> None:
    long = "对需报国家审批的具有一定收益的铁路、核电、水电、跨省跨区直流输电通道等领域项目，应专项论证民间资本参与的可行性，并予以说明。"
    running = f"一、{long}鼓励参与。\n二、{long}鼓励建设。\n三、引导民间资本参与低空经济建设。在审批过程中一视同仁。\n"
    assert words(running, "heading") == []
    glued = "一、强化技术攻关。支持企业组建联合体。\n二、拓展应用场景。推广虚拟电厂建设。\n"
    assert words(glued, "heading") == ["强化技术攻关。", "拓展应用场景。"]
