"""The four seeds: unchanged, and read into exactly the 14 policies of guideline 4, every span as printed."""

from __future__ import annotations

import hashlib
import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.run import run
from pipeline.settings import Settings

PINNED = {
    "000_2b77c52a4b4d5503.txt": "970d3fefc60286798e9220dfa24742ad2ada848922055294d71bede293cb90db",
    "002_1b9d18066b15c3c4.txt": "8cc5aa90f3a02be4c68466b44454a08b9ff1bb8b180bae4cb97f6ef25011f304",
    "003_27fe396abf41b991.txt": "4dc154e5cc96c5b2ab49f9adfea44b6cdda9aac93b3f6e8c2462553e020011d4",
    "004_263747581c6563b7.txt": "afa96d86664a635c4839fd6a1f525d21d2a68bb3373c43ca2e5e62fb129b20fb",
}

FOURTEEN = [
    # document, line of the announcement, title, document type: read off the seeds by eye
    ("000", 22, "베이징 전국 과학기술혁신센터 구축 관련 2020년 사업방안", "action_plan"),
    ("002", 70, "난사과학성 총체발전계획('22~'35)", "plan"),
    ("002", 181, "'산업 인터넷 중점 테스크포스팀' 2023년 업무계획", "action_plan"),
    ("002", 229, "베이징 고급·정밀·첨단산업 과기혁신시스템 구축 방안", "action_plan"),
    ("002", 292, "로봇산업 혁신 발전 행동계획(2023-2025)", "action_plan"),
    ("002", 386, None, "unnamed_action"),
    ("002", 525, None, "unnamed_action"),
    ("002", 581, "신재생에너지 저장산업 지원정책", "support_measures"),
    ("003", 21, None, "unnamed_action"),
    ("004", 77, "국가급 신구 질적 발전 추진방안", "action_plan"),
    ("004", 120, "수준 높은 대외개방으로 외자 유치 확대 방안", "action_plan"),
    ("004", 178, "베이징 부도심 국가녹색개발시범구 건설 실시계획", "action_plan"),
    ("004", 239, "특허 산업화로 중소기업 성장 촉진 계획", "plan"),
    ("004", 413, "과학기술 혁신 세금 우대 정책 지침", "opinion_guideline"),
]
# The storage-industry item names the document in its body; reading it there is right too, and better.
ALSO_RIGHT = {
    ("002", 585, "광저우개발구 (황푸구) 신재생에너지 저장산업 고품질 발전 촉진 조치", "support_measures"): FOURTEEN[7]
}
SUMMARY_PAGES = {"002": (5, 63), "004": (5, 51)}
"""First and last line of cover, contents and summary (요약)."""


def spans_in(value: object) -> Iterator[dict[str, Any]]:
    """Every span anywhere in a record."""
    if isinstance(value, dict):
        if {"start", "end", "text"} <= set(value):
            yield value
        for inner in value.values():
            yield from spans_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from spans_in(inner)


def test_the_guard_refuses_other_machines(outside: list[object]) -> None:
    for attempt in ("connect", "connect_ex"):
        with socket.socket() as plug, pytest.raises(AssertionError, match="leaves the machine"):
            getattr(plug, attempt)(("192.0.2.1", 443))
    assert len(outside) == 2
    outside.clear()
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()):
        pass


def test_the_seeds_are_the_files_that_were_given(seeds: Path) -> None:
    assert {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in seeds.glob("*")} == PINNED


def test_exactly_the_fourteen_policies(seed_run: Any) -> None:
    found = [
        (p["document"][:3], seed_run.line(p, p["announcement"]), p["title"] and p["title"]["text"], p["document_type"])
        for p in seed_run.policies
    ]
    assert [ALSO_RIGHT.get(f, f) for f in found] == FOURTEEN


def test_titles_come_from_the_body(seed_run: Any) -> None:
    for policy in seed_run.policies:
        first, last = SUMMARY_PAGES.get(policy["document"][:3], (0, 0))
        if policy["title"] is not None:
            assert not first <= seed_run.line(policy, policy["title"]) <= last, policy["title"]
            extent = policy["extent"]
            assert extent["start"] <= policy["title"]["start"] < policy["title"]["end"] <= extent["end"]


def test_summary_pages_are_evidence_and_contents_never(seed_run: Any) -> None:
    found = [
        (number, seed_run.line(p, e), seed_run.line(p, p["announcement"]))
        for number, (_, last) in SUMMARY_PAGES.items()
        for p in seed_run.of(number)
        for e in p["evidence"]
        if seed_run.line(p, e) <= last
    ]
    # Each line of 요약 with the announcement that it repeats; its lines on firms and provinces repeat none.
    in_002 = [("002", 57, 70), ("002", 58, 181), ("002", 59, 229), ("002", 60, 292), ("002", 61, 386)]
    assert found == [*in_002, ("004", 46, 77), ("004", 47, 120), ("004", 48, 178), ("004", 49, 239)]


def test_the_parts_of_guideline_4(seed_run: Any) -> None:
    """What guideline 4 says of single policies beside their names."""
    (office,) = seed_run.of("000")
    assert office["announced_on"]["value"] == "2020-02-20"
    assert [o["name"]["text"] for o in office["issuers"]] == ["베이징 과학기술혁신센터 구축 사무실"]
    ministries = seed_run.of("002")[1]
    assert len(ministries["issuers"]) == 20
    assert ministries["issuers"][0]["name"]["text"] == "공업정보화부"
    assert [o["role"] for o in ministries["issuers"]] == ["issuer"] + ["joint_issuer"] * 19
    assert any(m["text"]["text"].startswith("이번에 텐진 빈하이 고신구는") for m in seed_run.of("002")[4]["measures"])
    million = seed_run.of("002")[5]
    assert million["announced_on"] is None
    assert {t["value"] for t in million["targets"]} == {1_000_000, 100_000, 10_000}
    (beijing,) = seed_run.of("003")
    assert beijing["announced_on"] is None
    assert sum(m["action_status"] == "completed" for m in beijing["measures"]) >= 4


def test_levels_and_issuers_of_guideline_4(seed_run: Any) -> None:
    binhai, storage = seed_run.of("002")[4], seed_run.of("002")[6]
    robots = seed_run.of("002")[3]
    assert storage["government_level"] == "development_zone"
    assert binhai["government_level"] == "development_zone"
    assert (robots["government_level"], robots["jurisdiction"]) == ("provincial", "CN-BJ")
    assert [o["name"]["text"] for o in robots["issuers"]] in (["베이징시"], ["베이징"])


def test_every_span_in_every_file_is_the_source(seed_run: Any) -> None:
    count = 0
    for policy in seed_run.policies:
        text = seed_run.texts[policy["document"]]
        for span in spans_in(policy):
            assert text[span["start"] : span["end"]] == span["text"] != ""
            assert span["text"] == span["text"].strip()
            count += 1
        assert 0 <= policy["extent"]["start"] < policy["extent"]["end"] <= len(text)
    assert count > 600
    written = {p.name for p in seed_run.folder.iterdir()}
    assert written - {".pams.lock", "events.jsonl", "texts"} == {
        "policies.jsonl",
        "documents.jsonl",
        "refused.jsonl",
        "run.json",
    }
    for name in ("documents.jsonl", "refused.jsonl", "run.json"):  # The only file with spans is policies.jsonl.
        for line in (seed_run.folder / name).read_text("utf-8").splitlines() if name != "run.json" else []:
            assert not list(spans_in(json.loads(line)))
    assert not list(spans_in(json.loads((seed_run.folder / "run.json").read_text("utf-8"))))


def test_the_rules_hardly_ever_refuse_themselves(seed_run: Any) -> None:
    refused = (seed_run.folder / "refused.jsonl").read_text("utf-8").splitlines()
    assert len(refused) <= 2


def test_a_second_run_is_byte_identical(seeds: Path, seed_run: Any, tmp_path: Path) -> None:
    run([seeds], tmp_path / "again", Settings(endpoint="draft"))
    for name in ("policies.jsonl", "documents.jsonl", "refused.jsonl"):
        assert (tmp_path / "again" / name).read_bytes() == (seed_run.folder / name).read_bytes()
    before = (tmp_path / "again" / "policies.jsonl").read_bytes()
    run([seeds], tmp_path / "again", Settings(endpoint="draft"))
    assert (tmp_path / "again" / "policies.jsonl").read_bytes() == before


def test_one_number_of_policies_measures_and_targets(seed_run: Any) -> None:
    rows = [json.loads(line) for line in (seed_run.folder / "documents.jsonl").read_text("utf-8").splitlines()]
    assert [(r["document"][:3], r["status"], r["policies"]) for r in rows] == [
        ("000", "ok", 1),
        ("002", "ok", 7),
        ("003", "ok", 1),
        ("004", "ok", 5),
    ]
    for row in rows:
        mine = seed_run.of(row["document"])
        assert row["measures"] == sum(len(p["measures"]) for p in mine)
        assert row["targets"] == sum(len(p["targets"]) for p in mine)
        assert row["sha256"] == PINNED[row["document"]]
        assert row["encoding"] == "utf-8" and row["characters"] == len(seed_run.texts[row["document"]])
    ids = [p["id"] for p in seed_run.policies] + [m["id"] for p in seed_run.policies for m in p["measures"]]
    assert len(set(ids)) == len(ids)
