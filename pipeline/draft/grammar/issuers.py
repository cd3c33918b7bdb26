"""Who issues: the authorities of the subject, of a headline, of a notice's head or signature, of a cover."""

from __future__ import annotations

import re

from pipeline.draft.grammar.authorities import AUTHORITY, OFFICIAL, authority_score, named_end
from pipeline.draft.grammar.english_issuers import BODY
from pipeline.draft.grammar.rules import either
from pipeline.draft.grammar.subjects import subject_of
from pipeline.draft.grammar.view import Lead, Placed, View
from pipeline.normalise import find_organisations
from schemas.document import ArticleUnit
from schemas.vocabulary import UnitKind

_NAME, _LONG_NAME = 30, 40
"""The name of one body takes no more (characters); with its country or its office no more than that."""
_BEFORE = 12
"""So many units before a `시는` may name the city."""
_LIST = re.compile(r"[,，、·]|[와과]\s|및|등\s")
_BETWEEN = re.compile(r"\s*[、，,·]\s*|(?<=[局厅部委])会同|(?<=[부처청국원회시도군구성#])[와과]\s+|\s+및\s+")
_BETWEEN_HAN = re.compile(r"[、，,·\s]+|会同")
_BRACKETS = re.compile(r"[（(][^（()）]{0,200}[)）]")
_STATE = re.compile(r"\b(?:U\.S\.|US|UK|U\.K\.)\s$")
# ○○부는 9월 9일 △△부, □□청 등과 공동으로: who acts together with the subject.
_TOGETHER = re.compile(
    r"(?:은|는|이|가)\s(?:(?:지난\s)?\d{1,2}월\s?(?:\d{1,2}일\s?)?(?:\([^()]{1,2}\)\s?)?)?"
    r"(?P<who>(?!(?:관계|관련|유관))[^.「‘'“]{2,60}?)(?:\s등)?[와과]\s(?:함께|공동으로|합동으로)\s"
)
_OF_ITS_COUNTRY = re.compile(r"^(?:중국|한국)\s(?=[가-힣]{3,}[부국위청원]\b)")
# 회의에서 정부는, 환경부 산하 국립공원공단은: what stands before the name of who acts.
_AHEAD = re.compile(r"^.*(?:[가-힣](?:에서|에|[을를])|따라|통해|위해|산하|소속)\s+(?=[가-힣]{2,})")
HEAD_SUBJECT = re.compile(r"^\s*(?P<subject>[^,，'‘「『“\"]{2,40}?)(?:\s*등)?\s*[,，]\s*")


_LATIN_NAME = re.compile(r"[^\uac00-\ud7a3\u4e00-\u9fff]+$")
_ENDS_NO_BODY = re.compile(
    r"\b(?:Grants?|Roadmap|Plan|Strategy|Action|Targets|Commitments|Programme|Program|Bill|Expands?|Launch\w*|Announce\w*|of|for)$"
)
_SMALL = "with and of government ministry ministries council cabinet department commission state city authority agency"
_IN_SMALL_LETTERS = re.compile(rf"\b(?!(?:{either(_SMALL)})\b)[a-z]{{4,}}\b")
"""What no body's name in Latin letters ends in; and a word in small letters: `New EU rules for durable`."""


def may_be_body(view: View, lead: Lead, who: Placed) -> bool:
    """Whether a stretch may be the name of who issues: no cut quotation, no title of the policy, no half of a sentence."""
    name, (u, start, end) = view.said(who), who
    if name.count("《") != name.count("》") or name.count("「") != name.count("」"):
        return False
    if _LATIN_NAME.match(name) is None:
        return True
    titled = lead.title if lead.title is not None and lead.title[0] is u else (u, 0, 0)
    most = start < titled[2] and 2 * (min(end, titled[2]) - max(start, titled[1])) > titled[2] - titled[1]
    bare = re.sub(r"\s*\([^()]*\)?$", "", name)
    cut = _ENDS_NO_BODY.search(bare) is not None or _IN_SMALL_LETTERS.search(bare) is not None
    return (not most or BODY.within(name.title() if name.isupper() else name)) and not cut


def notice_issuers(view: View, notice: ArticleUnit) -> list[Placed]:
    """Who issues by a notice: the authorities of its head (`甲 乙关于印发…的通知`), else those that sign it."""
    at = view.position(notice)
    for u in reversed(view.units[:at]):
        about = re.match(r"([^《。]{2,80}?)关于", view.words(u))
        if about and not view.is_part(u):
            found = [m for m in find_organisations(about[1]) if m.level is not None]
            return [(u, m.start, m.end) for m in found] or [(u, *about.span(1))]
    for u in view.units[at + 1 : at + 8]:
        found = [m for m in find_organisations(view.words(u)) if m.level is not None]
        if found and len(view.words(u)) <= 60:
            return [(u, m.start, m.end) for m in found]
    return []


def issuers_of(view: View, lead: Lead) -> list[Placed]:
    """The organisations of the subject; a footnote that lists the ministries is expanded."""
    if lead.subject is None:
        head = view.headline
        match = HEAD_SUBJECT.match(view.words(head)) if head is not None else None
        if head is None or match is None:
            return []
        return organisations_in(view, head, *match.span("subject"))
    unit, start, end = lead.subject
    counted = re.search(r"\d\s?개\s?(?:정부\s?)?(?:부처|부문|기관)|等\s?\d+\s?部门", view.words(unit)) is not None
    listed = _footnote(view, unit) if counted else []
    return listed or _in_full(view, unit, start, end) or organisations_in(view, unit, start, end)


def _in_full(view: View, unit: ArticleUnit, start: int, end: int) -> list[Placed]:
    """`시는`, `도는`: the city or province that the units before name in full."""
    short = view.words(unit)[start:end].strip()
    if len(short) != 1 or short not in "시도군구省市":
        return []
    at = view.position(unit)
    for u in reversed(view.units[max(0, at - _BEFORE) : at]):
        words = view.words(u)
        head = HEAD_SUBJECT.match(words)
        for place in (subject_of(words, None), head.span("subject") if head is not None else None):
            named = _bodies(words, *_strip(words, *place)) if place is not None else []
            full = [(u, a, b) for a, b in named if b - a > 1 and words[a:b].endswith(short)]
            if full:
                return full[:1]
    return []


def _footnote(view: View, unit: ArticleUnit) -> list[Placed]:
    position = view.position(unit)
    for note in view.units[position + 1 : position + 4]:
        if note.unit.kind is UnitKind.NOTE:
            parts = re.finditer(r"[^,，、]+", view.words(note))
            spans = [(note, *_strip(view.words(note), *m.span())) for m in parts]
            named = [s for s in spans if 2 <= s[2] - s[1] <= 24 and not re.search(r"\d", view.said(s))]
            if len(named) >= 3:
                return named
    return []


def _strip(words: str, start: int, end: int) -> tuple[int, int]:
    while start < end and words[start].isspace():
        start += 1
    while end > start and (words[end - 1].isspace() or words[end - 1] in ".·"):
        end -= 1
    tail = re.search(r"(?<!\s)\s+등(?:\s*+\d+\s?개.*)?$", words[start:end])
    return start, start + tail.start() if tail else end


def organisations_in(view: View, unit: ArticleUnit, start: int, end: int) -> list[Placed]:
    """Named authorities in a subject; where the table knows none, the subject's own words."""
    words = view.words(unit)
    found = _bodies(words, *_strip(words, start, end))
    joint = _TOGETHER.match(words, end) if found else None
    found += _listed(words, *_strip(words, *joint.span("who")), least=1) if joint is not None else []
    return [(unit, a, a + named_end(words[a:b])) for a, b in found]


def _bodies(words: str, start: int, end: int) -> list[tuple[int, int]]:
    subject = words[start:end]
    found = [m for m in find_organisations(subject) if m.level is not None]
    listed = _listed(words, start, end)
    if len(listed) > len(found):
        return listed
    named = [m for m in found if not m.is_place or m.end == len(subject)]
    if not named and found and AUTHORITY.within(subject):
        found = []  # 브라질 농축산부: the country of a body that the table does not know
    if not found or (not _LIST.search(subject) and end - start <= _NAME and not OFFICIAL.within(subject)):
        cleaned = _AHEAD.sub("", _OF_ITS_COUNTRY.sub("", subject))
        ok = AUTHORITY.within(cleaned) or found
        return [(end - len(cleaned), end)] if ok and end - start <= _LONG_NAME else []
    if OFFICIAL.within(subject):
        found = found[:1]
    # no alias in brackets
    outside = [m for m in found if subject.count("(", 0, m.start) == subject.count(")", 0, m.start)]
    return [(start + _of_state(subject, m.start), start + m.end) for m in outside or found]


def _of_state(subject: str, start: int) -> int:
    """Where `U.S. Department of Energy` begins, of which the table knows the department."""
    state = _STATE.search(subject, 0, start)
    return state.start() if state is not None else start


def _listed(words: str, start: int, end: int, least: int = 2) -> list[tuple[int, int]]:
    """`甲局、乙部、丙委`, `○○부와 △△청`: the parts of a list of at least so many, if each is an authority by its own name."""
    subject = _BRACKETS.sub(lambda m: "#" * len(m.group()), words[start:end])
    parts, at = [], 0
    between = _BETWEEN if re.search(r"[가-힣A-Za-z]", subject) else _BETWEEN_HAN
    for found in between.finditer(subject):
        parts.append((start + at, start + found.start()))
        at = found.end()
    parts = [(a, b) for a, b in (*parts, (start + at, end)) if b > a]
    whole = all(AUTHORITY.within(re.sub(r"(?:等|和|与|및)$", "", words[a:b])) for a, b in parts)
    return parts if whole and len(parts) >= least else []


def imprint_issuer(view: View) -> list[Placed]:
    """The authority that signs a plan on its cover: alone on its line, near the title."""
    for u in view.units[:8]:
        words = view.words(u)
        for mention in find_organisations(words):
            if mention.level is not None and (mention.end - mention.start) * 3 >= len(words.strip()):
                return [(u, mention.start, mention.end)]
    return []


def headline_authority(view: View) -> bool:
    """Whether the headline opens with an authority: then what names nobody is its act."""
    head = view.headline
    match = HEAD_SUBJECT.match(view.words(head)) if head is not None else None
    return head is not None and match is not None and authority_score(view.words(head), *match.span("subject")) >= 2
