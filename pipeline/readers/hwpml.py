"""HWPML (`.hml`), the XML that Hangul saved before OWPML: its elements get OWPML's names, and one walk serves both.

Vocabulary: Hancom's HWPML, revision 1.2.
"""

from __future__ import annotations

from typing import Any

from lxml import etree

from pipeline.readers.hangul import converted
from pipeline.readers.lines import Converted, Unreadable
from pipeline.readers.packed import local, parse

_NAMES = {
    "P": "p", "TEXT": "run", "CHAR": "t", "TABLE": "tbl", "CELL": "tc", "CAPTION": "caption", "DRAWTEXT": "drawText",
    "FOOTNOTE": "footNote", "ENDNOTE": "endNote", "HEADER": "header", "FOOTER": "footer", "PICTURE": "pic",
    "RECTANGLE": "rect", "ELLIPSE": "ellipse", "POLYGON": "polygon", "CURVE": "curve", "ARC": "arc",
    "CONTAINER": "container", "LINE": "line", "EQUATION": "equation", "TEXTART": "textart", "OLE": "ole",
    "TAB": "tab", "LINEBREAK": "lineBreak", "NBSPACE": "nbSpace", "FWSPACE": "fwSpace", "HYPHEN": "hyphen",
    "CHARSHAPE": "charPr", "HIDDENCOMMENT": "hiddenComment", "AUTONUM": "autoNum",
}  # fmt: skip
_ATTRIBUTES = {"Id": "id", "Height": "height", "CharShape": "charPrIDRef", "ColCount": "colCnt", "Side": "side",
               "Number": "num", "NumberType": "numType"}  # fmt: skip
_UPPER = frozenset({"Side", "NumberType"})
_CONTROLS = frozenset({"footNote", "endNote", "header", "footer", "hiddenComment", "autoNum"})


def hwpml(raw: bytes) -> Converted:
    """The text of an HWPML file. Raises `Unreadable`."""
    root = parse(raw)
    sections = [] if root is None else [e for e in root.iter() if local(e) == "SECTION"]
    if root is None or local(root) != "HWPML" or not sections:
        raise Unreadable("holds no text that can be found; open it in Hangul and save it as HWPX")
    head = next((e for e in root if local(e) == "HEAD"), None)
    shapes = _renamed(head) if head is not None else etree.Element("head")
    return converted(shapes, [_renamed(section) for section in sections])


def _renamed(element: Any) -> Any:
    """The element as OWPML names it; what OWPML keeps in children (cell addresses, controls) gets them."""
    made = etree.Element(_NAMES.get(local(element), "x"))
    made.text, made.tail = element.text, element.tail
    for name, value in element.attrib.items():
        made.set(
            _ATTRIBUTES.get(name, name), "PICTURE" if value == "Figure" else value.upper() if name in _UPPER else value
        )
    if made.tag == "tc":
        etree.SubElement(made, "cellAddr", rowAddr=made.get("RowAddr", "0"), colAddr=made.get("ColAddr", "0"))
    for child in (c for c in element if local(c)):
        inner = _renamed(child)
        if inner.tag in _CONTROLS:
            etree.SubElement(made, "ctrl").append(inner)
        elif local(child) == "SHAPEOBJECT":  # where HWPML keeps captions
            made.extend(c for c in list(inner) if c.tag == "caption")
        else:
            made.append(inner)
    return made
