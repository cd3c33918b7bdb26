"""The learner: n-grams, sheets, rows, weights, and `pams learn`."""

from __future__ import annotations

import io
import json
import shutil
import time
from pathlib import Path

import numpy as np
import pytest

from eval.learning.fit import UNSURE, fit, matrix
from eval.learning.learn import rows_from_gold, shipped_rows
from eval.learning.rows import Row, read_rows, rows_bytes
from eval.learning.told import cross_validated
from eval.learning.train import Crossed, fit_all, folds_of, share_of
from pipeline.cli import main
from pipeline.draft import fits
from pipeline.draft.seen import sheets as looks
from pipeline.draft.seen.sheets import MEASURE
from pipeline.learn.grams import BUCKETS, HEAD, ORDERS, Grams, Look, grams_of
from pipeline.learn.linear import Field, probability
from pipeline.learn.sheet import Sheet, joined, slice_of
from pipeline.learn.weights import FORMAT, SHIPPED, from_bytes, read_weights, to_bytes
from schemas.errors import UsageError

ROOT = Path(__file__).resolve().parents[1]
CONTRAST = ROOT / "eval" / "contrast"
SOURCES = {"real", "written", "seeds", "contrast", "layouts"}


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return list(rows_from_gold(CONTRAST, CONTRAST, "contrast"))


def run(*words: object) -> int:
    with pytest.raises(SystemExit) as ended:
        main([str(w) for w in words])
    return int(ended.value.code or 0)


# -- n-grams -------------------------------------------------------------------------------------------------


def grams(*texts: str) -> Grams:
    return grams_of({"head": Look(texts)})["head"]


def slow_grams(text: str, tail: bool) -> list[int]:
    """The same by a loop over signs."""
    shown = "".join("0" if c in "0123456789" else c.lower() if c.isascii() else c for c in text).replace("\n", " ")
    marked = f"\x02{shown}\x03"
    window = marked[-19:] if tail else marked[: HEAD + 1]
    found = []
    for order in ORDERS:
        for i in range(len(window) - order + 1):
            value = order
            for c in window[i : i + order]:
                value = (value * 0x9E3779B1 + ord(c)) & 0xFFFFFFFF
            value ^= value >> 15
            value = value * 0x85EBCA6B & 0xFFFFFFFF
            value ^= value >> 13
            found.append(value % BUCKETS)
    return found


@pytest.mark.parametrize("tail", [False, True])
def test_grams_at_once_are_those_of_a_loop(tail: bool) -> None:
    texts = ["", "가", "2027년까지 수소 충전소 30기를 설치하고\n교통망과 연계", "建设100个 Test𠀀 평가" * 9]
    grams = grams_of({"other": Look(["앞선 말"], tail=True), "own": Look(texts, tail), "same": Look(texts, signs=3)})[
        "own"
    ]
    for i, text in enumerate(texts):
        assert grams.ids[grams.starts[i] : grams.starts[i + 1]].tolist() == slow_grams(text, tail)


def test_grams_forget_which_digits_stood_there() -> None:
    a, b, c = (grams(t).ids.tolist() for t in ("2027년 30기", "2031년 45기", "2031년 45명"))
    assert a == b != c


# -- sheets and judging ------------------------------------------------------------------------------------------


def test_judging_is_the_matrix_times_the_weights(rows: list[Row]) -> None:
    sheet = joined([r.example.sheets.units for r in rows])
    labels = np.concatenate([r.example.roles for r in rows])
    judge = fit(sheet, looks.UNIT_FIELDS, looks.UNIT_SIZES, looks.ROLES, labels)
    weights = np.concatenate([judge.weights[f] for f in looks.UNIT_FIELDS])
    written_out = matrix(sheet, looks.UNIT_FIELDS, looks.UNIT_SIZES) @ weights + judge.bias
    assert np.abs(written_out - judge.log_odds(sheet)).max() < 1e-4
    assert ((probability(judge.log_odds(sheet))[:, MEASURE] > 0.5) == (labels[:, MEASURE] == 1)).mean() > 0.97


def test_a_joined_sheet_judges_each_part_as_if_alone(rows: list[Row]) -> None:
    parts = [r.example.sheets.units for r in rows]
    sheet = joined(parts)
    judge = fit(
        sheet, looks.UNIT_FIELDS, looks.UNIT_SIZES, looks.ROLES, np.concatenate([r.example.roles for r in rows])
    )
    alone = np.concatenate([judge.log_odds(p) for p in parts])
    assert np.allclose(alone, judge.log_odds(sheet), atol=1e-5)
    third = slice_of(sheet, sum(map(len, parts[:2])), sum(map(len, parts[:3])))
    assert np.allclose(judge.log_odds(third), judge.log_odds(parts[2]), atol=1e-5)


def test_no_row_is_judged_without_trouble() -> None:
    empty = Sheet(np.zeros((0, 1), np.uint8), {"head": grams()}, {})
    judge = fit(
        Sheet(np.array([[0], [1]], np.uint8), {"head": grams("가", "나")}, {}),
        (Field("traits"), Field("head")),
        (2,),
        ("yes",),
        np.array([[0], [1]], np.int8),
    )
    assert judge.log_odds(empty).shape == (0, 1)


def test_what_counts_neither_way_teaches_nothing() -> None:
    sheet = Sheet(np.array([[0], [1], [1]], np.uint8), {}, {})
    marks = np.array([[0], [1], [UNSURE]], np.int8)
    two = Sheet(sheet.traits[:2], {}, {})
    one, other = (fit(s, (Field("traits"),), (2,), ("yes",), m) for s, m in ((sheet, marks), (two, marks[:2])))
    assert one.bias == other.bias


# -- marks ---------------------------------------------------------------------------------------------------------


def test_gold_becomes_marks(rows: list[Row]) -> None:
    labelled = [r.example for r in rows]
    assert sum(e.reports == 1 for e in labelled) == 13
    assert sum(e.reports == 0 for e in labelled) == 1
    assert sum(int((e.roles[:, MEASURE] == 1).sum()) for e in labelled) + sum(e.lost for e in labelled) >= 70
    assert sum(e.lost for e in labelled) <= 4
    assert all((e.instruments.sum(axis=1) == 1).all() for e in labelled)
    assert sum(int((e.goals == 1).sum()) for e in labelled) >= 38


# -- rows ----------------------------------------------------------------------------------------------------------


def test_rows_come_back_as_they_were(rows: list[Row], tmp_path: Path) -> None:
    data = rows_bytes(rows, {"licence": "ours"})
    path = tmp_path / "own.rows"
    path.write_bytes(data)
    back = read_rows(path)
    assert rows_bytes(back, {"licence": "ours"}) == data
    assert [r.document for r in back] == [r.document for r in rows]
    judge = fit_all(rows).linear["units"]
    for a, b in zip(rows, back, strict=True):
        assert np.allclose(judge.log_odds(a.example.sheets.units), judge.log_odds(b.example.sheets.units), atol=1e-5)


def test_rows_hold_no_order_of_signs(rows: list[Row], tmp_path: Path) -> None:
    path = tmp_path / "own.rows"
    path.write_bytes(rows_bytes(rows, {}))
    for row in read_rows(path):
        grams = row.example.sheets.units.grams["head"]
        assert all((np.diff(ids.astype(int)) >= 0).all() for ids in np.split(grams.ids, grams.starts[1:-1]))


def test_a_share_of_groups_is_whole_groups_and_holds_the_smaller_shares(rows: list[Row]) -> None:
    half, all_ = ({r.document.group for r in share_of(rows, share)} for share in (0.5, 1.0))
    assert half < all_ == {r.document.group for r in rows} and len(half) == round(len(all_) / 2)
    assert [r for r in rows if r.document.group in half] == share_of(rows, 0.5)


# -- weights ---------------------------------------------------------------------------------------------------------


def test_the_same_rows_give_the_same_weights_to_the_byte(rows: list[Row]) -> None:
    one, two = (to_bytes(fit_all(rows), {"command": "x"}) for _ in range(2))
    assert one == two


def test_weights_in_bytes_judge_as_those_learned(rows: list[Row]) -> None:
    judges = fit_all(rows)
    kept = from_bytes(to_bytes(judges, {}), "x").judges.linear["units"]
    sheet = joined([r.example.sheets.units for r in rows])
    assert np.abs(kept.log_odds(sheet) - judges.linear["units"].log_odds(sheet)).max() < 0.3


def test_shipped_weights_and_rows_are_of_this_version() -> None:
    assert fits(read_weights(SHIPPED))
    assert {r.document.source for path in shipped_rows() for r in read_rows(path)} == SOURCES


def test_shipped_weights_are_small_quick_and_say_what_they_rest_on() -> None:
    assert SHIPPED.stat().st_size < 6_000_000
    from_bytes(SHIPPED.read_bytes(), "warm")
    started = time.process_time()
    head = from_bytes(SHIPPED.read_bytes(), "again").head
    assert time.process_time() - started < 0.2
    assert set(head["learned_from"]) == SOURCES
    assert head["cross_validated"]


def damaged(data: bytes) -> list[bytes]:
    out = io.BytesIO()
    np.savez(out, head=np.array([{"format": FORMAT}], dtype=object))  # a pickle
    return [b"", b"no zip", data[: len(data) // 2], out.getvalue(), data[:2000] + b"\xff" * 40 + data[2040:]]


def test_damaged_weights_are_told(rows: list[Row]) -> None:
    for broken in damaged(to_bytes(fit_all(rows), {})):
        with pytest.raises(UsageError, match=r"x is no file of weights, or damaged"):
            from_bytes(broken, "x")


def test_weights_that_are_not_there_are_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"cannot read the weights .*none: No such file.*pams learn --out FILE"):
        read_weights(tmp_path / "none")


# -- pams learn --------------------------------------------------------------------------------------------------------


def test_learning_ends_with_a_reason_and_overwrites_nothing(
    rows: list[Row], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "mine.weights"
    kept = SHIPPED.read_bytes()
    out.write_bytes(kept)
    data = rows_bytes(rows, {})
    cases = {
        "no file of rows, or damaged": data[: len(data) // 2],
        "made by another version": _other_schema(rows),
        "hold no policy": rows_bytes([r for r in rows if r.example.reports == 0], {}),
        "no article without a policy": rows_bytes([r for r in rows if r.example.reports == 1], {}),
        "groups; at least 5": rows_bytes([r for r in rows if r.example.reports == 0] + rows[:2], {}),
    }
    for reason, content in cases.items():
        path = tmp_path / "own.rows"
        path.write_bytes(content)
        assert run("learn", "--rows", path, "--out", out) == 2
        assert reason in capsys.readouterr().err.replace("\n", " ")
        assert out.read_bytes() == kept


def _other_schema(rows: list[Row]) -> bytes:
    with np.load(io.BytesIO(rows_bytes(rows, {}))) as kept:
        arrays = dict(kept)
    head = json.loads(bytes(arrays["head"])) | {"schema": "0" * 16}
    arrays["head"] = np.frombuffer(json.dumps(head).encode(), np.uint8)
    out = io.BytesIO()
    np.savez_compressed(out, **arrays)
    return out.getvalue()


def test_own_gold_becomes_weights_that_the_draft_uses(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "mine.weights"
    made = tmp_path / "own.rows"
    some = tmp_path / "some"
    some.mkdir()
    for file in CONTRAST.glob("c0*.*"):
        shutil.copy(file, some)
    assert run("learn", "--gold", some, "--docs", some, "--rows-out", made) == 0
    assert "11 articles" in capsys.readouterr().out
    assert run("learn", "--rows", made, "--out", out, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["learned_from"] == {"own": 9}
    assert told["cross_validated"][0]["reporting"] == 10
    docs = tmp_path / "docs"
    docs.mkdir()
    shutil.copy(CONTRAST / "c07_cn_directive.txt", docs)
    assert run("extract", docs, "--endpoint", "draft", "--weights", out, "--out", tmp_path / "out", "--json") == 0
    capsys.readouterr()
    (line,) = (tmp_path / "out" / "policies.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(json.loads(line)["measures"]) > 5
    assert run("extract", docs, "--endpoint", "draft", "--weights", made, "--out", tmp_path / "out") == 2
    assert "no file of weights" in capsys.readouterr().err
    older = from_bytes(out.read_bytes(), "x").judges
    out.write_bytes(to_bytes(older._replace(linear={**older.linear, "units": older.linear["article"]}), {}))
    assert run("extract", docs, "--endpoint", "draft", "--weights", out, "--out", tmp_path / "out") == 2
    assert "learned by another version" in capsys.readouterr().err


def test_wrong_words_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("learn") == 2
    assert "--out FILE" in capsys.readouterr().err
    assert run("learn", "--gold", CONTRAST, "--out", tmp_path / "x") == 2
    assert "--gold and --docs" in capsys.readouterr().err
    assert run("learn", "--without", "nobody", "--out", tmp_path / "x") == 2
    assert "--without nobody: the rows are of" in capsys.readouterr().err


# -- the judge ---------------------------------------------------------------------------------------------------------


def test_a_group_stands_in_one_fold(rows: list[Row]) -> None:
    folds = folds_of(rows * 2)
    assert folds[: len(rows)] == folds[len(rows) :]
    assert len(set(folds)) == 5


def test_the_table_counts_articles_units_and_numbers(rows: list[Row]) -> None:
    sure = [np.where(r.example.roles == 1, 5.0, -5.0).astype(np.float32) for r in rows]
    says = [np.array([[5.0 if r.example.reports == 1 else -5.0]], np.float32) for r in rows]
    goals = [np.full(r.example.goals.shape, -5, np.float32) for r in rows]
    marks = [r.example.instruments.astype(np.float32) for r in rows]
    due, named, titled, carried = (
        [getattr(r.example, name).astype(np.float32) for r in rows] for name in ("due", "named", "titled", "carries")
    )
    issued, meant_for = (
        [np.where(getattr(r.example, name).marks == 1, 5.0, -5.0).astype(np.float32) for r in rows]
        for name in ("issuers", "objectives")
    )
    crossed = Crossed(sure, says, goals, marks, due, named, titled, carried, issued, meant_for)
    line = cross_validated(rows, crossed)[0]
    assert (line.part, line.found, line.reporting, line.empty, line.silent) == ("contrast", 13, 13, 1, 1)
    assert (line.measures, line.goals, line.deadlines, line.instrument) == (1.0, 0.0, 1.0, 1.0)
    assert line.titles == 1.0 and line.implementers == 1.0 and line.issuers == 1.0 and line.objectives == 1.0


def test_each_policy_has_phrases_few_of_which_name_it(rows: list[Row]) -> None:
    examples = [r.example for r in rows]
    assert any((e.titled == 1).any() for e in examples)
    for e in examples:
        assert len(e.titles) == len(e.titled) == len(e.leads)
        for lead in np.unique(e.leads):
            marks = e.titled[e.leads == lead, 0]
            assert (marks == 0).sum() <= 150
    assert all(len(r.example.titles) == 0 for r in rows if r.document.language == "zh")


def test_records_say_by_which_weights_they_were_drafted(tmp_path: Path) -> None:
    brief = tmp_path / "plan.txt"
    brief.write_text(
        "云州市人民政府关于印发公共交通发展规划的通知\n\n一、建设公交专用道120公里。\n二、对新能源公交车给予补贴。\n"
    )
    out, name = tmp_path / "out", read_weights(SHIPPED).name
    assert run("extract", brief, "--endpoint", "draft", "--weights", "learned", "--out", out) == 0
    assert json.loads((out / "run.json").read_text())["settings"]["weights"] == name
    policies = [json.loads(line) for line in (out / "policies.jsonl").read_text().splitlines()]
    assert {p["provenance"]["model"] for p in policies} == {f"draft {name}"}


def test_weights_take_the_place_of_weights_only(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text("mine")
    assert run("learn", "--out", notes) == run("learn", "--out", tmp_path) == 2
    assert notes.read_text() == "mine" and "holds no weights of this version" in capsys.readouterr().err
    assert run("learn", "--out", tmp_path / "nowhere" / "a.weights") == 2
    assert "there is no such folder" in capsys.readouterr().err
