"""`pams eval`, `pams gold check`, `pams gold agree` from files to files, and the report's and summary's escaping."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import typer
from eval_samples import gold_yaml, sample, write_run
from typer.testing import CliRunner

from eval import commands
from eval.labelled.labels import DocumentLabels
from eval.runs.run_files import read_run
from schemas.errors import GateFailed, UsageError
from schemas.vocabulary import Instrument

app = typer.Typer()
app.command("eval")(commands.evaluate)
app.add_typer(commands.gold_app, name="gold")


@dataclass(frozen=True)
class Place:
    """A folder with two documents, their gold, a perfect run and a run with one wrong instrument."""

    root: Path
    gold: tuple[DocumentLabels, ...]

    def args(self, *more: str, run: str = "perfect") -> list[str]:
        here = ["--docs", str(self.root / "docs"), "--gold", str(self.root / "gold")]
        return ["eval", *here, "--run", str(self.root / run), "--baseline", str(self.root / "baseline.json"), *more]


@pytest.fixture
def place(tmp_path: Path) -> Place:
    gold = (sample(2, 4, "doc.txt"), sample(1, 3, "x|doc.txt", tag="x"))
    (tmp_path / "gold").mkdir()
    for one in gold:
        (tmp_path / "gold" / f"{one.document[:1]}.yaml").write_text(gold_yaml(one), encoding="utf-8")
    write_run(tmp_path / "perfect", tmp_path / "docs", gold)
    first = gold[0].policies[0]
    wrong = first.measures[0].model_copy(update={"instrument": Instrument.OTHER})
    worse = first.model_copy(update={"measures": (wrong, *first.measures[1:3])})
    other = gold[0].model_copy(update={"policies": (worse, gold[0].policies[1])})
    write_run(tmp_path / "worse", tmp_path / "docs", (other, gold[1]))
    return Place(tmp_path, gold)


def invoke(args: list[str]) -> tuple[str, BaseException | None]:
    result = CliRunner().invoke(app, args)
    return result.output, result.exception


def as_json(args: list[str]) -> Any:
    output, exception = invoke([*args, "--json"])
    assert exception is None, output
    return json.loads(output)


def test_a_perfect_run_scores_one_everywhere(place: Place) -> None:
    (run,) = as_json(place.args())["runs"]
    assert {n: s["f1"] for n, s in run["scores"]["all"].items() if s["f1"] != 1} == {}
    assert run["cost"] == {
        "calls": 3, "input_tokens": 1200, "cached_tokens": 200, "output_tokens": 90, "money": 0.0125, "seconds": 2.5,
    }  # fmt: skip
    assert run["missed_by_stage"] == run["false_by_reason"] == {}


def test_the_table_shows_scores_and_cost(place: Place) -> None:
    output, exception = invoke(place.args())
    assert exception is None
    for word in ("measure.with_instrument", "1.000", "input tokens 1,200", "0.0125", "bootstrap over articles"):
        assert word in " ".join(output.split())


def test_a_run_against_another_names_what_was_lost(place: Place) -> None:
    found = as_json(place.args("--against", str(place.root / "perfect"), run="worse"))
    by_score = {c["score"]: c for c in found["against"]}
    assert by_score["measure"]["lost"] == ["doc.txt: p1/m4"]
    assert by_score["measure.instrument"]["lost"] == ["doc.txt: p1/m1", "doc.txt: p1/m4"]
    assert "cannot be told apart" in by_score["measure"]["words"]


def test_the_gate_through_the_command(place: Place) -> None:
    assert invoke(place.args("--gate"))[1].__class__ is GateFailed  # nothing accepted yet
    assert invoke(place.args("--accept"))[1] is None
    assert invoke(place.args("--gate"))[1] is None
    output, exception = invoke(place.args(run="worse"))
    assert isinstance(exception, GateFailed)
    assert "lost doc.txt: p1/m4" in str(exception)
    assert "red" in output


def test_report_and_summary_are_written_and_escaped(place: Place) -> None:
    report, summary = place.root / "out" / "report.html", place.root / "out" / "summary.md"
    against = ("--against", str(place.root / "perfect"))
    files = ("--report", str(report), "--markdown", str(summary))
    assert invoke(place.args(*against, *files, run="worse"))[1] is None
    html, text = report.read_text(encoding="utf-8"), summary.read_text(encoding="utf-8")
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(&#39;hostile&#39;)&lt;/script&gt;" in html
    assert html.count("<script>") == 1
    assert "default-src &#39;none&#39;" in html
    assert "http" not in html.replace("http-equiv", "")  # nothing is fetched
    assert "- lost doc.txt: p1/m4" in text
    assert "| set · model |" in text


def test_several_runs_make_one_table(place: Place) -> None:
    found = as_json(place.args("--run", str(place.root / "worse")))
    assert len(found["runs"]) == 2
    output, _ = invoke(place.args("--run", str(place.root / "worse")))
    assert "F1 (accuracy) of every run" in output


def test_a_grid_extracts_every_endpoint_with_every_prompt_set(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def extract(docs: Path, *, endpoint: str | None, prompts: str | None, out: Path) -> None:
        asked.append((endpoint, prompts))
        write_run(out, place.root / "docs", place.gold, prompts or "none")

    monkeypatch.setattr(commands, "run_extraction", extract)
    here = ["--docs", str(place.root / "docs"), "--gold", str(place.root / "gold"), "--baseline", str(place.root / "b")]
    found = as_json(["eval", *here, "--prompts", "article", "stepwise", "--endpoint", "embedded"])
    assert asked == [("embedded", "article"), ("embedded", "stepwise")]
    assert [r["prompt_set"] for r in found["runs"]] == ["article", "stepwise"]


def test_a_document_that_was_not_extracted_counts_as_missed(place: Place) -> None:
    write_run(place.root / "half", place.root / "docs", place.gold[:1])
    (run,) = as_json(place.args(run="half"))["runs"]
    assert run["absent"] == ["x|doc.txt"]
    assert run["scores"]["all"]["measure"]["recall"] == 8 / 11
    assert run["missed_by_stage"]["measure"] == {"untraced": 3}


def test_errors_say_what_to_do(place: Place) -> None:
    cases = [
        (place.args(run="gone"), "no run directory"),
        (place.args("--prompts", "article"), "--run scores what is there"),
        (["eval", "--gold", str(place.root / "docs"), "--docs", str(place.root / "docs")], "no gold files"),
    ]
    for args, said in cases:
        exception = invoke(args)[1]
        assert isinstance(exception, UsageError)
        assert said in str(exception)
    (place.root / "perfect" / "policies.jsonl").write_text("{}\n", encoding="utf-8")
    assert "policies.jsonl, line 1" in str(invoke(place.args())[1])


def test_a_document_that_changed_since_the_run_is_refused(place: Place) -> None:
    (place.root / "docs" / "doc.txt").write_text("other", encoding="utf-8")
    with pytest.raises(UsageError, match="not the file that was read"):
        read_run(place.root / "perfect", place.root / "docs")


def test_gold_check(place: Place) -> None:
    files = [str(f) for f in sorted((place.root / "gold").glob("*.yaml"))]
    output, exception = invoke(["gold", "check", *files, "--docs", str(place.root / "docs")])
    assert exception is None and output.count(": ok") == 2
    text = (place.root / "gold" / "d.yaml").read_text(encoding="utf-8").replace("(label 1.1) the", "(label 1.1) teh")
    (place.root / "gold" / "d.yaml").write_text(text, encoding="utf-8")
    output, exception = invoke(["gold", "check", *files, "--docs", str(place.root / "docs")])
    assert "1 to fix" in output
    assert "d.yaml: policy p1 measure m1: at: not found" in str(exception)


def test_gold_agree(place: Place) -> None:
    folder = str(place.root / "gold")
    table = place.root / "agreement.md"
    args = ["gold", "agree", folder, folder, "--docs", str(place.root / "docs"), "--markdown", str(table)]
    output, exception = invoke(args)
    assert exception is None
    assert "| measure | 11 | 11 | 11 | 1.000 (" in output
    assert table.read_text(encoding="utf-8").strip() == output.strip()
    output, _ = invoke([*args, "--json"])
    assert json.loads(output)["scores"]["all"]["target"]["f1"] == 1


def test_a_draft_run_of_the_seeds_is_scored(seed_run: Any, seeds: Path, tmp_path: Path) -> None:
    gold = seeds.parent / "eval" / "gold"
    here = ["--docs", str(seeds), "--gold", str(gold), "--baseline", str(tmp_path / "none.json")]
    (run,) = as_json(["eval", "--run", str(seed_run.folder), *here])["runs"]
    assert run["scores"]["all"]["evidence_validity"]["f1"] == 1
    assert run["cost"]["input_tokens"] is None
    assert set(run["missed_by_stage"]["measure"]) <= {
        "not_in_any_unit", "not_in_article", "not_answered", "refused", "merged_away",
    }  # fmt: skip
