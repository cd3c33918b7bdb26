"""What a web page says of itself and not of its item: by landmarks (HTML, WAI-ARIA) and by what is nothing but links.

The words stay in the text; only the lines are told, so that nothing is taken from them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_LANDMARKS = frozenset(
    ["navigation", "contentinfo", "complementary", "search", "dialog", "alertdialog", "menu", "menubar", "toolbar",
     "tablist"]
)  # fmt: skip
"""Roles of parts of a page that stand beside its content."""
_WITHIN = ("article", "main", "section")
"""A foot or an aside in one of these is the item's."""
_LISTS = frozenset(["ul", "ol", "dl", "div", "section", "form"])
_INLINE = frozenset(["a", "b", "strong", "em", "i", "u", "span", "font", "small"])
_FEWEST = 3
"""Links that are a list of them."""
_MOSTLY = 0.5
"""Share of a block's signs that stand in links: dates and counts stand beside titles."""
_BESIDE = 20
"""Signs of one piece of text that is no link, at most; what is longer says something."""
_OWN = 200
"""Signs outside of such lists that a page with an item of its own has; one that has less is itself a list of links."""


@dataclass
class _Counts:
    signs: int = 0
    """Without white space."""
    linked: int = 0
    """Those of them that stand in links."""
    links: int = 0
    longest: int = 0
    """Signs of the longest piece of text that stands in no link."""
    sentence: bool = False
    """Letters stand on one line with a link: its words are part of what they say."""


def furniture_of(root: Any) -> set[Any]:
    """The outermost elements that are furniture."""
    landmarks = {element for element in root.iter() if _is_landmark(element)}
    counts = _count(root)
    lists = set(_outermost(root, counts))
    own = counts[root].signs - sum(counts[element].signs for element in lists)
    return landmarks | lists if own >= _OWN else landmarks


def _is_landmark(element: Any) -> bool:
    if not isinstance(element.tag, str):
        return False
    if (element.get("role") or "").strip().lower() in _LANDMARKS:
        return True
    return element.tag in ("footer", "aside") and not any(True for _ in element.iterancestors(*_WITHIN))


def _outermost(element: Any, counts: dict[Any, _Counts]) -> Iterator[Any]:
    """The lists of links that stand in no other."""
    waiting = [element]
    while waiting:
        element = waiting.pop()
        count = counts[element]
        mostly = count.links >= _FEWEST and count.linked >= _MOSTLY * count.signs
        if mostly and element.tag in _LISTS and count.longest <= _BESIDE and not count.sentence:
            yield element
        else:
            waiting.extend(element)


def _count(root: Any) -> dict[Any, _Counts]:
    """The counts of every element, from the innermost outwards."""
    counts: dict[Any, _Counts] = {}
    for element in reversed(list(root.iter())):
        count = counts[element] = _Counts()
        if not isinstance(element.tag, str) or element.tag in ("script", "style"):
            continue
        pieces = ["".join((piece or "").split()) for piece in (element.text, *(child.tail for child in element))]
        count.signs, count.longest = sum(map(len, pieces)), max(map(len, pieces))
        beside = any(counts[child].links and child.tag in _INLINE for child in element)
        count.sentence = beside and any(sign.isalpha() for piece in pieces for sign in piece)
        for inner in (counts[child] for child in element):
            count.signs, count.linked, count.links = (
                count.signs + inner.signs, count.linked + inner.linked, count.links + inner.links
            )  # fmt: skip
            count.longest, count.sentence = max(count.longest, inner.longest), count.sentence or inner.sentence
        if element.tag == "a" and element.get("href") is not None and count.signs:
            counts[element] = _Counts(count.signs, count.signs, 1)
    return counts
