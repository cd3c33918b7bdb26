"""Answers in rows: what a row may say, what code adds to it, and how what cannot be read is told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.ask import load_prompt_set
from pipeline.ask.rows import Read, read_rows
from pipeline.ask.together import group, number_through
from pipeline.draft import Printed
from pipeline.ground import ground
from pipeline.model import wire_schema
from pipeline.read import from_text
from pipeline.run import run
from pipeline.settings import Settings
from pipeline.steps import open_document
from schemas.answer import Answer, Ref
from schemas.document import Article, Document
from schemas.records import Policy, Provenance
from schemas.rows import FIELDS, GROUPS, INSTRUMENTS, AnswerR, PolicyR
from schemas.vocabulary import Instrument, TargetGroup, TechnologyField

PROVENANCE = Provenance(document_sha256="", prompt_set="", prompt_hash="", schema_hash="", model="", request_ids=())
TEXT = """01 한빛시, '도시 하천 정비 계획(2025~2028)' 발표

■ 하수관 교체(5.12)

- 한빛시 정부는 '한빛시 도시 하천 정비 계획(2025~2028)'을 발표
 - '27년까지 정비 구간 40곳, '28년까지 생태 하천 12곳을 조성하는 것을 목표로 제시

1) 오염원 관리

- (하수 정비) '28년까지 노후 하수관 120km 이상을 교체
- (점검), (감시) 하천 감시 센터 3개소를 설치

2) 주민 참여

- 하천 돌봄
 - 하천 지킴이 단체에 활동비를 보조

참고자료
▪ 한빛시 도시 하천 정비 계획
http://www.hanbit.example/plan
"""
POLICY: dict[str, Any] = {"announcement": "3", "type": "plan", "title": "3:한빛시 도시…(2025~2028)"}


def asked(text: str = TEXT) -> tuple[Document, list[Article]]:
    opened = open_document(from_text(text))
    return opened.document, [a for a in opened.articles if a.asked]


def read(**more: Any) -> tuple[Read, Policy | None]:
    """What one policy says about the article, and the record that it becomes."""
    document, (article,) = asked()
    value = AnswerR.model_validate({"policies": [POLICY | more]})
    (answered,) = read_rows(TEXT, [article], value, lambda a: Printed(TEXT, a))
    grounded = ground(document, article, answered.answer, PROVENANCE)
    assert grounded.refusals == []
    return answered, grounded.policies[0] if grounded.policies else None


def record(**more: Any) -> Policy:
    answered, policy = read(**more)
    assert answered.unread == () and policy is not None
    return policy


def test_what_the_title_and_the_layout_say_needs_no_answer() -> None:
    policy = record(
        measures=["6|platform environment", "7|platform", "7|platform", "10|grant society|who 3:한빛시 정부"]
    )
    assert policy.title is not None and policy.title.text == "한빛시 도시 하천 정비 계획(2025~2028)"
    assert (policy.period_start, policy.period_end, policy.status) == (2025, 2028, "adopted")
    told = [(m.label and m.label.text, m.pillar and m.pillar.text, m.action_status.value) for m in policy.measures]
    assert told == [
        ("하수 정비", "오염원 관리", "planned"),
        ("점검", "오염원 관리", "planned"),
        ("감시", "오염원 관리", "planned"),
        (None, "주민 참여", "planned"),
    ]
    assert [o.name.text for o in policy.measures[3].implementers] == ["한빛시 정부"]
    assert policy.measures[0].technology_fields == (TechnologyField.ENVIRONMENT,)


def test_two_quotes_alone_are_what_the_quotes_of_a_unit_hold() -> None:
    assert record(title="3:''").title == record().title
    answered, policy = read(title="4:''", type="unnamed_action")  # apostrophes of years are no quotes
    assert policy is not None and policy.title is None
    assert "unit 4 has no quotes, or several pairs" in answered.unread[0].reason


@pytest.mark.parametrize(
    "column", ["under 8, who 3:한빛시 정부", "under 8:주민 who 3:한빛시 정부", "under 8|who 3:한빛시 정부"]
)
def test_two_exceptions_in_one_column_are_two(column: str) -> None:
    (measure,) = record(measures=[f"6|platform|{column}"]).measures
    assert measure.pillar is not None and measure.pillar.text in ("주민 참여", "주민")
    assert [o.name.text for o in measure.implementers] == ["한빛시 정부"]


def test_the_line_above_the_announcement_is_no_pillar() -> None:
    """Lead line over announcement and measures: what announces a policy heads none of its measures."""
    text = "02 한빛시, 하천 계획 발표\n\n■ 하수관 교체 착수(5.12)\n\n - 한빛시는 '하천 계획'을 발표\n - 하수관을 교체\n"
    _, (article,) = asked(text)
    value = AnswerR.model_validate({"policies": [{"announcement": "3", "type": "plan", "measures": ["4|platform"]}]})
    (answered,) = read_rows(text, [article], value, lambda a: Printed(text, a))
    assert answered.answer.policies[0].measures[0].pillar is None


@pytest.mark.parametrize(
    ("text", "row", "deadline"),
    [
        ("2. 목표('30년)\n\n- 생태 하천 12곳\n", "4:12곳|생태 하천", "2030"),
        ("2. 목표\n\n구분\t지표\t'24년\t'29년 목표\n1\t생태 하천\t3곳\t12곳\n", "13|11", "2029"),
        ("2. 목표\n\n구분\t지표\t'29년 목표\n하천\t1\t생태 하천\t12곳\n", "12|11", "2029"),
        ("< 주요 목표(2030년) >\n① 하수관 교체 40km\n② 생태 하천 12곳\n", "5:12곳|생태 하천", "2030"),
        ("2. 2025년 현황\n\n- 생태 하천 12곳\n", "4:12곳|생태 하천", None),
    ],
)
def test_a_goal_has_the_year_of_its_frame(text: str, row: str, deadline: str | None) -> None:
    """Of the heading that speaks of goals, of the column's header; a year above facts says nothing."""
    text = f"1. 개요\n\n한빛시는 '하천 계획'을 발표하였다.\n\n{text}"
    document, (article,) = asked(text)
    value = AnswerR.model_validate(
        {"policies": [{"announcement": "2", "type": "plan", "title": "2:''", "targets": [row]}]}
    )
    (answered,) = read_rows(text, [article], value, lambda a: Printed(text, a))
    (policy,) = ground(document, article, answered.answer, PROVENANCE).policies
    assert [t.deadline for t in policy.targets] == [deadline]


def test_that_many_fields_are_meant_is_said_of_policies_alone() -> None:
    policy = record(fields="cross", measures=["6|platform cross environment"])
    assert policy.technology_fields == (TechnologyField.CROSS_CUTTING,)
    assert policy.measures[0].technology_fields == (TechnologyField.ENVIRONMENT,)


def test_where_the_model_disagrees_its_word_stands() -> None:
    policy = record(period="3:2025~2028", measures=["6|platform completed|label -|under 8", "10|grant|under -"])
    first, second = policy.measures
    assert (first.label, first.pillar and first.pillar.text, first.action_status.value) == (
        None,
        "주민 참여",
        "completed",
    )
    assert second.pillar is None


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("4:40곳|정비 구간", (40, "eq", "2027", None)),
        ("4:12곳|생태 하천", (12, "eq", "2028", None)),
        ("6:120km 이상|노후 하수관", (120, "ge", "2028", "6")),
        ("7:3개소|하천 감시 센터", (3, "eq", "2028", "7")),
        ("7:3개소|하천 감시 센터|until 6", (3, "eq", "2028", "7")),
        ("4:12곳|생태 하천|until 4:'27년|of 6", (12, "eq", "2027", "6")),
        ("6:120km 이상|노후…하수관|of -", (120, "ge", "2028", None)),
        ("6:120km 이상|4:생태 하천|is gt", (120, "ge", "2028", "6")),
        ("4:12곳|생태 하천|until 4:'27년, is approx", (12, "approx", "2027", None)),
    ],
)
def test_a_target_has_the_deadline_and_the_measure_of_its_unit(row: str, expected: tuple[Any, ...]) -> None:
    policy = record(measures=["6|platform", "7|platform"], targets=[row])
    (target,) = policy.targets
    named = {m.id: unit for m, unit in zip(policy.measures, ("6", "7"), strict=True)}
    found = (target.value, target.comparator.value, target.deadline, named.get(target.measure_id or ""))
    assert found == expected
    assert target.deadline_basis == ("policy_period" if row == "7:3개소|하천 감시 센터" else "stated")


def test_the_address_below_a_source_is_its() -> None:
    (reference,) = record(references=["12|source"]).references
    assert reference.url is not None and reference.url.text == "http://www.hanbit.example/plan"


@pytest.mark.parametrize(
    ("more", "field", "reason"),
    [
        ({"measures": ["6|concrete", "7|platform"]}, "policies[0].measures[0]", "no word of the lists"),
        ({"measures": ["6", "7|platform"]}, "policies[0].measures[0]", "no instrument"),
        ({"measures": ["6|platform tax"]}, "policies[0].measures[0]", "two instruments"),
        ({"measures": ["the sewers|platform"]}, "policies[0].measures[0]", "is no place"),
        ({"measures": ["6|platform|from 3"]}, "policies[0].measures[0]", "known: label, under, who"),
        ({"targets": ["6:120km 이상"]}, "policies[0].targets[0]", "no indicator"),
        ({"targets": ["6:120km 이상|노후 하수관|is most"]}, "policies[0].targets[0]", "is none of eq, ge"),
        ({"targets": ["6:120km 이상|노후 하수관|of 4"]}, "policies[0].targets[0]", "no measure of this policy"),
        ({"references": ["12|proof"]}, "policies[0].references[0]", "is none of source"),
        ({"fields": "energy grant"}, "policies[0].fields", "no word of the list"),
        ({"date": "5.12 (May)"}, "policies[0].date", "is no place"),
    ],
)
def test_what_cannot_be_read_is_told_and_costs_only_itself(more: Any, field: str, reason: str) -> None:
    answered, policy = read(**more)
    assert policy is not None and [u.field for u in answered.unread][:1] == [field]
    assert any(reason in u.reason for u in answered.unread)
    assert all(json.loads(u.given) for u in answered.unread)


def test_a_policy_without_a_place_is_told() -> None:
    answered, policy = read(announcement="the third line")
    assert policy is None and [u.field for u in answered.unread] == ["policies[0].announcement"]


def test_first_words_that_stand_twice_are_the_title_behind_its_mark_or_nothing() -> None:
    assert record(title="3:한빛시…(2025~2028)").title == record().title
    assert str(record(title="3:하천…(2025~2028)").title).count("하천 정비") == 1  # stands once
    answered, _ = read(title="4:까지…목표", type="unnamed_action")
    assert "stands 2 times in unit 4" in answered.unread[0].reason


def test_a_number_in_the_second_unit_of_a_stretch_is_stated_by_the_whole() -> None:
    policy = record(measures=["6:'28년까지…7:설치|platform"], targets=["7:3개소|하천 감시 센터"])
    assert policy.targets[0].text == policy.measures[0].text and policy.targets[0].measure_id == policy.measures[0].id


def test_a_bullet_behind_a_row_that_a_page_broke_has_the_name_of_the_row() -> None:
    text = "〈 주요 내용 〉\n구분\t분야\t주요 내용\n1\t하천\t• 하수관 교체\n• 생태 하천 조성\n"
    _, (article,) = asked(text)
    broken = {text[u.unit.start : u.unit.end]: u.id for u in article.units}
    layout = Printed(text, article)
    assert (
        layout.pillar(broken["생태 하천 조성"], ()) == layout.pillar(broken["하수관 교체"], ()) == Ref(u=broken["하천"])
    )


def test_a_stretch_may_end_in_a_later_unit_and_dots_may_be_printed() -> None:
    document, (article,) = asked("01 가람시, 발표\n\n- 가람시는 하천…바다 계획을\n - 내년에 발표하였다\n")
    given = AnswerR.model_validate(
        {"policies": [{"announcement": "2:가람시는…3:발표", "type": "plan", "title": "2:하천…바다 계획"}]}
    )
    (answered,) = read_rows(document.text, [article], given, lambda a: Printed(document.text, a))
    (policy,) = answered.answer.policies
    assert policy.announcement == Ref(u="2", from_="가람시는", to="발표", to_u="3")
    assert policy.title == Ref(u="2", quote="하천…바다 계획")


def test_lists_numbers_and_empty_words_are_taken_as_they_are_meant() -> None:
    given = PolicyR.model_validate(
        {"announcement": 3, "type": "plan", "level": "", "issuers": "3:한빛시", "measures": [["6", "platform", "under 8"]],
         "evidence": [2], "fields": ["ai", "bio"]}
    )  # fmt: skip
    assert (given.announcement, given.level, given.issuers, given.evidence) == ("3", None, ["3:한빛시"], ["2"])
    assert given.measures == ["6|platform|under 8"] and given.fields == "ai bio"


def test_every_value_has_one_word_and_every_word_stands_in_the_prompt() -> None:
    for words, values in ((INSTRUMENTS, Instrument), (GROUPS, TargetGroup), (FIELDS, TechnologyField)):
        assert list(words.values()) == list(values)
    assert len({*INSTRUMENTS, *GROUPS, *FIELDS}) == len(INSTRUMENTS) + len(GROUPS) + len(FIELDS)
    system = load_prompt_set("brief").files["system.md.j2"]
    assert all(word in system for word in (*INSTRUMENTS, *GROUPS, *FIELDS))


def test_the_schema_is_small_and_keeps_the_order_of_the_prompt() -> None:
    """Closed, without arrays of fixed items, required keys first: what services and grammars take."""
    schema = wire_schema(AnswerR)
    assert "prefixItems" not in json.dumps(schema) and len(json.dumps(schema)) < 1_800
    keys = list(schema["$defs"]["PolicyR"]["properties"])
    assert keys[:2] == schema["$defs"]["PolicyR"]["required"]
    system = load_prompt_set("brief").files["system.md.j2"]
    shown = next(line for line in system.splitlines() if line.startswith('{"policies":[{'))
    assert list(json.loads(shown)["policies"][0]) == keys


def test_the_example_in_rows_is_the_example() -> None:
    (example,) = load_prompt_set("brief").examples
    lines = [line.partition("| ")[2] for line in example["article"]]
    text = "■ {}\n\n- {}\n - {}\n\n1) {}\n\n- {}\n- {}\n".format(*lines)
    document, (article,) = asked(text)
    value = AnswerR.model_validate(example["rows"])
    (answered,) = read_rows(text, [article], value, lambda a: Printed(text, a))
    of_rows = ground(document, article, answered.answer, PROVENANCE)
    of_objects = ground(document, article, Answer.model_validate(example["answer"]), PROVENANCE)
    assert answered.unread == () and of_rows.refusals == [] and of_rows.policies == of_objects.policies


# -- several articles at once ----------------------------------------------------------------------------------

NEWS = """I 정책동향

01 가람시, '숲길 계획' 발표

■ 숲길 안내소 설치(5.1)

- 가람시는 '숲길 계획'을 발표
 - (숲길) 숲길 안내소를 설치

출처: 가람일보 (05.02)

II 단신동향

02 나루시, '나루 계획' 발표

■ 나루터 쉼터 설치(5.2)

- 나루시는 '나루 계획'을 발표
 - (나루터) 나루터 쉼터를 설치

출처: 나루일보 (05.03)
"""


def test_short_articles_go_together_and_their_units_are_numbered_through() -> None:
    _, articles = asked(NEWS)
    assert [len(g) for g in group(articles, 4000)] == [2] and [len(g) for g in group(articles, 0)] == [1, 1]
    assert [len(g) for g in group(articles, articles[0].end - articles[0].start)] == [1, 1]
    first, second = number_through(articles)
    assert first == articles[0] and [u.id for u in second.units] == ["6", "7", "8", "9", "10"]
    assert [u.unit for u in second.units] == [u.unit for u in articles[1].units]


def test_one_answer_about_two_articles_is_asked_again_in_its_own_numbers(tmp_path: Path, serve: Any) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "news.txt").write_text(NEWS, "utf-8")

    def said(measure: str) -> str:
        policies = [
            {"announcement": "3", "type": "plan", "title": "3:숲길 계획", "measures": ["4|platform"]},
            {"announcement": "8", "type": "plan", "title": "8:나루 계획", "measures": [measure]},
        ]
        return json.dumps({"policies": policies}, ensure_ascii=False)

    service = serve(said("4:숲길 안내소|platform"), said("9|platform"))
    settings = Settings(endpoint="openai", base_url=service.url, model="scripted", prompts="brief")
    manifest = run([tmp_path / "docs"], tmp_path / "out", settings)
    assert (manifest.usage.calls, manifest.policies, manifest.measures, manifest.refused) == (2, 2, 2, 0)
    shown = service.requests[0]["messages"][1]["content"]
    assert "Article 2\n[1] heading 01" in shown and "Article 4\n[6] heading 02" in shown and "news.txt" not in shown
    again = service.requests[1]["messages"][-1]["content"]
    assert "policies[1].measures[0].at" in again and "no unit 4 in this article (units are 6 to 10)" in again
    rows = [json.loads(line) for line in (tmp_path / "out" / "policies.jsonl").read_text("utf-8").splitlines()]
    assert [r["measures"][0]["text"]["text"] for r in rows] == [
        "(숲길) 숲길 안내소를 설치",
        "(나루터) 나루터 쉼터를 설치",
    ]
    assert rows[0]["provenance"]["request_ids"] == rows[1]["provenance"]["request_ids"]


def test_what_could_not_be_read_to_the_end_stands_among_the_refusals(tmp_path: Path, serve: Any) -> None:
    (tmp_path / "a.txt").write_text(TEXT, "utf-8")
    answer = {"policies": [POLICY | {"measures": ["6|platform", "7|concrete"]}]}
    service = serve(json.dumps(answer, ensure_ascii=False))
    settings = Settings(endpoint="openai", base_url=service.url, model="scripted", prompts="brief")
    manifest = run([tmp_path / "a.txt"], tmp_path / "out", settings)
    refused = [json.loads(line) for line in (tmp_path / "out" / "refused.jsonl").read_text("utf-8").splitlines()]
    assert manifest.measures == 1 and manifest.usage.calls == 3
    assert {r["field"] for r in refused} == {"policies[0].measures[1]"} and all(r["request_id"] for r in refused)
