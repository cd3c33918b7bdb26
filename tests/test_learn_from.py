"""`pams learn --from`: what people reviewed becomes rows, and rows become weights that the next run uses."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from one_brief import extracted
from vectors_of_lengths import Lengths

from eval.learning.fit import UNSURE
from eval.learning.from_results import taught_by
from eval.learning.learn import rows_from_gold
from eval.learning.rows import read_rows, rows_bytes
from pipeline.cli import main
from pipeline.correct import place_of
from pipeline.corrections import add_correction, make_correction
from pipeline.draft.seen.sheets import ANNOUNCEMENT, MEASURE
from pipeline.results import Results
from pipeline.review.new import new_record
from schemas.errors import UsageError
from schemas.records import Measure, Policy, Target

CONTRAST = Path(__file__).resolve().parents[1] / "eval" / "contrast"
TEXT = """■ 도시 하천 수질 개선 대책 발표(5.12)

- 한빛시 정부는 수질 오염을 줄이기 위해 '도시 하천 수질 개선 대책(2025~2028)'을 발표

1) 오염원 관리

- (하수 정비) 노후 하수관 120km를 교체하고 우수 저류조 설치
- (주민 참여) 마을 단위의 하천 살피기 모임 운영
- 2028년까지 수질 등급 하천 비율을 85%로 제고
- 하천 둔치의 쓰레기 수거 인력을 확대
"""


def run(*words: object) -> int:
    with pytest.raises(SystemExit) as ended:
        main([str(w) for w in words])
    return int(ended.value.code or 0)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return extracted(tmp_path, TEXT)


def decide(out: Path, action: Any, policy: Policy, *records: Policy | Measure | Target) -> None:
    row = Results(out).rows[policy.document]
    for record in records:
        place = place_of(record).model_dump(exclude={"text"})
        made = make_correction(
            action, policy, record, at=dt.datetime.now(dt.UTC), who="이검토", text_sha256=row.text_sha256, span=place
        )
        add_correction(out, made, seen=None)


def parts(policy: Policy) -> Sequence[Policy | Measure | Target]:
    return (policy, *policy.measures, *policy.targets)


def of(policy: Policy, words: str) -> Measure:
    """The measure that opens with some words."""
    return next(m for m in policy.measures if m.text.text.startswith(words))


def marked(out: Path, role: int, words: str) -> int:
    """The mark of the unit that opens with some words."""
    example = taught_by(out).rows[0].example
    units = [line.strip("■- ") for line in TEXT.split("\n") if line.strip()]
    return int(example.roles[next(i for i, u in enumerate(units) if u.startswith(words)), role])


def test_a_document_reviewed_to_the_end_teaches_with_all_of_its_text(out: Path) -> None:
    (policy,) = Results(out).policies
    wrong = of(policy, "(하수 정비)")
    right = [record for record in parts(policy) if record != wrong]
    decide(out, "accept", policy, *right)
    decide(out, "reject", policy, wrong)
    taught = taught_by(out)
    assert (taught.finished, taught.begun, dict(taught.decisions)) == (1, 0, {"accept": len(right), "reject": 1})
    example = taught.rows[0].example
    assert (
        example.reports == 1
        and not (example.roles == UNSURE).any()
        and (example.goals == 1).sum() == len(policy.targets)
    )
    assert marked(out, MEASURE, "(하수 정비)") == 0 and marked(out, MEASURE, "(주민 참여)") == 1
    assert marked(out, ANNOUNCEMENT, "한빛시 정부는") == 1


def test_of_a_document_that_was_only_begun_teaches_what_was_looked_at(out: Path) -> None:
    (policy,) = Results(out).policies
    decide(out, "accept", policy, of(policy, "(주민 참여)"))
    decide(out, "reject", policy, of(policy, "(하수 정비)"))
    assert (taught_by(out).finished, taught_by(out).begun) == (0, 1)
    example = taught_by(out).rows[0].example
    assert example.reports == 1  # who accepts a measure has accepted that there is a policy
    assert marked(out, MEASURE, "(하수 정비)") == 0 and marked(out, MEASURE, "(주민 참여)") == 1
    assert marked(out, MEASURE, "하천 둔치의") == UNSURE == marked(out, ANNOUNCEMENT, "한빛시 정부는")
    assert (example.goals == UNSURE).all() and len(example.instruments) == 1


def test_a_rejected_policy_teaches_that_the_article_reports_none(out: Path) -> None:
    (policy,) = Results(out).policies
    decide(out, "reject", policy, policy)
    example = taught_by(out).rows[0].example
    assert example.reports == 0 and (example.roles[:, MEASURE] == 0).all()


def test_what_was_missed_and_added_teaches(out: Path) -> None:
    (policy,) = Results(out).policies
    decide(out, "reject", policy, *(m for m in policy.measures if m.text.text.startswith("하천 둔치의")))
    results = Results(out)
    start = TEXT.index("하천 둔치의")
    added = new_record(
        results.source("brief.txt"), policy, "measure", {"text": {"start": start, "end": TEXT.index(" 수거")}}
    )
    decide(out, "add", policy, added)
    assert taught_by(out).decisions["add"] == 1
    assert marked(out, MEASURE, "하천 둔치의") == 1


@pytest.fixture(scope="module")
def few_rows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("rows") / "few.rows"
    path.write_bytes(rows_bytes(list(rows_from_gold(CONTRAST, CONTRAST, "contrast")), {}))
    return path


def test_reviewing_moves_the_weights_that_the_next_run_uses(
    out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (policy,) = Results(out).policies
    decide(out, "accept", policy, *parts(policy))
    mine = tmp_path / "my.weights"
    assert run("learn", "--from", out, "--out", mine, "--rows-out", tmp_path / "my.rows") == 0
    said = " ".join(capsys.readouterr().out.split())
    count = len(parts(policy))
    assert (
        f"used {count} decisions ({count} accepted, 0 corrected, 0 added, 0 rejected) in 1 documents reviewed" in said
    )
    assert "own: before, by the weights of pams" in said
    assert (
        "moved towards your documents: deadlines (0.01), indicators (0.01), titles (0.01), instruments (0.01)" in said
    )
    assert "as they were, since your documents do not clearly say otherwise: measures, goals" in said
    assert "of one document none can be held out" in said
    assert [r.document.source for r in read_rows(tmp_path / "my.rows")] == ["own"]
    assert run("learn", "--from", out, "--out", mine, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["decisions"] == {"accept": count} and told["learned_from"]["own"] == 1
    assert told["before"][0]["part"] == "own" and told["cross_validated"] == []
    assert run("extract", tmp_path / "docs", "--endpoint", "draft", "--weights", mine, "--out", tmp_path / "new") == 0


def test_with_rows_all_is_learned_anew(
    out: Path, few_rows: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (policy,) = Results(out).policies
    decide(out, "accept", policy, *parts(policy))
    mine = tmp_path / "my.weights"
    assert run("learn", "--from", out, "--rows", few_rows, "--out", mine, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["learned_from"] == {"contrast": 12, "own": 1} and "moved" not in told
    assert told["before"][0]["part"] == "own" and "own" in {line["part"] for line in told["cross_validated"]}


def test_what_cannot_be_learned_from_is_told_and_overwrites_nothing(
    out: Path, few_rows: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = tmp_path / "my.weights"

    def refused(reason: str) -> None:
        assert run("learn", "--from", out, "--rows", few_rows, "--out", mine) == 2
        assert reason in capsys.readouterr().err.replace("\n", " ")
        assert not mine.exists()

    refused("nothing is reviewed yet; type `pams review")
    (policy,) = Results(out).policies
    decide(out, "accept", policy, *parts(policy))
    shutil.rmtree(out / "texts")
    refused("nothing of what was reviewed can be used: ")
    noted = json.loads((out / "run.json").read_text())
    (out / "run.json").write_text(json.dumps(noted | {"schema_version": 99}))
    assert run("learn", "--from", out, "--rows", few_rows, "--out", mine) == 1
    assert "holds records of version 99" in capsys.readouterr().err
    assert run("learn", "--from", tmp_path / "none", "--out", mine) == 2
    assert "there is no such folder" in capsys.readouterr().err
    assert not mine.exists()


def test_nothing_to_learn_is_an_error_of_its_own(out: Path) -> None:
    with pytest.raises(UsageError, match="nothing is reviewed yet"):
        taught_by(out)


def test_what_was_reviewed_teaches_vectors_too(out: Path) -> None:
    (policy,) = Results(out).policies
    decide(out, "accept", policy, *parts(policy))
    (row,) = taught_by(out, Lengths()).rows
    assert len(row.example.meaning.units) == len(row.example.roles)
    assert len(row.example.meaning.measures) == len(row.example.instruments) > 0
    assert not taught_by(out).rows[0].example.meaning.known
