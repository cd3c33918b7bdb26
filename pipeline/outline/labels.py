"""Labels: the words in brackets that a unit opens with and that name it (`(인력 양성) …`, `[기반] …`, `【目标】…`)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from schemas.document import Unit

_OPENING = "（(【["
_LABEL = re.compile(
    r"\s*[（(【\[]\s*+(?P<label>[^()（）【】\[\]]{1,30}?)\s*+[)）】\]](?:\*\*)?"
    # What follows is the labelled text; with a particle behind it the bracket is part of a phrase: `(주)은`.
    r"(?:(?=[\s,]|[가-힣A-Za-z'‘“\u4e00-\u9fff])(?![은는이가을를의])|$)"
)


def find_label(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Offsets of the label's words in `text[start:end]`, brackets left out; None where it opens with none."""
    if start >= end or text[start] not in _OPENING:
        return None
    match = _LABEL.match(text, start, end)
    return match.span("label") if match is not None else None


def with_labels(text: str, units: Iterable[Unit]) -> Iterator[Unit]:
    """The units, each with the label it opens with."""
    for unit in units:
        label = find_label(text, unit.start, unit.end)
        yield unit if label is None else unit.model_copy(update={"label": label})
