"""HWPX, HWP 5 (turned into HWPX by python-hwpx) and HWPML (`hwpml.py`): paragraphs, tables with their captions,
automatic marks, notes, text in shapes. Words that changes under review have taken out are not read.

Vocabulary: OWPML, KS X 6101.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from pipeline.readers.lines import Converted, Lines, Unreadable, bullet, names_issuer, note_mark, number
from pipeline.readers.packed import Package, local, parse, whole

_SECTION = re.compile(r"Contents/section(\d+)\.xml")
_SIGNS = {"tab": "\t", "lineBreak": "\n", "nbSpace": "\u00a0", "fwSpace": "\u3000", "hyphen": "-"}
_LARGER = 1.4
"""Size of a paragraph by that of the body text from which a line without a mark is a heading."""
_BULLETED = re.compile(r"\s*[□■○ㅇ●◦•·※*-]")
_MOST_ROWS, _MOST_COLUMNS = 5_000, 200
_SHAPES = frozenset(
    ("rect", "container", "ellipse", "polygon", "curve", "arc", "line", "connectLine", "pic", "ole", "equation",
     "textart", "chart", "video")
)  # fmt: skip
"""What stands in a paragraph and may hold words or a caption, besides tables."""
_COUNTED = frozenset({"TABLE", "PICTURE", "EQUATION"})
"""Kinds of automatic numbers that are printed where they stand."""
_REFUSED = {
    "hwp5-password": "is protected by a password; open it with its password and save it without",
    "hwp5-distribution": "is a distribution document (배포용), which may be read and not saved; print it to PDF, "
    "or ask its publisher for the document itself",
    "hwp5-drm": "is protected by a rights system; ask its publisher for a file without it",
}
"""Why python-hwpx refuses a file, by its codes, and what helps."""


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

    if raw.startswith(b"HWP Document File V"):
        raise Unreadable("is a file of Hangul 3.0 or older (before 2000); open it in Hangul and save it as HWPX")
    try:
        files: dict[str, bytes] = convert(raw).files
    except HwpxError as problem:
        why = _REFUSED.get(str(problem.code), f"is damaged ({problem}); open it and save it as HWPX")
        raise Unreadable(why) from problem
    except (ValueError, KeyError, IndexError, EOFError, OSError) as problem:
        raise Unreadable(f"is damaged ({problem}); open it and save it as HWPX") from problem
    return _read(dict(files))


def _read(parts: dict[str, bytes | None]) -> Converted:
    sections = sorted((name for name in parts if _SECTION.fullmatch(name)), key=lambda n: int(re.findall(r"\d+", n)[0]))
    head = parse(parts.get("Contents/header.xml"))
    if head is None or not sections:
        raise Unreadable("holds no text that can be found; open it and save it again")
    return converted(head, [parse(parts[name]) for name in sections])


def converted(head: Any, sections: Sequence[Any]) -> Converted:
    """The text of sections in OWPML, `head` their shapes."""
    text = _Reader(head, sections).read()
    own = Counter(c for section in sections for words in _shown(section) for c in words if not c.isspace())
    return Converted(text, lost=(own - Counter(text)).total())


def _shown(section: Any) -> Iterator[str]:
    """All words of a section but those that stand on every page, in remarks, or are deleted; for the count alone."""
    waiting, deleted = [section], False
    while waiting:
        element = waiting.pop()
        name = local(element)
        deleted = name == "deleteBegin" or (deleted and name != "deleteEnd")
        above = element.getparent()
        if not deleted and name == "t":
            yield element.text or ""
        elif not deleted and above is not None and local(above) == "t":
            yield element.tail or ""
        if name not in _APART:
            waiting.extend(list(element)[::-1])


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


@dataclass
class _Content:
    """What a paragraph holds: its words, and the tables and shapes anchored before and behind them."""

    text: str = ""
    before: list[Any] = field(default_factory=list)
    after: list[Any] = field(default_factory=list)

    def anchor(self, element: Any) -> None:
        (self.after if self.text.strip() else self.before).append(element)


class _Reader:
    def __init__(self, head: Any, sections: Sequence[Any]) -> None:
        self._lines = Lines()
        self._marks = _Marks(head)
        self._sections = sections
        self._notes: list[str] = []
        self._deleted = False
        """Within words that a change under review has taken out; it may end in another paragraph."""
        self._heights = {e.get("id"): whole(e.get("height"), 1_000) for e in head.iter() if local(e) == "charPr"}
        self._body = self._usual_size()

    def read(self) -> str:
        for header in (e for section in self._sections for e in section.iter() if local(e) == "header"):
            words = " ".join(self._content(p).text for p in _own(header, "p")).strip()
            if names_issuer(words) and words not in self._lines.lines:
                self._lines.line(words)
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
        content = self._content(paragraph)
        for element in content.before:
            self._object(element)
        mark, level = self._marks.of(paragraph)
        text = content.text
        if level is None and not mark and self._looks_like_heading(paragraph, text):
            level = 1
        if level and text.strip():
            self._lines.heading(level, text.strip())
        elif text.strip() or not (content.before or content.after):
            self._lines.line(mark + text if text.strip() else text)
        for element in content.after:
            self._object(element)

    def _object(self, element: Any) -> None:
        """A table or shape with its caption, as it is placed."""
        captions = list(_children(element, "caption"))
        above = [c for c in captions if c.get("side") == "TOP"]
        if above:
            self._lines.blank()
        for caption in above:
            self._paragraphs(_own(caption, "p"))
        if local(element) == "tbl":
            self._table(element)
        else:
            self._paragraphs(p for words in _own(element, "drawText") for p in _own(words, "p"))
            if local(element) == "textart" and element.get("text"):
                self._lines.line(element.get("text"))
        for caption in captions:
            if caption not in above:
                self._paragraphs(_own(caption, "p"))

    def _paragraphs(self, paragraphs: Iterable[Any]) -> None:
        for paragraph in paragraphs:
            self._paragraph(paragraph)

    def _looks_like_heading(self, paragraph: Any, text: str) -> bool:
        short = 0 < len(text.strip()) <= 100 and "\n" not in text
        return short and not _BULLETED.match(text) and self._size(paragraph) >= _LARGER * self._body

    def _content(self, paragraph: Any) -> _Content:
        content = _Content()
        for element in (e for run in _children(paragraph, "run") for e in run):
            name = local(element)
            if name == "t":
                content.text += self._words(element)
            elif name == "tbl" or name in _SHAPES:
                content.anchor(element)
            elif name == "ctrl":
                content.text += self._control(element)
            elif name == "compose":  # signs printed over each other: two halves of a number in a box
                content.text += element.get("composeText") or ""
            elif name == "dutmal":
                content.text += "".join(words.text or "" for words in _children(element, "mainText"))
        return content

    def _words(self, text: Any) -> str:
        """The words of a `t`, without those that are deleted."""
        words = "" if self._deleted else text.text or ""
        for sign in text:
            name = local(sign)
            self._deleted = name == "deleteBegin" or (self._deleted and name != "deleteEnd")
            if not self._deleted:
                words += _SIGNS.get(name, "") + (sign.tail or "")
        return words

    def _control(self, control: Any) -> str:
        text = ""
        for element in control:
            if local(element) in ("footNote", "endNote"):
                words = (self._content(p).text for p in _own(element, "p"))
                self._notes.append(" ".join(words).strip())
                text += note_mark(len(self._notes))
            elif local(element) == "autoNum" and element.get("numType") in _COUNTED:
                text += element.get("num") or ""
        return text

    def _table(self, table: Any) -> None:
        """Rows of cells, tables of several columns that stand in a cell behind them; one column is a box of lines."""
        cells: dict[tuple[int, int], Any] = {}
        for cell in (e for e in table.iter() if local(e) == "tc"):
            if next((a for a in cell.iterancestors() if local(a) == "tbl"), None) is not table:
                continue
            place = next(iter(_children(cell, "cellAddr")), None)
            if place is not None:
                row, column = whole(place.get("rowAddr")), whole(place.get("colAddr"))
                if not (0 <= row < _MOST_ROWS and 0 <= column < _MOST_COLUMNS):
                    raise Unreadable("a table in it has too many rows or columns; save the document without it")
                cells[row, column] = cell
        height, width = (max((place[i] for place in cells), default=-1) + 1 for i in (0, 1))
        if width == 1:
            self._lines.blank()
            for place in sorted(cells):
                self._paragraphs(_own(cells[place], "p"))
            self._lines.blank()
            return
        nested: list[Any] = []
        words = {place: self._cell(cells[place], nested) for place in sorted(cells)}
        self._lines.table([[words.get((r, c), "") for c in range(width)] for r in range(height)])
        for inner in nested:
            self._object(inner)

    def _cell(self, cell: Any, nested: list[Any]) -> str:
        """A cell's words, those of boxes inside it included; tables inside it that have columns go to `nested`."""
        texts = []
        for paragraph in _own(cell, "p"):
            content = self._content(paragraph)
            for element in (*content.before, None, *content.after):
                if element is None:
                    texts.append(self._marks.of(paragraph)[0] + content.text)
                elif local(element) == "tbl" and whole(element.get("colCnt"), 1) > 1:
                    nested.append(element)
                else:
                    parts = (x for name in ("caption", "drawText", "tc") for x in _own(element, name))
                    texts += [self._cell(part, nested) for part in parts]
        return " ".join(" ".join(texts).split())


_APART = frozenset({"header", "footer", "hiddenComment", "memo", "masterPage"})
"""What stands on every page or on none; of headers only those that name who issues the document are read."""
_OWNERS = frozenset({"p", "tbl", "tc", "drawText", "caption", "footNote", "endNote"})


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
