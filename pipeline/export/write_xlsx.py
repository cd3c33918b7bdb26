"""Tables as a workbook to be read: labels, frozen headings, filters, and links back to the source.

Text is written as text, never as a formula or an address. What no cell can hold (32,767 UTF-16 units; the few texts
that the library would garble) goes on in a last sheet: a cell that is cut ends in the number of its rest there.
"""

from __future__ import annotations

import datetime as dt
import io
import itertools
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pipeline.export.columns import TABLES, Cell, Column, Row, Table, Tables
from pipeline.export.neutralise import neutralise
from schemas.errors import UsageError
from schemas.vocabulary import (
    ActionStatus,
    Comparator,
    DocumentType,
    GovernmentLevel,
    Instrument,
    InstrumentCategory,
    ReferenceKind,
    Role,
    Status,
    Term,
)

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

FILE = "pams.xlsx"
WHOLE = 32_700
"""UTF-16 units of a text that are put into one cell; a spreadsheet holds 32,767."""
MOST_ROWS = 1_048_575
MOST_LINKS = 65_530
"""Of a sheet; later rows have their citation without a link."""

CONTINUED = re.compile(r" \[…(\d+)\]\Z")
"""How a cell ends that goes on in the last sheet, and no other."""
# A workbook has `_x0001_` for a character that XML lacks, and `_x005F_` for the underscore of such words in a text. The
# library overlooks that underscore where two of them touch.
_OVERLAP = re.compile(r"_x[0-9A-Fa-f]{4}(?=_x[0-9A-Fa-f]{4}_|[\x00-\x08\x0b-\x1f\ufffe\uffff])")

_TERMS: Mapping[tuple[str, str], type[Term]] = {
    ("policies", "document_type"): DocumentType,
    ("policies", "status"): Status,
    ("policies", "government_level"): GovernmentLevel,
    ("measures", "instrument"): Instrument,
    ("measures", "instrument_category"): InstrumentCategory,
    ("measures", "action_status"): ActionStatus,
    ("targets", "comparator"): Comparator,
    ("organisations", "role"): Role,
    ("references", "kind"): ReferenceKind,
}
"""Columns with a column of labels behind them."""

_SOURCE = Column("source", "text", "출처", "source", "")
_OWNER = Column("policy", "text", "정책", "policy", "")
_REST = {"ko": ("이어짐", "번호", "차례", "나머지"), "en": ("Continued", "number", "part", "rest")}


def as_xlsx(tables: Tables, language: str, texts: Mapping[str, str]) -> dict[str, Iterable[bytes]]:
    """File name and its bytes. `texts`: by document, the address of its text relative to the workbook.

    Raises `UsageError` where a table has more rows than a sheet holds.
    """
    from xlsxwriter.workbook import Workbook

    out = io.BytesIO()
    book = Workbook(out, {"in_memory": True})
    # The same records make the same bytes: no time of writing in the file.
    book.set_properties({"created": dt.datetime(2000, 1, 1)})
    writer = _Writer(book, language, texts, tables)
    for table in TABLES:
        writer.sheet(table)
    writer.continued()
    book.close()
    return {FILE: [out.getvalue()]}


def sheet_columns(table: Table) -> list[tuple[str, Column]]:
    """What a sheet shows, from left to right: `source`, `policy` (links), `cell` or `label`, and of which column."""
    links = {"policies": [("source", _SOURCE)], "measures": [("policy", _OWNER), ("source", _SOURCE)]}
    links["targets"] = links["measures"]
    shown = links.get(table.name, [])[:]
    for column in table.columns:
        shown.append(("cell", column))
        if (table.name, column.name) in _TERMS:
            shown.append(("label", column))
    return shown


@dataclass
class _Writer:
    book: Workbook
    language: str
    texts: Mapping[str, str]
    tables: Tables
    rest: list[tuple[int, int, str]] = field(default_factory=list)
    """What cells could not hold: number of the cell, part, words."""

    def __post_init__(self) -> None:
        look: dict[str, Any] = {"valign": "top"}
        self.plain = self.book.add_format(look)
        self.wrapped = self.book.add_format({**look, "text_wrap": True})
        self.quoted = self.book.add_format({**look, "text_wrap": True, "quote_prefix": True})
        self.link = self.book.add_format({**look, "text_wrap": True, "font_color": "#0563C1", "underline": 1})
        self.head = self.book.add_format({**look, "bold": True, "text_wrap": True, "bg_color": "#E7EDF3", "bottom": 1})
        self.places = {row["id"]: at for at, row in enumerate(self.tables["policies"], 2)}
        self.owners = {row["id"]: row for row in self.tables["policies"]}

    def sheet(self, table: Table) -> None:
        """One table as a sheet."""
        rows, columns = self.tables[table.name], sheet_columns(table)
        if len(rows) > MOST_ROWS:
            raise UsageError(
                f"{table.name}: {len(rows):,} rows are more than a sheet holds ({MOST_ROWS:,}); "
                "export csv, parquet or sqlite"
            )
        sheet = self._begin(table.label(self.language), len(rows), [self._heading(*c) for c in columns])
        for at, (kind, column) in enumerate(columns):
            fold = {"level": 1, "hidden": True} if column.folded else {}
            sheet.set_column(at, at, _width(kind, column), self.plain, fold)
        links = 0
        for number, row in enumerate(rows, 1):
            for at, (kind, column) in enumerate(columns):
                if kind in ("source", "policy"):
                    links += self._link(sheet, number, at, links, *self._target(kind, row))
                elif kind == "label":
                    self._text(sheet, number, at, self._label(table, column, row[column.name]))
                else:
                    self._cell(sheet, number, at, column, row[column.name])

    def continued(self) -> None:
        """The sheet of what cells could not hold, if there is any."""
        name, *headings = _REST[self.language]
        if not self.rest:
            return
        if len(self.rest) > MOST_ROWS:
            raise UsageError("the texts are too long for a workbook; export csv, parquet or sqlite")
        sheet = self._begin(name, len(self.rest), headings)
        sheet.set_column(2, 2, 100)
        for number, (cell, part, text) in enumerate(self.rest, 1):
            sheet.write_number(number, 0, cell)
            sheet.write_number(number, 1, part)
            self._text(sheet, number, 2, text)

    def _begin(self, name: str, rows: int, headings: list[str]) -> Worksheet:
        sheet: Worksheet = self.book.add_worksheet(name)
        for at, heading in enumerate(headings):
            sheet.write_string(0, at, heading, self.head)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, rows, len(headings) - 1)
        sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
        return sheet

    def _heading(self, kind: str, column: Column) -> str:
        name = column.ko if self.language == "ko" else column.en
        return f"{name} ({'표시' if self.language == 'ko' else 'label'})" if kind == "label" else name

    def _label(self, table: Table, column: Column, value: Cell) -> str:
        terms = {str(term): term for term in _TERMS[table.name, column.name]}
        return terms[str(value)].label(self.language) if value is not None else ""

    def _cell(self, sheet: Worksheet, row: int, at: int, column: Column, cell: Cell) -> None:
        if isinstance(cell, str):
            self._text(sheet, row, at, cell, required=column.required)
        elif cell is not None:
            sheet.write_number(row, at, cell, self.plain)

    def _text(self, sheet: Worksheet, row: int, at: int, text: str, *, required: bool = True) -> None:
        shown = neutralise(text, required=required)
        if not shown:
            return
        pieces = _pieces(shown)
        if len(pieces) > 1:
            number = self.rest[-1][0] + 1 if self.rest else 1
            self.rest += [(number, part, words) for part, words in enumerate(pieces[1:], 1)]
            pieces = [f"{pieces[0]} […{number}]"]
        sheet.write_string(row, at, pieces[0], self.wrapped if shown == text else self.quoted)

    def _target(self, kind: str, row: Row) -> tuple[str | None, str]:
        """The address and the words of a link."""
        owner = self.owners.get(row["policy_id"] if "policy_id" in row else row["id"], {})
        document = str(owner.get("document"))
        if kind == "policy":
            sheet = next(t for t in TABLES if t.name == "policies").label(self.language)
            place = self.places.get(row["policy_id"])
            title = owner.get("title") or owner.get("announcement") or ""
            return f"internal:'{sheet}'!A{place}" if place else None, str(title)[:200]
        address = self.texts.get(document)
        page = f"p. {row['page']}" if row["page"] is not None else None
        line = f"line {row['line']}" if row["line"] is not None else None
        return f"external:{address}" if address else None, ", ".join(p for p in (document, page, line) if p)

    def _link(self, sheet: Worksheet, row: int, at: int, links: int, address: str | None, words: str) -> int:
        """Writes a link, or its words alone; 1 if it is a link."""
        plain = "".join(c if c.isprintable() else " " for c in words)
        if address is None or links >= MOST_LINKS or len(_pieces(plain)) != 1:
            self._text(sheet, row, at, plain)
            return 0
        sheet.write_url(row, at, address, self.link, neutralise(plain))
        return 1


def _pieces(text: str) -> list[str]:
    """A text in the pieces that cells can hold; most texts are one."""
    if len(text) <= WHOLE // 2 and "_x" not in text and text[-1:] not in ("]", ">"):
        return [text]
    cuts = [0, *(found.end() for found in _OVERLAP.finditer(text)), len(text)]
    pieces = [piece for start, end in itertools.pairwise(cuts) for piece in _short(text[start:end])]
    whole = [part for piece in pieces for part in ((piece[:-1], piece[-1]) if _is_markup(piece) else (piece,))]
    return [text[:-1], text[-1]] if len(whole) == 1 and CONTINUED.search(text) else whole


def _short(text: str) -> Iterator[str]:
    """Pieces of at most `WHOLE` units; a character of two units is not cut."""
    while len(text) > WHOLE // 2:
        piece = text[:WHOLE].encode("utf-16-le")[: 2 * WHOLE].decode("utf-16-le", errors="ignore")
        yield piece
        text = text[len(piece) :]
    if text:
        yield text


def _is_markup(text: str) -> bool:
    """What the library would write as markup of its own, unescaped."""
    return text.startswith("<r>") and text.endswith("</r>")


def _width(kind: str, column: Column) -> int:
    """Of a column, in characters."""
    if column.folded or column.kind != "text":
        return 10
    if kind in ("source", "policy"):
        return 28
    wide = {"text": 70, "announcement": 50, "objective": 50, "title": 40, "indicator": 40, "heading": 30, "url": 40}
    return wide.get(column.name, 20)
