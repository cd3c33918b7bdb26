"""Goes through the lines of a document and puts its units together."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from typing import Any

from pipeline.outline.breaks import split_lines
from pipeline.outline.columns import last_wrapped, read_printed
from pipeline.outline.headings import (
    AND_SO_ON,
    ENDED,
    OPEN,
    PLAIN_HEADING,
    is_cut,
    is_glued,
    is_headline,
    is_of_list,
    is_plain_heading,
    is_text,
    is_unwrapped,
    listed_lines,
    running_families,
    titles_text,
)
from pipeline.outline.labels import with_labels
from pipeline.outline.lines import BOXED, Line
from pipeline.outline.roles import with_roles
from pipeline.outline.sentences import split_clauses, split_duties, split_items, split_sentences
from pipeline.outline.table_units import TableUnits
from pipeline.outline.tables import Row, align_heads, framed_title, is_header, split_row, strip_markup
from pipeline.outline.tree import Tree
from schemas.document import Unit
from schemas.vocabulary import UnitKind

_NUMBERED_HEADING = 70
_LONGEST_BROKEN = 800
"""A longer unit (in characters) does not go on after a page end; each continuation is split anew."""


class Outliner:
    """One pass over one text."""

    def __init__(self, text: str, furniture: Collection[int] = ()) -> None:
        """`furniture`: numbers, from 1, of lines that the page says of itself."""
        self.text = text
        self.units: list[Unit] = []
        self.tree = Tree()
        self.lines = lines = split_lines(text, frozenset(furniture))
        self.running, self.unwrapped = running_families(text, lines), is_unwrapped(text, lines)
        self.listed, self.tables = listed_lines(text, lines), TableUnits(text)
        self.box: int | None = None
        self.box_filled = False
        self.outside_box: list[tuple[str, int, int]] = []
        self.at, self.blank, self.page_end = 0, 0, False
        self.open_unit: int | None = None
        self.paragraph: tuple[int, int] | None = None

    def run(self) -> tuple[Unit, ...]:
        """All units, in text order."""
        i = 0
        while i < len(self.lines):
            i = self._step(i)
        self._flush_paragraph()
        return tuple(with_labels(self.text, with_roles(self.text, self.units)))

    def _step(self, i: int) -> int:
        """Handle line `i`; returns the index of the next line to look at."""
        self.at, line = i, self.lines[i]
        if line.kind == "page" and not self.blank and self.open_unit is not None:
            self._flush_paragraph()
            self.page_end = True  # the page number stands between two halves of a line
            return i + 1
        if line.kind == "blank" or line.kind in ("rule", "page"):
            self._blank_line()
            return i + 1
        if line.kind == "table":
            return self._table(i)
        if line.kind == "text" and (printed := read_printed(self.text, self.lines, i)) is not None:
            self._flush_paragraph()
            self._put_rows(printed[0])
            return printed[1]
        if line.kind == "boxed":
            return self._boxed(i)
        if line.kind == "text":
            i = self._text_line(i)
        else:
            self._flush_paragraph()
            _MARKED[line.kind](self, line)
        self.blank, self.page_end = 0, False
        return i + 1

    def _blank_line(self) -> None:
        self.blank += 1
        if self.box is not None and self.box_filled:
            self._close_box()
        self._flush_paragraph()

    def _close_box(self) -> None:
        """What stood before the box goes on after it."""
        if self.box is not None:
            self.box, self.tree.bullets = None, self.outside_box

    # -- adding ------------------------------------------------------------------------------------

    def _add(self, kind: UnitKind, start: int, end: int, **place: Any) -> int:
        start, end = strip_markup(self.text, start, end)
        while end > start and self.text.endswith("**", start, end) and self.text.count("**", start, end) % 2:
            start, end = strip_markup(self.text, start, end - 2)
        index = len(self.units)
        if "headings" not in place:
            place["headings"] = self._path()
        self.units.append(Unit(index=index, kind=kind, start=start, end=max(start, end), **place))
        if self.box is not None and kind is not UnitKind.BOX:
            self.box_filled = True
        return index

    def _path(self) -> tuple[int, ...]:
        return self.tree.path() + ((self.box,) if self.box is not None else ())

    def _heading(self, family: str, mark: str, start: int, end: int) -> int:
        self.box, self.open_unit = None, None
        self.tables.end()
        path, level = self.tree.open_heading(family, len(self.units))
        return self._add(
            UnitKind.HEADING, start, end, headings=path, parent=path[-1] if path else None, level=level, marker=mark,
            family=family,
        )  # fmt: skip

    def _extend(self, index: int, end: int) -> None:
        """The unit goes on to `end`: over a line break, or a page end with what stands there."""
        start, end = strip_markup(self.text, self.units[index].start, end)  # one of a tag alone has white space there
        self.units[index] = self.units[index].model_copy(update={"start": start, "end": end})
        itemised = self.units[index].kind in (UnitKind.BULLET, UnitKind.NOTE)
        if itemised and all(u.parent == index and u.kind is UnitKind.ITEM for u in self.units[index + 1 :]):
            del self.units[index + 1 :]  # its marked items may go on in this line
            self._items(index)

    def _continues(self, index: int | None) -> bool:
        """Whether the unit is cut off in mid-phrase, so that what comes after a page end belongs to it."""
        if index is None:
            return False
        start, end = self.units[index].start, self.units[index].end
        if end - start > _LONGEST_BROKEN or AND_SO_ON.search(self.text, max(start, end - 12), end):
            return False
        return OPEN.search(self.text, max(start, end - 12), end) is not None

    # -- marked lines --------------------------------------------------------------------------------

    def _number(self, line: Line) -> None:
        """A numbered line: a heading if it is short, a heading with a glued text, or else an item."""
        body = self.text[line.body : line.end].strip().rstrip("*").strip()
        hashed = line.mark.startswith("#")
        first = split_sentences(self.text, line.body, line.end)[0] if body else (line.body, line.end)
        bulleted = line.mark[:1] in "-*ㅇ○□•" and not hashed
        if line.family in ("latin_letter", "latin_roman"):
            self._bullet(line)
            return
        in_list = (self.box is not None and bulleted) or self.at in self.listed  # `- ①` in a box is one of its lines
        glued = line.family not in self.running and is_glued(self.text, first, line)
        if line.family in ("han", "han_bracket", "han_number") and glued:
            self._heading(line.family, line.mark, first[0], first[1])
            self.paragraph = (first[1], line.end)
        elif not in_list and (
            hashed
            or line.bold
            or (
                len(body) <= (PLAIN_HEADING if bulleted else _NUMBERED_HEADING)
                and not re.search(r"다\.$", body)
                and not (line.family in self.running and body.endswith("。"))
            )
        ):
            self.open_unit = self._heading(line.family, line.mark, line.body, line.end)
        elif (
            line.family in ("han", "han_bracket", "han_number", "dot_number", "round_number")
            and len(split_sentences(self.text, line.body, line.end)) > 1
        ):
            self.paragraph = (line.body, line.end)
        else:
            self._bullet(line)

    def _glyph(self, line: Line) -> None:
        if line.family == "star" and not is_of_list(self.text, self.lines, self.at):
            self._note(line)
        elif line.family == "box" and titles_text(self.text, self.lines, self.at):
            self.open_unit = self._heading("box", line.mark, line.body, line.end)
        elif (
            self.open_unit is not None
            and line.family == "dash"
            and self.blank
            and self._continues(self.open_unit)
            and self.text[line.body] not in "(（[【"
        ):
            self._extend(self.open_unit, line.end)
        else:
            self._bullet(line)

    def _bullet(self, line: Line) -> None:
        if is_text(self.text, line):
            self.paragraph = (line.body, line.end)
            return
        index = len(self.units)
        parent, level = self.tree.open_bullet(line.family, line.indent, index)
        if self.box is not None and (parent is None or parent < self.box):
            parent = self.box
        self._add(
            UnitKind.BULLET, line.body, line.end, parent=parent, level=level, marker=line.mark, family=line.family
        )
        self.open_unit = index
        self._items(index)

    def _note(self, line: Line) -> None:
        parent = self.box if self.box is not None and not self.tree.bullets else self.tree.parent()
        self.open_unit = self._add(
            UnitKind.NOTE, line.body, line.end, parent=parent, level=len(self.tree.bullets) + 1, marker=line.mark,
            family=line.family,
        )  # fmt: skip
        self._items(self.open_unit)

    def _items(self, index: int) -> None:
        unit = self.units[index]
        first, glyph = unit.start, unit.marker[-1:]
        if glyph and self.text.find(glyph, unit.start, unit.end) >= 0:
            # `▲ … ▲ …`: the line's own mark is the first of its items.
            mark = self.text.rfind(glyph, max(0, unit.start - 3), unit.start)
            first = mark if mark >= 0 else unit.start
        for start, end in split_items(self.text, first, unit.end):
            self._add(
                UnitKind.ITEM, max(start, unit.start), end, parent=index, level=unit.level + 1, headings=unit.headings
            )

    # -- lines without a mark ---------------------------------------------------------------------------

    def _caption(self, line: Line) -> None:
        self._close_box()
        self.box_filled = False
        self.tables.end()
        self.outside_box, self.tree.bullets = self.tree.bullets, []
        inner = re.match(r"\s*[〈<＜〔]\s*(?:※\s*)?", self.text[line.start : line.end])
        start = line.start + (inner.end() if inner else 0)
        end = line.start + len(self.text[line.start : line.end].rstrip()) - 1
        self.open_unit = None
        marker = self.text[line.start : start].strip()
        self.box = self._add(UnitKind.BOX, start, end, parent=self._outer(), level=1, marker=marker)

    def _references(self, line: Line) -> None:
        self._heading("references", "", line.start, line.end)

    def _url(self, line: Line) -> None:
        start = re.search(r"https?:|www\.", self.text[line.start : line.end])
        end = line.start + len(self.text[line.start : line.end].rstrip().rstrip(">"))
        parent = len(self.units) - 1 if self.units else None
        self._add(UnitKind.LINK, line.start + (start.start() if start else 0), end, parent=parent)
        self.open_unit = None

    def _source(self, line: Line) -> None:
        self._add(UnitKind.LINK, line.body, line.end, parent=self.box if self.box is not None else self.tree.parent())
        self.open_unit = None

    def _field(self, line: Line) -> None:
        self._add(UnitKind.FURNITURE, line.body, line.end, parent=None)
        self.open_unit = None

    def _cover(self, line: Line) -> None:
        """Days and names of bodies: lines that follow each other are one unit, and they stand under no heading."""
        if self.at and self.lines[self.at - 1].kind == "cover":
            self._extend(len(self.units) - 1, line.end)
        else:
            self._add(UnitKind.SENTENCE, line.body, line.end, headings=(), level=1, role="cover")
        self.open_unit = None

    def _boxed(self, i: int) -> int:
        """A number alone on its line belongs to the title that follows (`02` / `광저우, …`)."""
        self._flush_paragraph()
        match = BOXED.match(self.text[self.lines[i].start : self.lines[i].end])
        mark = match["mark"] if match else ""
        j = i + 1
        while j < len(self.lines) and self.lines[j].kind in ("blank", "rule"):
            j += 1
        title = self.lines[j] if j < len(self.lines) else None
        if title is None or title.kind not in ("text", "caption") or title.end - title.body > 120:
            self._add(UnitKind.FURNITURE, self.lines[i].body, self.lines[i].end)
            return i + 1
        self._heading(self._frame_of(mark), mark, title.body, title.end)
        self.blank = 0
        return j + 1

    def _frame_of(self, mark: str) -> str:
        """The family of a title's number that stands in a box of its own."""
        if mark.isdigit() and any(f == "padded" for f, _, _ in self.tree.headings):
            return "padded"  # 08, 09, 10: the same numbering
        return "padded" if mark.startswith("0") else "boxed" if mark.isdigit() else "roman"

    def _text_line(self, i: int) -> int:
        """A line without a mark: the rest of what stands above, a heading, or part of a paragraph; the last line used."""
        line, boxed = self.lines[i], self.box is not None
        headline = is_headline(self.text, self.lines, i, boxed, self.unwrapped)
        if self.paragraph is not None and not self.blank and not headline:
            self.paragraph = (self.paragraph[0], line.end)
            return i
        previous = self.open_unit
        if self.paragraph is None and previous is not None and self._goes_on(previous, line):
            i = i if self.units[previous].kind is UnitKind.SENTENCE else last_wrapped(self.text, self.lines, i)
            self._resume(previous, self.lines[i])
            return i
        self._flush_paragraph()
        self.paragraph = (line.body, line.end)
        if headline or is_plain_heading(self.text, self.lines, i, boxed):
            self.paragraph = None
            self.open_unit = self._heading("plain", "", line.body, line.end)
        return i

    def _goes_on(self, previous: int, line: Line) -> bool:
        """Whether an unmarked line carries on the unit above: wrapped, cut by a page end, or left in mid-phrase."""
        unit = self.units[previous]
        words = self.text[unit.start : unit.end]
        if unit.kind is UnitKind.HEADING:  # a numbered item as long as a line may be wrapped; a title is not
            numbered = unit.marker[:1] not in ("", "#") and unit.marker.strip("-ㅇ○□ ")[:1] not in "ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ0"
            return numbered and not self.blank and is_cut(words, self.text[line.body : line.end].strip())
        if not self.blank or self.page_end:
            return not ENDED.search(words)
        return self._continues(previous)

    def _resume(self, index: int, line: Line) -> None:
        """A sentence is split anew with its continuation; any other unit just grows."""
        unit = self.units[index]
        if unit.kind is UnitKind.SENTENCE:
            del self.units[index:]
            self.open_unit, self.paragraph = None, (unit.start, line.end)
        else:
            self._extend(index, line.end)

    def _flush_paragraph(self) -> None:
        """The gathered paragraph becomes sentences, with their clauses and marked items."""
        if self.paragraph is None:
            return
        start, end = self.paragraph
        self.paragraph = None
        for a, b, duty in split_duties(self.text, start, end):
            kind, role = (UnitKind.NOTE, "duty") if duty else (UnitKind.SENTENCE, "")
            index = self._add(kind, a, b, parent=self._outer(), level=1, role=role)
            self.open_unit = index
            if not duty:
                self._parts(index)

    def _parts(self, index: int) -> None:
        unit = self.units[index]
        items = split_items(self.text, unit.start, unit.end)
        kind = UnitKind.ITEM if items else UnitKind.CLAUSE
        for start, end in items or split_clauses(self.text, unit.start, unit.end):
            self._add(kind, start, end, parent=index, level=2, headings=unit.headings)

    # -- tables ------------------------------------------------------------------------------------------

    def _table(self, i: int) -> int:
        """A block of table lines; returns the index behind it. A header repeated after a page end is furniture."""
        self._flush_paragraph()
        rows, j = [], i
        while j < len(self.lines) and self.lines[j].kind in ("table", "rule"):
            if self.lines[j].kind == "table":
                rows.append(split_row(self.text, self.lines[j].start, self.lines[j].end))
            j += 1
        rows = [r for r in rows if r.end > r.start]
        if self.blank and (framed := framed_title(self.text, rows)) is not None:
            self._heading(self._frame_of(framed[0]), framed[0], *framed[1])
        else:
            self._put_rows(rows)
        return j

    def _put_rows(self, rows: Sequence[Row]) -> None:
        for k, row in enumerate(rows := align_heads(self.text, rows)):
            following = rows[k + 1] if k + 1 < len(rows) else None
            if self.tables.repeats_header(row):
                self._add(UnitKind.FURNITURE, row.start, row.end)
                self.box = self.box if self.box is not None else self.tables.box  # it goes on over the page end
            elif is_header(self.text, row, following) if k == 0 else self.tables.goes_on(rows[k - 1], row, following):
                self.tables.put_header(self._add, row, self._outer(), self.box, second=k > 0)
            else:
                self.tables.put_row(self._add, row, self._outer())
        self.blank, self.open_unit = 0, None

    def _outer(self) -> int | None:
        """What running text, a table or a box stands under."""
        return self.box if self.box is not None else self.tree.headings[-1][2] if self.tree.headings else None


_MARKED: dict[str, Callable[[Outliner, Line], None]] = {
    "number": Outliner._number,
    "glyph": Outliner._glyph,
    "note": Outliner._note,
    "caption": Outliner._caption,
    "references": Outliner._references,
    "url": Outliner._url,
    "source": Outliner._source,
    "field": Outliner._field,
    "cover": Outliner._cover,
}
"""What becomes of a line, by its kind."""
