"""HWPX, and HWP 5 (turned into HWPX by python-hwpx): paragraphs, tables, automatic marks, notes, text boxes.

Vocabulary: OWPML, KS X 6101.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from pipeline.readers.lines import Converted, Lines, Unreadable, bullet, note_mark, number
from pipeline.readers.packed import Package, local, parse, whole

_SECTION = re.compile(r"Contents/section(\d+)\.xml")
_SIGNS = {"tab": "\t", "lineBreak": "\n", "nbSpace": "\u00a0", "fwSpace": "\u3000", "hyphen": "-"}
_LARGER = 1.4
"""Size of a paragraph by that of the body text from which a line without a mark is a heading."""
_BULLETED = re.compile(r"\s*[□■○ㅇ●◦•·※*-]")
_MOST_ROWS, _MOST_COLUMNS = 5_000, 200


def hwpx(raw: bytes) -> Converted:
    """The text of an HWPX file. Raises `Unreadable`."""
    package = Package(raw)
    if b"encryption-data" in (package.part("META-INF/manifest.xml") or b""):
        raise Unreadable("is encrypted; open it with its password and save it without")
    return _read({name: package.part(name) for name in package.names if name.startswith("Contents/")})


def hwp(raw: bytes) -> Converted:
    """The text of an HWP 5 file. Raises `Unreadable`."""
    from hwpx.errors import HwpxError
    from hwpx.hwp5.package import convert

    if "HWP Document File".encode("ascii") not in raw:
        raise Unreadable("is no HWP 5 file but an older or another program's; save it as HWPX or DOCX")
    try:
        files: dict[str, bytes] = convert(raw).files
    except (HwpxError, ValueError, KeyError, IndexError, EOFError, OSError) as problem:
        raise Unreadable(f"is damaged or encrypted ({problem}); open it and save it as HWPX") from problem
    return _read(dict(files))


def _read(parts: dict[str, bytes | None]) -> Converted:
    sections = sorted((name for name in parts if _SECTION.fullmatch(name)), key=lambda n: int(re.findall(r"\d+", n)[0]))
    head = parse(parts.get("Contents/header.xml"))
    if head is None or not sections:
        raise Unreadable("holds no text that can be found; open it and save it again")
    reader = _Reader(head, [parse(parts[name]) for name in sections])
    return Converted(reader.read())


class _Marks:
    """Automatic bullets, numbers and outline levels of paragraph shapes, counted through the document."""

    def __init__(self, head: Any) -> None:
        self._shapes: dict[str, tuple[str, str, int]] = {}
        self._bullets: dict[str, str] = {}
        self._numbers: dict[str, dict[int, tuple[str, str, int]]] = {}
        self._counts: dict[str, Counter[int]] = {}
        for element in head.iter():
            name, key = local(element), element.get("id", "") if isinstance(element.tag, str) else ""
            if name == "paraPr":
                for found in (e for e in element.iter() if local(e) == "heading"):
                    self._shapes[key] = (found.get("type", "NONE"), found.get("idRef", ""), whole(found.get("level")))
            elif name == "bullet":
                self._bullets[key] = bullet(element.get("char") or "")
            elif name == "numbering":
                self._numbers[key] = {
                    whole(h.get("level"), 1): (h.text or "", h.get("numFormat", "DIGIT"), whole(h.get("start"), 1))
                    for h in element
                    if local(h) == "paraHead"
                }

    def of(self, paragraph: Any) -> tuple[str, int | None]:
        """The mark before a paragraph, indented by its level, and its heading level from 1 if it is a heading."""
        kind, key, level = self._shapes.get(paragraph.get("paraPrIDRef", ""), ("NONE", "", 0))
        if kind == "BULLET":
            return f"{'  ' * level}{self._bullets.get(key, '•')} ", None
        if kind == "NUMBER":
            return f"{'  ' * level}{self._number(key, level)} ", None
        return "", level + 1 if kind == "OUTLINE" else None

    def _number(self, key: str, level: int) -> str:
        levels, counts = self._numbers.get(key, {}), self._counts.setdefault(key, Counter())
        text, _, start = levels.get(level + 1, (f"^{level + 1}.", "DIGIT", 1))
        counts[level] = counts[level] + 1 if counts[level] else start
        for deeper in [d for d in counts if d > level]:
            del counts[deeper]

        def shown(place: re.Match[str]) -> str:
            form = levels.get(int(place[1]), ("", "DIGIT", 1))[1]
            return number(form, counts[int(place[1]) - 1] or 1)

        return re.sub(r"\^([1-9])", shown, text or f"^{level + 1}.")


class _Reader:
    def __init__(self, head: Any, sections: list[Any]) -> None:
        self._lines = Lines()
        self._marks = _Marks(head)
        self._sections = sections
        self._notes: list[str] = []
        self._heights = {e.get("id"): whole(e.get("height"), 1_000) for e in head.iter() if local(e) == "charPr"}
        self._body = self._usual_size()

    def read(self) -> str:
        for section in self._sections:
            for paragraph in _children(section, "p"):
                self._paragraph(paragraph)
        self._lines.notes(self._notes)
        return self._lines.text()

    def _usual_size(self) -> int:
        """Height of most of the text."""
        sizes: Counter[int] = Counter()
        for section in self._sections:
            for paragraph in (e for e in section.iter() if local(e) == "p"):
                sizes[self._size(paragraph)] += sum(len(e.text or "") for e in paragraph.iter() if local(e) == "t")
        del sizes[0]
        return sizes.most_common(1)[0][0] if sizes else 1_000

    def _size(self, paragraph: Any) -> int:
        """Height of the smallest run with text; 0 without any."""
        runs = (r for r in _children(paragraph, "run") if any("".join(t.itertext()).strip() for t in _children(r, "t")))
        return min((self._heights.get(r.get("charPrIDRef"), 0) for r in runs), default=0)

    def _paragraph(self, paragraph: Any) -> None:
        inside: list[Any] = []
        text = self._runs(paragraph, inside)
        mark, level = self._marks.of(paragraph)
        if level is None and not mark and self._looks_like_heading(paragraph, text):
            level = 1
        if level and text.strip():
            self._lines.heading(level, text.strip())
        elif text.strip() or not inside:
            self._lines.line(mark + text if text.strip() else text)
        for element in inside:
            if local(element) == "tbl":
                self._lines.table(self._table(element))
            else:
                for boxed in _own(element, "p"):
                    self._paragraph(boxed)

    def _looks_like_heading(self, paragraph: Any, text: str) -> bool:
        short = 0 < len(text.strip()) <= 100 and "\n" not in text
        return short and not _BULLETED.match(text) and self._size(paragraph) >= _LARGER * self._body

    def _runs(self, paragraph: Any, inside: list[Any]) -> str:
        """A paragraph's text; tables and text boxes that are anchored in it go to `inside`."""
        text = ""
        for element in (e for run in _children(paragraph, "run") for e in run):
            name = local(element)
            if name == "t":
                text += (element.text or "") + "".join(_SIGNS.get(local(x), "") + (x.tail or "") for x in element)
            elif name == "tbl":
                inside.append(element)
            elif name == "ctrl":
                for note in (x for x in element if local(x) in ("footNote", "endNote")):
                    words = (self._runs(p, []) for p in _own(note, "p"))
                    self._notes.append(" ".join(words).strip())
                    text += note_mark(len(self._notes))
            elif name in ("rect", "container", "ellipse", "polygon"):
                inside += _own(element, "drawText")
        return text

    def _table(self, table: Any) -> list[list[str]]:
        cells: dict[tuple[int, int], str] = {}
        for cell in (e for e in table.iter() if local(e) == "tc"):
            if next((a for a in cell.iterancestors() if local(a) == "tbl"), None) is not table:
                continue
            place = next(iter(_children(cell, "cellAddr")), None)
            if place is not None:
                row, column = whole(place.get("rowAddr")), whole(place.get("colAddr"))
                if not (0 <= row < _MOST_ROWS and 0 <= column < _MOST_COLUMNS):
                    raise Unreadable("a table in it has too many rows or columns; save the document without it")
                cells[row, column] = self._cell(cell)
        height, width = (max((place[i] for place in cells), default=-1) + 1 for i in (0, 1))
        return [[cells.get((r, c), "") for c in range(width)] for r in range(height)]

    def _cell(self, cell: Any) -> str:
        """A cell's words, those of tables and boxes inside it included."""
        texts = []
        for paragraph in _own(cell, "p"):
            inside: list[Any] = []
            texts.append(self._marks.of(paragraph)[0] + self._runs(paragraph, inside))
            texts += [self._cell(c) for e in inside for c in (_own(e, "tc") if local(e) == "tbl" else [e])]
        return " ".join(" ".join(texts).split())


_OWNERS = frozenset({"p", "tbl", "tc", "drawText", "footNote", "endNote"})


def _own(element: Any, name: str) -> list[Any]:
    """Elements of this name below another, not those inside one of them or inside something of its own in between."""
    found: list[Any] = []
    waiting = list(element)[::-1]
    while waiting:
        child = waiting.pop()
        if local(child) == name:
            found.append(child)
        elif local(child) not in _OWNERS:
            waiting.extend(list(child)[::-1])
    return found


def _children(element: Any, name: str) -> Iterator[Any]:
    return (e for e in element if local(e) == name)
