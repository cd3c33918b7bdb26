"""One record a policy: summaries become evidence, the body wins, the same goal is one target, like names stay apart."""

from __future__ import annotations

from typing import Any

from pipeline import extract
from pipeline.merge import merge
from pipeline.opened import units_and_articles
from pipeline.read import from_text
from schemas.records import Policy

NEWSLETTER = """정책 동향

요약

- 베이징시는 ‘도시 하천 수질 개선 계획’을 발표하고 하수관 {summary}을 교체할 예정이다.

I 정책동향

01 베이징시, '도시 하천 수질 개선 계획' 발표

■ 하수관을 교체(5.12)

- 베이징시 정부는 '도시 하천 수질 개선 계획'을 발표

1) 오염원 관리

- (하수 정비) 노후 하수관 120km를 교체

출처: 베이징일보 (05.13)

02 상하이시, '도시 숲 조성 방안' 마련

■ 가로수를 식재(5.14)

- 상하이시 정부는 '도시 숲 조성 방안'을 발표

1) 숲 조성

- (가로수) 가로수 5만 그루를 식재

출처: 상하이일보 (05.15)
"""


def raw_policy(text: str, start: int, **fields: Any) -> Policy:
    """A record whose spans are found in the text from `start`."""

    def span(words: str | None) -> dict[str, Any] | None:
        if words is None:
            return None
        at = text.index(words, start)
        return {"start": at, "end": at + len(words), "text": words}

    targets = [
        {
            "id": f"t{i}", "measure_id": None, "text": span(t["text"]), "indicator": span(t["indicator"]),
            "raw": span(t["raw"]), "comparator": t.get("comparator", "eq"), "value": t["value"], "value_max": None,
            "unit": t.get("unit", "%"), "deadline": t.get("deadline"), "deadline_basis": None, "flags": [],
        }
        for i, t in enumerate(fields.pop("targets", []))
    ]  # fmt: skip
    nulls = (
        "title_original", "status", "government_level", "jurisdiction", "announced_on", "period_start", "period_end",
        "objective",
    )  # fmt: skip
    empty = ("issuers", "technology_fields", "measures", "references", "evidence", "flags")
    hashes = ("document_sha256", "prompt_set", "prompt_hash", "schema_hash", "model")
    base: dict[str, Any] = {
        "id": f"p{start}",
        "document": "t",
        "announcement": span(fields.pop("announcement")),
        "extent": {"start": 0, "end": len(text)},
        "title": span(fields.pop("title", None)),
        "document_type": "plan",
        "targets": targets,
        "provenance": dict.fromkeys(hashes, "") | {"request_ids": []},
    }
    base |= dict.fromkeys(nulls) | {name: [] for name in empty}
    return Policy.model_validate(base | fields)


def merged(text: str, *policies: Policy) -> tuple[Policy, ...]:
    document = from_text(text)
    return merge(document, units_and_articles(document)[1], policies)


def test_a_summary_page_is_evidence_and_the_title_stays_the_bodys() -> None:
    text = NEWSLETTER.format(summary="120km")
    river, forest = extract(text)
    summary = text.index("베이징시는 ‘도시")
    assert river.title is not None and river.title.start > text.index("I 정책동향")
    assert [e.start for e in river.evidence].count(summary) == 1
    assert all(e.start != summary for e in forest.evidence)
    assert [m.text.text for m in river.measures] == ["(하수 정비) 노후 하수관 120km를 교체"]


def test_a_summary_that_contradicts_changes_nothing_of_the_body() -> None:
    same, other = (extract(NEWSLETTER.format(summary=s)) for s in ("120km", "999km"))
    assert [e.text for e in other[0].evidence] != [e.text for e in same[0].evidence]  # Still evidence, as printed.
    assert "999km" not in other[0].model_copy(update={"evidence": ()}).model_dump_json()
    assert [(p.title and p.title.text, len(p.measures), len(p.targets)) for p in other] == [
        (p.title and p.title.text, len(p.measures), len(p.targets)) for p in same
    ]


GOALS = "계획은 산림 피복률을 34.6%까지 높인다. 지표표\n산림 피복률\t≥34.6%\t2028년\n"


def test_the_same_goal_twice_is_one_and_the_table_wins() -> None:
    prose = {"text": "산림 피복률을 34.6%까지 높인다", "indicator": "산림 피복률", "raw": "34.6%", "value": 34.6}
    table = {
        "text": "산림 피복률\t≥34.6%\t2028년",
        "indicator": "산림 피복률",
        "raw": "≥34.6%",
        "value": 34.6,
        "comparator": "ge",
        "deadline": "2028",
    }
    for goals in ([prose, table], [table, prose]):
        (policy,) = merged(GOALS, raw_policy(GOALS, 0, announcement="계획은", targets=goals))
        assert [(t.raw.text, t.comparator) for t in policy.targets] == [("≥34.6%", "ge")]


def test_goals_that_differ_stay_apart() -> None:
    base = {"text": "산림 피복률을 34.6%까지 높인다", "indicator": "산림 피복률", "raw": "34.6%", "value": 34.6}
    table = {"text": "산림 피복률\t≥34.6%\t2028년", "indicator": "산림 피복률", "raw": "≥34.6%", "value": 34.6}
    for change in ({"value": 35.0}, {"unit": "개"}, {"indicator": "지표표"}):
        (policy,) = merged(GOALS, raw_policy(GOALS, 0, announcement="계획은", targets=[base, table | change]))
        assert len(policy.targets) == 2, change
    (policy,) = merged(
        GOALS,
        raw_policy(
            GOALS, 0, announcement="계획은", targets=[base | {"deadline": "2030"}, table | {"deadline": "2028"}]
        ),
    )
    assert len(policy.targets) == 2


TWICE = (
    "첫째 글: 도시 하천 수질 개선 계획 발표. 둘째 글: 도시 하천 수질 개선 계획을 알렸다. "
    "셋째 글: 도시 숲 수질 보전 계획 발표. 넷째: 농촌 하천 수질 관리 계획."
)


def test_a_policy_reported_twice_is_one_record_with_evidence() -> None:
    one = raw_policy(TWICE, 0, announcement="첫째 글: 도시 하천 수질 개선 계획 발표.", title="도시 하천 수질 개선 계획")
    two = raw_policy(
        TWICE, TWICE.index("둘째"), announcement="둘째 글: 도시 하천 수질 개선 계획을 알렸다.",
        title="도시 하천 수질 개선 계획", period_start=2025, period_end=2028,
    )  # fmt: skip
    for given in ((one, two), (two, one)):
        (policy,) = merged(TWICE, *given)
        assert policy.title == one.title and [e.text for e in policy.evidence] == [two.announcement.text]
        assert (policy.period_start, policy.period_end) == (2025, 2028)  # Nulls of the body are filled.


def test_two_plans_with_like_names_stay_apart() -> None:
    plans = ("도시 하천 수질 개선 계획", "도시 숲 수질 보전 계획", "농촌 하천 수질 관리 계획")
    records = [raw_policy(TWICE, TWICE.index(t), announcement=t, title=t) for t in plans]
    assert [p.title and p.title.text for p in merged(TWICE, *records)] == list(plans)


def test_the_plan_and_its_action_plan_stay_apart() -> None:
    one = raw_policy(TWICE, 0, announcement="첫째 글", title="도시 하천 수질 개선 계획")
    two = raw_policy(
        TWICE,
        TWICE.index("둘째"),
        announcement="둘째 글",
        title="도시 하천 수질 개선 계획",
        document_type="action_plan",
    )
    assert len(merged(TWICE, one, two)) == 2


def test_unnamed_acts_are_one_only_at_one_place() -> None:
    one = raw_policy(TWICE, 0, announcement="첫째 글", document_type="unnamed_action")
    two = raw_policy(TWICE, 0, announcement="둘째 글", document_type="unnamed_action")
    assert len(merged(TWICE, one, two)) == 2 and len(merged(TWICE, one, one)) == 1


def test_order_of_the_input_does_not_matter() -> None:
    records = [
        raw_policy(TWICE, TWICE.index(t), announcement=t, title=t)
        for t in ("도시 숲 수질 보전 계획", "도시 하천 수질 개선 계획")
    ]
    assert merged(TWICE, *records) == merged(TWICE, *records[::-1])
    assert merged(TWICE) == ()
