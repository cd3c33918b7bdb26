"""Budgets are records like the others: set by marked words, computed, rejected, moved, kept by a later run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest
from one_brief import extracted
from test_review import serving

from pipeline.results import Results
from pipeline.run import run
from pipeline.settings import Settings
from schemas.records import Budget, Policy

TEXT = """■ 한빛시, 골목 숲 조성 계획 발표

- 한빛시 정부는 '골목 숲 조성 계획(2025~2028)'을 발표

1) 나무와 쉼터

- (가로수) 골목에 나무 300그루를 심고 쉼터 설치
- (시설) 쉼터 신설에 총 120억 원을 투입
- (운영) 2026년까지 운영비 3,000만 달러를 마련
"""


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return extracted(tmp_path, TEXT)


@pytest.fixture
def client(out: Path) -> Iterator[httpx.Client]:
    with serving(out) as client:
        yield client


def only(out: Path) -> Policy:
    (policy,) = Results(out).policies
    return policy


def wish(client: httpx.Client, **said: Any) -> httpx.Response:
    decisions = client.get("document", params={"name": "brief.txt"}).json()["document"]["decisions"]
    seen = decisions.get(f"{said['policy_id']}/{said['record_id']}", {}).get("at")
    return client.post("correct", json={"seen": None if said["action"] == "add" else seen, **said})


def words(said: str) -> dict[str, int]:
    start = TEXT.index(said)
    return {"start": start, "end": start + len(said)}


def facts(budget: Budget) -> tuple[Any, ...]:
    return budget.value, budget.currency, budget.period_start, budget.period_end


def test_a_period_keeps_the_words_that_tell_it(out: Path) -> None:
    policy = only(out)
    assert policy.period_basis is not None
    assert (policy.period_start, policy.period_end) == (2025, 2028)
    assert "2025~2028" in policy.period_basis.text


def test_a_budget_is_corrected_added_rejected_and_kept(out: Path, client: httpx.Client) -> None:
    policy = only(out)
    (found,) = policy.budgets
    assert facts(found) == (12_000_000_000, "KRW", None, None)
    own = {"policy_id": policy.id, "record_id": found.id}
    changed = wish(client, action="edit", **own, changes={"raw": words("3,000만 달러"), "years": words("2026년")})
    assert changed.status_code == 200, changed.text
    (after,) = only(out).budgets
    assert facts(after) == (30_000_000, "USD", 2026, 2026) and after.id == found.id
    for raw, why in (("쉼터 설치", "no number"), ("000만 달러", "cuts a number"), ("300그루", "no currency")):
        answer = wish(client, action="edit", **own, changes={"raw": words(raw)})
        assert answer.status_code == 400 and why in answer.json()["error"], answer.text
    assert wish(client, action="back", **own).status_code == 200
    added = wish(client, action="add", kind="budget", policy_id=policy.id, record_id=policy.id,
                 changes={"raw": words("3,000만 달러")})  # fmt: skip
    assert added.status_code == 200, added.text
    assert wish(client, action="reject", **own).status_code == 200
    (kept,) = only(out).budgets
    assert facts(kept)[:2] == (30_000_000, "USD") and kept.measure_id == policy.measures[-1].id
    shown = client.get("document", params={"name": "brief.txt"}).json()
    assert [b["rejected"] for b in shown["document"]["policies"][0]["budgets"]] == [True, False]
    assert shown["documents"][0]["decided"] == 2
    run([out.parent / "docs"], out, Settings())
    assert only(out).budgets == (kept,)


def test_budgets_go_with_their_measure(out: Path, client: httpx.Client) -> None:
    policy = only(out)
    home = next(m for m in policy.measures if m.text.text.startswith("(시설)"))
    assert policy.budgets[0].measure_id == home.id
    split = wish(client, action="split", policy_id=policy.id, record_id=policy.id, records=[home.id],
                 changes={"announcement": words("한빛시, 골목 숲 조성 계획 발표")})  # fmt: skip
    assert split.status_code == 200, split.text
    of = {p.id: p.budgets for p in Results(out).policies}
    assert of[policy.id] == () and [len(b) for b in of.values() if b] == [1]


def test_a_decision_about_a_budget_that_is_dismissed_leaves_no_record_behind(out: Path, client: httpx.Client) -> None:
    policy = only(out)
    own = {"policy_id": policy.id, "record_id": policy.budgets[0].id}
    assert wish(client, action="accept", **own).status_code == 200
    (out.parent / "docs" / "brief.txt").write_text(TEXT.replace("120억 원", "150억 원"), encoding="utf-8")
    run([out.parent / "docs"], out, Settings())
    (earlier,) = client.get("document", params={"name": "brief.txt"}).json()["document"]["earlier"]
    facts = {name: earlier[name] for name in ("policy_id", "record_id", "text")}
    dismissed = client.post("correct", json={"action": "dismiss", "document": "brief.txt", "seen": None, **facts})
    assert dismissed.status_code == 200, dismissed.text
    kept, gone = Results(out).corrections
    assert kept.budget == policy.budgets[0]
    assert (gone.action, gone.kind, gone.record_id, gone.budget) == ("undo", "budget", kept.record_id, None)
