"""Number phrases and comparators: values, counters, what binds the number, and what is no quantity at all."""

from __future__ import annotations

import pytest

from pipeline.normalise import comparator_in, find_quantities, is_structure_count, parse_quantity, unit_note


@pytest.mark.parametrize(
    ("text", "printed", "value", "unit", "comparator"),
    [
        ("GDP가 1,303억 6천만 위안에 달해", "1,303억 6천만 위안", 130_360_000_000, "위안", "eq"),
        ("생산량은 21만2,000대 기록", "21만2,000대", 212_000, "대", "eq"),
        ("4.1조 위안(약 738조 8,200억 원)을 기록", "4.1조 위안(약 738조 8,200억 원)", 4_100_000_000_000, "위안", "eq"),
        ("1.1조 위안(202조 9,610억원)을 초과해", "1.1조 위안(202조 9,610억원)을 초과", 1_100_000_000_000, "위안", "gt"),
        ("기업 만 개 육성", "만 개", 10_000, "개", "eq"),
        ("이미 천개에 달했다", "천개", 1000, "개", "eq"),
        ("절반 이상", "절반 이상", 50, "%", "ge"),
        ("두 배로 확대", "두 배", 2, "배", "eq"),
        ("提高两倍", "两倍", 2, "倍", "eq"),
        ("32 μg/m³ 이하", "32 μg/m³ 이하", 32, "μg/m³", "le"),
        ("비중 ≥40%", "≥40%", 40, "%", "ge"),
        ("≥Ⅳ급", "≥Ⅳ급", 4, "급", "ge"),
        ("1인당 2.64톤 이하", "2.64톤 이하", 2.64, "톤", "le"),
        ("10개 이상의 센터", "10개 이상", 10, "개", "ge"),
        ("比例不低于80%", "不低于80%", 80, "%", "ge"),
        ("비율은 약 20%", "약 20%", 20, "%", "approx"),
        ("of at least 40%", "at least 40%", 40, "%", "ge"),
        ("invest €1.2 billion", "€1.2 billion", 1_200_000_000, "€", "eq"),
        ("up to $30 million", "up to $30 million", 30_000_000, "$", "le"),
        ("5 million tonnes", "5 million tonnes", 5_000_000, "tonnes", "eq"),
        ("(1.3%p ↑)", "1.3%p", 1.3, "%p", "eq"),
        ("提高1.5个百分点", "1.5个百分点", 1.5, "个百分点", "eq"),
        ("22만 개 이상", "22만 개 이상", 220_000, "개", "ge"),
        ("세계 5위권 진입", "5위권", 5, "위", "le"),
        ("3위 이내", "3위 이내", 3, "위", "le"),
        ("50여 개", "50여 개", 50, "개", "approx"),
        ("1000여개 유치", "1000여개", 1000, "개", "approx"),
        ("20만 명 내외", "20만 명 내외", 200_000, "명", "approx"),
        ("비중 １０％", "１０％", 10, "%", "eq"),
        ("수입 300억 위안 초과", "300억 위안 초과", 30_000_000_000, "위안", "gt"),
        ("建设100家以上", "100家以上", 100, "家", "ge"),
        ("突破2000亿元", "突破2000亿元", 200_000_000_000, "元", "gt"),
        ("培育三百家企业", "三百家", 300, "家", "eq"),
        ("百分之八十以上", "百分之八十以上", 80, "%", "ge"),
        ("5개부처 공동", "5개", 5, "개", "eq"),
        ("train 10,000 researchers", "10,000 researchers", 10_000, "researchers", "eq"),
        ("부가가치 14.5% 증가", "14.5%", 14.5, "%", "eq"),
        ("심사 기간을 15일 이내로", "15일 이내", 15, "일", "le"),
        ("3,000만 위안(53억 7,990만 원) 투입", "3,000만 위안(53억 7,990만 원)", 30_000_000, "위안", "eq"),
        ("10条生产线", "10条", 10, "条", "eq"),
        ("to at least 2 gigawatt-peak by 2030", "at least 2 gigawatt-peak", 2, "gigawatt-peak", "ge"),
        ("3 gigawatt hours of storage", "3 gigawatt hours", 3, "gigawatt hours", "eq"),
        ("2 million megawatt-hours a year", "2 million megawatt-hours", 2_000_000, "megawatt-hours", "eq"),
        ("1.5 GWp of solar", "1.5 GWp", 1.5, "GWp", "eq"),
        ("30 gigabits per second", "30 gigabits per second", 30, "gigabits per second", "eq"),
        ("12 square kilometres of forest", "12 square kilometres", 12, "square kilometres", "eq"),
    ],
)
def test_quantities(text: str, printed: str, value: float, unit: str, comparator: str) -> None:
    (q,) = find_quantities(text)
    assert (text[q.start : q.end], q.value, q.unit, q.comparator) == (printed, value, unit, comparator)
    assert q.value_max is None


@pytest.mark.parametrize(
    ("text", "printed", "low", "high", "unit"),
    [
        ("1~2개의 산업", "1~2개", 1, 2, "개"),
        ("3~4개 시나리오", "3~4개", 3, 4, "개"),
        ("10%~20%", "10%~20%", 10, 20, "%"),
        ("10∼20만 개", "10∼20만 개", 100_000, 200_000, "개"),
        ("20万至30万户", "20万至30万户", 200_000, 300_000, "户"),
        ("30–50%", "30–50%", 30, 50, "%"),
    ],
)
def test_ranges(text: str, printed: str, low: float, high: float, unit: str) -> None:
    (q,) = find_quantities(text)
    assert (text[q.start : q.end], q.value, q.value_max, q.unit) == (printed, low, high, unit)
    assert q.comparator == "range"


@pytest.mark.parametrize(
    "text",
    [
        "2025년",
        "'35년까지",
        "(6.16)",
        "2023. 7. 7",
        "2021~2023년",
        "14:49",
        "14·5 로봇산업",
        "14.5 국가 계획",
        "‘15.5’",
        "2441 산업",
        "'1+4' 제품",
        "'1+2+4'",
        "3성1구",
        "512버전",
        "5G 공장",
        "6G",
        "V1.0",
        "3D 프린터",
        "CO2 배출",
        "R&D 3",
        "과학창조 30조(科创30条)",
        "제3조",
        "제31회 전시회",
        "第三个",
        "第14个五年规划",
        "http://a.b/10개",
        "https://www.x.cn/t20240315_10%20",
        "TEL : 86)10-6410-7876/7886",
        "(100015)",
        "- 3 -",
        "2 개발",
        "3 대학",
        "GPT-4 개발",
        "대만 개방",
        "5A 명승지",
        "10대 산업",
        "5대 방향",
        "세계 500대 기업",
        "1인당",
        "10만 명당 평균",
        "80kg급",
        "49톤급",
        "전국의 약 1/4",
        "3분의 2000",
        "일과 3분의 1",
        "수백 개의",
        "몇천 개",
        "단위: 만 위안",
        "2분기",
        "3기 신도시",
        "IMT-2030",
        "<td>100</td>",
        "3세대 반도체",
        "10위안화원칙당",
        "두 자릿수",
        "营收超百亿元企业数量",
        "打造千亿元产业集群",
    ],
)
def test_no_quantities(text: str) -> None:
    assert find_quantities(text) == []


def test_a_url_is_skipped_and_the_text_behind_it_is_not() -> None:
    text = "https://www.gov.cn/10个/20% 참고, 30% 이상"
    assert [text[q.start : q.end] for q in find_quantities(text)] == ["30% 이상"]


@pytest.mark.parametrize(
    ("raw", "value", "unit", "comparator"),
    [
        ("1인당 2.64톤 이하", 2.64, "톤", "le"),
        ("9,088,347", 9088347, None, "eq"),
        ("≥ 40", 40, None, "ge"),
        ("35.2", 35.2, None, "eq"),
        ("78% 이상", 78, "%", "ge"),
        ("100개를 이미 초과", 100, "개", "eq"),
    ],
)
def test_raw_quantities(raw: str, value: float, unit: str | None, comparator: str) -> None:
    q = parse_quantity(raw)
    assert q is not None
    assert (q.value, q.unit, q.comparator) == (value, unit, comparator)


@pytest.mark.parametrize("raw", ["도시 평균을 초과", "전면 취소", "-", "", "2441 산업", "1+4", "수백 개"])
def test_raw_without_a_number(raw: str) -> None:
    assert parse_quantity(raw) is None


@pytest.mark.parametrize(
    ("text", "comparator"),
    [
        ("10개 이상", "ge"),
        ("≥40%", "ge"),
        ("不低于80%", "ge"),
        ("80%以上", "ge"),
        ("at least 40%", "ge"),
        ("최소 10개", "ge"),
        ("8% 이하", "le"),
        ("≤8%", "le"),
        ("不超过8%", "le"),
        ("at most 8%", "le"),
        ("up to 30 million", "le"),
        ("5위권", "le"),
        ("3위 이내", "le"),
        ("300개 초과", "gt"),
        ("1000개를 넘는", "gt"),
        ("1조 돌파", "gt"),
        ("超过100", "gt"),
        ("more than 100", "gt"),
        ("10% 미만", "lt"),
        ("低于5%", "lt"),
        ("less than 5%", "lt"),
        ("under 5%", "lt"),
        ("약 20%", "approx"),
        ("50여 개", "approx"),
        ("20만 명 내외", "approx"),
        ("80% 수준", "approx"),
        ("约20%", "approx"),
        ("300个左右", "approx"),
        ("about 40%", "approx"),
        ("1~2개", "range"),
        ("30%～40%", "range"),
        ("외자 접근 제한 전면 취소", "eliminate"),
        ("전면 폐지", "eliminate"),
        ("net zero", "eliminate"),
        ("탄소중립 달성", "eliminate"),
        ("归零", "eliminate"),
        ("도시 평균을 초과", "reference"),
        ("세계 최고 수준", "reference"),
        ("선두 수준에 도달", "reference"),
        ("达到世界一流水平", "reference"),
        ("100%", "eq"),
        ("10개 구축", "eq"),
        ("达到80%", "eq"),
    ],
)
def test_comparators(text: str, comparator: str) -> None:
    assert comparator_in(text) == comparator


@pytest.mark.parametrize(
    "text", ["", "규모 이상 기업", "이상기후 대응", "교육 수준 향상", "계약 체결", "여러 기업", "以上内容", "폐지 수거"]
)
def test_no_comparator(text: str) -> None:
    assert comparator_in(text) is None


@pytest.mark.parametrize(
    ("text", "not_this"),
    [
        ("계약 20%", "approx"),
        ("규모 이상 기업 10개", "ge"),
        ("2021~2025", "range"),
        ("<td>20%", "lt"),
        ("이상기후 3건", "ge"),
    ],
)
def test_words_that_look_like_markers(text: str, not_this: str) -> None:
    assert comparator_in(text) != not_this


@pytest.mark.parametrize(
    ("unit", "following", "structure"),
    [
        ("개", " 조치를 제시", True),
        ("개", " 중점행동계획과", True),
        ("개", " 방향", True),
        ("개", " 구체적인 조치", True),
        ("条", ")", True),
        ("条", "措施", True),
        ("项", "措施", True),
        ("个", "方面", True),
        (None, " concrete measures", True),
        ("measures", "", True),
        ("개", " 센터 구축", False),
        ("家", "企业", False),
        ("条", "生产线", False),
        ("%", " 이상", False),
        ("개", " 기업", False),
    ],
)
def test_structure_counts(unit: str | None, following: str, structure: bool) -> None:
    assert is_structure_count(unit, following) is structure


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("(단위: 만 위안)", (10_000, "위안")),
        ("(단위 : %)", (1, "%")),
        ("单位：亿元", (100_000_000, "元")),
        ("지표", None),
    ],
)
def test_unit_notes(text: str, note: tuple[int, str] | None) -> None:
    assert unit_note(text) == note


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("build three regional prototyping labs by 2029", [3]),
        ("open eleven ports", [11]),
        ("two-thirds of the plan", [66.67]),
        ("one of the options", []),
        ("the twenty-first century", []),
    ],
)
def test_english_counts_in_words(text: str, values: list[int]) -> None:
    assert [q.value for q in find_quantities(text) if q.value != 2029] == values
