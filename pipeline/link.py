"""link: policies of finished runs become families: the same policy seen in several documents.

Two records are one policy if their original titles agree, or if their titles agree in their normal form and
nothing speaks against it: not the issuers' country, not the kind of document, not dates months apart. Like
names are not enough: 「…과기혁신시스템 구축 방안」 and 「…발전계획」 of one city stay apart.
"""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
import re
from collections.abc import Sequence

from pipeline.normalise import fold
from schemas.document import Frozen
from schemas.records import Policy
from schemas.vocabulary import DocumentType

APART = 92
"""Days between two announcements from which they are two acts, however alike the titles."""
TITLE_SHARE = 0.75
"""Share of each title's words that must stand in the other."""
ISSUED_SHARE = 0.55
"""The same where issuer and day of announcement agree: then translations may differ more."""

_WRAPPER = re.compile(r"^.{2,24}?关于(?:印发)?|的通知$|印发$|[《》「」『』〈〉“”‘’\"']")
_YEARS = re.compile(r"[（(]?\s*['’‘]?(?:20)?\d{2}\s*[年년]?\s*[-~∼～–—]\s*['’‘]?(?:20)?\d{2}\s*[年년]?\s*[)）]?")
_KIND = {DocumentType.PLAN: "plan", DocumentType.ACTION_PLAN: "plan"}


class Member(Frozen):
    """A record of a family: which run, document and policy."""

    run: str
    document: str
    policy_id: str


class Family(Frozen):
    """The same policy in one or more documents. `title` is the one of its first member; null for an unnamed act."""

    id: str
    title: str | None
    title_original: str | None
    members: tuple[Member, ...]


def link(runs: Sequence[tuple[str, Sequence[Policy]]]) -> tuple[Family, ...]:
    """Families of the policies of several runs, each given with its name; every policy is in exactly one family."""
    records = [(run, policy) for run, policies in runs for policy in policies]
    groups: list[list[tuple[str, Policy]]] = []
    for record in sorted(records, key=lambda r: (r[1].document, r[1].announcement.start, r[0], r[1].id)):
        home = next((g for g in groups if any(same_policy(record[1], other) for _, other in g)), None)
        if home is None:
            groups.append([record])
        else:
            home.append(record)
    return tuple(_family(group) for group in groups)


def _family(group: list[tuple[str, Policy]]) -> Family:
    members = tuple(Member(run=run, document=p.document, policy_id=p.id) for run, p in group)
    first = group[0][1]
    original = next((p.title_original.text for _, p in group if p.title_original is not None), None)
    name = "|".join(sorted(f"{m.document}|{m.policy_id}" for m in members))
    return Family(
        id=hashlib.sha256(name.encode()).hexdigest()[:16],
        title=first.title.text if first.title else None,
        title_original=original,
        members=members,
    )


def same_policy(one: Policy, other: Policy) -> bool:
    """Whether two records report the same policy."""
    if one.id == other.id and one.document == other.document:
        return True
    # What speaks against it is looked at last: it is rarely asked then, and titles are taken apart only once.
    return _titles_agree(one, other) and not _speaks_against(one, other)


def _titles_agree(one: Policy, other: Policy) -> bool:
    if one.title is None or other.title is None:
        return False
    if one.title_original is not None and other.title_original is not None:
        return original_form(one.title_original.text) == original_form(other.title_original.text)
    share = _share(one.title.text, other.title.text)
    return (
        share >= TITLE_SHARE
        or (share >= ISSUED_SHARE and _issued_together(one, other))
        or title_form(one.title.text) == title_form(other.title.text)
    )


@functools.lru_cache(maxsize=50_000)
def original_form(title: str) -> str:
    """A Chinese title without its wrapper (关于印发…的通知), quotes, years and spaces, in simplified characters."""
    return re.sub(r"[\W_]+", "", _YEARS.sub("", _WRAPPER.sub("", fold(title))))


@functools.lru_cache(maxsize=50_000)
def title_form(title: str) -> str:
    """A title without years, quotes, spaces and punctuation."""
    return re.sub(r"[\W_]+", "", _YEARS.sub("", fold(title)))


def _speaks_against(one: Policy, other: Policy) -> bool:
    countries = {p.jurisdiction.split("-")[0] for p in (one, other) if p.jurisdiction}
    regions = {p.jurisdiction for p in (one, other) if p.jurisdiction and "-" in p.jurisdiction}
    kinds = {_KIND.get(p.document_type, str(p.document_type)) for p in (one, other)}
    return (
        len(countries) > 1 or len(regions) > 1 or len(kinds) > 1 or _far_apart(one, other) or _other_years(one, other)
    )


def _far_apart(one: Policy, other: Policy) -> bool:
    days = [d for p in (one, other) if (d := _day(p)) is not None]
    return len(days) == 2 and abs((days[0] - days[1]).days) > APART


def _other_years(one: Policy, other: Policy) -> bool:
    """Yearly plans and successive periods: 2023년 업무계획 is not 2024년 업무계획."""
    starts = {p.period_start for p in (one, other) if p.period_start is not None}
    return len(starts) > 1


def _day(policy: Policy) -> dt.date | None:
    value = policy.announced_on.value if policy.announced_on is not None else None
    return dt.date.fromisoformat(value) if value is not None and len(value) == 10 else None


def _issued_together(one: Policy, other: Policy) -> bool:
    names = [{o.canonical for o in p.issuers if o.canonical} for p in (one, other)]
    return bool(names[0] & names[1]) and _day(one) is not None and _day(one) == _day(other)


def _share(one: str, other: str) -> float:
    """The smaller of the two shares of words that stand in the other title."""
    a, b = _title_words(one), _title_words(other)
    return len(a & b) / max(len(a), len(b)) if a and b else 0.0


@functools.lru_cache(maxsize=50_000)
def _title_words(title: str) -> frozenset[str]:
    return frozenset(re.findall(r"[가-힣A-Za-z\u4e00-\u9fff]{2,}", _YEARS.sub("", fold(title))))
