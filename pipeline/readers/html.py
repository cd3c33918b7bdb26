"""Web pages: what a reader sees, block by block, white space as a browser shows it. Nothing is fetched or run."""

from __future__ import annotations

import codecs
import re
from typing import Any

from lxml import etree
from lxml import html as parser

from pipeline.readers.charsets import east_asian
from pipeline.readers.front_matter import as_page
from pipeline.readers.html_furniture import furniture_of
from pipeline.readers.html_styles import Sight, Styles
from pipeline.readers.lines import Cell, Converted, Lines, Unreadable, unmerge
from pipeline.readers.packed import whole

_DROPPED = frozenset(
    [
        "script",
        "style",
        "template",
        "noscript",
        "del",
        "nav",
        "svg",
        "math",
        "iframe",
        "object",
        "embed",
        "head",
        "button",
        "select",
        "textarea",
        "input",
        "title",
        "canvas",
        "audio",
        "video",
    ]
)
_BLOCKS = frozenset(
    [
        "p",
        "div",
        "section",
        "article",
        "main",
        "header",
        "footer",
        "aside",
        "ul",
        "ol",
        "li",
        "table",
        "caption",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "blockquote",
        "pre",
        "dl",
        "dt",
        "dd",
        "form",
        "fieldset",
        "figure",
        "figcaption",
        "tr",
        "td",
        "th",
        "hr",
        "address",
        "details",
        "summary",
        "body",
        "html",
        "thead",
        "tbody",
        "tfoot",
        "center",
    ]
)
_BREAK = "\0"
_CHARSETS = {"euc-kr": "cp949", "ks_c_5601-1987": "cp949", "ksc5601": "cp949", "gb2312": "gb18030", "gbk": "gb18030"}
_NUMBERED = re.compile(r"[(（]?\d{1,3}[.)）、](?!\d)|[①-⑳]|[가-하][.)]|[(（]?[一二三四五六七八九十]{1,3}[)）、]")
"""A number that is printed in an item itself: the list's own does not come before it."""
_WEB = re.compile(
    r"utf-?8|us-ascii|ascii|euc-kr|ks_c_5601-1987|ksc5601|cp949|ms949|uhc|windows-949|johab|gb2312|gbk|gb18030|big5"
    r"|big5-hkscs|shift_jis|sjis|euc-jp|iso-2022-(?:jp|kr)|koi8-[ru]|iso-?8859-\d{1,2}|latin-?1|windows-(?:874|125\d)|cp125\d"
)
"""Charsets that browsers know: a codec that only Python knows (`utf-7`, `unicode_escape`) shows another text."""


def html(raw: bytes) -> Converted:
    """The text of a web page. Raises `Unreadable`."""
    text = as_page(re.sub(r"^\s*<\?xml[^>]*\?>", "", decode(raw)).replace("\x00", ""))
    try:
        root = parser.document_fromstring(text, parser=parser.HTMLParser(huge_tree=True))
    except (etree.ParserError, ValueError) as problem:
        raise Unreadable(f"is no web page that can be read ({problem})") from problem
    reader = _Reader(Styles(root), furniture_of(root))
    body = root.find("body")
    reader.walk(body if body is not None else root)
    return Converted(
        reader.lines.text(),
        hidden="\n".join(reader.hidden),
        concealed=reader.concealed,
        furniture=tuple(reader.lines.numbered(reader.furniture)),
    )


def decode(raw: bytes, charset: str | None = None) -> str:
    """The page's characters: by its byte-order mark, `charset`, the one that it names, else UTF-8, CP949, GB 18030.

    A page that can say its charset in ASCII is not in UTF-16, whatever it says.
    """
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if raw.startswith(mark):
            return raw.decode(encoding, errors="replace")
    named = re.search(rb"charset\s*=\s*[\"']?\s*([\w.:-]+)", raw[:4096], re.IGNORECASE)
    told = [charset or "", named[1].decode("ascii", "ignore").lower() if named is not None else ""]
    told = [name for name in told if _WEB.fullmatch(name)]
    for encoding in (*told, "utf-8", *filter(None, [east_asian(raw)])):
        try:
            return raw.decode(_CHARSETS.get(encoding, encoding))
        except (UnicodeDecodeError, LookupError):
            continue
    raise Unreadable("its characters are in no known encoding; save it as UTF-8")


class _Reader:
    def __init__(self, styles: Styles, furniture: set[Any]) -> None:
        """`furniture`: elements of which the page says nothing but what it is."""
        self.lines = Lines()
        self.furniture: set[int] = set()
        """Places in `lines` of what they hold."""
        self._furniture = furniture
        self.hidden: list[str] = []
        self.concealed = False
        self._styles = styles

    def walk(self, parent: Any, depth: int = 0) -> None:
        """The blocks inside an element in order; text between them is a block too."""
        loose = parent.text or ""
        for element in parent:
            if self._seen(element):
                if _is_block(element) or _holds_block(element):
                    self._loose(loose)
                    loose = ""
                    self._block(element, depth)
                else:
                    loose += _BREAK if element.tag == "br" else self._inline(element)
            loose += element.tail or ""
        self._loose(loose)

    def _loose(self, text: str) -> None:
        shown = _as_shown(text)
        if shown.strip():
            for line in shown.split("\n"):
                self.lines.line(line)
        elif _BREAK in text:
            self.lines.line("")

    def _block(self, element: Any, depth: int) -> None:
        before = len(self.lines.lines)
        self._put(element, depth)
        if element in self._furniture:
            self.furniture.update(range(before, len(self.lines.lines)))

    def _put(self, element: Any, depth: int) -> None:
        tag = element.tag
        if re.fullmatch(r"h[1-6]", tag):
            title = " ".join(_as_shown(self._inline(element)).split("\n")).strip()
            if title:
                self.lines.heading(int(tag[1]), title)
        elif tag == "table":
            self._table(element)
        elif tag in ("ul", "ol"):
            self.lines.blank()
            self._items(element, depth)
            self.lines.blank()
        elif tag == "pre":
            for line in self._inline(element).replace(_BREAK, "\n").strip("\n").split("\n"):
                self.lines.line(line)
        elif _holds_block(element):
            self.walk(element, depth)
        else:
            for line in _as_shown(self._inline(element)).split("\n"):
                self.lines.line(line)

    def _items(self, items: Any, depth: int) -> None:
        """A list's items, numbered or bulleted, indented by depth."""
        place = whole(items.get("start"), 1)
        self._loose(items.text or "")
        for item in items:
            if not self._seen(item):
                self._loose(item.tail or "")
                continue
            if item.tag != "li":
                self._beside(item, depth)
                continue
            before = len(self.lines.lines)
            self.walk(item, depth + 1)
            first = next((i for i in range(before, len(self.lines.lines)) if self.lines.lines[i].strip()), None)
            if first is not None:
                words = self.lines.lines[first].lstrip()
                printed = items.tag == "ol" and _NUMBERED.match(words)
                mark = "" if printed else f"{place}. " if items.tag == "ol" else "- "
                self.lines.lines[first] = "  " * depth + mark + words
                del self.lines.lines[before:first]  # set apart before it had its mark
            self._loose(item.tail or "")
            place += 1

    def _beside(self, item: Any, depth: int) -> None:
        """What stands in a list and is no item of it: a list, as old pages nest them, or anything else."""
        if item.tag in ("ul", "ol"):
            self._items(item, depth + 1)
        elif _is_block(item) or _holds_block(item):
            self._block(item, depth)
        else:
            self._loose(self._inline(item))
        self._loose(item.tail or "")

    def _table(self, table: Any) -> None:
        caption = table.find("caption")
        if caption is not None and self._seen(caption):
            self._loose(self._inline(caption))
        rows, shown = [], []
        for row in table.iter("tr"):
            if next(row.iterancestors("table")) is table and self._seen(row):
                cells = [c for c in row if c.tag in ("td", "th") and self._seen(c)]
                shown += cells
                rows.append(
                    [Cell(self._cell(c), whole(c.get("rowspan"), 1), whole(c.get("colspan"), 1)) for c in cells]
                )
        grid = unmerge(rows)
        if max(map(len, grid), default=0) == 1:  # a table for the layout: its cell is the page
            self.lines.blank()
            for cell in shown:
                self.walk(cell)
            self.lines.blank()
        else:
            self.lines.table(grid)

    def _cell(self, cell: Any) -> str:
        return " ".join(_as_shown(self._inline(cell)).split())

    def _inline(self, element: Any) -> str:
        """The text inside an element, line breaks as `_BREAK`."""
        text = element.text or ""
        for child in element:
            if self._seen(child):
                inner = _BREAK if child.tag == "br" else self._inline(child)
                text += f"{_BREAK}{inner}{_BREAK}" if _is_block(child) else inner
            text += child.tail or ""
        return text

    def _seen(self, element: Any) -> bool:
        """Whether a reader sees the element; what he does not see is noted."""
        if not isinstance(element.tag, str) or element.tag in _DROPPED:
            return False
        sight = self._styles.sight(element)
        if sight is Sight.SEEN:
            return True
        words = " ".join(element.text_content().split())
        if words:
            self.hidden.append(words)
            self.concealed |= sight is Sight.CONCEALED
        return False


def _is_block(element: Any) -> bool:
    return element.tag in _BLOCKS


def _holds_block(element: Any) -> bool:
    return any(isinstance(e.tag, str) and e.tag in _BLOCKS for e in element.iterdescendants())


def _as_shown(text: str) -> str:
    """White space collapsed as a browser does; breaks become line ends."""
    lines = (re.sub(r"[ \t\r\n\f]+", " ", line).strip(" ") for line in text.split(_BREAK))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")
