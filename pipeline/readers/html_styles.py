"""What a web page hides: from its own style rules with plain selectors and the styles of its elements."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from enum import Enum
from typing import Any

_MOST_CSS = 300_000
"""Characters of a page's own style rules that are looked at."""
_MOST_OF_ONE = 2_000
"""Characters of declarations for one selector; later ones hold, so the last are kept."""
_PLAIN = re.compile(r"([\w-]*)(?:([.#])([\w-]+))?")

_NOT_SHOWN = re.compile(r"(?:^|;)(?:display:none|visibility:(?:hidden|collapse))")
_CONCEALED = re.compile(
    r"(?:^|;)(?:font-size:0(?![.\d]*[1-9])|opacity:0(?![.\d]*[1-9])|(?:left|top|text-indent|margin-left):-\d{3,}"
    r"|clip:rect\(0|color:transparent)"
)
_WHITE = r"(?:#fff(?:fff)?|white|rgba?\(255,255,255[^)]*\))(?:!important)?(?:;|$)"
_WHITE_LETTERS = re.compile(rf"(?:^|;)color:{_WHITE}")
_WHITE_GROUND = re.compile(rf"(?:^|;)background(?:-color)?:{_WHITE}")
_GROUND = re.compile(r"(?:^|;)background(?:-color|-image)?:(?!transparent|none|inherit)")


class Sight(Enum):
    """Whether a reader sees an element."""

    SEEN = 0
    NOT_SHOWN = 1
    """As menus and scripts do it."""
    CONCEALED = 2
    """In the paper's colour, of no size, or outside the page: there is no other purpose."""


class Styles:
    """The style of every element as far as the page itself says it; rules in linked files are not known."""

    def __init__(self, root: Any) -> None:
        self._rules: dict[tuple[str, str, str], str] = defaultdict(str)
        """By tag, sign and name of a plain selector: `p.note` is `("p", ".", "note")`."""
        self._linked = bool(root.xpath("//link[@rel='stylesheet']"))
        for selectors, style in _rules("".join(e.text or "" for e in root.iter("style"))[:_MOST_CSS]):
            for selector in selectors.split(","):
                found = _PLAIN.fullmatch(selector.strip())
                if found is not None and selector.strip():
                    key = (found[1].lower(), found[2] or "", found[3] or "")
                    self._rules[key] = f"{self._rules[key]}{_plain(style)};"[-_MOST_OF_ONE:]
        self._known: dict[tuple[str, ...], str] = {}

    def sight(self, element: Any) -> Sight:
        """Whether a reader sees the element, as long as he sees what is around it."""
        style = self._of(element)
        if _CONCEALED.search(style) or (_WHITE_LETTERS.search(style) and self._on_white(element)):
            return Sight.CONCEALED
        hidden = element.get("hidden") is not None or _NOT_SHOWN.search(style) is not None
        return Sight.NOT_SHOWN if hidden else Sight.SEEN

    def _of(self, element: Any) -> str:
        """The element's style; the same for elements of one tag, class, id and style."""
        key = (str(element.tag), *(element.get(name) or "" for name in ("class", "id", "style")))
        if key not in self._known:
            self._known[key] = self._told(element)
        return self._known[key]

    def _told(self, element: Any) -> str:
        tag = element.tag
        names = [("", ""), *((".", name) for name in (element.get("class") or "").split()[:50])]
        if element.get("id"):
            names.append(("#", element.get("id")))
        told = [self._rules.get((t, sign, name), "") for sign, name in names for t in ("", tag) if t or name]
        return "".join(told) + _plain(element.get("style") or "")

    def _on_white(self, element: Any) -> bool:
        """Whether the nearest background around is white, or none is stated anywhere."""
        for around in (element, *element.iterancestors()):
            style = self._of(around)
            if _WHITE_GROUND.search(style):
                return True
            if _GROUND.search(style) or (around.get("bgcolor") or "").lower() not in ("", "#ffffff", "white"):
                return False
        return not self._linked  # a linked style sheet may colour the ground: then the text stays


def _rules(css: str) -> Iterator[tuple[str, str]]:
    """Selectors and declarations of the rules that hold always, not only in print or at some width."""
    parts = css.split("/*")
    css = parts[0] + "".join(part.partition("*/")[2] for part in parts[1:])  # without comments
    depth, head, text = 0, "", ""
    for piece in re.split(r"([{}])", css):
        if piece == "{":
            depth += 1
            head = text.rsplit(";", 1)[-1] if depth == 1 else head
        elif piece == "}":
            if depth == 1 and not head.lstrip().startswith("@"):
                yield head, text
            depth = max(0, depth - 1)
        text = piece if piece not in "{}" else ""


def _plain(style: str) -> str:
    return re.sub(r"\s+", "", style).lower()
