"""What a news text opens with: the place, the paper, the reporter (`(서울=연합뉴스) ○○○ 기자 =`, `本报讯`)."""

from __future__ import annotations

import re

_CHINESE = r"(?:本报|新华社|中新社|人民网|央视网)[^，。\s]{0,16}?(?:讯|电)\s*(?:[（(][^（()）]{2,20}[)）])?"
_PLACE = r"[(（〔\[]?[^\s()（）=]{1,12}[=＝]\s?[^\s()（）]{2,10}(?:[)）]|\s)\s*(?:[가-힣]{2,4}\s?기자(?:\s?[=＝]|\s))?"
_REPORTER = r"[가-힣]{2,4}\s?(?:기자|특파원)\s?[=＝]"
_DAY = r"(?:\d{1,2}\s[A-Z][a-z]+(?:\s\d{4})?|[A-Z][a-z]+\.?\s\d{1,2}(?:,\s\d{4})?)"
_ENGLISH = rf"[A-Z][A-Za-z.,\s]{{2,30}}{_DAY}?\s?[—–]\s?(?=[A-Z])"
_DATELINE = re.compile(rf"\s*(?:{_CHINESE}|{_PLACE}|{_REPORTER}|{_ENGLISH})")


def dateline_end(text: str, start: int = 0, end: int | None = None) -> int | None:
    """Where the dateline that opens `text[start:end]` ends; None where none does.

    >>> dateline_end("本报讯 合肥市科技局宣布")
    4
    """
    found = _DATELINE.match(text, start, len(text) if end is None else end)
    return found.end() if found else None
