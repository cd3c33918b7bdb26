"""What the tests of exports share: runs made by hand, records full of nasty text, and a reader of workbooks."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from pipeline.export.columns import TABLES
from pipeline.export.neutralise import restore
from pipeline.export.tables import rows_of
from pipeline.export.write_xlsx import CONTINUED, sheet_columns
from pipeline.pages import Pages
from pipeline.results import Results
from schemas.records import (
    Announced,
    DocumentRow,
    Extent,
    Failure,
    Measure,
    Organisation,
    Policy,
    Provenance,
    Reference,
    Span,
    Target,
)
from schemas.vocabulary import (
    ActionStatus,
    Comparator,
    DeadlineBasis,
    DocumentType,
    Flag,
    GovernmentLevel,
    Instrument,
    ReferenceKind,
    Role,
    Status,
    TargetGroup,
    TechnologyField,
)

NASTY = (
    "", "'", "''", "'=", "''=1+1", "=1+1", "=cmd|' /C calc'!A0", "+82-2", "-5", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1",
    "＠1", "'＠", "a\nb", "a\r\nb", "a\rb", 'lone " quote', '"', '""', "a,b;c\td", " leading", "trailing ", " ", "\x00", "a\x01\x1fb", "\x0b\x7f\x85",
    "_x0001_", "_x005F_x0001_", "_x000D_", "_x0041_x0042_x0043_", "_xABCD\x01", "<r></r>", "a […1]", " […1]", "<r> […7]", "\x01<r>" + "가" * 32_692 + "</r><r>" + "가" * 32_693 + "</r>", "<r><t>x</t></r>", "<r>&bad</r>", "=<r>x</r>", "<r>" + "_x0041" * 6_000 + "</r>", "\u2028\u2029", "\ufeffbom", "\ufffe\uffff", "👩‍🔬🇰🇷", "🤖" * 16_384, "가" * 40_000, "=" * 32_767, "'" * 33_000, "null", "None", "NULL", "TRUE",
    "0012", "1e5", "12345678901234567890", "http://example.org/#a b", "mailto:x@example.org", "internal:'x'!A1", "<b>&amp;</b>", "{=1}", "]]>", "한글",
)  # fmt: skip

nasty = st.one_of(
    st.sampled_from(NASTY),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
    st.builds("{}{}".format, st.sampled_from(["=", "+", "-", "@", "\t", "'", "''", "＝"]), st.text("'=a", max_size=4)),
)
spans = st.builds(Span, start=st.integers(0, 2**40), end=st.integers(0, 2**40), text=nasty)
numbers = st.one_of(
    st.none(), st.integers(-(2**70), 2**70), st.floats(allow_nan=False), st.sampled_from([0, -5, 0.1, 1e300, 2**53 + 1, 130_360_000_000]),
)  # fmt: skip


def some(terms: Any, most: int) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(st.sampled_from(list(terms)), max_size=most, unique=True).map(tuple)


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


flags = some(Flag, 4)
organisations = st.lists(
    st.builds(Organisation, id=nasty, name=spans, canonical=maybe(nasty), role=st.sampled_from(list(Role))), max_size=3
).map(tuple)


@st.composite
def measures(draw: st.DrawFn, identifier: str) -> Measure:
    instrument = draw(st.sampled_from(list(Instrument)))
    return Measure(
        id=identifier, text=draw(spans), label=draw(maybe(spans)), pillar=draw(maybe(spans)), instrument=instrument,
        instrument_category=instrument.category, target_groups=draw(some(TargetGroup, 3)), technology_fields=draw(some(TechnologyField, 2)),
        implementers=draw(organisations), action_status=draw(st.sampled_from(list(ActionStatus))), flags=draw(flags),
    )  # fmt: skip


@st.composite
def targets(draw: st.DrawFn, identifier: str, owners: Sequence[str]) -> Target:
    return Target(
        id=identifier, measure_id=draw(st.sampled_from([None, *owners])), text=draw(spans), indicator=draw(spans), raw=draw(spans),
        comparator=draw(st.sampled_from(list(Comparator))), value=draw(numbers), value_max=draw(numbers), unit=draw(maybe(nasty)),
        deadline=draw(maybe(nasty)), deadline_basis=draw(maybe(st.sampled_from(list(DeadlineBasis)))), flags=draw(flags),
    )  # fmt: skip


@st.composite
def policies(draw: st.DrawFn, identifier: str = "p") -> Policy:
    names = [f"=m{n}" for n in range(draw(st.integers(0, 2)))]
    years = maybe(st.integers(1900, 2100))
    return Policy(
        id=identifier, document=draw(st.sampled_from(["=a.txt", "'b.txt"])), announcement=draw(spans), extent=Extent(start=1, end=2),
        title=draw(maybe(spans)), title_original=draw(maybe(spans)), document_type=draw(st.sampled_from(list(DocumentType))),
        status=draw(maybe(st.sampled_from(list(Status)))), issuers=draw(organisations),
        government_level=draw(maybe(st.sampled_from(list(GovernmentLevel)))), jurisdiction=draw(maybe(nasty)),
        announced_on=draw(maybe(st.builds(Announced, value=maybe(nasty), raw=spans))), period_start=draw(years), period_end=draw(years),
        objective=draw(maybe(spans)), technology_fields=draw(some(TechnologyField, 3)), measures=tuple(draw(measures(n)) for n in names),
        targets=tuple(draw(targets(f"t{n}", names)) for n in range(draw(st.integers(0, 2)))),
        references=draw(st.lists(st.builds(Reference, id=nasty, title=spans, url=maybe(spans), kind=st.sampled_from(list(ReferenceKind))), max_size=2).map(tuple)),
        evidence=draw(st.lists(spans, max_size=2).map(tuple)), flags=draw(flags),
        provenance=Provenance(document_sha256="0", prompt_set=draw(nasty), prompt_hash="", schema_hash="x", model=draw(nasty), request_ids=("a", "b")),
    )  # fmt: skip


def document(name: str, **facts: Any) -> DocumentRow:
    return DocumentRow.model_validate(
        {
            "document": name, "sha256": None, "same_as": (), "status": "ok", "error": None, "encoding": None, "characters": 0, "articles": 0, "policies": 0,
            "measures": 0, "targets": 0, **facts,
        }
    )  # fmt: skip


DOCUMENTS = (
    document("=a.txt", same_as=("a;b", '"=c"'), pages=(0, 10, 20), text="texts/=a.txt", format="pdf"),
    document("'b.txt", sha256="", encoding="", status="failed", error=Failure(kind="=x", message="+y")),
)


def made_run(folder: Path, records: Sequence[Policy], rows: Sequence[DocumentRow] = DOCUMENTS) -> Results:
    """A run's folder with these records and no texts."""
    folder.mkdir(exist_ok=True)
    for name, written in (("policies", records), ("documents", rows)):
        (folder / f"{name}.jsonl").write_bytes(b"".join(r.model_dump_json().encode() + b"\n" for r in written))
    return Results(folder)


def flatten(results: Results) -> dict[str, list[dict[str, Any]]]:
    """The rows of an export by table."""
    tables: dict[str, list[dict[str, Any]]] = {table.name: [] for table in TABLES}
    for table, row in rows_of(results.parts(), Pages()):
        tables[table.name].append(dict(row))
    return tables


_NS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def sheets(path: Path) -> list[list[dict[int, str | float]]]:
    """A workbook's sheets as rows of cells by column, read as ECMA-376 says (`_x0001_` is a character)."""

    def plain(words: str) -> str:
        return re.sub("_x([0-9A-Fa-f]{4})_", lambda m: chr(int(m[1], 16)), words)

    def text(node: ET.Element) -> str:
        return "".join(plain(t.text or "") for t in node.iter(f"{_NS}t"))

    with zipfile.ZipFile(path) as book:
        found = []
        for number in range(1, 1 + sum(n.startswith("xl/worksheets/sheet") for n in book.namelist())):
            rows: list[dict[int, str | float]] = []
            for row in ET.fromstring(book.read(f"xl/worksheets/sheet{number}.xml")).iter(f"{_NS}row"):
                rows.append({})
                for cell in row:
                    assert cell.find(f"{_NS}f") is None
                    value = cell.find(f"{_NS}v")
                    if value is not None and value.text is not None:
                        rows[-1][_column(cell.attrib["r"])] = float(value.text)
                    elif cell.get("t") == "inlineStr":
                        rows[-1][_column(cell.attrib["r"])] = text(cell)
            found.append(rows)
    return found


def _column(reference: str) -> int:
    number = 0
    for letter in reference.rstrip("0123456789"):
        number = number * 26 + ord(letter) - 64
    return number - 1


def read_workbook(path: Path) -> dict[str, list[dict[str, Any]]]:
    """The tables in a workbook."""
    _overview, *pages = sheets(path)
    rest: dict[int, str] = {}
    for row in pages[len(TABLES)][1:] if len(pages) > len(TABLES) else []:
        number = int(row[0])
        rest[number] = rest.get(number, "") + (restore(str(row.get(2, "")), required=True) or "")

    def value(cell: str | float | None, column: Any) -> Any:
        if column.kind != "text":
            return cell if cell is None or column.kind == "number" else int(cell)
        shown = "" if cell is None else str(cell)
        cut = CONTINUED.search(shown)
        if cut:
            shown = shown[: cut.start()] + rest[int(cut[1])]
        return restore(shown, required=column.required)

    tables = {}
    for table, (_, *rows) in zip(TABLES, pages, strict=False):
        places = {c.name: (at, c) for at, (kind, c) in enumerate(sheet_columns(table)) if kind == "cell"}
        tables[table.name] = [{name: value(row.get(at), c) for name, (at, c) in places.items()} for row in rows]
    return tables
