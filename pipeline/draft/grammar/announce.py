"""Which policies an article reports: the announcement and its issuer, from the grammar of the lead.

Korean: SUBJECT은/는/이/가 … 「TITLE」을 발표/수립/마련; Chinese: SUBJECT印发《TITLE》; English: SUBJECT published its TITLE.
The subject must be a public authority; a firm's, university's or laboratory's act is no policy (guideline 1).
"""

from __future__ import annotations

import re

from pipeline.draft.grammar.authorities import OFFICIAL, authority_score, is_authority
from pipeline.draft.grammar.european import european_act
from pipeline.draft.grammar.headlines import headline_lead, is_ceremony, is_essay, reports_no_act, subtitle_lead
from pipeline.draft.grammar.issuers import headline_authority, issuers_of, notice_issuers
from pipeline.draft.grammar.korean_notices import korean_notice
from pipeline.draft.grammar.named import tells_of_earlier, title_in
from pipeline.draft.grammar.own_text import own_text, own_title
from pipeline.draft.grammar.saying import (
    DECIDED,
    ENGLISH_VERB,
    EVENT,
    GOAL,
    NO_NEWS,
    OBLIGES,
    PAST_STOCK,
    does,
    is_fact,
    verb_after,
)
from pipeline.draft.grammar.subjects import actor_of, subject_of
from pipeline.draft.grammar.titles import Quoted, find_quoted, title_letters
from pipeline.draft.grammar.view import Lead, View
from pipeline.draft.grammar.years import is_of_before
from pipeline.normalise import jurisdiction_of
from schemas.document import ArticleUnit
from schemas.vocabulary import DocumentType, UnitKind

# 现将《…》印发给你们: the notice that issues a document, whose heads or signatures say who issues it.
_NOTICE = re.compile(r"现(?:将|把)?[^。]{0,80}?(?:印发|发布|下发)|(?:审议|会议)[^。]{0,6}通过[^。]{0,12}印发")

_FIRST = 12
"""Units among which the first sentence of a news item stands."""


def find_leads(view: View) -> list[Lead]:
    """The acts that the article reports: usually one or none, several on a page that lists policies."""
    own = european_act(view) or korean_notice(view)
    if own is not None or is_ceremony(view):
        return [own] if own is not None else []
    headline = headline_lead(view)
    candidates = _candidates(view)
    leads = [lead for u in candidates if (lead := _body_lead(view, u)) is not None]
    named = [lead for lead in leads if lead.title is not None and lead.score >= 2]
    if not named and headline is None:  # a plan's own text tells of itself under its first headings
        tried = {u.unit.index for u in candidates}
        further = (_body_lead(view, u) for u in _outside(view)[:40] if u.unit.index not in tried)
        named = [lead for lead in further if lead is not None and lead.title is not None and lead.score >= 3]
    if named:
        return _distinct(view, named)
    if headline is not None and headline.title is not None and headline.score >= 2:
        return [_place(view, headline)]
    subtitle = subtitle_lead(view)
    if subtitle is not None:
        return [subtitle]
    unnamed = [lead for lead in leads if lead.title is None and lead.score >= 2]
    if unnamed and not reports_no_act(view):
        return [max(unnamed, key=lambda lead: lead.score)]
    told = None if is_essay(view) else own_text(view)
    return [told] if told is not None else []


def _candidates(view: View) -> list[ArticleUnit]:
    """Units that may report the act: sentences and outer bullets before or outside the numbered part."""
    outside = _outside(view)
    before = [u for u in outside if view.section_of(u) is None]
    return before if before and not view.article.prose else outside[:40]


def _outside(view: View) -> list[ArticleUnit]:
    """Sentences and bullets outside boxes and tables, the headline aside."""
    kinds = (UnitKind.BULLET, UnitKind.SENTENCE)
    body = (u for u in view.units if u.unit.kind in kinds and view.is_body(u) and u is not view.headline)
    return [u for u in body if view.box(u) is None and view.row(u) is None]


def _body_lead(view: View, u: ArticleUnit) -> Lead | None:
    words = view.words(u)
    title = title_in(words)
    if title is None:
        return _untitled_lead(view, u)
    if not verb_after(words, title[0].outer_end) or PAST_STOCK.within(words):
        return None
    lead = _named(view, u, title)
    subject = lead.subject
    lead.score = authority_score(words, *subject[1:]) if subject is not None else 1.5 * headline_authority(view)
    lead.score += 1 - 2 * _nested(view, u) - 2 * _older(words)
    if _NOTICE.search(words) and lead.score < 3:
        lead.issuers, lead.score = notice_issuers(view, u), 3.5
    else:
        lead.issuers = issuers_of(view, lead)
    return lead


def _named(view: View, u: ArticleUnit, title: tuple[Quoted, DocumentType] | None) -> Lead:
    """The announcement that a unit is, with its subject and its title."""
    subject = subject_of(view.words(u), title)
    lead = Lead(u, subject=(u, *subject) if subject is not None else None)
    if title is not None and not is_of_before(view, u, title[0].start, title[0].end):
        lead.title, lead.document_type = (u, title[0].start, title[0].end), title[1]
    return lead


def _untitled_lead(view: View, u: ArticleUnit) -> Lead | None:
    """What sets a goal, decides, obliges or lists: most units do none of it, and are not asked who acts in them."""
    words = view.words(u)
    goal, obliges, decides = (rule.within(words) for rule in (GOAL, OBLIGES, DECIDED))
    quoted, opens = bool(find_quoted(words)), _opens(view, u)
    if not (goal or obliges or decides or quoted or opens) or _nested(view, u):
        return None
    subject = subject_of(words, None)
    official = subject is not None and OFFICIAL.within(words[slice(*subject)])
    decided = decides and not official and not is_fact(words) and not EVENT.within(words)
    stated = (
        obliges
        or (decided and not NO_NEWS.within(words))
        or (opens and subject is not None and is_authority(words[slice(*subject)]) and does(words))
    )
    listed = quoted and not official and not NO_NEWS.within(words) and verb_after(words, subject[1] if subject else 0)
    if not (goal or stated or listed) or PAST_STOCK.within(words) or _older(words) or tells_of_earlier(words):
        return None
    lead = Lead(u, subject=(u, *subject) if subject is not None else None)
    lead.score = authority_score(words, *subject) if subject is not None else 0.0
    lead.score += max(0.6 * stated, 0.5 * goal, 0.2 * listed) - 1 * (lead.score < 2)
    lead.issuers = actor_of(words, u) or issuers_of(view, lead)
    return lead


def _opens(view: View, u: ArticleUnit) -> bool:
    """Whether the unit is the first sentence of a news item: it says what the item is about."""
    if view.position(u) >= _FIRST:
        return False
    body = [
        v for v in view.units[:_FIRST] if v.unit.kind in (UnitKind.SENTENCE, UnitKind.BULLET) and v is not view.headline
    ]
    if view.article.kind == "whole":  # furniture may stand above
        return u in body[:5] and ENGLISH_VERB.within(view.words(u))
    return body[:1] == [u]


def _nested(view: View, u: ArticleUnit) -> bool:
    """A bullet under another one explains it; a lone lead line (■) or one of the first lines without a subject does not
    count."""
    above = view.parent(u)
    if above is None or above.unit.kind is not UnitKind.BULLET or re.search(r"[■◆▣□]", above.unit.marker) is not None:
        return False
    return view.position(above) >= 4 or subject_of(view.words(above), None) is not None


def _older(words: str) -> bool:
    """A unit that opens with a year (`'21년 12월에`, `'19년 2월 국무원은`) tells what came before."""
    return re.match(r"\s*['’‘]\d{2}년|\s*(?:19|20)\d{2}년\s(?!\d{1,2}월\s\d{1,2}일)", words) is not None


def _place(view: View, headline: Lead) -> Lead:
    """The body's own announcement of the headline's policy, if some unit repeats half of the title's words."""
    home = jurisdiction_of(view.said(headline.subject)) if headline.subject else None
    wanted = set(re.findall(r"\w{2,}", view.said(headline.title))) if headline.title else set()
    for u in _candidates(view):
        if _nested(view, u) or re.search(r"[■◆▣]", u.unit.marker):
            continue
        words = view.words(u)
        subject = subject_of(words, None)
        if subject is None or authority_score(words, *subject) < 1 or _older(words):
            continue
        place = jurisdiction_of(words[subject[0] : subject[1]])
        if home is not None and "-" in home and place is not None and place != home:
            continue  # 중국은 … in an item about 베이징 tells what the country does
        shared = sum(w in words for w in wanted)
        headline.unit = u if shared * 2 >= len(wanted) else headline.unit
        headline.subject = (u, *subject)
        headline.issuers = issuers_of(view, headline)
        break
    return headline


def _distinct(view: View, named: list[Lead]) -> list[Lead]:
    """The first of each title, in text order; repeated titles are the same policy."""
    first = {title_letters(view, lead): lead for lead in reversed(named)}
    return [lead for lead in named if first[title_letters(view, lead)] is lead]


def lead_at(view: View, u: ArticleUnit, known: list[Lead]) -> Lead:
    """The announcement that a unit is: its title, its subject and who issues, by grammar.

    `known`: what the grammar finds in the article by itself. Where the unit names no title, the one found
    elsewhere is taken, or the headline's.
    """
    own = own_title(view, u)
    if own is not None:
        return own
    lead = _named(view, u, title_in(view.words(u)))
    lead.issuers = issuers_of(view, lead)
    if lead.title is not None:
        lead.issuers = lead.issuers or next((k.issuers for k in known if k.issuers), [])
        return lead
    elsewhere = next((k for k in known if k.title is not None), None) or headline_lead(view)
    if elsewhere is not None and elsewhere.title is not None:
        lead.title, lead.document_type, lead.day = elsewhere.title, elsewhere.document_type, elsewhere.day
        lead.issuers = elsewhere.issuers or lead.issuers
    return lead
