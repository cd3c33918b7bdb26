"""Who acts but is no authority, and what heads a list of sources: each one truth, with its whole kind."""

from __future__ import annotations

import pytest

from pipeline.draft.grammar.actors import is_no_authority, others_speak
from pipeline.normalise.source_lists import is_source_heading, names_source
from pipeline.read import from_text
from pipeline.settings import Settings
from pipeline.steps import extract_document
from schemas.records import Policy

FINDS = (
    "새솔텔레콤은 2027년까지 데이터센터를 구축할 계획이다",
    "새솔재단은 장학 사업을 확대할 계획이다",
    "새솔바이오는 공장을 신설할 계획이다",
    "새솔대학교는 학과를 신설할 계획이다",
    "새솔협회는 교육 과정을 운영할 계획이다",
    "새솔은행은 대출을 확대할 계획이다",
    "새솔병원은 병동을 증설할 계획이다",
    "스타트업 새솔로보틱스는 시제품을 개발할 계획이다",
    "새솔그룹이 투자를 확대할 계획이다",
    "새솔전자(주)는 설비를 증설할 계획이다",
    "青山科技有限公司将建设数据中心",
    "青山大学计划设立实验室",
    "青山银行将扩大贷款",
    "Saesol University will open a new laboratory",
    "Saesol Foundation plans to fund schools",
    "Saesol Robotics Inc. will build a plant",
    "Saesol Bank will expand its loans",
)
SPARES = (
    "한국환경공단은 측정망을 구축할 계획이다",
    "한국도로공사는 충전소를 설치할 계획이다",
    "한국산업기술진흥원은 과제를 공모할 계획이다",
    "새솔도시공사는 임대주택을 공급할 계획이다",
    "새솔시는 기업 지원 센터를 구축할 계획이다",
    "환경부는 대학과 함께 과정을 운영할 계획이다",
    "한국은행은 대출을 확대할 계획이다",
    "그린바이오는 2030년까지 육성할 계획이다",
    "高新区将建设数据中心",
    "中国人民银行将扩大贷款",
    "The Ministry will fund universities",
    "The Central Bank will expand its loans",
)


@pytest.mark.parametrize("words", FINDS)
def test_others_speak(words: str) -> None:
    assert others_speak(words)


@pytest.mark.parametrize("words", SPARES)
def test_authorities_and_fields_are_spared(words: str) -> None:
    assert not others_speak(words)


@pytest.mark.parametrize(
    ("name", "none"),
    [
        ("새솔바이오", True),
        ("새솔재단", True),
        ("새솔대학교 총장 대표", True),
        ("青山科技有限公司", True),
        ("Saesol University", True),
        ("한국환경공단", False),
        ("한국도로공사", False),
        ("새솔시", False),
        ("환경부", False),
        ("그린바이오", False),
    ],
)
def test_names(name: str, none: bool) -> None:
    assert is_no_authority(name) is none


@pytest.mark.parametrize(
    "words", ["출처", "## Sources", "참고 자료", "출처 및 참고문헌", "<참고자료>", "References and notes"]
)
def test_heads_of_source_lists(words: str) -> None:
    assert is_source_heading(words)
    assert names_source(words.lstrip("# <"))


@pytest.mark.parametrize(
    "words",
    [
        "Sources of growth",
        "출처 표시 의무화",
        "관련 자료 개방",
        "자료 제출 의무 강화",
        "Source separation of waste",
        "References to law",
    ],
)
def test_headings_that_only_begin_alike(words: str) -> None:
    assert not is_source_heading(words)
    assert not names_source(words)


def policies(text: str) -> tuple[Policy, ...]:
    return extract_document(from_text(text), Settings(endpoint="draft")).policies


NEWS = """새솔시 정부는 '데이터 산업 육성 계획(2026~2028)'을 발표하고 데이터 거래소를 설립할 계획이다.

{who} 2027년까지 데이터센터 5곳을 구축할 계획이다.
"""


@pytest.mark.parametrize(
    "who", ["새솔텔레콤은", "새솔재단은", "새솔바이오는", "새솔대학교는", "새솔은행은", "새솔병원은", "새솔협회는"]
)
def test_what_others_plan_is_no_measure_and_no_target(who: str) -> None:
    (policy,) = policies(NEWS.format(who=who))
    assert not [m for m in policy.measures if "데이터센터" in m.text.text]
    assert not policy.targets


@pytest.mark.parametrize("who", ["새솔시는", "한국환경공단은", "새솔시 산업국은"])
def test_what_a_public_body_plans_may_be_one(who: str) -> None:
    (policy,) = policies(NEWS.format(who=who))
    assert [t.raw.text for t in policy.targets] == ["5곳"]


def test_items_under_headings_that_begin_like_a_list_of_sources_keep_their_measures() -> None:
    (policy,) = policies(
        """새솔시, '데이터 산업 육성 계획' 발표

- 새솔시 정부는 '데이터 산업 육성 계획'을 발표

## Sources of growth

1) 출처 표시 의무화

- (표시제) 생성물의 출처 표시 제도를 도입하고 지침 마련

1) 관련 자료 개방

- (자료 개방) 공공 데이터를 개방하고 포털 구축
"""
    )
    assert [m.label.text for m in policy.measures if m.label] == ["표시제", "자료 개방"]
