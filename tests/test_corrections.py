"""Corrections: kept in order, laid over what was extracted, and over what a later run extracts."""

from __future__ import annotations

import datetime as dt
import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from one_brief import extracted

from pipeline.correct import place_of
from pipeline.corrections import CORRECTIONS, add_correction, make_correction, read_corrections
from pipeline.results import Results
from pipeline.review.edit import edit
from pipeline.review.new import new_record
from pipeline.run import run
from pipeline.settings import Settings
from schemas.errors import Conflict, InputError, UsageError
from schemas.records import Extent, Measure, Policy, Target
from schemas.vocabulary import Comparator, DocumentType, Instrument

TEXT = """■ 도시 하천 수질 개선 대책 발표(5.12)

- 한빛시 정부는 수질 오염을 줄이기 위해 '도시 하천 수질 개선 대책(2025~2028)'을 발표 🌊

1) 오염원 관리

- (하수 정비) 현재 120km 가운데 낡은 하수관을 교체하고 우수 저류조 설치
- (주민 참여) 마을 단위의 하천 살피기 모임 운영
- 2028년까지 수질 등급 하천 비율을 85%로 제고
"""


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return extracted(tmp_path, TEXT)


def decide(out: Path, action: Any, policy: Policy, record: Policy | Measure | Target, **more: Any) -> None:
    span = (
        record.announcement if isinstance(record, Policy) else record.raw if isinstance(record, Target) else record.text
    )
    facts = {
        "at": dt.datetime.now(dt.UTC), "who": "이검토", "text_sha256": Results(out).rows["brief.txt"].text_sha256,
        "span": Extent(start=span.start, end=span.end),
    }  # fmt: skip
    seen = more.pop("seen", None)
    add_correction(out, make_correction(action, policy, record, **(facts | more)), seen=seen)


def only(out: Path) -> Policy:
    (policy,) = Results(out).policies
    return policy


def test_the_brief_gives_what_these_tests_correct(out: Path) -> None:
    policy = only(out)
    assert [m.text.text[:7] for m in policy.measures][:2] == ["(하수 정비)", "(주민 참여)"]
    assert [(t.value, t.deadline) for t in policy.targets] == [(85, "2028")]


def test_what_was_rejected_is_gone_and_comes_back_when_undone(out: Path) -> None:
    policy = only(out)
    decide(out, "reject", policy, policy.measures[0])
    assert [m.id for m in only(out).measures] == [m.id for m in policy.measures[1:]]
    (first,) = read_corrections(out)
    decide(out, "undo", policy, policy.measures[0], seen=first.at)
    assert only(out) == policy
    assert len(read_corrections(out)) == 2


def test_a_rejected_policy_takes_its_records_with_it(out: Path) -> None:
    policy = only(out)
    decide(out, "accept", policy, policy.measures[0])
    decide(out, "reject", policy, policy)
    assert Results(out).policies == ()


def test_an_edited_record_keeps_its_id_and_all_else(out: Path) -> None:
    policy, document = only(out), Results(out).source("brief.txt")
    after = edit(document, policy.measures[1], {"instrument": "network_cluster"})
    decide(out, "edit", policy, after)
    measure = only(out).measures[1]
    assert measure.instrument is Instrument.NETWORK_CLUSTER
    assert measure.instrument_category is Instrument.NETWORK_CLUSTER.category
    before = policy.measures[1]
    kept = (
        "instrument",
        "instrument_category",
        "instrument_confidence",
        "confidence",
    )  # what a person decided has no odds
    assert measure.model_copy(update={name: getattr(before, name) for name in kept}) == before
    assert before.confidence is not None and measure.confidence is None


def test_corrections_survive_a_run_of_the_same_text(out: Path) -> None:
    policy, document = only(out), Results(out).source("brief.txt")
    decide(out, "edit", policy, edit(document, policy, {"status": "implemented"}))
    decide(out, "reject", policy, policy.targets[0])
    run([out.parent / "docs"], out, Settings())
    assert (only(out).status, only(out).targets) == ("implemented", ())
    assert only(out).measures == policy.measures


def test_a_record_that_a_later_run_finds_elsewhere_or_not_at_all_is_put_right(out: Path) -> None:
    """As another model would: one measure a little longer, one missed, one new."""
    policy = only(out)
    first, second = policy.measures[:2]
    decide(out, "edit", policy, edit(Results(out).source("brief.txt"), first, {"instrument": "procurement"}))
    decide(out, "accept", policy, second)
    longer = first.text.model_copy(update={"start": first.text.start - 2, "text": "- " + first.text.text})
    found = policy.model_copy(update={"measures": (first.model_copy(update={"id": "f" * 16, "text": longer}),)})
    (out / "policies.jsonl").write_text(found.model_dump_json() + "\n", encoding="utf-8")
    assert [(m.id, m.instrument) for m in only(out).measures] == [
        (first.id, Instrument.PROCUREMENT),
        (second.id, second.instrument),
    ]


def test_a_correction_of_another_text_waits_and_is_counted(out: Path) -> None:
    policy = only(out)
    decide(out, "reject", policy, policy.measures[0])
    (out.parent / "docs" / "brief.txt").write_text("머리말\n" + TEXT, encoding="utf-8")
    run([out.parent / "docs"], out, Settings())
    results = Results(out)
    assert len(results.policies[0].measures) == len(policy.measures)
    assert len(results.corrected.waiting) == 1 and not results.corrected.decisions


def test_who_did_not_see_the_last_correction_is_told(out: Path) -> None:
    policy = only(out)
    decide(out, "accept", policy, policy.measures[0])
    with pytest.raises(Conflict, match="이검토"):
        decide(out, "reject", policy, policy.measures[0])
    assert [c.action for c in read_corrections(out)] == ["accept"]


def test_two_decisions_at_the_same_time_of_the_clock_are_a_conflict(out: Path) -> None:
    policy = only(out)
    now, record = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC), policy.measures[0]
    sha = Results(out).rows[policy.document].text_sha256
    span = place_of(record).model_dump(exclude={"text"})
    first, second, third = (
        make_correction("accept", policy, record, at=now, who=who, text_sha256=sha, span=span) for who in "abc"
    )
    add_correction(out, first, seen=None)
    add_correction(out, second, seen=now)
    with pytest.raises(Conflict, match="b has decided"):
        add_correction(out, third, seen=now)


def test_half_a_line_of_a_power_cut_loses_nothing_else(out: Path) -> None:
    policy = only(out)
    decide(out, "accept", policy, policy.measures[0])
    with (out / CORRECTIONS).open("a", encoding="utf-8") as file:
        file.write('{"at": "2026-')
    assert len(read_corrections(out)) == 1
    decide(out, "reject", policy, policy.measures[1])
    assert [c.action for c in read_corrections(out)] == ["accept", "reject"]


def test_a_broken_line_is_named(out: Path) -> None:
    (out / CORRECTIONS).write_text('{"at": "2026-"}\n', encoding="utf-8")
    with pytest.raises(InputError, match="line 1: not a correction"):
        Results(out)


def test_a_missed_measure_is_added_from_the_source(out: Path) -> None:
    policy, document = only(out), Results(out).source("brief.txt")
    start = TEXT.index("우수 저류조 설치")
    added = new_record(document, policy, "measure", {"text": {"start": start, "end": start + 9}})
    assert isinstance(added, Measure)
    decide(out, "add", policy, added)
    assert added in only(out).measures and added.text.text == "우수 저류조 설치"


def test_a_missed_target_knows_its_measure_and_its_line(out: Path) -> None:
    policy, document = only(out), Results(out).source("brief.txt")
    inside = new_record(document, policy, "target", {"raw": span("120km")})
    assert isinstance(inside, Target) and inside.measure_id == policy.measures[0].id
    assert inside.text == policy.measures[0].text and (inside.value, inside.unit) == (120, "km")
    bare = policy.model_copy(update={"measures": ()})
    outside = new_record(document, bare, "target", {"raw": span("120km")})
    assert isinstance(outside, Target) and outside.measure_id is None
    assert outside.text.text == "(하수 정비) 현재 120km 가운데 낡은 하수관을 교체하고 우수 저류조 설치"


# -- what can be changed -----------------------------------------------------------------------------------


def span(words: str) -> dict[str, int]:
    return {"start": TEXT.index(words), "end": TEXT.index(words) + len(words)}


def test_a_number_selected_anew_is_read_anew(out: Path) -> None:
    policy, document = only(out), Results(out).source("brief.txt")
    after = edit(document, policy.targets[0], {"raw": span("120km"), "deadline": span("2025")})
    assert (after.raw.text, after.value, after.unit, after.deadline) == ("120km", 120, "km", "2025")
    assert edit(document, policy.targets[0], {"comparator": "reference"}).value is None


def test_a_date_selected_anew_is_read_anew(out: Path) -> None:
    policy, document = only(out), Results(out).source("brief.txt")
    after = edit(document, policy, {"announced_on": span("5.12")})
    assert after.announced_on is not None and after.announced_on.raw.text == "5.12"


@pytest.mark.parametrize(
    ("record", "changes", "words"),
    [
        ("measure", {"text": {"start": 0, "end": 10_000}}, "outside the document"),
        ("measure", {"text": {"start": -3, "end": 4}}, "outside the document"),
        ("measure", {"text": {"start": "0", "end": 4}}, "outside the document"),
        ("measure", {"text": None}, "cannot be without text"),
        ("measure", {"text": {"start": TEXT.index("\n\n-"), "end": TEXT.index("\n\n-") + 2}}, "white space"),
        ("measure", {"instrument": "magic"}, "not in its list"),
        ("measure", {"target_groups": ["smes", "firms", "society", "startups"]}, "at most 3"),
        ("measure", {"instrument_category": "other"}, "computed"),
        ("measure", {"id": "x"}, "computed"),
        ("target", {"value": 999}, "computed"),
        ("target", {"raw": {"start": TEXT.index("120km") + 1, "end": TEXT.index("120km") + 5}}, "cuts a number"),
        ("target", {"raw": {"start": TEXT.index("마을"), "end": TEXT.index("마을") + 2}}, "no number"),
        ("target", {"deadline": {"start": TEXT.index("마을"), "end": TEXT.index("마을") + 2}}, "no date"),
        ("policy", {"title": {"start": 0, "end": 3}, "document_type": "unnamed_action"}, "has no title"),
    ],
)
def test_what_is_not_in_the_document_or_a_list_cannot_be_set(
    out: Path, record: str, changes: dict[str, Any], words: str
) -> None:
    policy, document = only(out), Results(out).source("brief.txt")
    chosen = {"measure": policy.measures[0], "target": policy.targets[0], "policy": policy}[record]
    with pytest.raises(UsageError, match=words):
        edit(document, chosen, changes)


def test_a_title_that_is_cleared_makes_an_unnamed_act_and_back(out: Path) -> None:
    policy, document = only(out), Results(out).source("brief.txt")
    bare = edit(document, policy, {"title": None})
    assert (bare.title, bare.document_type) == (None, DocumentType.UNNAMED_ACTION)
    with pytest.raises(UsageError, match="select the title too"):
        edit(document, bare, {"document_type": "plan"})
    again = edit(document, bare, {"title": span("도시 하천 수질 개선 대책"), "document_type": "plan"})
    assert again.title is not None and again.document_type is DocumentType.PLAN


def test_a_comparator_printed_in_the_phrase_decides(out: Path) -> None:
    document = Results(out).source("brief.txt").model_copy(update={"text": TEXT + "일자리 300개 이상 창출\n"})
    start = document.text.index("300개 이상")
    after = edit(document, only(out).targets[0], {"raw": {"start": start, "end": start + 7}})
    assert (after.comparator, after.value, after.unit) == (Comparator.GE, 300, "개")


# -- where it stands ---------------------------------------------------------------------------------------


def test_a_span_is_cited_by_heading_and_line(out: Path) -> None:
    results = Results(out)
    cited = results.cite("brief.txt", only(out).measures[0].text)
    assert (cited.page, cited.line) == (None, 7)
    assert cited.heading is not None and cited.heading.text == "오염원 관리"
    assert str(cited) == "brief.txt, “오염원 관리”, line 7"


def test_a_text_that_was_changed_is_not_taken_for_the_source(out: Path) -> None:
    row = json.loads((out / "documents.jsonl").read_text(encoding="utf-8"))
    (out / row["text"]).write_text(TEXT.replace("120", "130"), encoding="utf-8")
    with pytest.raises(InputError, match="not the text that was extracted from"):
        Results(out).text("brief.txt")


def test_texts_of_documents_that_are_gone_are_removed(out: Path) -> None:
    (out.parent / "docs" / "brief.txt").write_text(TEXT + "끝\n", encoding="utf-8")
    run([out.parent / "docs"], out, Settings())
    (text,) = (out / "texts").iterdir()
    assert text.read_text(encoding="utf-8") == TEXT + "끝\n" == Results(out).text("brief.txt")


# -- over later runs ---------------------------------------------------------------------------------------


def found_instead(out: Path, *policies: Policy) -> None:
    """Another model's results in place of the run's."""
    (out / "policies.jsonl").write_text("".join(p.model_dump_json() + "\n" for p in policies), encoding="utf-8")


def test_the_same_bytes_under_another_name_keep_their_corrections(out: Path) -> None:
    policy = only(out)
    decide(out, "reject", policy, policy.measures[0])
    docs = out.parent / "docs"
    (docs / "brief.txt").rename(docs / "00 other.txt")
    run([docs], out, Settings())
    results = Results(out)
    assert (results.policies[0].document, len(results.policies[0].measures)) == (
        "00 other.txt",
        len(policy.measures) - 1,
    )
    assert not results.corrected.waiting and len(results.corrected.removed) == 1


def test_what_was_added_takes_nothing_that_was_extracted(out: Path) -> None:
    """An added target on the number of an extracted one, then edited: both are there."""
    policy, document = only(out), Results(out).source("brief.txt")
    raw = policy.targets[0].raw
    added = new_record(document, policy, "target", {"raw": {"start": raw.start, "end": raw.end}})
    decide(out, "add", policy, added)
    assert len(only(out).targets) == 2
    (first,) = read_corrections(out)
    decide(out, "edit", policy, edit(document, added, {"indicator": span("수질 등급")}), seen=first.at)
    assert {t.id for t in only(out).targets} == {policy.targets[0].id, added.id}


def test_two_corrections_take_two_records(out: Path) -> None:
    """Two accepted targets on one number, and a run that found one of them under another id: both stay."""
    policy = only(out)
    twin = policy.targets[0].model_copy(update={"id": "e" * 16})
    found_instead(out, policy.model_copy(update={"targets": (*policy.targets, twin)}))
    for target in (*policy.targets, twin):
        decide(out, "accept", only(out), target)
    found_instead(out, policy.model_copy(update={"targets": (twin.model_copy(update={"id": "d" * 16}),)}))
    assert {t.id for t in only(out).targets} == {policy.targets[0].id, twin.id}


def test_targets_follow_their_measure_to_its_known_id(out: Path) -> None:
    policy = only(out)
    measure = policy.measures[0]
    decide(out, "accept", policy, measure)
    other = measure.model_copy(update={"id": "f" * 16})
    target = policy.targets[0].model_copy(update={"measure_id": other.id})
    found_instead(out, policy.model_copy(update={"measures": (other, *policy.measures[1:]), "targets": (target,)}))
    assert [t.measure_id for t in only(out).targets] == [measure.id]


def test_what_was_rejected_is_known_whatever_a_later_run_calls_it(out: Path) -> None:
    policy = only(out)
    decide(out, "reject", policy, policy.measures[0])
    other = policy.measures[0].model_copy(update={"id": "f" * 16})
    found_instead(out, policy.model_copy(update={"measures": (other, *policy.measures[1:])}))
    removed = Results(out).corrected.removed
    assert list(removed) == [(policy.id, policy.measures[0].id)] and len(only(out).measures) == len(policy.measures) - 1


def test_one_measure_in_two_policies_is_decided_about_twice(out: Path) -> None:
    policy = only(out)
    twin = policy.model_copy(update={"id": "b" * 16})
    found_instead(out, policy, twin)
    decide(out, "reject", policy, policy.measures[0])
    decide(out, "accept", twin, twin.measures[0])
    lengths = {p.id: len(p.measures) for p in Results(out).policies}
    assert lengths == {policy.id: len(policy.measures) - 1, twin.id: len(policy.measures)}


def test_decomposed_hangul_gives_the_same_values(tmp_path: Path) -> None:
    """Selecting the very spans of a target again changes nothing."""
    (tmp_path / "nfd.txt").write_text(
        unicodedata.normalize("NFD", TEXT.replace("85%로", "85개 이상으로")), encoding="utf-8"
    )
    run([tmp_path / "nfd.txt"], tmp_path / "out", Settings())
    results = Results(tmp_path / "out")
    (policy,) = results.policies
    target = policy.targets[0]
    again = edit(results.source("nfd.txt"), target, {"raw": target.raw.model_dump(include={"start", "end"})})
    assert again == target.model_copy(update={"confidence": None}) and (again.value, again.comparator) == (
        85,
        Comparator.GE,
    )
    cited = results.cite("nfd.txt", policy.measures[0].text)
    assert cited.heading is not None and unicodedata.normalize("NFC", cited.heading.text) == "오염원 관리"
