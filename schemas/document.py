"""What a file is turned into before anything is extracted: document, units, articles."""

from __future__ import annotations

import bisect
import datetime as dt
from typing import Literal

from pydantic import BaseModel, ConfigDict

from schemas.vocabulary import UnitKind


class Frozen(BaseModel):
    """Base of all data passed between steps: immutable, unknown fields refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


Format = Literal[
    "text", "markdown", "pdf", "hwp", "hwpx", "hwpml", "docx", "odt", "ods", "odp", "html", "eml",
    "doc", "rtf", "xls", "xlsx", "ppt", "pptx",
]  # fmt: skip
"""What a file is. All but `text` and `markdown` are converted to text first, those of the second
line by LibreOffice to one of the first."""


class Portal(Frozen):
    """What the site that a document came from knew of it, from a list of the user's (`--manifest`).

    None of it stands in the document: it resolves years, is shown beside the records, and fills no field of theirs.
    """

    date: dt.date | None = None
    """The day on which it was put there."""
    publisher: str | None = None
    url: str | None = None
    title: str | None = None


class OcrPage(Frozen):
    """A page that is a picture and was read as one."""

    page: int
    """From 1."""
    confidence: float | None
    """Mean confidence of what was read, by sign, from 0 to 1, as Tesseract gives it; None: not read in its time."""


class PageBox(Frozen):
    """A place on a page, in points from the upper left corner of the page as it is shown."""

    page: int
    """From 1."""
    x0: float
    y0: float
    x1: float
    y1: float


class Document(Frozen):
    """A source file as text. Every offset in every record counts Unicode code points of `text`."""

    name: str
    """Path relative to the input folder, `/` as separator."""
    text: str
    """A text file decoded (a byte-order mark dropped, CRLF turned to LF, nothing else changed), or what the reader of
    its format made of it."""
    sha256: str
    """Of the raw bytes, lower-case hex."""
    encoding: str | None = None
    """Encoding of a text file as it was used: `utf-8`, `utf-8-sig`, `utf-16`, `cp949`, `gb18030`; None where it was
    converted."""
    format: Format = "text"
    reader: str | None = None
    """What converted the file: library, its version, and a hash of our reader; None for text."""
    pages: tuple[int, ...] = ()
    """Offset at which each page begins; empty for formats without pages."""
    hidden: bool = False
    """The file conceals text, or text that it does not show addresses a machine. Such text is not in `text`."""
    text_lost: int = 0
    """Signs, white space aside, that the file shows and `text` has not; counted for PDF, HWP and HWPX."""
    furniture: tuple[int, ...] = ()
    """Lines of the text, from 1, that a page says of itself, as its structure tells: feet, menus, lists of links, the
    head of a Markdown file."""
    portal: Portal | None = None
    """What the site it came from knew of it; None where nobody said."""
    ocr: tuple[OcrPage, ...] = ()
    """Pages that are pictures and were read as such; empty where none was."""

    def page(self, offset: int) -> int | None:
        """The page, from 1, on which this offset lies; None for formats without pages."""
        return bisect.bisect_right(self.pages, offset) or None


UnitRole = Literal["", "header", "references", "profile", "duty", "cover", "furniture"]
"""What a unit is for. `header`: a header row of a table, and its cells. `references`: the heading of a list of sources,
and what stands under it. `profile`: a box of background (`※ 참고`, 개요), and its lines. `duty`: a bracket that names
who is responsible. `cover`: days and names of bodies alone on their lines, on a cover or under a letter. `furniture`:
what the page says of itself and not of its item."""


class Unit(Frozen):
    """The smallest thing that can be pointed at: a heading, bullet, cell, sentence, clause.

    The units of a document form a tree (through `parent`) kept as a list in text order; a unit's span
    leaves out its bullet glyph or number, markup and outer white space, and keeps a leading label.
    """

    index: int
    """Position in the document's list of units, from 0."""
    kind: UnitKind
    start: int
    end: int
    level: int = 0
    """Depth: heading rank for headings (1 = article or higher), nesting depth for bullets, from 1."""
    parent: int | None = None
    """Index of the unit that this one hangs under: parent bullet, table row, sentence of a clause; else the heading."""
    headings: tuple[int, ...] = ()
    """Indexes of the headings above, outermost first."""
    header: tuple[int, ...] = ()
    """For table cells: indexes of the header cells of the same column (and row name)."""
    marker: str = ""
    """Bullet glyph, number or label mark as printed: `-`, `※`, `1)`, `①`."""
    family: str = ""
    """Kind of the mark, as `pipeline.outline.lines` names it: `dash`, `box`, `roman`, `dot_number`, `hash##`; `plain`
    for a heading without a mark, `references` for that of a list of sources; empty for units that no mark opens."""
    label: tuple[int, int] | None = None
    """Offsets of the words of a bracket label that the unit opens with (`(인력 양성) …`), brackets left out."""
    role: UnitRole = ""
    """What the unit is for, where the layout tells."""


class ArticleUnit(Frozen):
    """A unit as an article numbers it: `id` is `"7"`, or `"7.2"` for a part of unit 7 (a clause, a marked item)."""

    id: str
    unit: Unit


ArticleKind = Literal["item", "short_news", "summary", "contents", "imprint", "section", "whole"]


class Article(Frozen):
    """One item of news or policy: what is asked about at once. Ids count from 1 within the article."""

    document: str
    number: int
    """Position in the document, from 1."""
    kind: ArticleKind
    """Only `item`, `short_news` and `whole` are asked about; a `summary` gives secondary evidence; `contents`,
    `imprint` and `section` (the headings and covers between items) give nothing."""
    start: int
    end: int
    units: tuple[ArticleUnit, ...]
    issue_date: dt.date | None = None
    """Date of the document's own imprint, against which dates without a year are resolved."""
    issue_year: int | None = None
    """Year that the document's head names where it names no date (`2025년 제21호`); a printed day of a month is its."""
    prose: bool = False
    """True where the article has hardly any layout: sentences and clauses are the units."""

    @property
    def asked(self) -> bool:
        """Whether anything is asked about articles of this kind."""
        return self.kind in ("item", "short_news", "whole")

    def unit(self, unit_id: str) -> Unit | None:
        """The unit with this id, or None."""
        return next((u.unit for u in self.units if u.id == unit_id), None)
