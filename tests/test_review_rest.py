"""The review's order and rest: how certain a record is as a whole, and what is left accepted in one go."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest
from certain_records import SAID, set_certain
from one_brief import extracted
from test_corrections import TEXT
from test_review import serving, shown

from pipeline.corrections import read_corrections
from pipeline.results import Results
from pipeline.review.certain import certainty


@pytest.fixture
def out(tmp_path: Path) -> Path:
    out = extracted(tmp_path, TEXT)
    set_certain(out)
    return out


@pytest.fixture
def client(out: Path) -> Iterator[httpx.Client]:
    with serving(out) as client:
        yield client


def accept(client: httpx.Client, least: object, document: str = "brief.txt") -> httpx.Response:
    return client.post("accept", json={"document": document, "least": least})


def test_a_measure_is_as_certain_as_it_and_its_instrument_together(client: httpx.Client) -> None:
    (policy,) = shown(client)["policies"]
    assert policy["certain"] == 0.97 and policy["targets"][0]["certain"] is None
    assert [m["certain"] for m in policy["measures"]] == [round(c * 0.9, 4) for c in SAID][: len(policy["measures"])]


def test_what_is_left_and_certain_enough_is_accepted_in_one_go(out: Path, client: httpx.Client) -> None:
    (policy,) = Results(out).policies
    wish = {"policy_id": policy.id, "record_id": policy.measures[0].id, "action": "reject", "seen": None}
    assert client.post("correct", json=wish).status_code == 200
    answer = accept(client, 0.85).json()
    sure = [r for r in (policy, *policy.measures[1:]) if (certainty(r) or 0) >= 0.85]
    assert answer["accepted"] == len(sure)
    decided = {c.record_id: (c.action, c.who) for c in read_corrections(out)}
    assert decided == {policy.measures[0].id: ("reject", "이검토")} | {r.id: ("accept", "이검토") for r in sure}
    assert set(answer["document"]["decisions"]) == {f"{policy.id}/{i}" for i in decided}
    assert accept(client, 0.85).json()["error"] == "nothing that is left is so certain"
    assert len(Results(out).policies[0].measures) == len(policy.measures) - 1


@pytest.mark.parametrize(
    ("least", "document"), [(1.5, "brief.txt"), ("a", "brief.txt"), (None, "brief.txt"), (0.5, "x")]
)
def test_a_wish_that_cannot_be_is_refused(out: Path, client: httpx.Client, least: Any, document: str) -> None:
    answer = accept(client, least, document)
    assert answer.status_code == 400 and answer.json()["error"]
    assert read_corrections(out) == ()


def test_accepting_the_rest_needs_the_page(client: httpx.Client) -> None:
    assert client.post("accept", data={"document": "brief.txt", "least": "0.5"}).status_code == 415
    assert client.get("accept").status_code == 405
