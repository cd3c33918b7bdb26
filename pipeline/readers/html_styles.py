"""What a web page hides: from its own style rules with plain selectors and the styles of its elements."""

from __future__ import annotations

import re
from collections import defaultdict
from enum import Enum
from typing import Any

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_CONDITIONAL = re.compile(r"@[\w-]+[^{};]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}|@[\w-]+[^{};]*;")
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
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
        for element in root.iter("style"):
            text = _CONDITIONAL.sub("", _COMMENT.sub("", element.text or ""))
            for selectors, style in _RULE.findall(text[:500_000]):
                for selector in selectors.split(","):
                    found = _PLAIN.fullmatch(selector.strip())
                    if found is not None and selector.strip():
                        self._rules[found[1].lower(), found[2] or "", found[3] or ""] += _plain(style) + ";"

    def sight(self, element: Any) -> Sight:
        """Whether a reader sees the element, as long as he sees what is around it."""
        style = self._of(element)
        if _CONCEALED.search(style) or (_WHITE_LETTERS.search(style) and self._on_white(element)):
            return Sight.CONCEALED
        hidden = element.get("hidden") is not None or _NOT_SHOWN.search(style) is not None
        return Sight.NOT_SHOWN if hidden else Sight.SEEN

    def _of(self, element: Any) -> str:
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


def _plain(style: str) -> str:
    return re.sub(r"\s+", "", style).lower()
