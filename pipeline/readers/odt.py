"""OpenDocument text (`.odt`): paragraphs, headings, lists with their numbers, tables, notes, text boxes.

Vocabulary: OpenDocument 1.3, part 3.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pipeline.readers.lines import Cell, Converted, Lines, Unreadable, bullet, note_mark, number, unmerge
from pipeline.readers.packed import Package, local, parse, whole

_AROUND = frozenset(
    ("section", "index-body", "table-of-content", "illustration-index", "table-index", "numbered-paragraph", "frame",
     "text-box")
)  # fmt: skip
_SPACES = {"tab": "\t", "line-break": "\n"}
_NOT_SHOWN = frozenset({"annotation", "annotation-end", "tracked-changes", "bookmark", "hidden-text", "ruby-text"})
_FORMS = {
    "a": "lowerLetter",
    "A": "upperLetter",
    "i": "lowerRoman",
    "I": "upperRoman",
    "가": "ganada",
    "①": "circledDigit",
}
_MOST_SPACES = 200


def odt(raw: bytes) -> Converted:
    """The text of an OpenDocument text. Raises `Unreadable`."""
    body, reader = open_odf(raw, "text")
    reader.walk(body)
    reader.lines.notes(reader.notes)
    return Converted(reader.lines.text())


def open_odf(raw: bytes, kind: str) -> tuple[Any, OdfReader]:
    """The body of an OpenDocument of this kind (`text`, `spreadsheet`, `presentation`) and a reader of its parts.

    Raises `Unreadable`.
    """
    package = Package(raw)
    if b"encryption-data" in (package.part("META-INF/manifest.xml") or b""):
        raise Unreadable("is protected by a password; open it with its password and save it without")
    content = parse(package.part("content.xml"))
    body = next((e for e in content.iter() if local(e) == kind), None) if content is not None else None
    if body is None:
        raise Unreadable(f"is no OpenDocument {kind}; open it in an office program and save it again")
    return body, OdfReader([content, parse(package.part("styles.xml"))])


class OdfReader:
    """Reads the paragraphs, lists and tables of an OpenDocument into lines."""

    def __init__(self, roots: list[Any]) -> None:
        self.roots = [root for root in roots if root is not None]
        self.lines = Lines()
        self.notes: list[str] = []
        self._boxes: list[Any] = []
        """Text boxes that are anchored in the paragraph at hand."""
        self._lists: dict[str, dict[int, Any]] = {}
        for style in (e for root in self.roots for e in root.iter() if local(e) == "list-style"):
            self._lists[attribute(style, "name")] = {whole(attribute(lv, "level"), 1): lv for lv in style if local(lv)}

    def walk(self, parent: Any) -> None:
        """Paragraphs, headings, lists and tables in order."""
        for element in parent:
            name = local(element)
            if name in ("p", "h"):
                self._paragraph(element, "")
            elif name == "list":
                self._list(element, "", 1)
            elif name == "table":
                self._table(element)
            elif name in _AROUND:
                self.walk(element)

    def _paragraph(self, element: Any, mark: str) -> None:
        text = self._words(element)
        if local(element) == "h" and text.strip():
            self.lines.heading(whole(attribute(element, "outline-level"), 1), f"{mark}{text}".strip())
        elif text.strip() or not self._boxes:
            self.lines.line(mark + text if text.strip() else text)
        boxes, self._boxes = self._boxes, []
        for box in boxes:
            self.walk(box)

    def _list(self, element: Any, style: str, level: int, above: tuple[str, ...] = ()) -> None:
        """A list's items with their marks, indented by level; `above`: the numbers of the items that it stands in."""
        style = attribute(element, "style-name") or style
        form = self._lists.get(style, {}).get(level)
        at = whole(attribute(form, "start-value"), 1) if form is not None else 1
        for item in element:
            marked = local(item) == "list-item"
            at = whole(attribute(item, "start-value"), at)
            for part in item:
                if local(part) == "list":
                    self._list(part, style, level + 1, (*above, _number(form, at)))
                elif local(part) in ("p", "h"):
                    self._paragraph(part, self._mark(form, at, level, above) if marked else "")
                    marked = False
                else:
                    self.walk([part])
            at += local(item) == "list-item"

    def _mark(self, form: Any, at: int, level: int, above: tuple[str, ...]) -> str:
        indent = "  " * (level - 1)
        if form is None or local(form) == "list-level-style-bullet":
            return f"{indent}{bullet(attribute(form, 'bullet-char') if form is not None else '•')} "
        shown = _number(form, at)
        if (
            shown and (levels := whole(attribute(form, "display-levels"), 1)) > 1
        ):  # 2.1: the numbers above, whatever theirs
            shown = ".".join([*(n for n in above[-(levels - 1) :] if n), shown])
        printed = f"{attribute(form, 'num-prefix')}{shown}{attribute(form, 'num-suffix')}"
        return f"{indent}{printed} " if printed.strip() else ""

    def _words(self, element: Any) -> str:
        text = _collapsed(element.text)
        for part in element:
            name = local(part)
            if name == "s":
                text += " " * min(whole(attribute(part, "c"), 1), _MOST_SPACES)
            elif name in _SPACES:
                text += _SPACES[name]
            elif name == "note":
                body = next((e for e in part if local(e) == "note-body"), part)
                self.notes.append(" ".join(self._words(p) for p in body if local(p) == "p").strip())
                text += note_mark(len(self.notes))
            elif name == "text-box":
                self._boxes.append(part)
            elif name and name not in _NOT_SHOWN:
                text += self._words(part)
            text += _collapsed(part.tail)
        return text

    def _table(self, table: Any) -> None:
        rows = [[c for c in row if local(c) == "table-cell"] for row in rows_of(table)]
        if max(map(len, rows), default=0) == 1:  # a box around lines
            self.lines.blank()
            for row in rows:
                self.walk(row[0])
            self.lines.blank()
            return
        self.lines.table(unmerge([[self._cell(cell) for cell in row] for row in rows]))

    def _cell(self, cell: Any) -> Cell:
        words = self.inside(cell)
        down, across = (whole(attribute(cell, f"number-{kind}-spanned"), 1) for kind in ("rows", "columns"))
        return Cell(
            " ".join(words.split()), down, max(across, min(whole(attribute(cell, "number-columns-repeated"), 1), 50))
        )

    def inside(self, parent: Any) -> str:
        """The paragraphs of a cell, those in lists, tables and boxes inside it included."""
        words = ""
        for element in parent:
            if local(element) in ("p", "h"):
                words += f" {self._words(element)}"
                boxes, self._boxes = self._boxes, []
                words += "".join(self.inside(box) for box in boxes)
            elif local(element) not in _NOT_SHOWN:
                words += f" {self.inside(element)}"
        return words


def _number(form: Any, at: int) -> str:
    """The bare number of a list's item; empty where its level prints none."""
    kind = attribute(form, "num-format") if form is not None else ""
    return number(_FORMS.get(kind[:1], "decimal"), at) if kind else ""


def _collapsed(text: str | None) -> str:
    return re.sub(r"[ \t\r\n]+", " ", text or "")


def rows_of(table: Any) -> Iterator[Any]:
    """The rows of a table, those of its head and its groups too."""
    for element in table:
        if local(element) == "table-row":
            yield element
        elif local(element) in ("table-header-rows", "table-rows", "table-row-group"):
            yield from rows_of(element)


def attribute(element: Any, name: str) -> str:
    """An attribute by its name without the namespace; empty where there is none."""
    return next((str(v) for k, v in element.attrib.items() if k.rsplit("}", 1)[-1] == name), "")
