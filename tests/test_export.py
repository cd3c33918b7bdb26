"""Exports: nothing is lost, nothing is executed, keys hold, and a workbook can be read by people."""

from __future__ import annotations

import csv
import datetime as dt
import json
import shutil
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from tables_samples import DOCUMENTS, NASTY, document, flatten, made_run, nasty, policies, read_workbook, sheets

from pipeline.cli import main
from pipeline.corrections import add_correction, make_correction
from pipeline.export import FORMATS, export, read_back
from pipeline.export.columns import TABLES
from pipeline.export.neutralise import neutralise, restore
from pipeline.export.overview import MOST_LINES, NAMES, WIDTHS, Entry
from pipeline.export.rebuild import rebuild
from pipeline.export.stip import GROUPS, HEADER, country_code
from pipeline.export.write_xlsx import sheet_columns
from pipeline.results import Results
from schemas.errors import InputError, UsageError
from schemas.records import DocumentRow, Policy, Span
from schemas.vocabulary import TargetGroup

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
TABLE_FORMATS = [f for f in FORMATS if f not in ("stip", "hwpx")]
Records = tuple[tuple[Policy, ...], tuple[DocumentRow, ...]]


@pytest.fixture
def results(seed_run: Any, tmp_path_factory: pytest.TempPathFactory) -> Results:
    """A copy of the run: what is exported beside it is seen by no other test."""
    return Results(shutil.copytree(seed_run.folder, tmp_path_factory.mktemp("results") / "run"))


def back(folder: Path, format: str) -> Records:
    return rebuild(read_workbook(folder / "pams.xlsx")) if format == "xlsx" else read_back(folder, format)


@pytest.mark.parametrize("format", TABLE_FORMATS)
def test_the_seeds_come_back_as_they_were(results: Results, tmp_path: Path, format: str) -> None:
    files = export(results, tmp_path / "tables", format)
    assert sorted(files) == sorted((tmp_path / "tables").iterdir())
    records, rows = back(tmp_path / "tables", format)
    assert records == results.policies and rows == tuple(results.rows.values())
    assert [p.model_dump_json() for p in records] == [p.model_dump_json() for p in results.policies]


@pytest.mark.parametrize("format", TABLE_FORMATS)
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(first=policies("p1"), second=policies("=p2"))
def test_whatever_the_text_it_comes_back(tmp_path_factory: Any, format: str, first: Policy, second: Policy) -> None:
    folder = tmp_path_factory.mktemp("run")
    run = made_run(folder, [first, second])
    export(run, folder / "tables", format)
    records, rows = back(folder / "tables", format)
    # A float in JSON may have another spelling (1e300); in value and kind nothing differs.
    assert [repr(p) for p in records] == [repr(p) for p in run.policies]
    assert set(rows) == set(DOCUMENTS)


@pytest.mark.parametrize("format", TABLE_FORMATS)
def test_every_nasty_text_in_every_place(results: Results, tmp_path: Path, format: str) -> None:
    seed = results.policies[0]
    spans = [Span(start=1, end=2, text=text) for text in NASTY]
    measures = tuple(
        seed.measures[0].model_copy(update={"id": f"m{n}", "text": span, "label": span}) for n, span in enumerate(spans)
    )
    targets = tuple(
        seed.targets[0].model_copy(update={"id": f"t{n}", "measure_id": None, "unit": text, "deadline": text})
        for n, text in enumerate(NASTY)
    )
    policy = seed.model_copy(
        update={"document": "=a.txt", "measures": measures, "targets": targets, "evidence": tuple(spans)}
    )
    run = made_run(tmp_path / "run", [policy])
    export(run, tmp_path / "tables", format)
    assert back(tmp_path / "tables", format)[0] == (policy,)


@given(nasty)
def test_neutralising_is_undone_and_leaves_nothing_to_execute(text: str) -> None:
    for required in (True, False):
        assert restore(neutralise(text, required=required), required=required) == text
        assert not neutralise(text, required=required).startswith(DANGEROUS)
    assert restore("", required=False) is None


@pytest.mark.parametrize("format", ["csv", "stip"])
def test_no_cell_of_a_csv_begins_like_a_formula(tmp_path: Path, results: Results, format: str) -> None:
    [policy] = results.policies[:1]
    title = Span(start=0, end=1, text='=HYPERLINK("http://x")\nx')
    hostile = policy.model_copy(
        update={"id": "@id", "document": "=a.txt", "jurisdiction": "+CN", "title": title, "title_original": title, "targets": policy.targets}
    )  # fmt: skip
    for file in export(made_run(tmp_path / "run", [hostile]), tmp_path / "tables", format):
        raw = file.read_bytes()
        assert raw.startswith(b"\xef\xbb\xbf") and b"\r\n" in raw
        with file.open(encoding="utf-8-sig", newline="") as lines:
            header, *rows = csv.reader(lines)
        for row in rows:
            assert len(row) == len(header)
            for cell in row:
                assert not cell.startswith(DANGEROUS) or cell.lstrip("-").replace(".", "").isdigit(), cell


def test_numbers_stay_numbers(tmp_path: Path, results: Results) -> None:
    target = results.policies[0].targets[0].model_copy(update={"value": -5, "value_max": 2**53 + 1, "measure_id": None})
    policy = results.policies[0].model_copy(update={"document": "=a.txt", "targets": (target,), "measures": ()})
    run = made_run(tmp_path / "run", [policy])
    export(run, tmp_path / "t", "csv")
    with (tmp_path / "t" / "targets.csv").open(encoding="utf-8-sig", newline="") as lines:
        [row] = csv.DictReader(lines)
    assert (row["value"], row["value_exact"], row["value_max"]) == ("-5", "'-5", str(2**53 + 1))
    export(run, tmp_path / "t", "sqlite")
    with closing(sqlite3.connect(tmp_path / "t" / "pams.sqlite")) as database:
        assert database.execute("SELECT value + 1, value_max FROM targets").fetchone() == (-4, 2**53 + 1)
    export(run, tmp_path / "t", "xlsx")
    assert read_workbook(tmp_path / "t" / "pams.xlsx")["targets"][0]["value"] == -5


def test_every_field_of_a_record_has_its_column(results: Results) -> None:
    tables = flatten(results)
    for table in TABLES:
        assert all(tuple(row) == table.names for row in tables[table.name])
        keys = [tuple(row[name] for name in table.key) for row in tables[table.name]]
        assert len(set(keys)) == len(keys) > 0
        for column in table.columns:
            assert not column.required or all(row[column.name] is not None for row in tables[table.name]), column


def test_rows_say_where_they_stand_and_who_decided(tmp_path: Path, seed_run: Any, results: Results) -> None:
    policy = results.policies[0]
    measure, gone = policy.measures[:2]
    held = tmp_path / "run"
    held.mkdir()
    for name in ("policies.jsonl", "documents.jsonl"):
        (held / name).write_bytes((seed_run.folder / name).read_bytes())
    facts = {
        "at": dt.datetime(2026, 1, 2, 3, 4, tzinfo=dt.UTC),
        "who": "가",
        "text_sha256": results.rows[policy.document].text_sha256,
    }
    for action, record in (("accept", measure), ("reject", gone)):
        span = {"start": record.text.start, "end": record.text.end}
        add_correction(held, make_correction(action, policy, record, span=span, **facts), seen=None)  # type: ignore[arg-type]
    rows = {row["id"]: row for row in flatten(Results(held))["measures"]}
    assert gone.id not in rows
    found = rows[measure.id]
    assert (found["review"], found["reviewed_by"], found["reviewed_at"]) == (
        "accepted",
        "가",
        "2026-01-02T03:04:00+00:00",
    )
    assert found["line"] is None  # the texts are not in this folder
    placed = next(row for row in flatten(results)["measures"] if row["id"] == measure.id)
    assert placed["line"] == seed_run.line(policy.model_dump(), measure.text.model_dump()) and placed["review"] is None


def test_targets_of_a_rejected_measure_stay_as_targets_of_the_policy(tmp_path: Path, results: Results) -> None:
    policy = next(p for p in results.policies if any(t.measure_id for t in p.targets))
    target = next(t for t in policy.targets if t.measure_id)
    measure = next(m for m in policy.measures if m.id == target.measure_id)
    run = made_run(tmp_path / "run", results.policies, tuple(results.rows.values()))
    facts = {
        "at": dt.datetime(2026, 1, 2, tzinfo=dt.UTC),
        "who": "x",
        "text_sha256": results.rows[policy.document].text_sha256,
    }
    span = {"start": measure.text.start, "end": measure.text.end}
    add_correction(run.folder, make_correction("reject", policy, measure, span=span, **facts), seen=None)  # type: ignore[arg-type]
    export(Results(run.folder), tmp_path, "sqlite")
    with closing(sqlite3.connect(tmp_path / "pams.sqlite")) as database:
        assert database.execute("SELECT measure_id FROM targets WHERE id = ?", (target.id,)).fetchall() == [(None,)]


def test_keys_of_the_database_hold(results: Results, tmp_path: Path) -> None:
    export(results, tmp_path, "sqlite")
    with closing(sqlite3.connect(tmp_path / "pams.sqlite")) as database:
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        foreign = {t.name: len(database.execute(f'PRAGMA foreign_key_list("{t.name}")').fetchall()) for t in TABLES}
        assert foreign == {t.name: sum(len(key.columns) for key in t.foreign) for t in TABLES}
        assert (
            database.execute("SELECT count(*) FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL").fetchone()[
                0
            ]
            > 5
        )


def test_records_that_contradict_each_other_are_told(tmp_path: Path, results: Results) -> None:
    policy = results.policies[0].model_copy(update={"document": "=a.txt"})
    elsewhere = policy.model_copy(update={"document": "b.txt"})
    with pytest.raises(InputError, match="two rows have one key"):
        export(made_run(tmp_path / "twice", [policy, elsewhere]), tmp_path / "t", "sqlite")
    with pytest.raises(InputError, match="names a row of documents that is not there"):
        export(made_run(tmp_path / "lost", [policy], []), tmp_path / "t", "sqlite")
    assert list((tmp_path / "t").glob("*")) == [] if (tmp_path / "t").exists() else True


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_workbook_is_made_to_be_read(results: Results, tmp_path: Path, language: str) -> None:
    out = results.folder / f"export_{language}"
    export(results, out, "xlsx", language)
    book = openpyxl.load_workbook(out / "pams.xlsx")
    assert book.sheetnames == [NAMES[language], *(t.label(language) for t in TABLES)]
    for table, sheet in zip(TABLES, book.worksheets[1:], strict=True):
        assert sheet.freeze_panes == "A2" and sheet.auto_filter.ref.startswith("A1:")
        assert sheet.max_row == len(flatten(results)[table.name]) + 1
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
        headings = [cell.value for cell in sheet[1]]
        assert len(headings) == len(sheet_columns(table)) and None not in headings
    measures = book[TABLES[1].label(language)]
    headings = [cell.value for cell in measures[1]]
    first = results.policies[0].measures[0]
    assert any(measure.target_groups for measure in results.policies[0].measures)
    for ko, en, code, label in (
        ("정책 수단", "instrument", first.instrument.value, first.instrument.label(language)),
        (
            "대상",
            "target groups",
            ";".join(first.target_groups),
            "; ".join(g.label(language) for g in first.target_groups),
        ),
    ):
        at = headings.index(ko if language == "ko" else en) + 1
        assert [measures.cell(2, at).value or "", measures.cell(2, at + 1).value or ""] == [label, code]
        assert headings[at] == (f"{ko} (코드)" if language == "ko" else f"{en} (code)")
        folded = [(d.min, d.max) for d in measures.column_dimensions.values() if d.hidden]
        assert any(low <= at + 1 <= high for low, high in folded) and not any(low <= at <= high for low, high in folded)
    owner, source = measures.cell(2, 1), measures.cell(2, 2)
    assert owner.hyperlink.location == f"'{TABLES[0].label(language)}'!A2"
    assert source.value.startswith("000_2b77c52a4b4d5503.txt, line ")
    text = (out / source.hyperlink.target.replace("\\", "/")).resolve()
    assert text == (results.folder / results.rows[results.policies[0].document].text).resolve()  # type: ignore[operator]


def test_the_overview_is_printed_on_pages_across(results: Results, tmp_path: Path) -> None:
    policy = max(results.policies, key=lambda p: len(p.targets))
    export(made_run(tmp_path / "run", [policy]), tmp_path / "one", "xlsx", "ko")
    sheet = openpyxl.load_workbook(tmp_path / "one" / "pams.xlsx").worksheets[0]
    assert [cell.value for cell in sheet[1]] == ["정책명", "발표기관", "발표일", "주요 시책", "목표", "원문"]
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("landscape", 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage and sheet.print_title_rows == "$1:$1"
    name, issuers, day, measures, targets, source = (cell.value for cell in sheet[2])
    assert policy.title is not None and name == " ".join(policy.title.text.split())
    assert issuers.split(", ")[0] == policy.issuers[0].name.text and day == policy.announced_on.value
    first = policy.measures[0]
    assert measures.split("\n")[0] == f"· {' '.join(first.text.text.split())} [{first.instrument.label('ko')}]"
    assert targets.startswith("· ") and source.startswith(policy.document)
    printed = " ".join(str(row[4].value) for row in sheet.iter_rows(min_row=2))
    assert all(" ".join(target.raw.text.split()) in printed for target in policy.targets)
    entry = Entry({"title": "이름", "announced_on": None}, "ko")
    for at in range(200):
        entry.add(TABLES[1], {"text": f"{at} " + "거점을 조성한다 " * 9, "instrument": first.instrument.value})
    entry.add(TABLES[1], {"text": "길" * 9000, "instrument": first.instrument.value})
    rows = entry.rows()
    assert [row[0] for row in rows] == ["이름", *[""] * (len(rows) - 1)]
    assert "".join(row[3] for row in rows).count("길") == 9000
    assert sum(row[3].count("· ") for row in rows) == 201
    assert max(sum(1 + (sign >= "가") for sign in row[3]) for row in rows) <= WIDTHS[3] * MOST_LINES


def test_a_hostile_name_makes_no_other_link(tmp_path: Path, results: Results) -> None:
    name = "x\"#!'=cmd|%41 https:.txt"
    run_folder = tmp_path / "a #b%20:c"
    text = f"texts/{name}"
    (run_folder / "texts").mkdir(parents=True)
    (run_folder / text).write_text("x")
    policy = results.policies[0].model_copy(update={"document": f"={name}\x1b[31m"})
    rows = [
        document(policy.document, text=text, text_sha256="0"),
        document("up", text="../../etc/passwd"),
        document("gone", text="texts/gone"),
    ]
    export(made_run(run_folder, [policy], rows), tmp_path / "tables", "xlsx")
    book = openpyxl.load_workbook(tmp_path / "tables" / "pams.xlsx")
    sheet = book.worksheets[1]
    links = {cell.hyperlink.target for row in sheet.iter_rows() for cell in row if cell.hyperlink}
    assert links == {"..\\a%20%23b%2520%3Ac\\texts\\x%22%23!'=cmd%7C%2541%20https%3A.txt"}
    assert sheet.cell(2, 1).value.startswith("'=x") and "\x1b" not in sheet.cell(2, 1).value
    export(Results(run_folder), run_folder / "export", "xlsx")  # the same, inside


def test_equal_records_make_equal_bytes(results: Results, tmp_path: Path) -> None:
    for format in FORMATS:
        one = [p.read_bytes() for p in export(results, tmp_path / "one", format)]
        time.sleep(0.01)
        assert one == [p.read_bytes() for p in export(results, tmp_path / "two", format)], format


def test_long_cells_go_on_in_the_last_sheet(results: Results, tmp_path: Path) -> None:
    policy = results.policies[0].model_copy(
        update={"document": "=a.txt", "objective": Span(start=0, end=1, text="긴 글 " * 30_000)}
    )
    export(made_run(tmp_path / "run", [policy]), tmp_path, "xlsx")
    assert (
        max(len(str(c).encode("utf-16-le")) // 2 for s in sheets(tmp_path / "pams.xlsx") for r in s for c in r.values())
        <= 32_767
    )
    assert rebuild(read_workbook(tmp_path / "pams.xlsx"))[0] == (policy,)


def test_stip_has_a_row_for_each_policy_and_instrument(results: Results, tmp_path: Path) -> None:
    [file] = export(results, tmp_path, "stip", "en")
    with file.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert tuple(rows[0]) == HEADER
    assert sorted({c for g in TargetGroup for c in g.stip}, key=lambda c: int(c[2:])) == GROUPS and len(GROUPS) == 33
    wanted = [(p, i) for p in results.policies for i in dict.fromkeys(m.instrument for m in p.measures) or [None]]
    assert len(rows) == len(wanted)
    for row, (policy, instrument) in zip(rows, wanted, strict=True):
        groups = {c for m in policy.measures if m.instrument is instrument for g in m.target_groups for c in g.stip}
        assert row["InitiativeID"] == policy.id and row["CountryCode"] == "CHN"
        assert row["InstrumentTypeCode"] == (";".join(instrument.stip) if instrument else "")
        assert row["InstrumentTypeLabel"] == (instrument.label("en") if instrument else "")
        assert {c: row[c] for c in GROUPS} == {c: "1" if c in groups else "0" for c in GROUPS}
        assert row["StartDateYear"] == str(policy.period_start or "")
    assert any(row["InstrumentTypeCode"] == "" for row in rows)
    assert [country_code(j) for j in ("CN-BJ", "KR", "EU", None)] == ["CHN", "KOR", "EU", ""]


def test_the_documentation_lists_every_column() -> None:
    told = (Path(__file__).parent.parent / "docs" / "tables.md").read_text("utf-8").splitlines()
    wanted = [line for table in TABLES for line in (f"## `{table.name}`", *(_line(c) for c in table.columns))]
    assert [line for line in told if line in set(wanted)] == wanted


def _line(column: Any) -> str:
    return f"| `{column.name}` | {column.kind} | {'' if column.required else 'yes'} | {column.meaning} |"


def pams(*words: object) -> int:
    with pytest.raises(SystemExit) as left:
        main([str(w) for w in words])
    return int(left.value.code or 0)


def test_the_command(results: Results, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = made_run(tmp_path / "run", results.policies, tuple(results.rows.values()))
    assert pams("export", run.folder, "--format", "csv") == 0
    assert str(run.folder / "export" / "policies.csv") in capsys.readouterr().out
    assert pams("export", run.folder, "--format", "sqlite", "--out", tmp_path / "x", "--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert said == {"files": [str(tmp_path / "x" / "pams.sqlite")], "policies": 14, "measures": 217, "targets": 38}


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("nowhere", "--format", "csv"), 2, "no such folder"),
        (("run", "--format", "doc"), 2, "choose one of csv, xlsx, parquet, sqlite, jsonl, stip"),
        (("run", "--format", "xlsx", "--language", "fr"), 2, "choose one of ko, en"),
        (("run",), 2, "--format"),
        (("run", "--format", "csv", "--out", "run/policies.jsonl"), 3, "name another folder with --out"),
    ],
)
def test_mistakes_are_told_without_a_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: Any, code: int, message: str
) -> None:  # fmt: skip
    made_run(tmp_path / "run", [])
    monkeypatch.chdir(tmp_path)
    assert pams("export", *words) == code
    shown = capsys.readouterr()
    assert message in shown.err and "Traceback" not in shown.err


def test_a_broken_export_is_told(results: Results, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be opened"):
        read_back(tmp_path, "sqlite")
    with pytest.raises(UsageError, match="cannot be read back"):
        read_back(tmp_path, "xlsx")
    export(results, tmp_path, "csv")
    (tmp_path / "targets.csv").write_text("id,other\r\n1,2\r\n")
    with pytest.raises(InputError, match="other columns"):
        read_back(tmp_path, "csv")


def test_files_are_replaced_whole(results: Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    [file] = export(results, tmp_path, "sqlite")
    before = file.read_bytes()
    monkeypatch.setattr("os.fsync", lambda _: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(Exception, match="No space left"):
        export(results, tmp_path, "sqlite")
    assert file.read_bytes() == before and list(tmp_path.iterdir()) == [file]
