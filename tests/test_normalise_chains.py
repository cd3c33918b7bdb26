"""Numbers that rise over arrows: the unit and scale that a chain prints once."""

from __future__ import annotations

import datetime as dt

import pytest
from test_ground import article_of

from pipeline.ground.values import quantity_in
from pipeline.normalise import find_quantities, parse_quantity
from schemas.document import Document
from schemas.records import Span
from schemas.vocabulary import Comparator


@pytest.mark.parametrize(
    ("text", "values", "unit"),
    [
        ("김 양식 면적 : (‘30) 5,224ha → (’31) 6,224 → (‘32) 8,259 → (’33p) 12,000", [5224, 6224, 8259, 12000], "ha"),
        ("생산량(2030. 16,985톤 → 2033p. 50,000)이", [16985, 50000], "톤"),
        ("비축을 확대(2031. 8천톤 → 2033. 20)하고", [8000, 20000], "톤"),
        ("자급률 : (‘30) 0.8% → (’31) 1.1 → (‘32p) 1.4 → (’33p) 2.2", [0.8, 1.1, 1.4, 2.2], "%"),
        ("예산을 3,245억원 → 3,751로 늘린다", [324_500_000_000, 375_100_000_000], "원"),
        ("선발 인원(100명 → '36년 200, '37년 300)", [100, 200], "명"),
        ("시설 50개소 ⇒ 70", [50, 70], "개소"),
        ("연도별 예산(억원): (’38) 144,996 → (’39) 146,596", [14_499_600_000_000, 14_659_600_000_000], "원"),
        ("고용률(%) : (‘30) 60.1, (’31) 60.5, (’35) 65", [60.1, 60.5, 65], "%"),
        ("전기차 보급(누적, 만대) : (’32) 43 → (’37) 200", [430_000, 2_000_000], "대"),
        ("예산(백만원): 1,250", [1_250_000_000], "원"),
        (
            "* (’37년) 3,776 → (’38년) 4,834 → (’39년) 6,304→ (’40년) 3,137천명",
            [3_776_000, 4_834_000, 6_304_000, 3_137_000],
            "명",
        ),
        ("총사업비 1조 1천억 → 2조 3천억 원", [1_100_000_000_000, 2_300_000_000_000], "원"),
        ("할인 지원(3,544→4,556억원)", [354_400_000_000, 455_600_000_000], "원"),
        ("방류 대응: (‘33) 5,240→(’34) 7,319억 원", [524_000_000_000, 731_900_000_000], "원"),
        ("예산(백만원): 총 1,250", [1_250_000_000], "원"),
        ("安排教育支出（单位：亿元）1,250", [125_000_000_000], "元"),
        ("재배 면적 5,224ha(’30) → 6,224(’31) → 8,259(’32년)", [5224, 6224, 8259], "ha"),
    ],
)
def test_a_bare_number_behind_an_arrow_has_the_unit_before_it(text: str, values: list[float], unit: str) -> None:
    assert [(q.value, q.unit) for q in find_quantities(text)] == [(value, unit) for value in values]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("배수 개선(3,245억원, 신규 51개 지구 → 3,751)", [324_500_000_000, 51, None]),  # which is which?
        ("배수 개선(3,245억원, 신규 51개 지구 → 3,751, 60, 8)", [324_500_000_000, 51, None]),
        ("1조 2,000억원 → 9,000", [1_200_000_000_000, None]),  # 조 or 억
        ("9,000 → 1조 2,000억원", [None, 1_200_000_000_000]),
        ("장비 지원(누계) : (‘31) 2개소/3개소 → (’32) 16/4", [2, 3]),
        ("12명 → 2026", [12]),  # a year, or so many
        ("지표 1,200 → 1,500", [1200, 1500]),
        ("4차로 → 6, 8차로", []),
        ("지원(국비): 30", []),
        ("사업비(억원) : 국비 350", []),
        ("$3 million -> 5", [3_000_000]),
    ],
)
def test_where_nobody_can_tell_the_unit_there_is_no_value(text: str, values: list[float | None]) -> None:
    assert [q.value for q in find_quantities(text)] == values


def test_lists_on_both_sides_of_an_arrow_are_matched_one_for_one() -> None:
    found = find_quantities("대상을 2,000명으로 확대(322억원, 1,800명 → 375, 2,000)한다")
    assert [(q.value, q.unit) for q in found][1:] == [
        (32_200_000_000, "원"), (1800, "명"), (37_500_000_000, "원"), (2000, "명")
    ]  # fmt: skip
    found = find_quantities("실습을 확대(70억원, 5백명 → 80, 6)한다")
    assert [(q.value, q.unit) for q in found][2:] == [(8_000_000_000, "원"), (600, "명")]


@pytest.mark.parametrize(
    ("raw", "value"),
    [("100개 → 200", 200), ("0.8% → (’31) 1.1 → (’33p) 2.2", 2.2), ("1조 2,000억원 → 9,000", None)],
)
def test_a_whole_chain_is_what_it_rises_to(raw: str, value: float | None) -> None:
    quantity = parse_quantity(raw)
    assert quantity is not None and quantity.value == value


def test_a_number_pointed_at_alone_reads_as_it_does_where_it_stands() -> None:
    text = (
        "- 비축 물량 : (‘31) 8,401톤 → (’33) 20,000 → (’37) 50,000\n- 조성 지구 3,000\n"
        "- 예산(억원) : 1,250\n- 허가 처리 기간을 30일로 단축\n"
    )
    article = article_of(Document(name="t", text=text, sha256="", encoding="utf-8"), dt.date(2031, 5, 1))

    def read(words: str) -> tuple[object, object]:
        start = text.index(words)
        found = quantity_in(text, article, Span(start=start, end=start + len(words), text=words))
        return found and found.value, found and found.unit

    assert read("50,000") == (50000, "톤") and read("3,000") == (3000, None)
    assert read("1,250") == (125_000_000_000, "원") and read("30일") == (30, "일")


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("맑은 물을 공급(46만톤/일)하는", 460_000, "톤/일"),
        ("단가 100만원/ha로 인상", 1_000_000, "원/ha"),
        ("新增处理能力100万吨/日", 1_000_000, "吨/日"),
        ("补助3.5万元/户。", 35_000, "元/户"),
        ("하루 35,958대/일의 교통량", 35_958, "대/일"),
        ("거점 2개소/3개 시", 2, "개소"),
    ],
)
def test_a_rate_keeps_what_it_is_counted_for(text: str, value: float, unit: str) -> None:
    first = find_quantities(text)[0]
    assert (first.value, first.unit) == (value, unit)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("등재 기간을 단축(210→150일)하는 시범사업", [150]),
        ("허가 처리 기간을 30일에서 10일로 단축", [30, 10]),
        ("수가 개편 주기를 대폭 단축(5~7년→2년)", [5, 2]),
        ("상환 기간을 최대 5년 연장", [5]),
        ("특별비행승인 처리기간을 30일에서 5일(영업일)로 단축", [30, 5]),
        ("접수 기간을 3월 5일까지 연장", []),
        ("공모 기간을 4월 26일로 연장", []),
        ("공모 기간을 4.26일로 연장", []),
        ("사업 기간은 2035년으로 연장", []),
        ("계획 기간(5년) 동안", []),
    ],
)
def test_days_and_years_that_something_shall_take(text: str, values: list[float]) -> None:
    assert [q.value for q in find_quantities(text)] == values


@pytest.mark.parametrize(
    ("text", "raw", "value", "comparator"),
    [
        ("충전소까지 30분 내(’30년)", "30분 내", 30, Comparator.LE),
        ("민원을 3개월 내에 처리한다", "3개월 내", 3, Comparator.LE),
        ("24시간 내내 운영한다", "24시간", 24, Comparator.EQ),
        ("출퇴근 30분 후반", "30분 후반", None, Comparator.EQ),
        ("금리 3%대 초반", "3%대 초반", None, Comparator.EQ),
        ("하루 4.9만통행", "4.9만통행", 49000, Comparator.EQ),
    ],
)
def test_how_long_and_about_how_much(text: str, raw: str, value: float | None, comparator: Comparator) -> None:
    [found] = find_quantities(text)
    assert (text[found.start : found.end], found.value, found.comparator) == (raw, value, comparator)
