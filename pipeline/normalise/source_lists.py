"""What heads a list of sources, and what names a source: the words stand alone (`출처`), or before a colon.

One truth for the outline (the kind of a line), split (items that name their own sources) and draft (what stands under
such a heading states nothing). `Sources of growth` and `출처 표시 의무화` are headings like any other.
"""

from __future__ import annotations

import re

_LISTS = (
    r"(?:참\s?고\s?자\s?료|참\s?고\s?문\s?헌|출\s?처|관련\s?자료|원문\s?출처|자료\s?출처|References?|Sources?|Bibliography"
    r"|参考资料|參考資料|参考文献|參考文獻|资料来源|資料來源)"
)
_HEADING = re.compile(
    rf"[\s#*<〈\[]{{0,12}}{_LISTS}(?:\s{{0,3}}(?:및|와|과|and|&|[·,/、])\s{{0,3}}(?:{_LISTS}|notes|주석|링크|links))?"
    r"(?:\s(?:목록|링크|list))?[\s>〉\]:：*]{0,12}$",
    re.IGNORECASE,
)
_NAMED = re.compile(
    rf"\s{{0,12}}[*※(（\[-]?\s{{0,3}}(?:{_LISTS}|원문|자료|来源|來源)(?=\s{{0,3}}(?:[:：>〉\])）|｜*]|$)|\s{{1,3}}(?:목록|링크|list|및)|\s?\d)",
    re.IGNORECASE,
)


def is_source_heading(words: str) -> bool:
    """Whether a line or heading, without its mark, is nothing but the head of a list of sources."""
    return _HEADING.match(words) is not None


def names_source(words: str) -> bool:
    """Whether a unit begins by naming its source (`출처: …`, `(자료) …`) or heads a list of them."""
    return _NAMED.match(words) is not None or is_source_heading(words)
