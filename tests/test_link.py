"""Families across documents: what must join and what must stay apart."""

from __future__ import annotations

from pipeline.link import link, original_form
from pipeline.steps import extract
from schemas.records import Policy

BRIEF = """■ {lead}({date})

- {issuer}은 {aim} 위해 '{title}'을 발표

1) 기반

- (시설) 시험 시설을 구축하고 이용 규정을 마련

참고자료

☞ {original}

https://www.example.gov.cn/a/1.html

발행일 2024. 5. 31.
"""


def _policy(title: str, original: str, issuer: str = "베이징 경제정보화국", date: str = "5.20") -> Policy:
    text = BRIEF.format(lead="소식", date=date, issuer=issuer, aim="산업 육성을", title=title, original=original)
    [policy] = extract(text)
    assert policy.title is not None and policy.title.text == title
    return policy


def _families(*policies: Policy) -> int:
    return len(link([(f"run{i}", [p.model_copy(update={"document": f"d{i}"})]) for i, p in enumerate(policies)]))


def test_two_plans_with_like_names_stay_apart() -> None:
    one = _policy("고급·정밀·첨단산업 과기혁신시스템 구축 방안", "北京市高精尖产业科技创新体系建设实施方案")
    other = _policy("고급·정밀·첨단산업 발전계획", "北京市高精尖产业发展规划")
    assert _families(one, other) == 2


def test_one_plan_under_two_translations_joins_by_its_original_title() -> None:
    one = _policy("저고도경제 육성 실시방안", "关于印发《北京市低空经济发展实施方案（2024—2027年）》的通知")
    other = _policy("저공경제 발전 실행방안", "北京市低空经济发展实施方案（2024—2027年）", issuer="북경시 경제정보화국")
    assert one.title_original is not None and other.title_original is not None
    assert original_form(one.title_original.text) == original_form(other.title_original.text)
    assert _families(one, other) == 1


def test_the_same_title_joins_without_an_original() -> None:
    one, other = _policy("도시 하천 복원 대책", "소식지 기사"), _policy("도시 하천 복원 대책", "다른 기사", date="5.21")
    assert _families(one, other) == 1


def test_the_same_name_in_another_year_or_place_stays_apart() -> None:
    first = _policy("물류 실시계획('21~'23)", "기사")
    assert _families(first, _policy("물류 실시계획('24~'26)", "기사")) == 2
    assert _families(_policy("물류 실시계획", "기사"), _policy("물류 실시계획", "기사", issuer="광둥성 정부")) == 2


def test_every_policy_is_in_one_family_and_ids_are_stable() -> None:
    policies = [_policy("가나다 육성 계획", "기사"), _policy("라마바 육성 계획", "기사")]
    families = link([("a", policies), ("b", policies)])
    assert sum(len(f.members) for f in families) == 4
    assert families == link([("a", policies), ("b", policies)])
