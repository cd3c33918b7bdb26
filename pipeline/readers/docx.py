"""Word (DOCX, DOCM): paragraphs and tables of the main part, with automatic numbers and footnotes; macros are not read.

Vocabulary: WordprocessingML, ISO/IEC 29500-1, chapter 17, with the names of its transitional form; those of the strict
form are turned into them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pipeline.readers.lines import Cell, Converted, Lines, Unreadable, bullet, names_issuer, note_mark, number, unmerge
from pipeline.readers.packed import Package, local, parse, whole

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_NOT_SHOWN = frozenset({"del", "moveFrom", "Fallback", "txbxContent", "instrText", "delText", "pPr", "rPr"})
_AROUND = frozenset({"sdt", "sdtContent", "ins", "smartTag", "customXml", "moveTo"})


def docx(raw: bytes) -> Converted:
    """The text of a Word document. Raises `Unreadable`."""
    parts = _Parts(Package(raw))
    document = parts.main
    body = document.find(_W + "body") if document is not None else None
    if body is None:
        raise Unreadable("is no Word document; open it in a word processor and save it as DOCX")
    reader = _Reader(parts)
    reader.add_letterheads(parts.headers)
    reader.walk(body)
    reader.add_notes()
    return Converted(reader.lines.text(), hidden="\n".join(reader.hidden))


class _Parts:
    """The parts of a document by what they are for: a package names them as it likes and says so in its relations."""

    def __init__(self, package: Package) -> None:
        self._package = package
        place = next(iter(self._related("_rels/.rels", "", "officeDocument")), "word/document.xml")
        self.main = self._parse(place)
        self._folder, _, name = place.rpartition("/")
        self._relations = f"{self._folder}/_rels/{name}.rels"

    @property
    def headers(self) -> list[Any]:
        """The page headers' roots."""
        return [self._parse(place) for place in self._related(self._relations, self._folder, "header")]

    def root(self, kind: str) -> Any:
        """The root of the `styles`, `numbering` or `footnotes`; None where there are none."""
        named = self._related(self._relations, self._folder, kind)
        return self._parse(next(iter(named), f"{self._folder}/{kind}.xml"))

    def _parse(self, place: str) -> Any:
        part = self._package.part(place)
        return parse(part.replace(_STRICT, _W[1:-1].encode()) if part is not None else None)

    def _related(self, relations: str, folder: str, kind: str) -> list[str]:
        """The places of parts of a kind, as the package's root names them."""
        root = parse(self._package.part(relations))
        found = [e.get("Target", "") for e in root or () if str(e.get("Type", "")).rsplit("/", 1)[-1] == kind]
        return [target[1:] if target.startswith("/") else f"{folder}/{target}".lstrip("/") for target in found]


class _Styles:
    """What paragraph styles say: heading levels and automatic numbers, inherited along `basedOn`."""

    def __init__(self, root: Any) -> None:
        self._based: dict[str, str | None] = {}
        self._level: dict[str, int] = {}
        self._numbers: dict[str, Any] = {}
        for style in root.iter(_W + "style") if root is not None else ():
            self._add(style)

    def _add(self, style: Any) -> None:
        key = style.get(_W + "styleId", "")
        self._based[key] = _value(style, "basedOn")
        name = (_value(style, "name") or "").lower()
        named = re.match(r"heading (\d)", name)
        outline = _value(style, "pPr/outlineLvl")
        if named is not None:
            self._level[key] = int(named[1])
        elif outline is not None and whole(outline, 9) < 9:
            self._level[key] = whole(outline) + 1
        elif name == "title":
            self._level[key] = 1
        numbered = style.find(f"{_W}pPr/{_W}numPr")
        if numbered is not None:
            self._numbers[key] = numbered

    def level(self, key: str | None) -> int | None:
        """Heading level of a style, from 1."""
        return next((self._level[k] for k in self._line(key) if k in self._level), None)

    def numbers(self, key: str | None) -> Any:
        """The style's `numPr`."""
        return next((self._numbers[k] for k in self._line(key) if k in self._numbers), None)

    def _line(self, key: str | None) -> Iterator[str]:
        seen: set[str] = set()
        while key and key not in seen:
            seen.add(key)
            yield key
            key = self._based.get(key)


class _Numbering:
    """Automatic numbers and bullets: what stands before a paragraph, counted through the document."""

    def __init__(self, root: Any) -> None:
        self._levels: dict[str, dict[int, tuple[str, str, int]]] = {}
        self._lists: dict[str, str] = {}
        self._counts: dict[str, dict[int, int]] = {}
        for found in root.iter(_W + "abstractNum") if root is not None else ():
            self._levels[found.get(_W + "abstractNumId", "")] = {
                whole(lv.get(_W + "ilvl")): (
                    _value(lv, "numFmt") or "decimal",
                    _value(lv, "lvlText") or "",
                    whole(_value(lv, "start"), 1),
                )
                for lv in found.iter(_W + "lvl")
            }
        self._restarts: dict[str, dict[int, int]] = {}
        """By list, the numbers at which its levels begin anew when it begins."""
        for found in root.iter(_W + "num") if root is not None else ():
            key = found.get(_W + "numId", "")
            self._lists[key] = _value(found, "abstractNumId") or ""
            over = ((whole(o.get(_W + "ilvl")), _value(o, "startOverride")) for o in found.iter(_W + "lvlOverride"))
            self._restarts[key] = {level: whole(start, 1) for level, start in over if start is not None}

    def mark(self, numbered: Any) -> str:
        """The mark of the next paragraph with this `numPr`, indented by its level; empty if it has none."""
        if numbered is None:
            return ""
        own = _value(numbered, "numId") or ""
        key = self._lists.get(own, "")
        level = whole(_value(numbered, "ilvl"))
        levels = self._levels.get(key, {})
        form, text, start = levels.get(level, ("none", "", 1))
        if form == "none":
            return ""
        if form == "bullet":
            return f"{'  ' * level}{bullet(text)} "
        counts = self._counts.setdefault(key, {})
        counts.update({lv: first - 1 for lv, first in self._restarts.pop(own, {}).items()})
        counts[level] = counts.get(level, start - 1) + 1
        for deeper in [d for d in counts if d > level]:
            del counts[deeper]

        def shown(place: re.Match[str]) -> str:
            at = int(place[1]) - 1
            own_form, _, own_start = levels.get(at, ("decimal", "", 1))
            return number(own_form, counts.get(at, own_start))

        printed = re.sub(r"%([1-9])", shown, text)
        return f"{'  ' * level}{printed} " if printed.strip() else ""


class _Reader:
    def __init__(self, parts: _Parts) -> None:
        self.lines = Lines()
        self.hidden: list[str] = []
        self._styles = _Styles(parts.root("styles"))
        self._numbering = _Numbering(parts.root("numbering"))
        notes = parts.root("footnotes")
        found = notes.iter(_W + "footnote") if notes is not None else ()
        self._notes = {note.get(_W + "id"): note for note in found}
        self._cited: list[str] = []
        self._boxes: list[Any] = []
        """Text boxes that are anchored in the paragraph at hand."""

    def walk(self, parent: Any) -> None:
        """Paragraphs and tables in order."""
        for element in parent:
            name = local(element)
            if name == "p":
                self._paragraph(element)
            elif name == "tbl":
                self._table(element)
            elif name in _AROUND:
                self.walk(element)

    def add_letterheads(self, headers: list[Any]) -> None:
        """Page headers that name who issues the document; the others are left out."""
        for header in headers:
            words = " ".join(self._runs(p) for p in header.iter(_W + "p")).strip()
            if names_issuer(words) and words not in self.lines.lines:
                self.lines.line(words)
        self._boxes.clear()

    def add_notes(self) -> None:
        """The footnotes that the text cites, in order."""
        noted = (self._notes.get(key) for key in self._cited)
        self.lines.notes(
            [" ".join(self._runs(p) for p in n.iter(_W + "p")).strip() if n is not None else "" for n in noted]
        )

    def _paragraph(self, paragraph: Any) -> None:
        style = _value(paragraph, "pPr/pStyle")
        outline = whole(_value(paragraph, "pPr/outlineLvl"), 9)
        level = outline + 1 if outline < 9 else self._styles.level(style)
        text = self._marked(paragraph)
        if level and text.strip():
            self.lines.heading(level, " ".join(text.split("\n")).strip())
        elif text.strip() or not self._boxes:
            self.lines.line(text)
        boxes, self._boxes = self._boxes, []
        for box in boxes:
            self.walk(box)

    def _marked(self, paragraph: Any) -> str:
        numbered = paragraph.find(f"{_W}pPr/{_W}numPr")
        if numbered is None:
            numbered = self._styles.numbers(_value(paragraph, "pPr/pStyle"))
        return self._numbering.mark(numbered) + self._runs(paragraph)

    def _runs(self, element: Any) -> str:
        """The text of a paragraph as it is printed: without deletions, field codes and hidden runs."""
        text = ""
        for part in element:
            name = local(part)
            if name == "txbxContent":
                self._boxes.append(part)
            if name in _NOT_SHOWN:
                continue
            if name == "t":
                text += part.text or ""
            elif name == "tab" and local(element) == "r":
                text += "\t"
            elif name in ("br", "cr"):
                text += "" if part.get(_W + "type") in ("page", "column") else "\n"
            elif name == "sym":  # a sign of a symbol font, by its code
                text += _sign(part.get(_W + "char"))
            elif name == "noBreakHyphen":
                text += "-"
            elif name == "footnoteReference":
                self._cited.append(part.get(_W + "id", ""))
                text += note_mark(len(self._cited))
            elif name == "r" and _hides(part):
                self.hidden.append("".join(part.itertext()))
            else:
                text += self._runs(part)
        return text

    def _table(self, table: Any) -> None:
        """Rows of cells, tables of several columns that stand in a cell behind them; one column is a box of lines."""
        rows = [_inner(row, "tc") for row in _inner(table, "tr")]
        if max(map(len, rows), default=0) == 1:
            self.lines.blank()
            for row in rows:
                for cell in row:
                    self.walk(cell if not _goes_on(cell) else ())
            self.lines.blank()
            return
        nested: list[Any] = []
        self.lines.table(unmerge([[self._cell(cell, nested) for cell in row] for row in rows]))
        for inner in nested:
            self._table(inner)

    def _cell(self, cell: Any, nested: list[Any]) -> Cell:
        """A cell; one that goes on from the row above is empty, as the cells below a merged one are."""
        words = self._words(cell, nested) if not _goes_on(cell) else ""
        return Cell(words, 1, whole(_value(cell, "tcPr/gridSpan"), 1))

    def _words(self, parent: Any, nested: list[Any]) -> str:
        """What stands in a cell on one line, boxes included; tables in it that have columns go to `nested`."""
        texts = []
        for element in parent:
            name = local(element)
            if name == "p":
                texts.append(self._marked(element))
                boxes, self._boxes = self._boxes, []
                texts += [self._words(box, nested) for box in boxes]
            elif name == "tbl" and any(len(_inner(row, "tc")) > 1 for row in _inner(element, "tr")):
                nested.append(element)
            elif name == "tbl" or name in ("tr", "tc") or name in _AROUND:
                texts.append(self._words(element, nested))
        return " ".join(" ".join(texts).split())


def _inner(parent: Any, name: str) -> list[Any]:
    """The rows of a table or cells of a row, those in content controls included."""
    found = []
    for element in parent:
        if local(element) == name:
            found.append(element)
        elif local(element) in _AROUND:
            found += _inner(element, name)
    return found


def _sign(code: str | None) -> str:
    """The sign of a hexadecimal code up to U+FFFF; empty for none."""
    found = re.fullmatch("[0-9A-Fa-f]{4}", code or "")
    sign = chr(int(found[0], 16)) if found else ""
    return sign if sign.isprintable() or "\ue000" <= sign <= "\uf8ff" else ""


def _goes_on(cell: Any) -> bool:
    merged = cell.find(f"{_W}tcPr/{_W}vMerge")
    return merged is not None and merged.get(_W + "val", "continue") == "continue"


def _hides(run: Any) -> bool:
    switch = run.find(f"{_W}rPr/{_W}vanish")
    return switch is not None and switch.get(_W + "val", "true") not in ("0", "false", "off")


def _value(element: Any, path: str) -> str | None:
    """`w:val` of the element at this path below another; None where there is none."""
    found = element.find("/".join(_W + name for name in path.split("/")))
    value = found.get(_W + "val") if found is not None else None
    return str(value) if value is not None else None
