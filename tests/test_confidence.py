"""Confidence: what the weights say of each record's place, on a scale; least certain records left out; older folders."""

from __future__ import annotations

import json
import math
import shutil
import typing
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from eval.learning.calibrate import fit_scale
from pipeline.cli import main
from pipeline.confidence import OF_MODELS, certain_enough, scales_of
from pipeline.draft import opinion_of, opinion_on
from pipeline.draft.grammar.view import View
from pipeline.draft.judged import Judged
from pipeline.export import export, read_back
from pipeline.learn.scale import Scale
from pipeline.learn.weights import SHIPPED, from_bytes, read_weights, to_bytes
from pipeline.read import read
from pipeline.results import Results
from pipeline.review.edit import edit
from pipeline.run import run
from pipeline.settings import Settings
from pipeline.steps import extract, extract_document
from schemas import records
from schemas.errors import InputError
from schemas.records import ADDED, READABLE, SCHEMA_VERSION, Policy

BRIEF = Path(__file__).resolve().parents[1] / "eval" / "contrast" / "c07_cn_directive.txt"


def pams(*words: object) -> int:
    with pytest.raises(SystemExit) as ended:
        main([str(w) for w in words])
    return int(ended.value.code or 0)


@pytest.fixture
def brief(tmp_path: Path) -> Path:
    (tmp_path / "docs").mkdir()
    return Path(shutil.copy(BRIEF, tmp_path / "docs" / "plan.txt"))


@pytest.fixture
def out(brief: Path, tmp_path: Path) -> Path:
    run([brief.parent], tmp_path / "out", Settings(weights=SHIPPED))
    return tmp_path / "out"


def certain(policy: Policy) -> list[float | None]:
    parts = [c for m in policy.measures for c in (m.confidence, m.instrument_confidence)]
    return [policy.confidence, *parts, *(t.confidence for t in policy.targets)]


# -- what it is --------------------------------------------------------------------------------------------------


def test_every_record_of_a_learned_draft_has_its_confidence(brief: Path) -> None:
    (policy,) = extract(brief, weights=SHIPPED)
    assert len(policy.measures) > 5 and len(policy.targets) > 1
    known = certain(policy)
    assert all(c is not None and 0 < c < 1 and c == round(c, 2) for c in known)
    assert len(set(known)) > 2


def test_confidence_is_the_scale_of_the_weights(brief: Path, tmp_path: Path) -> None:
    shipped = read_weights(SHIPPED)
    for bias in (-2.0, 1.0):
        scales = {name: [0.0, 0.0, bias] for name in ("policy", "measure", "target", "instrument")}
        path = tmp_path / "flat.weights"
        path.write_bytes(to_bytes(shipped.judges, {"confidence": scales}))
        (policy,) = extract(brief, weights=path)
        assert set(certain(policy)) == {round(1 / (1 + math.exp(-bias)), 2)}


def test_nobody_knows_without_weights_that_can_tell(brief: Path, tmp_path: Path) -> None:
    path = tmp_path / "old.weights"
    path.write_bytes(to_bytes(read_weights(SHIPPED).judges, {}))
    assert scales_of(from_bytes(path.read_bytes(), "x")) == {}
    (policy,) = extract(brief, weights=path)
    assert set(certain(policy)) == {None}


def test_a_scale_is_monotone_and_never_sure() -> None:
    scale = Scale(0.5, 0.2, -0.1)
    found = [scale.probability(own, 1.0) for own in (-900, -2, 0, 2, 900)]
    assert found == sorted(found) and found[0] == 0.01 and found[-1] == 0.99
    assert all(min(s.own, s.article) >= 0 for s in OF_MODELS.values())
    assert all(min(s.own, s.article) >= 0 for s in scales_of(read_weights(SHIPPED)).values())


def test_a_fitted_scale_says_what_was_right() -> None:
    generator = np.random.default_rng(1)
    points = np.column_stack([generator.normal(0, 2, 4000), generator.normal(0, 2, 4000)])
    true = Scale(0.6, 0.3, 0.5)
    chance = 1 / (1 + np.exp(-(points @ [true.own, true.article] + true.bias)))
    right = generator.random(4000) < chance
    assert np.allclose(fit_scale(points, right), true, atol=0.15)
    turned = fit_scale(points * [-1, 1], right)  # what would make the likelier less certain counts nothing
    assert turned.own == 0 and turned.article > 0.2


@pytest.mark.parametrize(("right", "wrong", "share"), [(9, 0, 10 / 11), (0, 0, 0.5), (26, 1, 27 / 29)])
def test_from_few_records_only_their_share_is_learned(right: int, wrong: int, share: float) -> None:
    marks = np.array([True] * right + [False] * wrong, dtype=bool)
    scale = fit_scale(np.zeros((len(marks), 2)), marks)
    assert scale.probability(5.0, 5.0) == round(share, 2)


# -- left out ------------------------------------------------------------------------------------------------------


def test_what_is_less_certain_is_left_out_and_counted(
    brief: Path, out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (policy,) = Results(out).policies
    surest = max(m.confidence or 0 for m in policy.measures)
    least = round((surest + min(c or 0 for c in (m.confidence for m in policy.measures))) / 2, 2)
    new = tmp_path / "new"
    words = ("--endpoint", "draft", "--weights", "learned", "--min-confidence", least, "--out", new)
    assert pams("extract", brief, *words) == 0
    results = Results(new)
    row = results.rows["plan.txt"]
    assert f"{row.left_out} records left out" in " ".join(capsys.readouterr().out.split())
    kept = sum(1 + len(p.measures) + len(p.targets) for p in results.policies)
    assert row.left_out > 0 and kept + row.left_out == 1 + len(policy.measures) + len(policy.targets)
    assert all((m.confidence or 0) >= least for p in results.policies for m in p.measures)
    assert json.loads((new / "run.json").read_text())["settings"]["min_confidence"] == least


def test_a_target_outlives_its_measure(out: Path) -> None:
    (policy,) = Results(out).policies
    measure = policy.measures[0].model_copy(update={"confidence": 0.2})
    target = policy.targets[0].model_copy(update={"confidence": 0.8, "measure_id": measure.id})
    unknown = policy.measures[1].model_copy(update={"confidence": None})
    made = policy.model_copy(update={"measures": (measure, unknown), "targets": (target,)})
    ((after,), left_out) = certain_enough([made], 0.5)
    assert left_out == 1 and after.measures == (unknown,) and after.targets[0].measure_id is None
    assert certain_enough([made.model_copy(update={"confidence": 0.4})], 0.5) == ((), 4)


def test_a_least_confidence_that_cannot_be_is_told(
    brief: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = tmp_path / "old.weights"
    old.write_bytes(to_bytes(read_weights(SHIPPED).judges, {}))
    for weights, least, reason in (("learned", 1.5, "from 0 to 1"), (old, 0.5, "does not know how certain")):
        words = ("--endpoint", "draft", "--weights", weights, "--min-confidence", least, "--out", tmp_path / "out")
        assert pams("extract", brief, *words) == 2
        assert reason in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


# -- on the way ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("format", ["csv", "jsonl", "parquet", "sqlite"])
def test_exports_hold_it_and_give_it_back(out: Path, tmp_path: Path, format: str) -> None:
    results = Results(out)
    export(results, tmp_path / "tables", format)
    assert read_back(tmp_path / "tables", format)[0] == results.policies


def test_of_a_record_that_a_person_has_changed_the_machine_says_nothing(out: Path) -> None:
    results = Results(out)
    measure = results.policies[0].measures[0]
    after = edit(results.source("plan.txt"), measure, {"instrument": "other"})
    assert (after.confidence, after.instrument_confidence) == (None, None) and measure.confidence is not None


# -- versions ------------------------------------------------------------------------------------------------------


def as_version_1(folder: Path) -> None:
    """The folder as the version before wrote it: without what was added since."""
    added = {field.partition(".")[2] for field in ADDED[2]}

    def older(value: Any) -> Any:
        if isinstance(value, dict):
            return {k: older(v) for k, v in value.items() if k not in added}
        return [older(v) for v in value] if isinstance(value, list) else value

    for name in ("policies.jsonl", "documents.jsonl"):
        lines = (folder / name).read_text(encoding="utf-8").splitlines()
        text = "".join(json.dumps(older(json.loads(line)), ensure_ascii=False) + "\n" for line in lines)
        (folder / name).write_text(text, encoding="utf-8")
    noted = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    (folder / "run.json").write_text(json.dumps(noted | {"schema_version": 1, "files": {}}), encoding="utf-8")


def test_a_folder_of_the_version_before_is_read_and_told_in_one_line(
    brief: Path, out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new = Results(out).policies
    as_version_1(out)
    before = {path.name: path.read_bytes() for path in out.iterdir() if path.is_file()}
    old = Results(out)
    assert [certain(p) for p in old.policies] == [[None] * len(certain(p)) for p in new]
    (note,) = old.notes()
    assert note.startswith(
        "records of version 1, without confidence, instrument_confidence, furniture, left_out, portal, budgets, period_basis: "
    )
    assert pams("show", out) == 0 and pams("export", out, "--format", "csv", "--out", tmp_path / "tables") == 0
    assert capsys.readouterr().err.count("records of version 1") == 2
    assert {path.name: path.read_bytes() for path in out.iterdir() if path.is_file()} == before
    run([brief.parent], out, Settings(weights=SHIPPED))
    assert Results(out).policies == new and not list(Results(out).notes())


def test_what_a_version_adds_has_a_default() -> None:
    assert (1, *sorted(ADDED)) == READABLE and READABLE[-1] == SCHEMA_VERSION
    for field in (f for fields in ADDED.values() for f in fields):
        record, _, name = field.partition(".")
        assert not typing.cast(Any, getattr(records, record)).model_fields[name].is_required()


def test_a_version_that_is_not_known_is_refused(out: Path) -> None:
    noted = json.loads((out / "run.json").read_text())
    (out / "run.json").write_text(json.dumps(noted | {"schema_version": 3}))
    with pytest.raises(InputError, match="records of version 3, this pams reads versions 1 and 2"):
        Results(out)


def test_the_weights_of_pams_know_how_certain_a_record_is(brief: Path) -> None:
    out = brief.parent.parent / "certain"
    run([brief.parent], out, Settings(endpoint="draft", min_confidence=0.0))
    found = [value for policy in Results(out).policies for value in certain(policy)]
    assert found and all(value is not None for value in found)


def test_numbers_are_judged_only_where_a_target_asks(brief: Path) -> None:
    (article,) = (a for a in extract_document(read(brief), Settings()).articles if a.asked)
    text, weights = read(brief).text, read_weights(SHIPPED)
    of_draft, of_answer = opinion_of(Judged(View(text, article), weights)), opinion_on(text, article, weights)
    assert "numbers" not in vars(of_answer)
    assert of_answer.numbers == of_draft.numbers != []
