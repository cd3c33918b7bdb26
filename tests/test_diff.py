"""Two runs compared: what is new, gone or changed, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tables_samples import document, made_run

from pipeline.cli import main
from pipeline.diff import Change, diff
from pipeline.results import Results
from pipeline.run import run
from pipeline.settings import Settings
from schemas.records import Failure, Policy, Span
from schemas.vocabulary import Instrument, Status

OLD = """■ {lead}(3.18)

- 베이징시 정부는 도로를 고치기 위해 '{title}'을 발표

1) 기반

- (시설) 낡은 하수관 {number}km를 교체하고 저류조를 설치
- (인력) 정비 과정을 새로 열고 교원 연수를 실시
{more}
발행일: 2026년 4월 2일
"""


def extracted(folder: Path, **texts: str) -> Results:
    docs = folder / "docs"
    docs.mkdir(parents=True)
    for name, text in texts.items():
        (docs / f"{name}.txt").write_text(text, "utf-8")
    run([docs], folder / "out", Settings(endpoint="draft"))
    return Results(folder / "out")


def brief(
    title: str = "물길 정비 실시방안(2026~2030)", number: int = 120, more: str = "", lead: str = "물길 정비"
) -> str:
    return OLD.format(title=title, number=number, more=more, lead=lead)


def test_a_run_against_itself_shows_nothing(seed_run: Any) -> None:
    results = Results(seed_run.folder)
    found = diff(results, results)
    assert (found.new, found.gone, found.changed, found.failed, found.new_documents) == ((), (), (), (), ())
    assert found.same == len(results.policies) == 14


def test_an_edited_document_shows_its_edits_and_not_that_all_moved(tmp_path: Path) -> None:
    old = extracted(tmp_path / "old", a=brief())
    new = extracted(
        tmp_path / "new", a="머리말 한 줄\n\n" + brief(number=150, more="- (홍보) 마을 단위의 살피기 모임을 운영\n")
    )
    assert not {p.id for p in old.policies} & {p.id for p in new.policies}
    found = diff(old, new)
    assert (found.new, found.gone) == ((), ())
    [policy] = found.changed
    assert [item.text for item in policy.new] == ["(홍보) 마을 단위의 살피기 모임을 운영"] and policy.gone == ()
    [measure] = [item for item in policy.changed if item.kind == "measure"]
    assert measure.changes[0] == Change(
        field="text", old="(시설) 낡은 하수관 120km를 교체하고 저류조를 설치", new="(시설) 낡은 하수관 150km를 교체하고 저류조를 설치"
    )  # fmt: skip


def test_policies_come_and_go_with_their_documents(tmp_path: Path) -> None:
    old = extracted(tmp_path / "old", a=brief(), b=brief("숲길 조성 지원정책"))
    new = extracted(tmp_path / "new", a=brief(), c=brief("들꽃 보전 조례"))
    found = diff(old, new)
    assert [(p.title, p.old_id, p.document) for p in found.new] == [("들꽃 보전 조례", None, "c.txt")]
    assert [(p.title, p.new_id, p.document) for p in found.gone] == [("숲길 조성 지원정책", None, "b.txt")]
    assert len(found.gone[0].gone) >= 2 and found.new_documents == ("c.txt",) and found.gone_documents == ("b.txt",)
    assert found.same == 1


def test_a_renamed_document_holds_the_same_policy(tmp_path: Path) -> None:
    old, new = extracted(tmp_path / "old", a=brief()), extracted(tmp_path / "new", b=brief() + "\n")
    found = diff(old, new)
    assert (found.new, found.gone) == ((), ())
    [policy] = found.changed
    assert policy.changes == (Change(field="document", old="a.txt", new="b.txt"),) and policy.changed == ()


def test_fields_are_told_by_what_they_say(tmp_path: Path, seed_run: Any) -> None:
    policy = Policy.model_validate(seed_run.of("002")[1])
    measure = policy.measures[0].model_copy(update={"instrument": Instrument.TALENT, "target_groups": ()})
    target = policy.targets[0].model_copy(update={"value": 7.0, "unit": None})
    later = policy.model_copy(
        update={
            "status": Status.EXPIRED, "objective": None, "measures": (measure, *policy.measures[1:]),
            "targets": (target, *policy.targets[1:]),
            "announcement": Span(start=0, end=9, text=policy.announcement.text.replace(" ", "\n")),
        }
    )  # fmt: skip
    rows = [document(policy.document)]
    found = diff(made_run(tmp_path / "a", [policy], rows), made_run(tmp_path / "b", [later], rows))
    [changed] = found.changed
    assert Change(field="status", old="adopted", new="expired") in changed.changes
    assert {c.field for c in changed.changes} <= {"status", "objective"}
    kinds = {item.kind: {c.field: (c.old, c.new) for c in item.changes} for item in changed.changed}
    assert kinds["measure"]["instrument"] == (policy.measures[0].instrument.value, "talent")
    assert kinds["target"]["value"][1] == "7" and kinds["target"]["unit"] == (policy.targets[0].unit, None)


def test_a_document_that_fails_now_is_named_and_its_policies_are_not_gone(tmp_path: Path, seed_run: Any) -> None:
    results = Results(seed_run.folder)
    kept = [p for p in results.policies if not p.document.startswith("003")]
    lost = next(name for name in results.rows if name.startswith("003"))
    rows = [r for name, r in results.rows.items() if name != lost]
    failed = document(lost, status="failed", error=Failure(kind="input_error", message="the file is empty"))
    found = diff(results, made_run(tmp_path / "new", kept, [*rows, failed]))
    assert found.gone == () and found.same == len(kept)
    assert [(f.document, f.message, f.policies) for f in found.failed] == [(lost, "the file is empty", 1)]


def pams(*words: object) -> int:
    with pytest.raises(SystemExit) as left:
        main([str(w) for w in words])
    return int(left.value.code or 0)


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old = extracted(tmp_path / "old", a=brief(), b=brief("숲길 조성 지원정책"))
    new = extracted(tmp_path / "new", a=brief(number=150))
    capsys.readouterr()
    assert pams("diff", old.folder, new.folder) == 0
    shown = capsys.readouterr().out
    assert (
        "- policy 숲길 조성 지원정책 (b.txt, 2 measures" in shown
        and "~ policy 물길 정비 실시방안(2026~2030) (a.txt)" in shown
    )
    assert "교체하고 저류조를 설치 → " in shown and "0 policies new, 1 gone, 1 changed, 0 as they were" in shown
    assert "    - measure" not in shown
    assert pams("diff", old.folder, new.folder, "--all") == 0
    assert "    - measure (시설) 낡은 하수관 120km" in capsys.readouterr().out
    assert pams("diff", old.folder, new.folder, "--json") == 0
    assert len(json.loads(capsys.readouterr().out)["gone"]) == 1


def test_nothing_steers_the_terminal_and_mistakes_are_told(
    tmp_path: Path, seed_run: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    policy = Policy.model_validate(seed_run.of("003")[0])
    hostile = policy.model_copy(update={"title": Span(start=0, end=1, text="\x1b[31m\x07위험\u202e")})
    rows = [document(policy.document)]
    made_run(tmp_path / "a", [], rows)
    made_run(tmp_path / "b", [hostile], rows)
    assert pams("diff", tmp_path / "a", tmp_path / "b") == 0
    shown = capsys.readouterr().out
    assert "위험" in shown and not set(shown) & {"\x1b", "\x07", "\u202e"}
    assert pams("diff", tmp_path / "a", tmp_path / "nowhere") == 2
    assert "no such folder" in capsys.readouterr().err
