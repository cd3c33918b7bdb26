"""split: units become articles, one item of news or policy each, with unit ids counted from 1 within it.

A newsletter is cut at its item headings, where the items show that they are items (numbered `01`, `02`, or
each closing with its own sources); a single brief stays whole. Contents, summary pages and imprints become
articles of their own kind, so that nobody takes them for the body.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Sequence

from pipeline.normalise import dateline_end, find_organisations
from pipeline.normalise.source_lists import names_source
from schemas.document import Article, ArticleKind, ArticleUnit, Document, Unit
from schemas.vocabulary import UnitKind

_CONTENTS = re.compile(
    r"[\s\[【<〈〔◈■]*(?:contents|목\s*차|차\s*례|table of contents|目\s*[录錄次])[\s\]】>〉〕]*$", re.IGNORECASE
)
_SUMMARY = re.compile(
    r"\s*(?:요\s*약|핵심\s*요약|주요\s*요약|(?:executive )?summary|摘\s*要|요약문|금주의 요약)\s*$", re.IGNORECASE
)
_SHORT_NEWS = re.compile(r"단신|short news|in brief|briefs|简讯|快讯|뉴스\s*브리프|간추린", re.IGNORECASE)
_IMPRINT = re.compile(r"[|｜\s]*발\s*(?:행|간)\s*(?:일|처|인|기\s*관)")
_SECTION = ("roman", "chapter", "section", "article")
"""Families of marks that number the parts of one work, and never its items."""
_ENTRY_NUMBER = re.compile(
    r"^\W*(?:\d{0,2}[.)\]]?\s|[①-⑳❶-➓]|第[一二三四五六七八九十\d]{1,3}[章编篇部]\s*"
    r"|제?\s?\d{1,2}\s?[장편부]\s+|[ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ]\s?[.)]?\s*)"
)
"""The number of an entry of the contents: `3.`, `①`, `第二章`, `제1장`, `Ⅱ.`"""
_LEADERS = re.compile(r"(?<![\s·.…‥・ㆍ-])[\s·.…‥・ㆍ-]{3,}\d{1,3}\s*$|(?<!\s)\s+\d{1,3}\s*$")
"""Behind an entry of the contents: leaders and page number."""
_CONTACT = re.compile(
    r"\s*[(（\[]?(?:(?:for )?more information|contacts?\b|문의\s*[:：(]|[\w.+-]+@[\w.-]+\s*$|（[^）]{2,12}）\s*$)",
    re.IGNORECASE,
)
_SPLITTERS = (
    ("padded",), ("square",), ("box",), ("boxed",), ("hash#",), ("hash##",), ("hash###",), ("dot_number", "han_number"),
    ("plain", "references"),
)  # fmt: skip
"""Families of marks that may number the items of a newsletter, the likeliest first."""
_AFTER_SUMMARY = (*_SECTION, "padded", "square", "hash#", "hash##", "boxed", "dot_number", "han_number", "han")
"""Families of headings that open the body after a page of summary."""
_PAGE_OF_CONTENTS = 400
"""So many units before a heading, at most, its title is looked for among the lines of the contents."""
_HEADLINE = re.compile(r"(?P<who>[^,，.:：\n]{2,30})[,，]\s?[^\n]{8,90}(?<![.。:])(?:\n|$)")
"""A headline of news: who, a comma, what, on one line: `독일 정부, … 발표`."""
MIN_ITEM = 60
"""A shorter stretch (in characters) between two headings is no item."""


def split(
    document: Document, units: Sequence[Unit], issue_date: dt.date | None = None, issue_year: int | None = None
) -> tuple[Article, ...]:
    """The articles of a document, in text order; each unit stands in one of them; all carry when it was issued."""
    if not units:
        return ()
    kinds = _page_kinds(document.text, units)
    starts = _item_starts(document.text, units, kinds)
    parts = [units[first:last] for first, last in _ranges(units, kinds, starts)]
    if not starts:
        parts = _one_whole(parts, kinds)
    issued = (issue_date, issue_year)
    return tuple(
        _article(document, part, number, kinds[part[0].index], part[0].index in starts, bool(starts), issued)
        for number, part in enumerate(parts, 1)
    )


def _one_whole(parts: list[Sequence[Unit]], kinds: Sequence[ArticleKind]) -> list[Sequence[Unit]]:
    """A single brief stays one even where a page of contents or a summary stands between its cover and its body."""
    whole = [part for part in parts if kinds[part[0].index] == "whole"]
    if len(whole) < 2:
        return parts
    joined = [unit for part in whole for unit in part]
    return [joined if part is whole[0] else part for part in parts if part is whole[0] or part not in whole]


def _page_kinds(text: str, units: Sequence[Unit]) -> list[ArticleKind]:
    """For every unit, the kind of page it stands on."""
    kinds: list[ArticleKind] = []
    current: ArticleKind = "whole"
    entries = _contents_entries(text, units)
    for unit in units:
        words = text[unit.start : unit.end]
        heading = unit.kind is UnitKind.HEADING
        titled = heading or unit.kind in (UnitKind.BULLET, UnitKind.SENTENCE, UnitKind.BOX)
        if titled and _CONTENTS.match(words):
            current = "contents"
        elif titled and _SUMMARY.match(words):
            current = "summary"
        elif unit.kind in (UnitKind.FURNITURE, UnitKind.ROW) and _IMPRINT.match(words) and unit.start > len(text) * 0.6:
            current = "imprint"
        elif current in ("contents", "summary") and unit.start > entries.get(_key(words), len(text)):
            current = "whole"  # an entry of the contents comes again: the body begins
        elif heading and current in ("contents", "summary") and _ends_page(text, unit, units, current):
            current = "whole"
        kinds.append(current)
    return kinds


def _contents_entries(text: str, units: Sequence[Unit]) -> dict[str, int]:
    """Keys of the lines of the contents page, with where each ends."""
    heads = [u for u in units if _CONTENTS.match(text[u.start : u.end])]
    entries: dict[str, int] = {}
    if not heads:
        return entries
    start = heads[0].end
    for match in re.finditer(r"[^\n]+", text[start : start + 6000]):
        words = _LEADERS.sub("", match.group())
        key = _key(_ENTRY_NUMBER.sub("", words))
        if key in entries:
            break
        if len(key) >= (6 if re.search(r"[^\u4e00-\u9fff]", key) else 4):
            entries[key] = start + match.end()
    return entries


def _key(words: str) -> str:
    return re.sub(r"[\W_]+", "", words)


def _ends_page(text: str, heading: Unit, units: Sequence[Unit], page: ArticleKind) -> bool:
    """Whether a heading opens the body: a title seen in the contents comes again, or a section or item number does."""
    if page == "summary":
        return heading.family in _AFTER_SUMMARY
    if _SUMMARY.match(text[heading.start : heading.end]):
        return True
    earlier = [
        text[u.start : u.end]
        for u in units[max(0, heading.index - _PAGE_OF_CONTENTS) : heading.index]
        if u.kind in (UnitKind.HEADING, UnitKind.BULLET, UnitKind.SENTENCE)
    ]
    title = text[heading.start : heading.end]
    if _is_section(heading) and title in earlier:  # `Ⅰ. 중앙정부` once more
        return True
    if heading.family in ("padded", "roman") and heading.index + 1 < len(units):
        below = units[heading.index + 1 : heading.index + 6]
        return any(u.kind in (UnitKind.SENTENCE, UnitKind.NOTE) or len(text[u.start : u.end]) > 90 for u in below)
    return len(title) > 6 and any(title in other for other in earlier)


def _item_starts(text: str, units: Sequence[Unit], kinds: Sequence[ArticleKind]) -> set[int]:
    """Indexes of the headings at which items start; empty where the document is one item."""
    headings = [(u.index, u.family) for u in units if u.kind is UnitKind.HEADING and kinds[u.index] == "whole"]
    for names in _SPLITTERS:
        found = [index for index, own in headings if own in names]
        if "plain" in names and not _has_sections(units):
            found = [i for i in found if _opens_news(units, i)] if _is_digest(text, units, found) else []
            if len(found) >= 2 and len(items := _real_items(text, units, found)) >= 2:
                return {*items, *_rubrics(text, units, items[0])}
            continue
        if len(found) < 2:
            continue
        items = _real_items(text, units, found)
        if len(items) < 2:
            continue
        if (
            "padded" in names
            or _are_news(text, units, items)
            or _close_with_sources(text, units, kinds, items, links=names[0] in ("square", "box"))
        ):
            return set(items)
    if headlined := _headlined(text, units, kinds):
        return headlined
    listed = _listed_items(text, units, kinds)
    news = len(listed) >= 2 and (
        _are_news(text, units, listed) or _close_with_sources(text, units, kinds, listed, links=False)
    )
    return set(listed) if news else set()


def _headlined(text: str, units: Sequence[Unit], kinds: Sequence[ArticleKind]) -> set[int]:
    """Items whose headlines bear one mark (`◎ 미 상무부, … 지원`): most say who, then what; half name a body or place.

    A line of that mark opens an item where it reads so, or stands below an empty line. Bullets that follow each other
    line by line are the parts of one plan, however they read: most items stand below an empty line or a rubric.
    """
    marked: dict[tuple[str | None, str], list[int]] = {}
    for unit in units:
        if unit.kind not in (UnitKind.HEADING, UnitKind.BULLET) or kinds[unit.index] != "whole" or _is_section(unit):
            continue
        if unit.family != "dash":  # dashes mark what stands below something
            marked.setdefault(_mark(text, unit), []).append(unit.index)
    for found in marked.values():
        heads = [i for i in found if _headline(text, units[i]) or _below_blank(text, units[i])]
        items = _real_items(text, units, heads) if len(heads) > 2 else []
        named = [m for i in items if (m := _headline(text, units[i]))]
        known = sum(bool(find_organisations(m["who"])) for m in named)
        apart = sum(_stands_apart(text, units, i) for i in items)
        if len(named) >= 3 and min(len(named), apart) * 3 >= 2 * len(items) and known * 2 >= len(items):
            return set(items)
    return set()


def _headline(text: str, unit: Unit) -> re.Match[str] | None:
    return _HEADLINE.match(text, unit.start, unit.end)


def _mark(text: str, unit: Unit) -> tuple[str | None, str]:
    """The family of a unit's mark, and the sign printed before its words on their line; of a number none."""
    sign = text[text.rfind("\n", 0, unit.start) + 1 : unit.start].strip()[:1]
    return unit.family, "" if sign.isalnum() else sign


def _stands_apart(text: str, units: Sequence[Unit], i: int) -> bool:
    above = units[i - 1] if i else None
    rubric = above is not None and above.kind is UnitKind.HEADING and above.family == "plain"
    return rubric or _below_blank(text, units[i])


def _below_blank(text: str, unit: Unit) -> bool:
    line = text.rfind("\n", 0, unit.start)
    return line > 0 and not text[text.rfind("\n", 0, line) + 1 : line].strip()


def _listed_items(text: str, units: Sequence[Unit], kinds: Sequence[ArticleKind]) -> list[int]:
    """Units of the body that repeat an entry of the contents page: the items' own headlines."""
    entries = _contents_entries(text, units)
    if not entries:
        return []
    titles = (UnitKind.HEADING, UnitKind.BULLET, UnitKind.SENTENCE)
    sections = {u.index for u in units if _is_section(u)}
    return [
        u.index
        for u in units
        if u.kind in titles
        and kinds[u.index] == "whole"
        and u.index not in sections
        and u.start > entries.get(_key(text[u.start : u.end]), len(text))
    ]


def _is_digest(text: str, units: Sequence[Unit], found: list[int]) -> bool:
    """Whether several texts stand one after another: most headlines above running text have a news opening or close."""
    heads = [i for i in found if i + 1 < len(units) and units[i + 1].kind is UnitKind.SENTENCE]
    ends = [*heads[1:], len(units)][: len(heads)]
    marked = 0
    for i, end in zip(heads, ends, strict=True):
        opening, closing = units[i + 1], units[i + 1 : end][-3:]
        marked += bool(
            dateline_end(text, opening.start, opening.end) or any(_CONTACT.match(text, u.start, u.end) for u in closing)
        )
    return marked >= 2 and marked * 2 >= len(heads)


def _is_section(unit: Unit) -> bool:
    return unit.kind is UnitKind.HEADING and unit.family in _SECTION


def _rubrics(text: str, units: Sequence[Unit], first: int) -> list[int]:
    """Lines that head a column of short news (`■简讯`) below the first item: what follows is not the item's above."""
    marked = (u for u in units[first:] if u.kind in (UnitKind.HEADING, UnitKind.BULLET, UnitKind.SENTENCE))
    return [u.index for u in marked if _SHORT_NEWS.fullmatch(text[u.start : u.end].strip())]


def _opens_news(units: Sequence[Unit], i: int) -> bool:
    """Whether a heading is a headline: longer than a rubric, with running text right below."""
    long_enough = units[i].end - units[i].start >= 10
    return long_enough and i + 1 < len(units) and units[i + 1].kind in (UnitKind.SENTENCE, UnitKind.NOTE)


def _has_sections(units: Sequence[Unit]) -> bool:
    return sum(_is_section(u) for u in units) >= 2


def _real_items(text: str, units: Sequence[Unit], found: list[int]) -> list[int]:
    """Those of the headings that have a text of their own, and each title once (a running head repeats it)."""
    titles = Counter(text[units[i].start : units[i].end] for i in found)
    ends = [*found[1:], len(units)]
    return [
        i
        for i, end in zip(found, ends, strict=True)
        if titles[text[units[i].start : units[i].end]] == 1 and units[end - 1].end - units[i].end >= MIN_ITEM
    ]


def _are_news(text: str, units: Sequence[Unit], items: list[int]) -> bool:
    """Whether the headings read like headlines (`독일 정부, … 발표`) rather than chapters of one plan."""
    titles = [text[units[i].start : units[i].end] for i in items]
    named = [t for t in titles if re.match(r"[^,，]{0,28}?[가-힣\u4e00-\u9fff)][,，]\s\S", t) and len(t) > 12]
    return len(named) * 3 >= 2 * len(titles)


def _close_with_sources(
    text: str, units: Sequence[Unit], kinds: Sequence[ArticleKind], items: list[int], *, links: bool
) -> bool:
    """Whether most of the stretches name their own sources: then they are items and not chapters.

    A bare address counts only with `links`: chapters of one plan may end with a link of their own.
    """
    closing = 0
    for i, end in zip(items, [*items[1:], len(units)], strict=True):
        members = [u for u in units[i:end] if kinds[u.index] == "whole"]
        named = (names_source(text[u.start : u.end]) for u in (*members[:4], *members[-6:]))
        closing += any(named) or (links and any(u.kind is UnitKind.LINK for u in members[-6:]))
    return closing * 2 > len(items)


def _ranges(units: Sequence[Unit], kinds: Sequence[ArticleKind], starts: set[int]) -> list[tuple[int, int]]:
    """Unit index ranges of the articles; a section heading (`Ⅱ 정책동향`) closes the item before it."""
    cuts = [0]
    for i in range(1, len(units)):
        section = bool(starts) and _is_section(units[i]) and kinds[i] == "whole"
        if i in starts or kinds[i] != kinds[i - 1] or section:
            cuts.append(i)
    return list(zip(cuts, [*cuts[1:], len(units)], strict=True))


def _article(
    document: Document, members: Sequence[Unit], number: int, page: ArticleKind, is_item: bool, has_items: bool,
    issued: tuple[dt.date | None, int | None],
) -> Article:  # fmt: skip
    kind: ArticleKind = page
    if page == "whole" and has_items:
        kind = "section"
    if is_item:
        sections = " ".join(document.text[u.start : u.end] for u in members[:1])
        kind = "short_news" if _SHORT_NEWS.search(sections) or _is_short(members) else "item"
    return Article(
        document=document.name,
        number=number,
        kind=kind,
        start=members[0].start,
        end=max(u.end for u in members),
        units=_numbered(members),
        issue_date=issued[0],
        issue_year=issued[1],
        prose=_is_prose(members),
    )


def _is_short(members: Sequence[Unit]) -> bool:
    return members[-1].end - members[0].start < 900 and not any(u.kind is UnitKind.CELL for u in members)


def _is_prose(members: Sequence[Unit]) -> bool:
    """Sentences outweigh marked lines (by characters), notes and furniture left aside."""
    sentences = sum(u.end - u.start for u in members if u.kind is UnitKind.SENTENCE)
    marked = sum(u.end - u.start for u in members if u.kind in (UnitKind.BULLET, UnitKind.CELL))
    return sentences > 2 * marked


def _numbered(members: Sequence[Unit]) -> tuple[ArticleUnit, ...]:
    """Ids: 1, 2, 3 … for units, 5.1, 5.2 … for the clauses and marked items inside unit 5. Rows are not asked about."""
    ids: dict[int, str] = {}
    parts: Counter[int] = Counter()
    numbered, count = [], 0
    for unit in members:
        if unit.kind in (UnitKind.CLAUSE, UnitKind.ITEM) and unit.parent in ids:
            parts[unit.parent] += 1
            ids[unit.index] = f"{ids[unit.parent]}.{parts[unit.parent]}"
        else:
            count += 1
            ids[unit.index] = str(count)
        numbered.append(ArticleUnit(id=ids[unit.index], unit=unit))
    return tuple(numbered)
