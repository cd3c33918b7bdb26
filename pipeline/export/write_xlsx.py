"""Tables as a workbook to be read: an overview to print, labels, frozen headings, filters, links back to the source.

Text is written as text, never as a formula or an address. What no cell can hold (32,767 UTF-16 units; the few texts
that the library would garble) goes on in a last sheet: a cell that is cut ends in the number of its rest there.
"""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.export.columns import TABLES, Cell, Column, Row, Table
from pipeline.export.neutralise import neutralise
from pipeline.export.overview import HEADINGS, NAMES, WIDTHS, Entry, height
from schemas.errors import UsageError
from schemas.vocabulary import (
    ActionStatus,
    Comparator,
    DocumentType,
    Flag,
    GovernmentLevel,
    Instrument,
    InstrumentCategory,
    ReferenceKind,
    Role,
    Status,
    TargetGroup,
    TechnologyField,
    Term,
)

if TYPE_CHECKING:
    from xlsxwriter.format import Format
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
    ("budgets", "comparator"): Comparator,
    ("organisations", "role"): Role,
    ("references", "kind"): ReferenceKind,
    ("policies", "technology_fields"): TechnologyField,
    ("measures", "technology_fields"): TechnologyField,
    ("measures", "target_groups"): TargetGroup,
    ("policies", "flags"): Flag,
    ("measures", "flags"): Flag,
    ("targets", "flags"): Flag,
    ("budgets", "flags"): Flag,
}
"""Columns of codes, some of lists of codes: labels stand before them, and the codes are folded away."""

_SOURCE = Column("source", "text", "출처", "source", "")
_OWNER = Column("policy", "text", "정책", "policy", "")
_REST = {"ko": ("이어짐", "번호", "차례", "나머지"), "en": ("Continued", "number", "part", "rest")}


def sheet_columns(table: Table) -> list[tuple[str, Column]]:
    """What a sheet shows, from left to right: `source`, `policy` (links), `cell` or `label`, and of which column."""
    links = {"policies": [("source", _SOURCE)], "measures": [("policy", _OWNER), ("source", _SOURCE)]}
    links["targets"] = links["measures"]
    links["budgets"] = [("policy", _OWNER)]
    shown = links.get(table.name, [])[:]
    for column in table.columns:
        if (table.name, column.name) in _TERMS:
            shown.append(("label", column))
        shown.append(("cell", column))
    return shown


class XlsxWriter:
    """One workbook in a folder, row by row: a policy before what belongs to it."""

    def __init__(self, room: Path, language: str, texts: Mapping[str, str]) -> None:
        """`texts`: by document, the address of its text relative to the workbook. Raises `OSError`."""
        from xlsxwriter.workbook import Workbook

        self._language, self._texts = language, texts
        self._book: Workbook = Workbook(room / FILE, {"constant_memory": True, "tmpdir": str(room)})
        # The same records make the same bytes: no time of writing in the file.
        self._book.set_properties({"created": dt.datetime(2000, 1, 1)})
        look: dict[str, Any] = {"valign": "top"}
        add = self._book.add_format
        self._plain, self._wrapped = add(look), add({**look, "text_wrap": True})
        self._quoted = add({**look, "text_wrap": True, "quote_prefix": True})
        self._linked = add({**look, "text_wrap": True, "font_color": "#0563C1", "underline": 1})
        self._head = add({**look, "bold": True, "text_wrap": True, "bg_color": "#E7EDF3", "bottom": 1})
        framed = {**look, "text_wrap": True, "font_size": 10, "border": 1, "border_color": "#B8C4CF"}
        place = {**framed, "font_size": 9, "font_color": "#0563C1", "underline": 1}  # names of files wrap nowhere
        self._framed, self._framed_link = add(framed), add(place)
        self._overview = self._begin_overview()
        self._sheets = {table.name: self._table(table) for table in TABLES}
        self._rest: _Sheet | None = None
        """What cells could not hold: number of the cell, part, words."""
        self._cut = 0
        self._owner: Row = {}
        """The policy to which rows belong now."""
        self._entry: Entry | None = None
        """The same as the overview shows it, once its last row has come."""

    def add(self, table: Table, row: Row) -> None:
        """One row. Raises `UsageError` where a table has more rows than a sheet holds."""
        sheet = self._sheets[table.name]
        number = sheet.next_row(table.name)
        if table.name == "policies":
            self._end_policy()
            self._owner, self._entry = row, Entry(row, self._language)
        elif self._entry is not None:
            self._entry.add(table, row)
        sheet.page.set_row(number, self._height(sheet, row))
        for at, (kind, column) in enumerate(sheet.columns):
            if kind in ("source", "policy"):
                self._link(sheet, number, at, *self._target(kind, row))
            elif kind == "label":
                self._text(sheet, number, at, self._label(table, column, row[column.name]))
            else:
                self._cell(sheet, number, at, column, row[column.name])

    def close(self) -> None:
        """Ends the workbook."""
        self._end_policy()
        for sheet in (*self._sheets.values(), *([self._rest] if self._rest is not None else [])):
            sheet.page.autofilter(0, 0, sheet.rows, sheet.width - 1)
        self._book.close()

    def _table(self, table: Table) -> _Sheet:
        columns = sheet_columns(table)
        sheet = self._begin(table.label(self._language), [self._heading(table, *shown) for shown in columns])
        sheet.columns = columns
        for at, (kind, column) in enumerate(columns):
            fold = {"level": 1, "hidden": True} if column.folded or _is_coded(table, kind, column) else {}
            sheet.page.set_column(at, at, _width(kind, column), self._plain, fold)
        _print_wide(sheet.page)
        return sheet

    def _begin_overview(self) -> _Sheet:
        """The first sheet: as wide as a page, its headings on every one."""
        sheet = self._begin(NAMES[self._language], list(HEADINGS[self._language]))
        for at, width in enumerate(WIDTHS):
            sheet.page.set_column(at, at, width, self._framed)
        _print_wide(sheet.page)
        return sheet

    def _end_policy(self) -> None:
        if self._entry is None:
            return
        for at, cells in enumerate(self._entry.rows()):
            number = self._overview.next_row(NAMES[self._language])
            self._overview.page.set_row(number, height(list(zip(cells, WIDTHS, strict=False))))
            for place, text in enumerate(cells):
                self._text(self._overview, number, place, text, look=self._framed)
            if at == 0:
                self._link(self._overview, number, len(cells), *self._target("source", self._owner), self._framed_link)
        self._entry = None

    def _continue(self, pieces: list[str]) -> int:
        """Puts what a cell cannot hold into the last sheet; the number of that cell there."""
        if self._rest is None:
            name, *headings = _REST[self._language]
            self._rest = self._begin(name, headings)
            self._rest.page.set_column(2, 2, 100)
        self._cut += 1
        for part, text in enumerate(pieces, 1):
            number = self._rest.next_row("the texts that are too long for a cell")
            self._rest.page.write_number(number, 0, self._cut)
            self._rest.page.write_number(number, 1, part)
            self._text(self._rest, number, 2, text)
        return self._cut

    def _begin(self, name: str, headings: list[str]) -> _Sheet:
        page: Worksheet = self._book.add_worksheet(name)
        for at, heading in enumerate(headings):
            page.write_string(0, at, heading, self._head)
        page.freeze_panes(1, 0)
        page.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
        return _Sheet(page, len(headings))

    def _heading(self, table: Table, kind: str, column: Column) -> str:
        name = column.ko if self._language == "ko" else column.en
        return f"{name} ({'코드' if self._language == 'ko' else 'code'})" if _is_coded(table, kind, column) else name

    @staticmethod
    def _height(sheet: _Sheet, row: Row) -> float:
        """Of a row whose long texts are to be seen whole; what is folded away needs none."""
        shown = ((row[c.name], _width(kind, c)) for kind, c in sheet.columns if kind == "cell" and not c.folded)
        return height([(cell[:WHOLE], width) for cell, width in shown if isinstance(cell, str)])

    def _label(self, table: Table, column: Column, value: Cell) -> str:
        terms = {str(term): term for term in _TERMS[table.name, column.name]}
        return "; ".join(terms[code].label(self._language) for code in str(value or "").split(";") if code)

    def _cell(self, sheet: _Sheet, row: int, at: int, column: Column, cell: Cell) -> None:
        if isinstance(cell, str):
            self._text(sheet, row, at, cell, required=column.required)
        elif cell is not None:
            sheet.page.write_number(row, at, cell, self._plain)

    def _text(
        self, sheet: _Sheet, row: int, at: int, text: str, *, required: bool = True, look: Format | None = None
    ) -> None:
        shown = neutralise(text, required=required)
        if not shown:
            return
        pieces = _pieces(shown)
        if len(pieces) > 1:
            pieces = [f"{pieces[0]} […{self._continue(pieces[1:])}]"]
        sheet.page.write_string(row, at, pieces[0], look or (self._wrapped if shown == text else self._quoted))

    def _target(self, kind: str, row: Row) -> tuple[str | None, str]:
        """The address and the words of a link."""
        document = str(self._owner.get("document"))
        if kind == "policy":
            policies = self._sheets["policies"]
            title = self._owner.get("title") or self._owner.get("announcement") or ""
            return f"internal:'{policies.page.get_name()}'!A{policies.rows + 1}", str(title)[:200]
        address = self._texts.get(document)
        page = f"p. {row['page']}" if row["page"] is not None else None
        line = f"line {row['line']}" if row["line"] is not None else None
        return f"external:{address}" if address else None, ", ".join(p for p in (document, page, line) if p)

    def _link(
        self, sheet: _Sheet, row: int, at: int, address: str | None, words: str, look: Format | None = None
    ) -> None:
        """Writes a link, or its words alone."""
        plain = "".join(c if c.isprintable() else " " for c in words)
        if address is None or sheet.links >= MOST_LINKS or len(_pieces(plain)) != 1:
            self._text(sheet, row, at, plain, look=self._framed if look else None)
            return
        sheet.links += 1
        sheet.page.write_url(row, at, address, look or self._linked, neutralise(plain))


@dataclass
class _Sheet:
    """A sheet with what is in it so far."""

    page: Worksheet
    width: int
    columns: list[tuple[str, Column]] = field(default_factory=list)
    rows: int = 0
    """Without the headings."""
    links: int = 0

    def next_row(self, what: str) -> int:
        """The number of the next row. Raises `UsageError` where the sheet holds no more."""
        if self.rows >= MOST_ROWS:
            raise UsageError(f"{what}: more rows than a sheet holds ({MOST_ROWS:,}); export csv, parquet or sqlite")
        self.rows += 1
        return self.rows


def _is_coded(table: Table, kind: str, column: Column) -> bool:
    return kind == "cell" and (table.name, column.name) in _TERMS


def _print_wide(page: Worksheet) -> None:
    """A4 across, all columns on one page's width, the headings and the page's number on each."""
    page.set_landscape()
    page.set_paper(9)
    page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    page.set_footer("&L&A&R&P / &N")


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
