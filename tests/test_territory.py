"""The jurisdiction without an issuer: the one country that all agree on, with the name it rests on; else none."""

from __future__ import annotations

import pytest

from pipeline.ground import ground
from pipeline.normalise import find_territory
from pipeline.outline import outline
from pipeline.split import split
from schemas.answer import Answer
from schemas.document import Document
from schemas.records import Provenance

PROVENANCE = Provenance(document_sha256="", prompt_set="", prompt_hash="", schema_hash="", model="", request_ids=())
BRIEFS = {
    "섬 지역 전력 자립 방안\n- 산업통상자원부는 섬의 전력망을 점검\n- 전라남도와 경상남도 섬에 태양광을 설치\n": (
        "KR",
        "산업통상자원부",
    ),
    "Factsheet: clean ports\nThe European Commission will fund ports.\nThe European Parliament agreed.\n": (
        "EU",
        "European Commission",
    ),
    "러시아, 북극항로 개발 계획 발표\n- 모스크바 회의에서 계획을 공개\n- 러시아 정부는 쇄빙선 10척을 건조\n": (
        "RU",
        "러시아 정부",
    ),
    "海岛供电方案\n北京市和上海市建设电网。\n国家能源局负责。\n": ("CN", "国家能源局"),
    # the institute that publishes, and its source line, are not what the brief is about
    "한국과학기술기획평가원 글로벌 동향 제12호\n독일, 수소전략 개정\n- 독일은 전해조를 늘린다\n- 베를린에서 발표\n출처: 한국과학기술기획평가원\n": (
        "DE",
        "독일",
    ),
    "关于海岛供电的通知发文机构：黑龙江省商务厅发布时间：2015-08-13发文字号：某〔2015〕2号\n北京市和上海市建设电网。\n国家能源局负责。\n": (
        "CN-HL",
        "黑龙江省商务厅",
    ),
    # the field of the head contradicts the text
    "계획 발문기관: 산업통상자원부 발문번호: 3 문서번호: 2\n베를린과 뮌헨에 공장을 짓는다\n독일은 수소를 늘린다\n독일 정부가 점검\n끝\n끝\n끝\n": None,
    "독일과 프랑스, 배터리 협력\n- 독일은 공장을 짓고 프랑스는 연구소를 설립\n": None,
    "섬 전력 방안\n- 교육부가 시행하고 교육부가 점검\n": None,  # several countries have one
    "섬 전력 방안\n- 일본을 방문한 뒤 계획을 마련\n": None,  # one mention may be a visit
    "섬 전력 방안\n- 태양광을 설치\n": None,
}


@pytest.mark.parametrize(("text", "expected"), BRIEFS.items())
def test_a_text_is_about_one_country_or_none(text: str, expected: tuple[str, str] | None) -> None:
    found = find_territory(text)
    assert (found and (found[0], text[slice(*found[1])])) == expected


def test_the_policy_names_what_its_jurisdiction_rests_on() -> None:
    document = Document(name="t", text=next(iter(BRIEFS)), sha256="", encoding="utf-8")
    (article,) = split(document, outline(document))
    answer = {"announcement": {"u": "1"}, "document_type": "unnamed_action"}
    (policy,) = ground(document, article, Answer.model_validate({"policies": [answer]}), PROVENANCE).policies
    assert policy.jurisdiction == "KR" and policy.jurisdiction_basis is not None
    assert policy.jurisdiction_basis.text == "산업통상자원부"
    named = answer | {"issuers": [{"name": {"u": "2", "quote": "산업통상자원부"}, "role": "issuer"}]}
    (policy,) = ground(document, article, Answer.model_validate({"policies": [named]}), PROVENANCE).policies
    assert (policy.jurisdiction, policy.jurisdiction_basis) == ("KR", None)
