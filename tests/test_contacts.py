"""Rows of a table that say whom to ask, and links to other items, are furniture; rows of measures that name a telephone are not."""

from __future__ import annotations

from pipeline.read import from_text
from pipeline.settings import Settings
from pipeline.steps import extract_document

HEAD = "한결시는 5월 3일 「보행로 정비 추진계획」을 발표했다.\n\n"
ITEMS = "- 낡은 보도 14km를 정비한다.\n- 음향 신호기 60대를 설치한다.\n\n"


def measures(text: str) -> list[str]:
    (policy,) = extract_document(from_text(text), Settings()).policies
    return [measure.text.text for measure in policy.measures]


def test_a_contact_table_is_no_measure_and_hides_none() -> None:
    table = (
        "| 담당 부서 | 도로과 | 책임자 | 과장 김하나 (02-123-4567) |\n|  |  | 담당자 | 주무관 이두리 (02-123-4568) |\n"
    )
    found = measures(HEAD + ITEMS + table)
    assert found and set(found) <= {"낡은 보도 14km를 정비한다.", "음향 신호기 60대를 설치한다."}


def test_a_measure_beside_a_telephone_stays_one() -> None:
    table = "| 구분 | 내용 | 담당 |\n| 보도 | 낡은 보도 14km를 모두 정비한다 | 도로과 (02-123-4567) |\n"
    assert measures(HEAD + table) == ["낡은 보도 14km를 모두 정비한다"]


def test_links_to_other_items_are_no_measures() -> None:
    links = "### 관련 기사\n\n- 한결시, 공원 3곳 새로 만든다\n- 도서관 5곳 개관 지원\n"
    assert measures(HEAD + ITEMS + links) == ["낡은 보도 14km를 정비한다.", "음향 신호기 60대를 설치한다."]
    own = "### 관련 기사 제도 개선\n\n- 보도 점검을 강화한다.\n"
    assert "보도 점검을 강화한다." in measures(HEAD + own)
