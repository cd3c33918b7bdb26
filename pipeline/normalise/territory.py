"""The place of several names, and the country that a text is about: only where all that it names agree."""

from __future__ import annotations

import re

from pipeline.normalise.head import read_head
from pipeline.normalise.mentions import Mention
from pipeline.normalise.organisations import find_organisations, jurisdiction_of

Territory = tuple[str, tuple[int, int]]
"""ISO code of a country (or `EU`), and the place in the text on which it rests."""

_ABOUT_ITSELF = re.compile(
    r"\d\s?호(?![가-힣])|브리프|동\s?향|뉴스레터|리포트|보고서|편집|발행|문의|담당자|첨부|[☎|│]"
    r"|\b(?:Vol|No|Issue|Newsletter|Weekly|Bulletin|Digest|Contacts?|Copyright)\b|第\s?\d+\s?期|周报|月报|简报",
    re.IGNORECASE,
)
_SOURCE = re.compile(
    r"[\s※*\-<(（\[【]{0,6}(?:출처|자료|원문|참고|来源|资料|Sources?|References?)(?![가-힣])", re.IGNORECASE
)
_EDGE = 3
"""Lines at either end that may tell who publishes; a publisher is no issuer (a Korean institute's brief on Germany)."""
_FEWEST = 2
"""One mention alone may be a comparison or a visit."""


def shared_place(names: list[str], home: str | None = None) -> str | None:
    """The most specific place among those of bodies, if they lie in one country (`CN`, `CN-BJ` → `CN-BJ`).

    `home`: the country whose body is meant by a name that several have.
    """
    places = [place for name in names if (place := jurisdiction_of(name, home)) is not None]
    countries = {place.split("-")[0] for place in places}
    if len(countries) != 1:
        return places[0] if places else None
    specific = sorted({place for place in places if "-" in place})
    return specific[0] if len(specific) == 1 else countries.pop()


def find_territory(text: str, start: int = 0, end: int | None = None) -> Territory | None:
    """The country of `text[start:end]` if every body and place that it names lies there; None if they disagree.

    It rests on who issues the document where its head has such a field (발문기관, 发文机构; that may name a province),
    else on the first body named, else on the first place. Mastheads, sources and contacts do not count, nor do
    names that countries share (교육부, 상무부).
    """
    lines = _lines(text, start, len(text) if end is None else end)
    named = [found for at, line in lines for found in _told(line, at)]
    countries = {code.split("-")[0] for _, code, _ in named}
    if len(countries) != 1 or len(named) < _FEWEST:
        return None
    country = countries.pop()
    for field in read_head(text):
        place = jurisdiction_of(text[field.start : field.end]) if field.kind == "issuer" else None
        if place is not None:
            return (place, (field.start, field.end)) if place.split("-")[0] == country else None
    _, _, span = min(named, key=lambda item: (item[0], item[2]))
    return country, span


def _lines(text: str, start: int, end: int) -> list[tuple[int, str]]:
    """The lines that speak of the matter, with where they begin."""
    lines, at = [], start
    for line in text[start:end].split("\n"):
        if line.strip():
            lines.append((at, line))
        at += len(line) + 1
    edges = {*range(_EDGE), *range(len(lines) - _EDGE, len(lines))}
    return [
        (at, line)
        for i, (at, line) in enumerate(lines)
        if not _SOURCE.match(line) and not (i in edges and _ABOUT_ITSELF.search(line))
    ]


def _told(line: str, at: int) -> list[tuple[bool, str, tuple[int, int]]]:
    """Whether it is a bare place, the code, and the place of each name in `line` that means one country by itself."""
    by_home = [find_organisations(line, home) for home in ("CN", "KR", "US")]
    others: list[set[Mention]] = [set(found) for found in by_home[1:]]
    sure = [m for m in by_home[0] if m.jurisdiction and all(m in found for found in others)]
    return [(m.is_place, m.jurisdiction or "", (at + m.start, at + m.end)) for m in sure]
