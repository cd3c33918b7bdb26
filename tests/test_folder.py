"""A results folder is one thing: it changes in one step, holds no links, and is checked whenever it is read."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import filelock
import pytest

from pipeline.cli import main
from pipeline.corrections import CORRECTIONS, add_correction, make_correction, read_corrections
from pipeline.results import Results
from pipeline.run import run
from pipeline.settings import Settings
from pipeline.stored import Stored
from pipeline.switch import RESULTS, SWITCH
from schemas.errors import InputError, UsageError
from schemas.records import Extent

TEXT = """■ 한빛시, '골목 숲 조성 계획(2025~2028)' 발표

- 한빛시 정부는 '골목 숲 조성 계획(2025~2028)'을 발표

1) 나무 심기

- (가로수) 골목 40곳에 나무 {trees}그루를 심고 쉼터 설치
"""
KILLED_AT = """
import os, signal, sys
steps = 0
def dying(act):
    def step(*given, **more):
        global steps
        steps += 1
        if steps == int(sys.argv[1]):
            os.kill(os.getpid(), signal.SIGKILL)
        return act(*given, **more)
    return step
import pipeline.spool
from pathlib import Path
before = pipeline.spool.put_results
def put_results(*given):
    Path.replace, Path.unlink = dying(Path.replace), dying(Path.unlink)
    before(*given)
pipeline.spool.put_results = put_results
from pipeline.run import run
from pipeline.settings import Settings
from pipeline.stored import Stored
run([Path(sys.argv[2])], Path(sys.argv[3]), Settings())
"""


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "brief.txt").write_text(TEXT.format(trees=300), encoding="utf-8")
    return tmp_path / "docs"


@pytest.fixture
def out(docs: Path) -> Path:
    run([docs], docs.parent / "out", Settings())
    return docs.parent / "out"


@pytest.mark.parametrize("step", range(1, 8))
def test_killed_at_any_step_of_putting_in_place_it_is_old_or_new(docs: Path, out: Path, step: int) -> None:
    (docs / "brief.txt").write_text("머리말 한 줄\n\n" + TEXT.format(trees=700), encoding="utf-8")
    killed = subprocess.run([sys.executable, "-c", KILLED_AT, str(step), str(docs), str(out)], timeout=60)
    assert killed.returncode in (-9, 0)
    results = Results(out)  # verifies every span against the text of its row
    words = results.policies[0].measures[0].text.text
    assert ("300그루" in words) == ("300그루" in results.text("brief.txt")), "records and text of two runs"
    if killed.returncode == 0:
        assert "700그루" in words
    run([docs], out, Settings())
    assert "700그루" in Results(out).policies[0].measures[0].text.text
    left = {p.name for p in out.iterdir()} - {*RESULTS, "events.jsonl", "texts", ".pams.lock"}
    assert not left


def test_between_two_states_is_refused_where_it_cannot_be_mended(out: Path) -> None:
    (out / SWITCH).write_text('{"policies.jsonl": "../../elsewhere"}')
    with pytest.raises(InputError, match="is damaged"):
        Results(out)


def test_moved_spans_and_doubled_lines_are_told(out: Path) -> None:
    whole = (out / "policies.jsonl").read_bytes()
    policy = json.loads(whole)
    policy["announcement"] |= {"start": policy["announcement"]["start"] + 1, "end": policy["announcement"]["end"] + 1}
    (out / "policies.jsonl").write_text(json.dumps(policy) + "\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"was changed since it was written.*run `pams extract` again"):
        Results(out)
    (out / "policies.jsonl").write_bytes(whole * 2)
    with pytest.raises(InputError, match="a policy twice"):
        Results(out)


def accept(out: Path, which: int) -> None:
    results = Results(out)
    policy = results.policies[0]
    record = policy if which == 0 else policy.measures[0]
    span = policy.announcement if which == 0 else policy.measures[0].text
    facts = {
        "at": dt.datetime.now(dt.UTC), "who": "이검토",
        "text_sha256": results.rows["brief.txt"].text_sha256, "span": Extent(start=span.start, end=span.end),
    }  # fmt: skip
    add_correction(out, make_correction("accept", policy, record, **facts), seen=None)


def test_a_correction_without_its_line_end_is_read_and_kept(out: Path) -> None:
    accept(out, 0)
    file = out / CORRECTIONS
    first = file.read_bytes()
    file.write_bytes(first.rstrip(b"\n"))
    assert len(read_corrections(out)) == 1
    accept(out, 1)
    assert len(read_corrections(out)) == 2 and file.read_bytes().startswith(first)


def test_half_a_correction_is_set_aside_and_never_cut(out: Path) -> None:
    file = out / CORRECTIONS
    file.write_bytes('{"at": "2026-05-01", "who": "이'.encode()[:-1])
    before = file.read_bytes()
    accept(out, 0)
    accept(out, 1)
    assert file.read_bytes().startswith(before) and len(read_corrections(out)) == 2


@pytest.mark.parametrize(
    "name", [*RESULTS, ".pams.spool", ".pams.lock", SWITCH, "events.jsonl", CORRECTIONS, "texts", "texts/a.partial"]
)
def test_a_planted_link_is_refused_and_its_target_stays(docs: Path, out: Path, tmp_path: Path, name: str) -> None:
    target = tmp_path / "precious"
    target.write_text("precious")
    if name == "texts":
        (out / name).rename(tmp_path / "moved")
    (out / name).unlink(missing_ok=True)
    (out / name).symlink_to(target)
    with pytest.raises(UsageError, match="never followed"):
        run([docs], out, Settings())
    with pytest.raises(UsageError, match="never followed"):
        Results(out)
    assert target.read_text() == "precious"


def test_a_hard_link_is_not_appended_to(docs: Path, out: Path, tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("precious")
    (out / "events.jsonl").unlink()
    os.link(tmp_path / "precious", out / "events.jsonl")
    with pytest.raises(UsageError, match="two names"):
        run([docs], out, Settings())
    assert (tmp_path / "precious").read_text() == "precious"


@pytest.mark.parametrize("words", [["show", "P"], ["export", "P"], ["diff", "P", "P"], ["link", "P"], ["extract", "P"]])
@pytest.mark.parametrize("what", ["a folder for a file", "a name of 300 signs", "bytes", "nothing", "foreign"])
def test_no_traceback_for_what_comes_from_outside(
    out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], what: str
) -> None:
    place = out
    if what == "a folder for a file":
        (out / "documents.jsonl").unlink()
        (out / "documents.jsonl").mkdir()
    elif what == "a name of 300 signs":
        place = tmp_path / ("a" * 300)
    elif what == "nothing":
        place = tmp_path / "nothing"
    else:
        (out / "policies.jsonl").write_bytes(b"\xff\xfe{" if what == "bytes" else b'{"a": 1}\n')
    elsewhere = [] if words[0] in ("show", "diff") else ["--out", str(tmp_path / "r")]
    with pytest.raises(SystemExit) as left:
        main([str(place) if w == "P" else w for w in words] + elsewhere)
    shown = capsys.readouterr()
    if what == "a folder for a file" and words[0] == "extract":  # its texts are documents like others
        assert left.value.code == 0, shown.err
    else:
        assert left.value.code in (1, 2, 3) and shown.err.count("pams: ") == 1, shown.err


Told = Callable[..., list[str]]


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str]) -> Told:
    """Runs a command; the notes that it writes beside its output."""

    def notes(*words: object) -> list[str]:
        with pytest.raises(SystemExit) as left:
            main([str(word) for word in words])
        err = capsys.readouterr().err
        assert not left.value.code and "pams: " not in err, err
        return [line.removeprefix("note: ") for line in err.splitlines()]

    return notes


def test_results_as_the_run_wrote_them_have_no_notes(out: Path, told: Told) -> None:
    assert list(Results(out).notes()) == list(Stored(out).notes()) == [] == told("show", out)


def test_a_value_changed_with_its_span_left_alone_is_told(out: Path, told: Told) -> None:
    path = out / "policies.jsonl"
    path.write_text(path.read_text("utf-8").replace('"period_end":2028', '"period_end":2099'), "utf-8")
    for words in (["show", out], ["export", out, "--format", "csv"], ["link", out], ["diff", out, out]):
        assert "policies.jsonl was changed since the run wrote it" in " ".join(told(*words))


def test_records_taken_out_and_texts_removed_are_told(docs: Path, out: Path) -> None:
    (docs / "other.txt").write_text(TEXT.format(trees=500), encoding="utf-8")
    run([docs], out, Settings())
    lines = (out / "policies.jsonl").read_bytes().splitlines(keepends=True)
    (out / "policies.jsonl").write_bytes(lines[0])
    next((out / "texts").glob("other*")).unlink()
    notes = " ".join(Results(out).notes())
    assert notes == " ".join(Stored(out).notes())
    assert all(
        words in notes for words in ("policies.jsonl was changed", "texts of 1 documents", "1 documents have another")
    )


@pytest.mark.parametrize("name", ["documents.jsonl", "refused.jsonl"])
def test_any_file_of_a_run_that_was_changed_or_removed_is_told(out: Path, name: str) -> None:
    (out / name).write_bytes((out / name).read_bytes() + b"\n")
    assert any(note.startswith(f"{name} was changed") for note in Results(out).notes())


def test_a_killed_run_over_older_results_is_told_and_what_it_left_is_still_checked(
    docs: Path, out: Path, told: Told
) -> None:
    for number in range(4):
        (docs / f"{number}.txt").write_text(TEXT.format(trees=400 + number), encoding="utf-8")
    code = (
        "import os, signal, sys\nfrom pathlib import Path\nfrom pipeline.run import run\nfrom pipeline.settings import Settings\n"
        "run([Path(sys.argv[1])], Path(sys.argv[2]), Settings(), on_event=lambda e: e.kind == 'document' and os.kill(os.getpid(), 9))"
    )
    assert subprocess.run([sys.executable, "-c", code, str(docs), str(out)], timeout=60).returncode == -9
    (note,) = told("show", out)
    assert "was ended before its end" in note and "the run before it" in note
    with filelock.FileLock(out / ".pams.lock"):
        (note,) = told("show", out)
        assert "a run is at work" in note
    (out / "policies.jsonl").write_bytes((out / "policies.jsonl").read_bytes() + b"\n")
    assert len(told("show", out)) == 2
    run([docs], out, Settings())
    assert told("show", out) == []
