"""What units are for, where the layout tells: lists of sources, boxes of background, brackets of responsible bodies."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.normalise.source_lists import is_source_heading
from schemas.document import Unit, UnitRole
from schemas.vocabulary import UnitKind

_PROFILE = re.compile(r"※\s*참고|참고\s*[:：]|개요|profile|용어|开放|box", re.IGNORECASE)

_CASE = re.compile(r"(?:경우|행위|게시물|글)(?:\s?등)?[.;]?$")
"""How an entry ends that is a case for a rule."""
_LEADS_ON = re.compile(
    r"(?:다음|아래)(?:과|와|의|에)?\s[^\n]{0,40}(?:글|댓글|게시물|게시글|의견|이용|작성)[^\n]{0,60}$"
)
"""A sentence about what visitors write that leads to a list."""
_FEWEST_CASES = 3
_ELSEWHERE = re.compile(
    r"\W*(?:관련\s?(?:기사|뉴스|글|게시물|보도)|(?:많이|가장\s?많이)\s?본\s?(?:기사|뉴스|글)|(?:인기|추천|최신)\s?(?:기사|뉴스|글)"
    r"|相关(?:新闻|阅读|链接|文章|稿件)|related (?:articles?|news|posts?|stories|links))\W*",
    re.IGNORECASE,
)
"""The heading of a page's links to its other items."""
_TERM = re.compile(
    r"저작권|공공누리|자유롭게 이용|출처[를는]?\s?(?:반드시\s?)?(?:표기|표시|명시|밝)|무단\s?(?:전재|복제|배포)|쿠키|전재하여 제공"
    r"|版权|转载|未经[^\n]{0,12}(?:许可|授权|同意)|\bcookies?\b|copyright|all rights reserved|licen[cs]ed under|creative commons",
    re.IGNORECASE,
)
"""What terms of use speak of: rights, sources to be named, cookies."""
_THIS_PAGE = re.compile(
    r"공공누리|(?:이|본|당|저희)\s(?:누리집|홈페이지|사이트|웹사이트|페이지|기사|자료|게시물|저작물|콘텐츠)|(?:기사|자료|게시물|콘텐츠)[을를]?\s?(?:이용|전재)"
    r"|本(?:网站?|站|文|页面?)|版权所有|all rights reserved|creative commons"
    r"|\b(?:this|our) (?:web ?)?(?:site|page|article|material|content|work)",
    re.IGNORECASE,
)
_BESIDE_TERMS = (UnitKind.LINK, UnitKind.FURNITURE, UnitKind.CLAUSE, UnitKind.ITEM, UnitKind.BOX)
_LONGEST_TERM = 300
"""Characters of one sentence of them."""
_REACHED = re.compile(r"\b0\d{1,2}[-)‑][ ]?\d{3,4}-\d{4}\b|[\w.+-]{1,40}@[\w-]{1,40}\.\w{2,}|\b0\d{2,3}-\d{7,8}\b")
"""A telephone number or an address of mail."""
_WHO = re.compile(
    r"담당|책임자|문의|연락처|부서|[과국실팀단]장|주무관|사무관|서기관|연구관|联系人|联系电话|contact", re.IGNORECASE
)
_LONGEST_NAME = 14
"""What stands in longer cells (characters) beside a telephone number is no name of a body or a person."""


def with_roles(text: str, units: Sequence[Unit]) -> list[Unit]:
    """The units with their roles: a heading of sources or a box of background gives its own to what stands under it.

    A role that a unit has already (`header`, `duty`) stays.
    """
    heads: dict[int, UnitRole] = {}
    placed = []
    for unit in units:
        own = _own_role(text, unit)
        if own:
            heads[unit.index] = own
        role = own or next((heads[i] for i in reversed(unit.headings) if i in heads), "")
        placed.append(unit.model_copy(update={"role": role}) if role and not unit.role else unit)
    for unit in (*_house_rules(text, placed), *_contacts(text, placed), *_terms(text, placed)):
        placed[unit.index] = unit.model_copy(update={"role": "furniture"})
    return placed


def _house_rules(text: str, units: Sequence[Unit]) -> list[Unit]:
    """The rules of a board under an item: a page's last list, all of whose entries are cases, and what leads to it."""
    last = [u for u in units if u.kind not in (UnitKind.LINK, UnitKind.FURNITURE, UnitKind.CLAUSE, UnitKind.ITEM)]
    at = len(last)
    while at and _CASE.search(text, max(last[at - 1].start, last[at - 1].end - 30), last[at - 1].end):
        at -= 1
    if len(last) - at < _FEWEST_CASES or not at:
        return []
    lead = last[at - 1]
    return list(units[lead.index :]) if _LEADS_ON.search(text, lead.start, lead.end) else []


def _terms(text: str, units: Sequence[Unit]) -> list[Unit]:
    """Under what terms a page may be used: its last sentences, all of which say so, one of them of the page itself."""
    foot: list[Unit] = []
    for unit in reversed(units):
        said = unit.kind is UnitKind.SENTENCE and unit.end - unit.start <= _LONGEST_TERM
        if not (said and _TERM.search(text, unit.start, unit.end)) and unit.kind not in _BESIDE_TERMS:
            break
        foot.append(unit)
    if not any(_THIS_PAGE.search(text, unit.start, unit.end) for unit in foot):
        return []
    found = [unit for unit in foot if unit.kind is UnitKind.SENTENCE]
    parents = {unit.index for unit in found}
    return found + [unit for unit in units if unit.parent in parents]


def _contacts(text: str, units: Sequence[Unit]) -> list[Unit]:
    """Rows of a table that say whom to ask, with their cells: names, and how to reach them, and nothing else."""
    cells: dict[int, list[Unit]] = {}
    for unit in units:
        if unit.kind in (UnitKind.CELL, UnitKind.BULLET) and unit.parent is not None:
            cells.setdefault(unit.parent, []).append(unit)
    found: list[Unit] = []
    for row in (u for u in units if u.kind is UnitKind.ROW and _tells_how_to_reach(text, u)):
        inside = cells.get(row.index, [])
        short = all(c.end - c.start <= _LONGEST_NAME or _tells_how_to_reach(text, c) for c in inside)
        if short and _WHO.search(text, row.start, row.end):
            found += [row, *inside]
    return found


def _tells_how_to_reach(text: str, unit: Unit) -> bool:
    """Whether a telephone number or an address of mail stands in the unit; none does without its sign."""
    signed = text.find("-", unit.start, unit.end) >= 0 or text.find("@", unit.start, unit.end) >= 0
    return signed and _REACHED.search(text, unit.start, unit.end) is not None


def _own_role(text: str, unit: Unit) -> UnitRole:
    if unit.kind is UnitKind.HEADING and is_source_heading(text[unit.start : unit.end]):
        return "references"
    if unit.kind is UnitKind.HEADING and _ELSEWHERE.fullmatch(text, unit.start, unit.end):
        return "furniture"
    if unit.kind is UnitKind.BOX and ("※" in unit.marker or _PROFILE.search(text, unit.start, unit.end)):
        return "profile"
    return ""
