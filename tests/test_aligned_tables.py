"""Tables whose rows are lines of text: cells set apart by blanks or strokes."""

from __future__ import annotations

import pytest

from schemas.vocabulary import UnitKind
from tests.outlining import shown, units

BLANKS = """구 분          2023년(기준)   2028년     2033년
매출(조 원)         1.3         3.0        7.0
기업 수(개)         142         220        350
"""
STROKES = """지표 / 2024년 / 2030년
저상버스 도입률 / 58.3% / 100%
평균 대기시간 / 34분 / 25분 이내
"""
WIDE = "指标\u3000\u3000\u30002024年\u3000\u30002028年\n全产业链产值（亿元）\u3000\u3000745\u3000\u30001300\nGAP基地（个）\u3000\u300014\u3000\u300054\n"


STACKED = """투자 현황

 구 분
 국비
 지방비

 항만 정비*
 128,616
 35,304

 터미널 신축
 2,000
 추후 확정
"""
IN_UNITS = " 시·도\n 주력산업\n 2031년 투자규모(억원)\n\n 해온\n 쾌속선, 조선기자재\n 212\n\n 누리\n 해양바이오\n 92\n"


HEADS = {
    BLANKS: ["구 분", "2023년(기준)", "2028년", "2033년"],
    STROKES: ["지표", "2024년", "2030년"],
    WIDE: ["指标", "2024年", "2028年"],
}


def table(text: str) -> list[list[tuple[str, str]]]:
    """For each row below the header the cells, each with what heads its column."""
    found = units(text)
    heads = {u.index: text[u.start : u.end] for u in found if u.role == "header"}
    rows = [u.index for u in found if u.kind is UnitKind.ROW and u.role != "header"]
    return [
        [(text[u.start : u.end], " ".join(heads[h] for h in u.header if h in heads)) for u in found if u.parent == row]
        for row in rows
    ]


@pytest.mark.parametrize("text", HEADS)
def test_cells_stand_under_what_heads_their_column(text: str) -> None:
    rows = table(text)
    assert len(rows) == 2
    assert all([head for _, head in row] == HEADS[text] for row in rows)
    assert rows[0][0][0] == text.splitlines()[1].replace("\u3000", "  ").replace(" / ", "  ").split("  ")[0]


def test_what_stands_before_and_behind_is_no_row() -> None:
    text = f"목표는 다음과 같다.\n{BLANKS}이를 위해 센터 3곳을 설치한다.\n"
    assert shown(text)[0] == ("sentence", "목표는 다음과 같다.")
    assert ("sentence", "이를 위해 센터 3곳을 설치한다.") in shown(text)
    assert len(table(text)) == 2


@pytest.mark.parametrize(
    ("line", "heads"),
    [
        ("수출(억 달러)       3.4         7                     ", ["구 분", "2023년(기준)", "2028년"]),
        ("수출(억 달러)                   7          16", ["구 분", "2028년", "2033년"]),
        ("수출(억 달러)                              16", []),  # two cells are no row
        ("수출   3.4   7", ["", "", ""]),  # both stand under the first head
    ],
)
def test_cells_padded_to_their_heads_stay_under_them(line: str, heads: list[str]) -> None:
    rows = table(BLANKS + line + "\n")
    assert [head for _, head in rows[2]] == heads if heads else len(rows) == 2


def test_where_the_whole_rows_do_not_line_up_no_place_tells_a_column() -> None:
    header = "지표             2024년(현재)   2027년   2030년\n"
    rows = table(
        f"{header}하수관 교체(km)   40        120     300\n생태 하천(곳)     3         7       12\n쉼터(곳)   5   9\n"
    )
    assert [head for _, head in rows[0]] == ["지표", "2024년(현재)", "2027년", "2030년"]
    assert [head for _, head in rows[2]] == ["", "", ""]


def test_where_nothing_is_padded_a_row_with_a_lost_cell_says_no_column() -> None:
    """Which of the columns is empty, nobody knows."""
    rows = table("구분  2023년  2028년  2033년\n매출  1.3  3.0  7.0\n기업 수  142  220  350\n수출  3.4  7\n")
    assert [head for _, head in rows[1]] == ["구분", "2023년", "2028년", "2033년"]
    assert [head for _, head in rows[2]] == ["", "", ""]


@pytest.mark.parametrize(
    "text",
    [
        "담당 부서   과장   홍길동\n        사무관   김철수\n",
        "산업부는  2030년까지  센터 3곳을  설치한다.\n이어  2031년까지  5곳을  더 둔다.\n",
        "가 / 나 / 다\n라 / 마 / 바\n사 / 아 / 자\n",
        "구분 / 내용 / 비고\n",
    ],
)
def test_words_set_apart_are_no_table(text: str) -> None:
    assert table(text) == []


@pytest.mark.parametrize(
    ("text", "heads"),
    [(STACKED, ["구 분", "국비", "지방비"]), (IN_UNITS, ["시·도", "주력산업", "2031년 투자규모(억원)"])],
)
def test_rows_that_stand_apart_a_cell_a_line(text: str, heads: list[str]) -> None:
    rows = table(text)
    assert len(rows) == 2
    assert all([head for _, head in row] == heads for row in rows)


@pytest.mark.parametrize(
    "text",
    [
        "해온부는 새 항로를\n열었다\n\n누리부는 낡은 항로를\n고쳤다\n\n바람부는 먼 항로를\n이었다\n",
        " 항만 정비\n 12\n\n 터미널 신축\n 7\n",
    ],
)
def test_pairs_of_lines_without_a_head_over_values_are_no_table(text: str) -> None:
    assert not [u for u in units(text) if u.kind is UnitKind.ROW]
