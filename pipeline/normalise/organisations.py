"""Organisations named in a text: a table of spellings, and rules for the names that no table can hold.

Longest match first. A word of the table counts only as a whole word: 중국인, 재정부담, 선전하다 are none. Behind a
place stand its government (시 정부, 人民政府), departments (경제정보화국), districts (구, 县) and zones (고신구); they
take level and jurisdiction from it. A name that countries share (교육부, 상무부) goes to the country named before it,
else to `home`, else to the country that the text names most, else to China.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from pipeline.normalise.endings import (
    COUNTRY_BEFORE,
    COUNTRY_GOVERNMENT,
    COUNTRY_LEVELS,
    DEPARTMENT_RULE,
    DISTRICT,
    ENDINGS,
    GLOSS,
    GLOSSED_HEAD,
    GOVERNMENT,
    KINDS,
    NOT_DISTRICT,
    NOT_ZONE,
    OFFICE,
    SUFFIX,
    ZONE,
    ZONE_BODY,
)
from pipeline.normalise.hanja import fold
from pipeline.normalise.jurisdictions import find_place, is_code
from pipeline.normalise.mentions import Mention, Open, closes
from pipeline.normalise.names import Entry, Names, government, names
from pipeline.normalise.ruled import with_rules
from schemas.vocabulary import GovernmentLevel

WORD_BEFORE = re.compile(r"[가-힣]{2,10} $")
"""A word right before a body in the name of an organisation."""


def find_organisations(text: str, home: str | None = None) -> list[Mention]:
    """All organisations and places in text order, never overlapping.

    `home`: ISO code of the country whose bodies are meant where a name alone does not tell (`CN`, `KR`).
    """
    return _settle(_scanned(text), home)


@lru_cache(maxsize=1024)
def _scanned(text: str) -> Sequence[Open]:
    """All mentions, names that countries share still open; a name in a unit is asked for by several rules."""
    return _scan(fold(text))


@lru_cache(maxsize=1024)
def is_shared(name: str) -> bool:
    """Whether bodies of several countries are called so (교육부, 상무부, 外交部): the text tells which is meant."""
    return any(len(entries) > 1 for _, entries in _scan(fold(name), by_form=False))


def home_of(text: str) -> str | None:
    """The country that shared names in `text` belong to: of those that have such names, the one it names most.

    A text that names none is of the country whose script it is in: a Korean ministry says 외교부 and means its own.
    """
    named = _countries(_scan(fold(text), by_form=False))
    told = [country for country, _ in named.most_common() if country in names().sharing]
    if told:
        return told[0]
    hangul, han = len(_HANGUL.findall(text)), len(_HAN.findall(text))
    return None if hangul == han else "KR" if hangul > han else "CN"


_HANGUL, _HAN = re.compile("[가-힣]"), re.compile("[一-龥]")


def canonical(name: str, home: str | None = None) -> str | None:
    """The one English name of all spellings of a body or place; None for a role (정부, 当局) or an unknown name."""
    mention = _whole(name, home)
    return mention.canonical if mention else None


def level_of(name: str, home: str | None = None) -> GovernmentLevel | None:
    """Level of the body or place called `name`; None where neither table nor name tells."""
    mention = _whole(name, home)
    if mention and mention.level:
        return mention.level
    key = fold(name).strip()
    return None if key in names().roles else next((level for ending, level in ENDINGS if ending.search(key)), None)


def jurisdiction_of(name: str, home: str | None = None) -> str | None:
    """ISO 3166-1 or -2 code (or `EU`) of the body or place called `name`."""
    if len(name) in (2, 5, 6) and name.isascii() and name.isupper() and name != "UK" and is_code(name):
        return name
    mention = _whole(name, home)
    return mention.jurisdiction if mention else None


def _whole(name: str, home: str | None) -> Mention | None:
    """The mention that makes up `name`: the longest, and the last of equals, as heads stand last."""
    stripped = name.strip(" \t\n'\"‘’“”「」『』")
    if fold(stripped) in names().roles:
        return None
    found = find_organisations(stripped, home)
    whole = max(found, key=lambda m: (m.end - m.start, m.start), default=None)
    return None if whole and _of_another_country(stripped, whole) else whole


def _of_another_country(name: str, whole: Mention) -> bool:
    """Whether a place of another country stands before a body that is known by a common name: 인도 에너지부."""
    before = WORD_BEFORE.search(name, 0, whole.start)
    place = find_place(before.group().strip()) if before else None
    return place is not None and whole.jurisdiction is not None and place.code[:2] != whole.jurisdiction[:2]


# One scan; names that countries share stay open until the whole text is read.


def _scan(folded: str, by_form: bool = True) -> list[Open]:
    table = names()
    found: list[Open] = []
    last = 0
    for match in table.heads.finditer(folded):
        start = match.start()
        if start < last:
            continue
        lengths = table.by_head.get(folded[start : start + 3]) or table.by_head.get(folded[start : start + 2])
        hit = _hit(table, folded, start, last, lengths) if lengths else None
        if hit is None:
            continue
        last = hit[0].end
        if found:
            narrowed = _of_country(found[-1][0], hit, folded)
            if narrowed:
                found.pop()
                hit = narrowed
        found.append(hit)
    return with_rules(folded, found, by_form)


def _hit(table: Names, folded: str, start: int, last: int, lengths: tuple[int, ...]) -> Open | None:
    """The longest word of the table at `start` that is a whole word there."""
    if not _opens(folded, start, last):
        return None
    for length in lengths:
        end = start + length
        entries = table.entries.get(folded[start:end], ())
        if not entries or end > len(folded):
            continue
        if (
            "一" <= folded[start] <= "龥"
            and folded[end : end + 1] == ")"
            and folded[start - 1 : start] == "("
            and "가" <= folded[start - 2 : start - 1] <= "힣"
        ):
            return _glossed_place(table, folded, start, end, last)
        if entries[0].is_place:
            grown = _grow(table, folded, start, end, tuple(e for e in entries if e.is_place))
            if grown:
                return grown, ()
        else:
            entries = tuple(
                e for e in entries if not e.bound or folded[max(0, start - 3) : start].strip() in ("EU", "유럽")
            )
            if entries and closes(folded, end):
                return _mention(start, _with_gloss(folded, end), entries[0]), entries
    return None


def _glossed_place(table: Names, folded: str, start: int, end: int, last: int) -> Open | None:
    """`난사(南沙)`: a Korean spelling that the table lacks, explained by hanja that it has."""
    head = GLOSSED_HEAD.search(folded[max(last, start - 7) : start - 1])
    entries = tuple(e for e in table.entries.get(folded[start:end], ()) if e.is_place)
    if head is None or not entries:
        return None
    suffix = SUFFIX.match(folded, end + 1)
    close = suffix.end() if suffix else end + 1
    begin = start - 1 - len(head.group())
    return (replace(_mention(begin, close, entries[0])), ()) if closes(folded, close) else None


def _opens(folded: str, start: int, last: int) -> bool:
    """Whether a word may start here: no letter of its script before it, save a country's name or the mention before."""
    if start == 0 or start == last:
        return True
    letter, before = folded[start], folded[start - 1]
    if folded.startswith("中国家", start):
        return False
    if "가" <= letter <= "힣":
        return not "가" <= before <= "힣" or folded.endswith(COUNTRY_BEFORE, max(0, start - 3), start)
    return not (letter.isascii() and before.isascii() and before.isalnum())


def _with_gloss(folded: str, end: int) -> int:
    gloss = GLOSS.match(folded, end)
    return gloss.end() if gloss else end


def _mention(start: int, end: int, entry: Entry) -> Mention:
    return Mention(start, end, entry.canonical, entry.level, entry.jurisdiction, entry.is_place)


def _of_country(country: Mention, hit: Open, folded: str) -> Open | None:
    """The body of the country named right before it: 미국 상무부 is one organisation, and American."""
    mention, entries = hit
    if not country.is_place or country.level not in COUNTRY_LEVELS or folded[country.end : mention.start].strip():
        return None
    own = tuple(entry for entry in entries if entry.jurisdiction == country.jurisdiction)
    return (_mention(mention.start, mention.end, own[0]), own[:1]) if own else None


def _grow(table: Names, folded: str, start: int, end: int, entries: tuple[Entry, ...]) -> Mention | None:
    """A place with its suffix, hanja, government, department, district or zone."""
    entries, at = _placed(folded, end, entries)
    if not entries:
        return None
    place = _mention(start, at, entries[0])
    if len({entry.canonical for entry in entries}) > 1:
        place = replace(place, canonical=None, jurisdiction=(entries[0].jurisdiction or "")[:2] or None)
    if place.level in COUNTRY_LEVELS:
        return _country(folded, place)
    return _body(table, folded, at, place) or (place if closes(folded, at) else None)


def _placed(folded: str, end: int, entries: tuple[Entry, ...]) -> tuple[tuple[Entry, ...], int]:
    """The entries that suffix and hanja leave, and where the place's name ends."""
    gloss = GLOSS.match(folded, end)
    at = gloss.end() if gloss else end
    suffix = SUFFIX.match(folded, at) if entries[0].level not in COUNTRY_LEVELS else None
    if suffix and folded[at - 1] not in "市省区县구현":
        at = suffix.end()
    else:
        suffix = None
    if gloss is None and (gloss := GLOSS.match(folded, at)):
        at = gloss.end()
    hanja = find_place(gloss["hanja"]) if gloss else None
    if hanja:
        matching = tuple(e for e in entries if e.jurisdiction == hanja.code)
        return (matching or entries), at
    kept = tuple(
        e for e in entries if not e.bound or (suffix and _fits(suffix.group(), e)) or _like_place(folded, end, e)
    )
    return kept, at


def _fits(suffix: str, entry: Entry) -> bool:
    """성 and 省 make a province, 시 and 市 a city or municipality."""
    word = suffix.strip()
    if word in ("성", "省", "Province") or "자치구" in word or "自治区" in word:
        return entry.level is GovernmentLevel.PROVINCIAL
    return (
        entry.level is GovernmentLevel.PREFECTURE
        or "Municipality" in entry.canonical
        or (entry.jurisdiction or "")[:2] == "KR"
    )


_SHENZHEN = re.compile(
    r"(?:(?:은|는|의|에|에서|과|와|,|·|-)(?= ?[가-힣])(?!하)| (?:[가-힣]{1,4}(?:구|신구)|광명|첸하이|하이테크"
    r"|경제특구|과학|홍콩))"
)


def _like_place(folded: str, end: int, entry: Entry) -> bool:
    """선전 is both Shenzhen and propaganda: the city where it is a topic, or joined with other places."""
    return (
        entry.canonical.endswith(" of Shenzhen")
        and folded[end - 2 : end] == "선전"
        and _SHENZHEN.match(folded, end) is not None
    )


def _country(folded: str, place: Mention) -> Mention | None:
    found = COUNTRY_GOVERNMENT.match(folded, place.end)
    if found and place.level is GovernmentLevel.NATIONAL and closes(folded, found.end()):
        return replace(place, end=found.end(), canonical=f"Government of {place.canonical}", is_place=False)
    return place if closes(folded, place.end) else None


def _body(table: Names, folded: str, at: int, place: Mention) -> Mention | None:
    """What stands behind a place and belongs to it; None if it is only a place."""
    if place.level is GovernmentLevel.DEVELOPMENT_ZONE:
        found = ZONE_BODY.match(folded, at)
        return replace(place, end=found.end(), is_place=False) if found and closes(folded, found.end()) else None
    department = table.departments.match(folded, at)
    if department and (closes(folded, department.end())):
        name = table.department[department["name"]]
        return replace(place, end=_with_gloss(folded, department.end()), canonical=_of(name, place), is_place=False)
    found = GOVERNMENT.match(folded, at)
    if found and closes(folded, found.end()):
        return replace(place, end=found.end(), is_place=False)
    zone = ZONE.match(folded, at)
    if zone and closes(folded, zone.end()) and (zone["name"] not in NOT_ZONE or KINDS.match(zone["name"])):
        return _zone(zone, folded[place.start : at], place)
    district = DISTRICT.match(folded, at)
    if district and place.level is not GovernmentLevel.DISTRICT_COUNTY:
        grown = _district(table, folded, district, place)
        if grown:
            return grown
    for pattern in (DEPARTMENT_RULE, OFFICE):
        found = pattern.match(folded, at)
        if found and closes(folded, found.end()):
            return replace(place, end=found.end(), canonical=None, is_place=False)
    return None


def _of(name: str, place: Mention) -> str | None:
    return f"{name} of {place.canonical.split(' of ', 1)[-1]}" if place.canonical else None


def _zone(zone: re.Match[str], city: str, place: Mention) -> Mention:
    """`톈진 빈하이(滨海) 고신구`, `광저우 개발구`: known by its own name, by its hanja, or by its city's."""
    own, word = zone["name"] or "", zone["word"]
    spellings = (f"{own}{word}", f"{zone['hanja']}{word}", f"{city}{own}{word}".replace(" ", ""))
    found = (find_place(spelling) for spelling in spellings)
    known = next((k for k in found if k and k.level is GovernmentLevel.DEVELOPMENT_ZONE), None)
    name = government(known.name, known.level, known.code) if known else None
    return Mention(
        place.start, zone.end(), name, GovernmentLevel.DEVELOPMENT_ZONE, place.jurisdiction, zone["body"] is None
    )


def _district(table: Names, folded: str, district: re.Match[str], place: Mention) -> Mention | None:
    name, word = district["name"] or district["han"], district["word"] or district["hanword"]
    if not name or NOT_DISTRICT.match(name):
        return None
    end = district.end()
    known = find_place(name + word)
    canonical_name = government(known.name, GovernmentLevel.DISTRICT_COUNTY, known.code) if known else None
    mention = replace(place, end=end, canonical=canonical_name, level=GovernmentLevel.DISTRICT_COUNTY)
    ruled = GOVERNMENT.match(folded, end)
    if ruled and closes(folded, ruled.end()):
        return replace(mention, end=ruled.end(), is_place=False)
    return mention if closes(folded, end) else None


def _countries(found: Sequence[Open]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for mention, entries in found:
        if mention.jurisdiction and len(entries) < 2:
            counts[mention.jurisdiction[:2]] += 1
    return counts


def _settle(found: Sequence[Open], home: str | None) -> list[Mention]:
    """Names that countries share, given to the country named before, to `home`, or to the text's own."""
    settled: list[Mention] = []
    likely: str | None = None
    for mention, entries in found:
        if len(entries) > 1:
            if likely is None:
                counts = _countries(found)
                likely = home or (counts.most_common(1)[0][0] if counts else "CN")
            entry = next((e for e in entries if e.jurisdiction == likely), None)
            entry = entry or next((e for e in entries if e.jurisdiction == "CN"), entries[0])
            settled.append(_mention(mention.start, mention.end, entry))
        else:
            settled.append(mention)
    return settled
