"""Units become articles: one item each, pages of their own kind kept apart, ids counted within the article."""

from __future__ import annotations

import datetime as dt

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.outline import outline
from pipeline.split import split
from schemas.document import Article, Document

NEWSLETTER = """정책 동향

CONTENTS

1. 정책동향

• 한빛시, '하천 정비 계획' 발표
• 새솔시, '도시 숲 조성 방안' 마련

요약

- 한빛시는 ‘하천 정비 계획’을 발표하고 노후 하수관을 교체할 예정이다.

I 정책동향

01 한빛시, '하천 정비 계획' 발표

■ 하수관 120km 교체(5.12)

- 한빛시는 깨끗한 하천을 위해 '하천 정비 계획'을 발표
 - 시는 ▲하수관 교체 ▲저류조 설치 등을 추진

구분	주요 내용
수질	• 하수관 교체 • 저류조 설치

참고자료

- ☑ 한빛시 하천 정비 계획

<https://example.org/river>

II 단신동향

02 새솔시, '도시 숲 조성 방안' 마련

■ 가로수 5만 그루 식재(5.14)

- 새솔시는 '도시 숲 조성 방안'을 마련하고 가로수를 심기로 결정

출처: 새솔일보 (05.15)

<https://example.org/forest>

| 발 행 일 | 2025년 5월 20일 |
|---|---|
| 발 행 처 | 한빛연구원 |
"""


def articles(text: str, issue: dt.date | None = None) -> tuple[Article, ...]:
    document = Document(name="t", text=text, sha256="", encoding="utf-8")
    return split(document, outline(document), issue)


def test_a_newsletter_is_cut_at_its_items() -> None:
    found = articles(NEWSLETTER, dt.date(2025, 5, 20))
    assert [a.kind for a in found] == [
        "section", "contents", "summary", "section", "item", "section", "short_news", "imprint",
    ]  # fmt: skip
    assert [a.number for a in found] == list(range(1, 9))
    assert {a.issue_date for a in found} == {dt.date(2025, 5, 20)}
    item, news = found[4], found[6]
    assert NEWSLETTER[item.start :].startswith("한빛시, '하천")
    assert NEWSLETTER[: item.end].endswith("https://example.org/river")
    assert "05.15" in NEWSLETTER[news.start : news.end] and "발 행 일" not in NEWSLETTER[news.start : news.end]


def test_ids_count_from_1_within_the_article_and_parts_within_their_unit() -> None:
    item = articles(NEWSLETTER)[4]
    ids = [u.id for u in item.units]
    assert ids[:5] == ["1", "2", "3", "4", "4.1"] and ids[5] == "4.2"
    assert NEWSLETTER[item.units[4].unit.start : item.units[4].unit.end] == "하수관 교체"
    assert item.unit("4.2") is item.units[5].unit and item.unit("99") is None


def test_a_single_brief_stays_whole() -> None:
    text = "1. 목적\n하천을 정비한다.\n2. 내용\n하수관을 교체한다.\n3. 기대 효과\n수질이 좋아진다.\n"
    assert [a.kind for a in articles(text)] == ["whole"]


def test_prose_is_told_from_layout() -> None:
    prose = "한빛시는 하수관을 교체하고 저류조를 설치한다. 시는 산책로도 조성할 예정이다.\n"
    assert articles(prose)[0].prose is True
    assert articles("- 하수관을 교체\n- 저류조를 설치\n- 산책로를 조성\n한 문장이다.\n")[0].prose is False


def test_nothing_gives_no_article() -> None:
    document = Document(name="t", text="\n\n", sha256="", encoding="utf-8")
    assert split(document, ()) == ()


LINES = st.sampled_from(
    ["CONTENTS", "요약", "I 정책동향", "Ⅱ 단신동향", "01 한빛시, 하천 계획", "02", "새솔시, 숲 계획", "1. 목적",
     "- 하수관 교체", "▲가 ▲나", "출처: 한빛신문", "<https://a.b>", "", "",
     "한빛시는 하수관을 교체하고 저류조를 설치했다.", "구분\t내용", "| 발 행 일 | 2025년 |", "발행일: 2025년", "# 제목",
     "가나다라마바사아자차카타파하 " * 5]
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(LINES, max_size=30).map("\n".join))
def test_every_unit_stands_in_exactly_one_article(text: str) -> None:
    document = Document(name="t", text=text, sha256="", encoding="utf-8")
    units = outline(document)
    found = split(document, units, None)
    assert sorted((u.unit for a in found for u in a.units), key=lambda u: u.index) == list(units)
    assert [a.number for a in found] == list(range(1, len(found) + 1))
    for a in found:
        ids = [u.id for u in a.units]
        assert len(set(ids)) == len(ids) and ids[0] == "1"
        assert a.start == a.units[0].unit.start and a.end == max(u.unit.end for u in a.units)


REGIONAL = """누리시, 하천 정비 계획 수립… 5년간 120억 투입

누리=한빛일보 홍길동기자 누리시는 깨끗한 하천을 위해 '누리 하천 정비 계획'을 수립했다고 13일 밝혔다. 시는 노후 하수관 12km를 교체하고 저류조 세 곳을 설치한다.

가온시와 한빛대, 인재 양성 업무협약 맺어

가온=한빛일보 홍길동기자 가온시와 한빛대학교는 12일 시청에서 인재 양성을 위한 업무협약을 체결했다. 두 기관은 공동 교육과정을 개발하기로 했다.

새솔시, 지난해 관광객 백만 명 넘어서

새솔=한빛일보 홍길동기자 새솔시는 지난해 관광객이 백만 명을 넘었다고 11일 밝혔다. 외국인은 십만 명이었다. 숙박일은 하루 반으로 조사됐다.
"""


def articles_of(text: str) -> tuple[Article, ...]:
    document = Document(name="t", text=text, sha256="", encoding="utf-8")
    return split(document, outline(document))


def test_a_digest_without_numbers_is_cut_at_its_headlines() -> None:
    found = articles_of(REGIONAL)
    assert [REGIONAL[a.start :][:3] for a in found] == ["누리시", "가온시", "새솔시"]
    assert all(a.kind == "short_news" for a in found)


def test_sub_headings_of_one_text_cut_nothing() -> None:
    one = REGIONAL.replace("=한빛일보 홍길동기자", "")
    assert len(articles_of(one)) == 1


def test_a_plan_stays_one_around_its_table_of_contents() -> None:
    text = "현황\n\n목차\n1. 하천 정비 ······ 3\n2. 숲 조성 ······ 5\n\n1. 하천 정비\n- 하수관 교체\n\n2. 숲 조성\n- 나무를 심음\n"
    found = articles_of(text)
    assert [a.kind for a in found].count("whole") == 1
    assert {"contents", "whole"} == {a.kind for a in found}


MARKED = """바깥 나라 과학기술 소식 2025-9호

◎ 프랑스 생태전환부, 건물 옥상 빗물 이용 보조금 신설

 ◦ 생태전환부는 5층 이상 건물의 빗물 저장조 설치비를 40%까지 보조하기로 함(3.4)
   - 2027년까지 저장조 3만 기 설치를 목표로 함

◎ 캐나다 천연자원부, 지열 시추 자료 공개 규정 제정

 ◦ 천연자원부는 시추 기업이 지층 자료를 2년 안에 공개하도록 하는 규정을 채택
   - 규정은 2026년 1월부터 적용

◎ 전기 자전거 판매 12% 감소

 ◦ 업계 단체가 낸 집계에 따르면 상반기 판매는 재고가 쌓여 12% 줄었고 하반기에도 나아지지 않을 것으로 보인다고 함

◎ 스페인 산업부, 도자기 가마 전기화 지원 사업 공고

 ◦ 산업부는 가마를 전기식으로 바꾸는 중소기업에 설비비의 절반을 지원하고 작업장마다 전문가를 보내기로 함
   - 2028년까지 가마 900기
"""


def test_a_digest_is_cut_at_headlines_of_one_mark_and_at_those_between_them() -> None:
    articles = articles_of(MARKED)
    assert [MARKED[a.start : a.start + 4] for a in articles if a.kind != "section"] == [
        "프랑스 ",
        "캐나다 ",
        "전기 자",
        "스페인 ",
    ]


def test_measures_that_name_two_things_with_a_comma_stay_in_one_plan() -> None:
    plan = "새솔시, '하천 살리기 계획' 발표\n\n"
    plan += "".join(
        f"○ {what}\n\n - 시는 내년부터 동네마다 담당을 두어 이 일을 맡기고 해마다 결과를 알리기로 했다.\n\n"
        for what in (
            "생활하수, 공장폐수 처리시설 늘리기",
            "나무, 풀을 심어 둔치를 푸르게 가꾸기",
            "학교, 마을이 함께 물가를 살피기",
        )
    )
    assert len(articles_of(plan)) == 1


def test_a_page_of_contents_ends_where_its_first_part_comes_again() -> None:
    text = (
        "과학 소식 3호\n\n목 차\nⅠ. 중앙 소식\n 1. 새솔시, 하천 정비 계획 발표\n 2. 한빛시, 도시 숲 조성 방안 마련\n"
        "Ⅱ. 지역 소식\n 3. 푸른군, 농수로 정비 조치 시행\n\nⅠ. 중앙 소식\n\n"
        "1. 새솔시, ‘하천 정비 계획’ 내놓아(6.10)\n\n□ 새솔시는 노후 하수관 120km를 2027년까지 바꾸고 저류조 40곳을 짓기로 함. 해마다 가을에 결과를 알리고 다음 해 일을 주민과 함께 정하기로 함\n\n"
        "2. 한빛시, ‘도시 숲 조성 방안’ 마련(6.11)\n\n□ 한빛시는 빈터 30곳에 나무를 심고 주민이 돌보는 모임을 지원하기로 함. 해마다 가을에 결과를 알리고 다음 해 일을 주민과 함께 정하기로 함\n\n"
        "Ⅱ. 지역 소식\n\n3. 푸른군, 농수로 정비 조치(6.12)\n\n□ 푸른군은 낡은 농수로 80km를 고치고 누수를 줄이기로 함. 해마다 가을에 결과를 알리고 다음 해 일을 주민과 함께 정하기로 함\n"
    )
    found = articles_of(text)
    assert [a.kind for a in found].count("contents") == 1
    assert sum(a.kind in ("item", "short_news") for a in found) == 3
