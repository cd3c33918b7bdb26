"""Headlines: those that name authority, title and act, and those that report no act."""

from __future__ import annotations

from pipeline.draft.authorities import authority_score
from pipeline.draft.issuers import HEAD_SUBJECT, issuers_of
from pipeline.draft.lead import Lead
from pipeline.draft.saying import ANNOUNCES, NO_NEWS
from pipeline.draft.titles import document_type, find_quoted
from pipeline.draft.view import View


def headline_lead(view: View) -> Lead | None:
    """`베이징, '로봇산업 … 행동계획' 수립`: the headline names authority, title and act."""
    head = view.headline
    if head is None:
        return None
    words = view.words(head)
    verbs = ANNOUNCES.starts(words)
    subject = HEAD_SUBJECT.match(words)
    if not verbs or subject is None:
        return None
    lead = Lead(head, subject=(head, *subject.span("subject")))
    lead.score = authority_score(words, *subject.span("subject"))
    start, end = subject.end(), verbs[-1]
    while end > start and words[end - 1].isspace():
        end -= 1
    whole = find_quoted(words[start:end])
    if len(whole) == 1 and whole[0].outer_start == 0 and whole[0].outer_end == end - start:
        start, end = start + 1, end - 1
    kind = document_type(words[start:end])
    if kind is None or NO_NEWS.within(words):
        return None
    lead.title, lead.document_type, lead.score = (head, start, end), kind, lead.score + 1
    lead.issuers = issuers_of(view, lead)
    return lead


def reports_no_act(view: View) -> bool:
    """Headlines that report a comparison, an event, statistics or a product are no policy's."""
    return view.headline is not None and NO_NEWS.within(view.words(view.headline))
