"""Grounding: what stands there becomes a span, what does not is refused with the reason, values are computed."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.ground import Grounded, ground
from pipeline.outline import outline
from pipeline.split import split
from schemas.answer import Answer, PolicyA
from schemas.document import Article, Document
from schemas.records import Policy, Provenance

TEXT = """01 한빛시, '하천 정비 계획(2025~2028)' 발표

■ 하수관 교체와 산책로 조성(5.12)

- 한빛시와 새솔시는 '하천  정비
계획(2025~2028)'을 발표

1) 오염원 관리

- (하수 정비) 노후 하수관 35%를 교체하고 예산 30만 위안과 1,303억 6천만 위안을 투입
- (점검) 점검단은 하천을 점검하고, 점검단은 하수관을 점검하며, 점검단은 산책로를 점검
- (산책로) 산책로는 '28년까지 30km 이상 조성하고 수질은 78% 이상으로 개선
- (저류조) 저류조 10~12개를 2027년까지 설치하고
우수 배출구를 정비
- (점검) 점검단은 하천을 점검
"""
DOCUMENT = Document(name="t.txt", text=TEXT, sha256="ab" * 32, encoding="utf-8")
PROVENANCE = Provenance(
    document_sha256="ab" * 32, prompt_set="p", prompt_hash="h", schema_hash="s", model="m", request_ids=("r1", "r2")
)


def article_of(document: Document, issue: dt.date | None = dt.date(2025, 5, 20)) -> Article:
    (article,) = split(document, outline(document), issue)
    return article


ARTICLE = article_of(DOCUMENT)
# 1 title, 2 lead, 3 announcement, 4 heading, 5 하수, 6 점검, 7 산책로, 8 저류조, 9 점검


def grounded(document: Document = DOCUMENT, article: Article = ARTICLE, **fields: Any) -> Grounded:
    """One policy with these fields (an unnamed act announced in unit 3 unless said otherwise)."""
    policy = {"announcement": "3", "document_type": "unnamed_action"} | fields
    return ground(document, article, Answer(policies=[PolicyA.model_validate(policy)]), PROVENANCE)


def place(ref: object) -> tuple[str | None, list[str]]:
    """What a reference resolves to (through `objective`), and the reasons of refusals."""
    result = grounded(objective=ref)
    span = result.policies[0].objective
    return span.text if span else None, [r.reason for r in result.refusals]


def target(**fields: Any) -> Any:
    result = grounded(period=fields.pop("period", None), targets=[{"comparator": "eq"} | fields])
    return result.policies[0].targets[0] if result.policies[0].targets else result.refusals[-1]


def test_the_units_are_what_the_tests_below_think() -> None:
    starts = ["한빛시, '", "하수관 교체와", "한빛시와", "오염원", "(하수", "(점검)", "(산책로)", "(저류조)", "(점검)"]
    assert [u.id for u in ARTICLE.units] == [str(i) for i in range(1, 10)]
    assert all(TEXT[u.unit.start :].startswith(s) for u, s in zip(ARTICLE.units, starts, strict=True))


# -- references that hold ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ref", "text"),
    [
        ("4", "오염원 관리"),
        (4, "오염원 관리"),
        ({"u": "4"}, "오염원 관리"),
        ({"u": "5", "quote": "하수 정비"}, "하수 정비"),
        ({"u": "5", "quote": " 노후 하수관 "}, "노후 하수관"),
        ({"u": "5", "quote": "35%"}, "35%"),
        ({"u": "3", "quote": "하천 정비 계획(2025~2028)"}, "하천  정비\n계획(2025~2028)"),
        ({"u": "3", "quote": "하천정비계획"}, "하천  정비\n계획"),
        ({"u": "8", "quote": "설치하고 우수 배출구"}, "설치하고\n우수 배출구"),
        ({"u": "5", "from": "노후", "to": "교체"}, "노후 하수관 35%를 교체"),
        ({"u": "5", "from": "노후", "to": "노후 하수관"}, "노후 하수관"),
        ({"u": "6", "to": "점검하고"}, "(점검) 점검단은 하천을 점검하고"),
        ({"u": "7", "from": "수질은"}, "수질은 78% 이상으로 개선"),
        ({"u": "4", "from": "오염원", "to": "하수 정비", "to_u": "5"}, "오염원 관리\n\n- (하수 정비"),
        ({"u": "4", "to_u": "5"}, TEXT[TEXT.index("오염원 관리") : TEXT.index("투입") + 2]),
    ],
)
def test_a_reference_is_what_is_printed(ref: object, text: str) -> None:
    assert place(ref) == (text, [])


def test_the_right_one_of_three_equal_phrases_by_nth() -> None:
    starts = []
    for nth in (1, 2, 3):
        span = grounded(objective={"u": "6", "quote": "점검단은", "nth": nth}).policies[0].objective
        assert span is not None and TEXT[span.start : span.end] == "점검단은"
        starts.append(span.start)
    base = TEXT.index("(점검)")
    assert starts == [
        TEXT.index("점검단은 하천", base),
        TEXT.index("점검단은 하수관", base),
        TEXT.index("점검단은 산책로", base),
    ]


def test_the_right_one_of_two_equal_phrases_by_unit() -> None:
    spans = [grounded(objective={"u": u, "quote": "점검단은 하천을 점검"}).policies[0].objective for u in ("6", "9")]
    assert [s.start for s in spans if s] == [TEXT.index("점검단은 하천"), TEXT.rindex("점검단은 하천")]


# -- references that do not --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ref", "reason"),
    [
        ({"u": "5", "quote": "36%"}, "does not stand in unit 5"),
        ({"u": "5", "quote": "1,304억 6천만"}, "does not stand"),
        ({"u": "5", "quote": "노후 하수관이"}, "does not stand"),
        ({"u": "5", "quote": "노후 하수도"}, "does not stand"),
        ({"u": "4", "quote": "노후 하수관"}, "does not stand in unit 4"),
        ({"u": "5", "quote": "5%"}, "cuts a number in two"),
        ({"u": "5", "quote": "3"}, "cuts a number in two"),
        ({"u": "5", "quote": "303억"}, "cuts a number in two"),
        ({"u": "5", "quote": "예산 30만 위안과 1"}, "cuts a number in two"),
        ({"u": "99"}, "there is no unit 99"),
        ({"u": "5", "to": "교체", "to_u": "77"}, "there is no unit 77"),
        ({"u": "5", "quote": ""}, "empty"),
        ({"u": "5", "quote": "  \n"}, "empty"),
        ({"u": "6", "quote": "점검단은", "nth": 4}, "stands 3 times"),
        ({"u": "6", "quote": "점검단은", "nth": 0}, "stands 3 times"),
        ({"u": "5", "from": "투입", "to": "노후"}, "does not stand"),
        ({"u": "5", "from": "없는 말", "to": "교체"}, "does not stand"),
        ({"u": "5", "to_u": "4"}, "before the first"),
    ],
)
def test_what_does_not_stand_there_is_refused(ref: object, reason: str) -> None:
    text, reasons = place(ref)
    assert text is None and len(reasons) == 1 and reason in reasons[0]


def test_digits_are_never_joined_over_white_space() -> None:
    document = Document(name="t", text="- 1 2개와 3\n4개를 설치\n", sha256="", encoding="utf-8")
    article = article_of(document)
    for quote in ("12개", "34개"):
        result = grounded(document, article, announcement="1", objective={"u": "1", "quote": quote})
        assert result.policies[0].objective is None and len(result.refusals) == 1


def test_a_refusal_carries_field_given_reason_and_request() -> None:
    result = grounded(
        measures=[{"at": "5", "instrument": "other"}, {"at": {"u": "6", "quote": "없다"}, "instrument": "other"}]
    )
    (refusal,) = result.refusals
    assert refusal.field == "policies[0].measures[1].at"
    assert refusal.given == '{"u":"6","quote":"없다"}'
    assert "“없다” does not stand in unit 6" in refusal.reason
    assert (refusal.document, refusal.article, refusal.request_id) == ("t.txt", 1, "r2")
    assert len(result.policies[0].measures) == 1


def test_without_an_announcement_there_is_no_policy() -> None:
    result = grounded(announcement="42", objective="5")
    assert not result.policies and [r.field for r in result.refusals] == ["policies[0].announcement"]


# -- records -----------------------------------------------------------------------------------------------


def test_title_and_unnamed_action_contradict_each_other() -> None:
    titled = {"u": "1", "quote": "하천 정비 계획(2025~2028)"}
    both = grounded(title=titled)
    assert both.policies[0].title is None and both.refusals[0].field == "policies[0].title"
    none = grounded(document_type="plan")
    assert none.policies[0].document_type == "unnamed_action"
    assert none.refusals[0].field == "policies[0].document_type"
    good = grounded(title=titled, document_type="plan")
    assert not good.refusals and good.policies[0].title and good.policies[0].title.text == titled["quote"]


@pytest.mark.parametrize(
    ("printed", "issue", "value"),
    [
        ("5.12", dt.date(2025, 5, 20), "2025-05-12"),
        ("12.28", dt.date(2025, 5, 20), "2024-12-28"),
        ("5.12", None, None),
        ("2025년 5월 12일", None, "2025-05-12"),
        ("2025년 5월", None, "2025-05"),
        ("최근", dt.date(2025, 5, 20), None),
    ],
)
def test_dates_are_computed_against_the_issue_date(printed: str, issue: dt.date | None, value: str | None) -> None:
    document = Document(name="t", text=f"- 한빛시는 계획을 발표({printed})\n", sha256="", encoding="utf-8")
    result = grounded(
        document, article_of(document, issue), announcement="1", announced_on={"u": "1", "quote": printed}
    )
    announced = result.policies[0].announced_on
    assert announced is not None and (announced.raw.text, announced.value) == (printed, value)


def test_the_day_of_the_week_behind_an_announcement_tells_its_year() -> None:
    document = Document(name="t", text="- 한빛시는 12월 28일(일) 계획을 발표\n", sha256="", encoding="utf-8")
    found = {"u": "1", "quote": "12월 28일"}
    result = grounded(document, article_of(document, dt.date(2025, 5, 20)), announcement="1", announced_on=found)
    announced = result.policies[0].announced_on
    assert announced is not None and announced.value == "2025-12-28"


@pytest.mark.parametrize(
    ("quote", "expected"),
    [("2025~2028", (2025, 2028)), ("(2025~2028)", (2025, 2028))],
)
def test_periods(quote: str, expected: tuple[int, int]) -> None:
    policy = grounded(period={"u": "3", "quote": quote}).policies[0]
    assert (policy.period_start, policy.period_end) == expected


def test_a_period_without_years_is_refused() -> None:
    result = grounded(period="4")
    assert [r.field for r in result.refusals] == ["policies[0].period"] and result.policies[0].period_end is None


@pytest.mark.parametrize(
    ("unit", "raw", "value", "value_max", "unit_name"),
    [
        ("5", "35%", 35, None, "%"),
        ("5", "30만 위안", 300_000, None, "위안"),
        ("5", "1,303억 6천만 위안", 130_360_000_000, None, "위안"),
        ("8", "10~12개", 10, 12, "개"),
    ],
)
def test_values_are_computed(unit: str, raw: str, value: float, value_max: float | None, unit_name: str) -> None:
    found = target(at=unit, indicator=unit, raw={"u": unit, "quote": raw})
    assert (found.raw.text, found.value, found.value_max, found.unit) == (raw, value, value_max, unit_name)


@pytest.mark.parametrize("raw", ["30", "5%", "1,303억 6천", "303억 6천만", "1,303억", "6천만 위안"])
def test_a_number_phrase_is_never_cut(raw: str) -> None:
    refused = target(at="5", indicator="5", raw={"u": "5", "quote": raw})
    assert refused.field == "policies[0].targets[0].raw" and "cuts a number" in refused.reason


@pytest.mark.parametrize(("line", "raw"), [("거점 1 ,200개를 설치", "1 ,200개"), ("수출 △5%를 회복", "5%")])
def test_a_numeral_that_cannot_be_read_whole_is_null_and_flagged(line: str, raw: str) -> None:
    document = Document(name="t", text=f"- {line}\n", sha256="", encoding="utf-8")
    answer = {"at": "1", "indicator": "1", "raw": {"u": "1", "quote": raw}, "comparator": "eq"}
    found = grounded(document, article_of(document), announcement="1", title=None, targets=[answer])
    (target,) = found.policies[0].targets
    assert (target.value, target.raw.text) == (None, raw) and "suspect_source" in target.flags


def test_a_number_phrase_that_stands_twice_needs_nth() -> None:
    document = Document(name="t", text="- 하수관 30개와 저류조 30개를 설치\n", sha256="", encoding="utf-8")
    article = article_of(document)
    ask = lambda **more: grounded(
        document, article, announcement="1",
        targets=[{"at": "1", "indicator": "1", "raw": {"u": "1", "quote": "30개"} | more, "comparator": "eq"}],
    )  # fmt: skip
    assert "say which with nth" in ask().refusals[0].reason
    assert ask(nth=2).policies[0].targets[0].raw.start == document.text.rindex("30개")


def test_a_number_phrase_without_a_number_is_refused() -> None:
    refused = target(at="5", indicator="5", raw={"u": "5", "quote": "노후 하수관"})
    assert "no number can be read" in refused.reason
    reference = target(at="5", indicator="5", raw={"u": "5", "quote": "노후 하수관"}, comparator="reference")
    assert (reference.value, reference.unit) == (None, None)


def test_a_printed_comparator_word_decides() -> None:
    found = target(at="7", indicator="7", raw={"u": "7", "quote": "30km 이상"}, comparator="le")
    assert found.comparator == "ge" and found.flags == ("model_disagrees",)
    assert target(at="7", indicator="7", raw={"u": "7", "quote": "30km 이상"}, comparator="ge").flags == ()


def test_deadlines_stated_and_implied() -> None:
    raw = {"u": "7", "quote": "30km 이상"}
    stated = target(at="7", indicator="7", raw=raw, deadline={"u": "7", "quote": "'28년"})
    assert (stated.deadline, stated.deadline_basis) == ("2028", "stated")
    implied = target(at="7", indicator="7", raw=raw, period={"u": "3", "quote": "2025~2028"})
    assert (implied.deadline, implied.deadline_basis) == ("2028", "policy_period")
    neither = target(at="7", indicator="7", raw=raw)
    assert (neither.deadline, neither.deadline_basis) == (None, None)


def test_targets_find_their_measure_even_if_one_before_was_refused() -> None:
    measures = [{"at": "77", "instrument": "other"}, {"at": "7", "instrument": "other"}]
    raw = {"u": "7", "quote": "30km 이상"}
    (policy,) = grounded(
        measures=measures, targets=[{"at": "7", "indicator": "7", "raw": raw, "comparator": "ge", "measure": 1}]
    ).policies
    assert policy.targets[0].measure_id == policy.measures[0].id
    lost = grounded(
        measures=measures, targets=[{"at": "7", "indicator": "7", "raw": raw, "comparator": "ge", "measure": 0}]
    )
    assert lost.policies[0].targets[0].measure_id is None
    assert [r.field for r in lost.refusals] == ["policies[0].measures[0].at", "policies[0].targets[0].measure"]


def test_issuers_are_issuer_and_joint_issuers() -> None:
    refs = [{"name": {"u": "3", "quote": q}} for q in ("한빛시", "새솔시", "한빛시")]
    assert [(o.name.text, o.role) for o in grounded(issuers=refs).policies[0].issuers] == [
        ("한빛시", "issuer"),
        ("새솔시", "joint_issuer"),
    ]


def test_a_barred_policy_is_refused_with_the_reason_and_the_others_keep_their_places() -> None:
    policies = [PolicyA(announcement=u, document_type="unnamed_action") for u in ("3", "99")]
    result = ground(DOCUMENT, ARTICLE, Answer(policies=policies), PROVENANCE, {0: "not from here"})
    assert result.policies == []
    assert [(r.field, r.given, r.reason[:13]) for r in result.refusals] == [
        ("policies[0]", '{"u":"3"}', "not from here"),
        ("policies[1].announcement", '{"u":"99"}', "there is no u"),
    ]


def test_ids_are_stable_and_tell_records_apart() -> None:
    fields: dict[str, Any] = {"measures": [{"at": str(u), "instrument": "other"} for u in (5, 6, 7, 6)]}
    one, two = grounded(**fields).policies[0], grounded(**fields).policies[0]
    assert one == two and len({m.id for m in one.measures}) == 3 == len(one.measures)
    other = ground(
        DOCUMENT, ARTICLE, Answer(policies=[PolicyA(announcement="3", document_type="unnamed_action", **fields)]),
        PROVENANCE.model_copy(update={"model": "another", "prompt_set": "q"}),
    )  # fmt: skip
    assert (other.policies[0].id, other.policies[0].measures[0].id) == (one.id, one.measures[0].id)
    elsewhere = DOCUMENT.model_copy(update={"sha256": "cd" * 32})
    assert grounded(elsewhere, ARTICLE, **fields).policies[0].id != one.id


# -- whatever is answered ----------------------------------------------------------------------------------

IDS = st.sampled_from([*(str(i) for i in range(12)), "5.1", "", "x"])
QUOTES = st.one_of(
    st.none(),
    st.sampled_from(
        ["35%", "5%", "점검단은", "", " ", "하천 정비", "30만 위안", "10~12개", "2027년까지", "없다", "'28년"]
    ),
    st.text(max_size=6),
    st.builds(lambda a, n: TEXT[a : a + n], st.integers(0, len(TEXT)), st.integers(0, 12)),
)  # fmt: skip
REFS = st.one_of(
    IDS,
    st.fixed_dictionaries({"u": IDS, "quote": QUOTES, "nth": st.none() | st.integers(-1, 4)}),
    st.fixed_dictionaries({"u": IDS, "from": QUOTES, "to": QUOTES, "to_u": st.none() | IDS}),
)
MEASURES = st.fixed_dictionaries(
    {"at": REFS, "label": st.none() | REFS, "pillar": st.none() | REFS, "instrument": st.just("other"),
     "implementers": st.lists(REFS, max_size=2)}
)  # fmt: skip
TARGETS = st.fixed_dictionaries(
    {"at": REFS, "indicator": REFS, "raw": REFS, "comparator": st.sampled_from(["eq", "ge", "reference"]),
     "deadline": st.none() | REFS, "measure": st.none() | st.integers(-2, 4)}
)  # fmt: skip
POLICIES = st.fixed_dictionaries(
    {"announcement": REFS, "title": st.none() | REFS, "document_type": st.sampled_from(["plan", "unnamed_action"]),
     "announced_on": st.none() | REFS, "period": st.none() | REFS, "objective": st.none() | REFS,
     "issuers": st.lists(st.fixed_dictionaries({"name": REFS}), max_size=2), "evidence": st.lists(REFS, max_size=2),
     "measures": st.lists(MEASURES, max_size=3), "targets": st.lists(TARGETS, max_size=3)}
)  # fmt: skip


def spans_in(value: object) -> list[dict[str, Any]]:
    if isinstance(value, dict):
        own = [value] if {"start", "end", "text"} <= set(value) else []
        return own + [s for inner in value.values() for s in spans_in(inner)]
    return [s for inner in value for s in spans_in(inner)] if isinstance(value, list | tuple) else []


def check(policy: Policy) -> None:
    for span in spans_in(policy.model_dump()):
        assert 0 <= span["start"] < span["end"] <= len(TEXT)
        assert TEXT[span["start"] : span["end"]] == span["text"]
    assert (policy.title is None) == (policy.document_type == "unnamed_action")
    assert {t.measure_id for t in policy.targets} <= {None, *(m.id for m in policy.measures)}


@settings(max_examples=150, deadline=None)
@given(st.lists(POLICIES, max_size=2))
def test_whatever_is_answered_every_span_is_the_text(policies: list[dict[str, Any]]) -> None:
    result = ground(DOCUMENT, ARTICLE, Answer.model_validate({"policies": policies}), PROVENANCE)
    for policy in result.policies:
        check(policy)
    for refusal in result.refusals:
        assert refusal.field.startswith("policies[") and refusal.reason and refusal.given
