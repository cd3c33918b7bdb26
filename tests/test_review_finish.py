"""A document is finished: everything corrected by path, policies added, split and joined; kept by later runs, and taught."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest
from review_four import DIGEST, digest, span
from test_review import serving

from eval.learning.from_results import taught_by
from pipeline.results import Results
from pipeline.review.fields import COMPUTED, FIELDS, RECORDS
from schemas.records import Policy


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "k")


@pytest.fixture
def out(tmp_path: Path, key: None) -> Path:
    return digest(tmp_path)


@pytest.fixture
def client(out: Path) -> Iterator[httpx.Client]:
    with serving(out) as client:
        yield client


def ask(client: httpx.Client, **wish: Any) -> dict[str, Any]:
    """Sends a wish as the page does, having seen what holds."""
    decisions = client.get("document", params={"name": "digest.txt"}).json()["document"]["decisions"]
    record = wish.get("record_id", wish.get("policy_id", ""))
    seen = decisions.get(f"{wish.get('policy_id')}/{record}", {}).get("at") if wish["action"] != "add" else None
    answer = client.post("correct", json={"record_id": record, "seen": seen, **wish})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def refused(client: httpx.Client, **wish: Any) -> str:
    answer = client.post("correct", json={"record_id": wish.get("policy_id"), **wish})
    assert answer.status_code == 400
    return str(answer.json()["error"])


def change(client: httpx.Client, policy: str, path: str, value: Any, record: str | None = None) -> None:
    ask(client, action="edit", policy_id=policy, record_id=record or policy, changes={path: value})


def titled(out: Path, words: str) -> Policy:
    return next(p for p in Results(out).policies if p.title is not None and words in p.title.text)


def test_every_field_of_the_schema_is_set_by_a_person_or_computed() -> None:
    for kind, record in RECORDS.items():
        assert set(FIELDS[kind]) | COMPUTED >= set(record.model_fields), kind
        assert not set(FIELDS[kind]) & COMPUTED
    assert set(FIELDS["policy"]["issuers"].parts) == {"name", "canonical", "role"}


def test_issuers_are_set_from_marked_words_and_what_follows_is_computed(out: Path, client: httpx.Client) -> None:
    policy = titled(out, "하천")
    assert [o.name.text for o in policy.issuers] == ["하천"]
    change(client, policy.id, "issuers.+", span("환경부"))
    change(client, policy.id, "issuers.0", None)
    change(client, policy.id, "issuers.+", span("국토교통부"))
    policy = titled(out, "하천")
    assert [(str(o.role), o.canonical) for o in policy.issuers] == [
        ("issuer", "Ministry of Climate, Energy and Environment (Korea)"),
        ("joint_issuer", "Ministry of Land, Infrastructure and Transport (Korea)"),
    ]
    assert (policy.jurisdiction, policy.government_level) == ("KR", "national")
    change(client, policy.id, "issuers.1.role", "issuer")
    change(client, policy.id, "issuers.1.canonical", "Ministry of Ecology and Environment (China)")
    policy = titled(out, "하천")
    assert [(o.name.text, o.role, o.canonical and o.canonical[-7:]) for o in policy.issuers] == [
        ("국토교통부", "issuer", "(Korea)"),
        ("환경부", "joint_issuer", "(China)"),
    ]
    assert "no table" in refused(client, action="edit", policy_id=policy.id, changes={"issuers.0.canonical": "Ours"},
                                 seen=Results(out).corrected.decisions[policy.id, policy.id].at.isoformat())  # fmt: skip


def test_dates_periods_references_and_links_are_set_by_path(out: Path, client: httpx.Client) -> None:
    policy = titled(out, "급식")
    change(client, policy.id, "announced_on", span("2026.5.14"))
    change(client, policy.id, "period_basis", span("2026~2030"))
    change(client, policy.id, "references.+", span("'도시 숲 조성 계획'"))
    change(client, policy.id, "references.0.kind", "related_policy")
    change(client, policy.id, "evidence.+", span("교육부, 학교 급식 안전 방안 발표(2026.5.14)"))
    (target,) = policy.targets
    change(client, policy.id, "measure_id", policy.measures[0].id, record=target.id)
    change(client, policy.id, "implementers.+", span("교육부"), record=policy.measures[0].id)
    policy = titled(out, "급식")
    assert policy.announced_on is not None and policy.announced_on.value == "2026-05-14"
    assert (policy.period_start, policy.period_end) == (2026, 2030)
    assert [(r.title.text, str(r.kind)) for r in policy.references] == [("'도시 숲 조성 계획'", "related_policy")]
    assert len(policy.evidence) == 1 and policy.measures[0].implementers[0].name.text == "교육부"
    (target,) = policy.targets
    assert target.measure_id == policy.measures[0].id
    assert (target.deadline, str(target.deadline_basis)) == ("2030", "policy_period")  # due at the end of its plan


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("period_basis", span("노후 하수관"), "no years can be read"),
        ("announced_on", {"start": 22, "end": 24}, "cuts a number"),
        ("issuers.7", None, "there is no entry"),
        ("issuers.0.id", "x", "no part of it"),
        ("jurisdiction", "KR", "computed"),
        ("announcement", None, "cannot be without"),
        ("jurisdiction_basis", span("감시망"), "names no place"),
        ("technology_fields", ["energy", "magic"], "is not in its list"),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason(
    out: Path, client: httpx.Client, path: str, value: Any, words: str
) -> None:
    policy = titled(out, "하천")
    assert words in refused(client, action="edit", policy_id=policy.id, changes={path: value})
    assert not (out / "corrections.jsonl").exists()


def test_a_missed_policy_gets_its_fields_and_measures_and_undoing_goes_step_by_step(
    out: Path, client: httpx.Client
) -> None:
    made = ask(client, action="add", kind="policy", document="digest.txt", changes={"announcement": span("산업통상부는 '전력망 보강 계획'을 확정")})  # fmt: skip
    new = made["key"].split("/")[0]
    change(client, new, "title", span("전력망 보강 계획"))
    ask(client, action="add", kind="measure", policy_id=new, record_id=new, changes={"text": span("(송전선로) 송전선로 400km를 보강")})  # fmt: skip
    ask(client, action="add", kind="target", policy_id=new, record_id=new, changes={"raw": span("400km")})
    policy = titled(out, "전력망")
    assert (policy.id, str(policy.document_type)) == (new, "plan")
    assert [(t.value, t.unit, t.measure_id) for t in policy.targets] == [(400, "km", policy.measures[0].id)]
    ask(client, action="back", policy_id=new)  # the title
    (policy,) = [p for p in Results(out).policies if p.id == new]
    assert policy.title is None and len(policy.measures) == 1
    ask(client, action="back", policy_id=new)  # the policy
    assert new not in {p.id for p in Results(out).policies}


def test_a_policy_is_split_by_its_measures_and_undone(out: Path, client: httpx.Client) -> None:
    before = titled(out, "급식")
    moved = [m.id for m in before.measures[2:]]
    words = span("국토교통부는 '도시 숲 조성 계획'을 공개")
    new = ask(client, action="split", policy_id=before.id, records=moved, changes={"announcement": words})["key"]
    new = new.split("/")[0]
    policies = {p.id: p for p in Results(out).policies}
    assert [m.id for m in policies[new].measures] == moved
    assert [t.raw.text for t in policies[new].targets] == ["80km"] and not policies[before.id].targets
    change(client, new, "instrument", "finance", record=moved[1])  # an edited record stays where it was moved to
    assert [str(m.instrument) for m in titled_by(out, new).measures][1] == "finance"
    ask(client, action="undo", policy_id=new)
    assert [m.id for m in titled(out, "급식").measures] == [m.id for m in before.measures]


def titled_by(out: Path, policy: str) -> Policy:
    return next(p for p in Results(out).policies if p.id == policy)


def test_two_policies_become_one_and_two_again(out: Path, client: httpx.Client) -> None:
    body, part = titled(out, "하천"), titled(out, "급식")
    ask(client, action="accept", policy_id=part.id, record_id=part.measures[0].id)
    ask(client, action="merge", policy_id=part.id, into=body.id)
    joined = titled(out, "하천")
    assert [m.id for m in joined.measures] == [m.id for m in (*body.measures, *part.measures)]
    assert joined.evidence == (part.announcement,) and len(Results(out).policies) == 2
    change(client, body.id, "instrument", "finance", record=part.measures[1].id)
    assert "undo that first" in refused(client, action="accept", policy_id=part.id,
                                        seen=Results(out).corrected.decisions[part.id, part.id].at.isoformat())  # fmt: skip
    ask(client, action="back", policy_id=part.id)
    assert titled(out, "하천").measures == body.measures
    assert [str(m.instrument) for m in titled(out, "급식").measures][1] == "finance"  # goes with its measure


def test_a_policy_is_no_part_of_itself_nor_of_another_document(out: Path, client: httpx.Client) -> None:
    policy = titled(out, "하천")
    for into in (policy.id, "", "f" * 16):
        assert "name another policy" in refused(client, action="merge", policy_id=policy.id, into=into)


def test_a_circle_of_merged_policies_is_told_and_loses_nothing(out: Path, client: httpx.Client) -> None:
    """Two colleagues join two policies the other way round at once: what cannot be placed waits."""
    one, two = titled(out, "하천"), titled(out, "급식")
    ask(client, action="merge", policy_id=one.id, into=two.id)
    lines = (out / "corrections.jsonl").read_text(encoding="utf-8")
    other = lines.replace(f'"record_id": "{one.id}", "policy_id": "{one.id}"', f'"record_id": "{two.id}", "policy_id": "{two.id}"')  # fmt: skip
    other = other.replace(f'"into": "{two.id}"', f'"into": "{one.id}"')
    assert other != lines
    (out / "corrections.jsonl").write_text(lines + other, encoding="utf-8")
    results = Results(out)
    assert len(results.corrected.waiting) == 2
    assert {m.id for p in results.policies for m in p.measures} >= {m.id for p in (one, two) for m in p.measures}


def test_what_was_finished_is_kept_by_a_later_run_and_teaches(tmp_path: Path, out: Path, client: httpx.Client) -> None:
    (false,) = [p for p in Results(out).policies if p.title is None]
    ask(client, action="reject", policy_id=false.id)
    school = titled(out, "급식")
    forest = ask(client, action="split", policy_id=school.id, records=[m.id for m in school.measures[2:]],
                 changes={"announcement": span("국토교통부는 '도시 숲 조성 계획'을 공개"), "title": span("도시 숲 조성 계획")})  # fmt: skip
    grid = ask(client, action="add", kind="policy", document="digest.txt",
               changes={"announcement": span("산업통상부는 '전력망 보강 계획'을 확정"), "title": span("전력망 보강 계획")})  # fmt: skip
    new = grid["key"].split("/")[0]
    for words in ("(송전선로) 송전선로 400km를 보강", "(인력) 전력망 전문 인력 양성 과정을 개설"):
        ask(client, action="add", kind="measure", policy_id=new, record_id=new, changes={"text": span(words)})
    finished = Results(out).policies
    assert [(p.title.text if p.title else "", len(p.measures)) for p in finished] == [
        ("하천 수질 개선 대책(2026~2030)", 2), ("학교 급식 안전 방안", 2), ("도시 숲 조성 계획", 2), ("전력망 보강 계획", 2),
    ]  # fmt: skip
    assert forest["key"].split("/")[0] == finished[2].id
    digest(tmp_path)
    assert Results(out).policies == finished
    for policy in finished:
        for record in (policy, *policy.measures, *policy.targets):
            if (policy.id, record.id) not in Results(out).corrected.decisions:
                ask(client, action="accept", policy_id=policy.id, record_id=record.id)
    taught = taught_by(out)
    assert (taught.finished, taught.begun, taught.left_out) == (1, 0, [])
    assert sum(action == "add" for action in taught.decisions.elements()) == 4


def test_names_of_the_table_and_words_that_a_field_may_mean_are_found(out: Path, client: httpx.Client) -> None:
    names = client.get("names", params={"q": "환경부"}).json()["names"]
    assert "Ministry of Climate, Energy and Environment (Korea)" in {n["name"] for n in names}
    at = DIGEST.index("산업통상부는")
    for field, words in (("issuers", "산업통상부"), ("announced_on", "2026.5.22"), ("raw", "400km")):
        spans = client.get("candidates", params={"name": "digest.txt", "field": field, "start": at}).json()["spans"]
        assert words in [s["text"] for s in spans], field
        assert all(DIGEST[s["start"] : s["end"]] == s["text"] for s in spans)
    assert client.get("candidates", params={"name": "digest.txt", "field": "title", "start": 9}).json() == {"spans": []}


def test_records_of_a_rejected_policy_are_settled_with_it(out: Path, client: httpx.Client) -> None:
    (false,) = [p for p in Results(out).policies if p.title is None]
    listed = lambda: client.get("document", params={"name": "digest.txt"}).json()["documents"][0]
    count = lambda: {name: listed()[name] for name in ("records", "decided")}
    before = count()
    ask(client, action="reject", policy_id=false.id)
    assert count() == {"records": before["records"] - len(false.measures), "decided": before["decided"] + 1}
    reason = refused(client, action="accept", policy_id=false.id, record_id=false.measures[0].id)
    assert "undo that first" in reason
